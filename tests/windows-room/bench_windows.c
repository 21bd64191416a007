/*
 * Windows Magnification API screen capture: what a look at windows asks
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
 * bench_windows SUBJECT.EXE [WINDOWS [RULES]]: how many questions a look and a drain ask the
 * system, with many windows of other programs. They are counted where this program calls what it
 * imports; the times are for comparison only.
 */

#include "config.h"

#include <windows.h>

#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/window_internal.h"

#include "imports.h"
#include "pump.h"
#include "stranger.h"

#define FRAMES 60

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

/* ---- questions ---- */

static int questions;

/** A function that counts its calls and passes them on. */
#define COUNTED(type, name, parameters, arguments)             \
    static type (WINAPI *real_##name) parameters;              \
    static type WINAPI counted_##name parameters               \
    {                                                          \
        questions++;                                           \
        return real_##name arguments;                          \
    }

COUNTED(DWORD, GetWindowThreadProcessId, (HWND hwnd, DWORD *pid), (hwnd, pid))
COUNTED(LONG,  GetWindowLongW, (HWND hwnd, int index), (hwnd, index))
COUNTED(HWND,  GetWindow, (HWND hwnd, UINT which), (hwnd, which))
COUNTED(HWND,  GetAncestor, (HWND hwnd, UINT which), (hwnd, which))
COUNTED(BOOL,  GetWindowRect, (HWND hwnd, RECT *rect), (hwnd, rect))
COUNTED(int,   GetWindowRgnBox, (HWND hwnd, RECT *rect), (hwnd, rect))
COUNTED(int,   GetClassNameW, (HWND hwnd, WCHAR *text, int size), (hwnd, text, size))
COUNTED(int,   InternalGetWindowText, (HWND hwnd, WCHAR *text, int size), (hwnd, text, size))
COUNTED(BOOL,  IsWindow, (HWND hwnd), (hwnd))
COUNTED(HWND,  FindWindowExW, (HWND parent, HWND after, const WCHAR *class_name,
                               const WCHAR *title), (parent, after, class_name, title))
COUNTED(HMONITOR, MonitorFromWindow, (HWND hwnd, DWORD flags), (hwnd, flags))
COUNTED(BOOL,  GetMonitorInfoW, (HMONITOR monitor, MONITORINFO *info), (monitor, info))
COUNTED(BOOL,  SystemParametersInfoW, (UINT action, UINT size, void *value, UINT flags),
        (action, size, value, flags))
COUNTED(BOOL,  GetUserObjectInformationW, (HANDLE object, int index, void *info, DWORD size,
                                           DWORD *needed), (object, index, info, size, needed))

static void count_questions(void)
{
#define COUNT(name) real_##name = (void *)imports_replace(#name, counted_##name)
    COUNT(GetWindowThreadProcessId);
    COUNT(GetWindowLongW);
    COUNT(GetWindow);
    COUNT(GetAncestor);
    COUNT(GetWindowRect);
    COUNT(GetWindowRgnBox);
    COUNT(GetClassNameW);
    COUNT(InternalGetWindowText);
    COUNT(IsWindow);
    COUNT(FindWindowExW);
    COUNT(MonitorFromWindow);
    COUNT(GetMonitorInfoW);
    COUNT(SystemParametersInfoW);
    COUNT(GetUserObjectInformationW);
}

/* What the device finds by name is not imported. */
COUNTED(LONG, build, (HDESK desktop, HWND parent, BOOL children, BOOL no_immersive, DWORD thread,
                      ULONG max, HWND *list, ULONG *count),
        (desktop, parent, children, no_immersive, thread, max, list, count))
COUNTED(UINT, dpi_for_window, (HWND hwnd), (hwnd))
COUNTED(HRESULT, get_attribute, (HWND hwnd, DWORD attribute, void *value, DWORD size),
        (hwnd, attribute, value, size))

static void count_questions_of(MagnifierWindows *w)
{
    if (w->top.build) {
        real_build   = w->top.build;
        w->top.build = counted_build;
    }
    if (w->dpi_for_window) {
        real_dpi_for_window = w->dpi_for_window;
        w->dpi_for_window   = counted_dpi_for_window;
    }
    if (w->get_attribute) {
        real_get_attribute = w->get_attribute;
        w->get_attribute   = counted_get_attribute;
    }
}

/** As the guard: drain, look, (capture), drain, sixty times a second. */
static void measure(const char *name, const char *text)
{
    double looks[FRAMES], drains[FRAMES];
    MagnifierWindows *windows;
    MagnifierRules *rules = NULL;
    MagnifierGuardList seen = { 0 };
    MagnifierWindowsStats stats;
    char error[MAGNIFIER_RULES_ERROR];
    int i, first, look = 0, drain = 0;

    if (ff_magnifier_rules_add(&rules, text, error, sizeof(error)) < 0 ||
        ff_magnifier_rt_windows_open(&windows, rules, NULL) < 0) {
        printf("%s: %s\n", name, error);
        exit(1);
    }
    questions = 0;
    ff_magnifier_rt_windows_look(windows, &seen);
    first = questions;
    count_questions_of(windows);
    for (i = 0; i < FRAMES; i++) {
        double t = microseconds(), u;

        questions = 0;
        seen.nb_windows = 0;
        ff_magnifier_rt_windows_drain(windows, &seen);
        drain += questions;
        u = microseconds();
        drains[i] = u - t;
        questions = 0;
        seen.nb_windows = 0;
        ff_magnifier_rt_windows_look(windows, &seen);
        look += questions;
        looks[i] = microseconds() - u;
        seen.nb_windows = 0;
        ff_magnifier_rt_windows_drain(windows, &seen);
        Sleep(16);
    }
    ff_magnifier_rt_windows_stats(windows, &stats);
    qsort(looks, FRAMES, sizeof(*looks), by_value);
    qsort(drains, FRAMES, sizeof(*drains), by_value);
    printf("%-22s %4d windows %3d match  questions: first look %5d, look %5.0f, drain %2.0f, "
           "slot %5.0f, a window %4.1f  (look %5.0f us, drain %4.0f us)\n", name, stats.windows,
           stats.matching, first, (double)look / FRAMES, (double)drain / FRAMES,
           (double)(look + 2 * drain) / FRAMES, (double)look / FRAMES / FFMAX(stats.windows, 1),
           looks[FRAMES / 2], drains[FRAMES / 2]);
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

    for (i = 0; i < PROGRAMS; i++)
        programs[i] = stranger_start(argv[1]);
    for (i = 0; i < nb; i++) {
        char class_name[32], title[64];

        snprintf(class_name, sizeof(class_name), "Class%d", i % 100);
        snprintf(title, sizeof(title), "the title of window number %d", i);
        stranger_window(&programs[i * PROGRAMS / nb], class_name, title,
                        WS_POPUP | (i % 10 ? 0 : WS_VISIBLE), 0, NULL);
    }
    count_questions();
    measure("exe, nothing matches",  many("exe=program%d.exe", nb_rules));
    measure("class, 10 match",       matching(many("class=None%d", nb_rules - 2)));
    measure("class and title",       many("class=Class5%d&title=*secret*", nb_rules));
    measure("title of every window", many("title=*secret %d*", nb_rules));
    measure("all kinds, 10 match",   matching(mixed(nb_rules - 2)));
    for (i = 0; i < PROGRAMS; i++)
        stranger_end(&programs[i]);
    return 0;
}
