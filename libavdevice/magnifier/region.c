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
 */

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "region.h"

/** A rectangle as it was asked for: it may be nowhere, and of any size. */
typedef struct Request {
    int64_t left, top, w, h;
} Request;

/* A side can be up to 2^32 - 1 pixels long: both corners are ints. */
static int64_t rect_width(const MagnifierRect *r)
{
    return (int64_t)r->right - r->left;
}

static int64_t rect_height(const MagnifierRect *r)
{
    return (int64_t)r->bottom - r->top;
}

/** "the desktop 1920x1080 at 0,0" */
static void name_bounds(char *name, size_t size, const MagnifierRegionOptions *opt,
                        const MagnifierRect *bounds)
{
    char number[16] = "the desktop";

    if (opt->window)
        snprintf(number, sizeof(number), "the window");
    else if (opt->monitor)
        snprintf(number, sizeof(number), "monitor %d", opt->monitor);
    snprintf(name, size, "%s %"PRId64"x%"PRId64" at %d,%d", number,
             rect_width(bounds), rect_height(bounds), bounds->left, bounds->top);
}

/** Without video_size it is all of the bounds. */
static int request_all(Request *req, int offset_set, const MagnifierRect *bounds,
                       char *text, size_t text_size)
{
    const int64_t w = rect_width(bounds), h = rect_height(bounds);

    if (w <= 0 || h <= 0) {
        snprintf(text, text_size, "the desktop has no pixels (%"PRId64"x%"PRId64")",
                 w, h);
        return AVERROR(EINVAL);
    }
    if (offset_set)
        snprintf(text, text_size, "offset_x and offset_y mean nothing without "
                 "video_size, capturing %"PRId64"x%"PRId64" at %d,%d",
                 w, h, bounds->left, bounds->top);
    req->left = bounds->left;
    req->top  = bounds->top;
    req->w    = w;
    req->h    = h;
    return 0;
}

static int check_request(const Request *req, const MagnifierRect *bounds, const char *name,
                         char *text, size_t text_size)
{
    if (req->w <= 0 || req->h <= 0) {
        snprintf(text, text_size, "video_size %"PRId64"x%"PRId64" has no pixels",
                 req->w, req->h);
        return AVERROR(EINVAL);
    }
    if (req->left < bounds->left || req->left + req->w > bounds->right ||
        req->top  < bounds->top  || req->top  + req->h > bounds->bottom) {
        snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
                 " reaches outside %s", req->w, req->h, req->left, req->top, name);
        return AVERROR(EINVAL);
    }
    /* Divided, as w * h * 4 of a desktop of 2^32 pixels a side needs 66 bits. */
    if (req->w > MAGNIFIER_REGION_MAX_BYTES / 4 / req->h) {
        snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
                 " is too large, a frame takes at most %d pixels; "
                 "ask for less with video_size",
                 req->w, req->h, req->left, req->top, MAGNIFIER_REGION_MAX_BYTES / 4);
        return AVERROR(EINVAL);
    }
    return 0;
}

static int is_on_monitor(const MagnifierRect *region,
                         const MagnifierRect *monitors, int nb_monitors)
{
    MagnifierRect seen;
    int i;

    for (i = 0; i < nb_monitors; i++)
        if (ff_magnifier_rect_intersect(&seen, region, &monitors[i]))
            return 1;
    return 0;
}

int ff_magnifier_region_choose(MagnifierRect *region,
                               const MagnifierRegionOptions *opt,
                               const MagnifierRect *bounds,
                               const MagnifierRect *monitors, int nb_monitors,
                               char *text, size_t text_size)
{
    Request req = { opt->offset_x, opt->offset_y, opt->width, opt->height };
    char name[96];
    int ret;

    if (text_size)
        text[0] = '\0';
    name_bounds(name, sizeof(name), opt, bounds);
    if (opt->monitor || opt->window) {
        req.left += bounds->left;
        req.top  += bounds->top;
    }

    if (!req.w && !req.h) {
        ret = request_all(&req, opt->offset_set, bounds, text, text_size);
        if (ret < 0)
            return ret;
    }
    ret = check_request(&req, bounds, name, text, text_size);
    if (ret < 0)
        return ret;

    region->left   = req.left;
    region->top    = req.top;
    region->right  = req.left + req.w;
    region->bottom = req.top  + req.h;
    if (is_on_monitor(region, monitors, nb_monitors))
        return 0;
    snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
             " lies where no monitor is, on %s%s", req.w, req.h, req.left, req.top, name,
             opt->window ? "; move the window onto a monitor" : "");
    return AVERROR(EINVAL);
}

int ff_magnifier_region_parts(MagnifierRect *parts, const MagnifierRect *region,
                              const MagnifierRect *monitors, int nb_monitors)
{
    int i, j, nb = 0;

    for (i = 0; i < nb_monitors; i++) {
        MagnifierRect seen, common;

        if (!ff_magnifier_rect_intersect(&seen, region, &monitors[i]))
            continue;
        for (j = 0; j < nb; j++)
            if (ff_magnifier_rect_intersect(&common, &seen, &parts[j]) &&
                ff_magnifier_rect_same(&common, &seen))
                break;
        if (j == nb)
            parts[nb++] = seen;
    }
    return nb;
}

/** A length of `size` at most from `at` on, put where it lies between two bounds. */
static void fit(int *low, int *high, int at, int64_t size, int from, int to)
{
    size  = FFMIN(size, (int64_t)to - from);
    *low  = FFMAX(FFMIN(at, to - size), from);
    *high = *low + size;
}

void ff_magnifier_region_source(MagnifierRect *source, const MagnifierRect *region,
                                const MagnifierRect *monitor)
{
    fit(&source->left, &source->right, region->left, rect_width(region), monitor->left,
        monitor->right);
    fit(&source->top, &source->bottom, region->top, rect_height(region), monitor->top,
        monitor->bottom);
}

static int is_in_row(const MagnifierRect *part, int y)
{
    return part->top <= y && y < part->bottom;
}

/** @return where, from x on, the first part begins in row y: x itself if one is there */
static int find_part(const MagnifierRect *parts, int nb_parts, int x, int y, int right)
{
    int i;

    for (i = 0; i < nb_parts; i++)
        if (is_in_row(&parts[i], y) && parts[i].right > x)
            right = FFMIN(right, FFMAX(parts[i].left, x));
    return right;
}

/** @return where a part that has pixel x of row y ends; x if none has it */
static int find_end(const MagnifierRect *parts, int nb_parts, int x, int y)
{
    int i;

    for (i = 0; i < nb_parts; i++)
        if (is_in_row(&parts[i], y) && parts[i].left <= x && parts[i].right > x)
            return parts[i].right;
    return x;
}

void ff_magnifier_region_blacken(uint8_t *data, ptrdiff_t stride, const MagnifierRect *region,
                                 const MagnifierRect *parts, int nb_parts)
{
    int x, y, end;

    for (y = region->top; y < region->bottom; y++, data += stride)
        for (x = region->left; x < region->right; x = find_end(parts, nb_parts, end, y)) {
            end = find_part(parts, nb_parts, x, y, region->right);
            memset(data + 4 * (x - (int64_t)region->left), 0, 4 * (end - (int64_t)x));
        }
}
