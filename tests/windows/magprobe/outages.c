/*
 * magprobe: what happens on UAC, lock, disconnect?
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
#include "magprobe.h"
#include "shot.h"

#define WATCH_S 60

/* May this thread's desktop be seen and typed at? -1: it cannot be asked */
static int has_input(void)
{
    BOOL io = FALSE;
    DWORD len;

    if (!GetUserObjectInformationW(GetThreadDesktop(GetCurrentThreadId()), 6 /* UOI_IO */, &io,
                                   sizeof(io), &len))
        return -1;
    return !!io;
}

static int is_blank(const Shot *shot)
{
    int i;

    for (i = 0; shot->pixels && i < shot->w * shot->h; i++)
        if (shot->pixels[i])
            return 0;
    return 1;
}

/* One word for each thing that can be seen of a call. */
static void take_state(Session *s, char *state, size_t size)
{
    RECT r = { options.at.x, options.at.y, options.at.x + SCENE_WIDTH,
               options.at.y + SCENE_HEIGHT };
    int got, before = s->api.get_filter(s->control, NULL, 0, NULL);
    Shot shot = { 0 };

    got = !shot_take(s, &r, &shot);
    snprintf(state, size, "%s, %s, list %s, UOI_IO %d, %dx%d, remote %d",
             got ? "a picture" : "NO PICTURE", got && is_blank(&shot) ? "BLANK" : "not blank",
             before < 0 ? "gone" : "there", has_input(), GetSystemMetrics(SM_CXSCREEN),
             GetSystemMetrics(SM_CYSCREEN), GetSystemMetrics(SM_REMOTESESSION));
    shot_free(&shot);
}

static void watch(Session *s)
{
    char last[128] = "", state[128], key[32];
    int64_t start = now_us(), now;
    int n = 0;

    do {
        take_state(s, state, sizeof(state));
        now = now_us() - start;
        if (strcmp(state, last)) {
            snprintf(key, sizeof(key), "state_%d", ++n);
            fact(key, "after %d ms: %s", (int)(now / 1000), state);
            say("after %d ms: %s", (int)(now / 1000), state);
            strcpy(last, state);
        }
        Sleep(50);
    } while (now < WATCH_S * INT64_C(1000000));
}

void ask_outages(void)
{
    Session s = { 0 };
    char state[128];
    Scene scene;

    if (scene_open(&scene) || shot_begin(&s, SCENE_WIDTH, SCENE_HEIGHT))
        return;
    if (options.attended) {
        ask_person("Within a minute, each for some seconds: a UAC question, Win+L, "
                   "another resolution, disconnect");
        watch(&s);
    } else {
        take_state(&s, state, sizeof(state));
        say("now: %s; UAC, Win+L, disconnect and mode changes only with --attended", state);
    }
    wine_cannot_tell("it has no secure desktop, no lock screen and no RDP");
    session_close(&s);
    session_end(&s);
}
