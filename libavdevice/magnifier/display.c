/*
 * magnifier: monitors
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
 * Which monitors are there, and where on the desktop is each?
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"

#include "display.h"

/* How often a layout that changes while it is read is read again. */
#define READ_ATTEMPTS 3

/* The handles' values, not the headers' names: those ask for a newer
 * _WIN32_WINNT than FFmpeg sets. */
#define CONTEXT_PER_MONITOR    ((HANDLE)(INT_PTR)-3)
#define CONTEXT_PER_MONITOR_V2 ((HANDLE)(INT_PTR)-4)

typedef HANDLE (WINAPI *SetThreadContextFunc)(HANDLE context);

typedef struct Monitor {
    HMONITOR handle;
    MagnifierRect rect;
    int primary;
    WCHAR name[CCHDEVICENAME];
} Monitor;

typedef struct MonitorList {
    Monitor monitors[MAGNIFIER_MAX_MONITORS];
    int nb;
    int skipped;        ///< monitors beyond the array
    DWORD error;        ///< of the last GetMonitorInfo() that failed
} MonitorList;

av_cold const char *ff_magnifier_display_set_dpi(void)
{
    HMODULE user32 = GetModuleHandleW(L"user32.dll");
    SetThreadContextFunc set_context = NULL;

    if (user32)
        set_context = (SetThreadContextFunc)(void (*)(void))
            GetProcAddress(user32, "SetThreadDpiAwarenessContext");

    /* Version 2 came with Windows 10 1703, the function itself with 1607. */
    if (set_context && (set_context(CONTEXT_PER_MONITOR_V2) ||
                        set_context(CONTEXT_PER_MONITOR)))
        return NULL;

    if (IsProcessDPIAware())
        return NULL;
    return "this program is not DPI aware and this Windows has no such setting "
           "for one thread: at a display scale above 100 % the picture is "
           "smaller than the screen or cut off; give the program a "
           "manifest that declares DPI awareness";
}

/** The desktop in Windows' own figures. */
static MagnifierRect rt_read_metrics(void)
{
    MagnifierRect rect;

    rect.left   = GetSystemMetrics(SM_XVIRTUALSCREEN);
    rect.top    = GetSystemMetrics(SM_YVIRTUALSCREEN);
    rect.right  = rect.left + GetSystemMetrics(SM_CXVIRTUALSCREEN);
    rect.bottom = rect.top  + GetSystemMetrics(SM_CYVIRTUALSCREEN);
    return rect;
}

static MagnifierRect from_rect(const RECT *r)
{
    MagnifierRect rect = { r->left, r->top, r->right, r->bottom };

    return rect;
}

/**
 * EnumDisplayMonitors() also lists the pseudo-monitors of mirroring drivers (old
 * remote control programs), which nobody sees and which lie over real ones.
 */
static int rt_is_pseudo_monitor(const WCHAR *name)
{
    DISPLAY_DEVICEW device = { .cb = sizeof(device) };
    DWORD i;

    for (i = 0; EnumDisplayDevicesW(NULL, i, &device, 0); i++) {
        if (!wcscmp(device.DeviceName, name))
            return !!(device.StateFlags & DISPLAY_DEVICE_MIRRORING_DRIVER);
        device.cb = sizeof(device);
    }
    return 0;
}

static BOOL CALLBACK attribute_align_arg
rt_add_monitor(HMONITOR handle, HDC dc, LPRECT rect, LPARAM opaque)
{
    MonitorList *list = (MonitorList *)opaque;
    MONITORINFOEXW info = { .cbSize = sizeof(info) };
    Monitor *m;

    if (!GetMonitorInfoW(handle, (MONITORINFO *)&info)) {
        /* gone since it was listed: the metrics differ then, and the
         * layout is read again */
        list->error = GetLastError();
        return TRUE;
    }
    if (IsRectEmpty(&info.rcMonitor) || rt_is_pseudo_monitor(info.szDevice))
        return TRUE;
    if (list->nb == MAGNIFIER_MAX_MONITORS) {
        list->skipped++;
        return TRUE;
    }

    m = &list->monitors[list->nb++];
    m->handle  = handle;
    m->rect    = from_rect(&info.rcMonitor);
    m->primary = !!(info.dwFlags & MONITORINFOF_PRIMARY);
    memcpy(m->name, info.szDevice, sizeof(m->name));
    m->name[CCHDEVICENAME - 1] = 0;
    return TRUE;
}

/** The numbering: by place, as Windows' own order is not documented. */
static int compare_monitors(const void *a, const void *b)
{
    const Monitor *ma = a, *mb = b;

    if (ma->primary != mb->primary)
        return mb->primary - ma->primary;
    if (ma->rect.left != mb->rect.left)
        return ma->rect.left < mb->rect.left ? -1 : 1;
    if (ma->rect.top != mb->rect.top)
        return ma->rect.top < mb->rect.top ? -1 : 1;
    return wcscmp(ma->name, mb->name);
}

static void set_desktop(MagnifierDisplay *display)
{
    MagnifierRect all = display->rects[0];
    int i;

    for (i = 1; i < display->nb_monitors; i++) {
        const MagnifierRect *r = &display->rects[i];

        all.left   = FFMIN(all.left,   r->left);
        all.top    = FFMIN(all.top,    r->top);
        all.right  = FFMAX(all.right,  r->right);
        all.bottom = FFMAX(all.bottom, r->bottom);
    }
    display->desktop = all;
}

/** Windows names a monitor's device as it would be opened. */
static const WCHAR *without_prefix(const WCHAR *name)
{
    return wcsncmp(name, L"\\\\.\\", 4) ? name : name + 4;
}

/** Number the monitors that were listed. */
static void set_monitors(MagnifierDisplay *display, MonitorList *list)
{
    int i;

    qsort(list->monitors, list->nb, sizeof(list->monitors[0]), compare_monitors);
    display->nb_monitors = list->nb;
    for (i = 0; i < list->nb; i++) {
        const Monitor *m = &list->monitors[i];

        display->rects[i]   = m->rect;
        display->handles[i] = m->handle;
        if (!WideCharToMultiByte(CP_UTF8, 0, without_prefix(m->name), -1, display->names[i],
                                 sizeof(display->names[i]), NULL, NULL))
            display->names[i][0] = 0;
    }
    set_desktop(display);
}

/** Say why there is none to be captured. */
static int no_monitor(const MonitorList *list, MagnifierLog *log, int level)
{
    if (list->error) {
        ff_magnifier_log(log, level, "Could not read where the "
                         "monitors are: GetMonitorInfo failed (Win32 error %lu)\n",
                         list->error);
        return AVERROR_EXTERNAL;
    }
    ff_magnifier_log(log, level, "Windows lists no monitor: a service "
                     "or a session without a desktop cannot be captured\n");
    return AVERROR(EACCES);
}

av_cold int ff_magnifier_rt_display_read(MagnifierDisplay *display,
                                         MagnifierLog *log, int level)
{
    MonitorList list;
    MagnifierRect metrics = { 0 };
    int attempt;

    /* Enumeration and metrics are calls of their own, and a monitor may be
     * plugged in between them: what agrees was read in one state. */
    for (attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
        memset(&list,   0, sizeof(list));
        memset(display, 0, sizeof(*display));

        display->nb_visible = GetSystemMetrics(SM_CMONITORS);
        metrics = rt_read_metrics();
        if (!EnumDisplayMonitors(NULL, NULL, rt_add_monitor, (LPARAM)&list)) {
            ff_magnifier_log(log, level, "Could not list the monitors: "
                             "EnumDisplayMonitors failed (Win32 error %lu)\n",
                             GetLastError());
            return AVERROR_EXTERNAL;
        }
        if (!list.nb)
            continue;
        set_monitors(display, &list);
        if (ff_magnifier_rect_same(&display->desktop, &metrics))
            break;
    }

    if (!list.nb)
        return no_monitor(&list, log, level);
    if (list.skipped)
        ff_magnifier_log(log, AV_LOG_WARNING, "%d monitors are left out: at most "
                         "%d are captured\n", list.skipped, MAGNIFIER_MAX_MONITORS);
    if (!ff_magnifier_rect_same(&display->desktop, &metrics))
        ff_magnifier_log(log, AV_LOG_VERBOSE, "The monitors cover %dx%d at %d,%d "
                         "and Windows says %dx%d at %d,%d; taking the monitors'\n",
                         display->desktop.right  - display->desktop.left,
                         display->desktop.bottom - display->desktop.top,
                         display->desktop.left, display->desktop.top,
                         metrics.right - metrics.left,
                         metrics.bottom - metrics.top, metrics.left, metrics.top);
    return 0;
}

int ff_magnifier_display_find(const MagnifierDisplay *display, const char *monitor)
{
    const char *name = monitor;
    char *end;
    long number = strtol(monitor, &end, 10);

    if (end != monitor && !*end)
        return number >= 1 && number <= display->nb_monitors ? number - 1 : AVERROR(ENOENT);
    av_strstart(monitor, "\\\\.\\", &name);
    for (int i = 0; i < display->nb_monitors && *name; i++)
        if (!av_strcasecmp(name, display->names[i]))
            return i;
    return AVERROR(ENOENT);
}

int ff_magnifier_rt_display_changed(const MagnifierDisplay *display)
{
    int i;

    /* One that came; the figures of the whole desktop would not tell of a small
     * monitor that moves beside a large one, nor of two that change places. */
    if (GetSystemMetrics(SM_CMONITORS) != display->nb_visible)
        return 1;

    for (i = 0; i < display->nb_monitors; i++) {
        MONITORINFO info = { .cbSize = sizeof(info) };
        MagnifierRect rect;

        if (!GetMonitorInfoW(display->handles[i], &info))
            return 1;
        rect = from_rect(&info.rcMonitor);
        if (!ff_magnifier_rect_same(&rect, &display->rects[i]))
            return 1;
    }
    return 0;
}
