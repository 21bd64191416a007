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
 * To read the screen may take as long as the display takes for a frame, so it is done beside:
 * the read that begins after a picture was captured is waited for in the next call, where that
 * picture is to leave; it stands before the picture that is captured then, too.
 *
 * Where they tell neither, exclude_proof says whether the frame may leave, and a new list has
 * to settle first.
 */

#include <string.h>

#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "guard_internal.h"

/** A new canary may be missing in so many control pictures before we go on. */
#define CONTROL_TRIES 4
/** The canary may be in so many pictures in a row before the list is doubted. */
#define EXPOSED_TRIES 8
/** And so if it does not read back as it was set. */
#define UNREAD_TRIES 3
/** Without proof, the time from one canary to the next grows up to so many times the first. */
#define REPROVE_GROWTH 32
/** A canary is covered everywhere if it is in so many places. */
#define PLACES 4

void ff_magnifier_guard_end_canaries(MagnifierGuard *g)
{
    if (g->prover.nb_canaries)
        g->ops->end_canary(g->opaque);
    g->prover.nb_canaries  = 0;
    g->prover.control      = 0;
    g->prover.reading      = 0;
    g->prover.seen         = 0;
    g->prover.unseen_since = 0;
    g->prover.trusted      = 0;
}

void ff_magnifier_guard_proof_forget(MagnifierGuard *g)
{
    ff_magnifier_guard_end_canaries(g);
    g->prover = (MagnifierGuardProver) { .fresh = 1, .unsettled = 1 };
}

void ff_magnifier_guard_incident(MagnifierGuard *g)
{
    g->prover.fresh     = 1;
    g->prover.unsettled = 1;
}

int64_t ff_magnifier_guard_pictures_from(const MagnifierGuard *g)
{
    const MagnifierGuardProver *p = &g->prover;

    return g->config.proof == MAGNIFIER_GUARD_PROOF_OFF ? p->settles_from
                                                        : FFMIN(p->settles_from, p->shown_at);
}

/* ---- is the canary on the screen? ---------------------------------------- */

static void begin_read(MagnifierGuard *g)
{
    g->prover.reading = 1;
    g->prover.read_at = g->ops->clock(g->opaque);
    g->ops->begin_read(g->opaque);
}

/** @param since clock from when on that was seen, or not */
static void set_seen(MagnifierGuard *g, int seen, int64_t since)
{
    g->prover.reading = 0;
    g->prover.seen    = seen;
    g->prover.seen_at = since;
    if (seen)
        g->prover.unseen_since = 0;
    else if (!g->prover.unseen_since)
        g->prover.unseen_since = g->ops->clock(g->opaque);
}

/** Where a read of before will do, the one under way is not waited for at once. */
static int are_seen(MagnifierGuard *g)
{
    MagnifierGuardProver *p = &g->prover;

    if (p->reading) {
        int64_t age = g->ops->clock(g->opaque) - p->seen_at;
        int ret = g->ops->end_read(g->opaque, !p->trusted || age >= 2 * g->config.read_us);

        if (ret != AVERROR(EAGAIN))
            set_seen(g, ret > 0, p->read_at);
    }
    return p->seen;
}

/** A picture shows all of them. That is as good as a read of the screen. */
static void pictured(MagnifierGuard *g)
{
    g->prover.control = 1;
    set_seen(g, 1, g->ops->clock(g->opaque));
}

/**
 * They were covered wherever they were tried: in AUTO they are left alone until something
 * has changed there.
 */
static int are_hopeless(MagnifierGuard *g)
{
    if (g->prover.places < PLACES)
        return 0;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO && !g->ops->may_be_seen(g->opaque))
        return 1;
    g->prover.places = 0;
    return 0;
}

/* ---- new canaries -------------------------------------------------------- */

/**
 * Without a proof, in AUTO, a canary is left for as long as there has been none: so the times
 * double.
 */
int ff_magnifier_guard_canaries_are_due(MagnifierGuard *g)
{
    MagnifierGuardProver *p = &g->prover;
    int64_t wait = g->config.reprove_us;

    if (p->fresh || p->waiting)
        return 1;
    if (p->control && !are_seen(g) &&
        g->ops->clock(g->opaque) - p->unseen_since >= g->config.show_us) {
        p->control  = 0; /* covered for good, it seems */
        p->no_proof = MAGNIFIER_GUARD_NO_PROOF_COVERED;
        if (++p->places < PLACES)
            return 1;
    }
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_OFF || p->control)
        return 0;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO && p->unproven_since)
        wait = av_clip64(p->shown_at - p->unproven_since, wait, REPROVE_GROWTH * wait);
    return g->ops->clock(g->opaque) - p->shown_at >= wait && !are_hopeless(g);
}

static void begin_canaries(MagnifierGuard *g)
{
    MagnifierGuardProver *p = &g->prover;
    int ret, nb = 0;

    /* The old ones go first: were they on the screen when their list is replaced, they would
     * be in the picture. */
    ff_magnifier_guard_end_canaries(g);
    p->fresh   = 0;
    p->waiting = 1;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_OFF)
        return;
    p->shown_at = g->ops->clock(g->opaque);
    if (!p->unproven_since)
        p->unproven_since = p->shown_at;
    if (are_hopeless(g))
        return;

    ret = g->ops->begin_canary(g->opaque, p->canaries, &nb);
    if (ret < 0) {
        p->canary_error = ret;
        p->no_proof     = MAGNIFIER_GUARD_NO_PROOF_NO_CANARY;
        return;
    }
    p->nb_canaries = av_clip(nb, 1, MAGNIFIER_GUARD_MAX_CANARIES);
}

/** A picture contradicts the list. @return how many in a row */
static int contradict(MagnifierGuardProver *p)
{
    p->run = p->run < 0 ? FFMAX(p->run, -INT_MAX + 1) - 1 : -1;
    return -p->run;
}

/**
 * The control picture does not show them. Are the pictures old, or is it too early, or are
 * they covered?
 */
static enum MagnifierGuardReason miss(MagnifierGuard *g)
{
    MagnifierGuardProver *p = &g->prover;
    int missed = contradict(p), was_read = p->reading;
    int early  = g->ops->clock(g->opaque) - p->shown_at < g->config.show_us;

    if (are_seen(g)) {
        p->no_proof = MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED;
        return early || missed < CONTROL_TRIES ? MAGNIFIER_GUARD_REASON_CANARY_LATE
                                               : MAGNIFIER_GUARD_REASON_NONE;
    }
    if (!was_read || early) {
        begin_read(g);
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    }
    p->no_proof = MAGNIFIER_GUARD_NO_PROOF_COVERED;
    if (++p->places >= PLACES || !p->unsettled)
        return MAGNIFIER_GUARD_REASON_NONE; /* one place at a time where pictures leave */
    begin_canaries(g);
    return MAGNIFIER_GUARD_REASON_CANARY_LATE;
}

/** Does a picture show the canaries, which are on no list yet? */
static enum MagnifierGuardReason take_control(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;
    void *frame = NULL;
    int exposed = 0, ret;

    /* Not even a picture that is thrown away at once is taken without a list. */
    if (!g->filter.valid && ff_magnifier_guard_list_set_bare(g))
        return MAGNIFIER_GUARD_REASON_NONE; /* guard.c's update_list() has it to deal with */
    ret = g->ops->capture(g->opaque, 1, &frame, &exposed);
    if (frame)
        g->ops->discard(g->opaque, frame);
    if (ret < 0) {
        report->error = ret;
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    }
    if (exposed != p->nb_canaries)
        return miss(g);
    pictured(g);
    p->run = FFMAX(p->run, 0);
    return MAGNIFIER_GUARD_REASON_NONE;
}

enum MagnifierGuardReason ff_magnifier_guard_new_canaries(MagnifierGuard *g,
                                                          MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (p->fresh || !p->waiting)
        begin_canaries(g);
    return p->nb_canaries ? take_control(g, report) : MAGNIFIER_GUARD_REASON_NONE;
}

void ff_magnifier_guard_use_canaries(MagnifierGuard *g)
{
    g->prover.waiting = 0;
    g->prover.trusted = 0;
}

void ff_magnifier_guard_listed(MagnifierGuard *g, int settle)
{
    if (settle) {
        g->prover.settles_from = g->ops->clock(g->opaque);
        g->prover.run          = 0;
    }
    g->prover.unsettled = 0;
}

/* ---- what a picture says -------------------------------------------------- */

void ff_magnifier_guard_before_picture(MagnifierGuard *g)
{
    g->prover.seen_before = are_seen(g);
}

void ff_magnifier_guard_after_picture(MagnifierGuard *g, int exposed)
{
    MagnifierGuardProver *p = &g->prover;

    if (!p->nb_canaries)
        return;
    if (exposed == p->nb_canaries)
        pictured(g);
    else if (p->control && !(p->trusted && g->ops->clock(g->opaque) - p->read_at < g->config.read_us))
        begin_read(g);
}

/**
 * The frame shows a canary. Late lists show this once or twice; then the same canary
 * vanishes, and has been seen in a picture, which is as good as a control. So the list stays,
 * until that has happened too often.
 */
static enum MagnifierGuardReason judge_exposed(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;
    int unread = g->filter.unread;

    if (contradict(p) < (unread ? UNREAD_TRIES : EXPOSED_TRIES))
        return MAGNIFIER_GUARD_REASON_CANARY_EXPOSED;
    p->run = 0;
    ff_magnifier_guard_incident(g);
    if (ff_magnifier_guard_list_ignored(g))
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
    return unread ? MAGNIFIER_GUARD_REASON_LIST_DIFFERS : MAGNIFIER_GUARD_REASON_LIST_IGNORED;
}

/** The list hides the canaries, so it is in force, at the length that it has. */
static void list_proven(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (!p->proven_ever || p->given_up)
        report->notices |= MAGNIFIER_GUARD_PROOF_FIRST;
    if (g->filter.unread)
        report->notices |= MAGNIFIER_GUARD_LIST_UNREAD;
    p->proven_ever    = 1;
    p->given_up       = 0;
    p->unproven_since = 0;
    p->places         = 0;
    p->trusted        = g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO && !g->filter.unread;
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
static enum MagnifierGuardReason judge_unproven(MagnifierGuard *g,
                                                const MagnifierGuardEvidence *evidence,
                                                MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;

    if (g->filter.unread) {
        ff_magnifier_guard_incident(g); /* set it once more */
        return MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
    }
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_STRICT)
        return MAGNIFIER_GUARD_REASON_UNPROVEN;
    if (g->config.proof == MAGNIFIER_GUARD_PROOF_AUTO) {
        reason = insist_on_proof(g, report);
        if (reason)
            return reason;
    }
    return evidence->settled ? MAGNIFIER_GUARD_REASON_NONE : MAGNIFIER_GUARD_REASON_SETTLING;
}

enum MagnifierGuardReason ff_magnifier_guard_judge(MagnifierGuard *g, int exposed,
                                                   MagnifierGuardEvidence *evidence,
                                                   MagnifierGuardReport *report)
{
    MagnifierGuardProver *p = &g->prover;

    if (g->config.proof != MAGNIFIER_GUARD_PROOF_OFF && exposed)
        return judge_exposed(g, report);
    p->run = p->run < 0 ? 1 : FFMIN(p->run + 1, g->config.settle_frames + 1);

    evidence->provable = p->nb_canaries && p->control && p->seen_before;
    /* when it was captured, not by now */
    evidence->settled  = g->next_places.time - p->settles_from >= g->config.settle_us &&
                         p->run > g->config.settle_frames;
    return evidence->provable ? MAGNIFIER_GUARD_REASON_NONE : judge_unproven(g, evidence, report);
}

enum MagnifierGuardReason ff_magnifier_guard_prove(MagnifierGuard *g,
                                                   const MagnifierGuardEvidence *evidence,
                                                   int *proven, MagnifierGuardReport *report)
{
    *proven = evidence->provable && are_seen(g);
    if (*proven)
        list_proven(g, report);
    else if (evidence->provable)
        return judge_unproven(g, evidence, report);
    return MAGNIFIER_GUARD_REASON_NONE; /* as judged before */
}
