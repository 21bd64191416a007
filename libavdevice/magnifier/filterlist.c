/*
 * magnifier: the filter list
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

#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "filterlist.h"

/** No list is in force that we know of. */
static void void_list(MagnifierFilterList *l)
{
    size_t i;

    for (i = 0; i < l->matches->nb_records; i++)
        l->matches->records[i].listed = 0;
    l->valid            = 0;
    l->nb_listed        = 0;
    l->matches->changed = 1;
}

av_cold void ff_magnifier_filterlist_init(MagnifierFilterList *l,
                                          const MagnifierGuardOps *ops, void *opaque,
                                          const MagnifierGuardConfig *config,
                                          MagnifierMatches *matches,
                                          const MagnifierCanaries *canaries)
{
    memset(l, 0, sizeof(*l));
    l->ops      = ops;
    l->opaque   = opaque;
    l->matches  = matches;
    l->canaries = canaries;
    ff_magnifier_listcap_init(&l->cap, config->list_cap, config->probe_cap);
}

void ff_magnifier_filterlist_forget(MagnifierFilterList *l)
{
    void_list(l);
    ff_magnifier_listcap_init(&l->cap, l->cap.known, l->cap.most);
    l->nb_last_set = 0;
    l->any_set     = 0;
}

/** Windows that the next list has room for. */
static int room(const MagnifierFilterList *l)
{
    return FFMAX(ff_magnifier_listcap_entries(&l->cap) - l->canaries->nb, 0);
}

int ff_magnifier_filterlist_difference(MagnifierFilterList *l, int64_t now)
{
    if (!ff_magnifier_choice_is_due(&l->choice, l->matches, now))
        return 0;
    ff_magnifier_choice_make(&l->choice, l->matches, room(l), now);
    return ff_magnifier_choice_difference(l->matches);
}

static int has_handle(const uint64_t *handles, int n, uint64_t handle)
{
    int i;

    for (i = 0; i < n; i++)
        if (handles[i] == handle)
            return 1;
    return 0;
}

/** Put the list together in l->handles. @return the number of its entries */
static int collect_handles(MagnifierFilterList *l, int with_canaries)
{
    size_t i;
    int n = 0;

    for (i = 0; i < l->matches->nb_records; i++)
        /* A handle twice: one window is gone, the other got its handle. */
        if (l->matches->records[i].wanted && n < MAGNIFIER_GUARD_MAX_LIST &&
            !has_handle(l->handles, n, l->matches->records[i].w.handle))
            l->handles[n++] = l->matches->records[i].w.handle;
    if (with_canaries)
        for (i = 0; i < (size_t)l->canaries->nb; i++)
            l->handles[n++] = l->canaries->handles[i];
    return n;
}

/** Whether all windows with this handle are gone, as far as the last walk knows. */
static int is_gone(const MagnifierFilterList *l, uint64_t handle)
{
    size_t i;
    int gone = 0;

    for (i = 0; i < l->matches->nb_records; i++) {
        if (l->matches->records[i].w.handle != handle)
            continue;
        if (l->matches->records[i].present)
            return 0;
        gone = 1;
    }
    return gone;
}

/**
 * Compare what was set with what one control gives back. Windows that are gone may
 * be missing: then they are not on the list, and are treated so.
 */
static int is_list_as_set(MagnifierFilterList *l, int n, int nb_read)
{
    size_t j;
    int i, missing = 0;

    if (nb_read > n)
        return 0;
    for (i = 0; i < n; i++) {
        if (has_handle(l->read_back, nb_read, l->handles[i]))
            continue;
        if (!is_gone(l, l->handles[i]))
            return 0;
        missing++;
        for (j = 0; j < l->matches->nb_records; j++)
            if (l->matches->records[j].w.handle == l->handles[i])
                l->matches->records[j].wanted = 0;
    }
    return nb_read + missing == n;
}

/** Until it is known which lists are set it may be this one, or one before it. */
static void remember_set(MagnifierFilterList *l, int n)
{
    int i;

    if (n > (int)FF_ARRAY_ELEMS(l->last_set) - l->nb_last_set) {
        l->any_set     = 1;
        l->nb_last_set = 0;
    }
    for (i = 0; i < n; i++)
        if (!has_handle(l->last_set, l->nb_last_set, l->handles[i]))
            l->last_set[l->nb_last_set++] = l->handles[i];
}

/**
 * Set the list and read it back from every control.
 * @param cut set to the number of entries when the beginning of the list came back
 */
static enum MagnifierGuardReason set_and_read_back(MagnifierFilterList *l, int n,
                                                   int *cut, int *error)
{
    int part, ret;

    *cut = 0;
    remember_set(l, n);
    ret = l->ops->set_list(l->opaque, l->handles, n);
    if (ret < 0) {
        if (!n)
            return MAGNIFIER_GUARD_REASON_NONE; /* perhaps one must not be empty */
        *error = ret;
        return MAGNIFIER_GUARD_REASON_LIST_REFUSED;
    }
    for (part = 0;; part++) {
        ret = l->ops->get_list(l->opaque, part, l->read_back, n);
        if (ret == AVERROR_EOF && part) {
            l->nb_last_set = 0;
            l->any_set     = 0;
            remember_set(l, n);
            return MAGNIFIER_GUARD_REASON_NONE;
        }
        if (ret < 0) {
            *error = ret;
            return MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
        }
        if (!is_list_as_set(l, n, ret)) {
            if (ret < n && !memcmp(l->handles, l->read_back, ret * sizeof(*l->handles)))
                *cut = ret;
            return MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
        }
    }
}

/**
 * A window whose handle is on the list that was set last, for another window, is
 * to be added. Were the new list not taken, the old one might read back just alike.
 * So that handle goes off the list first.
 */
static enum MagnifierGuardReason unlist_used_handles(MagnifierFilterList *l, int *error)
{
    size_t i;
    enum MagnifierGuardReason reason;
    int n = 0, used = 0, cut;

    if (l->canaries->nb)
        return MAGNIFIER_GUARD_REASON_NONE; /* a new one is told from the old */
    for (i = 0; i < l->matches->nb_records; i++) {
        const MagnifierRecord *r = &l->matches->records[i];
        if (!r->wanted)
            continue;
        if (!r->listed && (l->any_set ||
                           has_handle(l->last_set, l->nb_last_set, r->w.handle)))
            used = 1;
        else if (r->listed && n < MAGNIFIER_GUARD_MAX_LIST)
            l->handles[n++] = r->w.handle;
    }
    if (!used)
        return MAGNIFIER_GUARD_REASON_NONE;
    for (i = 0; i < l->matches->nb_records; i++) {
        const MagnifierRecord *r = &l->matches->records[i];
        int j;
        if (!r->wanted || r->listed)
            continue;
        for (j = 0; j < n; j++)
            if (l->handles[j] == r->w.handle)
                l->handles[j--] = l->handles[--n];
    }
    reason = set_and_read_back(l, n, &cut, error);
    if (!reason && !n && (l->any_set || l->nb_last_set))
        reason = MAGNIFIER_GUARD_REASON_LIST_REFUSED; /* the empty one was not taken */
    return reason;
}

enum MagnifierGuardReason
ff_magnifier_filterlist_set_without_canaries(MagnifierFilterList *l, int64_t now)
{
    int cut, error;

    ff_magnifier_choice_make(&l->choice, l->matches, room(l), now);
    return set_and_read_back(l, collect_handles(l, 0), &cut, &error);
}

void ff_magnifier_filterlist_probe(MagnifierFilterList *l, int provable)
{
    ff_magnifier_listcap_probe(&l->cap, l->choice.nb_wanted + l->canaries->nb, provable);
}

enum MagnifierGuardReason ff_magnifier_filterlist_set(MagnifierFilterList *l, int64_t now,
                                                      int *added,
                                                      MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    int cut, tries;

    *added = 0;
    for (tries = 0;; tries++) {
        ff_magnifier_choice_make(&l->choice, l->matches, room(l), now);
        /* Compared again: with other canaries there is room for other windows. */
        *added |= ff_magnifier_choice_difference(l->matches) & MAGNIFIER_CHOICE_ADDS;
        reason  = unlist_used_handles(l, &report->error);
        if (reason) {
            void_list(l);
            return reason;
        }
        l->nb_entries = collect_handles(l, 1);
        reason        = set_and_read_back(l, l->nb_entries, &cut, &report->error);
        if (!reason || !l->nb_entries) /* a longer list in force does no harm */
            return MAGNIFIER_GUARD_REASON_NONE;
        void_list(l);
        if (tries == 8 ||
            !ff_magnifier_listcap_refused(&l->cap, l->nb_entries, l->canaries->nb + 1, cut))
            return reason;
        report->notices |= MAGNIFIER_GUARD_CAP_LEARNT;
    }
}

void ff_magnifier_filterlist_in_force(MagnifierFilterList *l)
{
    size_t i;

    l->nb_listed = 0;
    for (i = 0; i < l->matches->nb_records; i++) {
        l->matches->records[i].listed = l->matches->records[i].wanted;
        l->nb_listed                 += l->matches->records[i].wanted;
    }
    l->valid = 1;
    ff_magnifier_listcap_accepted(&l->cap, l->nb_entries);
}
