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

#include "magnifier_region.h"

/** A growing array of rectangles. */
typedef struct RectList {
    MagnifierRect *rects;
    int            nb;
} RectList;

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

int ff_magnifier_region_choose(MagnifierRect *region,
                               const MagnifierRegionOptions *opt,
                               const MagnifierRect *desktop,
                               const MagnifierRect *monitors, int nb_monitors,
                               char *text, size_t text_size)
{
    const int64_t dw = rect_width(desktop), dh = rect_height(desktop);
    int64_t left = opt->offset_x, top = opt->offset_y;
    int64_t w = opt->width, h = opt->height;
    int i;

    if (text_size)
        text[0] = '\0';

    if (!w && !h) {
        if (dw <= 0 || dh <= 0) {
            snprintf(text, text_size, "the desktop has no pixels (%"PRId64"x%"PRId64")",
                     dw, dh);
            return AVERROR(EINVAL);
        }
        if (opt->offset_set)
            snprintf(text, text_size, "offset_x and offset_y mean nothing without "
                     "video_size, capturing %"PRId64"x%"PRId64" at %d,%d",
                     dw, dh, desktop->left, desktop->top);
        left = desktop->left;
        top  = desktop->top;
        w    = dw;
        h    = dh;
    }

    if (w <= 0 || h <= 0) {
        snprintf(text, text_size, "video_size %"PRId64"x%"PRId64" has no pixels",
                 w, h);
        return AVERROR(EINVAL);
    }
    if (left < desktop->left || left + w > desktop->right ||
        top  < desktop->top  || top  + h > desktop->bottom) {
        snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
                 " reaches outside the desktop %"PRId64"x%"PRId64" at %d,%d",
                 w, h, left, top, dw, dh, desktop->left, desktop->top);
        return AVERROR(EINVAL);
    }
    /* Divided, as w * h * 4 of a desktop of 2^32 pixels a side needs 66 bits. */
    if (w > MAGNIFIER_REGION_MAX_BYTES / 4 / h) {
        snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
                 " is too large, a frame takes at most %d pixels; "
                 "ask for less with video_size",
                 w, h, left, top, MAGNIFIER_REGION_MAX_BYTES / 4);
        return AVERROR(EINVAL);
    }

    region->left   = left;
    region->top    = top;
    region->right  = left + w;
    region->bottom = top  + h;

    for (i = 0; i < nb_monitors; i++) {
        MagnifierRect seen;

        if (rect_intersect(&seen, region, &monitors[i]))
            return 0;
    }
    snprintf(text, text_size, "region %"PRId64"x%"PRId64" at %"PRId64",%"PRId64
             " lies where no monitor is, on the desktop %"PRId64"x%"PRId64
             " at %d,%d", w, h, left, top, dw, dh, desktop->left, desktop->top);
    return AVERROR(EINVAL);
}

int ff_magnifier_split_init(MagnifierSplit *split, const MagnifierRect *region,
                            const MagnifierRect *monitors, int nb_monitors)
{
    const int64_t w = rect_width(region), h = rect_height(region);
    RectList gaps = { 0 }, mine = { 0 };
    int i, j, ret;

    memset(split, 0, sizeof(*split));
    if (w <= 0 || h <= 0 || w > INT_MAX || h > INT_MAX)
        return AVERROR(EINVAL);

    ret = list_add(&gaps, region->left, region->top,
                   region->right, region->bottom);
    if (ret < 0)
        goto fail;

    for (i = 0; i < nb_monitors; i++) {
        MagnifierRect seen;

        if (!rect_intersect(&seen, region, &monitors[i]))
            continue;
        ret = list_add(&mine, seen.left, seen.top, seen.right, seen.bottom);
        if (ret < 0)
            goto fail;

        /* Not the gaps left so far but this monitor less those before it:
         * gaps come in bands, and would cut a monitor that nothing overlaps.
         * Proof: monitor_apart_is_one_part in tests/unit/test_region.c. */
        for (j = 0; j < i; j++)
            if ((ret = list_subtract(&mine, &monitors[j])) < 0)
                goto fail;
        if ((ret = list_subtract(&gaps, &seen)) < 0)
            goto fail;

        for (j = 0; j < mine.nb; j++) {
            MagnifierPart part;

            part.rect    = mine.rects[j];
            part.x       = part.rect.left - region->left;
            part.y       = part.rect.top  - region->top;
            part.monitor = i;
            if (!av_dynarray2_add((void **)&split->parts, &split->nb_parts,
                                  sizeof(part), (const uint8_t *)&part)) {
                ret = AVERROR(ENOMEM);
                goto fail;
            }
        }
        av_freep(&mine.rects);
        mine.nb = 0;
    }

    for (i = 0; i < gaps.nb; i++) {
        MagnifierRect *r = &gaps.rects[i];

        r->right  = (int64_t)r->right  - region->left;
        r->bottom = (int64_t)r->bottom - region->top;
        r->left   = (int64_t)r->left   - region->left;
        r->top    = (int64_t)r->top    - region->top;
    }
    split->gaps    = gaps.rects;
    split->nb_gaps = gaps.nb;
    return 0;

fail:
    av_freep(&mine.rects);
    av_freep(&gaps.rects);
    ff_magnifier_split_uninit(split);
    return ret;
}

void ff_magnifier_split_uninit(MagnifierSplit *split)
{
    av_freep(&split->parts);
    av_freep(&split->gaps);
    split->nb_parts = 0;
    split->nb_gaps  = 0;
}
