/*
 * magnifier: hidden windows that are shown
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
 * Which windows that were hidden are on the screen now?
 *
 * Titles and owners matter of windows that can be seen, so it matters when a window is shown.
 * Windows tells that by an event, and the window is judged there and then. This is for a
 * window of which nothing is told, as it is under Wine 8. Most that are shown are raised
 * with it, and those are asked in the walk that finds them raised. All others are asked as
 * there is time for, in turn: on Windows it is expected to do for all of them each time, as
 * a look at a style is no system call there, which has not been measured; under Wine, where
 * it is a call of its server, some three get their turn in a walk.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_SHOWN_H
#define AVDEVICE_MAGNIFIER_SHOWN_H

#include "clock.h"
#include "identity.h"

typedef struct MagnifierShown {
    MagnifierIdentities *ids;   ///< the owner's; has the order of the walk
    /* private */
    int                  at;    ///< place in that order of who is next in turn
    MagnifierAllowance   turns; ///< the time for them
} MagnifierShown;

/**
 * Look whether windows that were hidden still are. Of one that is not, what comes with being
 * shown is read as well: the owner, and whether it is a popup.
 *
 * @param owners it matters of all windows, as they may have got an owner that is left out;
 *               0: only of those for which the title decides
 */
void ff_magnifier_rt_shown_look(MagnifierShown *shown, int owners);

#endif /* AVDEVICE_MAGNIFIER_SHOWN_H */
