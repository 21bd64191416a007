/*
 * magnifier: frame slots
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
 * When is the next frame due?
 *
 * Frame n of a recording has the slot start + n / rate, whatever happened before, so
 * that rounding does not add up and the mean rate is the one asked for. Slots that
 * have passed are skipped: a reader that comes back after a stall gets one frame, the
 * current one, and not a burst. No Win32, no clock: the caller brings the time.
 */

#ifndef AVDEVICE_MAGNIFIER_PACE_H
#define AVDEVICE_MAGNIFIER_PACE_H

#include <stdint.h>

#include "libavutil/rational.h"

typedef struct MagnifierPace {
    AVRational rate;            ///< frames per second, both terms positive
    int64_t start;              ///< time of slot 0, microseconds
    int64_t slot;               ///< the slot taken last, -1 before the first
    int64_t skipped;            ///< slots that nobody asked for in time
} MagnifierPace;

/** Begin at now (microseconds of any monotonic clock); the first slot is due at once. */
void ff_magnifier_pace_init(MagnifierPace *pace, AVRational rate, int64_t now);

/**
 * Take the next slot.
 *
 * @return the time it is due, in microseconds: in the future, or in the past by less
 *         than one slot's length when the reader is late
 */
int64_t ff_magnifier_pace_next(MagnifierPace *pace, int64_t now);

/** @return the length of a slot in microseconds, rounded, at least 1 */
int64_t ff_magnifier_pace_duration(const MagnifierPace *pace);

#endif /* AVDEVICE_MAGNIFIER_PACE_H */
