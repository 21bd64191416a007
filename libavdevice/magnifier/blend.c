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
 */

#include <string.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "blend.h"

/* Rounded to nearest; a is 0..255, exact at both ends. */
static uint8_t mix(int s, int d, int a)
{
    return (s * a + d * (255 - a) + 127) / 255;
}

static void row_alpha(uint8_t *dst, const uint8_t *src, int n)
{
    for (; n > 0; n--, dst += 4, src += 4) {
        const int a = src[3];

        dst[0] = mix(src[0], dst[0], a);
        dst[1] = mix(src[1], dst[1], a);
        dst[2] = mix(src[2], dst[2], a);
        dst[3] = 0;
    }
}

static void row_masked(uint8_t *dst, const uint8_t *src, int n)
{
    for (; n > 0; n--, dst += 4, src += 4) {
        const int keep = src[3];

        dst[0] = (dst[0] & keep) ^ src[0];
        dst[1] = (dst[1] & keep) ^ src[1];
        dst[2] = (dst[2] & keep) ^ src[2];
        dst[3] = 0;
    }
}

static int mask_bit(const uint8_t *pixel)
{
    return pixel[0] || pixel[1] || pixel[2];
}

static int any_alpha(const uint8_t *colour, size_t nb_pixels)
{
    size_t i;

    for (i = 0; i < nb_pixels; i++)
        if (colour[4 * i + 3])
            return 1;
    return 0;
}

/** The AND mask goes into the fourth byte; without one the shape is solid. */
static void set_masked(uint8_t *pixels, const uint8_t *colour,
                       const uint8_t *mask, size_t nb_pixels)
{
    size_t i;

    for (i = 0; i < nb_pixels; i++) {
        memcpy(pixels + 4 * i, colour + 4 * i, 3);
        pixels[4 * i + 3] = mask && mask_bit(mask + 4 * i) ? 255 : 0;
    }
}

/** A black and white pointer: its XOR mask, right below the AND mask, is the colour. */
static void set_monochrome(uint8_t *pixels, const uint8_t *mask, size_t nb_pixels)
{
    const uint8_t *xor_mask = mask + 4 * nb_pixels;
    size_t i;

    for (i = 0; i < nb_pixels; i++) {
        memset(pixels + 4 * i, mask_bit(xor_mask + 4 * i) ? 255 : 0, 3);
        pixels[4 * i + 3] = mask_bit(mask + 4 * i) ? 255 : 0;
    }
}

int ff_magnifier_shape_set(MagnifierShape *shape, int width, int height,
                           int hot_x, int hot_y, const uint8_t *colour,
                           int has_alpha, const uint8_t *mask)
{
    enum MagnifierShapeKind kind = MAGNIFIER_SHAPE_MASKED;
    size_t nb_pixels;
    uint8_t *pixels;

    if (width  < 1 || width  > MAGNIFIER_SHAPE_MAX_SIDE ||
        height < 1 || height > MAGNIFIER_SHAPE_MAX_SIDE || (!colour && !mask))
        return AVERROR(EINVAL);

    nb_pixels = (size_t)width * height;
    pixels    = av_malloc(4 * nb_pixels);
    if (!pixels)
        return AVERROR(ENOMEM);

    if (!colour) {
        set_monochrome(pixels, mask, nb_pixels);
    } else if (has_alpha && any_alpha(colour, nb_pixels)) {
        memcpy(pixels, colour, 4 * nb_pixels);
        kind = MAGNIFIER_SHAPE_ALPHA;
    } else {
        set_masked(pixels, colour, mask, nb_pixels);
    }

    ff_magnifier_shape_uninit(shape);
    shape->kind   = kind;
    shape->width  = width;
    shape->height = height;
    shape->hot_x  = hot_x;
    shape->hot_y  = hot_y;
    shape->pixels = pixels;
    return 0;
}

void ff_magnifier_shape_uninit(MagnifierShape *shape)
{
    av_freep(&shape->pixels);
    memset(shape, 0, sizeof(*shape));
}

int ff_magnifier_blend(uint8_t *data, ptrdiff_t linesize,
                       int width, int height,
                       const MagnifierShape *shape, int64_t x, int64_t y)
{
    void (*row)(uint8_t *dst, const uint8_t *src, int n);
    int left, top, right, bottom, i;

    switch (shape->kind) {
    case MAGNIFIER_SHAPE_ALPHA:  row = row_alpha;  break;
    case MAGNIFIER_SHAPE_MASKED: row = row_masked; break;
    default:                            return 0;
    }

    /* Compared before anything is added, so that no position overflows. */
    if (x >= width || y >= height || x <= -shape->width || y <= -shape->height)
        return 0;

    /* the rectangle drawn, in the frame */
    left   = FFMAX(x, 0);
    top    = FFMAX(y, 0);
    right  = FFMIN(x + shape->width,  width);
    bottom = FFMIN(y + shape->height, height);

    for (i = top; i < bottom; i++)
        row(data + i * linesize + 4 * (ptrdiff_t)left,
            shape->pixels + 4 * ((i - y) * shape->width + left - x),
            right - left);
    return (right - left) * (bottom - top);
}
