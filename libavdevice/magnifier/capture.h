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

/**
 * @file
 * What does the region look like now?
 *
 * A capture turns a rectangle of the desktop into frames: a control for each monitor's
 * part, put together in a pooled buffer, the pointer on top. It lives on the runtime's
 * thread; these functions are for FFmpeg's threads and that of slots.h, one at a time.
 */

#ifndef AVDEVICE_MAGNIFIER_CAPTURE_H
#define AVDEVICE_MAGNIFIER_CAPTURE_H

#include <stdint.h>

#include "libavutil/buffer.h"
#include "libavformat/avio.h"

#include "exclude.h"
#include "exclude_log.h"
#include "region.h"
#include "runtime.h"
#include "source.h"

/** What becomes of the frames when the window that is recorded changes its size. */
enum MagnifierResize {
    MAGNIFIER_RESIZE_PAD,           ///< what it no longer has is black, what is new is cut off
    MAGNIFIER_RESIZE_CROP,          ///< they show as much of the screen as before
    MAGNIFIER_RESIZE_SCALE,         ///< they show all of the window, stretched; no part of it was chosen
};

/** The option window_list. */
enum MagnifierWindowList {
    MAGNIFIER_WINDOW_LIST_NONE,
    MAGNIFIER_WINDOW_LIST_TEXT,     ///< for people: log lines
    MAGNIFIER_WINDOW_LIST_JSON,     ///< for programs: on the standard output
};

typedef struct MagnifierCaptureOptions {
    MagnifierSource source;         ///< what to capture; its name is copied
    MagnifierRegionOptions region;  ///< which part of it
    int resize_mode;                ///< enum MagnifierResize
    int draw_mouse;                 ///< draw the pointer
    int show_region;                ///< show on the screen where the region is
    int reclaim;                    ///< give leaked frames back
    MagnifierExcludeOptions exclude; ///< which windows to leave out; strings are copied
    MagnifierExcludeLogOptions exclude_log; ///< what is left out is logged; its path is for the open
    enum MagnifierWindowList window_list;   ///< print the windows instead of capturing
} MagnifierCaptureOptions;

typedef struct MagnifierCaptureInfo {
    MagnifierRect rect;             ///< the region at the start, physical pixels of the virtual
                                    ///< desktop
    size_t size;                    ///< bytes of a frame, without padding
} MagnifierCaptureInfo;

/** What a capture tells when it ends. */
typedef struct MagnifierCaptureSummary {
    uint64_t outages;               ///< times that the API began to give no picture
    int excluding;                  ///< there was an exclusion
    MagnifierExcludeSummary exclude; ///< what it did
    int reclaim;                    ///< blocks were remembered
    MagnifierSettlement settlement; ///< what came back of them
} MagnifierCaptureSummary;

/**
 * Make a capture that captures nothing yet.
 *
 * @return a reference owned by the caller, for ff_magnifier_capture_close(); NULL: ENOMEM
 */
AVBufferRef *ff_magnifier_capture_alloc(const MagnifierCaptureOptions *options);

/** Where the runtime's thread writes for the user of this capture; valid as long as it. */
MagnifierLog *ff_magnifier_capture_log(AVBufferRef *capture);

/** Its log of the exclusion, NULL: there is none. Valid until close. */
MagnifierExcludeLog *ff_magnifier_capture_exclude_log(AVBufferRef *capture);

/**
 * Generation of the rules that it follows now, also while a read that has found new ones goes on;
 * 0: nothing is left out. From open to close, any thread.
 */
unsigned ff_magnifier_capture_generation(AVBufferRef *capture);

/**
 * Start: join the runtime, make the windows, and take one picture to see that the API
 * works here. On failure the capture is still to be closed.
 *
 * @param info what will be captured
 * @return 0; EINVAL for a region that does not fit or a rule; ENOENT for a monitor, a window, a
 *         rule file or a required window; those of ff_magnifier_exclude_log_open(); EACCES, ENOSYS, ENOMEM, EXTERNAL; each with its line in the log;
 *         AVERROR_EXIT when interrupted, or when the windows have been printed
 */
int ff_magnifier_capture_open(AVBufferRef *capture, MagnifierCaptureInfo *info,
                              const AVIOInterruptCB *cb);

/**
 * Take a picture now. With an exclusion a picture comes later than it is taken: in a call
 * at again_at, or when the next slot begins.
 *
 * @param begins a slot begins; 0: it goes on
 * @return enum MagnifierStatus; AVERROR(ENOMEM); AVERROR_EXIT when interrupted; AVERROR_EOF when
 *         the window that is recorded is gone. The result is valid in either case.
 */
int ff_magnifier_capture_read(AVBufferRef *capture, int begins, MagnifierResult *result,
                              const AVIOInterruptCB *cb);

/**
 * Stop and free. Copes with every half-built state. Waits for the runtime's thread, but
 * not for ever; if that is stuck in the API, it cleans up by itself when it comes back.
 *
 * @param log     gets the lines written so far and those about the end; may be NULL
 * @param summary valid on success only
 * @return 0; AVERROR(ETIMEDOUT) when the thread is stuck; AVERROR(EINVAL) when the capture
 *         never was open
 */
int ff_magnifier_capture_close(AVBufferRef **capture, MagnifierLog *log,
                               MagnifierCaptureSummary *summary);

#endif /* AVDEVICE_MAGNIFIER_CAPTURE_H */
