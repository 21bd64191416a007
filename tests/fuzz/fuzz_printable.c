/*
 * Windows Magnification API screen capture: fuzzer of titles that are printed
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
 * libFuzzer target. The input is how much of a title is wanted, and the title in UTF-8. What is
 * claimed of any: what is printed is UTF-8 in which nobody overlooks a character, and is read back
 * as what it was, if that was UTF-8; it is cut between characters. And what is read back does not
 * become longer, or what is wrong in it is pointed at.
 */

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/printable.h"
#include "tests/fuzz/claim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** @return whether it is UTF-8; *has_unseen: and has such a character */
static int read_text(const char *text, int *has_unseen)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    int32_t c;

    for (*has_unseen = 0; p < end; *has_unseen |= ff_magnifier_is_unseen(c))
        if (av_utf8_decode(&c, &p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0)
            return 0;
    return 1;
}

static char *print(const char *text, unsigned max)
{
    AVBPrint bp;
    char *printed;
    int has_unseen;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_print_text(&bp, text, max);
    av_bprint_finalize(&bp, &printed);
    CLAIM(read_text(printed, &has_unseen) && !has_unseen);
    return printed;
}

static void check_cut(const char *text, const char *whole, unsigned max)
{
    char *cut = print(text, max);
    size_t length = strlen(cut);

    if (strcmp(cut, whole)) {
        CLAIM(length >= 3 && !strcmp(cut + length - 3, "..."));
        length -= 3;
        CLAIM(length >= max && length < max + sizeof("\\u{10FFFF}"));
        CLAIM(!strncmp(cut, whole, length) && length < strlen(whole));
    }
    av_free(cut);
}

static void check_reading(const char *text)
{
    char *copy = strdup(text);
    const char *bad = ff_magnifier_unescape(copy);
    const size_t length = strlen(text);

    if (bad) {
        CLAIM(bad >= copy && bad < copy + length && !strncmp(bad, "\\u{", 3));
        CLAIM(!strcmp(bad, text + (bad - copy)));
    } else {
        CLAIM(strlen(copy) <= length);
        CLAIM(strstr(text, "\\u{") ? strlen(copy) < length : !strcmp(copy, text));
    }
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1), *printed;
    int has_unseen;

    if (size)
        memcpy(text, data + 1, size - 1);
    printed = print(text, UINT_MAX);
    check_cut(text, printed, size ? data[0] : 0);
    check_reading(text);
    check_reading(printed);
    CLAIM(!ff_magnifier_unescape(printed));
    if (read_text(text, &has_unseen))
        CLAIM(!strcmp(printed, text));
    av_free(printed);
    free(text);
    return 0;
}
