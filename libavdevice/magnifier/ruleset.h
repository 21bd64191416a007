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

/**
 * @file
 * Which conditions is each rule of this set made of?
 *
 * Behind rules.h, and only for the files that keep what it promises. A set is
 * added to at its end and shortened there, by who reads rules; all others only look.
 */

#ifndef AVDEVICE_MAGNIFIER_RULESET_H
#define AVDEVICE_MAGNIFIER_RULESET_H

#include <stdint.h>

#include "glob.h"
#include "rulekey.h"
#include "rules.h"

typedef struct MagnifierCondition {
    MagnifierRuleKey key;
    int negated;
    uint32_t number;        ///< of pid and hwnd
    MagnifierGlob *glob;    ///< of the text keys, else NULL; the set's
} MagnifierCondition;

typedef struct MagnifierRule {
    int first, nb;          ///< its conditions
    int line;               ///< of the file, 0 for an option
} MagnifierRule;

struct MagnifierRules {
    MagnifierRule *rules;
    MagnifierCondition *conditions;
    int nb_rules, nb_conditions;
    int max_rules, max_conditions;
};

/**
 * Add a rule without conditions.
 *
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_ruleset_add_rule(MagnifierRules *set, int line);

/**
 * Add a condition, all zero, to the last rule.
 *
 * @return to be filled; stays where it is until the next one is added. NULL if there is
 *         no memory.
 */
MagnifierCondition *ff_magnifier_ruleset_add_condition(MagnifierRules *set);

/** Drop the rules behind the first nb_rules ones, with their conditions. */
void ff_magnifier_ruleset_truncate(MagnifierRules *set, int nb_rules);

#endif /* AVDEVICE_MAGNIFIER_RULESET_H */
