/*
 * magnifier: texts in JSON
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
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"

#include "json.h"
#include "printable.h"

/** By its UTF-16 units, of which one that is none of the first plane has two. */
static void escape(AVBPrint *bp, uint32_t c)
{
    if (c > 0xFFFF)
        av_bprintf(bp, "\\u%04X\\u%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
    else
        av_bprintf(bp, "\\u%04X", c);
}

void ff_magnifier_json_string(AVBPrint *bp, const char *text)
{
    const uint8_t *p = (const uint8_t *)text, *end;

    if (!text) {
        av_bprintf(bp, "null");
        return;
    }
    end = p + strlen(text);
    av_bprint_chars(bp, '"', 1);
    while (p < end) {
        const char *begin = (const char *)p;
        int32_t c;

        if (av_utf8_decode(&c, &p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0)
            c = 0xFFFD;
        else if (c == '"' || c == '\\')
            av_bprint_chars(bp, '\\', 1);
        if (c == 0xFFFD || ff_magnifier_is_unseen(c))
            escape(bp, c);
        else
            av_bprint_append_data(bp, begin, (const char *)p - begin);
    }
    av_bprint_chars(bp, '"', 1);
}

void ff_magnifier_json_member(AVBPrint *bp, const char *name, const char *text)
{
    av_bprintf(bp, ",\"%s\":", name);
    ff_magnifier_json_string(bp, text);
}
