/*
 * magnifier: windows and whose they are
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
 * Which windows does the user want left out?
 *
 * A look enumerates the top-level windows, asks each for everything that can change, and puts
 * it to the rules. What counts as matched, besides a window that a rule matches:
 *
 * - one of which it cannot be known whether a rule matches (its process cannot be
 *   opened, say), for as long as that is so;
 * - one that is owned, over any number of steps, by a matched window;
 * - a menu, tooltip, drop-down list or other popup without an owner, of the thread of
 *   a matched window;
 * - the frame of a Store app when a rule matches the app in it, also while the app is
 *   detached from it, and the ghost that Windows puts in the place of a matched window
 *   that hangs;
 * - one into which a matched window was put as a child, and the next one that it is put into;
 * - the terminal's window when the hidden window of a console that it shows matches.
 *
 * A match lasts for the life of the window, even if its title changes; a handle
 * that is used again begins anew. Windows of the runtime's thread (the device's
 * own: host, controls, canaries) are never reported. The window of a console stays
 * the same when it says that it is of another program now.
 *
 * While another desktop is on the screen (User Account Control, the lock screen, what a
 * program has made to ask for a password), looks and drains fail.
 *
 * Nothing here waits for another program: titles are read from the system's copy, and no
 * message is sent.
 *
 * Runtime's thread only, in the DPI context in which rectangles are wanted.
 */

#ifndef AVDEVICE_MAGNIFIER_WINDOW_H
#define AVDEVICE_MAGNIFIER_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "libavutil/bprint.h"

#include "exclude_log.h"
#include "log.h"
#include "rules.h"
#include "guard.h"

typedef struct MagnifierWindows MagnifierWindows;

/** Counters since ff_magnifier_rt_windows_open(), for the line at close. */
typedef struct MagnifierWindowsStats {
    uint64_t looks;          ///< completed
    uint64_t failed;         ///< that could not be completed
    uint64_t restarts;       ///< begun again because windows came and went meanwhile
    uint64_t events;         ///< heard about windows
    uint64_t unknown;        ///< windows that matched because too little is known of them
    uint64_t matched;        ///< windows that matched, those included
    uint64_t reused;         ///< handles that meant another window than before
    /**
     * Windows that began to match after a completed look had seen them not matching: by
     * their title, owner, process, a rule that is new, or the like. Pictures from before
     * show them. Counted when it is found.
     */
    uint64_t turned;
    uint64_t processes_unknown; ///< processes of which the program's path is not known
    int      windows;        ///< in the last look
    int      matching;       ///< of them, matched
    int      secure_desktop; ///< another desktop is on the screen: lock screen, UAC
} MagnifierWindowsStats;

/**
 * Begin to listen to window events.
 *
 * @param rules taken over, also on failure; may be NULL: nothing matches
 * @param log   where the lines go; must stay until close. May be NULL.
 * @return 0 or an error with its line in the log: AVERROR(ENOMEM), AVERROR_EXTERNAL
 */
int ff_magnifier_rt_windows_open(MagnifierWindows **windows, MagnifierRules *rules,
                                 MagnifierLog *log);

/** Free; *windows may be NULL and is set to NULL. */
void ff_magnifier_rt_windows_close(MagnifierWindows **windows);

/**
 * Put other rules in the place of the present ones. A window stays matched
 * if the rule that matched it is among the new ones, however it is called now; all
 * others are asked anew in the next look. Tell the guard too (invalidate).
 *
 * @param rules taken over, also on failure
 * @return 0 or AVERROR(ENOMEM); then the old ones stay
 */
int ff_magnifier_rt_windows_set_rules(MagnifierWindows *windows, MagnifierRules *rules);

/**
 * The guard's operation look(): every top-level window that matches, hidden ones included, and
 * every one that covers what is below it, topmost first. Writes a line for each one that has
 * come or gone.
 *
 * @param windows a MagnifierWindows
 * @return 0; AVERROR(ENOMEM); AVERROR_EXTERNAL when the windows cannot be listed or another
 *         desktop is on the screen, said once
 */
int ff_magnifier_rt_windows_look(void *windows, MagnifierGuardList *list);

/**
 * Filter the events that have arrived, while the windows that they are about may still live.
 * To be called after messages were pumped; what concerns the guard waits for the next drain,
 * which also fails if this did.
 */
void ff_magnifier_rt_windows_heard(MagnifierWindows *windows);

/**
 * The guard's operation drain(): events since the last call that concern a window that
 * matches, or may have, or that covered in the last look. Dismissed are events about child
 * windows (unless one got another parent), about windows that certainly do not match, and about
 * windows that are gone if their process is there and certainly does not match. Once it is known that Windows
 * tells of windows that are shown, also those about windows that no event says were.
 *
 * @param windows a MagnifierWindows
 * @return 0; negative when events were lost or cannot be heard, a switch from desktop to
 *         desktop was heard, or another desktop is on the screen
 */
int ff_magnifier_rt_windows_drain(void *windows, MagnifierGuardList *events);

/**
 * Hear also of windows that move, or no longer. Only while it matters: everything that moves
 * or scrolls on the screen sends an event.
 */
void ff_magnifier_rt_windows_want_moves(MagnifierWindows *windows, int wanted);

/**
 * @param[out] matches for each rule, how many windows of the last look are left out by it that
 *                     are not hidden (0: warn)
 * @param[out] hidden  and how many that are
 */
void ff_magnifier_rt_windows_matches(MagnifierWindows *windows, int *matches, int *hidden);

/**
 * Would a rule without a match have one in the last look, but for characters that nobody sees?
 * Append then the rule that has it. Behind ff_magnifier_rt_windows_matches(), which reads titles.
 *
 * @return 1: it would; 0: it would not; AVERROR(ENOMEM)
 */
int ff_magnifier_rt_windows_unseen(const MagnifierWindows *windows, int rule, AVBPrint *bp);

/**
 * Look, and print every top-level window as the rules see it, topmost first: one line
 * for each, beginning with a rule that matches it and no other, then what matched it.
 *
 * @return 0 or a negative error
 */
int ff_magnifier_rt_windows_print(MagnifierWindows *windows, AVBPrint *bp);

/**
 * Which program does a window that the guard was told of belong to?
 *
 * @param[out] name of its file in UTF-8; empty: unknown
 */
void ff_magnifier_rt_windows_program(const MagnifierWindows *windows, uint64_t handle,
                                     char *name, size_t size);

/** Is the window with that handle left out, and has that been said? */
int ff_magnifier_rt_windows_leaves_out(const MagnifierWindows *windows, uint64_t handle);

/**
 * The same in JSON: an array, one object a line.
 *
 * @return 0 or a negative error
 */
int ff_magnifier_rt_windows_json(MagnifierWindows *windows, AVBPrint *bp);

/** Where windows that come to be left out, or no longer are, are logged; must stay until close. */
void ff_magnifier_rt_windows_set_exclude_log(MagnifierWindows *windows, MagnifierExcludeLog *log);

/** The rules in force; they stay the property of windows. */
const MagnifierRules *ff_magnifier_rt_windows_rules(const MagnifierWindows *windows);

/** Get the counters as they are now. */
void ff_magnifier_rt_windows_stats(const MagnifierWindows *windows,
                                   MagnifierWindowsStats *stats);

#endif /* AVDEVICE_MAGNIFIER_WINDOW_H */
