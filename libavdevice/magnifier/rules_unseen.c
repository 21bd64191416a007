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
 * Would this rule match, but for characters that nobody sees? (rules.h)
 *
 * Condition and text are compared without them, with a blank for what looks like one. If that
 * matches, the condition is written anew with what the text has in these places.
 */

#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "rules.h"
#include "printable.h"
#include "rules_internal.h"

/** A text, or the value of a condition, as the eye sees it. */
typedef struct Seen {
    uint16_t *units;    ///< without case
    int *at;            ///< where each of them stands in the whole
    int nb;
    int differs;        ///< from the whole
} Seen;

static void free_seen(Seen *seen)
{
    av_freep(&seen->units);
    av_freep(&seen->at);
}

static int is_wildcard(const uint16_t *value, int nb, int i)
{
    return i >= 0 && i < nb && value[i] <= MAGNIFIER_GLOB_ANY;
}

/**
 * @param whole  as it is
 * @param folded without case
 * @param is_value of a condition: what stands beside a wildcard is meant, and stays
 */
static int see(Seen *seen, const uint16_t *whole, const uint16_t *folded, int nb, int is_value)
{
    int size;

    *seen       = (Seen) { 0 };
    seen->units = av_malloc_array(nb + 1, sizeof(*seen->units));
    seen->at    = av_malloc_array(nb + 1, sizeof(*seen->at));
    if (!seen->units || !seen->at)
        return AVERROR(ENOMEM);
    for (int i = 0; i < nb; i += size) {
        uint32_t c;

        size = ff_magnifier_rules_read_char(&c, whole + i, nb - i);
        if (ff_magnifier_is_unseen(c) &&
            !(is_value && (is_wildcard(whole, nb, i - 1) || is_wildcard(whole, nb, i) ||
                           is_wildcard(whole, nb, i + size)))) {
            seen->differs = 1;
            if (ff_magnifier_is_space(c)) {
                seen->at[seen->nb]      = i;
                seen->units[seen->nb++] = ' ';
            }
            continue;
        }
        for (int k = i; k < i + size; k++) {
            seen->at[seen->nb]      = k;
            seen->units[seen->nb++] = folded[k];
        }
    }
    return 0;
}

/** Put units of a text into a value. */
static int put_units(uint16_t *value, MagnifierRuleText text, int from, int end)
{
    int nb = 0;

    for (; from < end; from++)
        value[nb++] = text.units[from] <= MAGNIFIER_GLOB_ANY ? MAGNIFIER_GLOB_ANY : text.units[from];
    return nb;
}

/**
 * Write a value that takes the whole text.
 *
 * @param glob   how a condition's value is seen, units of which stand in places of the seen text
 * @param result as much room as the value and the text have units
 */
static int write_value(uint16_t *result, const MagnifierCondition *cond, const Seen *glob,
                       const int *places, MagnifierRuleText text, const Seen *seen)
{
    int nb = 0, end = 0, after_star = 0;
    uint32_t c;

    for (int i = 0; i < glob->nb; i++) {
        const uint16_t unit = glob->units[i];

        if (unit != MAGNIFIER_GLOB_STAR) {
            const int at = seen->at[places[i]];

            if (!after_star)
                nb += put_units(result + nb, text, end, at);
            if (seen->units[places[i]] == ' ' && unit == ' ')
                nb += put_units(result + nb, text, at, at + 1);
            else
                result[nb++] = cond->value[glob->at[i]];
            end = at + (unit != MAGNIFIER_GLOB_ANY ? 1 :
                        ff_magnifier_rules_read_char(&c, text.units + at, text.nb - at));
        } else {
            result[nb++] = unit;
        }
        after_star = unit == MAGNIFIER_GLOB_STAR;
    }
    return nb + (after_star ? 0 : put_units(result + nb, text, end, text.nb));
}

/** @return 1: so changed the condition matches, and is printed */
static int print_changed(AVBPrint *bp, const MagnifierCondition *cond, const MagnifierRuleFacts *facts,
                         const MagnifierRuleFacts *folded)
{
    const MagnifierRuleText text  = ff_magnifier_rules_fact(cond->key, facts);
    const MagnifierRuleText other = ff_magnifier_rules_fact(cond->key, folded);
    MagnifierCondition changed    = { .key = cond->key };
    Seen glob = { 0 }, seen = { 0 };
    int *places = NULL, ret;

    if (!text.units || !other.units || text.nb != other.nb)
        return 0;
    ret = see(&glob, cond->value, cond->glob, cond->nb, 1);
    if (ret >= 0)
        ret = see(&seen, text.units, other.units, text.nb, 0);
    if (ret < 0 || !(glob.differs || seen.differs))
        goto end;
    places        = av_malloc_array(glob.nb + 1, sizeof(*places));
    changed.value = av_malloc_array(cond->nb + text.nb + 1, sizeof(*changed.value));
    ret = places && changed.value ? ff_magnifier_rules_glob_matches(
              glob.units, glob.nb, cond->key, (MagnifierRuleText) { seen.units, seen.nb }, places) > 0 :
          AVERROR(ENOMEM);
    if (ret > 0) {
        changed.nb = write_value(changed.value, cond, &glob, places, text, &seen);
        ff_magnifier_rules_print_condition(bp, &changed);
    }
end:
    free_seen(&glob);
    free_seen(&seen);
    av_free(places);
    av_free(changed.value);
    return ret;
}

static int print_rule(AVBPrint *bp, const MagnifierRules *rules, int rule,
                      const MagnifierRuleFacts *facts, const MagnifierRuleFacts *folded)
{
    const MagnifierRule *r = &rules->rules[rule];
    int ret;

    for (int i = 0; i < r->nb; i++) {
        const MagnifierCondition *cond = &rules->conditions[r->first + i];

        if (i)
            av_bprint_chars(bp, '&', 1);
        if (ff_magnifier_rules_condition_verdict(cond, folded) == MAGNIFIER_MATCH)
            ff_magnifier_rules_print_condition(bp, cond);
        else if (cond->negated || cond->key >= MAGNIFIER_NB_TEXT_RULEKEYS)
            return 0;
        else if ((ret = print_changed(bp, cond, facts, folded)) <= 0)
            return ret;
    }
    return av_bprint_is_complete(bp) ? 1 : AVERROR(ENOMEM);
}

int ff_magnifier_rules_print_unseen(AVBPrint *bp, const MagnifierRules *rules, int rule,
                                    const MagnifierRuleFacts *facts,
                                    const MagnifierRuleFacts *folded)
{
    char error[MAGNIFIER_RULES_ERROR];
    MagnifierRules *check = NULL;
    AVBPrint text;
    int ret;

    av_bprint_init(&text, 0, AV_BPRINT_SIZE_UNLIMITED);
    ret = print_rule(&text, rules, rule, facts, folded);
    /* What is told of must be true: one that is too long, say, is no rule. */
    if (ret > 0) {
        ret = ff_magnifier_rules_add(&check, text.str, error, sizeof(error));
        ret = ret >= 0 ? ff_magnifier_rules_match_one(check, 0, folded) == MAGNIFIER_MATCH :
              ret == AVERROR(ENOMEM) ? ret : 0;
    }
    if (ret > 0)
        av_bprintf(bp, "%s", text.str);
    ff_magnifier_rules_free(&check);
    av_bprint_finalize(&text, NULL);
    return ret;
}
