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
 * - what describes a window matches that window, and by its title no window with another one;
 * - a rule that would match but for characters that nobody sees is told of, as one that matches,
 *   and no other is.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/printable.h"
#include "libavdevice/magnifier/rules.h"
#include "libavdevice/magnifier/rules_internal.h"
#include "tests/fuzz/claim.h"
#include "tests/unit/utf16.h"

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

/** A title that has no character that no rule can spell, and is short enough for one. */
static int can_be_spelt(MagnifierRuleText title)
{
    uint32_t c;

    for (int i = 0; i < title.nb;) {
        i += ff_magnifier_rules_read_char(&c, title.units + i, title.nb - i);
        if (c <= MAGNIFIER_GLOB_ANY || !ff_magnifier_is_character(c))
            return 0;
    }
    return title.units && title.nb <= MAGNIFIER_RULES_MAX_VALUE;
}

/** The rule for a title is for this one alone: not without a unit of it, nor with another one. */
static void check_exact_title(const MagnifierRuleFacts *facts, MagnifierRuleText folded, int k)
{
    MagnifierRules *rules = NULL;
    uint16_t *units;
    AVBPrint bp;

    if (!can_be_spelt(facts->title))
        return;
    units = malloc((folded.nb + 1) * sizeof(*units));
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    CLAIM(ff_magnifier_rules_describe(&bp, facts, MAGNIFIER_KEY_TITLE) == 1);
    CLAIM(ff_magnifier_rules_add(&rules, bp.str, err, sizeof(err)) == 0);
    for (const uint8_t *p = (uint8_t *)bp.str; *p;) {
        int32_t c;

        CLAIM(av_utf8_decode(&c, &p, p + 4, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) >= 0);
        CLAIM(!ff_magnifier_is_unseen(c));
    }
    k %= folded.nb + 1;
    for (int removed = 0; removed < 2; removed++) {
        MagnifierRuleFacts other = { .title = { units, folded.nb + 1 - 2 * removed } };

        if (removed && k == folded.nb)
            continue;
        memcpy(units, folded.units, k * sizeof(*units));
        units[k] = 0x200B;
        memcpy(units + k + !removed, folded.units + k + removed, (folded.nb - k - removed) * sizeof(*units));
        CLAIM(ff_magnifier_rules_match_one(rules, 0, &other) == MAGNIFIER_NO);
    }
    av_bprint_finalize(&bp, NULL);
    ff_magnifier_rules_free(&rules);
    free(units);
}

/** A text, in memory of its own, as the eye sees it. @param joined set if halves of pairs came together so */
static MagnifierRuleText seen_of(MagnifierRuleText text, int *joined)
{
    uint16_t *units = malloc((text.nb + 1) * sizeof(*units));
    int nb = 0, size;

    for (int i = 0; i < text.nb; i += size) {
        uint32_t c;

        size = ff_magnifier_rules_read_char(&c, text.units + i, text.nb - i);
        if (ff_magnifier_is_space(c))
            units[nb++] = ' ';
        if (ff_magnifier_is_unseen(c))
            continue;
        *joined |= size == 1 && nb && (c & 0xFC00) == 0xDC00 && (units[nb - 1] & 0xFC00) == 0xD800;
        for (int j = i; j < i + size; j++)
            units[nb++] = text.units[j];
    }
    if (!text.units) {
        free(units);
        units = NULL;
    }
    return (MagnifierRuleText) { units, nb };
}

/**
 * Whether a rule matches a window when each of its conditions may take the window as it is or as it
 * is seen: `?` stands for a character that nobody sees too.
 */
static MagnifierVerdict verdict_of_eye(const MagnifierRules *rules, int rule, const MagnifierRuleFacts *folded,
                                       const MagnifierRuleFacts *seen)
{
    const MagnifierRule *r   = &rules->rules[rule];
    MagnifierVerdict verdict = MAGNIFIER_MATCH;

    for (int i = r->first; i < r->first + r->nb; i++) {
        const MagnifierCondition *cond = &rules->conditions[i];
        MagnifierVerdict v = ff_magnifier_rules_condition_verdict(cond, folded);

        if (v != MAGNIFIER_MATCH)
            v = ff_magnifier_rules_condition_verdict(cond, seen);
        if (v == MAGNIFIER_NO)
            return v;
        if (v == MAGNIFIER_UNKNOWN)
            verdict = v;
    }
    return verdict;
}

/** The same, found in another way: by rules that spell nothing that is not seen, on the texts without it. */
static void check_unseen(const MagnifierRules *rules, const MagnifierRuleFacts *facts,
                         const MagnifierRuleFacts *folded)
{
    MagnifierRuleFacts seen = *folded;
    int joined = 0;

    seen.title      = seen_of(folded->title, &joined);
    seen.class_name = seen_of(folded->class_name, &joined);
    seen.exe        = seen_of(folded->exe, &joined);
    for (int i = 0; i < FFMIN(ff_magnifier_rules_count(rules), 8); i++) {
        const MagnifierVerdict before = ff_magnifier_rules_match_one(rules, i, folded);
        MagnifierRules *again = NULL;
        AVBPrint rule, mended;
        int ret;

        if (before == MAGNIFIER_MATCH)
            continue;
        av_bprint_init(&rule, 0, AV_BPRINT_SIZE_UNLIMITED);
        av_bprint_init(&mended, 0, AV_BPRINT_SIZE_UNLIMITED);
        ff_magnifier_rules_print(&rule, rules, i);
        ret = ff_magnifier_rules_print_unseen(&mended, rules, i, facts, folded);
        if (ret) {
            CLAIM(ret == 1 && before == MAGNIFIER_NO && strcmp(rule.str, mended.str));
            CLAIM(ff_magnifier_rules_add(&again, mended.str, err, sizeof(err)) == 0);
            CLAIM(ff_magnifier_rules_count(again) == 1);
            CLAIM(ff_magnifier_rules_match_one(again, 0, folded) == MAGNIFIER_MATCH);
        } else if (before == MAGNIFIER_NO && !joined && !strstr(rule.str, "\\u{") && !strstr(rule.str, "!=") &&
                   /* a root, with its drive or without, has to stand at the very beginning */
                   !strstr(rule.str, "exe=/") && !strstr(rule.str, ":/") && !strstr(rule.str, ":\\") &&
                   facts->title.nb + facts->class_name.nb + facts->exe.nb + rule.len < MAGNIFIER_RULES_MAX_VALUE) {
            CLAIM(verdict_of_eye(rules, i, folded, &seen) != MAGNIFIER_MATCH);
        }
        /* of a path that ends in nothing that is seen there is no name, so that is unknown */
        if (ret && !strstr(rule.str, "\\u{"))
            CLAIM(verdict_of_eye(rules, i, folded, &seen) != MAGNIFIER_NO || strstr(rule.str, "!="));
        ff_magnifier_rules_free(&again);
        av_bprint_finalize(&rule, NULL);
        av_bprint_finalize(&mended, NULL);
    }
    free((void *)seen.title.units);
    free((void *)seen.class_name.units);
    free((void *)seen.exe.units);
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
    check_unseen(rules, &facts[0], &facts[1]);
    ff_magnifier_rules_free(&rules);

    ret = ff_magnifier_rules_add_file(&rules, data, size, err, sizeof(err));
    if (ret < 0)
        check_error(ret, 1);
    else
        check_rules(rules, &facts[1]);
    ff_magnifier_rules_free(&rules);

    check_description(&facts[0], &facts[1], 0x7F);
    check_description(&facts[0], &facts[1], MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_TITLE);
    check_exact_title(&facts[0], facts[1].title, size);

    for (int i = 0; i < 2; i++) {
        free((void *)facts[i].title.units);
        free((void *)facts[i].class_name.units);
        free((void *)facts[i].exe.units);
    }
    free(copy);
    return 0;
}
