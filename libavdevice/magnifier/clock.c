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

#include "config.h"

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mathematics.h"

#include "clock.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

int64_t ff_magnifier_clock(void)
{
    LARGE_INTEGER count, frequency;

    /* neither can fail since Windows XP */
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return av_rescale(count.QuadPart, 1000000, frequency.QuadPart);
}

int ff_magnifier_allowance_begin(MagnifierAllowance *allowance, int budget)
{
    int64_t left = budget - allowance->owed;

    allowance->end    = ff_magnifier_clock() + left;
    allowance->budget = budget;
    allowance->owed   = 0;
    return left > 0;
}

int ff_magnifier_allowance_spent(MagnifierAllowance *allowance)
{
    int64_t over = ff_magnifier_clock() - allowance->end;

    allowance->owed = av_clip64(over, 0, allowance->budget);
    return over >= 0;
}

int ff_magnifier_interrupted(const AVIOInterruptCB *cb)
{
    /* ff_check_interrupt() is not exported to a shared libavdevice */
    return cb && cb->callback && cb->callback(cb->opaque);
}

av_cold HANDLE ff_magnifier_clock_timer(void)
{
    HANDLE timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
                                          TIMER_ALL_ACCESS);

    return timer ? timer : CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS);
}

int ff_magnifier_clock_wait(HANDLE timer, int64_t moment, const AVIOInterruptCB *cb)
{
    while (1) {
        int64_t left = moment - ff_magnifier_clock();
        LARGE_INTEGER due;

        if (ff_magnifier_interrupted(cb))
            return AVERROR_EXIT;
        if (left <= 0)
            return 0;
        /* negative: relative, in units of 100 ns */
        due.QuadPart = -10 * FFMIN(left, MAGNIFIER_POLL_MS * 1000);
        if (!SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE) ||
            WaitForSingleObject(timer, INFINITE) != WAIT_OBJECT_0)
            return AVERROR_EXTERNAL;
    }
}
