/*
 * magnifier: exclusion rules, written
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
 * How is this rule, or one for this window, written? (rules.h)
 */

#include <inttypes.h>
#include <string.h>

#include "libavutil/bprint.h"
#include "libavutil/macros.h"

#include "glob.h"
#include "rulekey.h"
#include "rules.h"
#include "ruleset.h"
#include "text.h"

/** Append one element of a value, escaped where the grammar would take it otherwise. */
static void put_element(AVBPrint *bp, uint32_t c, uint32_t previous, int is_last)
{
    const int is_first = !previous;

    if (c == MAGNIFIER_GLOB_STAR || c == MAGNIFIER_GLOB_ANY) {
        av_bprint_chars(bp, c == MAGNIFIER_GLOB_STAR ? '*' : '?', 1);
        return;
    }
    if (c == '\\' || c == '|' || c == '&' || c == '*' || c == '?' ||
        (ff_magnifier_text_is_blank(c) && (is_first || is_last)) ||
        (c == '#' && ff_magnifier_text_is_blank(previous)) ||
        (is_first && (c == '=' || c == '!' || c == '\'' || c == '"')))
        av_bprint_chars(bp, '\\', 1);
    ff_magnifier_text_put(bp, c);
}

static void put_condition(AVBPrint *bp, const MagnifierCondition *cond)
{
    av_bprintf(bp, "%s%s", ff_magnifier_rulekey_name(cond->key),
               cond->key == MAGNIFIER_RULEKEY_SELF ? "" : cond->negated ? "!=" : "=");
    if (cond->key == MAGNIFIER_RULEKEY_PID)
        av_bprintf(bp, "%"PRIu32, cond->number);
    if (cond->key == MAGNIFIER_RULEKEY_HWND)
        av_bprintf(bp, "0x%"PRIx32, cond->number);
    if (cond->glob) {
        int nb, i;
        const uint32_t *value = ff_magnifier_glob_elements(cond->glob, &nb);

        for (i = 0; i < nb; i++)
            put_element(bp, value[i], i ? value[i - 1] : 0, i == nb - 1);
    }
}

void ff_magnifier_rules_print(AVBPrint *bp, const MagnifierRules *rules, int rule)
{
    const int end = rule < 0 ? ff_magnifier_rules_count(rules) : rule + 1;
    int i, j;

    for (i = FFMAX(rule, 0); i < end; i++) {
        const MagnifierRule *r = &rules->rules[i];

        for (j = 0; j < r->nb; j++) {
            if (j || i > FFMAX(rule, 0))
                av_bprint_chars(bp, j ? '&' : '|', 1);
            put_condition(bp, &rules->conditions[r->first + j]);
        }
    }
}

/** Spell a text of len characters, more than none, as the value that matches it. */
static void describe_text(AVBPrint *bp, MagnifierRuleKey key, const char *text, int len)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    const int nb = len > MAGNIFIER_RULES_MAX_VALUE ? MAGNIFIER_RULES_MAX_VALUE - 1 : len;
    uint32_t c, previous = 0;
    int i;

    for (i = 0; i < nb; i++, previous = c) {
        int unspeakable = ff_magnifier_text_next(&c, &p, end) < 0 ||
                          ff_magnifier_text_is_control(c) ||
                          ff_magnifier_rulekey_never_has(key, c);

        c = ff_magnifier_rulekey_char(key, c);
        /* No program on Windows is called what the parser refuses. */
        if (key == MAGNIFIER_RULEKEY_EXE)
            unspeakable |= c == ':';
        if (key == MAGNIFIER_RULEKEY_PATH)
            unspeakable |= c == '/' ? i > 1 && previous == '/' : !i && *p != ':';
        if (unspeakable)
            c = MAGNIFIER_GLOB_ANY;
        put_element(bp, c, previous, i == len - 1);
    }
    if (nb < len)
        put_element(bp, MAGNIFIER_GLOB_STAR, previous, 1);
}

/** Find the text to describe a window with; a key that is not fit for it is replaced. */
static int find_text(MagnifierRuleKey *key, const MagnifierRuleFacts *facts, const char **text)
{
    const int len = ff_magnifier_rulekey_fact(*key, facts, text);

    /* What has no folder in it, or would lose its end, is matched by its name. */
    if (*key == MAGNIFIER_RULEKEY_PATH && len > 0) {
        const char *name;
        const int name_len = ff_magnifier_rulekey_fact(MAGNIFIER_RULEKEY_EXE, facts, &name);

        if (len > MAGNIFIER_RULES_MAX_VALUE || name == *text) {
            *key  = MAGNIFIER_RULEKEY_EXE;
            *text = name;
            return name_len;
        }
    }
    return len;
}

int ff_magnifier_rules_describe(AVBPrint *bp, const MagnifierRuleFacts *facts, unsigned keys)
{
    static const MagnifierRuleKey order[] = {
        MAGNIFIER_RULEKEY_PATH, MAGNIFIER_RULEKEY_EXE, MAGNIFIER_RULEKEY_CLASS,
        MAGNIFIER_RULEKEY_TITLE, MAGNIFIER_RULEKEY_PID, MAGNIFIER_RULEKEY_HWND,
        MAGNIFIER_RULEKEY_SELF,
    };
    int nb = 0;

    for (size_t i = 0; i < FF_ARRAY_ELEMS(order); i++) {
        const uint32_t number = order[i] == MAGNIFIER_RULEKEY_PID ? facts->pid : facts->hwnd;
        const char *text = NULL;
        MagnifierRuleKey key = order[i];
        int len = 0;

        if (!(keys & 1u << key) || (key == MAGNIFIER_RULEKEY_EXE && keys & MAGNIFIER_KEY_PATH))
            continue;
        if (key < MAGNIFIER_NB_TEXT_RULEKEYS)
            len = find_text(&key, facts, &text);
        if (key == MAGNIFIER_RULEKEY_SELF ? facts->self != MAGNIFIER_MATCH :
            key < MAGNIFIER_NB_TEXT_RULEKEYS ? len < 0 : !number)
            continue;

        av_bprintf(bp, "%s%s", nb++ ? "&" : "", ff_magnifier_rulekey_name(key));
        if (key == MAGNIFIER_RULEKEY_PID) {
            av_bprintf(bp, "=%"PRIu32, number);
        } else if (key == MAGNIFIER_RULEKEY_HWND) {
            av_bprintf(bp, "=0x%"PRIx32, number);
        } else if (key < MAGNIFIER_NB_TEXT_RULEKEYS && !len) {
            av_bprintf(bp, "!=?*");
        } else if (key < MAGNIFIER_NB_TEXT_RULEKEYS) {
            av_bprint_chars(bp, '=', 1);
            describe_text(bp, key, text, len);
        }
    }
    return nb;
}
