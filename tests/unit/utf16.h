/*
 * Windows Magnification API screen capture: texts of windows for native tests
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

#ifndef TESTS_UNIT_UTF16_H
#define TESTS_UNIT_UTF16_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/common.h"

#include "libavdevice/magnifier/rules.h"

/**
 * Make a window's text of UTF-8; NULL stays unknown. A byte that is no UTF-8 becomes half a
 * surrogate pair, 0xDC00 and the byte, or for one above 0xEF 0xD800 and the byte.
 *
 * @param folded without its case
 * @return units to be freed by the caller
 */
static inline MagnifierRuleText text_of(const char *utf8, int folded)
{
    const uint8_t *p = (const uint8_t *)utf8, *end = p;
    MagnifierRuleText text = { 0 };
    uint16_t *units, unit;

    if (!utf8)
        return text;
    end  += strlen(utf8);
    units = malloc((end - p + 1) * sizeof(*units));
    while (p < end) {
        const uint8_t byte = *p, *next = p;
        int32_t c;

        if (av_utf8_decode(&c, &next, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0) {
            units[text.nb++] = (byte > 0xEF ? 0xD800 : 0xDC00) | byte;
            p++;
        } else {
            PUT_UTF16((uint32_t)c, unit, units[text.nb++] = unit;)
            p = next;
        }
    }
    if (folded)
        ff_magnifier_fold_case(units, text.nb);
    text.units = units;
    return text;
}

#endif /* TESTS_UNIT_UTF16_H */
