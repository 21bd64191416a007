/*
 * magnifier: choice of the windows to be listed
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

#include <limits.h>

#include "libavutil/macros.h"

#include "choice.h"
#include "guard.h"

/** The rank of what is not to be on the list. */
#define UNWANTED 5

/**
 * Visible windows first, see worth(); then those that the screen may still
 * show; then hidden ones. Of the last two those that are listed already come
 * first, so that a list longer than there is room for does not change each time
 * the stacking order does.
 */
static int rank(const MagnifierRecord *r, int64_t now)
{
    if (ff_magnifier_record_is_visible(r))
        return 0;
    if (now < r->restless && (r->listed || r->present))
        return r->listed ? 1 : 2;
    if (r->present)
        return r->listed ? 3 : 4;
    return UNWANTED; /* gone: the handle may be used again by a stranger */
}

/**
 * What is not on the list is painted over, so a visible window is worth the more the larger
 * it is (the desktop itself may be one), and the most when its place is not known. In
 * powers of two, as a list that changes costs frames.
 */
static int size_class(const MagnifierRecord *r)
{
    int64_t width  = (int64_t)r->w.rect.right  - r->w.rect.left;
    int64_t height = (int64_t)r->w.rect.bottom - r->w.rect.top;
    int64_t area   = width > 0 && height > 0 ? FFMIN(width, INT_MAX) * FFMIN(height, INT_MAX) : 0;
    int size;

    if (r->blind)
        return INT_MAX;
    for (size = 0; area > 0; size++)
        area >>= 1;
    return size;
}

/**
 * The same, and a little more for one that is on the list, so that two of much the same
 * size do not take turns; and nearly all for it while the screen may show it out of place:
 * off the list, it would hold up every frame.
 */
static int worth(const MagnifierRecord *r, int64_t now)
{
    int size = size_class(r);

    if (!r->listed || size == INT_MAX)
        return size;
    return now < r->restless ? INT_MAX - 1 : size + 1;
}

static int comes_before(const MagnifierRecord *a, const MagnifierRecord *b)
{
    return a->rank != b->rank ? a->rank < b->rank :
           a->worth != b->worth ? a->worth > b->worth : a->order < b->order;
}

/** Restore a heap, the last in rank on top, of which the top may be out of place. */
static void sift(const MagnifierRecord *records, size_t *heap, size_t n)
{
    size_t i = 0, child, tmp;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n &&
            comes_before(&records[heap[child]], &records[heap[child + 1]]))
            child++;
        if (!comes_before(&records[heap[i]], &records[heap[child]]))
            return;
        tmp         = heap[i];
        heap[i]     = heap[child];
        heap[child] = tmp;
        i           = child;
    }
}

/** Add to it at the bottom, and let it rise. */
static void rise(const MagnifierRecord *records, size_t *heap, size_t i)
{
    size_t parent, tmp;

    for (; i; i = parent) {
        parent = (i - 1) / 2;
        if (!comes_before(&records[heap[parent]], &records[heap[i]]))
            return;
        tmp          = heap[i];
        heap[i]      = heap[parent];
        heap[parent] = tmp;
    }
}

void ff_magnifier_choice_make(MagnifierChoice *choice, MagnifierMatches *m,
                              int room, int64_t now)
{
    size_t best[MAGNIFIER_GUARD_MAX_LIST];
    size_t i, n = 0;

    room              = FFMIN(room, MAGNIFIER_GUARD_MAX_LIST);
    m->changed        = 0;
    choice->nb_wanted = 0;
    choice->again_at  = INT64_MAX;
    for (i = 0; i < m->nb_records; i++) {
        MagnifierRecord *r = &m->records[i];

        r->rank   = rank(r, now);
        r->worth  = r->rank ? 0 : worth(r, now);
        r->wanted = 0;
        if (r->restless > now)
            choice->again_at = FFMIN(choice->again_at, r->restless);
        if (r->rank == UNWANTED)
            continue;
        choice->nb_wanted++;
        if (n < (size_t)room) {
            best[n] = i;
            rise(m->records, best, n++);
        } else if (n && comes_before(r, &m->records[best[0]])) {
            best[0] = i;
            sift(m->records, best, n);
        }
    }
    for (i = 0; i < n; i++)
        m->records[best[i]].wanted = 1;
}

int ff_magnifier_choice_is_due(const MagnifierChoice *choice, const MagnifierMatches *m,
                               int64_t now)
{
    return m->changed || now >= choice->again_at;
}

int ff_magnifier_choice_difference(const MagnifierMatches *m)
{
    size_t i;
    int diff = 0;

    for (i = 0; i < m->nb_records; i++) {
        const MagnifierRecord *r = &m->records[i];
        if (r->wanted != r->listed)
            diff |= r->wanted ? MAGNIFIER_CHOICE_ADDS : MAGNIFIER_CHOICE_REMOVES;
    }
    return diff;
}
