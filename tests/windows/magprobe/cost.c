/*
 * magprobe: what a call and a read of the screen cost, and which monitors there are
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

#include "frame.h"
#include "magprobe.h"

#define NB_READS 100

static int compare_us(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void report_times(const char *what, int64_t *us, int nb)
{
    int64_t total = 0;
    int i;

    for (i = 0; i < nb; i++)
        total += us[i];
    qsort(us, nb, sizeof(*us), compare_us);
    fact(what, "mean %d us, 99 of 100 below %d us", (int)(total / nb), (int)us[nb * 99 / 100]);
    say("%s: %d us on average", what, (int)(total / nb));
}

/** --time: frames a second at the primary monitor's size. */
void ask_time(void)
{
    Session s = { .visible = options.visible };
    Scene scene = { 0 };
    int64_t start, end;
    int w, h, frames = 0;
    Frame f;

    use_physical_pixels();
    w = GetSystemMetrics(SM_CXSCREEN);
    h = GetSystemMetrics(SM_CYSCREEN);
    options.at.x = options.at.y = 0;
    if (session_begin(&s) || session_open(&s, w, h) || !s.api.set_callback(s.control, frame_callback))
        return;
    start = now_us();
    do {
        frame_take(&s, &scene, w, h, &f);
        frames += f.callbacks || f.late;
        end = now_us();
    } while (end - start < options.seconds * INT64_C(1000000));
    say("%d.%d frames a second at %dx%d, each looked at once", (int)(frames * INT64_C(1000000) / (end - start)),
        (int)(frames * INT64_C(10000000) / (end - start) % 10), w, h);
    fact("frames_a_second", "%.1f", frames * 1e6 / (end - start));
    session_close(&s);
    session_end(&s);
}

static void read_screen(void)
{
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    HBITMAP bitmap = CreateCompatibleBitmap(screen, 2, 2);
    HGDIOBJ old = SelectObject(dc, bitmap);
    static int64_t us[NB_READS];
    int i;

    for (i = 0; i < NB_READS; i++) {
        int64_t start = now_us();

        BitBlt(dc, 0, 0, 2, 2, screen, 0, 0, SRCCOPY);
        GdiFlush();
        us[i] = now_us() - start;
    }
    report_times("a BitBlt of 2x2 pixels from the screen", us, NB_READS);
    SelectObject(dc, old);
    DeleteObject(bitmap);
    DeleteDC(dc);
    ReleaseDC(NULL, screen);
}

void ask_cost(void)
{
    wine_cannot_tell("what these calls cost where the desktop is composed by DWM; here is what they cost now");
    read_screen();
    options.seconds = 2;
    ask_time();
}

static BOOL CALLBACK call_on_monitor(HMONITOR monitor, HDC dc, LPRECT r, LPARAM param)
{
    Session *s = (Session *)param;
    int i, failed = 0, w = r->right - r->left, h = r->bottom - r->top;

    (void)monitor;
    (void)dc;
    for (i = 0; i < options.calls; i++) {
        about_to_call(i + 1);
        failed += !s->api.set_source(s->control, *r);
        pump();
    }
    say("%dx%d at %ld,%ld: %d of %d calls failed", w, h, r->left, r->top, failed, options.calls);
    return TRUE;
}

void ask_monitors(void)
{
    Session s = { .visible = options.visible };
    RECT all;

    if (session_begin(&s))
        return;
    SetRect(&all, 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN));
    if (session_open(&s, all.right, all.bottom) || !s.api.set_callback(s.control, frame_callback))
        return;
    fact("monitors", "%d", GetSystemMetrics(SM_CMONITORS));
    EnumDisplayMonitors(NULL, NULL, call_on_monitor, (LPARAM)&s);
    session_close(&s);
    session_end(&s);
}
