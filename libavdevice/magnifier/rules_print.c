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
 * How is this rule, or one for this window, written? And what may be wrong with it? (rules.h)
 */

#include <inttypes.h>
#include <string.h>

#include "libavutil/bprint.h"
#include "libavutil/common.h"
#include "libavutil/macros.h"

#include "rules.h"
#include "printable.h"
#include "rules_internal.h"

/* ---- printing ---- */

/** Append a character of a value, escaped where the grammar would take it otherwise. */
static void put_char(AVBPrint *bp, uint32_t c, uint32_t previous, int is_last)
{
    const int is_first = !previous;
    uint8_t byte;

    if (c == MAGNIFIER_GLOB_STAR || c == MAGNIFIER_GLOB_ANY) {
        av_bprint_chars(bp, c == MAGNIFIER_GLOB_STAR ? '*' : '?', 1);
        return;
    }
    if (ff_magnifier_is_unseen(c)) {
        ff_magnifier_print_escape(bp, c);
        return;
    }
    if (c == '\\' || c == '|' || c == '&' || c == '*' || c == '?' ||
        (c == ' ' && (is_first || is_last)) ||
        (c == '#' && ff_magnifier_rules_is_blank(previous)) ||
        (is_first && (c == '=' || c == '!' || c == '\'' || c == '"')))
        av_bprint_chars(bp, '\\', 1);
    PUT_UTF8(c, byte, av_bprint_chars(bp, byte, 1);)
}

void ff_magnifier_rules_print_condition(AVBPrint *bp, const MagnifierCondition *cond)
{
    uint32_t c, previous = 0;
    int i;

    av_bprintf(bp, "%s%s", ff_magnifier_rules_key_names[cond->key],
               cond->key == MAGNIFIER_RULEKEY_SELF ? "" : cond->negated ? "!=" : "=");
    if (cond->key == MAGNIFIER_RULEKEY_PID)
        av_bprintf(bp, "%"PRIu32, cond->number);
    if (cond->key == MAGNIFIER_RULEKEY_HWND)
        av_bprintf(bp, "0x%"PRIx32, cond->number);
    for (i = 0; i < cond->nb; previous = c) {
        i += ff_magnifier_rules_read_char(&c, cond->value + i, cond->nb - i);
        put_char(bp, c, previous, i == cond->nb);
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
            ff_magnifier_rules_print_condition(bp, &rules->conditions[r->first + j]);
        }
    }
}

/* ---- describing a window ---- */

/** Has a text more characters than a value may have? */
static int is_too_long(MagnifierRuleText text)
{
    uint32_t c;
    int nb, i = 0;

    for (nb = 0; i < text.nb && nb <= MAGNIFIER_RULES_MAX_VALUE; nb++)
        i += ff_magnifier_rules_read_char(&c, text.units + i, text.nb - i);
    return nb > MAGNIFIER_RULES_MAX_VALUE;
}

/** Would the parser refuse this character of a text, number nb of it? */
static int is_unspeakable(MagnifierRuleKey key, uint32_t c, int nb, uint32_t previous,
                          uint32_t next)
{
    if (c <= MAGNIFIER_GLOB_ANY || c - 0xD800 < 0x800u || ff_magnifier_rules_never_has(key, c))
        return 1;
    /* No program on Windows is called what the parser refuses. */
    if (key == MAGNIFIER_RULEKEY_EXE)
        return c == ':';
    if (key == MAGNIFIER_RULEKEY_PATH && ff_magnifier_rules_char(key, c) == '/')
        return nb > 1 && previous == '/';
    return key == MAGNIFIER_RULEKEY_PATH && !nb && next != ':';
}

/** Spell a text that is not empty as the value that matches it. */
static void describe_text(AVBPrint *bp, MagnifierRuleKey key, MagnifierRuleText text)
{
    const int too_long = is_too_long(text);
    uint32_t c, previous = 0;
    int at = 0, i;

    for (i = 0; at < text.nb && i < MAGNIFIER_RULES_MAX_VALUE - too_long; i++, previous = c) {
        at += ff_magnifier_rules_read_char(&c, text.units + at, text.nb - at);
        c   = is_unspeakable(key, c, i, previous, at < text.nb ? text.units[at] : 0) ?
              MAGNIFIER_GLOB_ANY : ff_magnifier_rules_char(key, c);
        put_char(bp, c, previous, at == text.nb);
    }
    if (too_long)
        put_char(bp, MAGNIFIER_GLOB_STAR, previous, 1);
}

/** Find the text to describe a window with; a key that is not fit for it is replaced. */
static MagnifierRuleText find_text(MagnifierRuleKey *key, const MagnifierRuleFacts *facts)
{
    const MagnifierRuleText text = ff_magnifier_rules_fact(*key, facts);

    /* What has no folder in it, or would lose its end, is matched by its name. */
    if (*key == MAGNIFIER_RULEKEY_PATH) {
        const MagnifierRuleText name = ff_magnifier_rules_fact(MAGNIFIER_RULEKEY_EXE, facts);

        if (name.units == text.units || is_too_long(text)) {
            *key = MAGNIFIER_RULEKEY_EXE;
            return name;
        }
    }
    return text;
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
        MagnifierRuleText text = { 0 };
        MagnifierRuleKey key = order[i];

        if (!(keys & 1u << key) || (key == MAGNIFIER_RULEKEY_EXE && keys & MAGNIFIER_KEY_PATH))
            continue;
        if (key < MAGNIFIER_NB_TEXT_RULEKEYS)
            text = find_text(&key, facts);
        if (key == MAGNIFIER_RULEKEY_SELF ? facts->self != MAGNIFIER_MATCH :
            key < MAGNIFIER_NB_TEXT_RULEKEYS ? !text.units : !number)
            continue;

        av_bprintf(bp, "%s%s", nb++ ? "&" : "", ff_magnifier_rules_key_names[key]);
        if (key == MAGNIFIER_RULEKEY_PID) {
            av_bprintf(bp, "=%"PRIu32, number);
        } else if (key == MAGNIFIER_RULEKEY_HWND) {
            av_bprintf(bp, "=0x%"PRIx32, number);
        } else if (key < MAGNIFIER_NB_TEXT_RULEKEYS && !text.nb) {
            av_bprintf(bp, "!=?*");
        } else if (key < MAGNIFIER_NB_TEXT_RULEKEYS) {
            av_bprint_chars(bp, '=', 1);
            describe_text(bp, key, text);
        }
    }
    return nb;
}

/* ---- hints ----
 *
 * A rule that is well formed and never matches is a window that is recorded in spite of it.
 * These are the slips that are not refused, as what they spell could be meant. */

static int has_wildcard(const uint16_t *value, int nb)
{
    for (int i = 0; i < nb; i++)
        if (value[i] <= MAGNIFIER_GLOB_ANY)
            return 1;
    return 0;
}

static int is_any_text(const uint16_t *value, int nb)
{
    for (int i = 0; i < nb; i++)
        if (value[i] != MAGNIFIER_GLOB_STAR)
            return 0;
    return nb > 0;
}

/** Of two names; a folder may have either in its name. */
static int has_separator(const uint16_t *value, int nb)
{
    int separators = 0;

    for (int i = 0; i < nb; i++) {
        if (value[i] == '/')
            return 0;
        separators |= value[i] == ',' || value[i] == ';';
    }
    return separators;
}

static int has_extension(const uint16_t *path, int nb)
{
    while (nb-- && path[nb] != '/')
        if (path[nb] == '.')
            return 1;
    return 0;
}

/** Does a value end in this key, with something before it? */
static int ends_in_key(const uint16_t *value, int nb, MagnifierRuleKey key)
{
    const char *name = ff_magnifier_rules_key_names[key];
    const int len = strlen(name);

    if (nb <= len)
        return 0;
    for (int i = 0; i < len; i++)
        if ((value[nb - len + i] | 0x20) != name[i])
            return 0;
    return 1;
}

/** Is there a condition in this value, as in exe=a.exe,exe=b.exe? */
static int holds_condition(const uint16_t *value, int nb)
{
    for (int i = 1; i < nb; i++) {
        if (value[i] != '=')
            continue;
        for (MagnifierRuleKey key = 0; key < MAGNIFIER_RULEKEY_SELF; key++)
            if (ends_in_key(value, value[i - 1] == '!' ? i - 1 : i, key))
                return 1;
    }
    return 0;
}

int ff_magnifier_rules_matches_all(const MagnifierRules *rules, int rule)
{
    const MagnifierRule *r = &rules->rules[rule];

    for (int i = 0; i < r->nb; i++) {
        const MagnifierCondition *cond = &rules->conditions[r->first + i];

        if (cond->negated || !cond->value || !is_any_text(cond->value, cond->nb))
            return 0;
    }
    return 1;
}

static const char *hint_for(const MagnifierCondition *cond)
{
    if (!cond->value)
        return NULL;
    if (holds_condition(cond->value, cond->nb))
        return "| separates rules, and & joins conditions";
    if (ff_magnifier_rules_is_exe(cond->key) && has_separator(cond->value, cond->nb))
        return "| separates rules, as in exe=a.exe|exe=b.exe";
    if (cond->negated && is_any_text(cond->value, cond->nb))
        return "every text matches *, so nothing matches !=*";
    if (cond->negated || has_wildcard(cond->value, cond->nb))
        return NULL;
    if (ff_magnifier_rules_is_exe(cond->key) && !has_extension(cond->value, cond->nb))
        return "the name of a program has an extension, as in exe=notepad.exe";
    if (cond->key == MAGNIFIER_RULEKEY_TITLE)
        return "the whole title is compared; a part of it is found by title=*part*";
    return NULL;
}

const char *ff_magnifier_rules_hint(const MagnifierRules *rules, int rule)
{
    const MagnifierRule *r = &rules->rules[rule];
    const char *hint = NULL;

    for (int i = 0; i < r->nb && !hint; i++)
        hint = hint_for(&rules->conditions[r->first + i]);
    return hint;
}
