/*
 * magnifier: events about windows
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
 * What does an event mean for a frame?
 *
 * An event tells that something was so for a while, which may be over when it is heard. Told
 * to the guard are events about windows that match, and about those of which it cannot be
 * known whether they matched then: of a window that is gone by now, its thread may still
 * tell the process; of a title that nobody saw, that there was one. Dismissed are those about
 * child windows and about windows that certainly do not match.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_JUDGE_H
#define AVDEVICE_MAGNIFIER_JUDGE_H

#include <stdint.h>

#include "events.h"
#include "identity.h"
#include "kin.h"
#include "match.h"
#include "process.h"
#include "roster.h"
#include "sight.h"
#include "sightings.h"

/** Zero is a good start, but for the rooms that are asked; there is nothing to close. */
typedef struct MagnifierJudge {
    MagnifierIdentities  *ids;
    MagnifierMatch       *match;
    const MagnifierKin   *kin;
    MagnifierRoster      *roster;
    const MagnifierSight *sight;

    /* private */
    uint64_t              collection;  ///< number of the last one
    MagnifierProcess     *gone;        ///< of the last window that was gone, in a collection
} MagnifierJudge;

/**
 * Judge the events of one collection, in their order, and add those that concern a window
 * that matches, or may have.
 *
 * Looks at the windows themselves, too: one that begins to match is noted in the roster, and
 * one that does not is heeded there.
 *
 * @return 0 or AVERROR(ENOMEM), after all of them
 */
int ff_magnifier_rt_judge_events(MagnifierJudge *judge, const MagnifierEvent *events, int nb,
                                 MagnifierGuardList *list);

#endif /* AVDEVICE_MAGNIFIER_JUDGE_H */
