/*
 * magprobe: what does a read of the screen show?
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

#include <string.h>

#include "frame.h"
#include "magprobe.h"
#include "shot.h"
#include "stats.h"
#include "system.h"

#define SIZE      32
#define NB_READS  20
#define TOLERANCE 12            /* what a reader may forgive */
#define WAIT_US   400000

static const uint32_t colours[] = { 0xff00ff, 0x00ff00, 0x808080, 0xffffff, 0x203040 };
#define NB_COLOURS (int)(sizeof(colours) / sizeof(*colours))

/* The middle of the window at the scene's first place, as GDI reads the screen. */
static uint32_t read_screen(DWORD rop)
{
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    HBITMAP bitmap = CreateCompatibleBitmap(screen, 2, 2);
    HGDIOBJ old = SelectObject(dc, bitmap);
    COLORREF c = 0;

    if (BitBlt(dc, 0, 0, 2, 2, screen, options.at.x + SIZE / 2, options.at.y + SIZE / 2, rop))
        c = GetPixel(dc, 0, 0);
    SelectObject(dc, old);
    DeleteObject(bitmap);
    DeleteDC(dc);
    ReleaseDC(NULL, screen);
    return GetRValue(c) << 16 | GetGValue(c) << 8 | GetBValue(c);
}

/* How far the colour is from what was drawn, as each way of reading sees it. */
typedef struct Seen {
    int plain, captureblt, picture;
} Seen;

/* Read until the colour is there, since the desktop is composed at its own time. */
static uint32_t wait_for_colour(uint32_t colour, DWORD rop)
{
    int64_t start = now_us();
    uint32_t there;

    do {
        pump();
        there = read_screen(rop);
    } while (colour_distance(there, colour) > TOLERANCE && now_us() - start < WAIT_US);
    return there;
}

static void keep_largest(int *most, uint32_t there, uint32_t colour)
{
    int d = colour_distance(there, colour);

    if (d > *most)
        *most = d;
}

static void look(Session *s, HWND hwnd, uint32_t colour, Seen *most)
{
    RECT r = { options.at.x, options.at.y, options.at.x + SIZE, options.at.y + SIZE };
    Shot shot = { 0 };
    uint32_t plain, with;

    paint_window(hwnd, colour);
    settle();
    with  = wait_for_colour(colour, SRCCOPY | CAPTUREBLT);
    plain = read_screen(SRCCOPY);
    keep_largest(&most->captureblt, with, colour);
    keep_largest(&most->plain, plain, colour);
    if (s->control && !shot_take(s, &r, &shot) && shot.w > SIZE / 2 && shot.h > SIZE / 2) {
        uint32_t there = shot.pixels[shot.w * (SIZE / 2) + SIZE / 2];

        keep_largest(&most->picture, there, colour);
        fact("colour", "%06x is read as %06x, with CAPTUREBLT %06x, in a picture %06x", colour,
             plain, with, there);
    }
    shot_free(&shot);
}

static void try_window(Session *s, const char *kind, DWORD ex, Seen *most)
{
    HWND back = colour_window(WS_POPUP, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, 0, 0, 2 * SIZE,
                              2 * SIZE, 0x007f7f);
    HWND hwnd = colour_window(WS_POPUP, ex | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, 0, 0, SIZE, SIZE,
                              colours[0]);
    int i;

    memset(most, 0, sizeof(*most));
    for (i = 0; i < NB_COLOURS; i++)
        look(s, hwnd, colours[i], most);
    fact(kind, "colours differ by at most %d plain, %d with CAPTUREBLT, %d in a picture",
         most->plain, most->captureblt, most->picture);
    say("colours of %s differ by at most %d when read plainly, %d with CAPTUREBLT, %d in a picture",
        kind, most->plain, most->captureblt, most->picture);
    DestroyWindow(hwnd);
    DestroyWindow(back);
}

static DWORD registry_number(HKEY root, const WCHAR *path, const WCHAR *name)
{
    DWORD value = 0, size = sizeof(value);
    HKEY key;

    if (!RegOpenKeyExW(root, path, 0, KEY_READ, &key)) {
        RegQueryValueExW(key, name, NULL, NULL, (BYTE *)&value, &size);
        RegCloseKey(key);
    }
    return value;
}

/* What may change colours on the way, without asking anybody. */
static void report_conditions(void)
{
    DWORD filter =
        registry_number(HKEY_CURRENT_USER, L"Software\\Microsoft\\ColorFiltering", L"Active");
    DWORD magnify = registry_number(HKEY_CURRENT_USER, L"Software\\Microsoft\\ScreenMagnifier",
                                    L"RunningState");
    HDC screen    = GetDC(NULL);

    fact("colour_filter", "%lu", filter);
    fact("magnifier_running", "%lu", magnify);
    fact("remote_session", "%d", GetSystemMetrics(SM_REMOTESESSION));
    fact("bits_a_pixel", "%d", GetDeviceCaps(screen, BITSPIXEL));
    if (filter || magnify || GetSystemMetrics(SM_REMOTESESSION))
        say("meanwhile:%s%s%s", filter ? " a colour filter is on" : "",
            magnify ? " Windows Magnifier runs" : "",
            GetSystemMetrics(SM_REMOTESESSION) ? " the session is remote" : "");
    ReleaseDC(NULL, screen);
}

static void time_reads(void)
{
    Times times = { .nb = 0 };
    int i, mean;

    for (i = 0; i < NB_READS; i++) {
        int64_t start = now_us();

        read_screen(SRCCOPY);
        times_add(&times, now_us() - start);
    }
    mean = times_report("screen_read", &times);
    setting("screen_read_ms = %d", (int)(times.us[NB_READS / 2] / 1000));
    say("a read takes %d us", mean);
}

void ask_screen(void)
{
    Session s = { 0 };
    Seen plain, layered;

    if (shot_begin(&s, SIZE, SIZE))
        say("pictures cannot be had, only reads of the screen");
    report_conditions();
    try_window(&s, "an ordinary window", 0, &plain);
    try_window(&s, "a layered window", WS_EX_LAYERED | WS_EX_TRANSPARENT, &layered);
    if (plain.plain <= TOLERANCE && layered.captureblt <= TOLERANCE)
        setting("screen_layered = %s", layered.plain <= TOLERANCE ? "shown" : "captureblt");
    time_reads();
    wine_cannot_tell("HDR, Night light, colour filters and RDP");
    session_close(&s);
    session_end(&s);
}
