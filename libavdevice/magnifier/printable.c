/*
 * magnifier: another program's text, printed
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

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/common.h"
#include "libavutil/macros.h"

#include "printable.h"

typedef struct Range {
    uint32_t first, last;
} Range;

/** In order, of Unicode 15; with what is reserved for more of them. */
static const Range unseen[] = {
    { 0x0000,  0x001F },  /* C0 */
    { 0x007F,  0x00A0 },  /* delete, C1, no-break space */
    { 0x00AD,  0x00AD },  /* soft hyphen */
    { 0x034F,  0x034F },  /* combining grapheme joiner */
    { 0x061C,  0x061C },  /* Arabic letter mark */
    { 0x115F,  0x1160 },  /* Hangul fillers */
    { 0x1680,  0x1680 },  /* ogham space */
    { 0x17B4,  0x17B5 },  /* Khmer inherent vowels */
    { 0x180B,  0x180F },  /* Mongolian variation selectors, vowel separator */
    { 0x2000,  0x200F },  /* spaces, zero width, direction */
    { 0x2028,  0x202F },  /* separators, direction, narrow no-break space */
    { 0x205F,  0x206F },  /* mathematical space, word joiner, operators, direction */
    { 0x2800,  0x2800 },  /* Braille blank */
    { 0x3000,  0x3000 },  /* ideographic space */
    { 0x3164,  0x3164 },  /* Hangul filler */
    { 0xFE00,  0xFE0F },  /* variation selectors */
    { 0xFEFF,  0xFEFF },  /* byte order mark */
    { 0xFFA0,  0xFFA0 },  /* halfwidth Hangul filler */
    { 0xFFF0,  0xFFFB },  /* reserved, interlinear annotation */
    { 0x13430, 0x1343F }, /* Egyptian format controls */
    { 0x1BCA0, 0x1BCA3 }, /* shorthand format controls */
    { 0x1D173, 0x1D17A }, /* musical format controls */
    { 0xE0000, 0xE0FFF }, /* tags, variation selectors */
};

static const Range spaces[] = {
    { 0x0009, 0x000D }, { 0x0085, 0x0085 }, { 0x00A0, 0x00A0 }, { 0x1680, 0x1680 },
    { 0x2000, 0x200A }, { 0x2028, 0x2029 }, { 0x202F, 0x202F }, { 0x205F, 0x205F },
    { 0x2800, 0x2800 }, { 0x3000, 0x3000 },
};

static int is_in(uint32_t c, const Range *ranges, int nb)
{
    for (int i = 0; i < nb && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return 1;
    return 0;
}

int ff_magnifier_is_unseen(uint32_t c)
{
    return is_in(c, unseen, FF_ARRAY_ELEMS(unseen));
}

int ff_magnifier_is_space(uint32_t c)
{
    return is_in(c, spaces, FF_ARRAY_ELEMS(spaces));
}

void ff_magnifier_print_escape(AVBPrint *bp, uint32_t c)
{
    av_bprintf(bp, "\\u{%"PRIX32"}", c);
}

void ff_magnifier_print_text(AVBPrint *bp, const char *text, unsigned max)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    const unsigned start = bp->len;
    uint8_t byte;

    while (p < end) {
        const uint8_t *const at = p;
        int32_t c;

        if (bp->len - start >= max) {
            av_bprintf(bp, "...");
            break;
        }
        if (av_utf8_decode(&c, &p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0) {
            c = 0xFFFD;
            p = at + 1;
        }
        if (ff_magnifier_is_unseen(c) || (c == ' ' && p == end) ||
            (c == '\\' && !strncmp((const char *)p, "u{", 2))) {
            ff_magnifier_print_escape(bp, c);
        } else {
            PUT_UTF8((uint32_t)c, byte, av_bprint_chars(bp, byte, 1);)
        }
    }
}

int ff_magnifier_read_escape(uint32_t *c, const char *text)
{
    int nb;

    *c = 0;
    for (nb = 3; nb < 9 && av_isxdigit(text[nb]); nb++)
        *c = *c << 4 | (av_isdigit(text[nb]) ? text[nb] - '0' : av_tolower(text[nb]) - 'a' + 10);
    return nb > 3 && text[nb] == '}' ? nb + 1 : 0;
}

const char *ff_magnifier_unescape(char *text)
{
    const char *p = text;
    char *out = text;

    while (*p) {
        uint32_t c;
        int nb;

        if (strncmp(p, "\\u{", 3)) {
            *out++ = *p++;
            continue;
        }
        nb = ff_magnifier_read_escape(&c, p);
        if (!nb || !ff_magnifier_is_character(c))
            return p;
        p += nb;
        PUT_UTF8(c, *out, out++;)
    }
    *out = 0;
    return NULL;
}
