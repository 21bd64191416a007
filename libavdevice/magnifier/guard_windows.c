/*
 * magnifier: where are the windows that match?
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
 * Where are the windows that match, and may they still be seen there?
 *
 * A record for each window that matches, from its first look until it is gone and the screen
 * shows it no more. A window that moves, is hidden or closes with an animation may be seen
 * where it is not any more; it has to settle first. What is on the list in force is free to
 * move, and need not be painted over.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "guard_internal.h"

/** Rectangles that one place may be cut into by the windows above it. */
#define MAX_PIECES 64

static const MagnifierRect everywhere = { INT_MIN, INT_MIN, INT_MAX, INT_MAX };

int ff_magnifier_guard_add(MagnifierGuardList *list, uint64_t handle, uint64_t serial,
                           unsigned flags, const MagnifierRect *rect)
{
    MagnifierGuardWindow *windows = NULL, *w;

    if (list->nb_windows < UINT_MAX / sizeof(*windows) - 1)
        windows = av_fast_realloc(list->windows, &list->allocated,
                                  (list->nb_windows + 1) * sizeof(*windows));
    if (!windows) {
        list->failed = 1;
        return AVERROR(ENOMEM);
    }
    list->windows = windows;
    w  = &windows[list->nb_windows++];
    *w = (MagnifierGuardWindow) { .handle = handle, .serial = serial, .flags = flags };
    if (rect && !(flags & MAGNIFIER_GUARD_NO_RECT))
        w->rect = *rect;
    else
        w->flags |= MAGNIFIER_GUARD_NO_RECT;
    return 0;
}

static int64_t cooldown_end(const MagnifierGuard *g)
{
    return g->ops->clock(g->opaque) + g->config.cooldown_us;
}

av_cold void ff_magnifier_guard_windows_init(MagnifierGuard *g)
{
    g->windows.quiet_until = INT64_MIN;
    g->windows.hears_moves = g->windows.heard_moves = !g->ops->want_moves;
}

av_cold void ff_magnifier_guard_places_uninit(MagnifierGuardPlaces *places)
{
    av_freep(&places->places);
    av_freep(&places->covers);
    memset(places, 0, sizeof(*places));
}

av_cold void ff_magnifier_guard_windows_uninit(MagnifierGuard *g)
{
    av_freep(&g->windows.list.windows);
    av_freep(&g->windows.events.windows);
    av_freep(&g->windows.matches);
    av_freep(&g->windows.covers);
    av_freep(&g->windows.rects);
}

static int compare_serials(const void *a, const void *b)
{
    return FFDIFFSIGN(((const MagnifierGuardMatch *)a)->w.serial,
                      ((const MagnifierGuardMatch *)b)->w.serial);
}

/** @param nb of the matches, which are sorted so far */
static MagnifierGuardMatch *find(const MagnifierGuard *g, uint64_t serial, int nb)
{
    const MagnifierGuardMatch key = { .w.serial = serial };

    return serial && nb ? bsearch(&key, g->windows.matches, nb, sizeof(key), compare_serials)
                        : NULL;
}

static int is_present(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    return m->look == g->windows.looks;
}

int ff_magnifier_guard_is_visible(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    return is_present(g, m) && m->w.flags & MAGNIFIER_GUARD_VISIBLE;
}

int ff_magnifier_guard_is_outside(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    MagnifierRect seen;

    return !ff_magnifier_rect_intersect(&seen, &m->place, &g->config.region);
}

/* ---- looks --------------------------------------------------------------- */

/** The screen may show it there, too. */
static void widen(MagnifierRect *place, const MagnifierRect *rect)
{
    if (ff_magnifier_rect_is_empty(place)) {
        *place = *rect;
        return;
    }
    place->left   = FFMIN(place->left,   rect->left);
    place->top    = FFMIN(place->top,    rect->top);
    place->right  = FFMAX(place->right,  rect->right);
    place->bottom = FFMAX(place->bottom, rect->bottom);
}

/**
 * Take what a look saw of a known window into its record.
 * @return what is news about one that is not on the list; NONE
 */
static enum MagnifierGuardReason update(MagnifierGuard *g, MagnifierGuardMatch *m,
                                        const MagnifierGuardWindow *w, int was)
{
    int visible = !!(w->flags & MAGNIFIER_GUARD_VISIBLE);
    int unknown = !!(w->flags & MAGNIFIER_GUARD_NO_RECT);
    int moved   = was && visible && (!ff_magnifier_rect_same(&m->w.rect, &w->rect) ||
                                     (m->w.flags ^ w->flags) & MAGNIFIER_GUARD_NO_RECT);
    int shown   = visible && !was;

    int changed = moved || visible != was;

    /* The frame is dropped for a move, and later pictures are younger; what was hidden without
     * an animation is painted over for the same time, as it costs little. */
    if (changed && (m->w.flags | w->flags) & MAGNIFIER_GUARD_ANIMATES) {
        m->quiet_until = cooldown_end(g);
        m->place       = everywhere;
    } else if (was && !visible) {
        m->quiet_until = cooldown_end(g);
    }
    if (visible && unknown) {
        m->place = everywhere;
    } else if (visible) {
        if (m->quiet_until == INT64_MIN)
            m->place = w->rect;
        else
            widen(&m->place, &w->rect);
    }
    m->w = *w;
    if (m->listed)
        return MAGNIFIER_GUARD_REASON_NONE;
    return moved ? MAGNIFIER_GUARD_REASON_WINDOW_MOVED :
           shown ? MAGNIFIER_GUARD_REASON_WINDOW_SHOWN : MAGNIFIER_GUARD_REASON_NONE;
}

/** Make the record of a window that no look has reported before. */
static MagnifierGuardMatch *add_match(MagnifierGuard *g, const MagnifierGuardWindow *w)
{
    MagnifierGuardWindows *s = &g->windows;
    MagnifierGuardMatch *m = NULL;

    if (s->nb_matches < (int)(INT_MAX / sizeof(*m)) - 1)
        m = av_fast_realloc(s->matches, &s->matches_size, (s->nb_matches + 1) * sizeof(*m));
    if (!m)
        return NULL;
    s->matches = m;
    m  = &m[s->nb_matches++];
    *m = (MagnifierGuardMatch) { .w = *w, .quiet_until = INT64_MIN };
    if (w->flags & MAGNIFIER_GUARD_UNSHOWN)
        return m;
    if (w->flags & MAGNIFIER_GUARD_ANIMATES) {
        m->quiet_until = cooldown_end(g);
        m->place       = everywhere; /* who knows where it has been */
    } else if (w->flags & MAGNIFIER_GUARD_VISIBLE) {
        m->place = w->flags & MAGNIFIER_GUARD_NO_RECT ? everywhere : w->rect;
    }
    return m;
}

/**
 * Take the matching windows of a look into the records.
 * @return what it showed, the gravest; or NO_MEMORY
 */
static enum MagnifierGuardReason merge_matches(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardWindows *s = &g->windows;
    enum MagnifierGuardReason reason = MAGNIFIER_GUARD_REASON_NONE, news;
    const unsigned last = s->looks++;
    const int nb_known  = s->nb_matches;
    int i;

    for (i = 0; i < (int)s->list.nb_windows; i++) {
        const MagnifierGuardWindow *w = &s->list.windows[i];
        MagnifierGuardMatch *m;

        if (w->flags & MAGNIFIER_GUARD_COVERS)
            continue;
        m = find(g, w->serial, nb_known);
        if (m) {
            news = update(g, m, w, m->look == last && m->w.flags & MAGNIFIER_GUARD_VISIBLE);
        } else {
            news = w->flags & MAGNIFIER_GUARD_UNSHOWN ? MAGNIFIER_GUARD_REASON_NONE
                                                      : MAGNIFIER_GUARD_REASON_NEW_WINDOW;
            m    = add_match(g, w);
            if (!m) {
                s->nb_matches = nb_known; /* which are sorted */
                return MAGNIFIER_GUARD_REASON_NO_MEMORY;
            }
        }
        m->look  = s->looks;
        m->order = i;
        if (news && (!reason || news < reason)) {
            reason         = news;
            report->handle = w->handle;
        }
    }
    for (i = 0; i < nb_known; i++) {
        MagnifierGuardMatch *m = &s->matches[i];

        if (m->look != last || !(m->w.flags & MAGNIFIER_GUARD_VISIBLE))
            continue;
        m->quiet_until = cooldown_end(g); /* it is gone */
        /* That it moved before it closed nobody may have told. */
        if (m->w.flags & MAGNIFIER_GUARD_ANIMATES && !(s->heard_moves && s->hears_moves))
            m->place = everywhere;
    }
    s->heard_moves = s->hears_moves;
    if (s->nb_matches > nb_known)
        qsort(s->matches, s->nb_matches, sizeof(*s->matches), compare_serials);
    return reason;
}

/** One that stays where it is has been there since it was first seen so. */
static int64_t covers_since(const MagnifierGuard *g, const MagnifierGuardWindow *w)
{
    const MagnifierGuardWindows *s = &g->windows;

    for (int i = 0; i < s->nb_covers; i++)
        if (s->covers[i].serial == w->serial)
            return ff_magnifier_rect_same(&s->covers[i].rect, &w->rect) ? s->covers[i].since
                                                                        : INT64_MAX;
    return INT64_MAX;
}

/**
 * Take those that cover others; without memory for it, nothing does. With strict proof neither: a
 * window can be made transparent by DwmEnableBlurBehindWindow(), and no call tells.
 */
static void merge_covers(MagnifierGuard *g)
{
    MagnifierGuardWindows *s = &g->windows;
    MagnifierGuardCover *covers = NULL;
    unsigned size = 0;
    int nb = 0;

    if (g->config.proof != MAGNIFIER_GUARD_PROOF_STRICT)
        for (size_t i = 0; i < s->list.nb_windows; i++)
            nb += !!(s->list.windows[i].flags & MAGNIFIER_GUARD_COVERS);
    if (nb)
        av_fast_malloc(&covers, &size, nb * sizeof(*covers));
    nb = 0;
    for (size_t i = 0; i < s->list.nb_windows && covers; i++) {
        const MagnifierGuardWindow *w = &s->list.windows[i];

        if (w->flags & MAGNIFIER_GUARD_COVERS)
            covers[nb++] = (MagnifierGuardCover) {
                w->serial, w->rect, i, FFMIN(covers_since(g, w), g->ops->clock(g->opaque))
            };
    }
    av_free(s->covers);
    s->covers      = covers;
    s->covers_size = size;
    s->nb_covers   = covers ? nb : 0;
}

/** Where it is drawn for a while is not known, on the list or not. */
static void unsettle(MagnifierGuard *g, MagnifierGuardMatch *m)
{
    m->quiet_until = cooldown_end(g);
    m->place       = everywhere;
}

void ff_magnifier_guard_hear_moves(MagnifierGuard *g, int wanted)
{
    MagnifierGuardWindows *s = &g->windows;

    g->ops->want_moves(g->opaque, wanted);
    /* What moved until now nobody has told. What no frame has shown is nowhere. */
    for (int i = 0; i < s->nb_matches && wanted && !s->hears_moves; i++)
        if (s->matches[i].w.flags & MAGNIFIER_GUARD_ANIMATES &&
            !(s->matches[i].w.flags & MAGNIFIER_GUARD_UNSHOWN))
            unsettle(g, &s->matches[i]);
    s->hears_moves = wanted;
}

/**
 * What events have told of since the last look may have changed once more before this one: an
 * animating window that was shown may be hidden again, and one that the look does not know has
 * closed, maybe with an animation.
 */
static void follow_events(MagnifierGuard *g)
{
    MagnifierGuardWindows *s = &g->windows;
    const unsigned not_closed = MAGNIFIER_GUARD_GONE | MAGNIFIER_GUARD_COVERS |
                                MAGNIFIER_GUARD_NO_MATCH;

    for (size_t i = 0; i < s->events.nb_windows; i++) {
        const MagnifierGuardWindow *e = &s->events.windows[i];
        MagnifierGuardMatch *m = find(g, e->serial, s->nb_matches);

        if (m && m->w.flags & MAGNIFIER_GUARD_ANIMATES) {
            unsettle(g, m);
        } else if (!m && !(e->flags & not_closed) && g->config.animations) {
            s->quiet_until  = cooldown_end(g);
            s->quiet_handle = e->handle;
        }
    }
    s->events.nb_windows = 0;
}

enum MagnifierGuardReason ff_magnifier_guard_look(MagnifierGuard *g, MagnifierGuardReport *report)
{
    MagnifierGuardWindows *s = &g->windows;
    enum MagnifierGuardReason reason = MAGNIFIER_GUARD_REASON_LOOK_FAILED;
    int ret;

    s->list.nb_windows = 0;
    s->list.failed     = 0;
    ret = g->ops->look(g->opaque, &s->list);
    if (ret < 0 || s->list.failed) {
        report->error = ret < 0 ? ret : AVERROR(ENOMEM);
    } else {
        /* Before the first look one may have closed that nobody knew. */
        if (!s->looks && g->config.animations)
            s->quiet_until = cooldown_end(g);
        reason = merge_matches(g, report);
        merge_covers(g);
        if (reason == MAGNIFIER_GUARD_REASON_NO_MEMORY) {
            /* One of those that could not be merged may be closing now. */
            s->quiet_until = cooldown_end(g);
            report->error  = AVERROR(ENOMEM);
        }
    }
    follow_events(g);
    return reason;
}

/* ---- events -------------------------------------------------------------- */

/** A window that covered others was shown, moved or hidden: it may not have, for a moment. */
static void cover_changed(MagnifierGuard *g, uint64_t serial)
{
    for (int i = 0; i < g->windows.nb_covers; i++)
        if (g->windows.covers[i].serial == serial)
            g->windows.covers[i].since = g->ops->clock(g->opaque);
}

/**
 * @param held set if it speaks against the held frame only
 * @return whether it speaks against all of them
 */
static int take_event(MagnifierGuard *g, const MagnifierGuardWindow *e, int *held)
{
    MagnifierGuardMatch *m = find(g, e->serial, g->windows.nb_matches);
    int closing = e->flags & MAGNIFIER_GUARD_GONE && e->flags & MAGNIFIER_GUARD_ANIMATES;

    if (e->flags & MAGNIFIER_GUARD_COVERS) {
        cover_changed(g, e->serial);
        return 0;
    }
    if (closing) {
        /* It may have been shown or moved before it closed: where its animation is drawn is
         * not known, on the list or not. */
        g->windows.quiet_until  = cooldown_end(g);
        g->windows.quiet_handle = e->handle;
    } else if (m && m->w.flags & MAGNIFIER_GUARD_ANIMATES) {
        unsettle(g, m);
    }
    if (closing || !m || !m->listed)
        return 1;
    /* The event may be late, and from before it was on the list. */
    *held |= g->held.frame && (int)(m->listed - g->held.list) > 0;
    return 0;
}

enum MagnifierGuardReason ff_magnifier_guard_drain(MagnifierGuard *g,
                                                   enum MagnifierGuardReason *held,
                                                   MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason = MAGNIFIER_GUARD_REASON_NONE;
    MagnifierGuardList *events = &g->windows.events;
    size_t first = events->nb_windows; /* before it those that no look has followed yet */
    int earlier = 0, ret;

    events->failed = 0;
    ret = g->ops->drain(g->opaque, events);
    if (ret < 0 || events->failed) {
        report->error = ret < 0 ? ret : AVERROR(ENOMEM);
        reason = MAGNIFIER_GUARD_REASON_EVENTS_LOST;
        /* One of them may have been about a window that is closing now. */
        g->windows.quiet_until = cooldown_end(g);
        /* It may be that moves cannot be heard: they are wanted again when they matter again. */
        if (g->ops->want_moves)
            ff_magnifier_guard_hear_moves(g, 0);
    }
    for (size_t i = first; i < events->nb_windows; i++) {
        if (!take_event(g, &events->windows[i], &earlier) || reason)
            continue;
        reason         = MAGNIFIER_GUARD_REASON_EVENT;
        report->handle = events->windows[i].handle;
    }
    *held = reason ? reason : earlier ? MAGNIFIER_GUARD_REASON_EVENT : MAGNIFIER_GUARD_REASON_NONE;
    return reason;
}

/* ---- settling ------------------------------------------------------------ */

/**
 * The list does not take care of it: it is not on the list; or it is, but is gone and closes
 * with an animation, and nobody knows whether the list covers that.
 */
static int is_painted(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    return !m->listed || (!is_present(g, m) && m->w.flags & MAGNIFIER_GUARD_ANIMATES);
}

/** For how long a window may be seen opening, or what it covers through it. */
static int64_t opening_us(const MagnifierGuard *g)
{
    return g->config.animations ? g->config.cooldown_us : 0;
}

/** Does it cover a place that would have to be painted over? */
static int spares_a_place(const MagnifierGuard *g, const MagnifierGuardCover *c)
{
    for (int i = 0; i < g->windows.nb_matches; i++) {
        const MagnifierGuardMatch *m = &g->windows.matches[i];
        MagnifierRect hidden;

        if (ff_magnifier_guard_is_visible(g, m) && is_painted(g, m) && c->order < m->order &&
            ff_magnifier_rect_intersect(&hidden, &m->place, &c->rect))
            return 1;
    }
    return 0;
}

/**
 * Pictures may be older than a window that covers something by now. So it counts from the
 * next list on that is known to be younger.
 */
static int has_new_cover(const MagnifierGuard *g, int64_t now)
{
    for (int i = 0; i < g->windows.nb_covers; i++) {
        const MagnifierGuardCover *c = &g->windows.covers[i];

        if (c->since > ff_magnifier_guard_pictures_from(g) - opening_us(g) &&
            now - c->since >= opening_us(g) && spares_a_place(g, c))
            return 1;
    }
    return 0;
}

int ff_magnifier_guard_settle(MagnifierGuard *g)
{
    MagnifierGuardWindows *s = &g->windows;
    int64_t now = g->ops->clock(g->opaque);
    int incident = 0, nb = 0;

    if (s->quiet_until != INT64_MIN && now >= s->quiet_until) {
        s->quiet_until = INT64_MIN;
        incident       = 1;
    }
    for (int i = 0; i < s->nb_matches; i++) {
        MagnifierGuardMatch *m = &s->matches[i];

        if (m->quiet_until != INT64_MIN && now >= m->quiet_until) {
            m->quiet_until = INT64_MIN;
            incident |= is_painted(g, m);
            if (ff_magnifier_guard_is_visible(g, m) && !(m->w.flags & MAGNIFIER_GUARD_NO_RECT))
                m->place = m->w.rect;
        }
        if (is_present(g, m) || m->listed || m->quiet_until != INT64_MIN)
            s->matches[nb++] = *m;
    }
    s->nb_matches = nb;
    return incident | has_new_cover(g, now);
}

/* ---- places --------------------------------------------------------------- */

static int copy_covers(const MagnifierGuard *g, MagnifierGuardPlaces *places)
{
    const MagnifierGuardWindows *s = &g->windows;

    if (!s->nb_covers)
        return 0;
    av_fast_malloc(&places->covers, &places->covers_size, s->nb_covers * sizeof(*s->covers));
    if (!places->covers)
        return AVERROR(ENOMEM);
    memcpy(places->covers, s->covers, s->nb_covers * sizeof(*s->covers));
    places->nb_covers = s->nb_covers;
    return 0;
}

enum MagnifierGuardReason ff_magnifier_guard_find_places(MagnifierGuard *g,
                                                         MagnifierGuardPlaces *places,
                                                         MagnifierGuardReport *report)
{
    const MagnifierGuardWindows *s = &g->windows;

    places->nb_places = places->nb_covers = 0;
    places->time          = g->ops->clock(g->opaque);
    places->pictures_from = ff_magnifier_guard_pictures_from(g);
    if (s->quiet_until != INT64_MIN) {
        report->handle = s->quiet_handle;
        return MAGNIFIER_GUARD_REASON_COOLDOWN;
    }
    av_fast_malloc(&places->places, &places->places_size,
                   FFMAX(s->nb_matches, 1) * sizeof(*places->places));
    if (!places->places)
        return MAGNIFIER_GUARD_REASON_NO_MEMORY;
    for (int i = 0; i < s->nb_matches; i++) {
        const MagnifierGuardMatch *m = &s->matches[i];
        int visible = ff_magnifier_guard_is_visible(g, m);
        int settled = m->quiet_until == INT64_MIN;

        if (!is_painted(g, m) || (!visible && settled) || ff_magnifier_guard_is_outside(g, m))
            continue;
        if (ff_magnifier_rect_same(&m->place, &everywhere)) {
            report->handle = m->w.handle;
            return visible && m->w.flags & MAGNIFIER_GUARD_NO_RECT ?
                   MAGNIFIER_GUARD_REASON_RECT_UNKNOWN : MAGNIFIER_GUARD_REASON_COOLDOWN;
        }
        places->places[places->nb_places++] =
            (MagnifierGuardPlace) { m->place, settled ? m->order : 0 };
    }
    return copy_covers(g, places) < 0 ? MAGNIFIER_GUARD_REASON_NO_MEMORY
                                      : MAGNIFIER_GUARD_REASON_NONE;
}

static const MagnifierGuardCover *find_cover(const MagnifierGuardCover *covers, int nb,
                                             uint64_t serial)
{
    for (int i = 0; i < nb; i++)
        if (covers[i].serial == serial)
            return &covers[i];
    return NULL;
}

/**
 * Did a window cover the same in both looks, and long enough before any picture of that time
 * that nothing of its opening can be seen? The events since then may tell of it, too.
 */
static int covers_in_both(const MagnifierGuard *g, uint64_t serial,
                          const MagnifierGuardPlaces *before, const MagnifierGuardPlaces *after)
{
    const MagnifierGuardCover *a = find_cover(before->covers, before->nb_covers, serial);
    const MagnifierGuardCover *b = find_cover(after->covers, after->nb_covers, serial);
    const MagnifierGuardCover *now = find_cover(g->windows.covers, g->windows.nb_covers, serial);

    return a && b && now && ff_magnifier_rect_same(&a->rect, &b->rect) &&
           now->since <= before->pictures_from - opening_us(g);
}

/** Cut a rectangle out of all pieces. @return their number; -1: too many */
static int cut_out(MagnifierRect *out, const MagnifierRect *pieces, int nb,
                   const MagnifierRect *hole)
{
    int nb_out = 0;

    for (int i = 0; i < nb; i++) {
        const MagnifierRect *r = &pieces[i];
        MagnifierRect cut, rest[4];

        if (!ff_magnifier_rect_intersect(&cut, r, hole))
            cut = (MagnifierRect) { r->left, r->bottom, r->left, r->bottom };
        rest[0] = (MagnifierRect) { r->left,   r->top,     r->right, cut.top    };
        rest[1] = (MagnifierRect) { r->left,   cut.top,    cut.left, cut.bottom };
        rest[2] = (MagnifierRect) { cut.right, cut.top,    r->right, cut.bottom };
        rest[3] = (MagnifierRect) { r->left,   cut.bottom, r->right, r->bottom  };
        for (int j = 0; j < 4; j++) {
            if (ff_magnifier_rect_is_empty(&rest[j]))
                continue;
            if (nb_out == MAX_PIECES)
                return -1;
            out[nb_out++] = rest[j];
        }
    }
    return nb_out;
}

/** Add a place to the rectangles to be painted, less what covered it in both looks. */
static int add_place(MagnifierGuard *g, int nb, const MagnifierGuardPlace *place,
                     const MagnifierGuardPlaces *its, const MagnifierGuardPlaces *before,
                     const MagnifierGuardPlaces *after)
{
    MagnifierRect pieces[2][MAX_PIECES] = { { place->rect } }, *rects;
    int nb_pieces = 1, in = 0;

    for (int i = 0; i < its->nb_covers && its->covers[i].order < place->order; i++) {
        int n;

        if (!covers_in_both(g, its->covers[i].serial, before, after))
            continue;
        n = cut_out(pieces[!in], pieces[in], nb_pieces, &its->covers[i].rect);
        if (n < 0)
            break; /* painting more than is needed does no harm */
        nb_pieces = n;
        in        = !in;
    }
    rects = av_fast_realloc(g->windows.rects, &g->windows.rects_size,
                            (nb + nb_pieces + 1) * sizeof(*rects));
    if (!rects)
        return AVERROR(ENOMEM);
    g->windows.rects = rects;
    memcpy(rects + nb, pieces[in], nb_pieces * sizeof(*rects));
    return nb + nb_pieces;
}

enum MagnifierGuardReason ff_magnifier_guard_paint(MagnifierGuard *g, void *frame,
                                                   const MagnifierGuardPlaces *before,
                                                   const MagnifierGuardPlaces *after,
                                                   int *painted)
{
    int nb = 0;

    for (int i = 0; i < before->nb_places && nb >= 0; i++)
        nb = add_place(g, nb, &before->places[i], before, before, after);
    for (int i = 0; i < after->nb_places && nb >= 0; i++)
        nb = add_place(g, nb, &after->places[i], after, before, after);
    if (nb < 0)
        return MAGNIFIER_GUARD_REASON_NO_MEMORY;
    *painted = nb > 0;
    if (nb && g->ops->paint(g->opaque, frame, g->windows.rects, nb) < 0)
        return MAGNIFIER_GUARD_REASON_PAINT_FAILED;
    return MAGNIFIER_GUARD_REASON_NONE;
}
