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
 * A text as Windows gives it, and without its case, as the rules take it.
 *
 * The case is taken once for each text. What cannot be read, and what there is no memory for,
 * is unknown: the rules are told so, and a window of which they cannot tell is left out.
 */

#ifndef AVDEVICE_MAGNIFIER_UTF16_H
#define AVDEVICE_MAGNIFIER_UTF16_H

#include <stdint.h>

#include <windows.h>

#include "libavutil/bprint.h"

#include "rules.h"

/** Zero is a text that is unknown. */
typedef struct MagnifierText {
    uint16_t *units;    ///< nb units as they are, then nb without their case; NULL: unknown
    int nb;
} MagnifierText;

/**
 * @param nb negative: the text is unknown
 * @return 1: it was another one before
 */
int ff_magnifier_text_set(MagnifierText *text, const WCHAR *units, int nb);

/** Make it unknown. */
void ff_magnifier_text_free(MagnifierText *text);

/** Is it this ASCII word, whatever its case? */
int ff_magnifier_text_is(const MagnifierText *text, const char *word);

/** @return the text in UTF-8, to be freed; NULL: unknown, or out of memory */
char *ff_magnifier_text_utf8(const MagnifierText *text);

/** Append the text to a line of ours, cut at max bytes (printable.h). @return 0: it is unknown */
int ff_magnifier_text_print(AVBPrint *bp, const MagnifierText *text, unsigned max);

/** The text as it is. */
static inline MagnifierRuleText ff_magnifier_text_plain(const MagnifierText *text)
{
    return (MagnifierRuleText) { text->units, text->nb };
}

/** The text without its case. */
static inline MagnifierRuleText ff_magnifier_text_folded(const MagnifierText *text)
{
    return (MagnifierRuleText) { text->units ? text->units + text->nb : NULL, text->nb };
}

#endif /* AVDEVICE_MAGNIFIER_UTF16_H */
