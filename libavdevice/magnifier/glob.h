/*
 * magnifier: globs
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
 * Does this text match that glob?
 *
 * A glob is a sequence of elements: code points, and the two below that stand for any
 * text and for any one character. Letters compare without their case. How a user
 * writes a glob, and what a character of it or of the text is, is the caller's affair.
 *
 * A glob is not changed by matching, so threads may share it.
 */

#ifndef AVDEVICE_MAGNIFIER_GLOB_H
#define AVDEVICE_MAGNIFIER_GLOB_H

#include <stdint.h>

/** Elements that are no code point; all code points are below them. */
#define MAGNIFIER_GLOB_STAR 0x110000u  ///< any text, also none
#define MAGNIFIER_GLOB_ANY  0x110001u  ///< any one character

/** Elements that a glob has at most. */
#define MAGNIFIER_GLOB_MAX  1024

typedef struct MagnifierGlob MagnifierGlob;

/**
 * Make a glob of nb elements, at most MAGNIFIER_GLOB_MAX, which are copied.
 *
 * @return to be freed by the caller with av_freep(); NULL if there is no memory
 */
MagnifierGlob *ff_magnifier_glob_alloc(const uint32_t *elements, int nb);

/** @return the elements as they were given, nb of them; they live as long as the glob */
const uint32_t *ff_magnifier_glob_elements(const MagnifierGlob *glob, int *nb);

/**
 * The cost is linear in the length of the text, whatever the two are: one step for each
 * character of the text and 64 of the glob, and a search for that character in the glob.
 *
 * @param text len code points, folded with ff_magnifier_casefold(), so that a text
 *             which is matched often is folded once
 * @return whether the glob takes the whole text
 */
int ff_magnifier_glob_matches(const MagnifierGlob *glob, const uint32_t *text, int len);

#endif /* AVDEVICE_MAGNIFIER_GLOB_H */
