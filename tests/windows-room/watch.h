/*
 * Windows Magnification API screen capture: watching windows, for tests
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
 * What the guard is for the files that look at windows: looks, drains, and holds what came back
 * last. Include once in a program.
 */

#ifndef TESTS_WINDOWS_ROOM_WATCH_H
#define TESTS_WINDOWS_ROOM_WATCH_H

#include "config.h"

#include <inttypes.h>

#include <windows.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

/* Most goes by window.h. The rest is for what takes Windows a minute, or what it does not let
 * a test do. */
#include "libavdevice/magnifier/window_internal.h"

#include "pump.h"
#include "stranger.h"
#include "tap.h"

#define SHOWN (WS_OVERLAPPEDWINDOW | WS_VISIBLE)

/* On a busy machine the events of one drain may take longer than the drain waits for them. */
#define DRAIN_TRIES 20

static const char *subject_exe;
static char subject_dir[MAX_PATH];
static char lines[1 << 16];
static int warnings;

static void keep_line(void *avcl, int level, const char *fmt, va_list vl)
{
    size_t at = strlen(lines);

    warnings += level <= AV_LOG_WARNING;
    if (level <= AV_LOG_VERBOSE)
        vsnprintf(lines + at, sizeof(lines) - at, fmt, vl);
}

typedef struct Watch {
    MagnifierWindows *windows;
    MagnifierLog *log;
    MagnifierGuardList seen;
} Watch;

static MagnifierRules *rules_of(const char *text)
{
    MagnifierRules *rules = NULL;
    char error[MAGNIFIER_RULES_ERROR];

    if (ff_magnifier_rules_add(&rules, text, error, sizeof(error)) < 0) {
        printf("Bail out! rule %s: %s\n", text, error);
        exit(1);
    }
    return rules;
}

static Watch watch(const char *fmt, ...)
{
    Watch w = { .log = ff_magnifier_log_alloc() };
    char text[1024];
    va_list vl;

    va_start(vl, fmt);
    vsnprintf(text, sizeof(text), fmt, vl);
    va_end(vl);
    lines[0] = 0;
    warnings = 0;
    if (ff_magnifier_rt_windows_open(&w.windows, rules_of(text), w.log) < 0) {
        printf("Bail out! the windows cannot be watched\n");
        exit(1);
    }
    return w;
}

static int look(Watch *w)
{
    int ret;

    w->seen.nb_windows = 0;
    ret = ff_magnifier_rt_windows_look(w->windows, &w->seen);
    ff_magnifier_log_flush(w->log, NULL);
    return ret;
}

/** Fetch all that was told. What comes after a wait that was in vain is told, too. */
static int drain(Watch *w)
{
    int ret, tries = DRAIN_TRIES;

    w->seen.nb_windows = 0;
    do {
        ret = ff_magnifier_rt_windows_drain(w->windows, &w->seen);
        ff_magnifier_log_flush(w->log, NULL);
    } while (ret == AVERROR_EXTERNAL && !deaf && --tries);
    if (ret < 0)
        printf("# a drain failed: %d\n", ret);
    return ret;
}

static MagnifierWindowsStats stats(const Watch *w)
{
    MagnifierWindowsStats s;

    ff_magnifier_rt_windows_stats(w->windows, &s);
    return s;
}

/** Is this entry about a window as one that covers, not as one that matches? */
static int is_cover(const MagnifierGuardWindow *win)
{
    return !!(win->flags & MAGNIFIER_GUARD_COVERS);
}

static const MagnifierGuardWindow *find(const Watch *w, HWND hwnd, int covers)
{
    size_t i;

    for (i = 0; i < w->seen.nb_windows; i++)
        if (w->seen.windows[i].handle == (uintptr_t)hwnd && is_cover(&w->seen.windows[i]) == covers)
            return &w->seen.windows[i];
    return NULL;
}

/** What came back of this window because it matches, or may have. */
static const MagnifierGuardWindow *entry(const Watch *w, HWND hwnd)
{
    return find(w, hwnd, 0);
}

/** What came back of this window because it covers what is below it. */
static const MagnifierGuardWindow *cover(const Watch *w, HWND hwnd)
{
    return find(w, hwnd, 1);
}

/**
 * Is it one of the hidden windows that each thread with a window has for input methods? In
 * Wine 10, as in Windows, they are top-level windows, and belong to what matches.
 */
static int is_for_input(const MagnifierGuardWindow *win)
{
    char name[20] = "";

    GetClassNameA((HWND)(uintptr_t)win->handle, name, sizeof(name));
    return !strcmp(name, "IME") || !strcmp(name, "Wine IME");
}

/** How many came back because they match, or may have? */
static int nb_entries(const Watch *w)
{
    size_t i;
    int nb = 0;

    for (i = 0; i < w->seen.nb_windows; i++)
        nb += !is_cover(&w->seen.windows[i]) && !is_for_input(&w->seen.windows[i]);
    return nb;
}

/** Does one look see it? */
static int sees(Watch *w, HWND hwnd)
{
    return look(w) >= 0 && entry(w, hwnd);
}

static uint64_t serial(Watch *w, HWND hwnd)
{
    return sees(w, hwnd) ? entry(w, hwnd)->serial : 0;
}

static MagnifierWindow *known(const Watch *w, HWND hwnd)
{
    MagnifierWindow *win = ff_magnifier_window_find(w->windows, hwnd);

    if (!win) {
        printf("Bail out! window 0x%lx is not known\n", H(hwnd));
        exit(1);
    }
    return win;
}

static void unwatch(Watch *w)
{
    ff_magnifier_rt_windows_close(&w->windows);
    ff_magnifier_log_flush(w->log, NULL);
    ff_magnifier_log_free(&w->log);
    av_freep(&w->seen.windows);
}

/** A second program from the same file, under another name. */
static Stranger start_as(const char *name, char *path)
{
    snprintf(path, MAX_PATH, "%s\\%s", subject_dir, name);
    CopyFileA(subject_exe, path, FALSE);
    return stranger_start(path);
}

/** Run all tests, or the one that the second argument gives the number of. */
static void run(int argc, char **argv, void (*const *tests)(void), size_t nb)
{
    size_t i;

    if (argc < 2) {
        printf("Bail out! usage: %s SUBJECT.EXE [NUMBER | slow]\n", argv[0]);
        exit(2);
    }
    subject_exe = argv[1];
    GetFullPathNameA(subject_exe, sizeof(subject_dir), subject_dir, NULL);
    *strrchr(subject_dir, '\\') = 0;
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(keep_line);
    for (i = 0; i < nb; i++)
        if (argc < 3 || !strcmp(argv[2], "slow") || i == strtoul(argv[2], NULL, 0))
            tests[i]();
}

#endif /* TESTS_WINDOWS_ROOM_WATCH_H */
