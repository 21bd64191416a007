/*
 * magnifier: UTF-8 and code points
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

#include <stdint.h>

#include "libavutil/bprint.h"

#include "text.h"

void ff_magnifier_text_put(AVBPrint *bp, uint32_t c)
{
    if (c < 0x80) {
        av_bprint_chars(bp, c, 1);
    } else {
        int tail = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

        av_bprint_chars(bp, (0xF0 << (3 - tail) & 0xFF) | c >> 6 * tail, 1);
        while (tail--)
            av_bprint_chars(bp, 0x80 | (c >> 6 * tail & 0x3F), 1);
    }
}
