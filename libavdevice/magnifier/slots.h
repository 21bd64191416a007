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

/**
 * @file
 * Which picture has each slot?
 *
 * A thread of the capture's own waits for slots, asks for their pictures, and finds what stands in
 * for one that there is not. So a picture is taken at its time while the reader is still busy
 * with the one before.
 *
 * One picture waits for the reader. A newer one takes its place, unless that only stands in for
 * one; with it, a capture without an exclusion has three buffers in use (the reader's, the one that
 * waits, the one that is being taken), and one with an exclusion four (the one that waits for its
 * confirmation). Each black picture, one that is scaled, and the first one with a new canary take one
 * more. Whoever has not come back for a second, or two slots if they are longer, gets nothing taken in
 * advance any more: then no call of the API is made until he reads again, and what waited is gone, as
 * is what waited for its confirmation. Only a picture with an error behind it, such as the end of the
 * window that is recorded, waits for as long as it takes.
 *
 * All that waits here has been confirmed, so what happens after its capture does not matter to it.
 * New rules drop it all the same, as they drop what would be repeated, from when they are followed.
 *
 * Functions named sl_* are for that thread.
 */

#ifndef AVDEVICE_MAGNIFIER_SLOTS_H
#define AVDEVICE_MAGNIFIER_SLOTS_H

#include <stddef.h>
#include <stdint.h>

#include "libavutil/buffer.h"
#include "libavutil/rational.h"
#include "libavformat/avformat.h"

#include "metadata.h"

/** What is delivered when there is no picture to deliver. */
enum MagnifierSubstitute {
    MAGNIFIER_SUBSTITUTE_REPEAT,    ///< the last picture again
    MAGNIFIER_SUBSTITUTE_BLACK,
    MAGNIFIER_SUBSTITUTE_STOP,      ///< nothing: the recording ends with an error
};

typedef struct MagnifierSlotsOptions {
    AVRational framerate;           ///< both terms positive
    size_t size;                    ///< bytes of a picture, without padding
    int excluding;                  ///< pictures come later than they are taken
    int on_unsafe;                  ///< enum MagnifierSubstitute
    int on_outage;                  ///< enum MagnifierSubstitute
} MagnifierSlotsOptions;

typedef struct MagnifierPicture {
    AVBufferRef *buf;               ///< NULL: there is none
    int64_t time;                   ///< ff_magnifier_clock() when its capture began, or the slot that
                                    ///< it stands in for
    MagnifierMetadata metadata;
} MagnifierPicture;

typedef struct MagnifierSlots MagnifierSlots;

/**
 * Make the thread, which has nothing to do before the first read.
 *
 * @param capture open; the thread takes a reference
 * @return 0; AVERROR(ENOMEM), AVERROR_EXTERNAL, each with its line
 */
int ff_magnifier_slots_open(MagnifierSlots **slots, AVBufferRef *capture,
                            const MagnifierSlotsOptions *options, AVFormatContext *avctx);

/**
 * Take the picture that waits, or wait for one; asks avctx's interrupt callback every 20 ms, and
 * prints the lines of the capture. One thread at a time.
 *
 * Also with AVFMT_FLAG_NONBLOCK, as x11grab does: ffmpeg sets that flag on every input and polls
 * every 10 ms then, which no frame rate survives. But a slot that is far off is not waited for,
 * so that a reader who looks for keys between two reads can do so.
 *
 * @param picture the caller's
 * @return 0; AVERROR_EXIT when interrupted; AVERROR(EAGAIN); AVERROR_EOF when the window that is
 *         recorded is gone; AVERROR_EXTERNAL when there is nothing to deliver, with its line;
 *         AVERROR(ENOMEM)
 */
int ff_magnifier_slots_read(MagnifierSlots *slots, MagnifierPicture *picture,
                            AVFormatContext *avctx);

/**
 * End the thread, before the capture is closed. *slots may be NULL and becomes so.
 *
 * @return the slots that have no packet: nobody asked for them in time; 0 if the thread hangs
 */
int64_t ff_magnifier_slots_close(MagnifierSlots **slots);

#endif /* AVDEVICE_MAGNIFIER_SLOTS_H */
