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
#include "rulefile.h"
#include "runtime.h"

/**
 * How old a look at the canary on the screen may be, microseconds. With strict proof, and until a list
 * is proven, there is one before and one after each capture; later on, what covers a canary is
 * found out a little later.
 */
#define LOOK_PERIOD 100000

/** How long to wait for the canaries of all controls to be seen, microseconds. */
#define SHOW_BUDGET 250000

/** Entries of each list that are not the guard's: the host window. */
#define OWN_ENTRIES 1

struct MagnifierExclude {
    MagnifierScene scene;
    MagnifierLog *log;
    MagnifierRulefile *file;    ///< NULL without exclude_file
    MagnifierWindows *windows;
    MagnifierGuard *guard;

    MagnifierCanary canaries[MAGNIFIER_GUARD_MAX_CANARIES];
    int nb_canaries;
    unsigned corner;            ///< of a control's rectangle that they try first
    uint32_t last_color;        ///< of the canary before, to use another one
    int max_age;                ///< of a look at the canary on the screen, see LOOK_PERIOD
    int trust;                  ///< the list in force was proven, by looks of the moment
    enum MagnifierGuardReason reason; ///< of the last call
    char culprit[64];           ///< program of the window behind it; empty: unknown
    int overflow;               ///< it has been said that the list is too short
    uint64_t turned;            ///< windows that began to match late, so far
    uint64_t looks, failed;     ///< completed so far, and not
    int untried;                ///< there are new rules, and no look has been made with them

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
    e->trust = 0;
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
    if (!nb || list[0] != controls[part].host)
        return AVERROR_EXTERNAL;
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

static int rt_op_begin_canary(void *opaque, uint64_t *handles, int *nb_handles)
{
    MagnifierExclude *e = opaque;
    int64_t end = ff_magnifier_clock() + SHOW_BUDGET;
    int nb, seen = 1;
    MagnifierControl *controls = rt_controls(e, &nb);

    if (!nb || nb > MAGNIFIER_GUARD_MAX_CANARIES)
        return AVERROR_EXTERNAL;
    for (int i = 0; i < nb; i++) {
        const MagnifierRect *rect = &controls[i].rect;
        const uint8_t *data = e->last ? pixels_of(e, rect, e->last, e->linesize) : NULL;
        int ret = ff_magnifier_rt_canary_show(&e->canaries[i], rect, e->corner, data,
                                              e->linesize, e->last_color, end);
        if (ret < 0) {
            rt_op_end_canary(e);
            return ret;
        }
        e->nb_canaries++;
        handles[i] = (uintptr_t)e->canaries[i].hwnd;
        seen &= ret;
    }
    e->last_color = e->canaries[0].color;
    *nb_handles   = nb;
    return seen ? MAGNIFIER_GUARD_CANARY_SEEN : MAGNIFIER_GUARD_CANARY_UNSEEN;
}

/** Does the screen show all of them? */
static int rt_canaries_seen(MagnifierExclude *e)
{
    int seen = 1;

    for (int i = 0; i < e->nb_canaries; i++)
        seen &= ff_magnifier_rt_canary_seen(&e->canaries[i], e->max_age, e->trust);
    return seen;
}

static void rt_judge_canaries(MagnifierExclude *e, const AVFrame *frame, int seen_before,
                              MagnifierGuardProof *proof)
{
    int nb;
    MagnifierControl *controls = rt_controls(e, &nb);

    for (int i = 0; i < e->nb_canaries && i < nb; i++) {
        const MagnifierRect *rect = &controls[i].rect;
        const uint8_t *data = pixels_of(e, rect, frame->buf[0], frame->linesize[0]);

        if (ff_magnifier_rt_canary_exposed(&e->canaries[i], rect, data, frame->linesize[0]))
            proof->exposed++;
        else if (seen_before && ff_magnifier_rt_canary_seen(&e->canaries[i], e->max_age, e->trust))
            proof->hidden++;
        else
            proof->unseen++;
    }
}

static int rt_op_capture(void *opaque, int control, void **out, MagnifierGuardProof *proof)
{
    MagnifierExclude *e = opaque;
    AVFrame *frame = NULL;
    int seen_before = rt_canaries_seen(e);
    int ret = e->scene.compose(e->scene.opaque, &frame);

    if (ret < 0)
        return ret == AVERROR_EXTERNAL ? AVERROR(EAGAIN) : ret;
    rt_judge_canaries(e, frame, seen_before, proof);
    e->trust |= !control && proof->hidden && !proof->exposed && !proof->unseen;
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
            memset(f->data[0] + (y - region->top) * (ptrdiff_t)f->linesize[0] + 4 * (ptrdiff_t)(left - region->left),
                   0, 4 * (size_t)(right - left));
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
    .capture      = rt_op_capture,
    .discard      = rt_op_discard,
    .paint        = rt_op_paint,
};

/* ------------------------------------------------------------------------
 * Telling the user
 * ------------------------------------------------------------------------ */

static void rt_tell_notices(MagnifierExclude *e, const MagnifierGuardReport *r)
{
    if (r->notices & MAGNIFIER_GUARD_LIST_CHANGED)
        ff_magnifier_log(e->log, AV_LOG_VERBOSE, "Exclusion list %u is in force: %d windows\n",
                         r->version, r->listed);
    /* windows may be off the list for a slot although it is not full */
    if (r->painted && !e->overflow && r->listed + e->nb_canaries >= r->cap) {
        ff_magnifier_log(e->log, AV_LOG_WARNING, "The exclusion list takes %d entries; "
                         "%d more windows are painted over in black\n",
                         OWN_ENTRIES + r->cap, r->painted);
        e->overflow = 1;
    }
    if (r->notices & MAGNIFIER_GUARD_OVERFLOW_END && e->overflow) {
        ff_magnifier_log(e->log, AV_LOG_INFO, "All excluded windows fit on the list again\n");
        e->overflow = 0;
    }
    if (r->notices & MAGNIFIER_GUARD_CAP_LEARNT)
        ff_magnifier_log(e->log, AV_LOG_VERBOSE, "The exclusion list takes %d entries here\n",
                         OWN_ENTRIES + r->cap);
    if (r->notices & MAGNIFIER_GUARD_PROOF_FIRST)
        ff_magnifier_log(e->log, AV_LOG_INFO, "The exclusion is proven to be in force\n");
    if (r->notices & MAGNIFIER_GUARD_PROOF_NONE)
        ff_magnifier_log(e->log, AV_LOG_WARNING, "The exclusion cannot be proven: %s; going on without, "
                         "since exclude_proof is auto\n", ff_magnifier_guard_no_proof_text(r->no_proof));
}

/** Worth a warning? Waiting for proof, settling and the first cool-down happen at each start. */
static int is_news(const MagnifierExclude *e, enum MagnifierGuardReason reason)
{
    return reason != MAGNIFIER_GUARD_REASON_AWAITING_PROOF &&
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

/** Which rules match nothing? And are there any? */
static int rt_tell_unmatched(MagnifierExclude *e, int required)
{
    const MagnifierRules *rules = ff_magnifier_rt_windows_rules(e->windows);
    int nb = ff_magnifier_rules_count(rules), ret = 0, *matches;

    if (!nb) {
        ff_magnifier_log(e->log, required ? AV_LOG_ERROR : AV_LOG_WARNING,
                         "exclude_file has no rule%s\n", required ? ", and exclude_required is set" :
                         ": no window is left out");
        return required ? AVERROR(ENOENT) : 0;
    }

    matches = av_calloc(nb, sizeof(*matches));
    if (!matches)
        return AVERROR(ENOMEM);
    ff_magnifier_rt_windows_matches(e->windows, matches);
    for (int i = 0; i < nb; i++) {
        int line = ff_magnifier_rules_line(rules, i);
        const char *hint = ff_magnifier_rules_hint(rules, i);
        AVBPrint bp;

        if (matches[i])
            continue;
        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_AUTOMATIC);
        ff_magnifier_rules_print(&bp, rules, i);
        if (line)
            av_bprintf(&bp, " (line %d)", line);
        ff_magnifier_log(e->log, required ? AV_LOG_ERROR : AV_LOG_WARNING,
                         "The rule %s matches no window%s%s%s\n", bp.str,
                         required ? ", and exclude_required is set" : " yet",
                         hint ? "; " : "", hint ? hint : "");
        if (required)
            ret = AVERROR(ENOENT);
    }
    av_free(matches);
    return ret;
}

/* ------------------------------------------------------------------------ */

int ff_magnifier_rt_exclude_secure_desktop(const MagnifierExclude *e)
{
    MagnifierWindowsStats stats;

    ff_magnifier_rt_windows_stats(e->windows, &stats);
    return stats.secure_desktop;
}

static int rt_first_look(MagnifierExclude *e)
{
    MagnifierGuardList list = { 0 };
    int ret = ff_magnifier_rt_windows_look(e->windows, &list);

    av_free(list.windows);
    if (ret >= 0 || ret == AVERROR(ENOMEM))
        return ret;
    ff_magnifier_log(e->log, AV_LOG_ERROR, "Could not enumerate the windows to leave out, so nothing "
                     "is recorded; start again when the desktop is on the screen\n");
    return ff_magnifier_rt_exclude_secure_desktop(e) ? AVERROR(EACCES) : ret;
}

int ff_magnifier_rt_exclude_open(MagnifierExclude **exclude, const MagnifierExcludeOptions *options,
                                 const MagnifierScene *scene, MagnifierLog *log)
{
    MagnifierGuardConfig config;
    MagnifierRules *rules;
    MagnifierExclude *e = *exclude = av_mallocz(sizeof(*e));
    int ret;

    if (!e)
        return AVERROR(ENOMEM);
    e->scene  = *scene;
    e->log    = log;
    e->corner = av_get_random_seed(); /* two captures of one desktop seldom take the same */

    ret = ff_magnifier_rulefile_open(&e->file, &rules, options->rules, options->file, log);
    if (ret >= 0)
        ret = ff_magnifier_rt_windows_open(&e->windows, rules, log);
    if (ret >= 0)
        ret = rt_first_look(e);
    if (ret >= 0)
        ret = rt_tell_unmatched(e, options->required);
    if (ret < 0)
        goto fail;

    ff_magnifier_guard_defaults(&config);
    config.proof    = options->proof;
    config.list_cap = MAGNIFIER_GUARD_LIST_CAP - OWN_ENTRIES;
    config.region   = *scene->region(scene->opaque);
    e->max_age   = options->proof == MAGNIFIER_GUARD_PROOF_STRICT ? 0 : LOOK_PERIOD;
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
    ff_magnifier_guard_free(&e->guard);
    rt_op_end_canary(e);
    ff_magnifier_rt_windows_close(&e->windows);
    ff_magnifier_rulefile_close(&e->file);
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

AVFrame *ff_magnifier_rt_exclude_invalidate(MagnifierExclude *e)
{
    MagnifierGuardReport report;
    void *frame = NULL;

    ff_magnifier_guard_flush(e->guard, &frame, &report);
    ff_magnifier_guard_invalidate(e->guard);
    rt_op_end_canary(e);
    return frame;
}

static int rt_follow_file(MagnifierExclude *e, int64_t now, int *forget)
{
    MagnifierRules *rules;
    int ret;

    if (!e->file || !ff_magnifier_rulefile_poll(e->file, now, &rules))
        return 0;
    ret = ff_magnifier_rt_windows_set_rules(e->windows, rules);
    if (ret < 0)
        return ret;
    ff_magnifier_guard_invalidate(e->guard);
    *forget = MAGNIFIER_FORGET;
    e->untried = 1;
    return 0;
}

/** What the looks of a slot have found. */
static void rt_note_looks(MagnifierExclude *e, int *forget)
{
    MagnifierWindowsStats stats;

    ff_magnifier_rt_windows_stats(e->windows, &stats);
    /* A window has begun to match that may be in pictures from before. */
    if (e->turned != stats.turned)
        *forget = FFMAX(*forget, MAGNIFIER_FORGET_SOON);
    if (e->untried && e->looks != stats.looks && e->failed == stats.failed) {
        e->untried = 0;
        rt_tell_unmatched(e, 0);
    }
    ff_magnifier_rt_windows_want_moves(e->windows, ff_magnifier_guard_paints(e->guard));
    e->turned = stats.turned;
    e->looks  = stats.looks;
    e->failed = stats.failed;
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
    result->holds    = report.holds;
    result->again_at = report.again_at;
    av_strlcpy(result->culprit, e->culprit, sizeof(result->culprit));
    rt_note_looks(e, &result->forget);
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

static void rt_log_lines(MagnifierLog *log, char *text)
{
    char *save = NULL;

    for (char *line = av_strtok(text, "\n", &save); line; line = av_strtok(NULL, "\n", &save))
        ff_magnifier_log(log, AV_LOG_INFO, "%s\n", line);
}

int ff_magnifier_rt_exclude_print_windows(const MagnifierExcludeOptions *options, MagnifierLog *log)
{
    MagnifierRulefile *file   = NULL;
    MagnifierWindows *windows = NULL;
    MagnifierRules *rules;
    AVBPrint bp;
    int ret;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ret = ff_magnifier_rulefile_open(&file, &rules, options->rules, options->file, log);
    if (ret >= 0)
        ret = ff_magnifier_rt_windows_open(&windows, rules, log);
    if (ret >= 0)
        ret = ff_magnifier_rt_windows_print(windows, &bp);
    if (ret >= 0 && !av_bprint_is_complete(&bp))
        ret = AVERROR(ENOMEM);
    if (ret >= 0)
        rt_log_lines(log, bp.str);
    av_bprint_finalize(&bp, NULL);
    ff_magnifier_rt_windows_close(&windows);
    ff_magnifier_rulefile_close(&file);
    return ret;
}
