/*
 * magnifier: region arithmetic
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
 * Which rectangle is captured, and which monitor shows which part of it?
 *
 * No Win32 in here. Every coordinate is a physical pixel of the virtual
 * desktop, whose origin is the top left corner of the primary monitor, so
 * monitors to the left of it or above it have negative coordinates.
 * Any thread; nothing is shared.
 */

#ifndef AVDEVICE_MAGNIFIER_REGION_H
#define AVDEVICE_MAGNIFIER_REGION_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "libavutil/macros.h"

/**
 * The largest frame in bytes. A packet's size is an int, and libavcodec
 * wants 64 more bytes behind the data (AV_INPUT_BUFFER_PADDING_SIZE).
 */
#define MAGNIFIER_REGION_MAX_BYTES (INT_MAX - 64)

/** Pixels left <= x < right, top <= y < bottom, as in Win32's RECT. */
typedef struct MagnifierRect {
    int left;
    int top;
    int right;
    int bottom;
} MagnifierRect;

static inline int ff_magnifier_rect_same(const MagnifierRect *a, const MagnifierRect *b)
{
    return a->left  == b->left  && a->top    == b->top &&
           a->right == b->right && a->bottom == b->bottom;
}

static inline int ff_magnifier_rect_is_empty(const MagnifierRect *r)
{
    return r->left >= r->right || r->top >= r->bottom;
}

/** @return whether a and b have pixels in common; those are in out */
static inline int ff_magnifier_rect_intersect(MagnifierRect *out, const MagnifierRect *a,
                                              const MagnifierRect *b)
{
    out->left   = FFMAX(a->left,   b->left);
    out->top    = FFMAX(a->top,    b->top);
    out->right  = FFMIN(a->right,  b->right);
    out->bottom = FFMIN(a->bottom, b->bottom);
    return !ff_magnifier_rect_is_empty(out);
}

/** What the user asked for. */
typedef struct MagnifierRegionOptions {
    int width;          ///< video_size, 0x0 when unset
    int height;
    int offset_x;       ///< desktop coordinates, may be negative
    int offset_y;
    int offset_set;     ///< the user gave offset_x or offset_y
    int monitor;        ///< the bounds are this one, from 1, and the offsets count from its
                        ///< corner; 0: they are the desktop
    int window;         ///< the same with a window
} MagnifierRegionOptions;

/**
 * Choose the rectangle to capture, with gdigrab's meaning of the options:
 * without a size it is all of the bounds wherever the offsets point, with a
 * size the offsets (0,0 when unset) are its top left corner.
 *
 * @param[out] region   the rectangle, valid on success only
 * @param bounds        the virtual desktop, the monitor of opt->monitor, or the window
 * @param monitors      nb_monitors rectangles; a region that touches none of
 *                      them is refused
 * @param[out] text     on failure one sentence without a newline; on success
 *                      empty, or a sentence worth a warning
 * @return 0, or AVERROR(EINVAL)
 */
int ff_magnifier_region_choose(MagnifierRect *region,
                               const MagnifierRegionOptions *opt,
                               const MagnifierRect *bounds,
                               const MagnifierRect *monitors, int nb_monitors,
                               char *text, size_t text_size);

/**
 * What does each monitor show of the region? Monitors can overlap: one that shows nothing new
 * is left out, else the common pixels are in both parts. The region may reach outside every
 * monitor, as after a change of the layout.
 *
 * @param[out] parts    room for nb_monitors rectangles; desktop coordinates, none is empty, in
 *                      the order of the monitors
 * @return how many parts there are
 */
int ff_magnifier_region_parts(MagnifierRect *parts, const MagnifierRect *region,
                              const MagnifierRect *monitors, int nb_monitors);

/**
 * Where does a control on a monitor look for a region that moves? At a rectangle that lies on
 * that monitor, has all that it shows of the region, and is as large wherever the region is.
 *
 * @param region has pixels in common with the monitor
 */
void ff_magnifier_region_source(MagnifierRect *source, const MagnifierRect *region,
                                const MagnifierRect *monitor);

/**
 * Make black what no part has, and touch no other pixel.
 *
 * @param data      the first pixel of a picture of the region, 4 bytes a pixel
 * @param stride    bytes from one row to the next below it
 */
void ff_magnifier_region_blacken(uint8_t *data, ptrdiff_t stride, const MagnifierRect *region,
                                 const MagnifierRect *parts, int nb_parts);

#endif /* AVDEVICE_MAGNIFIER_REGION_H */
