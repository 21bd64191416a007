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

static int rt_open_bitmap(MagnifierScaler *s)
{
    if (s->bitmap.dc)
        return 0;
    if (ff_magnifier_bitmap_open(&s->bitmap, s->width, s->height) >= 0 &&
        SetStretchBltMode(s->bitmap.dc, HALFTONE)) {
        SetBrushOrgEx(s->bitmap.dc, 0, 0, NULL); /* Windows wants that after HALFTONE */
        return 0;
    }
    ff_magnifier_bitmap_close(&s->bitmap);
    return AVERROR_EXTERNAL;
}

int ff_magnifier_rt_scale(MagnifierScaler *s, AVFrame *frame)
{
    const BITMAPINFO info = ff_magnifier_bitmap_info(frame->width, frame->height);
    const size_t size     = 4 * (size_t)s->width * s->height;
    AVBufferRef *buf;

    if (frame->width == s->width && frame->height == s->height)
        return 0;
    if (!s->pool)
        s->pool = av_buffer_pool_init(size + AV_INPUT_BUFFER_PADDING_SIZE, av_buffer_allocz);
    if (!s->pool)
        return AVERROR(ENOMEM);
    if (rt_open_bitmap(s) < 0 ||
        StretchDIBits(s->bitmap.dc, 0, 0, s->width, s->height, 0, 0, frame->width, frame->height,
                      frame->buf[0]->data, &info, DIB_RGB_COLORS, SRCCOPY) <= 0)
        return AVERROR_EXTERNAL;
    buf = av_buffer_pool_get(s->pool);
    if (!buf)
        return AVERROR(ENOMEM);
    GdiFlush();
    memcpy(buf->data, s->bitmap.pixels, size);

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
    ff_magnifier_bitmap_close(&s->bitmap);
    av_buffer_pool_uninit(&s->pool);
}
