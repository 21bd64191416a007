/*
 * magnifier: the windows that are there
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
 * Which windows are there now, and is each still the one that we know?
 *
 * A walk takes the list of top-level windows (toplevel.h) and finds for each what
 * is known of it (identity.h). New ones are asked, and of the others as many are
 * looked at again as there is time for: first those to be heeded, then the rest in turn.
 *
 * The rules are asked between ff_magnifier_rt_roster_walk() and _purge(): a window that is
 * left out and not on the list is not given up for that while it lives, and what it has
 * become the child of is left out in its place.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_ROSTER_H
#define AVDEVICE_MAGNIFIER_ROSTER_H

#include <stdint.h>

#include <windows.h>

#include "clock.h"
#include "identity.h"
#include "tell.h"
#include "toplevel.h"

/** Zero is a good start, but for top.log, ids and tell. */
typedef struct MagnifierRoster {
    MagnifierIdentities *ids;         ///< gets the windows and their order
    MagnifierTell       *tell;        ///< hears of those that are gone
    MagnifierToplevel    top;
    uint64_t             reused;      ///< handles that meant another window than before
    uint64_t             turned;      ///< see ff_magnifier_rt_roster_note_turned()

    /* private */
    uint64_t walk;                    ///< number of the last one
    uint64_t audit_due;
    int      verify_at;               ///< place on the list
    MagnifierAllowance verify;        ///< the time for looks at known windows
    int      any_changed;             ///< there are windows with this flag
} MagnifierRoster;

/**
 * Find out which windows are there, topmost first, into the order of ids. May forget a window
 * whose handle is another one's now.
 *
 * @param thorough look again not only at those to be heeded, but at some others, in turn
 * @return 0; AVERROR(ENOMEM); another error when the list cannot be had completely, and the
 *         order means nothing
 */
int ff_magnifier_rt_roster_walk(MagnifierRoster *roster, int thorough);

/**
 * Forget windows that the last walk did not find, after the rules have been asked.
 *
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_roster_purge(MagnifierRoster *roster);

/**
 * Get what is known of a window, asking it if need be.
 *
 * @param      verify see whether one that is known is still the same, and what has changed
 * @param[out] result NULL when it is gone
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_roster_know(MagnifierRoster *roster, HWND hwnd, int verify,
                                MagnifierWindow **result);

/** An event told of a window: look at it in the next walk, before others. */
void ff_magnifier_rt_roster_heed(MagnifierRoster *roster, MagnifierWindow *win);

/**
 * A window matches. If it did not in a walk, it is in pictures that are out already, and is
 * counted, once.
 */
void ff_magnifier_rt_roster_note_turned(MagnifierRoster *roster, MagnifierWindow *win);

/** Free what the structure owns, which the windows are not. */
void ff_magnifier_rt_roster_free(MagnifierRoster *roster);

#endif /* AVDEVICE_MAGNIFIER_ROSTER_H */
