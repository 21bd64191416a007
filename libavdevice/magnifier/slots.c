/*
 * magnifier: the picture of each slot
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

#include "libavutil/attributes.h"
#include "libavutil/buffer.h"
#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"
#include "libavcodec/defs.h"

#include "capture.h"
#include "pace.h"
#include "slots.h"
#include "worker.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

/** How long the first picture may take to become safe, microseconds. */
#define START_TIMEOUT 10000000

/** Time from try to try until there is a first picture, also at low frame rates, microseconds. */
#define START_STEP 50000

/**
 * How far off the next picture is when a read that must not block comes back without one,
 * microseconds, and after how long: in between the reader has time to come again.
 */
#define NONBLOCK_AHEAD 100000
#define NONBLOCK_WAIT   60000

/** How long a picture is repeated that may show a window that has begun to match, microseconds. */
#define FORGET_DELAY 1000000

/**
 * How long on_unsafe and on_outage repeat the last picture before they stop, microseconds, and
 * for how many slots at least: a window that opens costs one or two, which is no reason to stop.
 */
#define STOP_DELAY 1000000
#define STOP_SLOTS 4

/** For how long, at least, pictures are taken in advance for a reader who does not come, microseconds. */
#define AHEAD_TIME 1000000
#define AHEAD_SLOTS 2

/** How many pictures in a row may take longer than a slot before that is said. */
#define SLOW_PICTURES 10

/** It is said that reads are late when twice their number exceeds that of the others by so much. */
#define SLOW_READS 20

/** How long the end of the thread may take, milliseconds: more than a call of the capture. */
#define END_TIMEOUT 5000

struct MagnifierSlots {
    MagnifierSlotsOptions options;
    AVBufferRef *capture;       ///< shared with the runtime's thread
    MagnifierLog *log;          ///< the capture's
    MagnifierWorker *worker;    ///< the thread; the reader's
    int running;                ///< it has something to do; the reader's

    SRWLOCK lock;               ///< guards everything down to "dropped"
    CONDITION_VARIABLE changed;
    MagnifierPicture waiting;   ///< for the reader
    int old;                    ///< which is too old for that by now
    int error;                  ///< what comes after it, once; 0: nothing
    int reading;                ///< the reader is here
    int rests;                  ///< it was interrupted or got an error: nothing before it reads again
    int stop;                   ///< the thread is to end
    int64_t left_at;            ///< ff_magnifier_clock() when the reader went
    int64_t due;                ///< ... and when the thread goes on
    int replaced;               ///< a new picture took the place of one that waited, since the last read
    int slow_reads;             ///< twice the reads before which that was so, less the others; SLOW_READS: it
                                ///< has been said
    int64_t dropped;            ///< pictures that waited in vain

    /* below: the thread only, or while there is none */
    int64_t begun;              ///< ff_magnifier_clock() at the first read, 0 before
    MagnifierPace pace;         ///< when frames are due; slot 0 is that of the first picture
    int64_t slot_time;          ///< when the next slot begins or, once it has, when it did
    int slot_pending;           ///< it has not begun
    int64_t again_at;           ///< when to go on with the slot before that
    int holds;                  ///< a picture waits for its confirmation
    int owed;                   ///< the slot has begun, and its picture has not been delivered
    HANDLE timer;               ///< to wait for that; set under the lock, also to end the wait
    MagnifierMetadata metadata; ///< of the picture on its way
    AVBufferRef *last;          ///< the last new picture, for repeats
    MagnifierMetadata last_metadata; ///< of it
    const char *reason;         ///< why a frame was held back last, since then; NULL: none was
    uint64_t frames;            ///< pictures put where the reader finds them
    int64_t last_until;         ///< ff_magnifier_clock() from which it must not be repeated;
                                ///< 0: any time
    int64_t unseen_until;       ///< the same, if nobody sees the windows until then
    unsigned dry_slots;         ///< slots in a row without a new picture, for the same reason
    int dry_outage;             ///< which is an outage
    int64_t dry_since;          ///< ff_magnifier_clock() at the first of them
    int slow;                   ///< pictures in a row that took longer than a slot; SLOW_PICTURES:
                                ///< it has been said
    int ended;                  ///< it has been said that there are no pictures
};

/* ------------------------------------------------------------------------
 * The thread
 * ------------------------------------------------------------------------ */

/**
 * A timer to wait with, high-resolution where Windows has such (10 since version 1803). The
 * process-wide timer resolution is not touched.
 */
static av_cold HANDLE create_timer(void)
{
    HANDLE timer = CreateWaitableTimerExW(NULL, NULL, CREATE_WAITABLE_TIMER_HIGH_RESOLUTION,
                                          TIMER_ALL_ACCESS);

    return timer ? timer : CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS);
}

/** Does nobody wait for the call of the capture that is being made? */
static int gives_up(void *opaque)
{
    MagnifierSlots *s = opaque;
    int rests;

    AcquireSRWLockExclusive(&s->lock);
    rests = s->rests;
    ReleaseSRWLockExclusive(&s->lock);
    return rests;
}

/**
 * Set the timer for a moment, but not beyond the next look at whether anybody wants what it is for.
 *
 * @param code set to GetLastError() with AVERROR_EXTERNAL
 * @return 1; 0: it has come; AVERROR_EXIT: nobody does; AVERROR_EXTERNAL
 */
static int sl_set_timer(MagnifierSlots *s, int64_t moment, DWORD *code)
{
    const int64_t left = moment - ff_magnifier_clock();
    /* negative: relative, in units of 100 ns */
    const LARGE_INTEGER due = { .QuadPart = -10 * FFMIN(left, MAGNIFIER_POLL_MS * 1000) };
    int ret = left > 0;

    /* under the lock, so that it does not take back what ff_magnifier_slots_close() has set */
    AcquireSRWLockExclusive(&s->lock);
    s->due = moment;
    if (s->rests || s->stop)
        ret = AVERROR_EXIT;
    else if (left > 0 && !SetWaitableTimer(s->timer, &due, 0, NULL, NULL, FALSE))
        ret = AVERROR_EXTERNAL;
    *code = GetLastError();
    ReleaseSRWLockExclusive(&s->lock);
    return ret;
}

/** Wait until a moment. @return 0; AVERROR_EXIT: nobody wants what it is for; AVERROR_EXTERNAL */
static int sl_wait_until(MagnifierSlots *s, int64_t moment)
{
    DWORD code;
    int ret;

    while ((ret = sl_set_timer(s, moment, &code)) > 0)
        if (WaitForSingleObject(s->timer, INFINITE) != WAIT_OBJECT_0) {
            code = GetLastError();
            ret  = AVERROR_EXTERNAL;
            break;
        }
    if (ret == AVERROR_EXTERNAL)
        ff_magnifier_log(s->log, AV_LOG_ERROR, "Waiting for the next slot failed (error %lu)\n", code);
    return ret;
}

/** What waits for the reader is gone. Called locked. */
static void drop_waiting(MagnifierSlots *s)
{
    s->dropped += !!s->waiting.buf;
    av_buffer_unref(&s->waiting.buf);
}

/** Are there other rules by now than those that the picture keeps? Without a number it shows nothing. */
static int is_outdated(const MagnifierSlots *s, const MagnifierMetadata *metadata)
{
    return s->options.excluding && metadata->rules &&
           metadata->rules != ff_magnifier_capture_generation(s->capture);
}

/** Called locked. */
static void drop_outdated(MagnifierSlots *s)
{
    if (s->waiting.buf && is_outdated(s, &s->waiting.metadata))
        drop_waiting(s);
}

/**
 * A picture in place of one that could not be captured. Before the first picture there is
 * nothing to put in its place: the reader waits for it, for a bounded time.
 *
 * @param time when the slot begins in which that is so
 * @return 0; AVERROR(EAGAIN): wait for the next slot; AVERROR_EXTERNAL: the end
 */
static int sl_substitute(MagnifierSlots *s, AVFrame *frame, enum MagnifierStatus status,
                         const MagnifierResult *r, int64_t time)
{
    const char *why    = r->outage ? r->outage : "the API gives no picture";
    const char *reason = s->reason ? s->reason : "no picture was confirmed in time";
    int64_t now = ff_magnifier_clock();
    int outage  = status == MAGNIFIER_OUTAGE;
    int how     = outage ? s->options.on_outage : s->options.on_unsafe;

    if (!s->frames && now - s->begun < START_TIMEOUT)
        return AVERROR(EAGAIN);
    /* after an outage the exclusion takes some slots, which are not to be held against it */
    if (!s->dry_slots || outage != s->dry_outage) {
        s->dry_slots  = 0;
        s->dry_outage = outage;
        s->dry_since  = now;
    }
    s->dry_slots++;
    if (how == MAGNIFIER_SUBSTITUTE_STOP && s->frames &&
        (s->dry_slots < STOP_SLOTS || now - s->dry_since < STOP_DELAY))
        how = MAGNIFIER_SUBSTITUTE_REPEAT;
    if (how == MAGNIFIER_SUBSTITUTE_STOP || (how == MAGNIFIER_SUBSTITUTE_REPEAT && !s->frames)) {
        /* FFmpeg reads again after an error, while it looks for streams */
        ff_magnifier_log(s->log, s->ended ? AV_LOG_DEBUG : AV_LOG_ERROR, "No picture to deliver: %s%s%s%s%s\n",
                         outage ? why : "none is certain to leave the windows out",
                         !outage && *r->culprit ? ", those of " : "", outage ? "" : r->culprit,
                         outage ? "; the reason stands above" : ": ", outage ? "" : reason);
        s->ended = 1;
        return AVERROR_EXTERNAL;
    }
    if ((s->last_until && now >= s->last_until) || (s->unseen_until && now >= s->unseen_until) ||
        is_outdated(s, &s->last_metadata))
        av_buffer_unref(&s->last);
    if (how == MAGNIFIER_SUBSTITUTE_REPEAT && s->last) {
        frame->buf[0]     = av_buffer_ref(s->last);
        s->metadata       = s->last_metadata;
        s->metadata.state = MAGNIFIER_STATE_REPEAT;
    } else {
        frame->buf[0] = av_buffer_allocz(s->options.size + AV_INPUT_BUFFER_PADDING_SIZE);
        s->metadata    = (MagnifierMetadata) { .state = MAGNIFIER_STATE_BLACK };
    }
    s->metadata.reason = outage ? why : reason;
    if (outage)
        s->metadata.state = MAGNIFIER_STATE_OUTAGE;
    /* With an exclusion it stands for the slot that has just ended. */
    frame->pts = time - (s->options.excluding ? ff_magnifier_pace_duration(&s->pace) : 0);
    return frame->buf[0] ? 0 : AVERROR(ENOMEM);
}

/** Take a picture to deliver, and keep it for repeats. */
static int sl_keep_frame(MagnifierSlots *s, MagnifierResult *r, AVFrame *frame)
{
    int ret = av_buffer_replace(&s->last, r->frame->buf[0]);

    if (ret >= 0) {
        av_frame_move_ref(frame, r->frame);
        s->metadata  = s->last_metadata = r->metadata;
        s->reason    = r->reason; /* of the next one */
        s->ended     = 0;
        s->dry_slots = 0;
        /* it was taken before what has begun to match was seen */
        if (r->forget != MAGNIFIER_FORGET_SOON)
            s->last_until = 0;
    }
    av_frame_free(&r->frame);
    return ret;
}

/** A picture that waited for its confirmation comes too late. */
static void sl_count_dropped(MagnifierSlots *s)
{
    AcquireSRWLockExclusive(&s->lock);
    s->dropped++;
    ReleaseSRWLockExclusive(&s->lock);
}

/** There are new rules, which the pictures from before them do not keep. */
static void sl_forget(MagnifierSlots *s)
{
    av_buffer_unref(&s->last);
    AcquireSRWLockExclusive(&s->lock);
    drop_waiting(s);
    ReleaseSRWLockExclusive(&s->lock);
}

/** The slots begin: number 0 does, then. */
static void sl_begin_slots_at(MagnifierSlots *s, int64_t time)
{
    ff_magnifier_pace_init(&s->pace, s->options.framerate, time);
    s->pace.slot    = 0;
    s->slot_pending = 0;
}

/**
 * Until there is a picture to deliver, each that is taken begins the slots anew, for much can come
 * between the time that it was due and its capture: so no slot is shorter than it should be.
 */
static void sl_begin_slots(MagnifierSlots *s, const MagnifierResult *r, int leaves, int is_own)
{
    if (s->frames)
        return;
    if (r->took && (leaves ? is_own : r->holds))
        sl_begin_slots_at(s, r->took);
    else if (s->holds && !r->holds && !leaves)
        s->slot_pending = 0; /* it is gone: on with tries */
}

/** The reader may wonder where the other pictures are. */
static void sl_watch_speed(MagnifierSlots *s, int64_t took)
{
    if (s->slow == SLOW_PICTURES)
        return;
    s->slow = took > ff_magnifier_pace_duration(&s->pace) ? s->slow + 1 : 0;
    if (s->slow == SLOW_PICTURES)
        ff_magnifier_log(s->log, AV_LOG_WARNING, "A picture takes %.1f ms, which is longer than a slot at "
                         "%d/%d frames a second: slots are skipped. A lower framerate or a smaller region "
                         "helps\n", took / 1000.0, s->options.framerate.num, s->options.framerate.den);
}

/**
 * Ask for a picture once. With an exclusion the packet of a slot comes in the course of it, or when the
 * next one begins, unless nothing is on the screen of what is recorded; without one it comes at once.
 *
 * @param time when this was due
 * @return 0; AVERROR(EAGAIN): there is nothing to deliver yet
 */
static int sl_get_frame(MagnifierSlots *s, int begins, int64_t time, AVFrame *frame)
{
    const AVIOInterruptCB cb = { gives_up, s };
    const int64_t began = ff_magnifier_clock();
    MagnifierResult r;
    int ret = ff_magnifier_capture_read(s->capture, begins, &r, &cb);
    int leaves, is_own, owed;

    s->again_at = r.again_at;
    if (r.forget == MAGNIFIER_FORGET)
        sl_forget(s);
    if (r.forget == MAGNIFIER_FORGET_SOON && !s->last_until)
        s->last_until = ff_magnifier_clock() + FORGET_DELAY;
    if (r.forget != MAGNIFIER_FORGET_UNSEEN)
        s->unseen_until = 0;
    else if (!s->unseen_until)
        s->unseen_until = ff_magnifier_clock() + FORGET_DELAY;
    if (ret < 0)
        return ret;

    if (begins && (ret == MAGNIFIER_FRAME || r.holds))
        sl_watch_speed(s, ff_magnifier_clock() - began);
    is_own = ret == MAGNIFIER_FRAME && r.frame->pts == r.took; /* of the slot that begins */
    owed   = s->owed || is_own || !s->options.excluding;
    leaves = ret == MAGNIFIER_FRAME && owed;
    if (is_own && begins && s->owed)
        sl_count_dropped(s); /* of the slot before */
    /* the slot that begins has its packet still to come */
    s->owed = begins ? s->options.excluding && !is_own : s->owed && ret != MAGNIFIER_FRAME;
    sl_begin_slots(s, &r, leaves, is_own);
    s->holds = r.holds;
    if (r.reason)
        s->reason = r.reason;
    if (leaves)
        return sl_keep_frame(s, &r, frame);
    av_frame_free(&r.frame);
    return begins && owed && ret != MAGNIFIER_FRAME ? sl_substitute(s, frame, ret, &r, time) : AVERROR(EAGAIN);
}

/** When does the next slot begin? Before the first picture there are none, but tries. */
static int64_t sl_next_slot(MagnifierSlots *s)
{
    int64_t now = ff_magnifier_clock();
    int first   = !s->begun;

    if (first)
        s->begun = now;
    if (s->frames || s->holds)
        return ff_magnifier_pace_next(&s->pace, now);
    ff_magnifier_pace_init(&s->pace, s->options.framerate, now);
    return first ? now : now + FFMIN(ff_magnifier_pace_duration(&s->pace), START_STEP);
}

/** Wait for slots, and for what is to be done in between, until there is something to deliver. */
static int sl_next_frame(MagnifierSlots *s, AVFrame *frame)
{
    int64_t time;
    int ret, begins;

    /* The reader may have been away for longer: see again which slot is the next one. */
    if (s->slot_pending)
        s->pace.slot--;
    s->slot_pending = 0;
    do {
        if (!s->slot_pending) {
            s->slot_time    = sl_next_slot(s);
            s->slot_pending = 1;
        }
        begins = s->slot_time <= s->again_at;
        time   = FFMIN(s->slot_time, s->again_at);
        ret = sl_wait_until(s, time);
        if (ret < 0)
            break;
        s->slot_pending = !begins;
        ret = sl_get_frame(s, begins, time, frame);
        if (ret == AVERROR_EXIT && begins)
            s->slot_pending = 1; /* it can be tried again */
    } while (ret == AVERROR(EAGAIN));
    if (ret >= 0 && !s->frames && s->pace.slot < 0)
        sl_begin_slots_at(s, time); /* with what stands in for a picture */
    s->frames += ret >= 0;
    if (ret == AVERROR_EOF && !s->frames) {
        ff_magnifier_log(s->log, s->ended ? AV_LOG_DEBUG : AV_LOG_ERROR, "No picture was taken before that\n");
        s->ended = 1;
        ret = AVERROR(ENOENT);
    }
    return ret;
}

static int is_new(const MagnifierMetadata *metadata)
{
    return metadata->state == MAGNIFIER_STATE_OPEN || metadata->state == MAGNIFIER_STATE_PROVEN ||
           metadata->state == MAGNIFIER_STATE_CLEAN;
}

/** Put it where the reader finds it: the newest wins, unless it only stands in for one. */
static void sl_put(MagnifierSlots *s, int ret, AVFrame *frame)
{
    AcquireSRWLockExclusive(&s->lock);
    drop_outdated(s);
    if (ret >= 0 && s->waiting.buf && is_new(&s->waiting.metadata) && !is_new(&s->metadata)) {
        s->dropped++;
    } else if (ret >= 0) {
        s->replaced |= s->waiting.buf && is_new(&s->metadata);
        drop_waiting(s);
        s->waiting.buf      = frame->buf[0];
        s->waiting.time     = frame->pts;
        s->waiting.metadata = s->metadata;
        frame->buf[0]       = NULL; /* now owned by it */
    } else if (ret != AVERROR_EXIT) {
        s->error = ret;
    }
    WakeAllConditionVariable(&s->changed);
    ReleaseSRWLockExclusive(&s->lock);
    av_frame_unref(frame);
}

/** Is there nobody to take a picture for? Called locked. */
static int is_idle(const MagnifierSlots *s)
{
    const int64_t slots = av_rescale(AHEAD_SLOTS * INT64_C(1000000), s->options.framerate.den,
                                     s->options.framerate.num);

    return s->rests || s->error || (!s->reading && s->waiting.buf &&
                                    ff_magnifier_clock() - s->left_at >= FFMAX(AHEAD_TIME, slots));
}

/** Wait while there is nobody to take pictures for. @return 0: the end */
static int sl_wait_for_reader(MagnifierSlots *s)
{
    int stop, rested = 0;

    AcquireSRWLockExclusive(&s->lock);
    while (!s->stop && is_idle(s)) {
        s->old = s->waiting.buf && !s->error;
        rested = 1;
        SleepConditionVariableSRW(&s->changed, &s->lock, INFINITE, 0);
    }
    if (rested) {
        /* what was before is over: the slot whose packet was still to come gets none */
        s->dropped  += s->owed && s->frames;
        s->owed      = 0;
        s->dry_slots = 0;
    }
    if (rested && !s->frames && !s->ended)
        s->begun = 0; /* the first picture has its time anew */
    if (s->old && s->options.excluding)
        drop_waiting(s); /* there is one that waits for its confirmation */
    else if (s->old)
        s->pace.slot--;  /* if the slot has not passed, it can have another one */
    if (s->old)
        av_buffer_unref(&s->waiting.buf);
    s->old = 0;
    stop   = s->stop;
    ReleaseSRWLockExclusive(&s->lock);
    return !stop;
}

/** The work of the thread: pictures, until the end. */
static void sl_run(void *opaque)
{
    MagnifierSlots *s = opaque;
    AVFrame *frame = av_frame_alloc();

    while (sl_wait_for_reader(s))
        sl_put(s, frame ? sl_next_frame(s, frame) : AVERROR(ENOMEM), frame);
    av_frame_free(&frame);
}

static av_cold void free_slots(void *opaque)
{
    MagnifierSlots *s = opaque;

    av_buffer_unref(&s->waiting.buf);
    av_buffer_unref(&s->last);
    av_buffer_unref(&s->capture);
    if (s->timer)
        CloseHandle(s->timer);
    av_free(s);
}

static const MagnifierWorkerOps slots_ops = {
    .work = sl_run,
    .free = free_slots,
};

/* ------------------------------------------------------------------------
 * The reader
 * ------------------------------------------------------------------------ */

av_cold int ff_magnifier_slots_open(MagnifierSlots **slots, AVBufferRef *capture,
                                    const MagnifierSlotsOptions *options, AVFormatContext *avctx)
{
    MagnifierSlots *s = *slots = av_mallocz(sizeof(*s));
    int ret = AVERROR(ENOMEM);

    if (!s)
        return ret;
    InitializeSRWLock(&s->lock);
    s->changed  = (CONDITION_VARIABLE) CONDITION_VARIABLE_INIT;
    s->options  = *options;
    s->again_at = INT64_MAX;
    s->capture  = av_buffer_ref(capture);
    s->timer    = create_timer();
    if (!s->timer) {
        av_log(avctx, AV_LOG_ERROR, "CreateWaitableTimerEx failed (error %lu)\n", GetLastError());
        ret = AVERROR_EXTERNAL;
    } else if (s->capture) {
        s->log    = ff_magnifier_capture_log(capture);
        s->worker = ff_magnifier_worker_open(&slots_ops, s);
        if (s->worker)
            return 0;
        av_log(avctx, AV_LOG_ERROR, "The thread that waits for slots could not be started "
               "(error %lu)\n", GetLastError());
    }
    free_slots(s);
    *slots = NULL;
    return ret;
}

/** Is there something for the reader? Called locked. */
static int has_news(MagnifierSlots *s)
{
    drop_outdated(s);
    return s->error || (s->waiting.buf && !s->old);
}

/** Let go of the lock, and wait for something new. @return 0, AVERROR(EAGAIN), AVERROR_EXIT */
static int wait_for_news(MagnifierSlots *s, int64_t came, AVFormatContext *avctx)
{
    int interrupted;

    SleepConditionVariableSRW(&s->changed, &s->lock, MAGNIFIER_POLL_MS, 0);
    ReleaseSRWLockExclusive(&s->lock);
    /* foreign code: not under our lock */
    ff_magnifier_log_flush(s->log, avctx);
    interrupted = ff_magnifier_interrupted(&avctx->interrupt_callback);
    AcquireSRWLockExclusive(&s->lock);
    if (interrupted)
        return AVERROR_EXIT;
    if (avctx->flags & AVFMT_FLAG_NONBLOCK && s->due - came > NONBLOCK_AHEAD && !has_news(s) &&
        ff_magnifier_clock() - came >= NONBLOCK_WAIT)
        return AVERROR(EAGAIN);
    return 0;
}

/** Whoever reads may wonder where the other pictures are. Called locked. */
static void watch_reader(MagnifierSlots *s)
{
    if (s->slow_reads < SLOW_READS) {
        s->slow_reads = av_clip(s->slow_reads + (s->replaced ? 2 : -1), 0, SLOW_READS);
        if (s->slow_reads == SLOW_READS)
            ff_magnifier_log(s->log, AV_LOG_WARNING, "Fewer than %d/%d pictures a second are read: slots are "
                             "skipped. The encoder may be too slow; or ffmpeg waits for another input (in the "
                             "manual: several inputs)\n", s->options.framerate.num,
                             s->options.framerate.den);
    }
    s->replaced = 0;
}

/** Take what there is, after all waiting. Called locked. */
static int take(MagnifierSlots *s, int ret, MagnifierPicture *picture)
{
    if (ret >= 0 && s->waiting.buf) {
        *picture       = s->waiting;
        s->waiting.buf = NULL; /* now the caller's */
        watch_reader(s);
    } else if (ret >= 0) {
        ret      = s->error;
        s->error = 0;
        s->rests = 1;
    } else if (ret == AVERROR_EXIT) {
        s->rests = 1;
    }
    return ret;
}

int ff_magnifier_slots_read(MagnifierSlots *s, MagnifierPicture *picture, AVFormatContext *avctx)
{
    int64_t came = ff_magnifier_clock();
    int ret = ff_magnifier_interrupted(&avctx->interrupt_callback) ? AVERROR_EXIT : 0;

    AcquireSRWLockExclusive(&s->lock);
    s->reading = 1;
    s->rests   = ret < 0;
    WakeAllConditionVariable(&s->changed);
    if (!s->running)
        s->running = ff_magnifier_worker_begin(s->worker) >= 0;
    if (!s->running) {
        ff_magnifier_log(s->log, AV_LOG_ERROR, "The thread that takes the pictures could not be woken (error %lu)\n",
                         GetLastError());
        ret = AVERROR_EXTERNAL;
    }
    while (ret >= 0 && !has_news(s))
        ret = wait_for_news(s, came, avctx);
    ret = take(s, ret, picture);
    s->reading = 0;
    s->left_at = ff_magnifier_clock();
    ReleaseSRWLockExclusive(&s->lock);

    ff_magnifier_log_flush(s->log, avctx);
    return ret;
}

av_cold int64_t ff_magnifier_slots_close(MagnifierSlots **slots)
{
    MagnifierSlots *s = *slots;
    const LARGE_INTEGER now = { .QuadPart = -1 };
    MagnifierWorker *worker;
    int64_t skipped = 0;

    *slots = NULL;
    if (!s)
        return 0;
    AcquireSRWLockExclusive(&s->lock);
    s->stop = 1;
    WakeAllConditionVariable(&s->changed);
    /* it looks again at the latest MAGNIFIER_POLL_MS later, but why wait for that? */
    SetWaitableTimer(s->timer, &now, 0, NULL, NULL, FALSE);
    ReleaseSRWLockExclusive(&s->lock);
    worker = s->worker;
    if (ff_magnifier_worker_wait(worker, END_TIMEOUT))
        skipped = s->pace.skipped + s->dropped;
    ff_magnifier_worker_close(&worker, END_TIMEOUT);
    return skipped;
}
