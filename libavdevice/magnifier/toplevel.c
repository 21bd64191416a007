/*
 * magnifier: the list of top-level windows
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
 * Which top-level windows are there, from the top down?
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "toplevel.h"

/* How many times a list or a FindWindowEx() enumeration that was disturbed is begun again. */
#define ATTEMPTS 10

/* So many windows of each list are compared with FindWindowEx(), in turn; of the first list all. */
#define AUDIT_PLACES 4

#define STATUS_TOO_SMALL ((LONG)0xC0000023)

/* No two windows that live at the same time share the low 16 bits of their handles;
 * USER keeps no more than that many. */
typedef uint8_t HandleSet[65536 / 8];

static int set_has(const HandleSet set, HWND hwnd)
{
    unsigned low = (uintptr_t)hwnd & 0xFFFF;

    return set[low >> 3] >> (low & 7) & 1;
}

static void set_add(HandleSet set, HWND hwnd)
{
    unsigned low = (uintptr_t)hwnd & 0xFFFF;

    set[low >> 3] |= 1 << (low & 7);
}

static int reserve(HWND **list, int *allocated, int nb)
{
    HWND *grown;

    if (nb <= *allocated)
        return 0;
    nb    = FFMAX(nb, 2 * *allocated);
    grown = av_realloc_array(*list, nb, sizeof(**list));
    if (!grown)
        return AVERROR(ENOMEM);
    *list      = grown;
    *allocated = nb;
    return 0;
}

/**
 * Enumerate once with FindWindowEx(), from the top down.
 *
 * @return 0; AVERROR(EAGAIN) when the enumeration lost its place, because the window it
 *         stood on is gone or was moved behind it
 */
static int rt_enumerate_once(MagnifierToplevel *top, HandleSet seen)
{
    HWND hwnd = NULL;
    int ret;

    memset(seen, 0, sizeof(HandleSet));
    top->nb_found = 0;
    for (;;) {
        /* Success does not clear the last error, and the end of the list sets none. */
        SetLastError(ERROR_SUCCESS);
        hwnd = FindWindowExW(NULL, hwnd, NULL, NULL);
        if (!hwnd) {
            DWORD error = GetLastError();

            if (error == ERROR_SUCCESS)
                return 0;
            top->error = error;
            return error == ERROR_INVALID_WINDOW_HANDLE ? AVERROR(EAGAIN) : AVERROR_EXTERNAL;
        }
        if (set_has(seen, hwnd) || top->nb_found >= MAGNIFIER_TOPLEVEL_MAX)
            return AVERROR(EAGAIN);
        ret = reserve(&top->found, &top->alloc_found, top->nb_found + 1);
        if (ret < 0)
            return ret;
        set_add(seen, hwnd);
        top->found[top->nb_found++] = hwnd;
    }
}

static int same_windows(const HandleSet seen, const HWND *list, int nb, int nb_seen)
{
    int i;

    if (nb != nb_seen)
        return 0;
    for (i = 0; i < nb; i++)
        if (!set_has(seen, list[i]))
            return 0;
    return 1;
}

/**
 * Enumerate until the windows are those that were known before, or the same twice in a row:
 * in a single pass, a window that is raised while the pass is below its new place and above
 * its old one is missing. Leaves the result in top->found.
 */
static int rt_enumerate(MagnifierToplevel *top, const HWND *known, int nb_known)
{
    HandleSet seen, before;
    int nb_before = -1, attempt;

    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        int ret = rt_enumerate_once(top, seen);

        if (ret < 0 && ret != AVERROR(EAGAIN))
            return ret;
        if (!ret) {
            if (same_windows(seen, known, nb_known, top->nb_found) ||
                (nb_before == top->nb_found && !memcmp(seen, before, sizeof(seen))))
                return 0;
            memcpy(before, seen, sizeof(before));
            nb_before = top->nb_found;
        }
        if (ret < 0)
            top->restarts++;
    }
    return AVERROR_EXTERNAL;
}

/** @return 0, AVERROR(ENOMEM), or AVERROR(ENOSYS) when the call did not do what it is known for */
static int rt_list(MagnifierToplevel *top)
{
    ULONG count = 0;
    int attempt, ret;
    ULONG i;

    if (!top->desktop)
        return AVERROR(ENOSYS);
    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        LONG status;

        ret = reserve(&top->list, &top->alloc_list, FFMAX(count + 64, 512));
        if (ret < 0)
            return ret;
        count  = 0;
        status = top->build(top->desktop, NULL, FALSE, FALSE, 0, top->alloc_list, top->list,
                            &count);
        if (status >= 0 && count <= (ULONG)top->alloc_list) {
            top->nb = 0;
            /* Behind the last window stands 1. */
            for (i = 0; i < count; i++)
                if ((uintptr_t)top->list[i] > 1)
                    top->list[top->nb++] = top->list[i];
            return 0;
        }
        if (status != STATUS_TOO_SMALL || count > MAGNIFIER_TOPLEVEL_MAX)
            break;
        top->restarts++;
    }
    return AVERROR(ENOSYS);
}

static void rt_disbelieve(MagnifierToplevel *top, const char *why, HWND hwnd)
{
    top->build = NULL;
    ff_magnifier_log(top->log, AV_LOG_VERBOSE,
                     "the system's list of windows %s (window 0x%"PRIx64"); using "
                     "FindWindowEx from now on, which is slower\n", why,
                     (uint64_t)(uintptr_t)hwnd);
}

static void rt_begin(MagnifierToplevel *top)
{
    HMODULE win32u = GetModuleHandleW(L"win32u.dll");

    top->begun   = 1;
    top->desktop = GetThreadDesktop(GetCurrentThreadId());
    /* user32.dll has loaded it where it exists. */
    if (win32u)
        top->build = (MagnifierBuildList)(void (*)(void))
            GetProcAddress(win32u, "NtUserBuildHwndList");
}

/**
 * Does the list have what FindWindowEx() finds behind some of its windows?
 *
 * @param[out] missing a window that was there before the next list is taken
 * @return 0; AVERROR(EAGAIN) when one is missing, which may be new; AVERROR_EXTERNAL when
 *         FindWindowEx() fails
 */
static int rt_audit(MagnifierToplevel *top, HWND *missing)
{
    HandleSet listed = { 0 };
    int i;

    for (i = 0; i < top->nb; i++)
        set_add(listed, top->list[i]);
    for (i = 0; i < (top->audited ? AUDIT_PLACES : top->nb + 1); i++) {
        HWND next;

        if (top->audit_at > top->nb)
            top->audit_at = 0;
        SetLastError(ERROR_SUCCESS);
        next = FindWindowExW(NULL, top->audit_at ? top->list[top->audit_at - 1] : NULL, NULL, NULL);
        top->audit_at++;
        if (next && !set_has(listed, next)) {
            *missing = next;
            return AVERROR(EAGAIN);
        }
        /* The window that was asked about may be gone; anything else leaves the list without
         * its witness. */
        if (!next && GetLastError() != ERROR_SUCCESS &&
            GetLastError() != ERROR_INVALID_WINDOW_HANDLE) {
            top->error = GetLastError();
            return AVERROR_EXTERNAL;
        }
    }
    top->audited = 1;
    return 0;
}

/** Was it there before the list was taken, and is still, and is not on it? */
static int is_missing(const MagnifierToplevel *top, HWND hwnd)
{
    int i;

    for (i = 0; i < top->nb; i++)
        if (top->list[i] == hwnd)
            return 0;
    return GetAncestor(hwnd, GA_PARENT) == GetDesktopWindow();
}

/** @return 0; AVERROR(ENOSYS) when the list is not to be believed; another error */
static int rt_list_and_audit(MagnifierToplevel *top)
{
    HWND missing = NULL;
    int attempt, ret = 0;

    for (attempt = 0; attempt < ATTEMPTS; attempt++) {
        ret = rt_list(top);
        if (ret == AVERROR(ENOSYS))
            rt_disbelieve(top, "is not available", NULL);
        if (ret < 0)
            return ret;
        if (missing && is_missing(top, missing)) {
            rt_disbelieve(top, "is not complete", missing);
            return AVERROR(ENOSYS);
        }
        ret = rt_audit(top, &missing);
        if (ret != AVERROR(EAGAIN))
            return ret;
        top->restarts++;
    }
    return AVERROR_EXTERNAL;
}

int ff_magnifier_rt_toplevel_get(MagnifierToplevel *top)
{
    int ret = AVERROR(ENOSYS);

    if (!top->begun)
        rt_begin(top);
    if (top->build)
        ret = rt_list_and_audit(top);
    if (!top->build) {
        ret = rt_enumerate(top, top->list, top->nb);
        if (ret >= 0) {
            FFSWAP(HWND *, top->list, top->found);
            FFSWAP(int, top->alloc_list, top->alloc_found);
            top->nb = top->nb_found;
        }
    }
    if (ret < 0)
        return ret;
    /* There is always the host window at least. */
    return top->nb ? 0 : AVERROR_EXTERNAL;
}

void ff_magnifier_rt_toplevel_free(MagnifierToplevel *top)
{
    av_freep(&top->list);
    av_freep(&top->found);
    top->nb = top->nb_found = top->alloc_list = top->alloc_found = 0;
}
