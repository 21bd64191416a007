/*
 * magnifier: what a window is
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
 * What is known of this window?
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "identity.h"

/* How often a process number that changes while it is read is read again. */
#define CONSOLE_ATTEMPTS 3

/* Longest class name that Windows allows, with its end. */
#define CLASS_UNITS 257

/* Classes of popups that have no owner, or none that can be relied on. */
static const char *const popup_classes[] = {
    "#32768",               /* menus */
    "tooltips_class32",
    "ComboLBox",
    "SysShadow",
    "Auto-Suggest Dropdown",
    "Xaml_WindowedPopupClass",
};

static unsigned slot_of(const MagnifierIdentities *ids, HWND hwnd)
{
    return ((uint32_t)(uintptr_t)hwnd * 2654435761U >> 8) & (ids->size - 1);
}

MagnifierWindow *ff_magnifier_window_find(const MagnifierIdentities *ids, HWND hwnd)
{
    unsigned i;

    if (!ids->size || !hwnd)
        return NULL;
    for (i = slot_of(ids, hwnd); ids->table[i]; i = (i + 1) & (ids->size - 1))
        if (ids->table[i]->hwnd == hwnd)
            return ids->table[i];
    return NULL;
}

static void put(MagnifierIdentities *ids, MagnifierWindow *win)
{
    unsigned i = slot_of(ids, win->hwnd);

    while (ids->table[i])
        i = (i + 1) & (ids->size - 1);
    ids->table[i] = win;
}

static int insert(MagnifierIdentities *ids, MagnifierWindow *win)
{
    if (2 * (ids->nb + 1) > ids->size) {
        unsigned old_size = ids->size, size = FFMAX(2 * old_size, 1024), i;
        MagnifierWindow **old = ids->table;

        ids->table = av_calloc(size, sizeof(*ids->table));
        if (!ids->table) {
            ids->table = old;
            return AVERROR(ENOMEM);
        }
        ids->size = size;
        for (i = 0; i < old_size; i++)
            if (old[i])
                put(ids, old[i]);
        av_free(old);
    }
    put(ids, win);
    ids->nb++;
    return 0;
}

/** Take a window out of the table; what was behind it moves up. */
static void take_out(MagnifierIdentities *ids, const MagnifierWindow *win)
{
    unsigned mask = ids->size - 1, i = slot_of(ids, win->hwnd);

    while (ids->table[i] != win)
        i = (i + 1) & mask;
    ids->table[i] = NULL;
    for (i = (i + 1) & mask; ids->table[i]; i = (i + 1) & mask) {
        MagnifierWindow *next = ids->table[i];

        ids->table[i] = NULL;
        put(ids, next);
    }
    ids->nb--;
}

static void rt_free_window(MagnifierIdentities *ids, MagnifierWindow *win)
{
    if (!win)
        return;
    ff_magnifier_rt_process_put(&ids->processes, &win->process);
    ff_magnifier_rt_process_put(&ids->processes, &win->app);
    av_freep(&win->class_name);
    av_freep(&win->title);
    av_free(win);
}

void ff_magnifier_rt_window_read_title(MagnifierIdentities *ids, MagnifierWindow *win)
{
    int length;

    SetLastError(ERROR_SUCCESS);
    length = InternalGetWindowText(win->hwnd, ids->text, FF_ARRAY_ELEMS(ids->text));
    if (length <= 0)
        length = GetLastError() == ERROR_SUCCESS ? 0 : -1;
    if (length == win->title_length &&
        (length <= 0 || !memcmp(win->title, ids->text, length * sizeof(*ids->text))))
        return;

    av_freep(&win->title);
    win->asked = 0;
    win->title_length = length;
    if (length > 0) {
        win->title = av_memdup(ids->text, length * sizeof(*ids->text));
        if (!win->title)
            win->title_length = -1;
    }
}

void ff_magnifier_rt_window_read_app(MagnifierIdentities *ids, MagnifierWindow *win)
{
    HWND child = FindWindowExW(win->hwnd, NULL, L"Windows.UI.Core.CoreWindow", NULL);
    MagnifierProcess *app;
    DWORD pid = 0, again = 0;

    if (!child || !GetWindowThreadProcessId(child, &pid) || (win->app && win->app->pid == pid))
        return;
    app = ff_magnifier_rt_process_get(&ids->processes, pid);
    if (!app)
        return;
    /* Still there, so the number was this process's all the time. */
    GetWindowThreadProcessId(child, &again);
    if (again != pid) {
        ff_magnifier_rt_process_put(&ids->processes, &app);
        return;
    }
    ff_magnifier_rt_process_put(&ids->processes, &win->app);
    win->app   = app;
    win->asked = 0;
}

static int is_popup(const char *class_name, DWORD style, DWORD ex_style)
{
    unsigned i;

    for (i = 0; i < FF_ARRAY_ELEMS(popup_classes); i++)
        if (!av_strcasecmp(class_name, popup_classes[i]))
            return 1;
    /* Toolkits that draw their own menus give them these. */
    return style & WS_POPUP && (style & WS_CAPTION) != WS_CAPTION &&
           ex_style & (WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE);
}

/** Read what can change in the life of a window. */
static void rt_read_relations(MagnifierWindow *win)
{
    DWORD style    = GetWindowLongW(win->hwnd, GWL_STYLE);
    DWORD ex_style = GetWindowLongW(win->hwnd, GWL_EXSTYLE);

    win->owner   = GetWindow(win->hwnd, GW_OWNER);
    win->hidden  = !(style & WS_VISIBLE);
    win->topmost = !!(ex_style & WS_EX_TOPMOST);
    win->kind   &= ~MAGNIFIER_KIND_POPUP;
    if (is_popup(win->class_name, style, ex_style))
        win->kind |= MAGNIFIER_KIND_POPUP;
}

/** The class as UTF-8; NULL: out of memory, "": it cannot be read. */
static char *rt_read_class(HWND hwnd)
{
    WCHAR text[CLASS_UNITS];
    int length = GetClassNameW(hwnd, text, FF_ARRAY_ELEMS(text));

    return ff_magnifier_utf8(text, length);
}

int ff_magnifier_rt_window_identify(MagnifierIdentities *ids, HWND hwnd, MagnifierWindow **result)
{
    DWORD pid = 0, again = 0, thread = GetWindowThreadProcessId(hwnd, &pid);
    MagnifierWindow *win;
    int ret = AVERROR(ENOMEM);

    *result = NULL;
    if (!thread)
        return 0;
    win = av_mallocz(sizeof(*win));
    if (!win)
        return AVERROR(ENOMEM);
    win->hwnd   = hwnd;
    win->pid    = pid;
    win->thread = thread;
    win->serial = ++ids->serial;
    win->rule   = -1;
    win->place  = -1;
    win->title_length = -1;
    win->class_name = rt_read_class(hwnd);
    if (!win->class_name)
        goto fail;
    win->process = ff_magnifier_rt_process_get(&ids->processes, pid);
    if (!win->process)
        goto fail;
    if (thread == GetCurrentThreadId()) {
        win->kind = MAGNIFIER_KIND_OURS;
    } else {
        rt_read_relations(win);
        if (!strcmp(win->class_name, "ConsoleWindowClass") ||
            !strcmp(win->class_name, "WineConsoleClass"))
            win->kind |= MAGNIFIER_KIND_CONSOLE;
        if (!strcmp(win->class_name, "ApplicationFrameWindow")) {
            win->kind |= MAGNIFIER_KIND_FRAME;
            ff_magnifier_rt_window_read_app(ids, win);
        }
        if (!strcmp(win->class_name, "Ghost") &&
            (!win->process->name || !av_strcasecmp(win->process->name, "dwm.exe")))
            win->kind |= MAGNIFIER_KIND_GHOST;
    }

    /* What was read is of one window, and its process number of that process,
     * only if the window is still there. */
    if (GetWindowThreadProcessId(hwnd, &again) != thread || again != pid) {
        ret = 0;
        goto fail;
    }
    ret = insert(ids, win);
    if (ret < 0)
        goto fail;
    *result = win;
    return 0;

fail:
    rt_free_window(ids, win);
    return ret;
}

/**
 * The console's host lets its window be that of a program that runs in it, and of another
 * one when that has ended. It is the same window all the time.
 *
 * @return 0 when it is gone or nothing can be found out
 */
static int rt_follow_console(MagnifierIdentities *ids, MagnifierWindow *win)
{
    int i;

    for (i = 0; i < CONSOLE_ATTEMPTS; i++) {
        DWORD pid = 0, again = 0, thread = GetWindowThreadProcessId(win->hwnd, &pid);
        MagnifierProcess *process;

        if (!thread)
            return 0;
        process = ff_magnifier_rt_process_get(&ids->processes, pid);
        if (!process)
            return 0;
        /* Still there, so the number was this process's all the time. */
        if (GetWindowThreadProcessId(win->hwnd, &again) == thread && again == pid) {
            ff_magnifier_rt_process_put(&ids->processes, &win->process);
            win->process = process;
            win->pid     = pid;
            win->thread  = thread;
            win->asked   = 0;
            return 1;
        }
        ff_magnifier_rt_process_put(&ids->processes, &process);
    }
    return 0;
}

int ff_magnifier_rt_window_verify(MagnifierIdentities *ids, MagnifierWindow *win)
{
    DWORD pid = 0, thread = GetWindowThreadProcessId(win->hwnd, &pid);

    if ((thread != win->thread || pid != win->pid) &&
        (!thread || win->suspect || !(win->kind & MAGNIFIER_KIND_CONSOLE) ||
         !rt_follow_console(ids, win)))
        return 0;
    if (win->suspect) {
        char *class_name = rt_read_class(win->hwnd);
        int same = class_name && !strcmp(class_name, win->class_name);

        av_free(class_name);
        if (!same)
            return 0;
        win->suspect = 0;
    }
    if (!(win->kind & MAGNIFIER_KIND_OURS))
        rt_read_relations(win);
    win->changed = 0;
    return 1;
}

void ff_magnifier_rt_window_read_hidden(MagnifierWindow *win)
{
    if (win->hidden && GetWindowLongW(win->hwnd, GWL_STYLE) & WS_VISIBLE)
        rt_read_relations(win);
}

int ff_magnifier_rt_window_reserve(MagnifierIdentities *ids, int nb)
{
    MagnifierWindow **order;

    if (nb <= ids->alloc_order)
        return 0;
    order = av_realloc_array(ids->order, nb + 256, sizeof(*order));
    if (!order)
        return AVERROR(ENOMEM);
    ids->order       = order;
    ids->alloc_order = nb + 256;
    return 0;
}

void ff_magnifier_rt_window_forget(MagnifierIdentities *ids, MagnifierWindow *win)
{
    int i, to = 0;

    /* Events make us forget between walks; those that follow look at the order. */
    for (i = 0; i < ids->nb_order; i++)
        if (ids->order[i] != win)
            ids->order[to++] = ids->order[i];
    ids->nb_order = to;
    take_out(ids, win);
    rt_free_window(ids, win);
}

void ff_magnifier_rt_window_free_all(MagnifierIdentities *ids)
{
    unsigned i;

    for (i = 0; i < ids->size; i++)
        rt_free_window(ids, ids->table[i]);
    av_freep(&ids->table);
    av_freep(&ids->order);
    ids->size = ids->nb = 0;
    ids->nb_order = ids->alloc_order = 0;
    ff_magnifier_rt_process_free(&ids->processes);
}
