/*
 * magnifier: exclusion rules
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
 * Does this window match? What else rules.h promises is kept in
 * rules_parse.c, _print.c, _hint.c and ruleset.c.
 */

#include <stdint.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "casefold.h"
#include "glob.h"
#include "rulekey.h"
#include "rules.h"
#include "ruleset.h"
#include "text.h"

struct MagnifierRuleSubject {
    const uint32_t *text[MAGNIFIER_NB_TEXT_RULEKEYS];  ///< folded, behind this struct
    int len[MAGNIFIER_NB_TEXT_RULEKEYS];               ///< -1 if unknown
    uint32_t pid, hwnd;
    MagnifierVerdict self;
};

int ff_magnifier_rules_fold(MagnifierRuleSubject **subject, const MagnifierRuleFacts *facts)
{
    const char *text[MAGNIFIER_NB_TEXT_RULEKEYS];
    int len[MAGNIFIER_NB_TEXT_RULEKEYS];
    MagnifierRuleSubject *s;
    uint32_t *to;
    size_t total = 0;
    int key;

    for (key = 0; key < MAGNIFIER_NB_TEXT_RULEKEYS; key++) {
        len[key] = ff_magnifier_rulekey_fact(key, facts, &text[key]);
        total   += FFMAX(len[key], 0);
    }
    *subject = s = av_malloc(sizeof(*s) + total * sizeof(*to));
    if (!s)
        return AVERROR(ENOMEM);
    to = (uint32_t *)(s + 1);

    for (key = 0; key < MAGNIFIER_NB_TEXT_RULEKEYS; key++) {
        const uint8_t *p = (const uint8_t *)text[key], *end = p;
        uint32_t c;

        s->text[key] = to;
        s->len[key]  = len[key];
        if (len[key] > 0)
            end += strlen(text[key]);
        while (p < end) {
            ff_magnifier_text_next(&c, &p, end);
            *to++ = ff_magnifier_casefold(ff_magnifier_rulekey_char(key, c));
        }
    }
    s->pid  = facts->pid;
    s->hwnd = facts->hwnd;
    s->self = facts->self;
    return 0;
}

static MagnifierVerdict condition_verdict(const MagnifierCondition *cond,
                                          const MagnifierRuleSubject *s)
{
    int matches;

    switch (cond->key) {
    case MAGNIFIER_RULEKEY_SELF:
        return s->self;
    case MAGNIFIER_RULEKEY_PID:
    case MAGNIFIER_RULEKEY_HWND: {
        const uint32_t number = cond->key == MAGNIFIER_RULEKEY_PID ? s->pid : s->hwnd;

        if (!number)
            return MAGNIFIER_UNKNOWN;
        matches = number == cond->number;
        break;
    }
    default:
        if (s->len[cond->key] < 0)
            return MAGNIFIER_UNKNOWN;
        matches = ff_magnifier_glob_matches(cond->glob, s->text[cond->key], s->len[cond->key]);
    }
    return matches != cond->negated ? MAGNIFIER_MATCH : MAGNIFIER_NO;
}

MagnifierVerdict ff_magnifier_rules_match_one(const MagnifierRules *rules, int rule,
                                              const MagnifierRuleSubject *subject)
{
    static const MagnifierRuleSubject nothing = { .len = { -1, -1, -1, -1 } };
    const MagnifierRule *r = &rules->rules[rule];
    MagnifierVerdict verdict = MAGNIFIER_MATCH;
    int i;

    for (i = r->first; i < r->first + r->nb; i++) {
        MagnifierVerdict v = condition_verdict(&rules->conditions[i],
                                               subject ? subject : &nothing);
        if (v == MAGNIFIER_NO)
            return v;
        if (v == MAGNIFIER_UNKNOWN)
            verdict = v;
    }
    return verdict;
}

MagnifierVerdict ff_magnifier_rules_match(const MagnifierRules *rules,
                                          const MagnifierRuleSubject *subject, int *rule)
{
    MagnifierVerdict verdict = MAGNIFIER_NO;
    int i, found = -1;

    for (i = 0; i < ff_magnifier_rules_count(rules) && verdict != MAGNIFIER_MATCH; i++) {
        MagnifierVerdict v = ff_magnifier_rules_match_one(rules, i, subject);

        if (v == MAGNIFIER_MATCH || (v == MAGNIFIER_UNKNOWN && verdict == MAGNIFIER_NO)) {
            verdict = v;
            found   = i;
        }
    }
    if (rule)
        *rule = found;
    return verdict;
}
