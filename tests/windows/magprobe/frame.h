/*
 * magprobe: one frame, and what is in it
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
 * The probe's own windows, one frame of them, and what is in it. One thread.
 */

#ifndef MAGPROBE_FRAME_H
#define MAGPROBE_FRAME_H

#include <stdint.h>

#include "api.h"

#define SCENE_WIDTH  320
#define SCENE_HEIGHT 200
#define BACK_COLOUR  0x204060

/** Windows of known colours; `back` covers all of the region. */
typedef struct Scene {
    HWND back, marker, first, last;
    unsigned turn;              ///< the marker's colour follows from it
} Scene;

/** What came of one call, looked at inside the callback. */
typedef struct Frame {
    BOOL ok;                    ///< MagSetWindowSource's result
    int callbacks;              ///< during the call
    int late;                   ///< out of the message loop, after the call
    int64_t us;                 ///< how long the call took
    DWORD thread;               ///< that called back
    ImageHeader header;
    void *src;
    int offset;                 ///< where the picture was found, -1: nowhere
    int blank;                  ///< all bytes of the colours are 0
    int has_back, has_marker, has_old_marker, has_first, has_last;
    int border;                 ///< rings of another colour around the picture
    int alpha;                  ///< of all pixels looked at, -1: differs
} Frame;

/**
 * A topmost window of one colour, shown without being activated, at a place
 * relative to options.at; layered ones are opaque. @return NULL when it cannot be made
 */
HWND colour_window(DWORD style, DWORD ex, int x, int y, int w, int h, uint32_t colour);

/** Fill a window's inside. */
void paint_window(HWND hwnd, uint32_t colour);

/** The desktop is composed at its own time: wait until it has been. */
void settle(void);

/** May size bytes from start on be read? What a header says is not believed. */
int memory_is_readable(const void *start, size_t size);

int scene_open(Scene *s);

/** Give the marker its next colour. */
void scene_next(Scene *s);

/** Show the first window, which was hidden. */
void scene_show_first(Scene *s);
void scene_close(Scene *s);

/** One MagSetWindowSource of the scene's region, w times h pixels. */
void frame_take(Session *session, const Scene *scene, int w, int h, Frame *frame);

/** The callback, for MagSetImageScalingCallback. */
BOOL CALLBACK frame_callback(HWND hwnd, void *src, ImageHeader src_header, void *dst,
                             ImageHeader dst_header, RECT unclipped, RECT clipped, HRGN dirty);

/** Callbacks so far. */
extern volatile LONG frame_callbacks;

/** A picture in which the windows can be told apart. */
int frame_is_good(const Frame *frame);

#endif /* MAGPROBE_FRAME_H */
