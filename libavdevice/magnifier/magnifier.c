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
 * This file is FFmpeg's face of it: options and packets. Which picture each slot has is in
 * slots.c; what a picture is and how it is captured is in capture.c; the one thread that makes
 * the API's calls is in runtime.c.
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
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mathematics.h"
#include "libavutil/opt.h"
#include "libavutil/pixfmt.h"
#include "libavutil/time.h"
#include "libavcodec/avcodec.h"
#include "libavcodec/packet.h"
#include "libavformat/avformat.h"
#if LIBAVFORMAT_VERSION_MAJOR >= 61
#include "libavformat/demux.h"
#endif
#include "libavformat/internal.h"

/* After FFmpeg's own, which may want winsock2.h first. */
#include <windows.h>

#include "capture.h"
#include "metadata.h"
#include "slots.h"
#include "source.h"

typedef struct MagnifierContext {
    const AVClass *class;

    AVBufferRef *capture;       ///< shared with the runtime's thread
    MagnifierSource source;     ///< what is recorded
    MagnifierCaptureInfo info;  ///< region and frame size
    MagnifierSlots *slots;      ///< which picture each slot has
    int64_t wall_offset;        ///< from ff_magnifier_clock() to the wall clock, fixed at the start
    int64_t last_time;          ///< timestamp of the packet before

    uint64_t frames;            ///< packets delivered
    uint64_t states[MAGNIFIER_NB_STATES]; ///< of them, in this state
    int opened;                 ///< read_header has succeeded

    AVRational framerate;       ///< option
    int width;                  ///< option video_size; 0: not given
    int height;
    int offset_x;               ///< option; INT_MIN: not given
    int offset_y;               ///< option; INT_MIN: not given
    int draw_mouse;             ///< option
    int show_region;            ///< option
    char *exclude;              ///< option, rules
    char *exclude_file;         ///< option, file of rules
    int exclude_required;       ///< option
    int exclude_proof;          ///< option, enum MagnifierGuardProofMode
    int window_list;            ///< option, enum MagnifierWindowList
    char *exclude_log;          ///< option, file
    int exclude_log_titles;     ///< option
    int on_unsafe;              ///< option, enum MagnifierSubstitute
    int on_outage;              ///< option, enum MagnifierSubstitute
    int reclaim;                ///< option
    int resize_mode;            ///< option, enum MagnifierResize
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
    /* what the encoder rawvideo sets: without them, a copy into AVI cannot be read */
    st->codecpar->codec_tag       = avcodec_pix_fmt_to_codec_tag(AV_PIX_FMT_BGR0);
    st->codecpar->bits_per_coded_sample = 32;
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

/** A script with a variable that is not set: to go on without would be wrong. */
static av_cold int check_not_empty(AVFormatContext *avctx, const char *name, const char *path)
{
    if (!path || *path)
        return 0;
    av_log(avctx, AV_LOG_ERROR, "%s is empty: it has to name a file\n", name);
    return AVERROR(EINVAL);
}

/** What has no effect may be a mistake. */
static av_cold void warn_of_no_effect(AVFormatContext *avctx)
{
    const MagnifierContext *s = avctx->priv_data;

    if (s->exclude_proof == MAGNIFIER_GUARD_PROOF_STRICT && !s->exclude && !s->exclude_file)
        av_log(avctx, AV_LOG_WARNING, "exclude_proof means nothing without exclude or exclude_file\n");
    if (s->exclude_log_titles && !s->exclude_log)
        av_log(avctx, AV_LOG_WARNING, "exclude_log_titles means nothing without exclude_log\n");
    if (s->resize_mode != MAGNIFIER_RESIZE_PAD && s->source.kind != MAGNIFIER_SOURCE_TITLE &&
        s->source.kind != MAGNIFIER_SOURCE_HWND)
        av_log(avctx, AV_LOG_WARNING, "resize_mode means nothing for '%s', only for a window\n", avctx->url);
}

static av_cold int check_source(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;

    if (ff_magnifier_source_parse(&s->source, avctx->url) >= 0)
        return 0;
    if (s->source.kind == MAGNIFIER_SOURCE_DESKTOP)
        av_log(avctx, AV_LOG_ERROR, "Unknown input '%s': this device knows 'desktop', 'monitor=N' (a "
               "number or name), 'title=TEXT' and 'hwnd=0x...'; -sources magnifier lists what there "
               "is\n", avctx->url);
    else
        av_log(avctx, AV_LOG_ERROR, "%s has to come after '=' in '%s'; -sources magnifier lists what "
               "there is\n", s->source.kind == MAGNIFIER_SOURCE_HWND ? "A handle, as in hwnd=0x1a2b," :
               s->source.kind == MAGNIFIER_SOURCE_TITLE ? "The title of a window" :
               "The number or name of a monitor", avctx->url);
    return AVERROR(EINVAL);
}

static av_cold int check_options(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;

    if (check_source(avctx) < 0)
        return AVERROR(EINVAL);
    if (s->framerate.num <= 0 || s->framerate.den <= 0) {
        av_log(avctx, AV_LOG_ERROR, "The frame rate %d/%d is not positive\n",
               s->framerate.num, s->framerate.den);
        return AVERROR(EINVAL);
    }
    if (s->resize_mode == MAGNIFIER_RESIZE_SCALE &&
        (s->width || s->offset_x != INT_MIN || s->offset_y != INT_MIN)) {
        av_log(avctx, AV_LOG_ERROR, "resize_mode scale is for a whole window, not for a part of it: it "
               "does not go with video_size, offset_x and offset_y; a filter can crop and scale\n");
        return AVERROR(EINVAL);
    }
    if (check_not_empty(avctx, "exclude_file", s->exclude_file) < 0 ||
        check_not_empty(avctx, "exclude_log", s->exclude_log) < 0)
        return AVERROR(EINVAL);
    if (!s->window_list)
        warn_of_no_effect(avctx);
    return 0;
}

static av_cold int open_capture(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierCaptureOptions options = {
        .source = s->source,
        .region = {
            .width      = s->width,
            .height     = s->height,
            .offset_x   = s->offset_x == INT_MIN ? 0 : s->offset_x,
            .offset_y   = s->offset_y == INT_MIN ? 0 : s->offset_y,
            .offset_set = s->offset_x != INT_MIN || s->offset_y != INT_MIN,
        },
        .resize_mode = s->resize_mode,
        .draw_mouse  = s->draw_mouse,
        .show_region = s->show_region,
        .reclaim     = s->reclaim,
        .exclude     = {
            .rules    = s->exclude,
            .file     = s->exclude_file,
            .required = s->exclude_required,
            .proof    = s->exclude_proof,
        },
        .exclude_log = {
            .path        = s->exclude_log,
            .titles      = s->exclude_log_titles,
            .wall_offset = s->wall_offset,
        },
        .window_list = s->window_list,
    };
    const MagnifierRect *rect = &s->info.rect;
    int ret;

    s->capture = ff_magnifier_capture_alloc(&options);
    if (!s->capture)
        return AVERROR(ENOMEM);
    ret = ff_magnifier_capture_open(s->capture, &s->info, &avctx->interrupt_callback);
    /* whoever wants the list of windows as JSON has to know that it is not all there */
    if (ff_magnifier_log_flush(ff_magnifier_capture_log(s->capture), avctx) < 0 && ret == AVERROR_EXIT)
        ret = AVERROR(EIO);
    if (ret < 0)
        return ret;

    av_log(avctx, AV_LOG_INFO, "Capturing %dx%d at %d,%d, %d/%d frames a second%s\n",
           rect->right - rect->left, rect->bottom - rect->top, rect->left, rect->top,
           s->framerate.num, s->framerate.den,
           s->exclude || s->exclude_file ? "" : "; no window is left out");
    return 0;
}

static av_cold int open_slots(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    const MagnifierSlotsOptions options = {
        .framerate = s->framerate,
        .size      = s->info.size,
        .excluding = s->exclude || s->exclude_file,
        .on_unsafe = s->on_unsafe,
        .on_outage = s->on_outage,
    };

    return ff_magnifier_slots_open(&s->slots, s->capture, &options, avctx);
}

static av_cold int magnifier_read_header(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    int ret = check_options(avctx);

    if (ret < 0)
        return ret;
    /* One look at the wall clock: its jumps while recording are not the picture's. */
    s->wall_offset = av_gettime() - ff_magnifier_clock();
    ret = open_capture(avctx);
    if (ret < 0)
        return ret;
    ret = create_stream(avctx);
    if (ret < 0)
        return ret;

    ret = open_slots(avctx);
    if (ret < 0)
        return ret;

    s->last_time = AV_NOPTS_VALUE;
    s->opened    = 1;
    return 0;
}

static int magnifier_read_packet(AVFormatContext *avctx, AVPacket *pkt)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierPicture picture = { 0 };
    int64_t time;
    int ret = ff_magnifier_slots_read(s->slots, &picture, avctx);

    if (ret >= 0)
        ret = ff_magnifier_metadata_attach(pkt, &picture.metadata);
    if (ret < 0) {
        av_buffer_unref(&picture.buf);
        return ret;
    }

    time = picture.time + s->wall_offset;
    if (s->last_time != AV_NOPTS_VALUE)
        time = FFMAX(time, s->last_time + 1);
    s->last_time = time;
    s->frames++;
    s->states[picture.metadata.state]++;
    ff_magnifier_exclude_log_packet(ff_magnifier_capture_exclude_log(s->capture), time,
                                    &picture.metadata);

    pkt->buf      = picture.buf; /* now owned by the packet */
    pkt->data     = pkt->buf->data;
    pkt->size     = s->info.size;
    pkt->pts      = pkt->dts = time;
    pkt->duration = FFMAX(1, av_rescale(1000000, s->framerate.den, s->framerate.num));
    pkt->flags   |= AV_PKT_FLAG_KEY;
    return 0;
}

static av_cold void log_exclusion(AVFormatContext *avctx, const MagnifierExcludeSummary *summary)
{
    MagnifierContext *s = avctx->priv_data;

    av_log(avctx, AV_LOG_INFO, "Exclusion: %"PRIu64" frames held back, %"PRIu64" delivered without "
           "proof, %"PRIu64" lists, at most %d windows on one and %d painted over, "
           "%"PRIu64" looks begun again, %"PRIu64" windows of unknown identity left out\n",
           summary->guard.refused_total, s->states[MAGNIFIER_STATE_CLEAN], summary->guard.list_changes,
           summary->guard.max_listed, summary->guard.max_painted,
           summary->windows.restarts, summary->windows.unknown);
    for (int i = 0; i < MAGNIFIER_GUARD_NB_REASONS; i++)
        if (summary->guard.refused[i])
            av_log(avctx, AV_LOG_INFO, "Held back %"PRIu64": %s\n", summary->guard.refused[i],
                   ff_magnifier_guard_reason_text(i));
}

/** @param summary zero when the thread that knows it does not answer */
static av_cold void log_summary(AVFormatContext *avctx, const MagnifierCaptureSummary *summary,
                                int64_t skipped, int stuck)
{
    MagnifierContext *s = avctx->priv_data;
    char reclaim[256]   = "reclaim is off";

    if (stuck)
        av_strlcpy(reclaim, "nothing reclaimed yet, a call of the API has not come back",
                   sizeof(reclaim));
    else if (summary->settlement.pending)
        snprintf(reclaim, sizeof(reclaim), "%"PRIu64" bytes to reclaim wait for the other captures",
                 summary->settlement.pending);
    else if (summary->reclaim)
        ff_magnifier_reclaim_text(reclaim, sizeof(reclaim), &summary->settlement.report);
    av_log(avctx, AV_LOG_INFO, "%"PRIu64" frames, %"PRIu64" repeats, %"PRId64" slots skipped, "
           "%"PRIu64" outages; %s\n", s->frames, s->states[MAGNIFIER_STATE_REPEAT] +
           s->states[MAGNIFIER_STATE_BLACK] + s->states[MAGNIFIER_STATE_OUTAGE],
           skipped, summary->outages, reclaim);
    if (summary->excluding)
        log_exclusion(avctx, &summary->exclude);
}

/** Also the clean-up of a read_header() that failed at any step. */
static av_cold int magnifier_read_close(AVFormatContext *avctx)
{
    MagnifierContext *s = avctx->priv_data;
    MagnifierCaptureSummary summary = { 0 };
    MagnifierLog *log = ff_magnifier_log_alloc();
    int64_t skipped   = ff_magnifier_slots_close(&s->slots);
    int ret = ff_magnifier_capture_close(&s->capture, log, &summary);

    ff_magnifier_log_flush(log, avctx);
    ff_magnifier_log_free(&log);
    if (s->opened)
        log_summary(avctx, &summary, skipped, ret < 0);
    s->opened = 0;
    return 0;
}

static av_cold int magnifier_get_device_list(AVFormatContext *avctx, AVDeviceInfoList *list)
{
    MagnifierLog *log = ff_magnifier_log_alloc();
    int ret = ff_magnifier_source_list(list, log);

    ff_magnifier_log_flush(log, avctx);
    ff_magnifier_log_free(&log);
    return ret;
}

#define OFFSET(x) offsetof(MagnifierContext, x)
#define DEC AV_OPT_FLAG_DECODING_PARAM
static const AVOption options[] = {
    { "framerate",  "set frames per second", OFFSET(framerate), AV_OPT_TYPE_VIDEO_RATE, { .str = "ntsc" }, 0, INT_MAX, DEC },
    { "video_size", "set the size of the region", OFFSET(width), AV_OPT_TYPE_IMAGE_SIZE, { .str = NULL }, 0, 0, DEC },
    { "offset_x",   "set the left edge of the region on the virtual desktop, the monitor or the window", OFFSET(offset_x), AV_OPT_TYPE_INT, { .i64 = INT_MIN }, INT_MIN, INT_MAX, DEC },
    { "offset_y",   "set the top edge of the region on the virtual desktop, the monitor or the window", OFFSET(offset_y), AV_OPT_TYPE_INT, { .i64 = INT_MIN }, INT_MIN, INT_MAX, DEC },
    { "resize_mode", "what becomes of the picture when the window changes its size", OFFSET(resize_mode), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_RESIZE_PAD }, MAGNIFIER_RESIZE_PAD, MAGNIFIER_RESIZE_SCALE, DEC, .unit = "resize" },
        { "pad",    "what it no longer has is black", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_RESIZE_PAD }, 0, 0, DEC, .unit = "resize" },
        { "crop",   "show as much of the screen as before", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_RESIZE_CROP }, 0, 0, DEC, .unit = "resize" },
        { "scale",  "all of the window, stretched", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_RESIZE_SCALE }, 0, 0, DEC, .unit = "resize" },
    { "draw_mouse", "draw the mouse pointer", OFFSET(draw_mouse), AV_OPT_TYPE_BOOL, { .i64 = 1 }, 0, 1, DEC },
    { "show_region", "show an outline around the region on the screen", OFFSET(show_region), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, DEC },
    { "exclude",    "set the rules for windows to leave out", OFFSET(exclude), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, DEC },
    { "exclude_file", "set a file with such rules, read again when it changes", OFFSET(exclude_file), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, DEC },
    { "exclude_required", "refuse to start while a rule matches no window", OFFSET(exclude_required), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, DEC },
    { "exclude_proof", "prove on each frame that the exclusion was in force", OFFSET(exclude_proof), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_GUARD_PROOF_AUTO }, MAGNIFIER_GUARD_PROOF_OFF, MAGNIFIER_GUARD_PROOF_STRICT, DEC, .unit = "proof" },
        { "auto",   "deliver without proof when there is none and all else is clean", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_AUTO }, 0, 0, DEC, .unit = "proof" },
        { "strict", "deliver nothing without proof", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_STRICT }, 0, 0, DEC, .unit = "proof" },
        { "off",    "no canary window", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_GUARD_PROOF_OFF }, 0, 0, DEC, .unit = "proof" },
    { "exclude_log", "set a file for JSON lines about what is left out, and when", OFFSET(exclude_log), AV_OPT_TYPE_STRING, { .str = NULL }, 0, 0, DEC },
    { "exclude_log_titles", "write titles into it, not their SHA-256", OFFSET(exclude_log_titles), AV_OPT_TYPE_BOOL, { .i64 = 0 }, 0, 1, DEC },
    { "window_list", "print every window as the rules see it, and exit", OFFSET(window_list), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_WINDOW_LIST_NONE }, MAGNIFIER_WINDOW_LIST_NONE, MAGNIFIER_WINDOW_LIST_JSON, DEC, .unit = "list" },
        { "false",  "record", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_WINDOW_LIST_NONE }, 0, 0, DEC, .unit = "list" },
        { "true",   "one a line, in the log", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_WINDOW_LIST_TEXT }, 0, 0, DEC, .unit = "list" },
        { "json",   "for programs, on the standard output", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_WINDOW_LIST_JSON }, 0, 0, DEC, .unit = "list" },
    { "on_unsafe",  "what to deliver while no frame is certain to leave the windows out", OFFSET(on_unsafe), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_SUBSTITUTE_REPEAT }, MAGNIFIER_SUBSTITUTE_REPEAT, MAGNIFIER_SUBSTITUTE_STOP, DEC, .unit = "substitute" },
    { "on_outage",  "what to deliver while the API gives no picture", OFFSET(on_outage), AV_OPT_TYPE_INT, { .i64 = MAGNIFIER_SUBSTITUTE_REPEAT }, MAGNIFIER_SUBSTITUTE_REPEAT, MAGNIFIER_SUBSTITUTE_STOP, DEC, .unit = "substitute" },
        { "repeat", "the last picture again", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_SUBSTITUTE_REPEAT }, 0, 0, DEC, .unit = "substitute" },
        { "black",  "a black picture", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_SUBSTITUTE_BLACK }, 0, 0, DEC, .unit = "substitute" },
        { "stop",   "the last picture for a second, and four slots at least, then end with an error", 0, AV_OPT_TYPE_CONST, { .i64 = MAGNIFIER_SUBSTITUTE_STOP }, 0, 0, DEC, .unit = "substitute" },
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
    .get_device_list   = magnifier_get_device_list,
};
