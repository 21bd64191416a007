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

#include "reasons.h"

const char *ff_magnifier_guard_reason_text(enum MagnifierGuardReason reason)
{
    switch (reason) {
    case MAGNIFIER_GUARD_REASON_NONE:
        return "nothing is wrong with it";
    case MAGNIFIER_GUARD_REASON_NO_MEMORY:
        return "out of memory while looking at the windows";
    case MAGNIFIER_GUARD_REASON_EVENTS_LOST:
        return "window events were lost";
    case MAGNIFIER_GUARD_REASON_WALK_FAILED:
        return "the windows could not be enumerated";
    case MAGNIFIER_GUARD_REASON_EVENT:
        return "a window that is not on the exclusion list came, went or changed "
               "while it was taken";
    case MAGNIFIER_GUARD_REASON_NEW_WINDOW:
        return "a window to be excluded has just appeared";
    case MAGNIFIER_GUARD_REASON_WINDOW_SHOWN:
        return "a window to be excluded was shown before it could be listed";
    case MAGNIFIER_GUARD_REASON_WINDOW_MOVED:
        return "a window for which the exclusion list has no room is moving";
    case MAGNIFIER_GUARD_REASON_RECT_UNKNOWN:
        return "a window for which the exclusion list has no room is at an unknown place";
    case MAGNIFIER_GUARD_REASON_COOLDOWN:
        return "a window to be excluded may still be seen closing or moving";
    case MAGNIFIER_GUARD_REASON_LIST_REFUSED:
        return "MagSetWindowFilterList refused the exclusion list";
    case MAGNIFIER_GUARD_REASON_LIST_DIFFERS:
        return "MagGetWindowFilterList does not give back the list that was set";
    case MAGNIFIER_GUARD_REASON_LIST_IGNORED:
        return "the exclusion list is not applied: the canary stays in the picture";
    case MAGNIFIER_GUARD_REASON_CANARY_EXPOSED:
        return "it was composed without the exclusion list: it shows the canary";
    case MAGNIFIER_GUARD_REASON_CANARY_LATE:
        return "the new canary is not in the captured picture yet";
    case MAGNIFIER_GUARD_REASON_AWAITING_PROOF:
        return "the exclusion has not been proven yet";
    case MAGNIFIER_GUARD_REASON_UNPROVEN:
        return "there is no proof that the exclusion list was in force";
    case MAGNIFIER_GUARD_REASON_SETTLING:
        return "the exclusion list is too new to be trusted without proof";
    case MAGNIFIER_GUARD_REASON_PAINT_FAILED:
        return "a window for which the exclusion list has no room could not be "
               "painted over";
    case MAGNIFIER_GUARD_REASON_INVALIDATED:
        return "the capture was set up anew";
    case MAGNIFIER_GUARD_NB_REASONS:
        break;
    }
    return "of an unknown reason";
}

const char *ff_magnifier_guard_no_proof_text(enum MagnifierGuardNoProof why)
{
    switch (why) {
    case MAGNIFIER_GUARD_NO_PROOF_NONE:
        return "no reason is known";
    case MAGNIFIER_GUARD_NO_PROOF_NO_CANARY:
        return "the canary window could not be made";
    case MAGNIFIER_GUARD_NO_PROOF_COVERED:
        return "the canary window is covered, or cannot be seen on the screen";
    case MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED:
        return "the screen shows the canary window, but captured pictures do not";
    }
    return "no reason is known";
}
