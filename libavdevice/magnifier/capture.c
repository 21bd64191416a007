/*
 * magnifier: one capture
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

#include <inttypes.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/buffer.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"
#include "libavcodec/defs.h"

#include "canary.h"
#include "capture.h"
#include "control.h"
#include "cursor.h"
#include "display.h"
#include "fault.h"
#include "outline.h"
#include "scale.h"
#include "screen.h"
#include "target.h"

/** How long the start, the end and a picture may take, microseconds; ... */
#define OPEN_TIMEOUT 10000000
#define CLOSE_TIMEOUT 5000000
#define READ_TIMEOUT  2000000
/** ... and how long a picture and the end may wait for a call that has not come back. */
#define STUCK_READ_TIMEOUT  100000
#define STUCK_CLOSE_TIMEOUT 500000
/** After a failure it is tried again, first after RETRY_MIN, then ever later up to RETRY_MAX. */
#define RETRY_MIN  100000
#define RETRY_MAX 2000000
/** ... or up to this where the API says yes and calls nobody: a session that does so may leave a block
 * that nobody can give back, as no callback has told of it, and the windows there are go on being tried. */
#define RETRY_SILENT 30000000
/** How often it is asked whether the whole screen is magnified, microseconds. */
#define FULLSCREEN_PERIOD 1000000
/** How old a frame may be that fills the gap after a renewal of the controls, microseconds. */
#define SPARE_AGE 500000
/** Pictures taken at the start before a black one is believed to be a fault. */
#define BLANK_TRIES 10
/** ... and the pause between them, milliseconds. */
#define BLANK_PAUSE 20

typedef struct MagnifierCapture {
    MagnifierClient client;     ///< must be first: the runtime hands it back
    MagnifierCaptureOptions options;
    char *name;                 ///< the string in their source
    MagnifierLog *log;          ///< lines for the user

    /* FFmpeg's threads only */
    int joined;                 ///< takes part in the runtime
    int stuck;                  ///< the last call has not come back in time
    MagnifierCall *close;       ///< made in time: the end must not need memory

    /* below: the runtime's thread only, or while it runs no call for us */
    int attached;               ///< known to the runtime as a client
    MagnifierDisplay display;   ///< the layout that the controls were made for
    MagnifierTarget target;     ///< the window that is followed, if there is one
    int hidden;                 ///< it is not on the screen
    int hidden_told;            ///< that has been said once
    int gone;                   ///< that it does not exist any more has been said
    int left_out_told;          ///< it has been said that the rules leave it out
    MagnifierRect rect;         ///< the region
    MagnifierRect shown;        ///< all of it, or what the window has of it; the rest is black
    int width;                  ///< of the region; changes with resize_mode scale only
    int height;
    MagnifierRect parts[MAGNIFIER_MAX_MONITORS]; ///< of what is shown, one for each control
    int nb_parts;               ///< 0: all is black, whatever controls there are
    int monitors[MAGNIFIER_MAX_MONITORS]; ///< of the controls: their places in the layout
    int resumed;                ///< the parts and controls are there
    MagnifierControl *controls; ///< one for each part: no control ever changes its size, since
                                ///< nobody knows what the API does with its block then
    int nb_controls;            ///< made so far; less than the parts: not ready
    int visible;                ///< hosts have to be shown
    MagnifierCursor *cursor;
    MagnifierOutline outline;
    AVBufferPool *pool;         ///< of pictures of the region
    MagnifierScaler scaler;     ///< to the size of the frames
    int unscaled;               ///< that has failed the last time
    MagnifierExcludeRules rules; ///< for the exclusion
    MagnifierExclude *exclude;  ///< NULL: no window is left out
    MagnifierExcludeLog *exclude_log; ///< for the exclusion and the packets; NULL: there is none
    MagnifierResult result; ///< on its way to FFmpeg's thread
    AVFrame *spare;             ///< was held when the controls had to go, and may leave
    MagnifierMetadata spare_metadata; ///< of it
    int recording;              ///< the start has succeeded
    unsigned failures;          ///< pictures in a row that did not come
    int64_t failing_since;      ///< ff_magnifier_clock() at the first of them
    int composed;               ///< a picture came in this slot
    int secure_desktop;         ///< another desktop is on the screen; has been counted
    int fullscreen;             ///< the whole screen is magnified or shown in other colors
    int fullscreen_told;        ///< it has been said
    int64_t fullscreen_asked;   ///< ff_magnifier_clock() when that was asked, 0: not yet
    int told;                   ///< it has been said why
    int silent;                 ///< the callback did not come, the last time
    int64_t list_failed;        ///< since when the exclusion list fails, 0: it does not
    int64_t next_retry;         ///< when to try new windows or a new session
    int retry_delay;            ///< from that to the next time, microseconds
    MagnifierCaptureSummary summary;
} MagnifierCapture;

/* ------------------------------------------------------------------------
 * The runtime's thread
 * ------------------------------------------------------------------------ */

static void rt_suspend(MagnifierClient *client)
{
    MagnifierCapture *c = (MagnifierCapture *)client;

    /* the list goes with the controls, so the guard has to know first */
    if (c->exclude) {
        MagnifierMetadata metadata;
        AVFrame *held = ff_magnifier_rt_exclude_invalidate(c->exclude, &metadata);

        if (held) {
            av_frame_free(&c->spare);
            c->spare          = held;
            c->spare_metadata = metadata;
        }
    }
    while (c->nb_controls)
        ff_magnifier_rt_control_destroy(&c->controls[--c->nb_controls]);
    av_freep(&c->controls);
    c->resumed = 0;
}

/** The first monitor that shows a part. */
static int monitor_of(const MagnifierDisplay *display, const MagnifierRect *part)
{
    int i;

    for (i = 0; i < display->nb_monitors - 1; i++) {
        MagnifierRect seen;

        if (ff_magnifier_rect_intersect(&seen, part, &display->rects[i]) &&
            ff_magnifier_rect_same(&seen, part))
            break;
    }
    return i;
}

static int scales(const MagnifierCapture *c)
{
    return c->target.hwnd && c->options.resize_mode == MAGNIFIER_RESIZE_SCALE;
}

/**
 * What a control captures for a part. What moves takes the same size for all of its way over a
 * monitor, so that it needs no other control: each leaves a block behind. What changes its size takes
 * all of the monitor.
 */
static MagnifierRect source_of(const MagnifierCapture *c, const MagnifierRect *part)
{
    const MagnifierRect *monitor = &c->display.rects[monitor_of(&c->display, part)];
    MagnifierRect source = *part;

    if (scales(c))
        source = *monitor;
    else if (c->target.hwnd)
        ff_magnifier_region_source(&source, &c->rect, monitor);
    return source;
}

static int rt_create_controls(MagnifierCapture *c)
{
    c->controls = av_calloc(c->nb_parts, sizeof(*c->controls));
    if (!c->controls)
        return AVERROR(ENOMEM);
    while (c->nb_controls < c->nb_parts) {
        const MagnifierRect *part  = &c->parts[c->nb_controls];
        const MagnifierRect source = source_of(c, part);
        int ret = ff_magnifier_rt_control_create(&c->controls[c->nb_controls], part, &source,
                                                 c->visible, c->options.reclaim ? c->client.id : 0,
                                                 &c->client);
        c->monitors[c->nb_controls] = monitor_of(&c->display, part);
        if (ret < 0)
            return ret;
        c->nb_controls++;
    }
    return 0;
}

static void rt_heard(MagnifierClient *client)
{
    MagnifierCapture *c = (MagnifierCapture *)client;

    if (c->exclude)
        ff_magnifier_rt_exclude_heard(c->exclude);
}

static int rt_resume(MagnifierClient *client)
{
    MagnifierCapture *c = (MagnifierCapture *)client;
    int ret = ff_magnifier_rt_display_read(&c->display, c->log, c->client.error_level);

    if (ret < 0)
        return ret;
    c->nb_parts = ff_magnifier_region_parts(c->parts, &c->shown, c->display.rects,
                                            c->display.nb_monitors);
    /* without a part, the layout has changed and the region is nowhere: black */
    if (c->nb_parts)
        ret = rt_create_controls(c);
    if (ret < 0)
        rt_suspend(client);
    else
        c->resumed = 1;
    return ret;
}

static int rt_rebuild(MagnifierCapture *c)
{
    int ret;

    rt_suspend(&c->client);
    ret = ff_magnifier_rt_session(&c->client);
    return ret < 0 ? ret : rt_resume(&c->client);
}

/** Say once what went wrong: as an error at the start, as a warning while recording. */
static int rt_report_outcome(MagnifierCapture *c, const MagnifierControl *control,
                             enum MagnifierOutcome outcome, DWORD code)
{
    int level = c->recording ? AV_LOG_WARNING : AV_LOG_ERROR;
    char text[3 * MAX_PATH + 128];

    if (c->failures || c->told)
        level = AV_LOG_DEBUG;
    else
        c->told = 1;
    if (outcome == MAGNIFIER_CALL_FAILED)
        ff_magnifier_log(c->log, level, "MagSetWindowSource failed (error %lu)\n", code);
    else if (outcome == MAGNIFIER_CALL_FAULTED)
        ff_magnifier_log(c->log, level, "MagSetWindowSource raised %s; there are no more pictures in "
                         "this process, and what the API has leaked stays\n",
                         ff_magnifier_rt_fault_text(text, sizeof(text)));
    else if (outcome == MAGNIFIER_REFUSED)
        ff_magnifier_log(c->log, level, "The Magnification API delivered a picture %s\n",
                         control->refused);
    else
        ff_magnifier_log(c->log, level, "MagSetWindowSource delivered no picture\n");
    return AVERROR_EXTERNAL;
}

/** Put one picture of the region together. */
static int rt_compose(MagnifierCapture *c, uint8_t *data, enum MagnifierOutcome *outcome)
{
    if (!c->resumed)
        return AVERROR_EXTERNAL;

    ff_magnifier_region_blacken(data, 4 * (ptrdiff_t)c->width, &c->rect, c->parts, c->nb_parts);
    for (int i = 0; i < c->nb_parts; i++) {
        const MagnifierRect *part = &c->parts[i];
        uint8_t *dst = data + 4 * ((size_t)(part->top - c->rect.top) * c->width +
                                   part->left - c->rect.left);

        *outcome = ff_magnifier_rt_control_capture(&c->controls[i], dst, 4 * (ptrdiff_t)c->width);
        c->silent = *outcome == MAGNIFIER_NO_CALLBACK;
        if (*outcome != MAGNIFIER_PICTURE)
            return rt_report_outcome(c, &c->controls[i], *outcome, GetLastError());
    }
    if (!c->nb_parts)
        return 0; /* black, of which the API knows nothing */
    c->composed = 1;
    c->told     = 0;
    c->client.last_picture = ff_magnifier_clock();
    return 0;
}

/** Scene: capture, without the pointer. */
static int rt_scene_compose(void *opaque, AVFrame **out)
{
    MagnifierCapture *c   = opaque;
    AVFrame *frame = av_frame_alloc();
    enum MagnifierOutcome outcome;
    int ret = AVERROR(ENOMEM);

    if (!frame || !(frame->buf[0] = av_buffer_pool_get(c->pool)))
        goto fail;
    frame->data[0]     = frame->buf[0]->data;
    frame->linesize[0] = 4 * c->width;
    frame->width       = c->width;
    frame->height      = c->height;
    frame->pts         = ff_magnifier_clock();
    ret = rt_compose(c, frame->data[0], &outcome);
    if (ret < 0)
        goto fail;
    c->result.took = frame->pts;
    *out = frame;
    return 0;

fail:
    av_frame_free(&frame);
    return ret;
}

/** Scene: draw the pointer. */
static void rt_scene_finish(void *opaque, AVFrame *frame)
{
    MagnifierCapture *c = opaque;
    const MagnifierRect *shown = &c->shown;

    if (c->options.draw_mouse && !ff_magnifier_rect_is_empty(shown))
        ff_magnifier_rt_cursor_draw(c->cursor, c->log, frame->data[0] + (shown->top - c->rect.top) *
                                    (ptrdiff_t)frame->linesize[0] + 4 * (shown->left - c->rect.left),
                                    frame->linesize[0], shown, frame->pts);
}

static MagnifierControl *rt_scene_controls(void *opaque, int *nb)
{
    MagnifierCapture *c = opaque;

    *nb = c->nb_controls;
    return c->controls;
}

static const MagnifierRect *rt_scene_region(void *opaque)
{
    MagnifierCapture *c = opaque;

    return &c->rect;
}

/** Pixels of the region that some monitor shows; of overlapping ones they count for each. */
static int64_t count_shown(const MagnifierCapture *c)
{
    int64_t nb = 0;

    for (int i = 0; i < c->nb_parts; i++)
        nb += (int64_t)(c->parts[i].right - c->parts[i].left) * (c->parts[i].bottom - c->parts[i].top);
    return nb;
}

static int rt_display_up_to_date(MagnifierCapture *c)
{
    int64_t before = count_shown(c), lost;
    int ret;

    if (!ff_magnifier_rt_display_changed(&c->display))
        return 0;
    ret  = rt_rebuild(c);
    lost = before - count_shown(c);
    if (lost > 0)
        ff_magnifier_log(c->log, AV_LOG_WARNING, "The layout of the monitors has changed; the recording "
                         "goes on with the same region, of which %"PRId64" pixels have become black\n", lost);
    else
        ff_magnifier_log(c->log, AV_LOG_INFO, "The layout of the monitors has changed; "
                         "the recording goes on with the same region\n");
    return ret;
}

/** Are the controls those that the parts need, so that they need only to be moved? */
static int are_controls_right(const MagnifierCapture *c)
{
    if (!c->resumed || c->nb_parts != c->nb_controls)
        return 0;
    for (int i = 0; i < c->nb_parts; i++)
        if (monitor_of(&c->display, &c->parts[i]) != c->monitors[i])
            return 0;
    return 1;
}

/** Where the frames are from, for the user to see. */
static void rt_outline(MagnifierCapture *c)
{
    if (!c->options.show_region)
        return;
    if (c->hidden)
        ff_magnifier_rt_outline_hide(&c->outline);
    else
        ff_magnifier_rt_outline_show(&c->outline, &c->rect, c->log);
}

static int rt_set_size(MagnifierCapture *c, int width, int height)
{
    AVBufferPool *pool;

    if (c->pool && c->width == width && c->height == height)
        return 0;
    pool = av_buffer_pool_init(4 * (size_t)width * height + AV_INPUT_BUFFER_PADDING_SIZE,
                               av_buffer_allocz); /* FFmpeg wants the padding zeroed */
    if (!pool)
        return AVERROR(ENOMEM);
    av_buffer_pool_uninit(&c->pool); /* what is in use stays */
    c->pool   = pool;
    c->width  = width;
    c->height = height;
    return 0;
}

/**
 * Let the frames show another region. The exclusion has to know first: where its canary was seen
 * says nothing of the new place, so it begins anew there, with the same list.
 */
static int rt_move(MagnifierCapture *c, const MagnifierRect *rect, const MagnifierRect *shown)
{
    int ret = rt_set_size(c, rect->right - rect->left, rect->bottom - rect->top);

    if (ret < 0)
        return ret;
    if (c->exclude) {
        MagnifierMetadata metadata;
        AVFrame *held = ff_magnifier_rt_exclude_move(c->exclude, shown, &metadata);

        av_frame_free(&c->spare);
        c->spare = held;
        if (held)
            c->spare_metadata = metadata;
    }
    c->rect  = *rect;
    c->shown = *shown;
    rt_outline(c);
    c->nb_parts = ff_magnifier_region_parts(c->parts, shown, c->display.rects, c->display.nb_monitors);
    if (!c->nb_parts)
        return 0;
    if (!are_controls_right(c))
        return rt_rebuild(c);
    for (int i = 0; i < c->nb_parts; i++) {
        const MagnifierRect source = source_of(c, &c->parts[i]);

        ff_magnifier_rt_control_move(&c->controls[i], &c->parts[i], &source);
    }
    return 0;
}

/** The window that is recorded has come or gone: the first time is news. */
static void rt_tell_hidden(MagnifierCapture *c, int hidden, int too_large)
{
    if (c->hidden != hidden)
        ff_magnifier_log(c->log, c->hidden_told > 1 ? AV_LOG_VERBOSE : AV_LOG_INFO, hidden ?
                         "The window is %s\n" :
                         "The window is back\n", too_large ? "too large to be scaled: black until it is smaller" :
                         "minimised or hidden: black until it is back");
    c->hidden_told += c->hidden != hidden;
    if (c->hidden != hidden) {
        c->hidden = hidden;
        rt_outline(c);
    }
}

/** What is scaled has a picture of its own size first; no window needs more than twice the desktop. */
static int is_too_large(const MagnifierCapture *c, const MagnifierRect *window)
{
    const MagnifierRect *d = &c->display.desktop;
    const int64_t width = window->right - window->left, height = window->bottom - window->top;

    return scales(c) && (width > 2 * (d->right - d->left) || height > 2 * (d->bottom - d->top) ||
                         4 * width * height > MAGNIFIER_REGION_MAX_BYTES);
}

/** To leave out what is recorded is hardly what was meant. */
static void rt_tell_left_out(MagnifierCapture *c)
{
    if (c->left_out_told || !c->exclude ||
        !ff_magnifier_rt_exclude_leaves_out(c->exclude, (uint64_t)(uintptr_t)c->target.hwnd))
        return;
    c->left_out_told = 1;
    ff_magnifier_log(c->log, AV_LOG_WARNING, "The window that is recorded is left out itself, so it "
                     "is not in the picture\n");
}

/** Is the window still where it was? @return 0; AVERROR_EOF: it is gone; another error */
static int rt_follow(MagnifierCapture *c)
{
    const MagnifierRegionOptions *o = &c->options.region;
    MagnifierRect window = { 0 }, rect = c->rect, shown = { 0 };
    enum MagnifierTargetState state;
    int too_large;

    if (!c->target.hwnd)
        return 0;
    state = ff_magnifier_rt_target_where(&c->target, &window);
    if (state == MAGNIFIER_TARGET_GONE) {
        /* FFmpeg reads again after the end, while it looks for streams */
        ff_magnifier_log(c->log, c->gone ? AV_LOG_DEBUG : AV_LOG_INFO, "The window is gone: the recording ends\n");
        c->gone = 1;
        return AVERROR_EOF;
    }
    rt_tell_left_out(c);
    too_large = is_too_large(c, &window);
    rt_tell_hidden(c, state == MAGNIFIER_TARGET_HIDDEN || too_large, too_large);
    if (!c->hidden && scales(c)) {
        rect = shown = window;
    } else if (!c->hidden) {
        rect.left   = window.left + o->offset_x;
        rect.top    = window.top  + o->offset_y;
        rect.right  = rect.left + c->width;
        rect.bottom = rect.top  + c->height;
        shown       = rect;
        if (c->options.resize_mode == MAGNIFIER_RESIZE_PAD &&
            !ff_magnifier_rect_intersect(&shown, &rect, &window))
            shown = (MagnifierRect) { 0 };
    }
    if (ff_magnifier_rect_same(&rect, &c->rect) && ff_magnifier_rect_same(&shown, &c->shown))
        return 0;
    return rt_move(c, &rect, &shown);
}

/** A new session, or, while it serves others well, new windows only. */
static void rt_restart(MagnifierCapture *c, int64_t failing_since)
{
    if (ff_magnifier_rt_others_live(&c->client, failing_since))
        rt_rebuild(c);
    else
        ff_magnifier_rt_restart(&c->client);
}

/**
 * After a failure: first new windows, then, ever more seldom but never too seldom, a new
 * session, as another part of the process may have ended ours. The next slot tries the
 * outcome.
 */
static void rt_recover(MagnifierCapture *c)
{
    int64_t now = ff_magnifier_clock();

    if (!c->failures++) {
        c->summary.outages++;
        /* after a fault, all has been said */
        c->client.error_level = ff_magnifier_rt_faulted() ? AV_LOG_DEBUG : AV_LOG_WARNING;
        c->failing_since      = now;
        c->retry_delay        = RETRY_MIN;
        c->next_retry         = now + c->retry_delay;
        /* a start without a test picture has not tried this, see rt_first_picture() */
        if (c->silent && !c->client.last_picture)
            c->visible = 1;
        rt_rebuild(c);
        c->client.error_level = AV_LOG_DEBUG;
    } else if (now >= c->next_retry) {
        c->retry_delay = FFMIN(2 * c->retry_delay, c->silent ? RETRY_SILENT : RETRY_MAX);
        c->next_retry  = now + c->retry_delay;
        rt_restart(c, c->failing_since);
        /* there are no windows to be tried */
        if (!c->resumed)
            c->next_retry = FFMIN(c->next_retry, now + RETRY_MAX);
    }
}

/** A list that fails and goes on failing may be that of a session that is lost. */
static void rt_recover_list(MagnifierCapture *c)
{
    int64_t now = ff_magnifier_clock();

    if (!ff_magnifier_rt_exclude_list_fails(c->exclude)) {
        c->list_failed = 0;
    } else if (!c->list_failed) {
        c->list_failed = now;
    } else if (now - c->list_failed > RETRY_MAX) {
        rt_restart(c, c->list_failed);
        c->list_failed = 0;
    }
}

static int rt_take_excluding(MagnifierCapture *c, int begins)
{
    MagnifierResult *r = &c->result;
    AVFrame *spare;
    int ret = ff_magnifier_rt_exclude_next(c->exclude, begins, r);

    rt_recover_list(c);

    /* A frame that was let go when the controls were made anew fills the gap, but not a
     * long one. */
    spare    = c->spare;
    c->spare = NULL;
    if (ret < 0 || ret == MAGNIFIER_FRAME || r->forget ||
        (spare && ff_magnifier_clock() - spare->pts > SPARE_AGE)) {
        av_frame_free(&spare);
    } else if (spare) {
        r->frame    = spare;
        r->metadata = c->spare_metadata;
        ret         = MAGNIFIER_FRAME;
    }
    return ret;
}

/** There is no picture; but rules and titles may change all the same, and the last one may be repeated. */
static int rt_take_nothing(MagnifierCapture *c, int error)
{
    int ret = c->exclude ? ff_magnifier_rt_exclude_idle(c->exclude, &c->result.forget) : 0;

    if (c->result.forget)
        av_frame_free(&c->spare);
    return ret < 0 ? ret : error;
}

/** @return enum MagnifierStatus or a negative error */
static int rt_take(MagnifierCapture *c, int begins)
{
    int ret = rt_display_up_to_date(c);

    /* once a slot: each place wants a new proof, for which it needs some time */
    if (ret >= 0 && begins)
        ret = rt_follow(c);
    if (ret < 0 || !c->resumed)
        return rt_take_nothing(c, ret < 0 ? ret : AVERROR_EXTERNAL);
    /* where nothing is captured, nothing is to be left out */
    if (c->exclude && c->nb_parts)
        return rt_take_excluding(c, begins);
    if (c->exclude)
        ret = ff_magnifier_rt_exclude_idle(c->exclude, &c->result.forget);
    if (ret < 0)
        return ret;
    av_frame_free(&c->spare);
    ret = rt_scene_compose(c, &c->result.frame);
    if (ret < 0)
        return ret;
    c->result.metadata = (MagnifierMetadata) { .state = MAGNIFIER_STATE_OPEN };
    rt_scene_finish(c, c->result.frame);
    return MAGNIFIER_FRAME;
}

/** Is there no picture because another desktop is on the screen? Counts that as an outage. */
static int rt_is_secure_desktop(MagnifierCapture *c)
{
    int secure = c->exclude && !c->result.frame &&
                 ff_magnifier_rt_exclude_secure_desktop(c->exclude);

    c->summary.outages += secure && !c->secure_desktop;
    c->secure_desktop = secure;
    return secure;
}

static int is_strict(const MagnifierCapture *c)
{
    return c->exclude && c->options.exclude.proof == MAGNIFIER_GUARD_PROOF_STRICT;
}

/**
 * Ask now and then whether a full-screen magnifier changes what is on the screen. What it
 * shows may be in pictures, and nobody knows what it makes of the canary, so with strict proof it
 * is an outage: what waits for its confirmation goes, and the list begins anew in the end.
 */
static void rt_ask_fullscreen(MagnifierCapture *c)
{
    int64_t now = ff_magnifier_clock();
    char buf[64];
    const char *text;

    if (c->fullscreen_asked && now - c->fullscreen_asked < FULLSCREEN_PERIOD)
        return;
    c->fullscreen_asked = now;
    text = ff_magnifier_rt_fullscreen_effect(buf, sizeof(buf));
    if (text && !c->fullscreen_told)
        ff_magnifier_log(c->log, AV_LOG_WARNING, "The whole screen is %s, by Magnifier or another "
                         "program; %s\n", text, is_strict(c) ?
                         "no picture as long as it is, since exclude_proof is strict" :
                         "pictures may show that");
    c->fullscreen_told |= !!text;
    if (is_strict(c) && text && !c->fullscreen) {
        MagnifierMetadata unused;
        AVFrame *held = ff_magnifier_rt_exclude_invalidate(c->exclude, &unused);

        av_frame_free(&held);
        av_frame_free(&c->spare);
        c->summary.outages++;
    } else if (is_strict(c) && !text && c->fullscreen) {
        ff_magnifier_log(c->log, AV_LOG_INFO, "The whole screen is as it was; the pictures go on\n");
    }
    c->fullscreen = !!text;
}

/** The picture that leaves has the size of the recording. Says once when it cannot get it. */
static int rt_scale_result(MagnifierCapture *c)
{
    int ret = ff_magnifier_rt_scale(&c->scaler, c->result.frame);

    if (ret < 0)
        ff_magnifier_log(c->log, c->unscaled ? AV_LOG_DEBUG : AV_LOG_WARNING, "The picture cannot be "
                         "scaled: %s\n", ret == AVERROR(ENOMEM) ? "out of memory" : "GDI refuses");
    c->unscaled = ret < 0;
    return ret;
}

/** @param begins a slot begins */
static int rt_read(MagnifierCapture *c, int begins)
{
    int ret;

    av_frame_free(&c->result.frame); /* of a reader that gave up */
    c->result.again_at = INT64_MAX;
    c->result.holds    = 0;
    c->result.reason   = NULL;
    c->result.outage   = NULL;
    c->result.took     = 0;
    c->composed = 0;
    c->silent   = 0;
    rt_ask_fullscreen(c);
    if (c->fullscreen && is_strict(c)) {
        ret = ff_magnifier_rt_exclude_idle(c->exclude, &c->result.forget);
        return ret == AVERROR(ENOMEM) ? ret : MAGNIFIER_OUTAGE;
    }
    ret = rt_take(c, begins);
    if (ret == MAGNIFIER_FRAME && rt_scale_result(c) < 0) {
        /* the API has nothing to do with it, so neither new windows nor a new session help */
        av_frame_free(&c->result.frame);
        c->result.again_at = INT64_MAX;
        c->result.outage   = "GDI cannot scale the picture";
        return MAGNIFIER_OUTAGE;
    }
    if (ret == AVERROR(ENOMEM) || ret == AVERROR_EOF)
        return ret;
    if (ret < 0 || ret == MAGNIFIER_OUTAGE) {
        c->result.again_at = INT64_MAX; /* the next slot is soon enough */
        rt_recover(c);
        return MAGNIFIER_OUTAGE;
    }
    if (rt_is_secure_desktop(c))
        return MAGNIFIER_OUTAGE;
    /* no picture either, so an outage goes on; it is the guard's turn to look again */
    if (ret == MAGNIFIER_UNSAFE && !c->composed)
        return c->failures ? MAGNIFIER_OUTAGE : ret;
    if (c->failures && c->composed)
        ff_magnifier_log(c->log, AV_LOG_INFO, "The picture is back after %u slots\n", c->failures);
    if (c->composed)
        c->failures = 0;
    return ret;
}

static int rt_begin_slot(void *opaque)
{
    return rt_read(opaque, 1);
}

static int rt_go_on(void *opaque)
{
    return rt_read(opaque, 0);
}

static int is_black(const uint8_t *data, int nb_pixels)
{
    for (int i = 0; i < nb_pixels; i++)
        if (data[4 * i] | data[4 * i + 1] | data[4 * i + 2])
            return 0;
    return 1;
}

/** No picture is taken without a list, not even one that nobody gets. */
static av_cold int rt_prime(MagnifierCapture *c)
{
    return c->exclude ? ff_magnifier_rt_exclude_prime(c->exclude) : 0;
}

/**
 * Take the first picture, which nobody gets, and learn how the API wants its windows.
 *
 * Six products get their pictures from hidden windows, four other programs report that
 * a window has to be shown and painted. So hidden comes first, shown second.
 */
static av_cold int rt_first_picture(MagnifierCapture *c, uint8_t *data)
{
    enum MagnifierOutcome outcome = MAGNIFIER_PICTURE;
    int primed = rt_prime(c) >= 0, ret = 0;

    c->failures = 1; /* silent, for the moment */
    if (primed)
        ret = rt_compose(c, data, &outcome);
    if (ret < 0 && outcome == MAGNIFIER_NO_CALLBACK) {
        c->visible = 1;
        ret = rt_rebuild(c);
        if (ret < 0)
            return ret;
        primed = rt_prime(c) >= 0;
    }
    c->failures = 0;
    if (!primed) {
        ff_magnifier_log(c->log, AV_LOG_VERBOSE, "No picture for a test: the exclusion list cannot "
                         "be set yet\n");
        return 0;
    }
    if (ret < 0 || c->visible)
        ret = rt_compose(c, data, &outcome);
    if (ret >= 0)
        ff_magnifier_log(c->log, AV_LOG_VERBOSE, "Capturing with %s windows, %d of them\n",
                         c->visible ? "visible" : "hidden", c->nb_controls);
    return ret;
}

/** One vendor's driver gives black pictures and reports success. */
static av_cold int rt_check_not_blank(MagnifierCapture *c, uint8_t *data)
{
    enum MagnifierOutcome outcome;

    for (int i = 0; is_black(data, c->width * c->height); i++) {
        int ret;

        if (ff_magnifier_rt_screen_is_black(&c->rect))
            return 0; /* it is, or nobody can tell */
        if (i == BLANK_TRIES) {
            ff_magnifier_log(c->log, AV_LOG_ERROR, "The Magnification API delivers black pictures "
                             "of a screen that is not black; an update of the graphics driver "
                             "may help\n");
            return AVERROR_EXTERNAL;
        }
        Sleep(BLANK_PAUSE);
        ret = rt_compose(c, data, &outcome);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static av_cold int rt_choose_monitor(MagnifierCapture *c, MagnifierRect *bounds)
{
    const MagnifierDisplay *d = &c->display;
    int i = ff_magnifier_display_find(d, c->options.source.name);

    if (i < 0) {
        ff_magnifier_log(c->log, AV_LOG_ERROR, "There is no monitor '%s': of %d, the last is "
                         "monitor=%d or monitor=%s\n", c->options.source.name, d->nb_monitors,
                         d->nb_monitors, d->names[d->nb_monitors - 1]);
        return i;
    }
    c->options.region.monitor = i + 1;
    *bounds = d->rects[i];
    return 0;
}

static av_cold int rt_choose_window(MagnifierCapture *c, MagnifierRect *bounds)
{
    const MagnifierSource *s = &c->options.source;
    int ret = ff_magnifier_rt_target_find(&c->target, s->kind == MAGNIFIER_SOURCE_TITLE ? s->name : NULL,
                                          s->hwnd, c->log);

    if (ret < 0)
        return ret;
    c->options.region.window = 1;
    if (ff_magnifier_rt_target_where(&c->target, bounds) == MAGNIFIER_TARGET_SHOWN)
        return 0;
    ff_magnifier_log(c->log, AV_LOG_ERROR, "The window 0x%"PRIx64" is minimised or hidden: it has no "
                     "size to begin with; restore it first\n", (uint64_t)(uintptr_t)c->target.hwnd);
    return AVERROR(EINVAL);
}

/** The desktop, or the monitor or window that was asked for. */
static av_cold int rt_choose_bounds(MagnifierCapture *c, MagnifierRect *bounds)
{
    *bounds = c->display.desktop;
    switch (c->options.source.kind) {
    case MAGNIFIER_SOURCE_MONITOR:
        return rt_choose_monitor(c, bounds);
    case MAGNIFIER_SOURCE_TITLE:
    case MAGNIFIER_SOURCE_HWND:
        return rt_choose_window(c, bounds);
    default:
        return 0;
    }
}

static av_cold int rt_choose_region(MagnifierCapture *c)
{
    MagnifierRect bounds;
    char text[256];
    int ret = ff_magnifier_rt_display_read(&c->display, c->log, c->client.error_level);

    if (ret >= 0)
        ret = rt_choose_bounds(c, &bounds);
    if (ret < 0)
        return ret;
    ret = ff_magnifier_region_choose(&c->rect, &c->options.region, &bounds, c->display.rects,
                                     c->display.nb_monitors, text, sizeof(text));
    if (*text)
        ff_magnifier_log(c->log, ret < 0 ? AV_LOG_ERROR : AV_LOG_WARNING, "%s\n", text);
    if (ret < 0)
        return ret;
    c->shown         = c->rect;
    c->scaler.width  = c->rect.right  - c->rect.left;
    c->scaler.height = c->rect.bottom - c->rect.top;
    ret = rt_set_size(c, c->scaler.width, c->scaler.height);
    if (ret < 0)
        return ret;
    /* the window is followed with the offset that it began with */
    if (!c->options.region.width)
        c->options.region.offset_x = c->options.region.offset_y = 0;
    return 0;
}

/** A canary fits into each monitor's part of the region, or there is no proof. */
static av_cold int check_room_for_canaries(MagnifierCapture *c)
{
    const int strict = c->options.exclude.proof == MAGNIFIER_GUARD_PROOF_STRICT;
    int nb = ff_magnifier_region_parts(c->parts, &c->shown, c->display.rects, c->display.nb_monitors);

    for (int i = 0; i < nb && c->options.exclude.proof != MAGNIFIER_GUARD_PROOF_OFF; i++) {
        int width  = c->parts[i].right  - c->parts[i].left;
        int height = c->parts[i].bottom - c->parts[i].top;

        if (width >= MAGNIFIER_CANARY_SIZE && height >= MAGNIFIER_CANARY_SIZE)
            continue;
        ff_magnifier_log(c->log, strict ? AV_LOG_ERROR : AV_LOG_WARNING, "The exclusion cannot be proven: "
                         "a monitor shows %dx%d of the region, and the canary takes %dx%d; %s\n",
                         width, height, MAGNIFIER_CANARY_SIZE, MAGNIFIER_CANARY_SIZE,
                         strict ? "exclude_proof is strict, so there would be no frame" :
                         "going on without in two seconds, since exclude_proof is auto");
        return strict ? AVERROR(EINVAL) : 0;
    }
    return 0;
}

static av_cold int rt_open_exclusion(MagnifierCapture *c)
{
    const MagnifierExcludeOptions *o = &c->options.exclude;
    const MagnifierScene scene = {
        .opaque   = c,
        .controls = rt_scene_controls,
        .region   = rt_scene_region,
        .compose  = rt_scene_compose,
        .finish   = rt_scene_finish,
    };
    int ret;

    if (!o->rules && !o->file) {
        if (!o->required)
            return 0;
        ff_magnifier_log(c->log, AV_LOG_ERROR, "exclude_required is set, but neither exclude nor "
                         "exclude_file is\n");
        return AVERROR(EINVAL);
    }
    ret = check_room_for_canaries(c);
    if (ret < 0)
        return ret;
    c->summary.excluding = 1;
    return ff_magnifier_rt_exclude_open(&c->exclude, o, &c->rules, &scene, c->log);
}

static av_cold int rt_open(void *opaque)
{
    MagnifierCapture *c = opaque;
    AVBufferRef *buf = NULL;
    int ret;

    if (c->options.window_list) {
        ret = ff_magnifier_rt_exclude_print_windows(&c->rules, c->options.window_list ==
                                                    MAGNIFIER_WINDOW_LIST_JSON, c->log);
        return ret < 0 ? ret : AVERROR_EXIT;
    }
    ret = rt_choose_region(c);
    if (ret >= 0)
        ret = rt_open_exclusion(c);
    if (ret < 0)
        return ret;
    buf = av_buffer_pool_get(c->pool);
    if (!buf)
        return AVERROR(ENOMEM);

    ret = ff_magnifier_rt_attach(&c->client);
    if (ret < 0)
        goto end;
    c->attached = 1;

    rt_ask_fullscreen(c);
    ret = rt_first_picture(c, buf->data);
    /* with an exclusion, black may be just what is behind the windows left out */
    if (ret >= 0 && !c->exclude)
        ret = rt_check_not_blank(c, buf->data);
    c->recording = ret >= 0;
    if (c->recording)
        rt_outline(c);
    c->client.error_level = AV_LOG_DEBUG;
end:
    av_buffer_unref(&buf);
    return ret;
}

static av_cold int rt_close(void *opaque)
{
    MagnifierCapture *c = opaque;

    if (c->exclude)
        ff_magnifier_rt_exclude_summary(c->exclude, &c->summary.exclude);
    if (c->attached)
        ff_magnifier_rt_detach(&c->client, &c->summary.settlement);
    c->attached = 0;
    ff_magnifier_rt_exclude_close(&c->exclude);
    ff_magnifier_rt_target_free(&c->target);
    ff_magnifier_rt_outline_hide(&c->outline);
    ff_magnifier_rt_scaler_free(&c->scaler);
    av_frame_free(&c->result.frame);
    av_frame_free(&c->spare);
    return 0;
}

/* ------------------------------------------------------------------------
 * FFmpeg's threads
 * ------------------------------------------------------------------------ */

/** The last reference is gone, on whichever thread. */
static av_cold void free_capture(void *opaque, uint8_t *data)
{
    MagnifierCapture *c = (MagnifierCapture *)data;

    av_frame_free(&c->result.frame);
    av_frame_free(&c->spare);
    av_buffer_pool_uninit(&c->pool);
    av_freep(&c->name);
    av_freep(&c->options.exclude.rules);
    av_freep(&c->options.exclude.file);
    ff_magnifier_rules_free(&c->rules.rules);
    ff_magnifier_rulefile_close(&c->rules.file, 0); /* maybe on the runtime's thread */
    ff_magnifier_exclude_log_close(&c->exclude_log, 0);
    ff_magnifier_cursor_free(&c->cursor);
    ff_magnifier_log_free(&c->log);
    av_free(c);
}

av_cold AVBufferRef *ff_magnifier_capture_alloc(const MagnifierCaptureOptions *options)
{
    MagnifierCapture *c = av_mallocz(sizeof(*c));
    AVBufferRef *ref;

    if (!c)
        return NULL;
    c->options         = *options;
    c->log             = ff_magnifier_log_alloc();
    c->cursor          = ff_magnifier_cursor_alloc();
    c->client.log      = c->log;
    c->client.error_level = AV_LOG_ERROR;
    c->client.suspend  = rt_suspend;
    c->client.resume   = rt_resume;
    c->client.heard    = rt_heard;
    c->summary.reclaim = options->reclaim;
    /* the runtime's thread may outlive the user's strings */
    c->options.exclude.rules = av_strdup(options->exclude.rules);
    c->options.exclude.file  = av_strdup(options->exclude.file);
    c->name                  = av_strdup(options->source.name);
    c->options.source.name   = c->name;
    if (c->log && c->cursor && !c->name == !options->source.name &&
        !c->options.exclude.rules == !options->exclude.rules && !c->options.exclude.file == !options->exclude.file) {
        ref = av_buffer_create((uint8_t *)c, sizeof(*c), free_capture, NULL, 0);
        if (ref)
            return ref;
    }
    free_capture(NULL, (uint8_t *)c);
    return NULL;
}

MagnifierLog *ff_magnifier_capture_log(AVBufferRef *capture)
{
    return ((MagnifierCapture *)capture->data)->log;
}

MagnifierExcludeLog *ff_magnifier_capture_exclude_log(AVBufferRef *capture)
{
    return ((MagnifierCapture *)capture->data)->exclude_log;
}

unsigned ff_magnifier_capture_generation(AVBufferRef *capture)
{
    const MagnifierCapture *c = (MagnifierCapture *)capture->data;

    return c->exclude ? ff_magnifier_exclude_generation(c->exclude) : 0;
}

/** Make a call, and remember whether the thread may be stuck in it. */
static int make_call(MagnifierCapture *c, int (*fn)(void *opaque), AVBufferRef *capture,
                     int64_t queue_timeout, int64_t timeout, const AVIOInterruptCB *cb)
{
    int ret = ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(fn, capture, 0),
                                        queue_timeout, timeout, cb);

    c->stuck = ret == AVERROR_EXIT || ret == AVERROR(ETIMEDOUT);
    return ret;
}

/** Here, since a file may keep us waiting, and the runtime's thread has others' frames to take. */
static av_cold int open_files(MagnifierCapture *c, const AVIOInterruptCB *cb)
{
    int ret = ff_magnifier_rulefile_open(&c->rules.file, &c->rules.rules, c->options.exclude.rules,
                                         c->options.exclude.file, cb, c->log);

    if (ret < 0 || c->options.window_list)
        return ret;
    ret = ff_magnifier_exclude_log_open(&c->exclude_log, &c->options.exclude_log, cb, c->log);
    c->options.exclude_log.path = NULL; /* the caller's */
    c->options.exclude.log      = c->exclude_log;
    return ret;
}

av_cold int ff_magnifier_capture_open(AVBufferRef *capture, MagnifierCaptureInfo *info,
                                      const AVIOInterruptCB *cb)
{
    MagnifierCapture *c = (MagnifierCapture *)capture->data;
    int ret;

    c->close = ff_magnifier_runtime_call_alloc(rt_close, capture, 1);
    if (!c->close)
        return AVERROR(ENOMEM);
    ret = open_files(c, cb);
    if (ret >= 0)
        ret = ff_magnifier_runtime_join(c->log, cb);
    if (ret < 0)
        return ret;
    c->joined = 1;

    ret = make_call(c, rt_open, capture, OPEN_TIMEOUT, OPEN_TIMEOUT, cb);
    if (ret == AVERROR(ETIMEDOUT))
        ff_magnifier_log(c->log, AV_LOG_ERROR, "The Magnification API has not answered for "
                         "%d seconds\n", OPEN_TIMEOUT / 1000000);
    if (ret < 0) /* FFmpeg has no words for a timeout of Windows */
        return ret == AVERROR(ETIMEDOUT) ? AVERROR_EXTERNAL : ret;

    info->rect = c->rect;
    info->size = 4 * (size_t)c->scaler.width * c->scaler.height;
    return 0;
}

int ff_magnifier_capture_read(AVBufferRef *capture, int begins, MagnifierResult *result,
                              const AVIOInterruptCB *cb)
{
    MagnifierCapture *c = (MagnifierCapture *)capture->data;
    int was_stuck = c->stuck;
    int ret = make_call(c, begins ? rt_begin_slot : rt_go_on, capture,
                        was_stuck ? STUCK_READ_TIMEOUT : READ_TIMEOUT, READ_TIMEOUT, cb);

    *result = (MagnifierResult) { .forget = MAGNIFIER_KEEP, .again_at = INT64_MAX };
    if (ret == AVERROR(ETIMEDOUT)) {
        /* nobody sees what the rules leave out by now */
        if (c->exclude)
            result->forget = MAGNIFIER_FORGET_UNSEEN;
        if (!was_stuck)
            ff_magnifier_log(c->log, AV_LOG_WARNING, "The Magnification API has not answered for "
                             "%d seconds\n", READ_TIMEOUT / 1000000);
        return MAGNIFIER_OUTAGE;
    }
    if (ret < 0)
        return ret;
    *result          = c->result;
    c->result.frame  = NULL;
    c->result.forget = MAGNIFIER_KEEP;
    return ret;
}

av_cold int ff_magnifier_capture_close(AVBufferRef **capture, MagnifierLog *log,
                                       MagnifierCaptureSummary *summary)
{
    MagnifierCapture *c;
    int ret = AVERROR(EINVAL);

    if (!*capture)
        return ret;
    c = (MagnifierCapture *)(*capture)->data;
    if (c->joined) {
        MagnifierCall *call = c->close;

        c->close = NULL;
        ret = ff_magnifier_runtime_call(call, c->stuck ? STUCK_CLOSE_TIMEOUT : CLOSE_TIMEOUT,
                                        CLOSE_TIMEOUT, NULL);
        ff_magnifier_exclude_log_summary(c->exclude_log, ret >= 0 && c->summary.excluding ?
                                         &c->summary.exclude.guard : NULL);
        if (ret >= 0) {
            *summary = c->summary;
            /* else they may still be used; free_capture() closes them */
            ff_magnifier_rulefile_close(&c->rules.file, MAGNIFIER_RULEFILE_CLOSE_TIMEOUT);
            ff_magnifier_exclude_log_close(&c->exclude_log, MAGNIFIER_EXCLUDE_LOG_CLOSE_TIMEOUT);
        }
        ff_magnifier_runtime_leave(c->log, ret == AVERROR(ETIMEDOUT));
    }
    if (!c->joined)
        ff_magnifier_exclude_log_close(&c->exclude_log, MAGNIFIER_EXCLUDE_LOG_CLOSE_TIMEOUT);
    ff_magnifier_runtime_call_free(&c->close);
    ff_magnifier_log_move(log, c->log);
    av_buffer_unref(capture);
    return ret;
}
