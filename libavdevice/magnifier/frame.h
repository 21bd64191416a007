/*
 * magnifier: a frame
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
 * One picture of the region, and when it was.
 */

#ifndef AVDEVICE_MAGNIFIER_FRAME_H
#define AVDEVICE_MAGNIFIER_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "libavutil/buffer.h"

typedef struct MagnifierFrame {
    AVBufferRef *buf;           ///< bgr0, top-down, padded
    ptrdiff_t linesize;         ///< bytes from row to row
    int64_t time;               ///< ff_magnifier_clock() when its capture began
} MagnifierFrame;

/** What becomes of pictures that were delivered already, should they be wanted again. */
enum MagnifierForget {
    MAGNIFIER_KEEP,
    MAGNIFIER_FORGET_SOON,      ///< they show a window that has begun to match since
    MAGNIFIER_FORGET,           ///< they may show what the rules leave out by now
};

/** What a capture has for a slot. */
enum MagnifierStatus {
    MAGNIFIER_FRAME,            ///< a frame
    MAGNIFIER_HELD,             ///< none yet: it is held until the next look around is clean
    MAGNIFIER_UNSAFE,           ///< none: it might have shown a window that is to be left out
    MAGNIFIER_OUTAGE,           ///< none: the API gave no picture
};

#endif /* AVDEVICE_MAGNIFIER_FRAME_H */
