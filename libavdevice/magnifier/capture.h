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
 * thread; these functions are for FFmpeg's threads, one at a time.
 */

#ifndef AVDEVICE_MAGNIFIER_CAPTURE_H
#define AVDEVICE_MAGNIFIER_CAPTURE_H

#include <stdint.h>

#include "libavutil/buffer.h"
#include "libavformat/avio.h"

#include "exclude.h"
#include "region.h"
#include "runtime.h"

typedef struct MagnifierCaptureOptions {
    MagnifierRegionOptions region;  ///< which part of the desktop
    int draw_mouse;                 ///< draw the pointer
    int reclaim;                    ///< give leaked frames back
    MagnifierExcludeOptions exclude; ///< which windows to leave out; strings are copied
    int window_list;                ///< print the windows instead of capturing
} MagnifierCaptureOptions;

typedef struct MagnifierCaptureInfo {
    MagnifierRect rect;             ///< the region, physical pixels of the virtual desktop
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

/**
 * Start: join the runtime, make the windows, and take one picture to see that the API
 * works here. On failure the capture is still to be closed.
 *
 * @param info what will be captured
 * @return 0; EINVAL for a region that does not fit or a rule; ENOENT for a rule file or a
 *         required window; EACCES, ENOSYS, ENOMEM, EXTERNAL; each with its line in the log;
 *         AVERROR_EXIT when interrupted, or when the windows have been printed
 */
int ff_magnifier_capture_open(AVBufferRef *capture, MagnifierCaptureInfo *info,
                              const AVIOInterruptCB *cb);

/**
 * Take a picture now. With an exclusion a picture comes later than it is taken: in a call
 * at again_at, or when the next slot begins.
 *
 * @param begins a slot begins; 0: it goes on
 * @return enum MagnifierStatus; AVERROR(ENOMEM); AVERROR_EXIT when interrupted. The result is
 *         valid in either case.
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
