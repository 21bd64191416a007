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
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "tell.h"

/* ---- how many lines ---- */

void ff_magnifier_rt_tell_rest(MagnifierTell *tell)
{
    if (tell->muted)
        ff_magnifier_log(tell->log, AV_LOG_INFO, "%d more windows came or went\n", tell->muted);
    tell->lines = tell->muted = 0;
}

static void rt_look_at_the_clock(MagnifierTell *tell)
{
    uint64_t second = GetTickCount64() / 1000;

    if (second == tell->second)
        return;
    ff_magnifier_rt_tell_rest(tell);
    tell->second = second;
}

void ff_magnifier_rt_tell_walked(MagnifierTell *tell, int limited)
{
    tell->limited = limited;
    rt_look_at_the_clock(tell);
}

/** @return 0 when there were enough lines in this second */
static int rt_may_write(MagnifierTell *tell)
{
    rt_look_at_the_clock(tell);
    if (tell->limited && tell->lines >= MAGNIFIER_TELL_LINES) {
        tell->muted++;
        return 0;
    }
    tell->lines++;
    return 1;
}

/* ---- what is in them ---- */

static void print_why(AVBPrint *bp, const MagnifierMatch *match, const MagnifierWindow *win)
{
    const char *rule = win->rule >= 0 && win->rule < match->nb ? match->texts[win->rule] : "";

    switch (win->why) {
    case MAGNIFIER_WHY_NOT:
        break;
    case MAGNIFIER_WHY_RULE:
        av_bprintf(bp, "rule %d: %s", win->rule + 1, rule);
        break;
    case MAGNIFIER_WHY_UNKNOWN:
        if (win->rule < 0) {
            av_bprintf(bp, "stands for a hung window of which nothing is known");
            break;
        }
        av_bprintf(bp, "too little is known of it for rule %d: %s", win->rule + 1, rule);
        break;
    case MAGNIFIER_WHY_OWNER:
        av_bprintf(bp, "its owner 0x%"PRIx64" is left out", (uint64_t)(uintptr_t)win->owner);
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

static const char *name_of(const MagnifierProcess *process)
{
    return process && process->name ? process->name : "?";
}

static void print_title(AVBPrint *bp, const MagnifierWindow *win)
{
    char *title = win->title_length >= 0 ? ff_magnifier_utf8(win->title, win->title_length) : NULL;

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

static void print_identity(AVBPrint *bp, const MagnifierWindow *win)
{
    av_bprintf(bp, "0x%"PRIx64", pid %lu, %s, class %s, title ",
               (uint64_t)(uintptr_t)win->hwnd, win->pid, name_of(win->process),
               win->class_name[0] ? win->class_name : "?");
    print_title(bp, win);
    if (win->app)
        av_bprintf(bp, ", holding pid %lu, %s", win->app->pid, name_of(win->app));
}

void ff_magnifier_rt_tell_window(MagnifierTell *tell, MagnifierWindow *win, int joined)
{
    int unknown = joined && win->why == MAGNIFIER_WHY_UNKNOWN;
    AVBPrint bp;

    win->told = joined;
    tell->matched += joined;
    tell->unknown += unknown;
    if (!rt_may_write(tell))
        return;
    if (joined)
        ff_magnifier_rt_window_read_title(tell->ids, win);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    print_identity(&bp, win);
    if (joined) {
        av_bprintf(&bp, " (");
        print_why(&bp, tell->match, win);
        av_bprintf(&bp, ")");
    }
    ff_magnifier_log(tell->log, unknown ? AV_LOG_WARNING : AV_LOG_INFO, "%s %s\n",
                     joined ? "leaving out" : "no longer leaving out", bp.str);
    av_bprint_finalize(&bp, NULL);
}

void ff_magnifier_rt_tell_print(MagnifierTell *tell, MagnifierWindow *win,
                                const MagnifierGuardWindow *seen, AVBPrint *bp)
{
    ff_magnifier_rt_match_describe(tell->match, win, bp);
    av_bprintf(bp, "\thwnd 0x%"PRIx64" pid %lu", (uint64_t)(uintptr_t)win->hwnd, win->pid);
    if (seen && seen->flags & MAGNIFIER_GUARD_NO_RECT) {
        av_bprintf(bp, " hidden");
    } else if (seen) {
        const MagnifierGuardRect *r = &seen->rect;

        av_bprintf(bp, " %dx%d at %d,%d", r->right - r->left, r->bottom - r->top, r->left, r->top);
    }
    if (win->why) {
        av_bprintf(bp, "\tleft out, ");
        print_why(bp, tell->match, win);
    }
    av_bprintf(bp, "\n");
}
