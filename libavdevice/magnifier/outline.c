/*
 * magnifier: the outline of the region
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

#include <windows.h>

#include "libavutil/log.h"

#include "outline.h"
#include "runtime.h"

/** Pixels. */
#define WIDTH 2

/** The four sides of two frames, one around the other. */
static MagnifierRect side_of(const MagnifierRect *rect, int n)
{
    const int inner = n / 4 * WIDTH, outer = inner + WIDTH;
    MagnifierRect r = { rect->left - outer, rect->top - outer, rect->right + outer, rect->bottom + outer };

    switch (n % 4) {
    case 0: r.bottom = rect->top    - inner; break;
    case 1: r.top    = rect->bottom + inner; break;
    case 2: r.right  = rect->left   - inner; break;
    case 3: r.left   = rect->right  + inner; break;
    }
    return r;
}

/** A STATIC control, as canaries are: it paints itself, and no window procedure of ours is left. */
static HWND rt_create_side(int n)
{
    return CreateWindowExW(WS_EX_TOPMOST | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, L"STATIC", L"",
                           WS_POPUP | (n < 4 ? SS_WHITERECT : SS_BLACKRECT), 0, 0, 0, 0, NULL, NULL,
                           ff_magnifier_rt_instance(), NULL);
}

void ff_magnifier_rt_outline_show(MagnifierOutline *outline, const MagnifierRect *rect,
                                  MagnifierLog *log)
{
    for (int i = 0; i < MAGNIFIER_OUTLINE_SIDES && !outline->failed; i++) {
        const MagnifierRect r = side_of(rect, i);

        if (!outline->sides[i])
            outline->sides[i] = rt_create_side(i);
        if (outline->sides[i] && SetWindowPos(outline->sides[i], HWND_TOPMOST, r.left, r.top,
                                              r.right - r.left, r.bottom - r.top,
                                              SWP_NOACTIVATE | SWP_SHOWWINDOW) &&
            UpdateWindow(outline->sides[i]))
            continue;
        outline->failed = 1;
        ff_magnifier_log(log, AV_LOG_WARNING, "The outline of the region could not be shown "
                         "(error %lu); recording without\n", GetLastError());
    }
    if (outline->failed)
        ff_magnifier_rt_outline_hide(outline);
}

void ff_magnifier_rt_outline_hide(MagnifierOutline *outline)
{
    for (int i = 0; i < MAGNIFIER_OUTLINE_SIDES; i++) {
        if (outline->sides[i])
            DestroyWindow(outline->sides[i]);
        outline->sides[i] = NULL;
    }
}
