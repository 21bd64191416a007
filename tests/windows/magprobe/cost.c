/*
 * magprobe: what a call and a read of the screen cost
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

#include <stdio.h>

#include "frame.h"
#include "helper.h"
#include "magprobe.h"
#include "shot.h"
#include "stats.h"

#define NB_READS    60
#define MEASURE_US  1000000

/** --time: frames a second at the primary monitor's size. */
void ask_time(void)
{
    Session s = { .visible = options.visible };
    Scene scene = { 0 };
    int64_t start, end;
    int w, h, frames = 0;
    Frame f;

    w = GetSystemMetrics(SM_CXSCREEN);
    h = GetSystemMetrics(SM_CYSCREEN);
    options.at.x = options.at.y = 0;
    if (session_begin(&s) || session_open(&s, w, h) ||
        !s.api.set_callback(s.control, frame_callback))
        return;
    start = now_us();
    do {
        frame_take(&s, &scene, w, h, &f);
        frames += f.callbacks || f.late;
        end = now_us();
    } while (end - start < options.seconds * INT64_C(1000000));
    say("%d.%d frames a second at %dx%d, each looked at once",
        (int)(frames * INT64_C(1000000) / (end - start)),
        (int)(frames * INT64_C(10000000) / (end - start) % 10), w, h);
    fact("frames_a_second", "%.1f", frames * 1e6 / (end - start));
    session_close(&s);
    session_end(&s);
}

typedef struct Reader {
    Times times;
    volatile LONG stop;
} Reader;

/* Reads of 2x2 pixels until it is told to stop, or there are enough. */
static DWORD CALLBACK read_screen(LPVOID arg)
{
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    HBITMAP bitmap = CreateCompatibleBitmap(screen, 2, 2);
    HGDIOBJ old = SelectObject(dc, bitmap);
    Reader *reader = arg;

    while (!reader->stop && reader->times.nb < NB_READS) {
        int64_t start = now_us();

        BitBlt(dc, 0, 0, 2, 2, screen, 0, 0, SRCCOPY);
        GdiFlush();
        times_add(&reader->times, now_us() - start);
    }
    SelectObject(dc, old);
    DeleteObject(bitmap);
    DeleteDC(dc);
    ReleaseDC(NULL, screen);
    return 0;
}

/* Pictures of r for a second. @return the mean of a call in microseconds, the copying included */
static int time_calls(Session *s, const RECT *r, const char *what)
{
    Times times = { .nb = 0 };
    int64_t start = now_us();
    Shot shot = { 0 };
    char key[64];

    while (now_us() - start < MEASURE_US)
        if (!shot_take(s, r, &shot))
            times_add(&times, shot.us);
    shot_free(&shot);
    snprintf(key, sizeof(key), "call_us_%s", what);
    return times_report(key, &times);
}

static void time_sizes(Session *s)
{
    static const struct Size {
        int w, h;
        const char *name;
    } sizes[] = {
        { 640, 480, "640x480" },
        { 1920, 1080, "1920x1080" },
        { 2560, 1440, "2560x1440" },
        { 3840, 2160, "3840x2160" },
    };
    int w = GetSystemMetrics(SM_CXSCREEN), h = GetSystemMetrics(SM_CYSCREEN), us;
    RECT r = { 0, 0, w, h };
    size_t i;

    us = time_calls(s, &r, "whole");
    say("a call for %dx%d takes %d us", w, h, us);
    for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        SetRect(&r, 0, 0, sizes[i].w, sizes[i].h);
        if (r.right < w && r.bottom < h)
            say("for %s %d us", sizes[i].name, time_calls(s, &r, sizes[i].name));
    }
}

static void time_moving(Session *s)
{
    RECT r = { 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN) };
    Helper h;

    if (helper_start(&h, L"changing", 0))
        return;
    helper_window(&h);
    say("while a window changes %d us", time_calls(s, &r, "moving"));
    helper_end(&h);
}

static void time_reads(Session *s)
{
    static Reader alone, beside;
    RECT r = { 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN) };
    HANDLE thread;

    read_screen(&alone);
    say("a BitBlt of 2x2 pixels from the screen %d us", times_report("read_alone", &alone.times));
    thread = CreateThread(NULL, 0, read_screen, &beside, 0, NULL);
    if (!thread)
        return;
    time_calls(s, &r, "beside_reads");
    beside.stop = 1;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    say("beside calls on another thread %d us", times_report("read_beside", &beside.times));
}

void ask_cost(void)
{
    DEVMODEW mode = { .dmSize = sizeof(mode) };
    Session s = { 0 };

    if (EnumDisplaySettingsW(NULL, ENUM_CURRENT_SETTINGS, &mode))
        fact("refresh_hz", "%lu", mode.dmDisplayFrequency);
    if (shot_begin(&s, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN)))
        return;
    time_sizes(&s);
    time_moving(&s);
    time_reads(&s);
    wine_cannot_tell("what these calls cost where DWM composes the desktop");
    session_close(&s);
    session_end(&s);
}
