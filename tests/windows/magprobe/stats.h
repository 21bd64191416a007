/*
 * magprobe: figures of many measurements
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

#ifndef MAGPROBE_STATS_H
#define MAGPROBE_STATS_H

#include <stdint.h>

/** Microseconds of many calls; add() takes them up to the end of the room. */
typedef struct Times {
    int64_t us[2000];
    int nb;
} Times;

void times_add(Times *t, int64_t us);

/** Mean and 99th percentile as a fact; sorts the times. @return the mean in microseconds */
int times_report(const char *what, Times *t);

#endif /* MAGPROBE_STATS_H */
