/*
 * magnifier: Magnification.dll and its control
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

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"

#include "control.h"
#include "fault.h"
#include "header.h"
#include "runtime.h"

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#endif

/** Property of a control's window: its MagnifierControl. */
#define PROPERTY L"FFmpegMagnifierControl"

static const struct {
    const char *name;
    size_t offset;              ///< of the function pointer in MagnifierApi
    int optional;               ///< it may be missing
} entry_points[] = {
#define ENTRY(x) { #x, offsetof(MagnifierApi, x), 0 }
#define MAYBE(x) { #x, offsetof(MagnifierApi, x), 1 }
    ENTRY(MagInitialize),
    ENTRY(MagUninitialize),
    ENTRY(MagSetWindowSource),
    ENTRY(MagSetWindowTransform),
    ENTRY(MagSetWindowFilterList),
    ENTRY(MagGetWindowFilterList),
    ENTRY(MagSetImageScalingCallback),
    MAYBE(MagGetFullscreenTransform),
    MAYBE(MagGetFullscreenColorEffect),
#undef MAYBE
#undef ENTRY
};

static av_cold HMODULE rt_load_system_library(const WCHAR *name)
{
    HMODULE module = LoadLibraryExW(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    WCHAR path[MAX_PATH + 32];
    UINT len;

    if (module || GetLastError() != ERROR_INVALID_PARAMETER)
        return module;

    /* Windows 7 without KB2533623 does not know the flag: name the file in full,
     * with its own directory searched first for what it imports. */
    len = GetSystemDirectoryW(path, MAX_PATH);
    if (!len || len >= MAX_PATH || len + 1 + wcslen(name) >= FF_ARRAY_ELEMS(path)) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    path[len] = L'\\';
    wcscpy(path + len + 1, name);
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/**
 * Wine marks its own DLLs behind the DOS header. Its Magnification.dll has every
 * export, but as stubs: calling one ends the process.
 */
static int is_wine_builtin(HMODULE module)
{
    static const char signature[] = "Wine builtin DLL";

    return !memcmp((const char *)module + sizeof(IMAGE_DOS_HEADER), signature,
                   sizeof(signature) - 1);
}

av_cold int ff_magnifier_rt_api_load(MagnifierApi *api, MagnifierLog *log, int level)
{
    memset(api, 0, sizeof(*api));

    api->module = rt_load_system_library(L"Magnification.dll");
    if (!api->module) {
        ff_magnifier_log(log, level, "Magnification.dll could not be loaded from the system "
                         "directory (error %lu); it is part of every desktop Windows since Vista\n",
                         GetLastError());
        return AVERROR(ENOSYS);
    }
    if (is_wine_builtin(api->module)) {
        ff_magnifier_log(log, level, "Wine's own Magnification.dll has no working function; "
                         "this device needs the one of Windows\n");
        goto fail;
    }
    for (size_t i = 0; i < FF_ARRAY_ELEMS(entry_points); i++) {
        FARPROC proc = GetProcAddress(api->module, entry_points[i].name);

        if (!proc && entry_points[i].optional)
            continue;
        if (!proc) {
            ff_magnifier_log(log, level, "Magnification.dll has no function %s (error %lu); "
                             "this Windows cannot capture with it\n",
                             entry_points[i].name, GetLastError());
            goto fail;
        }
        memcpy((char *)api + entry_points[i].offset, &proc, sizeof(proc));
    }
    return 0;

fail:
    ff_magnifier_rt_api_unload(api, 0);
    return AVERROR(ENOSYS);
}

av_cold void ff_magnifier_rt_api_unload(MagnifierApi *api, int keep)
{
    if (api->module && !keep)
        FreeLibrary(api->module);
    memset(api, 0, sizeof(*api));
}

/* What stands in place of the entry points once a call has faulted. */

static BOOL fail(void)
{
    SetLastError(ERROR_INVALID_FUNCTION);
    return FALSE;
}

static BOOL WINAPI no_call(void)
{
    return fail();
}

static BOOL WINAPI no_source(HWND hwnd, RECT rect)
{
    return fail();
}

static BOOL WINAPI no_transform(HWND hwnd, MagnifierTransform *transform)
{
    return fail();
}

static BOOL WINAPI no_list(HWND hwnd, DWORD mode, int count, HWND *list)
{
    return fail();
}

static int WINAPI no_read_back(HWND hwnd, DWORD *mode, int count, HWND *list)
{
    fail();
    return -1;
}

static BOOL WINAPI no_callback(HWND hwnd, MagnifierScalingCallback callback)
{
    return fail();
}

av_cold void ff_magnifier_rt_api_disable(MagnifierApi *api)
{
    *api = (MagnifierApi) {
        .module                     = api->module,
        .MagInitialize              = no_call,
        .MagUninitialize            = no_call,
        .MagSetWindowSource         = no_source,
        .MagSetWindowTransform      = no_transform,
        .MagSetWindowFilterList     = no_list,
        .MagGetWindowFilterList     = no_read_back,
        .MagSetImageScalingCallback = no_callback,
    };
}

const char *ff_magnifier_rt_fullscreen_effect(char *buf, size_t size)
{
    const MagnifierApi *api = ff_magnifier_rt_api();
    MagnifierColorEffect effect;
    float level;
    int x, y;

    if (api->MagGetFullscreenTransform && api->MagGetFullscreenTransform(&level, &x, &y) && level > 1) {
        snprintf(buf, size, "magnified to %.0f %%", 100 * level);
        return buf;
    }
    if (api->MagGetFullscreenColorEffect && api->MagGetFullscreenColorEffect(&effect))
        for (int i = 0; i < 25; i++)
            if (effect.transform[i / 5][i % 5] != (i / 5 == i % 5))
                return "shown in other colors";
    return NULL;
}

/**
 * What the formats are called; the bytes are B, G, R, x for each of them. The API says
 * RGBA; ten independent programs that took it at its word found blue first. All have 32 bits.
 */
static const GUID formats[] = {
    { 0xf5c7ad2d, 0x6a8d, 0x43dd, { 0xa7, 0xa8, 0xa2, 0x99, 0x35, 0x26, 0x1a, 0xe9 } }, /* RGBA */
    { 0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0f } }, /* BGRA */
    { 0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0e } }, /* BGR */
};

static int known_format(const GUID *format)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(formats); i++)
        if (!memcmp(format, &formats[i], sizeof(*format)))
            return 1;
    return 0;
}

/** Is all of it memory that can be read? A header may promise more than there is. */
static int is_readable(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;

    if (size > UINTPTR_MAX - (uintptr_t)data)
        return 0;
    while (data < end) {
        MEMORY_BASIC_INFORMATION info;

        if (!VirtualQuery(data, &info, sizeof(info)) || info.State != MEM_COMMIT ||
            info.Protect & (PAGE_NOACCESS | PAGE_GUARD))
            return 0;
        data = (const uint8_t *)info.BaseAddress + info.RegionSize;
    }
    return 1;
}

static void rt_take_picture(MagnifierControl *control, const uint8_t *src,
                            const MagnifierImageHeader *header)
{
    MagnifierPicture picture = { header->width, header->height, header->stride,
                                 header->offset, header->cbSize };
    const MagnifierRect *rect = &control->rect, *source = &control->source;
    int width   = source->right  - source->left;
    int height  = source->bottom - source->top;
    uint8_t *dst = control->data;

    if (!src)
        control->refused = "without pixels";
    else if (!known_format(&header->format))
        control->refused = "in an unknown pixel format";
    else
        control->refused = ff_magnifier_header_check(&picture, width, height);
    if (!control->refused &&
        !is_readable(src, header->offset + (height - 1) * (size_t)header->stride +
                          4 * (size_t)width))
        control->refused = "in memory that cannot be read";
    if (control->refused)
        return;

    src += header->offset;
    src += (rect->top - source->top) * (size_t)header->stride + 4 * (size_t)(rect->left - source->left);
    for (int y = rect->top; y < rect->bottom; y++) {
        memcpy(dst, src, 4 * (size_t)(rect->right - rect->left));
        src += header->stride;
        dst += control->linesize;
    }
    control->delivered = 1;
}

/**
 * Runs inside MagSetWindowSource(), on the runtime's thread; now and then also out of a
 * WM_PAINT that nobody asked for, which is why a control must be armed. The block is
 * valid and the API's own until this returns, so this is the only place where it is
 * read, and the only one where the ledger writes its mark.
 */
static BOOL CALLBACK attribute_align_arg
rt_scaling_callback(HWND hwnd, void *srcdata, MagnifierImageHeader srcheader,
                    void *destdata, MagnifierImageHeader destheader,
                    RECT unclipped, RECT clipped, HRGN dirty)
{
    MagnifierControl *control = GetPropW(hwnd, PROPERTY);
    MagnifierLedger *ledger;

    /* neither the control nor the ledger has a lock */
    if (!control || GetWindowThreadProcessId(hwnd, NULL) != GetCurrentThreadId())
        return TRUE;

    ledger = control->owner ? ff_magnifier_rt_ledger() : NULL;
    ff_magnifier_ledger_enter(ledger, srcdata, srcheader.cbSize, control->owner);
    if (control->data) {
        rt_take_picture(control, srcdata, &srcheader);
        control->data = NULL; /* one picture a call */
    }
    ff_magnifier_ledger_leave(ledger);
    return TRUE;
}

static int rt_failed(const char *what, const MagnifierClient *client)
{
    ff_magnifier_log(client->log, client->error_level, "%s failed (error %lu)\n", what,
                     GetLastError());
    return AVERROR_EXTERNAL;
}

static int rt_create_windows(MagnifierControl *control, const MagnifierClient *client)
{
    const MagnifierRect *rect = &control->source;
    int width  = rect->right  - rect->left;
    int height = rect->bottom - rect->top;

    /* A system class: none of ours can stay registered behind an unloaded DLL. */
    control->host = CreateWindowExW(WS_EX_LAYERED | WS_EX_TOOLWINDOW |
                                    WS_EX_NOACTIVATE | WS_EX_TRANSPARENT,
                                    L"STATIC", L"", WS_POPUP | WS_CLIPCHILDREN,
                                    rect->left, rect->top, width, height,
                                    NULL, NULL, ff_magnifier_rt_instance(), NULL);
    if (!control->host)
        return rt_failed("CreateWindowEx of the host window", client);
    /* fully transparent, for the case that it has to be shown */
    if (!SetLayeredWindowAttributes(control->host, 0, 0, LWA_ALPHA))
        return rt_failed("SetLayeredWindowAttributes", client);

    control->hwnd = CreateWindowExW(0, MAGNIFIER_WC_MAGNIFIER, L"", WS_CHILD | WS_VISIBLE,
                                    0, 0, width, height, control->host, NULL,
                                    ff_magnifier_rt_instance(), NULL);
    if (!control->hwnd)
        return rt_failed("CreateWindowEx of the Magnifier control", client);
    if (!SetPropW(control->hwnd, PROPERTY, control))
        return rt_failed("SetProp", client);
    if (control->visible)
        SetWindowPos(control->host, HWND_BOTTOM, 0, 0, 0, 0,
                     SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
    return 0;
}

int ff_magnifier_rt_control_create(MagnifierControl *control, const MagnifierRect *rect,
                                   const MagnifierRect *source, int visible, int owner,
                                   const MagnifierClient *client)
{
    const MagnifierApi *api = ff_magnifier_rt_api();
    MagnifierTransform identity = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
    int ret;

    memset(control, 0, sizeof(*control));
    control->rect    = *rect;
    control->source  = *source;
    control->visible = visible;
    control->owner   = owner;

    ret = rt_create_windows(control, client);
    if (ret < 0)
        goto fail;
    /* Asked for by the documentation, though the default does as well. */
    if (!api->MagSetWindowTransform(control->hwnd, &identity)) {
        ret = rt_failed("MagSetWindowTransform", client);
        goto fail;
    }
    if (!api->MagSetImageScalingCallback(control->hwnd, rt_scaling_callback)) {
        ret = rt_failed("MagSetImageScalingCallback", client);
        goto fail;
    }
    return 0;

fail:
    ff_magnifier_rt_control_destroy(control);
    return ret;
}

void ff_magnifier_rt_control_move(MagnifierControl *control, const MagnifierRect *rect,
                                  const MagnifierRect *source)
{
    control->rect   = *rect;
    control->source = *source;
    if (control->visible)
        SetWindowPos(control->host, NULL, source->left, source->top, 0, 0,
                     SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
}

static void rt_destroy_window(HWND hwnd)
{
    if (!DestroyWindow(hwnd) && IsWindow(hwnd))
        ff_magnifier_rt_doubt();
}

void ff_magnifier_rt_control_destroy(MagnifierControl *control)
{
    control->data = NULL;
    if (control->hwnd) {
        /* First nobody is called any more, then nobody is found, then the window goes: a
         * paint message that is still queued must not meet memory that was freed. */
        ff_magnifier_rt_api()->MagSetImageScalingCallback(control->hwnd, NULL);
        RemovePropW(control->hwnd, PROPERTY);
        rt_destroy_window(control->hwnd);
        control->hwnd = NULL;
    }
    if (control->host) {
        rt_destroy_window(control->host);
        control->host = NULL;
    }
}

int ff_magnifier_rt_control_set_list(MagnifierControl *control, HWND *list, int nb)
{
    return ff_magnifier_rt_api()->MagSetWindowFilterList(control->hwnd,
                                                         MAGNIFIER_MW_FILTERMODE_EXCLUDE,
                                                         nb, list) ? 0 : AVERROR_EXTERNAL;
}

int ff_magnifier_rt_control_get_list(MagnifierControl *control, HWND *list, int max)
{
    const MagnifierApi *api = ff_magnifier_rt_api();
    DWORD mode = MAGNIFIER_MW_FILTERMODE_EXCLUDE;
    int nb = api->MagGetWindowFilterList(control->hwnd, &mode, 0, NULL);

    if (nb > 0 && nb <= max)
        nb = api->MagGetWindowFilterList(control->hwnd, &mode, nb, list);
    if (nb < 0 || (nb && mode != MAGNIFIER_MW_FILTERMODE_EXCLUDE))
        return AVERROR_EXTERNAL;
    return nb;
}

/** Both ways into the part of the API that makes a picture: the call itself, and its painting. */
static void rt_set_source(void *opaque)
{
    MagnifierControl *control = opaque;
    const MagnifierRect *r = &control->source;
    RECT rect = { r->left, r->top, r->right, r->bottom };

    SetLastError(ERROR_SUCCESS);
    control->ok = ff_magnifier_rt_api()->MagSetWindowSource(control->hwnd, rect);
    if (control->ok && control->data && control->visible) {
        InvalidateRect(control->hwnd, NULL, FALSE);
        UpdateWindow(control->hwnd);
    }
}

/** If this is a host window, messages to its control no longer reach the DLL. */
static BOOL CALLBACK attribute_align_arg rt_cut_off(HWND host, LPARAM lparam)
{
    HWND hwnd = GetWindow(host, GW_CHILD);

    if (hwnd && GetPropW(hwnd, PROPERTY))
        SetWindowLongPtrW(hwnd, GWLP_WNDPROC, (LONG_PTR)DefWindowProcW);
    return TRUE;
}

enum MagnifierOutcome ff_magnifier_rt_control_capture(MagnifierControl *control,
                                                      uint8_t *data, ptrdiff_t linesize)
{
    if (ff_magnifier_rt_faulted())
        return MAGNIFIER_CALL_FAULTED;

    control->data      = data;
    control->linesize  = linesize;
    control->delivered = 0;
    control->refused   = NULL;

    if (ff_magnifier_rt_fault_call(rt_set_source, control) < 0) {
        control->data = NULL;
        ff_magnifier_rt_abandon_api();
        EnumThreadWindows(GetCurrentThreadId(), rt_cut_off, 0);
        return MAGNIFIER_CALL_FAULTED;
    }
    control->data = NULL;

    if (!control->ok)
        return MAGNIFIER_CALL_FAILED;
    if (control->delivered)
        return MAGNIFIER_PICTURE;
    return control->refused ? MAGNIFIER_REFUSED : MAGNIFIER_NO_CALLBACK;
}
