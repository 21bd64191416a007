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
 */

#include "config.h"

#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include "bitmap.h"
#include "cursor.h"

/* Windows 8's; the value is not in the headers for FFmpeg's _WIN32_WINNT. */
#ifndef CURSOR_SUPPRESSED
#define CURSOR_SUPPRESSED 2
#endif

/**
 * A frame this much later than the last step, in microseconds, begins a new one: with
 * so few frames a second nobody sees which. It bounds the steps that are counted.
 */
#define MAX_DELAY 1000000

/** More steps than this are not believed; a pointer of one step may say ~0. */
#define MAX_STEPS 10000

/* Exported by every user32.dll and documented nowhere; Wine's tests ask it on every
 * Windows. The rate is how long the step lasts, in 1/60 s, and 0 if nothing moves.
 * Returns the step's own pointer, not to be destroyed, or NULL if there is no such step. */
typedef HCURSOR (WINAPI *GetCursorFrameInfoFunc)(HCURSOR cursor, DWORD reserved, DWORD step,
                                                 DWORD *rate, DWORD *nb_steps);

/** What has been complained about. */
enum {
    COMPLAINT_POSITION = 1 << 0,
    COMPLAINT_SHAPE    = 1 << 1,
};

struct MagnifierCursor {
    GetCursorFrameInfoFunc frame_info;  ///< NULL: animated pointers stand still
    HCURSOR handle;         ///< shown last; not owned, compared only
    DWORD step;             ///< of its animation
    int64_t step_began;     ///< in the frames' time
    int complaints;
};

av_cold MagnifierCursor *ff_magnifier_cursor_alloc(void)
{
    MagnifierCursor *cursor = av_mallocz(sizeof(*cursor));
    HMODULE user32 = GetModuleHandleW(L"user32.dll");

    if (cursor && user32)
        cursor->frame_info = (GetCursorFrameInfoFunc)(void (*)(void))
            GetProcAddress(user32, "GetCursorFrameInfo");
    return cursor;
}

av_cold void ff_magnifier_cursor_free(MagnifierCursor **cursor)
{
    av_freep(cursor);
}

/**
 * Windows tells no one which step of an animation it shows. It begins with the first when
 * a program sets the pointer, and so do we when we first see it.
 */
static DWORD rt_animate(MagnifierCursor *cursor, HCURSOR handle, int64_t time)
{
    DWORD rate, nb_steps;

    if (handle != cursor->handle) {
        cursor->handle     = handle;
        cursor->step       = 0;
        cursor->step_began = time;
    }
    if (time - cursor->step_began > MAX_DELAY)
        cursor->step_began = time;
    for (;;) {
        rate = nb_steps = 0;
        if (!cursor->frame_info ||
            !cursor->frame_info(handle, 0, cursor->step, &rate, &nb_steps) ||
            !rate || nb_steps < 2 || nb_steps > MAX_STEPS)
            return cursor->step = 0;
        if (time - cursor->step_began < rate * INT64_C(1000000) / 60)
            return cursor->step;
        cursor->step_began += rate * INT64_C(1000000) / 60;
        cursor->step        = (cursor->step + 1) % nb_steps;
    }
}

/** Where does a pointer at this position lie on the desktop? */
static int rt_find_place(MagnifierRect *place, HCURSOR handle, const POINT *pos)
{
    ICONINFO info = { 0 };
    BITMAP bm = { 0 };
    DWORD error;
    int ret = AVERROR_EXTERNAL;

    if (!GetIconInfo(handle, &info))
        return ret;

    /* From here on two bitmaps are ours. Without colours there are two masks in one,
     * one above the other. */
    if (GetObjectW(info.hbmColor ? info.hbmColor : info.hbmMask, sizeof(bm), &bm)) {
        place->left   = av_sat_sub32(pos->x, info.xHotspot);
        place->top    = av_sat_sub32(pos->y, info.yHotspot);
        place->right  = av_sat_add32(place->left, bm.bmWidth);
        place->bottom = av_sat_add32(place->top, info.hbmColor ? bm.bmHeight : bm.bmHeight / 2);
        ret = 0;
    }
    error = GetLastError();
    if (info.hbmColor)
        DeleteObject(info.hbmColor);
    if (info.hbmMask)
        DeleteObject(info.hbmMask);
    SetLastError(error);
    return ret;
}

/**
 * Let Windows draw the pointer over a copy of what lies beneath it, and take the copy
 * back: GDI cannot draw into the frame itself.
 *
 * @param data  first pixel of the part, in the frame
 * @param x, y  where in the part the pointer begins
 */
static int rt_draw_part(uint8_t *data, ptrdiff_t linesize, int width, int height,
                        HCURSOR handle, DWORD step, int x, int y)
{
    MagnifierBitmap bitmap = { 0 };
    uint32_t *pixels;
    int ret = ff_magnifier_bitmap_open(&bitmap, width, height);

    if (ret < 0)
        return ret;
    pixels = bitmap.pixels;
    for (int i = 0; i < height; i++)
        memcpy(pixels + i * width, data + i * linesize, 4 * width);
    if (DrawIconEx(bitmap.dc, x, y, handle, 0, 0, step, NULL, DI_NORMAL)) {
        GdiFlush();
        for (int i = 0; i < height; i++, pixels += width) {
            for (int j = 0; j < width; j++)
                pixels[j] &= 0xFFFFFF; /* the fourth byte may have got alpha */
            memcpy(data + i * linesize, pixels, 4 * width);
        }
    } else {
        ret = AVERROR_EXTERNAL;
    }
    ff_magnifier_bitmap_close(&bitmap);
    return ret;
}

/**
 * Draw the pointer of this handle. The handle is used as it is: a copy of it
 * (CopyIcon()) would be one more USER object to lose and fails in the same
 * moment, namely when the owner has destroyed the pointer.
 *
 * @return 1 if it lies in the frame, 0 if not, or an error with the frame untouched and
 *         GetLastError() set
 */
static int rt_draw(uint8_t *data, ptrdiff_t linesize, const MagnifierRect *rect,
                   HCURSOR handle, DWORD step, const POINT *pos)
{
    MagnifierRect place, part;
    int ret;

    SetLastError(ERROR_SUCCESS);
    ret = rt_find_place(&place, handle, pos);
    if (ret < 0)
        return ret;
    if (!ff_magnifier_rect_intersect(&part, &place, rect))
        return 0;
    data += (part.top - rect->top) * linesize + 4 * (ptrdiff_t)(part.left - rect->left);
    ret = rt_draw_part(data, linesize, part.right - part.left, part.bottom - part.top,
                       handle, step, place.left - part.left, place.top - part.top);
    return ret < 0 ? ret : 1;
}

int ff_magnifier_rt_cursor_draw(MagnifierCursor *cursor, MagnifierLog *log,
                                uint8_t *data, ptrdiff_t linesize,
                                const MagnifierRect *rect, int64_t time)
{
    CURSORINFO info = { .cbSize = sizeof(info) };
    DWORD error;
    int ret;

    if (!GetCursorInfo(&info)) {
        error = GetLastError();
        if (!(cursor->complaints & COMPLAINT_POSITION)) {
            cursor->complaints |= COMPLAINT_POSITION;
            ff_magnifier_log(log, AV_LOG_WARNING, "The pointer is not drawn while "
                             "GetCursorInfo fails (Win32 error %lu)\n", error);
        }
        return 0;
    }
    /* No handle: the program under the pointer shows none. */
    if (!(info.flags & CURSOR_SHOWING) || (info.flags & CURSOR_SUPPRESSED) ||
        !info.hCursor)
        return 0;

    ret = rt_draw(data, linesize, rect, info.hCursor,
                  rt_animate(cursor, info.hCursor, time), &info.ptScreenPos);
    if (ret >= 0)
        return ret;

    /* Its owner may have destroyed the pointer since GetCursorInfo(). */
    error = GetLastError();
    if (!(cursor->complaints & COMPLAINT_SHAPE)) {
        cursor->complaints |= COMPLAINT_SHAPE;
        ff_magnifier_log(log, AV_LOG_VERBOSE, "Could not draw the pointer (Win32 error %lu), "
                         "drawing the arrow\n", error);
    }
    return rt_draw(data, linesize, rect, LoadCursorW(NULL, (LPCWSTR)IDC_ARROW), 0,
                   &info.ptScreenPos) > 0;
}
