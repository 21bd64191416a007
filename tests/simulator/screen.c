/*
 * Simulator of Magnification.dll: what a read of the screen shows and costs
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

#include "compose.h"
#include "log.h"
#include "profile.h"
#include "screen.h"
#include "session.h"

#ifndef CAPTUREBLT
#define CAPTUREBLT 0x40000000
#endif

static LONG busy;
static SimSurface surface;      /* of whoever has set busy */

static int is_screen(HDC dc)
{
    HWND hwnd;

    if (GetObjectType(dc) != OBJ_DC)
        return 0;
    hwnd = WindowFromDC(dc);
    return !hwnd || hwnd == GetDesktopWindow();
}

static void wait_for_refresh(void)
{
    long ms = sim_value(SIM_SCREEN_READ_MS, sim_session_frames() + 1);
    LARGE_INTEGER frequency, begin, now;

    // Sleep() goes by a clock of some milliseconds and may end that much early
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&begin);
    for (now = begin; (now.QuadPart - begin.QuadPart) * 1000 < ms * frequency.QuadPart;
         QueryPerformanceCounter(&now))
        Sleep(1);
}

typedef struct Layered {
    HWND list[256];
    int nb;
} Layered;

static BOOL CALLBACK collect_layered(HWND hwnd, LPARAM param)
{
    Layered *layered = (Layered *)param;

    if (IsWindowVisible(hwnd) && (GetWindowLongW(hwnd, GWL_EXSTYLE) & WS_EX_LAYERED))
        layered->list[layered->nb++] = hwnd;
    return layered->nb < 256;
}

static BOOL read_without_layered(HDC dst, int x, int y, int width, int height,
                                 int from_x, int from_y, DWORD rop)
{
    RECT rect = { from_x, from_y, from_x + width, from_y + height };
    Layered layered = { .nb = 0 };
    BOOL ok;

    if (width <= 0 || height <= 0)
        return FALSE;
    EnumWindows(collect_layered, (LPARAM)&layered);
    while (InterlockedExchange(&busy, 1))
        Sleep(1);
    ok = !sim_compose(&surface, &rect, layered.list, layered.nb, 0, NULL) &&
         BitBlt(dst, x, y, width, height, surface.picture.dc, 0, 0, rop);
    InterlockedExchange(&busy, 0);
    return ok;
}

/* What the program's calls went to before: it may have a function of its own there. */
static BOOL (WINAPI *next_bitblt)(HDC dst, int x, int y, int width, int height,
                                  HDC src, int from_x, int from_y, DWORD rop) = BitBlt;

BOOL WINAPI sim_screen_bitblt(HDC dst, int x, int y, int width, int height,
                              HDC src, int from_x, int from_y, DWORD rop)
{
    int bare = !(rop & CAPTUREBLT) &&
               sim_value(SIM_SCREEN_LAYERED, sim_session_frames() + 1) == SIM_LAYERED_CAPTUREBLT;

    if (!is_screen(src))
        return next_bitblt(dst, x, y, width, height, src, from_x, from_y, rop);
    wait_for_refresh();
    return bare ? read_without_layered(dst, x, y, width, height, from_x, from_y, rop) :
                  next_bitblt(dst, x, y, width, height, src, from_x, from_y, rop);
}

void sim_screen_bitblt_was(void *original)
{
    if (original != (void *)BitBlt)
        next_bitblt = original;
}

COLORREF WINAPI sim_screen_get_pixel(HDC dc, int x, int y)
{
    if (is_screen(dc))
        wait_for_refresh();
    return GetPixel(dc, x, y);
}
