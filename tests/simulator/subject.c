/*
 * Tests of the simulator: windows of known looks in known places
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

/**
 * @file
 * subject [--for MS] SPEC... opens a window for each SPEC, the first lowest, prints
 * `ready` when all are painted, and stays until its standard input ends (or for
 * MS milliseconds).
 *
 *     SPEC = TITLE:X,Y,WxH:LOOK[:OPTION,...]
 *     LOOK = RRGGBB, or `pattern`: a colour that is a function of the place
 *
 * Options: alpha=N (layered, constant alpha), bare (layered, attributes never
 * set), key (layered, black is transparent), pixels (UpdateLayeredWindow, left
 * half transparent, right half half-transparent), click (layered, transparent
 * to clicks, opaque), round (an elliptic region), frame (caption and border),
 * hidden, hung (its thread never takes a message after it is painted), restless
 * (moves, changes its size, goes and comes back about 100 times a second).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define MAX_WINDOWS 64

typedef struct Subject {
    char title[64];
    int x, y, width, height;
    int pattern;
    COLORREF colour;
    char options[64];
    HWND hwnd;
} Subject;

static Subject subjects[MAX_WINDOWS];
static int nb_subjects;

static COLORREF pattern(int x, int y)
{
    return RGB(x & 255, y & 255, (x * 7 + y * 13) & 255);
}

static int has(const Subject *s, const char *option)
{
    return !!strstr(s->options, option);
}

static void draw(HDC dc, const Subject *s)
{
    RECT all = { 0, 0, s->width, s->height };
    HBRUSH brush;
    int x, y;

    if (s->pattern) {
        BITMAPINFO info = { .bmiHeader = { .biSize = sizeof(BITMAPINFOHEADER),
                                           .biWidth = s->width, .biHeight = -s->height,
                                           .biPlanes = 1, .biBitCount = 32 } };
        unsigned *pixels = malloc(4 * s->width * s->height);

        for (y = 0; y < s->height; y++)
            for (x = 0; x < s->width; x++) {
                COLORREF c = pattern(x, y);

                pixels[y * s->width + x] = GetRValue(c) << 16 | GetGValue(c) << 8 | GetBValue(c);
            }
        SetDIBitsToDevice(dc, 0, 0, s->width, s->height, 0, 0, 0, s->height, pixels,
                          &info, DIB_RGB_COLORS);
        free(pixels);
        return;
    }
    brush = CreateSolidBrush(s->colour);
    FillRect(dc, &all, brush);
    DeleteObject(brush);
    if (has(s, "key")) {
        all.right /= 2;
        FillRect(dc, &all, GetStockObject(BLACK_BRUSH));
    }
}

static LRESULT CALLBACK window_proc(HWND hwnd, UINT msg, WPARAM wparam, LPARAM lparam)
{
    Subject *s = (Subject *)GetWindowLongPtrW(hwnd, GWLP_USERDATA);
    PAINTSTRUCT ps;

    if (msg == WM_PAINT && s) {
        draw(BeginPaint(hwnd, &ps), s);
        EndPaint(hwnd, &ps);
        return 0;
    }
    if (msg == WM_ERASEBKGND)
        return 1;
    return DefWindowProcW(hwnd, msg, wparam, lparam);
}

static void draw_pixels(const Subject *s)
{
    BITMAPINFO info = { .bmiHeader = { .biSize = sizeof(BITMAPINFOHEADER),
                                       .biWidth = s->width, .biHeight = -s->height,
                                       .biPlanes = 1, .biBitCount = 32 } };
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    BLENDFUNCTION blend = { AC_SRC_OVER, 0, 255, AC_SRC_ALPHA };
    SIZE size = { s->width, s->height };
    POINT at = { s->x, s->y }, zero = { 0, 0 };
    unsigned *pixels;
    HBITMAP bitmap = CreateDIBSection(screen, &info, DIB_RGB_COLORS, (void **)&pixels, NULL, 0);
    int x, y;

    SelectObject(dc, bitmap);
    for (y = 0; y < s->height; y++)
        for (x = 0; x < s->width; x++)
            pixels[y * s->width + x] = x < s->width / 2 ? 0 :
                0x80000000 | (GetRValue(s->colour) / 2) << 16 |
                (GetGValue(s->colour) / 2) << 8 | GetBValue(s->colour) / 2;
    UpdateLayeredWindow(s->hwnd, screen, &at, &size, dc, &zero, 0, &blend, ULW_ALPHA);
    DeleteDC(dc);
    DeleteObject(bitmap);
    ReleaseDC(NULL, screen);
}

static int parse(const char *spec, Subject *s)
{
    char look[16] = "";
    int n = sscanf(spec, "%63[^:]:%d,%d,%dx%d:%15[^:]:%63s", s->title, &s->x, &s->y,
                   &s->width, &s->height, look, s->options);
    unsigned long rgb = strtoul(look, NULL, 16);

    s->pattern = !strcmp(look, "pattern");
    s->colour  = RGB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
    return n >= 6 ? 0 : -1;
}

static void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

static void open_window(Subject *s)
{
    const char *alpha = strstr(s->options, "alpha=");
    int layered = alpha || has(s, "bare") || has(s, "key") || has(s, "pixels") || has(s, "click");
    DWORD ex = WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE | (layered ? WS_EX_LAYERED : 0) |
               (has(s, "click") ? WS_EX_TRANSPARENT : 0);
    DWORD style = WS_POPUP;
    WCHAR title[64];

    if (has(s, "frame")) {
        ex    = 0;
        style = WS_OVERLAPPEDWINDOW;
    }
    MultiByteToWideChar(CP_UTF8, 0, s->title, -1, title, 64);
    s->hwnd = CreateWindowExW(ex, L"MagSimSubject", title, style, s->x, s->y, s->width,
                              s->height, NULL, NULL, GetModuleHandleW(NULL), NULL);
    SetWindowLongPtrW(s->hwnd, GWLP_USERDATA, (LONG_PTR)s);
    if (has(s, "round"))
        SetWindowRgn(s->hwnd, CreateEllipticRgn(0, 0, s->width, s->height), FALSE);
    if (alpha || has(s, "click"))
        SetLayeredWindowAttributes(s->hwnd, 0, alpha ? atoi(alpha + 6) : 255, LWA_ALPHA);
    if (has(s, "key"))
        SetLayeredWindowAttributes(s->hwnd, RGB(0, 0, 0), 0, LWA_COLORKEY);
    if (has(s, "pixels"))
        draw_pixels(s);
    if (!has(s, "hidden"))
        SetWindowPos(s->hwnd, HWND_TOP, 0, 0, 0, 0,
                     SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
    UpdateWindow(s->hwnd);
    pump();
}

static void stir(Subject *s, unsigned n)
{
    int dx = n * 37 % 400, dy = n * 23 % 300;

    if (n % 7 == 3)
        ShowWindow(s->hwnd, SW_HIDE);
    else if (n % 7 == 4)
        ShowWindow(s->hwnd, SW_SHOWNA);
    else
        SetWindowPos(s->hwnd, n % 5 ? HWND_TOP : HWND_BOTTOM, s->x + dx, s->y + dy,
                     s->width + n * 13 % 90, s->height + n * 11 % 70, SWP_NOACTIVATE);
}

static DWORD CALLBACK wait_for_end(LPVOID arg)
{
    char c;
    DWORD got;
    DWORD ms = (DWORD)(ULONG_PTR)arg;

    if (ms)
        Sleep(ms);
    else
        while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), &c, 1, &got, NULL) && got)
            ;
    ExitProcess(0);
    return 0;
}

int main(int argc, char **argv)
{
    WNDCLASSW wc = { .lpfnWndProc = window_proc, .lpszClassName = L"MagSimSubject" };
    ULONG_PTR ms = 0;
    int hung = 0, restless = 0, i;
    unsigned n = 0;
    MSG msg;

    wc.hInstance = GetModuleHandleW(NULL);
    RegisterClassW(&wc);
    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--for") && i + 1 < argc) {
            ms = atoi(argv[++i]);
        } else if (nb_subjects == MAX_WINDOWS || parse(argv[i], &subjects[nb_subjects])) {
            fprintf(stderr, "subject: cannot read %s\n", argv[i]);
            return 2;
        } else {
            open_window(&subjects[nb_subjects]);
            hung |= has(&subjects[nb_subjects], "hung");
            restless |= has(&subjects[nb_subjects], "restless");
            nb_subjects++;
        }
    }
    /* what was exposed by the windows above is painted by now, too */
    Sleep(200);
    pump();
    GdiFlush();
    printf("ready\n");
    fflush(stdout);
    CloseHandle(CreateThread(NULL, 0, wait_for_end, (LPVOID)ms, 0, NULL));
    if (hung)
        Sleep(INFINITE);
    while (restless) {
        for (i = 0; i < nb_subjects; i++)
            if (has(&subjects[i], "restless"))
                stir(&subjects[i], n + 3 * i);
        n++;
        pump();
        Sleep(10);
    }
    while (GetMessageW(&msg, NULL, 0, 0) > 0)
        DispatchMessageW(&msg);
    return 0;
}
