/*
 * magnifier: the clock
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
 * What time is it for the frames?
 */

#ifndef AVDEVICE_MAGNIFIER_CLOCK_H
#define AVDEVICE_MAGNIFIER_CLOCK_H

#include <stdint.h>

/**
 * Microseconds of the performance counter: monotonic, and finer than
 * av_gettime_relative(), which in some builds follows the wall clock. Any thread.
 */
int64_t ff_magnifier_clock(void);

#endif /* AVDEVICE_MAGNIFIER_CLOCK_H */
