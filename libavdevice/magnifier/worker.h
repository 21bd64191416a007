/*
 * magnifier: a thread for calls that may hang
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
 * How is something done that may take long, or for ever, without waiting for it?
 *
 * By a thread of its own, which does one thing, one at a time, when it is asked to. One that
 * hangs is left behind when it is closed: it keeps what it works with, and this code, until it
 * comes back, and then it ends by itself. Whoever asks is one thread at a time.
 */

#ifndef AVDEVICE_MAGNIFIER_WORKER_H
#define AVDEVICE_MAGNIFIER_WORKER_H

typedef struct MagnifierWorker MagnifierWorker;

/** What a worker does; opaque is the object that it was opened with. */
typedef struct MagnifierWorkerOps {
    /** Do it once; on the thread, and meanwhile the object is the thread's. */
    void (*work)(void *opaque);
    /** The thread ends: what belongs to a thread goes; on the thread, NULL: there is no such. */
    void (*end)(void *opaque);
    /** Free the object; on the thread or in close, whoever is the last. */
    void (*free)(void *opaque);
} MagnifierWorkerOps;

/**
 * Start the thread, which has nothing to do yet.
 *
 * @param ops must stay for ever
 * @return NULL when there is no memory or no thread: then opaque is still the caller's
 */
MagnifierWorker *ff_magnifier_worker_open(const MagnifierWorkerOps *ops, void *opaque);

/**
 * Let it be done once. While it is not idle: once more after that; whoever does so does not wait
 * until it is idle, as that tells nothing then, and may do so from any thread.
 *
 * @return 0; AVERROR_EXTERNAL: the thread could not be woken, and nothing is done
 */
int ff_magnifier_worker_begin(MagnifierWorker *worker);

/**
 * Wait until it is idle.
 *
 * @param timeout milliseconds; 0 only looks
 * @return 1 when it is idle, so that the object is the caller's; else 0
 */
int ff_magnifier_worker_wait(MagnifierWorker *worker, unsigned timeout);

/**
 * End the thread and join it, or leave it behind. *worker may be NULL and becomes so.
 *
 * @param timeout milliseconds to wait for the end of what it does
 * @return 1 when it has ended, or there was none; 0: it was left behind
 */
int ff_magnifier_worker_close(MagnifierWorker **worker, unsigned timeout);

#endif /* AVDEVICE_MAGNIFIER_WORKER_H */
