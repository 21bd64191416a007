/*
 * Every interleaving of the guard with a small desktop, up to a bound
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

/**
 * @file
 * Is there any order of things in which a frame leaks?
 *
 * The guard that is run here is the one that ships. Around it stands a desktop with
 * one or two windows, and an API; wherever something can happen (between any two
 * operations of the guard, and before and after a picture is composed) it is asked what
 * does: nothing, or one of the things that a window can do, so many of them in a run.
 * Asked are also how late each event comes, whether a new list is in force yet, and
 * whether a picture is an old one. All answers are tried, one run for each combination,
 * depth first: the answers of the last run are kept in a stack, the last one that was not
 * the last possible is changed, and the run begins anew.
 *
 * What is possible here is what guard.c assumes of Windows, and all of it but
 * for animations, within the bounds of each search: they are printed.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "libavdevice/magnifier/guard.h"

#define MAX_DEPTH   256
#define MAX_SERIAL  64
#define SLOT_US     33000

typedef struct Search {
    const char *name;
    enum MagnifierGuardProofMode proof;
    int before;       ///< slots before anything happens: 0, a cold start
    int slots;        ///< slots in which it may
    int actions;      ///< things that happen, at most
    int late_events;  ///< drains that an event may be late: 0 to 2
    int reuse;        ///< a new window has the handle of the old one
    int crowd;        ///< a window is on top for which alone the list has room
    int late_list;    ///< captures that a list may be late
    int stale;        ///< old pictures that may come
    int ignored;      ///< lists that the API may take and not use, and read back
    int dropped;      ///< lists that the API may take and not use, and not read back
    int silent;       ///< a window may begin to match, or be shown, without an event
    int shows;        ///< Windows tells of windows that are shown; of others there is no word
} Search;

static const Search searches[] = {
    /* name                         mode    bf sl act lt re cr ll st ig dr si sh */
    { "windows come and go",        MAGNIFIER_GUARD_PROOF_AUTO,   3, 3, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0 },
    { "windows begin to match",     MAGNIFIER_GUARD_PROOF_AUTO,   3, 4, 3, 1, 1, 0, 0, 0, 0, 0, 1, 0 },
    { "they do, there is no room",  MAGNIFIER_GUARD_PROOF_AUTO,   3, 4, 2, 1, 0, 1, 0, 0, 0, 0, 1, 0 },
    { "they do, there is no proof", MAGNIFIER_GUARD_PROOF_OFF,    7, 5, 2, 1, 0, 0, 1, 0, 0, 0, 1, 0 },
    { "they do, pictures are old",  MAGNIFIER_GUARD_PROOF_STRICT, 3, 4, 2, 1, 0, 0, 0, 1, 0, 0, 1, 0 },
    { "no room on the list",        MAGNIFIER_GUARD_PROOF_AUTO,   3, 3, 3, 2, 0, 1, 0, 0, 0, 0, 0, 0 },
    { "no room, no proof",          MAGNIFIER_GUARD_PROOF_OFF,    7, 5, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0 },
    { "they come and go for longer", MAGNIFIER_GUARD_PROOF_AUTO,   3, 5, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0 },
    { "handles are used again",     MAGNIFIER_GUARD_PROOF_AUTO,   3, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0 },
    { "cold start",                 MAGNIFIER_GUARD_PROOF_AUTO,   0, 3, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0 },
    { "lists are late",             MAGNIFIER_GUARD_PROOF_STRICT, 3, 4, 3, 1, 1, 0, 2, 0, 0, 0, 0, 0 },
    { "pictures are old",           MAGNIFIER_GUARD_PROOF_STRICT, 3, 4, 2, 2, 0, 0, 0, 1, 0, 0, 0, 0 },
    { "late, old and ignored",      MAGNIFIER_GUARD_PROOF_STRICT, 3, 4, 2, 0, 1, 0, 1, 1, 1, 0, 0, 0 },
    { "no proof, lists are late",   MAGNIFIER_GUARD_PROOF_OFF,    7, 5, 2, 2, 0, 0, 2, 0, 0, 0, 0, 0 },
    { "no proof, lists are dropped",MAGNIFIER_GUARD_PROOF_OFF,    7, 5, 3, 0, 1, 0, 0, 0, 0, 2, 0, 0 },
    { "some are never shown",       MAGNIFIER_GUARD_PROOF_AUTO,   3, 3, 3, 2, 0, 0, 0, 0, 0, 0, 1, 1 },
    { "they wait for a late list",  MAGNIFIER_GUARD_PROOF_STRICT, 3, 4, 3, 1, 0, 0, 2, 0, 0, 0, 0, 1 },
    { "they wait without proof",    MAGNIFIER_GUARD_PROOF_OFF,    7, 5, 2, 1, 1, 0, 2, 0, 0, 0, 0, 1 },
};

/* ---- choice ------------------------------------------------------------- */

static struct { unsigned char value, of; } choices[MAX_DEPTH];
static int depth, known_depth;
static const char *story[MAX_DEPTH];

static int choose(int of, const char *what)
{
    if (of <= 1)
        return 0;
    if (depth == MAX_DEPTH) {
        fprintf(stderr, "interleave: more than %d choices in a run\n", MAX_DEPTH);
        abort();
    }
    if (depth == known_depth) {
        choices[depth].value = 0;
        choices[depth].of    = of;
        known_depth++;
    }
    story[depth] = what;
    return choices[depth++].value;
}

/** @return 0 when all have been tried */
static int next_run(void)
{
    for (known_depth = depth; known_depth; known_depth--)
        if (++choices[known_depth - 1].value < choices[known_depth - 1].of)
            break;
    depth = 0;
    return known_depth;
}

/* ---- the world ---------------------------------------------------------- */

enum { BEGUN = 1, SHOWN = 2 };

typedef struct Window {
    uint64_t serial;
    int exists, visible, place, state;
    int silent;   ///< no event will tell of its beginning (BEGUN) or of its being shown
                  ///< (SHOWN), and no look has yet
    int shown;    ///< in the last look, or an event since tells so
} Window;

typedef struct Event {
    uint64_t serial, handle;
    int state, due, seen;
    int shows;          ///< that it is shown
    int shown;          ///< its window was, when it went
} Event;

typedef struct List {
    uint64_t serials;   ///< bit n: the window with serial n
    uint64_t canary;
} List;

typedef struct Picture {
    int live, made;
    int shows[2], place[2];  ///< window n, where
    uint64_t canary;         ///< that it shows
} Picture;

typedef struct World {
    const Search *s;
    int64_t  now;            ///< microseconds, one time for each slot
    int      busy;           ///< things may happen now
    int      actions, stale, composed, ignored, dropped;
    int      late, drains;
    uint64_t serials, canaries, canary;
    Window   windows[2];     ///< [1] is the one that acts; [0] is above it, if there, and may
                             ///< be hidden
    Event    events[32];
    int      nb_events;
    uint64_t handles[8];
    int      nb_handles;
    List     force, next;
    int      has_next;
    Picture  latest, pictures[4];
} World;

static struct {
    uint64_t runs, slots, frames, secret, delivered;
} totals;

static uint64_t handle_of(const World *w, const Window *win)
{
    return win == &w->windows[0] ? 1 : w->s->reuse ? 2 : 2 + win->serial;
}

static MagnifierRect rect_of(int place)
{
    MagnifierRect r = { 20 * place, 0, 20 * place + 10, 10 };

    return r;
}

static void changed(World *w, Window *win)
{
    Event *e = &w->events[w->nb_events++];

    if (w->nb_events > (int)FF_ARRAY_ELEMS(w->events))
        abort();
    e->serial = win->serial;
    e->handle = handle_of(w, win);
    e->state  = ++win->state;
    e->seen   = 0;
    e->shows  = win->visible;
    e->shown  = 0;
    e->due    = w->drains + 1 + choose(w->s->late_events + 1, "event late by");
}

static void make_window(World *w, Window *win, int visible)
{
    win->exists  = 1;
    win->visible = visible;
    win->serial  = ++w->serials;
    win->state   = 0;
    win->silent  = 0;
    win->shown   = 0;
    win->place   = win == &w->windows[1];
    if (w->serials == MAX_SERIAL)
        abort();
}

static void compose(World *w, Picture *p)
{
    int i;

    p->made = 1;
    for (i = 0; i < 2; i++) {
        const Window *win = &w->windows[i];
        p->shows[i] = win->exists && win->visible && !(w->force.serials >> win->serial & 1);
        p->place[i] = win->place;
    }
    p->canary = w->canary != w->force.canary ? w->canary : 0;
}

/** Anything may happen here, and more than once. */
static void moment(World *w)
{
    Window *win = &w->windows[1];

    /* What begins to match, or is shown, without an event stays until a look must have seen it. */
    while (w->busy && w->actions && !win->silent) {
        int third = win->visible ? w->s->crowd : w->s->silent;
        int c = choose(win->exists ? 3 + third : 3 + w->s->silent, win->exists ?
                       "1 destroy 2 show or hide 3 move, or show without an event" :
                       "1 make visible 2 make hidden 3 a visible one begins to match");
        if (!c)
            break;
        w->actions--;
        if (!win->exists) {
            make_window(w, win, c != 2);
            win->silent = c == 3 ? BEGUN : 0;
            if (!win->silent)
                changed(w, win);
        } else if (c == 1) {
            int i;

            win->exists = 0;
            for (i = 0; i < w->nb_events; i++)
                if (w->events[i].serial == win->serial)
                    w->events[i].shown = win->shown;
        } else if (c == 2) {
            win->visible = !win->visible;
            changed(w, win);
        } else if (win->visible) {
            win->place = 3 - win->place; /* 1 or 2 */
            changed(w, win);
        } else {
            win->visible = 1;
            win->silent  = SHOWN;
            win->state++;
        }
    }
    if (w->busy && w->actions && w->windows[0].exists && w->windows[0].visible &&
        choose(2, "the window on top is hidden")) {
        w->actions--;
        w->windows[0].visible = 0;
    }
    if (w->busy && w->stale && w->composed && choose(2, "a picture is composed")) {
        w->composed--;
        compose(w, &w->latest);
    }
}

/* ---- the operations ----------------------------------------------------- */

static int64_t op_clock(void *opaque)
{
    return ((World *)opaque)->now;
}

static int op_drain(void *opaque, MagnifierGuardList *events)
{
    World *w = opaque;
    int i, j, n = 0;

    moment(w);
    w->drains++;
    for (i = 0; i < w->nb_events; i++) {
        const Event *e = &w->events[i];
        int gone = 1, shown = e->shows || e->shown;

        if (e->seen)
            continue;
        if (e->due > w->drains) {
            w->events[n++] = *e;
            continue;
        }
        for (j = 0; j < 2; j++) {
            Window *win = &w->windows[j];
            int is_it = win->exists && win->serial == e->serial;
            gone &= !is_it;
            if (is_it)
                shown = win->shown |= e->shows || win->visible;
        }
        if (w->s->shows && !shown)
            continue;
        ff_magnifier_guard_add(events, e->handle, gone ? 0 : e->serial,
                               gone ? MAGNIFIER_GUARD_GONE : 0, NULL);
    }
    w->nb_events = n;
    return 0;
}

static int op_look(void *opaque, MagnifierGuardList *list)
{
    World *w = opaque;
    int i, j;

    moment(w);
    for (i = 0; i < 2; i++) {
        Window *win = &w->windows[i];
        MagnifierRect rect = rect_of(win->place);

        if (!win->exists)
            continue;
        win->silent = 0;
        ff_magnifier_guard_add(list, handle_of(w, win), win->serial,
                               win->visible ? MAGNIFIER_GUARD_VISIBLE :
                               w->s->shows && !win->shown ? MAGNIFIER_GUARD_UNSHOWN : 0, &rect);
        win->shown = win->visible;
        for (j = 0; j < w->nb_events; j++) /* its event is not needed any more */
            w->events[j].seen |= w->events[j].serial == win->serial &&
                                 w->events[j].state == win->state;
    }
    return 0;
}

static int op_set_list(void *opaque, const uint64_t *handles, int nb)
{
    World *w = opaque;
    List list = { 0 };
    int i, j;

    moment(w);
    if (w->busy && w->dropped && choose(2, "list dropped")) {
        w->dropped--;
        return 0;
    }
    memcpy(w->handles, handles, nb * sizeof(*handles));
    w->nb_handles = nb;
    if (w->busy && w->ignored && choose(2, "list ignored")) {
        w->ignored--;
        return 0;
    }
    for (i = 0; i < nb; i++) {
        for (j = 0; j < 2; j++)
            if (w->windows[j].exists && handle_of(w, &w->windows[j]) == handles[i])
                list.serials |= (uint64_t)1 << w->windows[j].serial;
        if (handles[i] >= 1000)
            list.canary = handles[i];
    }
    if (w->has_next)
        w->force = w->next; /* lists come into force one after the other */
    w->has_next = w->s->late_list && w->busy;
    w->late     = 0;
    if (w->has_next)
        w->next = list;
    else
        w->force = list;
    return 0;
}

static int op_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    World *w = opaque;

    if (part)
        return AVERROR_EOF;
    memcpy(handles, w->handles, FFMIN(max, w->nb_handles) * sizeof(*handles));
    return w->nb_handles;
}

static int op_begin_canary(void *opaque, uint64_t *handles, int *nb)
{
    World *w = opaque;

    moment(w);
    handles[0] = w->canary = 1000 + ++w->canaries;
    *nb        = 1;
    return 0;
}

static void op_end_canary(void *opaque)
{
    World *w = opaque;

    w->canary = 0;
}

static int op_may_be_seen(void *opaque)
{
    return 1;
}

static void op_begin_read(void *opaque)
{
}

static int op_end_read(void *opaque, int wait)
{
    return 1;
}

static int op_capture(void *opaque, int control, void **frame, int *exposed)
{
    World *w = opaque;
    Picture *p = NULL;
    int i;

    moment(w);
    for (i = 0; i < (int)FF_ARRAY_ELEMS(w->pictures) && !p; i++)
        if (!w->pictures[i].live)
            p = &w->pictures[i];
    if (!p)
        abort();
    if (w->has_next &&
        (w->late >= w->s->late_list || choose(2, "list in force") == 1)) {
        w->force    = w->next;
        w->has_next = 0;
    }
    w->late++;
    if (w->busy && w->stale && w->latest.made && choose(2, "old picture")) {
        w->stale--;
        *p = w->latest;
    } else {
        compose(w, p);
        w->latest = *p;
    }
    p->live = 1;
    moment(w);
    *exposed = w->canary && p->canary == w->canary;
    if (!control) {
        totals.frames++;
        totals.secret += p->shows[0] || p->shows[1];
    }
    *frame = p;
    return 0;
}

static void op_discard(void *opaque, void *frame)
{
    Picture *p = frame;

    if (!p->live)
        abort();
    p->live = 0;
}

static int op_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb)
{
    Picture *p = frame;
    int i, j;

    for (i = 0; i < 2; i++) {
        MagnifierRect r = rect_of(p->place[i]);
        for (j = 0; j < nb; j++)
            if (rects[j].left <= r.left && rects[j].right >= r.right)
                p->shows[i] = 0;
    }
    return 0;
}

static const MagnifierGuardOps ops = {
    .clock        = op_clock,
    .drain        = op_drain,
    .look         = op_look,
    .set_list     = op_set_list,
    .get_list     = op_get_list,
    .begin_canary = op_begin_canary,
    .end_canary   = op_end_canary,
    .may_be_seen  = op_may_be_seen,
    .begin_read   = op_begin_read,
    .end_read     = op_end_read,
    .capture      = op_capture,
    .discard      = op_discard,
    .paint        = op_paint,
};

/* ---- the search --------------------------------------------------------- */

/** @return whether nothing leaked */
static int run(const Search *s)
{
    World world, *w = &world;
    MagnifierGuardConfig config;
    MagnifierGuardReport report;
    MagnifierGuard *guard;
    int slot, ok = 1;

    memset(w, 0, sizeof(*w));
    w->s        = s;
    w->actions  = s->actions;
    w->stale    = s->stale;
    w->composed = s->stale;
    w->ignored  = s->ignored;
    w->dropped  = s->dropped;
    if (s->crowd)
        make_window(w, &w->windows[0], 1);

    ff_magnifier_guard_defaults(&config);
    config.proof      = s->proof;
    config.animations = 0;
    config.list_cap   = s->crowd ? 1 + (s->proof != MAGNIFIER_GUARD_PROOF_OFF) : 8;
    w->now            = 1000000;
    guard = ff_magnifier_guard_alloc(&ops, w, &config);
    if (!guard)
        abort();

    totals.runs++;
    switch (s->before ? choose(3, "at start: no window, a hidden, a visible one") : 0) {
    case 1: make_window(w, &w->windows[1], 0); break;
    case 2: make_window(w, &w->windows[1], 1); break;
    }
    /* Two quiet slots at the end, in which what is late must come. */
    for (slot = 0; slot < s->before + s->slots + 2 && ok; slot++) {
        void *frame;

        w->busy = slot >= s->before && slot < s->before + s->slots;
        w->now  = 1000000 + slot * SLOT_US;
        ff_magnifier_guard_next(guard, !w->busy || !choose(2, "between two slots"), &frame, &report);
        totals.slots++;
        if (frame) {
            Picture *p = frame;
            ok = !p->shows[0] && !p->shows[1];
            op_discard(w, p);
            totals.delivered++;
        }
    }
    ff_magnifier_guard_free(&guard);
    return ok;
}

static double seconds_since(clock_t begin)
{
    return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
    clock_t begin = clock();
    uint64_t frames = 0;
    double limit = 0;
    size_t n, i, first = 0;
    int j, more = 0, leaks = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (j = 1; j + 1 < argc; j += 2) {
        if (!strcmp(argv[j], "--seconds"))
            limit = strtod(argv[j + 1], NULL);
        else if (!strcmp(argv[j], "--more"))
            more = atoi(argv[j + 1]);
        else if (!strcmp(argv[j], "--first"))
            first = strtoul(argv[j + 1], NULL, 0) - 1;
    }

    /* All of them in any case, beginning with the one that is asked for. */
    for (n = 0; n < FF_ARRAY_ELEMS(searches) && !leaks; n++) {
        Search search, *s = &search;
        clock_t here = clock();

        i      = (first + n) % FF_ARRAY_ELEMS(searches);
        search = searches[i];
        s->actions += more;
        memset(&totals, 0, sizeof(totals));
        depth = known_depth = 0;
        do {
            if (!run(s)) {
                printf("# LEAK: %s\n", s->name);
                for (j = 0; j < depth; j++)
                    printf("#   %s: %d of 0 to %d\n", story[j], choices[j].value,
                           choices[j].of - 1);
                leaks++;
            }
        } while (!leaks && (!limit || totals.runs % 4096 || seconds_since(begin) < limit) && next_run());

        printf("# up to %d things in %d slots%s%s%s%s%s%s%s%s\n", s->actions, s->slots,
               s->late_events ? ", late events" : "", s->reuse ? ", same handle" : "",
               s->late_list ? ", late lists" : "", s->stale ? ", old pictures" : "",
               s->ignored ? ", ignored lists" : "", s->dropped ? ", dropped lists" : "",
               s->silent ? ", some without an event" : "", s->shows ? ", shows are told" : "");
        printf("# %"PRIu64" runs, %"PRIu64" slots, %"PRIu64" frames, %"PRIu64" with a secret, "
               "%"PRIu64" delivered, %.1f s\n", totals.runs, totals.slots, totals.frames,
               totals.secret, totals.delivered, seconds_since(here));
        printf("%sok %zu - %s: every interleaving, none leaks\n", leaks ? "not " : "", i + 1,
               s->name);
        frames += totals.frames;
        if (!totals.delivered || !totals.secret) {
            printf("# there was nothing to find, or nothing left\n");
            leaks++;
        }
    }
    printf("1..%zu\n# total: %"PRIu64" frames, %.1f s\n", n, frames, seconds_since(begin));
    return leaks > 0;
}
