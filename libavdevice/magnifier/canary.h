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
 * The API does not say. So a window of our own, 2x2 pixels near a corner of the captured
 * rectangle, stands last on the list: a picture that shows it was composed without that
 * list. What keeps it honest is a read of the real screen, which must show it; a canary
 * that another window covers proves nothing. It takes no focus, no clicks, and no place
 * in the taskbar or in Alt-Tab. Runtime's thread, as far as windows are concerned.
 */

#ifndef AVDEVICE_MAGNIFIER_CANARY_H
#define AVDEVICE_MAGNIFIER_CANARY_H

#include <stddef.h>
#include <stdint.h>

#include <windows.h>

#include "region.h"
#include "screen.h"

/** Width and height in pixels, those of what is read from the screen. */
#define MAGNIFIER_CANARY_SIZE   MAGNIFIER_SPOT_SIZE
#define MAGNIFIER_CANARY_PIXELS MAGNIFIER_SPOT_PIXELS
/** Places that there are for it in a rectangle. */
#define MAGNIFIER_CANARY_PLACES 4

typedef struct MagnifierCanary {
    HWND hwnd;                  ///< the window, NULL: none
    HBITMAP bitmap;             ///< what it shows
    MagnifierRect rect;         ///< its place, desktop coordinates
    uint32_t color;             ///< 0xRRGGBB
} MagnifierCanary;

/**
 * A place for a canary: a little inside a corner, as pictures are known that come with a
 * border.
 *
 * @param area at least as large as a canary
 * @param n    which corner, modulo MAGNIFIER_CANARY_PLACES
 */
MagnifierRect ff_magnifier_canary_place(const MagnifierRect *area, unsigned n);

/**
 * Show a canary. Does not wait for the screen.
 *
 * @param place what ff_magnifier_canary_place() says
 * @param there pixels whose colours are avoided, 0xRRGGBB; nb of them
 * @return 0 or AVERROR_EXTERNAL: then there is none
 */
int ff_magnifier_rt_canary_show(MagnifierCanary *canary, const MagnifierRect *place,
                                const uint32_t *there, int nb);

/** Bring it above all other windows. */
void ff_magnifier_rt_canary_raise(const MagnifierCanary *canary);

/** Take it from the screen. Idempotent. */
void ff_magnifier_rt_canary_hide(MagnifierCanary *canary);

/**
 * The pixels of a picture in the place of a canary.
 *
 * @param pixels 0xRRGGBB
 * @param data   the area's first pixel in a picture, bgr0
 */
void ff_magnifier_canary_pixels(uint32_t pixels[MAGNIFIER_CANARY_PIXELS], const MagnifierRect *place,
                                const MagnifierRect *area, const uint8_t *data, ptrdiff_t linesize);

/** @return how many of the pixels have the canary's colour */
int ff_magnifier_canary_shown(const MagnifierCanary *canary,
                              const uint32_t pixels[MAGNIFIER_CANARY_PIXELS]);

#endif /* AVDEVICE_MAGNIFIER_CANARY_H */
