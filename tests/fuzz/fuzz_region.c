/*
 * Windows Magnification API screen capture: fuzzer of layouts and regions
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
 * libFuzzer target. The input is a layout of monitors and what a user asked for, as numbers. What is
 * claimed of any: a region that is chosen has pixels, lies in the bounds, touches a monitor and fits
 * in a packet; one that is refused has a sentence; its parts lie in it and in a monitor, none is
 * empty, and together with what is made black they are all of it, pixel by pixel.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/error.h"

#include "libavdevice/magnifier/region.h"
#include "tests/fuzz/claim.h"

#define MAX_MONITORS 6
#define MAX_PIXELS   4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t left;

/** The next number: mostly a small one, sometimes any. */
static int number(void)
{
    int32_t n = 0;

    if (!left)
        return 0;
    left--;
    n = (int8_t)*input++;
    if (n == -128 && left >= 4) {
        memcpy(&n, input, 4);
        input += 4;
        left  -= 4;
    }
    return n;
}

/** One as Windows can have it: coordinates of 16 bits and some. */
static MagnifierRect rectangle(void)
{
    MagnifierRect r;

    r.left   = number() % 100000;
    r.top    = number() % 100000;
    r.right  = r.left + 1 + (abs(number() % 50000));
    r.bottom = r.top  + 1 + (abs(number() % 50000));
    return r;
}

static int contains(const MagnifierRect *r, const MagnifierRect *in)
{
    return in->left >= r->left && in->top >= r->top && in->right <= r->right && in->bottom <= r->bottom;
}

static int has_pixel(const MagnifierRect *rects, int nb, int x, int y)
{
    for (int i = 0; i < nb; i++)
        if (x >= rects[i].left && x < rects[i].right && y >= rects[i].top && y < rects[i].bottom)
            return 1;
    return 0;
}

/** Each pixel of the region is a monitor's, and in a part, or is made black. */
static void check_pixels(const MagnifierRect *region, const MagnifierRect *monitors, int nb,
                         const MagnifierRect *parts, int nb_parts)
{
    const int width = region->right - region->left, height = region->bottom - region->top;
    const ptrdiff_t stride = 4 * width + 4;
    uint8_t *data;

    if ((int64_t)width * height > MAX_PIXELS)
        return;
    data = malloc(stride * height);
    memset(data, 0xA5, stride * height);
    ff_magnifier_region_blacken(data, stride, region, parts, nb_parts);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const int shown = has_pixel(monitors, nb, region->left + x, region->top + y);
            uint32_t pixel;

            memcpy(&pixel, data + y * stride + 4 * x, 4);
            CLAIM(shown == has_pixel(parts, nb_parts, region->left + x, region->top + y));
            CLAIM(pixel == (shown ? 0xA5A5A5A5u : 0));
        }
        CLAIM(data[y * stride + 4 * width] == 0xA5);
    }
    free(data);
}

static void check_region(const MagnifierRect *region, const MagnifierRect *monitors, int nb)
{
    MagnifierRect parts[MAX_MONITORS], common;
    int nb_parts = ff_magnifier_region_parts(parts, region, monitors, nb);

    CLAIM(nb_parts >= 0 && nb_parts <= nb);
    for (int i = 0; i < nb_parts; i++) {
        int owners = 0;

        CLAIM(!ff_magnifier_rect_is_empty(&parts[i]) && contains(region, &parts[i]));
        for (int k = 0; k < nb; k++)
            owners += contains(&monitors[k], &parts[i]);
        CLAIM(owners > 0);
    }
    for (int k = 0; k < nb; k++)
        CLAIM(!ff_magnifier_rect_intersect(&common, region, &monitors[k]) || nb_parts > 0);
    check_pixels(region, monitors, nb, parts, nb_parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    MagnifierRegionOptions opt;
    MagnifierRect monitors[MAX_MONITORS], bounds, region, any, common;
    int nb, ret, touches = 0;
    char text[256] = "";

    input = data;
    left  = size;
    nb    = 1 + (unsigned)number() % MAX_MONITORS;
    for (int i = 0; i < nb; i++) {
        monitors[i] = rectangle();
        bounds = i ? (MagnifierRect) {
            FFMIN(bounds.left, monitors[i].left),   FFMIN(bounds.top, monitors[i].top),
            FFMAX(bounds.right, monitors[i].right), FFMAX(bounds.bottom, monitors[i].bottom),
        } : monitors[i];
    }
    opt = (MagnifierRegionOptions) {
        .offset_set = number() & 1, .monitor = (unsigned)number() % (nb + 1),
    };
    if (opt.offset_set) {
        opt.offset_x = number();
        opt.offset_y = number();
    }
    if (number() & 1) {
        /* as FFmpeg parses a size */
        opt.width  = FFMAX(1, number());
        opt.height = FFMAX(1, number());
    }
    if (opt.monitor)
        bounds = monitors[opt.monitor - 1];

    ret = ff_magnifier_region_choose(&region, &opt, &bounds, monitors, nb, text, sizeof(text));
    CLAIM(strlen(text) < sizeof(text) - 1 && !strchr(text, '\n'));
    if (ret < 0) {
        CLAIM(ret == AVERROR(EINVAL) && *text);
    } else {
        CLAIM(!ff_magnifier_rect_is_empty(&region) && contains(&bounds, &region));
        CLAIM(4 * (int64_t)(region.right - region.left) * (region.bottom - region.top) <=
              MAGNIFIER_REGION_MAX_BYTES);
        for (int i = 0; i < nb; i++)
            touches |= ff_magnifier_rect_intersect(&common, &region, &monitors[i]);
        CLAIM(touches);
        check_region(&region, monitors, nb);
    }
    /* after a change of the layout it may lie anywhere */
    any = rectangle();
    check_region(&any, monitors, nb);
    return 0;
}
