/*
 * Windows Magnification API screen capture: fuzzer of what stands after -i
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
 * libFuzzer target. The input is what stands after -i. What is claimed of any: it is taken if and only
 * if it is one of the five forms; a name is the rest of it; a handle is one that Windows can have, and
 * is the same one when it is written in the way of the list of windows.
 */

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/error.h"

#include "libavdevice/magnifier/source_parse.h"

#include "tests/fuzz/claim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const prefixes[] = {
    [MAGNIFIER_SOURCE_MONITOR] = "monitor=",
    [MAGNIFIER_SOURCE_TITLE]   = "title=",
    [MAGNIFIER_SOURCE_HWND]    = "hwnd=",
};

/** Of the digits only: is it a handle, and which? */
static int is_handle(const char *text, uint64_t *value)
{
    int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;

    *value = 0;
    if (base == 16)
        text += 2;
    if (!*text || text[strspn(text, base == 16 ? "0123456789abcdefABCDEF" : "0123456789")])
        return 0;
    for (; *text; text++) {
        unsigned digit = *text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10;

        if (*value > (UINT64_MAX - digit) / base)
            return 0;
        *value = *value * base + digit;
    }
    /* 32 bits of it count; Windows extends them with the sign */
    return *value && (*value >> 32 == 0 || *value >> 31 == 0x1FFFFFFFF);
}

static void check_written_again(uint64_t hwnd)
{
    MagnifierSource again;
    char url[40];

    snprintf(url, sizeof(url), "hwnd=0x%"PRIx64, hwnd);
    CLAIM(!ff_magnifier_source_parse(&again, url));
    CLAIM(again.kind == MAGNIFIER_SOURCE_HWND && again.hwnd == hwnd);
    snprintf(url, sizeof(url), "hwnd=%"PRIu64, hwnd);
    CLAIM(!ff_magnifier_source_parse(&again, url));
    CLAIM(again.kind == MAGNIFIER_SOURCE_HWND && again.hwnd == hwnd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *url = malloc(size + 1);
    MagnifierSource source;
    uint64_t hwnd = 0;
    int ret, wanted = MAGNIFIER_SOURCE_DESKTOP, good;

    memcpy(url, data, size);
    url[size] = 0;
    good = !strcmp(url, "desktop");
    for (int kind = MAGNIFIER_SOURCE_MONITOR; kind <= MAGNIFIER_SOURCE_HWND; kind++) {
        const size_t length = strlen(prefixes[kind]);

        if (!strncmp(url, prefixes[kind], length)) {
            wanted = kind;
            good   = url[length] && (kind != MAGNIFIER_SOURCE_HWND || is_handle(url + length, &hwnd));
        }
    }
    /* what is in it before does not count */
    memset(&source, 0xA5, sizeof(source));
    ret = ff_magnifier_source_parse(&source, url);
    CLAIM(ret == (good ? 0 : AVERROR(EINVAL)) && (int)source.kind == wanted);
    if (good) {
        CLAIM(source.hwnd == hwnd);
        CLAIM(source.name == (wanted == MAGNIFIER_SOURCE_DESKTOP ? NULL : url + strlen(prefixes[wanted])));
        if (hwnd)
            check_written_again(hwnd);
    }
    free(url);
    return 0;
}
