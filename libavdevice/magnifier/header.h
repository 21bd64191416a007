/*
 * magnifier: the callback's image header
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
 * Can the pixels be read where the header says they are?
 *
 * No Win32: the header comes from a foreign DLL and is checked like input from a
 * file (tests/unit/test_header.c).
 */

#ifndef AVDEVICE_MAGNIFIER_HEADER_H
#define AVDEVICE_MAGNIFIER_HEADER_H

#include <stdint.h>

/** MAGIMAGEHEADER without the pixel format. */
typedef struct MagnifierPicture {
    uint32_t width;             ///< pixels
    uint32_t height;            ///< rows, top-down
    uint32_t stride;            ///< bytes from row to row
    uint32_t offset;            ///< bytes from the start of the block to the first row
    uint64_t size;              ///< bytes of the block
} MagnifierPicture;

/**
 * Check a header against what was asked for, in 64 bits: the size must be the one asked
 * for (a process that Windows scales is told another one), and each row must lie inside
 * the block. Offset and stride need not be those of the simple case: on second monitors
 * and with odd rectangles they are not (two projects crashed for ignoring them).
 *
 * @param width  pixels asked for, positive
 * @param height rows asked for, positive
 * @return NULL when every row can be read, else a clause saying what is wrong
 */
const char *ff_magnifier_header_check(const MagnifierPicture *picture, int width, int height);

#endif /* AVDEVICE_MAGNIFIER_HEADER_H */
