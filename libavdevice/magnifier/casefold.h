/*
 * magnifier: letters without their case
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
 * What is this character without its case?
 *
 * By Unicode's simple case folding: one code point becomes one, so a text keeps its
 * length, and two texts that differ by the case of their letters alone become the same,
 * whatever the script and the locale.
 */

#ifndef AVDEVICE_MAGNIFIER_CASEFOLD_H
#define AVDEVICE_MAGNIFIER_CASEFOLD_H

#include <stdint.h>

/** The part of ff_magnifier_casefold() that takes a search, for code points from 0x80. */
uint32_t ff_magnifier_casefold_beyond_ascii(uint32_t c);

/**
 * It is asked for each character of every title, and most of them are ASCII: those do
 * not cost a call.
 *
 * @return the simple case folding of a code point; itself if it has none
 */
static inline uint32_t ff_magnifier_casefold(uint32_t c)
{
    if (c >= 0x80)
        return ff_magnifier_casefold_beyond_ascii(c);
    return c - 'A' < 26u ? c + 'a' - 'A' : c;
}

#endif /* AVDEVICE_MAGNIFIER_CASEFOLD_H */
