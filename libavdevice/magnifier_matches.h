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

/**
 * @file
 * Where has each matching window been, and may it still be seen there?
 *
 * A record for each window that matches, from its first walk until it is gone and the
 * screen shows it no more. A window that moves, is hidden or closes with an animation is
 * restless for a while (the cool-down): it may be seen where it is not any more.
 *
 * Which windows are on the list in force is for others to say. What is on it is free to
 * move, and need not be painted over.
 */

#ifndef AVDEVICE_MAGNIFIER_MATCHES_H
#define AVDEVICE_MAGNIFIER_MATCHES_H

#include <stddef.h>
#include <stdint.h>

#include "magnifier_reasons.h"
#include "magnifier_sightings.h"

/**
 * A point of time that begins with the next slot. What happened in this slot
 * happened after `now`, so no period may be counted from there.
 */
#define MAGNIFIER_JUST_NOW INT64_MAX

/** A matching window, from its first walk until it is gone and forgotten. */
typedef struct MagnifierMatch {
    MagnifierGuardWindow w;    ///< as the last walk had it
    /** Every place it had while the screen may still show it there. */
    MagnifierGuardRect   mask;
    int64_t  restless;   ///< the screen may show it out of place until then,
                         ///< or MAGNIFIER_JUST_NOW
    unsigned stamp;      ///< of the last walk that had it
    int      order;      ///< its place in that walk, 0: topmost
    int      present;    ///< it was in the last walk
    int      has_mask;
    int      lost;       ///< while restless: it may have been where no walk saw it
    int      blind;      ///< it was visible where no walk could tell
    /* What the list of the API has to say of it; written by others. */
    int      listed;     ///< on the list in force
    int      wanted;     ///< on the list to be set
    int      rank, worth;
} MagnifierMatch;

typedef struct MagnifierMatches {
    MagnifierMatch *records;
    size_t   nb_records, records_allocated;
    int     *table;              ///< open hash table: index of a record, or -1
    size_t   table_size;         ///< power of two, at least twice nb_records
    MagnifierGuardList  last;    ///< the last walk
    int      walk_known;         ///< it is what the records say
    unsigned stamp;
    int64_t  restless;           ///< an unknown window's animation, or MAGNIFIER_JUST_NOW
    int      just_now;           ///< some time is MAGNIFIER_JUST_NOW
    int      changed;            ///< since the list was chosen, what it is chosen by
    MagnifierGuardRect *rects;   ///< ff_magnifier_matches_places()
    size_t   rects_allocated;
    int      animations;
    int64_t  cooldown_us;
} MagnifierMatches;

/**
 * Begin without any window.
 *
 * @param animations  the system animates windows at all: a window may have closed right
 *                    before, and be seen for a cool-down yet
 * @param cooldown_us how long an animation can last
 */
void ff_magnifier_matches_init(MagnifierMatches *m, int animations, int64_t cooldown_us);

void ff_magnifier_matches_uninit(MagnifierMatches *m);

/**
 * A slot begins: so do the periods that the last one had reason for.
 * @param now microseconds, as in all of these functions
 */
void ff_magnifier_matches_begin_slot(MagnifierMatches *m, int64_t now);

/**
 * End the cool-down of what has come to rest, and forget windows that are gone,
 * off the list, and off the screen for sure.
 * @return 1: a cool-down that was a reason to paint or to refuse has ended. That is an
 *         incident: the next picture may be an old one.
 */
int ff_magnifier_matches_calm_down(MagnifierMatches *m, int64_t now);

/** A drain did not tell of all events. */
void ff_magnifier_matches_events_lost(MagnifierMatches *m);

/** @return 1: an event about a window that is not on the list, or nobody knows of which */
int ff_magnifier_matches_take_events(MagnifierMatches *m, const MagnifierGuardList *events);

/**
 * Take a walk into the records.
 * @param walk what is in it afterwards is to be overwritten
 * @return NONE: nothing that matters has changed; or one of NEW_WINDOW, WINDOW_SHOWN,
 *         WINDOW_MOVED; NO_MEMORY: the records are not complete
 */
enum MagnifierGuardReason ff_magnifier_matches_take_walk(MagnifierMatches *m,
                                                         MagnifierGuardList *walk,
                                                         int64_t now);

/**
 * An event told of a window that was there, and the walk after it does not know
 * it: it has closed in between, and may do so with an animation.
 */
void ff_magnifier_matches_look_for_closed(MagnifierMatches *m,
                                          const MagnifierGuardList *events);

/** @return how many visible windows are not on the list */
int ff_magnifier_matches_count_unlisted(const MagnifierMatches *m);

/**
 * The places where a frame may show what the list does not exclude.
 * @param places    set, valid until the next call; they may overlap
 * @param nb_places set to their number
 * @return COOLDOWN, RECT_UNKNOWN: nobody knows all of them; NO_MEMORY
 */
enum MagnifierGuardReason ff_magnifier_matches_places(MagnifierMatches *m, int64_t now,
                                                      const MagnifierGuardRect **places,
                                                      int *nb_places);

/** The last walk had it, on the screen. */
static inline int ff_magnifier_match_is_visible(const MagnifierMatch *r)
{
    return r->present && r->w.flags & MAGNIFIER_GUARD_VISIBLE;
}

#endif /* AVDEVICE_MAGNIFIER_MATCHES_H */
