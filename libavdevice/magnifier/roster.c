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
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"

#include <windows.h>

#include "clock.h"
#include "kin.h"
#include "roster.h"

/* Microseconds of a walk that may go into looking again at windows that are known, and
 * into comparing the list of windows with what FindWindowEx() says. What there is no time
 * for comes in the next walk. */
#define VERIFY_BUDGET  25
#define CHANGED_BUDGET 200
#define AUDIT_BUDGET   25

/* Milliseconds from audit to audit. */
#define AUDIT_PERIOD 20

/* Lists are taken anew at most this often while the audit finds windows missing. */
#define LIST_ATTEMPTS 10

static void rt_forget(MagnifierRoster *roster, MagnifierWindow *win)
{
    if (win->told)
        ff_magnifier_rt_tell_window(roster->tell, win, 0);
    ff_magnifier_rt_window_forget(roster->ids, win);
}

int ff_magnifier_rt_roster_know(MagnifierRoster *roster, HWND hwnd, int verify,
                                MagnifierWindow **result)
{
    MagnifierWindow *win = ff_magnifier_window_find(roster->ids, hwnd);

    if (win && (verify || win->suspect) && !ff_magnifier_rt_window_verify(roster->ids, win)) {
        roster->reused++;
        rt_forget(roster, win);
        win = NULL;
    }
    *result = win;
    return win ? 0 : ff_magnifier_rt_window_identify(roster->ids, hwnd, result);
}

void ff_magnifier_rt_roster_heed(MagnifierRoster *roster, MagnifierWindow *win)
{
    win->changed = roster->any_changed = 1;
}

void ff_magnifier_rt_roster_note_turned(MagnifierRoster *roster, MagnifierWindow *win)
{
    roster->turned += win->passed;
    win->overdue |= win->passed;
    win->passed   = 0;
}

/** Is the handle still the same window's, and what of it has changed? */
static void rt_look_again(MagnifierRoster *roster, MagnifierWindow *win)
{
    if (!win || win->kind & MAGNIFIER_KIND_OURS)
        return;
    if (!ff_magnifier_rt_window_verify(roster->ids, win)) {
        win->suspect = 1;
        return;
    }
    if (win->kind & MAGNIFIER_KIND_FRAME && !win->sticky)
        ff_magnifier_rt_window_read_app(roster->ids, win);
    if (win->needs_title && !win->sticky)
        ff_magnifier_rt_window_read_title(roster->ids, win);
}

/**
 * Look again at as many windows as there is time for. Of what matters events tell, and are
 * judged by what is so then, but not all that changes is told of: an owner, say,
 * may be set before or after the window is shown.
 */
static void rt_look_at_known(MagnifierRoster *roster, int thorough)
{
    MagnifierIdentities *ids = roster->ids;
    int64_t begin = ff_magnifier_clock();
    int i, left;

    /* First those about which something was heard since the last walk, */
    if (roster->any_changed) {
        roster->any_changed = 0;
        for (i = 0; i < roster->top.nb; i++) {
            MagnifierWindow *win = ff_magnifier_window_find(ids, roster->top.list[i]);

            if (!win || !win->changed)
                continue;
            if (ff_magnifier_clock() >= begin + CHANGED_BUDGET) {
                roster->any_changed = 1;
                break;
            }
            win->changed = 0;
            rt_look_again(roster, win);
        }
    }
    /* then, once for each frame, the others in turn. */
    if (!ids->nb || !thorough || !ff_magnifier_allowance_begin(&roster->verify, VERIFY_BUDGET))
        return;
    for (left = roster->top.nb; left > 0; left--) {
        if (roster->verify_at >= roster->top.nb)
            roster->verify_at = 0;
        rt_look_again(roster,
                      ff_magnifier_window_find(ids, roster->top.list[roster->verify_at++]));
        if (ff_magnifier_allowance_spent(&roster->verify))
            break;
    }
}

/** Get the list of windows and know all that are on it. */
static int rt_look(MagnifierRoster *roster, int thorough)
{
    MagnifierIdentities *ids = roster->ids;
    int i, ret;

    ret = ff_magnifier_rt_toplevel_get(&roster->top);
    if (ret < 0)
        return ret;
    ret = ff_magnifier_rt_window_reserve(ids, roster->top.nb);
    if (ret < 0)
        return ret;
    rt_look_at_known(roster, thorough);

    roster->walk++;
    ids->nb_order = 0;
    for (i = 0; i < roster->top.nb; i++) {
        MagnifierWindow *win = ff_magnifier_window_find(ids, roster->top.list[i]);
        int verify = win && (win->kind & MAGNIFIER_KIND_CONSOLE ||
                             !strcmp(win->class_name, "#32768"));

        if (!win || win->suspect || verify) {
            ret = ff_magnifier_rt_roster_know(roster, roster->top.list[i], verify, &win);
            if (ret < 0)
                return ret;
            if (!win)
                continue;
        }
        win->seen = roster->walk;
        ids->order[ids->nb_order++] = win;
    }
    return 0;
}

static int is_known(void *opaque, HWND hwnd)
{
    const MagnifierRoster *roster = opaque;
    const MagnifierWindow *win = ff_magnifier_window_find(roster->ids, hwnd);

    return win && win->seen == roster->walk;
}

int ff_magnifier_rt_roster_walk(MagnifierRoster *roster, int thorough)
{
    int attempt, ret = AVERROR_EXTERNAL;

    for (attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        uint64_t now;

        ret = rt_look(roster, thorough);
        if (ret < 0)
            break;
        now = GetTickCount64();
        if (now < roster->audit_due && !attempt)
            break;
        roster->audit_due = now + AUDIT_PERIOD;
        ret = ff_magnifier_rt_toplevel_audit(&roster->top, AUDIT_BUDGET, is_known, roster);
        if (ret != AVERROR(EAGAIN))
            break;
    }
    return ret;
}

int ff_magnifier_rt_roster_purge(MagnifierRoster *roster)
{
    MagnifierIdentities *ids = roster->ids;
    unsigned i;
    int ret;

    if (ids->nb == (unsigned)ids->nb_order)
        return 0;
    for (i = 0; i < ids->size; i++) {
        MagnifierWindow *win = ids->table[i];

        if (!win || win->seen == roster->walk)
            continue;
        if (win->why && ff_magnifier_rt_window_verify(ids, win)) {
            HWND root = GetAncestor(win->hwnd, GA_ROOT);
            MagnifierWindow *holder = ff_magnifier_window_find(ids, root);

            if (holder == win) {
                /* It lives and is nobody's child: the list has missed it, and a window
                 * that is left out is not given up for that. */
                ret = ff_magnifier_rt_window_reserve(ids, ids->nb_order + 1);
                if (ret < 0)
                    return ret;
                win->seen = roster->walk;
                ids->order[ids->nb_order++] = win;
                continue;
            }
            if (holder)
                ff_magnifier_rt_kin_take_in(holder, win);
        }
        rt_forget(roster, win);
        /* Another one may have moved into this place, or back over the end of the table. */
        i = -1;
        if (ids->nb == (unsigned)ids->nb_order)
            break;
    }
    return 0;
}

av_cold void ff_magnifier_rt_roster_free(MagnifierRoster *roster)
{
    ff_magnifier_rt_toplevel_free(&roster->top);
}
