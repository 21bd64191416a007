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
#include "libavutil/mem.h"

#include "region.h"

/** A growing array of rectangles. */
typedef struct RectList {
    MagnifierRect *rects;
    int            nb;
} RectList;

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

/** @return whether a and b have pixels in common; those are in out */
static int rect_intersect(MagnifierRect *out,
                          const MagnifierRect *a, const MagnifierRect *b)
{
    out->left   = FFMAX(a->left,   b->left);
    out->top    = FFMAX(a->top,    b->top);
    out->right  = FFMIN(a->right,  b->right);
    out->bottom = FFMIN(a->bottom, b->bottom);
    return out->left < out->right && out->top < out->bottom;
}

static int list_add(RectList *list, int left, int top, int right, int bottom)
{
    MagnifierRect r = { left, top, right, bottom };

    if (left >= right || top >= bottom)
        return 0;
    if (!av_dynarray2_add((void **)&list->rects, &list->nb, sizeof(r),
                          (const uint8_t *)&r))
        return AVERROR(ENOMEM);
    return 0;
}

/**
 * Cut the pixels of hole out of every rectangle of the list. Bands above and
 * below keep the full width, so a monitor beside a larger one leaves one gap.
 */
static int list_subtract(RectList *list, const MagnifierRect *hole)
{
    RectList out = { 0 };
    int i, ret = 0;

    for (i = 0; i < list->nb && ret >= 0; i++) {
        const MagnifierRect *r = &list->rects[i];
        MagnifierRect cut;

        if (!rect_intersect(&cut, r, hole)) {
            ret = list_add(&out, r->left, r->top, r->right, r->bottom);
            continue;
        }
        if ((ret = list_add(&out, r->left,   r->top,     r->right, cut.top))    < 0 ||
            (ret = list_add(&out, r->left,   cut.top,    cut.left, cut.bottom)) < 0 ||
            (ret = list_add(&out, cut.right, cut.top,    r->right, cut.bottom)) < 0 ||
            (ret = list_add(&out, r->left,   cut.bottom, r->right, r->bottom))  < 0)
            break;
    }

    /* av_dynarray2_add() has freed the array when it failed. */
    av_freep(&list->rects);
    *list = out;
    return ret;
}

/** Without video_size it is all of the desktop. */
static int request_desktop(Request *req, int offset_set, const MagnifierRect *desktop,
                           char *text, size_t text_size)
{
    const int64_t w = rect_width(desktop), h = rect_height(desktop);

    if (w <= 0 || h <= 0) {
        snprintf(text, text_size, "the desktop has no pixels (%"PRId64"x%"PRId64")",
                 w, h);
        return AVERROR(EINVAL);
    }
    if (offset_set)
        snprintf(text, text_size, "offset_x and offset_y mean nothing without "
                 "video_size, capturing %"PRId64"x%"PRId64" at %d,%d",
                 w, h, desktop->left, desktop->top);
    req->left = desktop->left;
    req->top  = desktop->top;
    req->w    = w;
    req->h    = h;
    return 0;
}

static int check_request(const Request *req, const MagnifierRect *desktop,
                         char *text, size_t text_size)
{
    if (req->w <= 0 || req->h <= 0) {
        snprintf(text, text_size, "video_size %"PRId64"x%"PRId64" has no pixels",
                 req->w, req->h);
        return AVERROR(EINVAL);
    }
    if (req->left < desktop->left || req->left + req->w > desktop->right ||
        req->top  < desktop->top  || req->top  + req->h > desktop->bottom) {
        snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
                 " reaches outside the desktop %"PRId64"x%"PRId64" at %d,%d",
                 req->w, req->h, req->left, req->top,
                 rect_width(desktop), rect_height(desktop),
                 desktop->left, desktop->top);
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
        if (rect_intersect(&seen, region, &monitors[i]))
            return 1;
    return 0;
}

int ff_magnifier_region_choose(MagnifierRect *region,
                               const MagnifierRegionOptions *opt,
                               const MagnifierRect *desktop,
                               const MagnifierRect *monitors, int nb_monitors,
                               char *text, size_t text_size)
{
    Request req = { opt->offset_x, opt->offset_y, opt->width, opt->height };
    int ret;

    if (text_size)
        text[0] = '\0';

    if (!req.w && !req.h) {
        ret = request_desktop(&req, opt->offset_set, desktop, text, text_size);
        if (ret < 0)
            return ret;
    }
    ret = check_request(&req, desktop, text, text_size);
    if (ret < 0)
        return ret;

    region->left   = req.left;
    region->top    = req.top;
    region->right  = req.left + req.w;
    region->bottom = req.top  + req.h;
    if (is_on_monitor(region, monitors, nb_monitors))
        return 0;
    snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
             " lies where no monitor is, on the desktop %"PRId64"x%"PRId64
             " at %d,%d", req.w, req.h, req.left, req.top,
             rect_width(desktop), rect_height(desktop), desktop->left, desktop->top);
    return AVERROR(EINVAL);
}

/** Add what a monitor shows to the parts: one for each rectangle of it. */
static int add_parts(MagnifierSplit *split, const RectList *rects,
                     const MagnifierRect *region, int monitor)
{
    int i;

    for (i = 0; i < rects->nb; i++) {
        MagnifierPart part;

        part.rect    = rects->rects[i];
        part.x       = part.rect.left - region->left;
        part.y       = part.rect.top  - region->top;
        part.monitor = monitor;
        if (!av_dynarray2_add((void **)&split->parts, &split->nb_parts,
                              sizeof(part), (const uint8_t *)&part))
            return AVERROR(ENOMEM);
    }
    return 0;
}

/** Take what one monitor shows of the region out of the gaps and into the parts. */
static int split_monitor(MagnifierSplit *split, RectList *gaps,
                         const MagnifierRect *region,
                         const MagnifierRect *monitors, int monitor)
{
    RectList mine = { 0 };
    MagnifierRect seen;
    int i, ret;

    if (!rect_intersect(&seen, region, &monitors[monitor]))
        return 0;
    ret = list_add(&mine, seen.left, seen.top, seen.right, seen.bottom);

    /* Not the gaps left so far but this monitor less those before it:
     * gaps come in bands, and would cut a monitor that nothing overlaps.
     * Proof: monitor_apart_is_one_part in tests/unit/test_region.c. */
    for (i = 0; i < monitor && ret >= 0; i++)
        ret = list_subtract(&mine, &monitors[i]);
    if (ret >= 0)
        ret = list_subtract(gaps, &seen);
    if (ret >= 0)
        ret = add_parts(split, &mine, region, monitor);
    av_freep(&mine.rects);
    return ret;
}

/** From places on the desktop to places in the frame. */
static void move_to_frame(RectList *gaps, const MagnifierRect *region)
{
    int i;

    for (i = 0; i < gaps->nb; i++) {
        MagnifierRect *r = &gaps->rects[i];

        r->right  = (int64_t)r->right  - region->left;
        r->bottom = (int64_t)r->bottom - region->top;
        r->left   = (int64_t)r->left   - region->left;
        r->top    = (int64_t)r->top    - region->top;
    }
}

int ff_magnifier_split_init(MagnifierSplit *split, const MagnifierRect *region,
                            const MagnifierRect *monitors, int nb_monitors)
{
    const int64_t w = rect_width(region), h = rect_height(region);
    RectList gaps = { 0 };
    int i, ret;

    memset(split, 0, sizeof(*split));
    if (w <= 0 || h <= 0 || w > INT_MAX || h > INT_MAX)
        return AVERROR(EINVAL);

    ret = list_add(&gaps, region->left, region->top,
                   region->right, region->bottom);
    for (i = 0; i < nb_monitors && ret >= 0; i++)
        ret = split_monitor(split, &gaps, region, monitors, i);
    if (ret < 0) {
        av_freep(&gaps.rects);
        ff_magnifier_split_uninit(split);
        return ret;
    }

    move_to_frame(&gaps, region);
    split->gaps    = gaps.rects;
    split->nb_gaps = gaps.nb;
    return 0;
}

void ff_magnifier_split_uninit(MagnifierSplit *split)
{
    av_freep(&split->parts);
    av_freep(&split->gaps);
    split->nb_parts = 0;
    split->nb_gaps  = 0;
}
