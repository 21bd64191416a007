/*
 * Simulator of Magnification.dll: faults around a frame
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
 * How is a frame spoilt? The layout and the header of a frame, its picture, and
 * what may happen instead of it, all by the profile. Without faults: stride
 * 4 * width, offset 0, cbSize 4 * width * height, GUID 32bppRGBA.
 */

#ifndef MAGSIM_FAULTS_H
#define MAGSIM_FAULTS_H

#include <stddef.h>

#include "compose.h"
#include "magapi.h"

/** Where the rows truly lie in a block. */
typedef struct SimLayout {
    size_t stride, offset, size;
} SimLayout;

void sim_fault_layout(SimLayout *layout, int width, int height, unsigned n);

void sim_fault_header(MagImageHeader *src, MagImageHeader *dst, const SimLayout *layout,
                      int width, int height, unsigned n);

/** Border and pointer marker. */
void sim_fault_picture(SimPicture *p, const RECT *rect, unsigned n, int show_cursor);

/** frame_delay_ms and hang. */
void sim_fault_wait(unsigned n);

/** Another component of the process calls MagUninitialize on its own thread. */
void sim_fault_foreign_uninit(void);

/** The display changes its size between the client's check and the capture. */
void sim_fault_mode_change(unsigned n);

/**
 * Is an access violation due at frame n, and here (SIM_AT_*)? Then commit it: read memory that
 * is reserved only. A handler that commits it can go on.
 * @return 1: it was due, and somebody handled it so that it goes on
 */
int sim_fault_access_violation(unsigned n, int here);

#endif /* MAGSIM_FAULTS_H */
