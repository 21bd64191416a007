/*
 * magnifier: windows and whose they are
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
 * Which windows are there, whose are they, and where?
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "window_internal.h"

/* Newer than _WIN32_WINNT. */
#define OBJECT_IO 6
#define ATTRIBUTE_CLOAKED 14
#define EX_NOREDIRECTIONBITMAP 0x00200000

/* Where Windows puts a minimised window that is not to be seen. */
#define NOWHERE (-32000)

/* What rounded corners and invisible borders may take of each side, pixels at 96 DPI. */
#define UNCERTAIN_EDGE 16

/* How often a process number that changes while it is read is read again. */
#define CONSOLE_ATTEMPTS 3

/* Longest class name that Windows allows, with its end. */
#define CLASS_UNITS 257

#define HANDLES 65536

/* So many looks remember a window that is gone: for as long as its events may be late (assumption 2
 * of guard.c). */
#define LOOKS_GONE 2

/* Classes of popups that have no owner, or none that can be relied on. */
static const char *const popup_classes[] = {
    "#32768",               /* menus */
    "tooltips_class32",
    "ComboLBox",
    "SysShadow",
    "Auto-Suggest Dropdown",
    "Xaml_WindowedPopupClass",
};

/* ---- the window table ---- */

MagnifierWindow *ff_magnifier_window_find(const MagnifierWindows *w, HWND hwnd)
{
    MagnifierWindow *win = w->table[(uintptr_t)hwnd & (HANDLES - 1)];

    return win && win->hwnd == hwnd ? win : NULL;
}

static void rt_free_window(MagnifierWindows *w, MagnifierWindow *win)
{
    ff_magnifier_rt_process_put(&w->processes, &win->process);
    ff_magnifier_rt_process_put(&w->processes, &win->app);
    ff_magnifier_text_free(&win->class_name);
    ff_magnifier_text_free(&win->title.text);
    av_free(win);
}

void ff_magnifier_rt_window_forget(MagnifierWindows *w, MagnifierWindow *win)
{
    if (win->reported) {
        win->match.why = MAGNIFIER_WHY_NOT;
        ff_magnifier_rt_report(w, win, NULL);
    }
    if (win->place >= 0)
        w->looked[win->place].win = NULL;
    w->table[(uintptr_t)win->hwnd & (HANDLES - 1)] = NULL;
    w->known[win->index] = w->known[--w->nb_known];
    w->known[win->index]->index = win->index;
    rt_free_window(w, win);
}

static int rt_insert(MagnifierWindows *w, MagnifierWindow *win)
{
    MagnifierWindow **slot = &w->table[(uintptr_t)win->hwnd & (HANDLES - 1)], **known;

    known = av_fast_realloc(w->known, &w->known_size, (w->nb_known + 1) * sizeof(*known));
    if (!known)
        return AVERROR(ENOMEM);
    w->known = known;
    /* What was there before this one is gone. */
    if (*slot)
        ff_magnifier_rt_window_forget(w, *slot);
    win->index = w->nb_known;
    w->known[w->nb_known++] = *slot = win;
    return 0;
}

/* ---- what a window is for all its life ---- */

void ff_magnifier_rt_window_read_title(MagnifierWindows *w, MagnifierWindow *win)
{
    MagnifierTitle *title = &win->title;
    uint64_t begun = GetTickCount64();
    int length;

    SetLastError(ERROR_SUCCESS);
    length = InternalGetWindowText(win->hwnd, w->text, FF_ARRAY_ELEMS(w->text));
    if (length <= 0) {
        length = GetLastError() == ERROR_SUCCESS ? 0 : -1;
        /* What is being destroyed tells so before it is gone; then the last title counts. */
        if (!IsWindow(win->hwnd))
            return;
    }
    title->before  = title->read;
    title->between = title->since;
    title->since   = 0;
    title->begun   = begun;
    title->read    = GetTickCount64();
    if (ff_magnifier_text_set(&title->text, w->text, length))
        win->match.asked = 0;
}

void ff_magnifier_rt_window_refresh_title(MagnifierWindows *w, MagnifierWindow *win)
{
    if (!win->match.needs_title || win->match.sticky)
        ff_magnifier_rt_window_read_title(w, win);
}

/**
 * Remember the program in the frame of a Store app. While the app is minimised or
 * suspended its window is not in the frame; then the last one stays.
 *
 * @return 0 or AVERROR(ENOMEM)
 */
static int rt_read_app(MagnifierWindows *w, MagnifierWindow *win)
{
    HWND child = FindWindowExW(win->hwnd, NULL, L"Windows.UI.Core.CoreWindow", NULL);
    MagnifierProcess *app;
    DWORD pid = 0, again = 0;

    if (!child || !GetWindowThreadProcessId(child, &pid) || (win->app && win->app->pid == pid))
        return 0;
    app = ff_magnifier_rt_process_get(&w->processes, pid);
    if (!app)
        return AVERROR(ENOMEM);
    /* Still there, so the number was this process's all the time. */
    GetWindowThreadProcessId(child, &again);
    if (again == pid) {
        FFSWAP(MagnifierProcess *, win->app, app);
        win->match.asked = 0;
    }
    ff_magnifier_rt_process_put(&w->processes, &app);
    return 0;
}

/** @return 1: it was another one before */
static int rt_read_class(HWND hwnd, MagnifierText *class_name)
{
    WCHAR text[CLASS_UNITS];
    int length = GetClassNameW(hwnd, text, FF_ARRAY_ELEMS(text));

    return ff_magnifier_text_set(class_name, text, FFMAX(length, 0));
}

static unsigned kind_of(const MagnifierWindow *win)
{
    const MagnifierText *name = &win->class_name;
    unsigned kind = 0, i;

    if (win->thread == GetCurrentThreadId())
        return MAGNIFIER_KIND_OURS;
    for (i = 0; i < FF_ARRAY_ELEMS(popup_classes); i++)
        if (ff_magnifier_text_is(name, popup_classes[i]))
            kind |= MAGNIFIER_KIND_POPUP;
    if (ff_magnifier_text_is(name, "ConsoleWindowClass") ||
        ff_magnifier_text_is(name, "WineConsoleClass"))
        kind |= MAGNIFIER_KIND_CONSOLE;
    if (ff_magnifier_text_is(name, "PseudoConsoleWindow"))
        kind |= MAGNIFIER_KIND_CONSOLE | MAGNIFIER_KIND_PSEUDO;
    if (ff_magnifier_text_is(name, "ApplicationFrameWindow"))
        kind |= MAGNIFIER_KIND_FRAME;
    if (ff_magnifier_text_is(name, "Ghost") &&
        (!win->process->name.units || ff_magnifier_text_is(&win->process->name, "dwm.exe")))
        kind |= MAGNIFIER_KIND_GHOST;
    return kind;
}

/**
 * A window has not answered.
 *
 * @return 0 when it is gone, else an error: of what is there and does not answer nobody knows
 *         whether it may be seen
 */
static int rt_check_gone(MagnifierWindows *w, HWND hwnd)
{
    DWORD error = GetLastError();

    if (!IsWindow(hwnd))
        return 0;
    w->top.error = error;
    return AVERROR_EXTERNAL;
}

/** Find out what a window is. @param[out] result NULL when it is gone */
static int rt_identify(MagnifierWindows *w, HWND hwnd, MagnifierWindow **result)
{
    DWORD pid = 0, again = 0, thread = GetWindowThreadProcessId(hwnd, &pid);
    MagnifierWindow *win;
    int ret = AVERROR(ENOMEM);

    *result = NULL;
    if (!thread)
        return rt_check_gone(w, hwnd);
    win = av_mallocz(sizeof(*win));
    if (!win)
        return AVERROR(ENOMEM);
    win->hwnd       = hwnd;
    win->thread     = thread;
    win->serial     = ++w->serial;
    win->place      = -1;
    win->match.rule = -1;
    rt_read_class(hwnd, &win->class_name);
    /* there is no class without a name */
    if (win->class_name.units && !win->class_name.nb) {
        ret = rt_check_gone(w, hwnd);
        goto fail;
    }
    win->process = ff_magnifier_rt_process_get(&w->processes, pid);
    if (!win->process || !win->class_name.units)
        goto fail;
    win->kind = kind_of(win);

    /* What was read is of one window, and its process number of that process,
     * only if the window is still there. */
    if (GetWindowThreadProcessId(hwnd, &again) != thread || again != pid) {
        ret = 0;
        goto fail;
    }
    ret = rt_insert(w, win);
    if (ret < 0)
        goto fail;
    *result = win;
    return 0;

fail:
    rt_free_window(w, win);
    return ret;
}

/**
 * The console's host lets its window be that of a program that runs in it, and of another
 * one when that has ended. It is the same window all the time.
 *
 * @return 1; 0 when it is gone; AVERROR(ENOMEM), AVERROR_EXTERNAL when nothing can be found out:
 *         then it stays the window that it is, so that a match is not forgotten
 */
static int rt_follow_console(MagnifierWindows *w, MagnifierWindow *win)
{
    int i;

    for (i = 0; i < CONSOLE_ATTEMPTS; i++) {
        DWORD pid = 0, again = 0, thread = GetWindowThreadProcessId(win->hwnd, &pid);
        MagnifierProcess *process;
        int same;

        if (!thread)
            return 0;
        process = ff_magnifier_rt_process_get(&w->processes, pid);
        if (!process)
            return AVERROR(ENOMEM);
        /* Still there, so the number was this process's all the time. */
        same = GetWindowThreadProcessId(win->hwnd, &again) == thread && again == pid;
        if (same) {
            FFSWAP(MagnifierProcess *, win->process, process);
            win->thread      = thread;
            win->match.asked = 0;
        }
        ff_magnifier_rt_process_put(&w->processes, &process);
        if (same)
            return 1;
    }
    return AVERROR_EXTERNAL;
}

/**
 * Is this still the window that we know? Its handle may have been given to another one, and
 * the one menu that all programs of a desktop share goes from thread to thread.
 *
 * @return 1 if it is; a negative error if nobody knows
 */
static int rt_is_same(MagnifierWindows *w, MagnifierWindow *win)
{
    DWORD pid = 0, thread = GetWindowThreadProcessId(win->hwnd, &pid);

    if (!thread)
        return rt_check_gone(w, win->hwnd);
    if (thread != win->thread || pid != win->process->pid) {
        int ret = 0;

        if (!win->suspect && win->kind & MAGNIFIER_KIND_CONSOLE)
            ret = rt_follow_console(w, win);
        if (ret <= 0)
            return ret;
    }
    if (win->suspect && rt_read_class(win->hwnd, &win->class_name))
        return 0;
    win->suspect = 0;
    return 1;
}

int ff_magnifier_rt_window_know(MagnifierWindows *w, HWND hwnd, MagnifierWindow **win)
{
    int shown = 0, ret;

    *win = ff_magnifier_window_find(w, hwnd);
    ret  = *win ? rt_is_same(w, *win) : 0;
    if (ret)
        return FFMIN(ret, 0);
    /* Events about one that is gone may still come, so the next look forgets it. */
    if (*win && !IsWindow(hwnd)) {
        *win = NULL;
        return 0;
    }
    if (*win) {
        w->stats.reused++;
        shown = (*win)->shown;
        ff_magnifier_rt_window_forget(w, *win);
    }
    ret = rt_identify(w, hwnd, win);
    /* What was heard may have been about this one already. */
    if (*win)
        (*win)->shown = shown;
    return ret;
}

/* ---- what can change ---- */

int ff_magnifier_rt_window_ask(const MagnifierWindows *w, MagnifierWindow *win,
                               MagnifierWindowFacts *facts)
{
    DWORD cloaked = 0;
    RECT r;

    *facts = (MagnifierWindowFacts) { .win = win };
    if (win->kind & MAGNIFIER_KIND_OURS)
        return 1;
    SetLastError(ERROR_SUCCESS);
    facts->style = GetWindowLongW(win->hwnd, GWL_STYLE);
    if (!facts->style && GetLastError() != ERROR_SUCCESS)
        return 0;
    facts->ex_style = GetWindowLongW(win->hwnd, GWL_EXSTYLE);
    /* of which nobody knows that it hides what is below it */
    if (!facts->ex_style && GetLastError() != ERROR_SUCCESS)
        facts->ex_style = WS_EX_LAYERED;
    SetLastError(ERROR_SUCCESS);
    facts->owner    = GetWindow(win->hwnd, GW_OWNER);
    /* gone meanwhile, and nobody knows whose it was */
    if (!facts->owner && GetLastError() != ERROR_SUCCESS)
        return 0;
    if (!(facts->style & WS_VISIBLE))
        return 1;
    facts->placed = GetWindowRect(win->hwnd, &r);
    if (facts->placed)
        facts->rect = (MagnifierRect) { r.left, r.top, r.right, r.bottom };
    facts->cloaked = w->get_attribute &&
                     w->get_attribute(win->hwnd, ATTRIBUTE_CLOAKED, &cloaked,
                                      sizeof(cloaked)) >= 0 && cloaked;
    return 1;
}

/** What it hides for sure: a whole monitor, or what its borders are certain to enclose. */
static MagnifierRect rt_cover_of(const MagnifierWindows *w, const MagnifierWindowFacts *f)
{
    MONITORINFO info = { .cbSize = sizeof(info) };
    MagnifierRect r  = f->rect;
    const RECT *m    = &info.rcMonitor;
    int edge;

    if (GetMonitorInfoW(MonitorFromWindow(f->win->hwnd, MONITOR_DEFAULTTONEAREST), &info) &&
        r.left <= m->left && r.top <= m->top && r.right >= m->right && r.bottom >= m->bottom) {
        /* The borders of a maximised one would lie on other monitors, and are not shown. */
        if (f->style & (WS_CAPTION | WS_THICKFRAME))
            r = (MagnifierRect) { m->left, m->top, m->right, m->bottom };
        return r;
    }
    edge = w->dpi_for_window ? w->dpi_for_window(f->win->hwnd) : 0;
    edge = (UNCERTAIN_EDGE * (edge > 0 ? edge : 192) + 95) / 96;
    return (MagnifierRect) { r.left + edge, r.top + edge, r.right - edge, r.bottom - edge };
}

/**
 * Does it hide what is below it? A window that the rules match is no matter here. One that is
 * hidden, or the device's own, was asked for no place.
 */
static void rt_find_cover(const MagnifierWindows *w, MagnifierWindowFacts *f)
{
    RECT box;

    if (!f->placed || f->style & WS_MINIMIZE || f->cloaked ||
        f->ex_style & (WS_EX_LAYERED | WS_EX_TRANSPARENT | EX_NOREDIRECTIONBITMAP) ||
        GetWindowRgnBox(f->win->hwnd, &box) != ERROR)
        return;
    f->cover  = rt_cover_of(w, f);
    f->covers = f->cover.left < f->cover.right && f->cover.top < f->cover.bottom;
}

int ff_magnifier_rt_window_add(const MagnifierWindows *w, MagnifierGuardList *list,
                               const MagnifierWindowFacts *f, unsigned flags)
{
    /* What is minimised is not always out of sight: without a taskbar, and where the window has
     * no button on it, a small caption stays on the screen. */
    int away = f->style & WS_MINIMIZE && f->placed &&
               (f->rect.left <= NOWHERE || f->rect.top <= NOWHERE);

    if (f->style & WS_VISIBLE && !away && !f->cloaked)
        flags |= MAGNIFIER_GUARD_VISIBLE;
    if (w->animations && ((f->style & WS_CAPTION) == WS_CAPTION || f->style & WS_THICKFRAME))
        flags |= MAGNIFIER_GUARD_ANIMATES;
    if (!(flags & MAGNIFIER_GUARD_VISIBLE) || !f->placed)
        flags |= MAGNIFIER_GUARD_NO_RECT;
    return ff_magnifier_guard_add(list, (uintptr_t)f->win->hwnd, f->win->serial, flags, &f->rect);
}

/* ---- the look ---- */

int ff_magnifier_rt_window_check_desktop(MagnifierWindows *w)
{
    BOOL shown = FALSE;
    DWORD length, error = ERROR_SUCCESS;

    SetLastError(ERROR_SUCCESS);
    if (!GetUserObjectInformationW(w->desktop, OBJECT_IO, &shown, sizeof(shown), &length)) {
        error = GetLastError();
        /* Where this cannot be asked (Wine), there is hardly another desktop. */
        shown = w->desktop && (error == ERROR_INVALID_PARAMETER || error == ERROR_NOT_SUPPORTED ||
                               error == ERROR_CALL_NOT_IMPLEMENTED);
    }
    if (!shown && !w->stats.secure_desktop && error)
        ff_magnifier_log(w->log, AV_LOG_WARNING, "nobody says whether this desktop is the one on "
                         "the screen (error %lu); frames are held back until it is known\n", error);
    else if (!shown && !w->stats.secure_desktop)
        ff_magnifier_log(w->log, AV_LOG_WARNING, "another desktop is on the screen (that of a "
                         "request for a password, or the lock screen); frames are held back until "
                         "it is gone\n");
    w->stats.secure_desktop = !shown;
    return shown ? 0 : AVERROR_EXTERNAL;
}

static void rt_read_settings(MagnifierWindows *w)
{
    ANIMATIONINFO animation = { .cbSize = sizeof(animation), .iMinAnimate = 1 };

    if (!SystemParametersInfoW(SPI_GETANIMATION, sizeof(animation), &animation, 0))
        animation.iMinAnimate = 1;
    w->animations = !!animation.iMinAnimate;
    ff_magnifier_rt_match_read_console(w);
}

/** Ask a window, and take it into the look unless it is gone. */
static int rt_look_at(MagnifierWindows *w, HWND hwnd)
{
    MagnifierWindowFacts *looked, *facts;
    MagnifierWindow *win;
    int ret = ff_magnifier_rt_window_know(w, hwnd, &win);

    if (ret < 0 || !win || win->place >= 0)
        return ret;
    looked = av_fast_realloc(w->looked, &w->looked_size, (w->nb_looked + 1) * sizeof(*looked));
    if (!looked)
        return AVERROR(ENOMEM);
    w->looked = looked;
    facts     = &looked[w->nb_looked];
    if (!ff_magnifier_rt_window_ask(w, win, facts))
        return rt_check_gone(w, hwnd);
    if (win->kind & MAGNIFIER_KIND_FRAME)
        ret = rt_read_app(w, win);
    rt_find_cover(w, facts);
    win->place    = w->nb_looked++;
    win->is_child = 0;
    return ret;
}

/**
 * What to do with a window that matched and is not on the list? While it lives it is not given
 * up; what it has become the child of matches in its place.
 *
 * @return 1: it is not to be forgotten, and may be another one by now; 0: it is; a negative error
 */
static int rt_look_for(MagnifierWindows *w, MagnifierWindow *win)
{
    MagnifierWindow *holder;
    HWND root;
    int ret = win->match.why ? rt_is_same(w, win) : 0;

    if (ret <= 0)
        return ret;
    root   = GetAncestor(win->hwnd, GA_ROOT);
    holder = root ? ff_magnifier_window_find(w, root) : NULL;
    if (holder == win) {
        ret = rt_look_at(w, win->hwnd);
        return ret < 0 ? ret : 1;
    }
    win->is_child = 1;
    if (holder)
        ff_magnifier_rt_match_take_in(holder, win);
    return 1;
}

/**
 * Forget a window that is not on the list. But that it had another title may be heard late, when a
 * look has found it gone; of one that matches the guard knows.
 */
static void rt_forget_in_time(MagnifierWindows *w, MagnifierWindow *win)
{
    if (win->match.needs_title && !win->match.why && win->looks_gone < LOOKS_GONE && !IsWindow(win->hwnd))
        win->looks_gone++;
    else
        ff_magnifier_rt_window_forget(w, win);
}

static int rt_look_at_all(MagnifierWindows *w)
{
    int i, ret = ff_magnifier_rt_toplevel_get(&w->top);

    if (ret < 0)
        return ret;
    for (i = 0; i < w->nb_known; i++)
        w->known[i]->place = -1;
    w->nb_looked = 0;
    for (i = 0; i < w->top.nb && ret >= 0; i++)
        ret = rt_look_at(w, w->top.list[i]);
    for (i = w->nb_known - 1; i >= 0 && ret >= 0; i--) {
        MagnifierWindow *win = w->known[i];

        if (win->place >= 0)
            continue;
        ret = rt_look_for(w, win);
        if (!ret)
            rt_forget_in_time(w, win);
    }
    return ret;
}

/** Look at all windows, ask the rules, and write a line for each that has come or gone. */
static int rt_look(MagnifierWindows *w)
{
    int i, ret;

    rt_read_settings(w);
    ret = rt_look_at_all(w);
    if (ret < 0) {
        w->stats.failed++;
        if (ret == AVERROR(ENOMEM))
            w->top.error = ERROR_NOT_ENOUGH_MEMORY;
        if (!w->failing)
            ff_magnifier_log(w->log, AV_LOG_WARNING, "the windows cannot be listed (error %lu); "
                             "frames are held back until they can\n", w->top.error);
        w->failing = 1;
        /* EAGAIN means something else to those who ask for frames. */
        return ret == AVERROR(ENOMEM) ? ret : AVERROR_EXTERNAL;
    }
    w->failing = 0;
    w->stats.looks++;
    ff_magnifier_rt_report_muted(w, 0);
    ff_magnifier_rt_match_all(w);

    w->stats.matching = 0;
    for (i = 0; i < w->nb_looked; i++) {
        MagnifierWindow *win = w->looked[i].win;

        if (!win)
            continue;
        w->stats.matching += !!win->match.why;
        if (!win->match.why != !win->reported)
            ff_magnifier_rt_report(w, win, w->looked[i].owner);
    }
    return 0;
}

/** See MAGNIFIER_GUARD_UNSHOWN. What one that has turned takes along may have been shown. */
static int is_unshown(const MagnifierWindows *w, const MagnifierWindowFacts *f)
{
    return w->listener.hears_shows && !(f->style & WS_VISIBLE) && !f->win->shown &&
           !f->win->match.turned;
}

int ff_magnifier_rt_windows_look(void *windows, MagnifierGuardList *list)
{
    MagnifierWindows *w = windows;
    int i, ret = ff_magnifier_rt_window_check_desktop(w);

    if (ret < 0)
        w->stats.failed++;
    else
        ret = rt_look(w);
    for (i = 0; i < w->nb_looked && ret >= 0; i++) {
        MagnifierWindowFacts *facts = &w->looked[i];

        if (!facts->win)
            continue;
        facts->covers &= !facts->win->match.why;
        if (facts->win->match.why)
            ret = ff_magnifier_rt_window_add(w, list, facts, is_unshown(w, facts) ?
                                             MAGNIFIER_GUARD_UNSHOWN : 0);
        else if (facts->covers)
            ret = ff_magnifier_guard_add(list, (uintptr_t)facts->win->hwnd, facts->win->serial,
                                         MAGNIFIER_GUARD_COVERS, &facts->cover);
        facts->win->shown = facts->style & WS_VISIBLE;
    }
    return ret;
}

/* ---- opening and closing ---- */

av_cold int ff_magnifier_rt_windows_open(MagnifierWindows **windows, MagnifierRules *rules,
                                         MagnifierLog *log)
{
    MagnifierWindows *w = av_mallocz(sizeof(*w));
    HMODULE user32 = GetModuleHandleW(L"user32.dll");
    int ret = AVERROR(ENOMEM);

    *windows = NULL;
    if (w)
        w->table = av_calloc(HANDLES, sizeof(*w->table));
    if (!w || !w->table) {
        ff_magnifier_rules_free(&rules);
        goto fail;
    }
    w->log     = w->processes.log = w->top.log = log;
    w->desktop = GetThreadDesktop(GetCurrentThreadId());
    w->animations = 1;
    w->dwmapi  = LoadLibraryExW(L"dwmapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (w->dwmapi)
        w->get_attribute = (MagnifierGetAttribute)(void (*)(void))
            GetProcAddress(w->dwmapi, "DwmGetWindowAttribute");
    if (user32) {
        w->dpi_for_window = (MagnifierDpiForWindow)(void (*)(void))
            GetProcAddress(user32, "GetDpiForWindow");
        w->hung_from_ghost = (MagnifierHungFromGhost)(void (*)(void))
            GetProcAddress(user32, "HungWindowFromGhostWindow");
    }

    ret = ff_magnifier_rt_windows_set_rules(w, rules);
    if (ret < 0)
        goto fail;
    ret = ff_magnifier_rt_events_listen(&w->listener, log);
    if (ret < 0)
        goto fail;
    *windows = w;
    return 0;

fail:
    ff_magnifier_rt_windows_close(&w);
    return ret;
}

av_cold void ff_magnifier_rt_windows_close(MagnifierWindows **windows)
{
    MagnifierWindows *w = *windows;
    int i;

    *windows = NULL;
    if (!w)
        return;
    ff_magnifier_rt_report_muted(w, 1);
    ff_magnifier_rt_window_events_free(w);
    for (i = 0; i < w->nb_known; i++)
        rt_free_window(w, w->known[i]);
    av_freep(&w->table);
    av_freep(&w->known);
    av_freep(&w->looked);
    ff_magnifier_rt_match_free(w);
    ff_magnifier_rt_process_free(&w->processes);
    ff_magnifier_rt_toplevel_free(&w->top);
    if (w->dwmapi)
        FreeLibrary(w->dwmapi);
    av_free(w);
}

static int rt_print(MagnifierWindows *w, AVBPrint *bp, void (*print)(MagnifierWindows *w,
                    const MagnifierWindowFacts *facts, AVBPrint *bp))
{
    int i, ret = rt_look(w);

    for (i = 0; i < w->nb_looked && ret >= 0; i++)
        if (w->looked[i].win && !(w->looked[i].win->kind & MAGNIFIER_KIND_OURS))
            print(w, &w->looked[i], bp);
    return ret < 0 ? ret : av_bprint_is_complete(bp) ? 0 : AVERROR(ENOMEM);
}

int ff_magnifier_rt_windows_print(MagnifierWindows *w, AVBPrint *bp)
{
    return rt_print(w, bp, ff_magnifier_rt_report_print);
}

int ff_magnifier_rt_windows_json(MagnifierWindows *w, AVBPrint *bp)
{
    int ret;

    av_bprintf(bp, "[");
    ret = rt_print(w, bp, ff_magnifier_rt_json_print);
    av_bprintf(bp, "\n]\n");
    return ret < 0 ? ret : av_bprint_is_complete(bp) ? 0 : AVERROR(ENOMEM);
}

void ff_magnifier_rt_windows_set_exclude_log(MagnifierWindows *w, MagnifierExcludeLog *log)
{
    w->exclude_log = log;
}

void ff_magnifier_rt_windows_stats(const MagnifierWindows *w, MagnifierWindowsStats *stats)
{
    *stats = w->stats;
    stats->restarts          = w->top.restarts;
    stats->events            = w->listener.total;
    stats->processes_unknown = w->processes.unknown;
    stats->windows           = w->nb_looked;
}
