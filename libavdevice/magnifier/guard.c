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
 * The promise: no frame is delivered that was composed while a matching, visible window was
 * neither on the list in force nor painted over.
 *
 * In one sentence: a frame leaves when a later look and three later drains were clean;
 * anything dirty drops every frame that has not left.
 *
 *        +--> drain A, look ------ dirty --> drop the held frame; an incident
 *        |         v clean
 *        |    the screen has shown the canary since, or allowed without? -- no --> drop it
 *        |         v yes: it may leave
 *        |    no slot begins, and one may leave? --- yes --> drain B
 *        |         v no
 *        |    list as wanted, no incident? --- yes ---------------------+
 *        |         v no: a new one                                      |
 *        |    canary younger than the incident? -- no: end it, new one  |
 *        |         v                                                    |
 *        |    control picture shows it? -- no --> the call is over      |
 *        |         v                                                    |
 *        |    set list (canary last), read back -- differs --> over (*) |
 *        |         v                                                    |
 *        |    capture F, begin to read the screen <---------------------+
 *        |         v
 *        |    drain B -------------- dirty --> drop F and the held frame; an incident
 *        |         v clean
 *        |    paint the held frame: it leaves
 *        |         v
 *        |    canary in F? --- yes --> drop F, the same list again
 *        |         v no
 *        |    to be proven, or allowed without? -- no --> drop F
 *        |         v yes
 *        +--- hold F
 *
 * (*) Or, where it cannot be read and the control picture has shown the canary, on: then F
 * leaves with a proof only.
 *
 * The guard keeps its own time: a frame is confirmed by the look of the next slot, or after
 * `confirm_us`, whichever comes first; one that was dropped is tried again after `retry_us`,
 * until its slot is over.
 *
 * Where windows are is guard_windows.c's; the list that is set and read back is
 * guard_list.c's; canaries, and what a picture says of them, are guard_proof.c's. The order is
 * kept here.
 *
 * Why each step is there, with the mutant of tests/oracle/mutants that leaks without it:
 *
 * - The look: what matches now has to be listed, or else painted over (no_paint). What is new
 *   to it was in the held frame, or may have been (no_look).
 * - Drain B, both drains of the next call, and the frame held until then: a window that came
 *   and went between two looks leaves nothing but its events, and those come late (no_events,
 *   no_held_frame, no_late_events), maybe when the window has got a place on the list
 *   (no_earlier_list), or are lost, which must be known (no_lost_events).
 * - Read-back: a list that the API cut or did not take, where no canary can tell
 *   (no_read_back). Where it fails only the canary may tell (no_proof_unread).
 * - Canary: a list that the API says it took and did not, or not yet (no_canary, no_exposed,
 *   no_new_version). It is the last entry, so a list cut short loses it first.
 * - A new canary for each list, after each incident too, and the control picture: pictures may
 *   be older than the call that returns them. One in which the new canary was seen is younger
 *   than the canary, and so is every later one; the canary is younger than the incident
 *   (no_fresh_after_incident, no_control). A list that was set in vain may be in force yet, so
 *   the next one needs a new canary as well (no_new_version_refused).
 * - Reading the screen: a canary that is covered is in no picture, whatever the list is. A
 *   control picture, or the read before, shows that it was not before the capture
 *   (no_read_before); only a read that begins after the capture shows that it was not since
 *   (no_read_after). That read goes on beside, until the next call wants the frame to leave.
 * - Settling, where there is no proof: the same by waiting, which is weaker (no_settling).
 * - Serial numbers: a handle that was used again is not what the list excludes (no_serial).
 * - A handle that is used again comes off the list before it goes on again, lest the old list
 *   reads back like the new one (no_used_handle_check).
 * - Painting over, with the places of the looks before and after the capture (no_paint,
 *   no_place_before, no_place_after), with the whole of what may be unknown (no_unknown_place,
 *   no_lost_place), unless no frame shows it (no_region). When one of these windows has moved
 *   or been shown the frame is dropped all the same: events about every move are the
 *   assumption that is the least certain. They are heard from before the look on, for a
 *   picture that needs them (no_moves, no_moves_before), until it has left; any window may
 *   have moved just before that (no_moves_unheard). What other windows cover is spared only if
 *   they did so in both looks (no_cover_before, no_cover_order, no_cover_event), and were not
 *   just opening (no_cover_age).
 * - A window that matches from the first and has been hidden all the time (UNSHOWN) is no
 *   news. One that has been shown is, hidden as it may be by now (no_shown). It takes no new
 *   canary; so it waits for a list that has one, as others are not proven for it (no_wait).
 * - A region that moves: other windows are in it (no_move_region), and pictures may be of the old
 *   one yet (no_move_incident). What was held shows that one, too.
 * - Cool-down: animations of windows that are gone or moved (no_cooldown), that moved before
 *   they went (no_lost_place), which may be told to nobody (no_closed_place), that no look
 *   ever saw (no_closed_check), or that closed before the guard began (no_animation_at_start).
 *   Pictures may be older than its end (no_fresh_after_cooldown).
 *
 * What must be assumed of Windows:
 *
 * 1. A look reports every window that exists, matches, and is visible during the whole of the
 *    look. Others it may or may not report. (So the list of windows that Windows gives must
 *    have them all; see toplevel.h for how that is watched.)
 * 2. A window that appeared, moved, was raised or began to match, and that no look reported in
 *    that state, leaves an event, and the third drain that begins after it finds it at the
 *    latest. Or one of these drains says that events were lost. (One that began to match
 *    without an event goes on matching until a look has reported it.) So what is UNSHOWN has
 *    been shown to nobody, or its event is still to come.
 * 3. Pictures are composed in order: none is older than one returned before it. A canary that
 *    the screen, or a picture, shows before a capture, and the screen after it, was not covered
 *    in that picture: what covers it stays for longer than a slot.
 *    (Reads of the screen may be older in mode AUTO, once a list is proven: then a list that
 *    the API forgets while something covers the canary is found out later, as it would be
 *    without proof.)
 * 4. A list is in force as a whole or not at all, or loses its end; the list in force at a
 *    composition is one that was set, or none, never a mixture. An entry means its window
 *    whenever that is visible, also when it was hidden as the list was set.
 * 5. Without proof (mode OFF, or AUTO with a covered canary) also: a list that was set and read
 *    back is in force after `settle_frames` captures and `settle_us`, and pictures are not
 *    older than that.
 * 6. A window that is not reported as ANIMATES is shown nowhere but in its rectangle. One that
 *    is, is where its rectangle says again after `cooldown_us`; while it closes it stays inside
 *    its last rectangle.
 * 7. A window that covers its rectangle in two looks, and of which no drain since the first of
 *    them tells, covers it in between, and stays above those that it was above.
 *
 * tests/model checks the promise under these assumptions: every interleaving of the guard with
 * a small desktop, up to a bound, and the protocol as a model, without one. tests/oracle does
 * so by chance, with everything at once.
 *
 * It is not assumed that events come in order, or that they come at all for a window that a
 * look sees; that the API tells the truth about the list; that it applies a list at once; that
 * its pictures are up to date.
 */

#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "guard_internal.h"

av_cold void ff_magnifier_guard_defaults(MagnifierGuardConfig *config)
{
    *config = (MagnifierGuardConfig) {
        .proof         = MAGNIFIER_GUARD_PROOF_AUTO,
        .region        = { INT_MIN, INT_MIN, INT_MAX, INT_MAX },
        .list_cap      = MAGNIFIER_GUARD_LIST_CAP,
        .animations    = 1,
        .cooldown_us   = 300000,
        .settle_us     = 50000,
        .settle_frames = 2,
        .proof_wait_us = 2000000,
        .reprove_us    = 500000,
        .show_us       = 60000,
        .read_us       = 100000,
        .confirm_us    = 40000,
        .retry_us      = 20000,
        .late_us       = 4000,
    };
}

av_cold MagnifierGuard *ff_magnifier_guard_alloc(const MagnifierGuardOps *ops, void *opaque,
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
    g->config.list_cap = av_clip(g->config.list_cap, 1,
                                 MAGNIFIER_GUARD_MAX_LIST - MAGNIFIER_GUARD_MAX_CANARIES);
    ff_magnifier_guard_windows_init(g);
    ff_magnifier_guard_list_forget(g);
    ff_magnifier_guard_proof_forget(g);
    return g;
}

av_cold void ff_magnifier_guard_free(MagnifierGuard **guard)
{
    MagnifierGuard *g = *guard;

    if (!g)
        return;
    if (g->held.frame)
        g->ops->discard(g->opaque, g->held.frame);
    ff_magnifier_guard_end_canaries(g);
    ff_magnifier_guard_windows_uninit(g);
    ff_magnifier_guard_places_uninit(&g->held.places);
    ff_magnifier_guard_places_uninit(&g->places);
    ff_magnifier_guard_places_uninit(&g->next_places);
    av_freep(guard);
}

const MagnifierGuardStats *ff_magnifier_guard_stats(const MagnifierGuard *guard)
{
    return &guard->stats;
}

/** @param frame NULL: none was captured, for that reason */
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

/** The held frame must not leave. */
static void drop_held(MagnifierGuard *g, MagnifierGuardReport *report,
                      enum MagnifierGuardReason reason)
{
    refuse(g, report, reason, g->held.frame);
    g->held.frame = NULL;
    g->open       = 1;
}

/* ---- the steps of a call -------------------------------------------------- */

/**
 * Drain A and the look: may the held frame leave?
 * @return 0: the windows are not known, so there is nothing to go on with
 */
static int look_again(MagnifierGuard *g, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason events, windows, held;

    /* Both, whatever the first says: the windows are needed for the list. */
    events  = ff_magnifier_guard_drain(g, &held, report);
    windows = ff_magnifier_guard_look(g, report);
    if (events || windows)
        ff_magnifier_guard_incident(g);
    if (g->held.frame && (held || windows))
        drop_held(g, report, held ? held : windows);
    if (windows == MAGNIFIER_GUARD_REASON_LOOK_FAILED ||
        windows == MAGNIFIER_GUARD_REASON_NO_MEMORY) {
        refuse(g, report, windows, NULL);
        return 0;
    }
    /* Where it must be painted over is known before the list changes. */
    if (g->held.frame) {
        held = ff_magnifier_guard_find_places(g, &g->places, report);
        if (!held)
            held = ff_magnifier_guard_prove(g, &g->held.evidence, &g->held.proven, report);
        if (held)
            drop_held(g, report, held);
    }
    return 1;
}

/** Bring the list in force into line with the last look. */
static enum MagnifierGuardReason update_list(MagnifierGuard *g, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    int valid   = g->filter.valid;
    int settled = valid && !g->prover.unsettled;
    int fresh   = ff_magnifier_guard_canaries_are_due(g);
    int difference, added;

    g->filter.anew = fresh;
    difference     = ff_magnifier_guard_list_choose(g);
    if (difference < 0)
        return MAGNIFIER_GUARD_REASON_NO_MEMORY;
    if (valid && !fresh && !difference)
        return MAGNIFIER_GUARD_REASON_NONE;

    /* Only windows that are gone for good are taken away: the canary is on the old list and
     * the new one, and either is right. Anything else takes a new canary: where a window is
     * added, a picture composed with the old list must be told from one composed with the new. */
    if (!valid || fresh || difference & MAGNIFIER_GUARD_ADDS) {
        g->filter.anew = fresh = 1;
        reason = ff_magnifier_guard_new_canaries(g, report);
        if (reason)
            return reason;
    }
    ff_magnifier_guard_use_canaries(g);
    reason = ff_magnifier_guard_list_set(g, &added, report);
    if (reason == MAGNIFIER_GUARD_REASON_NO_MEMORY)
        ff_magnifier_guard_incident(g); /* what was waiting for this list waits for the next one */
    if (reason)
        return reason;

    report->error = 0;
    ff_magnifier_guard_listed(g, fresh && (!settled || added));
    g->stats.list_changes++;
    g->stats.max_listed = FFMAX(g->stats.max_listed, g->filter.nb_listed);
    report->notices    |= MAGNIFIER_GUARD_LIST_CHANGED;
    return MAGNIFIER_GUARD_REASON_NONE;
}

static void count_unlisted(MagnifierGuard *g, MagnifierGuardReport *report)
{
    int nb = 0;

    for (int i = 0; i < g->windows.nb_matches && g->filter.valid; i++) {
        const MagnifierGuardMatch *m = &g->windows.matches[i];

        nb += ff_magnifier_guard_is_visible(g, m) && !m->listed &&
              !ff_magnifier_guard_is_outside(g, m);
    }
    if (g->overflow && !nb)
        report->notices |= MAGNIFIER_GUARD_OVERFLOW_END;
    g->overflow = nb;
}

/**
 * Hear of windows that move from before the look on, where a picture may show one: also of one
 * that is outside the region, and could come in. Not at other times, as everything that moves or
 * scrolls tells of it.
 *
 * @return WINDOW_MOVED: one may have since the look
 */
static enum MagnifierGuardReason hear_moves(MagnifierGuard *g)
{
    g->moves = 0;
    for (int i = 0; i < g->windows.nb_matches; i++)
        g->moves |= ff_magnifier_guard_is_visible(g, &g->windows.matches[i]) &&
                    !g->windows.matches[i].listed;
    if (!g->ops->want_moves)
        return MAGNIFIER_GUARD_REASON_NONE;
    ff_magnifier_guard_hear_moves(g, g->moves || (g->held.frame && g->held.moves));
    return g->moves && !g->windows.heard_moves ? MAGNIFIER_GUARD_REASON_WINDOW_MOVED
                                               : MAGNIFIER_GUARD_REASON_NONE;
}

/** An API that gives no picture is no danger, but an outage; any other error is the caller's. */
static int no_picture(MagnifierGuardReport *report, int error)
{
    report->error = error;
    return error == AVERROR(EAGAIN) ? MAGNIFIER_OUTAGE : error;
}

/**
 * List what the look saw and capture a frame.
 * @return 0 with a frame; else what comes of the call
 */
static int capture(MagnifierGuard *g, void **frame, int *exposed, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    int ret, error = report->error; /* of an earlier step, which is told if no later one fails */

    report->error = 0;
    if (ff_magnifier_guard_settle(g))
        ff_magnifier_guard_incident(g);
    /* While any window may be closing, no frame is safe, whatever the list is. */
    if (g->windows.quiet_until != INT64_MIN) {
        reason         = MAGNIFIER_GUARD_REASON_COOLDOWN;
        report->handle = g->windows.quiet_handle;
    } else {
        reason = update_list(g, report);
    }
    count_unlisted(g, report);
    if (reason == MAGNIFIER_GUARD_REASON_CANARY_LATE && report->error)
        return no_picture(report, report->error);
    if (!report->error)
        report->error = error;
    if (!reason)
        reason = ff_magnifier_guard_find_places(g, &g->next_places, report);
    if (!reason)
        reason = hear_moves(g);
    if (reason) {
        refuse(g, report, reason, NULL);
        return MAGNIFIER_UNSAFE;
    }
    ff_magnifier_guard_before_picture(g);
    ret = g->ops->capture(g->opaque, 0, frame, exposed);
    if (ret >= 0 && *frame) {
        ff_magnifier_guard_after_picture(g, *exposed);
        g->stats.captured++;
        return 0;
    }
    if (*frame)
        g->ops->discard(g->opaque, *frame);
    *frame = NULL;
    return no_picture(report, ret < 0 ? ret : AVERROR(EAGAIN));
}

/**
 * Drain B. What events tell now may be about the time of the held frame as well, and of the
 * list that was in force then: that is one more call's worth of patience with late events.
 *
 * @return what speaks against the frame that was just captured
 */
static enum MagnifierGuardReason drain_late_events(MagnifierGuard *g, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason held, reason = ff_magnifier_guard_drain(g, &held, report);

    if (held && g->held.frame)
        drop_held(g, report, held);
    if (reason)
        ff_magnifier_guard_incident(g);
    return reason;
}

/** All was clean: paint over the held frame what the list did not exclude, and let it go. */
static void *release_held(MagnifierGuard *g, MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    void *frame = g->held.frame;
    int painted;

    if (!frame)
        return NULL;
    reason = ff_magnifier_guard_paint(g, frame, &g->held.places, &g->places, &painted);
    if (reason) {
        drop_held(g, report, reason);
        return NULL;
    }
    g->held.frame         = NULL;
    report->proven        = g->held.proven;
    report->frame_list    = g->held.list;
    report->frame_listed  = g->held.listed;
    report->frame_painted = g->held.painted;
    g->stats.delivered++;
    g->stats.unproven += !g->held.proven && g->config.proof != MAGNIFIER_GUARD_PROOF_OFF;
    g->stats.painted  += painted;
    return frame;
}

/** Hold the frame that was just captured. */
static void hold(MagnifierGuard *g, void *frame, const MagnifierGuardEvidence *evidence)
{
    g->held.frame    = frame;
    g->held.since    = g->ops->clock(g->opaque);
    g->held.evidence = *evidence;
    g->held.proven   = 0;
    g->held.list     = g->filter.number;
    g->held.listed   = g->filter.nb_listed;
    g->held.painted  = g->overflow;
    g->held.moves    = g->moves;
    FFSWAP(MagnifierGuardPlaces, g->held.places, g->next_places);
    /* before there is a list nothing is painted over, as no frame leaves */
    g->stats.max_painted = FFMAX(g->stats.max_painted, g->overflow);
    g->open = 0;
}

static void fill_in_report(const MagnifierGuard *g, MagnifierGuardReport *report)
{
    report->version  = g->filter.valid ? g->filter.number : 0;
    report->listed   = g->filter.nb_listed;
    report->painted  = g->overflow;
    report->cap      = g->filter.cap;
    report->holds    = !!g->held.frame;
    report->again_at = g->held.frame ? g->held.since + g->config.confirm_us :
                       !g->open ? INT64_MAX : g->ops->clock(g->opaque) +
                       (report->reason == MAGNIFIER_GUARD_REASON_CANARY_LATE ?
                        g->config.late_us : g->config.retry_us);
}

int ff_magnifier_guard_next(MagnifierGuard *g, int begins, void **out,
                            MagnifierGuardReport *report)
{
    enum MagnifierGuardReason reason;
    MagnifierGuardEvidence evidence = { 0 };
    void *frame = NULL;
    int ret = MAGNIFIER_UNSAFE, exposed = 0;

    memset(report, 0, sizeof(*report));
    *out     = NULL;
    g->open |= begins;
    if (!look_again(g, report))
        goto end;
    ret = g->open && (begins || !g->held.frame) ? capture(g, &frame, &exposed, report)
                                                : MAGNIFIER_HELD;
    reason = drain_late_events(g, report);
    if (frame && !reason)
        reason = ff_magnifier_guard_judge(g, exposed, &evidence, report);
    *out = release_held(g, report);
    if (!frame)
        goto end;
    if (reason) {
        refuse(g, report, reason, frame);
        ret = MAGNIFIER_UNSAFE;
    } else {
        hold(g, frame, &evidence);
        ret = report->reason ? MAGNIFIER_UNSAFE : MAGNIFIER_HELD;
    }

end:
    fill_in_report(g, report);
    return *out ? MAGNIFIER_FRAME : ret;
}

int ff_magnifier_guard_flush(MagnifierGuard *g, void **out, MagnifierGuardReport *report)
{
    int ret;

    memset(report, 0, sizeof(*report));
    *out = NULL;
    if (look_again(g, report)) {
        drain_late_events(g, report);
        *out = release_held(g, report);
    }
    ret = *out ? MAGNIFIER_FRAME : MAGNIFIER_UNSAFE;
    fill_in_report(g, report);
    return ret;
}

void ff_magnifier_guard_invalidate(MagnifierGuard *g)
{
    MagnifierGuardReport unused = { 0 };

    if (g->held.frame)
        drop_held(g, &unused, MAGNIFIER_GUARD_REASON_INVALIDATED);
    ff_magnifier_guard_proof_forget(g);
    ff_magnifier_guard_list_forget(g);
}

void ff_magnifier_guard_move(MagnifierGuard *g, const MagnifierRect *region)
{
    MagnifierGuardReport unused = { 0 };

    if (g->held.frame)
        drop_held(g, &unused, MAGNIFIER_GUARD_REASON_INVALIDATED);
    ff_magnifier_guard_end_canaries(g);
    ff_magnifier_guard_incident(g);
    g->config.region = *region;
}

const char *ff_magnifier_guard_reason_text(enum MagnifierGuardReason reason)
{
    switch (reason) {
    case MAGNIFIER_GUARD_REASON_NONE:
        return "nothing is wrong with it";
    case MAGNIFIER_GUARD_REASON_NO_MEMORY:
        return "out of memory while looking at the windows";
    case MAGNIFIER_GUARD_REASON_EVENTS_LOST:
        return "window events were lost";
    case MAGNIFIER_GUARD_REASON_LOOK_FAILED:
        return "the windows could not be enumerated";
    case MAGNIFIER_GUARD_REASON_EVENT:
        return "a window that is not on the exclusion list came, went or changed "
               "while it was taken";
    case MAGNIFIER_GUARD_REASON_NEW_WINDOW:
        return "a window to be excluded has just appeared";
    case MAGNIFIER_GUARD_REASON_WINDOW_SHOWN:
        return "a window to be excluded was shown before it could be listed";
    case MAGNIFIER_GUARD_REASON_WINDOW_MOVED:
        return "a window for which the exclusion list has no room is moving, or may be";
    case MAGNIFIER_GUARD_REASON_RECT_UNKNOWN:
        return "a window for which the exclusion list has no room is at an unknown place";
    case MAGNIFIER_GUARD_REASON_COOLDOWN:
        return "a window to be excluded may still be seen closing or moving";
    case MAGNIFIER_GUARD_REASON_LIST_REFUSED:
        return "MagSetWindowFilterList refused the exclusion list";
    case MAGNIFIER_GUARD_REASON_LIST_DIFFERS:
        return "MagGetWindowFilterList does not give back the list that was set";
    case MAGNIFIER_GUARD_REASON_LIST_IGNORED:
        return "the exclusion list is not applied: the canary stays in the picture";
    case MAGNIFIER_GUARD_REASON_CANARY_EXPOSED:
        return "it was composed without the exclusion list: it shows the canary";
    case MAGNIFIER_GUARD_REASON_CANARY_LATE:
        return "the new canary is not in the captured picture yet";
    case MAGNIFIER_GUARD_REASON_AWAITING_PROOF:
        return "the exclusion has not been proven yet";
    case MAGNIFIER_GUARD_REASON_UNPROVEN:
        return "there is no proof that the exclusion list was in force";
    case MAGNIFIER_GUARD_REASON_SETTLING:
        return "the exclusion list is too new to be trusted without proof";
    case MAGNIFIER_GUARD_REASON_PAINT_FAILED:
        return "a window for which the exclusion list has no room could not be "
               "painted over";
    case MAGNIFIER_GUARD_REASON_INVALIDATED:
        return "the capture was set up anew";
    case MAGNIFIER_GUARD_NB_REASONS:
        break;
    }
    return "of an unknown reason";
}

const char *ff_magnifier_guard_no_proof_text(enum MagnifierGuardNoProof why)
{
    switch (why) {
    case MAGNIFIER_GUARD_NO_PROOF_NONE:
        return "no reason is known";
    case MAGNIFIER_GUARD_NO_PROOF_NO_CANARY:
        return "the canary window could not be made";
    case MAGNIFIER_GUARD_NO_PROOF_COVERED:
        return "the canary window is covered, or cannot be seen on the screen";
    case MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED:
        return "the screen shows the canary window, but captured pictures do not";
    }
    return "no reason is known";
}
