/*
 * magnifier: lines about windows
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
 * What is the user told of windows that are left out?
 *
 * A line for each window that comes to be left out, or no longer is, and as many as can be
 * read in a second; the others are counted. And a line for any window, when the user asks
 * what the rules see.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_TELL_H
#define AVDEVICE_MAGNIFIER_TELL_H

#include <stdint.h>

#include "libavutil/bprint.h"

#include "identity.h"
#include "log.h"
#include "match.h"
#include "sightings.h"

/** Lines about windows that come and go, in each second. */
#define MAGNIFIER_TELL_LINES 20

/** Zero is a good start, but for log, ids and match. */
typedef struct MagnifierTell {
    MagnifierLog        *log;        ///< where the lines go; may be NULL
    MagnifierIdentities *ids;
    MagnifierMatch      *match;
    uint64_t             matched;    ///< windows that came to be left out
    uint64_t             unknown;    ///< of them, because too little is known of them

    /* private */
    int      limited;                ///< see ff_magnifier_rt_tell_walked()
    uint64_t second;                 ///< in which the lines are counted
    int      lines, muted;
} MagnifierTell;

/**
 * Say that a window is left out from now on, or no longer, if there may be a line. Sets
 * told; may read the title anew.
 */
void ff_magnifier_rt_tell_window(MagnifierTell *tell, MagnifierWindow *win, int joined);

/**
 * A walk is complete, and its lines will follow: say what there were no lines for, when a
 * second has begun since.
 *
 * @param limited 0 at the start, where the whole list is wanted
 */
void ff_magnifier_rt_tell_walked(MagnifierTell *tell, int limited);

/** Say what there were no lines for, and begin to count anew; at the end, too. */
void ff_magnifier_rt_tell_rest(MagnifierTell *tell);

/**
 * Print a window as the rules see it, in one line: a rule that matches it and no other, where it
 * is, and why it is left out.
 *
 * @param seen what can be seen of it, NULL: nobody knows
 */
void ff_magnifier_rt_tell_print(MagnifierTell *tell, MagnifierWindow *win,
                                const MagnifierGuardWindow *seen, AVBPrint *bp);

#endif /* AVDEVICE_MAGNIFIER_TELL_H */
