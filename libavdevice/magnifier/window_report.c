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
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "window_internal.h"

/* Lines about windows that come and go, in each second. */
#define LINES 20

void ff_magnifier_rt_report_muted(MagnifierWindows *w, int at_end)
{
    uint64_t second = GetTickCount64() / 1000;

    if (second == w->second && !at_end)
        return;
    if (w->muted)
        ff_magnifier_log(w->log, AV_LOG_INFO, "%d more windows came or went\n", w->muted);
    w->second = second;
    w->lines  = w->muted = 0;
}

/** @return 0 when there were enough lines in this second; of the first look all are wanted */
static int rt_may_write(MagnifierWindows *w)
{
    ff_magnifier_rt_report_muted(w, 0);
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
    }
}

/** @param unknown what stands for a text that is unknown or empty */
static void print_text(AVBPrint *bp, const MagnifierText *text, const char *unknown)
{
    char *utf8 = ff_magnifier_text_utf8(text);

    av_bprintf(bp, "%s", utf8 && *utf8 ? utf8 : unknown);
    av_free(utf8);
}

static void print_title(AVBPrint *bp, const MagnifierWindow *win)
{
    char *title = ff_magnifier_text_utf8(&win->title.text);

    if (title) {
        char *c;

        /* A title must not write lines of its own, nor very long ones. */
        for (c = title; *c && (c - title < 200 || (*c & 0xC0) == 0x80); c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7F)
                *c = ' ';
        av_bprintf(bp, "\"%.*s%s\"", (int)(c - title), title, *c ? "..." : "");
    } else {
        av_bprintf(bp, "unknown");
    }
    av_free(title);
}

static void print_window(AVBPrint *bp, const MagnifierWindow *win)
{
    av_bprintf(bp, "0x%"PRIx64", pid %lu, ", (uint64_t)(uintptr_t)win->hwnd, win->process->pid);
    print_text(bp, &win->process->name, "?");
    av_bprintf(bp, ", class ");
    print_text(bp, &win->class_name, "?");
    av_bprintf(bp, ", title ");
    print_title(bp, win);
    if (win->app) {
        av_bprintf(bp, ", holding pid %lu, ", win->app->pid);
        print_text(bp, &win->app->name, "?");
    }
}

void ff_magnifier_rt_report(MagnifierWindows *w, MagnifierWindow *win, HWND owner)
{
    int unknown = win->match.why == MAGNIFIER_WHY_UNKNOWN;
    AVBPrint bp;

    win->reported = !!win->match.why;
    w->stats.matched += win->reported;
    w->stats.unknown += unknown;
    if (!rt_may_write(w))
        return;
    if (win->reported)
        ff_magnifier_rt_window_refresh_title(w, win);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    print_window(&bp, win);
    if (win->reported) {
        av_bprintf(&bp, " (");
        print_why(&bp, w, win, owner);
        av_bprintf(&bp, ")");
    }
    ff_magnifier_log(w->log, unknown ? AV_LOG_WARNING : AV_LOG_INFO, "%s %s\n",
                     win->reported ? "leaving out" : "no longer leaving out", bp.str);
    av_bprint_finalize(&bp, NULL);
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
