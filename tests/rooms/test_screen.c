/*
 * Test of screen.c
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
 * BitBlt is stood in for: it waits, fails, or is Windows 7's, as a test says.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavutil/error.h"

#include "libavdevice/magnifier/screen.h"

#include "imports.h"
#include "tap.h"

#define COLOR 0x3366cc

/* ---- standing in for Windows ---- */

static DWORD major, minor;      ///< Windows' version, 0: what it is
static volatile LONG nb_copies, nb_contexts, copies_fail;
static volatile DWORD last_rop;
static volatile DWORD copying_thread;
static HANDLE gate;             ///< an event: copies go on

static FARPROC (WINAPI *real_GetProcAddress)(HMODULE, LPCSTR);
static BOOL    (WINAPI *real_BitBlt)(HDC, int, int, int, int, HDC, int, int, DWORD);
static HDC     (WINAPI *real_GetDC)(HWND);

static LONG WINAPI my_RtlGetVersion(OSVERSIONINFOW *info)
{
    info->dwMajorVersion = major;
    info->dwMinorVersion = minor;
    return 0;
}

static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name)
{
    if (major && !strcmp(name, "RtlGetVersion"))
        return (FARPROC)(void (*)(void))my_RtlGetVersion;
    return real_GetProcAddress(module, name);
}

static BOOL WINAPI my_BitBlt(HDC dc, int x, int y, int width, int height, HDC from, int left, int top, DWORD rop)
{
    copying_thread = GetCurrentThreadId();
    last_rop       = rop;
    InterlockedIncrement(&nb_copies);
    WaitForSingleObject(gate, INFINITE);
    /* Wine knows the flag, too */
    return !copies_fail && real_BitBlt(dc, x, y, width, height, from, left, top, rop);
}

static HDC WINAPI my_GetDC(HWND hwnd)
{
    InterlockedIncrement(&nb_contexts);
    return real_GetDC(hwnd);
}

#define REPLACE(f) (real_##f = (void *)imports_replace(#f, (void *)my_##f))

static int replace_imports(void)
{
    return REPLACE(GetProcAddress) && REPLACE(BitBlt) && REPLACE(GetDC);
}

/* ---- the tests ---- */

static const MagnifierRect spots[2] = { { 40, 50, 42, 52 }, { 10, 10, 12, 12 } };
static uint32_t pixels[2 * MAGNIFIER_SPOT_PIXELS];

static int is_color(const uint32_t *p, uint32_t color)
{
    for (int i = 0; i < MAGNIFIER_SPOT_PIXELS; i++)
        if (p[i] != color)
            return 0;
    return 1;
}

static int read_now(MagnifierScreen *screen, int nb)
{
    ff_magnifier_rt_screen_begin(screen, spots, nb);
    return ff_magnifier_rt_screen_end(screen, pixels, 1);
}

/** A window over the first spot. */
static HWND show_window(void)
{
    HWND hwnd = CreateWindowExW(WS_EX_TOPMOST | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, L"STATIC", L"", WS_POPUP,
                                30, 40, 30, 30, NULL, NULL, GetModuleHandleW(NULL), NULL);

    ShowWindow(hwnd, SW_SHOWNOACTIVATE);
    return hwnd;
}

/** Give it its colour, after what it may have painted itself. */
static void paint(HWND hwnd)
{
    HBRUSH brush = CreateSolidBrush(RGB(COLOR >> 16, COLOR >> 8 & 255, COLOR & 255));
    RECT all = { 0, 0, 30, 30 };
    HDC dc;
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
    dc = real_GetDC(hwnd);
    FillRect(dc, &all, brush);
    ReleaseDC(hwnd, dc);
    DeleteObject(brush);
}

static void spots_are_read_by_a_thread_that_keeps_its_contexts(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();
    HWND hwnd = show_window();
    int i;

    CHECK(screen && hwnd);
    nb_contexts = 0;
    for (i = 0; i < 500 && (read_now(screen, 2) < 0 || !is_color(pixels, COLOR)); i++) {
        paint(hwnd);
        Sleep(10);
    }
    CHECK(is_color(pixels, COLOR), "%06x", pixels[0]);
    CHECK(!is_color(pixels + MAGNIFIER_SPOT_PIXELS, COLOR));
    CHECK(!read_now(screen, 2) && !read_now(screen, 1) && !read_now(screen, 2));
    CHECK(nb_contexts == 1, "%ld", (long)nb_contexts);
    CHECK(copying_thread != GetCurrentThreadId());
    DestroyWindow(hwnd);
    ff_magnifier_rt_screen_close(&screen);
    CHECK(!screen);
}

static void layered_windows_are_asked_for_on_windows_7_only(void)
{
    static const struct { DWORD major, minor; int layered; } t[] = {
        { 6, 0, 1 }, { 6, 1, 1 }, { 6, 2, 0 }, { 6, 3, 0 }, { 10, 0, 0 },
    };
    const MagnifierRect rect = { 0, 0, 64, 64 };

    for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
        MagnifierScreen *screen = ff_magnifier_rt_screen_open();

        major = t[i].major;
        minor = t[i].minor;
        CHECK(!read_now(screen, 1));
        CHECK(last_rop == (SRCCOPY | (t[i].layered ? CAPTUREBLT : 0)), "%lu.%lu: %lx", major, minor,
              (unsigned long)last_rop);
        ff_magnifier_rt_screen_is_black(&rect);
        CHECK(last_rop == (SRCCOPY | (t[i].layered ? CAPTUREBLT : 0)), "%lu.%lu: %lx", major, minor,
              (unsigned long)last_rop);
        ff_magnifier_rt_screen_close(&screen);
    }
    major = 0;
}

static void a_read_goes_on_beside(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();

    ResetEvent(gate);
    ff_magnifier_rt_screen_begin(screen, spots, 1);
    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 0) == AVERROR(EAGAIN));
    SetEvent(gate);
    CHECK(!ff_magnifier_rt_screen_end(screen, pixels, 1));
    CHECK(!ff_magnifier_rt_screen_end(screen, pixels, 0));
    ff_magnifier_rt_screen_close(&screen);
}

static void what_was_read_before_is_no_answer(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();
    LONG before;

    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 1) == AVERROR_EXTERNAL);
    before = nb_copies;
    ResetEvent(gate);
    ff_magnifier_rt_screen_begin(screen, spots, 1);
    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 1) == AVERROR_EXTERNAL, "one that hangs");
    ff_magnifier_rt_screen_begin(screen, spots, 1);
    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 0) == AVERROR_EXTERNAL);
    SetEvent(gate);
    while (nb_copies == before)
        Sleep(1);
    Sleep(50); /* for the read that hung to be over; were it not, the next lines would hold too */
    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 1) == AVERROR_EXTERNAL, "it was of before");
    CHECK(nb_copies == before + 1, "%ld", (long)(nb_copies - before));
    CHECK(!read_now(screen, 1));
    ff_magnifier_rt_screen_close(&screen);
}

static void a_copy_that_fails_is_tried_with_new_contexts(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();

    CHECK(!read_now(screen, 1));
    nb_contexts = 0;
    copies_fail = 1;
    CHECK(read_now(screen, 1) == AVERROR_EXTERNAL);
    copies_fail = 0;
    CHECK(!read_now(screen, 1));
    CHECK(nb_contexts == 1, "%ld", (long)nb_contexts);
    ff_magnifier_rt_screen_close(&screen);
}

static void none_can_be_asked_all_the_same(void)
{
    MagnifierScreen *screen = NULL;

    CHECK(read_now(screen, 1) == AVERROR_EXTERNAL);
    ff_magnifier_rt_screen_close(&screen);
}

static void a_thread_that_hangs_is_left_behind(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();
    HANDLE thread;

    ResetEvent(gate);
    ff_magnifier_rt_screen_begin(screen, spots, 1);
    CHECK(ff_magnifier_rt_screen_end(screen, pixels, 1) == AVERROR_EXTERNAL);
    thread = OpenThread(SYNCHRONIZE, FALSE, copying_thread);
    CHECK(thread != NULL);
    ff_magnifier_rt_screen_close(&screen);
    CHECK(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT);
    SetEvent(gate);
    CHECK(WaitForSingleObject(thread, 10000) == WAIT_OBJECT_0, "and ends by itself");
    CloseHandle(thread);
}

static void the_thread_is_joined(void)
{
    MagnifierScreen *screen = ff_magnifier_rt_screen_open();
    HANDLE thread;

    CHECK(!read_now(screen, 1));
    thread = OpenThread(SYNCHRONIZE, FALSE, copying_thread);
    ff_magnifier_rt_screen_begin(screen, spots, 2);
    ff_magnifier_rt_screen_close(&screen);
    CHECK(WaitForSingleObject(thread, 0) == WAIT_OBJECT_0);
    CloseHandle(thread);
}

int main(void)
{
    if (!replace_imports()) {
        printf("Bail out! an import is missing\n");
        return 1;
    }
    gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    RUN(spots_are_read_by_a_thread_that_keeps_its_contexts);
    RUN(layered_windows_are_asked_for_on_windows_7_only);
    RUN(a_read_goes_on_beside);
    RUN(what_was_read_before_is_no_answer);
    RUN(a_copy_that_fails_is_tried_with_new_contexts);
    RUN(none_can_be_asked_all_the_same);
    RUN(the_thread_is_joined);
    RUN(a_thread_that_hangs_is_left_behind);
    return tap_end("screen");
}
