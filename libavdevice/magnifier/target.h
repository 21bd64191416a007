/*
 * magnifier: the window that is recorded
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
 * Which window is recorded, and where on the screen is it?
 *
 * Runtime's thread only: rectangles are physical pixels there. Nothing here waits for another
 * program: titles are read from the system's copy.
 */

#ifndef AVDEVICE_MAGNIFIER_TARGET_H
#define AVDEVICE_MAGNIFIER_TARGET_H

#include <windows.h>

#include "log.h"
#include "region.h"

/** Zero is none, and is free. */
typedef struct MagnifierTarget {
    HWND hwnd;                  ///< the window; NULL: none
    DWORD process;              ///< its process and thread, as a handle can be used again by
    DWORD thread;               ///< another thread
    int console;                ///< they change while it lives
    HMODULE dwmapi;             ///< one reference of ours; NULL: there is none
    HRESULT (WINAPI *get_attribute)(HWND hwnd, DWORD attribute, PVOID value, DWORD size);
} MagnifierTarget;

/** What the screen has of a window. */
enum MagnifierTargetState {
    MAGNIFIER_TARGET_SHOWN,
    MAGNIFIER_TARGET_HIDDEN,    ///< it is minimised, hidden, or on another virtual desktop
    MAGNIFIER_TARGET_GONE,      ///< it has been destroyed
};

/**
 * Find a window.
 *
 * @param target to be freed, on failure as well
 * @param title  UTF-8, the whole of it whatever its case; of several such windows the topmost
 *               that is on the screen is taken. With escapes (printable.h). NULL: by handle
 * @param handle the window's handle, also a child's
 * @return 0; AVERROR(ENOENT), EINVAL with its line; ENOMEM
 */
int ff_magnifier_rt_target_find(MagnifierTarget *target, const char *title, uint64_t handle,
                                MagnifierLog *log);

/**
 * Where is it now? Its frame without the shadow and the invisible borders around it.
 *
 * @param[out] rect desktop coordinates; valid with SHOWN only, and not empty then
 */
enum MagnifierTargetState ff_magnifier_rt_target_where(const MagnifierTarget *target,
                                                       MagnifierRect *rect);

void ff_magnifier_rt_target_free(MagnifierTarget *target);

/** A window that could be recorded. */
typedef struct MagnifierTargetEntry {
    HWND hwnd;
    MagnifierRect rect;
    char *title;                ///< UTF-8, not empty, with escapes (printable.h)
} MagnifierTargetEntry;

/**
 * List the windows that are on the screen and have a title, topmost first, but for the device's own.
 *
 * @param[out] list of av_malloc(), for ff_magnifier_target_list_free(); NULL on failure
 * @return how many there are; AVERROR(ENOMEM); AVERROR_EXTERNAL with its line
 */
int ff_magnifier_rt_target_list(MagnifierTargetEntry **list, MagnifierLog *log);

void ff_magnifier_target_list_free(MagnifierTargetEntry **list, int nb);

#endif /* AVDEVICE_MAGNIFIER_TARGET_H */
