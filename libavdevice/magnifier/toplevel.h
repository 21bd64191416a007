/*
 * magnifier: the list of top-level windows
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
 * Which top-level windows are there, from the top down?
 *
 * EnumWindows() leaves out the windows of the shell (Start menu, menus of the
 * taskbar, toasts) since Windows 8; FindWindowEx() has them. But it
 * asks the system once for each window, and windows that are raised meanwhile
 * can pass it unseen. So where win32u.dll has the system call that
 * lists all of them at once (Windows 10 and later) this is used instead, and is
 * not trusted: the first list is compared with what FindWindowEx() says behind each of its
 * windows, and every later one in a few places, in turn. The first window that it turns out
 * to be missing ends its use.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_TOPLEVEL_H
#define AVDEVICE_MAGNIFIER_TOPLEVEL_H

#include <stdint.h>

#include <windows.h>

#include "log.h"

/** More windows than this are taken for a loop: a session cannot have more handles. */
#define MAGNIFIER_TOPLEVEL_MAX 65536

/** NtUserBuildHwndList() of win32u.dll; returns an NTSTATUS. */
typedef LONG (WINAPI *MagnifierBuildList)(HDESK desktop, HWND parent, BOOL children,
                                          BOOL no_immersive, DWORD thread, ULONG max,
                                          HWND *list, ULONG *count);

/** Zero is a good start, but for log. */
typedef struct MagnifierToplevel {
    MagnifierLog *log;
    HWND *list;              ///< topmost first; valid until the next call
    int   nb;
    DWORD error;             ///< Win32 code of the last enumeration that failed

    uint64_t restarts;       ///< enumerations begun again because something moved

    /* private */
    HWND *found;
    int   nb_found, alloc_list, alloc_found;
    MagnifierBuildList build;///< NULL: there is none, or it is not believed
    HDESK desktop;           ///< the thread's, which has windows and so cannot change it
    int   begun;
    int   audited;           ///< a whole list was compared
    int   audit_at;          ///< place that is compared next
} MagnifierToplevel;

/**
 * Get the list.
 *
 * @return 0; AVERROR(ENOMEM); AVERROR_EXTERNAL when it cannot be read completely,
 *         which makes whatever is captured now unsafe
 */
int ff_magnifier_rt_toplevel_get(MagnifierToplevel *top);

/** Free what the structure owns. */
void ff_magnifier_rt_toplevel_free(MagnifierToplevel *top);

#endif /* AVDEVICE_MAGNIFIER_TOPLEVEL_H */
