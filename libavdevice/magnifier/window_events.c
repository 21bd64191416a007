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
 *
 * An event tells that something was so for a while, which may be over when it is heard. The
 * guard is told of events about windows that match, and about those of which it cannot be
 * known whether they matched then: of a window that is gone, its thread may still tell the
 * process; of a title that nobody saw, that there was one. Filtered as soon as they are
 * heard, most windows that come and go are known before they are gone.
 */

#include "config.h"

#include <limits.h>
#include <stdint.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "window_internal.h"

/* What waits for a drain is looked up among so many before it, to be said once. */
#define LOOK_BACK 64

/** Add what the next drain tells the guard. @param f NULL: nothing can be asked any more */
static int rt_tell_guard(MagnifierWindows *w, HWND hwnd, uint64_t serial, unsigned flags,
                         const MagnifierWindowFacts *f)
{
    MagnifierGuardList *list = &w->pending;
    const MagnifierGuardWindow *added;
    size_t i;
    int ret;

    if (list->nb_windows >= MAGNIFIER_EVENTS_MAX) {
        w->listener.lost = 1;
        return 0;
    }
    if (f)
        ret = ff_magnifier_rt_window_add(w, list, f, flags);
    else
        ret = ff_magnifier_guard_add(list, (uintptr_t)hwnd, serial,
                                     flags | MAGNIFIER_GUARD_NO_RECT, NULL);
    if (ret < 0)
        return ret;
    added = &list->windows[list->nb_windows - 1];
    for (i = list->nb_windows - 1; i-- > 0 && i + LOOK_BACK >= list->nb_windows;) {
        const MagnifierGuardWindow *other = &list->windows[i];

        if (other->handle == added->handle && other->serial == added->serial &&
            other->flags == added->flags) {
            list->nb_windows--;
            break;
        }
    }
    return 0;
}

/**
 * Report a window of which nothing can be asked: it may have been anywhere, and may be closing
 * with an animation.
 *
 * @param shown it may have been on the screen; what never was has nothing to close
 */
static int rt_tell_unseen(MagnifierWindows *w, HWND hwnd, uint64_t serial, int shown, unsigned gone)
{
    return rt_tell_guard(w, hwnd, serial, MAGNIFIER_GUARD_VISIBLE | gone |
                         (w->animations && shown ? MAGNIFIER_GUARD_ANIMATES : 0), NULL);
}

/** Do the events say that it was to be seen? */
static int was_shown(const MagnifierEvent *event)
{
    return !!(event->what & (MAGNIFIER_EVENT_SHOWN | MAGNIFIER_EVENT_UNCLOAKED |
                             MAGNIFIER_EVENT_FRONT));
}

/**
 * Is this known window, which is hidden or gone, one that no frame shows since the last look?
 * Of a title that decides nobody knows when another one began to match with it; and that it
 * moved may be heard late, from before a look that saw it hidden.
 */
static int is_unshown(const MagnifierWindows *w, const MagnifierEvent *event,
                      const MagnifierWindow *win)
{
    return w->listener.hears_shows && !win->shown && !(event->what & MAGNIFIER_EVENTS_SHOWING) &&
           !(event->what & MAGNIFIER_EVENT_MOVED) &&
           !(event->what & MAGNIFIER_EVENT_RENAMED && win->match.needs_title);
}

static void print_program(const MagnifierProcess *process, char *name, size_t size)
{
    AVBPrint bp;

    av_bprint_init_for_buffer(&bp, name, size);
    if (process)
        ff_magnifier_text_print(&bp, &process->name, UINT_MAX);
}

void ff_magnifier_rt_windows_program(const MagnifierWindows *w, uint64_t handle,
                                     char *name, size_t size)
{
    const MagnifierWindow *win = ff_magnifier_window_find(w, (HWND)(uintptr_t)handle);

    if (win)
        print_program(win->process, name, size);
    else
        av_strlcpy(name, handle ? w->culprit : "", size);
}

/** Does it show windows of other programs as its own? */
static int is_host(const MagnifierProcess *process)
{
    static const char *const names[] = {
        "conhost.exe", "OpenConsole.exe", "ApplicationFrameHost.exe", "dwm.exe",
    };
    unsigned i;

    if (!process || !process->name.units)
        return 1;
    for (i = 0; i < FF_ARRAY_ELEMS(names); i++)
        if (ff_magnifier_text_is(&process->name, names[i]))
            return 1;
    return 0;
}

/** Does a window of this thread match, or of this process? @param pid 0: of whichever process */
static int matches_near(const MagnifierWindows *w, DWORD thread, DWORD pid)
{
    int i;

    for (i = 0; i < w->nb_known; i++) {
        const MagnifierWindow *win = w->known[i];

        if (win->match.why && (!pid || win->thread == thread || win->process->pid == pid))
            return 1;
    }
    return 0;
}

/**
 * What can be said of a window that is gone, or is somebody's child by now, and that nobody
 * has seen? Its thread may still tell the process.
 *
 * @return 1 if it may have matched
 */
static int rt_may_have_matched(MagnifierWindows *w, const MagnifierEvent *event)
{
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, event->thread);
    MagnifierProcess *process = NULL;
    /* As long as this handle is open, the number of the process stays its own. */
    DWORD pid = thread ? GetProcessIdOfThread(thread) : 0;
    MagnifierVerdict verdict;

    if (pid)
        process = ff_magnifier_rt_process_get(&w->processes, pid);
    verdict = ff_magnifier_rt_match_ask_unseen(w, event->hwnd, is_host(process) ? NULL : process);
    /* It may have been owned by any window of its process. */
    if (verdict == MAGNIFIER_NO && matches_near(w, event->thread, pid))
        verdict = MAGNIFIER_UNKNOWN;
    /* A program that makes and destroys many is asked once. */
    ff_magnifier_rt_process_put(&w->processes, &w->gone);
    w->gone = process;
    if (thread)
        CloseHandle(thread);
    if (verdict != MAGNIFIER_NO)
        print_program(process, w->culprit, sizeof(w->culprit));
    return verdict != MAGNIFIER_NO;
}

/**
 * Count a change of the title between the readings that it fell between. One during a reading, or
 * within the same tick of the clock as its beginning or its end, may have been before it or after.
 *
 * @return 1 if there was a title that no reading saw
 */
static int note_change(MagnifierTitle *title, DWORD time)
{
    int32_t after_begun  = time - (DWORD)title->begun;
    int32_t after_read   = time - (DWORD)title->read;
    int32_t after_before = time - (DWORD)title->before;

    if (!title->read || after_begun >= 0)
        title->since++;
    if (!title->read || after_read > 0)
        return 0;
    title->between++;
    return title->between > 1 || (title->before && after_before <= 0);
}

static int covered(const MagnifierWindows *w, const MagnifierWindow *win)
{
    return win->place >= 0 && w->looked[win->place].covers;
}

/** The terminal that shows this console begins to match with it, which no event tells. */
static int rt_tell_terminal(MagnifierWindows *w, const MagnifierWindow *win)
{
    MagnifierWindow *terminal = ff_magnifier_rt_match_terminal(w, win);
    MagnifierWindowFacts facts;

    if (!terminal)
        return 0;
    ff_magnifier_rt_match_note_turned(w, terminal);
    if (!ff_magnifier_rt_window_ask(w, terminal, &facts))
        return rt_tell_unseen(w, terminal->hwnd, terminal->serial, 1, MAGNIFIER_GUARD_GONE);
    return rt_tell_guard(w, terminal->hwnd, terminal->serial, 0, &facts);
}

/**
 * The event is of a window that is gone (parent is NULL) or a child by now. That its title has
 * changed is noted already.
 *
 * @param doubtful it may have matched unseen, or matches only since now
 */
static int rt_filter_no_toplevel(MagnifierWindows *w, const MagnifierEvent *event,
                                 MagnifierWindow *win, HWND parent, int doubtful)
{
    unsigned gone = parent ? 0 : MAGNIFIER_GUARD_GONE;
    int ret = 0, told;

    if (!win) {
        /* A top-level window that was there in the last look would be known, so this was
         * created since, or was given a parent twice, or is a child. Alive, it was a child
         * from the beginning unless it was given a parent. That it was shown may be heard apart
         * from that it was created. */
        unsigned appeared = w->listener.hears_shows ? MAGNIFIER_EVENTS_SHOWING :
                            MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_REPARENTED;

        if (!(event->what & appeared) ||
            (parent && !(event->what & MAGNIFIER_EVENT_REPARENTED)) ||
            !rt_may_have_matched(w, event))
            return 0;
        return rt_tell_unseen(w, event->hwnd, 0, was_shown(event), gone);
    }
    if (win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    if (covered(w, win))
        ret = rt_tell_guard(w, win->hwnd, win->serial, MAGNIFIER_GUARD_COVERS | gone, NULL);
    /* That one which matches is gone, the next look sees. Of others there is no title after
     * the event to go by, so one change since the last reading is enough. */
    told = doubtful || event->what & ~(MAGNIFIER_EVENT_DESTROYED | MAGNIFIER_EVENT_HIDDEN);
    /* The window that a child is in matches in its place; only where it goes from there matters. */
    if (parent && win->is_child)
        told = event->what & MAGNIFIER_EVENT_REPARENTED;
    if (ret < 0 || !told ||
        (!win->match.why && !doubtful && !(win->match.needs_title && win->title.since)) ||
        (!parent && is_unshown(w, event, win)))
        return ret;
    return rt_tell_unseen(w, win->hwnd, win->serial, 1, gone);
}

/** Of a window that is gone: may it have matched by a title, or by an owner, that nobody saw? */
static int is_doubtful(const MagnifierWindows *w, const MagnifierEvent *event,
                       const MagnifierWindow *win, int unseen)
{
    return win && !win->match.why && ((unseen && win->match.needs_title) ||
           (event->what & MAGNIFIER_EVENTS_SHOWING && matches_near(w, win->thread, win->process->pid)));
}

/**
 * A window was given a parent before anybody has seen it. If it matches it stays known, so that
 * the next look finds what it is in.
 */
static int rt_know_child(MagnifierWindows *w, const MagnifierEvent *event, MagnifierWindow **win)
{
    int ret = ff_magnifier_rt_window_know(w, event->hwnd, win);

    if (ret < 0 || !*win)
        return ret;
    ff_magnifier_rt_match_ask(w, *win);
    if ((*win)->match.why != MAGNIFIER_WHY_RULE) {
        ff_magnifier_rt_window_forget(w, *win);
        *win = NULL;
    }
    return 0;
}

/** The event is of a window that was gone, or somebody's child, when it was asked for its parent. */
static int rt_filter_without_asking(MagnifierWindows *w, const MagnifierEvent *event,
                                    MagnifierWindow *win, HWND parent, int changed)
{
    int ret, unseen = 0;

    if (!win && parent && event->what & MAGNIFIER_EVENT_REPARENTED) {
        ret = rt_know_child(w, event, &win);
        if (ret < 0)
            return ret;
    }
    if (win && changed)
        unseen = note_change(&win->title, event->time);
    return rt_filter_no_toplevel(w, event, win, parent,
                                 parent ? win && unseen && win->match.needs_title :
                                 is_doubtful(w, event, win, unseen));
}

static int rt_filter(MagnifierWindows *w, const MagnifierEvent *event)
{
    MagnifierWindow *win = ff_magnifier_window_find(w, event->hwnd);
    uint64_t serial = win ? win->serial : 0;
    int changed = !!(event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_RENAMED));
    int turns = win && !win->match.why; /* it matches since now, so what it owns may be shown */
    MagnifierWindowFacts facts;
    int ret, told = 0, unseen = 0;
    HWND parent;

    /* Of a window that matches or covers, where it went matters; of others it is nothing. */
    if (event->what == MAGNIFIER_EVENT_MOVED && (!win || (!win->match.why && !covered(w, win))))
        return 0;

    /* A handle may be given away only after the window that had it is destroyed. */
    if (win && event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_DESTROYED))
        win->suspect = 1;

    parent = GetAncestor(event->hwnd, GA_PARENT);
    if (parent != GetDesktopWindow())
        return rt_filter_without_asking(w, event, win, parent, changed);

    ret = ff_magnifier_rt_window_know(w, event->hwnd, &win);
    if (ret < 0)
        return ret;
    /* One that was known and is gone meanwhile. */
    if (!win)
        return rt_filter_without_asking(w, event, ff_magnifier_window_find(w, event->hwnd), NULL, changed);
    if (changed)
        unseen = note_change(&win->title, event->time);
    if (!ff_magnifier_rt_window_ask(w, win, &facts)) {
        /* It was not known before: nobody has asked the rules, so they have not said no. */
        if (win->serial != serial) {
            ff_magnifier_rt_window_forget(w, win);
            win = NULL;
        }
        return rt_filter_no_toplevel(w, event, win, NULL, is_doubtful(w, event, win, unseen));
    }
    if (win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    if (event->what & MAGNIFIER_EVENTS_SHOWING || facts.style & WS_VISIBLE)
        win->shown = 1;
    ff_magnifier_rt_match_ask(w, win);
    ff_magnifier_rt_match_relate(w, &facts);
    unseen |= changed && win->title.between > 1;
    turns  &= !!win->match.why;
    if (!IsWindow(event->hwnd))
        return rt_filter_no_toplevel(w, event, win, NULL,
                                     (unseen && win->match.needs_title) || turns);

    if (covered(w, win) && event->what != MAGNIFIER_EVENT_RENAMED)
        ret = rt_tell_guard(w, win->hwnd, win->serial, MAGNIFIER_GUARD_COVERS, NULL);
    if (win->match.why) {
        ff_magnifier_rt_match_note_turned(w, win);
        told = rt_tell_terminal(w, win);
        if (turns || !is_unshown(w, event, win))
            told = FFMIN(told, rt_tell_guard(w, win->hwnd, win->serial, 0, &facts));
    } else if (unseen && win->match.needs_title) {
        told = rt_tell_guard(w, win->hwnd, win->serial, MAGNIFIER_GUARD_NO_MATCH, &facts);
    }
    return FFMIN(ret, told);
}

void ff_magnifier_rt_windows_heard(MagnifierWindows *w)
{
    int i;

    /* Without rules nothing matches. */
    for (i = 0; i < w->listener.nb && w->nb_rules; i++) {
        int ret = rt_filter(w, &w->listener.events[i]);

        if (ret < 0)
            w->filter_error = ret;
    }
    w->listener.nb = 0;
    ff_magnifier_rt_process_put(&w->processes, &w->gone);
}

int ff_magnifier_rt_windows_drain(void *windows, MagnifierGuardList *events)
{
    MagnifierWindows *w = windows;
    int heard = ff_magnifier_rt_events_collect(&w->listener), ret = 0, shown;
    size_t i;

    ff_magnifier_rt_windows_heard(w);
    if (w->listener.lost && heard >= 0)
        heard = AVERROR(ENOBUFS);
    ff_magnifier_rt_events_clear(&w->listener);
    FFSWAP(int, ret, w->filter_error);
    for (i = 0; i < w->pending.nb_windows && ret >= 0; i++) {
        const MagnifierGuardWindow *e = &w->pending.windows[i];

        ret = ff_magnifier_guard_add(events, e->handle, e->serial, e->flags, &e->rect);
    }
    w->pending.nb_windows = 0;
    shown = ff_magnifier_rt_window_check_desktop(w);
    if (heard < 0)
        return heard;
    return ret < 0 ? ret : shown;
}

void ff_magnifier_rt_windows_want_moves(MagnifierWindows *w, int wanted)
{
    ff_magnifier_rt_events_want_moves(&w->listener, !!wanted);
}

av_cold void ff_magnifier_rt_window_events_free(MagnifierWindows *w)
{
    ff_magnifier_rt_events_stop(&w->listener);
    av_freep(&w->pending.windows);
}
