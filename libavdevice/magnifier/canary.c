/*
 * magnifier: the canary
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

#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libavutil/common.h"
#include "libavutil/error.h"

#include "canary.h"
#include "runtime.h"
#include "screen.h"

#define NB_PIXELS (MAGNIFIER_CANARY_SIZE * MAGNIFIER_CANARY_SIZE)
/** How long a window may take to reach the screen: three frames at 60 Hz and some. */
#define SHOW_TIMEOUT 60000
/** Difference in one channel that a colour conversion on the way may make. */
#define TOLERANCE 12

/** Far from each other in at least one channel. */
static const uint32_t palette[] = {
    0xff00ff, 0x00ff40, 0xff8000, 0x0080ff, 0xffff00, 0x8000c0, 0x00c0c0, 0xc00040,
};

static int channel_distance(uint32_t a, uint32_t b, int shift)
{
    return abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff));
}

/** The largest difference of a channel. */
static int distance(uint32_t a, uint32_t b)
{
    return FFMAX3(channel_distance(a, b, 0), channel_distance(a, b, 8), channel_distance(a, b, 16));
}

/** The pixels of a picture in the canary's place, as 0xRRGGBB. */
static void read_picture(uint32_t pixels[NB_PIXELS], const MagnifierRect *rect,
                         const MagnifierRect *area, const uint8_t *data, ptrdiff_t linesize)
{
    data += (rect->top - area->top) * linesize + 4 * (rect->left - area->left);
    for (int y = 0; y < MAGNIFIER_CANARY_SIZE; y++, data += linesize)
        for (int x = 0; x < MAGNIFIER_CANARY_SIZE; x++)
            *pixels++ = data[4 * x] | data[4 * x + 1] << 8 | data[4 * x + 2] << 16;
}

/** The palette's colour that differs most from what is there. */
static uint32_t choose_color(const uint32_t *there, int nb, uint32_t avoid)
{
    uint32_t best = palette[0];
    int best_distance = -1;

    for (size_t i = 0; i < FF_ARRAY_ELEMS(palette); i++) {
        int nearest = 255;

        if (palette[i] == avoid)
            continue;
        for (int k = 0; k < nb; k++)
            nearest = FFMIN(nearest, distance(palette[i], there[k]));
        if (nearest > best_distance) {
            best          = palette[i];
            best_distance = nearest;
        }
    }
    return best;
}

static MagnifierRect corner_of(const MagnifierRect *area, int corner)
{
    MagnifierRect r;

    r.left   = corner & 1 ? area->left : area->right  - MAGNIFIER_CANARY_SIZE;
    r.top    = corner & 2 ? area->top  : area->bottom - MAGNIFIER_CANARY_SIZE;
    r.right  = r.left + MAGNIFIER_CANARY_SIZE;
    r.bottom = r.top  + MAGNIFIER_CANARY_SIZE;
    return r;
}

/** Let the window show another bitmap, and delete those that it shows no more. */
static void rt_set_bitmap(MagnifierCanary *canary, HBITMAP bitmap)
{
    HBITMAP old = (HBITMAP)SendMessageW(canary->hwnd, STM_SETIMAGE, IMAGE_BITMAP, (LPARAM)bitmap);

    if (old && old != canary->bitmap)
        DeleteObject(old);
    if (canary->bitmap)
        DeleteObject(canary->bitmap);
    canary->bitmap = bitmap;
}

/**
 * Give the window its colour. It is a STATIC control that shows a bitmap, so it paints
 * itself at any time, and no window procedure of ours is left behind anywhere.
 */
static int rt_set_color(MagnifierCanary *canary, uint32_t color)
{
    uint32_t pixels[NB_PIXELS];
    HBITMAP bitmap;

    for (int i = 0; i < NB_PIXELS; i++)
        pixels[i] = color; /* with alpha, comctl32 would show a copy and leave it to us */
    bitmap = CreateBitmap(MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE, 1, 32, pixels);
    if (!bitmap)
        return AVERROR_EXTERNAL;
    rt_set_bitmap(canary, bitmap);
    canary->color  = color;
    return 0;
}

static int rt_is_on_screen(const MagnifierCanary *canary)
{
    uint32_t there[NB_PIXELS];

    if (ff_magnifier_rt_screen_read(there, &canary->rect) < 0)
        return 0;
    for (int i = 0; i < NB_PIXELS; i++)
        if (distance(there[i], canary->color) > TOLERANCE)
            return 0;
    return 1;
}

static int rt_look(MagnifierCanary *canary, int64_t end)
{
    while (!(canary->seen = rt_is_on_screen(canary)) && ff_magnifier_clock() < end) {
        ff_magnifier_rt_pump(); /* who sends to all windows is not to wait for this */
        Sleep(1);
    }
    canary->looked = ff_magnifier_clock();
    return canary->seen;
}

static int rt_show_in_corner(MagnifierCanary *canary, const MagnifierRect *area, int corner,
                             const uint8_t *data, ptrdiff_t linesize, uint32_t avoid, int64_t end)
{
    uint32_t there[2 * NB_PIXELS];
    int nb = 0;

    canary->rect = corner_of(area, corner);
    if (data) {
        read_picture(there, &canary->rect, area, data, linesize);
        nb += NB_PIXELS;
    }
    if (ff_magnifier_rt_screen_read(there + nb, &canary->rect) >= 0)
        nb += NB_PIXELS;
    if (rt_set_color(canary, choose_color(there, nb, avoid)) < 0 ||
        !SetWindowPos(canary->hwnd, HWND_TOPMOST, canary->rect.left, canary->rect.top,
                      MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE,
                      SWP_NOACTIVATE | SWP_SHOWWINDOW) ||
        !UpdateWindow(canary->hwnd))
        return AVERROR_EXTERNAL;
    return rt_look(canary, FFMIN(ff_magnifier_clock() + SHOW_TIMEOUT, end));
}

static int rt_create_window(MagnifierCanary *canary, const MagnifierRect *area)
{
    canary->hwnd = CreateWindowExW(WS_EX_LAYERED | WS_EX_TRANSPARENT | WS_EX_TOPMOST |
                                   WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE,
                                   L"STATIC", L"", WS_POPUP | SS_BITMAP, area->left, area->top,
                                   MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE,
                                   NULL, NULL, ff_magnifier_rt_instance(), NULL);
    /* layered, for the clicks to go through, but opaque */
    if (!canary->hwnd || !SetLayeredWindowAttributes(canary->hwnd, 0, 255, LWA_ALPHA))
        return AVERROR_EXTERNAL;
    return 0;
}

int ff_magnifier_rt_canary_show(MagnifierCanary *canary, const MagnifierRect *area, unsigned corner,
                                const uint8_t *data, ptrdiff_t linesize, uint32_t avoid, int64_t end)
{
    int ret = AVERROR_EXTERNAL;

    memset(canary, 0, sizeof(*canary));
    if (area->right  - area->left < MAGNIFIER_CANARY_SIZE ||
        area->bottom - area->top  < MAGNIFIER_CANARY_SIZE)
        return ret;
    ret = rt_create_window(canary, area);

    for (int i = 0; i < 4 && !ret; i++)
        ret = rt_show_in_corner(canary, area, (corner + i) % 4, data, linesize, avoid, end);
    if (ret < 0)
        ff_magnifier_rt_canary_hide(canary);
    return ret;
}

void ff_magnifier_rt_canary_hide(MagnifierCanary *canary)
{
    if (canary->hwnd) {
        rt_set_bitmap(canary, NULL);
        DestroyWindow(canary->hwnd);
    }
    canary->hwnd = NULL;
    canary->seen = 0;
}

int ff_magnifier_rt_canary_seen(MagnifierCanary *canary, int max_age, int trust)
{
    if (!canary->hwnd)
        return 0;
    if ((trust || !canary->seen) && ff_magnifier_clock() - canary->looked < max_age)
        return canary->seen;
    if (!canary->seen)
        SetWindowPos(canary->hwnd, HWND_TOPMOST, 0, 0, 0, 0,
                     SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
    return rt_look(canary, 0); /* once */
}

int ff_magnifier_rt_canary_exposed(const MagnifierCanary *canary, const MagnifierRect *area,
                                   const uint8_t *data, ptrdiff_t linesize)
{
    uint32_t there[NB_PIXELS];

    read_picture(there, &canary->rect, area, data, linesize);
    for (int i = 0; i < NB_PIXELS; i++)
        if (distance(there[i], canary->color) <= TOLERANCE)
            return 1;
    return 0;
}
