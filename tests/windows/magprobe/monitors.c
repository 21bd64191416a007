/*
 * magprobe: which monitors work?
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

#include "magprobe.h"
#include "shot.h"

/** The monitor that options.monitor names, and all of them together. */
typedef struct Wanted {
    int n, found;
    MONITORINFOEXW info;
    RECT all;
} Wanted;

static BOOL CALLBACK compare_monitor(HMONITOR monitor, HDC dc, LPRECT r, LPARAM param)
{
    Wanted *w = (Wanted *)param;

    (void)dc;
    UnionRect(&w->all, &w->all, r);
    if (w->n++ == options.monitor) {
        w->info.cbSize = sizeof(w->info);
        w->found = GetMonitorInfoW(monitor, (MONITORINFO *)&w->info);
    }
    return TRUE;
}

static void describe(const Wanted *w)
{
    DEVMODEW mode = { .dmSize = sizeof(mode) };
    char name[128] = "";

    WideCharToMultiByte(CP_UTF8, 0, w->info.szDevice, -1, name, sizeof(name), NULL, NULL);
    if (w->found && EnumDisplaySettingsW(w->info.szDevice, ENUM_CURRENT_SETTINGS, &mode))
        fact("monitor", "%s, %lux%lu at %ld,%ld, turned %lu, %lu Hz, %lu bits", name,
             mode.dmPelsWidth, mode.dmPelsHeight, mode.dmPosition.x, mode.dmPosition.y,
             mode.dmDisplayOrientation, mode.dmDisplayFrequency, mode.dmBitsPerPel);
}

/** What the headers of many calls had in common. */
typedef struct Headers {
    ImageHeader first;
    int nb, failed, differ;
} Headers;

static void take_header(Headers *h, int failed, const ImageHeader *header)
{
    h->failed += failed;
    if (failed)
        return;
    if (!h->nb++)
        h->first = *header;
    h->differ += header->offset != h->first.offset || header->stride != h->first.stride ||
                 header->width != h->first.width || header->cb_size != h->first.cb_size;
}

void ask_monitor(void)
{
    Wanted w = { .n = 0 };
    Headers h = { .nb = 0 };
    Session s = { 0 };
    RECT r;
    int i;

    EnumDisplayMonitors(NULL, NULL, compare_monitor, (LPARAM)&w);
    r = w.found ? w.info.rcMonitor : w.all;
    describe(&w);
    if (shot_begin(&s, r.right - r.left, r.bottom - r.top))
        return;
    for (i = 0; i < options.calls; i++) {
        Shot shot = { 0 };
        int failed = shot_take(&s, &r, &shot);

        take_header(&h, failed, &shot.header);
        shot_free(&shot);
    }
    say("%s of %ldx%ld at %ld,%ld: %d of %d calls give no picture",
        w.found ? "a monitor" : "all together", r.right - r.left, r.bottom - r.top, r.left, r.top,
        h.failed, options.calls);
    if (h.nb)
        say("headers say %ux%u, stride %u, offset %u, %lu bytes; %d say something else",
            h.first.width, h.first.height, h.first.stride, h.first.offset,
            (unsigned long)h.first.cb_size, h.differ);
    session_close(&s);
    session_end(&s);
}
