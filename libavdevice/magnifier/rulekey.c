/*
 * magnifier: keys of exclusion rules
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

#include <stdint.h>
#include <string.h>

#include "rulekey.h"
#include "rules.h"
#include "text.h"

const char *ff_magnifier_rulekey_name(MagnifierRuleKey key)
{
    static const char *const names[MAGNIFIER_NB_RULEKEYS] = {
        "title", "class", "exe", "exe", "pid", "hwnd", "self",
    };

    return names[key];
}

/** @return how many characters a fact has, -1 if it has to count as unknown */
static int fact_length(const char *fact)
{
    const uint8_t *p = (const uint8_t *)fact, *end;
    uint32_t c;
    int len;

    if (!fact)
        return -1;
    end = p + strlen(fact);
    for (len = 0; p < end; len++) {
        if (len == MAGNIFIER_RULES_MAX_FACT)
            return -1;
        ff_magnifier_text_next(&c, &p, end);
    }
    return len;
}

static const char *file_name(const char *path)
{
    const char *name = path;

    for (; *path; path++)
        if (*path == '/' || *path == '\\')
            name = path + 1;
    return name;
}

int ff_magnifier_rulekey_fact(MagnifierRuleKey key, const MagnifierRuleFacts *facts,
                              const char **text)
{
    int len;

    *text = key == MAGNIFIER_RULEKEY_TITLE ? facts->title :
            key == MAGNIFIER_RULEKEY_CLASS ? facts->class_name : facts->exe;
    len   = fact_length(*text);
    if (len >= 0 && ff_magnifier_rulekey_is_exe(key) && !*file_name(*text))
        len = -1;
    if (len >= 0 && key == MAGNIFIER_RULEKEY_EXE)
        len = fact_length(*text = file_name(*text));
    return len || key == MAGNIFIER_RULEKEY_TITLE ? len : -1;
}
