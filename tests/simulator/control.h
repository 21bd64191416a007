/*
 * Simulator of Magnification.dll: the control
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * The window class `Magnifier`: what happens between a source rectangle and
 * the callback. Everything here but sim_control_send() and the look-up runs on
 * the thread that created the control.
 */

#ifndef MAGSIM_CONTROL_H
#define MAGSIM_CONTROL_H

#include "blocks.h"
#include "compose.h"
#include "magapi.h"

typedef struct SimFilter {
    HWND *list;
    int nb;
    DWORD mode;
} SimFilter;

typedef struct SimControl {
    HWND hwnd;
    unsigned serial;
    unsigned frames;
    int gone;                   ///< WM_DESTROY has been seen
    RECT source;
    int has_source;
    MagScalingCallback callback;
    MagTransform transform;
    MagColorEffect effect;
    SimFilter asked;            ///< as the client gave it
    SimFilter kept;             ///< what of it this DLL took
    SimFilter previous;         ///< kept at the last frame, for filter = late
    SimSurface surface;
    SimBlockSet blocks;
    struct SimControl *next;
} SimControl;

int sim_control_register(void);
void sim_control_unregister(void);

/**
 * The live control with this handle.
 * @return NULL, with the last error set, when there is none in this process
 */
SimControl *sim_control_find(HWND hwnd);

/** Capture rect: a message to the control, as in the real DLL. */
BOOL sim_control_send(HWND hwnd, const RECT *rect);

/** @return 0, or -1 without memory; filter is then unchanged */
int sim_filter_set(SimFilter *filter, DWORD mode, int nb, const HWND *list);

extern volatile LONG sim_callbacks;

#endif /* MAGSIM_CONTROL_H */
