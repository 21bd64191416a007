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
 */

#include "config.h"

#include <limits.h>
#include <stdint.h>

#include <windows.h>

#include "shown.h"

/* Microseconds of a walk that may go into asking those that are not asked for a reason. */
#define TURN_BUDGET 25

/** Does it matter whether it is shown? */
static int matters(const MagnifierWindow *win, int owners)
{
    return win->hidden && !win->why && (owners || win->needs_title);
}

/**
 * What is the reason to ask will not be seen again, so whether the owner matters now does not
 * count.
 */
static void rt_ask(MagnifierWindow *win)
{
    if (matters(win, 1))
        ff_magnifier_rt_window_read_hidden(win);
}

/**
 * Those that stand above a window now which they did not stand above the last time, and those
 * that are new. There is no limit here: when one is lowered, this is all that were below it.
 */
static void rt_ask_raised(MagnifierIdentities *ids)
{
    int lowest = INT_MAX, i;

    for (i = ids->nb_order; i--;) {
        MagnifierWindow *win = ids->order[i];

        if (win->place >= 0 && win->place < lowest)
            lowest = win->place;
        else
            rt_ask(win);
        win->place = i;
    }
}

/** The first of each kind cannot be raised any further. */
static void rt_ask_first(MagnifierIdentities *ids)
{
    int topmost = 0, i;

    for (i = 0; i < ids->nb_order; i++) {
        MagnifierWindow *win = ids->order[i];

        if (win->kind & MAGNIFIER_KIND_OURS || (win->topmost && topmost))
            continue;
        rt_ask(win);
        if (!win->topmost)
            break;
        topmost = 1;
    }
}

static void rt_ask_in_turn(MagnifierShown *shown, int owners)
{
    MagnifierIdentities *ids = shown->ids;
    int first = shown->at, i;

    if (!ff_magnifier_allowance_begin(&shown->turns, TURN_BUDGET))
        return;
    for (i = 0; i < ids->nb_order; i++) {
        int at = (first + i) % ids->nb_order;

        if (!matters(ids->order[at], owners))
            continue;
        ff_magnifier_rt_window_read_hidden(ids->order[at]);
        shown->at = at + 1;
        if (ff_magnifier_allowance_spent(&shown->turns))
            break;
    }
}

void ff_magnifier_rt_shown_look(MagnifierShown *shown, int owners)
{
    rt_ask_raised(shown->ids);
    rt_ask_first(shown->ids);
    rt_ask_in_turn(shown, owners);
}
