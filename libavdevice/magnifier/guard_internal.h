/*
 * magnifier: what the files of the guard share
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
 * What the files of the guard share: guard.c (the order of the steps), guard_windows.c
 * (where matching windows are), guard_list.c (the filter list) and guard_proof.c (the
 * canaries). Each part of the guard's state is written by the file it is named after.
 */

#ifndef AVDEVICE_MAGNIFIER_GUARD_INTERNAL_H
#define AVDEVICE_MAGNIFIER_GUARD_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "guard.h"

/** A matching window, from its first look until it is gone and the screen shows it no more. */
typedef struct MagnifierGuardMatch {
    MagnifierGuardWindow w;     ///< as the last look reported it
    MagnifierRect place;        ///< where the screen may still show it; everywhere if unknown
    int64_t  quiet_until;       ///< it may be shown out of w.rect until then; INT64_MIN: settled
    unsigned look;              ///< number of the last look that reported it
    int      order;             ///< its number in that look, 0: topmost
    /* written by guard_list.c */
    unsigned listed;            ///< number of the list that it came on, 0: it is on none
    int      wanted;            ///< on the list to be set
} MagnifierGuardMatch;

/** A window that hides what is below it. */
typedef struct MagnifierGuardCover {
    uint64_t      serial;
    MagnifierRect rect;
    int           order;        ///< its number in the look
    int64_t       since;        ///< clock when it was first seen so
} MagnifierGuardCover;

/** A place to be painted over. */
typedef struct MagnifierGuardPlace {
    MagnifierRect rect;
    int           order;        ///< windows of a smaller number are above it; 0: none is
} MagnifierGuardPlace;

/** What the list does not take care of, as of one look. */
typedef struct MagnifierGuardPlaces {
    int64_t              time;         ///< clock, after the look
    int64_t              pictures_from; ///< see ff_magnifier_guard_pictures_from()
    MagnifierGuardPlace *places;
    unsigned             places_size;  ///< bytes
    int                  nb_places;
    MagnifierGuardCover *covers;       ///< topmost first
    unsigned             covers_size;  ///< bytes
    int                  nb_covers;
} MagnifierGuardPlaces;

/** guard_windows.c */
typedef struct MagnifierGuardWindows {
    MagnifierGuardList   list, events; ///< of the last look and the last drain
    MagnifierGuardMatch *matches;      ///< sorted by serial
    unsigned             matches_size; ///< bytes
    int                  nb_matches;
    MagnifierGuardCover *covers;       ///< of the last look, topmost first
    unsigned             covers_size;  ///< bytes
    int                  nb_covers;
    unsigned             looks;        ///< completed
    int                  hears_moves;  ///< moves are told, from now on
    int                  heard_moves;  ///< they were when the last look was completed
    int64_t              quiet_until;  ///< an unknown window may be closing until then
    uint64_t             quiet_handle; ///< the last one of these that was told of
    MagnifierRect       *rects;        ///< to be painted, scratch
    unsigned             rects_size;   ///< bytes
} MagnifierGuardWindows;

/** guard_list.c */
typedef struct MagnifierGuardFilter {
    int      valid;             ///< what `listed` of the matches says is in force
    int      unread;            ///< but the API does not say so: only the canaries may
    int      cut;               ///< then: entries that it gave back, 0: others
    unsigned number;            ///< of the list that was set last
    int      anew;              ///< the next one has new canaries, or has to settle
    int      nb_listed;         ///< windows on it
    int      nb_entries;        ///< that it was set with
    uint64_t handles[MAGNIFIER_GUARD_MAX_LIST]; ///< of the list that was set last
    int      nb_handles;
    uint64_t read_back[MAGNIFIER_GUARD_MAX_LIST]; ///< scratch
    int      cap;               ///< entries believed to be taken
    int      accepted;          ///< most that were read back alike
    int      proven;            ///< most that a canary has proven
    int      refused;           ///< lists refused in a row
} MagnifierGuardFilter;

/** guard_proof.c */
typedef struct MagnifierGuardProver {
    uint64_t canaries[MAGNIFIER_GUARD_MAX_CANARIES]; ///< the end of each list: one that is cut
                                                     ///< short loses them first
    int      nb_canaries;       ///< shown, 0: none
    int      fresh;             ///< the next list needs new ones
    int      waiting;           ///< they were begun, and have not been on a list
    int      unsettled;         ///< the next list has to settle: there was an incident
    int      control;           ///< a captured picture showed them
    int      reading;           ///< the screen is being read
    int      seen;              ///< the screen showed them, in the last read or picture of them
    int      seen_before;       ///< so it was when the last picture was captured
    int      trusted;           ///< AUTO: the list is proven, by reads of the moment
    int      places;            ///< in which they were not to be seen, in a row
    int      run;               ///< pictures in a row that agree with the list (1, 2, ...) or
                                ///< contradict it (-1, -2, ...)
    int64_t  settles_from;      ///< clock when the list that must settle was set
    int64_t  shown_at;          ///< clock when the canaries were shown
    int64_t  read_at;           ///< clock when the last read began
    int64_t  seen_at;           ///< clock when the read began that `seen` is the result of
    int64_t  unseen_since;      ///< clock since when the screen does not show them; 0: it does
    int64_t  unproven_since;    ///< clock since when there is no proof; 0: there is one
    int      proven_ever;       ///< some picture was proven since the controls are these
    int      given_up;          ///< AUTO goes on without
    enum MagnifierGuardNoProof no_proof;
    int      canary_error;      ///< of begin_canary, with NO_CANARY
} MagnifierGuardProver;

/** What speaks for a picture that does not show the canaries. */
typedef struct MagnifierGuardEvidence {
    int provable;               ///< it is proven if the screen still shows the canaries
    int settled;                ///< its list had settled
} MagnifierGuardEvidence;

/** guard.c: the frame that waits for its confirmation. */
typedef struct MagnifierGuardHeld {
    void                  *frame; ///< NULL: none
    int64_t                since; ///< clock when its capture was over
    MagnifierGuardEvidence evidence;
    int                    proven; ///< by the canaries, once that was asked
    unsigned               list;  ///< number of the list that it was composed with
    int                    listed; ///< windows on that list
    int                    painted; ///< windows that did not fit
    int                    moves; ///< a window that moved may be in it
    MagnifierGuardPlaces   places; ///< as of the look before it was captured
} MagnifierGuardHeld;

struct MagnifierGuard {
    const MagnifierGuardOps *ops;
    void                    *opaque;
    MagnifierGuardConfig     config;
    MagnifierGuardStats      stats;

    MagnifierGuardWindows windows;
    MagnifierGuardFilter  filter;
    MagnifierGuardProver  prover;
    MagnifierGuardHeld    held;
    MagnifierGuardPlaces  places;      ///< of the last look, for the held frame
    MagnifierGuardPlaces  next_places; ///< of the same look, for the next frame

    int open;                    ///< the slot has no frame yet, held or delivered
    int overflow;                ///< windows were painted over in the last call
    int moves;                   ///< to the next frame it matters when a window moves
};

/* ---- guard_windows.c ---- */

/** Begin without any window. */
void ff_magnifier_guard_windows_init(MagnifierGuard *g);

void ff_magnifier_guard_windows_uninit(MagnifierGuard *g);

/**
 * What has happened since the last time?
 *
 * @param held set to what speaks against the held frame: the same, or EVENT where the window
 *             came on the list only after that frame
 * @return EVENT: something with a window that is not on the list, or nobody knows with
 *         which; EVENTS_LOST; NONE: nothing that matters
 */
enum MagnifierGuardReason ff_magnifier_guard_drain(MagnifierGuard *g,
                                                   enum MagnifierGuardReason *held,
                                                   MagnifierGuardReport *report);

/**
 * Which windows are there? To be asked after the events.
 *
 * @return NEW_WINDOW, WINDOW_SHOWN, WINDOW_MOVED: something with one that is not on the
 *         list; LOOK_FAILED, NO_MEMORY: the matches are not complete; NONE: nothing that
 *         matters
 */
enum MagnifierGuardReason ff_magnifier_guard_look(MagnifierGuard *g, MagnifierGuardReport *report);

/**
 * Settle what has come to rest, and forget windows that are gone, off the list, and off the
 * screen for sure.
 *
 * @return 1: one of them was a reason to paint or to refuse. That is an incident: the next
 *         picture may be an old one.
 */
int ff_magnifier_guard_settle(MagnifierGuard *g);

/** From now on drains tell of windows that move, or need not. */
void ff_magnifier_guard_hear_moves(MagnifierGuard *g, int wanted);

/** The last look reported it, on the screen. */
int ff_magnifier_guard_is_visible(const MagnifierGuard *g, const MagnifierGuardMatch *m);

/** It is known to be where no frame shows it. */
int ff_magnifier_guard_is_outside(const MagnifierGuard *g, const MagnifierGuardMatch *m);

/**
 * Where may a frame that is composed with the list in force show what matches?
 *
 * @param places overwritten
 * @return COOLDOWN, RECT_UNKNOWN: nobody knows all of the places; NO_MEMORY
 */
enum MagnifierGuardReason ff_magnifier_guard_find_places(MagnifierGuard *g,
                                                         MagnifierGuardPlaces *places,
                                                         MagnifierGuardReport *report);

/**
 * Paint over the places of two looks, less what was covered in both.
 *
 * @param painted set if there was anything
 * @return NONE: nothing of it is in the frame any more
 */
enum MagnifierGuardReason ff_magnifier_guard_paint(MagnifierGuard *g, void *frame,
                                                   const MagnifierGuardPlaces *before,
                                                   const MagnifierGuardPlaces *after,
                                                   int *painted);

void ff_magnifier_guard_places_uninit(MagnifierGuardPlaces *places);

/* ---- guard_list.c ---- */

/** The controls are new: they have no list, and nothing is known of them. */
void ff_magnifier_guard_list_forget(MagnifierGuard *g);

/** How the windows that should be on the list differ from those that are. */
enum MagnifierGuardDifference {
    MAGNIFIER_GUARD_ADDS    = 1, ///< a window is to be added
    MAGNIFIER_GUARD_REMOVES = 2, ///< one is to be taken away
};

/**
 * Choose the windows that should be on the list: of more than it takes, those that cover the
 * most of the region.
 *
 * @return enum MagnifierGuardDifference, or both, or 0; or a negative error
 */
int ff_magnifier_guard_list_choose(MagnifierGuard *g);

/** Set a list without the canaries, which are to be seen. It does not count as in force. */
enum MagnifierGuardReason ff_magnifier_guard_list_set_bare(MagnifierGuard *g);

/**
 * Set the longest list that is believed to be taken, a shorter one if that is refused, and
 * read it back from every control. If that fails, no list is in force.
 *
 * @param added set when it has a window that was not on the list before
 * @return NONE: it is in force, as far as the API says
 */
enum MagnifierGuardReason ff_magnifier_guard_list_set(MagnifierGuard *g, int *added,
                                                      MagnifierGuardReport *report);

/** The canaries prove the list. */
void ff_magnifier_guard_list_proven(MagnifierGuard *g);

/**
 * The canaries have stayed in too many pictures.
 * @return 1: a shorter list is to be tried
 */
int ff_magnifier_guard_list_ignored(MagnifierGuard *g);

/* ---- guard_proof.c ---- */

/** Take the canaries from the screen, if there are any. */
void ff_magnifier_guard_end_canaries(MagnifierGuard *g);

/** The controls are new: take the canaries away; the first proof is due again. */
void ff_magnifier_guard_proof_forget(MagnifierGuard *g);

/** From now on only pictures count that are known to be younger than now. */
void ff_magnifier_guard_incident(MagnifierGuard *g);

/** @return the clock since when pictures are that may leave; older ones are found out */
int64_t ff_magnifier_guard_pictures_from(const MagnifierGuard *g);

/** @return 1: the next list needs new canaries, and it is time for one */
int ff_magnifier_guard_canaries_are_due(MagnifierGuard *g);

/**
 * See to it that there are new canaries for the next list, and that a picture has shown them
 * before they are on it. That may take several calls; those that are younger than the last
 * incident are kept meanwhile.
 * @return NONE: the list may be set, with or without a proof to come; CANARY_LATE: not yet
 */
enum MagnifierGuardReason ff_magnifier_guard_new_canaries(MagnifierGuard *g,
                                                          MagnifierGuardReport *report);

/** A list is about to be set. No other may be told from it by these canaries. */
void ff_magnifier_guard_use_canaries(MagnifierGuard *g);

/**
 * A list with these canaries is in force.
 * @param settle without proof, it has to settle before it is believed
 */
void ff_magnifier_guard_listed(MagnifierGuard *g, int settle);

/** A picture is about to be captured. */
void ff_magnifier_guard_before_picture(MagnifierGuard *g);

/** It has been, and shows so many canaries: begin to read the screen, if that may prove it. */
void ff_magnifier_guard_after_picture(MagnifierGuard *g, int exposed);

/**
 * What do the canaries say of a picture, and may it leave if they say nothing? What is learnt
 * of the length of the list is put down there.
 *
 * @param evidence to be filled, for ff_magnifier_guard_prove()
 * @return NONE: it may be held
 */
enum MagnifierGuardReason ff_magnifier_guard_judge(MagnifierGuard *g, int exposed,
                                                   MagnifierGuardEvidence *evidence,
                                                   MagnifierGuardReport *report);

/**
 * The screen has been read since it was captured: is it proven? To be asked before the
 * canaries or the list change.
 *
 * @param proven set when it is
 * @return NONE: it may leave
 */
enum MagnifierGuardReason ff_magnifier_guard_prove(MagnifierGuard *g,
                                                   const MagnifierGuardEvidence *evidence,
                                                   int *proven, MagnifierGuardReport *report);

#endif /* AVDEVICE_MAGNIFIER_GUARD_INTERNAL_H */
