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

#include "libavutil/attributes.h"
#include "libavutil/common.h"
#include "libavutil/mathematics.h"

#include "pace.h"

#define US_PER_SECOND 1000000

av_cold void ff_magnifier_pace_init(MagnifierPace *pace, AVRational rate, int64_t now)
{
    pace->rate    = rate;
    pace->start   = now;
    pace->slot    = -1;
    pace->skipped = 0;
}

int64_t ff_magnifier_pace_next(MagnifierPace *pace, int64_t now)
{
    int64_t num     = pace->rate.num;
    int64_t den     = pace->rate.den * (int64_t)US_PER_SECOND;
    /* the slot we are in: the last one whose time has come */
    int64_t current = av_rescale_rnd(FFMAX(now - pace->start, 0), num, den, AV_ROUND_DOWN);

    if (current > pace->slot + 1) {
        pace->skipped += current - pace->slot - 1;
        pace->slot     = current;
    } else {
        pace->slot++;
    }
    return pace->start + av_rescale_rnd(pace->slot, den, num, AV_ROUND_UP);
}

int64_t ff_magnifier_pace_duration(const MagnifierPace *pace)
{
    return FFMAX(1, av_rescale(US_PER_SECOND, pace->rate.den, pace->rate.num));
}
