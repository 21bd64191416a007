/*
 * Windows Magnification API screen capture: what the walk of windows costs
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
 * bench_windows SUBJECT.EXE [WINDOWS [RULES]]: the time of a walk and of a drain, with many
 * windows of another program; and the same in questions about one of these windows, which under
 * Wine are calls of its server.
 */

#include "config.h"

#include <windows.h>

#include "libavutil/log.h"
#include "libavutil/mem.h"

/* Linked without the room, as the tests, which include it. */
#include "libavdevice/magnifier/window.c"
#include "libavdevice/magnifier/guard.h"

#include "pump.h"
#include "stranger.h"

#define FRAMES 120

/* The windows are those of so many programs, and each tenth is on the screen. */
#define PROGRAMS 20

static double microseconds(void)
{
    LARGE_INTEGER f, c;

    QueryPerformanceFrequency(&f);
    QueryPerformanceCounter(&c);
    return c.QuadPart * 1e6 / f.QuadPart;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/** The yardstick: one question about a window of another program, microseconds. */
static double one_question(HWND hwnd)
{
    double begin = microseconds();
    int i;

    for (i = 0; i < 1000; i++)
        GetWindow(hwnd, GW_OWNER);
    return (microseconds() - begin) / 1000;
}

/** As the guard does when it has set its list, which has room for all here. */
static void list_them(MagnifierWindows *windows, const MagnifierGuardList *seen)
{
    uint64_t handles[MAGNIFIER_GUARD_LIST_CAP];
    int nb = 0;
    size_t i;

    for (i = 0; i < seen->nb_windows && nb < MAGNIFIER_GUARD_LIST_CAP; i++)
        handles[nb++] = seen->windows[i].handle;
    ff_magnifier_rt_windows_listed(windows, handles, nb);
}

/** As the guard: drain, walk, (capture), drain, thorough walk, sixty times a second. */
static void measure(const char *name, HWND hwnd, const char *text)
{
    double walks[2 * FRAMES], drains[2 * FRAMES], frames[FRAMES], first;
    MagnifierWindows *windows;
    MagnifierRules *rules = NULL;
    MagnifierGuardList seen = { 0 };
    MagnifierWindowsStats stats;
    char error[MAGNIFIER_RULES_ERROR];
    int i, j;

    if (ff_magnifier_rules_add(&rules, text, error, sizeof(error)) < 0 ||
        ff_magnifier_rt_windows_open(&windows, rules, NULL) < 0) {
        printf("%s: %s\n", name, error);
        exit(1);
    }
    first = microseconds();
    ff_magnifier_rt_windows_walk(windows, &seen, 1);
    first = microseconds() - first;
    list_them(windows, &seen);
    for (i = 0; i < FRAMES; i++) {
        double begin = microseconds();

        for (j = 0; j < 2; j++) {
            double t = microseconds(), u;

            seen.nb_windows = 0;
            ff_magnifier_rt_windows_drain(windows, &seen);
            u = microseconds();
            drains[2 * i + j] = u - t;
            seen.nb_windows = 0;
            ff_magnifier_rt_windows_walk(windows, &seen, j);
            walks[2 * i + j] = microseconds() - u;
        }
        frames[i] = microseconds() - begin;
        Sleep(16);
    }
    ff_magnifier_rt_windows_stats(windows, &stats);
    qsort(walks, 2 * FRAMES, sizeof(*walks), by_value);
    qsort(drains, 2 * FRAMES, sizeof(*drains), by_value);
    qsort(frames, FRAMES, sizeof(*frames), by_value);
    printf("%-34s %4d windows %4d match  first walk %7.1f ms  walk %5.0f us  drain %5.0f us  "
           "frame %5.0f us (95%%: %5.0f), %4.0f questions\n", name, stats.windows, stats.matching, first / 1000,
           walks[FRAMES], drains[FRAMES], frames[FRAMES / 2], frames[FRAMES * 95 / 100],
           frames[FRAMES / 2] / one_question(hwnd));
    fflush(stdout);
    ff_magnifier_rt_windows_close(&windows);
    av_freep(&seen.windows);
}

/** Rules of a kind, "|" between them. */
static char *many(const char *pattern, int nb)
{
    char *text = malloc(nb * (strlen(pattern) + 12) + 1), *at = text;
    int i;

    for (i = 0; i < nb; i++) {
        if (i)
            *at++ = '|';
        at += sprintf(at, pattern, i);
    }
    return text;
}

/** A quarter each of the kinds of rules. */
static char *mixed(int nb)
{
    char *exe   = many("exe=program%d.exe", nb / 4), *class = many("class=None%d", nb / 4);
    char *both  = many("class=Class5%d&title=*secret*", nb / 4);
    char *title = many("title=*secret %d*", nb - nb / 4 * 3);
    char *all   = malloc(strlen(exe) + strlen(class) + strlen(both) + strlen(title) + 4);

    sprintf(all, "%s|%s|%s|%s", exe, class, both, title);
    free(exe);
    free(class);
    free(both);
    free(title);
    return all;
}

/** The same, and two more that leave out ten windows. */
static char *matching(char *text)
{
    char *all = malloc(strlen(text) + 40);

    sprintf(all, "%s|class=Class7|class=Class8", text);
    free(text);
    return all;
}

int main(int argc, char **argv)
{
    int nb = argc > 2 ? atoi(argv[2]) : 500, nb_rules = argc > 3 ? atoi(argv[3]) : 50, i;
    Stranger programs[PROGRAMS];
    HWND hwnd = NULL;

    for (i = 0; i < PROGRAMS; i++)
        programs[i] = stranger_start(argv[1]);
    for (i = 0; i < nb; i++) {
        char class_name[32], title[64];

        snprintf(class_name, sizeof(class_name), "Class%d", i % 100);
        snprintf(title, sizeof(title), "the title of window number %d", i);
        hwnd = stranger_window(&programs[i * PROGRAMS / nb], class_name, title,
                               WS_POPUP | (i % 10 ? 0 : WS_VISIBLE), 0, NULL);
    }
    measure("exe, nothing matches",  hwnd, many("exe=program%d.exe", nb_rules));
    measure("class, 10 match",       hwnd, matching(many("class=None%d", nb_rules - 2)));
    measure("class and title",       hwnd, many("class=Class5%d&title=*secret*", nb_rules));
    measure("title of every window", hwnd, many("title=*secret %d*", nb_rules));
    measure("all kinds, 10 match",   hwnd, matching(mixed(nb_rules - 2)));
    for (i = 0; i < PROGRAMS; i++)
        stranger_end(&programs[i]);
    return 0;
}
