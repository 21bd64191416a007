/*
 * Simulator of Magnification.dll: the interface it stands in for
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * What the public documentation says a client sees: structures, callback.
 * Written from the documentation; mingw-w64 has the structures alone.
 */

#ifndef MAGSIM_MAGAPI_H
#define MAGSIM_MAGAPI_H

#include <windows.h>

#define MAG_CLASS L"Magnifier"

#define MAG_SHOW_CURSOR    0x0001L
#define MAG_FILTER_EXCLUDE 0
#define MAG_FILTER_INCLUDE 1

typedef struct MagTransform {
    float v[3][3];
} MagTransform;

typedef struct MagColorEffect {
    float transform[5][5];
} MagColorEffect;

typedef struct MagImageHeader {
    UINT width;
    UINT height;
    GUID format;
    UINT stride;
    UINT offset;
    SIZE_T cbSize;
} MagImageHeader;

typedef BOOL (CALLBACK *MagScalingCallback)(HWND hwnd,
                                            void *srcdata, MagImageHeader src,
                                            void *destdata, MagImageHeader dest,
                                            RECT unclipped, RECT clipped,
                                            HRGN dirty);

#endif /* MAGSIM_MAGAPI_H */
