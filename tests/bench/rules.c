/*
 * What rules cost with globs that are made to be slow
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
 * What a glob costs for each character of a title, beside what folding that title costs:
 * a usual one, and some that are made to be slow, in all lengths. The title is made to
 * fit: as long as there can be, and every place in it looks like a match.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/rules.h"
#include "tests/unit/utf16.h"

#define TIMES 20

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double fold_cost(const char *title)
{
    double total = 0;
    int i;

    for (i = 0; i < TIMES; i++) {
        MagnifierRuleText text = text_of(title, 0);
        double begin = now();

        ff_magnifier_fold_case((uint16_t *)text.units, text.nb);
        total += now() - begin;
        free((void *)text.units);
    }
    return total / TIMES / strlen(title);
}

static double match_cost(const char *title, const char *glob, int *unknown)
{
    char text[MAGNIFIER_RULES_MAX_VALUE + 16], error[MAGNIFIER_RULES_ERROR];
    MagnifierRuleFacts facts = { .title = text_of(title, 1) };
    MagnifierRules *rules = NULL;
    double begin;
    int i;

    snprintf(text, sizeof(text), "title=%s", glob);
    if (ff_magnifier_rules_add(&rules, text, error, sizeof(error)) < 0)
        exit(1);
    begin = now();
    for (i = 0; i < TIMES; i++)
        *unknown = ff_magnifier_rules_match(rules, &facts, NULL) == MAGNIFIER_UNKNOWN;
    begin = (now() - begin) / TIMES / strlen(title);
    free((void *)facts.title.units);
    ff_magnifier_rules_free(&rules);
    return begin;
}

static void print_cost(const char *name, const char *title, const char *glob, double yardstick)
{
    int unknown;
    double cost = match_cost(title, glob, &unknown);

    printf("%-16s %5zu  %.1f%s\n", name, strlen(glob), cost / yardstick,
           unknown ? " (gave up)" : "");
}

int main(void)
{
    static const struct { const char *name, *head, *part, *end; } kinds[] = {
        { "one long part",   "*", "a",  "b*" },
        { "many stars",      "",  "*a", "*b" },
        { "question marks",  "*", "a?", "b*" },
    };
    static const int lengths[] = { 16, 63, 64, 256, 1000 };
    char *title = calloc(1, MAGNIFIER_RULES_MAX_FACT + 1);
    double yardstick;
    size_t i, j;

    memset(title, 'a', MAGNIFIER_RULES_MAX_FACT);
    yardstick = fold_cost(title);
    printf("a title of %d characters; folding it is 1.0 (%.2f ns a character)\n",
           MAGNIFIER_RULES_MAX_FACT, yardstick);
    print_cost("*password*", title, "*password*", yardstick);
    for (i = 0; i < FF_ARRAY_ELEMS(kinds); i++) {
        for (j = 0; j < FF_ARRAY_ELEMS(lengths); j++) {
            char glob[MAGNIFIER_RULES_MAX_VALUE + 1];

            strcpy(glob, kinds[i].head);
            while ((int)strlen(glob) < lengths[j])
                strcat(glob, kinds[i].part);
            strcat(glob, kinds[i].end);
            print_cost(kinds[i].name, title, glob, yardstick);
        }
    }
    free(title);
    return 0;
}
