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

/**
 * @file
 * Does the API have the list that it should have?
 *
 * The list is put together of the windows that are wanted on it and the canaries, set,
 * and read back from every control: one that was cut, or not taken, is found out. Whether
 * the API then goes by it is what the canaries are for (proof.h).
 *
 * What is in force is kept in the records of the windows (MagnifierRecord.listed).
 */

#ifndef AVDEVICE_MAGNIFIER_FILTERLIST_H
#define AVDEVICE_MAGNIFIER_FILTERLIST_H

#include <stdint.h>

#include "choice.h"
#include "guard.h"
#include "listcap.h"
#include "matches.h"
#include "reasons.h"

/** They are the end of each list: one that is cut short loses them first. */
typedef struct MagnifierCanaries {
    uint64_t handles[MAGNIFIER_GUARD_MAX_CANARIES];
    int      nb;                 ///< shown, 0: none
} MagnifierCanaries;

typedef struct MagnifierFilterList {
    const MagnifierGuardOps *ops;
    void                    *opaque;
    MagnifierMatches        *matches;
    const MagnifierCanaries *canaries;
    MagnifierChoice          choice;
    MagnifierListCap         cap;

    int      valid;              ///< what `listed` of the matches says is in force
    int      nb_listed;          ///< windows on it
    int      nb_entries;         ///< that it was set with

    uint64_t last_set[2 * MAGNIFIER_GUARD_MAX_LIST];
    int      nb_last_set;        ///< handles that may be on the list of a control
    int      any_set;            ///< any other may be too
    uint64_t handles[MAGNIFIER_GUARD_MAX_LIST + MAGNIFIER_GUARD_MAX_CANARIES];
    uint64_t read_back[MAGNIFIER_GUARD_MAX_LIST + MAGNIFIER_GUARD_MAX_CANARIES];
} MagnifierFilterList;

/**
 * Begin without a list.
 *
 * @param ops      kept by reference, as matches and canaries are: set_list, get_list
 * @param config   list_cap, probe_cap
 * @param canaries that the next list is to end with, whatever they are by then
 */
void ff_magnifier_filterlist_init(MagnifierFilterList *l,
                                  const MagnifierGuardOps *ops, void *opaque,
                                  const MagnifierGuardConfig *config,
                                  MagnifierMatches *matches,
                                  const MagnifierCanaries *canaries);

/** The controls are new: they have no list, and nothing is known of them. */
void ff_magnifier_filterlist_forget(MagnifierFilterList *l);

/**
 * What should be on the list and is not, or the other way round?
 * @return enum MagnifierChoiceDifference, or both, or 0
 */
int ff_magnifier_filterlist_difference(MagnifierFilterList *l, int64_t now);

/**
 * Set a list without the canaries, which are to be seen. It does not count as in force.
 * @return NONE: it was taken
 */
enum MagnifierGuardReason
ff_magnifier_filterlist_set_without_canaries(MagnifierFilterList *l, int64_t now);

/**
 * Where a canary would tell, a list longer than is known to work is tried.
 * @param provable a canary would show that the list was ignored
 */
void ff_magnifier_filterlist_probe(MagnifierFilterList *l, int provable);

/**
 * Set a list as long as there is room for, a shorter one if that is refused. If that
 * fails, no list is in force.
 *
 * @param added set when it has a window that was not on the list before
 * @return NONE: ff_magnifier_filterlist_in_force() is due. If the list is not valid at
 *         this point, none was in force before, or it was lost on the way.
 */
enum MagnifierGuardReason ff_magnifier_filterlist_set(MagnifierFilterList *l, int64_t now,
                                                      int *added,
                                                      MagnifierGuardReport *report);

/** What was set is in force: enter it into the records. */
void ff_magnifier_filterlist_in_force(MagnifierFilterList *l);

#endif /* AVDEVICE_MAGNIFIER_FILTERLIST_H */
