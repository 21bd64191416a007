/*
 * magnifier: windows and whose they are: what the files share
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
 * What do the files that look at windows share?
 *
 * window.c finds out what there is, window_match.c asks the rules about it, window_events.c
 * says what events mean, window_report.c tells the user, window_json.c a program. Each part of the structures names the
 * file that writes it; all may read. Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_WINDOW_INTERNAL_H
#define AVDEVICE_MAGNIFIER_WINDOW_INTERNAL_H

#include <stdint.h>

#include <windows.h>

#include "events.h"
#include "process.h"
#include "region.h"
#include "toplevel.h"
#include "utf16.h"
#include "window.h"

/** Why a window counts as matched. */
typedef enum MagnifierWhy {
    MAGNIFIER_WHY_NOT,
    MAGNIFIER_WHY_RULE,       ///< rule number rule says so
    MAGNIFIER_WHY_UNKNOWN,    ///< rule number rule hangs on something unknown
    MAGNIFIER_WHY_OWNER,      ///< its owner matches
    MAGNIFIER_WHY_THREAD,     ///< it is a popup of the thread of a window that matches
    MAGNIFIER_WHY_GHOST,      ///< it stands for a hung window that matches
    MAGNIFIER_WHY_CHILD,      ///< a window that matches became its child
    MAGNIFIER_WHY_CONSOLE,    ///< it shows a console whose window matches
} MagnifierWhy;

/** What a window is for all its life. */
enum MagnifierKind {
    MAGNIFIER_KIND_OURS    = 1,  ///< of the runtime's thread
    MAGNIFIER_KIND_POPUP   = 2,  ///< of a class of menus, tooltips, and the like
    MAGNIFIER_KIND_FRAME   = 4,  ///< of a Store app, which lives in a child of another process
    MAGNIFIER_KIND_GHOST   = 8,  ///< stands for a hung window
    MAGNIFIER_KIND_CONSOLE = 16, ///< says it is of a program in the console, now this, now that
    MAGNIFIER_KIND_PSEUDO  = 32, ///< a console's, hidden; what it is owned by shows the console
};

/**
 * The titles of a window, and whether one of them may have been there unseen: two or more
 * changes between two readings. Times are of GetTickCount64(), whose low half events have.
 */
typedef struct MagnifierTitle {
    MagnifierText text;     ///< as it was read last
    uint64_t begun;         ///< when that reading began
    uint64_t read;          ///< when it ended, 0: there was none
    uint64_t before;        ///< when the one before it ended, 0: there was none
    int      between;       ///< changes between those two
    int      since;         ///< changes since the last one
} MagnifierTitle;

/** What is remembered of a window between two looks. */
typedef struct MagnifierWindow {
    /* window.c */
    HWND     hwnd;
    DWORD    thread;
    uint64_t serial;
    unsigned kind;              ///< enum MagnifierKind
    MagnifierText class_name;
    MagnifierProcess *process;
    MagnifierProcess *app;      ///< of a frame; the last one seen in it
    MagnifierTitle title;       ///< also written by window_events.c
    int      suspect;           ///< the handle may mean another window; set by window_events.c
    int      shown;             ///< the last look saw it shown, or an event since tells so; also
                                ///< written by window_events.c
    int      place;             ///< in the last look; -1: it was not in it
    int      looks_gone;        ///< looks that found it gone and have remembered it
    int      is_child;          ///< of another window, in the last look; known on, as it matches
    int      index;             ///< among those that are known

    /* window_match.c */
    struct {
        MagnifierWhy why;
        int      rule;          ///< the rule that matches; -1: none
        int      sticky;        ///< for the window's life
        int      needs_title;   ///< what the rules say hangs on the title
        int      passed;        ///< a look saw it, and it did not match
        int      turned;        ///< in the look before the last one it did not match
        uint64_t asked;         ///< why and rule are the rules' answer with what was known of
                                ///< processes then; 0: ask again
    } match;

    int      reported;          ///< window_report.c: a line has said that it matches
} MagnifierWindow;

/** What a look, or the filter of an event, finds out about a window. */
typedef struct MagnifierWindowFacts {
    MagnifierWindow *win;       ///< NULL: forgotten since
    HWND  owner;
    DWORD style, ex_style;
    int   placed;               ///< rect is known, as it is of windows that are shown
    MagnifierRect rect;
    int   cloaked;
    int   covers;               ///< in a look: it hides all below it in cover
    MagnifierRect cover;
} MagnifierWindowFacts;

typedef HWND    (WINAPI *MagnifierHungFromGhost)(HWND ghost);
typedef UINT    (WINAPI *MagnifierDpiForWindow)(HWND hwnd);
typedef HRESULT (WINAPI *MagnifierGetAttribute)(HWND hwnd, DWORD attribute, void *value,
                                                DWORD size);

struct MagnifierWindows {
    MagnifierLog *log;
    MagnifierExcludeLog *exclude_log;   ///< NULL: there is none

    /* window.c: what there is */
    MagnifierToplevel  top;
    MagnifierProcesses processes;
    MagnifierWindow  **table;       ///< by the low 16 bits of the handle, see toplevel.c
    MagnifierWindow  **known;       ///< all windows in it, in any order
    int      nb_known;
    unsigned known_size;
    MagnifierWindowFacts *looked;   ///< the last look, topmost first
    int      nb_looked;
    unsigned looked_size;
    uint64_t serial;                ///< the last one given away
    HDESK    desktop;               ///< ours, which cannot change
    int      animations;            ///< windows may open and close with one
    int      failing;               ///< the failure of the look has been said
    MagnifierWindowsStats stats;
    HMODULE  dwmapi;
    MagnifierGetAttribute  get_attribute;   ///< these three: NULL where there is none
    MagnifierDpiForWindow  dpi_for_window;
    MagnifierHungFromGhost hung_from_ghost;
    WCHAR    text[MAGNIFIER_RULES_MAX_FACT + 2];    ///< scratch

    /* window_match.c: the rules */
    MagnifierRules *rules;          ///< NULL: nothing matches
    int      nb_rules;
    char   **rule_texts;            ///< canonical, of all rules
    unsigned keys;                  ///< MAGNIFIER_KEY_* of the rules
    HWND     console;               ///< window of our console, if a rule speaks of it

    /* window_events.c: what was heard */
    MagnifierListener listener;
    MagnifierGuardList pending;     ///< for the next drain
    int      filter_error;          ///< the next drain fails with it
    MagnifierProcess *gone;         ///< of the last window that was gone
    char     culprit[64];           ///< program of the last one of these that may have matched

    /* window_report.c: lines */
    uint64_t second;                ///< in which they are counted
    int      lines, muted;          ///< written in it, and not written
    int      news;                  ///< lines about what is left out, in its minute
    uint32_t told[64];              ///< checksums of the programs and rules in them, the last ones
    unsigned nb_told;               ///< in all
};

/* ---- window.c ---- */

/** @return the window with this handle if it is known, not asking whether it is still that one */
MagnifierWindow *ff_magnifier_window_find(const MagnifierWindows *w, HWND hwnd);

/**
 * Get what is known of a window, making sure that it is still the same, or asking it.
 *
 * @param[out] win NULL when it is gone. What was known of it stays then, for its last events, until
 *                 the next look
 * @return 0, AVERROR(ENOMEM), or AVERROR_EXTERNAL when a window that is there does not answer
 */
int ff_magnifier_rt_window_know(MagnifierWindows *w, HWND hwnd, MagnifierWindow **win);

/** Remember it no longer: it is gone. Writes a line if it was left out. */
void ff_magnifier_rt_window_forget(MagnifierWindows *w, MagnifierWindow *win);

/** Ask a window for all that can change but its title. @return 0 when it is gone, or does not answer */
int ff_magnifier_rt_window_ask(const MagnifierWindows *w, MagnifierWindow *win,
                               MagnifierWindowFacts *facts);

/**
 * Read the title from the system's copy. GetWindowText() would do that for windows of
 * other processes, but sends a message to those of our own. One that has changed clears
 * match.asked.
 */
void ff_magnifier_rt_window_read_title(MagnifierWindows *w, MagnifierWindow *win);

/**
 * Read the title for a line, unless the rules go by it: every reading of such a title is told
 * to them, or a title that only this one saw would count as seen.
 */
void ff_magnifier_rt_window_refresh_title(MagnifierWindows *w, MagnifierWindow *win);

/** Add a window with what was found out about it. @return 0 or AVERROR(ENOMEM) */
int ff_magnifier_rt_window_add(const MagnifierWindows *w, MagnifierGuardList *list,
                               const MagnifierWindowFacts *facts, unsigned flags);

/** Is our desktop the one on the screen? @return 0 or AVERROR_EXTERNAL, said once */
int ff_magnifier_rt_window_check_desktop(MagnifierWindows *w);

/* ---- window_match.c ---- */

/** Find out which window our console has, if a rule speaks of it. */
void ff_magnifier_rt_match_read_console(MagnifierWindows *w);

/**
 * Ask the rules about a window if something that they were told may have changed, and read
 * its title if their answer hangs on it.
 */
void ff_magnifier_rt_match_ask(MagnifierWindows *w, MagnifierWindow *win);

/** Does it belong to a window that matches? @return 1 if it does and did not match before */
int ff_magnifier_rt_match_relate(const MagnifierWindows *w, const MagnifierWindowFacts *facts);

/**
 * A console whose window matches is shown by the window that this one is owned by, over any
 * number of steps: a terminal's.
 *
 * @return the terminal's window if it matches from now on; NULL: it did before, or there is none
 */
MagnifierWindow *ff_magnifier_rt_match_terminal(const MagnifierWindows *w,
                                                const MagnifierWindow *win);

/** Ask about all windows of the look, and spread matches until nothing is added any more. */
void ff_magnifier_rt_match_all(MagnifierWindows *w);

/** A matching window has become the child of another one: that matches from now on. */
void ff_magnifier_rt_match_take_in(MagnifierWindow *holder, const MagnifierWindow *child);

/** Count a window that matches though a look has seen it not matching, once. */
void ff_magnifier_rt_match_note_turned(MagnifierWindows *w, MagnifierWindow *win);

/** What do the rules say of a window that is gone, of which at most the process is known? */
MagnifierVerdict ff_magnifier_rt_match_ask_unseen(const MagnifierWindows *w, HWND hwnd,
                                                  const MagnifierProcess *process);

/** Print a rule that matches a window and no other, going by program, class and title. */
void ff_magnifier_rt_match_describe(MagnifierWindows *w, MagnifierWindow *win, AVBPrint *bp);

/** Free the rules. */
void ff_magnifier_rt_match_free(MagnifierWindows *w);

/* ---- window_events.c ---- */

/** Free what waits for a drain. */
void ff_magnifier_rt_window_events_free(MagnifierWindows *w);

/* ---- window_report.c ---- */

/** Write a line about a window that comes to be left out, or no longer is, if that is new. */
void ff_magnifier_rt_report(MagnifierWindows *w, MagnifierWindow *win, HWND owner);

/**
 * Print a window as the rules see it, in one line: a rule that matches it and no other, where
 * it is, and why it is left out.
 */
void ff_magnifier_rt_report_print(MagnifierWindows *w, const MagnifierWindowFacts *facts,
                                  AVBPrint *bp);

/** Write a line about what there were no lines for, when a second is over, or at the end. */
void ff_magnifier_rt_report_muted(MagnifierWindows *w, int at_end);

/* ---- window_json.c ---- */

/** Write into the log of the exclusion that a window comes to be left out, or no longer is. */
void ff_magnifier_rt_json_log(MagnifierWindows *w, MagnifierWindow *win);

/** Print a window as an object of an array that has begun. */
void ff_magnifier_rt_json_print(MagnifierWindows *w, const MagnifierWindowFacts *facts,
                                AVBPrint *bp);

#endif /* AVDEVICE_MAGNIFIER_WINDOW_INTERNAL_H */
