/*
 * Test of display.c on a real desktop with two monitors
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
 * Run on a desktop of a 1280x720 monitor and a 1024x768 one to its left. Moves
 * and switches the second one with xrandr, and looks what display.c says.
 */

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libavutil/error.h"
#include "libavutil/log.h"

#include "libavdevice/magnifier/display.h"

#include "imports.h"
#include "tap.h"

static MagnifierLog *the_log;
static MagnifierDisplay display;

static int nb_lines;
static char last_line[512];

static void count_line(void *avcl, int level, const char *fmt, va_list vl)
{
    nb_lines++;
    vsnprintf(last_line, sizeof(last_line), fmt, vl);
}

static int lines_logged(void)
{
    nb_lines = 0;
    ff_magnifier_log_flush(the_log, NULL);
    return nb_lines;
}

/* ---- standing in for Windows ---- */

static int no_thread_dpi, process_aware, contexts_refused;
static int enum_fails, infos_fail, no_monitors, many_monitors;
static int shift_metrics;       ///< so many readings of the desktop are wrong
static const WCHAR *pseudo;     ///< the device that is a mirroring driver's
static HANDLE contexts[4];
static int nb_contexts;

static FARPROC (WINAPI *real_GetProcAddress)(HMODULE, LPCSTR);
static BOOL    (WINAPI *real_IsProcessDPIAware)(void);
static BOOL    (WINAPI *real_EnumDisplayMonitors)(HDC, LPCRECT, MONITORENUMPROC, LPARAM);
static BOOL    (WINAPI *real_EnumDisplayDevicesW)(LPCWSTR, DWORD, DISPLAY_DEVICEW *, DWORD);
static BOOL    (WINAPI *real_GetMonitorInfoW)(HMONITOR, MONITORINFO *);
static int     (WINAPI *real_GetSystemMetrics)(int);

static HANDLE WINAPI my_set_context(HANDLE context)
{
    if (nb_contexts < 4)
        contexts[nb_contexts++] = context;
    return contexts_refused-- > 0 ? NULL : (HANDLE)(INT_PTR)-1;
}

static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name)
{
    if (!strcmp(name, "SetThreadDpiAwarenessContext")) {
        if (no_thread_dpi)
            return NULL;
        if (contexts_refused)
            return (FARPROC)(void (*)(void))my_set_context;
    }
    return real_GetProcAddress(module, name);
}

static BOOL WINAPI my_IsProcessDPIAware(void)
{
    return process_aware;
}

static BOOL WINAPI my_EnumDisplayMonitors(HDC dc, LPCRECT clip,
                                          MONITORENUMPROC proc, LPARAM opaque)
{
    int i;

    if (enum_fails) {
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    if (no_monitors)
        return TRUE;
    for (i = 0; i < many_monitors; i++)
        real_EnumDisplayMonitors(dc, clip, proc, opaque);
    return real_EnumDisplayMonitors(dc, clip, proc, opaque);
}

static BOOL WINAPI my_EnumDisplayDevicesW(LPCWSTR name, DWORD i,
                                          DISPLAY_DEVICEW *device, DWORD flags)
{
    BOOL ok = real_EnumDisplayDevicesW(name, i, device, flags);

    if (ok && pseudo && !lstrcmpW(device->DeviceName, pseudo))
        device->StateFlags |= DISPLAY_DEVICE_MIRRORING_DRIVER;
    return ok;
}

static BOOL WINAPI my_GetMonitorInfoW(HMONITOR monitor, MONITORINFO *info)
{
    if (infos_fail) {
        SetLastError(ERROR_INVALID_MONITOR_HANDLE);
        return FALSE;
    }
    return real_GetMonitorInfoW(monitor, info);
}

static int WINAPI my_GetSystemMetrics(int index)
{
    int value = real_GetSystemMetrics(index);

    if (index == SM_CXVIRTUALSCREEN && shift_metrics > 0) {
        shift_metrics--;
        return value + 7;
    }
    return value;
}

#define REPLACE(f) (real_##f = (void *)imports_replace(#f, (void *)my_##f))

static int replace_imports(void)
{
    return REPLACE(GetProcAddress) && REPLACE(IsProcessDPIAware) &&
           REPLACE(EnumDisplayMonitors) && REPLACE(EnumDisplayDevicesW) &&
           REPLACE(GetMonitorInfoW) && REPLACE(GetSystemMetrics);
}

/* ---- the tests ---- */

static int is_rect(const MagnifierRect *r, int left, int top, int right, int bottom)
{
    return r->left == left && r->top == top && r->right == right && r->bottom == bottom;
}

#define CHECK_RECT(r, ...) \
    CHECK(is_rect(&(r), __VA_ARGS__), "%d,%d to %d,%d", (r).left, (r).top, (r).right, (r).bottom)

/** What a thread that nobody has set sees. */
static DWORD WINAPI process_awareness(void *opaque)
{
    HANDLE (WINAPI *get_context)(void) = opaque;

    return (DWORD)(INT_PTR)get_context() & 3;
}

static void the_thread_is_set_and_the_process_is_not(void)
{
    HMODULE user32 = GetModuleHandleW(L"user32.dll");
    HANDLE (WINAPI *get_context)(void);
    int (WINAPI *awareness)(HANDLE);
    HANDLE thread;
    DWORD before = 9, after = 9;

    get_context = (void *)real_GetProcAddress(user32, "GetThreadDpiAwarenessContext");
    awareness   = (void *)real_GetProcAddress(user32, "GetAwarenessFromDpiAwarenessContext");
    CHECK(get_context && awareness);

    thread = CreateThread(NULL, 0, process_awareness, get_context, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &before);
    CloseHandle(thread);

    CHECK(!ff_magnifier_display_set_dpi());
    CHECK(awareness(get_context()) == 2, "%d", awareness(get_context()));

    thread = CreateThread(NULL, 0, process_awareness, get_context, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &after);
    CloseHandle(thread);
    CHECK(before == after, "%lu became %lu", before, after);
    printf("# the process's own awareness is %lu\n", after);
}

static void version_2_refused_gets_version_1(void)
{
    nb_contexts = 0;
    contexts_refused = 1;
    CHECK(!ff_magnifier_display_set_dpi());
    contexts_refused = 0;
    CHECK(nb_contexts == 2, "%d", nb_contexts);
    CHECK(contexts[0] == (HANDLE)(INT_PTR)-4 && contexts[1] == (HANDLE)(INT_PTR)-3);
}

static void an_old_windows_gets_a_warning_unless_the_process_is_aware(void)
{
    const char *text;

    no_thread_dpi = 1;
    text = ff_magnifier_display_set_dpi();
    CHECK(text && strstr(text, "not DPI aware") && !strchr(text, '\n'));
    process_aware = 1;
    CHECK(!ff_magnifier_display_set_dpi());
    process_aware = no_thread_dpi = 0;

    contexts_refused = 2;
    CHECK(ff_magnifier_display_set_dpi());
    contexts_refused = 0;
}

static void a_monitor_is_found_by_number_and_name(void)
{
    char name[MAGNIFIER_MONITOR_NAME + 8];

    CHECK(!ff_magnifier_rt_display_read(&display, the_log, AV_LOG_ERROR));
    CHECK(ff_magnifier_display_find(&display, "1") == 0);
    CHECK(ff_magnifier_display_find(&display, "2") == 1);
    for (int i = 0; i < 2; i++) {
        CHECK(!strncmp(display.names[i], "DISPLAY", 7), "%s", display.names[i]);
        CHECK(ff_magnifier_display_find(&display, display.names[i]) == i);
        snprintf(name, sizeof(name), "\\\\.\\display%s", display.names[i] + 7);
        CHECK(ff_magnifier_display_find(&display, name) == i, "%s", name);
    }
    for (const char **bad = (const char *[]) { "", "0", "3", "-1", "4294967297", "99999999999999999999",
                                               "1x", " ", "DISPLAY", "\\\\.\\", NULL }; *bad; bad++)
        CHECK(ff_magnifier_display_find(&display, *bad) == AVERROR(ENOENT), "'%s'", *bad);
}

static void two_monitors_with_a_negative_origin(void)
{
    CHECK(!ff_magnifier_rt_display_read(&display, the_log, AV_LOG_ERROR));
    CHECK(display.nb_monitors == 2, "%d", display.nb_monitors);
    CHECK_RECT(display.rects[0], 0, 0, 1280, 720);
    CHECK_RECT(display.rects[1], -1024, 0, 0, 768);
    CHECK_RECT(display.desktop, -1024, 0, 1280, 768);
    CHECK(!ff_magnifier_rt_display_changed(&display));
    CHECK(!lines_logged(), "%s", last_line);
}

static void pseudo_monitor_of_a_mirroring_driver_is_left_out(void)
{
    MagnifierDisplay one;
    MONITORINFOEXW info = { .cbSize = sizeof(info) };

    CHECK(GetMonitorInfoW(display.handles[1], (MONITORINFO *)&info));
    pseudo = info.szDevice;
    CHECK(!ff_magnifier_rt_display_read(&one, the_log, AV_LOG_ERROR));
    pseudo = NULL;
    CHECK(one.nb_monitors == 1, "%d", one.nb_monitors);
    CHECK_RECT(one.desktop, 0, 0, 1280, 720);
    lines_logged();
}

static void layout_that_changes_while_it_is_read_is_read_again(void)
{
    MagnifierDisplay again;

    shift_metrics = 2;
    CHECK(!ff_magnifier_rt_display_read(&again, the_log, AV_LOG_ERROR));
    CHECK(!shift_metrics);
    CHECK(again.nb_monitors == 2);
    CHECK(!lines_logged(), "%s", last_line);
    CHECK(!ff_magnifier_rt_display_changed(&again));

    shift_metrics = 1000;
    CHECK(!ff_magnifier_rt_display_read(&again, the_log, AV_LOG_ERROR));
    shift_metrics = 0;
    CHECK_RECT(again.desktop, -1024, 0, 1280, 768);
    CHECK(lines_logged() == 1 && strstr(last_line, "Windows says 2311x768 at -1024,0"),
          "%s", last_line);
}

static void failures_are_one_clear_line(void)
{
    MagnifierDisplay d;

    enum_fails = 1;
    CHECK(ff_magnifier_rt_display_read(&d, the_log, AV_LOG_ERROR) == AVERROR_EXTERNAL);
    enum_fails = 0;
    CHECK(lines_logged() == 1 && strstr(last_line, "EnumDisplayMonitors failed (Win32 error 5)"),
          "%s", last_line);

    infos_fail = 1;
    CHECK(ff_magnifier_rt_display_read(&d, the_log, AV_LOG_ERROR) == AVERROR_EXTERNAL);
    CHECK(lines_logged() == 1 && strstr(last_line, "GetMonitorInfo failed (Win32 error 1461)"),
          "%s", last_line);
    CHECK(ff_magnifier_rt_display_changed(&display));
    infos_fail = 0;
    CHECK(!ff_magnifier_rt_display_changed(&display));

    no_monitors = 1;
    CHECK(ff_magnifier_rt_display_read(&d, the_log, AV_LOG_ERROR) == AVERROR(EACCES));
    no_monitors = 0;
    CHECK(lines_logged() == 1 && strstr(last_line, "no monitor"), "%s", last_line);

    many_monitors = 40;
    CHECK(!ff_magnifier_rt_display_read(&d, the_log, AV_LOG_ERROR));
    many_monitors = 0;
    CHECK(d.nb_monitors == MAGNIFIER_MAX_MONITORS);
    CHECK(lines_logged() == 1 && strstr(last_line, "18 monitors are left out"), "%s", last_line);
}

static void asking_for_a_change_takes_little_time(void)
{
    LARGE_INTEGER start, end, hz;
    double us;
    int i;

    QueryPerformanceFrequency(&hz);
    QueryPerformanceCounter(&start);
    for (i = 0; i < 1000; i++)
        CHECK(!ff_magnifier_rt_display_changed(&display));
    QueryPerformanceCounter(&end);
    us = (end.QuadPart - start.QuadPart) * 1e6 / hz.QuadPart / 1000;
    printf("# asking for a change takes %.1f us\n", us);
    CHECK(us < 50000); /* a busy machine */
}

/** Give the second output another place or mode. */
static int xrandr(const char *arguments)
{
    STARTUPINFOA startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    char command[256];

    snprintf(command, sizeof(command), "Z:\\usr\\bin\\xrandr %s", arguments);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL,
                        &startup, &process))
        return 0;
    WaitForSingleObject(process.hProcess, 5000);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return 1;
}

/** Wait until display.c sees a change, then read. */
static int change(const char *arguments)
{
    int i;

    CHECK(!ff_magnifier_rt_display_changed(&display));
    CHECK(xrandr(arguments), "%s", arguments);
    for (i = 0; i < 500; i++) {
        MSG msg;

        while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&msg);
        if (ff_magnifier_rt_display_changed(&display))
            break;
        Sleep(10);
    }
    CHECK(i < 500, "no change is seen after xrandr %s", arguments);
    /* several steps of the window system may follow each other */
    Sleep(500);
    CHECK(!ff_magnifier_rt_display_read(&display, the_log, AV_LOG_ERROR));
    CHECK(!ff_magnifier_rt_display_changed(&display));
    return i < 500;
}

static void a_monitor_moves(void)
{
    change("--output DUMMY1 --pos 0x100 --output DUMMY0 --pos 1024x0");
    CHECK_RECT(display.rects[0], 0, 0, 1280, 720);
    CHECK_RECT(display.rects[1], -1024, 100, 0, 868);
    CHECK_RECT(display.desktop, -1024, 0, 1280, 868);
}

static void a_monitor_goes_and_comes_back(void)
{
    change("--output DUMMY1 --off");
    CHECK(display.nb_monitors == 1, "%d", display.nb_monitors);
    CHECK_RECT(display.desktop, 0, 0, 1280, 720);
    change("--output DUMMY1 --mode 1024x768 --right-of DUMMY0");
    CHECK(display.nb_monitors == 2, "%d", display.nb_monitors);
    CHECK_RECT(display.rects[1], 1280, 0, 2304, 768);
    CHECK_RECT(display.desktop, 0, 0, 2304, 768);
}

/* The desktop as a whole stays what it was: 0,0 to 2304,768. */
static void two_monitors_change_places_within_the_same_desktop(void)
{
    const MagnifierRect was = display.desktop;

    change("--output DUMMY0 --pos 0x48");
    CHECK_RECT(display.rects[0], 0, 0, 1280, 720);
    CHECK_RECT(display.rects[1], 1280, -48, 2304, 720);
    CHECK(was.bottom - was.top == display.desktop.bottom - display.desktop.top);
    change("--output DUMMY0 --pos 0x20");
    CHECK_RECT(display.rects[1], 1280, -20, 2304, 748);
}

/* What lies over another monitor is taken as Windows says it. */
static void mirrored_outputs(void)
{
    MagnifierRect parts[MAGNIFIER_MAX_MONITORS];
    int nb;

    change("--output DUMMY0 --pos 0x0 --output DUMMY1 --pos 0x0");
    CHECK_RECT(display.desktop, 0, 0, 1280, 768);
    printf("# %d monitors are listed\n", display.nb_monitors);
    nb = ff_magnifier_region_parts(parts, &display.desktop, display.rects, display.nb_monitors);
    CHECK(nb == 2, "%d", nb);
}

int main(void)
{
    if (!replace_imports()) {
        printf("Bail out! an import is missing\n");
        return 1;
    }
    av_log_set_level(AV_LOG_DEBUG);
    av_log_set_callback(count_line);
    the_log = ff_magnifier_log_alloc();

    RUN(version_2_refused_gets_version_1);
    RUN(an_old_windows_gets_a_warning_unless_the_process_is_aware);
    RUN(the_thread_is_set_and_the_process_is_not);
    RUN(two_monitors_with_a_negative_origin);
    RUN(a_monitor_is_found_by_number_and_name);
    RUN(pseudo_monitor_of_a_mirroring_driver_is_left_out);
    RUN(layout_that_changes_while_it_is_read_is_read_again);
    RUN(failures_are_one_clear_line);
    RUN(asking_for_a_change_takes_little_time);
    RUN(a_monitor_moves);
    RUN(a_monitor_goes_and_comes_back);
    RUN(two_monitors_change_places_within_the_same_desktop);
    RUN(mirrored_outputs);

    ff_magnifier_log_free(&the_log);
    return tap_end("display");
}
