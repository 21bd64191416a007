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

/**
 * @file
 * Was this picture composed with the list?
 *
 * Canaries are windows of our own at the end of the list. A picture that shows one was
 * not composed with it; one that does not, while the screen does, was. As pictures may be
 * older than they should be, each list that has a new window on it, and each after an
 * incident, gets new canaries, which are to be seen in a picture first.
 *
 * Where they tell neither, it is for exclude_proof to say whether the frame may leave,
 * and a new list has to settle first.
 */

#ifndef AVDEVICE_MAGNIFIER_PROOF_H
#define AVDEVICE_MAGNIFIER_PROOF_H

#include <stdint.h>

#include "filterlist.h"
#include "guard.h"
#include "reasons.h"

typedef struct MagnifierProver {
    const MagnifierGuardOps    *ops;
    void                       *opaque;
    const MagnifierGuardConfig *config;

    MagnifierCanaries canaries;
    int      seen;               ///< on the real screen, when they began
    int      control;            ///< a captured picture showed them
    int      control_tries;
    int      exposed_run;        ///< pictures in a row that showed one
    int      fresh;              ///< the next list needs new ones

    int      proven_ever;        ///< some picture was proven since the controls are these
    int      given_up;           ///< AUTO goes on without
    enum MagnifierGuardNoProof no_proof;
    int      canary_error;       ///< of begin_canary, with NO_CANARY
    int64_t  deadline;           ///< until when to insist on a proof; 0: not running
    int64_t  reprove_at;         ///< when to try new canaries for want of a proof, microseconds
    int      reprove_tries;      ///< how often that was done in a row

    int64_t  settle_until;       ///< or MAGNIFIER_JUST_NOW
    int      settle_captures;    ///< captures since it began
} MagnifierProver;

/**
 * Begin without canaries.
 * @param ops    kept by reference, as config is: begin_canary, end_canary
 * @param config proof, control, settle_us, settle_frames, proof_wait_us, reprove_us
 */
void ff_magnifier_proof_init(MagnifierProver *p,
                             const MagnifierGuardOps *ops, void *opaque,
                             const MagnifierGuardConfig *config);

/** Take the canaries from the screen, if there are any. */
void ff_magnifier_proof_end_canaries(MagnifierProver *p);

/** The controls are new: take the canaries away; the first proof is due again. */
void ff_magnifier_proof_forget(MagnifierProver *p);

/**
 * A slot begins: so do the periods that the last one had reason for.
 * @param now microseconds, as in all of these functions
 * @return 1: a list begins to settle
 */
int ff_magnifier_proof_begin_slot(MagnifierProver *p, int64_t now);

/** From now on only pictures count that are known to be younger than now. */
void ff_magnifier_proof_incident(MagnifierProver *p);

/** @return 1: the next list needs new canaries, and it is time for one */
int ff_magnifier_proof_is_due(const MagnifierProver *p, int64_t now);

/**
 * Show new canaries. They stay due until ff_magnifier_proof_listed().
 * @return 1: the screen shows them, so a picture has to, before they are on a list;
 *         0: go on, with or without proof
 */
int ff_magnifier_proof_begin_canaries(MagnifierProver *p, int64_t now);

/**
 * The control picture: does it show the canaries, which are on no list yet?
 * @param ret of the operation capture, as proof is
 * @return NONE: it does, or has been asked often enough
 */
enum MagnifierGuardReason ff_magnifier_proof_judge_control(MagnifierProver *p, int ret,
                                                           const MagnifierGuardProof *proof,
                                                           MagnifierGuardReport *report);

/**
 * A list with these canaries is in force.
 * @param settle without proof, it has to settle before it is believed
 */
void ff_magnifier_proof_listed(MagnifierProver *p, int settle);

/** A picture was captured. */
void ff_magnifier_proof_captured(MagnifierProver *p);

/**
 * What do the canaries say of the picture, and may it leave if they say nothing? What is
 * learnt of the length of the list is put down there.
 *
 * @param l      the list in force when it was captured
 * @param proof  of the operation capture
 * @param proven set when they prove it
 * @return NONE: it may leave
 */
enum MagnifierGuardReason ff_magnifier_proof_judge(MagnifierProver *p, MagnifierFilterList *l,
                                                   int64_t now,
                                                   const MagnifierGuardProof *proof,
                                                   int *proven, MagnifierGuardReport *report);

#endif /* AVDEVICE_MAGNIFIER_PROOF_H */
