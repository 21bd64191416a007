/*
 * magnifier: the window that is recorded
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


#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "printable.h"
#include "target.h"
#include "toplevel.h"

/* DWMWINDOWATTRIBUTE: mingw-w64's headers have the names only for a newer _WIN32_WINNT. */
#define ATTRIBUTE_FRAME_BOUNDS 9
#define ATTRIBUTE_CLOAKED     14

/** No monitor is farther away than Windows can place it; a window may say that it is. */
#define FAR_AWAY (1 << 24)

/** Windows' own limit is not documented; longer titles are cut by the call that reads them. */
#define MAX_TITLE 4096

static av_cold void rt_load_dwm(MagnifierTarget *target)
{
    target->dwmapi = LoadLibraryExW(L"dwmapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (target->dwmapi) {
        FARPROC proc = GetProcAddress(target->dwmapi, "DwmGetWindowAttribute");

        memcpy(&target->get_attribute, &proc, sizeof(proc));
    }
}

av_cold void ff_magnifier_rt_target_free(MagnifierTarget *target)
{
    if (target->dwmapi)
        FreeLibrary(target->dwmapi);
    memset(target, 0, sizeof(*target));
}

static int rt_is_cloaked(const MagnifierTarget *target, HWND hwnd)
{
    DWORD cloaked = 0;

    return target->get_attribute &&
           target->get_attribute(hwnd, ATTRIBUTE_CLOAKED, &cloaked, sizeof(cloaked)) >= 0 && cloaked;
}

/** The system draws a resizable window smaller than its rectangle; only the DWM tells how much. */
static int rt_read_rect(const MagnifierTarget *target, HWND hwnd, RECT *r)
{
    if (target->get_attribute && GetAncestor(hwnd, GA_ROOT) == hwnd &&
        target->get_attribute(hwnd, ATTRIBUTE_FRAME_BOUNDS, r, sizeof(*r)) >= 0 && !IsRectEmpty(r))
        return 1;
    return GetWindowRect(hwnd, r) && !IsRectEmpty(r);
}

/** A console's window says that it is of a program in the console, now this, now that. */
static int rt_is_console(HWND hwnd)
{
    WCHAR name[32];

    return GetClassNameW(hwnd, name, FF_ARRAY_ELEMS(name)) > 0 &&
           (!wcscmp(name, L"ConsoleWindowClass") || !wcscmp(name, L"WineConsoleClass"));
}

enum MagnifierTargetState ff_magnifier_rt_target_where(const MagnifierTarget *target,
                                                       MagnifierRect *rect)
{
    HWND hwnd = target->hwnd, root = GetAncestor(hwnd, GA_ROOT);
    DWORD process = 0, thread = GetWindowThreadProcessId(hwnd, &process);
    RECT r;

    if (!thread || (target->console ? !rt_is_console(hwnd) :
                    thread != target->thread || process != target->process))
        return MAGNIFIER_TARGET_GONE;
    if (!root)
        root = hwnd;
    if (!IsWindowVisible(hwnd) || IsIconic(root) || rt_is_cloaked(target, root) ||
        !rt_read_rect(target, hwnd, &r))
        return MAGNIFIER_TARGET_HIDDEN;
    if (r.left < -FAR_AWAY || r.top < -FAR_AWAY || r.right > FAR_AWAY || r.bottom > FAR_AWAY)
        return MAGNIFIER_TARGET_HIDDEN;
    *rect = (MagnifierRect) { r.left, r.top, r.right, r.bottom };
    return MAGNIFIER_TARGET_SHOWN;
}

static int rt_know(MagnifierTarget *target, HWND hwnd)
{
    target->hwnd    = hwnd;
    target->thread  = GetWindowThreadProcessId(hwnd, &target->process);
    target->console = rt_is_console(hwnd);
    return !!target->thread;
}

/** The topmost window of that title that is on the screen, else the topmost. @return how many */
static av_cold int rt_find_title(MagnifierTarget *target, const WCHAR *title)
{
    HWND hwnd = NULL;
    MagnifierRect rect;
    MagnifierTarget first = { 0 };
    int shown = 0;

    for (int i = 0; i < MAGNIFIER_TOPLEVEL_MAX && (hwnd = FindWindowExW(NULL, hwnd, NULL, title)); i++) {
        if (!rt_know(target, hwnd))
            continue;
        if (ff_magnifier_rt_target_where(target, &rect) == MAGNIFIER_TARGET_SHOWN ? !shown++ :
            !first.hwnd)
            first = *target;
    }
    if (first.hwnd)
        rt_know(target, first.hwnd);
    return shown ? shown : !!first.hwnd;
}

/** @return the title as it may stand in a list, and after title= (printable.h) */
static av_cold char *rt_read_title(HWND hwnd)
{
    WCHAR wide[MAX_TITLE];
    int nb   = InternalGetWindowText(hwnd, wide, MAX_TITLE);
    int size = nb > 0 ? WideCharToMultiByte(CP_UTF8, 0, wide, nb, NULL, 0, NULL, NULL) : 0;
    char *title = av_mallocz(size + 1), *printed = NULL;
    AVBPrint bp;

    if (title && size)
        WideCharToMultiByte(CP_UTF8, 0, wide, nb, title, size, NULL, NULL);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (title)
        ff_magnifier_print_text(&bp, title, UINT_MAX);
    av_free(title);
    if (!title || !av_bprint_is_complete(&bp))
        av_bprint_finalize(&bp, NULL);
    else
        av_bprint_finalize(&bp, &printed);
    return printed;
}

/** Leave of a title, as it is printed, only what is seen; what looks like a blank becomes one. */
static av_cold void strip_unseen(char *title)
{
    char *out = title, *begin = title;

    while (*title) {
        uint32_t c = 0;
        int size = av_strstart(title, "\\u{", NULL) ? ff_magnifier_read_escape(&c, title) : 0;

        if (!size || c == '\\') {
            *out++ = *title++;
            continue;
        }
        if (c == ' ' || ff_magnifier_is_space(c))
            *out++ = ' ';
        title += size;
    }
    while (out > begin && out[-1] == ' ')
        out--;
    *out = 0;
}

/** @return the title of a window on the screen that looks like it, and is not; NULL: there is none */
static av_cold char *rt_find_alike(const MagnifierTarget *target, const char *title)
{
    MagnifierTarget other = *target;
    MagnifierRect rect;
    char *wanted = av_strdup(title), *found = NULL;
    HWND hwnd = NULL;

    if (wanted)
        strip_unseen(wanted);
    for (int i = 0; wanted && *wanted && !found && i < MAGNIFIER_TOPLEVEL_MAX &&
                    (hwnd = FindWindowExW(NULL, hwnd, NULL, NULL)); i++) {
        char *printed, *stripped;

        if (!rt_know(&other, hwnd) || ff_magnifier_rt_target_where(&other, &rect) != MAGNIFIER_TARGET_SHOWN)
            continue;
        printed  = rt_read_title(hwnd);
        stripped = av_strdup(printed);
        if (stripped)
            strip_unseen(stripped);
        if (stripped && !av_strcasecmp(stripped, wanted)) {
            found   = printed;
            printed = NULL; /* now the caller's */
        }
        av_free(stripped);
        av_free(printed);
    }
    av_free(wanted);
    return found;
}

/** @param title as it is printed */
static av_cold void rt_tell_missing(const MagnifierTarget *target, const char *title, MagnifierLog *log)
{
    char *alike = rt_find_alike(target, title);

    if (alike)
        ff_magnifier_log(log, AV_LOG_ERROR, "There is no window with the title '%s', but one that differs "
                         "only in what is not seen: title=%s\n", title, alike);
    else
        ff_magnifier_log(log, AV_LOG_ERROR, "There is no window with the title '%s'; the whole title is "
                         "compared, and -sources magnifier lists the windows\n", title);
    av_free(alike);
}

static av_cold int rt_find_by_title(MagnifierTarget *target, const char *title, MagnifierLog *log)
{
    int size = MultiByteToWideChar(CP_UTF8, 0, title, -1, NULL, 0), nb;
    WCHAR *wide = av_malloc_array(size + 1, sizeof(*wide));
    AVBPrint bp;

    if (!wide)
        return AVERROR(ENOMEM);
    if (!MultiByteToWideChar(CP_UTF8, 0, title, -1, wide, size))
        wide[0] = 0;
    nb = *wide ? rt_find_title(target, wide) : 0;
    av_free(wide);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_print_text(&bp, title, UINT_MAX);
    if (!nb)
        rt_tell_missing(target, bp.str, log);
    if (nb > 1)
        ff_magnifier_log(log, AV_LOG_WARNING, "%d windows have the title '%s'; the topmost is taken, "
                         "hwnd=0x%"PRIx64"\n", nb, bp.str, (uint64_t)(uintptr_t)target->hwnd);
    av_bprint_finalize(&bp, NULL);
    return nb ? 0 : AVERROR(ENOENT);
}

/** @param escaped as it is printed (printable.h) */
static av_cold int rt_find_by_escaped_title(MagnifierTarget *target, const char *escaped,
                                         MagnifierLog *log)
{
    char *title = av_strdup(escaped);
    const char *bad;
    int ret = AVERROR(EINVAL);

    if (!title)
        return AVERROR(ENOMEM);
    bad = ff_magnifier_unescape(title);
    if (bad)
        ff_magnifier_log(log, AV_LOG_ERROR, "title=%s: expected the number of a character, 1 to 6 hex "
                         "digits, and } after \\u{ (write \\u{5C} for a backslash there), found %s\n",
                         escaped, bad);
    else
        ret = rt_find_by_title(target, title, log);
    av_free(title);
    return ret;
}

av_cold int ff_magnifier_rt_target_find(MagnifierTarget *target, const char *title, uint64_t handle,
                                        MagnifierLog *log)
{
    rt_load_dwm(target);
    if (title)
        return rt_find_by_escaped_title(target, title, log);
    /* as handles go from program to program: 32 bits, extended with the sign */
    if (rt_know(target, (HWND)(intptr_t)(int32_t)handle))
        return 0;
    ff_magnifier_log(log, AV_LOG_ERROR, "There is no window 0x%"PRIx64"; -sources magnifier lists the "
                     "windows\n", handle);
    return AVERROR(ENOENT);
}

/* ---- the list ---- */

/** @return whether it was one to list; AVERROR(ENOMEM) */
static av_cold int rt_add_entry(MagnifierTarget *target, HWND hwnd, MagnifierTargetEntry *entry)
{
    if (!rt_know(target, hwnd) || target->thread == GetCurrentThreadId() ||
        ff_magnifier_rt_target_where(target, &entry->rect) != MAGNIFIER_TARGET_SHOWN)
        return 0;
    entry->hwnd  = hwnd;
    entry->title = rt_read_title(hwnd);
    if (!entry->title)
        return AVERROR(ENOMEM);
    if (*entry->title)
        return 1;
    av_freep(&entry->title);
    return 0;
}

av_cold int ff_magnifier_rt_target_list(MagnifierTargetEntry **list, MagnifierLog *log)
{
    MagnifierToplevel top  = { .log = log };
    MagnifierTarget target = { 0 };
    int ret = ff_magnifier_rt_toplevel_get(&top), nb = 0;

    *list = NULL;
    if (ret == AVERROR_EXTERNAL)
        ff_magnifier_log(log, AV_LOG_ERROR, "The windows could not be enumerated (error %lu)\n",
                         top.error);
    if (ret >= 0 && !(*list = av_calloc(top.nb, sizeof(**list))))
        ret = AVERROR(ENOMEM);
    rt_load_dwm(&target);
    for (int i = 0; i < top.nb && ret >= 0; i++) {
        ret = rt_add_entry(&target, top.list[i], &(*list)[nb]);
        nb += ret > 0;
    }
    ff_magnifier_rt_target_free(&target);
    ff_magnifier_rt_toplevel_free(&top);
    if (ret < 0)
        ff_magnifier_target_list_free(list, nb);
    return ret < 0 ? ret : nb;
}

av_cold void ff_magnifier_target_list_free(MagnifierTargetEntry **list, int nb)
{
    for (int i = 0; i < nb && *list; i++)
        av_free((*list)[i].title);
    av_freep(list);
}
