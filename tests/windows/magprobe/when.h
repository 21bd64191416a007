/*
 * magprobe: in which frames
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
 * A set of frames, and how a profile writes it (WHEN of the stand-in's profiles).
 */

#ifndef MAGPROBE_WHEN_H
#define MAGPROBE_WHEN_H

#include <stdint.h>

#define NB_FRAMES 24            /* frames that question 1 takes; up to 63 */

/** Bit n: frame n, counted from 1. */
typedef struct When {
    uint64_t set;               ///< it was so in these frames
    uint64_t known;             ///< it can be told of these frames
} When;

/** Note how it was in frame n. */
void when_note(When *w, unsigned n, int is_so);

/** It was so in every frame that is known, and there is one. */
int when_always(const When *w);

/** Report `key = value WHEN` as settings; one that never was so is reported as `otherwise`, unless
 * NULL. */
void when_report(const When *w, const char *key, const char *value, const char *otherwise);

#endif /* MAGPROBE_WHEN_H */
