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

/**
 * @file
 * Which of the matching windows should be on the filter list?
 *
 * There may be more of them than the list takes. What is left over has to be painted
 * over, or holds frames up, and each list that is set costs frames: so the choice is
 * for the windows that cover the most, and for what is on the list already.
 */

#ifndef AVDEVICE_MAGNIFIER_CHOICE_H
#define AVDEVICE_MAGNIFIER_CHOICE_H

#include <stdint.h>

#include "matches.h"

/** How the windows that should be on the list differ from those that are. */
enum MagnifierChoiceDifference {
    MAGNIFIER_CHOICE_ADDS    = 1, ///< a window is to be added
    MAGNIFIER_CHOICE_REMOVES = 2, ///< one is to be taken away
};

/** All zero: none was made yet. */
typedef struct MagnifierChoice {
    int     nb_wanted;  ///< windows that should be on the list, room or not
    int64_t again_at;   ///< microseconds; from then on it may be another one, though nothing
                        ///< has happened
} MagnifierChoice;

/**
 * Mark the windows that the list should hold (MagnifierRecord.wanted).
 *
 * @param room for so many windows, MAGNIFIER_GUARD_MAX_LIST at most
 * @param now  microseconds
 */
void ff_magnifier_choice_make(MagnifierChoice *choice, MagnifierMatches *m,
                              int room, int64_t now);

/** @return 1: it may be another one now */
int ff_magnifier_choice_is_due(const MagnifierChoice *choice, const MagnifierMatches *m,
                               int64_t now);

/** @return enum MagnifierChoiceDifference, or both, or 0 */
int ff_magnifier_choice_difference(const MagnifierMatches *m);

#endif /* AVDEVICE_MAGNIFIER_CHOICE_H */
