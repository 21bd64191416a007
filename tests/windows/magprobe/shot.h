/*
 * magprobe: a copy of one picture
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * One picture, copied in the callback, and what can be counted in it. One thread.
 */

#ifndef MAGPROBE_SHOT_H
#define MAGPROBE_SHOT_H

#include <stdint.h>

#include "api.h"

typedef struct Shot {
    int w, h;
    uint32_t *pixels;           ///< malloc()ed, w times h, without alpha; NULL: no picture came
    int64_t us;                 ///< how long the call took
    ImageHeader header;
} Shot;

/** Open library, session, host and control of this size, with the callback. @return 0 or -1 */
int shot_begin(Session *s, int w, int h);

/** The picture of r; what shot held is freed. @return 0, or -1 when none came */
int shot_take(Session *s, const RECT *r, Shot *shot);
void shot_free(Shot *shot);

/** Pixels of this colour, give or take the rounding of a colour profile. */
int shot_count(const Shot *shot, uint32_t colour);

/** Pixels of equally large pictures that differ; -1 when they cannot be compared. */
int shot_differ(const Shot *a, const Shot *b);

/** The largest difference of a channel of two colours. */
int colour_distance(uint32_t a, uint32_t b);

#endif /* MAGPROBE_SHOT_H */
