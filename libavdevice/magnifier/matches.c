/*
 * magnifier: records of matching windows
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
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "matches.h"

/* What a walk showed, seen against the one before it. */
#define FOUND_NEW   1  ///< a match never seen before
#define FOUND_SHOWN 2  ///< one not on the list became visible
#define FOUND_MOVED 4  ///< one not on the list moved

static void make_restless(MagnifierMatches *m, int64_t *restless)
{
    *restless   = MAGNIFIER_JUST_NOW;
    m->just_now = 1;
}

av_cold void ff_magnifier_matches_init(MagnifierMatches *m,
                                       const MagnifierGuardOps *ops, void *opaque,
                                       const MagnifierGuardConfig *config)
{
    memset(m, 0, sizeof(*m));
    m->ops      = ops;
    m->opaque   = opaque;
    m->config   = config;
    m->restless = INT64_MIN;
    if (m->config->animations)
        make_restless(m, &m->restless);
}

av_cold void ff_magnifier_matches_uninit(MagnifierMatches *m)
{
    av_freep(&m->events.windows);
    av_freep(&m->walk.windows);
    av_freep(&m->last.windows);
    av_freep(&m->records);
    av_freep(&m->table);
    av_freep(&m->rects);
}

static size_t hash(uint64_t handle, uint64_t serial)
{
    uint64_t h = (handle ^ (serial << 32 | serial >> 32)) * 0x9E3779B97F4A7C15u;

    return (size_t)(h >> 32);
}

static MagnifierRecord *find(const MagnifierMatches *m, uint64_t handle, uint64_t serial)
{
    size_t i;

    if (!m->table_size)
        return NULL;
    for (i = hash(handle, serial);; i++) {
        int n = m->table[i & (m->table_size - 1)];
        if (n < 0)
            return NULL;
        if (m->records[n].w.handle == handle && m->records[n].w.serial == serial)
            return &m->records[n];
    }
}

static void table_put(MagnifierMatches *m, size_t n)
{
    size_t i = hash(m->records[n].w.handle, m->records[n].w.serial);

    while (m->table[i & (m->table_size - 1)] >= 0)
        i++;
    m->table[i & (m->table_size - 1)] = n;
}

static void table_rebuild(MagnifierMatches *m)
{
    size_t i;

    for (i = 0; i < m->table_size; i++)
        m->table[i] = -1;
    for (i = 0; i < m->nb_records; i++)
        table_put(m, i);
}

static MagnifierRecord *add_record(MagnifierMatches *m, const MagnifierGuardWindow *w)
{
    void *records = m->records;
    MagnifierRecord *r;

    if (m->nb_records >= INT_MAX / 4 ||
        ff_magnifier_sightings_grow(&records, &m->records_allocated, m->nb_records + 1, sizeof(*r)) < 0)
        return NULL;
    m->records = records;
    if (m->table_size < 2 * (m->nb_records + 1)) {
        size_t size = m->table_size ? 2 * m->table_size : 64;
        int *table  = av_malloc_array(size, sizeof(*table));
        if (!table)
            return NULL;
        av_free(m->table);
        m->table      = table;
        m->table_size = size;
        table_rebuild(m);
    }
    r = &m->records[m->nb_records++];
    memset(r, 0, sizeof(*r));
    r->w        = *w;
    r->restless = INT64_MIN;
    table_put(m, m->nb_records - 1);
    return r;
}

static int same_rect(const MagnifierGuardRect *a, const MagnifierGuardRect *b)
{
    return a->left  == b->left  && a->top    == b->top &&
           a->right == b->right && a->bottom == b->bottom;
}

static int same_window(const MagnifierGuardWindow *a, const MagnifierGuardWindow *b)
{
    return a->handle == b->handle && a->serial == b->serial &&
           a->flags == b->flags && same_rect(&a->rect, &b->rect);
}

static int same_walk(const MagnifierGuardList *a, const MagnifierGuardList *b)
{
    size_t i;

    if (a->nb_windows != b->nb_windows)
        return 0;
    for (i = 0; i < a->nb_windows; i++)
        if (!same_window(&a->windows[i], &b->windows[i]))
            return 0;
    return 1;
}

/** It was there: so that is where the screen may show it. */
static void cover(MagnifierRecord *r, const MagnifierGuardWindow *w)
{
    if (w->flags & MAGNIFIER_GUARD_NO_RECT)
        return;
    if (!r->has_mask) {
        r->mask = w->rect;
    } else {
        r->mask.left   = FFMIN(r->mask.left,   w->rect.left);
        r->mask.top    = FFMIN(r->mask.top,    w->rect.top);
        r->mask.right  = FFMAX(r->mask.right,  w->rect.right);
        r->mask.bottom = FFMAX(r->mask.bottom, w->rect.bottom);
    }
    r->has_mask = 1;
}

/**
 * Take one window of a walk into its record.
 * @param again it was met in this walk before
 * @return what the walk showed of it (FOUND_*)
 */
static unsigned update_record(MagnifierMatches *m, MagnifierRecord *r,
                              const MagnifierGuardWindow *w, int again, int64_t now)
{
    int was     = ff_magnifier_record_is_visible(r);
    int visible = !!(w->flags & MAGNIFIER_GUARD_VISIBLE);
    int moved   = was && visible &&
                  (!same_rect(&r->w.rect, &w->rect) ||
                   (r->w.flags ^ w->flags) & MAGNIFIER_GUARD_NO_RECT);
    unsigned found = 0;

    if (moved || (visible && !was)) {
        found = moved ? FOUND_MOVED : FOUND_SHOWN;
        /* Without an animation it is where it is: the frame is dropped for this,
         * and later pictures are younger. */
        if (now >= r->restless && !again)
            r->has_mask = 0;
        if ((r->w.flags | w->flags) & MAGNIFIER_GUARD_ANIMATES)
            make_restless(m, &r->restless);
    } else if (was && !visible && !again) {
        make_restless(m, &r->restless);
    }
    if (visible || r->restless != INT64_MIN)
        cover(r, w);
    if (visible && w->flags & MAGNIFIER_GUARD_NO_RECT)
        r->blind = 1;
    else if (visible && now >= r->restless)
        r->blind = 0;
    if (again) /* met twice in one walk: visible counts, the rest is in the mask */
        r->w.flags |= w->flags;
    else
        r->w = *w;
    r->present = 1;
    return r->listed ? 0 : found;
}

/**
 * Take the walk into the records.
 * @return what it showed: NEW_WINDOW, WINDOW_SHOWN, WINDOW_MOVED; or NO_MEMORY
 */
static enum MagnifierGuardReason merge_walk(MagnifierMatches *m, int64_t now)
{
    MagnifierGuardList tmp;
    unsigned found = 0;
    size_t i;

    if (m->walk_known && same_walk(&m->walk, &m->last))
        return MAGNIFIER_GUARD_REASON_NONE;

    m->changed    = 1;
    m->walk_known = 0; /* until the records are complete */
    m->stamp++;
    for (i = 0; i < m->walk.nb_windows; i++) {
        const MagnifierGuardWindow *w = &m->walk.windows[i];
        MagnifierRecord *r = find(m, w->handle, w->serial);
        int again = r && r->stamp == m->stamp;

        if (!r) {
            r = add_record(m, w);
            if (!r)
                return MAGNIFIER_GUARD_REASON_NO_MEMORY;
            found |= FOUND_NEW;
            if (w->flags & MAGNIFIER_GUARD_ANIMATES) {
                make_restless(m, &r->restless); /* who knows where it has been */
                r->lost = 1;
            }
        }
        found |= update_record(m, r, w, again, now);
        if (!again)
            r->order = i;
        r->stamp = m->stamp;
    }
    for (i = 0; i < m->nb_records; i++) {
        MagnifierRecord *r = &m->records[i];
        if (r->stamp != m->stamp && r->present) {
            if (ff_magnifier_record_is_visible(r))
                make_restless(m, &r->restless);
            r->present = 0;
        }
    }
    tmp           = m->last;
    m->last       = m->walk;
    m->walk       = tmp;
    m->walk_known = 1;
    return found & FOUND_NEW   ? MAGNIFIER_GUARD_REASON_NEW_WINDOW :
           found & FOUND_SHOWN ? MAGNIFIER_GUARD_REASON_WINDOW_SHOWN :
           found & FOUND_MOVED ? MAGNIFIER_GUARD_REASON_WINDOW_MOVED :
                                 MAGNIFIER_GUARD_REASON_NONE;
}

enum MagnifierGuardReason ff_magnifier_matches_look_at_events(MagnifierMatches *m,
                                                              enum MagnifierGuardReason *held,
                                                              int *error)
{
    enum MagnifierGuardReason reason = MAGNIFIER_GUARD_REASON_NONE;
    size_t i;
    int ret;

    *held = MAGNIFIER_GUARD_REASON_NONE;
    m->events.nb_windows = 0;
    m->events.failed     = 0;
    ret = m->ops->drain(m->opaque, &m->events);
    if (ret < 0 || m->events.failed) {
        *error = ret < 0 ? ret : AVERROR(ENOMEM);
        reason = MAGNIFIER_GUARD_REASON_EVENTS_LOST;
        /* One of them may have been about a window that is closing now. */
        make_restless(m, &m->restless);
    }
    for (i = 0; i < m->events.nb_windows; i++) {
        const MagnifierGuardWindow *e = &m->events.windows[i];
        MagnifierRecord *r = e->serial ? find(m, e->handle, e->serial) : NULL;
        int closing       = e->flags & MAGNIFIER_GUARD_GONE &&
                            e->flags & MAGNIFIER_GUARD_ANIMATES;

        if (closing) {
            /* It may have been shown or moved before it closed: where its
             * animation is drawn is not known, on the list or not. */
            make_restless(m, &m->restless);
        } else if (r && r->w.flags & MAGNIFIER_GUARD_ANIMATES) {
            make_restless(m, &r->restless);
            r->lost = 1;
        }
        if (r && r->listed && !closing) {
            /* The event may be late, and from before it was on the list. */
            if (!r->was_listed)
                *held = MAGNIFIER_GUARD_REASON_EVENT;
            continue;
        }
        if (!reason)
            reason = MAGNIFIER_GUARD_REASON_EVENT;
    }
    if (reason)
        *held = reason;
    return reason;
}

/**
 * An event told of a window that was there, and the walk after it does not know
 * it: it has closed in between, and may do so with an animation.
 */
static void look_for_closed(MagnifierMatches *m)
{
    size_t i;

    for (i = 0; i < m->events.nb_windows && m->config->animations; i++) {
        const MagnifierGuardWindow *e = &m->events.windows[i];
        if (!(e->flags & MAGNIFIER_GUARD_GONE) && !find(m, e->handle, e->serial))
            make_restless(m, &m->restless);
    }
}

/** Is there a window of which it should have been known earlier? That is said once. */
static int take_overdue(MagnifierMatches *m)
{
    int overdue = 0;
    size_t i;

    for (i = 0; i < m->walk.nb_windows; i++) {
        overdue |= m->walk.windows[i].flags & MAGNIFIER_GUARD_OVERDUE;
        m->walk.windows[i].flags &= ~MAGNIFIER_GUARD_OVERDUE;
    }
    return overdue;
}

enum MagnifierGuardReason ff_magnifier_matches_look_at_windows(MagnifierMatches *m, int64_t now,
                                                               int thorough,
                                                               enum MagnifierGuardReason *held,
                                                               int *error)
{
    enum MagnifierGuardReason reason;
    int ret;

    *held = MAGNIFIER_GUARD_REASON_NONE;
    m->walk.nb_windows = 0;
    m->walk.failed     = 0;
    ret = m->ops->walk(m->opaque, &m->walk, thorough);
    if (ret < 0 || m->walk.failed) {
        *error = ret < 0 ? ret : AVERROR(ENOMEM);
        reason = *held = MAGNIFIER_GUARD_REASON_WALK_FAILED;
    } else {
        if (take_overdue(m))
            *held = MAGNIFIER_GUARD_REASON_NEW_WINDOW;
        reason = merge_walk(m, now);
        if (reason == MAGNIFIER_GUARD_REASON_NO_MEMORY) {
            *error = AVERROR(ENOMEM);
            *held  = reason;
        }
    }
    look_for_closed(m);
    return reason;
}

void ff_magnifier_matches_begin_slot(MagnifierMatches *m, int64_t now)
{
    size_t i;

    for (i = 0; i < m->nb_records; i++)
        m->records[i].was_listed = m->records[i].listed;
    if (!m->just_now)
        return;
    m->just_now = 0;
    m->changed  = 1;
    for (i = 0; i < m->nb_records; i++)
        if (m->records[i].restless == MAGNIFIER_JUST_NOW)
            m->records[i].restless = now + m->config->cooldown_us;
    if (m->restless == MAGNIFIER_JUST_NOW)
        m->restless = now + m->config->cooldown_us;
}

/**
 * The list does not take care of it: it is not on the list; or it is, but is gone
 * and closes with an animation, and nobody knows whether the list covers that.
 */
static int is_painted(const MagnifierRecord *r)
{
    return !r->listed || (!r->present && r->w.flags & MAGNIFIER_GUARD_ANIMATES);
}

int ff_magnifier_matches_calm_down(MagnifierMatches *m, int64_t now)
{
    size_t i, n = 0;
    int incident = 0;

    if (m->restless != INT64_MIN && now >= m->restless) {
        m->restless = INT64_MIN;
        incident    = 1;
    }
    for (i = 0; i < m->nb_records; i++) {
        MagnifierRecord *r = &m->records[i];
        if (r->restless != INT64_MIN && now >= r->restless) {
            r->restless = INT64_MIN;
            r->lost     = 0;
            if (is_painted(r))
                incident = 1;
            r->blind = ff_magnifier_record_is_visible(r) && r->w.flags & MAGNIFIER_GUARD_NO_RECT;
            if (ff_magnifier_record_is_visible(r) && !r->blind)
                r->mask = r->w.rect;
            m->changed = 1;
        }
        if (!r->present && !r->listed && r->restless == INT64_MIN)
            continue;
        if (n != i)
            m->records[n] = *r;
        n++;
    }
    if (n != m->nb_records) {
        m->nb_records = n;
        table_rebuild(m);
    }
    return incident;
}

int ff_magnifier_matches_count_unlisted(const MagnifierMatches *m)
{
    size_t i;
    int n = 0;

    for (i = 0; i < m->nb_records; i++)
        if (ff_magnifier_record_is_visible(&m->records[i]) && !m->records[i].listed)
            n++;
    return n;
}

enum MagnifierGuardReason ff_magnifier_matches_places(MagnifierMatches *m, int64_t now,
                                                      const MagnifierGuardRect **places,
                                                      int *nb_places)
{
    void *rects = m->rects;
    size_t i;
    int n = 0;

    if (now < m->restless)
        return MAGNIFIER_GUARD_REASON_COOLDOWN;
    if (ff_magnifier_sightings_grow(&rects, &m->rects_allocated, m->nb_records, sizeof(*m->rects)) < 0)
        return MAGNIFIER_GUARD_REASON_NO_MEMORY;
    m->rects = rects;
    for (i = 0; i < m->nb_records; i++) {
        const MagnifierRecord *r = &m->records[i];
        int restless = now < r->restless;
        int visible  = ff_magnifier_record_is_visible(r);

        if (!is_painted(r) || (!visible && !restless))
            continue;
        if (restless && r->w.flags & MAGNIFIER_GUARD_ANIMATES &&
            (!r->listed || r->lost))
            return MAGNIFIER_GUARD_REASON_COOLDOWN;
        if (r->blind)
            return MAGNIFIER_GUARD_REASON_RECT_UNKNOWN;
        if (r->has_mask)
            m->rects[n++] = r->mask;
    }
    *places    = m->rects;
    *nb_places = n;
    return MAGNIFIER_GUARD_REASON_NONE;
}
