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
 * A line for each program that comes to be left out, once for each rule: whoever reads no lines,
 * as at the other end of a pipe, must not hold up the recording for them. Only at the start does it
 * have a title. For those who want to know more, AV_LOG_VERBOSE, a line for each window that comes
 * to be left out, or no longer is; the ones that nobody could read in a second are counted. And a
 * line for any window, when the user asks what the rules see.
 */

#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavutil/crc.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "window_internal.h"

/** Lines about what is left out in each minute, about windows that come and go in each second. */
#define LINES 20

void ff_magnifier_rt_report_muted(MagnifierWindows *w, int at_end)
{
    uint64_t second = GetTickCount64() / 1000;

    if (second == w->second && !at_end)
        return;
    if (w->muted)
        ff_magnifier_log(w->log, AV_LOG_VERBOSE, "%d more windows came or went\n", w->muted);
    if (second / 60 != w->second / 60)
        w->news = 0;
    w->second = second;
    w->lines  = w->muted = 0;
}

/** Is this the first line about its program and rule, and is there room for it in this minute? */
static int is_news(MagnifierWindows *w, const MagnifierWindow *win)
{
    const MagnifierRuleText name = ff_magnifier_text_folded(&win->process->name);
    const uint32_t key  = (uint32_t)win->match.rule << 8 | win->match.why;
    /* of no bytes, av_crc() reads some all the same */
    const uint32_t what = !name.units || !name.nb ? key :
                          av_crc(av_crc_get_table(AV_CRC_32_IEEE), key,
                                 (const uint8_t *)name.units, 2 * name.nb);

    if (w->news == LINES)
        return 0;
    for (unsigned i = 0; i < FFMIN(w->nb_told, FF_ARRAY_ELEMS(w->told)); i++)
        if (w->told[i] == what)
            return 0;
    w->told[w->nb_told++ % FF_ARRAY_ELEMS(w->told)] = what;
    w->news++;
    return 1;
}

/** @return 0 when there were enough lines in this second; of the first look all are wanted */
static int may_write(MagnifierWindows *w)
{
    if (w->stats.looks > 1 && w->lines >= LINES) {
        w->muted++;
        return 0;
    }
    w->lines++;
    return 1;
}

/* ---- what is in them ---- */

static void print_why(AVBPrint *bp, const MagnifierWindows *w, const MagnifierWindow *win,
                      HWND owner)
{
    int number       = win->match.rule;
    const char *rule = number >= 0 && number < w->nb_rules ? w->rule_texts[number] : "";

    switch (win->match.why) {
    case MAGNIFIER_WHY_NOT:
        break;
    case MAGNIFIER_WHY_RULE:
        av_bprintf(bp, "rule %d: %s", number + 1, rule);
        break;
    case MAGNIFIER_WHY_UNKNOWN:
        if (number < 0) {
            av_bprintf(bp, "stands for a hung window of which nothing is known");
            break;
        }
        av_bprintf(bp, "too little is known of it for rule %d: %s", number + 1, rule);
        break;
    case MAGNIFIER_WHY_OWNER:
        av_bprintf(bp, "its owner 0x%"PRIx64" is left out", (uint64_t)(uintptr_t)owner);
        break;
    case MAGNIFIER_WHY_THREAD:
        av_bprintf(bp, "popup of a program that is left out");
        break;
    case MAGNIFIER_WHY_GHOST:
        av_bprintf(bp, "stands for a hung window that is left out");
        break;
    case MAGNIFIER_WHY_CHILD:
        av_bprintf(bp, "holds a window that is left out");
        break;
    case MAGNIFIER_WHY_CONSOLE:
        av_bprintf(bp, "shows the console of a program that is left out");
        break;
    }
}

static void print_name(AVBPrint *bp, const MagnifierText *text)
{
    if (!text->nb || !ff_magnifier_text_print(bp, text, UINT_MAX))
        av_bprintf(bp, "?");
}

static void print_title(AVBPrint *bp, const MagnifierWindow *win)
{
    const MagnifierText *title = &win->title.text;

    av_bprintf(bp, title->units ? "\"" : "unknown");
    if (title->units && ff_magnifier_text_print(bp, title, 200))
        av_bprintf(bp, "\"");
}

static void print_window(AVBPrint *bp, const MagnifierWindow *win, int with_title)
{
    av_bprintf(bp, "0x%"PRIx64", pid %lu, ", (uint64_t)(uintptr_t)win->hwnd, win->process->pid);
    print_name(bp, &win->process->name);
    av_bprintf(bp, ", class ");
    print_name(bp, &win->class_name);
    if (with_title) {
        av_bprintf(bp, ", title ");
        print_title(bp, win);
    }
    if (win->app) {
        av_bprintf(bp, ", holding pid %lu, ", win->app->pid);
        print_name(bp, &win->app->name);
    }
}

void ff_magnifier_rt_report(MagnifierWindows *w, MagnifierWindow *win, HWND owner)
{
    int unknown = win->match.why == MAGNIFIER_WHY_UNKNOWN;
    int level   = AV_LOG_VERBOSE;
    AVBPrint bp;

    win->reported = !!win->match.why;
    w->stats.matched += win->reported;
    w->stats.unknown += unknown;
    /* That too little is known of a window is warned of below, and mostly of a system's process. */
    if (win->reported && !unknown)
        ff_magnifier_rt_process_compare(&w->processes, win->process);
    ff_magnifier_rt_json_log(w, win);
    ff_magnifier_rt_report_muted(w, 0);
    if (win->reported && is_news(w, win))
        level = unknown ? AV_LOG_WARNING : AV_LOG_INFO;
    else if (!may_write(w))
        return;
    if (win->reported)
        ff_magnifier_rt_window_refresh_title(w, win);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    print_window(&bp, win, level == AV_LOG_VERBOSE || w->stats.looks <= 1);
    if (win->reported) {
        av_bprintf(&bp, " (");
        print_why(&bp, w, win, owner);
        av_bprintf(&bp, ")");
    }
    ff_magnifier_log(w->log, level, "%s %s\n",
                     win->reported ? "leaving out" : "no longer leaving out", bp.str);
    av_bprint_finalize(&bp, NULL);
}

int ff_magnifier_rt_windows_leaves_out(const MagnifierWindows *w, uint64_t handle)
{
    const MagnifierWindow *win = ff_magnifier_window_find(w, (HWND)(uintptr_t)handle);

    return win && win->reported;
}

void ff_magnifier_rt_report_print(MagnifierWindows *w, const MagnifierWindowFacts *f, AVBPrint *bp)
{
    MagnifierGuardList seen = { 0 };
    MagnifierWindow *win    = f->win;

    ff_magnifier_rt_match_describe(w, win, bp);
    av_bprintf(bp, "\thwnd 0x%"PRIx64" pid %lu", (uint64_t)(uintptr_t)win->hwnd, win->process->pid);
    if (ff_magnifier_rt_window_add(w, &seen, f, 0) >= 0) {
        const MagnifierRect *r = &seen.windows[0].rect;

        if (seen.windows[0].flags & MAGNIFIER_GUARD_NO_RECT)
            av_bprintf(bp, " hidden");
        else
            av_bprintf(bp, " %dx%d at %d,%d", r->right - r->left, r->bottom - r->top, r->left,
                       r->top);
    }
    av_freep(&seen.windows);
    if (win->match.why) {
        av_bprintf(bp, "\tleft out, ");
        print_why(bp, w, win, f->owner);
    }
    av_bprintf(bp, "\n");
}
