/*
 * Windows Magnification API screen capture: fuzzer of a rule file that is edited
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
 * libFuzzer target. The input is the states of a rule file that an editor makes one of the other: each
 * begins with a zero byte and has how many bytes of the state before stay, and then what follows them.
 * What is claimed of any: as the device reads it, a state has rules or an error with its place; the
 * first lines of one that has rules have the same rules, as if it was read while it grew; and what is
 * refused leaves a set as it was.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/rules.h"
#include "tests/fuzz/claim.h"

#define MAX_STATE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char err[MAGNIFIER_RULES_ERROR];

static int read_state(const uint8_t *state, size_t size, MagnifierRules **rules)
{
    /* the end of a block of its own, so that a byte behind it is noticed */
    uint8_t *copy = malloc(size);
    unsigned line, column;
    int ret;

    if (size)
        memcpy(copy, state, size);
    ret = ff_magnifier_rules_add_file(rules, copy, size, err, sizeof(err));
    free(copy);
    if (ret < 0)
        CLAIM(ret == AVERROR(EINVAL) && sscanf(err, "line %u, column %u: ", &line, &column) == 2);
    else
        CLAIM(!*err);
    return ret;
}

static char *print(const MagnifierRules *rules, int rule)
{
    AVBPrint bp;
    char *text;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&bp, rules, rule);
    av_bprint_finalize(&bp, &text);
    return text;
}

/** It was read while it grew: up to the end of some line. */
static void check_growing(const uint8_t *state, size_t size, const MagnifierRules *whole)
{
    for (size_t i = 0; i < size; i++) {
        MagnifierRules *rules = NULL;

        if (state[i] != '\n')
            continue;
        CLAIM(read_state(state, i + 1, &rules) == 0);
        CLAIM(ff_magnifier_rules_count(rules) <= ff_magnifier_rules_count(whole));
        for (int k = 0; k < ff_magnifier_rules_count(rules); k++) {
            char *a = print(rules, k), *b = print(whole, k);

            CLAIM(!strcmp(a, b) && ff_magnifier_rules_line(rules, k) == ff_magnifier_rules_line(whole, k));
            av_free(a);
            av_free(b);
        }
        ff_magnifier_rules_free(&rules);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t state[MAX_STATE];
    MagnifierRules *kept = NULL;
    size_t nb = 0;

    CLAIM(ff_magnifier_rules_add(&kept, "self", err, sizeof(err)) == 0);
    while (size) {
        const uint8_t *next = memchr(data, 0, size);
        size_t part = next ? (size_t)(next - data) : size;
        MagnifierRules *rules = NULL;
        int count = ff_magnifier_rules_count(kept);

        /* the first byte of a part says how much stays */
        if (part) {
            nb = FFMIN(nb, data[0]);
            nb = FFMIN(nb, MAX_STATE - FFMIN(part, MAX_STATE));
            memcpy(state + nb, data + 1, FFMIN(part - 1, MAX_STATE - nb));
            nb += FFMIN(part - 1, MAX_STATE - nb);
        }
        if (read_state(state, nb, &rules) >= 0) {
            check_growing(state, nb, rules);
            count += ff_magnifier_rules_count(rules);
        }
        read_state(state, nb, &kept);
        if (count <= MAGNIFIER_RULES_MAX)
            CLAIM(ff_magnifier_rules_count(kept) == count);
        ff_magnifier_rules_free(&rules);
        part += !!next;
        data += part;
        size -= part;
    }
    ff_magnifier_rules_free(&kept);
    return 0;
}
