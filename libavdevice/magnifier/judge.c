/*
 * magnifier: events about windows
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
 * What does an event mean for a frame?
 */

#include "config.h"

#include <stdint.h>

#include "libavutil/avstring.h"
#include "libavutil/macros.h"

#include <windows.h>

#include "judge.h"

/** Do the events say that it was to be seen? What never was has nothing to close. */
static int was_shown(const MagnifierEvent *event)
{
    return !!(event->what & (MAGNIFIER_EVENT_SHOWN | MAGNIFIER_EVENT_UNCLOAKED |
                             MAGNIFIER_EVENT_FRONT));
}

/** Does it show windows of other programs as its own? */
static int is_host(const MagnifierProcess *process)
{
    static const char *const names[] = {
        "conhost.exe", "OpenConsole.exe", "ApplicationFrameHost.exe", "dwm.exe",
    };
    unsigned i;

    if (!process || !process->name)
        return 1;
    for (i = 0; i < FF_ARRAY_ELEMS(names); i++)
        if (!av_strcasecmp(process->name, names[i]))
            return 1;
    return 0;
}

/**
 * What can be said of a window that is gone, or is somebody's child by now, and that no
 * walk has seen? Its thread may still tell the process.
 *
 * @return 1 if it may have matched
 */
static int rt_may_have_matched(MagnifierJudge *judge, const MagnifierEvent *event)
{
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, event->thread);
    MagnifierProcess *process = NULL;
    MagnifierVerdict verdict;
    DWORD pid = 0;
    int i;

    for (i = 0; i < judge->ids->nb_order; i++)
        if (judge->ids->order[i]->why && judge->ids->order[i]->thread == event->thread)
            break;
    if (i < judge->ids->nb_order) {
        if (thread)
            CloseHandle(thread);
        return 1;
    }
    if (thread) {
        /* As long as this handle is open, the number of the process stays its own. */
        pid = GetProcessIdOfThread(thread);
        if (pid)
            process = ff_magnifier_rt_process_get(&judge->ids->processes, pid);
    }
    verdict = ff_magnifier_rt_match_ask_unseen(judge->match, event->hwnd,
                                               is_host(process) ? NULL : process);
    /* It may have been owned by any window of its process. */
    for (i = 0; i < judge->ids->nb_order && verdict == MAGNIFIER_NO; i++)
        if (judge->ids->order[i]->why && judge->ids->order[i]->pid == pid)
            verdict = MAGNIFIER_UNKNOWN;
    /* A program that makes and destroys many is asked once in a drain. */
    ff_magnifier_rt_process_put(&judge->ids->processes, &judge->gone);
    judge->gone = process;
    if (thread)
        CloseHandle(thread);
    return verdict != MAGNIFIER_NO;
}

/**
 * The title at the time of an event is not known; what is known are the titles
 * before and after it. With one event there was none in between. With more, in one
 * collection or in two that follow each other, there may have been one that matches.
 * A window that is new had one before the first that we saw, and one that was hidden may
 * have got one since we read it last.
 */
static int rt_had_unseen_title(MagnifierJudge *judge, MagnifierWindow *win,
                               const MagnifierEvent *event)
{
    int changes = event->renamed +
                  !!(event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_SHOWN));
    /* A collection may have two entries about a window, far from each other. */
    int same    = win->renamed_in == judge->collection;
    int before  = same || win->renamed_in + 1 == judge->collection ? win->renamed : 0;

    if (!win->needs_title || !changes)
        return 0;
    win->renamed    = same ? win->renamed + changes : changes;
    win->renamed_in = judge->collection;
    return event->renamed && changes + before > 1;
}

/** The event is of a window that is gone (parent is NULL) or a child by now. */
static int rt_judge_no_toplevel(MagnifierJudge *judge, const MagnifierEvent *event,
                                const MagnifierWindow *win, HWND parent,
                                MagnifierGuardList *list)
{
    unsigned gone = parent ? 0 : MAGNIFIER_GUARD_GONE;
    int shown = win || was_shown(event);

    if (win) {
        /* There is no title after the event to go by, so one change is enough. */
        if (win->kind & MAGNIFIER_KIND_OURS || !(event->what & ~MAGNIFIER_EVENT_DESTROYED) ||
            (!win->why && !(win->needs_title && event->renamed)))
            return 0;
        return ff_magnifier_rt_sight_add_unseen(judge->sight, list, win->hwnd, win->serial, shown,
                                                gone);
    }
    /* A top-level window that was there in the last walk would be known, so this was
     * created since, or was given a parent twice, or is a child. Alive, it was a child
     * from the beginning unless it was given a parent. */
    if (!(event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_MOVED)) ||
        (parent && !(event->what & MAGNIFIER_EVENT_MOVED)) ||
        !rt_may_have_matched(judge, event))
        return 0;
    return ff_magnifier_rt_sight_add_unseen(judge->sight, list, event->hwnd, 0, shown, gone);
}

static int rt_judge(MagnifierJudge *judge, const MagnifierEvent *event, MagnifierGuardList *list)
{
    MagnifierWindow *win = ff_magnifier_window_find(judge->ids, event->hwnd);
    HWND parent;
    int ret;

    /* Of a window that matches, where it went matters; of others, that they went is nothing. */
    if (event->what == MAGNIFIER_EVENT_WENT && (!win || !win->why))
        return 0;

    /* A handle may be given away only after the window that had it is destroyed. */
    if (win && event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_DESTROYED))
        win->suspect = 1;

    parent = GetAncestor(event->hwnd, GA_PARENT);
    if (parent != GetDesktopWindow())
        return rt_judge_no_toplevel(judge, event, win, parent, list);

    /* Its owner may have been set just before, which no event tells of. */
    ret = ff_magnifier_rt_roster_know(judge->roster, event->hwnd,
                                      win && !(win->kind & MAGNIFIER_KIND_OURS) &&
                                      (!win->why || win->kind & MAGNIFIER_KIND_CONSOLE), &win);
    if (ret < 0)
        return ret;
    if (!win) {
        if (!rt_may_have_matched(judge, event))
            return 0;
        return ff_magnifier_rt_sight_add_unseen(judge->sight, list, event->hwnd, 0,
                                                was_shown(event), MAGNIFIER_GUARD_GONE);
    }
    if (win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    /* A walk does not ask a hidden window for its title, but this is about what it was. */
    if (win->needs_title && win->hidden && !win->sticky)
        ff_magnifier_rt_window_read_title(judge->ids, win);
    ff_magnifier_rt_match_ask(judge->match, win, 1);
    ff_magnifier_rt_kin_relate_one(judge->kin, win);
    if (win->why)
        ff_magnifier_rt_roster_note_turned(judge->roster, win);
    else
        ff_magnifier_rt_roster_heed(judge->roster, win);
    if (!win->why && !rt_had_unseen_title(judge, win, event))
        return 0;
    return ff_magnifier_rt_sight_add(judge->sight, list, win, MAGNIFIER_GUARD_GONE);
}

int ff_magnifier_rt_judge_events(MagnifierJudge *judge, const MagnifierEvent *events, int nb,
                                 MagnifierGuardList *list)
{
    int i, ret = 0;

    judge->collection++;
    /* Without rules nothing matches. */
    for (i = 0; i < nb && judge->match->nb; i++) {
        int err = rt_judge(judge, &events[i], list);

        if (err < 0 && ret >= 0)
            ret = err;
    }
    ff_magnifier_rt_process_put(&judge->ids->processes, &judge->gone);
    return ret;
}
