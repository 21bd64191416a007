/*
 * magnifier: Magnification.dll
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
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"

#include "api.h"

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#endif

static const struct {
    const char *name;
    size_t offset;              ///< of the function pointer in MagnifierApi
} entry_points[] = {
#define ENTRY(x) { #x, offsetof(MagnifierApi, x) }
    ENTRY(MagInitialize),
    ENTRY(MagUninitialize),
    ENTRY(MagSetWindowSource),
    ENTRY(MagSetWindowTransform),
    ENTRY(MagSetWindowFilterList),
    ENTRY(MagGetWindowFilterList),
    ENTRY(MagSetImageScalingCallback),
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

    return !memcmp((const char *)module + sizeof(IMAGE_DOS_HEADER), signature, sizeof(signature) - 1);
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
