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

/** Difference in one channel that a colour conversion on the way may make. */
#define TOLERANCE 12
/** And one that is enough to choose a colour freely. */
#define FAR_ENOUGH 96
/** Shades of each colour, by a step in each channel that is more than twice the tolerance. */
#define SHADES 8
#define STEP 32
/** Pixels between a canary and the edges of its area. */
#define MARGIN 8

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

/** A little nearer to the middle in each channel whose bit is set. */
static uint32_t shade_of(uint32_t color, unsigned shade)
{
    for (int shift = 0; shift < 24; shift += 8, shade >>= 1)
        if (shade & 1)
            color += color >> shift & 0x80 ? -(STEP << shift) : STEP << shift;
    return color;
}

/**
 * A colour that differs from what is there: any that is far enough, else the farthest. Another
 * recording of the same place has a canary there, too, maybe chosen in the same moment; were it
 * of the same colour, it would be taken for this one. So the window's handle says
 * which, and two seldom take the same.
 */
static uint32_t choose_color(HWND hwnd, const uint32_t *there, int nb)
{
    uint32_t chance = (uint32_t)(uintptr_t)hwnd * 0x9E3779B1u >> 16, best = palette[0];
    int best_distance = -1;

    for (size_t i = 0; i < FF_ARRAY_ELEMS(palette) * SHADES; i++) {
        unsigned n     = (chance + i) % (FF_ARRAY_ELEMS(palette) * SHADES);
        uint32_t color = shade_of(palette[n / SHADES], n % SHADES);
        int nearest    = 255;

        for (int k = 0; k < nb; k++)
            nearest = FFMIN(nearest, distance(color, there[k]));
        if (nearest >= FAR_ENOUGH)
            return color;
        if (nearest > best_distance) {
            best          = color;
            best_distance = nearest;
        }
    }
    return best;
}

MagnifierRect ff_magnifier_canary_place(const MagnifierRect *area, unsigned n)
{
    int x = FFMIN(MARGIN, (area->right  - area->left - MAGNIFIER_CANARY_SIZE) / 2);
    int y = FFMIN(MARGIN, (area->bottom - area->top  - MAGNIFIER_CANARY_SIZE) / 2);
    MagnifierRect r;

    r.left   = n & 1 ? area->left + x : area->right  - x - MAGNIFIER_CANARY_SIZE;
    r.top    = n & 2 ? area->top  + y : area->bottom - y - MAGNIFIER_CANARY_SIZE;
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
    uint32_t pixels[MAGNIFIER_CANARY_PIXELS];
    HBITMAP bitmap;

    for (int i = 0; i < MAGNIFIER_CANARY_PIXELS; i++)
        pixels[i] = color; /* with alpha, comctl32 would show a copy and leave it to us */
    bitmap = CreateBitmap(MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE, 1, 32, pixels);
    if (!bitmap)
        return AVERROR_EXTERNAL;
    rt_set_bitmap(canary, bitmap);
    canary->color = color;
    return 0;
}

static int rt_create_window(MagnifierCanary *canary)
{
    canary->hwnd = CreateWindowExW(WS_EX_LAYERED | WS_EX_TRANSPARENT | WS_EX_TOPMOST |
                                   WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE,
                                   L"STATIC", L"", WS_POPUP | SS_BITMAP,
                                   canary->rect.left, canary->rect.top,
                                   MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE,
                                   NULL, NULL, ff_magnifier_rt_instance(), NULL);
    /* layered, for the clicks to go through, but opaque */
    if (!canary->hwnd || !SetLayeredWindowAttributes(canary->hwnd, 0, 255, LWA_ALPHA))
        return AVERROR_EXTERNAL;
    return 0;
}

static int rt_show_window(const MagnifierCanary *canary)
{
    if (!SetWindowPos(canary->hwnd, HWND_TOPMOST, canary->rect.left, canary->rect.top,
                      MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE,
                      SWP_NOACTIVATE | SWP_SHOWWINDOW) ||
        !UpdateWindow(canary->hwnd))
        return AVERROR_EXTERNAL;
    return 0;
}

int ff_magnifier_rt_canary_show(MagnifierCanary *canary, const MagnifierRect *place,
                                const uint32_t *there, int nb)
{
    int ret;

    *canary = (MagnifierCanary) { .rect = *place };
    ret = rt_create_window(canary);
    if (ret >= 0)
        ret = rt_set_color(canary, choose_color(canary->hwnd, there, nb));
    if (ret >= 0)
        ret = rt_show_window(canary);
    if (ret < 0)
        ff_magnifier_rt_canary_hide(canary);
    return ret;
}

void ff_magnifier_rt_canary_raise(const MagnifierCanary *canary)
{
    SetWindowPos(canary->hwnd, HWND_TOPMOST, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
}

void ff_magnifier_rt_canary_hide(MagnifierCanary *canary)
{
    if (canary->hwnd) {
        rt_set_bitmap(canary, NULL);
        DestroyWindow(canary->hwnd);
    }
    canary->hwnd = NULL;
}

void ff_magnifier_canary_pixels(uint32_t pixels[MAGNIFIER_CANARY_PIXELS], const MagnifierRect *place,
                                const MagnifierRect *area, const uint8_t *data, ptrdiff_t linesize)
{
    data += (place->top - area->top) * linesize + 4 * (place->left - area->left);
    for (int y = 0; y < MAGNIFIER_CANARY_SIZE; y++, data += linesize)
        for (int x = 0; x < MAGNIFIER_CANARY_SIZE; x++)
            *pixels++ = data[4 * x] | data[4 * x + 1] << 8 | data[4 * x + 2] << 16;
}

int ff_magnifier_canary_shown(const MagnifierCanary *canary,
                              const uint32_t pixels[MAGNIFIER_CANARY_PIXELS])
{
    int nb = 0;

    for (int i = 0; i < MAGNIFIER_CANARY_PIXELS; i++)
        nb += distance(pixels[i], canary->color) <= TOLERANCE;
    return nb;
}
