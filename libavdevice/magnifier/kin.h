/*
 * magnifier: windows that belong together
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
 * Does this window belong to one that is left out?
 *
 * By its owner, as a popup of the same thread, as the ghost of one that hangs, or because it
 * holds one as its child; window.h has the list. A ghost of which nobody knows
 * whose it is counts as well.
 *
 * Of a MagnifierWindow this sets owner, and why, rule and sticky where the rules did not, and
 * matched of its process. The rules themselves are not asked.
 *
 * Runtime's thread only, while there are rules.
 */

#ifndef AVDEVICE_MAGNIFIER_KIN_H
#define AVDEVICE_MAGNIFIER_KIN_H

#include <stdint.h>

#include <windows.h>

#include "clock.h"
#include "identity.h"

/** HungWindowFromGhostWindow() of user32.dll. */
typedef HWND (WINAPI *MagnifierHungFromGhost)(HWND ghost);

typedef struct MagnifierKin {
    /* private */
    MagnifierIdentities   *ids;             ///< the owner's
    MagnifierHungFromGhost hung_from_ghost; ///< NULL: there is none
    int                    other_at;        ///< place in the order of who is asked for its
                                            ///< owner next, of other programs' windows
    MagnifierAllowance     others;          ///< the time for them
} MagnifierKin;

/**
 * Make ready; there is nothing to close.
 *
 * @param ids the windows among which are those that belong together; must stay
 */
void ff_magnifier_rt_kin_open(MagnifierKin *kin, MagnifierIdentities *ids);

/**
 * Does it belong to a window that matches? Sets why.
 *
 * @return 1 if it does and did not match before
 */
int ff_magnifier_rt_kin_relate_one(const MagnifierKin *kin, MagnifierWindow *win);

/**
 * Spread matches over owners, popups and ghosts until nothing is added any more.
 *
 * @param walk  number of the walk that was completed just now
 * @param round number of the thorough walk: half of the windows on the screen are asked for
 *              their owners, in the next one the others; 0: none
 */
void ff_magnifier_rt_kin_relate(MagnifierKin *kin, uint64_t walk, uint64_t round);

/**
 * A window has become the child of another one, and is seen with that from now on: if it is
 * left out, so is the other, for life.
 */
void ff_magnifier_rt_kin_take_in(MagnifierWindow *holder, const MagnifierWindow *child);

#endif /* AVDEVICE_MAGNIFIER_KIN_H */
