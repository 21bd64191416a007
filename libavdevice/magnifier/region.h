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

/** What the user asked for. */
typedef struct MagnifierRegionOptions {
    int width;          ///< video_size, 0x0 when unset
    int height;
    int offset_x;       ///< desktop coordinates, may be negative
    int offset_y;
    int offset_set;     ///< the user gave offset_x or offset_y
} MagnifierRegionOptions;

/** A part of the region which one monitor shows. */
typedef struct MagnifierPart {
    MagnifierRect rect; ///< desktop coordinates, never empty
    int x;              ///< place of its top left pixel in the frame
    int y;
    int monitor;        ///< index into the monitors given
} MagnifierPart;

/** The region, taken apart: each pixel is in exactly one part or gap. */
typedef struct MagnifierSplit {
    MagnifierPart *parts;   ///< in the order of the monitors
    int            nb_parts;
    MagnifierRect *gaps;    ///< frame coordinates; no monitor there: black
    int            nb_gaps;
} MagnifierSplit;

/**
 * Choose the rectangle to capture, with gdigrab's meaning of the options:
 * without a size it is the whole desktop wherever the offsets point, with a
 * size the offsets (0,0 when unset) are its top left corner.
 *
 * @param[out] region   the rectangle, valid on success only
 * @param desktop       the virtual desktop, or another rectangle that
 *                      bounds the capture, such as one monitor
 * @param monitors      nb_monitors rectangles; a region that touches none of
 *                      them is refused
 * @param[out] text     on failure one sentence without a newline; on success
 *                      empty, or a sentence worth a warning
 * @return 0, or AVERROR(EINVAL)
 */
int ff_magnifier_region_choose(MagnifierRect *region,
                               const MagnifierRegionOptions *opt,
                               const MagnifierRect *desktop,
                               const MagnifierRect *monitors, int nb_monitors,
                               char *text, size_t text_size);

/**
 * Take a region apart into what each monitor shows of it and what none does.
 *
 * A monitor apart from the others gives at most one part. Where monitors
 * overlap the first one given has the pixels and what is left of the others is
 * cut into rectangles. The region may reach outside every monitor: that is
 * gap, so a layout that changed while recording splits as well.
 *
 * @param[out] split    overwritten; owned by the caller, see
 *                      ff_magnifier_split_uninit(). Empty on failure
 * @return 0, AVERROR(EINVAL) for a region without pixels or of more than
 *         INT_MAX on a side, AVERROR(ENOMEM)
 */
int ff_magnifier_split_init(MagnifierSplit *split, const MagnifierRect *region,
                            const MagnifierRect *monitors, int nb_monitors);

/** Free what a split owns and make it empty. An empty one is fine. */
void ff_magnifier_split_uninit(MagnifierSplit *split);

#endif /* AVDEVICE_MAGNIFIER_REGION_H */
