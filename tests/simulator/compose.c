/*
 * Simulator of Magnification.dll: composing the desktop
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

#include "compose.h"
#include "log.h"
#include "profile.h"

#define MAX_TRANSLUCENT 256
#define MAX_SAMPLES      32
#define X_ROOT_COLOUR RGB(0, 0, 0)  /* when no place of it can be seen */

/* A window that lets something below shine through, drawn after the walk. */
typedef struct Translucent {
    HWND hwnd;
    HRGN visible;
    int per_pixel;              ///< UpdateLayeredWindow: alpha is in the pixels
    unsigned alpha;
    int has_key;
    COLORREF key;
} Translucent;

typedef struct Walk {
    SimSurface *surface;
    RECT rect;
    const HWND *list;
    int nb_list;
    int include;
    HWND self;
    HRGN left;                  ///< what no opaque window has taken yet
    HRGN window;                ///< scratch: where the window at hand shows
    Translucent translucent[MAX_TRANSLUCENT];
    int nb_translucent;
} Walk;

static volatile LONG learnt_background = -1;

void sim_compose_reset(void)
{
    learnt_background = -1;
}

static void picture_free(SimPicture *p)
{
    if (p->dc) {
        SelectObject(p->dc, p->previous);
        DeleteDC(p->dc);
    }
    if (p->bitmap)
        DeleteObject(p->bitmap);
    memset(p, 0, sizeof(*p));
}

static int picture_resize(SimPicture *p, int width, int height)
{
    BITMAPINFO info = { .bmiHeader.biSize = sizeof(info.bmiHeader) };
    void *pixels;

    if (p->dc && p->width == width && p->height == height)
        return 0;
    picture_free(p);

    info.bmiHeader.biWidth       = width;
    info.bmiHeader.biHeight      = -height;
    info.bmiHeader.biPlanes      = 1;
    info.bmiHeader.biBitCount    = 32;
    info.bmiHeader.biCompression = BI_RGB;

    p->dc = CreateCompatibleDC(NULL);
    if (!p->dc)
        return -1;
    p->bitmap = CreateDIBSection(p->dc, &info, DIB_RGB_COLORS, &pixels, NULL, 0);
    if (!p->bitmap) {
        picture_free(p);
        return -1;
    }
    p->previous = SelectObject(p->dc, p->bitmap);
    p->pixels   = pixels;
    p->width    = width;
    p->height   = height;
    return 0;
}

void sim_compose_free(SimSurface *s)
{
    picture_free(&s->picture);
    picture_free(&s->scratch);
    sim_free(s->windows);
    memset(s, 0, sizeof(*s));
}

static BOOL CALLBACK collect_window(HWND hwnd, LPARAM param)
{
    SimSurface *s = (SimSurface *)param;

    if (s->nb_windows == s->max_windows) {
        int max      = s->max_windows ? 2 * s->max_windows : 256;
        HWND *larger = sim_alloc(max * sizeof(*larger));

        if (!larger)
            return FALSE;
        if (s->nb_windows)
            memcpy(larger, s->windows, s->nb_windows * sizeof(*larger));
        sim_free(s->windows);
        s->windows     = larger;
        s->max_windows = max;
    }
    s->windows[s->nb_windows++] = hwnd;
    return TRUE;
}

static int is_listed(const Walk *walk, HWND hwnd)
{
    int i;

    for (i = 0; i < walk->nb_list; i++)
        if (walk->list[i] == hwnd)
            return 1;
    return 0;
}

static HDC window_dc(HWND hwnd)
{
    return GetDCEx(hwnd, NULL, DCX_WINDOW | DCX_CACHE);
}

/*
 * Where on the screen the window has pixels, its own region included. This is
 * not GetWindowRect(): a frame that the window manager would have to draw
 * belongs to that rectangle but not to the window's picture.
 */
static int window_region(HDC dc, HRGN region)
{
    return GetRandomRgn(dc, region, SYSRGN) == 1;
}

/*
 * The same for a window that UpdateLayeredWindow() draws: Wine keeps one pixel
 * of such a window for ordinary drawing, and it has no frame.
 */
static int layered_region(HWND hwnd, HRGN region)
{
    HRGN shape = CreateRectRgn(0, 0, 0, 0);
    RECT r;

    if (!GetWindowRect(hwnd, &r))
        SetRectEmpty(&r);
    SetRectRgn(region, r.left, r.top, r.right, r.bottom);
    if (GetWindowRgn(hwnd, shape) > ERROR) {
        OffsetRgn(shape, r.left, r.top);
        CombineRgn(region, region, shape, RGN_AND);
    }
    DeleteObject(shape);
    return !IsRectEmpty(&r);
}

static void copy(SimPicture *p, const RECT *rect, HDC dc, const POINT *origin, const RECT *r)
{
    int x = r->left - rect->left, y = r->top - rect->top;
    int width = r->right - r->left, height = r->bottom - r->top;

    /* never let an older picture show through where reading failed */
    if (!BitBlt(p->dc, x, y, width, height, dc, r->left - origin->x, r->top - origin->y, SRCCOPY))
        PatBlt(p->dc, x, y, width, height, BLACKNESS);
}

/*
 * Copy the part `visible` (desktop coordinates) of a window's picture to the
 * place where it lies in p, whose upper left corner is at rect's.
 */
static void read_window(SimPicture *p, const RECT *rect, HDC dc, HRGN visible)
{
    union {
        RGNDATA data;
        char room[sizeof(RGNDATAHEADER) + 64 * sizeof(RECT)];
    } region;
    POINT origin = { 0, 0 };
    DWORD i;

    GetDCOrgEx(dc, &origin);
    if (GetRegionData(visible, sizeof(region), &region.data) &&
        region.data.rdh.nCount <= 4) {
        for (i = 0; i < region.data.rdh.nCount; i++)
            copy(p, rect, dc, &origin, (const RECT *)region.data.Buffer + i);
    } else {
        /* many pieces: one reading of all, cut to shape when it is drawn */
        HRGN clip = CreateRectRgn(0, 0, 0, 0);
        RECT r;

        GetRgnBox(visible, &r);
        CombineRgn(clip, visible, NULL, RGN_COPY);
        OffsetRgn(clip, -rect->left, -rect->top);
        SelectClipRgn(p->dc, clip);
        copy(p, rect, dc, &origin, &r);
        SelectClipRgn(p->dc, NULL);
        DeleteObject(clip);
    }
}

/* Does the window hide what lies below it? If not, say how it shines through. */
static int is_opaque(HWND hwnd, Translucent *t)
{
    DWORD flags = 0;
    BYTE alpha;

    memset(t, 0, sizeof(*t));
    t->hwnd  = hwnd;
    t->alpha = 255;
    if (!(GetWindowLongW(hwnd, GWL_EXSTYLE) & WS_EX_LAYERED))
        return 1;
    if (!GetLayeredWindowAttributes(hwnd, &t->key, &alpha, &flags)) {
        t->per_pixel = 1;
        return 0;
    }
    if (flags & LWA_ALPHA)
        t->alpha = alpha;
    t->has_key = !!(flags & LWA_COLORKEY);
    return t->alpha == 255 && !t->has_key;
}

static void visit_window(Walk *walk, HWND hwnd)
{
    LONG style = GetWindowLongW(hwnd, GWL_STYLE);
    Translucent *t = &walk->translucent[walk->nb_translucent];
    SimSurface *s = walk->surface;
    HDC dc;
    int opaque;

    if ((style & (WS_VISIBLE | WS_MINIMIZE)) != WS_VISIBLE || hwnd == walk->self)
        return;
    if (is_listed(walk, hwnd) != walk->include) {
        s->nb_left_out++;
        return;
    }
    opaque = is_opaque(hwnd, t);
    if (!t->alpha)
        return;
    if (!opaque && walk->nb_translucent == MAX_TRANSLUCENT - 1)
        return;

    dc = window_dc(hwnd);
    if (!dc)
        return;
    if ((t->per_pixel ? layered_region(hwnd, walk->window) : window_region(dc, walk->window)) &&
        CombineRgn(walk->window, walk->window, walk->left, RGN_AND) > NULLREGION) {
        if (opaque) {
            read_window(&s->picture, &walk->rect, dc, walk->window);
            CombineRgn(walk->left, walk->left, walk->window, RGN_DIFF);
            s->nb_read++;
        } else {
            t->visible = walk->window;
            walk->window = CreateRectRgn(0, 0, 0, 0);
            walk->nb_translucent++;
        }
    }
    ReleaseDC(hwnd, dc);
}

static inline uint32_t blend(uint32_t below, uint32_t above, unsigned alpha)
{
    uint32_t out = 0;
    int shift;

    for (shift = 0; shift < 24; shift += 8) {
        unsigned b = below >> shift & 255, a = above >> shift & 255;

        out |= (a * alpha + b * (255 - alpha) + 127) / 255 << shift;
    }
    return out;
}

/* Above is premultiplied, as UpdateLayeredWindow wants it. */
static inline uint32_t blend_premultiplied(uint32_t below, uint32_t above)
{
    unsigned alpha = above >> 24;
    uint32_t out = 0;
    int shift;

    for (shift = 0; shift < 24; shift += 8) {
        unsigned b = below >> shift & 255, a = above >> shift & 255;
        unsigned v = a + (b * (255 - alpha) + 127) / 255;

        out |= (v > 255 ? 255 : v) << shift;
    }
    return out;
}

static void draw_translucent(Walk *walk, const Translucent *t)
{
    SimSurface *s = walk->surface;
    uint32_t key = GetRValue(t->key) << 16 | GetGValue(t->key) << 8 | GetBValue(t->key);
    HDC dc = window_dc(t->hwnd);
    DWORD size, i;
    RGNDATA *data;
    RECT box;

    if (!dc)
        return;
    GetRgnBox(t->visible, &box);
    size = GetRegionData(t->visible, 0, NULL);
    data = sim_alloc(size);
    if (data && GetRegionData(t->visible, size, data) &&
        !picture_resize(&s->scratch, s->picture.width, s->picture.height)) {
        read_window(&s->scratch, &walk->rect, dc, t->visible);
        GdiFlush();
        for (i = 0; i < data->rdh.nCount; i++) {
            const RECT *r = (const RECT *)data->Buffer + i;
            int x, y;

            for (y = r->top; y < r->bottom; y++) {
                size_t row = (size_t)(y - walk->rect.top) * s->picture.width;
                uint32_t *dst = s->picture.pixels + row - walk->rect.left;
                const uint32_t *src = s->scratch.pixels + row - walk->rect.left;

                for (x = r->left; x < r->right; x++) {
                    if (t->per_pixel)
                        dst[x] = blend_premultiplied(dst[x], src[x]);
                    else if (!t->has_key || (src[x] & 0xffffff) != key)
                        dst[x] = blend(dst[x], src[x], t->alpha);
                }
            }
        }
        s->nb_blended++;
    }
    sim_free(data);
    ReleaseDC(t->hwnd, dc);
}

/* The desktop where no window at all is, listed or not. */
static HRGN bare_desktop(SimSurface *s)
{
    HRGN bare = CreateRectRgn(GetSystemMetrics(SM_XVIRTUALSCREEN),
                              GetSystemMetrics(SM_YVIRTUALSCREEN),
                              GetSystemMetrics(SM_XVIRTUALSCREEN) + GetSystemMetrics(SM_CXVIRTUALSCREEN),
                              GetSystemMetrics(SM_YVIRTUALSCREEN) + GetSystemMetrics(SM_CYVIRTUALSCREEN));
    HRGN window = CreateRectRgn(0, 0, 0, 0);
    int i;

    for (i = 0; i < s->nb_windows; i++) {
        HDC dc;

        if (!(GetWindowLongW(s->windows[i], GWL_STYLE) & WS_VISIBLE))
            continue;
        dc = window_dc(s->windows[i]);
        if (!dc)
            continue;
        if (window_region(dc, window))
            CombineRgn(bare, bare, window, RGN_DIFF);
        ReleaseDC(s->windows[i], dc);
    }
    DeleteObject(window);
    return bare;
}

/*
 * The colour that most places of the bare desktop have. A window that has just
 * gone may still be seen on the X screen for a moment, so that the screen is
 * asked at many places, the most frequent answer counts, and it is kept.
 */
static COLORREF learn_background(SimSurface *s)
{
    HRGN bare = bare_desktop(s);
    DWORD size = GetRegionData(bare, 0, NULL), i;
    RGNDATA *data = sim_alloc(size);
    COLORREF seen[MAX_SAMPLES], best = X_ROOT_COLOUR;
    int nb_seen = 0, most = 0, j, k;
    HDC screen = GetDC(NULL);

    if (data && GetRegionData(bare, size, data))
        for (i = 0; i < data->rdh.nCount && nb_seen + 3 < MAX_SAMPLES; i++) {
            const RECT *r = (const RECT *)data->Buffer + i;

            seen[nb_seen++] = GetPixel(screen, r->left, r->top);
            seen[nb_seen++] = GetPixel(screen, (r->left + r->right) / 2,
                                       (r->top + r->bottom) / 2);
            seen[nb_seen++] = GetPixel(screen, r->right - 1, r->bottom - 1);
        }
    for (j = 0; j < nb_seen; j++) {
        int same = 0;

        for (k = 0; k < nb_seen; k++)
            same += seen[k] == seen[j];
        if (same > most && seen[j] != CLR_INVALID) {
            most = same;
            best = seen[j];
        }
    }
    ReleaseDC(NULL, screen);
    sim_free(data);
    DeleteObject(bare);
    if (most) {
        learnt_background = best;
        sim_log("background colour=%02x%02x%02x samples=%d of %d",
                GetRValue(best), GetGValue(best), GetBValue(best), most, nb_seen);
    }
    return best;
}

static void draw_background(Walk *walk)
{
    SimSurface *s = walk->surface;
    long value = sim_value(SIM_BACKGROUND, 1);
    HRGN clip;
    RECT all = { 0, 0, s->picture.width, s->picture.height };
    COLORREF colour;
    HBRUSH brush;

    if (GetRgnBox(walk->left, &all) <= NULLREGION)
        return;
    if (value == SIM_BACKGROUND_SCREEN) {
        HDC screen = GetDC(NULL);
        HRGN bare  = bare_desktop(s);

        CombineRgn(bare, bare, walk->left, RGN_AND);
        read_window(&s->picture, &walk->rect, screen, bare);
        CombineRgn(walk->left, walk->left, bare, RGN_DIFF);
        DeleteObject(bare);
        ReleaseDC(NULL, screen);
    }
    if (value >= 0)
        colour = RGB(value >> 16 & 255, value >> 8 & 255, value & 255);
    else
        colour = learnt_background >= 0 ? (COLORREF)learnt_background : learn_background(s);

    clip = CreateRectRgn(0, 0, 0, 0);
    CombineRgn(clip, walk->left, NULL, RGN_COPY);
    OffsetRgn(clip, -walk->rect.left, -walk->rect.top);
    brush = CreateSolidBrush(colour);
    FillRgn(s->picture.dc, clip, brush);
    DeleteObject(brush);
    DeleteObject(clip);
}

int sim_compose(SimSurface *s, const RECT *rect, const HWND *list, int nb_list,
                int include, HWND self)
{
    Walk walk = { .surface = s, .rect = *rect, .list = list, .nb_list = nb_list,
                  .include = include, .self = self };
    int i;

    if (picture_resize(&s->picture, rect->right - rect->left, rect->bottom - rect->top))
        return -1;
    s->nb_windows = s->nb_read = s->nb_blended = s->nb_left_out = 0;
    EnumWindows(collect_window, (LPARAM)s);

    walk.left   = CreateRectRgnIndirect(rect);
    walk.window = CreateRectRgn(0, 0, 0, 0);
    for (i = 0; i < s->nb_windows; i++) {
        RECT box;

        visit_window(&walk, s->windows[i]);
        if (GetRgnBox(walk.left, &box) <= NULLREGION)
            break;
    }
    draw_background(&walk);
    GdiFlush();
    while (walk.nb_translucent--) {
        draw_translucent(&walk, &walk.translucent[walk.nb_translucent]);
        DeleteObject(walk.translucent[walk.nb_translucent].visible);
    }
    DeleteObject(walk.window);
    DeleteObject(walk.left);
    return 0;
}

int sim_compose_pattern(SimSurface *s, const RECT *rect, unsigned sequence)
{
    int width = rect->right - rect->left, height = rect->bottom - rect->top;
    int fresh = !s->picture.dc || s->picture.width != width || s->picture.height != height;
    int x, y;

    if (picture_resize(&s->picture, width, height))
        return -1;
    for (y = 0; fresh && y < height; y++)
        for (x = 0; x < width; x++)
            s->picture.pixels[(size_t)y * width + x] =
                (x & 255) | (y & 255) << 8 | ((x ^ y) & 255) << 16;
    /* the sequence number: 32 cells of 4x4 pixels, the lowest bit leftmost */
    for (y = 0; y < 4 && y < height; y++)
        for (x = 0; x < 128 && x < width; x++)
            s->picture.pixels[(size_t)y * width + x] = sequence >> x / 4 & 1 ? 0xffffff : 0;
    return 0;
}
