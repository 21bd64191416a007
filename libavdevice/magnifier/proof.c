/*
 * magnifier: proof by canaries
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

#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/macros.h"

#include "matches.h"
#include "proof.h"

/** A new canary may be missing in so many control pictures before we go on. */
#define CONTROL_TRIES 4
/** The canary may be in so many pictures in a row before the list is doubted. */
#define EXPOSED_TRIES 8
/** Without proof, new canaries are tried at intervals that double so often. */
#define REPROVE_DOUBLED 5

av_cold void ff_magnifier_proof_init(MagnifierProver *p,
                                     const MagnifierGuardOps *ops, void *opaque,
                                     const MagnifierGuardConfig *config)
{
    memset(p, 0, sizeof(*p));
    p->ops    = ops;
    p->opaque = opaque;
    p->config = config;
}

void ff_magnifier_proof_end_canaries(MagnifierProver *p)
{
    if (p->canaries.nb)
        p->ops->end_canary(p->opaque);
    p->canaries.nb = 0;
    p->seen        = 0;
    p->control     = 0;
}

void ff_magnifier_proof_forget(MagnifierProver *p)
{
    ff_magnifier_proof_end_canaries(p);
    p->reprove_tries = 0;
    p->control_tries = 0;
    p->exposed_run   = 0;
    p->proven_ever   = 0;
    p->given_up      = 0;
    p->deadline      = 0;
    p->no_proof      = MAGNIFIER_GUARD_NO_PROOF_NONE;
}

int ff_magnifier_proof_begin_slot(MagnifierProver *p, int64_t now)
{
    if (!p->deadline && !p->proven_ever)
        p->deadline = now + p->config->proof_wait_us;
    if (p->settle_until != MAGNIFIER_JUST_NOW)
        return 0;
    p->settle_until = now + p->config->settle_us;
    return 1;
}

static void begin_settling(MagnifierProver *p)
{
    p->settle_until    = MAGNIFIER_JUST_NOW;
    p->settle_captures = 0;
}

void ff_magnifier_proof_incident(MagnifierProver *p)
{
    p->fresh = 1;
    begin_settling(p);
}

int ff_magnifier_proof_is_due(const MagnifierProver *p, int64_t now)
{
    return p->fresh || (p->config->proof != MAGNIFIER_GUARD_PROOF_OFF && !p->control &&
                        now >= p->reprove_at);
}

/** @return 1: the screen shows the new canaries, so a picture has to */
static int show_canaries(MagnifierProver *p)
{
    int ret, nb = 0;

    ret = p->ops->begin_canary(p->opaque, p->canaries.handles, &nb);
    if (ret < 0) {
        p->canary_error = ret;
        p->no_proof     = MAGNIFIER_GUARD_NO_PROOF_NO_CANARY;
        return 0;
    }
    p->canaries.nb = FFMIN(FFMAX(nb, 1), MAGNIFIER_GUARD_MAX_CANARIES);
    p->seen        = ret == MAGNIFIER_GUARD_CANARY_SEEN;
    if (!p->seen)
        p->no_proof = MAGNIFIER_GUARD_NO_PROOF_COVERED;
    return p->seen;
}

int ff_magnifier_proof_begin_canaries(MagnifierProver *p, int64_t now)
{
    /* The old one goes first: were it on the screen when its list is replaced,
     * it would be in the picture. */
    ff_magnifier_proof_end_canaries(p);
    p->fresh       = 1;
    p->exposed_run = 0;
    p->reprove_at  = now + (p->config->reprove_us << p->reprove_tries);
    if (p->config->proof == MAGNIFIER_GUARD_PROOF_AUTO)
        p->reprove_tries += p->reprove_tries < REPROVE_DOUBLED;
    if (p->config->proof == MAGNIFIER_GUARD_PROOF_OFF)
        return 0;

    if (!show_canaries(p))
        return 0;
    if (!p->config->control) {
        p->control = 1;
        return 0;
    }
    return 1;
}

enum MagnifierGuardReason ff_magnifier_proof_judge_control(MagnifierProver *p, int ret,
                                                           const MagnifierGuardProof *proof,
                                                           MagnifierGuardReport *report)
{
    if (ret >= 0 && proof->exposed == p->canaries.nb) {
        p->control       = 1;
        p->control_tries = 0;
        return MAGNIFIER_GUARD_REASON_NONE;
    }
    if (ret < 0) {
        report->error = ret;
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    }
    if (++p->control_tries < CONTROL_TRIES)
        return MAGNIFIER_GUARD_REASON_CANARY_LATE;
    p->no_proof = MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED;
    return MAGNIFIER_GUARD_REASON_NONE;
}

void ff_magnifier_proof_listed(MagnifierProver *p, int settle)
{
    if (settle)
        begin_settling(p);
    p->fresh = 0;
}

void ff_magnifier_proof_captured(MagnifierProver *p)
{
    p->settle_captures += p->settle_captures <= p->config->settle_frames;
}

/**
 * The frame shows a canary. Late lists show this once or twice; then the same canary
 * vanishes, and has been seen in a picture, which is as good as a control. So the
 * version stays, until it has been too often.
 */
static enum MagnifierGuardReason judge_exposed(MagnifierProver *p, MagnifierFilterList *l,
                                               const MagnifierGuardProof *proof,
                                               MagnifierGuardReport *report)
{
    if (proof->exposed == p->canaries.nb)
        p->control = 1;
    if (++p->exposed_run < (l->cap.probing ? 2 : EXPOSED_TRIES))
        return MAGNIFIER_GUARD_REASON_CANARY_EXPOSED;
    p->exposed_run = 0;
    p->fresh       = 1;
    if (ff_magnifier_listcap_ignored(&l->cap, l->nb_entries, p->canaries.nb, l->nb_listed))
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
    return MAGNIFIER_GUARD_REASON_LIST_IGNORED;
}

/** The list hides the canaries, so it is in force, at the length that it has. */
static void list_proven(MagnifierProver *p, MagnifierFilterList *l,
                        MagnifierGuardReport *report)
{
    if (!p->proven_ever || p->given_up)
        report->notices |= MAGNIFIER_GUARD_PROOF_FIRST;
    p->reprove_tries = 0;
    p->proven_ever   = 1;
    p->given_up      = 0;
    p->deadline      = 0;
    if (ff_magnifier_listcap_proven(&l->cap, l->nb_entries))
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
}

/**
 * AUTO insists on a proof at start, and later where the canary is on the screen and
 * in no picture: then the pictures are old. Not for ever.
 * @return NONE: go on without
 */
static enum MagnifierGuardReason insist_on_proof(MagnifierProver *p, int64_t now,
                                                 MagnifierGuardReport *report)
{
    if (p->given_up || (p->proven_ever && !(p->seen && !p->control)))
        return MAGNIFIER_GUARD_REASON_NONE;
    if (!p->deadline)
        p->deadline = now + p->config->proof_wait_us;
    if (now < p->deadline)
        return p->proven_ever ? MAGNIFIER_GUARD_REASON_CANARY_LATE
                              : MAGNIFIER_GUARD_REASON_AWAITING_PROOF;
    p->given_up       = 1;
    report->notices  |= MAGNIFIER_GUARD_PROOF_NONE;
    report->no_proof  = p->no_proof ? p->no_proof
                                    : MAGNIFIER_GUARD_NO_PROOF_COVERED;
    if (p->no_proof == MAGNIFIER_GUARD_NO_PROOF_NO_CANARY)
        report->error = p->canary_error;
    return MAGNIFIER_GUARD_REASON_NONE;
}

/** The canaries say neither: may the frame leave without a proof? */
static enum MagnifierGuardReason judge_unproven(MagnifierProver *p, MagnifierFilterList *l,
                                                int64_t now, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;

    if (ff_magnifier_listcap_unproven(&l->cap, l->nb_entries)) {
        p->fresh = 1;
        return MAGNIFIER_GUARD_REASON_UNPROVEN;
    }
    if (p->config->proof == MAGNIFIER_GUARD_PROOF_STRICT)
        return MAGNIFIER_GUARD_REASON_UNPROVEN;
    if (p->config->proof == MAGNIFIER_GUARD_PROOF_AUTO) {
        reason = insist_on_proof(p, now, report);
        if (reason)
            return reason;
    }
    if (now < p->settle_until || p->settle_captures <= p->config->settle_frames)
        return MAGNIFIER_GUARD_REASON_SETTLING;
    return MAGNIFIER_GUARD_REASON_NONE;
}

enum MagnifierGuardReason ff_magnifier_proof_judge(MagnifierProver *p, MagnifierFilterList *l,
                                                   int64_t now,
                                                   const MagnifierGuardProof *proof,
                                                   int *proven, MagnifierGuardReport *report)
{
    *proven = 0;
    if (p->config->proof != MAGNIFIER_GUARD_PROOF_OFF && proof->exposed > 0)
        return judge_exposed(p, l, proof, report);
    p->exposed_run = 0;

    if (p->canaries.nb && proof->hidden == p->canaries.nb && p->control) {
        *proven = 1;
        list_proven(p, l, report);
        return MAGNIFIER_GUARD_REASON_NONE;
    }
    return judge_unproven(p, l, now, report);
}
