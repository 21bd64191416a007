/*
 * Windows Magnification API screen capture: fuzzer of texts in JSON
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
 * libFuzzer target. The input is a text, whatever its bytes are. What is claimed of any: what comes out
 * is one JSON string of valid UTF-8 without a control character, and reads back as the text, with
 * U+FFFD for what is no UTF-8.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"

#include "libavdevice/magnifier/json.h"
#include "libavdevice/magnifier/printable.h"

#include "tests/fuzz/claim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** @return the UTF-16 unit of an escape, whose backslash has been read */
static int32_t read_unit(const uint8_t **p, const uint8_t *end)
{
    char digits[5] = "";

    CLAIM(end - *p >= 5 && **p == 'u');
    memcpy(digits, *p + 1, 4);
    CLAIM(strspn(digits, "0123456789ABCDEF") == 4);
    *p += 5;
    return strtol(digits, NULL, 16);
}

/** @return a character of a JSON string */
static int32_t read_json(const uint8_t **p, const uint8_t *end)
{
    int32_t c, low;

    CLAIM(av_utf8_decode(&c, p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) >= 0);
    CLAIM(c != '"' && !ff_magnifier_is_unseen(c));
    if (c != '\\')
        return c;
    if (*p < end && (**p == '"' || **p == '\\'))
        return *(*p)++;
    c = read_unit(p, end);
    if (c < 0xD800 || c > 0xDFFF)
        return c;
    CLAIM(c < 0xDC00 && end - *p >= 6 && *(*p)++ == '\\');
    low = read_unit(p, end);
    CLAIM(low >= 0xDC00 && low <= 0xDFFF);
    return 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    const uint8_t *in, *in_end, *out, *out_end;
    AVBPrint bp;

    memcpy(text, data, size);
    text[size] = 0;
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_json_string(&bp, text);
    CLAIM(av_bprint_is_complete(&bp) && bp.len >= 2 && strlen(bp.str) == bp.len);
    CLAIM(bp.str[0] == '"' && bp.str[bp.len - 1] == '"');

    in      = (const uint8_t *)text;
    in_end  = in + strlen(text);
    out     = (const uint8_t *)bp.str + 1;
    out_end = out + bp.len - 2;
    while (in < in_end) {
        int32_t c;

        if (av_utf8_decode(&c, &in, in_end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0)
            c = 0xFFFD;
        CLAIM(out < out_end && read_json(&out, out_end) == c);
    }
    CLAIM(out == out_end);
    av_bprint_finalize(&bp, NULL);
    free(text);
    return 0;
}
