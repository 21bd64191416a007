/*
 * magprobe: does it run, and what do frames look like?
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
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "magprobe.h"
#include "when.h"

#define SLOW_US 500000          /* a call that takes longer hung for a while */

/** Everything that question 1 notes of its frames. */
typedef struct Notes {
    When all_false, filter_false, transform_false, source_false, no_callback, twice, late;
    When blank, stale, ignored, pattern, hang, foreign, mode;
    When alpha, border, stride_pad, stride_short, offset, offset_lie, width_add, height_add;
    When width_zero, height_zero, format[4], cb_zero, cb_short, cb_huge;
    int alpha_value, border_value, pad, lack, offset_value, lie, add_w, add_h;
    int offsets_differ;
    long hang_ms;
    int screen_w, screen_h;
    int64_t us[NB_FRAMES];
    int nb_us;
} Notes;

static const char *format_names[] = { "rgba", "bgr", "bgra", "unknown" };

static int format_of(const GUID *g)
{
    static const GUID rgba = {
        0xf5c7ad2d, 0x6a8d, 0x43dd, { 0xa7, 0xa8, 0xa2, 0x99, 0x35, 0x26, 0x1a, 0xe9 }
    };
    static const GUID bgr = {
        0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0e }
    };
    static const GUID bgra = {
        0x6fddc324, 0x4e03, 0x4bfe, { 0xb1, 0x85, 0x3d, 0x77, 0x76, 0x8d, 0xc9, 0x0f }
    };

    return !memcmp(g, &rgba, sizeof(*g)) ? 0 : !memcmp(g, &bgr, sizeof(*g)) ? 1 :
           !memcmp(g, &bgra, sizeof(*g)) ? 2 : 3;
}

static void note_value(When *w, unsigned n, int value, int *kept)
{
    when_note(w, n, value != 0);
    if (value)
        *kept = value;
}

static void note_header(Notes *t, unsigned n, const Frame *f)
{
    const ImageHeader *h = &f->header;
    int w = h->width ? (int)h->width : SCENE_WIDTH,
        height = h->height ? (int)h->height : SCENE_HEIGHT;
    int slack = (int)h->stride - 4 * w, i;
    size_t need =
        (size_t)(slack > 0 ? slack + 4 * w : 4 * w) * height + (f->offset > 0 ? f->offset : 0);

    when_note(&t->width_zero, n, !h->width);
    when_note(&t->height_zero, n, !h->height);
    note_value(&t->width_add, n, w - SCENE_WIDTH, &t->add_w);
    note_value(&t->height_add, n, height - SCENE_HEIGHT, &t->add_h);
    note_value(&t->stride_pad, n, slack > 0 ? slack : 0, &t->pad);
    note_value(&t->stride_short, n, slack < 0 ? -slack : 0, &t->lack);
    for (i = 0; i < 4; i++)
        when_note(&t->format[i], n, format_of(&h->format) == i);
    when_note(&t->cb_zero, n, !h->cb_size);
    when_note(&t->cb_short, n, h->cb_size && h->cb_size < need);
    when_note(&t->cb_huge, n, h->cb_size > 4 * need + 65536);
    if (!f->src || f->offset < 0)
        return;
    if (t->offset_value && f->offset && t->offset_value != f->offset)
        t->offsets_differ = 1;
    note_value(&t->offset, n, f->offset, &t->offset_value);
    note_value(&t->offset_lie, n, (int)h->offset - f->offset, &t->lie);
}

static void note_picture(Notes *t, unsigned n, const Frame *f)
{
    if (f->offset < 0)
        return;
    when_note(&t->blank, n, f->blank);
    if (f->blank)
        return;
    when_note(&t->pattern, n, !f->has_back && !f->has_marker);
    note_value(&t->alpha, n, f->alpha > 0 ? f->alpha : 0, &t->alpha_value);
    if (!frame_is_good(f))
        return;
    when_note(&t->stale, n, f->has_old_marker);
    note_value(&t->border, n, f->border, &t->border_value);
    if (f->has_marker)
        when_note(&t->ignored, n, f->has_first);
}

static void note_results(Notes *t, unsigned n, const Frame *f, BOOL filter, BOOL transform)
{
    int all = !f->ok && !filter && !transform;

    when_note(&t->all_false, n, all);
    if (!all) {
        when_note(&t->filter_false, n, !filter);
        when_note(&t->transform_false, n, !transform);
        when_note(&t->source_false, n, !f->ok);
    }
    when_note(&t->hang, n, f->us >= SLOW_US);
    if (f->us >= SLOW_US)
        t->hang_ms = f->us / 1000;
    if (!f->ok)
        return;
    t->us[t->nb_us++] = f->us;
    when_note(&t->no_callback, n, !f->callbacks && !f->late);
    when_note(&t->twice, n, f->callbacks + f->late > 1);
    when_note(&t->late, n, !f->callbacks && f->late);
    if (f->callbacks || f->late) {
        note_header(t, n, f);
        note_picture(t, n, f);
    }
}

/* A control that answers no question any more: somebody ended the session. */
static int session_is_gone(Session *s)
{
    Transform t;

    if (s->api.get_transform(s->control, &t))
        return 0;
    return s->api.initialize();
}

static void report_first(const Frame *f)
{
    int own = f->thread == GetCurrentThreadId();

    fact("callback_thread", "%s", own ? "own" : f->thread ? "other" : "none");
    fact("alpha", "%d", f->alpha);
    if (f->callbacks)
        say("the first comes inside the call, on %s thread: %ux%u, stride %u, offset %u, %lu bytes",
            own ? "its" : "another", f->header.width, f->header.height, f->header.stride,
            f->header.offset, (unsigned long)f->header.cb_size);
}

static void take_frames(Session *s, Scene *scene, Notes *t)
{
    Transform identity = { { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } };
    int screen_w = GetSystemMetrics(SM_CXSCREEN), screen_h = GetSystemMetrics(SM_CYSCREEN);
    unsigned n;

    for (n = 1; n <= NB_FRAMES; n++) {
        BOOL filter    = s->api.set_filter(s->control, FILTER_EXCLUDE, 1, &scene->first);
        BOOL transform = s->api.set_transform(s->control, &identity);
        Frame f;

        scene_next(scene);
        frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
        t->screen_w = GetSystemMetrics(SM_CXSCREEN);
        t->screen_h = GetSystemMetrics(SM_CYSCREEN);
        if (t->screen_w != screen_w || t->screen_h != screen_h) {
            setting("mode_change = %dx%d frame %u", t->screen_w, t->screen_h, n);
            screen_w = t->screen_w;
            screen_h = t->screen_h;
        }
        if (!f.ok && session_is_gone(s)) {
            setting("foreign_uninit = yes frame %u", n);
            continue;
        }
        note_results(t, n, &f, filter, transform);
        if (n == 1)
            report_first(&f);
    }
}

static int compare_us(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void report_number(const When *w, const char *key, int value)
{
    char text[32];

    snprintf(text, sizeof(text), "%d", value);
    when_report(w, key, text, "0");
}

static void report_header(const Notes *t)
{
    int i;

    for (i = 0; i < 4; i++)
        when_report(&t->format[i], "format", format_names[i], NULL);
    report_number(&t->stride_pad, "stride_pad", t->pad);
    report_number(&t->stride_short, "stride_short", t->lack);
    if (t->offsets_differ)
        when_report(&t->offset, "offset_changing", "yes", NULL);
    else
        report_number(&t->offset, "offset", t->offset_value);
    report_number(&t->offset_lie, "offset_lie", t->lie);
    report_number(&t->width_add, "width_add", t->add_w);
    report_number(&t->height_add, "height_add", t->add_h);
    when_report(&t->width_zero, "width_zero", "yes", "no");
    when_report(&t->height_zero, "height_zero", "yes", "no");
    when_report(&t->cb_zero, "cbsize", "zero", NULL);
    when_report(&t->cb_short, "cbsize", "short", NULL);
    when_report(&t->cb_huge, "cbsize", "huge", NULL);
}

static void report_notes(Notes *t, int callback_set)
{
    char ms[32];

    snprintf(ms, sizeof(ms), "%ld", t->hang_ms);
    when_report(&t->all_false, "all_false", "yes", "no");
    if (when_always(&t->filter_false))
        setting("filter = refuse");
    else
        when_report(&t->filter_false, "filter_false", "yes", "no");
    when_report(&t->transform_false, "transform_false", "yes", "no");
    when_report(&t->source_false, "source_false", "yes", "no");
    when_report(&t->hang, "hang", ms, NULL);
    if (callback_set) {
        when_report(&t->no_callback, "no_callback", "yes", "no");
        when_report(&t->twice, "callback_twice", "yes", "no");
        when_report(&t->late, "callback_late", "yes", "no");
    }
    report_header(t);
    when_report(&t->blank, "blank", "yes", "no");
    when_report(&t->stale, "stale", "yes", "no");
    report_number(&t->alpha, "alpha", t->alpha_value);
    report_number(&t->border, "border", t->border_value);
    if (when_always(&t->pattern))
        setting("source = pattern");
    /* only the first frame: the list may be late, which question 3 tells */
    if (!when_always(&t->filter_false) && t->ignored.set & ~UINT64_C(2))
        when_report(&t->ignored, "filter", "ignore", NULL);
    if (t->nb_us) {
        qsort(t->us, t->nb_us, sizeof(*t->us), compare_us);
        setting("frame_delay_ms = %d", (int)(t->us[t->nb_us / 2] / 1000));
        fact("median_call_us", "%d", (int)t->us[t->nb_us / 2]);
    }
}

typedef struct Stranger {
    Session *session;
    BOOL ok;
} Stranger;

static DWORD CALLBACK call_from_stranger(LPVOID arg)
{
    Stranger *stranger = arg;
    RECT r = { options.at.x, options.at.y, options.at.x + 64, options.at.y + 64 };

    stranger->ok = stranger->session->api.set_source(stranger->session->control, r);
    return 0;
}

static void try_other_thread(Session *s)
{
    Stranger stranger = { s, FALSE };
    HANDLE thread = CreateThread(NULL, 0, call_from_stranger, &stranger, 0, NULL);

    while (thread &&
           MsgWaitForMultipleObjects(1, &thread, FALSE, INFINITE, QS_ALLINPUT) == WAIT_OBJECT_0 + 1)
        pump();
    if (thread)
        CloseHandle(thread);
    setting("thread = %s", stranger.ok ? "any" : "owner");
}

/* Frames only come from painting a host that is shown? */
static void try_visible(Session *s, Scene *scene)
{
    Frame f;

    session_close(s);
    s->visible = 1;
    if (session_open(s, SCENE_WIDTH, SCENE_HEIGHT) ||
        !s->api.set_callback(s->control, frame_callback))
        return;
    frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
    if (f.callbacks || f.late) {
        setting("host = painted");
        say("frames come only from a host that is shown and painted");
    }
}

static void end_of_session(Session *s)
{
    LONG before = frame_callbacks;

    session_close(s);
    setting("callback_in_destroy = %s", frame_callbacks > before ? "yes" : "no");
    setting("second_init = %s", s->api.initialize() ? "true" : "false");
    session_end(s);
    FreeLibrary(s->api.dll);
    setting("pin = %s", GetModuleHandleW(L"Magnification.dll") ? "yes" : "no");
}

static int start(Session *s)
{
    int ret = session_begin(s);

    if (s->failed_inits)
        setting("init_false = yes%s", !ret && s->failed_inits == 1 ? " frame 1" : "");
    if (ret)
        return -1;
    ret = session_open(s, SCENE_WIDTH, SCENE_HEIGHT);
    if (s->class_missing)
        setting("class_missing = yes");
    return ret;
}

void ask_runs(void)
{
    static Notes notes;
    Session s = { 0 };
    Scene scene;
    BOOL callback;

    if (start(&s) || scene_open(&scene))
        return;
    callback = s.api.set_callback(s.control, frame_callback);
    setting("callback_false = %s", callback ? "no" : "yes");
    take_frames(&s, &scene, &notes);
    if (callback && when_always(&notes.no_callback)) {
        try_visible(&s, &scene);
        if (frame_callbacks)
            memset(&notes.no_callback, 0, sizeof(notes.no_callback));
    }
    report_notes(&notes, callback);
    say("%ld callbacks in %d frames with a hidden host, pictures %s", frame_callbacks, NB_FRAMES,
        notes.stale.known ? "show the desktop" : "do not show the desktop");
    try_other_thread(&s);
    end_of_session(&s);
    scene_close(&scene);
}
