/*
 * magnifier: the outline of the region
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
 * How is the user shown the region?
 *
 * The lines lie around it, not in it, so that no picture of this recording shows them, whatever
 * is left out.
 */

#ifndef AVDEVICE_MAGNIFIER_OUTLINE_H
#define AVDEVICE_MAGNIFIER_OUTLINE_H

#include <windows.h>

#include "log.h"
#include "region.h"

/**
 * Four of the colour that windows have, and around them four of that which their frames have: one of
 * them can be seen on any ground.
 */
#define MAGNIFIER_OUTLINE_SIDES 8

typedef struct MagnifierOutline {
    HWND sides[MAGNIFIER_OUTLINE_SIDES]; ///< a window each
    int failed;                 ///< it has been said that there is no outline
} MagnifierOutline;

/**
 * Show the outline around a rectangle, or move it there. Without it the recording goes on, with
 * one line that says so. Runtime's thread.
 *
 * @param rect physical pixels
 */
void ff_magnifier_rt_outline_show(MagnifierOutline *outline, const MagnifierRect *rect,
                                  MagnifierLog *log);

/** Take it away; it may be shown again. Runtime's thread. */
void ff_magnifier_rt_outline_hide(MagnifierOutline *outline);

#endif /* AVDEVICE_MAGNIFIER_OUTLINE_H */
