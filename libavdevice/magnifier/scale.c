/*
 * magnifier: pictures of another size
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

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavcodec/defs.h"

#include "scale.h"

static BITMAPINFO describe(int width, int height)
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

static void close_bitmap(MagnifierScaler *s)
{
    if (s->old)
        SelectObject(s->dc, s->old);
    if (s->bitmap)
        DeleteObject(s->bitmap);
    if (s->dc)
        DeleteDC(s->dc);
    s->old    = NULL;
    s->bitmap = NULL;
    s->dc     = NULL;
}

static int rt_open_bitmap(MagnifierScaler *s)
{
    const BITMAPINFO info = describe(s->width, s->height);

    if (s->old)
        return 0;
    s->dc     = CreateCompatibleDC(NULL);
    s->bitmap = CreateDIBSection(NULL, &info, DIB_RGB_COLORS, (void **)&s->pixels, NULL, 0);
    if (s->dc && s->bitmap)
        s->old = SelectObject(s->dc, s->bitmap);
    if (s->old && SetStretchBltMode(s->dc, HALFTONE)) {
        SetBrushOrgEx(s->dc, 0, 0, NULL); /* Windows wants that after HALFTONE */
        return 0;
    }
    close_bitmap(s);
    return AVERROR_EXTERNAL;
}

int ff_magnifier_rt_scale(MagnifierScaler *s, AVFrame *frame)
{
    const BITMAPINFO info = describe(frame->width, frame->height);
    const size_t size     = 4 * (size_t)s->width * s->height;
    AVBufferRef *buf;

    if (frame->width == s->width && frame->height == s->height)
        return 0;
    if (!s->pool)
        s->pool = av_buffer_pool_init(size + AV_INPUT_BUFFER_PADDING_SIZE, av_buffer_allocz);
    if (!s->pool)
        return AVERROR(ENOMEM);
    if (rt_open_bitmap(s) < 0 ||
        StretchDIBits(s->dc, 0, 0, s->width, s->height, 0, 0, frame->width, frame->height,
                      frame->buf[0]->data, &info, DIB_RGB_COLORS, SRCCOPY) <= 0)
        return AVERROR_EXTERNAL;
    buf = av_buffer_pool_get(s->pool);
    if (!buf)
        return AVERROR(ENOMEM);
    GdiFlush();
    memcpy(buf->data, s->pixels, size);

    av_buffer_unref(&frame->buf[0]);
    frame->buf[0]      = buf; /* now owned by it */
    frame->data[0]     = buf->data;
    frame->linesize[0] = 4 * s->width;
    frame->width       = s->width;
    frame->height      = s->height;
    return 0;
}

av_cold void ff_magnifier_rt_scaler_free(MagnifierScaler *s)
{
    close_bitmap(s);
    av_buffer_pool_uninit(&s->pool);
}
