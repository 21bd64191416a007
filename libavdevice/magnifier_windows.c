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

#include "magnifier_clock.h"
#include "magnifier_events.h"
#include "magnifier_identity.h"
#include "magnifier_kin.h"
#include "magnifier_match.h"
#include "magnifier_sight.h"
#include "magnifier_tell.h"
#include "magnifier_toplevel.h"
#include "magnifier_windows.h"

/* Newer than _WIN32_WINNT. */
#define OBJECT_IO 6

/* Microseconds of a walk that may go into looking again at windows that are known, and
 * into comparing the list of windows with what FindWindowEx() says. What there is no time
 * for comes in the next walk. */
#define VERIFY_BUDGET  50
#define CHANGED_BUDGET 200
#define AUDIT_BUDGET   50

/* Milliseconds from audit to audit, and between looks at what hardly ever changes. */
#define AUDIT_PERIOD   20
#define SETTING_PERIOD 1000

/* Lists are taken anew at most this often while the audit finds windows missing. */
#define LIST_ATTEMPTS 10

/* From so many windows that match, some may not fit on the list and be painted over, and
 * it matters where they are. */
#define MOVES_MATTER 8

struct MagnifierWindows {
    MagnifierLog      *log;
    MagnifierToplevel  top;
    MagnifierIdentities ids;
    MagnifierMatch     match;
    MagnifierKin       kin;
    MagnifierTell      tell;
    MagnifierListener  listener;

    uint64_t           walk, collection;
    int                verify_at;
    int                any_changed;     ///< there are windows with this flag
    MagnifierProcess  *gone;            ///< of the last window that was gone, in a drain

    HDESK              desktop;         ///< ours, which cannot change
    int                elsewhere;       ///< another desktop is on the screen; has been said
    MagnifierSight     sight;
    uint64_t           settings_due, audit_due;
    int                failing;         ///< the failure of the walk has been said

    MagnifierWindowsStats stats;
};

/* ---- what is known of a window ---- */

static void rt_forget(MagnifierWindows *w, MagnifierWindow *win)
{
    if (win->told)
        ff_magnifier_rt_tell_window(&w->tell, win, 0);
    ff_magnifier_rt_window_forget(&w->ids, win);
}

/**
 * Get what is known of a window, asking it if need be.
 *
 * @param[out] result NULL when it is gone
 */
static int rt_know(MagnifierWindows *w, HWND hwnd, int verify, MagnifierWindow **result)
{
    MagnifierWindow *win = ff_magnifier_window_find(&w->ids, hwnd);

    if (win && (verify || win->suspect) && !ff_magnifier_rt_window_verify(&w->ids, win)) {
        w->stats.reused++;
        rt_forget(w, win);
        win = NULL;
    }
    *result = win;
    return win ? 0 : ff_magnifier_rt_window_identify(&w->ids, hwnd, result);
}

/** A window matches that did not in a walk: it is in pictures that are out already. */
static void note_turned(MagnifierWindows *w, MagnifierWindow *win)
{
    w->stats.turned += win->passed;
    win->passed = 0;
}

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

static int is_known(void *opaque, HWND hwnd)
{
    const MagnifierWindows *w = opaque;
    const MagnifierWindow *win = ff_magnifier_window_find(&w->ids, hwnd);

    return win && win->seen == w->walk;
}

/** Is the handle still the same window's, and what of it has changed? */
static void rt_look_again(MagnifierWindows *w, MagnifierWindow *win)
{
    if (!win || win->kind & MAGNIFIER_KIND_OURS)
        return;
    if (!ff_magnifier_rt_window_verify(&w->ids, win)) {
        win->suspect = 1;
        return;
    }
    if (win->kind & MAGNIFIER_KIND_FRAME && !win->sticky)
        ff_magnifier_rt_window_read_app(&w->ids, win);
    if (win->needs_title && !win->sticky)
        ff_magnifier_rt_window_read_title(&w->ids, win);
}

/**
 * Look again at as many windows as there is time for. Of what matters events tell, and are
 * judged by what is so then, but not all that changes is told of: an owner, say,
 * may be set before or after the window is shown.
 */
static void rt_look_at_known(MagnifierWindows *w)
{
    int64_t begin = ff_magnifier_clock();
    int i, left;

    /* First those about which something was heard since the last walk, */
    if (w->any_changed) {
        w->any_changed = 0;
        for (i = 0; i < w->top.nb; i++) {
            MagnifierWindow *win = ff_magnifier_window_find(&w->ids, w->top.list[i]);

            if (!win || !win->changed)
                continue;
            if (ff_magnifier_clock() >= begin + CHANGED_BUDGET) {
                w->any_changed = 1;
                break;
            }
            win->changed = 0;
            rt_look_again(w, win);
        }
        begin = ff_magnifier_clock();
    }
    /* then the others in turn. */
    for (left = w->ids.nb ? w->top.nb : 0; left > 0; left--) {
        if (w->verify_at >= w->top.nb)
            w->verify_at = 0;
        rt_look_again(w, ff_magnifier_window_find(&w->ids, w->top.list[w->verify_at++]));
        if (ff_magnifier_clock() >= begin + VERIFY_BUDGET)
            break;
    }
}

/** Get the list of windows and know all that are on it. */
static int rt_look(MagnifierWindows *w)
{
    int i, ret;

    ret = ff_magnifier_rt_toplevel_get(&w->top);
    if (ret < 0)
        return ret;
    ret = ff_magnifier_rt_window_reserve(&w->ids, w->top.nb);
    if (ret < 0)
        return ret;
    rt_look_at_known(w);

    w->walk++;
    w->ids.nb_order = 0;
    for (i = 0; i < w->top.nb; i++) {
        MagnifierWindow *win = ff_magnifier_window_find(&w->ids, w->top.list[i]);
        int verify = win && (win->kind & MAGNIFIER_KIND_CONSOLE ||
                             !strcmp(win->class_name, "#32768"));

        if (!win || win->suspect || verify) {
            ret = rt_know(w, w->top.list[i], verify, &win);
            if (ret < 0)
                return ret;
            if (!win)
                continue;
        }
        win->seen = w->walk;
        w->ids.order[w->ids.nb_order++] = win;
    }
    return 0;
}

/** Forget windows that are not on the list any more. */
static int rt_purge(MagnifierWindows *w)
{
    unsigned i;
    int ret;

    if (w->ids.nb == (unsigned)w->ids.nb_order)
        return 0;
    for (i = 0; i < w->ids.size; i++) {
        MagnifierWindow *win = w->ids.table[i];

        if (!win || win->seen == w->walk)
            continue;
        if (win->why && ff_magnifier_rt_window_verify(&w->ids, win)) {
            HWND root = GetAncestor(win->hwnd, GA_ROOT);
            MagnifierWindow *holder = ff_magnifier_window_find(&w->ids, root);

            if (holder == win) {
                /* It lives and is nobody's child: the list has missed it, and a window
                 * that is left out is not given up for that. */
                ret = ff_magnifier_rt_window_reserve(&w->ids, w->ids.nb_order + 1);
                if (ret < 0)
                    return ret;
                win->seen = w->walk;
                w->ids.order[w->ids.nb_order++] = win;
                continue;
            }
            if (holder)
                ff_magnifier_rt_kin_take_in(holder, win);
        }
        rt_forget(w, win);
        /* Another one may have moved into this place, or back over the end of the table. */
        i = -1;
        if (w->ids.nb == (unsigned)w->ids.nb_order)
            break;
    }
    return 0;
}

/** Walk, know and ask; leaves the windows in w->ids.order. */
static int rt_walk(MagnifierWindows *w, int thorough)
{
    int attempt, ret = AVERROR_EXTERNAL, i;
    uint64_t now;

    rt_read_settings(w);
    for (attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        ret = rt_look(w);
        if (ret < 0)
            break;
        now = GetTickCount64();
        if (now < w->audit_due && !attempt)
            break;
        w->audit_due = now + AUDIT_PERIOD;
        ret = ff_magnifier_rt_toplevel_audit(&w->top, AUDIT_BUDGET, is_known, w);
        if (ret != AVERROR(EAGAIN))
            break;
    }
    for (i = 0; i < w->ids.nb_order && ret >= 0; i++)
        ff_magnifier_rt_match_ask(&w->match, w->ids.order[i], thorough);
    if (ret >= 0)
        ret = rt_purge(w);
    if (ret < 0) {
        w->stats.failed++;
        if (!w->failing)
            ff_magnifier_log(w->log, AV_LOG_WARNING, "the windows cannot be listed (error %lu); "
                             "frames are held back until they can\n", w->top.error);
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
            note_turned(w, win);
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
    ret = rt_know(w, event->hwnd, win && !(win->kind & MAGNIFIER_KIND_OURS) &&
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
        note_turned(w, win);
    else
        win->changed = w->any_changed = 1;
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
    w->log  = w->top.log = w->ids.processes.log = log;
    w->tell = (MagnifierTell) { .log = log, .ids = &w->ids, .match = &w->match };
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
    ff_magnifier_rt_toplevel_free(&w->top);
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
    stats->restarts          = w->top.restarts;
    stats->events            = w->listener.total;
    stats->processes_unknown = w->ids.processes.unknown;
    stats->windows           = w->ids.nb_order;
    stats->elsewhere         = w->elsewhere;
}
