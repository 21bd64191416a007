/*
 * Test of cursor.c on a real desktop
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
 * Sets pointers of every kind in a window under the mouse and compares what the
 * device draws, pixel by pixel, with what was set.
 */

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/cursor.h"
#include "libavdevice/magnifier/display.h"

#include "imports.h"
#include "tap.h"

#define MAX_SIDE 256

/* the frame that is drawn into, and where the mouse is */
#define FRAME_W 400
#define FRAME_H 300
#define MOUSE_X 640
#define MOUSE_Y 360

/** A pointer, and what each of its pixels does to the screen, known beforehand. */
typedef struct Pointer {
    const char *name;
    HCURSOR handle;
    int w, h, hot_x, hot_y;
    int alpha;                          ///< fourth byte is alpha
    uint8_t pixels[MAX_SIDE * MAX_SIDE * 4]; ///< B, G, R, alpha or AND
} Pointer;

static HWND window;
static MagnifierLog *the_log;
static uint32_t seed = 1;

static uint8_t before[FRAME_W * FRAME_H * 4];
static uint8_t frame[FRAME_W * FRAME_H * 4];
static uint8_t expected[FRAME_W * FRAME_H * 4];

static int rnd(int n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

/* ---- counting and breaking the calls of cursor.c ---- */

static int bitmaps, dcs;        ///< in use
static int calls_left = -1;     ///< how many calls of broken succeed; -1 all
static int broken;
static int flags_seen = -1;     ///< what GetCursorInfo() says, -1 the truth
static int nb_calls;            ///< of all that are counted here

enum { NOTHING, GET_CURSOR_INFO, GET_ICON_INFO, GET_OBJECT, CREATE_COMPATIBLE_DC,
       CREATE_DIB_SECTION, SELECT_OBJECT, DRAW_ICON_EX, NB_BREAKS };

static int breaks(int what)
{
    nb_calls++;
    if (what != broken || calls_left < 0)
        return 0;
    return !calls_left--;
}

static BOOL    (WINAPI *real_GetCursorInfo)(CURSORINFO *);
static BOOL    (WINAPI *real_GetIconInfo)(HICON, ICONINFO *);
static int     (WINAPI *real_GetObjectW)(HANDLE, int, void *);
static HDC     (WINAPI *real_CreateCompatibleDC)(HDC);
static HBITMAP (WINAPI *real_CreateDIBSection)(HDC, const BITMAPINFO *, UINT, void **, HANDLE, DWORD);
static HGDIOBJ (WINAPI *real_SelectObject)(HDC, HGDIOBJ);
static BOOL    (WINAPI *real_DrawIconEx)(HDC, int, int, HICON, int, int, UINT, HBRUSH, UINT);
static BOOL    (WINAPI *real_DeleteDC)(HDC);
static BOOL    (WINAPI *real_DeleteObject)(HGDIOBJ);
static FARPROC (WINAPI *real_GetProcAddress)(HMODULE, const char *);

static BOOL WINAPI my_GetCursorInfo(CURSORINFO *info)
{
    BOOL ok;

    if (breaks(GET_CURSOR_INFO)) {
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    ok = real_GetCursorInfo(info);
    if (flags_seen >= 0)
        info->flags = flags_seen;
    return ok;
}

static BOOL WINAPI my_GetIconInfo(HICON icon, ICONINFO *info)
{
    BOOL ok;

    if (breaks(GET_ICON_INFO)) {
        SetLastError(ERROR_INVALID_CURSOR_HANDLE);
        return FALSE;
    }
    ok = real_GetIconInfo(icon, info);
    if (ok)
        bitmaps += !!info->hbmColor + !!info->hbmMask;
    return ok;
}

static int WINAPI my_GetObjectW(HANDLE object, int size, void *out)
{
    return breaks(GET_OBJECT) ? 0 : real_GetObjectW(object, size, out);
}

static HDC WINAPI my_CreateCompatibleDC(HDC like)
{
    HDC dc = breaks(CREATE_COMPATIBLE_DC) ? NULL : real_CreateCompatibleDC(like);

    dcs += !!dc;
    return dc;
}

static HBITMAP WINAPI my_CreateDIBSection(HDC dc, const BITMAPINFO *info, UINT usage,
                                          void **bits, HANDLE section, DWORD offset)
{
    HBITMAP bitmap = NULL;

    if (!breaks(CREATE_DIB_SECTION))
        bitmap = real_CreateDIBSection(dc, info, usage, bits, section, offset);
    bitmaps += !!bitmap;
    return bitmap;
}

static HGDIOBJ WINAPI my_SelectObject(HDC dc, HGDIOBJ object)
{
    return breaks(SELECT_OBJECT) ? NULL : real_SelectObject(dc, object);
}

/* A call that fails may have drawn something. */
static BOOL WINAPI my_DrawIconEx(HDC dc, int x, int y, HICON icon, int w, int h, UINT step,
                                 HBRUSH brush, UINT flags)
{
    BOOL ok = real_DrawIconEx(dc, x, y, icon, w, h, step, brush, flags);

    if (!breaks(DRAW_ICON_EX))
        return ok;
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
}

static BOOL WINAPI my_DeleteDC(HDC dc)
{
    nb_calls++;
    dcs -= !!dc;
    return real_DeleteDC(dc);
}

static BOOL WINAPI my_DeleteObject(HGDIOBJ object)
{
    BOOL ok = real_DeleteObject(object);

    nb_calls++;
    bitmaps -= ok;
    SetLastError(12345); /* which it may */
    return ok;
}

static int no_frame_info;
static int nb_frames = 1000;    ///< that are drawn to see a leak

static FARPROC WINAPI my_GetProcAddress(HMODULE module, const char *name)
{
    if (no_frame_info && (uintptr_t)name > 0xFFFF && !strcmp(name, "GetCursorFrameInfo"))
        return NULL;
    return real_GetProcAddress(module, name);
}

#define REPLACE(f) (real_##f = imports_replace(#f, (void *)my_##f))

static int replace_imports(void)
{
    return REPLACE(GetCursorInfo) && REPLACE(GetIconInfo) && REPLACE(GetObjectW) &&
           REPLACE(CreateCompatibleDC) && REPLACE(CreateDIBSection) && REPLACE(SelectObject) &&
           REPLACE(DrawIconEx) && REPLACE(DeleteDC) && REPLACE(DeleteObject) &&
           REPLACE(GetProcAddress);
}

/* ---- the log, counted ---- */

static int nb_lines;
static char last_line[512];

static void count_line(void *avcl, int level, const char *fmt, va_list vl)
{
    nb_lines++;
    vsnprintf(last_line, sizeof(last_line), fmt, vl);
}

static int lines_logged(void)
{
    nb_lines = 0;
    ff_magnifier_log_flush(the_log, NULL);
    return nb_lines;
}

/* ---- pointers to test with ---- */

/** An image for CreateIconIndirect(); top-down. */
static HBITMAP make_bitmap(int w, int h, int depth, uint8_t **bits)
{
    struct {
        BITMAPINFOHEADER header;
        RGBQUAD colours[2];
    } bmi = { { sizeof(bmi.header), w, -h, 1, depth, BI_RGB, 0, 0, 0, 0, 0 },
              { { 0, 0, 0, 0 }, { 255, 255, 255, 0 } } };

    return CreateDIBSection(NULL, (BITMAPINFO *)&bmi, DIB_RGB_COLORS,
                            (void **)bits, NULL, 0);
}

static void set_bit(uint8_t *bits, int w, int x, int y, int value)
{
    uint8_t *p = bits + y * ((w + 31) / 32 * 4) + x / 8;

    *p = (*p & ~(128 >> x % 8)) | (value ? 128 >> x % 8 : 0);
}

/** Two masks, every combination of bits in it. */
static Pointer *make_monochrome(const char *name, int w, int h, int hot_x, int hot_y)
{
    Pointer *p = calloc(1, sizeof(*p));
    ICONINFO info = { FALSE, hot_x, hot_y, NULL, NULL };
    HBITMAP mask;
    uint8_t *bits;
    int x, y;

    p->name = name; p->w = w; p->h = h; p->hot_x = hot_x; p->hot_y = hot_y;
    /* a real 1 bit bitmap, as CreateIconIndirect() wants for a mask */
    bits = calloc((w + 15) / 16 * 2, 2 * h);
    for (y = 0; y < h; y++)
        for (x = 0; x < w; x++) {
            const int and = rnd(2), xor = rnd(2);
            uint8_t *px = p->pixels + 4 * (y * w + x);
            const int stride = (w + 15) / 16 * 2;

            bits[y       * stride + x / 8] |= and ? 128 >> x % 8 : 0;
            bits[(h + y) * stride + x / 8] |= xor ? 128 >> x % 8 : 0;
            memset(px, xor ? 255 : 0, 3);
            px[3] = and ? 255 : 0;
        }
    mask = CreateBitmap(w, 2 * h, 1, 1, bits);
    free(bits);
    info.hbmMask = mask;
    p->handle = (HCURSOR)CreateIconIndirect(&info);
    DeleteObject(mask);
    return p;
}

/** A coloured one; alpha: with alpha of all values, else with a mask. */
static Pointer *make_coloured(const char *name, int w, int h, int hot_x, int hot_y,
                              int alpha, int depth)
{
    Pointer *p = calloc(1, sizeof(*p));
    ICONINFO info = { FALSE, hot_x, hot_y, NULL, NULL };
    uint8_t *colour = NULL, *mask = NULL;
    const int colour_stride = (w * depth / 8 + 3) & ~3;
    int x, y, c;

    p->name = name; p->w = w; p->h = h; p->hot_x = hot_x; p->hot_y = hot_y;
    p->alpha = alpha;
    info.hbmColor = make_bitmap(w, h, depth, &colour);
    info.hbmMask  = make_bitmap(w, h, 1, &mask);
    for (y = 0; y < h; y++)
        for (x = 0; x < w; x++) {
            uint8_t *px = p->pixels + 4 * (y * w + x);
            uint8_t *out = colour + y * colour_stride + x * depth / 8;
            const int and = !alpha && rnd(2);

            for (c = 0; c < 3; c++)
                out[c] = px[c] = rnd(256);
            px[3] = alpha ? rnd(256) : and ? 255 : 0;
            if (depth == 32)
                out[3] = alpha ? px[3] : 0;
            set_bit(mask, w, x, y, and);
        }
    p->handle = (HCURSOR)CreateIconIndirect(&info);
    DeleteObject(info.hbmColor);
    DeleteObject(info.hbmMask);
    return p;
}

/** One image of an animated pointer: the colour everywhere, none of the screen. */
static uint8_t *put_image(uint8_t *out, int side, int hot_x, int hot_y, uint32_t colour)
{
    const BITMAPINFOHEADER header = { sizeof(header), side, 2 * side, 1, 32, BI_RGB, 0, 0, 0, 0, 0 };
    const int mask = side * ((side + 31) / 32 * 4), size = sizeof(header) + 4 * side * side + mask;
    const uint16_t head[] = { 0, 2, 1 }; /* a file of one pointer */
    const uint16_t hot[]  = { hot_x, hot_y };
    const uint32_t where[] = { size, sizeof(head) + 16 };
    uint8_t *p = out;
    int i;

    memcpy(p, head, sizeof(head));
    p += sizeof(head);
    *p++ = side;
    *p++ = side;
    *p++ = 0;
    *p++ = 0;
    memcpy(p, hot, sizeof(hot));
    p += sizeof(hot);
    memcpy(p, where, sizeof(where));
    p += sizeof(where);
    memcpy(p, &header, sizeof(header));
    p += sizeof(header);
    for (i = 0; i < side * side; i++, p += 4)
        memcpy(p, &colour, 4);
    memset(p, 0, mask);
    return p + mask;
}

static uint8_t *put_chunk(uint8_t *out, const char *name, uint32_t size, const void *data)
{
    memcpy(out, name, 4);
    memcpy(out + 4, &size, 4);
    if (data)
        memcpy(out + 8, data, size);
    return out + 8 + (data ? size : 0);
}

#define ANI_SIDE 32

#define NB_IMAGES 3
static const uint32_t ani_colours[NB_IMAGES] = { 0xFF2080C0, 0xFFC08020, 0xFF40C040 };

/** Its images 0, 2 and 1 are shown for 3, 6 and 12 sixtieths of a second. */
static HCURSOR make_animated(void)
{
    static const uint32_t rates[] = { 3, 6, 12 }, order[] = { 0, 2, 1 };
    const uint32_t anih[] = { 36, NB_IMAGES, FF_ARRAY_ELEMS(order), 0, 0, 0, 0, 10, 3 };
    static uint8_t ani[16384], image[8192];
    uint8_t *p = put_chunk(ani, "RIFF", 0, NULL), *list;
    uint32_t size;
    int i;

    memcpy(p, "ACON", 4);
    p = put_chunk(p + 4, "anih", sizeof(anih), anih);
    p = put_chunk(p, "rate", sizeof(rates), rates);
    p = put_chunk(p, "seq ", sizeof(order), order);
    list = p;
    p = put_chunk(p, "LIST", 0, NULL);
    memcpy(p, "fram", 4);
    p += 4;
    for (i = 0; i < NB_IMAGES; i++)
        p = put_chunk(p, "icon", put_image(image, ANI_SIDE, 4, 6, ani_colours[i]) - image, image);
    size = p - list - 8;
    memcpy(list + 4, &size, 4);
    size = p - ani - 8;
    memcpy(ani + 4, &size, 4);
    return (HCURSOR)CreateIconFromResource(ani, p - ani, FALSE, 0x00030000);
}

static void free_pointer(Pointer *p)
{
    SetCursor(NULL);
    DestroyCursor(p->handle);
    free(p);
}

/* ---- cursor.c beside the reference ---- */

static void fill_frame(void)
{
    int i;

    for (i = 0; i < FRAME_W * FRAME_H * 4; i++)
        before[i] = i % 4 == 3 ? 0 : rnd(256);
    memcpy(frame,    before, sizeof(frame));
    memcpy(expected, before, sizeof(expected));
}

static void expect_pointer(const Pointer *p, const MagnifierRect *rect)
{
    int x, y, c;

    for (y = 0; y < p->h; y++)
        for (x = 0; x < p->w; x++) {
            const int fx = MOUSE_X - p->hot_x + x - rect->left;
            const int fy = MOUSE_Y - p->hot_y + y - rect->top;
            const uint8_t *src = p->pixels + 4 * (y * p->w + x);
            uint8_t *dst = expected + 4 * (fy * FRAME_W + fx);

            if (fx < 0 || fx >= FRAME_W || fy < 0 || fy >= FRAME_H)
                continue;
            for (c = 0; c < 3; c++)
                dst[c] = p->alpha ? (src[c] * src[3] + dst[c] * (255 - src[3]) + 127) / 255
                                  : (dst[c] & src[3]) ^ src[c];
        }
}

static void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

static MagnifierRect rect_at(int left, int top)
{
    MagnifierRect rect = { left, top, left + FRAME_W, top + FRAME_H };

    return rect;
}

static int draw_at(MagnifierCursor *cursor, const MagnifierRect *rect, int64_t time)
{
    return ff_magnifier_rt_cursor_draw(cursor, the_log, frame, FRAME_W * 4, rect, time);
}

static int draw(MagnifierCursor *cursor, const MagnifierRect *rect)
{
    return draw_at(cursor, rect, 0);
}

/* Exact, but for alpha: Windows rounds twice, when it multiplies and when it blends. */
static int first_difference(const Pointer *p)
{
    int i;

    for (i = 0; i < FRAME_W * FRAME_H * 4; i++)
        if (abs(frame[i] - expected[i]) > (p && p->alpha))
            return i;
    return -1;
}

#define CHECK_FRAME(p, what) do {                                               \
        const int at = first_difference(p);                                     \
        CHECK(at < 0, "%s: pixel %d,%d channel %d is %d and should be %d, was %d", \
              what, at / 4 % FRAME_W, at / 4 / FRAME_W, at % 4, frame[at],         \
              expected[at], before[at]);                                        \
    } while (0)

/** Draw this pointer with an object of its own and compare. */
static void check_pointer(Pointer *p, int left, int top)
{
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    MagnifierRect rect = rect_at(left, top);
    int seen;

    CHECK(p->handle, "%s", p->name);
    SetCursor(p->handle);
    fill_frame();
    expect_pointer(p, &rect);
    seen = MOUSE_X - p->hot_x < rect.right  && MOUSE_X - p->hot_x + p->w > rect.left &&
           MOUSE_Y - p->hot_y < rect.bottom && MOUSE_Y - p->hot_y + p->h > rect.top;
    CHECK(draw(cursor, &rect) == seen, "%s at %d,%d", p->name, left, top);
    CHECK_FRAME(p, p->name);
    ff_magnifier_cursor_free(&cursor);
    CHECK(!cursor);
    ff_magnifier_cursor_free(&cursor);
}

static void one_pointer(Pointer *p)
{
    check_pointer(p, MOUSE_X - 200, MOUSE_Y - 150);
    free_pointer(p);
}

static void black_and_white_pointer_with_inversion(void)
{
    one_pointer(make_monochrome("32x32", 32, 32, 3, 5));
}

static void large_black_and_white_pointer(void)
{
    one_pointer(make_monochrome("96x96", 96, 96, 95, 95));
}

static void black_and_white_pointer_of_odd_size(void)
{
    one_pointer(make_monochrome("17x23", 17, 23, 0, 22));
}

static void pointer_with_alpha(void)
{
    one_pointer(make_coloured("32x32", 32, 32, 16, 16, 1, 32));
}

static void pointer_with_alpha_of_odd_size(void)
{
    one_pointer(make_coloured("41x29", 41, 29, 40, 28, 1, 32));
}

static void pointer_as_large_as_windows_makes_them(void)
{
    one_pointer(make_coloured("256x256", 256, 256, 128, 128, 1, 32));
}

static void coloured_pointer_with_alpha_zero_uses_its_mask(void)
{
    one_pointer(make_coloured("32x32", 32, 32, 0, 0, 0, 32));
    one_pointer(make_coloured("64x48", 64, 48, 0, 0, 0, 32));
}

static void coloured_pointer_without_alpha_uses_its_mask(void)
{
    one_pointer(make_coloured("32x32", 32, 32, 0, 0, 0, 24));
}

/* Its bitmap is twice as high as it is. */
static void black_and_white_pointer_ends_where_its_second_mask_begins(void)
{
    Pointer *p = make_monochrome("20x20", 20, 20, 3, 5);

    check_pointer(p, MOUSE_X - 100, MOUSE_Y - p->hot_y + 19);
    check_pointer(p, MOUSE_X - 100, MOUSE_Y - p->hot_y + 20);
    free_pointer(p);
}

/* Each edge and corner, pixel by pixel, over the pointer's whole width. */
static void pointer_is_clipped_at_each_edge(void)
{
    Pointer *p = make_coloured("12x9", 12, 9, 4, 3, 1, 32);
    int i, j;

    for (i = -1; i <= 13; i++) {
        const int left = MOUSE_X - p->hot_x + i, right  = left - FRAME_W;
        const int top  = MOUSE_Y - p->hot_y,     bottom = top + 9 - FRAME_H;

        for (j = -1; j <= 9; j += 5) {
            check_pointer(p, left,  top + j);
            check_pointer(p, right, top + j);
            check_pointer(p, left,  bottom + j);
            check_pointer(p, right, bottom + j);
        }
    }
    for (i = -1; i <= 10; i++) {
        check_pointer(p, MOUSE_X - 100, MOUSE_Y - p->hot_y + i);
        check_pointer(p, MOUSE_X - 100, MOUSE_Y - p->hot_y + i - FRAME_H);
    }
    check_pointer(p, INT_MIN, INT_MIN);
    check_pointer(p, INT_MAX - FRAME_W, INT_MAX - FRAME_H);
    free_pointer(p);
}

/* Windows' own drawing of its own pointers, over the same picture. */
static void system_pointers_look_as_drawiconex_draws_them(void)
{
    static const LPCWSTR names[] = {
        (LPCWSTR)IDC_ARROW, (LPCWSTR)IDC_IBEAM, (LPCWSTR)IDC_WAIT, (LPCWSTR)IDC_CROSS,
        (LPCWSTR)IDC_UPARROW, (LPCWSTR)IDC_SIZENWSE, (LPCWSTR)IDC_SIZENESW,
        (LPCWSTR)IDC_SIZEWE, (LPCWSTR)IDC_SIZENS, (LPCWSTR)IDC_SIZEALL,
        (LPCWSTR)IDC_NO, (LPCWSTR)IDC_HAND, (LPCWSTR)IDC_APPSTARTING, (LPCWSTR)IDC_HELP,
    };
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    uint8_t *bits;
    HBITMAP dib = make_bitmap(FRAME_W, FRAME_H, 32, &bits);
    HDC dc = CreateCompatibleDC(NULL);
    HGDIOBJ old = SelectObject(dc, dib);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    size_t i;

    for (i = 0; i < FF_ARRAY_ELEMS(names); i++) {
        HCURSOR handle = LoadCursorW(NULL, names[i]);
        ICONINFO info;
        int j, wrong = 0, changed = 0;

        SetCursor(handle);
        fill_frame();
        memcpy(bits, before, sizeof(before));
        CHECK(GetIconInfo(handle, &info));
        CHECK(DrawIconEx(dc, 200 - info.xHotspot, 150 - info.yHotspot, handle, 0, 0, 0,
                         NULL, DI_NORMAL));
        GdiFlush();
        DeleteObject(info.hbmColor);
        DeleteObject(info.hbmMask);
        CHECK(draw(cursor, &rect) == 1, "%d", (int)i);
        for (j = 0; j < FRAME_W * FRAME_H * 4; j++) {
            changed += frame[j] != before[j];
            wrong   += frame[j] != (j % 4 == 3 ? 0 : bits[j]);
        }
        CHECK(!wrong, "pointer %d: %d values differ", (int)i, wrong);
        CHECK(changed > 20, "pointer %d", (int)i);
    }
    ff_magnifier_cursor_free(&cursor);
    SelectObject(dc, old);
    DeleteDC(dc);
    DeleteObject(dib);
}

static void the_shape_follows_the_pointer(void)
{
    Pointer *a = make_coloured("a", 32, 32, 1, 2, 1, 32);
    Pointer *b = make_monochrome("b", 48, 48, 30, 40);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    int i;

    for (i = 0; i < 10; i++) {
        Pointer *p = i & 1 ? a : b;

        SetCursor(p->handle);
        fill_frame();
        expect_pointer(p, &rect);
        CHECK(draw(cursor, &rect) == 1);
        CHECK_FRAME(p, p->name);
    }
    ff_magnifier_cursor_free(&cursor);
    free_pointer(a);
    free_pointer(b);
}

static void hidden_pointer_is_not_drawn(void)
{
    Pointer *p = make_coloured("32x32", 32, 32, 0, 0, 1, 32);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    static const int flags[] = { 0, 2 /* CURSOR_SUPPRESSED */, 3 };
    size_t i;

    SetCursor(p->handle);
    fill_frame();
    CHECK(draw(cursor, &rect) == 1);

    fill_frame();
    ShowCursor(FALSE);
    CHECK(draw(cursor, &rect) == 0);
    CHECK_FRAME(NULL, "ShowCursor(FALSE)");
    ShowCursor(TRUE);

    SetCursor(NULL);
    CHECK(draw(cursor, &rect) == 0);
    CHECK_FRAME(NULL, "SetCursor(NULL)");

    SetCursor(p->handle);
    for (i = 0; i < FF_ARRAY_ELEMS(flags); i++) {
        flags_seen = flags[i];
        CHECK(draw(cursor, &rect) == 0);
        CHECK_FRAME(NULL, "flags");
    }
    flags_seen = -1;

    expect_pointer(p, &rect);
    CHECK(draw(cursor, &rect) == 1);
    CHECK_FRAME(p, "shown again");
    ff_magnifier_cursor_free(&cursor);
    free_pointer(p);
}

static void destroyed_pointer_is_drawn_as_the_arrow(void)
{
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    Pointer *p = make_coloured("32x32", 32, 32, 0, 0, 1, 32);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    int i;

    lines_logged();
    for (i = 0; i < 3; i++) {
        fill_frame();
        SetCursor(LoadCursorW(NULL, (LPCWSTR)IDC_ARROW));
        CHECK(draw(cursor, &rect) == 1);
        memcpy(expected, frame, sizeof(expected));
        CHECK(memcmp(frame, before, sizeof(frame)));

        memcpy(frame, before, sizeof(frame));
        SetCursor(p->handle);
        broken     = GET_ICON_INFO;
        calls_left = 0;
        CHECK(draw(cursor, &rect) == 1);
        CHECK(calls_left < 0);
        broken = NOTHING;
        CHECK_FRAME(NULL, "the arrow");
    }
    CHECK(lines_logged() == 1, "%d lines", nb_lines);
    CHECK(strstr(last_line, "Win32 error 1402), drawing the arrow"), "%s", last_line);

    fill_frame();
    expect_pointer(p, &rect);
    CHECK(draw(cursor, &rect) == 1);
    CHECK_FRAME(p, "when it can be drawn again");
    ff_magnifier_cursor_free(&cursor);

    /* the code in the line is that of the call that failed */
    cursor     = ff_magnifier_cursor_alloc();
    broken     = DRAW_ICON_EX;
    calls_left = 0;
    CHECK(draw(cursor, &rect) == 1);
    broken = NOTHING;
    CHECK(lines_logged() == 1 && strstr(last_line, "Win32 error 8)"), "%s", last_line);
    ff_magnifier_cursor_free(&cursor);
    free_pointer(p);
}

/* Which of its images does the frame show? -1: none. */
static int image_shown(const MagnifierRect *rect)
{
    const int left = MOUSE_X - 4 - rect->left, top = MOUSE_Y - 6 - rect->top;
    int image, x, y;

    for (image = 0; image < NB_IMAGES; image++) {
        memcpy(expected, before, sizeof(expected));
        for (y = 0; y < ANI_SIDE; y++)
            for (x = 0; x < ANI_SIDE; x++)
                memcpy(expected + 4 * ((top + y) * FRAME_W + left + x), &ani_colours[image], 3);
        if (first_difference(NULL) < 0)
            return image;
    }
    return -1;
}

static int image_at(MagnifierCursor *cursor, int64_t time)
{
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);

    fill_frame();
    CHECK(draw_at(cursor, &rect, time) == 1);
    return image_shown(&rect);
}

static void animated_pointer_takes_its_steps_in_the_frames_time(void)
{
    static const struct { int64_t time; int image; } steps[] = {
        { 0, 0 }, { 49999, 0 }, { 50000, 2 }, { 149999, 2 }, { 150000, 1 }, { 349999, 1 },
        { 350000, 0 }, { 399999, 0 }, { 400000, 2 },
        /* some steps missed */ { 800000, 2 }, { 1050000, 0 },
        /* a frame an hour later begins its step anew */ { INT64_C(3601050000), 0 },
        { INT64_C(3601099999), 0 }, { INT64_C(3601100000), 2 },
    };
    const int64_t start = INT64_C(1700000000000000); /* frames have wall-clock time */
    HCURSOR animated = make_animated();
    Pointer *p = make_coloured("still", 32, 32, 1, 2, 0, 32);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    size_t i;
    int image;

    CHECK(animated);
    SetCursor(animated);
    for (i = 0; i < FF_ARRAY_ELEMS(steps); i++) {
        image = image_at(cursor, start + steps[i].time);
        CHECK(image == steps[i].image, "image %d at %lld", image, (long long)steps[i].time);
    }

    /* after another pointer it begins anew */
    image_at(cursor, start);
    SetCursor(p->handle);
    CHECK(image_at(cursor, start + 50000) == -1);
    SetCursor(animated);
    CHECK(image_at(cursor, start + 60000) == 0);
    CHECK(image_at(cursor, start + 109999) == 0);
    CHECK(image_at(cursor, start + 110000) == 2);
    ff_magnifier_cursor_free(&cursor);

    /* a Windows that does not say how long a step is */
    no_frame_info = 1;
    cursor = ff_magnifier_cursor_alloc();
    no_frame_info = 0;
    for (i = 0; i < FF_ARRAY_ELEMS(steps); i++)
        CHECK(image_at(cursor, start + steps[i].time) == 0);
    ff_magnifier_cursor_free(&cursor);
    SetCursor(NULL);
    DestroyCursor(animated);
    free_pointer(p);
}

static void failure_to_ask_is_logged_once_and_costs_no_frame(void)
{
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    Pointer *p = make_coloured("32x32", 32, 32, 0, 0, 1, 32);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    int i;

    SetCursor(p->handle);
    lines_logged();
    fill_frame();
    broken = GET_CURSOR_INFO;
    for (i = 0; i < 10; i++) {
        calls_left = 0;
        CHECK(draw(cursor, &rect) == 0);
    }
    broken = NOTHING;
    CHECK_FRAME(NULL, "no pointer");
    CHECK(lines_logged() == 1, "%d lines", nb_lines);
    CHECK(strstr(last_line, "GetCursorInfo fails (Win32 error 5)"), "%s", last_line);

    expect_pointer(p, &rect);
    CHECK(draw(cursor, &rect) == 1);
    CHECK_FRAME(p, "back again");
    ff_magnifier_cursor_free(&cursor);
    free_pointer(p);
}

/* The proof that the counters below can go red. */
static void the_counters_see_a_leak(void)
{
    ICONINFO info;
    HDC dc;

    bitmaps = dcs = 0;
    CHECK(GetIconInfo(LoadCursorW(NULL, (LPCWSTR)IDC_ARROW), &info));
    CHECK(bitmaps == 2, "%d", bitmaps);
    dc = CreateCompatibleDC(NULL);
    CHECK(dcs == 1);
    DeleteDC(dc);
    DeleteObject(info.hbmMask);
    DeleteObject(info.hbmColor);
    CHECK(!bitmaps && !dcs);
}

/* Each frame by itself, so that 100,000 leave none. */
static void a_thousand_frames_leave_no_handle(void)
{
    Pointer *p[4];
    HCURSOR animated = make_animated();
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    int i;

    p[0] = make_monochrome("0", 32, 32, 0, 0);
    p[1] = make_coloured("1", 32, 32, 0, 0, 1, 32);
    p[2] = make_coloured("2", 48, 48, 0, 0, 0, 32);
    p[3] = make_coloured("3", 64, 64, 0, 0, 1, 32);
    bitmaps = dcs = 0;
    for (i = 0; i < nb_frames; i++) {
        SetCursor(i % 5 == 4 ? animated : p[i % 5]->handle);
        CHECK(draw_at(cursor, &rect, 16667 * (int64_t)i) == 1);
        if (bitmaps || dcs)
            break;
    }
    CHECK(!bitmaps, "%d bitmaps in frame %d", bitmaps, i);
    CHECK(!dcs, "%d device contexts in frame %d", dcs, i);
    printf("# %d frames\n", i);
    ff_magnifier_cursor_free(&cursor);
    SetCursor(NULL);
    DestroyCursor(animated);
    for (i = 0; i < 4; i++)
        free_pointer(p[i]);
}

/* Each call of cursor.c fails once at each of its turns. What is drawn then is the
 * arrow, and never what a failed call left behind. */
static void no_failure_leaves_a_handle(void)
{
    static uint8_t pictures[2][sizeof(frame)]; /* the pointer, the arrow */
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    Pointer *p = make_coloured("32x32", 32, 32, 0, 0, 1, 32);
    int what, turn, i;

    SetCursor(p->handle);
    fill_frame();
    for (i = 0; i < 2; i++) {
        MagnifierCursor *cursor = ff_magnifier_cursor_alloc();

        memcpy(frame, before, sizeof(frame));
        broken     = GET_ICON_INFO;
        calls_left = i ? 0 : -1;
        CHECK(draw(cursor, &rect) == 1);
        memcpy(pictures[i], frame, sizeof(frame));
        ff_magnifier_cursor_free(&cursor);
    }
    CHECK(memcmp(pictures[0], pictures[1], sizeof(frame)));

    for (what = GET_CURSOR_INFO; what < NB_BREAKS; what++) {
        for (turn = 0; ; turn++) {
            MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
            const uint8_t *picture;

            memcpy(frame, before, sizeof(frame));
            broken     = what;
            calls_left = turn;
            bitmaps    = dcs = 0;
            draw(cursor, &rect);
            picture = calls_left >= 0         ? pictures[0] :
                      what == GET_CURSOR_INFO ? before : pictures[1];
            CHECK(!memcmp(frame, picture, sizeof(frame)), "call %d, turn %d", what, turn);
            CHECK(!bitmaps, "call %d, turn %d: %d bitmaps", what, turn, bitmaps);
            CHECK(!dcs,     "call %d, turn %d: %d contexts", what, turn, dcs);
            ff_magnifier_cursor_free(&cursor);
            if (calls_left >= 0)
                break;
        }
        CHECK(turn > 0, "call %d is never made", what);
    }
    broken     = NOTHING;
    calls_left = -1;
    lines_logged();
    free_pointer(p);
}

static void drawing_takes_few_calls(void)
{
    const MagnifierRect rect = rect_at(MOUSE_X - 200, MOUSE_Y - 150);
    Pointer *p = make_coloured("a", 32, 32, 0, 0, 1, 32);
    MagnifierCursor *cursor = ff_magnifier_cursor_alloc();
    LARGE_INTEGER start, end, hz;
    int i;

    SetCursor(p->handle);
    nb_calls = 0;
    draw(cursor, &rect);
    CHECK(nb_calls <= 11, "%d", nb_calls);

    QueryPerformanceFrequency(&hz);
    QueryPerformanceCounter(&start);
    for (i = 0; i < 1000; i++)
        draw(cursor, &rect);
    QueryPerformanceCounter(&end);
    printf("# a frame's pointer takes %.1f us and %d calls of GDI and USER\n",
           (end.QuadPart - start.QuadPart) * 1e3 / hz.QuadPart, nb_calls / 1001);
    ff_magnifier_cursor_free(&cursor);
    free_pointer(p);
}

static int make_window(void)
{
    WNDCLASSW class = { 0 };
    POINT at;
    int i;

    class.lpfnWndProc   = DefWindowProcW;
    class.hInstance     = GetModuleHandleW(NULL);
    class.lpszClassName = L"MagnifierRoomsTest";
    if (!RegisterClassW(&class))
        return 0;
    /* Class and window have no pointer of their own: SetCursor() stays. */
    window = CreateWindowExW(WS_EX_TOPMOST, class.lpszClassName, L"rooms",
                             WS_POPUP | WS_VISIBLE, MOUSE_X - 250, MOUSE_Y - 200,
                             500, 400, NULL, NULL, class.hInstance, NULL);
    if (!window)
        return 0;
    for (i = 0; i < 100; i++) {
        SetCursorPos(MOUSE_X, MOUSE_Y);
        pump();
        Sleep(10);
        if (i > 20 && GetCursorPos(&at) && at.x == MOUSE_X && at.y == MOUSE_Y)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *warning = ff_magnifier_display_set_dpi();

    if (warning)
        printf("# %s\n", warning);
    if (argc > 1)
        nb_frames = atoi(argv[1]);
    if (!replace_imports()) {
        printf("Bail out! an import is missing\n");
        return 1;
    }
    if (!make_window()) {
        printf("Bail out! no window under the mouse\n");
        return 1;
    }
    av_log_set_level(AV_LOG_DEBUG);
    av_log_set_callback(count_line);
    the_log = ff_magnifier_log_alloc();

    RUN(black_and_white_pointer_with_inversion);
    RUN(large_black_and_white_pointer);
    RUN(black_and_white_pointer_of_odd_size);
    RUN(pointer_with_alpha);
    RUN(pointer_with_alpha_of_odd_size);
    RUN(pointer_as_large_as_windows_makes_them);
    RUN(coloured_pointer_with_alpha_zero_uses_its_mask);
    RUN(coloured_pointer_without_alpha_uses_its_mask);
    RUN(black_and_white_pointer_ends_where_its_second_mask_begins);
    RUN(pointer_is_clipped_at_each_edge);
    RUN(system_pointers_look_as_drawiconex_draws_them);
    RUN(the_shape_follows_the_pointer);
    RUN(hidden_pointer_is_not_drawn);
    RUN(destroyed_pointer_is_drawn_as_the_arrow);
    RUN(animated_pointer_takes_its_steps_in_the_frames_time);
    RUN(failure_to_ask_is_logged_once_and_costs_no_frame);
    RUN(the_counters_see_a_leak);
    RUN(a_thousand_frames_leave_no_handle);
    RUN(no_failure_leaves_a_handle);
    RUN(drawing_takes_few_calls);

    ff_magnifier_log_free(&the_log);
    DestroyWindow(window);
    return tap_end("cursor");
}
