/*
 * magnifier: was this picture composed with the list?
 * Copyright (c) 2026 The ffmpeg-magnifier developers
 *
 * This file is part of FFmpeg.
 *
 * FFmpeg is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * FFmpeg is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with FFmpeg; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * Was this picture composed with the list?
 *
 * Canaries are windows of our own at the end of the list. A picture that shows one was not
 * composed with it; one that does not, while the screen does, was. As pictures may be older
 * than they should be, each list that has a new window on it, and each after an incident,
 * gets new canaries, which have to be seen in a picture first.
 *
 * Where they tell neither, exclude_proof says whether the frame may leave, and a new list has
 * to settle first.
 */

#include <string.h>

#include "libavutil/common.h"
#include "libavutil/macros.h"

#include "guard_internal.h"

/** A new canary may be missing in so many control pictures before we go on. */
#define CONTROL_TRIES 4
/** The canary may be in so many pictures in a row before the list is doubted. */
#define EXPOSED_TRIES 8
/** Without proof, the time from one canary to the next grows up to so many times the first. */
#define REPROVE_GROWTH 32

void ff_magnifier_guard_end_canaries(MagnifierGuard *g)
{
    if (g->prover.nb_canaries)
        g->ops->end_canary(g->opaque);
    g->prover.nb_canaries = 0;
    g->prover.seen        = 0;
    g->prover.control     = 0;
}

void ff_magnifier_guard_proof_forget(MagnifierGuard *g)
{
    ff_magnifier_guard_end_canaries(g);
    g->prover = (MagnifierGuardProver) { .fresh = 1 };
}

void ff_magnifier_guard_incident(MagnifierGuard *g)
{
    g->prover.fresh = 1;
}

int64_t ff_magnifier_guard_pictures_from(const MagnifierGuard *g)
{
    const MagnifierGuardProver *p = &g->prover;

    return g->config.proof == MAGNIFIER_GUARD_PROOF_OFF ? p->settles_from
                                                        : FFMIN(p->settles_from, p->shown_at);
}

/**
 * Without a proof, in AUTO, a canary is left for as long as there has been none: so the times
 * double.
 */
int ff_magnifier_guard_canaries_are_due(const MagnifierGuard *g)
{
    const MagnifierGuardProver *p = &g->prover;
    int64_t wait = g->config.reprove_us;

    if (p->fresh)
        return 1;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_OFF || p->control)
        return 0;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO && p->unproven_since)
        wait = av_clip64(p->shown_at - p->unproven_since, wait, REPROVE_GROWTH * wait);
    return g->ops->clock(g->opaque) - p->shown_at >= wait;
}

int ff_magnifier_guard_begin_canaries(MagnifierGuard *g)
{
    MagnifierGuardProver *p = &g->prover;
    int ret, nb = 0;

    /* The old ones go first: were they on the screen when their list is replaced, they would
     * be in the picture. */
    ff_magnifier_guard_end_canaries(g);
    p->fresh = 1;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_OFF)
        return 0;
    p->shown_at = g->ops->clock(g->opaque);
    if (!p->unproven_since)
        p->unproven_since = p->shown_at;

    ret = g->ops->begin_canary(g->opaque, p->canaries, &nb);
    if (ret < 0) {
        p->canary_error = ret;
        p->no_proof     = MAGNIFIER_GUARD_NO_PROOF_NO_CANARY;
        return 0;
    }
    p->nb_canaries = av_clip(nb, 1, MAGNIFIER_GUARD_MAX_CANARIES);
    p->seen        = ret == MAGNIFIER_GUARD_CANARY_SEEN;
    if (!p->seen)
        p->no_proof = MAGNIFIER_GUARD_NO_PROOF_COVERED;
    return p->seen;
}

/** A picture contradicts the list. @return how many in a row */
static int contradict(MagnifierGuardProver *p)
{
    p->run = p->run < 0 ? p->run - 1 : -1;
    return -p->run;
}

enum MagnifierGuardReason ff_magnifier_guard_take_control(MagnifierGuard *g,
                                                          MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;
    MagnifierGuardProof proof = { 0 };
    void *frame = NULL;
    int ret;

    /* Not even a picture that is thrown away at once is taken without a list. */
    if (!g->filter.valid && ff_magnifier_guard_list_set_bare(g))
        return MAGNIFIER_GUARD_REASON_NONE; /* guard.c's update_list() has it to deal with */
    ret = g->ops->capture(g->opaque, 1, &frame, &proof);
    if (frame)
        g->ops->discard(g->opaque, frame);
    if (ret < 0) {
        report->error = ret;
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    }
    if (proof.exposed == p->nb_canaries) {
        p->control = 1;
        p->run     = FFMAX(p->run, 0);
        return MAGNIFIER_GUARD_REASON_NONE;
    }
    if (contradict(p) < CONTROL_TRIES)
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    p->no_proof = MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED;
    return MAGNIFIER_GUARD_REASON_NONE;
}

void ff_magnifier_guard_listed(MagnifierGuard *g, int settle)
{
    if (settle) {
        g->prover.settles_from = g->ops->clock(g->opaque);
        g->prover.run          = 0;
    }
    g->prover.fresh = 0;
}

/**
 * The frame shows a canary. Late lists show this once or twice; then the same canary
 * vanishes, and has been seen in a picture, which is as good as a control. So the list stays,
 * until that has happened too often.
 */
static enum MagnifierGuardReason judge_exposed(MagnifierGuard *g, const MagnifierGuardProof *proof,
                                               MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (proof->exposed == p->nb_canaries)
        p->control = 1;
    if (contradict(p) < EXPOSED_TRIES)
        return MAGNIFIER_GUARD_REASON_CANARY_EXPOSED;
    p->run   = 0;
    p->fresh = 1;
    if (ff_magnifier_guard_list_ignored(g))
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
    return MAGNIFIER_GUARD_REASON_LIST_IGNORED;
}

/** The list hides the canaries, so it is in force, at the length that it has. */
static void list_proven(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (!p->proven_ever || p->given_up)
        report->notices |= MAGNIFIER_GUARD_PROOF_FIRST;
    p->proven_ever    = 1;
    p->given_up       = 0;
    p->unproven_since = 0;
    ff_magnifier_guard_list_proven(g);
}

/**
 * AUTO insists on a proof at start, and later where the canary is on the screen and in no
 * picture: then the pictures are old. Not for ever.
 * @return NONE: go on without
 */
static enum MagnifierGuardReason insist_on_proof(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (p->given_up || (p->proven_ever && !(p->seen && !p->control)))
        return MAGNIFIER_GUARD_REASON_NONE;
    if (g->ops->clock(g->opaque) - p->unproven_since < g->config.proof_wait_us)
        return p->proven_ever ? MAGNIFIER_GUARD_REASON_CANARY_LATE
                              : MAGNIFIER_GUARD_REASON_AWAITING_PROOF;
    p->given_up       = 1;
    report->notices  |= MAGNIFIER_GUARD_PROOF_NONE;
    report->no_proof  = p->no_proof ? p->no_proof : MAGNIFIER_GUARD_NO_PROOF_COVERED;
    if (p->no_proof == MAGNIFIER_GUARD_NO_PROOF_NO_CANARY)
        report->error = p->canary_error;
    return MAGNIFIER_GUARD_REASON_NONE;
}

/** The canaries say neither: may the frame leave without a proof? */
static enum MagnifierGuardReason judge_unproven(MagnifierGuard *g, MagnifierGuardReport *report)
{
    const MagnifierGuardProver *p = &g->prover;
    enum MagnifierGuardReason reason;

    if (g->config.proof == MAGNIFIER_GUARD_PROOF_STRICT)
        return MAGNIFIER_GUARD_REASON_UNPROVEN;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO) {
        reason = insist_on_proof(g, report);
        if (reason)
            return reason;
    }
    /* when it was captured, not by now */
    if (g->next_places.time - p->settles_from < g->config.settle_us ||
        p->run <= g->config.settle_frames)
        return MAGNIFIER_GUARD_REASON_SETTLING;
    return MAGNIFIER_GUARD_REASON_NONE;
}

enum MagnifierGuardReason ff_magnifier_guard_judge(MagnifierGuard *g,
                                                   const MagnifierGuardProof *proof, int *proven,
                                                   MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    *proven = 0;
    if (g->config.proof != MAGNIFIER_GUARD_PROOF_OFF && proof->exposed > 0)
        return judge_exposed(g, proof, report);
    p->run = p->run < 0 ? 1 : FFMIN(p->run + 1, g->config.settle_frames + 1);

    if (p->nb_canaries && proof->hidden == p->nb_canaries && p->control) {
        *proven = 1;
        list_proven(g, report);
        return MAGNIFIER_GUARD_REASON_NONE;
    }
    return judge_unproven(g, report);
}
