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
 * What is this text without its case?
 */

#include "config.h"

#include <stdint.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include <windows.h>

#include "rules.h"

/* Units for one question, so that Windows needs no memory of its own, which it may not get. */
#define PART 256

/** Not in place, which goes without LCMAP_LINGUISTIC_CASING only. */
static int map(const WCHAR *from, WCHAR *to, int nb, DWORD what)
{
    return LCMapStringEx(LOCALE_NAME_INVARIANT, what | LCMAP_LINGUISTIC_CASING, from, nb, to, nb,
                         NULL, NULL, 0) == nb;
}

int ff_magnifier_fold_case(uint16_t *text, int nb)
{
    WCHAR upper[PART];

    while (nb > 0) {
        int part = FFMIN(nb, PART);

        /* A surrogate pair stays together. */
        if (part < nb && text[part - 1] >> 10 == 0xD800 >> 10)
            part--;
        /* Both: the sign of Kelvin is an upper case k only, and a final sigma a
         * lower case sigma only. CharUpperBuff() and CharLowerBuff() leave the two alone
         * under Wine. */
        if (!map(text, upper, part, LCMAP_UPPERCASE) || !map(upper, text, part, LCMAP_LOWERCASE))
            return AVERROR(ENOMEM);
        text += part;
        nb   -= part;
    }
    return 0;
}
