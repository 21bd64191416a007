/*
 * magnifier: texts of windows
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
 * A text as Windows gives it, and without its case.
 */

#include "config.h"

#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "printable.h"
#include "utf16.h"

void ff_magnifier_text_free(MagnifierText *text)
{
    av_freep(&text->units);
    text->nb = 0;
}

int ff_magnifier_text_set(MagnifierText *text, const WCHAR *units, int nb)
{
    int was_known = !!text->units;

    if (was_known ? nb == text->nb && !memcmp(text->units, units, nb * sizeof(*units)) : nb < 0)
        return 0;
    ff_magnifier_text_free(text);
    if (nb >= 0)
        text->units = av_malloc_array(FFMAX(2 * nb, 1), sizeof(*text->units));
    if (!text->units)
        return was_known;
    text->nb = nb;
    memcpy(text->units,      units, nb * sizeof(*units));
    memcpy(text->units + nb, units, nb * sizeof(*units));
    if (ff_magnifier_fold_case(text->units + nb, nb) < 0) {
        ff_magnifier_text_free(text);
        return was_known;
    }
    return 1;
}

int ff_magnifier_text_is(const MagnifierText *text, const char *word)
{
    int i;

    for (i = 0; i < text->nb && word[i]; i++)
        if (text->units[i] >= 0x80 || av_tolower(text->units[i]) != av_tolower(word[i]))
            return 0;
    return text->units && i == text->nb && !word[i];
}

char *ff_magnifier_text_utf8(const MagnifierText *text)
{
    const WCHAR *units = text->units;
    int size = 0;
    char *utf8;

    if (!units)
        return NULL;
    /* Without flags: half a surrogate pair becomes U+FFFD, and does not make the text unknown. */
    if (text->nb)
        size = WideCharToMultiByte(CP_UTF8, 0, units, text->nb, NULL, 0, NULL, NULL);
    utf8 = av_malloc(size + 1);
    if (!utf8)
        return NULL;
    if (size)
        size = WideCharToMultiByte(CP_UTF8, 0, units, text->nb, utf8, size, NULL, NULL);
    utf8[size] = 0;
    return utf8;
}

int ff_magnifier_text_print(AVBPrint *bp, const MagnifierText *text, unsigned max)
{
    char *utf8 = ff_magnifier_text_utf8(text);
    const int known = !!utf8;

    if (utf8)
        ff_magnifier_print_text(bp, utf8, max);
    av_free(utf8);
    return known;
}
