/*
 * Simulator of Magnification.dll: the control
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

#include "control.h"
#include "dll.h"
#include "faults.h"
#include "log.h"
#include "profile.h"
#include "session.h"

typedef struct Request {
    RECT rect;
    BOOL result;
} Request;

volatile LONG sim_callbacks;

static SimControl *controls;
static CRITICAL_SECTION lock;
static unsigned next_serial = 1;
static UINT msg_source, msg_late;

int sim_filter_set(SimFilter *filter, DWORD mode, int nb, const HWND *list)
{
    HWND *copy = NULL;

    if (nb) {
        copy = sim_alloc(nb * sizeof(*copy));
        if (!copy)
            return -1;
        memcpy(copy, list, nb * sizeof(*copy));
    }
    sim_free(filter->list);
    filter->list = copy;
    filter->nb   = nb;
    filter->mode = mode;
    return 0;
}

static SimControl *find(HWND hwnd)
{
    SimControl *c;

    EnterCriticalSection(&lock);
    for (c = controls; c && c->hwnd != hwnd; c = c->next)
        ;
    LeaveCriticalSection(&lock);
    return c;
}

SimControl *sim_control_find(HWND hwnd)
{
    SimControl *c = msg_source ? find(hwnd) : NULL;

    if (c && !c->gone)
        return c;
    SetLastError(IsWindow(hwnd) ? ERROR_INVALID_PARAMETER : ERROR_INVALID_WINDOW_HANDLE);
    return NULL;
}

static const SimFilter *filter_in_force(const SimControl *c, unsigned n)
{
    static const SimFilter none;

    switch (sim_value(SIM_FILTER, n)) {
    case SIM_FILTER_IGNORE: return &none;
    case SIM_FILTER_LATE:   return &c->previous;
    default:                return &c->kept;
    }
}

/* Does a list leave this window out, by this DLL? */
static int can_leave_out(HWND hwnd, unsigned n)
{
    DWORD pid = 0;

    switch (sim_value(SIM_FILTER_MISSES, n)) {
    case SIM_MISSES_FOREIGN:
        GetWindowThreadProcessId(hwnd, &pid);
        return pid == GetCurrentProcessId();
    case SIM_MISSES_LAYERED:
        return !(GetWindowLongW(hwnd, GWL_EXSTYLE) & WS_EX_LAYERED);
    default:
        return 1;
    }
}

/* What of a list takes effect: room is as long as the list. */
static int filter_list(const SimFilter *filter, unsigned n, HWND *room)
{
    int i, nb = 0;

    for (i = 0; i < filter->nb; i++)
        if (can_leave_out(filter->list[i], n))
            room[nb++] = filter->list[i];
    return nb;
}

static void copy_rows(uint8_t *dst, const SimLayout *layout, const SimPicture *p, uint32_t alpha)
{
    int x, y;

    for (y = 0; y < p->height; y++) {
        const uint32_t *src = p->pixels + (size_t)y * p->width;
        uint8_t *row = dst + layout->offset + (size_t)y * layout->stride;

        for (x = 0; x < p->width; x++) {
            uint32_t pixel = (src[x] & 0xffffff) | alpha;

            memcpy(row + 4 * x, &pixel, 4);
        }
    }
}

static int compose(SimControl *c, const RECT *rect, unsigned n)
{
    const SimFilter *filter = filter_in_force(c, n);
    HWND *list;
    int ret, nb;

    if (sim_value(SIM_STALE, n) && c->surface.picture.pixels &&
        c->surface.picture.width  == rect->right - rect->left &&
        c->surface.picture.height == rect->bottom - rect->top)
        return 0;
    if (sim_value(SIM_SOURCE, n) == SIM_SOURCE_PATTERN)
        return sim_compose_pattern(&c->surface, rect, n);
    list = sim_alloc((filter->nb + 1) * sizeof(*list));
    if (!list)
        return -1;
    nb  = filter_list(filter, n, list);
    ret = sim_compose(&c->surface, rect, list, nb, filter->mode == MAG_FILTER_INCLUDE && filter->nb,
                      GetAncestor(c->hwnd, GA_ROOT));
    sim_free(list);
    if (!ret)
        sim_fault_picture(&c->surface.picture, rect, n,
                          GetWindowLongW(c->hwnd, GWL_STYLE) & MAG_SHOW_CURSOR);
    return ret;
}

static void call_back(SimControl *c, SimBlock *block, const SimLayout *layout,
                      int width, int height, unsigned n, const char *why)
{
    MagScalingCallback callback = c->callback;
    MagImageHeader src, dst;
    RECT whole = { 0, 0, width, height };
    void *dest;
    HRGN dirty;
    BOOL ret;

    if (!callback)
        return;
    sim_fault_header(&src, &dst, layout, width, height, n);
    dest  = HeapAlloc(GetProcessHeap(), 0, layout->size);
    dirty = CreateRectRgnIndirect(&whole);
    InterlockedIncrement(&sim_callbacks);
    sim_fault_access_violation(n, SIM_AT_CALLBACK);
    ret = callback(c->hwnd, block ? block->data : NULL, src, dest, dst, whole, whole, dirty);
    sim_log("callback n=%u control=%u why=%s src=%p cb=%lu -> %d", n, c->serial, why,
            block ? block->data : NULL, (unsigned long)src.cbSize, ret);
    DeleteObject(dirty);
    if (dest)
        HeapFree(GetProcessHeap(), 0, dest);
}

/* Compose, fill the block, call back. */
static BOOL make_frame(SimControl *c, const RECT *source, unsigned n, int late, const char *why)
{
    RECT rect = *source;
    SimLayout layout;
    SimBlock *block;
    LONGLONG start = sim_now(), composed;
    int width, height;

    if (!c->callback && sim_value(SIM_WITHOUT_CALLBACK, n) == SIM_WITHOUT_NOTHING)
        return TRUE;
    rect.right  += sim_value(SIM_WIDTH_ADD, n);
    rect.bottom += sim_value(SIM_HEIGHT_ADD, n);
    width  = rect.right - rect.left;
    height = rect.bottom - rect.top;
    if (width <= 0 || height <= 0)
        return FALSE;

    if (compose(c, &rect, n)) {
        sim_shout("out of memory composing width=%d height=%d live=%d", width, height,
                  sim_blocks_live());
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    composed = sim_now();
    sim_fault_layout(&layout, width, height, n);
    block = sim_block_for_frame(&c->blocks, c->serial, layout.size, n);
    if (!block && sim_value(SIM_BLOCK_PLACE, n) != SIM_PLACE_NULL) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    if (block && sim_value(SIM_BLANK, n))
        memset(block->data, 0, block->size);
    else if (block)
        copy_rows(block->data, &layout, &c->surface.picture,
                  (uint32_t)sim_value(SIM_ALPHA, n) << 24);
    sim_log("frame n=%u control=%u why=%s rect=%ld,%ld,%ld,%ld list=%d left_out=%d windows=%d "
            "read=%d blended=%d compose_us=%d us=%d", n, c->serial, why,
            rect.left, rect.top, rect.right, rect.bottom, c->kept.nb,
            c->surface.nb_left_out, c->surface.nb_windows, c->surface.nb_read,
            c->surface.nb_blended, (int)(composed - start), (int)(sim_now() - start));

    if (late)
        return PostMessageW(c->hwnd, msg_late, n, 0);
    if (!sim_value(SIM_NO_CALLBACK, n))
        call_back(c, block, &layout, width, height, n, why);
    if (sim_value(SIM_CALLBACK_TWICE, n) && !c->gone)
        call_back(c, block, &layout, width, height, n, "twice");
    return TRUE;
}

/* The callback that MagSetWindowSource owed, out of the message loop. */
static void late_callback(SimControl *c, unsigned n)
{
    int width = c->source.right - c->source.left, height = c->source.bottom - c->source.top;
    SimLayout layout;

    sim_fault_layout(&layout, width, height, n);
    call_back(c, c->blocks.current[0], &layout, width, height, n, "late");
}

static BOOL set_source(SimControl *c, const RECT *rect)
{
    unsigned n = sim_session_coming_frame(c->frames);
    BOOL ok;

    c->frames++;
    sim_session_count_frame();
    c->source     = *rect;
    c->has_source = 1;
    if (sim_value(SIM_FOREIGN_UNINIT, n))
        sim_fault_foreign_uninit();
    if (!sim_session_active()) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    sim_fault_wait(n);
    sim_fault_access_violation(n, SIM_AT_PROC);
    if (sim_value(SIM_SOURCE_FALSE, n) || sim_value(SIM_ALL_FALSE, n)) {
        SetLastError(ERROR_GEN_FAILURE);
        return FALSE;
    }
    if (sim_value(SIM_HOST, n) == SIM_HOST_PAINTED)
        ok = TRUE;
    else
        ok = make_frame(c, rect, n, sim_value(SIM_CALLBACK_LATE, n), "source");
    sim_filter_set(&c->previous, c->kept.mode, c->kept.nb, c->kept.list);
    if (!c->gone)
        InvalidateRect(c->hwnd, NULL, FALSE);
    return ok;
}

static void paint(SimControl *c)
{
    unsigned n = sim_session_coming_frame(c->frames);
    const SimPicture *p = &c->surface.picture;
    PAINTSTRUCT ps;
    HDC dc = BeginPaint(c->hwnd, &ps);

    /* the last frame's number: a picture made again is not a new frame */
    if (c->has_source && sim_session_active())
        make_frame(c, &c->source, n > 1 ? n - 1 : 1, 0, "paint");
    if (p->dc && !c->gone)
        BitBlt(dc, 0, 0, p->width, p->height, p->dc, 0, 0, SRCCOPY);
    EndPaint(c->hwnd, &ps);
}

static SimControl *create(HWND hwnd)
{
    SimControl *c = sim_session_active() ? sim_alloc(sizeof(*c)) : NULL;
    int i;

    if (!c)
        return NULL;
    c->hwnd = hwnd;
    for (i = 0; i < 3; i++)
        c->transform.v[i][i] = 1;
    for (i = 0; i < 5; i++)
        c->effect.transform[i][i] = 1;
    EnterCriticalSection(&lock);
    c->serial = next_serial++;
    c->next   = controls;
    controls  = c;
    LeaveCriticalSection(&lock);
    sim_log("control_new control=%u hwnd=%p", c->serial, hwnd);
    return c;
}

static void gone(SimControl *c)
{
    unsigned n = sim_session_coming_frame(c->frames);

    if (sim_value(SIM_CALLBACK_IN_DESTROY, n) && c->has_source && c->blocks.current[0])
        late_callback(c, n);
    sim_log("control_gone control=%u hwnd=%p frames=%u callback=%d initialized=%d", c->serial,
            c->hwnd, c->frames, !!c->callback, sim_session_active());
    c->gone = 1;
    sim_blocks_control_gone(&c->blocks, c->serial, n);
}

static void destroy(SimControl *c)
{
    SimControl **link;

    EnterCriticalSection(&lock);
    for (link = &controls; *link; link = &(*link)->next)
        if (*link == c) {
            *link = c->next;
            break;
        }
    LeaveCriticalSection(&lock);
    sim_compose_free(&c->surface);
    sim_free(c->asked.list);
    sim_free(c->kept.list);
    sim_free(c->previous.list);
    sim_free(c);
}

static LRESULT CALLBACK window_proc(HWND hwnd, UINT msg, WPARAM wparam, LPARAM lparam)
{
    SimControl *c = find(hwnd);

    if (msg == WM_NCCREATE && !create(hwnd))
        return FALSE;
    if (!c)
        return DefWindowProcW(hwnd, msg, wparam, lparam);
    if (msg == msg_source) {
        Request *request = (Request *)lparam;

        request->result = !c->gone && set_source(c, &request->rect);
        return 0;
    }
    if (msg == msg_late) {
        late_callback(c, wparam);
        return 0;
    }
    switch (msg) {
    case WM_PAINT:
        paint(c);
        return 0;
    case WM_ERASEBKGND:
        return 1;
    case WM_DESTROY:
        gone(c);
        return 0;
    case WM_NCDESTROY:
        destroy(c);
        break;
    }
    return DefWindowProcW(hwnd, msg, wparam, lparam);
}

BOOL sim_control_send(HWND hwnd, const RECT *rect)
{
    Request request = { *rect, FALSE };

    SendMessageW(hwnd, msg_source, 0, (LPARAM)&request);
    return request.result;
}

int sim_control_register(void)
{
    WNDCLASSEXW wc = { .cbSize = sizeof(wc) };

    if (!msg_source) {
        InitializeCriticalSection(&lock);
        msg_late   = RegisterWindowMessageW(L"MagnifierLateFrame");
        msg_source = RegisterWindowMessageW(L"MagnifierSetSource");
    }
    wc.style         = CS_GLOBALCLASS;
    wc.lpfnWndProc   = window_proc;
    wc.hInstance     = sim_dll;
    wc.hCursor       = LoadCursorW(NULL, (const WCHAR *)IDC_ARROW);
    wc.lpszClassName = MAG_CLASS;
    return RegisterClassExW(&wc) || GetLastError() == ERROR_CLASS_ALREADY_EXISTS;
}

void sim_control_unregister(void)
{
    /* fails while controls are alive; they keep their window procedure */
    UnregisterClassW(MAG_CLASS, sim_dll);
}
