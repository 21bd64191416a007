/*
 * magprobe: a copy of one picture
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

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "magprobe.h"
#include "shot.h"

#define TOLERANCE 12

static Shot *wanted;            /* the shot that the callback fills */

static BOOL CALLBACK copy_picture(HWND hwnd, void *src, ImageHeader h, void *dst,
                                  ImageHeader dst_header, RECT unclipped, RECT clipped, HRGN dirty)
{
    size_t need = h.height ? h.offset + (size_t)h.stride * (h.height - 1) + 4 * (size_t)h.width : 0;
    UINT x, y;

    (void)hwnd; (void)dst; (void)dst_header; (void)unclipped; (void)clipped; (void)dirty;
    if (!wanted || wanted->pixels || !src || !need || h.width > 32767 || h.height > 32767 ||
        h.stride < 4 * h.width || !memory_is_readable(src, need))
        return TRUE;
    wanted->header = h;
    wanted->w      = h.width;
    wanted->h      = h.height;
    wanted->pixels = malloc(4 * (size_t)h.width * h.height);
    for (y = 0; wanted->pixels && y < h.height; y++) {
        uint32_t *row = wanted->pixels + (size_t)y * h.width;

        memcpy(row, (uint8_t *)src + h.offset + (size_t)y * h.stride, 4 * (size_t)h.width);
        for (x = 0; x < h.width; x++)
            row[x] &= 0xffffff;
    }
    return TRUE;
}

int shot_begin(Session *s, int w, int h)
{
    s->visible = options.visible;
    return session_begin(s) || session_open(s, w, h) ||
           !s->api.set_callback(s->control, copy_picture) ? -1 : 0;
}

int shot_take(Session *s, const RECT *r, Shot *shot)
{
    static unsigned n;
    int64_t start;

    shot_free(shot);
    wanted = shot;
    SetWindowPos(s->control, NULL, 0, 0, r->right - r->left, r->bottom - r->top,
                 SWP_NOZORDER | SWP_NOACTIVATE);
    about_to_call(++n);
    start = now_us();
    s->api.set_source(s->control, *r);
    shot->us = now_us() - start;
    if (s->visible) {
        InvalidateRect(s->control, NULL, FALSE);
        UpdateWindow(s->control);
    }
    pump();
    wanted = NULL;
    return shot->pixels ? 0 : -1;
}

void shot_free(Shot *shot)
{
    free(shot->pixels);
    memset(shot, 0, sizeof(*shot));
}

int colour_distance(uint32_t a, uint32_t b)
{
    int shift, d, most = 0;

    for (shift = 0; shift < 24; shift += 8) {
        d    = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        most = d > most ? d : most;
    }
    return most;
}

int shot_count(const Shot *shot, uint32_t colour)
{
    int i, n = 0;

    for (i = 0; shot->pixels && i < shot->w * shot->h; i++)
        n += colour_distance(shot->pixels[i], colour) <= TOLERANCE;
    return n;
}

int shot_differ(const Shot *a, const Shot *b)
{
    int i, n = 0;

    if (!a->pixels || !b->pixels || a->w != b->w || a->h != b->h)
        return -1;
    for (i = 0; i < a->w * a->h; i++)
        n += a->pixels[i] != b->pixels[i];
    return n;
}
