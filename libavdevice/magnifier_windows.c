/*
 * magnifier: windows and whose they are
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
 * Which windows does the user want left out?
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "magnifier_events.h"
#include "magnifier_identity.h"
#include "magnifier_kin.h"
#include "magnifier_match.h"
#include "magnifier_roster.h"
#include "magnifier_sight.h"
#include "magnifier_tell.h"
#include "magnifier_windows.h"

/* Newer than _WIN32_WINNT. */
#define OBJECT_IO 6

/* Milliseconds between looks at what hardly ever changes. */
#define SETTING_PERIOD 1000

/* From so many windows that match, some may not fit on the list and be painted over, and
 * it matters where they are. */
#define MOVES_MATTER 8

struct MagnifierWindows {
    MagnifierLog      *log;
    MagnifierIdentities ids;
    MagnifierMatch     match;
    MagnifierKin       kin;
    MagnifierTell      tell;
    MagnifierRoster    roster;
    MagnifierListener  listener;

    uint64_t           collection;
    MagnifierProcess  *gone;            ///< of the last window that was gone, in a drain

    HDESK              desktop;         ///< ours, which cannot change
    int                elsewhere;       ///< another desktop is on the screen; has been said
    MagnifierSight     sight;
    uint64_t           settings_due;
    int                failing;         ///< the failure of the walk has been said

    MagnifierWindowsStats stats;
};

/* ---- the walk ---- */

static void rt_read_settings(MagnifierWindows *w)
{
    uint64_t now = GetTickCount64();

    if (now < w->settings_due)
        return;
    w->settings_due = now + SETTING_PERIOD;
    ff_magnifier_rt_sight_read_settings(&w->sight);
    ff_magnifier_rt_match_read_console(&w->match);
}

/**
 * Is our desktop the one on the screen? Programs ask for passwords on desktops of their own,
 * so does Windows, and no window of another desktop can be listed. Asked in drains and in walks.
 *
 * @return 0, or AVERROR_EXTERNAL with a line the first time
 */
static int rt_is_on_screen(MagnifierWindows *w)
{
    BOOL shown = FALSE;
    DWORD length, error = ERROR_SUCCESS;

    SetLastError(ERROR_SUCCESS);
    if (!GetUserObjectInformationW(w->desktop, OBJECT_IO, &shown, sizeof(shown), &length)) {
        error = GetLastError();
        /* Where this cannot be asked (Wine), there is hardly another desktop. */
        shown = w->desktop && (error == ERROR_INVALID_PARAMETER || error == ERROR_NOT_SUPPORTED ||
                               error == ERROR_CALL_NOT_IMPLEMENTED);
    }
    if (!shown && !w->elsewhere && error)
        ff_magnifier_log(w->log, AV_LOG_WARNING, "nobody says whether this desktop is the one on the "
                         "screen (error %lu); frames are held back until it is known\n", error);
    else if (!shown && !w->elsewhere)
        ff_magnifier_log(w->log, AV_LOG_WARNING, "another desktop is on the screen (that of a request "
                         "for a password, or the lock screen); frames are held back until "
                         "it is gone\n");
    w->elsewhere = !shown;
    return shown ? 0 : AVERROR_EXTERNAL;
}

/** Walk and ask; leaves the windows in w->ids.order. */
static int rt_walk(MagnifierWindows *w, int thorough)
{
    int ret, i;

    rt_read_settings(w);
    ret = ff_magnifier_rt_roster_walk(&w->roster);
    for (i = 0; i < w->ids.nb_order && ret >= 0; i++)
        ff_magnifier_rt_match_ask(&w->match, w->ids.order[i], thorough);
    if (ret >= 0)
        ret = ff_magnifier_rt_roster_purge(&w->roster);
    if (ret < 0) {
        w->stats.failed++;
        if (!w->failing)
            ff_magnifier_log(w->log, AV_LOG_WARNING, "the windows cannot be listed (error %lu); "
                             "frames are held back until they can\n", w->roster.top.error);
        w->failing = 1;
        /* EAGAIN means something else to those who ask for frames. */
        return ret == AVERROR(ENOMEM) ? ret : AVERROR_EXTERNAL;
    }
    w->failing = 0;
    w->stats.walks++;
    ff_magnifier_rt_tell_walked(&w->tell, w->stats.walks > 1);

    /* Without rules nothing matches, and nobody belongs to it. */
    if (w->match.nb)
        ff_magnifier_rt_kin_relate(&w->kin, w->stats.walks, thorough);

    w->stats.matching = 0;
    for (i = 0; i < w->ids.nb_order; i++) {
        MagnifierWindow *win = w->ids.order[i];

        w->stats.matching += !!win->why;
        if (win->why)
            ff_magnifier_rt_roster_note_turned(&w->roster, win);
        else
            win->passed = 1;
        if (!win->why != !win->told)
            ff_magnifier_rt_tell_window(&w->tell, win, !!win->why);
    }
    ff_magnifier_rt_events_want_moves(&w->listener, w->stats.matching >= MOVES_MATTER);
    return 0;
}

/** Do the events say that it was to be seen? What never was has nothing to close. */
static int was_shown(const MagnifierEvent *event)
{
    return !!(event->what & (MAGNIFIER_EVENT_SHOWN | MAGNIFIER_EVENT_UNCLOAKED | MAGNIFIER_EVENT_FRONT));
}

int ff_magnifier_rt_windows_walk(void *windows, MagnifierGuardList *list, int thorough)
{
    MagnifierWindows *w = windows;
    int i, ret = rt_is_on_screen(w);

    if (ret < 0)
        w->stats.failed++;
    else
        ret = rt_walk(w, thorough);
    for (i = 0; i < w->ids.nb_order && ret >= 0; i++)
        if (w->ids.order[i]->why)
            ret = ff_magnifier_rt_sight_add(&w->sight, list, w->ids.order[i], 0);
    return ret;
}

/* ---- events ---- */

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
static int rt_may_have_matched(MagnifierWindows *w, const MagnifierEvent *event)
{
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, event->thread);
    MagnifierProcess *process = NULL;
    MagnifierVerdict verdict;
    DWORD pid = 0;
    int i;

    for (i = 0; i < w->ids.nb_order; i++)
        if (w->ids.order[i]->why && w->ids.order[i]->thread == event->thread)
            break;
    if (i < w->ids.nb_order) {
        if (thread)
            CloseHandle(thread);
        return 1;
    }
    if (thread) {
        /* As long as this handle is open, the number of the process stays its own. */
        pid = GetProcessIdOfThread(thread);
        if (pid)
            process = ff_magnifier_rt_process_get(&w->ids.processes, pid);
    }
    verdict = ff_magnifier_rt_match_ask_unseen(&w->match, event->hwnd,
                                               is_host(process) ? NULL : process);
    /* It may have been owned by any window of its process. */
    for (i = 0; i < w->ids.nb_order && verdict == MAGNIFIER_NO; i++)
        if (w->ids.order[i]->why && w->ids.order[i]->pid == pid)
            verdict = MAGNIFIER_UNKNOWN;
    /* A program that makes and destroys many is asked once in a drain. */
    ff_magnifier_rt_process_put(&w->ids.processes, &w->gone);
    w->gone = process;
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
static int rt_had_unseen_title(MagnifierWindows *w, MagnifierWindow *win, const MagnifierEvent *event)
{
    int changes = event->renamed + !!(event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_SHOWN));
    /* A collection may have two entries about a window, far from each other. */
    int same    = win->renamed_in == w->collection;
    int before  = same || win->renamed_in + 1 == w->collection ? win->renamed : 0;

    if (!win->needs_title || !changes)
        return 0;
    win->renamed    = same ? win->renamed + changes : changes;
    win->renamed_in = w->collection;
    return event->renamed && changes + before > 1;
}

static int rt_judge(MagnifierWindows *w, const MagnifierEvent *event, MagnifierGuardList *list)
{
    MagnifierWindow *win = ff_magnifier_window_find(&w->ids, event->hwnd);
    HWND parent;
    int ret;

    /* Of a window that matches, where it went matters; of others, that they went is nothing. */
    if (event->what == MAGNIFIER_EVENT_WENT && (!win || !win->why))
        return 0;

    /* A handle may be given away only after the window that had it is destroyed. */
    if (win && event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_DESTROYED))
        win->suspect = 1;

    parent = GetAncestor(event->hwnd, GA_PARENT);
    if (parent != GetDesktopWindow()) {
        unsigned gone = parent ? 0 : MAGNIFIER_GUARD_GONE;
        int shown = win || was_shown(event);

        if (win) {
            /* There is no title after the event to go by, so one change is enough. */
            if (win->kind & MAGNIFIER_KIND_OURS || !(event->what & ~MAGNIFIER_EVENT_DESTROYED) ||
                (!win->why && !(win->needs_title && event->renamed)))
                return 0;
            return ff_magnifier_rt_sight_add_unseen(&w->sight, list, win->hwnd, win->serial, shown,
                                                    gone);
        }
        /* A top-level window that was there in the last walk would be known, so this was
         * created since, or was given a parent twice, or is a child. Alive, it was a child
         * from the beginning unless it was given a parent. */
        if (!(event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_MOVED)) ||
            (parent && !(event->what & MAGNIFIER_EVENT_MOVED)) ||
            !rt_may_have_matched(w, event))
            return 0;
        return ff_magnifier_rt_sight_add_unseen(&w->sight, list, event->hwnd, 0, shown, gone);
    }

    /* Its owner may have been set just before, which no event tells of. */
    ret = ff_magnifier_rt_roster_know(&w->roster, event->hwnd,
                                      win && !(win->kind & MAGNIFIER_KIND_OURS) &&
                                      (!win->why || win->kind & MAGNIFIER_KIND_CONSOLE), &win);
    if (ret < 0)
        return ret;
    if (!win) {
        if (!rt_may_have_matched(w, event))
            return 0;
        return ff_magnifier_rt_sight_add_unseen(&w->sight, list, event->hwnd, 0, was_shown(event),
                                                MAGNIFIER_GUARD_GONE);
    }
    if (win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    /* A walk does not ask a hidden window for its title, but this is about what it was. */
    if (win->needs_title && win->hidden && !win->sticky)
        ff_magnifier_rt_window_read_title(&w->ids, win);
    ff_magnifier_rt_match_ask(&w->match, win, 1);
    ff_magnifier_rt_kin_relate_one(&w->kin, win);
    if (win->why)
        ff_magnifier_rt_roster_note_turned(&w->roster, win);
    else
        ff_magnifier_rt_roster_heed(&w->roster, win);
    if (!win->why && !rt_had_unseen_title(w, win, event))
        return 0;
    return ff_magnifier_rt_sight_add(&w->sight, list, win, MAGNIFIER_GUARD_GONE);
}

int ff_magnifier_rt_windows_drain(void *windows, MagnifierGuardList *events)
{
    MagnifierWindows *w = windows;
    int i, ret = ff_magnifier_rt_events_collect(&w->listener);

    w->collection++;
    for (i = 0; i < w->listener.nb; i++) {
        int err = w->match.nb ? rt_judge(w, &w->listener.events[i], events) : 0;

        if (err < 0 && ret >= 0)
            ret = err;
    }
    ff_magnifier_rt_process_put(&w->ids.processes, &w->gone);
    ff_magnifier_rt_events_clear(&w->listener);
    i = rt_is_on_screen(w);
    return ret < 0 ? ret : i;
}

/* ---- opening, rules, reports ---- */

int ff_magnifier_rt_windows_set_rules(MagnifierWindows *w, MagnifierRules *rules)
{
    int ret = ff_magnifier_rt_match_set_rules(&w->match, rules);

    /* The console is asked for only while rules speak of it. */
    if (ret >= 0)
        w->settings_due = 0;
    return ret;
}

int ff_magnifier_rt_windows_open(MagnifierWindows **windows, MagnifierRules *rules,
                                 MagnifierLog *log)
{
    MagnifierWindows *w = av_mallocz(sizeof(*w));
    int ret;

    *windows = NULL;
    if (!w) {
        ff_magnifier_rules_free(&rules);
        return AVERROR(ENOMEM);
    }
    w->log    = w->ids.processes.log = log;
    w->tell   = (MagnifierTell)   { .log = log, .ids = &w->ids, .match = &w->match };
    w->roster = (MagnifierRoster) { .top.log = log, .ids = &w->ids, .tell = &w->tell };
    w->desktop = GetThreadDesktop(GetCurrentThreadId());

    ret = ff_magnifier_rt_match_open(&w->match, &w->ids, rules);
    if (ret < 0)
        goto fail;
    ret = ff_magnifier_rt_events_listen(&w->listener, log);
    if (ret < 0)
        goto fail;

    ff_magnifier_rt_sight_open(&w->sight);
    ff_magnifier_rt_kin_open(&w->kin, &w->ids);
    *windows = w;
    return 0;

fail:
    ff_magnifier_rt_windows_close(&w);
    return ret;
}

void ff_magnifier_rt_windows_close(MagnifierWindows **windows)
{
    MagnifierWindows *w = *windows;

    *windows = NULL;
    if (!w)
        return;
    ff_magnifier_rt_tell_rest(&w->tell);
    ff_magnifier_rt_events_stop(&w->listener);
    ff_magnifier_rt_window_free_all(&w->ids);
    ff_magnifier_rt_roster_free(&w->roster);
    ff_magnifier_rt_match_free(&w->match);
    ff_magnifier_rt_sight_close(&w->sight);
    av_free(w);
}

void ff_magnifier_rt_windows_matches(MagnifierWindows *w, int *matches)
{
    int i;

    memset(matches, 0, w->match.nb * sizeof(*matches));
    for (i = 0; i < w->ids.nb_order; i++) {
        MagnifierWindow *win = w->ids.order[i];

        if (!(win->kind & MAGNIFIER_KIND_OURS))
            ff_magnifier_rt_match_count(&w->match, win, matches);
    }
}

const MagnifierRules *ff_magnifier_rt_windows_rules(const MagnifierWindows *w)
{
    return w->match.rules;
}

int ff_magnifier_rt_windows_print(MagnifierWindows *w, AVBPrint *bp)
{
    int i, ret = rt_walk(w, 1);

    if (ret < 0)
        return ret;
    for (i = 0; i < w->ids.nb_order; i++) {
        MagnifierWindow *win = w->ids.order[i];
        MagnifierGuardList seen = { 0 };

        if (win->kind & MAGNIFIER_KIND_OURS)
            continue;
        /* Without memory for it, there is nothing on the list. */
        ff_magnifier_rt_sight_add(&w->sight, &seen, win, 0);
        ff_magnifier_rt_tell_print(&w->tell, win, seen.nb_windows ? seen.windows : NULL, bp);
        av_freep(&seen.windows);
    }
    return av_bprint_is_complete(bp) ? 0 : AVERROR(ENOMEM);
}

void ff_magnifier_rt_windows_stats(const MagnifierWindows *w, MagnifierWindowsStats *stats)
{
    *stats = w->stats;
    stats->matched           = w->tell.matched;
    stats->unknown           = w->tell.unknown;
    stats->reused            = w->roster.reused;
    stats->turned            = w->roster.turned;
    stats->restarts          = w->roster.top.restarts;
    stats->events            = w->listener.total;
    stats->processes_unknown = w->ids.processes.unknown;
    stats->windows           = w->ids.nb_order;
    stats->elsewhere         = w->elsewhere;
}
