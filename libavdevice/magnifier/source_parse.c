/*
 * magnifier: what stands after -i
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

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/error.h"

#include "source_parse.h"

static av_cold int parse_hwnd(uint64_t *hwnd, const char *text)
{
    int base = av_strstart(text, "0x", NULL) || av_strstart(text, "0X", NULL) ? 16 : 10;
    char *end;

    errno = 0;
    *hwnd = strtoull(text, &end, base);
    /* 32 bits of it count, whether they were extended with the sign or not */
    return av_isdigit(*text) && !*end && !errno && *hwnd &&
           (*hwnd <= UINT32_MAX || *hwnd == (uint64_t)(int32_t)*hwnd) ? 0 : AVERROR(EINVAL);
}

av_cold int ff_magnifier_source_parse(MagnifierSource *source, const char *url)
{
    *source = (MagnifierSource) { .kind = MAGNIFIER_SOURCE_DESKTOP };
    if (!strcmp(url, "desktop"))
        return 0;
    if (av_strstart(url, "monitor=", &source->name))
        source->kind = MAGNIFIER_SOURCE_MONITOR;
    else if (av_strstart(url, "title=", &source->name))
        source->kind = MAGNIFIER_SOURCE_TITLE;
    else if (av_strstart(url, "hwnd=", &source->name))
        source->kind = MAGNIFIER_SOURCE_HWND;
    if (!source->name || !*source->name)
        return AVERROR(EINVAL);
    return source->kind == MAGNIFIER_SOURCE_HWND ? parse_hwnd(&source->hwnd, source->name) : 0;
}
