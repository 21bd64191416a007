/*
 * magnifier: sets of exclusion rules
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

#include <limits.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "glob.h"
#include "rules.h"
#include "ruleset.h"

/** Make room for one element more. NULL leaves the array as it is. */
static void *grow(void *array, int *max, int nb, size_t size)
{
    int wanted;

    if (nb < *max)
        return array;
    if (*max > INT_MAX / 4)
        return NULL;
    wanted = FFMAX(16, 2 * *max);
    array  = av_realloc_array(array, wanted, size);
    if (array)
        *max = wanted;
    return array;
}

int ff_magnifier_ruleset_add_rule(MagnifierRules *set, int line)
{
    MagnifierRule *rules = grow(set->rules, &set->max_rules, set->nb_rules, sizeof(*rules));

    if (!rules)
        return AVERROR(ENOMEM);
    set->rules = rules;
    rules[set->nb_rules++] = (MagnifierRule){ .first = set->nb_conditions, .line = line };
    return 0;
}

MagnifierCondition *ff_magnifier_ruleset_add_condition(MagnifierRules *set)
{
    MagnifierCondition *cond = grow(set->conditions, &set->max_conditions, set->nb_conditions,
                                    sizeof(*cond));

    if (!cond)
        return NULL;
    set->conditions = cond;
    cond += set->nb_conditions++;
    memset(cond, 0, sizeof(*cond));
    set->rules[set->nb_rules - 1].nb++;
    return cond;
}

void ff_magnifier_ruleset_truncate(MagnifierRules *set, int nb_rules)
{
    const int nb = nb_rules < set->nb_rules ? set->rules[nb_rules].first : set->nb_conditions;

    while (set->nb_conditions > nb)
        av_freep(&set->conditions[--set->nb_conditions].glob);
    set->nb_rules = nb_rules;
}

void ff_magnifier_rules_free(MagnifierRules **rules)
{
    if (*rules) {
        ff_magnifier_ruleset_truncate(*rules, 0);
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
