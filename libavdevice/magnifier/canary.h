/*
 * magnifier: the canary
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
 * Was this picture composed with our exclusion list?
 *
 * The API does not say. So a window of our own, 2x2 pixels in a corner of the captured
 * rectangle, stands last on the list: a picture that shows it was composed without that
 * list. What keeps it honest is a look at the real screen, which must show it; a canary
 * that another window covers proves nothing. It takes no focus, no clicks, and no place
 * in the taskbar or in Alt-Tab. Runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_CANARY_H
#define AVDEVICE_MAGNIFIER_CANARY_H

#include <stddef.h>
#include <stdint.h>

#include <windows.h>

#include "region.h"

/** Width and height in pixels. */
#define MAGNIFIER_CANARY_SIZE 2

typedef struct MagnifierCanary {
    HWND hwnd;                  ///< the window, NULL: none
    HBITMAP bitmap;             ///< what it shows
    MagnifierRect rect;         ///< its place, desktop coordinates
    uint32_t color;             ///< 0xRRGGBB
    int seen;                   ///< the real screen showed it when last looked at
    int64_t looked;             ///< when that was, ff_magnifier_clock()
} MagnifierCanary;

/**
 * Show a canary in a corner of a rectangle, the first in which the real screen shows
 * it. Waits for that, 60 ms at most for a corner; messages are dispatched meanwhile.
 *
 * @param area  part of the region, desktop coordinates; at least as large as a canary
 * @param corner the one to begin with, modulo 4: captures of one desktop should not
 *              choose the same
 * @param data  the area's first pixel in the last picture (bgr0), whose colours are
 *              avoided; may be NULL
 * @param avoid one more colour to avoid, 0xRRGGBB: that of the canary before
 * @param end   ff_magnifier_clock() after which it is not waited for; each corner is
 *              looked at all the same
 * @return 1 seen; 0 shown, but covered in each corner; AVERROR_EXTERNAL: no window
 */
int ff_magnifier_rt_canary_show(MagnifierCanary *canary, const MagnifierRect *area, unsigned corner,
                                const uint8_t *data, ptrdiff_t linesize, uint32_t avoid, int64_t end);

/** Take it from the screen. Idempotent. */
void ff_magnifier_rt_canary_hide(MagnifierCanary *canary);

/**
 * Is it on the real screen? One that was covered when last looked at is raised first.
 *
 * @param max_age microseconds for which the last look is good enough: reading the screen
 *                may wait for the compositor
 * @param trust   it is also good enough if it saw the canary, not only if it did not
 */
int ff_magnifier_rt_canary_seen(MagnifierCanary *canary, int max_age, int trust);

/**
 * @param data the area's first pixel in a picture
 * @return 1 if one pixel in the canary's place has the canary's colour
 */
int ff_magnifier_rt_canary_exposed(const MagnifierCanary *canary, const MagnifierRect *area,
                                   const uint8_t *data, ptrdiff_t linesize);

#endif /* AVDEVICE_MAGNIFIER_CANARY_H */
