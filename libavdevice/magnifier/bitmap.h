/*
 * magnifier: a bitmap that GDI draws into
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
 * A bitmap in memory, and the device context through which GDI draws into it.
 *
 * 32 bits a pixel, the top row first, no space between the rows. It belongs to the thread that
 * opened it, as a device context does.
 */

#ifndef AVDEVICE_MAGNIFIER_BITMAP_H
#define AVDEVICE_MAGNIFIER_BITMAP_H

#include <stdint.h>

#include <windows.h>

typedef struct MagnifierBitmap {
    HDC dc;                     ///< NULL: it is not open
    uint32_t *pixels;           ///< valid after GdiFlush(), until it is closed
    HBITMAP bitmap;             ///< selected into dc
} MagnifierBitmap;

/** Tell GDI of pixels in that form. */
BITMAPINFO ff_magnifier_bitmap_info(int width, int height);

/**
 * @param bitmap all zero
 * @return 0, or AVERROR_EXTERNAL with GetLastError() set and bitmap all zero
 */
int ff_magnifier_bitmap_open(MagnifierBitmap *bitmap, int width, int height);

/** Also one that is all zero, which it is afterwards. Leaves GetLastError() as it is. */
void ff_magnifier_bitmap_close(MagnifierBitmap *bitmap);

#endif /* AVDEVICE_MAGNIFIER_BITMAP_H */
