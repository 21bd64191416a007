/*
 * Simulator of Magnification.dll: faults around a frame
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

#include "faults.h"
#include "log.h"
#include "profile.h"
#include "session.h"

#define CURSOR_MARKER      8    /* pixels, square */
#define CURSOR_COLOUR      0xff0000
#define BORDER_COLOUR      0xffff00
#define CHANGING_OFFSETS   8

static const GUID formats[] = {
    [SIM_FORMAT_RGBA]    = { 0xf5c7ad2d, 0x6a8d, 0x43dd, { 0xa7, 0xa8, 0xa2, 0x99, 0x35, 0x26, 0x1a, 0xe9 } },
    [SIM_FORMAT_BGR]     = { 0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0e } },
    [SIM_FORMAT_BGRA]    = { 0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0f } },
    [SIM_FORMAT_UNKNOWN] = { 0x12345678, 0x9abc, 0xdef0, { 1, 2, 3, 4, 5, 6, 7, 8 } },
};

void sim_fault_layout(SimLayout *layout, int width, int height, unsigned n)
{
    size_t room = sim_largest(SIM_OFFSET);

    layout->stride = 4 * (size_t)width + sim_value(SIM_STRIDE_PAD, n);
    layout->offset = sim_value(SIM_OFFSET, n);
    if (sim_largest(SIM_OFFSET_CHANGING) && room < 4 * CHANGING_OFFSETS)
        room = 4 * CHANGING_OFFSETS;
    if (sim_value(SIM_OFFSET_CHANGING, n))
        layout->offset = 4 * (n % CHANGING_OFFSETS + 1);
    layout->size = room + layout->stride * height;
}

void sim_fault_header(MagImageHeader *src, MagImageHeader *dst, const SimLayout *layout,
                      int width, int height, unsigned n)
{
    src->width  = sim_value(SIM_WIDTH_ZERO, n) ? 0 : width;
    src->height = sim_value(SIM_HEIGHT_ZERO, n) ? 0 : height;
    src->format = formats[sim_value(SIM_FORMAT, n)];
    src->stride = layout->stride - sim_value(SIM_STRIDE_SHORT, n);
    src->offset = layout->offset + sim_value(SIM_OFFSET_LIE, n);
    switch (sim_value(SIM_CBSIZE, n)) {
    case SIM_CBSIZE_ZERO:  src->cbSize = 0;                             break;
    case SIM_CBSIZE_SHORT: src->cbSize = layout->size - layout->stride; break;
    case SIM_CBSIZE_HUGE:  src->cbSize = (SIZE_T)-1 / 2;                break;
    default:               src->cbSize = layout->size;                  break;
    }
    *dst        = *src;
    dst->stride = 4 * width;
    dst->offset = 0;
}

static void fill(SimPicture *p, int left, int top, int right, int bottom, uint32_t colour)
{
    int x, y;

    for (y = top < 0 ? 0 : top; y < bottom && y < p->height; y++)
        for (x = left < 0 ? 0 : left; x < right && x < p->width; x++)
            p->pixels[(size_t)y * p->width + x] = colour;
}

void sim_fault_picture(SimPicture *p, const RECT *rect, unsigned n, int show_cursor)
{
    int border = sim_value(SIM_BORDER, n);
    POINT pos;

    if (border) {
        fill(p, 0, 0, p->width, border, BORDER_COLOUR);
        fill(p, 0, p->height - border, p->width, p->height, BORDER_COLOUR);
        fill(p, 0, 0, border, p->height, BORDER_COLOUR);
        fill(p, p->width - border, 0, p->width, p->height, BORDER_COLOUR);
    }
    if (show_cursor && GetCursorPos(&pos)) {
        int x = pos.x - rect->left, y = pos.y - rect->top;

        fill(p, x, y, x + CURSOR_MARKER, y + CURSOR_MARKER, CURSOR_COLOUR);
    }
}

void sim_fault_wait(unsigned n)
{
    long delay = sim_value(SIM_FRAME_DELAY_MS, n), hang = sim_value(SIM_HANG, n);

    if (delay)
        Sleep(delay);
    if (hang > 0) {
        sim_log("hang n=%u ms=%ld", n, hang);
        Sleep(hang);
    } else if (!hang) {
        HANDLE event = CreateEventW(NULL, TRUE, FALSE, L"MagSimRelease");

        sim_log("hang n=%u until=MagSimRelease", n);
        WaitForSingleObject(event, INFINITE);
        CloseHandle(event);
        sim_log("hang_over n=%u", n);
    }
}

static DWORD CALLBACK foreign_thread(LPVOID arg)
{
    (void)arg;
    sim_session_end("foreign_MagUninitialize");
    return 0;
}

void sim_fault_foreign_uninit(void)
{
    HANDLE thread = CreateThread(NULL, 0, foreign_thread, NULL, 0, NULL);

    if (thread) {
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
}

void sim_fault_mode_change(unsigned n)
{
    long size = sim_value(SIM_MODE_CHANGE, n);
    DEVMODEW mode = { .dmSize = sizeof(mode) };
    LONG ret;

    if (!size)
        return;
    mode.dmFields     = DM_PELSWIDTH | DM_PELSHEIGHT;
    mode.dmPelsWidth  = size >> 16;
    mode.dmPelsHeight = size & 0xffff;
    ret = ChangeDisplaySettingsW(&mode, 0);
    sim_log("mode_change n=%u width=%ld height=%ld -> %ld", n, size >> 16, size & 0xffff, ret);
}

static DWORD CALLBACK read_it(LPVOID page)
{
    return *(volatile DWORD *)page;
}

int sim_fault_access_violation(unsigned n, int here)
{
    void *page;
    HANDLE thread;

    if (!sim_value(SIM_ACCESS_VIOLATION, n) || sim_value(SIM_ACCESS_VIOLATION_AT, n) != here)
        return 0;
    page = VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_NOACCESS);
    sim_log("access_violation n=%u", n);
    if (here == SIM_AT_PROBE) {
        IsBadReadPtr(page, 1);
    } else if (here == SIM_AT_THREAD) {
        thread = CreateThread(NULL, 0, read_it, page, 0, NULL);
        if (thread) {
            WaitForSingleObject(thread, INFINITE);
            CloseHandle(thread);
        }
    } else {
        read_it(page);
    }
    VirtualFree(page, 0, MEM_RELEASE);
    return 1;
}
