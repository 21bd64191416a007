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

/**
 * @file
 * What does the real screen show? Read with GDI, to check the API against it; never to
 * record, since GDI shows the windows that are to be left out. Runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_SCREEN_H
#define AVDEVICE_MAGNIFIER_SCREEN_H

#include <stdint.h>

#include "region.h"

/**
 * Look at some rows of a rectangle, spread over its height.
 *
 * @return 1 if all are black, 0 if one pixel is not, AVERROR_EXTERNAL if the screen
 *         cannot be read
 */
int ff_magnifier_rt_screen_is_black(const MagnifierRect *rect);

/**
 * Read the pixels of a small rectangle.
 *
 * @param pixels as 0xRRGGBB, row by row
 * @return 0 or AVERROR_EXTERNAL
 */
int ff_magnifier_rt_screen_read(uint32_t *pixels, const MagnifierRect *rect);

#endif /* AVDEVICE_MAGNIFIER_SCREEN_H */
