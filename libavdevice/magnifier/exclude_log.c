/*
 * magnifier: what was left out, and when
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

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/avutil.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"
#include "libavutil/sha.h"

#include "clock.h"
#include "exclude_log.h"
#include "json.h"
#include "linefile.h"

/** Of this format: it grows when a member changes its meaning. */
#define VERSION 1

#define SHA256_SIZE 32

struct MagnifierExcludeLog {
    MagnifierLinefile *file;
    MagnifierLog *lines;
    char    *path;
    int      titles;
    int64_t  wall_offset;
    struct AVSHA *sha;          ///< runtime's thread
    SRWLOCK  lock;              ///< guards pts
    int64_t  pts;               ///< of the last packet

    /* FFmpeg's thread */
    MagnifierMetadata last;     ///< of the last packet
    uint64_t frames, states[MAGNIFIER_NB_STATES]; ///< packets
    int      warned;            ///< that lines are lost has been said

    /* runtime's thread */
    MagnifierGuardStats stats;  ///< those that lines have been written about
    enum MagnifierGuardReason hold; ///< why frames are being held back; NONE: they are not
    uint64_t held;              ///< frames, for that
};

/* ---- lines ---- */

static int64_t last_pts(MagnifierExcludeLog *l)
{
    int64_t pts;

    AcquireSRWLockExclusive(&l->lock);
    pts = l->pts;
    ReleaseSRWLockExclusive(&l->lock);
    return pts;
}

/** @param pts AV_NOPTS_VALUE: null */
static void begin_line(AVBPrint *bp, const char *event, int64_t time, int64_t pts)
{
    av_bprint_init(bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprintf(bp, "{\"event\":\"%s\",\"time\":%"PRId64",\"pts\":", event, time);
    if (pts == AV_NOPTS_VALUE)
        av_bprintf(bp, "null");
    else
        av_bprintf(bp, "%"PRId64, pts);
}

void ff_magnifier_exclude_log_begin(MagnifierExcludeLog *l, AVBPrint *bp, const char *event)
{
    begin_line(bp, event, ff_magnifier_clock() + l->wall_offset, last_pts(l));
}

static void add_line(MagnifierExcludeLog *l, AVBPrint *bp, int must)
{
    av_bprintf(bp, "}\n");
    if (av_bprint_is_complete(bp))
        ff_magnifier_linefile_add(l->file, bp->str, bp->len, must);
    else
        ff_magnifier_linefile_add(l->file, NULL, 0, 0);
    av_bprint_finalize(bp, NULL);
}

/** "lost", if lines were. */
static void tell_lost(MagnifierExcludeLog *l)
{
    unsigned lost = ff_magnifier_linefile_take_lost(l->file);
    AVBPrint bp;

    if (!lost)
        return;
    ff_magnifier_exclude_log_begin(l, &bp, "lost");
    av_bprintf(&bp, ",\"lines\":%u", lost);
    add_line(l, &bp, 1);
}

void ff_magnifier_exclude_log_end(MagnifierExcludeLog *l, AVBPrint *bp)
{
    tell_lost(l);
    add_line(l, bp, 0);
}

void ff_magnifier_exclude_log_title(MagnifierExcludeLog *l, AVBPrint *bp, const char *title)
{
    uint8_t sum[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];

    if (l->titles) {
        ff_magnifier_json_member(bp, "title", title);
        return;
    }
    if (title) {
        av_sha_init(l->sha, 8 * SHA256_SIZE);
        av_sha_update(l->sha, (const uint8_t *)title, strlen(title));
        av_sha_final(l->sha, sum);
        for (int i = 0; i < SHA256_SIZE; i++)
            snprintf(&hex[2 * i], 3, "%02x", sum[i]);
    }
    ff_magnifier_json_member(bp, "title_sha256", title ? hex : NULL);
}

void ff_magnifier_exclude_log_rules(MagnifierExcludeLog *l, unsigned generation, int nb)
{
    AVBPrint bp;

    if (!l)
        return;
    ff_magnifier_exclude_log_begin(l, &bp, "rules");
    av_bprintf(&bp, ",\"rules\":%u,\"count\":%d", generation, nb);
    ff_magnifier_exclude_log_end(l, &bp);
}

/* ---- what the guard tells ---- */

static void log_list(MagnifierExcludeLog *l, const MagnifierGuardReport *r,
                     const uint64_t *windows, unsigned rules)
{
    AVBPrint bp;

    ff_magnifier_exclude_log_begin(l, &bp, "list");
    av_bprintf(&bp, ",\"list\":%u,\"listed\":%d,\"painted\":%d,\"rules\":%u,\"windows\":[",
               r->version, r->listed, r->painted, rules);
    for (int i = 0; i < r->listed; i++)
        av_bprintf(&bp, "%s\"0x%"PRIx64"\"", i ? "," : "", windows[i]);
    av_bprintf(&bp, "]");
    ff_magnifier_exclude_log_end(l, &bp);
}

static void end_hold(MagnifierExcludeLog *l)
{
    AVBPrint bp;

    if (!l->hold)
        return;
    ff_magnifier_exclude_log_begin(l, &bp, "hold_end");
    ff_magnifier_json_member(&bp, "reason", ff_magnifier_guard_reason_text(l->hold));
    av_bprintf(&bp, ",\"frames\":%"PRIu64, l->held);
    ff_magnifier_exclude_log_end(l, &bp);
    l->hold = MAGNIFIER_GUARD_REASON_NONE;
    l->held = 0;
}

/** @param nb frames; 0: none was captured, for that reason */
static void hold(MagnifierExcludeLog *l, enum MagnifierGuardReason reason, uint64_t nb,
                 const char *program)
{
    AVBPrint bp;

    if (l->hold != reason) {
        end_hold(l);
        ff_magnifier_exclude_log_begin(l, &bp, "hold");
        ff_magnifier_json_member(&bp, "reason", ff_magnifier_guard_reason_text(reason));
        ff_magnifier_json_member(&bp, "program", *program ? program : NULL);
        ff_magnifier_exclude_log_end(l, &bp);
        l->hold = reason;
    }
    l->held += nb;
}

void ff_magnifier_exclude_log_guard(MagnifierExcludeLog *l, const MagnifierGuardReport *report,
                                    const MagnifierGuardStats *stats, const uint64_t *windows,
                                    const char *program, unsigned rules)
{
    if (!l)
        return;
    if (report->notices & MAGNIFIER_GUARD_LIST_CHANGED)
        log_list(l, report, windows, rules);
    /* the frame that has left is older than one that was held back in the same call */
    if (stats->delivered != l->stats.delivered)
        end_hold(l);
    for (unsigned i = MAGNIFIER_GUARD_REASON_NONE + 1; i < MAGNIFIER_GUARD_NB_REASONS; i++) {
        const uint64_t nb = stats->refused[i] - l->stats.refused[i];

        if (nb || i == report->reason)
            hold(l, i, nb, i == report->reason ? program : "");
    }
    l->stats = *stats;
}

void ff_magnifier_exclude_log_guard_end(MagnifierExcludeLog *l, const MagnifierGuardStats *stats)
{
    const MagnifierGuardReport none = { 0 };

    if (!l)
        return;
    ff_magnifier_exclude_log_guard(l, &none, stats, NULL, "", 0);
    end_hold(l);
}

/* ---- what packets say ---- */

/** Lines are lost: this is said once. */
static void warn(MagnifierExcludeLog *l)
{
    unsigned long code;

    if (l->warned || !ff_magnifier_linefile_has_lost(l->file, &code))
        return;
    l->warned = 1;
    if (code)
        ff_magnifier_log(l->lines, AV_LOG_WARNING, "exclude_log %s: it cannot be written any more "
                         "(error %lu); the recording goes on, and lines are lost\n", l->path, code);
    else
        ff_magnifier_log(l->lines, AV_LOG_WARNING, "exclude_log %s: it is written too slowly; the "
                         "recording goes on, and lines are lost, which are counted in it\n", l->path);
}

static int is_same(const MagnifierMetadata *a, const MagnifierMetadata *b)
{
    return a->state == b->state && a->list == b->list && a->listed == b->listed &&
           a->painted == b->painted && a->rules == b->rules && !a->reason == !b->reason &&
           (!a->reason || !strcmp(a->reason, b->reason));
}

void ff_magnifier_exclude_log_packet(MagnifierExcludeLog *l, int64_t pts,
                                     const MagnifierMetadata *m)
{
    AVBPrint bp;

    if (!l)
        return;
    AcquireSRWLockExclusive(&l->lock);
    l->pts = pts;
    ReleaseSRWLockExclusive(&l->lock);
    warn(l);
    if (!l->frames || !is_same(m, &l->last)) {
        ff_magnifier_exclude_log_begin(l, &bp, "state");
        ff_magnifier_json_member(&bp, "state", ff_magnifier_state_name(m->state));
        if (m->list)
            av_bprintf(&bp, ",\"list\":%u,\"listed\":%d,\"painted\":%d,\"rules\":%u", m->list,
                       m->listed, m->painted, m->rules);
        if (m->reason)
            ff_magnifier_json_member(&bp, "reason", m->reason);
        ff_magnifier_exclude_log_end(l, &bp);
    }
    l->last = *m;
    l->frames++;
    l->states[m->state]++;
}

void ff_magnifier_exclude_log_summary(MagnifierExcludeLog *l, const MagnifierGuardStats *stats)
{
    AVBPrint bp;

    if (!l)
        return;
    tell_lost(l);
    ff_magnifier_exclude_log_begin(l, &bp, "end");
    av_bprintf(&bp, ",\"frames\":%"PRIu64, l->frames);
    for (int i = 0; i < MAGNIFIER_NB_STATES; i++)
        av_bprintf(&bp, ",\"%s\":%"PRIu64, ff_magnifier_state_name(i), l->states[i]);
    if (stats)
        av_bprintf(&bp, ",\"held_back\":%"PRIu64",\"lists\":%"PRIu64, stats->refused_total,
                   stats->list_changes);
    add_line(l, &bp, 1);
}

/* ---- opening and closing ---- */

static const char *problem_of(int error)
{
    switch (error) {
    case AVERROR(EINVAL):    return "the name is not valid UTF-8";
    case AVERROR(ENOENT):    return "there is no such folder, or the name cannot be a file's";
    case AVERROR(EACCES):    return "access is denied, it is a folder, or another program has it locked";
    case AVERROR(ENOSPC):    return "the disk is full";
    case AVERROR(ENOMEM):    return "out of memory";
    case AVERROR(EPIPE):     return "it is no file on a disk";
    case AVERROR(ETIMEDOUT): return "it does not answer";
    case AVERROR_INVALIDDATA: return "it has something else in it already; the log wants a file of its own";
    }
    return "it cannot be written";
}

static av_cold int open_file(MagnifierExcludeLog *l, const AVIOInterruptCB *cb)
{
    unsigned long code = 0;
    char text[32] = "";
    AVBPrint bp;
    int ret;

    ff_magnifier_exclude_log_begin(l, &bp, "start");
    av_bprintf(&bp, ",\"version\":%d,\"titles\":\"%s\"}\n", VERSION, l->titles ? "text" : "sha256");
    ret = av_bprint_is_complete(&bp) ? ff_magnifier_linefile_open(&l->file, l->path, bp.str, cb, &code)
                                     : AVERROR(ENOMEM);
    av_bprint_finalize(&bp, NULL);
    if (ret >= 0 || ret == AVERROR_EXIT)
        return ret;
    if (code)
        snprintf(text, sizeof(text), " (error %lu)", code);
    ff_magnifier_log(l->lines, AV_LOG_ERROR, "exclude_log %s: %s%s\n", l->path, problem_of(ret), text);
    if (ret == AVERROR_INVALIDDATA)
        return AVERROR(EINVAL); /* it is the name that is wrong */
    /* FFmpeg has no words for these */
    return ret == AVERROR(EPIPE) || ret == AVERROR(ETIMEDOUT) ? AVERROR(EIO) : ret;
}

av_cold int ff_magnifier_exclude_log_open(MagnifierExcludeLog **log,
                                          const MagnifierExcludeLogOptions *o,
                                          const AVIOInterruptCB *cb, MagnifierLog *lines)
{
    MagnifierExcludeLog *l;
    int ret = AVERROR(ENOMEM);

    *log = NULL;
    if (!o->path)
        return 0;
    *log = l = av_mallocz(sizeof(*l));
    if (!l)
        return ret;
    l->lines       = lines;
    l->titles      = o->titles;
    l->wall_offset = o->wall_offset;
    InitializeSRWLock(&l->lock);
    l->pts         = AV_NOPTS_VALUE;
    l->path        = av_strdup(o->path);
    l->sha         = av_sha_alloc();
    if (l->path && l->sha)
        ret = open_file(l, cb);
    if (ret < 0)
        ff_magnifier_exclude_log_close(log, 0);
    return ret;
}

void ff_magnifier_exclude_log_close(MagnifierExcludeLog **log, unsigned timeout)
{
    MagnifierExcludeLog *l = *log;

    *log = NULL;
    if (!l)
        return;
    if (ff_magnifier_linefile_close(&l->file, timeout) < 0 && timeout)
        ff_magnifier_log(l->lines, AV_LOG_WARNING, "exclude_log %s: it does not answer, so its last "
                         "lines may be missing\n", l->path);
    av_freep(&l->sha);
    av_freep(&l->path);
    av_free(l);
}
