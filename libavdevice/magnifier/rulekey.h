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

/**
 * @file
 * What of a window does this key of a rule look at?
 *
 * Behind rules.h, and only for the files that keep what it promises: what
 * they have to agree on about each key, so that a rule means the same where it is read,
 * matched and written.
 */

#ifndef AVDEVICE_MAGNIFIER_RULEKEY_H
#define AVDEVICE_MAGNIFIER_RULEKEY_H

#include <stdint.h>

#include "rules.h"

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

/** @return the key as users write it; the first one of that name is the one they mean */
const char *ff_magnifier_rulekey_name(MagnifierRuleKey key);

/** Is it exe, with a file name or with a path? */
static inline int ff_magnifier_rulekey_is_exe(MagnifierRuleKey key)
{
    return key == MAGNIFIER_RULEKEY_EXE || key == MAGNIFIER_RULEKEY_PATH;
}

/**
 * Both separators are one in a path, spelled / as that needs no escape.
 *
 * @return the character that stands for c in what this key compares
 */
static inline uint32_t ff_magnifier_rulekey_char(MagnifierRuleKey key, uint32_t c)
{
    return c == '\\' && ff_magnifier_rulekey_is_exe(key) ? '/' : c;
}

/** Windows allows these in no file name, so an escaped one is a slip: C:\*. */
static inline int ff_magnifier_rulekey_never_has(MagnifierRuleKey key, uint32_t c)
{
    return ff_magnifier_rulekey_is_exe(key) && (c == '*' || c == '?' || c == '|');
}

/**
 * Find the text that a key below MAGNIFIER_NB_TEXT_RULEKEYS looks at. There is no window
 * class and no program without a name, so "" is a failed question.
 *
 * @param[out] text points into facts; NULL if that has none
 * @return how many characters it has, -1 if it is unknown
 */
int ff_magnifier_rulekey_fact(MagnifierRuleKey key, const MagnifierRuleFacts *facts,
                              const char **text);

#endif /* AVDEVICE_MAGNIFIER_RULEKEY_H */
