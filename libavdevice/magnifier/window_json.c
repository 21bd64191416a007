/*
 * magnifier: windows in JSON
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
 * What is a program told of windows that are left out, and of all the others?
 *
 * A line in the log of the exclusion for each window that comes to be left out, or no longer is,
 * however many there are; an object for any window when the user asks what the rules see.
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "json.h"
#include "window_internal.h"

static const char *why_name(MagnifierWhy why)
{
    switch (why) {
    case MAGNIFIER_WHY_RULE:    return "rule";
    case MAGNIFIER_WHY_UNKNOWN: return "unknown";
    case MAGNIFIER_WHY_OWNER:   return "owner";
    case MAGNIFIER_WHY_THREAD:  return "thread";
    case MAGNIFIER_WHY_GHOST:   return "ghost";
    case MAGNIFIER_WHY_CHILD:   return "child";
    case MAGNIFIER_WHY_CONSOLE: return "console";
    case MAGNIFIER_WHY_NOT:     break;
    }
    return NULL;
}

static void put_text(AVBPrint *bp, const char *name, const MagnifierText *text)
{
    char *utf8 = ff_magnifier_text_utf8(text);

    ff_magnifier_json_member(bp, name, utf8);
    av_free(utf8);
}

/** Which window is it? No comma before. */
static void put_identity(AVBPrint *bp, const MagnifierWindow *win)
{
    av_bprintf(bp, "\"hwnd\":\"0x%"PRIx64"\",\"pid\":%lu", (uint64_t)(uintptr_t)win->hwnd,
               win->process->pid);
    put_text(bp, "exe",   &win->process->name);
    put_text(bp, "class", &win->class_name);
    if (win->app) {
        av_bprintf(bp, ",\"app_pid\":%lu", win->app->pid);
        put_text(bp, "app_exe", &win->app->name);
    }
}

/** Why is it left out? The rules are counted from 1. */
static void put_match(AVBPrint *bp, const MagnifierWindow *win)
{
    ff_magnifier_json_member(bp, "why", why_name(win->match.why));
    if (win->match.why && win->match.rule >= 0)
        av_bprintf(bp, ",\"rule\":%d", win->match.rule + 1);
    else
        av_bprintf(bp, ",\"rule\":null");
}

void ff_magnifier_rt_json_log(MagnifierWindows *w, MagnifierWindow *win)
{
    char *title;
    AVBPrint bp;

    if (!w->exclude_log)
        return;
    ff_magnifier_exclude_log_begin(w->exclude_log, &bp, win->reported ? "match" : "unmatch");
    av_bprintf(&bp, ",");
    put_identity(&bp, win);
    if (win->reported) {
        ff_magnifier_rt_window_refresh_title(w, win);
        title = ff_magnifier_text_utf8(&win->title.text);
        ff_magnifier_exclude_log_title(w->exclude_log, &bp, title);
        av_free(title);
        put_match(&bp, win);
    }
    ff_magnifier_exclude_log_end(w->exclude_log, &bp);
}

static void put_rect(MagnifierWindows *w, const MagnifierWindowFacts *f, AVBPrint *bp)
{
    MagnifierGuardList seen = { 0 };

    av_bprintf(bp, ",\"rect\":");
    if (ff_magnifier_rt_window_add(w, &seen, f, 0) >= 0 &&
        !(seen.windows[0].flags & MAGNIFIER_GUARD_NO_RECT)) {
        const MagnifierRect *r = &seen.windows[0].rect;

        av_bprintf(bp, "{\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d}", r->left, r->top,
                   r->right - r->left, r->bottom - r->top);
    } else {
        av_bprintf(bp, "null");
    }
    av_freep(&seen.windows);
}

void ff_magnifier_rt_json_print(MagnifierWindows *w, const MagnifierWindowFacts *f, AVBPrint *bp)
{
    const MagnifierWindow *win = f->win;
    const int rule = win->match.why ? win->match.rule : -1;
    AVBPrint own;

    av_bprint_init(&own, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rt_match_describe(w, f->win, &own); /* reads the title */
    av_bprintf(bp, bp->len > 1 ? ",\n{" : "\n{");
    put_identity(bp, win);
    put_text(bp, "path",  &win->process->path);
    put_text(bp, "title", &win->title.text);
    put_rect(w, f, bp);
    put_match(bp, win);
    ff_magnifier_json_member(bp, "rule_text", rule >= 0 && rule < w->nb_rules ? w->rule_texts[rule]
                                                                           : NULL);
    ff_magnifier_json_member(bp, "exclude", av_bprint_is_complete(&own) ? own.str : NULL);
    av_bprintf(bp, "}");
    av_bprint_finalize(&own, NULL);
}
