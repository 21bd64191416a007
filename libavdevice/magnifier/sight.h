/*
 * magnifier: what can be seen of a window
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
 * What can be seen of this window?
 *
 * Answered in the guard's words: a rectangle and flags. What cannot be asked any more may
 * have been anywhere.
 *
 * Runtime's thread only, in the DPI context in which rectangles are wanted.
 */

#ifndef AVDEVICE_MAGNIFIER_SIGHT_H
#define AVDEVICE_MAGNIFIER_SIGHT_H

#include <stdint.h>

#include <windows.h>

#include "identity.h"
#include "sightings.h"

/** Where Windows puts a minimised window that is not to be seen. */
#define MAGNIFIER_NOWHERE (-32000)

/** DwmGetWindowAttribute() of dwmapi.dll. */
typedef HRESULT (WINAPI *MagnifierGetAttribute)(HWND hwnd, DWORD attribute, void *value,
                                                DWORD size);

typedef struct MagnifierSight {
    int animations;          ///< windows may open and close with one

    /* private */
    HMODULE dwmapi;
    MagnifierGetAttribute get_attribute;    ///< NULL: there is none
} MagnifierSight;

/** Make ready; what is not there (dwmapi.dll) is done without. */
void ff_magnifier_rt_sight_open(MagnifierSight *sight);

/** Harmless when it was not opened and is all zero. */
void ff_magnifier_rt_sight_close(MagnifierSight *sight);

/** Ask anew what hardly ever changes: whether windows are animated here. */
void ff_magnifier_rt_sight_read_settings(MagnifierSight *sight);

/**
 * Add a window with what is seen of it now.
 *
 * @param win     remembers it: hidden, animates, sighted
 * @param if_gone flags for one that is gone by now: MAGNIFIER_GUARD_GONE in a drain
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_sight_add(const MagnifierSight *sight, MagnifierGuardList *list,
                              MagnifierWindow *win, unsigned if_gone);

/**
 * The same, where it makes no difference to the frame whether a hidden window is shown by
 * now: one that was hidden when it was looked at last, in a walk or for an event, is added
 * as hidden without another look.
 *
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_sight_add_again(const MagnifierSight *sight, MagnifierGuardList *list,
                                    MagnifierWindow *win);

/**
 * Add a window of which nothing can be seen any more: it may have been anywhere, and may be
 * closing with an animation.
 *
 * @param serial 0: it is not known which window had this handle
 * @param shown  it may have been on the screen; what never was has nothing to close
 * @param gone   more flags: MAGNIFIER_GUARD_GONE or 0
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_rt_sight_add_unseen(const MagnifierSight *sight, MagnifierGuardList *list,
                                     HWND hwnd, uint64_t serial, int shown, unsigned gone);

#endif /* AVDEVICE_MAGNIFIER_SIGHT_H */
