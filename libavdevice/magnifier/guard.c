/*
 * magnifier: may this frame leave?
 * Copyright (c) 2026 The ffmpeg-magnifier developers
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
 * May this frame leave?
 *
 * The promise: no frame is delivered that was composed while a matching,
 * visible window was neither on the list in force nor painted over.
 *
 * One slot, and the frame F that it captures:
 *
 *        +--> drain A, walk A --- dirty --> drop the frame held since the last
 *        |         |                        slot; an incident
 *        |         | clean: the held frame may leave
 *        |         v
 *        |    list as wanted, no incident? --- yes ---------------------+
 *        |         | no: a new version                                  |
 *        |         v                                                    |
 *        |    end old canary, show new one, seen on the screen?         |
 *        |         v                                                    |
 *        |    control picture shows it? -- no --> slot is over          |
 *        |         v                                                    |
 *        |    set list (canary last), read back -- differs --> over     |
 *        |         v                                                    |
 *        |    capture F <-----------------------------------------------+
 *        |         v
 *        |    drain B -------------- dirty --> drop F and the held frame; an
 *        |         v clean                     incident
 *        |    walk B --------------- dirty --> drop F, and the held frame where
 *        |         v clean                     a window is overdue; an incident
 *        |    the held frame is delivered
 *        |         v
 *        |    canary in F? --- yes --> drop F, same version again
 *        |         v no
 *        |    proven, or allowed without? -- no --> drop F
 *        |         v yes
 *        |    paint what the list does not take
 *        |         v
 *        +--- hold F
 *
 * Drains, walks and the places to paint are matches.c's; the list that is
 * set and read back is filterlist.c's; canaries, and what a picture says of
 * them, are proof.c's. The order is kept here.
 *
 * Why each step is there, with the mutant of tests/oracle/mutants that leaks
 * without it:
 *
 * - Walk A: what matches now is to be listed, or else painted over (no_paint). What
 *   is new to it also drops the held frame; that is one look more than needed. So it
 *   need not be thorough.
 * - Walk B: a window that came after walk A and is still there (no_second_walk), and
 *   one that began to match, or was shown, without an event (no_thorough_walk). A
 *   walk B may ask one half of the windows, and the next one the other: so there are
 *   two of them behind each frame that leaves (no_overdue).
 * - Drain B, both drains of the next slot, and the frame held until then: a
 *   window that came and went between two walks leaves nothing but its events,
 *   and those come late (no_events, no_held_frame, no_late_events), maybe when the
 *   window has got a place on the list (no_earlier_list), or are lost, which must
 *   be known (no_lost_events).
 * - Read-back: a list that the API cut or did not take, where no canary can tell
 *   (no_read_back).
 * - Canary: a list that the API says it took and did not, or not yet
 *   (no_canary, no_exposed, no_new_version). It is the last entry, so a list cut
 *   short loses it first.
 * - A new canary for each list, after each incident too, and the control
 *   picture: pictures may be older than the call that returns them. One in which
 *   the new canary was seen is younger than the canary, and so is every later
 *   one; the canary is younger than the incident (no_fresh_after_incident,
 *   no_control).
 * - Settling, where there is no proof: the same by waiting, which is weaker
 *   (no_settling).
 * - Serial numbers: a handle that was used again is not what the list excludes
 *   (no_serial).
 * - A handle that is used again comes off the list before it goes on again, lest
 *   the old list reads back like the new one (no_used_handle_check).
 * - A list longer than Windows is known to take is believed under proof only
 *   (no_patience_with_length).
 * - Painting over, with all places that the window had (no_paint). When one of
 *   these windows has moved or been shown the frame is dropped all the same: events
 *   about every move are the assumption that is the least certain.
 * - Cool-down: animations of windows that are gone or moved (no_cooldown), that
 *   moved before they went (no_lost_place), that no walk ever saw
 *   (no_closed_check), or that closed before the guard began
 *   (no_animation_at_start). Pictures may be older than its end
 *   (no_fresh_after_cooldown).
 *
 * What must be assumed of Windows:
 *
 * 1. A walk reports every window that exists, matches, and is visible during the
 *    whole of the walk; if it is not a thorough one, it may miss those that came or
 *    began to match, and take those for hidden that were shown, since the last
 *    thorough walk, and that no drain has told of; and any walk may take one on the
 *    list that was set last for hidden. Others it may or may not report. (So the
 *    list of windows that Windows gives must have them all; see toplevel.h
 *    for how that is watched. And what two thorough walks do not ask of every window,
 *    see window.h, must be told by an event, or it is noticed later.)
 * 2. A window that appeared, moved, was raised or began to match, and that no
 *    walk reported in that state, leaves an event, and the third drain that
 *    begins after it finds it at the latest. Or one of these drains says that
 *    events were lost. (One that began to match, or was shown, without an event goes
 *    on matching and stays visible until a thorough walk has reported it. For one
 *    that began to match that is the second one at the latest, and then it is overdue.)
 * 3. Pictures are composed in order: none is older than one returned before it.
 *    A canary that the screen shows right before and after a capture was not
 *    covered in that picture. (Looks at the screen may be older in mode AUTO, once
 *    a list is proven: then a list that the API forgets while something covers
 *    the canary is found out later, as it would be without proof.)
 * 4. A list is in force as a whole or not at all, or loses its end; the list in
 *    force at a composition is one that was set, or none, never a mixture. An
 *    entry means its window whenever that is visible, also when it was hidden as
 *    the list was set.
 * 5. Without proof (mode OFF, or AUTO with a covered canary) also: a list that
 *    was set and read back is in force after `settle_frames` captures and
 *    `settle_us`, and pictures are not older than that.
 * 6. A window that is not reported as ANIMATES is shown nowhere but in its
 *    rectangle. One that is, is where its rectangle says again after
 *    `cooldown_us`; while it closes it stays inside its last rectangle.
 *
 * tests/model checks the promise under these assumptions: every interleaving of
 * the guard with a small desktop, up to a bound, and the protocol as a model,
 * without one. tests/oracle does so by chance, with everything at once.
 *
 * It is not assumed that events come in order, or that they come at all for a
 * window that a walk sees; that the API tells the truth about the list; that it
 * applies a list at once; that its pictures are up to date.
 */

#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "filterlist.h"
#include "guard.h"
#include "matches.h"
#include "proof.h"

struct MagnifierGuard {
    const MagnifierGuardOps *ops;
    void                    *opaque;
    MagnifierGuardConfig     config;
    MagnifierGuardStats      stats;

    MagnifierMatches    matches;
    MagnifierFilterList list;
    MagnifierProver     prover;

    void    *held;               ///< frame of the last slot
    int      held_proven, held_painted;

    int      nb_unlisted;        ///< visible windows that are not on the list
    int      overflow;           ///< nb_unlisted was not 0 in the last slot
    unsigned version;
    unsigned dry_slots;
};

av_cold void ff_magnifier_guard_defaults(MagnifierGuardConfig *config)
{
    memset(config, 0, sizeof(*config));
    config->proof         = MAGNIFIER_GUARD_PROOF_AUTO;
    config->control       = 1;
    config->list_cap      = MAGNIFIER_GUARD_LIST_CAP;
    config->probe_cap     = 64;
    config->animations    = 1;
    config->cooldown_us   = 300000;
    config->settle_us     = 50000;
    config->settle_frames = 2;
    config->proof_wait_us = 2000000;
    config->reprove_us    = 500000;
}

av_cold MagnifierGuard *ff_magnifier_guard_alloc(const MagnifierGuardOps *ops,
                                                 void *opaque,
                                                 const MagnifierGuardConfig *config)
{
    MagnifierGuard *g = av_mallocz(sizeof(*g));

    if (!g)
        return NULL;
    g->ops    = ops;
    g->opaque = opaque;
    if (config)
        g->config = *config;
    else
        ff_magnifier_guard_defaults(&g->config);
    g->config.list_cap  = FFMIN(FFMAX(g->config.list_cap, 1), MAGNIFIER_GUARD_MAX_LIST);
    g->config.probe_cap = FFMIN(FFMAX(g->config.probe_cap, 0), MAGNIFIER_GUARD_MAX_LIST);
    ff_magnifier_matches_init(&g->matches, ops, opaque, &g->config);
    ff_magnifier_proof_init(&g->prover, ops, opaque, &g->config);
    ff_magnifier_filterlist_init(&g->list, ops, opaque, &g->config, &g->matches,
                                 &g->prover.canaries);
    return g;
}

static void drop_held(MagnifierGuard *g)
{
    if (g->held)
        g->ops->discard(g->opaque, g->held);
    g->held = NULL;
}

av_cold void ff_magnifier_guard_free(MagnifierGuard **guard)
{
    MagnifierGuard *g = *guard;

    if (!g)
        return;
    drop_held(g);
    ff_magnifier_proof_end_canaries(&g->prover);
    ff_magnifier_matches_uninit(&g->matches);
    av_freep(guard);
}

const MagnifierGuardStats *ff_magnifier_guard_stats(const MagnifierGuard *guard)
{
    return &guard->stats;
}

/* ---- the list --------------------------------------------------------- */

/** @return NONE: it shows the new canaries, or has been asked often enough */
static enum MagnifierGuardReason take_control_picture(MagnifierGuard *g, int64_t now,
                                                      MagnifierGuardReport *report)
{
    MagnifierGuardProof proof = { 0 };
    void *frame = NULL;
    int ret;

    /* Not even a picture that is thrown away at once is taken without a list. */
    if (!g->list.valid && ff_magnifier_filterlist_set_without_canaries(&g->list, now))
        return MAGNIFIER_GUARD_REASON_NONE; /* update_list() has it to deal with */
    ret = g->ops->capture(g->opaque, 1, &frame, &proof);
    if (ret >= 0)
        g->stats.controls++;
    if (frame)
        g->ops->discard(g->opaque, frame);
    return ff_magnifier_proof_judge_control(&g->prover, ret, &proof, report);
}

/** Bring the list in force into line with the last walk. */
static enum MagnifierGuardReason update_list(MagnifierGuard *g, int64_t now,
                                             MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    int settled = g->list.valid && !g->prover.fresh;
    int fresh   = ff_magnifier_proof_is_due(&g->prover, now);
    int diff    = ff_magnifier_filterlist_difference(&g->list, now);
    int added, settle = 0;

    if (g->list.valid && !fresh && !diff)
        return MAGNIFIER_GUARD_REASON_NONE;

    /* Only windows that are gone for good are taken away: the canary is on the
     * old list and the new one, and either is right. Anything else is a new
     * version: where a window is added, a picture composed with the old list
     * must be told from one composed with the new. */
    if (!g->list.valid || fresh || diff & MAGNIFIER_CHOICE_ADDS) {
        fresh = 1;
        if (ff_magnifier_proof_begin_canaries(&g->prover, now)) {
            reason = take_control_picture(g, now, report);
            if (reason)
                return reason;
        }
        ff_magnifier_filterlist_probe(&g->list, g->prover.control);
    }
    reason = ff_magnifier_filterlist_set(&g->list, now, &added, report);
    if (reason)
        return reason;

    report->error = 0;
    if (fresh || !g->list.valid) {
        g->version++;
        settle = !settled || added; /* else it is only a new canary */
    }
    ff_magnifier_proof_listed(&g->prover, settle);
    ff_magnifier_filterlist_in_force(&g->list);
    g->stats.list_changes++;
    g->stats.max_listed = FFMAX(g->stats.max_listed, g->list.nb_listed);
    report->notices    |= MAGNIFIER_GUARD_LIST_CHANGED;
    return MAGNIFIER_GUARD_REASON_NONE;
}

/* ---- the verdict ------------------------------------------------------ */

/**
 * Paint over what the list does not exclude.
 * @return NONE: nothing of it is in the frame any more
 */
static enum MagnifierGuardReason paint_unlisted(MagnifierGuard *g, int64_t now,
                                                void *frame, int *painted)
{
    const MagnifierGuardRect *rects;
    enum MagnifierGuardReason reason;
    int n;

    *painted = 0;
    reason   = ff_magnifier_matches_places(&g->matches, now, &rects, &n);
    if (reason)
        return reason;
    if (n && g->ops->paint(g->opaque, frame, rects, n) < 0)
        return MAGNIFIER_GUARD_REASON_PAINT_FAILED;
    *painted = n;
    return MAGNIFIER_GUARD_REASON_NONE;
}

static void count_unlisted(MagnifierGuard *g, MagnifierGuardReport *report)
{
    g->nb_unlisted = ff_magnifier_matches_count_unlisted(&g->matches);
    if (!g->nb_unlisted != !g->overflow)
        report->notices |= g->nb_unlisted ? MAGNIFIER_GUARD_OVERFLOW_BEGIN
                                          : MAGNIFIER_GUARD_OVERFLOW_END;
    g->overflow          = g->nb_unlisted;
    g->stats.max_painted = FFMAX(g->stats.max_painted, g->nb_unlisted);
}

static void refuse(MagnifierGuard *g, MagnifierGuardReport *report,
                   enum MagnifierGuardReason reason, void *frame)
{
    if (!report->reason)
        report->reason = reason;
    if (frame) {
        g->stats.refused[reason]++;
        g->stats.refused_total++;
        g->ops->discard(g->opaque, frame);
    }
}

/**
 * Steps drain A and walk A: is the frame of the last slot safe?
 * @return 0: the windows are not known, so there is nothing to go on with
 */
static int first_look(MagnifierGuard *g, int64_t now, void **released,
                      MagnifierGuardReport *report)
{
    enum MagnifierGuardReason events, windows, reason, held;

    /* Both, whatever the first says: the windows are needed for the list. */
    ff_magnifier_matches_look_at_events(&g->matches, &events, &report->error);
    windows = ff_magnifier_matches_look_at_windows(&g->matches, now, 0, &held, &report->error);
    reason  = events ? events : windows ? windows : held;
    if (!reason) {
        *released = g->held;
    } else {
        ff_magnifier_proof_incident(&g->prover);
        if (g->held)
            refuse(g, report, reason, g->held);
    }
    g->held = NULL;
    if (windows == MAGNIFIER_GUARD_REASON_WALK_FAILED ||
        windows == MAGNIFIER_GUARD_REASON_NO_MEMORY) {
        refuse(g, report, windows, NULL);
        return 0;
    }
    return 1;
}

static void refuse_held(MagnifierGuard *g, void **released, MagnifierGuardReport *report,
                        enum MagnifierGuardReason held)
{
    if (held && *released) {
        refuse(g, report, held, *released);
        *released = NULL;
    }
}

/**
 * Steps drain B and walk B. What events tell now may be about the time of the held frame as
 * well, and of the list that was in force then: that is one more slot's worth of patience
 * with late events. Behind the held frame stands a walk B of its own, so of what this one
 * sees only that counts which was overdue.
 *
 * @return what speaks against the frame of this slot
 */
static enum MagnifierGuardReason second_look(MagnifierGuard *g, int64_t now, void **released,
                                             MagnifierGuardReport *report)
{
    enum MagnifierGuardReason events, windows, held;

    events = ff_magnifier_matches_look_at_events(&g->matches, &held, &report->error);
    refuse_held(g, released, report, held);
    windows = ff_magnifier_matches_look_at_windows(&g->matches, now, 1, &held, &report->error);
    refuse_held(g, released, report, held);
    if (events || windows)
        ff_magnifier_proof_incident(&g->prover);
    return events ? events : windows;
}

static enum MagnifierGuardStatus no_picture(MagnifierGuardReport *report, int error)
{
    report->error = error;
    return error == AVERROR(EAGAIN) ? MAGNIFIER_GUARD_NO_FRAME
                                    : MAGNIFIER_GUARD_ERROR;
}

/**
 * Bring the list into line with what the first look saw.
 * @return 0: no frame may be captured with what is in force, and status says what
 *         comes of the slot
 */
static int prepare_capture(MagnifierGuard *g, int64_t now,
                           enum MagnifierGuardStatus *status,
                           MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;

    if (ff_magnifier_matches_calm_down(&g->matches, now))
        ff_magnifier_proof_incident(&g->prover);
    reason = update_list(g, now, report);
    count_unlisted(g, report);
    if (!reason)
        return 1;
    *status = MAGNIFIER_GUARD_UNSAFE;
    if (reason == MAGNIFIER_GUARD_REASON_CANARY_LATE && report->error)
        *status = no_picture(report, report->error);
    else
        refuse(g, report, reason, NULL);
    return 0;
}

/** @return negative when there is no frame */
static int capture_frame(MagnifierGuard *g, void **frame, MagnifierGuardProof *proof)
{
    int ret = g->ops->capture(g->opaque, 0, frame, proof);

    if (ret < 0 || !*frame) {
        if (*frame)
            g->ops->discard(g->opaque, *frame);
        return ret < 0 ? ret : AVERROR(EAGAIN);
    }
    g->stats.captured++;
    ff_magnifier_proof_captured(&g->prover);
    return 0;
}

static void begin_report(MagnifierGuard *g, int64_t now, MagnifierGuardReport *report)
{
    memset(report, 0, sizeof(*report));
    g->stats.slots++;
    ff_magnifier_matches_begin_slot(&g->matches, now);
    if (ff_magnifier_proof_begin_slot(&g->prover, now))
        /* The API may have dropped windows that are gone from the list that is
         * new, which makes room for others. */
        g->matches.changed = 1;
}

static enum MagnifierGuardStatus end_report(MagnifierGuard *g,
                                            void **frame, void *released,
                                            enum MagnifierGuardStatus status,
                                            MagnifierGuardReport *report)
{
    *frame = released;
    if (released) {
        status              = MAGNIFIER_GUARD_DELIVER;
        report->proven      = g->held_proven;
        g->stats.delivered++;
        g->stats.unproven  += !g->held_proven &&
                              g->config.proof != MAGNIFIER_GUARD_PROOF_OFF;
        g->stats.painted   += !!g->held_painted;
        g->dry_slots        = 0;
    } else {
        g->dry_slots++;
    }
    report->status    = status;
    report->version   = g->list.valid ? g->version : 0;
    report->listed    = g->list.nb_listed;
    report->painted   = g->nb_unlisted;
    report->cap       = g->list.cap.believed;
    report->dry_slots = g->dry_slots;
    return status;
}

enum MagnifierGuardStatus ff_magnifier_guard_next(MagnifierGuard *g, int64_t now,
                                                  void **out,
                                                  MagnifierGuardReport *report)
{
    enum MagnifierGuardStatus status = MAGNIFIER_GUARD_UNSAFE;
    enum MagnifierGuardReason reason;
    MagnifierGuardProof proof = { 0 };
    void *released = NULL, *frame = NULL;
    int looked = 0, proven = 0, painted = 0, ret;

    begin_report(g, now, report);
    if (!first_look(g, now, &released, report) ||
        !prepare_capture(g, now, &status, report))
        goto end;
    ret = capture_frame(g, &frame, &proof);
    if (ret < 0) {
        status = no_picture(report, ret);
        goto end;
    }

    reason = second_look(g, now, &released, report);
    looked = 1;
    if (!reason)
        reason = ff_magnifier_proof_judge(&g->prover, &g->list, now, &proof, &proven, report);
    if (!reason)
        reason = paint_unlisted(g, now, frame, &painted);
    if (reason) {
        refuse(g, report, reason, frame);
        goto end;
    }
    g->held = frame;
    status  = report->reason ? MAGNIFIER_GUARD_UNSAFE : MAGNIFIER_GUARD_HELD;

end:
    if (released && !looked)
        second_look(g, now, &released, report);
    status = end_report(g, out, released, status, report);
    g->held_proven  = proven; /* only now: end_report() tells of the old one */
    g->held_painted = painted;
    return status;
}

enum MagnifierGuardStatus ff_magnifier_guard_flush(MagnifierGuard *g, int64_t now,
                                                   void **out,
                                                   MagnifierGuardReport *report)
{
    void *released = NULL;

    begin_report(g, now, report);
    first_look(g, now, &released, report);
    if (released)
        second_look(g, now, &released, report);
    return end_report(g, out, released, MAGNIFIER_GUARD_UNSAFE, report);
}

void ff_magnifier_guard_invalidate(MagnifierGuard *g)
{
    if (g->held) {
        g->stats.refused[MAGNIFIER_GUARD_REASON_INVALIDATED]++;
        g->stats.refused_total++;
    }
    drop_held(g);
    ff_magnifier_proof_forget(&g->prover);
    ff_magnifier_filterlist_forget(&g->list);
}
