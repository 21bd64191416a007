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
 * The shape is what GetIconInfo() gives, at the size it has there: one picture
 * of an animated pointer, and no guess at what Windows may scale on a monitor of
 * another DPI.
 *
 * An object belongs to one capture. Windows and GDI calls are made on the
 * runtime's thread, whose DPI context makes the position physical pixels.
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

/** Any thread. Holds no handle of Windows; *cursor may be NULL and becomes so. */
void ff_magnifier_cursor_free(MagnifierCursor **cursor);

/**
 * Draw the pointer into a frame, as it looks and where it is now.
 *
 * Nothing is drawn while the pointer is hidden, is suppressed (touch and pen),
 * is outside the frame, or cannot be asked for (another desktop has the
 * input). A failure is logged the first time it happens, and never costs the frame.
 *
 * @param data      first row of a bgr0 frame
 * @param linesize  bytes from one row to the next
 * @param rect      where the frame lies on the desktop; gives its size, too
 * @return 1 if a pixel of the pointer's shape lies in the frame, else 0
 */
int ff_magnifier_rt_cursor_draw(MagnifierCursor *cursor, MagnifierLog *log,
                                uint8_t *data, ptrdiff_t linesize,
                                const MagnifierRect *rect);

#endif /* AVDEVICE_MAGNIFIER_CURSOR_H */
