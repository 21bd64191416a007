/*
 * magprobe: one frame, and what is in it
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

#define COLOUR_CLASS L"magprobe colour"
#define FIRST_COLOUR 0xff00ff
#define LAST_COLOUR  0xffff00
#define TOLERANCE    12
#define MAX_BORDER   16

volatile LONG frame_callbacks;

static Frame *wanted;           /* the frame that the callback fills */
static const Scene *looked_at;
static int asked_width, asked_height;

static uint32_t marker_colour(unsigned turn)
{
    return (turn * 0x35 + 0x40) % 0xc0 << 8 | (turn % 2 ? 0xf0 : 0x10);
}

void paint_window(HWND hwnd, uint32_t colour)
{
    HBRUSH brush = CreateSolidBrush(RGB(colour >> 16 & 255, colour >> 8 & 255, colour & 255));
    HDC dc = GetDC(hwnd);
    RECT r;

    GetClientRect(hwnd, &r);
    FillRect(dc, &r, brush);
    ReleaseDC(hwnd, dc);
    DeleteObject(brush);
}

HWND colour_window(DWORD style, DWORD ex, int x, int y, int w, int h, uint32_t colour)
{
    WNDCLASSEXW wc = { .cbSize = sizeof(wc), .lpfnWndProc = DefWindowProcW,
                       .hInstance = GetModuleHandleW(NULL), .lpszClassName = COLOUR_CLASS };
    HWND hwnd;

    RegisterClassExW(&wc);
    hwnd = CreateWindowExW(WS_EX_TOPMOST | ex, COLOUR_CLASS, L"magprobe", style, options.at.x + x,
                           options.at.y + y, w, h, NULL, NULL, wc.hInstance, NULL);
    if (!hwnd)
        return NULL;
    if (ex & WS_EX_LAYERED)
        SetLayeredWindowAttributes(hwnd, 0, 255, LWA_ALPHA);
    SetWindowPos(hwnd, HWND_TOPMOST, 0, 0, 0, 0,
                 SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
    pump();
    paint_window(hwnd, colour);
    return hwnd;
}

void settle(void)
{
    static HRESULT (WINAPI *flush)(void);
    static int asked;

    /* Wine shows what was drawn when messages are taken */
    GdiFlush();
    pump();
    if (!asked) {
        HMODULE dwm  = LoadLibraryExW(L"dwmapi.dll", NULL, 0x800);
        FARPROC proc = dwm ? GetProcAddress(dwm, "DwmFlush") : NULL;

        memcpy(&flush, &proc, sizeof(flush));
        asked = 1;
    }
    if (flush && !wine_version()) {
        flush();
        flush();
    }
}

static HWND plain_window(int x, int y, int w, int h, uint32_t colour)
{
    return colour_window(WS_POPUP, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, x, y, w, h, colour);
}

int scene_open(Scene *s)
{
    s->turn   = 1;
    s->back   = plain_window(0, 0, SCENE_WIDTH, SCENE_HEIGHT, BACK_COLOUR);
    s->marker = plain_window(40, 40, 32, 32, marker_colour(1));
    s->first  = plain_window(100, 40, 32, 32, FIRST_COLOUR);
    s->last   = plain_window(160, 40, 32, 32, LAST_COLOUR);
    settle();
    return s->back && s->marker && s->first && s->last ? 0 : -1;
}

void scene_next(Scene *s)
{
    s->turn++;
    paint_window(s->marker, marker_colour(s->turn));
    settle();
}

void scene_show_first(Scene *s)
{
    ShowWindow(s->first, SW_SHOWNOACTIVATE);
    pump();
    paint_window(s->first, FIRST_COLOUR);
    settle();
}

void scene_close(Scene *s)
{
    DestroyWindow(s->last);
    DestroyWindow(s->first);
    DestroyWindow(s->marker);
    DestroyWindow(s->back);
}

int memory_is_readable(const void *start, size_t size)
{
    const uint8_t *p = start, *end = p + size;
    MEMORY_BASIC_INFORMATION info;

    if (end < p)
        return 0;
    for (; p < end; p = (const uint8_t *)info.BaseAddress + info.RegionSize)
        if (!VirtualQuery(p, &info, sizeof(info)) || info.State != MEM_COMMIT ||
            (info.Protect & (PAGE_NOACCESS | PAGE_GUARD)))
            return 0;
    return 1;
}

typedef struct Picture {
    const uint8_t *pixels;
    size_t stride;
    int w, h;
} Picture;

static int is_colour(const Picture *p, int x, int y, uint32_t colour)
{
    const uint8_t *pixel = p->pixels + y * p->stride + 4 * x;
    int i, d;

    if (x < 0 || y < 0 || x >= p->w || y >= p->h)
        return 0;
    for (i = 0; i < 3; i++) {
        d = pixel[i] - (int)(colour >> 8 * i & 255);
        if (d > TOLERANCE || d < -TOLERANCE)
            return 0;
    }
    return 1;
}

static int count_border(const Picture *p)
{
    int k;

    for (k = 0; k < MAX_BORDER; k++)
        if (is_colour(p, k, p->h / 2, BACK_COLOUR) && is_colour(p, p->w / 2, k, BACK_COLOUR))
            return k;
    return 0;
}

static void look(Frame *f, const Picture *p)
{
    int x, y;

    f->blank = 1;
    f->alpha = p->pixels[3];
    for (y = 0; y < p->h; y++)
        for (x = 0; x < p->w; x++) {
            const uint8_t *pixel = p->pixels + y * p->stride + 4 * x;

            f->blank &= !(pixel[0] | pixel[1] | pixel[2]);
            if (pixel[3] != f->alpha)
                f->alpha = -1;
        }
    f->has_back       = is_colour(p, 20, 120, BACK_COLOUR) && is_colour(p, 280, 160, BACK_COLOUR);
    f->has_marker     = is_colour(p, 50, 50, marker_colour(looked_at->turn));
    f->has_old_marker = !f->has_marker && f->has_back && !is_colour(p, 50, 50, BACK_COLOUR);
    f->has_first      = is_colour(p, 110, 50, FIRST_COLOUR);
    f->has_last       = is_colour(p, 170, 50, LAST_COLOUR);
    f->border         = count_border(p);
}

/* Where the header says, or else where the block begins. */
static void find_picture(Frame *f)
{
    const ImageHeader *h = &f->header;
    UINT offsets[2] = { h->offset, 0 };
    Picture p;
    int i;

    p.w = h->width  && h->width  < 16384 ? (int)h->width  : asked_width;
    p.h = h->height && h->height < 16384 ? (int)h->height : asked_height;
    p.stride  = h->stride < 4 * (size_t)p.w ? 4 * (size_t)p.w : h->stride;
    f->offset = -1;
    for (i = 0; f->src && i < 2 && f->offset < 0; i++) {
        p.pixels = (const uint8_t *)f->src + offsets[i];
        if (!memory_is_readable(p.pixels, p.stride * (p.h - 1) + 4 * (size_t)p.w))
            continue;
        f->offset = offsets[i];
        look(f, &p);
    }
}

BOOL CALLBACK frame_callback(HWND hwnd, void *src, ImageHeader src_header, void *dst,
                             ImageHeader dst_header, RECT unclipped, RECT clipped, HRGN dirty)
{
    (void)hwnd; (void)dst; (void)dst_header; (void)unclipped; (void)clipped; (void)dirty;
    frame_callbacks++;
    if (wanted) {
        wanted->thread = GetCurrentThreadId();
        wanted->header = src_header;
        wanted->src    = src;
        find_picture(wanted);
    }
    return TRUE;
}

void frame_take(Session *session, const Scene *scene, int w, int h, Frame *frame)
{
    static unsigned n;
    RECT r = { options.at.x, options.at.y, options.at.x + w, options.at.y + h };
    LONG before = frame_callbacks;
    int64_t start;

    memset(frame, 0, sizeof(*frame));
    frame->offset = -1;
    wanted        = frame;
    looked_at     = scene;
    asked_width   = w;
    asked_height  = h;
    about_to_call(++n);
    start     = now_us();
    frame->ok = session->api.set_source(session->control, r);
    frame->us = now_us() - start;
    frame->callbacks = frame_callbacks - before;
    if (session->visible) {
        InvalidateRect(session->control, NULL, FALSE);
        UpdateWindow(session->control);
    }
    pump();
    frame->late = frame_callbacks - before - frame->callbacks;
    wanted = NULL;
}

int frame_is_good(const Frame *f)
{
    return f->offset >= 0 && !f->blank && f->has_back && (f->has_marker || f->has_old_marker);
}
