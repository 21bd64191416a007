/*
 * Simulator of Magnification.dll: composing the desktop
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
 * What does the desktop look like without these windows? The windows' own
 * contents are read one by one, which Wine on X11 can do for any window of any
 * process while an X compositor runs (each window then has its own picture,
 * covered or not).
 *
 * Only what shows is read: windows are walked from the top, each opaque one
 * takes its visible part off the area that is left, and the walk ends when
 * nothing is left. Windows with constant or per-pixel alpha are drawn over the
 * result afterwards, from the bottom.
 *
 * A surface belongs to one control and is used by one thread at a time.
 */

#ifndef MAGSIM_COMPOSE_H
#define MAGSIM_COMPOSE_H

#include <stdint.h>
#include <windows.h>

/** A picture, top-down, 32 bits a pixel, that GDI can draw into. */
typedef struct SimPicture {
    int width, height;
    HDC dc;
    HBITMAP bitmap;
    HGDIOBJ previous;
    uint32_t *pixels;
} SimPicture;

typedef struct SimSurface {
    SimPicture picture;         ///< the composed desktop
    SimPicture scratch;         ///< one translucent window
    HWND *windows;              ///< of the last walk, topmost first
    int nb_windows, max_windows;
    int nb_read, nb_blended, nb_left_out;   ///< of the last picture
} SimSurface;

/**
 * Compose what rect (desktop coordinates) shows without the windows in list
 * and without `self`.
 * @param include if set, list is what is shown instead of what is left out
 * @return 0, or -1 when there is no memory for the picture
 */
int sim_compose(SimSurface *s, const RECT *rect, const HWND *list, int nb_list,
                int include, HWND self);

/** A picture made from coordinates and a sequence number, to measure speed. */
int sim_compose_pattern(SimSurface *s, const RECT *rect, unsigned sequence);

void sim_compose_free(SimSurface *s);

/** Forget what was learnt about the desktop's background. */
void sim_compose_reset(void);

#endif /* MAGSIM_COMPOSE_H */
