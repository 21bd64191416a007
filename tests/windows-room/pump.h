/*
 * Windows Magnification API screen capture: the runtime's pump, for tests
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
 * What the files under test need of the runtime. Include once in a program.
 */

#ifndef TESTS_WINDOWS_ROOM_PUMP_H
#define TESTS_WINDOWS_ROOM_PUMP_H

#include <windows.h>

#include "libavdevice/magnifier/runtime.h"

/** Set, no message gets through any more. */
static int deaf;

void ff_magnifier_rt_pump(void)
{
    MSG msg;

    while (!deaf && PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

#endif /* TESTS_WINDOWS_ROOM_PUMP_H */
