/*
 * magnifier: what the real screen shows
 * Copyright (c) 2026 the ffmpeg-magnifier authors
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

#include "magnifier_screen.h"

/** Rows looked at, of all. */
#define PROBE_ROWS 16

int ff_magnifier_rt_screen_is_black(const MagnifierRect *rect)
{
    int width  = rect->right  - rect->left;
    int height = rect->bottom - rect->top;
    BITMAPINFO info = { .bmiHeader = {
        .biSize        = sizeof(info.bmiHeader),
        .biWidth       = width,
        .biHeight      = -PROBE_ROWS,
        .biPlanes      = 1,
        .biBitCount    = 32,
        .biCompression = BI_RGB,
    } };
    HDC screen = GetDC(NULL), dc = NULL;
    HBITMAP bitmap = NULL, old = NULL;
    uint32_t *pixels = NULL;
    int ret = AVERROR_EXTERNAL;

    if (!screen)
        return ret;
    dc     = CreateCompatibleDC(screen);
    bitmap = CreateDIBSection(screen, &info, DIB_RGB_COLORS, (void **)&pixels, NULL, 0);
    if (!dc || !bitmap)
        goto end;

    old = SelectObject(dc, bitmap);
    for (int i = 0; i < PROBE_ROWS; i++) {
        int y = rect->top + (int)((2 * i + 1) * (int64_t)height / (2 * PROBE_ROWS));
        if (!BitBlt(dc, 0, i, width, 1, screen, rect->left, y, SRCCOPY))
            goto end;
    }
    GdiFlush();
    ret = 1;
    for (size_t i = 0; i < (size_t)width * PROBE_ROWS && ret; i++)
        ret = !(pixels[i] & 0xffffff);

end:
    if (old)
        SelectObject(dc, old);
    if (bitmap)
        DeleteObject(bitmap);
    if (dc)
        DeleteDC(dc);
    ReleaseDC(NULL, screen);
    return ret;
}
