/*
 * magnifier: the thread that makes every Magnification call
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

#include "clock.h"
#include "control.h"
#include "log.h"
#include "reclaim.h"

/** How often a waiting thread asks its interrupt callback, milliseconds. */
#define MAGNIFIER_POLL_MS 20

/** Ask an interrupt callback, which may be NULL. Foreign code: hold no lock. Any thread. */
static inline int ff_magnifier_interrupted(const AVIOInterruptCB *cb)
{
    /* ff_check_interrupt() is not exported to a shared libavdevice */
    return cb && cb->callback && cb->callback(cb->opaque);
}

/**
 * Take part in the runtime; starts its thread if it is the first to.
 *
 * @param log the lines about a failed start go here
 * @param cb  asked every 20 ms while waiting; may be NULL
 * @return 0; AVERROR_EXIT when interrupted; AVERROR(EBUSY) when a call of an earlier
 *         capture still hangs; ENOMEM, EXTERNAL when the thread could not be started. On
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

/** A function to run on the runtime's thread. */
typedef struct MagnifierCall MagnifierCall;

/**
 * Make a call of fn(object->data), without making it. To be made in time: what has to
 * run in the end must not depend on there being memory then.
 *
 * @param object kept alive by a reference of the call's own until fn has returned, also
 *               when the caller has given up waiting
 * @param keep   fn must run: when the caller gives up, it runs later all the same
 * @return NULL when there is no memory
 */
MagnifierCall *ff_magnifier_runtime_call_alloc(int (*fn)(void *opaque), AVBufferRef *object,
                                               int keep);

/** Free a call that was not made; *call may be NULL and becomes so. */
void ff_magnifier_runtime_call_free(MagnifierCall **call);

/**
 * Make a call and wait for it. The call is used up, whatever happens.
 *
 * @param queue_timeout microseconds that it may wait for its turn, ...
 * @param timeout       ... and that fn may then take
 * @param cb            asked every 20 ms while waiting; may be NULL
 * @return what fn returned; AVERROR_EXIT when interrupted, AVERROR(ETIMEDOUT) when the time
 *         is up: then fn may still be running; AVERROR(ENOMEM) when call is NULL
 */
int ff_magnifier_runtime_call(MagnifierCall *call, int64_t queue_timeout, int64_t timeout,
                              const AVIOInterruptCB *cb);

/** A capture, as the runtime's thread sees it. */
typedef struct MagnifierClient {
    struct MagnifierClient *next;   ///< the runtime's
    int id;                         ///< owner number in the ledger, set by attach
    MagnifierLog *log;              ///< where this client's lines go
    int error_level;                ///< of lines about a failed call: it is said once
    int64_t last_picture;           ///< ff_magnifier_clock() when it got one last, 0: never

    /** Destroy every window and forget the API. Cannot fail; may find nothing to do. */
    void (*suspend)(struct MagnifierClient *client);
    /** Make the windows anew in a fresh session. */
    int (*resume)(struct MagnifierClient *client);
    /** Messages were pumped outside of a call: events may have been heard. */
    void (*heard)(struct MagnifierClient *client);
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

/** Begin the session anew if it has been lost. @return 0 or an error, as attach */
int ff_magnifier_rt_session(MagnifierClient *client);

/**
 * End the session and begin another for all clients, after the API has failed: another
 * part of the process may have ended it, or the desktop may have been switched.
 *
 * @return 0, or an error with its line in client->log; the next restart tries again
 */
int ff_magnifier_rt_restart(MagnifierClient *client);

/**
 * Has another client got a picture since that time (ff_magnifier_clock())? Then the
 * session is well.
 */
int ff_magnifier_rt_others_live(const MagnifierClient *client, int64_t since);

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

/**
 * A call of the API has faulted: from now on no entry point reaches the DLL, it stays loaded, and
 * nothing of this session will be freed. Runtime's thread.
 */
void ff_magnifier_rt_abandon_api(void);

/** Dispatch every message that waits for the runtime's thread, without blocking. */
void ff_magnifier_rt_pump(void);

#endif /* AVDEVICE_MAGNIFIER_RUNTIME_H */
