/*
 * One desktop of the leak oracle, and what the guard makes of it
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

#include "run.h"

#define SLOTS 250

#define R(n) ((int)desktop_random(d, n))

/** What may be wrong with any desktop. */
static void restless_desktop(Desktop *d, Profile *p)
{
    p->parts       = 1 + R(MAX_PARTS);
    p->windows     = 3 + R(10);
    p->at_start    = R(p->windows);
    p->churn       = 1 << R(9);
    p->ambush      = R(3) ? 0 : R(400);
    p->match       = 100 + R(800);
    p->shows       = R(2);
    p->silent      = R(2) ? 0 : R(1001);
    p->animations  = !R(4);
    p->reuse       = R(2) ? 0 : R(1000);
    p->late_events = R(3);
    p->lose_seen   = R(2) ? 0 : R(1001);
    p->events_lost = R(4) ? 0 : R(30);
    p->noise       = R(3) ? 0 : R(100);
    p->look_error  = R(4) ? 0 : R(30);
    p->no_picture  = R(4) ? 0 : R(100);
    p->purge       = !R(4);
    p->refuse_gone = !R(8);
    p->no_rect     = R(4) ? 0 : R(200);
    p->covers      = R(2) ? 0 : R(1001);
    p->region      = (MagnifierRect) { 0, 0, 100, 100 };
    if (!R(3))
        p->region = (MagnifierRect) { R(50), R(50), 50 + R(50), 50 + R(50) };
    p->roams       = R(3) ? 0 : R(200);
}

/** Gentle: what Windows is believed to be like; few events. */
static void calm(Desktop *d, Profile *p)
{
    restless_desktop(d, p);
    p->proof       = MAGNIFIER_GUARD_PROOF_AUTO;
    p->gentle      = 1;
    p->churn       = R(4);
    p->ambush      = 0;
    p->look_error  = p->events_lost = p->no_picture = 0;
    p->refuse_above = MAGNIFIER_GUARD_LIST_CAP;
}

/** No canary can be relied on; the API keeps to assumption 5. */
static void gentle(Desktop *d, Profile *p)
{
    restless_desktop(d, p);
    p->proof  = R(2) ? MAGNIFIER_GUARD_PROOF_OFF : MAGNIFIER_GUARD_PROOF_AUTO;
    p->gentle = 1;
    p->cover  = R(2) ? 0 : R(60);
    p->canary_error = R(4) ? 0 : R(1001);
    if (R(2))
        p->late_list = 1;
    else
        p->stale = R(700);
    if (!R(3))
        p->cut_at = 2 + R(8);
    if (!R(3))
        p->refuse_above = 2 + R(8);
    if (!R(4))
        p->refuse = R(300);
    if (!R(4))
        p->ignore = R(300);
    if (!R(4))
        p->unread = R(1001);
    if (!R(8))
        p->short_by = 1 + R(3);
}

/** The API lies, forgets and dawdles; the canary is the only thing to go by. */
static void hostile(Desktop *d, Profile *p)
{
    restless_desktop(d, p);
    p->proof     = R(2) ? MAGNIFIER_GUARD_PROOF_STRICT : MAGNIFIER_GUARD_PROOF_AUTO;
    p->late_list = R(5);
    p->stale     = R(2) ? 0 : R(900);
    p->ignore    = R(2) ? 0 : R(500);
    p->forget    = R(2) ? 0 : R(20);
    p->refuse    = R(4) ? 0 : R(300);
    p->lie       = R(2);
    p->unread    = R(4) ? 0 : R(1001);
    p->short_by  = R(8) ? 0 : 1 + R(3);
    if (!R(3))
        p->cut_at = 2 + R(8);
    if (p->proof == MAGNIFIER_GUARD_PROOF_STRICT) {
        p->cover        = R(2) ? 0 : R(60);
        p->canary_error = R(4) ? 0 : R(500);
    }
}

/** More windows than any list takes. */
static void crowd(Desktop *d, Profile *p)
{
    (R(2) ? gentle : hostile)(d, p);
    p->windows     = 25 + R(MAX_WINDOWS - 25);
    p->at_start    = p->windows - R(10);
    p->match       = 500 + R(500);
    p->churn       = 1 << R(6);
    p->animations  = !R(6);
    p->paint_error = R(4) ? 0 : R(50);
    if (!p->cut_at && !p->refuse_above && R(4))
        *(R(2) ? &p->refuse_above : &p->ignore_above) = MAGNIFIER_GUARD_LIST_CAP;
    if (R(2))
        p->cut_at = p->cut_at ? MAGNIFIER_GUARD_LIST_CAP : 0;
    if (!R(4)) {
        /* What one vendor says of Windows; and the canary is covered at times. */
        p->proof        = MAGNIFIER_GUARD_PROOF_AUTO;
        p->gentle       = 1;
        p->ignore_above = MAGNIFIER_GUARD_LIST_CAP;
        p->churn        = R(4);
        p->cover        = R(20);
        p->refuse_above = p->cut_at = p->ignore = p->forget = p->refuse = 0;
        p->late_list    = p->stale = p->canary_error = p->animations = 0;
    }
}

Kind oracle_kinds[NB_KINDS] = {
    { "calm",    calm,    60, { 0 } },
    { "gentle",  gentle,   8, { 0 } },
    { "hostile", hostile,  5, { 0 } },
    { "crowd",   crowd,    1, { 0 } },
};

static void print_profile(const Profile *p)
{
    static const char *const modes[] = { "off", "auto", "strict" };

    printf("# proof %s%s, %d controls, %d windows (%d at start), churn %d, ambush %d, "
           "match %d%s%s\n", modes[p->proof], p->gentle ? ", gentle" : "", p->parts,
           p->windows, p->at_start, p->churn, p->ambush, p->match,
           p->animations ? ", animations" : "", p->shows ? ", shows are told" : "");
    printf("# events late %d, seen ones lost %d, lost %d, noise %d; look errors %d; "
           "reuse %d\n", p->late_events, p->lose_seen, p->events_lost, p->noise,
           p->look_error, p->reuse);
    printf("# list: cut at %d, refused above %d, ignored above %d, refused %d, "
           "ignored %d, forgotten %d, late %d%s%s%s\n", p->cut_at, p->refuse_above,
           p->ignore_above, p->refuse, p->ignore, p->forget, p->late_list, p->lie ? ", read-back lies" : "",
           p->purge ? ", forgets who is gone" : "",
           p->refuse_gone ? ", refuses who is gone" : "");
    printf("# read-back: fails %d, short by %d\n", p->unread, p->short_by);
    printf("# pictures: old %d, none %d; canary: covered %d, error %d; paint error %d; "
           "no rectangle %d\n", p->stale, p->no_picture, p->cover, p->canary_error,
           p->paint_error, p->no_rect);
}

static int is_clean(const Desktop *d, Picture *p, uint64_t seed, int slot,
                    const MagnifierGuardReport *report)
{
    int i;

    desktop_hide(p);
    if (!p->nb_sights)
        return 1;
    printf("# LEAK: seed %"PRIu64", slot %d, version %u, %s\n", seed, slot,
           report->version, report->proven ? "proven" : "unproven");
    for (i = 0; i < p->nb_sights; i++)
        printf("# shows window %"PRIu64" at %d,%d-%d,%d, composed at %"PRId64" us\n",
               p->sights[i].serial, p->sights[i].rect.left, p->sights[i].rect.top,
               p->sights[i].rect.right, p->sights[i].rect.bottom, p->time);
    print_profile(&d->profile);
    return 0;
}

static void add_stats(Totals *t, const MagnifierGuardStats *s, const Desktop *d)
{
    int i;

    t->runs++;
    t->calls     += d->calls;
    t->frames    += s->captured;
    t->dirty     += d->dirty_pictures;
    t->delivered += s->delivered;
    t->unproven  += s->unproven;
    t->painted   += s->painted;
    for (i = 0; i < MAGNIFIER_GUARD_NB_REASONS; i++)
        t->refused[i] += s->refused[i];
}

int oracle_run(Desktop *d, uint64_t seed, int tell)
{
    MagnifierGuardConfig config;
    MagnifierGuardReport report;
    MagnifierGuard *guard;
    Profile profile;
    Kind *kind;
    void *frame;
    int slot, last = 0, ok = 1;

    memset(&profile, 0, sizeof(profile));
    desktop_seed(d, (seed + 7) * 0xD1342543DE82EF95u | 1);
    kind = &oracle_kinds[R(NB_KINDS)];
    kind->make(d, &profile);

    ff_magnifier_guard_defaults(&config);
    config.proof      = profile.proof;
    config.animations = profile.animations;
    config.region     = profile.region;
    desktop_init(d, seed, &profile);
    guard = ff_magnifier_guard_alloc(&desktop_ops, d, &config);
    if (!guard)
        abort();
    for (slot = 0; !last && ok; slot++) {
        int ret;

        last = desktop_script_ends(d) || slot == SLOTS - 1;
        desktop_sleep(d);
        if (!R(200)) {
            desktop_recreate(d);
            ff_magnifier_guard_invalidate(guard);
        }
        if ((int)R(1000) < d->profile.roams) {
            frame = NULL;
            if (R(2))
                ff_magnifier_guard_flush(guard, &frame, &report);
            if (frame) {
                ok = is_clean(d, frame, seed, slot, &report);
                desktop_release(frame);
            }
            d->profile.region = (MagnifierRect) { R(60), R(60), 0, 0 };
            d->profile.region.right  = d->profile.region.left + 10 + R(40);
            d->profile.region.bottom = d->profile.region.top  + 10 + R(40);
            ff_magnifier_guard_move(guard, &d->profile.region);
            if (!ok)
                break;
        }
        d->calls++;
        if (last)
            ret = ff_magnifier_guard_flush(guard, &frame, &report);
        else
            ret = ff_magnifier_guard_next(guard, !!R(4), &frame, &report);
        if (tell)
            printf("# slot %d at %"PRId64": status %d, reason %d (%s), version %u, "
                   "%d listed, %d painted, cap %d, notices %u\n", slot, d->now,
                   ret, report.reason,
                   ff_magnifier_guard_reason_text(report.reason), report.version,
                   report.listed, report.painted, report.cap, report.notices);
        if (frame) {
            ok = is_clean(d, frame, seed, slot, &report);
            desktop_release(frame);
        }
        if (report.notices & MAGNIFIER_GUARD_PROOF_NONE && !profile.gentle) {
            /* AUTO goes on without proof now, and says so; this API then leaks. */
            kind->totals.gave_up++;
            break;
        }
    }
    add_stats(&kind->totals, ff_magnifier_guard_stats(guard), d);
    kind->totals.leaks += !ok;
    ff_magnifier_guard_free(&guard);
    return ok;
}
