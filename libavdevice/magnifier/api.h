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

/**
 * @file
 * Which entry points of Magnification.dll do we call, and where do they come from?
 *
 * mingw-w64 ships neither prototypes nor an import library for this DLL, so the
 * types are declared here and the functions looked up at run time, which also lets
 * FFmpeg start on systems without the DLL. Names are those of the Windows SDK.
 */

#ifndef AVDEVICE_MAGNIFIER_API_H
#define AVDEVICE_MAGNIFIER_API_H

#include <windows.h>

#include "log.h"

#define MAGNIFIER_WC_MAGNIFIER      L"Magnifier"
#define MAGNIFIER_MW_FILTERMODE_EXCLUDE 0

/** MAGIMAGEHEADER: 36 bytes on x86, 40 on x64. */
typedef struct MagnifierImageHeader {
    UINT   width;               ///< pixels
    UINT   height;              ///< rows, top-down
    GUID   format;              ///< a WIC pixel format
    UINT   stride;              ///< bytes from row to row
    UINT   offset;              ///< bytes from the start of the block to the first row
    SIZE_T cbSize;              ///< bytes of the block
} MagnifierImageHeader;

/** MAGTRANSFORM */
typedef struct MagnifierTransform {
    float v[3][3];
} MagnifierTransform;

/** MagImageScalingCallback; the structs go by value, 120 bytes of arguments on x86. */
typedef BOOL (CALLBACK *MagnifierScalingCallback)(HWND hwnd,
                                                  void *srcdata, MagnifierImageHeader srcheader,
                                                  void *destdata, MagnifierImageHeader destheader,
                                                  RECT unclipped, RECT clipped, HRGN dirty);

typedef struct MagnifierApi {
    HMODULE module;             ///< Magnification.dll, one reference of ours
    BOOL (WINAPI *MagInitialize)(void);
    BOOL (WINAPI *MagUninitialize)(void);
    BOOL (WINAPI *MagSetWindowSource)(HWND hwnd, RECT rect);
    BOOL (WINAPI *MagSetWindowTransform)(HWND hwnd, MagnifierTransform *transform);
    BOOL (WINAPI *MagSetWindowFilterList)(HWND hwnd, DWORD mode, int count, HWND *list);
    int  (WINAPI *MagGetWindowFilterList)(HWND hwnd, DWORD *mode, int count, HWND *list);
    BOOL (WINAPI *MagSetImageScalingCallback)(HWND hwnd, MagnifierScalingCallback callback);
} MagnifierApi;

/**
 * Load the DLL, from the system directory and from nowhere else, and look up every
 * entry point. Runtime's thread.
 *
 * @param level AV_LOG_* of the line about a failure
 * @return 0; AVERROR(ENOSYS) when the DLL or an entry point is missing or the DLL is
 *         Wine's, whose functions are stubs that raise an exception when called. One line
 *         in the log says which. Nothing stays loaded on failure.
 */
int ff_magnifier_rt_api_load(MagnifierApi *api, MagnifierLog *log, int level);

/**
 * Give the DLL back and forget the entry points. Runtime's thread, after the last Mag* call.
 *
 * @param keep leave it loaded for good: a window lives that it may be called for
 */
void ff_magnifier_rt_api_unload(MagnifierApi *api, int keep);

#endif /* AVDEVICE_MAGNIFIER_API_H */
