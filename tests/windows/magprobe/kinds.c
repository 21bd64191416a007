/*
 * magprobe: which kinds of windows are left out?
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
#include <windows.h>
#include <commctrl.h>

#include "frame.h"
#include "helper.h"
#include "kinds.h"
#include "magprobe.h"
#include "system.h"

#define BACK_W    420
#define BACK_H    240
#define MARGIN     40           /* room for a shadow */
#define X         200
#define Y         100

static HWND back;

static void place_of(HWND hwnd, RECT *r)
{
    if (!GetWindowRect(hwnd, r))
        SetRect(r, options.at.x + X, options.at.y + Y, options.at.x + X + KIND_SIZE,
                options.at.y + Y + KIND_SIZE);
}

int kind_look(Session *s, HWND listed, const RECT *r, uint32_t colour, Kind *k)
{
    Shot shot = { 0 };
    int ret = -1, i;
    HWND none = s->host;

    memset(k, 0, sizeof(*k));
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &none);
    settle();
    for (i = 0; i < 2; i++)
        ret = shot_take(s, r, &shot);
    k->before = shot_count(&shot, colour);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &listed);
    for (i = 0; i < 3; i++)
        ret |= shot_take(s, r, &shot);
    k->listed = shot_count(&shot, colour);
    shot_free(&shot);
    return ret;
}

/* What stays of a window that is listed: the same place when it is hidden. */
static void look_at_rest(Session *s, HWND hwnd, Kind *k)
{
    Shot listed = { 0 }, gone = { 0 };
    RECT r;

    place_of(hwnd, &r);
    InflateRect(&r, MARGIN, MARGIN);
    shot_take(s, &r, &listed);
    ShowWindow(hwnd, SW_HIDE);
    pump();
    /* hiding is animated; a settled desktop is the measure */
    Sleep(wine_version() ? 20 : 400);
    shot_take(s, &r, &gone);
    k->rest = shot_differ(&listed, &gone);
    shot_free(&listed);
    shot_free(&gone);
}

/* @return 1 when the list left it out, 0 when not, -1 when that cannot be told */
static int report_kind(const char *name, const Kind *k)
{
    const char *out = !k->listed ? "left out" :
                      k->listed == k->before ? "NOT LEFT OUT" : "LEFT OUT IN PART";
    char rest[64] = "";

    if (k->rest > 0 && !k->listed)
        snprintf(rest, sizeof(rest), ", but %d pixels around it differ", k->rest);
    fact(name, "%d pixels, listed %d, rest %d", k->before, k->listed, k->rest);
    if (!k->before)
        say("%s: does not show without a list either", name);
    else
        say("%s: %s%s", name, out, rest);
    return k->before ? !k->listed : -1;
}

/* The list has `listed` in it, or the window itself. */
static int try_window(Session *s, const char *name, HWND hwnd, HWND listed)
{
    Kind k;
    RECT r;
    int told = -1;

    if (!hwnd) {
        say("%s: cannot be made", name);
        return -1;
    }
    place_of(hwnd, &r);
    if (!kind_look(s, listed ? listed : hwnd, &r, KIND_COLOUR, &k)) {
        look_at_rest(s, hwnd, &k);
        told = report_kind(name, &k);
    }
    DestroyWindow(hwnd);
    pump();
    return told;
}

static HWND own(DWORD style, DWORD ex)
{
    return colour_window(style, ex | WS_EX_NOACTIVATE, X, Y, 2 * KIND_SIZE, 2 * KIND_SIZE,
                         KIND_COLOUR);
}

static HWND child_of_back(void)
{
    HWND hwnd = CreateWindowExW(0, L"Static", L"", WS_CHILD | WS_VISIBLE, X, Y, KIND_SIZE,
                                KIND_SIZE, back, NULL, GetModuleHandleW(NULL), NULL);

    pump();
    if (hwnd)
        paint_window(hwnd, KIND_COLOUR);
    return hwnd;
}

static HWND owned_by(HWND owner)
{
    HWND hwnd = own(WS_POPUP, WS_EX_TOOLWINDOW);

    if (hwnd && owner)
        SetWindowLongPtrW(hwnd, GWLP_HWNDPARENT, (LONG_PTR)owner);
    return hwnd;
}

static HWND tooltip(void)
{
    TOOLINFOW tool = { .cbSize = sizeof(tool) - sizeof(void *),
                       .uFlags = TTF_TRACK | TTF_ABSOLUTE,
                       .hwnd = back,
                       .lpszText = (WCHAR *)L"magprobe" };
    HWND hwnd;

    LoadLibraryExW(L"comctl32.dll", NULL, 0x800 /* LOAD_LIBRARY_SEARCH_SYSTEM32 */);
    hwnd = CreateWindowExW(WS_EX_TOPMOST, TOOLTIPS_CLASSW, NULL,
                           WS_POPUP | TTS_NOPREFIX | TTS_ALWAYSTIP, 0, 0, 0, 0, back, NULL,
                           GetModuleHandleW(NULL), NULL);
    SendMessageW(hwnd, TTM_ADDTOOLW, 0, (LPARAM)&tool);
    SendMessageW(hwnd, TTM_SETTIPBKCOLOR, RGB(255, 0, 255), 0);
    SendMessageW(hwnd, TTM_SETTIPTEXTCOLOR, RGB(255, 0, 255), 0);
    SendMessageW(hwnd, TTM_TRACKPOSITION, 0, MAKELPARAM(options.at.x + X, options.at.y + Y));
    SendMessageW(hwnd, TTM_TRACKACTIVATE, TRUE, (LPARAM)&tool);
    pump();
    return IsWindowVisible(hwnd) ? hwnd : NULL;
}

/* A window that asks not to be captured, in a picture without a list. */
static void try_affinity(Session *s, const char *name, DWORD affinity)
{
    HWND hwnd = own(WS_POPUP, WS_EX_TOOLWINDOW);
    RECT r;
    Kind k;

    if (!system_api()->set_affinity(hwnd, affinity)) {
        say("%s: refused (error %lu)", name, GetLastError());
    } else {
        place_of(hwnd, &r);
        settle();
        if (!kind_look(s, hwnd, &r, KIND_COLOUR, &k)) {
            fact(name, "%d pixels, listed %d", k.before, k.listed);
            say("%s: %s in a picture without a list", name, k.before ? "shows" : "does not show");
        }
    }
    DestroyWindow(hwnd);
}

static int try_foreign(Session *s, const char *name, const WCHAR *helper, int elevated)
{
    int told = -1;
    Helper h;
    Kind k;
    HWND hwnd;
    RECT r;

    if (helper_start(&h, helper, elevated)) {
        say("%s: the helper does not start", name);
        return -1;
    }
    hwnd = helper_window(&h);
    if (!hwnd)
        say("%s: does not come", name);
    place_of(hwnd, &r);
    if (hwnd && !kind_look(s, hwnd, &r, KIND_COLOUR, &k))
        told = report_kind(name, &k);
    helper_end(&h);
    return told;
}

/* It has a look of its own, so that its pixels are only compared. */
static void try_menu(Session *s)
{
    HWND hwnd = NULL;
    Helper h;
    int tries;

    if (helper_start(&h, L"menu", 0))
        return;
    for (tries = 0; tries < 200 && !(hwnd && IsWindowVisible(hwnd)); tries++) {
        DWORD pid = 0;

        Sleep(10);
        while (pid != h.pid && (hwnd = FindWindowExW(NULL, hwnd, L"#32768", NULL)))
            GetWindowThreadProcessId(hwnd, &pid);
    }
    Sleep(300);
    if (hwnd)
        kind_try_any(s, "a menu", hwnd);
    else
        say("a menu: does not come");
    helper_end(&h);
}

/* How long a window that is listed can be seen when it goes. */
static void try_animation(Session *s, const char *name, int minimize)
{
    HWND hwnd = own(WS_OVERLAPPEDWINDOW, 0);
    Shot listed = { 0 }, shot = { 0 };
    int64_t start, last = 0;
    RECT r = { options.at.x, options.at.y, options.at.x + BACK_W, options.at.y + BACK_H };

    Sleep(400);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &hwnd);
    shot_take(s, &r, &listed);
    shot_take(s, &r, &listed);
    start = now_us();
    if (minimize)
        ShowWindow(hwnd, SW_SHOWMINNOACTIVE);
    else
        DestroyWindow(hwnd);
    while (now_us() - start < 700000)
        if (!shot_take(s, &r, &shot) && shot_differ(&listed, &shot) > 0)
            last = now_us() - start;
    fact(name, "other pixels until %d ms", (int)(last / 1000));
    if (last)
        say("%s: seen for %d ms, although it is listed", name, (int)(last / 1000));
    else
        say("%s: never seen", name);
    if (minimize)
        DestroyWindow(hwnd);
    shot_free(&listed);
    shot_free(&shot);
}

static void try_other_kinds(Session *s)
{
    try_window(s, "a window with a caption", own(WS_OVERLAPPEDWINDOW, 0), NULL);
    try_window(s, "a window of which only the owner is listed", owned_by(back), back);
    try_affinity(s, "WDA_MONITOR", 1);
    try_affinity(s, "WDA_EXCLUDEFROMCAPTURE", 0x11);
    try_foreign(s, "a window of a flip-model swap chain", L"flip", 0);
    try_menu(s);
    try_window(s, "a tooltip", tooltip(), NULL);
    try_window(s, "a child window", child_of_back(), NULL);
    try_animation(s, "closing", 0);
    try_animation(s, "minimising", 1);
}

static int try_ordinary(Session *s, DWORD ex)
{
    return try_window(s, ex & WS_EX_LAYERED ? "a layered window" : "an ordinary window",
                      own(WS_POPUP, WS_EX_TOOLWINDOW | ex), NULL);
}

static int try_stranger(Session *s)
{
    return try_foreign(s, "another program's window", L"there", 0);
}

/* A kind that is missed is tried twice, and the others must go on being left out. */
static void try_usual_kinds(Session *s)
{
    int plain = try_ordinary(s, 0), layered = try_ordinary(s, WS_EX_LAYERED),
        foreign = try_stranger(s);

    if (plain <= 0 || layered < 0 || foreign < 0)
        return;
    if (layered && foreign)
        setting("filter_misses = none");
    else if (!foreign && !try_stranger(s) && try_ordinary(s, 0) > 0)
        setting("filter_misses = foreign");
    else if (!layered && !try_ordinary(s, WS_EX_LAYERED) && try_ordinary(s, 0) > 0)
        setting("filter_misses = layered");
}

void ask_kinds(void)
{
    Session s = { 0 };

    back = colour_window(WS_POPUP, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, 0, 0, BACK_W, BACK_H,
                         BACK_COLOUR);
    if (!back || shot_begin(&s, BACK_W, BACK_H))
        return;
    try_usual_kinds(&s);
    if (!options.only_profile) {
        try_foreign(&s, "a window with alpha in its pixels", L"pixels", 0);
        try_other_kinds(&s);
        if (options.attended) {
            ask_person("Say yes to the question that Windows asks now");
            try_foreign(&s, "an elevated program's window", L"there", 1);
        }
        ask_desktop(&s);
    }
    session_close(&s);
    session_end(&s);
}
