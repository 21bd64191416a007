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

/**
 * @file
 * Which characters is this text made of?
 *
 * A character is a code point. Text that comes from outside may be anything, so what
 * is no UTF-8 is read as well, as characters that say so.
 */

#ifndef AVDEVICE_MAGNIFIER_TEXT_H
#define AVDEVICE_MAGNIFIER_TEXT_H

#include <stdint.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"

/** What separates words in a rule, and means nothing around them. */
static inline int ff_magnifier_text_is_blank(uint32_t c)
{
    return c == ' ' || c == '\t';
}

/** A tab is a blank and no control character. */
static inline int ff_magnifier_text_is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t') || (c >= 0x7F && c < 0xA0);
}

/**
 * Decode the next code point of the bytes from *p to end, of which there is one at
 * least, and move *p behind it; bytes that spell none become U+FFFD and an error.
 *
 * It is asked for each character of every title: ASCII does not cost a call.
 *
 * @return 0 or negative AVERROR code; *p has moved in either case
 */
static inline int ff_magnifier_text_next(uint32_t *c, const uint8_t **p, const uint8_t *end)
{
    int32_t code = 0;
    int ret;

    if (*p < end && **p < 0x80) {
        *c = *(*p)++;
        return 0;
    }
    ret = av_utf8_decode(&code, p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS);

    *c = ret < 0 ? 0xFFFD : code;
    return ret;
}

/** Append a code point in UTF-8. */
void ff_magnifier_text_put(AVBPrint *bp, uint32_t c);

#endif /* AVDEVICE_MAGNIFIER_TEXT_H */
