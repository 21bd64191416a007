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

#include "config.h"

#include <windows.h>

#include "libavutil/error.h"

#include "bitmap.h"

BITMAPINFO ff_magnifier_bitmap_info(int width, int height)
{
    return (BITMAPINFO) { .bmiHeader = {
        .biSize        = sizeof(BITMAPINFOHEADER),
        .biWidth       = width,
        .biHeight      = -height, // top row first
        .biPlanes      = 1,
        .biBitCount    = 32,
        .biCompression = BI_RGB,
    } };
}

int ff_magnifier_bitmap_open(MagnifierBitmap *b, int width, int height)
{
    const BITMAPINFO info = ff_magnifier_bitmap_info(width, height);

    b->dc     = CreateCompatibleDC(NULL);
    b->bitmap = CreateDIBSection(NULL, &info, DIB_RGB_COLORS, (void **)&b->pixels, NULL, 0);
    if (b->dc && b->bitmap && SelectObject(b->dc, b->bitmap))
        return 0;
    ff_magnifier_bitmap_close(b);
    return AVERROR_EXTERNAL;
}

void ff_magnifier_bitmap_close(MagnifierBitmap *b)
{
    DWORD error = GetLastError();

    /* in that order, since what is selected into a device context cannot be deleted */
    if (b->dc)
        DeleteDC(b->dc);
    if (b->bitmap)
        DeleteObject(b->bitmap);
    *b = (MagnifierBitmap) { 0 };
    SetLastError(error);
}
