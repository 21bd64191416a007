/*
 * A desktop, its windows and a Magnification API, simulated for the guard
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

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "desktop.h"

#define ANIMATION_US 300000  /* assumption 6, and the guard's cooldown_us */
#define SETTLE_US    50000   /* assumption 5, and the guard's settle_us */
#define SETTLE_FRAMES 2
/* An API that is not gentle may be late by any time, but the guard's patience with
 * one that shows no canary ends after 2 s (AUTO). */
#define STALE_MAX_US 600000

int desktop_trace;

static void trace(const Desktop *d, const char *what, const Window *w)
{
    if (desktop_trace)
        printf("#   %9"PRId64" %-9s %3"PRIu64"%s%s%s%s at %d,%d-%d,%d\n", d->now, what,
               w->serial, w->visible ? " visible" : "", w->matches ? " match" : "",
               w->known ? " known" : "", w->animates ? " animates" : "", w->rect.left,
               w->rect.top, w->rect.right, w->rect.bottom);
}

static void trace_api(const Desktop *d, const char *what, int64_t n)
{
    if (desktop_trace)
        printf("#   %9"PRId64" [%s] %"PRId64"\n", d->now, what, n);
}

/* ---- chance ------------------------------------------------------------- */

static uint64_t next_random(Desktop *d)
{
    uint64_t x = d->random;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    d->random = x;
    return (x * 0x2545F4914F6CDD1Du) >> 33;
}

unsigned desktop_random(Desktop *d, unsigned n)
{
    if (desktop_script_ends(d) || !d->script.bytes)
        return (unsigned)next_random(d) % n;
    return d->script.bytes[d->script.at++] * n >> 8;
}

void desktop_seed(Desktop *d, uint64_t random)
{
    d->random = random;
    for (int i = 0; i < 8; i++)
        next_random(d);
}

int desktop_script_ends(const Desktop *d)
{
    return d->script.bytes && d->script.at == d->script.nb;
}

/** What a look has seen of a window that matches, or does not. */
typedef struct Look {
    uint64_t serial;
    int visible, plain;
} Look;

static int chance(Desktop *d, int permille)
{
    return permille > 0 && (int)desktop_random(d, 1000) < permille;
}

static MagnifierRect random_rect(Desktop *d)
{
    MagnifierRect r;

    r.left   = desktop_random(d, 90);
    r.top    = desktop_random(d, 90);
    r.right  = r.left + 1 + desktop_random(d, 10);
    r.bottom = r.top  + 1 + desktop_random(d, 10);
    return r;
}

/** The controls of which the region shows this rectangle, as bits. */
static int parts_of(const Desktop *d, const MagnifierRect *r)
{
    if (d->profile.parts == 1)
        return 1;
    return (r->left < 50) | (r->right > 50) << 1;
}

/* ---- windows ------------------------------------------------------------ */

static int is_secret(const Desktop *d, const Window *w)
{
    int depth;

    for (depth = 0; depth < MAX_WINDOWS; depth++) {
        if (w->matches || w->known)
            return 1;
        if (w->owner < 0 || !d->windows[w->owner].exists)
            return 0;
        w = &d->windows[w->owner];
    }
    return 0;
}

static Window *by_serial(Desktop *d, uint64_t serial)
{
    int i;

    for (i = 0; i < d->nb_order; i++)
        if (d->windows[d->order[i]].serial == serial)
            return &d->windows[d->order[i]];
    return NULL;
}

/** Something about the window has changed: its event, which will come some time. */
static void emit(Desktop *d, Window *w, int was_secret, int what)
{
    Event *e;

    w->state++;
    if (what == MOVES && !d->moves)
        return;
    if (!was_secret && !is_secret(d, w) && !w->told && !chance(d, d->profile.noise))
        return;
    if (d->nb_events == MAX_EVENTS) {
        d->event_overflow = 1;
        return;
    }
    e = &d->events[d->nb_events++];
    e->handle = w->handle;
    e->serial = w->serial;
    e->secret = was_secret || is_secret(d, w);
    e->known  = w->known;
    e->told   = w->told && !was_secret && !is_secret(d, w);
    e->state  = w->state;
    e->seen   = 0;
    e->what   = what;
    e->shown  = 0;
    /* assumption 2: the third drain that begins from now on at the latest */
    e->due    = d->drains + 1 + desktop_random(d, d->profile.late_events + 1);
}

/** The system draws the window in this place for a while. */
static void haunt(Desktop *d, const Window *w, int closing, MagnifierRect rect)
{
    Ghost *g;
    int i, n = 0;

    for (i = 0; i < d->nb_ghosts; i++)
        if (d->ghosts[i].until > d->now)
            d->ghosts[n++] = d->ghosts[i];
    d->nb_ghosts = n;
    if (!w->animates || n == MAX_GHOSTS)
        return;
    g = &d->ghosts[d->nb_ghosts++];
    g->serial  = w->serial;
    g->rect    = rect;
    g->until   = d->now + ANIMATION_US;
    g->closing = closing;
    g->secret  = is_secret(d, w);
    g->dead    = 0;
}

/** The window goes for ever; how it moved is seen no more, how it closes is. */
static void bury(Desktop *d, const Window *w)
{
    int i, n = 0;

    if (w->visible)
        haunt(d, w, 1, w->rect);
    for (i = 0; i < d->nb_ghosts; i++) {
        Ghost *g = &d->ghosts[i];
        if (g->serial == w->serial && !g->closing)
            continue;
        if (g->serial == w->serial)
            g->dead = 1;
        d->ghosts[n++] = *g;
    }
    d->nb_ghosts = n;
}

static void stack(Desktop *d, int index, int place)
{
    int i, n = 0;

    for (i = 0; i < d->nb_order; i++)
        if (d->order[i] != index)
            d->order[n++] = d->order[i];
    if (place < 0) {
        d->nb_order = n;
        return;
    }
    place = FFMIN(place, n);
    memmove(&d->order[place + 1], &d->order[place], (n - place) * sizeof(*d->order));
    d->order[place] = index;
    d->nb_order     = n + 1;
    d->windows[index].place++;
}

/** What becomes or stops being a match with this window, as a bit mask. */
static uint64_t secrets(const Desktop *d)
{
    uint64_t mask = 0;
    int i;

    for (i = 0; i < d->nb_order; i++)
        if (is_secret(d, &d->windows[d->order[i]]))
            mask |= (uint64_t)1 << d->order[i];
    return mask;
}

static void emit_changes(Desktop *d, uint64_t before, int index)
{
    uint64_t after = secrets(d);
    int i;

    for (i = 0; i < d->nb_order; i++) {
        int n = d->order[i], was = before >> n & 1, is = after >> n & 1;
        if (n == index || was != is)
            emit(d, &d->windows[n], was, MATCHES);
    }
}

/**
 * A window has another title or owner. No event tells, or one each of those to which
 * that makes a difference; those of which none tells stay as they are until a look does.
 */
static void emit_match(Desktop *d, uint64_t before, int index)
{
    int silent = chance(d, d->profile.silent), i;
    uint64_t now = secrets(d);

    if (!silent) {
        emit_changes(d, before, index);
        return;
    }
    for (i = 0; i < d->nb_order; i++) {
        int n = d->order[i];

        if ((now & ~before) >> n & 1) {
            d->windows[n].silent = BEGUN;
            d->windows[n].state++;
        }
    }
}

/** A handle for a new window, perhaps one of a listed window that is gone. */
static uint64_t new_handle(Desktop *d, uint64_t serial)
{
    const Control *c = &d->controls[0];
    uint64_t used;
    int i;

    if (!c->nb || !chance(d, d->profile.reuse))
        return 0x10000 + serial;
    used = c->handles[desktop_random(d, c->nb)];
    for (i = 0; i < d->nb_order; i++)
        if (d->windows[d->order[i]].handle == used)
            return 0x10000 + serial;
    for (i = 0; i < MAX_PARTS; i++)
        if (d->canaries[i] == used)
            return 0x10000 + serial;
    return used;
}

static int create_window(Desktop *d, int visible, int matches)
{
    Window *w = NULL;
    int i, n, free_at = -1;

    if (d->nb_order >= d->profile.windows)
        return -1;
    n = desktop_random(d, MAX_WINDOWS);
    for (i = 0; i < MAX_WINDOWS && free_at < 0; i++)
        if (!d->windows[(n + i) % MAX_WINDOWS].exists)
            free_at = (n + i) % MAX_WINDOWS;
    w = &d->windows[free_at];
    memset(w, 0, sizeof(*w));
    w->serial   = ++d->next_serial;
    w->handle   = new_handle(d, w->serial);
    w->exists   = 1;
    w->visible  = visible;
    w->matches  = matches;
    w->animates = d->profile.animations && chance(d, 600);
    w->owner    = -1;
    w->covers   = chance(d, d->profile.covers);
    w->shown_at = d->now;
    w->rect     = random_rect(d);
    stack(d, free_at, desktop_random(d, d->nb_order + 1));
    if (visible)
        haunt(d, w, 0, random_rect(d));
    trace(d, "made", w);
    emit(d, w, 0, visible ? SHOWS : 0);
    d->youngest = free_at + 1;
    return free_at;
}

static void destroy_window(Desktop *d, int index)
{
    Window *w = &d->windows[index];
    uint64_t before = secrets(d);
    int i;

    trace(d, "destroyed", w);
    bury(d, w);
    for (i = 0; i < d->nb_events; i++)
        if (d->events[i].serial == w->serial)
            d->events[i].shown = w->shown;
    w->exists = 0;
    stack(d, index, -1);
    for (i = 0; i < MAX_WINDOWS; i++)
        if (d->windows[i].owner == index)
            d->windows[i].owner = -1;
    emit_changes(d, before, -1);
}

static void show_window(Desktop *d, Window *w, int visible)
{
    if (w->visible == visible)
        return;
    if (visible)
        haunt(d, w, 0, random_rect(d));
    else
        haunt(d, w, 1, w->rect);
    w->visible = visible;
    trace(d, visible ? "shown" : "hidden", w);
    /* Of one that was hidden and shown between two looks an event tells (assumption 2). */
    if (visible && w->seen_hidden && is_secret(d, w) && chance(d, d->profile.silent)) {
        w->silent = SHOWN;
        w->state++;
        return;
    }
    w->shown_at = d->now;
    /* Windows would tell, but is listened to only of those that cover others. */
    if (!visible && !w->told && chance(d, 500))
        w->state++;
    else
        emit(d, w, is_secret(d, w), visible ? SHOWS : 0);
}

static void move_window(Desktop *d, Window *w)
{
    if (w->visible)
        haunt(d, w, 0, random_rect(d));
    w->rect     = random_rect(d);
    w->shown_at = d->now;
    trace(d, "moved", w);
    emit(d, w, is_secret(d, w), MOVES);
}

/** Is it one of which a look must tell first, or the owner of one? */
static int holds_silent(const Desktop *d, int index)
{
    int i, n, depth;

    for (i = 0; i < d->nb_order; i++) {
        n = d->order[i];
        for (depth = 0; d->windows[d->order[i]].silent && n >= 0 && depth < MAX_WINDOWS; depth++) {
            if (n == index)
                return 1;
            n = d->windows[n].owner;
        }
    }
    return 0;
}

static void something_happens(Desktop *d)
{
    uint64_t before;
    int index;
    Window *w;

    if (!d->nb_order || chance(d, 150)) {
        int visible = chance(d, 600);
        create_window(d, visible, chance(d, d->profile.match));
        return;
    }
    index = d->order[desktop_random(d, d->nb_order)];
    w     = &d->windows[index];
    if (holds_silent(d, index))
        return;
    switch (desktop_random(d, 9)) {
    case 0:
        destroy_window(d, index);
        break;
    case 1: case 2:
        show_window(d, w, 1);
        break;
    case 3:
        show_window(d, w, 0);
        break;
    case 4: case 5:
        move_window(d, w);
        break;
    case 6:
        before     = secrets(d);
        w->matches = chance(d, d->profile.match);
        trace(d, "renamed", w);
        emit_match(d, before, index);
        break;
    case 7:
        before   = secrets(d);
        w->owner = chance(d, 300) ? -1 : d->order[desktop_random(d, d->nb_order)];
        if (w->owner == index)
            w->owner = -1;
        trace(d, "owned", w);
        emit_match(d, before, index);
        break;
    case 8:
        stack(d, index, chance(d, 500) ? 0 : desktop_random(d, d->nb_order));
        trace(d, "raised", w);
        emit(d, w, is_secret(d, w), RAISES);
        break;
    }
}

/* ---- composing ---------------------------------------------------------- */

static int in_force(const Desktop *d, int part, uint64_t serial)
{
    const FilterList *f = &d->controls[part].queue[0];
    int i;

    for (i = 0; i < f->nb; i++)
        if (f->serials[i] == serial)
            return 1;
    return 0;
}

static int in_time(const Desktop *d, int64_t time, uint64_t captures)
{
    return d->now - time <= SETTLE_US || d->captures - captures <= SETTLE_FRAMES;
}

/** Lists that were set come into force, sooner or later, in their order. */
static void advance_list(Desktop *d, Control *c)
{
    const Profile *p = &d->profile;

    while (c->nb_queue > 1) {
        const FilterList *f = &c->queue[1];
        int may_wait = p->gentle ? p->late_list && in_time(d, f->time, f->captures)
                                 : d->captures - f->captures <= (uint64_t)p->late_list;
        if (may_wait && !chance(d, 200))
            return;
        memmove(&c->queue[0], &c->queue[1], --c->nb_queue * sizeof(c->queue[0]));
        trace_api(d, "list in force", c->queue[0].nb);
    }
}

/** @param above windows above it, from the top, may hide it; 0: none does */
static void see(Desktop *d, Picture *p, uint64_t serial, const MagnifierRect *rect, int above)
{
    Sight *s = &p->sights[p->nb_sights];
    MagnifierRect hidden;
    int i;

    if (p->nb_sights == MAX_SIGHTS)
        return;
    s->serial    = serial;
    s->rect      = *rect;
    s->nb_hiding = 0;
    for (i = 0; i < above; i++) {
        const Window *w = &d->windows[d->order[i]];
        /* Opening, moving and closing ones let through what is below them. */
        if (w->covers && w->visible && !is_secret(d, w) && s->nb_hiding < MAX_HIDING &&
            ff_magnifier_rect_intersect(&hidden, &w->rect, rect) &&
            (!d->profile.animations || w->shown_at <= d->now - ANIMATION_US))
            s->hiding[s->nb_hiding++] = w->rect;
    }
    p->nb_sights++;
}

static void compose_part(Desktop *d, Picture *p, int part)
{
    int i;

    advance_list(d, &d->controls[part]);
    for (i = 0; i < d->nb_order; i++) {
        const Window *w = &d->windows[d->order[i]];
        if (w->visible && parts_of(d, &w->rect) >> part & 1 && is_secret(d, w) &&
            !in_force(d, part, w->serial))
            see(d, p, w->serial, &w->rect, i);
    }
    for (i = 0; i < d->nb_ghosts; i++) {
        const Ghost *g = &d->ghosts[i];
        const Window *w = g->dead ? NULL : by_serial(d, g->serial);
        if (g->until > d->now && parts_of(d, &g->rect) >> part & 1 &&
            (g->closing ? g->secret : w && is_secret(d, w)) &&
            (g->dead || !in_force(d, part, g->serial)))
            see(d, p, g->serial, &g->rect, 0);
    }
    p->canary[part] = 0;
    p->covered |= d->covered;
    if (d->canaries[part] && !d->covered && !in_force(d, part, d->canaries[part]))
        p->canary[part] = d->canaries[part];
}

static void begin_picture(Desktop *d, Picture *p)
{
    memset(p, 0, offsetof(Picture, nb_sights) + sizeof(p->nb_sights));
    p->nb_sights = 0;
    p->covered   = 0;
    p->region    = d->profile.region;
    p->time      = d->now;
    p->captures  = d->captures;
}

static void tick(Desktop *d)
{
    int part;

    d->now += 1 + desktop_random(d, 1500);
    while (chance(d, d->profile.churn))
        something_happens(d);
    if (chance(d, d->profile.cover))
        d->covered = !d->covered;
    if (chance(d, d->profile.forget))
        d->controls[desktop_random(d, d->profile.parts)].queue[0].nb = 0;
    if (d->profile.stale && chance(d, 100)) {
        begin_picture(d, &d->latest);
        for (part = 0; part < d->profile.parts; part++)
            compose_part(d, &d->latest, part);
        d->has_latest = 1;
    }
}

/* ---- the operations ----------------------------------------------------- */

static int64_t op_clock(void *opaque)
{
    return ((Desktop *)opaque)->now;
}

/**
 * What the device makes of an event: it knows whether the window was shown since the last look,
 * which may be over, and whether it had matched before.
 *
 * @param w NULL: it is gone
 * @return 1: the guard need not know
 */
static int is_unshown(const Desktop *d, const Event *e, Window *w)
{
    int turns;

    if (!w)
        return d->profile.shows && !e->what && !e->shown;
    turns          = w->known_plain && is_secret(d, w);
    w->shown      |= e->what == SHOWS || w->visible;
    w->known_plain = !is_secret(d, w);
    if (is_secret(d, w))
        w->passed = 0;
    return d->profile.shows && !turns && !w->shown && !e->what;
}

static int op_drain(void *opaque, MagnifierGuardList *events)
{
    Desktop *d = opaque;
    int i, n = 0, lost = d->event_overflow || chance(d, d->profile.events_lost);

    d->event_overflow = 0;
    tick(d);
    d->drains++;
    trace_api(d, "drain", d->drains);
    for (i = 0; i < d->nb_events; i++) {
        Event *e = &d->events[i];
        Window *w;
        unsigned flags = 0;
        int unshown;

        if (lost && chance(d, 700))
            continue;
        if (e->seen && chance(d, d->profile.lose_seen))
            continue;
        if (e->due > d->drains || (e->seen && chance(d, 300))) {
            d->events[n++] = *e;
            continue;
        }
        w = by_serial(d, e->serial);
        if (!w)
            flags |= MAGNIFIER_GUARD_GONE |
                     (d->profile.animations ? MAGNIFIER_GUARD_ANIMATES : 0);
        if (e->told && !(w && is_secret(d, w)))
            flags = MAGNIFIER_GUARD_COVERS;
        unshown = is_unshown(d, e, w);
        if (unshown && flags != MAGNIFIER_GUARD_COVERS)
            continue;
        if (flags == MAGNIFIER_GUARD_COVERS || (w ? e->secret || is_secret(d, w) : 1))
            ff_magnifier_guard_add(events, e->handle, w || e->known || e->told ? e->serial : 0,
                                   flags, NULL);
        trace_api(d, w ? "event" : "event, gone", e->serial);
    }
    d->nb_events = n;
    return lost ? AVERROR(EIO) : 0;
}

/** A look that was completed has seen these windows. */
static void looked(Desktop *d, const Look *looks, int nb)
{
    int i;

    for (i = 0; i < nb; i++) {
        Window *w = by_serial(d, looks[i].serial);

        if (!w)
            continue;
        w->shown       = looks[i].visible;
        w->known_plain = looks[i].plain;
        w->passed      = looks[i].plain;
    }
}

/** A look has told of this window, as it was in this state. */
static void reported(Desktop *d, uint64_t serial, int state)
{
    Window *w = by_serial(d, serial);
    int i;

    if (w) {
        w->known = 1;
        /* unless it changed while the look went on */
        if (w->state == state) {
            w->silent      = 0;
            w->seen_hidden = !w->visible;
        }
    }
    for (i = 0; i < d->nb_events; i++)
        if (d->events[i].serial == serial) {
            d->events[i].known  = 1;
            d->events[i].seen  |= d->events[i].state == state;
        }
}

/**
 * As FindWindowEx does it: from window to window, while they change places. One that is
 * raised meanwhile may be missed. (One that is missed because the window before it was moved
 * would break assumption 1; then the look begins again.)
 */
static int op_look(void *opaque, MagnifierGuardList *list)
{
    Desktop *d = opaque;
    struct { uint64_t serial; int state; } told[4 * MAX_WINDOWS];
    Look looks[8 * MAX_WINDOWS];
    int restarts, i, at, n, nb_looks;

    if (d->youngest && d->windows[d->youngest - 1].exists && !holds_silent(d, d->youngest - 1) &&
        chance(d, d->profile.ambush))
        destroy_window(d, d->youngest - 1);
    for (restarts = 0; restarts < 10; restarts++) {
        Window *w = NULL, before = { 0 };

        list->nb_windows = n = nb_looks = 0;
        for (i = 0; i < MAX_WINDOWS; i++)
            d->windows[i].told = 0;
        if (chance(d, d->profile.look_error))
            return AVERROR(EIO);
        tick(d);
        for (;;) {
            at = 0;
            if (w) {
                before = *w;
                if (chance(d, 100))
                    tick(d);
                if (!w->exists || w->serial != before.serial || w->place != before.place)
                    break; /* ERROR_INVALID_WINDOW_HANDLE: from the top */
                for (i = 0; i < d->nb_order; i++)
                    if (&d->windows[d->order[i]] == w)
                        at = i + 1;
            }
            if (at >= d->nb_order) {
                for (i = 0; i < n; i++)
                    reported(d, told[i].serial, told[i].state);
                looked(d, looks, nb_looks);
                trace_api(d, "look", n);
                return 0;
            }
            w = &d->windows[d->order[at]];
            for (i = 0; i < n && told[i].serial != w->serial; i++)
                ;
            if (i < n) /* it was moved down meanwhile, and is told once */
                continue;
            if (nb_looks == FF_ARRAY_ELEMS(looks))
                return AVERROR(EIO);
            looks[nb_looks++] = (Look) { w->serial, w->visible, !is_secret(d, w) };
            if (!is_secret(d, w)) {
                w->told = w->covers && w->visible;
                if (w->told)
                    ff_magnifier_guard_add(list, w->handle, w->serial, MAGNIFIER_GUARD_COVERS,
                                           &w->rect);
                continue;
            }
            if (n == FF_ARRAY_ELEMS(told))
                return AVERROR(EIO);
            ff_magnifier_guard_add(list, w->handle, w->serial,
                                   (w->visible ? MAGNIFIER_GUARD_VISIBLE : 0) |
                                   (w->animates ? MAGNIFIER_GUARD_ANIMATES : 0) |
                                   (d->profile.shows && !w->visible && !w->shown && !w->passed ?
                                    MAGNIFIER_GUARD_UNSHOWN : 0) |
                                   (chance(d, d->profile.no_rect) ?
                                    MAGNIFIER_GUARD_NO_RECT : 0),
                                   &w->rect);
            told[n].serial  = w->serial;
            told[n++].state = w->state;
        }
    }
    return AVERROR(EIO);
}

static int is_gone(const Desktop *d, uint64_t handle)
{
    int i;

    for (i = 0; i < d->nb_order; i++)
        if (d->windows[d->order[i]].handle == handle)
            return 0;
    for (i = 0; i < MAX_PARTS; i++)
        if (d->canaries[i] == handle)
            return 0;
    return 1;
}

static int op_set_list(void *opaque, const uint64_t *handles, int nb)
{
    Desktop *d = opaque;
    const Profile *p = &d->profile;
    int part, i, j;

    for (part = 0; part < p->parts; part++) {
        Control *c = &d->controls[part];
        FilterList *f;
        int n = nb, ignore;

        tick(d);
        if (chance(d, p->refuse) || (p->refuse_above && nb > p->refuse_above))
            return AVERROR_EXTERNAL;
        for (i = 0; i < nb && p->refuse_gone; i++)
            if (is_gone(d, handles[i]))
                return AVERROR_EXTERNAL;
        ignore = chance(d, p->ignore);
        if (p->cut_at)
            n = FFMIN(n, p->cut_at);
        if (!ignore || p->lie) {
            c->nb = 0;
            for (i = 0; i < (p->lie ? nb : n); i++)
                if (!p->purge || !is_gone(d, handles[i]))
                    c->handles[c->nb++] = handles[i];
        }
        if (ignore)
            continue;
        if (c->nb_queue == MAX_QUEUE) /* the one in force goes */
            memmove(&c->queue[0], &c->queue[1], --c->nb_queue * sizeof(c->queue[0]));
        f = &c->queue[c->nb_queue++];
        f->nb       = 0;
        f->time     = d->now;
        f->captures = d->captures;
        trace_api(d, "list set", n);
        for (i = 0; i < n && !(p->ignore_above && nb > p->ignore_above); i++) {
            for (j = 0; j < d->nb_order; j++)
                if (d->windows[d->order[j]].handle == handles[i])
                    f->serials[f->nb++] = d->windows[d->order[j]].serial;
            for (j = 0; j < p->parts; j++)
                if (d->canaries[j] == handles[i])
                    f->serials[f->nb++] = handles[i];
        }
        advance_list(d, c);
    }
    return 0;
}

static int op_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    Desktop *d = opaque;
    int nb;

    if (part >= d->profile.parts)
        return AVERROR_EOF;
    tick(d);
    if (chance(d, d->profile.unread))
        return AVERROR_EXTERNAL;
    nb = FFMAX(d->controls[part].nb - d->profile.short_by, 0);
    memcpy(handles, d->controls[part].handles, FFMIN(nb, max) * sizeof(*handles));
    return nb;
}

static int op_begin_canary(void *opaque, uint64_t *handles, int *nb)
{
    Desktop *d = opaque;
    int part;

    tick(d);
    if (chance(d, d->profile.canary_error))
        return AVERROR_EXTERNAL;
    for (part = 0; part < d->profile.parts; part++)
        handles[part] = d->canaries[part] = 0xCA0000000000u + ++d->next_serial;
    *nb     = d->profile.parts;
    d->seen = d->reading = 0;
    trace_api(d, d->covered ? "canary, covered" : "canary", d->canaries[0]);
    tick(d);
    return 0;
}

static void op_end_canary(void *opaque)
{
    Desktop *d = opaque;

    memset(d->canaries, 0, sizeof(d->canaries));
    tick(d);
}

static int old_picture_will_do(Desktop *d)
{
    if (!d->has_latest || !chance(d, d->profile.stale))
        return 0;
    if (d->profile.gentle)
        return in_time(d, d->latest.time, d->latest.captures);
    return d->now - d->latest.time < STALE_MAX_US;
}

static int op_may_be_seen(void *opaque)
{
    return chance(opaque, 500);
}

/**
 * Assumption 3: a canary that the screen shows before and after a capture was not covered in
 * that picture.
 */
static void op_begin_read(void *opaque)
{
    Desktop *d = opaque;

    tick(d);
    d->reading = 1;
    d->result  = !d->covered && !(d->seen_before && d->covered_in_picture);
    tick(d);
}

static int op_end_read(void *opaque, int wait)
{
    Desktop *d = opaque;

    if (!d->reading)
        return 0;
    if (!wait && chance(d, 300))
        return AVERROR(EAGAIN);
    d->reading = 0;
    return d->seen = d->result;
}

/** Some window that can be seen, and is to move there and back; NULL: none. */
static Window *choose_jumper(Desktop *d)
{
    int index = d->nb_order ? d->order[desktop_random(d, d->nb_order)] : -1;

    return index >= 0 && d->windows[index].visible && !holds_silent(d, index) &&
           chance(d, 2 * d->profile.ambush) ? &d->windows[index] : NULL;
}

static int op_capture(void *opaque, int control, void **frame, int *exposed)
{
    Desktop *d = opaque;
    Picture *p = NULL;
    int i, part;

    tick(d);
    if (chance(d, d->profile.no_picture))
        return AVERROR(EAGAIN);
    for (i = 0; !p; i++) {
        if (i == FF_ARRAY_ELEMS(d->pictures)) {
            fprintf(stderr, "oracle: the guard holds too many frames\n");
            abort();
        }
        if (!d->pictures[i].live)
            p = &d->pictures[i];
    }
    d->captures++;
    d->seen_before = d->seen;
    if (old_picture_will_do(d)) {
        *p = d->latest;
    } else {
        Window *jumper = choose_jumper(d);
        MagnifierRect home = { 0 };

        begin_picture(d, p);
        if (jumper) {
            home = jumper->rect;
            move_window(d, jumper);
        }
        if (chance(d, d->profile.ambush))
            d->ambushed = 1 + create_window(d, 1, 1);
        for (part = 0; part < d->profile.parts; part++) {
            compose_part(d, p, part);
            if (part + 1 < d->profile.parts)
                tick(d);
        }
        if (d->profile.stale) {
            d->latest     = *p;
            d->has_latest = 1;
        }
        if (jumper && jumper->exists && jumper->visible) {
            jumper->rect     = home;
            jumper->shown_at = d->now;
            trace(d, "moved back", jumper);
            emit(d, jumper, is_secret(d, jumper), MOVES);
        }
        if (d->ambushed && d->windows[d->ambushed - 1].exists &&
            !holds_silent(d, d->ambushed - 1) && chance(d, 800))
            destroy_window(d, d->ambushed - 1);
        d->ambushed = 0;
    }
    trace_api(d, control ? "control picture of" : "picture of", p->time);
    for (i = 0; i < p->nb_sights; i++)
        trace_api(d, "it shows", p->sights[i].serial);
    tick(d);
    p->live = 1;
    d->dirty_pictures += !control && p->nb_sights;
    d->covered_in_picture = p->covered;
    for (part = 0; part < d->profile.parts && d->canaries[0]; part++)
        *exposed += p->canary[part] == d->canaries[part];
    if (d->canaries[0] && *exposed == d->profile.parts)
        d->seen = 1;
    *frame = p;
    return 0;
}

void desktop_release(Picture *picture)
{
    if (!picture->live) {
        fprintf(stderr, "oracle: a frame was given back twice\n");
        abort();
    }
    picture->live = 0;
}

static void op_discard(void *opaque, void *frame)
{
    desktop_release(frame);
}

static int is_in(const MagnifierRect *r, int x, int y)
{
    return r->left <= x && x < r->right && r->top <= y && y < r->bottom;
}

static int is_in_any(const MagnifierRect *rects, int nb, int x, int y)
{
    int i;

    for (i = 0; i < nb; i++)
        if (is_in(&rects[i], x, y))
            return 1;
    return 0;
}

/** Is a pixel of it left, with these rectangles painted over? */
static int is_seen(const Picture *p, const Sight *s, const MagnifierRect *rects, int nb)
{
    int x, y;

    for (y = s->rect.top; y < s->rect.bottom; y++)
        for (x = s->rect.left; x < s->rect.right; x++)
            if (is_in(&p->region, x, y) && !is_in_any(rects, nb, x, y) && !is_in_any(s->hiding, s->nb_hiding, x, y))
                return 1;
    return 0;
}

/** Take away what cannot be seen. */
static void paint(Picture *p, const MagnifierRect *rects, int nb)
{
    int i, n = 0;

    for (i = 0; i < p->nb_sights; i++)
        if (is_seen(p, &p->sights[i], rects, nb))
            p->sights[n++] = p->sights[i];
    p->nb_sights = n;
}

void desktop_hide(Picture *p)
{
    paint(p, NULL, 0);
}

static void op_want_moves(void *opaque, int wanted)
{
    Desktop *d = opaque;

    tick(d);
    d->moves = wanted;
    /* what waits to be heard goes with the hook */
    if (!wanted)
        for (int i = d->nb_events - 1; i >= 0; i--)
            if (d->events[i].what == MOVES)
                d->events[i] = d->events[--d->nb_events];
}

static int op_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb)
{
    Desktop *d = opaque;

    if (chance(d, d->profile.paint_error))
        return AVERROR_EXTERNAL;
    paint(frame, rects, nb);
    return 0;
}

const MagnifierGuardOps desktop_ops = {
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
    .want_moves   = op_want_moves,
    .paint        = op_paint,
};

/* ---- the world ---------------------------------------------------------- */

void desktop_recreate(Desktop *d)
{
    int i;

    for (i = 0; i < MAX_PARTS; i++) {
        d->controls[i].nb          = 0;
        d->controls[i].nb_queue    = 1;
        d->controls[i].queue[0].nb = 0;
    }
    d->has_latest = 0;
}

void desktop_init(Desktop *d, uint64_t seed, const Profile *profile)
{
    const Script script = d->script;
    int i;

    memset(d, 0, sizeof(*d));
    d->script  = script;
    d->profile = *profile;
    d->now     = 1000000;
    desktop_recreate(d);
    desktop_seed(d, (seed + 1) * 0x9E3779B97F4A7C15u | 1);
    for (i = 0; i < profile->at_start; i++) {
        int visible = chance(d, 800);
        create_window(d, visible, chance(d, profile->match));
    }
    d->nb_events = 0;
}

void desktop_sleep(Desktop *d)
{
    int i, n = desktop_random(d, 20);

    for (i = 0; i < n; i++)
        tick(d);
}
