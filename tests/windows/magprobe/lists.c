/*
 * magprobe: the list of windows
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

#define NB_DUMMIES 64
#define USUAL_CAP  24

static HWND dummies[NB_DUMMIES];

static int open_all(Session *s, Scene *scene)
{
    int i;

    s->visible = options.visible;
    if (session_begin(s) || session_open(s, SCENE_WIDTH, SCENE_HEIGHT) || scene_open(scene) ||
        !s->api.set_callback(s->control, frame_callback))
        return -1;
    for (i = 0; i < NB_DUMMIES; i++)
        dummies[i] = CreateWindowExW(WS_EX_TOOLWINDOW, L"Static", L"", WS_POPUP, 0, 0, 1, 1,
                                     NULL, NULL, GetModuleHandleW(NULL), NULL);
    return 0;
}

/* What setting n windows did; the visible ones are the first and the last. */
typedef struct Try {
    int asked;
    BOOL ok;
    int got;                    ///< length that reads back
    int same;                   ///< and it is what was given, as far as it goes
    int told;                   ///< a good picture was taken
    int first_out, last_out;
} Try;

static void try_list(Session *s, Scene *scene, int n, Try *t)
{
    HWND list[NB_DUMMIES + 2], back[NB_DUMMIES + 2] = { 0 };
    DWORD mode = 99;
    int i;
    Frame f;

    memset(t, 0, sizeof(*t));
    list[0] = scene->first;
    for (i = 1; i < n; i++)
        list[i] = i == n - 1 ? scene->last : dummies[i];
    t->asked = n;
    t->ok    = s->api.set_filter(s->control, FILTER_EXCLUDE, n, list);
    t->got   = s->api.get_filter(s->control, &mode, NB_DUMMIES + 2, back);
    t->same  = t->got <= n && (t->got <= 0 || !memcmp(list, back, t->got * sizeof(*list)));
    fact("list", "%d windows: %s, %d read back%s, mode %lu", n, t->ok ? "TRUE" : "FALSE", t->got,
         t->same ? "" : " (others)", mode);
    if (n < 1)
        return;
    frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
    t->told      = frame_is_good(&f);
    t->first_out = !f.has_first;
    t->last_out  = !f.has_last;
}

static int works(const Try *t)
{
    return t->ok && t->told && t->first_out && (t->asked < 2 || t->last_out);
}

static void report_readback(const Try *three)
{
    if (three->same && three->got == 3)
        setting("filter_readback = honest");
    else if (!three->same)
        setting("filter_readback = wrong");
    else
        setting("filter_readback = %s", three->got < 0 ? "fails" : !three->got ? "empty" : "short");
}

static void report_over(const Try *over, int cap)
{
    if (over->ok && over->told) {
        setting("filter_over = %s", over->first_out ? "cut" : "none");
        if (over->got == over->asked)
            setting("filter_readback = asked");
    } else if (!over->ok && over->told) {
        setting("filter_over = %s", over->got == cap && !over->last_out ? "refuse_cut" : "refuse");
    }
    say("%d windows: %s", over->asked, !over->ok ? "refused" :
        over->got == over->asked ? "TRUE, and all read back" : "TRUE, but not all read back");
}

/* The longest list that works between low, which does, and high, which does not. */
static int find_cap(Session *s, Scene *scene, int low, int high, Try *over)
{
    Try t;

    while (high - low > 1) {
        int n = (low + high) / 2;

        try_list(s, scene, n, &t);
        if (works(&t)) {
            low = n;
        } else {
            high  = n;
            *over = t;
        }
    }
    return low;
}

static void find_limit(Session *s, Scene *scene)
{
    Try usual, over;
    int cap = USUAL_CAP;

    try_list(s, scene, USUAL_CAP, &usual);
    if (!usual.told)
        return;
    try_list(s, scene, USUAL_CAP + 1, &over);
    if (!works(&usual)) {
        over = usual;
        cap  = find_cap(s, scene, 1, USUAL_CAP, &over);
    } else if (works(&over)) {
        try_list(s, scene, NB_DUMMIES, &over);
        if (works(&over)) {
            say("no limit up to %d windows", NB_DUMMIES);
            setting("filter_cap = 10000");
            return;
        }
        cap = find_cap(s, scene, USUAL_CAP + 1, NB_DUMMIES, &over);
    }
    if (!over.told)
        return;
    say("at most %d windows", cap);
    setting("filter_cap = %d", cap);
    report_over(&over, cap);
}

static void try_odd_lists(Session *s, Scene *scene)
{
    HWND list[2] = { scene->first, dummies[NB_DUMMIES - 1] };
    BOOL empty = s->api.set_filter(s->control, FILTER_EXCLUDE, 0, NULL), dead, include;

    DestroyWindow(list[1]);
    dead    = s->api.set_filter(s->control, FILTER_EXCLUDE, 2, list);
    include = s->api.set_filter(s->control, FILTER_INCLUDE, 1, list);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, list);
    setting("filter_empty = %s", empty ? "accept" : "refuse");
    setting("filter_dead = %s", dead ? "accept" : "refuse");
    setting("filter_include = %s", include ? "accept" : "refuse");
    say("an empty list is %s, one with a dead window %s, mode INCLUDE %s",
        empty ? "taken" : "refused", dead ? "taken" : "refused", include ? "taken" : "refused");
}

void ask_lists(void)
{
    Session s = { 0 };
    Scene scene;
    Try one, three;

    if (open_all(&s, &scene))
        return;
    if (!s.api.set_filter(s.control, FILTER_EXCLUDE, 1, &scene.first)) {
        say("not even one window is taken (error %lu)", GetLastError());
        return;
    }
    try_odd_lists(&s, &scene);
    try_list(&s, &scene, 3, &three);
    report_readback(&three);
    one = three;
    if (works(&one))
        find_limit(&s, &scene);
    else
        say("a list of three windows leaves nothing out of the next picture");
    session_close(&s);
    session_end(&s);
}

/* A window that is hidden when it is listed, and shown then. */
static void try_hidden(Session *s, Scene *scene)
{
    int i, good = 0, seen = 0;
    Frame f;

    ShowWindow(scene->first, SW_HIDE);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &scene->last);
    frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
    s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &scene->first);
    scene_show_first(scene);
    for (i = 0; i < 20; i++) {
        frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
        good += frame_is_good(&f);
        seen += frame_is_good(&f) && f.has_first;
    }
    fact("hidden_when_listed_seen", "%d of %d", seen, good);
    say("a window that was hidden when it was listed is seen in %d of %d pictures afterwards", seen,
        good);
}

void ask_lateness(void)
{
    Session s = { 0 };
    Scene scene;
    Frame f;
    int i, good = 0, lag = -1;

    if (open_all(&s, &scene))
        return;
    for (i = 0; i < 20; i++) {
        frame_take(&s, &scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
        good += frame_is_good(&f) && f.has_first;
    }
    s.api.set_filter(s.control, FILTER_EXCLUDE, 1, &scene.first);
    for (i = 0; i < 20 && lag < 0; i++) {
        frame_take(&s, &scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
        if (frame_is_good(&f) && !f.has_first)
            lag = i;
    }
    fact("pictures_with_the_window", "%d", good);
    fact("pictures_late", "%d", lag);
    if (good && lag == 1)
        setting("filter = late");
    say("%d of 20 pictures show the window before it is listed", good);
    if (good && lag >= 0)
        say("a list takes effect %d pictures late", lag);
    else if (good)
        say("the list never took effect in 20 pictures");
    try_hidden(&s, &scene);
    session_close(&s);
    session_end(&s);
}
