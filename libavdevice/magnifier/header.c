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

#include <stddef.h>

#include "header.h"

const char *ff_magnifier_header_check(const MagnifierPicture *picture, int width, int height)
{
    uint64_t row = 4 * (uint64_t)width;

    if (picture->width != (uint32_t)width || picture->height != (uint32_t)height)
        return "not of the size asked for";
    if (picture->stride < row)
        return "with rows that overlap";
    /* each term is below 2^64: 32 bits, 32 bits times 31, 33 bits */
    if (picture->offset + (height - 1) * (uint64_t)picture->stride + row > picture->size)
        return "that reaches beyond its block";
    return NULL;
}
