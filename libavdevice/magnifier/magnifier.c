/*
 * Windows screen capture that leaves windows out (Magnification API)
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
 * Input device that records the Windows screen through the Magnification API.
 *
 * This file is FFmpeg's face of it: options, pacing, packets. What a picture is
 * and how it is captured is in capture.c; the one thread that makes the API's calls
 * is in runtime.c.
 */

#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/buffer.h"
#include "libavutil/frame.h"
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mathematics.h"
#include "libavutil/opt.h"
#include "libavutil/pixfmt.h"
#include "libavutil/time.h"
#include "libavcodec/packet.h"
#include "libavformat/avformat.h"
#if LIBAVFORMAT_VERSION_MAJOR >= 61
#include "libavformat/demux.h"
#endif
#include "libavformat/internal.h"

/* After FFmpeg's own, which may want winsock2.h first. */
#include <windows.h>

#include "capture.h"
#include "pace.h"

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 0x00000002
#endif

/** How long the first picture may take to become safe, microseconds. */
#define START_TIMEOUT 10000000

/** Time from try to try until there is a first picture, also at low frame rates, microseconds. */
#define START_STEP 50000

/** How long a picture is repeated that shows a window that has begun to match, microseconds. */
#define FORGET_DELAY 1000000

/**
 * How long on_unsafe and on_outage repeat the last picture before they stop, microseconds, and
 * for how many slots at least: a window that opens costs one or two, which is no reason to stop.
 */
#define STOP_DELAY 1000000
#define STOP_SLOTS 4

/** What is delivered when there is no picture to deliver. */
enum Substitute {
    SUBSTITUTE_REPEAT,          ///< the last picture again
    SUBSTITUTE_BLACK,
    SUBSTITUTE_STOP,            ///< nothing: the recording ends with an error
};

typedef struct MagnifierContext {
    const AVClass *class;

    AVBufferRef *capture;       ///< shared with the runtime's thread
    MagnifierCaptureInfo info;  ///< region and frame size
    int64_t begun;              ///< ff_magnifier_clock() at the first read, 0 before
    MagnifierPace pace;         ///< when frames are due; slot 0 is that of the first picture
    int64_t slot_time;          ///< when the next slot begins or, once it has, when it did
    int slot_pending;           ///< it has not begun
    int64_t again_at;           ///< when to go on with the slot before that
    int holds;                  ///< a picture waits for its confirmation
    int owed;                   ///< the slot has begun, and its packet has not been delivered
    HANDLE timer;               ///< to wait for that
    int64_t wall_offset;        ///< from ff_magnifier_clock() to the wall clock, fixed at the start
    int64_t last_time;          ///< timestamp of the packet before

    AVFrame *frame;             ///< on its way into a packet
    AVBufferRef *last;          ///< what was delivered last, for repeats
    uint64_t frames;            ///< packets delivered
    uint64_t repeats;           ///< of them, without a new picture
    int64_t last_until;         ///< ff_magnifier_clock() from which it must not be repeated; 0: any time
    unsigned dry_slots;         ///< slots in a row without a new picture, for the same reason
    int dry_outage;             ///< which is an outage
    int64_t dry_since;          ///< ff_magnifier_clock() at the first of them
    int opened;                 ///< read_header has succeeded
    int ended;                  ///< it has been said that there are no pictures

    AVRational framerate;       ///< option
    int width;                  ///< option video_size; 0: not given
    int height;
    int offset_x;               ///< option; INT_MIN: not given
    int offset_y;               ///< option; INT_MIN: not given
    int draw_mouse;             ///< option
    char *exclude;              ///< option, rules
    char *exclude_file;         ///< option, file of rules
    int exclude_required;       ///< option
    int exclude_proof;          ///< option, enum MagnifierGuardProofMode
    int window_list;            ///< option
    int on_unsafe;              ///< option, enum Substitute
    int on_outage;              ///< option, enum Substitute
    int reclaim;                ///< option
} MagnifierContext;

static av_cold int create_stream(AVFormatContext *avctx)
{
    MagnifierContext *s  = avctx->priv_data;
    const MagnifierRect *rect = &s->info.rect;
    AVStream *st = avformat_new_stream(avctx, NULL);

    if (!st)
        return AVERROR(ENOMEM);
    avpriv_set_pts_info(st, 64, 1, 1000000);

    /* both rates: without r_frame_rate, probing reads 20 frames to guess it */
    st->avg_frame_rate = st->r_frame_rate = s->framerate;

    st->codecpar->codec_type      = AVMEDIA_TYPE_VIDEO;
    st->codecpar->codec_id        = AV_CODEC_ID_RAWVIDEO;
    st->codecpar->format          = AV_PIX_FMT_BGR0;
    st->codecpar->width           = rect->right  - rect->left;
    st->codecpar->height          = rect->bottom - rect->top;
    st->codecpar->bit_rate        = av_rescale(8 * (int64_t)s->info.size,
                                               s->framerate.num, s->framerate.den);
    st->codecpar->color_range     = AVCOL_RANGE_JPEG;
    st->codecpar->color_primaries = AVCOL_PRI_BT709;
    st->codecpar->color_trc       = AVCOL_TRC_IEC61966_2_1;
    st->codecpar->color_space     = AVCOL_SPC_RGB;
    return 0;
}

static av_cold int check_options(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;

    if (strcmp(avctx->url, "desktop")) {
        av_log(avctx, AV_LOG_ERROR, "Unknown input '%s': this device knows 'desktop'\n", avctx->url);
        return AVERROR(EINVAL);
    }
    if (s->framerate.num <= 0 || s->framerate.den <= 0) {
        av_log(avctx, AV_LOG_ERROR, "The frame rate %d/%d is not positive\n",
               s->framerate.num, s->framerate.den);
        return AVERROR(EINVAL);
    }
    return 0;
}

static av_cold int open_capture(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierCaptureOptions options = {
        .region = {
            .width      = s->width,
            .height     = s->height,
            .offset_x   = s->offset_x == INT_MIN ? 0 : s->offset_x,
            .offset_y   = s->offset_y == INT_MIN ? 0 : s->offset_y,
            .offset_set = s->offset_x != INT_MIN || s->offset_y != INT_MIN,
        },
        .draw_mouse = s->draw_mouse,
        .reclaim    = s->reclaim,
        .exclude    = {
            .rules    = s->exclude,
            .file     = s->exclude_file,
            .required = s->exclude_required,
            .proof    = s->exclude_proof,
        },
        .window_list = s->window_list,
    };
    const MagnifierRect *rect = &s->info.rect;
    int ret;

    s->capture = ff_magnifier_capture_alloc(&options);
    if (!s->capture)
        return AVERROR(ENOMEM);
    ret = ff_magnifier_capture_open(s->capture, &s->info, &avctx->interrupt_callback);
    ff_magnifier_log_flush(ff_magnifier_capture_log(s->capture), avctx);
    if (ret < 0)
        return ret;

    av_log(avctx, AV_LOG_INFO, "Capturing %dx%d at %d,%d, %d/%d frames a second\n",
           rect->right - rect->left, rect->bottom - rect->top, rect->left, rect->top,
           s->framerate.num, s->framerate.den);
    return 0;
}

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

/**
 * Wait until a moment of ff_magnifier_clock().
 *
 * @return 0, AVERROR_EXIT when interrupted, AVERROR_EXTERNAL
 */
static int wait_until(HANDLE timer, int64_t moment, const AVIOInterruptCB *cb)
{
    while (1) {
        int64_t left = moment - ff_magnifier_clock();
        LARGE_INTEGER due;

        if (ff_magnifier_interrupted(cb))
            return AVERROR_EXIT;
        if (left <= 0)
            return 0;
        /* negative: relative, in units of 100 ns */
        due.QuadPart = -10 * FFMIN(left, MAGNIFIER_POLL_MS * 1000);
        if (!SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE) ||
            WaitForSingleObject(timer, INFINITE) != WAIT_OBJECT_0)
            return AVERROR_EXTERNAL;
    }
}

static av_cold int magnifier_read_header(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    int ret = check_options(avctx);

    if (ret < 0)
        return ret;
    s->frame = av_frame_alloc();
    if (!s->frame)
        return AVERROR(ENOMEM);
    s->timer = create_timer();
    if (!s->timer) {
        av_log(avctx, AV_LOG_ERROR, "CreateWaitableTimerEx failed (error %lu)\n", GetLastError());
        return AVERROR_EXTERNAL;
    }
    ret = open_capture(avctx);
    if (ret < 0)
        return ret;
    ret = create_stream(avctx);
    if (ret < 0)
        return ret;

    /* One look at the wall clock: its jumps while recording are not the picture's. */
    s->wall_offset = av_gettime() - ff_magnifier_clock();
    s->last_time   = AV_NOPTS_VALUE;
    s->again_at    = INT64_MAX;
    s->opened = 1;
    return 0;
}

static int excluding(const MagnifierContext *s)
{
    return s->exclude || s->exclude_file;
}

/**
 * A picture in place of one that could not be captured. Before the first picture there is
 * nothing to put in its place: the reader waits for it, for a bounded time.
 *
 * @return 0; AVERROR(EAGAIN): wait for the next slot; AVERROR_EXTERNAL: the end
 */
static int substitute(AVFormatContext *avctx, AVFrame *frame, enum MagnifierStatus status,
                      const char *culprit)
{
    MagnifierContext *s = avctx->priv_data;
    int64_t now = ff_magnifier_clock();
    int outage  = status == MAGNIFIER_OUTAGE;
    int how     = outage ? s->on_outage : s->on_unsafe;

    if (!s->frames && now - s->begun < START_TIMEOUT)
        return AVERROR(EAGAIN);
    /* after an outage the exclusion takes some slots, which are not to be held against it */
    if (!s->dry_slots || outage != s->dry_outage) {
        s->dry_slots  = 0;
        s->dry_outage = outage;
        s->dry_since  = now;
    }
    s->dry_slots++;
    if (how == SUBSTITUTE_STOP && s->frames &&
        (s->dry_slots < STOP_SLOTS || now - s->dry_since < STOP_DELAY))
        how = SUBSTITUTE_REPEAT;
    if (how == SUBSTITUTE_STOP || (how == SUBSTITUTE_REPEAT && !s->frames)) {
        /* FFmpeg reads again after an error, while it looks for streams */
        av_log(avctx, s->ended ? AV_LOG_DEBUG : AV_LOG_ERROR, "No picture to deliver: %s%s%s; the "
               "reason stands above\n", outage ? "the API gives none" :
               "none is certain to leave the windows out",
               !outage && *culprit ? ", those of " : "", outage ? "" : culprit);
        s->ended = 1;
        return AVERROR_EXTERNAL;
    }
    if (s->last_until && now >= s->last_until)
        av_buffer_unref(&s->last);
    if (how == SUBSTITUTE_REPEAT && s->last)
        frame->buf[0] = av_buffer_ref(s->last);
    else
        frame->buf[0] = av_buffer_allocz(s->info.size + AV_INPUT_BUFFER_PADDING_SIZE);
    /* With an exclusion it stands for the slot that has just ended. */
    frame->pts = now - (excluding(s) ? ff_magnifier_pace_duration(&s->pace) : 0);
    s->repeats++;
    return frame->buf[0] ? 0 : AVERROR(ENOMEM);
}

/** Take a picture to deliver, and keep it for repeats. */
static int keep_frame(MagnifierContext *s, AVFrame **taken, int forget, AVFrame *frame)
{
    int ret = av_buffer_replace(&s->last, (*taken)->buf[0]);

    if (ret >= 0) {
        av_frame_move_ref(frame, *taken);
        s->ended     = 0;
        s->dry_slots = 0;
        /* it was taken before what has begun to match was seen */
        if (forget != MAGNIFIER_FORGET_SOON)
            s->last_until = 0;
    }
    av_frame_free(taken);
    return ret;
}

/** With the first picture the slots begin: it has number 0. */
static void begin_slots(MagnifierContext *s, int64_t time)
{
    ff_magnifier_pace_init(&s->pace, s->framerate, time);
    s->pace.slot    = 0;
    s->slot_pending = 0;
}

/**
 * Read once. With an exclusion the packet of a slot comes in the course of it, or when the
 * next one begins; without one it comes at once.
 *
 * @param time when this was due
 * @return 0; AVERROR(EAGAIN): there is nothing to deliver yet
 */
static int get_frame(AVFormatContext *avctx, int begins, int64_t time, AVFrame *frame)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierResult r;
    int ret = ff_magnifier_capture_read(s->capture, begins, &r, &avctx->interrupt_callback);
    int owed = s->owed || !excluding(s);

    ff_magnifier_log_flush(ff_magnifier_capture_log(s->capture), avctx);
    s->again_at = r.again_at;
    if (r.forget == MAGNIFIER_FORGET)
        av_buffer_unref(&s->last);
    if (r.forget == MAGNIFIER_FORGET_SOON && !s->last_until)
        s->last_until = ff_magnifier_clock() + FORGET_DELAY;
    if (ret < 0)
        return ret;

    /* the slot that begins has its packet still to come */
    s->owed = begins ? excluding(s) : s->owed && ret != MAGNIFIER_FRAME;
    if (!s->frames && (excluding(s) ? ret != MAGNIFIER_FRAME && r.holds : ret == MAGNIFIER_FRAME))
        begin_slots(s, time);
    s->holds = r.holds;
    if (ret == MAGNIFIER_FRAME && owed)
        return keep_frame(s, &r.frame, r.forget, frame);
    av_frame_free(&r.frame);
    return begins && owed ? substitute(avctx, frame, ret, r.culprit) : AVERROR(EAGAIN);
}

/** When does the next slot begin? Before the first picture there are none, but tries. */
static int64_t next_slot(MagnifierContext *s)
{
    int64_t now = ff_magnifier_clock();

    if (s->frames || s->holds)
        return ff_magnifier_pace_next(&s->pace, now);
    ff_magnifier_pace_init(&s->pace, s->framerate, now);
    if (s->begun)
        return now + FFMIN(ff_magnifier_pace_duration(&s->pace), START_STEP);
    return s->begun = now;
}

/** Wait for slots, and for what is to be done in between, until there is something to deliver. */
static int next_frame(AVFormatContext *avctx, AVFrame *frame)
{
    MagnifierContext *s = avctx->priv_data;
    int64_t time;
    int ret, begins;

    /* The reader may have been away for longer: see again which slot is the next one. */
    if (s->slot_pending)
        s->pace.slot--;
    s->slot_pending = 0;
    do {
        if (!s->slot_pending) {
            s->slot_time    = next_slot(s);
            s->slot_pending = 1;
        }
        begins = s->slot_time <= s->again_at;
        time   = FFMIN(s->slot_time, s->again_at);
        ret = wait_until(s->timer, time, &avctx->interrupt_callback);
        if (ret < 0)
            break;
        s->slot_pending = !begins;
        ret = get_frame(avctx, begins, time, frame);
    } while (ret == AVERROR(EAGAIN));
    return ret;
}

/**
 * Blocks till the next slot, also with AVFMT_FLAG_NONBLOCK, as x11grab does: ffmpeg sets
 * that flag on every input and polls every 10 ms then, which no frame rate survives.
 */
static int magnifier_read_packet(AVFormatContext *avctx, AVPacket *pkt)
{
    MagnifierContext *s  = avctx->priv_data;
    int64_t time;
    int ret = next_frame(avctx, s->frame);

    if (ret < 0)
        return ret;

    time = s->frame->pts + s->wall_offset;
    if (s->last_time != AV_NOPTS_VALUE)
        time = FFMAX(time, s->last_time + 1);
    s->last_time = time;
    s->frames++;

    pkt->buf      = s->frame->buf[0];
    pkt->data     = pkt->buf->data;
    pkt->size     = s->info.size;
    pkt->pts      = pkt->dts = time;
    pkt->duration = ff_magnifier_pace_duration(&s->pace);
    pkt->flags   |= AV_PKT_FLAG_KEY;
    s->frame->buf[0] = NULL; /* now owned by the packet */
    av_frame_unref(s->frame);
    return 0;
}

static av_cold void log_exclusion(AVFormatContext *avctx, const MagnifierExcludeSummary *summary)
{
    av_log(avctx, AV_LOG_INFO, "Exclusion: %"PRIu64" frames held back, %"PRIu64" delivered without "
           "proof, %"PRIu64" lists, at most %d windows on one and %d painted over, "
           "%"PRIu64" walks begun again, %"PRIu64" windows of unknown identity left out\n",
           summary->guard.refused_total, summary->guard.unproven, summary->guard.list_changes,
           summary->guard.max_listed, summary->guard.max_painted,
           summary->windows.restarts, summary->windows.unknown);
    for (int i = 0; i < MAGNIFIER_GUARD_NB_REASONS; i++)
        if (summary->guard.refused[i])
            av_log(avctx, AV_LOG_INFO, "Held back %"PRIu64": %s\n", summary->guard.refused[i],
                   ff_magnifier_guard_reason_text(i));
}

/** @param summary zero when the thread that knows it does not answer */
static av_cold void log_summary(AVFormatContext *avctx, const MagnifierCaptureSummary *summary, int stuck)
{
    MagnifierContext *s = avctx->priv_data;
    char reclaim[256]   = "reclaim is off";

    if (stuck)
        av_strlcpy(reclaim, "nothing reclaimed yet, a call of the API has not come back", sizeof(reclaim));
    else if (summary->settlement.pending)
        snprintf(reclaim, sizeof(reclaim), "%"PRIu64" bytes to reclaim wait for the other captures",
                 summary->settlement.pending);
    else if (summary->reclaim)
        ff_magnifier_reclaim_text(reclaim, sizeof(reclaim), &summary->settlement.report);
    av_log(avctx, AV_LOG_INFO, "%"PRIu64" frames, %"PRIu64" repeats, %"PRId64" slots skipped, "
           "%"PRIu64" outages; %s\n", s->frames, s->repeats, s->pace.skipped,
           summary->outages, reclaim);
    if (summary->excluding)
        log_exclusion(avctx, &summary->exclude);
}

/** Also the clean-up of a read_header() that failed at any step. */
static av_cold int magnifier_read_close(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierCaptureSummary summary = { 0 };
    MagnifierLog *log = ff_magnifier_log_alloc();
    int ret = ff_magnifier_capture_close(&s->capture, log, &summary);

    ff_magnifier_log_flush(log, avctx);
    ff_magnifier_log_free(&log);
    if (s->opened)
        log_summary(avctx, &summary, ret < 0);

    av_frame_free(&s->frame);
    av_buffer_unref(&s->last);
    if (s->timer)
        CloseHandle(s->timer);
    s->timer  = NULL;
    s->opened = 0;
    return 0;
}

#define OFFSET(x) offsetof(MagnifierContext, x)
#define DEC AV_OPT_FLAG_DECODING_PARAM
static const AVOption options[] = {
    { "framerate",  "set frames per second", OFFSET(framerate), AV_OPT_TYPE_VIDEO_RATE, { .str = "ntsc" }, 0, INT_MAX, DEC },
    { "video_size", "set the size of the region", OFFSET(width), AV_OPT_TYPE_IMAGE_SIZE, { .str = NULL }, 0, 0, DEC },
    { "offset_x",   "set the left edge of the region on the virtual desktop", OFFSET(offset_x), AV_OPT_TYPE_INT, { .i64 = INT_MIN }, INT_MIN, INT_MAX, DEC },
    { "offset_y",   "set the top edge of the region on the virtual desktop", OFFSET(offset_y), AV_OPT_TYPE_INT, { .i64 = INT_MIN }, INT_MIN, INT_MAX, DEC },
    { "draw_mouse", "draw the mouse pointer", OFFSET(draw_mouse), AV_OPT_TYPE_BOOL, { .i64 = 1 }, 0, 1, DEC },
    { "exclude",    "set the rules for windows to leave out", OFFSET(exclude), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, DEC },
    { "exclude_file", "set a file with such rules, read again when it changes", OFFSET(exclude_file), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, DEC },
    { "exclude_required", "refuse to start while a rule matches no window", OFFSET(exclude_required), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, DEC },
    { "exclude_proof", "prove on each frame that the exclusion was in force", OFFSET(exclude_proof), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_GUARD_PROOF_AUTO }, MAGNIFIER_GUARD_PROOF_OFF, MAGNIFIER_GUARD_PROOF_STRICT, DEC, .unit = "proof" },
        { "auto",   "deliver without proof when it cannot be had and all else is clean", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_AUTO }, 0, 0, DEC, .unit = "proof" },
        { "strict", "deliver nothing without proof", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_STRICT }, 0, 0, DEC, .unit = "proof" },
        { "off",    "no canary window", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_OFF }, 0, 0, DEC, .unit = "proof" },
    { "window_list", "print every window as the rules see it, and exit", OFFSET(window_list), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, DEC },
    { "on_unsafe",  "what to deliver while no frame is certain to leave the windows out", OFFSET(on_unsafe), AV_OPT_TYPE_INT, { .i64 = SUBSTITUTE_REPEAT }, SUBSTITUTE_REPEAT, SUBSTITUTE_STOP, DEC, .unit = "substitute" },
    { "on_outage",  "what to deliver while the API gives no picture", OFFSET(on_outage), AV_OPT_TYPE_INT, { .i64 = SUBSTITUTE_REPEAT }, SUBSTITUTE_REPEAT, SUBSTITUTE_STOP, DEC, .unit = "substitute" },
        { "repeat", "the last picture again", 0, AV_OPT_TYPE_CONST, { .i64 = SUBSTITUTE_REPEAT }, 0, 0, DEC, .unit = "substitute" },
        { "black",  "a black picture", 0, AV_OPT_TYPE_CONST, { .i64 = SUBSTITUTE_BLACK }, 0, 0, DEC, .unit = "substitute" },
        { "stop",   "the last picture for a second or four slots, then end with an error", 0, AV_OPT_TYPE_CONST, { .i64 = SUBSTITUTE_STOP }, 0, 0, DEC, .unit = "substitute" },
    { "reclaim",    "give leaked frames back when the capture ends", OFFSET(reclaim), AV_OPT_TYPE_INT, { .i64 = 1 }, 0, 1, DEC, .unit = "reclaim" },
        { "auto",   "those that are proven to be ours", 0, AV_OPT_TYPE_CONST, { .i64 = 1 }, 0, 0, DEC, .unit = "reclaim" },
        { "off",    "none, to show the leak", 0, AV_OPT_TYPE_CONST, { .i64 = 0 }, 0, 0, DEC, .unit = "reclaim" },
    { NULL },
};

static const AVClass magnifier_class = {
    .class_name = "magnifier indev",
    .item_name  = av_default_item_name,
    .option     = options,
    .version    = LIBAVUTIL_VERSION_INT,
    .category   = AV_CLASS_CATEGORY_DEVICE_VIDEO_INPUT,
};

#if LIBAVFORMAT_VERSION_MAJOR >= 61
#define PUBLIC(field) .p.field
const FFInputFormat ff_magnifier_demuxer = {
    .flags_internal = FF_INFMT_FLAG_INIT_CLEANUP,
#else
#define PUBLIC(field) .field
const AVInputFormat ff_magnifier_demuxer = {
    .flags_internal = FF_FMT_INIT_CLEANUP,
#endif
    PUBLIC(name)       = "magnifier",
    PUBLIC(long_name)  = NULL_IF_CONFIG_SMALL("Windows screen capture without chosen windows"),
    PUBLIC(flags)      = AVFMT_NOFILE,
    PUBLIC(priv_class) = &magnifier_class,
    .priv_data_size    = sizeof(MagnifierContext),
    .read_header       = magnifier_read_header,
    .read_packet       = magnifier_read_packet,
    .read_close        = magnifier_read_close,
};
