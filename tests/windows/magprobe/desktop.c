/*
 * magprobe: which of the windows that are there are left out?
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

#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "kinds.h"
#include "magprobe.h"
#include "system.h"

#define MAX_CLASSES 16

/** One window of each class that this desktop shows. */
typedef struct Classes {
    WCHAR name[MAX_CLASSES][64];
    HWND hwnd[MAX_CLASSES];
    int nb;
} Classes;

static BOOL CALLBACK take_one(HWND hwnd, LPARAM param)
{
    Classes *c = (Classes *)param;
    WCHAR name[64] = L"";
    DWORD pid;
    RECT r, screen = { 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN) }, both;
    int i;

    GetWindowThreadProcessId(hwnd, &pid);
    if (!IsWindowVisible(hwnd) || IsIconic(hwnd) || is_cloaked(hwnd) ||
        pid == GetCurrentProcessId() || !GetWindowRect(hwnd, &r) ||
        !IntersectRect(&both, &r, &screen) || !GetClassNameW(hwnd, name, 64))
        return TRUE;
    for (i = 0; i < c->nb; i++)
        if (!wcscmp(c->name[i], name))
            return TRUE;
    wcscpy(c->name[c->nb], name);
    c->hwnd[c->nb++] = hwnd;
    return c->nb < MAX_CLASSES;
}

void kind_try_any(Session *s, const char *name, HWND hwnd)
{
    Shot shown = { 0 }, again = { 0 }, listed = { 0 };
    RECT r, screen = { 0, 0, GetSystemMetrics(SM_CXSCREEN), GetSystemMetrics(SM_CYSCREEN) };
    HWND none = s->host;
    int moving, changed, all;
    DWORD pid;

    GetWindowThreadProcessId(hwnd, &pid);
    if (!GetWindowRect(hwnd, &r) || !IntersectRect(&r, &r, &screen))
        return;
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &none);
    shot_take(s, &r, &shown);
    shot_take(s, &r, &again);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &hwnd);
    shot_take(s, &r, &listed);
    shot_take(s, &r, &listed);
    moving  = shot_differ(&shown, &again);
    changed = shot_differ(&again, &listed);
    all     = listed.w * listed.h;
    fact(name, "elevation %d, of %d pixels %d change by listing it, %d by themselves",
         is_elevated(pid), all, changed, moving);
    say("%s: listing it changes %d of %d pixels (%d change by themselves)", name, changed, all,
        moving);
    shot_free(&shown);
    shot_free(&again);
    shot_free(&listed);
}

static void try_class(Session *s, const WCHAR *name, HWND hwnd)
{
    char narrow[192] = "", key[256];

    WideCharToMultiByte(CP_UTF8, 0, name, -1, narrow, sizeof(narrow), NULL, NULL);
    snprintf(key, sizeof(key), "class %s", narrow);
    kind_try_any(s, key, hwnd);
}

void ask_desktop(Session *s)
{
    static Classes classes;
    int i;

    if (options.attended)
        ask_person("Open Start, or the notifications, and leave them open");
    EnumWindows(take_one, (LPARAM)&classes);
    for (i = 0; i < classes.nb; i++)
        try_class(s, classes.name[i], classes.hwnd[i]);
    wine_cannot_tell("UWP, WinUI, Start, toasts, elevation and flip-model windows");
}
