/*
 * magnifier: what the real screen shows
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

#include "config.h"

#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "bitmap.h"
#include "display.h"
#include "screen.h"
#include "worker.h"

/** Rows looked at, of all. */
#define PROBE_ROWS 16
/** How long to wait for a read, milliseconds; and for each spot, some frames of any display. */
#define READ_TIMEOUT 200
#define SPOT_TIMEOUT 50
/** And for the thread to end: it may be reading the last of many monitors. */
#define CLOSE_TIMEOUT 1000

/* ------------------------------------------------------------------------
 * Copying from the screen; on any thread, but on one only
 * ------------------------------------------------------------------------ */

/** A bitmap to copy the screen into, and what that takes. */
typedef struct Grab {
    HDC screen;                 ///< NULL: it is not open
    MagnifierBitmap bitmap;
    DWORD rop;
} Grab;

typedef LONG (WINAPI *RtlGetVersionFunc)(OSVERSIONINFOW *info);

/**
 * On Windows 7 layered windows, and the canary is one, are copied with CAPTUREBLT only.
 * From Windows 8 on they always are, and the flag makes the pointer flicker. GetVersionEx()
 * goes by the program's manifest.
 */
static av_cold DWORD choose_rop(void)
{
    OSVERSIONINFOW info = { .dwOSVersionInfoSize = sizeof(info) };
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    RtlGetVersionFunc get_version = NULL;

    if (ntdll)
        get_version = (RtlGetVersionFunc)(void (*)(void))GetProcAddress(ntdll, "RtlGetVersion");
    if (!get_version || get_version(&info) ||
        info.dwMajorVersion > 6 || (info.dwMajorVersion == 6 && info.dwMinorVersion >= 2))
        return SRCCOPY;
    return SRCCOPY | CAPTUREBLT;
}

static void grab_close(Grab *grab)
{
    ff_magnifier_bitmap_close(&grab->bitmap);
    if (grab->screen)
        ReleaseDC(NULL, grab->screen);
    grab->screen = NULL;
}

static int grab_open(Grab *grab, int width, int height)
{
    *grab = (Grab) { .screen = GetDC(NULL), .rop = choose_rop() };
    if (grab->screen && ff_magnifier_bitmap_open(&grab->bitmap, width, height) >= 0)
        return 0;
    grab_close(grab);
    return AVERROR_EXTERNAL;
}

/** Copy a rectangle of the screen into the bitmap, at its left edge, from row y on. */
static int grab_copy(Grab *grab, int y, int left, int top, int width, int height)
{
    return BitBlt(grab->bitmap.dc, 0, y, width, height, grab->screen, left, top, grab->rop) ?
           0 : AVERROR_EXTERNAL;
}

int ff_magnifier_rt_screen_is_black(const MagnifierRect *rect)
{
    int width  = rect->right  - rect->left;
    int height = rect->bottom - rect->top;
    int ret = 1;
    Grab grab;

    if (grab_open(&grab, width, PROBE_ROWS) < 0)
        return AVERROR_EXTERNAL;
    for (int i = 0; i < PROBE_ROWS && ret >= 0; i++) {
        int y = rect->top + (int)((2 * i + 1) * (int64_t)height / (2 * PROBE_ROWS));
        if (grab_copy(&grab, i, rect->left, y, width, 1) < 0)
            ret = AVERROR_EXTERNAL;
    }
    GdiFlush();
    for (size_t i = 0; i < (size_t)width * PROBE_ROWS && ret > 0; i++)
        ret = !(grab.bitmap.pixels[i] & 0xffffff);
    grab_close(&grab);
    return ret;
}

/* ------------------------------------------------------------------------
 * The thread that reads
 * ------------------------------------------------------------------------ */

struct MagnifierScreen {
    MagnifierWorker *worker;

    /* the thread's while it works */
    MagnifierRect spots[MAGNIFIER_MAX_SPOTS];
    int nb_spots;
    uint32_t pixels[MAGNIFIER_MAX_SPOTS * MAGNIFIER_SPOT_PIXELS];
    int result;
    Grab grab;

    /* the runtime's thread only */
    int begun;                  ///< the result will be that of the read asked for last
    int hangs;                  ///< a read was waited for in vain, and is still going on
};

static int read_spots(MagnifierScreen *s)
{
    Grab *grab = &s->grab;
    int ret = 0;

    if (!grab->screen) {
        ff_magnifier_display_set_dpi();
        ret = grab_open(grab, MAGNIFIER_SPOT_SIZE, MAGNIFIER_SPOT_SIZE * MAGNIFIER_MAX_SPOTS);
    }
    for (int i = 0; i < s->nb_spots && ret >= 0; i++)
        ret = grab_copy(grab, i * MAGNIFIER_SPOT_SIZE, s->spots[i].left, s->spots[i].top,
                        MAGNIFIER_SPOT_SIZE, MAGNIFIER_SPOT_SIZE);
    GdiFlush();
    if (ret < 0) {
        grab_close(grab); /* another desktop, say: with new ones it may work again */
        return ret;
    }
    for (int i = 0; i < s->nb_spots * MAGNIFIER_SPOT_PIXELS; i++)
        s->pixels[i] = grab->bitmap.pixels[i] & 0xffffff;
    return 0;
}

static void screen_work(void *opaque)
{
    MagnifierScreen *s = opaque;

    s->result = read_spots(s);
}

static av_cold void screen_end(void *opaque)
{
    MagnifierScreen *s = opaque;

    grab_close(&s->grab);
}

static const MagnifierWorkerOps screen_ops = {
    .work = screen_work,
    .end  = screen_end,
    .free = av_free,
};

/* ------------------------------------------------------------------------
 * The runtime's thread
 * ------------------------------------------------------------------------ */

av_cold MagnifierScreen *ff_magnifier_rt_screen_open(void)
{
    MagnifierScreen *s = av_mallocz(sizeof(*s));

    if (!s)
        return NULL;
    s->worker = ff_magnifier_worker_open(&screen_ops, s);
    if (!s->worker)
        av_freep(&s);
    return s;
}

av_cold void ff_magnifier_rt_screen_close(MagnifierScreen **screen)
{
    MagnifierWorker *worker;

    if (!*screen)
        return;
    worker = (*screen)->worker;
    ff_magnifier_worker_close(&worker, (*screen)->hangs ? 0 : CLOSE_TIMEOUT);
    *screen = NULL; /* the worker frees it */
}

/** Is the read over? */
static int wait_for_read(MagnifierScreen *s, DWORD timeout)
{
    int over = ff_magnifier_worker_wait(s->worker, s->hangs ? 0 : timeout);

    s->hangs = timeout && !over ? 1 : s->hangs && !over;
    return over;
}

void ff_magnifier_rt_screen_begin(MagnifierScreen *s, const MagnifierRect *spots, int nb)
{
    if (!s)
        return;
    /* What a read that hangs will have seen was on the screen before. */
    s->begun = wait_for_read(s, READ_TIMEOUT + SPOT_TIMEOUT * s->nb_spots);
    if (!s->begun)
        return;
    s->nb_spots = FFMIN(nb, MAGNIFIER_MAX_SPOTS);
    s->result   = AVERROR_EXTERNAL;
    memcpy(s->spots, spots, s->nb_spots * sizeof(*spots));
    ff_magnifier_worker_begin(s->worker);
}

int ff_magnifier_rt_screen_end(MagnifierScreen *s, uint32_t *pixels, int wait)
{
    if (!s || !s->begun)
        return AVERROR_EXTERNAL;
    if (!wait_for_read(s, wait ? READ_TIMEOUT + SPOT_TIMEOUT * s->nb_spots : 0))
        return wait || s->hangs ? AVERROR_EXTERNAL : AVERROR(EAGAIN);
    if (s->result >= 0)
        memcpy(pixels, s->pixels, s->nb_spots * MAGNIFIER_SPOT_PIXELS * sizeof(*pixels));
    return s->result;
}
