/*
 * magnifier: exclusion rules, inside
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
 * What is a set of exclusion rules made of?
 *
 * Behind rules.h, and only for rules*.c: what they have to agree on, so that a rule
 * means the same where it is read, matched and printed. rules_parse.c alone writes sets.
 */

#ifndef AVDEVICE_MAGNIFIER_RULES_INTERNAL_H
#define AVDEVICE_MAGNIFIER_RULES_INTERNAL_H

#include <stdint.h>

#include "rules.h"

/** Wildcards of a value. No rule has these two characters, so they are free to stand for them. */
#define MAGNIFIER_GLOB_STAR 1  ///< any text, also none
#define MAGNIFIER_GLOB_ANY  2  ///< any one character

/** The keys, in the order of the bits MAGNIFIER_KEY_*. */
typedef enum MagnifierRuleKey {
    MAGNIFIER_RULEKEY_TITLE,
    MAGNIFIER_RULEKEY_CLASS,
    MAGNIFIER_RULEKEY_EXE,
    MAGNIFIER_RULEKEY_PATH,
    MAGNIFIER_NB_TEXT_RULEKEYS,
    MAGNIFIER_RULEKEY_PID = MAGNIFIER_NB_TEXT_RULEKEYS,
    MAGNIFIER_RULEKEY_HWND,
    MAGNIFIER_RULEKEY_SELF,
    MAGNIFIER_NB_RULEKEYS
} MagnifierRuleKey;

typedef struct MagnifierCondition {
    MagnifierRuleKey key;
    int negated;
    uint32_t number;        ///< of pid and hwnd
    uint16_t *value;        ///< of the text keys, UTF-16 as written, with MAGNIFIER_GLOB_*
    uint16_t *glob;         ///< the same without its case, to be matched; in value's memory
    int nb;                 ///< units of each of the two
} MagnifierCondition;

typedef struct MagnifierRule {
    int first, nb;          ///< its conditions
    int line;               ///< of the file, 0 for an option
} MagnifierRule;

struct MagnifierRules {
    MagnifierRule *rules;
    MagnifierCondition *conditions;
    int nb_rules, nb_conditions;
    unsigned rules_size, conditions_size;  ///< bytes allocated
};

/** The keys as users write them; the first one of a name is the one they mean. */
extern const char *const ff_magnifier_rules_key_names[MAGNIFIER_NB_RULEKEYS];

/** Drop the rules behind the first nb_rules ones, with their conditions. */
void ff_magnifier_rules_truncate(MagnifierRules *set, int nb_rules);

/**
 * Find the text that a key below MAGNIFIER_NB_TEXT_RULEKEYS looks at.
 *
 * @return units is NULL if it is unknown
 */
MagnifierRuleText ff_magnifier_rules_fact(MagnifierRuleKey key, const MagnifierRuleFacts *facts);

/**
 * Does a glob take the whole text?
 *
 * @param glob   nb units without case, with MAGNIFIER_GLOB_*
 * @param text   without case
 * @param places where each unit of the glob stands in the text if it does, but for stars in the end;
 *               NULL: nobody wants to know
 * @return -1: it has run out of steps
 */
int ff_magnifier_rules_glob_matches(const uint16_t *glob, int nb, MagnifierRuleKey key,
                                    MagnifierRuleText text, int *places);

/** What one condition says. @param facts folded texts */
MagnifierVerdict ff_magnifier_rules_condition_verdict(const MagnifierCondition *cond,
                                                      const MagnifierRuleFacts *facts);

/** Append a condition in its canonical spelling. */
void ff_magnifier_rules_print_condition(AVBPrint *bp, const MagnifierCondition *cond);

/** Read the first character of nb units, at least one. @return how many units it has */
static inline int ff_magnifier_rules_read_char(uint32_t *c, const uint16_t *units, int nb)
{
    *c = units[0];
    if (nb < 2 || units[0] >> 10 != 0xD800 >> 10 || units[1] >> 10 != 0xDC00 >> 10)
        return 1;
    *c = 0x10000 + ((units[0] & 0x3FF) << 10) + (units[1] & 0x3FF);
    return 2;
}

/** What separates words in a rule, and means nothing around them. */
static inline int ff_magnifier_rules_is_blank(uint32_t c)
{
    return c == ' ' || c == '\t';
}

/** A tab is a blank and no control character. */
static inline int ff_magnifier_rules_is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t') || (c >= 0x7F && c < 0xA0);
}

/** Is it exe, with a file name or with a path? */
static inline int ff_magnifier_rules_is_exe(MagnifierRuleKey key)
{
    return key == MAGNIFIER_RULEKEY_EXE || key == MAGNIFIER_RULEKEY_PATH;
}

/**
 * Both separators are one in a path, spelled / as that needs no escape.
 *
 * @return the character that stands for c in what this key compares
 */
static inline uint32_t ff_magnifier_rules_char(MagnifierRuleKey key, uint32_t c)
{
    return c == '\\' && ff_magnifier_rules_is_exe(key) ? '/' : c;
}

/** Windows allows these in no file name, so an escaped one is a slip: C:\*. */
static inline int ff_magnifier_rules_never_has(MagnifierRuleKey key, uint32_t c)
{
    return ff_magnifier_rules_is_exe(key) && (c == '*' || c == '?' || c == '|');
}

#endif /* AVDEVICE_MAGNIFIER_RULES_INTERNAL_H */
