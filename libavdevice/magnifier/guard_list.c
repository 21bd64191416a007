/*
 * magnifier: does the API have the list that it should have?
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
 * Does the API have the list that it should have?
 *
 * The list is put together of the windows that are wanted on it and the canaries, set, and
 * read back from every control: one that was cut, or not taken, is found out. Whether the API
 * then goes by it is what the canaries are for (guard_proof.c).
 *
 * A list that cannot be read back, or comes back with another length, is not believed, but
 * where the canaries have been seen in a picture they may prove it all the same: then what is
 * read back is wrong, and not the list.
 *
 * How many entries it takes is reported; lists that are refused, that come back cut short, or
 * that are taken and then ignored tell of less.
 */

#include <stdlib.h>
#include <string.h>

#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "guard_internal.h"

/** A list of a size that should do is refused this many times before it is cut. */
#define REFUSED_TRIES 3
/** And may be cut this many times at once. */
#define CUT_TRIES 8

/** No list is in force that we know of. */
static void void_list(MagnifierGuard *g)
{
    for (int i = 0; i < g->windows.nb_matches; i++)
        g->windows.matches[i].listed = 0;
    g->filter.valid     = 0;
    g->filter.unread    = 0;
    g->filter.nb_listed = 0;
}

void ff_magnifier_guard_list_forget(MagnifierGuard *g)
{
    void_list(g);
    g->filter = (MagnifierGuardFilter) { .number = g->filter.number,
                                         .cap    = g->config.list_cap };
}

/* ---- the choice ---------------------------------------------------------- */

/** What a window is worth on the list; what is worth more comes first. */
typedef struct Candidate {
    MagnifierGuardMatch *match;
    int                  rank;  ///< 0: the first
    int                  size;  ///< of two of the same rank the larger one comes first
} Candidate;

/**
 * Visible windows first; then those that the screen may still show; then hidden ones, and
 * those that no frame can show. Of the last two those that are listed already come first, so
 * that a list that is too long does not change each time the stacking order does.
 *
 * @return negative: it is not to be listed, as it is gone and its handle may be used again
 */
static int rank(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    int present = m->look == g->windows.looks;

    if (ff_magnifier_guard_is_visible(g, m) && !ff_magnifier_guard_is_outside(g, m))
        return 0;
    if (m->quiet_until != INT64_MIN && (m->listed || present))
        return m->listed ? 1 : 2;
    return present ? m->listed ? 3 : 4 : -1;
}

/**
 * What is not on the list is painted over, so a visible window is worth the more the larger
 * its part of the region is, and the most when its place is not known. In powers of two, and a
 * little more for one that is on the list, as a list that changes costs frames; and nearly all
 * for it while the screen may show it out of place: off the list, it would hold up every frame.
 */
static int size_class(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    MagnifierRect r;
    int size;

    if (m->w.flags & MAGNIFIER_GUARD_NO_RECT)
        return INT_MAX;
    if (m->listed && m->quiet_until != INT64_MIN)
        return INT_MAX - 1;
    if (!ff_magnifier_rect_intersect(&r, &m->w.rect, &g->config.region))
        return 0;
    size = av_log2(FFMIN((int64_t)r.right - r.left, 1 << 15) *
                   FFMIN((int64_t)r.bottom - r.top, 1 << 15));
    return size + !!m->listed;
}

/**
 * Has it been hidden all the time? Then it does not take a new list. It is on the next one that
 * has a new canary or has to settle; any other could not be told from the one before.
 */
static int can_wait(const MagnifierGuard *g, const MagnifierGuardMatch *m)
{
    return m->w.flags & MAGNIFIER_GUARD_UNSHOWN && !m->listed && !g->filter.anew;
}

static int compare_candidates(const void *pa, const void *pb)
{
    const Candidate *a = pa, *b = pb;

    return a->rank != b->rank ? FFDIFFSIGN(a->rank, b->rank) :
           a->size != b->size ? FFDIFFSIGN(b->size, a->size) :
                                FFDIFFSIGN(a->match->order, b->match->order);
}

int ff_magnifier_guard_list_choose(MagnifierGuard *g)
{
    MagnifierGuardMatch *matches = g->windows.matches;
    const int nb_matches = g->windows.nb_matches;
    const int room = FFMAX(g->filter.cap - g->prover.nb_canaries, 0);
    Candidate *candidates = av_malloc_array(nb_matches + 1, sizeof(*candidates));
    int nb = 0, difference = 0;

    if (!candidates)
        return AVERROR(ENOMEM);
    for (int i = 0; i < nb_matches; i++) {
        Candidate c = { .match = &matches[i], .rank = rank(g, &matches[i]) };

        matches[i].wanted = 0;
        if (c.rank < 0 || can_wait(g, &matches[i]))
            continue;
        c.size = c.rank ? 0 : size_class(g, &matches[i]);
        candidates[nb++] = c;
    }
    qsort(candidates, nb, sizeof(*candidates), compare_candidates);
    for (int i = 0; i < FFMIN(nb, room); i++)
        candidates[i].match->wanted = 1;
    av_free(candidates);

    for (int i = 0; i < nb_matches; i++)
        if (matches[i].wanted != !!matches[i].listed)
            difference |= matches[i].wanted ? MAGNIFIER_GUARD_ADDS : MAGNIFIER_GUARD_REMOVES;
    return difference;
}

/* ---- setting ------------------------------------------------------------- */

static int has_handle(const uint64_t *handles, int n, uint64_t handle)
{
    for (int i = 0; i < n; i++)
        if (handles[i] == handle)
            return 1;
    return 0;
}

/** Put the list together of what is wanted. @return the number of its entries */
static int collect_handles(const MagnifierGuard *g, uint64_t *handles, int with_canaries)
{
    int n = 0;

    for (int i = 0; i < g->windows.nb_matches; i++) {
        const MagnifierGuardMatch *m = &g->windows.matches[i];

        /* A handle twice: one window is gone, the other got its handle. */
        if (m->wanted && !has_handle(handles, n, m->w.handle))
            handles[n++] = m->w.handle;
    }
    for (int i = 0; i < g->prover.nb_canaries && with_canaries; i++)
        handles[n++] = g->prover.canaries[i];
    return n;
}

/** Are all windows with this handle gone, as far as the last look knows? They are unwanted then. */
static int is_gone(MagnifierGuard *g, uint64_t handle)
{
    int gone = 0;

    for (int i = 0; i < g->windows.nb_matches; i++) {
        MagnifierGuardMatch *m = &g->windows.matches[i];

        if (m->w.handle != handle)
            continue;
        if (m->look == g->windows.looks)
            return 0;
        m->wanted = 0;
        gone      = 1;
    }
    return gone;
}

/**
 * Compare what was set with what one control gives back. Windows that are gone may be
 * missing: then they are not on the list, and are treated so.
 */
static int is_list_as_set(MagnifierGuard *g, const uint64_t *handles, int n, int nb_read)
{
    int missing = 0;

    if (nb_read > n)
        return 0;
    for (int i = 0; i < n; i++) {
        if (has_handle(g->filter.read_back, nb_read, handles[i]))
            continue;
        if (!is_gone(g, handles[i]))
            return 0;
        missing++;
    }
    return nb_read + missing == n;
}

/**
 * Set the list and read it back from every control.
 * @param unread set when it could not be read back, or has another length
 * @param cut    set to the number of entries when the beginning of the list came back
 */
static enum MagnifierGuardReason set_and_read_back(MagnifierGuard *g, const uint64_t *handles,
                                                   int n, int *unread, int *cut, int *error)
{
    MagnifierGuardFilter *f = &g->filter;
    int part, ret;

    *unread = *cut = 0;
    f->nb_handles = 0;
    ret = g->ops->set_list(g->opaque, handles, n);
    if (ret < 0) {
        *error = ret;
        return MAGNIFIER_GUARD_REASON_LIST_REFUSED;
    }
    for (part = 0;; part++) {
        ret = g->ops->get_list(g->opaque, part, f->read_back, n);
        if (ret == AVERROR_EOF && part)
            break;
        if (ret < 0) {
            *unread = ret != AVERROR_INVALIDDATA;
            *error  = ret;
            return MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
        }
        if (!is_list_as_set(g, handles, n, ret)) {
            *unread = ret != n;
            if (ret < n && !memcmp(handles, f->read_back, ret * sizeof(*handles)))
                *cut = ret;
            return MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
        }
    }
    memcpy(f->handles, handles, n * sizeof(*handles));
    f->nb_handles = n;
    return MAGNIFIER_GUARD_REASON_NONE;
}

/**
 * Without a canary that is new on it, a list is known by its handles only. Were a new one not
 * taken, could the old one read back just alike? So it could where the old one is not known,
 * or has a handle that was used again.
 */
static int is_mistakable(const MagnifierGuard *g)
{
    const MagnifierGuardFilter *f = &g->filter;

    if (g->prover.nb_canaries)
        return 0;
    for (int i = 0; i < g->windows.nb_matches; i++) {
        const MagnifierGuardMatch *m = &g->windows.matches[i];

        if (m->wanted && !m->listed && has_handle(f->handles, f->nb_handles, m->w.handle))
            return 1;
    }
    return !f->valid;
}

enum MagnifierGuardReason ff_magnifier_guard_list_set_bare(MagnifierGuard *g)
{
    uint64_t handles[MAGNIFIER_GUARD_MAX_LIST];
    enum MagnifierGuardReason reason;
    int unread, cut, error;

    if (ff_magnifier_guard_list_choose(g) < 0)
        return MAGNIFIER_GUARD_REASON_NO_MEMORY;
    reason = set_and_read_back(g, handles, collect_handles(g, handles, 0), &unread, &cut, &error);
    return unread ? MAGNIFIER_GUARD_REASON_NONE : reason;
}

/** What was set is in force. */
static void enter_list(MagnifierGuard *g, int n, int unread, int cut)
{
    MagnifierGuardFilter *f = &g->filter;

    if (!++f->number)
        f->number = 1; /* 0 says that there is none */
    f->nb_listed = 0;
    for (int i = 0; i < g->windows.nb_matches; i++) {
        MagnifierGuardMatch *m = &g->windows.matches[i];

        if (!m->wanted)
            m->listed = 0;
        else if (!m->listed)
            m->listed = f->number;
        f->nb_listed += m->wanted;
    }
    f->valid      = 1;
    f->unread     = unread;
    f->cut        = cut;
    f->nb_entries = n;
    if (unread)
        return;
    f->refused    = 0;
    f->accepted   = FFMAX(f->accepted, n);
}

/** The list was refused, or was not what came back. @return 1: a shorter one may do, try again */
static int cut_list(MagnifierGuard *g, int n, int cut)
{
    MagnifierGuardFilter *f = &g->filter;
    int least = g->prover.nb_canaries + 1;
    int cap   = FFMAX(cut > f->accepted ? cut : (f->accepted + n) / 2, least);

    /* As many were taken before, or it may be something else: the next calls tell. */
    if (n <= least || n <= f->accepted || ++f->refused < REFUSED_TRIES || cap >= n)
        return 0;
    f->cap = cap;
    return 1;
}

enum MagnifierGuardReason ff_magnifier_guard_list_set(MagnifierGuard *g, int *added,
                                                      MagnifierGuardReport *report)
{
    uint64_t handles[MAGNIFIER_GUARD_MAX_LIST];
    enum MagnifierGuardReason reason = MAGNIFIER_GUARD_REASON_NONE;
    int n, unread, cut, difference;

    *added = 0;
    for (int tries = 0; tries < CUT_TRIES; tries++) {
        /* Chosen again: with other canaries, more or fewer windows fit. */
        difference = ff_magnifier_guard_list_choose(g);
        if (difference < 0)
            return MAGNIFIER_GUARD_REASON_NO_MEMORY;
        *added |= difference & MAGNIFIER_GUARD_ADDS;
        if (is_mistakable(g))
            reason = set_and_read_back(g, handles, 0, &unread, &cut, &report->error);
        n = collect_handles(g, handles, 1);
        if (!reason)
            reason = set_and_read_back(g, handles, n, &unread, &cut, &report->error);
        if (!reason || (unread && g->prover.control)) {
            enter_list(g, n, unread, cut);
            return MAGNIFIER_GUARD_REASON_NONE;
        }
        void_list(g);
        /* After that a window may be added, which takes new canaries. */
        if (!g->filter.anew || !cut_list(g, n, cut))
            break;
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
        reason = MAGNIFIER_GUARD_REASON_NONE;
    }
    return reason ? reason : MAGNIFIER_GUARD_REASON_LIST_REFUSED;
}

void ff_magnifier_guard_list_proven(MagnifierGuard *g)
{
    MagnifierGuardFilter *f = &g->filter;

    f->proven   = FFMAX(f->proven,   f->nb_entries);
    f->accepted = FFMAX(f->accepted, f->nb_entries);
}

int ff_magnifier_guard_list_ignored(MagnifierGuard *g)
{
    MagnifierGuardFilter *f = &g->filter;

    if (f->nb_listed > 1 && f->nb_entries > f->proven) {
        f->cap = g->prover.nb_canaries + f->nb_listed / 2;
        if (f->unread && f->cut > g->prover.nb_canaries)
            f->cap = f->cut;
        return 1;
    }
    f->cap = g->config.list_cap; /* its length is not the reason */
    return 0;
}
