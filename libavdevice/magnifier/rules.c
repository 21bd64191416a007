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
 * Does this window match? And the memory of a set.
 */

#include <stdint.h>

#include "libavutil/mem.h"

#include "rules.h"
#include "rules_internal.h"

/* Comparisons that a glob may take. It needs no more than its units times those of the text,
 * so only long globs in long titles, made to be slow, come near; it takes some milliseconds. */
#define MAX_STEPS (1 << 22)

const char *const ff_magnifier_rules_key_names[MAGNIFIER_NB_RULEKEYS] = {
    "title", "class", "exe", "exe", "pid", "hwnd", "self",
};

/* ---- the set ---- */

void ff_magnifier_rules_truncate(MagnifierRules *set, int nb_rules)
{
    const int nb = nb_rules < set->nb_rules ? set->rules[nb_rules].first : set->nb_conditions;

    while (set->nb_conditions > nb)
        av_freep(&set->conditions[--set->nb_conditions].value);
    set->nb_rules = nb_rules;
}

void ff_magnifier_rules_free(MagnifierRules **rules)
{
    if (*rules) {
        ff_magnifier_rules_truncate(*rules, 0);
        av_free((*rules)->rules);
        av_free((*rules)->conditions);
    }
    av_freep(rules);
}

int ff_magnifier_rules_count(const MagnifierRules *rules)
{
    return rules ? rules->nb_rules : 0;
}

int ff_magnifier_rules_line(const MagnifierRules *rules, int rule)
{
    return rules->rules[rule].line;
}

unsigned ff_magnifier_rules_keys(const MagnifierRules *rules)
{
    unsigned keys = 0;
    int i;

    for (i = 0; rules && i < rules->nb_conditions; i++)
        keys |= 1u << rules->conditions[i].key;
    return keys;
}

/* ---- matching ---- */

MagnifierRuleText ff_magnifier_rules_fact(MagnifierRuleKey key, const MagnifierRuleFacts *facts)
{
    static const MagnifierRuleText unknown;
    MagnifierRuleText text = key == MAGNIFIER_RULEKEY_TITLE ? facts->title :
                             key == MAGNIFIER_RULEKEY_CLASS ? facts->class_name : facts->exe;
    int name = text.nb;

    if (!text.units || (unsigned)text.nb > MAGNIFIER_RULES_MAX_FACT)
        return unknown;
    if (ff_magnifier_rules_is_exe(key)) {
        while (name && text.units[name - 1] != '/' && text.units[name - 1] != '\\')
            name--;
        if (name == text.nb)
            return unknown;
        if (key == MAGNIFIER_RULEKEY_EXE) {
            text.units += name;
            text.nb    -= name;
        }
    }
    /* There is no class and no program without a name: the question failed. */
    return text.nb || key == MAGNIFIER_RULEKEY_TITLE ? text : unknown;
}

/* Greedily: each star takes as little as it can, and only the last one that was reached is tried
 * with more, as what is before it fits in any case. */
int ff_magnifier_rules_glob_matches(const uint16_t *glob, int nb, MagnifierRuleKey key,
                                    MagnifierRuleText text, int *places)
{
    int star = -1, retry = 0, at = 0, i = 0, steps = 0;
    uint32_t c;

    while (at < text.nb) {
        const uint32_t wanted = i < nb ? glob[i] : 0;

        if (++steps > MAX_STEPS)
            return -1;
        if (places && i < nb)
            places[i] = at;
        if (wanted == MAGNIFIER_GLOB_STAR) {
            star  = i++;
            retry = at;
        } else if (wanted == MAGNIFIER_GLOB_ANY) {
            i++;
            at += ff_magnifier_rules_read_char(&c, text.units + at, text.nb - at);
        } else if (wanted && wanted == ff_magnifier_rules_char(key, text.units[at])) {
            i++;
            at++;
        } else if (star >= 0) {
            /* From the middle of a surrogate pair nothing fits that did not from its start. */
            i  = star + 1;
            at = ++retry;
        } else {
            return 0;
        }
    }
    while (i < nb && glob[i] == MAGNIFIER_GLOB_STAR)
        i++;
    return i == nb;
}

MagnifierVerdict ff_magnifier_rules_condition_verdict(const MagnifierCondition *cond,
                                                      const MagnifierRuleFacts *facts)
{
    int matches;

    if (cond->key == MAGNIFIER_RULEKEY_SELF)
        return facts->self;
    if (cond->key < MAGNIFIER_NB_TEXT_RULEKEYS) {
        const MagnifierRuleText text = ff_magnifier_rules_fact(cond->key, facts);

        matches = text.units ? ff_magnifier_rules_glob_matches(cond->glob, cond->nb, cond->key, text,
                                                               NULL) : -1;
    } else {
        const uint32_t number = cond->key == MAGNIFIER_RULEKEY_PID ? facts->pid : facts->hwnd;

        matches = number ? number == cond->number : -1;
    }
    if (matches < 0)
        return MAGNIFIER_UNKNOWN;
    return matches != cond->negated ? MAGNIFIER_MATCH : MAGNIFIER_NO;
}

MagnifierVerdict ff_magnifier_rules_match_one(const MagnifierRules *rules, int rule,
                                              const MagnifierRuleFacts *facts)
{
    const MagnifierRule *r = &rules->rules[rule];
    MagnifierVerdict verdict = MAGNIFIER_MATCH;
    int i;

    for (i = r->first; i < r->first + r->nb; i++) {
        MagnifierVerdict v = ff_magnifier_rules_condition_verdict(&rules->conditions[i],
                                                                        facts);

        if (v == MAGNIFIER_NO)
            return v;
        if (v == MAGNIFIER_UNKNOWN)
            verdict = v;
    }
    return verdict;
}

MagnifierVerdict ff_magnifier_rules_match(const MagnifierRules *rules,
                                          const MagnifierRuleFacts *facts, int *rule)
{
    MagnifierVerdict verdict = MAGNIFIER_NO;
    int i, found = -1;

    for (i = 0; i < ff_magnifier_rules_count(rules) && verdict != MAGNIFIER_MATCH; i++) {
        MagnifierVerdict v = ff_magnifier_rules_match_one(rules, i, facts);

        if (v == MAGNIFIER_MATCH || (v == MAGNIFIER_UNKNOWN && verdict == MAGNIFIER_NO)) {
            verdict = v;
            found   = i;
        }
    }
    if (rule)
        *rule = found;
    return verdict;
}
