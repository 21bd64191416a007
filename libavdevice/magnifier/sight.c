/*
 * magnifier: what can be seen of a window
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
 * What can be seen of this window?
 */

#include "config.h"

#include <stdint.h>

#include "libavutil/attributes.h"

#include <windows.h>

#include "sight.h"

/* Newer than _WIN32_WINNT. */
#define ATTRIBUTE_CLOAKED 14

av_cold void ff_magnifier_rt_sight_open(MagnifierSight *sight)
{
    /* Until it has been asked. */
    sight->animations = 1;
    sight->dwmapi = LoadLibraryExW(L"dwmapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (sight->dwmapi)
        sight->get_attribute = (MagnifierGetAttribute)(void (*)(void))
            GetProcAddress(sight->dwmapi, "DwmGetWindowAttribute");
}

av_cold void ff_magnifier_rt_sight_close(MagnifierSight *sight)
{
    if (sight->dwmapi)
        FreeLibrary(sight->dwmapi);
    sight->dwmapi        = NULL;
    sight->get_attribute = NULL;
}

void ff_magnifier_rt_sight_read_settings(MagnifierSight *sight)
{
    ANIMATIONINFO animation = { .cbSize = sizeof(animation), .iMinAnimate = 1 };

    if (!SystemParametersInfoW(SPI_GETANIMATION, sizeof(animation), &animation, 0))
        animation.iMinAnimate = 1;
    sight->animations = !!animation.iMinAnimate;
}

int ff_magnifier_rt_sight_add_unseen(const MagnifierSight *sight, MagnifierGuardList *list,
                                     HWND hwnd, uint64_t serial, int shown, unsigned gone)
{
    const MagnifierGuardRect none = { 0 };
    unsigned flags = MAGNIFIER_GUARD_VISIBLE | MAGNIFIER_GUARD_NO_RECT | gone;

    if (sight->animations && shown)
        flags |= MAGNIFIER_GUARD_ANIMATES;
    return ff_magnifier_guard_add(list, (uintptr_t)hwnd, serial, flags, &none);
}

int ff_magnifier_rt_sight_add(const MagnifierSight *sight, MagnifierGuardList *list,
                              MagnifierWindow *win, unsigned if_gone)
{
    MagnifierGuardRect rect = { 0 };
    unsigned flags = 0;
    RECT r;
    DWORD style, cloaked = 0;
    int placed;

    SetLastError(ERROR_SUCCESS);
    style = GetWindowLongW(win->hwnd, GWL_STYLE);
    if (!style && GetLastError() != ERROR_SUCCESS) {
        /* It went while we were looking. Was it in a picture? One cannot tell. */
        return ff_magnifier_rt_sight_add_unseen(sight, list, win->hwnd, win->serial, 1, if_gone);
    }
    /* What is minimised is not always out of sight: without a taskbar, and where the window has
     * no button on it, a small caption stays on the screen. */
    placed = style & WS_VISIBLE && GetWindowRect(win->hwnd, &r);
    if (style & WS_VISIBLE &&
        !(style & WS_MINIMIZE && placed &&
          (r.left <= MAGNIFIER_NOWHERE || r.top <= MAGNIFIER_NOWHERE)) &&
        !(sight->get_attribute && sight->get_attribute(win->hwnd, ATTRIBUTE_CLOAKED, &cloaked,
                                                       sizeof(cloaked)) >= 0 && cloaked))
        flags |= MAGNIFIER_GUARD_VISIBLE;
    if (sight->animations && ((style & WS_CAPTION) == WS_CAPTION || style & WS_THICKFRAME))
        flags |= MAGNIFIER_GUARD_ANIMATES;
    if (flags & MAGNIFIER_GUARD_VISIBLE && placed)
        rect = (MagnifierGuardRect) { r.left, r.top, r.right, r.bottom };
    else
        flags |= MAGNIFIER_GUARD_NO_RECT;
    win->hidden   = !(style & WS_VISIBLE);
    win->animates = !!(flags & MAGNIFIER_GUARD_ANIMATES);
    win->sighted  = 1;
    return ff_magnifier_guard_add(list, (uintptr_t)win->hwnd, win->serial, flags, &rect);
}

int ff_magnifier_rt_sight_add_again(const MagnifierSight *sight, MagnifierGuardList *list,
                                    MagnifierWindow *win)
{
    const MagnifierGuardRect none = { 0 };

    if (!win->sighted || !win->hidden)
        return ff_magnifier_rt_sight_add(sight, list, win, 0);
    return ff_magnifier_guard_add(list, (uintptr_t)win->hwnd, win->serial,
                                  MAGNIFIER_GUARD_NO_RECT |
                                  (win->animates ? MAGNIFIER_GUARD_ANIMATES : 0), &none);
}
