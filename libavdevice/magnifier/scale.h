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

/**
 * @file
 * How does a picture get the size of the recording?
 *
 * GDI stretches it, pointer and all, once everything that is painted over has been.
 */

#ifndef AVDEVICE_MAGNIFIER_SCALE_H
#define AVDEVICE_MAGNIFIER_SCALE_H

#include "libavutil/buffer.h"
#include "libavutil/frame.h"

#include "bitmap.h"

typedef struct MagnifierScaler {
    int width;                  ///< of the recording
    int height;
    AVBufferPool *pool;         ///< buffers of that size, with padding
    MagnifierBitmap bitmap;     ///< of that size; opened when it is needed
} MagnifierScaler;

/**
 * Give a picture the size of the recording, in a buffer of its own; nothing is done to one that has
 * it. Runtime's thread.
 *
 * @param scaler with width and height set, all else zero at first; made ready when it is needed
 * @param frame  4 bytes a pixel; width, height, buf[0] and no space between its rows
 * @return 0; AVERROR(ENOMEM); AVERROR_EXTERNAL: GDI refuses; frame is the caller's either way
 */
int ff_magnifier_rt_scale(MagnifierScaler *scaler, AVFrame *frame);

/** Runtime's thread, since a device context is its thread's; what has been scaled stays. */
void ff_magnifier_rt_scaler_free(MagnifierScaler *scaler);

#endif /* AVDEVICE_MAGNIFIER_SCALE_H */
