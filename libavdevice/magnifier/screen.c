/*
 * magnifier: what the real screen shows
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

#include <string.h>

#include <windows.h>

#include "libavutil/error.h"

#include "screen.h"

/** Rows looked at, of all. */
#define PROBE_ROWS 16

/** A memory device context with a bitmap to copy the screen into. */
typedef struct Probe {
    HDC screen;
    HDC dc;
    HBITMAP bitmap;
    HGDIOBJ old;                ///< what was selected into dc before
    uint32_t *pixels;           ///< of the bitmap, top-down
} Probe;

static void rt_probe_close(Probe *probe)
{
    if (probe->old)
        SelectObject(probe->dc, probe->old);
    if (probe->bitmap)
        DeleteObject(probe->bitmap);
    if (probe->dc)
        DeleteDC(probe->dc);
    if (probe->screen)
        ReleaseDC(NULL, probe->screen);
}

static int rt_probe_open(Probe *probe, int width, int height)
{
    BITMAPINFO info = { .bmiHeader = {
        .biSize        = sizeof(info.bmiHeader),
        .biWidth       = width,
        .biHeight      = -height,
        .biPlanes      = 1,
        .biBitCount    = 32,
        .biCompression = BI_RGB,
    } };

    memset(probe, 0, sizeof(*probe));
    probe->screen = GetDC(NULL);
    probe->dc     = CreateCompatibleDC(NULL);
    probe->bitmap = CreateDIBSection(NULL, &info, DIB_RGB_COLORS, (void **)&probe->pixels, NULL, 0);
    if (probe->dc && probe->bitmap)
        probe->old = SelectObject(probe->dc, probe->bitmap);
    if (probe->screen && probe->old)
        return 0;
    rt_probe_close(probe);
    return AVERROR_EXTERNAL;
}

int ff_magnifier_rt_screen_is_black(const MagnifierRect *rect)
{
    int width  = rect->right  - rect->left;
    int height = rect->bottom - rect->top;
    int ret = 1;
    Probe probe;

    if (rt_probe_open(&probe, width, PROBE_ROWS) < 0)
        return AVERROR_EXTERNAL;
    for (int i = 0; i < PROBE_ROWS && ret >= 0; i++) {
        int y = rect->top + (int)((2 * i + 1) * (int64_t)height / (2 * PROBE_ROWS));
        if (!BitBlt(probe.dc, 0, i, width, 1, probe.screen, rect->left, y, SRCCOPY))
            ret = AVERROR_EXTERNAL;
    }
    GdiFlush();
    for (size_t i = 0; i < (size_t)width * PROBE_ROWS && ret > 0; i++)
        ret = !(probe.pixels[i] & 0xffffff);
    rt_probe_close(&probe);
    return ret;
}

int ff_magnifier_rt_screen_read(uint32_t *pixels, const MagnifierRect *rect)
{
    int width  = rect->right  - rect->left;
    int height = rect->bottom - rect->top;
    int ret = 0;
    Probe probe;

    if (rt_probe_open(&probe, width, height) < 0)
        return AVERROR_EXTERNAL;
    if (!BitBlt(probe.dc, 0, 0, width, height, probe.screen, rect->left, rect->top, SRCCOPY))
        ret = AVERROR_EXTERNAL;
    GdiFlush();
    for (int i = 0; i < width * height && ret >= 0; i++)
        pixels[i] = probe.pixels[i] & 0xffffff;
    rt_probe_close(&probe);
    return ret;
}
