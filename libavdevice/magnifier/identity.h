/*
 * magnifier: what a window is
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
 * What is known of this window?
 *
 * All that does not change in the life of a window is asked once and kept in a table. The
 * handle alone does not name a window, as Windows uses it again: process and
 * thread go with it, and a process that can be opened cannot be another one with the same
 * number as long as its entry is kept; for others there is the time of creation
 * (process.h). A window that still passes for another one is of the same
 * thread and class, so the rules say the same of both: title and owner are read anew.
 *
 * Beside the table is the order in which a walk found them on the screen.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_IDENTITY_H
#define AVDEVICE_MAGNIFIER_IDENTITY_H

#include <stdint.h>

#include <windows.h>

#include "process.h"
#include "rules.h"

/** Why a window counts as matched. */
typedef enum MagnifierWhy {
    MAGNIFIER_WHY_NOT,
    MAGNIFIER_WHY_RULE,       ///< rule number rule says so
    MAGNIFIER_WHY_UNKNOWN,    ///< rule number rule hangs on something unknown
    MAGNIFIER_WHY_OWNER,      ///< its owner matches
    MAGNIFIER_WHY_THREAD,     ///< it is a popup of the thread of a window that matches
    MAGNIFIER_WHY_GHOST,      ///< it stands for a hung window that matches
    MAGNIFIER_WHY_CHILD,      ///< a window that matches became its child
} MagnifierWhy;

enum {
    MAGNIFIER_KIND_POPUP = 1, ///< a menu, tooltip, or the like
    MAGNIFIER_KIND_FRAME = 2, ///< of a Store app, which lives in a child of another process
    MAGNIFIER_KIND_GHOST = 4, ///< stands for a hung window
    MAGNIFIER_KIND_OURS  = 8, ///< of the runtime's thread
    MAGNIFIER_KIND_CONSOLE = 16, ///< says it is of a program in the console, now this, now that
};

/** A window. The first part is this room's, the second belongs to those that judge it. */
typedef struct MagnifierWindow {
    HWND     hwnd;
    DWORD    pid, thread;
    uint64_t serial;
    unsigned kind;
    HWND     owner;
    int      hidden;            ///< when it was last looked at
    int      topmost;           ///< WS_EX_TOPMOST, as of then
    char    *class_name;
    MagnifierProcess *process;
    MagnifierProcess *app;      ///< of a frame; the last one seen in it
    unsigned process_version, app_version;  ///< of what the rules were asked about

    WCHAR   *title;             ///< last title that was read
    int      title_length;      ///< -1: could not be read
    int      needs_title;       ///< what the rules say hangs on the title
    int      renamed;           ///< how often, as told in collection number renamed_in
    uint64_t renamed_in;

    int      asked;             ///< why and rule are what the present rules say
    int      sticky;            ///< matched for life
    MagnifierWhy why;
    int      rule;

    int      changed;           ///< an event told of it since it was looked at in a walk
    int      passed;            ///< a walk was completed in which it did not match
    int      suspect;           ///< an event hints that the handle may mean another window
    int      told;              ///< a line has said that it matches
    uint64_t seen;              ///< number of the last walk that found it
    int      sighted;           ///< a list of the guard's had it: hidden and animates are known
    int      animates;          ///< it may open and close with an animation
    int      listed;            ///< on the exclusion list that was set last
    uint64_t round;             ///< number of the last thorough walk that asked for its title
    int      overdue;           ///< begins to match, as it may have for a walk; to be reported
    int      place;             ///< in the order, when hidden ones were looked at last; -1: new
} MagnifierWindow;

/** The windows that are known. Zero is a good start. */
typedef struct MagnifierIdentities {
    MagnifierProcesses processes;
    MagnifierWindow  **table;       ///< hash table of handles; holes are NULL
    unsigned           size;        ///< of the table, a power of two or 0
    unsigned           nb;          ///< windows in it
    uint64_t           serial;      ///< the last one given away
    MagnifierWindow  **order;       ///< those of the last walk, topmost first
    int                nb_order, alloc_order;
    WCHAR              text[MAGNIFIER_RULES_MAX_FACT + 2];  ///< scratch
} MagnifierIdentities;

/** @return the window with this handle if it is known, not asking whether it is still that one */
MagnifierWindow *ff_magnifier_window_find(const MagnifierIdentities *ids, HWND hwnd);

/**
 * Find out what a window is, and put it into the table, where it must not be yet.
 *
 * @param[out] result NULL when the window is gone
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_window_identify(MagnifierIdentities *ids, HWND hwnd,
                                    MagnifierWindow **result);

/**
 * Is this still the window that we know? Its handle may have been given to another
 * one, and the one menu that all programs of a desktop share goes from thread to
 * thread. Also reads again what can change: the owner, whether it is a popup, whether it is
 * hidden. The window of a console stays the same when it changes its process, unless it
 * is suspect; then win->asked is cleared.
 */
int ff_magnifier_rt_window_verify(MagnifierIdentities *ids, MagnifierWindow *win);

/**
 * Look whether a hidden window still is. If not, what comes with being shown is read again,
 * too: the owner, and whether it is a popup.
 */
void ff_magnifier_rt_window_read_hidden(MagnifierWindow *win);

/**
 * Make room in the order, which stays as it is.
 *
 * @param nb of so many windows in all
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_window_reserve(MagnifierIdentities *ids, int nb);

/** Take it out of the table and the order, and free it. */
void ff_magnifier_rt_window_forget(MagnifierIdentities *ids, MagnifierWindow *win);

/**
 * Read the title from the system's copy. GetWindowText() would do that for windows of
 * other processes, but sends a message to those of our own. A title that has
 * changed clears win->asked.
 */
void ff_magnifier_rt_window_read_title(MagnifierIdentities *ids, MagnifierWindow *win);

/**
 * Remember the program in the frame of a Store app. While the app is minimised or
 * suspended its window is not in the frame; then the last one stays. Another one
 * clears win->asked.
 */
void ff_magnifier_rt_window_read_app(MagnifierIdentities *ids, MagnifierWindow *win);

/** Free what the structure owns. */
void ff_magnifier_rt_window_free_all(MagnifierIdentities *ids);

#endif /* AVDEVICE_MAGNIFIER_IDENTITY_H */
