/*
 * magnifier: pointer blending
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
 * What does a frame look like with a pointer shape drawn into it?
 *
 * No Win32 in here: bits in, pixels out. Any thread; nothing is shared.
 */

#ifndef AVDEVICE_MAGNIFIER_BLEND_H
#define AVDEVICE_MAGNIFIER_BLEND_H

#include <stddef.h>
#include <stdint.h>

/** The longest side of a shape in pixels: Windows' own largest is 256. */
#define MAGNIFIER_SHAPE_MAX_SIDE 2048

enum MagnifierShapeKind {
    MAGNIFIER_SHAPE_NONE = 0,       ///< nothing to draw
    /** Fourth byte is alpha, the colour is not multiplied with it. */
    MAGNIFIER_SHAPE_ALPHA,
    /**
     * Fourth byte is the AND mask, 255 (keep the screen) or 0, the colour
     * the XOR mask: screen = (screen & mask) ^ colour. A black and white
     * pointer's two masks and a coloured pointer without alpha are
     * both this, and a white pixel under mask 255 inverts the screen.
     */
    MAGNIFIER_SHAPE_MASKED,
};

/** A pointer shape. All zero is a valid one of kind NONE. */
typedef struct MagnifierShape {
    enum MagnifierShapeKind kind;
    int width;          ///< pixels
    int height;
    int hot_x;          ///< the pixel of the shape that points
    int hot_y;
    uint8_t *pixels;    ///< B, G, R and the kind's fourth byte; rows of
                        ///< 4 * width bytes, top-down; av_malloc'ed
} MagnifierShape;

/**
 * Make a shape of what Windows stores for a pointer.
 *
 * Both images are 4 bytes a pixel, top-down, without padding. A mask's
 * pixel counts as set when its colour bytes are not all zero.
 *
 * @param[in,out] shape replaced on success, untouched on failure
 * @param height        of the shape, not of a double mask
 * @param colour        the colour image, width * height, or NULL for a black
 *                      and white pointer
 * @param has_alpha     the colour image's fourth byte may be alpha. Where it is
 *                      0 everywhere there is none, and the mask decides
 * @param mask          with a colour image: its AND mask, width * height, or
 *                      NULL when there is none. Without: AND mask above
 *                      XOR mask, width * (2 * height)
 * @return 0, AVERROR(EINVAL) for a size outside 1..MAGNIFIER_SHAPE_MAX_SIDE
 *         or no image at all, AVERROR(ENOMEM)
 */
int ff_magnifier_shape_set(MagnifierShape *shape, int width, int height,
                           int hot_x, int hot_y, const uint8_t *colour,
                           int has_alpha, const uint8_t *mask);

/** Free what the shape owns and make it kind NONE. */
void ff_magnifier_shape_uninit(MagnifierShape *shape);

/**
 * Draw a shape into a bgr0 frame, its top left pixel at x, y of the frame;
 * the hot spot is not looked at. What lies outside the frame is cut off, at any
 * position an int64_t holds. The fourth byte of each pixel drawn becomes 0.
 *
 * @param data          first row of the frame
 * @param linesize      bytes from one row to the next, may be negative
 * @return the number of pixels of the shape that lie inside the frame
 */
int ff_magnifier_blend(uint8_t *data, ptrdiff_t linesize,
                       int width, int height,
                       const MagnifierShape *shape, int64_t x, int64_t y);

#endif /* AVDEVICE_MAGNIFIER_BLEND_H */
