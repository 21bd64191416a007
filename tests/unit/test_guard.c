/*
 * Tests of the guard: may this frame leave?
 *
 * This file is part of FFmpeg.
 *
 * FFmpeg is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * FFmpeg is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with FFmpeg; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */


/*
 * A desktop of a few windows stands behind the operations. What happens between
 * two steps of the guard is scripted with at(STEP, n, action): the n-th time (from
 * 1, since the world was made) that the guard comes to that step, the action runs
 * before it. A frame remembers which windows its pixels show.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/guard.h"

#define MAX_WINDOWS 20000
#define MAX_EVENTS  64
#define MAX_ACTIONS 32
#define CANARY      0xCA000000u
#define SLOT        33000

enum Step { DRAIN, LOOK, SET, GET, BEGIN, CAPTURE, READ, PAINT, NB_STEPS };

typedef struct Window {
    uint64_t handle, serial;
    unsigned flags;
    MagnifierRect rect;
    int      exists;
} Window;

typedef struct Frame {
    int      live;
    int      shows[MAX_WINDOWS];
    MagnifierRect rects[MAX_WINDOWS]; ///< where
    int      painted;
    int      canary;             ///< shows the canary
} Frame;

typedef struct World {
    MagnifierGuard *guard;
    MagnifierGuardReport report;
    int64_t  now;
    Window   windows[MAX_WINDOWS];   ///< topmost first
    int      nb_windows;
    MagnifierGuardWindow events[MAX_EVENTS];
    int      nb_events;

    uint64_t set[MAGNIFIER_GUARD_MAX_LIST + 32], force[MAGNIFIER_GUARD_MAX_LIST + 32];
    int      nb_set, nb_force;
    uint64_t canary;                 ///< on the screen, 0: none
    int      nb_canary;
    Frame    frames[8];

    int      steps[NB_STEPS];
    struct { enum Step step; int n; void (*action)(struct World *); } actions[MAX_ACTIONS];
    int      nb_actions;

    /* what the API and the desktop do wrong */
    int      refuse_above, cut_at, ignore_list, late_list, lie_in_read_back;
    int      read_back_fails, read_back_less;
    int      look_error, events_lost, no_picture, capture_error, set_error;
    int      canary_error, canary_covered, canary_not_captured, paint_error;
    int      purge;                  ///< entries of windows that are gone
    int      captures_late;          ///< captures until set is in force
    int      read;                   ///< what the screen showed then; -1: it was not read
    int      read_takes_long;        ///< longer than to the next call
    int      screen_changed;         ///< since the guard asked last
    int      hidden_by_cover;        ///< windows[0] covers all others
    int      shows_parts;            ///< pictures show a pixel of the canary's colour
    int      starves;                ///< from the end of the look on there is no memory in a call
    int      moves;                  ///< are to be told
    int      moves_unheard;          ///< they cannot be: while they are wanted, events are lost
    int      captures_hearing;       ///< captures while they were
    MagnifierRect region;            ///< that frames show; empty: all
} World;

static void step(World *w, enum Step s)
{
    int i;

    w->steps[s]++;
    for (i = 0; i < w->nb_actions; i++)
        if (w->actions[i].step == s && w->actions[i].n == w->steps[s])
            w->actions[i].action(w);
}

static void at(World *w, enum Step s, int n, void (*action)(World *))
{
    assert_true(w->nb_actions < MAX_ACTIONS);
    w->actions[w->nb_actions].step     = s;
    w->actions[w->nb_actions].n        = n;
    w->actions[w->nb_actions++].action = action;
}

static int world_drain(void *opaque, MagnifierGuardList *events)
{
    World *w = opaque;
    int i;

    step(w, DRAIN);
    for (i = 0; i < w->nb_events; i++)
        ff_magnifier_guard_add(events, w->events[i].handle, w->events[i].serial,
                               w->events[i].flags, NULL);
    w->nb_events = 0;
    return w->events_lost || (w->moves && w->moves_unheard) ? AVERROR(EIO) : 0;
}

static int64_t world_clock(void *opaque)
{
    return ((World *)opaque)->now;
}

static int world_look(void *opaque, MagnifierGuardList *windows)
{
    World *w = opaque;
    int i, ret;

    step(w, LOOK);
    for (i = 0; i < w->nb_windows; i++) {
        Window *win = &w->windows[i];
        if (!win->exists)
            continue;
        ret = ff_magnifier_guard_add(windows, win->handle, win->serial,
                                     win->flags, &win->rect);
        if (ret < 0)
            return ret;
    }
    if (w->starves)
        av_max_alloc(1);
    return w->look_error;
}

static int is_there(const World *w, uint64_t handle)
{
    int i;

    for (i = 0; i < w->nb_windows; i++)
        if (w->windows[i].exists && w->windows[i].handle == handle)
            return 1;
    return handle == w->canary;
}

static int world_set_list(void *opaque, const uint64_t *handles, int nb)
{
    World *w = opaque;
    int i;

    step(w, SET);
    if (w->set_error || (w->refuse_above && nb > w->refuse_above))
        return AVERROR_EXTERNAL;
    for (i = w->nb_set = 0; i < nb; i++)
        if (!w->purge || is_there(w, handles[i]))
            w->set[w->nb_set++] = handles[i];
    if (w->cut_at && w->nb_set > w->cut_at)
        w->nb_set = w->cut_at;
    w->captures_late = w->late_list;
    if (!w->ignore_list && !w->captures_late) {
        memcpy(w->force, w->set, sizeof(w->set));
        w->nb_force = w->nb_set;
    }
    if (w->lie_in_read_back)
        w->nb_set = nb;
    return 0;
}

static int world_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    World *w = opaque;
    int nb;

    step(w, GET);
    if (part > 0)
        return AVERROR_EOF;
    if (w->read_back_fails)
        return AVERROR_EXTERNAL;
    nb = FFMAX(w->nb_set - w->read_back_less, 0);
    memcpy(handles, w->set, FFMIN(nb, max) * sizeof(*handles));
    return nb;
}

static int world_begin_canary(void *opaque, uint64_t *handles, int *nb)
{
    World *w = opaque;

    step(w, BEGIN);
    assert_int_equal(w->canary, 0);
    if (w->canary_error)
        return AVERROR_EXTERNAL;
    w->canary  = CANARY + ++w->nb_canary;
    handles[0] = w->canary;
    *nb        = 1;
    return 0;
}

static void world_end_canary(void *opaque)
{
    World *w = opaque;

    assert_int_not_equal(w->canary, 0);
    w->canary = 0;
}

static int excluded(const World *w, uint64_t handle)
{
    int i;

    for (i = 0; i < w->nb_force; i++)
        if (w->force[i] == handle)
            return 1;
    return 0;
}

static int is_in_region(const World *w, const MagnifierRect *rect)
{
    MagnifierRect seen;

    return ff_magnifier_rect_is_empty(&w->region) ||
           ff_magnifier_rect_intersect(&seen, rect, &w->region);
}

static int world_may_be_seen(void *opaque)
{
    World *w = opaque;
    int changed = w->screen_changed;

    w->screen_changed = 0;
    return changed;
}

static void world_begin_read(void *opaque)
{
    World *w = opaque;

    step(w, READ);
    w->read = w->canary && !w->canary_covered;
}

static int world_end_read(void *opaque, int wait)
{
    World *w = opaque;

    assert_int_not_equal(w->read, -1);
    return w->read_takes_long && !wait ? AVERROR(EAGAIN) : w->read;
}

static int world_capture(void *opaque, int control, void **frame, int *exposed)
{
    World *w = opaque;
    Frame *f = NULL;
    int i;

    step(w, CAPTURE);
    w->captures_hearing += w->moves;
    if (w->capture_error)
        return AVERROR_EXTERNAL;
    if (w->no_picture)
        return AVERROR(EAGAIN);
    for (i = 0; i < (int)FF_ARRAY_ELEMS(w->frames) && !f; i++)
        if (!w->frames[i].live)
            f = &w->frames[i];
    assert_non_null(f);
    f->live    = 1;
    f->painted = 0;
    for (i = 0; i < w->nb_windows; i++)
        f->rects[i] = w->windows[i].rect;
    for (i = 0; i < w->nb_windows; i++)
        f->shows[i] = !w->hidden_by_cover && is_in_region(w, &w->windows[i].rect) && w->windows[i].exists &&
                      w->windows[i].flags & MAGNIFIER_GUARD_VISIBLE &&
                      !excluded(w, w->windows[i].handle);
    f->canary = w->canary && !w->canary_covered && !w->canary_not_captured &&
                !excluded(w, w->canary);
    *exposed  = w->shows_parts && !control ? -1 : f->canary;
    *frame = f;
    if (w->captures_late && !--w->captures_late && !w->ignore_list) {
        memcpy(w->force, w->set, sizeof(w->set));
        w->nb_force = w->nb_set;
    }
    return 0;
}

static void world_discard(void *opaque, void *frame)
{
    Frame *f = frame;

    assert_true(f->live);
    f->live = 0;
}

static int world_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb)
{
    World *w = opaque;
    Frame *f = frame;
    int i, j;

    step(w, PAINT);
    if (w->paint_error)
        return AVERROR_EXTERNAL;
    f->painted = nb;
    for (i = 0; i < w->nb_windows; i++)
        for (j = 0; j < nb; j++)
            if (rects[j].left   <= f->rects[i].left  &&
                rects[j].top    <= f->rects[i].top   &&
                rects[j].right  >= f->rects[i].right &&
                rects[j].bottom >= f->rects[i].bottom)
                f->shows[i] = 0;
    return 0;
}

static const MagnifierGuardOps world_ops = {
    .clock        = world_clock,
    .drain        = world_drain,
    .look         = world_look,
    .set_list     = world_set_list,
    .get_list     = world_get_list,
    .begin_canary = world_begin_canary,
    .end_canary   = world_end_canary,
    .may_be_seen  = world_may_be_seen,
    .begin_read   = world_begin_read,
    .end_read     = world_end_read,
    .capture      = world_capture,
    .discard      = world_discard,
    .paint        = world_paint,
};

static World *world_new(enum MagnifierGuardProofMode proof)
{
    World *w = calloc(1, sizeof(*w));
    MagnifierGuardConfig config;

    assert_non_null(w);
    w->now  = 1000000;
    w->read = -1;
    ff_magnifier_guard_defaults(&config);
    config.proof      = proof;
    config.animations = 0;
    w->guard = ff_magnifier_guard_alloc(&world_ops, w, &config);
    assert_non_null(w->guard);
    return w;
}

static void world_free(World *w)
{
    int i;

    ff_magnifier_guard_free(&w->guard);
    assert_int_equal(w->canary, 0);
    for (i = 0; i < (int)FF_ARRAY_ELEMS(w->frames); i++)
        assert_false(w->frames[i].live);
    free(w);
}

static Window *open_window(World *w, int visible)
{
    Window *win = &w->windows[w->nb_windows];

    win->exists      = 1;
    win->handle      = 0x100 + w->nb_windows;
    win->serial      = win->handle;
    win->flags       = visible ? MAGNIFIER_GUARD_VISIBLE : 0;
    win->rect.left   = 10 * w->nb_windows;
    win->rect.right  = win->rect.left + 10;
    win->rect.bottom = 10;
    w->nb_windows++;
    return win;
}

static void event(World *w, const Window *win, unsigned flags)
{
    MagnifierGuardWindow *e = &w->events[w->nb_events++];

    e->handle = win->handle;
    e->serial = flags & MAGNIFIER_GUARD_GONE ? 0 : win->serial;
    e->flags  = flags;
}

static int shows_a_window(const World *w, const Frame *f)
{
    int i;

    for (i = 0; i < w->nb_windows; i++)
        if (f->shows[i])
            return 1;
    return f->canary;
}

/** One call; what is delivered must be clean. */
static int call(World *w, int begins)
{
    void *frame;
    int status = ff_magnifier_guard_next(w->guard, begins, &frame, &w->report);

    av_max_alloc(INT_MAX);
    assert_int_equal(status == MAGNIFIER_FRAME, !!frame);
    if (frame) {
        assert_false(shows_a_window(w, frame));
        world_discard(w, frame);
    }
    return status;
}

/** One slot, of 33 ms. */
static int slot(World *w)
{
    int status = call(w, 1);

    w->now += SLOT;
    return status;
}

static int slots_until_delivery(World *w, int max)
{
    int i;

    for (i = 1; i <= max; i++)
        if (slot(w) == MAGNIFIER_FRAME)
            return i;
    return 0;
}

#define assert_slot(w, s)           assert_int_equal(slot(w), MAGNIFIER_ ## s)
#define assert_refused(w, s, r)                                               \
    do {                                                                      \
        assert_slot(w, s);                                                    \
        assert_int_equal((w)->report.reason, MAGNIFIER_GUARD_REASON_ ## r);   \
    } while (0)

static void world_want_moves(void *opaque, int wanted)
{
    ((World *)opaque)->moves = wanted;
}

/** With what hears of moves only while they are wanted. */
static World *world_new_hearing(void)
{
    static MagnifierGuardOps ops;
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    MagnifierGuardConfig config;

    ops            = world_ops;
    ops.want_moves = world_want_moves;
    ff_magnifier_guard_defaults(&config);
    config.animations = 0;
    ff_magnifier_guard_free(&w->guard);
    w->guard = ff_magnifier_guard_alloc(&ops, w, &config);
    assert_non_null(w->guard);
    return w;
}

/* ---- the ordinary way -------------------------------------------------- */

static void frame_is_held_until_the_next_slot_is_clean(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    open_window(w, 1);
    assert_slot(w, HELD);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_NONE);
    assert_slot(w, FRAME);
    assert_true(w->report.proven);
    assert_int_equal(w->report.listed, 1);
    assert_slot(w, FRAME);
    world_free(w);
}

static void steady_slot_costs_one_capture_and_sets_no_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int captures, sets, i;

    open_window(w, 1);
    slot(w);
    captures = w->steps[CAPTURE];
    sets     = w->steps[SET];
    for (i = 0; i < 100; i++)
        assert_slot(w, FRAME);
    assert_int_equal(w->steps[CAPTURE] - captures, 100);
    assert_int_equal(w->steps[SET], sets);
    assert_int_equal(w->steps[DRAIN], 2 * 101);
    assert_int_equal(w->steps[LOOK],  101);
    world_free(w);
}

static void no_match_still_has_a_canary_on_the_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);

    assert_slot(w, HELD);
    assert_int_equal(w->nb_set, 1);
    assert_int_equal(w->set[0], w->canary);
    assert_slot(w, FRAME);
    world_free(w);
}

static void canary_is_last_on_the_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    open_window(w, 1);
    open_window(w, 0);
    slot(w);
    assert_int_equal(w->nb_set, 3);
    assert_int_equal(w->set[2], w->canary);
    world_free(w);
}

static void check_listed_before_capture(World *w)
{
    assert_true(excluded(w, w->windows[0].handle));
}

static void not_even_the_control_picture_is_taken_without_a_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    open_window(w, 1);
    at(w, CAPTURE, 1, check_listed_before_capture);
    assert_slot(w, HELD);
    assert_int_equal(w->steps[CAPTURE], 2);
    world_free(w);
}

static void flush_releases_the_last_frame(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    void *frame;

    slot(w);
    assert_int_equal(ff_magnifier_guard_flush(w->guard, &frame, &w->report),
                     MAGNIFIER_FRAME);
    assert_true(w->report.proven);
    world_discard(w, frame);
    world_free(w);
}

/* ---- its own time -------------------------------------------------------- */

static void frame_is_confirmed_before_its_slot_is_over(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int captures;

    open_window(w, 1);
    assert_int_equal(call(w, 1), MAGNIFIER_HELD);
    assert_int_equal(w->report.again_at, w->now + 40000);
    w->now   = w->report.again_at;
    captures = w->steps[CAPTURE];
    assert_int_equal(call(w, 0), MAGNIFIER_FRAME);
    assert_true(w->report.again_at == INT64_MAX);
    /* the slot has had its frame */
    assert_int_equal(call(w, 0), MAGNIFIER_HELD);
    assert_int_equal(w->steps[CAPTURE], captures);
    world_free(w);
}

static void new_window(World *w);

static void dropped_frame_is_tried_again_within_its_slot(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    assert_int_equal(call(w, 1), MAGNIFIER_HELD);
    w->now = w->report.again_at;
    new_window(w);
    assert_int_equal(call(w, 0), MAGNIFIER_UNSAFE);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_NEW_WINDOW);
    assert_true(w->report.again_at < INT64_MAX);
    w->now = w->report.again_at;
    assert_int_equal(call(w, 0), MAGNIFIER_FRAME);
    assert_int_equal(w->report.listed, 1);
    world_free(w);
}

static void what_was_not_captured_is_tried_again(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    w->look_error = AVERROR(EIO);
    assert_int_equal(call(w, 1), MAGNIFIER_UNSAFE);
    assert_true(w->report.again_at == w->now + 20000);
    w->look_error = 0;
    w->now = w->report.again_at;
    assert_int_equal(call(w, 0), MAGNIFIER_HELD);
    assert_int_equal(call(w, 0), MAGNIFIER_FRAME);
    world_free(w);
}

/* ---- windows that come and go ------------------------------------------ */

static void new_window(World *w)
{
    open_window(w, 1);
}


static void vanish(World *w)
{
    w->windows[w->nb_windows - 1].exists = 0;
}

static void vanish_late_event(World *w)
{
    event(w, &w->windows[w->nb_windows - 1], MAGNIFIER_GUARD_GONE);
}

static void window_before_the_capture_is_caught_by_the_next_look(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    slot(w);
    at(w, CAPTURE, w->steps[CAPTURE] + 1, new_window);
    assert_slot(w, FRAME); /* the one of the slot before */
    assert_refused(w, UNSAFE, NEW_WINDOW);
    assert_int_equal(w->report.listed, 1);
    assert_slot(w, FRAME);
    world_free(w);
}

static void window_between_the_looks_is_caught_by_its_event(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int begun;

    slot(w);
    slot(w);
    at(w, CAPTURE, w->steps[CAPTURE] + 1, new_window);
    at(w, DRAIN,   w->steps[DRAIN] + 2, vanish);
    at(w, DRAIN,   w->steps[DRAIN] + 2, vanish_late_event);
    assert_refused(w, UNSAFE, EVENT);
    /* the next picture may be as old as that: a new canary tells */
    begun = w->steps[BEGIN];
    assert_slot(w, HELD);
    assert_int_equal(w->steps[BEGIN], begun + 1);
    assert_slot(w, FRAME);
    assert_int_equal(w->steps[BEGIN], begun + 1);
    world_free(w);
}

static void window_between_the_looks_is_caught_by_an_event_one_slot_late(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int drain;

    slot(w);
    for (drain = 3; drain <= 4; drain++) {
        slot(w);
        at(w, CAPTURE, w->steps[CAPTURE] + 1, new_window);
        at(w, LOOK,    w->steps[LOOK]  + 2, vanish);
        at(w, DRAIN,   w->steps[DRAIN] + drain, vanish_late_event);
        assert_slot(w, FRAME);
        assert_refused(w, UNSAFE, EVENT);
        assert_int_equal(slots_until_delivery(w, 2), drain == 3 ? 1 : 2);
    }
    world_free(w);
}

static void last_steps_aside(World *w)
{
    w->windows[w->nb_windows - 1].rect.left  += 1000;
    w->windows[w->nb_windows - 1].rect.right += 1000;
}

static void last_steps_back(World *w)
{
    w->windows[w->nb_windows - 1].rect.left  -= 1000;
    w->windows[w->nb_windows - 1].rect.right -= 1000;
}

static void first_is_hidden(World *w)
{
    w->windows[0].flags = 0;
}

static void event_about_the_last(World *w)
{
    event(w, &w->windows[w->nb_windows - 1], 0);
}

static void late_event_counts_for_a_frame_from_before_its_window_was_listed(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i <= MAGNIFIER_GUARD_LIST_CAP; i++)
        open_window(w, 1);
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.painted, 1);
    at(w, CAPTURE, w->steps[CAPTURE] + 1, last_steps_aside);
    at(w, LOOK,    w->steps[LOOK]  + 2, last_steps_back);
    at(w, LOOK,    w->steps[LOOK]  + 2, first_is_hidden);
    at(w, DRAIN,   w->steps[DRAIN] + 4, event_about_the_last);
    assert_slot(w, FRAME);
    slot(w); /* looks whether that frame leaves */
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_EVENT);
    assert_int_equal(w->report.painted, 0);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    world_free(w);
}

static void window_that_was_never_shown_costs_nothing(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *win;
    int sets, canaries, i;

    open_window(w, 1);
    slot(w);
    sets     = w->steps[SET];
    canaries = w->steps[BEGIN];
    for (i = 0; i < 10; i++) {
        win = open_window(w, 0);
        win->flags |= MAGNIFIER_GUARD_UNSHOWN | MAGNIFIER_GUARD_ANIMATES;
        assert_slot(w, FRAME);
    }
    assert_int_equal(w->steps[SET], sets);
    assert_int_equal(w->steps[BEGIN], canaries);
    win->flags |= MAGNIFIER_GUARD_VISIBLE;
    win->flags &= ~(MAGNIFIER_GUARD_UNSHOWN | MAGNIFIER_GUARD_ANIMATES);
    slot(w);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_WINDOW_SHOWN);
    assert_int_equal(w->report.listed, 11);
    assert_int_equal(w->steps[BEGIN], canaries + 1);
    assert_slot(w, FRAME);
    world_free(w);
}

static void window_that_was_shown_is_news_when_it_is_hidden(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    open_window(w, 1);
    slot(w);
    open_window(w, 0);
    slot(w);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_NEW_WINDOW);
    assert_int_equal(w->report.listed, 2);
    world_free(w);
}

static void window_that_was_never_shown_has_not_moved(void **state)
{
    World *w = world_new_hearing();
    int i;

    for (i = 0; i < MAGNIFIER_GUARD_LIST_CAP - 1; i++)
        open_window(w, 1);
    open_window(w, 0)->flags |= MAGNIFIER_GUARD_UNSHOWN | MAGNIFIER_GUARD_ANIMATES;
    for (i = 0; i < 5; i++)
        slot(w);
    assert_false(w->moves);
    open_window(w, 1);
    slot(w);
    assert_true(w->moves);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    world_free(w);
}

static void only_a_new_canary_proves_a_window_that_waits(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i, sets;

    open_window(w, 1);
    slot(w);
    sets = w->steps[SET];
    open_window(w, 0)->flags |= MAGNIFIER_GUARD_UNSHOWN;
    w->windows[0].exists = 0; /* when it has settled, the next list has no new canary */
    for (i = 0; i < 300000 / SLOT + 3; i++)
        assert_slot(w, FRAME);
    assert_int_equal(w->steps[SET], sets + 1);
    assert_int_equal(w->report.listed, 0);
    assert_int_equal(w->steps[BEGIN], 1);
    world_free(w);
}

/* The frame that leaves has the list that it was composed with, whatever is in force by then. */
static void frame_tells_of_its_own_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    unsigned first;
    int i;

    open_window(w, 1);
    open_window(w, 1);
    slot(w);
    assert_slot(w, FRAME);
    first = w->report.frame_list;
    assert_int_equal(first, w->report.version);
    assert_int_equal(w->report.frame_listed, 2);
    assert_int_equal(w->report.frame_painted, 0);
    w->windows[0].exists = 0;
    for (i = 0; i < 300000 / SLOT + 3 && w->report.version == first; i++)
        assert_slot(w, FRAME);
    assert_int_equal(w->report.version, first + 1);
    assert_int_equal(w->report.listed, 1);
    assert_int_equal(w->report.frame_list, first);
    assert_int_equal(w->report.frame_listed, 2);
    assert_slot(w, FRAME);
    assert_int_equal(w->report.frame_list, first + 1);
    assert_int_equal(w->report.frame_listed, 1);
    world_free(w);
}

static void moves_are_heard_before_the_picture_that_needs_them(void **state)
{
    World *w = world_new_hearing();
    int i, captures;

    for (i = 0; i < MAGNIFIER_GUARD_LIST_CAP - 1; i++)
        open_window(w, 1);
    for (i = 0; i < 5; i++)
        slot(w);
    assert_int_equal(w->report.painted, 0);
    assert_int_equal(w->captures_hearing, 0);
    open_window(w, 1);
    slot(w);
    assert_int_equal(w->report.painted, 1);
    assert_true(w->moves);
    captures = w->steps[CAPTURE]; /* none that is heard of from its look on */
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    assert_int_equal(w->captures_hearing, w->steps[CAPTURE] - captures);
    w->windows[0].exists = 0;
    slot(w);
    assert_true(w->moves); /* the held frame is from before */
    slot(w);
    assert_false(w->moves);
    world_free(w);
}

static void hide_the_first(World *w)
{
    w->windows[0].exists = 0;
}

static void closing_window_may_have_moved_unheard(void **state)
{
    World *w = world_new_hearing();

    open_window(w, 1)->flags |= MAGNIFIER_GUARD_ANIMATES;
    assert_int_not_equal(slots_until_delivery(w, 30), 0);
    at(w, LOOK, w->steps[LOOK] + 1, hide_the_first);
    assert_refused(w, UNSAFE, COOLDOWN);
    assert_in_range(slots_until_delivery(w, 30), 300000 / SLOT, 300000 / SLOT + 3);
    world_free(w);
}

static void event_about_a_listed_window_costs_nothing(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *win = open_window(w, 1);

    slot(w);
    event(w, win, 0);
    win->rect.left++;
    assert_slot(w, FRAME);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_NONE);
    assert_slot(w, FRAME);
    world_free(w);
}

static void lost_events_drop_the_held_frame(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    slot(w);
    slot(w);
    w->events_lost = 1;
    assert_refused(w, UNSAFE, EVENTS_LOST);
    assert_int_equal(ff_magnifier_guard_stats(w->guard)->
                     refused[MAGNIFIER_GUARD_REASON_EVENTS_LOST], 1);
    w->events_lost = 0;
    /* one of them may have been about a window that is still closing */
    assert_refused(w, UNSAFE, COOLDOWN);
    w->now += 300000;
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    world_free(w);
}

static void failed_look_is_unsafe_and_captures_nothing(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int captures;

    slot(w);
    slot(w);
    captures      = w->steps[CAPTURE];
    w->look_error = AVERROR(EIO);
    assert_refused(w, UNSAFE, LOOK_FAILED);
    assert_int_equal(w->report.error, AVERROR(EIO));
    assert_refused(w, UNSAFE, LOOK_FAILED);
    assert_int_equal(w->steps[CAPTURE], captures);
    w->look_error = 0;
    assert_slot(w, HELD);
    world_free(w);
}

static void hidden_match_is_listed_before_it_is_shown(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *win = open_window(w, 0);

    slot(w);
    assert_int_equal(w->report.listed, 1);
    slot(w);
    win->flags = MAGNIFIER_GUARD_VISIBLE;
    assert_slot(w, FRAME);
    assert_slot(w, FRAME);
    world_free(w);
}

static void reused_handle_is_a_new_window(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *win = open_window(w, 1);
    int begun;

    slot(w);
    slot(w);
    begun = w->steps[BEGIN];
    win->serial++;
    assert_refused(w, UNSAFE, NEW_WINDOW);
    assert_int_equal(w->steps[BEGIN], begun + 1);
    assert_int_equal(w->nb_set, 2); /* once, and the canary */
    assert_slot(w, FRAME);
    world_free(w);
}

static void window_gone_stays_listed_for_the_cooldown(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int begun;

    open_window(w, 1);
    slot(w);
    vanish(w);
    begun = w->steps[BEGIN];
    assert_slot(w, FRAME);
    assert_slot(w, FRAME);
    assert_int_equal(w->nb_set, 2);
    w->now += 300000;
    assert_slot(w, FRAME);
    assert_int_equal(w->nb_set, 1);
    assert_slot(w, FRAME);
    /* taking one away is no new version */
    assert_int_equal(w->steps[BEGIN], begun);
    world_free(w);
}

static void closing_animation_of_a_listed_window_is_painted_over(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *win = open_window(w, 1);

    win->flags |= MAGNIFIER_GUARD_ANIMATES;
    slot(w);
    slot(w);
    w->now += 300000; /* it opens with an animation as well */
    slot(w);
    vanish(w);
    assert_slot(w, FRAME);
    assert_slot(w, FRAME);
    assert_int_equal(w->steps[PAINT], 2);
    w->now += 300000;
    assert_slot(w, FRAME);
    assert_slot(w, FRAME);
    assert_int_equal(w->steps[PAINT], 3);
    world_free(w);
}

/* ---- the list ----------------------------------------------------------- */

static void refused_list_is_unsafe(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    slot(w);
    open_window(w, 1);
    w->set_error = 1;
    for (i = 0; i < 10; i++)
        assert_slot(w, UNSAFE);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_LIST_REFUSED);
    w->set_error = 0;
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    world_free(w);
}

static void list_cut_short_is_seen_in_the_read_back(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 10; i++)
        open_window(w, 1);
    w->cut_at = 4;
    /* the cap is learnt, the rest painted over; nothing leaks (slot() looks) */
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.cap, 4);
    assert_int_equal(w->report.painted, 6);
    world_free(w);
}

static void list_that_cannot_be_read_back_leaves_with_proof_only(void **state)
{
    static const struct { int fails, less; } t[] = { { 1, 0 }, { 0, 1 }, { 0, 2 }, { 0, 100 } };

    for (size_t i = 0; i < FF_ARRAY_ELEMS(t); i++) {
        World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
        int j;

        w->read_back_fails = t[i].fails;
        w->read_back_less  = t[i].less;
        for (j = 0; j < 10; j++)
            open_window(w, 1);
        assert_slot(w, HELD);
        assert_slot(w, FRAME);
        assert_true(w->report.proven);
        assert_true(w->report.notices & MAGNIFIER_GUARD_LIST_UNREAD);
        assert_int_equal(w->report.cap, MAGNIFIER_GUARD_LIST_CAP);
        w->canary_covered = 1;
        slot(w);
        assert_refused(w, UNSAFE, LIST_DIFFERS);
        for (j = 0; j < 300; j++)
            assert_slot(w, UNSAFE);
        world_free(w);

        /* nor where there is no canary */
        w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
        w->read_back_fails = t[i].fails;
        w->read_back_less  = t[i].less;
        for (j = 0; j < 10; j++)
            open_window(w, 1);
        for (j = 0; j < 30; j++)
            assert_slot(w, UNSAFE);
        world_free(w);
    }
}

static void list_cut_short_is_told_by_canary_and_read_back(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    int i;

    for (i = 0; i < 10; i++)
        open_window(w, 1);
    w->cut_at = 4;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.cap, 4);
    assert_int_equal(w->report.painted, 7);
    assert_true(w->report.proven);
    assert_false(w->report.notices & MAGNIFIER_GUARD_LIST_UNREAD);
    world_free(w);
}

static void list_ignored_is_seen_by_the_canary(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    open_window(w, 1);
    w->ignore_list = 1;
    for (i = 0; i < 100; i++)
        assert_slot(w, UNSAFE);
    world_free(w);
}

static void list_applied_late_is_seen_by_the_canary(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    w->late_list = 2;
    open_window(w, 1);
    assert_int_not_equal(slots_until_delivery(w, 6), 0);
    open_window(w, 1);
    assert_int_not_equal(slots_until_delivery(w, 6), 0);
    assert_true(w->report.proven);
    world_free(w);
}

static void what_does_not_fit_is_painted_over(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    w->refuse_above = 24;
    for (i = 0; i < 40; i++)
        open_window(w, 1);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    assert_int_equal(w->report.listed, 23);
    assert_int_equal(w->report.painted, 17);
    for (i = 0; i < 23; i++) /* from the top */
        assert_true(excluded(w, w->windows[i].handle));
    for (i = 0; i < 20; i++)
        w->windows[i].exists = 0;
    w->now += SLOT;
    slot(w);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.painted, 0);
    assert_int_equal(ff_magnifier_guard_stats(w->guard)->max_painted, 17);
    world_free(w);
}

/* Every 50th can be seen: 23 of these fit on the list, 377 do not. */
static void twenty_thousand_windows_hide_nobody(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    Window *last;
    int i;

    w->refuse_above = 24;
    for (i = 0; i < MAX_WINDOWS; i++)
        open_window(w, !(i % 50));
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.listed, 23);
    assert_int_equal(w->report.painted, 377);
    /* the lowest is shown, of which an event tells, or a look */
    last = &w->windows[MAX_WINDOWS - 1];
    last->flags |= MAGNIFIER_GUARD_VISIBLE;
    event(w, last, 0);
    assert_slot(w, UNSAFE);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.painted, 378);
    last[-1].flags |= MAGNIFIER_GUARD_VISIBLE;
    assert_slot(w, UNSAFE);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.painted, 379);
    world_free(w);
}

static void painted_window_that_moves_is_unsafe(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    w->windows[29].rect.left++;
    assert_refused(w, UNSAFE, WINDOW_MOVED);
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    /* a listed one may */
    w->windows[0].rect.left++;
    assert_slot(w, FRAME);
    world_free(w);
}

static int is_listed(const World *w, uint64_t handle)
{
    int i;

    for (i = 0; i < w->nb_force; i++)
        if (w->force[i] == handle)
            return 1;
    return 0;
}

static void a_large_window_is_rather_listed_than_painted(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    /* the desktop itself, below all others */
    w->windows[29].rect = (MagnifierRect) { 0, 0, 1920, 1080 };
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_true(is_listed(w, w->windows[29].handle));
    assert_true(is_listed(w, w->windows[0].handle));
    assert_false(is_listed(w, w->windows[28].handle));
    /* not so one that is a little larger than others */
    w->windows[28].rect.right += (w->windows[28].rect.right - w->windows[28].rect.left) / 4;
    w->now += 300000;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_false(is_listed(w, w->windows[28].handle));
    world_free(w);
}

static void windows_of_much_the_same_size_do_not_take_turns(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    uint64_t changes;
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    w->windows[29].rect = (MagnifierRect) { 500, 500, 512, 512 };
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_true(is_listed(w, w->windows[29].handle));
    changes = ff_magnifier_guard_stats(w->guard)->list_changes;
    for (i = 0; i < 10; i++) {
        w->windows[29].rect.right = w->windows[29].rect.bottom = i & 1 ? 512 : 510;
        assert_slot(w, FRAME);
    }
    assert_int_equal(ff_magnifier_guard_stats(w->guard)->list_changes, changes);
    world_free(w);
}

static void a_listed_window_that_shrinks_as_it_moves_stays_listed(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    w->windows[29].flags |= MAGNIFIER_GUARD_ANIMATES;
    w->windows[29].rect = (MagnifierRect) { 500, 500, 601, 601 };
    w->now += 1000000;
    slots_until_delivery(w, 40);
    assert_true(is_listed(w, w->windows[29].handle));
    for (i = 0; i < 14; i++) {
        w->windows[29].rect.right  -= 7;
        w->windows[29].rect.bottom -= 7;
        assert_slot(w, FRAME);
    }
    assert_true(is_listed(w, w->windows[29].handle));
    world_free(w);
}

static void painted_window_without_rectangle_is_unsafe(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    /* a single one has its place on the list */
    w->windows[29].flags |= MAGNIFIER_GUARD_NO_RECT;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    for (i = 0; i < 30; i++)
        w->windows[i].flags |= MAGNIFIER_GUARD_NO_RECT;
    w->now += 300000;
    assert_int_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_RECT_UNKNOWN);
    world_free(w);
}

static void painted_window_that_went_from_an_unknown_place_is_unsafe(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 25; i++) {
        open_window(w, 1);
        w->windows[i].flags |= MAGNIFIER_GUARD_NO_RECT;
    }
    slots_until_delivery(w, 10);
    at(w, LOOK, w->steps[LOOK] + 2, vanish);
    slot(w);
    slot(w);
    assert_refused(w, UNSAFE, COOLDOWN); /* the screen may still show it */
    w->now += 300000;
    assert_int_not_equal(slots_until_delivery(w, 6), 0);
    world_free(w);
}

/** A window that hides all that is below it, but matches nothing; on top of all others. */
static Window *cover_window(World *w, int left, int right)
{
    Window *win = open_window(w, 0);

    win->flags = MAGNIFIER_GUARD_COVERS;
    win->rect  = (MagnifierRect) { left, 0, right, 100 };
    return win;
}

static void what_is_covered_is_not_painted_over(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    Window *cover = cover_window(w, 0, 10000);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    for (i = 1; i < 31; i++)
        w->windows[i].flags |= MAGNIFIER_GUARD_VISIBLE;
    w->hidden_by_cover = 1;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.painted, 6);
    assert_int_equal(w->steps[PAINT], 0);
    /* one that has moved may have shown what is below it */
    event(w, cover, MAGNIFIER_GUARD_COVERS);
    assert_slot(w, FRAME);
    assert_int_equal(w->steps[PAINT], 1);
    world_free(w);
}

/* A window can be transparent although nothing tells, so strict proof takes no window for a cover. */
static void with_strict_proof_nothing_covers(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    int i;

    cover_window(w, 0, 10000);
    for (i = 0; i < 30; i++)
        open_window(w, 1);
    for (i = 1; i < 31; i++)
        w->windows[i].flags |= MAGNIFIER_GUARD_VISIBLE;
    w->hidden_by_cover = 1;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->steps[PAINT], 1);
    world_free(w);
}

static void what_no_frame_shows_takes_no_place_on_the_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    MagnifierGuardConfig config;
    int i;

    ff_magnifier_guard_defaults(&config);
    config.proof      = MAGNIFIER_GUARD_PROOF_OFF;
    config.animations = 0;
    config.region     = (MagnifierRect) { 300, 0, 340, 10 };
    ff_magnifier_guard_free(&w->guard);
    w->guard = ff_magnifier_guard_alloc(&world_ops, w, &config);
    for (i = 0; i < 34; i++) /* 30 to the left of it */
        open_window(w, 1);
    w->region = config.region;
    assert_int_not_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.painted, 0);
    assert_int_equal(w->steps[PAINT], 0);
    for (i = 30; i < 34; i++)
        assert_true(is_listed(w, w->windows[i].handle));
    world_free(w);
}

static void windows_gone_may_be_missing_in_the_read_back(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    w->purge = 1;
    open_window(w, 1);
    open_window(w, 1);
    slot(w);
    slot(w);
    w->windows[0].exists = 0;
    slot(w);
    open_window(w, 1);
    assert_refused(w, UNSAFE, NEW_WINDOW);
    assert_int_equal(w->report.listed, 2);
    assert_slot(w, FRAME);
    assert_int_equal(w->report.cap, MAGNIFIER_GUARD_LIST_CAP);
    world_free(w);
}

static void one_refusal_does_not_cut_the_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    for (i = 0; i < 10; i++)
        open_window(w, 1);
    w->set_error = 1;
    slot(w);
    slot(w);
    w->set_error = 0;
    assert_slot(w, HELD);
    assert_int_equal(w->report.listed, 10);
    world_free(w);
}

static void pictures_without_proof_go_on_while_new_canaries_are_tried(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i, begun, late = 0;

    open_window(w, 1);
    w->canary_covered = 1;
    assert_int_not_equal(slots_until_delivery(w, 100), 0);
    /* while nothing changes where they are, none is, nor is the screen read */
    begun = w->steps[BEGIN] + w->steps[READ];
    for (i = 0; i < 1000; i++)
        assert_slot(w, FRAME);
    assert_int_equal(w->steps[BEGIN] + w->steps[READ], begun);
    /* when it does, one is tried for a moment, ever more seldom */
    begun = w->steps[BEGIN];
    for (i = 0; i < 1000; i++) {
        w->screen_changed = 1;
        late += slot(w) != MAGNIFIER_FRAME;
    }
    assert_in_range(w->steps[BEGIN] - begun, 2, 5); /* every 16 s in the end */
    assert_in_range(late, 2, 3 * 5);
    w->canary_covered = 0;
    w->screen_changed = 1;
    w->now += 16000000;
    slot(w);
    slot(w);
    assert_true(w->report.proven);
    world_free(w);
}

static void window_in_the_place_of_a_canary_must_settle(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    w->canary_covered = 1;
    assert_int_not_equal(slots_until_delivery(w, 100), 0);
    assert_int_equal(w->report.listed, 23);
    w->canary_error = 1;
    for (i = 0; i < 1000 && w->report.listed == 23; i++) {
        w->screen_changed = 1;
        slot(w);
    }
    assert_int_equal(w->report.listed, 24);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_SETTLING);
    world_free(w);
}

static void list_once_proven_is_not_cut_for_a_canary_that_shows(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    for (i = 0; i < 10; i++)
        open_window(w, 1);
    slot(w);
    slot(w);
    w->nb_force    = 0; /* forgotten */
    w->ignore_list = 1;
    for (i = 0; i < 20; i++)
        slot(w);
    assert_int_equal(w->report.cap, MAGNIFIER_GUARD_LIST_CAP);
    w->ignore_list = 0;
    assert_int_not_equal(slots_until_delivery(w, 20), 0);
    assert_int_equal(w->report.listed, 10);
    world_free(w);
}

static void painting_that_fails_is_unsafe(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    w->paint_error = 1;
    assert_int_equal(slots_until_delivery(w, 10), 0);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_PAINT_FAILED);
    world_free(w);
}

/* ---- proof -------------------------------------------------------------- */

static void nothing_leaves_before_the_first_proof(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int n;

    w->canary_covered = 1;
    assert_refused(w, UNSAFE, CANARY_LATE);
    for (n = 1; w->report.reason == MAGNIFIER_GUARD_REASON_CANARY_LATE; n++)
        assert_slot(w, UNSAFE);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_AWAITING_PROOF);
    n += slots_until_delivery(w, 200);
    assert_true(n * (int64_t)SLOT >= 2000000);
    assert_false(w->report.proven);
    assert_true(ff_magnifier_guard_stats(w->guard)->unproven > 0);
    world_free(w);
}

static void auto_says_once_why_there_is_no_proof(void **state)
{
    static const struct {
        int error, covered, not_captured;
        enum MagnifierGuardNoProof why;
    } t[] = {
        { 1, 0, 0, MAGNIFIER_GUARD_NO_PROOF_NO_CANARY    },
        { 0, 1, 0, MAGNIFIER_GUARD_NO_PROOF_COVERED      },
        { 0, 0, 1, MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED },
    };
    size_t i;
    int j, told;

    for (i = 0; i < FF_ARRAY_ELEMS(t); i++) {
        World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
        w->canary_error        = t[i].error;
        w->canary_covered      = t[i].covered;
        w->canary_not_captured = t[i].not_captured;
        for (j = told = 0; j < 200; j++) {
            slot(w);
            if (!(w->report.notices & MAGNIFIER_GUARD_PROOF_NONE))
                continue;
            assert_int_equal(w->report.no_proof, t[i].why);
            told++;
        }
        assert_int_equal(told, 1);
        assert_true(ff_magnifier_guard_stats(w->guard)->delivered > 0);
        world_free(w);
    }
}

static void cover_what_is_read(World *w)
{
    w->canary_covered = 1;
}

static void canary_that_failed_before_is_no_outage(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i;

    for (i = 0; i < 30; i++)
        open_window(w, 1);
    w->windows[29].rect.right = w->windows[29].rect.left + 1; /* the smallest is painted over */
    w->canary_error = 1;
    while (w->now < 1800000)
        slot(w);
    w->windows[29].exists = 0; /* when that has settled there is a new canary */
    w->windows[28].serial = 0x1000; /* and this one has a list that has not settled */
    w->canary_error = 0;
    at(w, READ, w->steps[READ] + 1, cover_what_is_read);
    while (!w->canary_covered)
        slot(w);
    assert_false(w->report.notices & MAGNIFIER_GUARD_PROOF_NONE);
    w->now += 2000000;
    assert_int_equal(slot(w), MAGNIFIER_UNSAFE);
    assert_true(w->report.notices & MAGNIFIER_GUARD_PROOF_NONE);
    assert_int_equal(w->report.error, AVERROR_EXTERNAL);
    assert_int_equal(w->nb_canary, 2); /* the new one is in no picture */
    world_free(w);
}

static void strict_never_delivers_without_proof(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);

    w->canary_covered = 1;
    assert_int_equal(slots_until_delivery(w, 300), 0);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_UNPROVEN);
    w->canary_covered = 0;
    /* a new canary is tried twice a second */
    assert_int_not_equal(slots_until_delivery(w, 30), 0);
    assert_true(w->report.proven);
    world_free(w);
}

static void canary_that_the_api_never_shows_proves_nothing(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);

    w->canary_not_captured = 1;
    assert_int_equal(slots_until_delivery(w, 300), 0);
    world_free(w);
}

static void a_new_list_costs_one_slot_and_no_read_of_the_screen(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    int read;

    open_window(w, 1);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    assert_slot(w, FRAME);
    read = w->steps[READ];
    open_window(w, 1);
    assert_refused(w, UNSAFE, NEW_WINDOW);
    /* nothing is waited for before the picture that waits for its proof anyhow */
    assert_int_equal(w->steps[READ], read + 1);
    assert_slot(w, FRAME);
    assert_true(w->report.proven);
    assert_int_equal(w->steps[READ], read + 2);
    world_free(w);
}

static void canary_is_kept_until_a_picture_shows_it(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    uint64_t canary;

    open_window(w, 1);
    w->canary_not_captured = 1;
    assert_refused(w, UNSAFE, CANARY_LATE);
    canary = w->canary;
    assert_refused(w, UNSAFE, CANARY_LATE);
    assert_int_equal(w->canary, canary);
    /* but one that was shown before something happened tells nothing of after it */
    open_window(w, 1);
    assert_refused(w, UNSAFE, CANARY_LATE);
    assert_int_not_equal(w->canary, canary);
    canary = w->canary;
    w->canary_not_captured = 0;
    assert_slot(w, HELD);
    assert_int_equal(w->canary, canary);
    assert_slot(w, FRAME);
    assert_true(w->report.proven);
    world_free(w);
}

static void forget_and_cover(World *w)
{
    w->nb_force       = 0;
    w->ignore_list    = 1;
    w->canary_covered = 1;
}

static void a_read_of_before_a_picture_does_not_prove_it(void **state)
{
    static const enum MagnifierGuardProofMode modes[] = { MAGNIFIER_GUARD_PROOF_AUTO, MAGNIFIER_GUARD_PROOF_STRICT };
    size_t i;

    for (i = 0; i < FF_ARRAY_ELEMS(modes); i++) {
        World *w = world_new(modes[i]);

        open_window(w, 1);
        assert_slot(w, HELD);
        assert_slot(w, FRAME);
        /* AUTO: the read of the first list is young, and that was proven */
        open_window(w, 1);
        w->windows[0].flags = w->windows[1].flags = 0; /* shows_a_window() looks */
        at(w, CAPTURE, w->steps[CAPTURE] + 2, forget_and_cover);
        slot(w);
        slot(w);
        assert_false(w->report.proven);
        world_free(w);
    }
}

static void once_a_list_is_proven_auto_reads_the_screen_now_and_then(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    int i, read;

    open_window(w, 1);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    read = w->steps[READ];
    w->read_takes_long = 1; /* and does not wait for it */
    for (i = 0; i < 100; i++) {
        assert_slot(w, FRAME);
        assert_true(w->report.proven);
    }
    assert_in_range(w->steps[READ] - read, 20, 34);
    /* but not for ever */
    w->canary_covered = 1;
    for (i = 0; i < 9 && w->report.proven; i++)
        slot(w);
    assert_in_range(i, 1, 8);
    world_free(w);
}

static void canary_that_gets_covered_proves_nothing_until_it_is_seen_again(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);

    open_window(w, 1);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    w->canary_covered = 1;
    slot(w);
    assert_refused(w, UNSAFE, UNPROVEN);
    w->canary_covered = 0;
    assert_int_not_equal(slots_until_delivery(w, 3), 0);
    assert_int_equal(w->nb_canary, 1);
    world_free(w);
}

static void off_makes_no_canary(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_OFF);

    open_window(w, 1);
    assert_int_equal(slots_until_delivery(w, 10), 4); /* settled, then held */
    assert_int_equal(w->steps[BEGIN], 0);
    assert_int_equal(w->nb_set, 1);
    world_free(w);
}

/* ---- outages ------------------------------------------------------------ */

static void no_picture_is_an_outage_and_not_a_danger(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    slot(w);
    w->no_picture = 1;
    assert_slot(w, FRAME); /* of the slot before */
    assert_refused(w, OUTAGE, NONE);
    w->no_picture = 0;
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    world_free(w);
}

static void capture_error_is_handed_on(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    w->capture_error = 1;
    assert_int_equal(slot(w), AVERROR_EXTERNAL);
    assert_int_equal(w->report.reason, MAGNIFIER_GUARD_REASON_NONE);
    assert_int_equal(w->report.error, AVERROR_EXTERNAL);
    world_free(w);
}

static void new_controls_have_no_list(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);

    open_window(w, 1);
    slot(w);
    w->nb_force = w->nb_set = 0;
    ff_magnifier_guard_invalidate(w->guard);
    assert_slot(w, HELD);
    assert_true(excluded(w, w->windows[0].handle));
    assert_slot(w, FRAME);
    world_free(w);
}

static void region_that_moves_needs_a_new_canary_and_no_new_controls(void **state)
{
    const MagnifierRect to = { 0, 0, 5, 5 };
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    uint64_t canary;

    open_window(w, 1);
    assert_slot(w, HELD);
    assert_slot(w, FRAME);
    canary = w->canary;
    ff_magnifier_guard_move(w->guard, &to);
    assert_int_equal(w->canary, 0);
    assert_slot(w, HELD); /* what was held shows another place */
    assert_true(w->canary && w->canary != canary);
    assert_slot(w, FRAME);
    assert_true(w->report.proven);
    world_free(w);
}

/** What was outside of the region, and so not painted over, is inside. */
static void region_that_moves_finds_windows(void **state)
{
    const MagnifierRect to = { 0, 0, 10000, 10000 };
    World *w = world_new(MAGNIFIER_GUARD_PROOF_AUTO);
    MagnifierGuardConfig config;

    ff_magnifier_guard_defaults(&config);
    config.animations = 0;
    config.list_cap   = 2;
    config.region     = (MagnifierRect) { 0, 0, 10, 10 };
    ff_magnifier_guard_free(&w->guard);
    w->guard  = ff_magnifier_guard_alloc(&world_ops, w, &config);
    w->region = config.region;
    for (int i = 0; i < 4; i++)
        open_window(w, 1);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.painted, 0);
    w->region = to;
    ff_magnifier_guard_move(w->guard, &to);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    assert_int_equal(w->report.painted, 3);
    world_free(w);
}

static void one_that_there_was_no_memory_for_may_be_closing(void **state)
{
    World *w = world_new_hearing();
    Window *win;

    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    win = open_window(w, 1);
    w->starves = 1;
    assert_refused(w, UNSAFE, NO_MEMORY);
    assert_int_equal(w->report.error, AVERROR(ENOMEM));
    w->starves  = 0;
    win->exists = 0;
    assert_refused(w, UNSAFE, COOLDOWN);
    assert_int_not_equal(slots_until_delivery(w, 16), 0);
    world_free(w);
}

static void a_part_of_a_canary_is_no_control(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);

    w->canary_not_captured = 1;
    for (int i = 0; i < 10 && !w->nb_set; i++)
        slot(w);
    assert_int_not_equal(w->nb_set, 0);
    w->shows_parts = 1;
    assert_refused(w, UNSAFE, CANARY_EXPOSED);
    w->shows_parts = 0;
    assert_int_equal(slots_until_delivery(w, 30), 0);
    world_free(w);
}

static void moves_that_cannot_be_heard_matter_while_they_are_wanted(void **state)
{
    World *w = world_new_hearing();

    w->refuse_above  = 2;
    w->moves_unheard = 1;
    for (int i = 0; i < 4; i++)
        open_window(w, 1);
    assert_int_equal(slots_until_delivery(w, 60), 0);
    for (int i = 1; i < 4; i++)
        w->windows[i].exists = 0;
    assert_int_not_equal(slots_until_delivery(w, 60), 0);
    world_free(w);
}

static void starve(World *w)
{
    av_max_alloc(1);
}

static void what_waited_for_a_list_without_memory_waits_for_the_next(void **state)
{
    World *w = world_new(MAGNIFIER_GUARD_PROOF_STRICT);
    Window *win;
    int canaries;

    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    win = open_window(w, 1);
    at(w, CAPTURE, w->steps[CAPTURE] + 1, starve); /* the control picture */
    assert_refused(w, UNSAFE, NEW_WINDOW);
    assert_int_equal(w->nb_set, 1);
    win->exists = 0;
    canaries    = w->nb_canary;
    slot(w);
    assert_int_equal(w->nb_canary, canaries + 1);
    assert_int_not_equal(slots_until_delivery(w, 4), 0);
    world_free(w);
}

static void every_reason_has_a_sentence(void **state)
{
    int i, j;

    for (i = 0; i < MAGNIFIER_GUARD_NB_REASONS; i++)
        for (j = 0; j < i; j++)
            assert_string_not_equal(ff_magnifier_guard_reason_text(i),
                                    ff_magnifier_guard_reason_text(j));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_is_held_until_the_next_slot_is_clean),
        cmocka_unit_test(steady_slot_costs_one_capture_and_sets_no_list),
        cmocka_unit_test(no_match_still_has_a_canary_on_the_list),
        cmocka_unit_test(canary_is_last_on_the_list),
        cmocka_unit_test(not_even_the_control_picture_is_taken_without_a_list),
        cmocka_unit_test(flush_releases_the_last_frame),
        cmocka_unit_test(frame_is_confirmed_before_its_slot_is_over),
        cmocka_unit_test(dropped_frame_is_tried_again_within_its_slot),
        cmocka_unit_test(what_was_not_captured_is_tried_again),
        cmocka_unit_test(what_is_covered_is_not_painted_over),
        cmocka_unit_test(with_strict_proof_nothing_covers),
        cmocka_unit_test(what_no_frame_shows_takes_no_place_on_the_list),
        cmocka_unit_test(window_before_the_capture_is_caught_by_the_next_look),
        cmocka_unit_test(window_between_the_looks_is_caught_by_its_event),
        cmocka_unit_test(window_between_the_looks_is_caught_by_an_event_one_slot_late),
        cmocka_unit_test(late_event_counts_for_a_frame_from_before_its_window_was_listed),
        cmocka_unit_test(event_about_a_listed_window_costs_nothing),
        cmocka_unit_test(lost_events_drop_the_held_frame),
        cmocka_unit_test(failed_look_is_unsafe_and_captures_nothing),
        cmocka_unit_test(hidden_match_is_listed_before_it_is_shown),
        cmocka_unit_test(reused_handle_is_a_new_window),
        cmocka_unit_test(window_gone_stays_listed_for_the_cooldown),
        cmocka_unit_test(closing_animation_of_a_listed_window_is_painted_over),
        cmocka_unit_test(refused_list_is_unsafe),
        cmocka_unit_test(list_cut_short_is_seen_in_the_read_back),
        cmocka_unit_test(list_that_cannot_be_read_back_leaves_with_proof_only),
        cmocka_unit_test(list_cut_short_is_told_by_canary_and_read_back),
        cmocka_unit_test(list_ignored_is_seen_by_the_canary),
        cmocka_unit_test(list_applied_late_is_seen_by_the_canary),
        cmocka_unit_test(what_does_not_fit_is_painted_over),
        cmocka_unit_test(twenty_thousand_windows_hide_nobody),
        cmocka_unit_test(painted_window_that_moves_is_unsafe),
        cmocka_unit_test(a_large_window_is_rather_listed_than_painted),
        cmocka_unit_test(windows_of_much_the_same_size_do_not_take_turns),
        cmocka_unit_test(a_listed_window_that_shrinks_as_it_moves_stays_listed),
        cmocka_unit_test(painted_window_without_rectangle_is_unsafe),
        cmocka_unit_test(painted_window_that_went_from_an_unknown_place_is_unsafe),
        cmocka_unit_test(painting_that_fails_is_unsafe),
        cmocka_unit_test(windows_gone_may_be_missing_in_the_read_back),
        cmocka_unit_test(one_refusal_does_not_cut_the_list),
        cmocka_unit_test(pictures_without_proof_go_on_while_new_canaries_are_tried),
        cmocka_unit_test(window_in_the_place_of_a_canary_must_settle),
        cmocka_unit_test(list_once_proven_is_not_cut_for_a_canary_that_shows),
        cmocka_unit_test(nothing_leaves_before_the_first_proof),
        cmocka_unit_test(auto_says_once_why_there_is_no_proof),
        cmocka_unit_test(canary_that_failed_before_is_no_outage),
        cmocka_unit_test(strict_never_delivers_without_proof),
        cmocka_unit_test(canary_that_the_api_never_shows_proves_nothing),
        cmocka_unit_test(a_new_list_costs_one_slot_and_no_read_of_the_screen),
        cmocka_unit_test(canary_is_kept_until_a_picture_shows_it),
        cmocka_unit_test(a_read_of_before_a_picture_does_not_prove_it),
        cmocka_unit_test(once_a_list_is_proven_auto_reads_the_screen_now_and_then),
        cmocka_unit_test(canary_that_gets_covered_proves_nothing_until_it_is_seen_again),
        cmocka_unit_test(window_that_was_never_shown_costs_nothing),
        cmocka_unit_test(window_that_was_never_shown_has_not_moved),
        cmocka_unit_test(window_that_was_shown_is_news_when_it_is_hidden),
        cmocka_unit_test(only_a_new_canary_proves_a_window_that_waits),
        cmocka_unit_test(frame_tells_of_its_own_list),
        cmocka_unit_test(moves_are_heard_before_the_picture_that_needs_them),
        cmocka_unit_test(closing_window_may_have_moved_unheard),
        cmocka_unit_test(off_makes_no_canary),
        cmocka_unit_test(no_picture_is_an_outage_and_not_a_danger),
        cmocka_unit_test(capture_error_is_handed_on),
        cmocka_unit_test(new_controls_have_no_list),
        cmocka_unit_test(region_that_moves_needs_a_new_canary_and_no_new_controls),
        cmocka_unit_test(region_that_moves_finds_windows),
        cmocka_unit_test(a_part_of_a_canary_is_no_control),
        cmocka_unit_test(moves_that_cannot_be_heard_matter_while_they_are_wanted),
        cmocka_unit_test(one_that_there_was_no_memory_for_may_be_closing),
        cmocka_unit_test(what_waited_for_a_list_without_memory_waits_for_the_next),
        cmocka_unit_test(every_reason_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
