/*
 * magprobe: do wholly covered programs go on drawing?
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
#include "helper.h"
#include "magprobe.h"
#include "shot.h"
#include "system.h"

#define NB_PICTURES 15
#define PERIOD_MS  100

/* Of so many pictures of r, how many differ from the one before? */
static int count_new(Session *s, const RECT *r)
{
    Shot shots[2] = { { 0 } };
    int i, nb = 0;

    for (i = 0; i < NB_PICTURES; i++) {
        shot_take(s, r, &shots[i & 1]);
        nb += i && shot_differ(&shots[0], &shots[1]) > 0;
        Sleep(PERIOD_MS);
    }
    shot_free(&shots[0]);
    shot_free(&shots[1]);
    return nb;
}

static void try_covered(Session *s, const char *name, HWND hwnd)
{
    HWND cover, none = s->host;
    int bare, covered;
    RECT r;

    if (!GetWindowRect(hwnd, &r))
        return;
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &none);
    bare  = count_new(s, &r);
    cover = colour_window(WS_POPUP, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, r.left - options.at.x,
                          r.top - options.at.y, r.right - r.left, r.bottom - r.top, BACK_COLOUR);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &cover);
    /* Chromium looks for what covers it a few times a second */
    Sleep(500);
    covered = count_new(s, &r);
    DestroyWindow(cover);
    fact(name, "of %d pictures %d new when it is bare, %d when it is covered", NB_PICTURES - 1,
         bare, covered);
    if (bare < NB_PICTURES / 3)
        say("%s: it stands still (%d of %d pictures new), so that it tells nothing", name, bare,
            NB_PICTURES - 1);
    else
        say("%s: of %d pictures %d are new when it is bare, "
            "%d when it is covered by a window that is left out",
            name, NB_PICTURES - 1, bare, covered);
}

static void try_own(Session *s)
{
    HWND hwnd;
    Helper h;

    if (helper_start(&h, L"changing", 0))
        return;
    hwnd = helper_window(&h);
    if (hwnd)
        try_covered(s, "a program that draws all the time", hwnd);
    helper_end(&h);
}

static BOOL CALLBACK try_known(HWND hwnd, LPARAM param)
{
    static const WCHAR *const known[] = { L"Chrome_WidgetWin_1", L"MozillaWindowClass", L"OpusApp",
                                          L"XLMAIN" };
    WCHAR class_name[64] = L"";
    char narrow[128];
    size_t i;

    if (!IsWindowVisible(hwnd) || IsIconic(hwnd) || is_cloaked(hwnd) ||
        !GetClassNameW(hwnd, class_name, 64))
        return TRUE;
    for (i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (!wcscmp(class_name, known[i])) {
            snprintf(narrow, sizeof(narrow), "a window of class %ls", class_name);
            try_covered((Session *)param, narrow, hwnd);
            return FALSE;
        }
    return TRUE;
}

void ask_occlusion(void)
{
    Session s = { 0 };

    if (shot_begin(&s, SCENE_WIDTH, SCENE_HEIGHT))
        return;
    try_own(&s);
    if (EnumWindows(try_known, (LPARAM)&s))
        say("no Edge, Chrome, Firefox, Word or Excel is open: "
            "open one on a page that moves, and ask again");
    wine_cannot_tell("Edge and Word do not run here, and occlusion is not native");
    session_close(&s);
    session_end(&s);
}
