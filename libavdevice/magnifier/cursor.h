/*
 * magnifier: mouse pointer
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
 * What does the pointer look like, and where is it?
 *
 * The Magnification API leaves the pointer out of its frames. Its
 * MagShowSystemCursor() is for magnifiers: it changes the pointer of the whole
 * session and is never called.
 *
 * DrawIconEx() draws it, as gdigrab does, so that each kind looks as Windows draws it: with
 * alpha, with masks, inverting, animated. Its size is the one that it has in Windows, and
 * no guess is made at what Windows may scale on a monitor of another DPI.
 *
 * An object belongs to one capture and holds nothing of Windows. Windows and GDI calls are
 * made on the runtime's thread, whose DPI context makes the position physical pixels.
 */

#ifndef AVDEVICE_MAGNIFIER_CURSOR_H
#define AVDEVICE_MAGNIFIER_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "region.h"

typedef struct MagnifierCursor MagnifierCursor;

/** Any thread. @return NULL when there is no memory */
MagnifierCursor *ff_magnifier_cursor_alloc(void);

/** Any thread. *cursor may be NULL and becomes so. */
void ff_magnifier_cursor_free(MagnifierCursor **cursor);

/**
 * Draw the pointer into a frame, as it looks and where it is now.
 *
 * Nothing is drawn while the pointer is hidden, is suppressed (touch and pen),
 * is outside the frame, or cannot be asked for (another desktop has the
 * input). One that cannot be drawn, as it has just been destroyed, becomes the arrow. A
 * failure is logged the first time it happens, and never costs the frame.
 *
 * @param data      first row of a bgr0 frame
 * @param linesize  bytes from one row to the next
 * @param rect      where the frame lies on the desktop; gives its size, too
 * @param time      of the frame, in microseconds: how far an animation is
 * @return 1 if a part of the pointer lies in the frame, else 0
 */
int ff_magnifier_rt_cursor_draw(MagnifierCursor *cursor, MagnifierLog *log,
                                uint8_t *data, ptrdiff_t linesize,
                                const MagnifierRect *rect, int64_t time);

#endif /* AVDEVICE_MAGNIFIER_CURSOR_H */
