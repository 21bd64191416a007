/*
 * magnifier: time
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
 * What time is it, and how does one wait for a moment without outliving an interrupt?
 */

#ifndef AVDEVICE_MAGNIFIER_CLOCK_H
#define AVDEVICE_MAGNIFIER_CLOCK_H

#include <stdint.h>

#include <windows.h>

#include "libavformat/avio.h"

/** How often a waiting thread asks its interrupt callback, milliseconds. */
#define MAGNIFIER_POLL_MS 20

/**
 * Microseconds of the performance counter: monotonic, and finer than
 * av_gettime_relative(), which in some builds follows the wall clock. Any thread.
 */
int64_t ff_magnifier_clock(void);

/**
 * Time that may be spent again and again on what can wait. Where one piece of work takes longer
 * than that, the next time is left out. Zero is a good start.
 */
typedef struct MagnifierAllowance {
    int64_t end;    ///< when it is spent, by ff_magnifier_clock()
    int64_t budget; ///< microseconds
    int64_t owed;   ///< by how much it was overspent, the budget at most
} MagnifierAllowance;

/**
 * Begin to spend.
 *
 * @param budget microseconds
 * @return 0: nothing is left this time
 */
int ff_magnifier_allowance_begin(MagnifierAllowance *allowance, int budget);

/** Is it spent by now? To be asked after each piece of work. */
int ff_magnifier_allowance_spent(MagnifierAllowance *allowance);

/** Ask an interrupt callback, which may be NULL. Foreign code: hold no lock. */
int ff_magnifier_interrupted(const AVIOInterruptCB *cb);

/**
 * A timer for ff_magnifier_clock_wait(), high-resolution where Windows has such (10
 * since version 1803). The process-wide timer resolution is not touched.
 *
 * @return NULL on failure; to be closed with CloseHandle()
 */
HANDLE ff_magnifier_clock_timer(void);

/**
 * Wait until a moment of ff_magnifier_clock(). Asks the callback every
 * MAGNIFIER_POLL_MS.
 *
 * @return 0, AVERROR_EXIT when interrupted, AVERROR_EXTERNAL
 */
int ff_magnifier_clock_wait(HANDLE timer, int64_t moment, const AVIOInterruptCB *cb);

#endif /* AVDEVICE_MAGNIFIER_CLOCK_H */
