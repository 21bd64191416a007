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

#include <stdint.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "events.h"
#include "identity.h"
#include "judge.h"
#include "kin.h"
#include "match.h"
#include "roster.h"
#include "shown.h"
#include "sight.h"
#include "tell.h"
#include "window.h"

/* Newer than _WIN32_WINNT. */
#define OBJECT_IO 6

/* Milliseconds between looks at what hardly ever changes. */
#define SETTING_PERIOD 1000

/* From so many windows that match, some may not fit on the list and be painted over, and
 * it matters where they are. */
#define MOVES_MATTER 8

struct MagnifierWindows {
    MagnifierLog       *log;
    MagnifierIdentities ids;
    MagnifierMatch      match;
    MagnifierKin        kin;
    MagnifierSight      sight;
    MagnifierTell       tell;
    MagnifierRoster     roster;
    MagnifierShown      shown;
    MagnifierListener   listener;
    MagnifierJudge      judge;

    HDESK               desktop;        ///< ours, which cannot change
    uint64_t            rounds;         ///< thorough walks that were completed
    int                 elsewhere;      ///< another desktop is on the screen; has been said
    int                 failing;        ///< the failure of the walk has been said
    int                 calm;           ///< the last walk was thorough, and nothing was heard since
    uint64_t            settings_due;

    MagnifierWindowsStats stats;        ///< those that no room counts
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
        ff_magnifier_log(w->log, AV_LOG_WARNING, "nobody says whether this desktop is the one on "
                         "the screen (error %lu); frames are held back until it is known\n", error);
    else if (!shown && !w->elsewhere)
        ff_magnifier_log(w->log, AV_LOG_WARNING, "another desktop is on the screen (that of a "
                         "request for a password, or the lock screen); frames are held back until "
                         "it is gone\n");
    w->elsewhere = !shown;
    return shown ? 0 : AVERROR_EXTERNAL;
}

/**
 * Behind a frame there are two thorough walks before it leaves, so each of them asks one half of
 * the windows on the screen for what may change without an event, and those that were not
 * asked the last time since they were hidden.
 */
static int is_its_turn(MagnifierWindow *win, uint64_t round)
{
    if (!round || win->hidden || ((win->serial ^ round) & 1 && win->round + 1 >= round))
        return 0;
    win->round = round;
    return 1;
}

/** Walk and ask; leaves the windows in w->ids.order. */
static int rt_walk(MagnifierWindows *w, int thorough)
{
    uint64_t round = thorough ? w->rounds + 1 : 0;
    int ret, i;

    rt_read_settings(w);
    ret = ff_magnifier_rt_roster_walk(&w->roster, thorough);
    if (ret >= 0 && thorough && (w->stats.matching || w->match.keys & MAGNIFIER_KEY_TITLE))
        ff_magnifier_rt_shown_look(&w->shown, w->stats.matching);
    for (i = 0; i < w->ids.nb_order && ret >= 0; i++)
        ff_magnifier_rt_match_ask(&w->match, w->ids.order[i],
                                  is_its_turn(w->ids.order[i], round));
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
        ff_magnifier_rt_kin_relate(&w->kin, w->stats.walks, round);

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
    w->rounds += thorough;
    return 0;
}

int ff_magnifier_rt_windows_walk(void *windows, MagnifierGuardList *list, int thorough)
{
    MagnifierWindows *w = windows;
    int i, ret = rt_is_on_screen(w);

    if (ret < 0)
        w->stats.failed++;
    else if (thorough || !w->calm)
        ret = rt_walk(w, thorough);
    /* Else what the last one found will do. */
    w->calm = ret >= 0 && thorough;
    for (i = 0; i < w->ids.nb_order && ret >= 0; i++) {
        MagnifierWindow *win = w->ids.order[i];
        size_t nb = list->nb_windows;

        /* One that is on the list is not in the frame, shown or not. */
        if (win->why && thorough && !win->listed)
            ret = ff_magnifier_rt_sight_add(&w->sight, list, win, 0);
        else if (win->why)
            ret = ff_magnifier_rt_sight_add_again(&w->sight, list, win);
        if (win->overdue && list->nb_windows > nb)
            list->windows[nb].flags |= MAGNIFIER_GUARD_OVERDUE;
        win->overdue = 0;
    }
    return ret;
}

void ff_magnifier_rt_windows_listed(MagnifierWindows *w, const uint64_t *handles, int nb)
{
    unsigned k;
    int i;

    for (k = 0; k < w->ids.size; k++)
        if (w->ids.table[k])
            w->ids.table[k]->listed = 0;
    for (i = 0; i < nb; i++) {
        MagnifierWindow *win = ff_magnifier_window_find(&w->ids, (HWND)(uintptr_t)handles[i]);

        if (win)
            win->listed = 1;
    }
}

int ff_magnifier_rt_windows_drain(void *windows, MagnifierGuardList *events)
{
    MagnifierWindows *w = windows;
    int heard = ff_magnifier_rt_events_collect(&w->listener);
    int ret = ff_magnifier_rt_judge_events(&w->judge, w->listener.events, w->listener.nb, events);
    int shown;

    w->calm &= heard >= 0 && !w->listener.nb;
    ff_magnifier_rt_events_clear(&w->listener);
    shown = rt_is_on_screen(w);
    if (heard < 0)
        return heard;
    return ret < 0 ? ret : shown;
}

/* ---- opening, rules, reports ---- */

int ff_magnifier_rt_windows_set_rules(MagnifierWindows *w, MagnifierRules *rules)
{
    int ret = ff_magnifier_rt_match_set_rules(&w->match, rules);

    /* The console is asked for only while rules speak of it. */
    if (ret >= 0)
        w->settings_due = w->calm = 0;
    return ret;
}

av_cold int ff_magnifier_rt_windows_open(MagnifierWindows **windows, MagnifierRules *rules,
                                         MagnifierLog *log)
{
    MagnifierWindows *w = av_mallocz(sizeof(*w));
    int ret;

    *windows = NULL;
    if (!w) {
        ff_magnifier_rules_free(&rules);
        return AVERROR(ENOMEM);
    }
    w->log     = w->ids.processes.log = log;
    w->desktop = GetThreadDesktop(GetCurrentThreadId());
    w->tell    = (MagnifierTell)   { .log = log, .ids = &w->ids, .match = &w->match };
    w->roster  = (MagnifierRoster) { .top.log = log, .ids = &w->ids, .tell = &w->tell };
    w->shown   = (MagnifierShown)  { .ids = &w->ids };
    w->judge   = (MagnifierJudge)  { .ids = &w->ids, .match = &w->match, .kin = &w->kin,
                                     .roster = &w->roster, .sight = &w->sight };

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

av_cold void ff_magnifier_rt_windows_close(MagnifierWindows **windows)
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
