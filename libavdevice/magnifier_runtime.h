/*
 * magnifier: the thread that makes every Magnification call
 * Copyright (c) 2026 the ffmpeg-magnifier authors
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
 * Who calls the API?
 *
 * MagInitialize() belongs to the whole process, is not counted, and works for the
 * thread that called it only; a window belongs to the thread that made it. FFmpeg
 * opens, reads and closes from different threads. So all captures of the process
 * share one thread, and nothing else makes a Mag* call or touches a window.
 *
 * The first ff_magnifier_runtime_join() starts the thread, the last
 * ff_magnifier_runtime_leave() ends and joins it. The API session (from MagInitialize()
 * to MagUninitialize()) is shorter: it lasts while a client is attached, and is ended
 * and begun again below the clients' feet when the blocks that the API has leaked pile
 * up, because only the end of a session makes it safe to give them back.
 *
 * Functions named ff_magnifier_runtime_* are for FFmpeg's threads,
 * ff_magnifier_rt_* for the runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_RUNTIME_H
#define AVDEVICE_MAGNIFIER_RUNTIME_H

#include <stdint.h>

#include <windows.h>

#include "libavutil/buffer.h"
#include "libavformat/avio.h"

#include "magnifier_api.h"
#include "magnifier_log.h"
#include "magnifier_reclaim.h"

/**
 * Take part in the runtime; starts its thread if it is the first to.
 *
 * @param log the lines about a failed start go here
 * @param cb  asked every 20 ms while waiting; may be NULL
 * @return 0; AVERROR_EXIT when interrupted; AVERROR(EBUSY) when a call of an earlier
 *         capture still hangs; ENOSYS, EACCES, ENOMEM, EXTERNAL when the start failed. On
 *         failure there is nothing to leave.
 */
int ff_magnifier_runtime_join(MagnifierLog *log, const AVIOInterruptCB *cb);

/**
 * Take part no longer. The last one to leave ends the thread and joins it, waiting for
 * a bounded time: a thread that hangs in the API is left behind and ends by itself.
 *
 * @param stuck the thread is known to hang: it is hardly waited for
 */
void ff_magnifier_runtime_leave(MagnifierLog *log, int stuck);

/** How a call waits. */
enum {
    MAGNIFIER_CALL_KEEP = 1,    ///< when the caller gives up, the call is made all the same
};

/**
 * Run fn(object->data) on the runtime's thread and wait for it.
 *
 * @param object  kept alive by a reference of its own until fn has returned, also when
 *                the caller has given up waiting
 * @param timeout microseconds
 * @param cb      asked every 20 ms while waiting; may be NULL
 * @return what fn returned; AVERROR_EXIT when interrupted, AVERROR(ETIMEDOUT) when the time
 *         is up: then fn may still run, or run later with MAGNIFIER_CALL_KEEP; AVERROR(ENOMEM)
 */
int ff_magnifier_runtime_call(int (*fn)(void *opaque), AVBufferRef *object, int flags,
                              int64_t timeout, const AVIOInterruptCB *cb);

/** A capture, as the runtime's thread sees it. */
typedef struct MagnifierClient {
    struct MagnifierClient *next;   ///< the runtime's
    int id;                         ///< owner number in the ledger, set by attach
    MagnifierLog *log;              ///< where this client's lines go

    /** Destroy every window and forget the API. Cannot fail; may find nothing to do. */
    void (*suspend)(struct MagnifierClient *client);
    /** Make the windows anew in a fresh session. */
    int (*resume)(struct MagnifierClient *client);
} MagnifierClient;

/**
 * Join the API session, beginning it if there is none, and resume() the client.
 *
 * @return 0, or an error with its line in client->log; then the client is not attached
 */
int ff_magnifier_rt_attach(MagnifierClient *client);

/** What the end of a capture gave back. */
typedef struct MagnifierSettlement {
    MagnifierReclaimReport report;  ///< blocks that came back or were left alone
    uint64_t pending;               ///< bytes that wait for the end of the session, which
                                    ///< other captures keep open
} MagnifierSettlement;

/** suspend() the client and leave the session; the last client's leaving ends it. */
void ff_magnifier_rt_detach(MagnifierClient *client, MagnifierSettlement *settlement);

/**
 * End the session and begin another for all clients, after the API has failed: another
 * part of the process may have ended it, or the desktop may have been switched.
 *
 * @return 0, or an error with its line in client->log; the next restart tries again
 */
int ff_magnifier_rt_restart(MagnifierClient *client);

/** The entry points; valid while a client is attached. Runtime's thread. */
const MagnifierApi *ff_magnifier_rt_api(void);

/** The blocks that this session has delivered. Runtime's thread; may be NULL, see there. */
MagnifierLedger *ff_magnifier_rt_ledger(void);

/** The module that this code is part of, for window classes. Runtime's thread. */
HINSTANCE ff_magnifier_rt_instance(void);

/**
 * A window could not be destroyed: the API may go on using its block, so nothing of
 * this session will be freed. Runtime's thread.
 */
void ff_magnifier_rt_doubt(void);

/** Dispatch every message that waits for the runtime's thread, without blocking. */
void ff_magnifier_rt_pump(void);

#endif /* AVDEVICE_MAGNIFIER_RUNTIME_H */
