/*
 * Windows Magnification API screen capture: fuzzer of the exclusion rules
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
 * libFuzzer target. The input is up to four texts with a zero byte between them: the
 * rules, then the title, class and program of a window, made UTF-16 by text_of(). The
 * rules are read as an option and as a file (as a file, the rules are the whole input, so
 * that zero bytes get there too). What is claimed of any input, besides what the
 * sanitizers watch:
 *
 * - an error is one sentence that fits in MAGNIFIER_RULES_ERROR and has its place,
 *   and what was refused leaves the set as it was;
 * - what is printed is parsed, as an option and as a file, to what prints the same and
 *   matches the same;
 * - each verdict is that of the rules asked one by one;
 * - what describes a window matches that window.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/rules.h"
#include "tests/unit/utf16.h"

#define CLAIM(cond)                                                             \
    do {                                                                        \
        if (!(cond)) {                                                          \
            fprintf(stderr, "line %d: not so: %s\n", __LINE__, #cond);          \
            abort();                                                            \
        }                                                                       \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char err[MAGNIFIER_RULES_ERROR];

static void check_error(int ret, int is_file)
{
    unsigned line, column;

    CLAIM(ret == AVERROR(EINVAL));
    CLAIM(strlen(err) < sizeof(err) - 1);
    if (is_file)
        CLAIM(sscanf(err, "line %u, column %u: expected ", &line, &column) == 2 && line && column);
    else
        CLAIM(sscanf(err, "column %u: expected ", &column) == 1 && column);
    for (const char *p = err; *p; p++)
        CLAIM((*p >= ' ' && *p < 0x7F) || *p == '\t');
}

static void check_verdicts(const MagnifierRules *rules, const MagnifierRuleFacts *facts,
                           MagnifierVerdict expected, int expected_rule)
{
    int unknown = -1, match = -1, rule;

    CLAIM(ff_magnifier_rules_match(rules, facts, &rule) == expected);
    CLAIM(rule == expected_rule);
    for (int i = ff_magnifier_rules_count(rules) - 1; i >= 0; i--) {
        MagnifierVerdict v = ff_magnifier_rules_match_one(rules, i, facts);

        if (v == MAGNIFIER_MATCH)
            match = i;
        else if (v == MAGNIFIER_UNKNOWN)
            unknown = i;
    }
    CLAIM(expected == (match >= 0 ? MAGNIFIER_MATCH :
                       unknown >= 0 ? MAGNIFIER_UNKNOWN : MAGNIFIER_NO));
    CLAIM(rule == (match >= 0 ? match : unknown));
}

static void check_rules(MagnifierRules *rules, const MagnifierRuleFacts *facts)
{
    const int count = ff_magnifier_rules_count(rules);
    MagnifierRules *again = NULL;
    MagnifierVerdict verdict;
    AVBPrint once, twice;
    int rule;

    av_bprint_init(&once, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&twice, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&once, rules, -1);
    verdict = ff_magnifier_rules_match(rules, facts, &rule);
    check_verdicts(rules, facts, verdict, rule);

    CLAIM(ff_magnifier_rules_add(&again, once.str, err, sizeof(err)) == 0 && !*err);
    ff_magnifier_rules_print(&twice, again, -1);
    CLAIM(!strcmp(once.str, twice.str));
    CLAIM(ff_magnifier_rules_keys(rules) == ff_magnifier_rules_keys(again));
    check_verdicts(again, facts, verdict, rule);

    /* The same rules once more behind themselves change no verdict. */
    CLAIM(ff_magnifier_rules_add_file(&again, once.str, once.len, err, sizeof(err)) == 0);
    CLAIM(ff_magnifier_rules_count(again) == 2 * count);
    check_verdicts(again, facts, verdict, rule);

    CLAIM(ff_magnifier_rules_add(&again, "self|", err, sizeof(err)) < 0);
    CLAIM(ff_magnifier_rules_count(again) == 2 * count);
    for (rule = 0; rule < count; rule++) {
        av_bprint_clear(&once);
        av_bprint_clear(&twice);
        ff_magnifier_rules_print(&once, rules, rule);
        ff_magnifier_rules_print(&twice, again, rule + count);
        CLAIM(*once.str && !strcmp(once.str, twice.str));
    }
    av_bprint_finalize(&once, NULL);
    av_bprint_finalize(&twice, NULL);
    ff_magnifier_rules_free(&again);
}

static void check_description(const MagnifierRuleFacts *facts,
                              const MagnifierRuleFacts *folded, unsigned keys)
{
    MagnifierRules *rules = NULL;
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (ff_magnifier_rules_describe(&bp, facts, keys)) {
        CLAIM(ff_magnifier_rules_add(&rules, bp.str, err, sizeof(err)) == 0);
        CLAIM(ff_magnifier_rules_add_file(&rules, bp.str, bp.len, err, sizeof(err)) == 0);
        CLAIM(ff_magnifier_rules_count(rules) == 2);
        CLAIM(ff_magnifier_rules_match_one(rules, 0, folded) == MAGNIFIER_MATCH);
        CLAIM(ff_magnifier_rules_match_one(rules, 1, folded) == MAGNIFIER_MATCH);
    } else {
        CLAIM(!bp.len);
    }
    av_bprint_finalize(&bp, NULL);
    ff_magnifier_rules_free(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text[4] = { NULL }, *copy = malloc(size + 1), *p = copy;
    MagnifierRules *rules = NULL;
    MagnifierRuleFacts facts[2];    /* as they are, and folded */
    int ret;

    memcpy(copy, data, size);
    copy[size] = 0;
    for (int i = 0; i < 4 && p <= copy + size; i++) {
        text[i] = p;
        p      += strlen(p) + 1;
    }
    for (int i = 0; i < 2; i++)
        facts[i] = (MagnifierRuleFacts){
            .title = text_of(text[1], i), .class_name = text_of(text[2], i),
            .exe = text_of(text[3], i), .pid = size % 3, .hwnd = size % 4, .self = size % 5 % 3,
        };

    ret = ff_magnifier_rules_add(&rules, text[0], err, sizeof(err));
    if (ret < 0)
        check_error(ret, 0);
    else
        check_rules(rules, &facts[1]);
    ff_magnifier_rules_free(&rules);

    ret = ff_magnifier_rules_add_file(&rules, data, size, err, sizeof(err));
    if (ret < 0)
        check_error(ret, 1);
    else
        check_rules(rules, &facts[1]);
    ff_magnifier_rules_free(&rules);

    check_description(&facts[0], &facts[1], 0x7F);
    check_description(&facts[0], &facts[1], MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_TITLE);

    for (int i = 0; i < 2; i++) {
        free((void *)facts[i].title.units);
        free((void *)facts[i].class_name.units);
        free((void *)facts[i].exe.units);
    }
    free(copy);
    return 0;
}
