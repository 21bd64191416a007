/*
 * magnifier: slips in exclusion rules
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
 * What may be meant by a rule that matches nothing? (rules.h)
 *
 * A rule that is well formed and never matches is a window that is recorded in spite of it.
 * These are the slips that are not refused, as what they spell could be meant.
 */

#include <stdint.h>
#include <string.h>

#include "casefold.h"
#include "glob.h"
#include "rulekey.h"
#include "rules.h"
#include "ruleset.h"

static int has_wildcard(const uint32_t *value, int nb)
{
    for (int i = 0; i < nb; i++)
        if (value[i] >= MAGNIFIER_GLOB_STAR)
            return 1;
    return 0;
}

static int has_extension(const uint32_t *path, int nb)
{
    while (nb-- && path[nb] != '/')
        if (path[nb] == '.')
            return 1;
    return 0;
}

/** Does a value end in this key, with something before it? */
static int ends_in_key(const uint32_t *value, int nb, MagnifierRuleKey key)
{
    const char *name = ff_magnifier_rulekey_name(key);
    const int len = strlen(name);

    if (nb <= len)
        return 0;
    for (int i = 0; i < len; i++)
        if (ff_magnifier_casefold(value[nb - len + i]) != (uint32_t)name[i])
            return 0;
    return 1;
}

/** Is there a condition in this value, as in exe=a.exe,exe=b.exe? */
static int holds_condition(const uint32_t *value, int nb)
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

static const char *hint_for(const MagnifierCondition *cond)
{
    int nb;
    const uint32_t *value;

    if (!cond->glob)
        return NULL;
    value = ff_magnifier_glob_elements(cond->glob, &nb);
    if (holds_condition(value, nb))
        return "| separates rules, and & joins conditions";
    if (cond->negated || has_wildcard(value, nb))
        return NULL;
    if (ff_magnifier_rulekey_is_exe(cond->key) && !has_extension(value, nb))
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
