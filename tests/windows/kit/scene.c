/*
 * verify: a window to be left out, in front of one that is not
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

#include "verify.h"

#define BACK_CLASS     L"magnifier-kit-back"
#define MAGENTA_WIDTH  320
#define MAGENTA_HEIGHT 200
#define MARGIN         40

#define SEEN_MS 5000        // as long as this it is waited for the screen
#define STIR_MS 250         // the magenta window does something

#define WM_STIR  (WM_APP + 1)
#define WM_LEAVE (WM_APP + 2)

#define WIDEN_(s) L##s
#define WIDEN(s)  WIDEN_(s)

/* No tool windows, which the device would take for menus of each other. */
static HWND make(const WCHAR *name, int x, int y, int w, int h)
{
    HWND hwnd = CreateWindowExW(WS_EX_TOPMOST, name, name, WS_POPUP, x, y, w, h, NULL, NULL,
                                GetModuleHandleW(NULL), NULL);

    if (hwnd) {
        SetWindowPos(hwnd, HWND_TOPMOST, 0, 0, 0, 0,
                     SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
        UpdateWindow(hwnd);
    }
    return hwnd;
}

static HWND make_magenta(const Scene *s)
{
    return make(WIDEN(MAGENTA_CLASS), s->back.left + MARGIN, s->back.top + MARGIN,
                MAGENTA_WIDTH, MAGENTA_HEIGHT);
}

/* Each step is one in which a window could get into a frame. */
static void stir(const Scene *s, HWND *hwnd, unsigned step)
{
    int x = s->back.left + MARGIN + step * 37 % (BACK_WIDTH - MAGENTA_WIDTH - 2 * MARGIN);
    int y = s->back.top + MARGIN + step * 23 % (BACK_HEIGHT - MAGENTA_HEIGHT - 2 * MARGIN);

    switch (step % 6) {
    case 0:
        ShowWindow(*hwnd, SW_HIDE);
        break;
    case 1:
        SetWindowPos(*hwnd, HWND_TOPMOST, x, y, 0, 0,
                     SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
        break;
    case 3:
        DestroyWindow(*hwnd);
        *hwnd = NULL;
        break;
    case 4:
        *hwnd = make_magenta(s);
        break;
    default:
        SetWindowPos(*hwnd, NULL, x, y, 0, 0, SWP_NOSIZE | SWP_NOACTIVATE | SWP_NOZORDER);
    }
    if (*hwnd)
        UpdateWindow(*hwnd);
}

static int screen_is(int x, int y, COLORREF color)
{
    HDC dc = GetDC(NULL);
    COLORREF there = GetPixel(dc, x, y);

    ReleaseDC(NULL, dc);
    return there != CLR_INVALID && abs(GetRValue(there) - GetRValue(color)) <= 12 &&
           abs(GetGValue(there) - GetGValue(color)) <= 12 &&
           abs(GetBValue(there) - GetBValue(color)) <= 12;
}

static void dispatch_all(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

/* The screen shows both, or it took too long. */
static int wait_until_seen(const Scene *s)
{
    DWORD start = GetTickCount();
    int seen;

    do {
        dispatch_all();
        seen = screen_is(s->back.left + MARGIN / 2, s->back.top + MARGIN / 2,
                         RGB(BACK_GREY, BACK_GREY, BACK_GREY)) &&
               screen_is(s->back.left + 2 * MARGIN, s->back.top + 2 * MARGIN, RGB(255, 0, 255));
        if (!seen)
            MsgWaitForMultipleObjects(0, NULL, FALSE, 20, QS_ALLINPUT);
    } while (!seen && GetTickCount() - start < SEEN_MS);
    return seen;
}

static void register_class(const WCHAR *name, COLORREF color)
{
    WNDCLASSW wc = {
        .lpfnWndProc   = DefWindowProcW,
        .hInstance     = GetModuleHandleW(NULL),
        .hCursor       = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW),
        .hbrBackground = CreateSolidBrush(color),
        .lpszClassName = name,
    };

    RegisterClassW(&wc);
}

static void serve(const Scene *s, HWND *magenta)
{
    UINT_PTR timer = 0;
    unsigned step = 0;
    MSG msg;

    while (GetMessageW(&msg, NULL, 0, 0) > 0) {
        if (msg.hwnd) {
            DispatchMessageW(&msg);
        } else if (msg.message == WM_LEAVE) {
            return;
        } else if (msg.message == WM_STIR && !timer) {
            timer = SetTimer(NULL, 0, STIR_MS, NULL);
        } else if (msg.message == WM_TIMER) {
            stir(s, magenta, step++);
        }
    }
}

static DWORD WINAPI run(LPVOID opaque)
{
    Scene *s = opaque;
    HWND back, magenta;

    s->back.left   = (GetSystemMetrics(SM_CXSCREEN) - BACK_WIDTH) / 2;
    s->back.top    = (GetSystemMetrics(SM_CYSCREEN) - BACK_HEIGHT) / 2;
    s->back.right  = s->back.left + BACK_WIDTH;
    s->back.bottom = s->back.top + BACK_HEIGHT;
    s->magenta_width  = MAGENTA_WIDTH;
    s->magenta_height = MAGENTA_HEIGHT;
    register_class(BACK_CLASS, RGB(BACK_GREY, BACK_GREY, BACK_GREY));
    register_class(WIDEN(MAGENTA_CLASS), RGB(255, 0, 255));
    back    = make(BACK_CLASS, s->back.left, s->back.top, BACK_WIDTH, BACK_HEIGHT);
    magenta = make_magenta(s);
    s->seen = back && magenta && wait_until_seen(s);
    SetEvent(s->ready);
    serve(s, &magenta);
    if (magenta)
        DestroyWindow(magenta);
    if (back)
        DestroyWindow(back);
    return 0;
}

int scene_open(Scene *s)
{
    memset(s, 0, sizeof(*s));
    s->ready  = CreateEventW(NULL, TRUE, FALSE, NULL);
    s->thread = CreateThread(NULL, 0, run, s, 0, &s->id);
    if (!s->thread || !s->ready)
        return -1;
    WaitForSingleObject(s->ready, INFINITE);
    return 0;
}

void scene_stir(Scene *s)
{
    PostThreadMessageW(s->id, WM_STIR, 0, 0);
}

void scene_close(Scene *s)
{
    if (s->thread) {
        PostThreadMessageW(s->id, WM_LEAVE, 0, 0);
        WaitForSingleObject(s->thread, INFINITE);
        CloseHandle(s->thread);
    }
    if (s->ready)
        CloseHandle(s->ready);
    memset(s, 0, sizeof(*s));
}
