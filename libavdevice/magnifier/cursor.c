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

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include "blend.h"
#include "cursor.h"

/* Windows 8's; the value is not in the headers for FFmpeg's _WIN32_WINNT. */
#ifndef CURSOR_SUPPRESSED
#define CURSOR_SUPPRESSED 2
#endif

/**
 * A shape is read again this long after it was read, in milliseconds. The cache is
 * keyed by a handle, and a program that destroys a pointer and makes another may
 * get the same value for it; this bounds how long the old one is shown, at
 * the price of two reads a second (0.3 ms each under Wine). Proof:
 * reused_handle_is_noticed_within_a_second in tests/rooms/test_cursor.c.
 */
#define SHAPE_LIFE 500

/** What has been complained about. */
enum {
    COMPLAINT_POSITION = 1 << 0,
    COMPLAINT_SHAPE    = 1 << 1,
};

struct MagnifierCursor {
    HCURSOR handle;         ///< the shape read last; not owned, compared only
    ULONGLONG read_at;      ///< GetTickCount64() of then
    MagnifierShape shape;   ///< kind NONE as long as none could be read
    int complaints;
};

/** A bitmap as 4 bytes a pixel, top-down, without padding. */
typedef struct Bits {
    uint8_t *data;
    int width;
    int height;
    int depth;              ///< bits a pixel of the bitmap itself
} Bits;

av_cold MagnifierCursor *ff_magnifier_cursor_alloc(void)
{
    return av_mallocz(sizeof(MagnifierCursor));
}

av_cold void ff_magnifier_cursor_free(MagnifierCursor **cursor)
{
    if (!*cursor)
        return;
    ff_magnifier_shape_uninit(&(*cursor)->shape);
    av_freep(cursor);
}

static int rt_read_bits(Bits *bits, HDC dc, HBITMAP bitmap)
{
    BITMAP bm;
    BITMAPINFO bmi = { 0 };

    if (!GetObjectW(bitmap, sizeof(bm), &bm))
        return AVERROR_EXTERNAL;
    /* twice the height, as a black and white pointer has two masks in one */
    if (bm.bmWidth  < 1 || bm.bmWidth  > MAGNIFIER_SHAPE_MAX_SIDE ||
        bm.bmHeight < 1 || bm.bmHeight > MAGNIFIER_SHAPE_MAX_SIDE * 2)
        return AVERROR(EINVAL);

    bits->width  = bm.bmWidth;
    bits->height = bm.bmHeight;
    bits->depth  = bm.bmBitsPixel;
    bits->data   = av_malloc((size_t)bm.bmWidth * bm.bmHeight * 4);
    if (!bits->data)
        return AVERROR(ENOMEM);

    bmi.bmiHeader.biSize        = sizeof(bmi.bmiHeader);
    bmi.bmiHeader.biWidth       = bm.bmWidth;
    bmi.bmiHeader.biHeight      = -bm.bmHeight;
    bmi.bmiHeader.biPlanes      = 1;
    bmi.bmiHeader.biBitCount    = 32;
    bmi.bmiHeader.biCompression = BI_RGB;
    if (GetDIBits(dc, bitmap, 0, bm.bmHeight, bits->data, &bmi,
                  DIB_RGB_COLORS) != bm.bmHeight)
        return AVERROR_EXTERNAL;
    return 0;
}

/**
 * Read the shape behind a handle. The handle is used as it is: a copy of it
 * (CopyIcon()) would be one more USER object to lose and fails in the same
 * moment, namely when the owner has destroyed the pointer.
 *
 * @return 0, or an error with the shape untouched and GetLastError() set
 *         to that of the call that failed, if one did
 */
static int rt_read_shape(MagnifierShape *shape, HCURSOR handle)
{
    ICONINFO info = { 0 };
    Bits colour = { 0 }, mask = { 0 };
    HDC dc = NULL;
    DWORD error;
    int height, ret = AVERROR_EXTERNAL;

    SetLastError(ERROR_SUCCESS);
    if (!GetIconInfo(handle, &info))
        return AVERROR_EXTERNAL;

    /* From here on two bitmaps are ours. */
    dc = GetDC(NULL);
    if (!dc)
        goto fail;
    if (info.hbmColor && (ret = rt_read_bits(&colour, dc, info.hbmColor)) < 0)
        goto fail;
    if (info.hbmMask && (ret = rt_read_bits(&mask, dc, info.hbmMask)) < 0)
        goto fail;

    if (colour.data) {
        height = colour.height;
        /* A mask of another size masks nothing we could tell. */
        if (mask.width != colour.width || mask.height != colour.height)
            av_freep(&mask.data);
    } else {
        height = mask.height / 2;
    }
    /* Below 32 bits the fourth byte is filler and not alpha. */
    ret = ff_magnifier_shape_set(shape, colour.data ? colour.width : mask.width,
                                 height, info.xHotspot, info.yHotspot,
                                 colour.data, colour.depth == 32, mask.data);

fail:
    error = GetLastError();
    av_freep(&colour.data);
    av_freep(&mask.data);
    if (dc)
        ReleaseDC(NULL, dc);
    if (info.hbmColor)
        DeleteObject(info.hbmColor);
    if (info.hbmMask)
        DeleteObject(info.hbmMask);
    SetLastError(error);
    return ret;
}

/** Bring cursor->shape up to date with the handle that Windows shows now. */
static void rt_update_shape(MagnifierCursor *cursor, MagnifierLog *log,
                            HCURSOR handle)
{
    const ULONGLONG now = GetTickCount64();
    DWORD error;
    int ret;

    if (handle == cursor->handle && now - cursor->read_at < SHAPE_LIFE)
        return;

    /* Also when it fails: not each frame again. */
    cursor->handle  = handle;
    cursor->read_at = now;

    ret = rt_read_shape(&cursor->shape, handle);
    if (ret >= 0)
        return;

    /* Its owner may have destroyed the pointer since GetCursorInfo(); the last
     * shape stays until Windows shows another. */
    error = GetLastError();
    if (!(cursor->complaints & COMPLAINT_SHAPE)) {
        cursor->complaints |= COMPLAINT_SHAPE;
        ff_magnifier_log(log, AV_LOG_VERBOSE, "Could not read the pointer's shape "
                         "(%s, Win32 error %lu), drawing the %s\n",
                         av_err2str(ret), error,
                         cursor->shape.kind ? "last one" : "arrow");
    }
    if (!cursor->shape.kind) {
        HCURSOR arrow = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);

        if (arrow)
            rt_read_shape(&cursor->shape, arrow);
    }
}

int ff_magnifier_rt_cursor_draw(MagnifierCursor *cursor, MagnifierLog *log,
                                uint8_t *data, ptrdiff_t linesize,
                                const MagnifierRect *rect)
{
    CURSORINFO info = { .cbSize = sizeof(info) };
    int64_t x, y;

    if (!GetCursorInfo(&info)) {
        DWORD error = GetLastError();

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

    rt_update_shape(cursor, log, info.hCursor);

    x = (int64_t)info.ptScreenPos.x - cursor->shape.hot_x - rect->left;
    y = (int64_t)info.ptScreenPos.y - cursor->shape.hot_y - rect->top;
    return ff_magnifier_blend(data, linesize, rect->right - rect->left,
                              rect->bottom - rect->top,
                              &cursor->shape, x, y) > 0;
}
