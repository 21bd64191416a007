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
 * record, since GDI shows the windows that are to be left out.
 *
 * A read from the screen is reported to take as long as the display takes for a frame,
 * however few pixels it is about. So it is done by a thread of its own, which does nothing
 * else, and keeps its device contexts. The functions are for the runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_SCREEN_H
#define AVDEVICE_MAGNIFIER_SCREEN_H

#include <stdint.h>

#include "region.h"

/** Width and height of a spot, pixels. */
#define MAGNIFIER_SPOT_SIZE   2
/** Pixels of it. */
#define MAGNIFIER_SPOT_PIXELS (MAGNIFIER_SPOT_SIZE * MAGNIFIER_SPOT_SIZE)
/** Spots that can be read at once. */
#define MAGNIFIER_MAX_SPOTS   16

typedef struct MagnifierScreen MagnifierScreen;

/** Start the thread. @return NULL when there is no memory or no thread */
MagnifierScreen *ff_magnifier_rt_screen_open(void);

/**
 * End the thread and join it; one that hangs in GDI is left behind, and ends by itself.
 * *screen may be NULL and becomes so.
 */
void ff_magnifier_rt_screen_close(MagnifierScreen **screen);

/**
 * Begin to read spots, from now on: what they showed before does not count. The read
 * before is forgotten; where it goes on it is waited for, as long as for a result.
 *
 * @param screen may be NULL: the result will be an error
 * @param spots  their rectangles, desktop coordinates; copied
 */
void ff_magnifier_rt_screen_begin(MagnifierScreen *screen, const MagnifierRect *spots, int nb);

/**
 * The result.
 *
 * @param pixels MAGNIFIER_SPOT_PIXELS for each spot, as 0xRRGGBB, row by row
 * @param wait   for it, some frames of the display at most, unless that was in vain before
 * @return 0; AVERROR(EAGAIN): it is not there yet; AVERROR_EXTERNAL: the screen cannot be
 *         read, or does not answer
 */
int ff_magnifier_rt_screen_end(MagnifierScreen *screen, uint32_t *pixels, int wait);

/**
 * Look at some rows of a rectangle, spread over its height. Waits for the display.
 *
 * @return 1 if all are black, 0 if one pixel is not, AVERROR_EXTERNAL if the screen
 *         cannot be read
 */
int ff_magnifier_rt_screen_is_black(const MagnifierRect *rect);

#endif /* AVDEVICE_MAGNIFIER_SCREEN_H */
