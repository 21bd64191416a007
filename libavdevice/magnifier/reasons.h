/*
 * magnifier: reasons for holding frames back
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
 * Why did a frame not leave?
 *
 * Each reason that the guard and its rooms have for holding a frame back, and for going
 * on without a proof, with the words for it.
 */

#ifndef AVDEVICE_MAGNIFIER_REASONS_H
#define AVDEVICE_MAGNIFIER_REASONS_H

/** Why a frame did not leave. */
enum MagnifierGuardReason {
    MAGNIFIER_GUARD_REASON_NONE,
    MAGNIFIER_GUARD_REASON_NO_MEMORY,
    MAGNIFIER_GUARD_REASON_EVENTS_LOST,
    MAGNIFIER_GUARD_REASON_WALK_FAILED,
    MAGNIFIER_GUARD_REASON_EVENT,         ///< an event about a window not on the list
    MAGNIFIER_GUARD_REASON_NEW_WINDOW,    ///< a match that was not on the list
    MAGNIFIER_GUARD_REASON_WINDOW_SHOWN,  ///< a known one, not on the list
    MAGNIFIER_GUARD_REASON_WINDOW_MOVED,  ///< one that is painted over
    MAGNIFIER_GUARD_REASON_RECT_UNKNOWN,  ///< one that should be painted over
    MAGNIFIER_GUARD_REASON_COOLDOWN,      ///< animation of one not on the list
    MAGNIFIER_GUARD_REASON_LIST_REFUSED,
    MAGNIFIER_GUARD_REASON_LIST_DIFFERS,  ///< read back: not what was set
    MAGNIFIER_GUARD_REASON_LIST_IGNORED,  ///< the canary stays in the picture
    MAGNIFIER_GUARD_REASON_CANARY_EXPOSED,
    MAGNIFIER_GUARD_REASON_CANARY_LATE,   ///< not in the control picture
    MAGNIFIER_GUARD_REASON_AWAITING_PROOF,///< the first one
    MAGNIFIER_GUARD_REASON_UNPROVEN,
    MAGNIFIER_GUARD_REASON_SETTLING,
    MAGNIFIER_GUARD_REASON_PAINT_FAILED,
    MAGNIFIER_GUARD_REASON_INVALIDATED,   ///< ff_magnifier_guard_invalidate()
    MAGNIFIER_GUARD_NB_REASONS
};

/** Why AUTO goes on without a proof. */
enum MagnifierGuardNoProof {
    MAGNIFIER_GUARD_NO_PROOF_NONE,
    MAGNIFIER_GUARD_NO_PROOF_NO_CANARY,   ///< begin_canary failed
    MAGNIFIER_GUARD_NO_PROOF_COVERED,     ///< it is never seen on the screen
    MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED,///< on the screen, but in no captured picture
};

/** A clause that goes behind "frame held back: ". Never NULL. */
const char *ff_magnifier_guard_reason_text(enum MagnifierGuardReason reason);

/** A clause that goes behind "the exclusion cannot be proven: ". Never NULL. */
const char *ff_magnifier_guard_no_proof_text(enum MagnifierGuardNoProof why);

#endif /* AVDEVICE_MAGNIFIER_REASONS_H */
