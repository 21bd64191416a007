/*
 * magnifier: the exclusion of one capture
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

#include "config.h"

#include <string.h>

#include <windows.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/buffer.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"
#include "libavutil/random_seed.h"

#include "canary.h"
#include "exclude.h"
#include "runtime.h"
#include "screen.h"

/** From a new canary to the picture that is to show it, milliseconds. */
#define EVENTS_PAUSE 10

/** Entries of each list that are not the guard's: the host window. */
#define OWN_ENTRIES 1

/** Lines in a minute about what comes and goes: that the list is too short, that it is proven. */
#define MAX_NEWS 10

/** Rules that match nothing, each with a line of its own. A file for all chat programs has many. */
#define MAX_UNMATCHED 8

struct MagnifierExclude {
    MagnifierScene scene;
    MagnifierLog *log;
    MagnifierExcludeLog *exclude_log; ///< the capture's; NULL without exclude_log
    MagnifierRulefile *file;    ///< the capture's; NULL without exclude_file
    MagnifierWindows *windows;
    MagnifierGuard *guard;

    MagnifierCanary canaries[MAGNIFIER_GUARD_MAX_CANARIES];
    int nb_canaries;
    unsigned places[MAGNIFIER_GUARD_MAX_CANARIES]; ///< where they are, see canary.h
    uint8_t shown[MAGNIFIER_GUARD_MAX_CANARIES]; ///< they were, by the last picture or read of the screen
    uint32_t last_colors[MAGNIFIER_GUARD_MAX_CANARIES]; ///< of the canaries before, to use others
    MagnifierScreen *screen;    ///< reads them from the screen; NULL: not yet
    int covered;                ///< the last read did not show them all
    uint64_t above;             ///< hash of the windows in their places

    enum MagnifierGuardReason reason; ///< of the last call
    char culprit[64];           ///< program of the window behind it; empty: unknown
    int overflow;               ///< it has been said that the list is too short
    int64_t minute;             ///< of the last news
    int news;                   ///< lines in it
    int unread;                 ///< ... and that it cannot be read back
    uint64_t turned;            ///< windows that began to match late, so far
    uint64_t looks, failed;     ///< completed so far, and not
    int rules_lost;             ///< an error: there are new rules, and they cannot be followed
    int untried;                ///< there are new rules, and no look has been made with them
    volatile LONG generation;   ///< of the rules: 1 at the start; read by any thread
    uint64_t set[MAGNIFIER_GUARD_MAX_LIST]; ///< the windows on the list that was set last, and canaries

    AVBufferRef *last;          ///< picture composed last, for the canaries' colours
    ptrdiff_t linesize;         ///< of it
    uint8_t told[MAGNIFIER_GUARD_NB_REASONS]; ///< level that each reason was told at, 0: not yet
};

static MagnifierControl *rt_controls(const MagnifierExclude *e, int *nb)
{
    return e->scene.controls(e->scene.opaque, nb);
}

/** The first pixel in a picture of the rectangle of a control. */
static uint8_t *pixels_of(const MagnifierExclude *e, const MagnifierRect *rect,
                          const AVBufferRef *buf, ptrdiff_t linesize)
{
    const MagnifierRect *region = e->scene.region(e->scene.opaque);

    return buf->data + (rect->top - region->top) * linesize + 4 * (rect->left - region->left);
}

/* ------------------------------------------------------------------------
 * The guard's operations; what each has to do is said in guard.h
 * ------------------------------------------------------------------------ */

static int64_t rt_op_clock(void *opaque)
{
    return ff_magnifier_clock();
}

static int rt_op_drain(void *opaque, MagnifierGuardList *events)
{
    MagnifierExclude *e = opaque;

    return ff_magnifier_rt_windows_drain(e->windows, events);
}

static int rt_op_look(void *opaque, MagnifierGuardList *windows)
{
    MagnifierExclude *e = opaque;

    return ff_magnifier_rt_windows_look(e->windows, windows);
}

/**
 * The control's own host is the first entry, so no list is empty, which some say is refused.
 * It is hidden anyhow.
 */
static int rt_op_set_list(void *opaque, const uint64_t *handles, int nb_handles)
{
    MagnifierExclude *e = opaque;
    HWND list[1 + MAGNIFIER_GUARD_MAX_LIST];
    int nb;
    MagnifierControl *controls = rt_controls(e, &nb);

    if (nb_handles > MAGNIFIER_GUARD_MAX_LIST)
        return AVERROR(EINVAL);
    memcpy(e->set, handles, nb_handles * sizeof(*handles));
    for (int i = 0; i < nb_handles; i++)
        list[1 + i] = (HWND)(uintptr_t)handles[i];
    for (int i = 0; i < nb; i++) {
        int ret;

        list[0] = controls[i].host;
        ret = ff_magnifier_rt_control_set_list(&controls[i], list, 1 + nb_handles);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static int rt_op_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    HWND list[1 + MAGNIFIER_GUARD_MAX_LIST];
    int nb, nb_controls;
    MagnifierControl *controls = rt_controls(opaque, &nb_controls);

    if (part >= nb_controls)
        return AVERROR_EOF;
    nb = ff_magnifier_rt_control_get_list(&controls[part], list, FF_ARRAY_ELEMS(list));
    /* More than fit: none of them was written. */
    if (nb < 0 || nb > (int)FF_ARRAY_ELEMS(list))
        return nb;
    if (!nb)
        return AVERROR_EXTERNAL;
    if (list[0] != controls[part].host)
        return AVERROR_INVALIDDATA;
    for (int i = 0; i < FFMIN(nb - 1, max); i++)
        handles[i] = (uintptr_t)list[1 + i];
    return nb - 1;
}

static void rt_op_end_canary(void *opaque)
{
    MagnifierExclude *e = opaque;

    while (e->nb_canaries)
        ff_magnifier_rt_canary_hide(&e->canaries[--e->nb_canaries]);
}

/** Begin to read the places of canaries from the screen. */
static void rt_begin_read(MagnifierExclude *e, const MagnifierRect *places, int nb)
{
    if (!e->screen)
        e->screen = ff_magnifier_rt_screen_open();
    ff_magnifier_rt_screen_begin(e->screen, places, nb);
}

/** Before the first picture the screen must say which colours are in the places of the canaries. */
static void rt_read_places(MagnifierExclude *e, uint32_t *pixels, const MagnifierRect *places, int nb)
{
    if (e->last)
        return;
    rt_begin_read(e, places, nb);
    ff_magnifier_rt_screen_end(e->screen, pixels, 1);
}

/** @param pixels what is in its place; one more, for the colour of the canary before */
static int rt_show_canary(MagnifierExclude *e, int i, const MagnifierRect *area,
                          const MagnifierRect *place, const uint32_t *pixels)
{
    uint32_t there[MAGNIFIER_CANARY_PIXELS + 1];
    int ret;

    if (e->last)
        ff_magnifier_canary_pixels(there, place, area, pixels_of(e, area, e->last, e->linesize),
                                   e->linesize);
    else
        memcpy(there, pixels, MAGNIFIER_CANARY_PIXELS * sizeof(*there));
    there[MAGNIFIER_CANARY_PIXELS] = e->last_colors[i];
    ret = ff_magnifier_rt_canary_show(&e->canaries[i], place, there, FF_ARRAY_ELEMS(there));
    e->shown[i] = 0;
    if (ret >= 0) {
        e->last_colors[i] = e->canaries[i].color;
        e->nb_canaries++;
    }
    return ret;
}

static int rt_op_begin_canary(void *opaque, uint64_t *handles, int *nb_handles)
{
    MagnifierExclude *e = opaque;
    MagnifierRect places[MAGNIFIER_GUARD_MAX_CANARIES];
    uint32_t pixels[MAGNIFIER_GUARD_MAX_CANARIES * MAGNIFIER_CANARY_PIXELS] = { 0 };
    int nb;
    MagnifierControl *controls = rt_controls(e, &nb);

    if (!nb || nb > MAGNIFIER_GUARD_MAX_CANARIES)
        return AVERROR_EXTERNAL;
    for (int i = 0; i < nb; i++) {
        const MagnifierRect *area = &controls[i].rect;

        if (area->right  - area->left < MAGNIFIER_CANARY_SIZE ||
            area->bottom - area->top  < MAGNIFIER_CANARY_SIZE)
            return AVERROR_EXTERNAL;
        e->places[i] += !e->shown[i];
        places[i] = ff_magnifier_canary_place(area, e->places[i]);
    }
    rt_read_places(e, pixels, places, nb);
    for (int i = 0; i < nb; i++) {
        int ret = rt_show_canary(e, i, &controls[i].rect, &places[i],
                                 &pixels[i * MAGNIFIER_CANARY_PIXELS]);
        if (ret < 0) {
            rt_op_end_canary(e);
            return ret;
        }
        handles[i] = (uintptr_t)e->canaries[i].hwnd;
    }
    e->covered  = 0;
    *nb_handles = nb;
    /* The window for which there is a new list tells of more than one thing in a moment. All
     * that comes after the picture would drop it. */
    Sleep(EVENTS_PAUSE);
    ff_magnifier_rt_pump();
    return 0;
}

/** A click finds what is above a canary, which lets it through. */
static int rt_op_may_be_seen(void *opaque)
{
    MagnifierExclude *e = opaque;
    uint64_t before = e->above;
    int nb;
    MagnifierControl *controls = rt_controls(e, &nb);

    e->above = (uintptr_t)GetForegroundWindow();
    for (int i = 0; i < nb * MAGNIFIER_CANARY_PLACES; i++) {
        MagnifierRect place = ff_magnifier_canary_place(&controls[i / MAGNIFIER_CANARY_PLACES].rect, i);
        POINT point = { place.left, place.top };

        e->above = e->above * 0x9E3779B97F4A7C15u ^ (uintptr_t)WindowFromPoint(point);
    }
    return e->above != before;
}

static void rt_op_begin_read(void *opaque)
{
    MagnifierExclude *e = opaque;
    MagnifierRect places[MAGNIFIER_GUARD_MAX_CANARIES];

    for (int i = 0; i < e->nb_canaries; i++) {
        places[i] = e->canaries[i].rect;
        if (e->covered)
            ff_magnifier_rt_canary_raise(&e->canaries[i]);
    }
    rt_begin_read(e, places, e->nb_canaries);
}

static int rt_op_end_read(void *opaque, int wait)
{
    MagnifierExclude *e = opaque;
    uint32_t pixels[MAGNIFIER_GUARD_MAX_CANARIES * MAGNIFIER_CANARY_PIXELS];
    int ret = ff_magnifier_rt_screen_end(e->screen, pixels, wait), nb = 0;

    if (ret < 0)
        return ret;
    for (int i = 0; i < e->nb_canaries; i++) {
        int shown = ff_magnifier_canary_shown(&e->canaries[i], &pixels[i * MAGNIFIER_CANARY_PIXELS]) ==
                    MAGNIFIER_CANARY_PIXELS;

        e->shown[i] = shown;
        nb         += shown;
    }
    e->covered = nb < e->nb_canaries;
    return !e->covered;
}

/** The canaries that a picture shows whole; -1: one in part, where that counts. */
static int rt_count_exposed(MagnifierExclude *e, const AVFrame *frame, int control)
{
    int nb, exposed = 0, parts = 0;
    MagnifierControl *controls = rt_controls(e, &nb);

    for (int i = 0; i < e->nb_canaries && i < nb; i++) {
        const MagnifierRect *area = &controls[i].rect;
        uint32_t pixels[MAGNIFIER_CANARY_PIXELS];
        int shown;

        ff_magnifier_canary_pixels(pixels, &e->canaries[i].rect, area,
                                   pixels_of(e, area, frame->buf[0], frame->linesize[0]),
                                   frame->linesize[0]);
        shown = ff_magnifier_canary_shown(&e->canaries[i], pixels);
        if (shown == MAGNIFIER_CANARY_PIXELS) {
            e->shown[i] = 1;
            exposed++;
        } else {
            parts |= shown > 0;
        }
    }
    return parts && !control ? -1 : exposed;
}

static int rt_op_capture(void *opaque, int control, void **out, int *exposed)
{
    MagnifierExclude *e = opaque;
    AVFrame *frame = NULL;
    int ret = e->scene.compose(e->scene.opaque, &frame);

    if (ret < 0)
        return ret == AVERROR_EXTERNAL ? AVERROR(EAGAIN) : ret;
    *exposed    = rt_count_exposed(e, frame, control);
    e->linesize = frame->linesize[0];
    ret = av_buffer_replace(&e->last, frame->buf[0]);
    if (ret < 0 || control) {
        av_frame_free(&frame);
        return ret;
    }
    e->scene.finish(e->scene.opaque, frame);
    *out = frame;
    return 0;
}

static void rt_op_discard(void *opaque, void *frame)
{
    AVFrame *f = frame;

    av_frame_free(&f);
}

static void rt_op_want_moves(void *opaque, int wanted)
{
    MagnifierExclude *e = opaque;

    ff_magnifier_rt_windows_want_moves(e->windows, wanted);
}

static int rt_op_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb_rects)
{
    MagnifierExclude *e = opaque;
    AVFrame *f = frame;
    const MagnifierRect *region = e->scene.region(e->scene.opaque);

    for (int i = 0; i < nb_rects; i++) {
        int left   = FFMAX(rects[i].left,   region->left);
        int right  = FFMIN(rects[i].right,  region->right);
        int bottom = FFMIN(rects[i].bottom, region->bottom);

        for (int y = FFMAX(rects[i].top, region->top); y < bottom && left < right; y++)
            memset(f->data[0] + (y - region->top) * (ptrdiff_t)f->linesize[0] +
                   4 * (ptrdiff_t)(left - region->left), 0, 4 * (size_t)(right - left));
    }
    return 0;
}

static const MagnifierGuardOps guard_ops = {
    .clock        = rt_op_clock,
    .drain        = rt_op_drain,
    .look         = rt_op_look,
    .set_list     = rt_op_set_list,
    .get_list     = rt_op_get_list,
    .begin_canary = rt_op_begin_canary,
    .end_canary   = rt_op_end_canary,
    .may_be_seen  = rt_op_may_be_seen,
    .begin_read   = rt_op_begin_read,
    .end_read     = rt_op_end_read,
    .capture      = rt_op_capture,
    .discard      = rt_op_discard,
    .want_moves   = rt_op_want_moves,
    .paint        = rt_op_paint,
};

/* ------------------------------------------------------------------------
 * Telling the user
 * ------------------------------------------------------------------------ */

/**
 * What comes and goes is news some times in a minute only.
 * @return level, or AV_LOG_VERBOSE
 */
static int level_of_news(MagnifierExclude *e, int level)
{
    int64_t minute = ff_magnifier_clock() / 60000000;

    if (minute != e->minute)
        e->news = 0;
    e->minute = minute;
    return e->news++ < MAX_NEWS ? level : AV_LOG_VERBOSE;
}

/** A file of rules may have none, for now. */
static int has_rules(const MagnifierExclude *e)
{
    return ff_magnifier_rules_count(ff_magnifier_rt_windows_rules(e->windows)) > 0;
}

static void rt_tell_notices(MagnifierExclude *e, const MagnifierGuardReport *r)
{
    if (r->notices & MAGNIFIER_GUARD_LIST_CHANGED)
        ff_magnifier_log(e->log, AV_LOG_VERBOSE, "Exclusion list %u is in force: %d windows\n",
                         r->version, r->listed);
    /* windows may be off the list for a slot although it is not full */
    if (r->painted && !e->overflow && r->listed + e->nb_canaries >= r->cap) {
        ff_magnifier_log(e->log, level_of_news(e, AV_LOG_WARNING), "The exclusion list takes %d "
                         "entries; %d more windows are painted over in black\n",
                         OWN_ENTRIES + r->cap, r->painted);
        e->overflow = 1;
    }
    if (r->notices & MAGNIFIER_GUARD_OVERFLOW_END && e->overflow) {
        ff_magnifier_log(e->log, level_of_news(e, AV_LOG_INFO),
                         "All excluded windows fit on the list again\n");
        e->overflow = 0;
    }
    if (r->notices & MAGNIFIER_GUARD_CAP_LEARNT)
        ff_magnifier_log(e->log, AV_LOG_VERBOSE, "The exclusion list takes %d entries here\n",
                         OWN_ENTRIES + r->cap);
    if (r->notices & MAGNIFIER_GUARD_PROOF_FIRST && has_rules(e))
        ff_magnifier_log(e->log, level_of_news(e, AV_LOG_INFO),
                         "The exclusion is proven to be in force\n");
    if (r->notices & MAGNIFIER_GUARD_LIST_UNREAD && !e->unread) {
        ff_magnifier_log(e->log, AV_LOG_WARNING, "MagGetWindowFilterList does not give back the list "
                         "that was set; the canary proves that it is in force, so frames without "
                         "that proof are held back\n");
        e->unread = 1;
    }
    if (r->notices & MAGNIFIER_GUARD_PROOF_NONE)
        ff_magnifier_log(e->log, level_of_news(e, AV_LOG_WARNING), "The exclusion cannot be "
                         "proven: %s; going on without, since exclude_proof is auto\n",
                         ff_magnifier_guard_no_proof_text(r->no_proof));
}

/** Worth a warning? Waiting for proof, settling and the first cool-down happen at each start. */
static int is_news(const MagnifierExclude *e, enum MagnifierGuardReason reason)
{
    return reason != MAGNIFIER_GUARD_REASON_AWAITING_PROOF &&
           reason != MAGNIFIER_GUARD_REASON_CANARY_LATE &&
           reason != MAGNIFIER_GUARD_REASON_SETTLING &&
           (reason != MAGNIFIER_GUARD_REASON_COOLDOWN ||
            ff_magnifier_guard_stats(e->guard)->delivered);
}

/** Each reason once, and once more when it has become news. */
static void rt_tell_reason(MagnifierExclude *e, const MagnifierGuardReport *r, const char *culprit)
{
    int level = is_news(e, r->reason) ? AV_LOG_WARNING : AV_LOG_VERBOSE;

    if (r->reason == MAGNIFIER_GUARD_REASON_NONE)
        return;
    if (e->told[r->reason] && e->told[r->reason] <= level)
        level = AV_LOG_DEBUG;
    else
        e->told[r->reason] = level;
    ff_magnifier_log(e->log, level, "Frame held back: %s%s%s%s\n",
                     ff_magnifier_guard_reason_text(r->reason), *culprit ? " (" : "", culprit,
                     *culprit ? ")" : "");
}

/** A script with a variable that is not set may have made it. */
static void rt_tell_rule_for_all(const MagnifierRules *rules, int rule, MagnifierLog *log)
{
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&bp, rules, rule);
    ff_magnifier_log(log, AV_LOG_WARNING, "The rule %s matches every window\n", bp.str);
    av_bprint_finalize(&bp, NULL);
}

static void rt_tell_unmatched_rule(MagnifierWindows *windows, int rule, int required, int hidden,
                                   MagnifierLog *log)
{
    const MagnifierRules *rules = ff_magnifier_rt_windows_rules(windows);
    int line = ff_magnifier_rules_line(rules, rule);
    const char *hint = hidden ? NULL : ff_magnifier_rules_hint(rules, rule);
    AVBPrint bp, unseen;

    av_bprint_init(&unseen, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&bp, rules, rule);
    if (line)
        av_bprintf(&bp, " (line %d)", line);
    av_bprintf(&bp, " matches %s%s", hidden ? "only hidden windows" : "no window",
               required ? ", and exclude_required is set" : " yet");
    if (ff_magnifier_rt_windows_unseen(windows, rule, &unseen) > 0)
        av_bprintf(&bp, "; a window differs only in characters that nobody sees, and is matched by %s",
                   unseen.str);
    else if (hint)
        av_bprintf(&bp, "; %s", hint);
    ff_magnifier_log(log, required ? AV_LOG_ERROR : AV_LOG_WARNING, "The rule %s\n", bp.str);
    av_bprint_finalize(&bp, NULL);
    av_bprint_finalize(&unseen, NULL);
}

/** Which rules match nothing that is not hidden? And are there any? */
static int rt_tell_unmatched(MagnifierWindows *windows, int required, MagnifierLog *log)
{
    const MagnifierRules *rules = ff_magnifier_rt_windows_rules(windows);
    int nb = ff_magnifier_rules_count(rules), unmatched = 0, *matches, *hidden;
    int level = required ? AV_LOG_ERROR : AV_LOG_WARNING;

    if (!nb) {
        ff_magnifier_log(log, level,
                         "exclude_file has no rule%s\n", required ?
                         ", and exclude_required is set" : ": no window is left out");
        return required ? AVERROR(ENOENT) : 0;
    }

    matches = av_calloc(nb, 2 * sizeof(*matches));
    if (!matches)
        return AVERROR(ENOMEM);
    hidden = matches + nb;
    ff_magnifier_rt_windows_matches(windows, matches, hidden);
    for (int i = 0; i < nb; i++) {
        if (!matches[i] && unmatched++ < MAX_UNMATCHED)
            rt_tell_unmatched_rule(windows, i, required, hidden[i], log);
        else if (matches[i] && ff_magnifier_rules_matches_all(rules, i))
            rt_tell_rule_for_all(rules, i, log);
    }
    if (unmatched > MAX_UNMATCHED)
        ff_magnifier_log(log, level, "and %d more rules match no window, or only hidden ones\n",
                         unmatched - MAX_UNMATCHED);
    av_free(matches);
    return required && unmatched ? AVERROR(ENOENT) : 0;
}

/* ------------------------------------------------------------------------
 * The exclusion of a capture
 * ------------------------------------------------------------------------ */

int ff_magnifier_rt_exclude_secure_desktop(const MagnifierExclude *e)
{
    MagnifierWindowsStats stats;

    ff_magnifier_rt_windows_stats(e->windows, &stats);
    return stats.secure_desktop;
}

int ff_magnifier_rt_exclude_leaves_out(const MagnifierExclude *e, uint64_t handle)
{
    return ff_magnifier_rt_windows_leaves_out(e->windows, handle);
}

static int rt_first_look(MagnifierExclude *e)
{
    MagnifierGuardList list = { 0 };
    int ret = ff_magnifier_rt_windows_look(e->windows, &list);

    av_free(list.windows);
    if (ret >= 0 || ret == AVERROR(ENOMEM))
        return ret;
    ff_magnifier_log(e->log, AV_LOG_ERROR, "Could not enumerate the windows to leave out, so "
                     "nothing is recorded; start again when the desktop is on the screen\n");
    return ff_magnifier_rt_exclude_secure_desktop(e) ? AVERROR(EACCES) : ret;
}

/** @return the rules, which are the caller's now */
static MagnifierRules *take_rules(MagnifierExcludeRules *rules)
{
    MagnifierRules *taken = rules->rules;

    rules->rules = NULL;
    return taken;
}

static void log_rules(MagnifierExclude *e)
{
    ff_magnifier_exclude_log_rules(e->exclude_log, e->generation, ff_magnifier_rules_count(
                                   ff_magnifier_rt_windows_rules(e->windows)));
}

int ff_magnifier_rt_exclude_open(MagnifierExclude **exclude, const MagnifierExcludeOptions *options,
                                 MagnifierExcludeRules *rules, const MagnifierScene *scene,
                                 MagnifierLog *log)
{
    MagnifierGuardConfig config;
    MagnifierExclude *e = *exclude = av_mallocz(sizeof(*e));
    int ret;

    if (!e)
        return AVERROR(ENOMEM);
    e->scene       = *scene;
    e->log         = log;
    e->exclude_log = options->log;
    e->file        = rules->file;
    e->generation  = 1;
    for (int i = 0; i < MAGNIFIER_GUARD_MAX_CANARIES; i++) {
        /* two captures of one desktop seldom take the same */
        e->places[i] = i ? e->places[0] : av_get_random_seed();
        e->shown[i]  = 1;
    }

    ret = ff_magnifier_rt_windows_open(&e->windows, take_rules(rules), log);
    if (ret >= 0) {
        log_rules(e);
        ff_magnifier_rt_windows_set_exclude_log(e->windows, e->exclude_log);
        ret = rt_first_look(e);
    }
    if (ret >= 0)
        ret = rt_tell_unmatched(e->windows, options->required, e->log);
    if (ret < 0)
        goto fail;

    ff_magnifier_guard_defaults(&config);
    config.proof    = options->proof;
    config.list_cap = MAGNIFIER_GUARD_LIST_CAP - OWN_ENTRIES;
    config.region   = *scene->region(scene->opaque);
    e->guard = ff_magnifier_guard_alloc(&guard_ops, e, &config);
    if (e->guard)
        return 0;
    ret = AVERROR(ENOMEM);

fail:
    ff_magnifier_rt_exclude_close(exclude);
    return ret;
}

void ff_magnifier_rt_exclude_close(MagnifierExclude **exclude)
{
    MagnifierExclude *e = *exclude;

    if (!e)
        return;
    if (e->guard)
        ff_magnifier_exclude_log_guard_end(e->exclude_log, ff_magnifier_guard_stats(e->guard));
    ff_magnifier_guard_free(&e->guard);
    rt_op_end_canary(e);
    ff_magnifier_rt_screen_close(&e->screen);
    ff_magnifier_rt_windows_close(&e->windows);
    av_buffer_unref(&e->last);
    av_freep(exclude);
}

int ff_magnifier_rt_exclude_prime(MagnifierExclude *e)
{
    MagnifierGuardList list = { 0 };
    uint64_t handles[MAGNIFIER_GUARD_LIST_CAP - OWN_ENTRIES];
    int nb = 0;
    int ret = ff_magnifier_rt_windows_look(e->windows, &list);

    for (size_t i = 0; i < list.nb_windows && nb < (int)FF_ARRAY_ELEMS(handles); i++)
        if (list.windows[i].flags & MAGNIFIER_GUARD_VISIBLE)
            handles[nb++] = list.windows[i].handle;
    av_free(list.windows);
    if (ret < 0)
        return ret;
    return rt_op_set_list(e, handles, nb);
}

/** A frame has been let go. */
static MagnifierMetadata metadata_of(const MagnifierExclude *e, const MagnifierGuardReport *r)
{
    if (!has_rules(e))
        return (MagnifierMetadata) { .state = MAGNIFIER_STATE_OPEN, .rules = e->generation };
    return (MagnifierMetadata) {
        .state   = r->proven ? MAGNIFIER_STATE_PROVEN : MAGNIFIER_STATE_CLEAN,
        .list    = r->frame_list,
        .listed  = r->frame_listed,
        .painted = r->frame_painted,
        .rules   = e->generation,
    };
}

AVFrame *ff_magnifier_rt_exclude_invalidate(MagnifierExclude *e, MagnifierMetadata *metadata)
{
    MagnifierGuardReport report;
    void *frame = NULL;

    if (ff_magnifier_guard_flush(e->guard, &frame, &report) == MAGNIFIER_FRAME)
        *metadata = metadata_of(e, &report);
    ff_magnifier_guard_invalidate(e->guard);
    rt_op_end_canary(e);
    /* its device contexts are those of the layout that may have gone */
    ff_magnifier_rt_screen_close(&e->screen);
    return frame;
}

AVFrame *ff_magnifier_rt_exclude_move(MagnifierExclude *e, const MagnifierRect *region,
                                      MagnifierMetadata *metadata)
{
    MagnifierGuardReport report;
    void *frame = NULL;

    if (ff_magnifier_guard_flush(e->guard, &frame, &report) == MAGNIFIER_FRAME)
        *metadata = metadata_of(e, &report);
    ff_magnifier_guard_move(e->guard, region);
    /* it does not show what is where the new canaries will be */
    av_buffer_unref(&e->last);
    return frame;
}

unsigned ff_magnifier_exclude_generation(const MagnifierExclude *e)
{
    return e->generation;
}

static int rt_follow_file(MagnifierExclude *e, int64_t now, int *forget)
{
    MagnifierRules *rules;
    int ret;

    /* The file is not read again until it changes, so the old rules must not go on. */
    if (e->rules_lost || !e->file || !ff_magnifier_rulefile_poll(e->file, now, &rules))
        return e->rules_lost;
    ret = ff_magnifier_rt_windows_set_rules(e->windows, rules);
    if (ret < 0)
        return e->rules_lost = ret;
    ff_magnifier_guard_invalidate(e->guard);
    *forget = MAGNIFIER_FORGET;
    e->untried = 1;
    InterlockedIncrement(&e->generation);
    log_rules(e);
    return 0;
}

/** What the looks of a slot have found. */
static void rt_note_looks(MagnifierExclude *e, int *forget)
{
    MagnifierWindowsStats stats;

    ff_magnifier_rt_windows_stats(e->windows, &stats);
    /* A window has begun to match that may be in pictures from before, or may have. */
    if (e->turned != stats.turned)
        *forget = FFMAX(*forget, MAGNIFIER_FORGET_SOON);
    if (e->failed != stats.failed)
        *forget = FFMAX(*forget, MAGNIFIER_FORGET_UNSEEN);
    if (e->untried && e->looks != stats.looks && e->failed == stats.failed) {
        e->untried = 0;
        rt_tell_unmatched(e->windows, 0, e->log);
    }
    e->turned = stats.turned;
    e->looks  = stats.looks;
    e->failed = stats.failed;
}

int ff_magnifier_rt_exclude_idle(MagnifierExclude *e, int *forget)
{
    MagnifierGuardReport report;
    void *frame = NULL;
    int ret = rt_follow_file(e, ff_magnifier_clock(), forget);

    if (ret < 0)
        return ret;
    ff_magnifier_guard_flush(e->guard, &frame, &report);
    if (frame)
        rt_op_discard(e, frame);
    rt_note_looks(e, forget);
    return 0;
}

int ff_magnifier_rt_exclude_next(MagnifierExclude *e, int begins, MagnifierResult *result)
{
    char culprit[sizeof(e->culprit)] = "";
    MagnifierGuardReport report;
    void *out = NULL;
    int ret = rt_follow_file(e, ff_magnifier_clock(), &result->forget);

    if (ret < 0)
        return ret;
    ret = ff_magnifier_guard_next(e->guard, begins, &out, &report);
    if (report.reason)
        ff_magnifier_rt_windows_program(e->windows, report.handle, culprit, sizeof(culprit));
    if (*culprit)
        av_strlcpy(e->culprit, culprit, sizeof(e->culprit));
    e->reason        = report.reason;
    result->frame    = out;
    result->metadata = metadata_of(e, &report);
    result->reason   = report.reason ? ff_magnifier_guard_reason_text(report.reason) : NULL;
    result->holds    = report.holds;
    result->again_at = report.again_at;
    av_strlcpy(result->culprit, e->culprit, sizeof(result->culprit));
    rt_note_looks(e, &result->forget);
    ff_magnifier_exclude_log_guard(e->exclude_log, &report, ff_magnifier_guard_stats(e->guard),
                                   e->set, culprit, e->generation);
    rt_tell_notices(e, &report);
    rt_tell_reason(e, &report, culprit);
    return ret;
}

void ff_magnifier_rt_exclude_heard(MagnifierExclude *e)
{
    ff_magnifier_rt_windows_heard(e->windows);
}

int ff_magnifier_rt_exclude_list_fails(const MagnifierExclude *e)
{
    return e->reason == MAGNIFIER_GUARD_REASON_LIST_REFUSED ||
           e->reason == MAGNIFIER_GUARD_REASON_LIST_DIFFERS;
}

void ff_magnifier_rt_exclude_summary(const MagnifierExclude *e, MagnifierExcludeSummary *summary)
{
    summary->guard = *ff_magnifier_guard_stats(e->guard);
    ff_magnifier_rt_windows_stats(e->windows, &summary->windows);
}

/** Who asks for the list gets it, though there be no other line: INFO, or what is shown at all. */
static void rt_log_lines(MagnifierLog *log, char *text)
{
    const int level = FFMIN(AV_LOG_INFO, FFMAX(av_log_get_level(), AV_LOG_PANIC));
    char *save = NULL;

    for (char *line = av_strtok(text, "\n", &save); line; line = av_strtok(NULL, "\n", &save))
        ff_magnifier_log(log, level, "%s\n", line);
}

int ff_magnifier_rt_exclude_print_windows(MagnifierExcludeRules *rules, int json, MagnifierLog *log)
{
    MagnifierWindows *windows = NULL;
    AVBPrint bp;
    int ret;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ret = ff_magnifier_rt_windows_open(&windows, take_rules(rules), log);
    if (ret >= 0)
        ret = json ? ff_magnifier_rt_windows_json(windows, &bp)
                   : ff_magnifier_rt_windows_print(windows, &bp);
    if (ret >= 0 && !av_bprint_is_complete(&bp))
        ret = AVERROR(ENOMEM);
    if (ret >= 0 && json)
        ff_magnifier_log_output(log, bp.str);
    else if (ret >= 0)
        rt_log_lines(log, bp.str);
    if (ret >= 0 && ff_magnifier_rules_count(ff_magnifier_rt_windows_rules(windows)))
        ret = rt_tell_unmatched(windows, 0, log);
    av_bprint_finalize(&bp, NULL);
    ff_magnifier_rt_windows_close(&windows);
    return ret;
}
