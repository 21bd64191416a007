/*
 * magnifier: rules and windows
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
 * Does a rule match this window?
 *
 * Puts before the rules what is known of a window (identity.h), the frame of a
 * Store app also in the name of the app in it. A window is asked about again only when
 * something that the rules were told may have changed, and its title is read only if a rule
 * hangs on that.
 *
 * Of a MagnifierWindow this sets asked, needs_title, why, rule and sticky. That a window
 * belongs to another one that matches is no question for the rules (kin.h).
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_MATCH_H
#define AVDEVICE_MAGNIFIER_MATCH_H

#include <windows.h>

#include "libavutil/bprint.h"

#include "identity.h"
#include "process.h"
#include "rules.h"

/** To be read by others, and changed by none. */
typedef struct MagnifierMatch {
    MagnifierRules *rules;           ///< in force; NULL: nothing matches
    int             nb;              ///< how many they are
    char          **texts;           ///< canonical, of all rules

    /* private */
    MagnifierIdentities *ids;        ///< the owner's
    unsigned        keys;            ///< MAGNIFIER_KEY_* of the rules
    DWORD           pid;             ///< ours
    HWND            console, console_root;
} MagnifierMatch;

/**
 * Begin with these rules.
 *
 * @param match all zero
 * @param ids   the windows that will be asked about; must stay
 * @param rules taken over, also on failure; may be NULL
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_match_open(MagnifierMatch *match, MagnifierIdentities *ids,
                               MagnifierRules *rules);

/**
 * Put other rules in the place of the present ones. A window that matches for life stays so
 * if the rule that matched it is among the new ones, however it is called now; all others
 * match no longer and are asked about anew.
 *
 * @param rules taken over, also on failure; may be NULL
 * @return 0 or AVERROR(ENOMEM); then the old ones stay
 */
int ff_magnifier_rt_match_set_rules(MagnifierMatch *match, MagnifierRules *rules);

/** Find out which window shows our console, if a rule speaks of it. */
void ff_magnifier_rt_match_read_console(MagnifierMatch *match);

/**
 * Ask the rules about a window if something that they were told may have changed.
 * Sets why, rule and sticky; relations to other windows come later.
 *
 * @param anew read the title again if they hang on it and the window is not hidden
 */
void ff_magnifier_rt_match_ask(MagnifierMatch *match, MagnifierWindow *win, int anew);

/**
 * What do the rules say of a window that is gone or that nobody has looked at?
 *
 * @param process its process, if that is all there was to it; NULL: not even that is known
 */
MagnifierVerdict ff_magnifier_rt_match_ask_unseen(const MagnifierMatch *match, HWND hwnd,
                                                  const MagnifierProcess *process);

/**
 * Count a window for each rule that matches it.
 *
 * @param[in,out] matches for each rule
 */
void ff_magnifier_rt_match_count(MagnifierMatch *match, MagnifierWindow *win, int *matches);

/** Print a rule that matches a window and no other, going by program, class and title. */
void ff_magnifier_rt_match_describe(MagnifierMatch *match, MagnifierWindow *win, AVBPrint *bp);

/** Free the rules; harmless when not open. */
void ff_magnifier_rt_match_free(MagnifierMatch *match);

#endif /* AVDEVICE_MAGNIFIER_MATCH_H */
