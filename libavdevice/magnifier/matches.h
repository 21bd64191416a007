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

#include "guard.h"
#include "reasons.h"
#include "sightings.h"

/**
 * A point of time that begins with the next slot. What happened in this slot
 * happened after `now`, so no period may be counted from there.
 */
#define MAGNIFIER_JUST_NOW INT64_MAX

/** A matching window, from its first walk until it is gone and forgotten. */
typedef struct MagnifierRecord {
    MagnifierGuardWindow w;    ///< as the last walk had it
    /** Every place it had while the screen may still show it there. */
    MagnifierGuardRect   mask;
    int64_t  restless;   ///< the screen may show it out of place until then,
                         ///< or MAGNIFIER_JUST_NOW
    unsigned stamp;      ///< number of the last walk that had it
    int      order;      ///< its place in that walk, 0: topmost
    int      present;    ///< it was in the last walk
    int      has_mask;   ///< mask is a place
    int      lost;       ///< while restless: it may have been where no walk saw it
    int      blind;      ///< it was visible where no walk could tell
    /* What the list of the API has to say of it; written by others. */
    int      listed;     ///< on the list in force
    int      was_listed; ///< on the one that was in force when the slot began
    int      wanted;     ///< on the list to be set
    int      rank, worth;///< what the choice goes by, see choice.c
} MagnifierRecord;

typedef struct MagnifierMatches {
    const MagnifierGuardOps    *ops;
    void                       *opaque;
    const MagnifierGuardConfig *config;

    MagnifierGuardList walk;     ///< the walk being looked at
    MagnifierGuardList last;     ///< the walk before it
    MagnifierGuardList events;

    MagnifierRecord *records;
    size_t   nb_records, records_allocated;
    int     *table;              ///< open hash table: index of a record, or -1
    size_t   table_size;         ///< power of two, at least twice nb_records
    int      walk_known;         ///< last is what the records say
    unsigned stamp;
    int64_t  restless;           ///< an unknown window's animation, or MAGNIFIER_JUST_NOW
    int      just_now;           ///< some time is MAGNIFIER_JUST_NOW
    int      changed;            ///< since the list was chosen, what it is chosen by
    MagnifierGuardRect *rects;   ///< ff_magnifier_matches_places()
    size_t   rects_allocated;
} MagnifierMatches;

/**
 * Begin without any window. One may have closed right before.
 * @param ops    kept by reference, as config is: drain, walk
 * @param config animations, cooldown_us
 */
void ff_magnifier_matches_init(MagnifierMatches *m,
                               const MagnifierGuardOps *ops, void *opaque,
                               const MagnifierGuardConfig *config);

/** Free the records and the lists. */
void ff_magnifier_matches_uninit(MagnifierMatches *m);

/**
 * A slot begins: so do the periods that the last one had reason for, and the list in force
 * is that of the frame which is held.
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

/**
 * What has happened since the last time?
 * @param held  set to what speaks against the frame of the slot before: the same, or EVENT
 *              where the window was not on the list that was in force then
 * @param error set with EVENTS_LOST, else left alone
 * @return EVENT: something with a window that is not on the list, or nobody knows with
 *         which; EVENTS_LOST; NONE: nothing that matters
 */
enum MagnifierGuardReason ff_magnifier_matches_look_at_events(MagnifierMatches *m,
                                                              enum MagnifierGuardReason *held,
                                                              int *error);

/**
 * Which windows are there? To be asked after the events.
 * @param thorough as for the operation walk
 * @param held     set to what speaks against the frame of the slot before: that the walk
 *                 failed, or NEW_WINDOW where a window is overdue
 * @param error    set with WALK_FAILED and NO_MEMORY, else left alone
 * @return NEW_WINDOW, WINDOW_SHOWN, WINDOW_MOVED: something with one that is not on the
 *         list; WALK_FAILED, NO_MEMORY: the records are not complete; NONE: nothing that
 *         matters
 */
enum MagnifierGuardReason ff_magnifier_matches_look_at_windows(MagnifierMatches *m, int64_t now,
                                                               int thorough,
                                                               enum MagnifierGuardReason *held,
                                                               int *error);

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
static inline int ff_magnifier_record_is_visible(const MagnifierRecord *r)
{
    return r->present && r->w.flags & MAGNIFIER_GUARD_VISIBLE;
}

#endif /* AVDEVICE_MAGNIFIER_MATCHES_H */
