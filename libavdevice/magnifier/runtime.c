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

#include "config.h"

#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"
#include "libavutil/random_seed.h"

#include "display.h"
#include "fault.h"
#include "runtime.h"

/** How long a thread may take to start or to end, microseconds. */
#define THREAD_TIMEOUT 5000000
/** The same after an interrupt, or when it is known to hang. */
#define SHORT_TIMEOUT 50000
/** Leaked bytes that are let pile up before the session is ended to get them back. */
#define RECYCLE_BYTES (64 << 20)

/** A function waiting for, or running on, the runtime's thread. */
struct MagnifierCall {
    struct MagnifierCall *next;
    int (*fn)(void *opaque);
    AVBufferRef *object;        ///< keeps fn's argument alive
    enum { CALL_QUEUED, CALL_RUNNING, CALL_DONE } state;
    int keep;                   ///< it is to be made even if nobody waits
    int abandoned;              ///< nobody waits: the thread frees it
    int ret;                    ///< what fn returned
};

/**
 * The one runtime of the process. Static, because a thread that hangs in a foreign
 * DLL may need it at any later time.
 */
static struct {
    SRWLOCK lock;               ///< guards everything down to "module"
    CONDITION_VARIABLE changed; ///< the state, or the state of a call, has changed
    enum {
        RT_DOWN,                ///< no thread
        RT_STARTING,            ///< the thread is getting ready
        RT_UP,                  ///< calls are made
        RT_FAILED,              ///< the thread could not get ready, see start_result
        RT_STOPPING,            ///< nobody takes part any more; the thread is ending
    } state;
    int users;                  ///< joined and not left
    int start_result;           ///< an error when RT_FAILED
    int ended;                  ///< the thread is about to return
    int orphaned;               ///< nobody joins the thread: it cleans up itself
    MagnifierCall *first;                ///< calls in their order
    HANDLE thread;
    HANDLE wake;                ///< a call was queued or the state is RT_STOPPING
    MagnifierLog *log;          ///< lines about the start; has a lock of its own
    HMODULE module;             ///< this code, held while the thread runs it

    /* below: the runtime's thread only */
    MagnifierApi api;           ///< loaded for a session
    MagnifierLedger *ledger;    ///< the blocks of the session
    int in_session;             ///< MagInitialize() has succeeded
    int doubtful;               ///< a window of the session could not be destroyed
    int said_untried;           ///< rt_say_if_untried() has been here
    int next_id;
    MagnifierClient *clients;
    MagnifierReclaimReport recycled; ///< from sessions that ended below their clients
} runtime = { .lock = SRWLOCK_INIT, .changed = CONDITION_VARIABLE_INIT };

/**
 * Let go of the lock and wait until something has changed, for MAGNIFIER_POLL_MS at most.
 *
 * @return 0, AVERROR_EXIT, or AVERROR(ETIMEDOUT) after the deadline
 */
static int wait_changed(int64_t deadline, const AVIOInterruptCB *cb)
{
    int ret = 0;

    SleepConditionVariableSRW(&runtime.changed, &runtime.lock, MAGNIFIER_POLL_MS, 0);
    ReleaseSRWLockExclusive(&runtime.lock);
    /* foreign code: not under our lock */
    if (ff_magnifier_interrupted(cb))
        ret = AVERROR_EXIT;
    else if (ff_magnifier_clock() >= deadline)
        ret = AVERROR(ETIMEDOUT);
    AcquireSRWLockExclusive(&runtime.lock);
    return ret;
}

/* ------------------------------------------------------------------------
 * The runtime's thread
 * ------------------------------------------------------------------------ */

const MagnifierApi *ff_magnifier_rt_api(void)
{
    return &runtime.api;
}

MagnifierLedger *ff_magnifier_rt_ledger(void)
{
    return runtime.ledger;
}

HINSTANCE ff_magnifier_rt_instance(void)
{
    return runtime.module;
}

void ff_magnifier_rt_pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE)) {
        /* Nobody closes these windows but us: taskkill asks each window of a process. */
        if (msg.message == WM_CLOSE ||
            (msg.message == WM_SYSCOMMAND && (msg.wParam & 0xFFF0) == SC_CLOSE))
            continue;
        DispatchMessageW(&msg);
    }
}

void ff_magnifier_rt_doubt(void)
{
    runtime.doubtful = 1;
}

void ff_magnifier_rt_abandon_api(void)
{
    ff_magnifier_rt_api_disable(&runtime.api);
    runtime.doubtful = 1;
}

static int rt_explain_failed_start(MagnifierClient *client, DWORD code)
{
    HDESK desktop = OpenInputDesktop(0, FALSE, DESKTOP_READOBJECTS);

    if (!desktop) {
        ff_magnifier_log(client->log, client->error_level, "MagInitialize failed (error %lu): "
                         "there is no access to the interactive desktop; it is locked, or this "
                         "is a service\n", code);
        return AVERROR(EACCES);
    }
    CloseDesktop(desktop);
    ff_magnifier_log(client->log, client->error_level, "MagInitialize failed (error %lu); another "
                     "part of this program may be using the Magnification API\n", code);
    return AVERROR_EXTERNAL;
}

/** No report has come from such a machine yet (doc/assumptions.md). */
static void rt_say_if_untried(MagnifierClient *client)
{
    const MagnifierHeapOps *heap = &ff_magnifier_process_heap;

    if (!runtime.said_untried && heap->untried(heap->opaque) == MAGNIFIER_ON_ARM64)
        ff_magnifier_log(client->log, AV_LOG_WARNING, "Nobody has reported yet what the Magnification "
                         "API does on ARM64; look at a recording of your own before you rely on it\n");
    runtime.said_untried = 1;
}

int ff_magnifier_rt_session(MagnifierClient *client)
{
    int ret;

    if (ff_magnifier_rt_faulted()) {
        ff_magnifier_log(client->log, client->error_level, "A call of the Magnification API has faulted "
                         "in this process before; only another process can capture\n");
        return AVERROR_EXTERNAL;
    }
    if (runtime.in_session)
        return 0;
    ret = ff_magnifier_rt_api_load(&runtime.api, client->log, client->error_level);
    if (ret < 0)
        return ret;
    if (!runtime.api.MagInitialize()) {
        ret = rt_explain_failed_start(client, GetLastError());
        ff_magnifier_rt_api_unload(&runtime.api, 0);
        return ret;
    }
    runtime.in_session = 1;
    runtime.doubtful   = 0;
    rt_say_if_untried(client);
    ff_magnifier_rt_fault_watch();
    return 0;
}

/**
 * End the session and give back what it leaked.
 *
 * The order is what makes the cure safe. No control exists any more that could write
 * to its block. MagUninitialize() was the API's chance to free a block itself, and its
 * unloading the last one; unless somebody else holds the DLL, it also ends every plan that
 * the DLL may have had to use a block again. What is a busy block of the heap now and carries
 * our mark is nobody's but ours. (tests/e2e/blocks.t goes red without each step.)
 */
static av_cold void rt_session_end(MagnifierReclaimReport *report)
{
    if (!runtime.in_session)
        return;
    /* Says no when somebody else has ended the session before: so it has ended. */
    runtime.api.MagUninitialize();
    runtime.in_session = 0;
    ff_magnifier_rt_fault_unwatch();
    /* a window that would not go may have its procedure there */
    ff_magnifier_rt_api_unload(&runtime.api, runtime.doubtful);
    if (runtime.doubtful)
        ff_magnifier_ledger_abandon(runtime.ledger, report);
    else
        ff_magnifier_ledger_settle(runtime.ledger, report);
}

static int rt_resume_all(void)
{
    int ret = 0;

    for (MagnifierClient *client = runtime.clients; client; client = client->next) {
        int err = client->resume(client);
        if (err < 0)
            ret = err;
    }
    return ret;
}

static void rt_suspend_all(void)
{
    for (MagnifierClient *client = runtime.clients; client; client = client->next)
        client->suspend(client);
}

int ff_magnifier_rt_restart(MagnifierClient *client)
{
    int ret;

    rt_suspend_all();
    rt_session_end(&runtime.recycled);
    ret = ff_magnifier_rt_session(client);
    if (ret < 0)
        return ret;
    return rt_resume_all();
}

int ff_magnifier_rt_others_live(const MagnifierClient *client, int64_t since)
{
    for (const MagnifierClient *other = runtime.clients; other; other = other->next)
        if (other != client && other->last_picture && other->last_picture >= since)
            return 1;
    return 0;
}

/**
 * Between two calls: give back what closed captures have left, if it has become much.
 * The next frame is a slot away then, so the pause costs no frame if it is shorter; but
 * a capture whose exclusion cannot be proven looks for a proof again, for the usual time.
 */
static void rt_recycle_if_due(void)
{
    MagnifierClient *client = runtime.clients;

    if (!client || (!ff_magnifier_ledger_full(runtime.ledger) &&
                    ff_magnifier_ledger_retired_bytes(runtime.ledger) < RECYCLE_BYTES))
        return;
    ff_magnifier_log(client->log, AV_LOG_VERBOSE, "Ending the Magnification session for a moment "
                     "to give back the frames that it has leaked\n");
    ff_magnifier_rt_restart(client);
}

int ff_magnifier_rt_attach(MagnifierClient *client)
{
    int ret = ff_magnifier_rt_session(client);

    if (ret < 0)
        return ret;

    client->id      = ++runtime.next_id;
    client->next    = runtime.clients;
    runtime.clients = client;

    ret = client->resume(client);
    if (ret < 0) {
        MagnifierSettlement settlement;
        ff_magnifier_rt_detach(client, &settlement);
    }
    return ret;
}

void ff_magnifier_rt_detach(MagnifierClient *client, MagnifierSettlement *settlement)
{
    memset(settlement, 0, sizeof(*settlement));

    client->suspend(client);
    for (MagnifierClient **link = &runtime.clients; *link; link = &(*link)->next) {
        if (*link == client) {
            *link = client->next;
            break;
        }
    }
    if (runtime.clients) {
        settlement->pending = ff_magnifier_ledger_owner_bytes(runtime.ledger, client->id);
        ff_magnifier_ledger_retire(runtime.ledger, client->id);
    } else {
        settlement->report = runtime.recycled;
        memset(&runtime.recycled, 0, sizeof(runtime.recycled));
        rt_session_end(&settlement->report);
    }
}

static av_cold int rt_start(void)
{
    uint64_t cookie = (uint64_t)av_get_random_seed() << 32 | av_get_random_seed();
    const char *warning;
    MSG msg;

    /* Windows keep the DPI awareness they were made with, so this comes first. */
    warning = ff_magnifier_display_set_dpi();
    if (warning)
        ff_magnifier_log(runtime.log, AV_LOG_WARNING, "%s\n", warning);
    PeekMessageW(&msg, NULL, 0, 0, PM_NOREMOVE); /* makes the message queue */

    runtime.ledger = ff_magnifier_ledger_alloc(&ff_magnifier_process_heap, cookie);
    return runtime.ledger ? 0 : AVERROR(ENOMEM);
}

static av_cold void rt_stop(void)
{
    rt_suspend_all();
    runtime.clients = NULL;
    rt_session_end(NULL);
    ff_magnifier_ledger_free(&runtime.ledger);
}

/** Take the next call; waits for it, and handles messages meanwhile. NULL: end. */
static MagnifierCall *rt_next_call(void)
{
    while (1) {
        MagnifierCall *call;
        int stop;

        ff_magnifier_rt_pump();
        for (MagnifierClient *client = runtime.clients; client; client = client->next)
            client->heard(client);

        AcquireSRWLockExclusive(&runtime.lock);
        call = runtime.first;
        stop = runtime.state == RT_STOPPING;
        if (call) {
            runtime.first = call->next;
            call->state   = CALL_RUNNING;
        }
        ReleaseSRWLockExclusive(&runtime.lock);

        if (call || stop)
            return call;
        if (MsgWaitForMultipleObjectsEx(1, &runtime.wake, INFINITE, QS_ALLINPUT,
                                        MWMO_INPUTAVAILABLE) == WAIT_FAILED)
            Sleep(MAGNIFIER_POLL_MS);
    }
}

static void rt_make_call(MagnifierCall *call)
{
    int abandoned;

    call->ret = call->fn(call->object->data);
    av_buffer_unref(&call->object);

    AcquireSRWLockExclusive(&runtime.lock);
    call->state = CALL_DONE;
    abandoned   = call->abandoned;
    WakeAllConditionVariable(&runtime.changed);
    ReleaseSRWLockExclusive(&runtime.lock);

    if (abandoned)
        av_free(call);
}

static DWORD WINAPI attribute_align_arg rt_thread(LPVOID arg)
{
    int result = rt_start();
    int orphaned;
    HMODULE module;
    MagnifierCall *call;

    AcquireSRWLockExclusive(&runtime.lock);
    runtime.start_result = result;
    if (runtime.state == RT_STARTING)
        runtime.state = result < 0 ? RT_FAILED : RT_UP;
    WakeAllConditionVariable(&runtime.changed);
    ReleaseSRWLockExclusive(&runtime.lock);

    while ((call = rt_next_call())) {
        rt_make_call(call);
        rt_recycle_if_due();
    }
    rt_stop();

    AcquireSRWLockExclusive(&runtime.lock);
    runtime.ended = 1;
    orphaned      = runtime.orphaned;
    module        = runtime.module;
    if (orphaned) {
        CloseHandle(runtime.thread);
        CloseHandle(runtime.wake);
        ff_magnifier_log_free(&runtime.log);
        runtime.state = RT_DOWN;
        WakeAllConditionVariable(&runtime.changed);
    }
    ReleaseSRWLockExclusive(&runtime.lock);

    if (orphaned)
        FreeLibraryAndExitThread(module, 0);
    return 0;
}

/* ------------------------------------------------------------------------
 * FFmpeg's threads
 * ------------------------------------------------------------------------ */

/** Make the thread. Called locked, in RT_DOWN. */
static av_cold int start_thread(MagnifierLog *log)
{
    runtime.ended = runtime.orphaned = runtime.start_result = 0;
    runtime.thread = NULL;

    /* The thread may be left behind in a call that hangs; if this code is part of a DLL
     * that the program unloads, it must stay till the thread has ended. */
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (const WCHAR *)(const void *)&runtime, &runtime.module)) {
        ff_magnifier_log(log, AV_LOG_ERROR, "GetModuleHandleEx failed (error %lu)\n",
                         GetLastError());
        return AVERROR_EXTERNAL;
    }

    runtime.log  = ff_magnifier_log_alloc();
    runtime.wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (runtime.log && runtime.wake)
        runtime.thread = CreateThread(NULL, 0, rt_thread, NULL, 0, NULL);
    if (runtime.thread) {
        runtime.state = RT_STARTING;
        return 0;
    }
    ff_magnifier_log(log, AV_LOG_ERROR, "The thread for the Magnification API could not be started "
                     "(error %lu)\n", GetLastError());
    if (runtime.wake)
        CloseHandle(runtime.wake);
    ff_magnifier_log_free(&runtime.log);
    FreeLibrary(runtime.module);
    return AVERROR(ENOMEM);
}

/**
 * Wait for the thread that nobody needs any more. Called unlocked, in RT_STOPPING.
 *
 * @param timeout microseconds
 */
static av_cold void end_thread(MagnifierLog *log, int timeout)
{
    int gone;

    SetEvent(runtime.wake);
    gone = WaitForSingleObject(runtime.thread, timeout / 1000) == WAIT_OBJECT_0;
    if (!gone) {
        int ended;

        AcquireSRWLockExclusive(&runtime.lock);
        ended = runtime.ended;
        if (!ended)
            runtime.orphaned = 1;
        ReleaseSRWLockExclusive(&runtime.lock);
        if (!ended) {
            ff_magnifier_log(log, AV_LOG_ERROR, "A call of the Magnification API does not return; "
                             "its thread is left behind, and no capture can be opened in this "
                             "process until it does\n");
            return;
        }
        /* It only has to leave, which it cannot if we were called under the loader's lock. */
        gone = WaitForSingleObject(runtime.thread, THREAD_TIMEOUT / 1000) == WAIT_OBJECT_0;
    }

    AcquireSRWLockExclusive(&runtime.lock);
    CloseHandle(runtime.thread);
    CloseHandle(runtime.wake);
    ff_magnifier_log_free(&runtime.log);
    if (gone)
        FreeLibrary(runtime.module);
    runtime.state = RT_DOWN;
    WakeAllConditionVariable(&runtime.changed);
    ReleaseSRWLockExclusive(&runtime.lock);
}

static av_cold void leave(MagnifierLog *log, int timeout)
{
    int last;

    AcquireSRWLockExclusive(&runtime.lock);
    last = !--runtime.users;
    if (last)
        runtime.state = RT_STOPPING;
    ReleaseSRWLockExclusive(&runtime.lock);

    if (last)
        end_thread(log, timeout);
}

av_cold void ff_magnifier_runtime_leave(MagnifierLog *log, int stuck)
{
    leave(log, stuck ? SHORT_TIMEOUT : THREAD_TIMEOUT);
}

av_cold int ff_magnifier_runtime_join(MagnifierLog *log, const AVIOInterruptCB *cb)
{
    int64_t deadline = ff_magnifier_clock() + THREAD_TIMEOUT;
    int ret = 0;

    AcquireSRWLockExclusive(&runtime.lock);
    while (runtime.state == RT_STOPPING && ret >= 0)
        ret = wait_changed(deadline, cb);
    if (ret >= 0 && runtime.state == RT_DOWN)
        ret = start_thread(log);
    if (ret >= 0)
        runtime.users++;
    ReleaseSRWLockExclusive(&runtime.lock);

    if (ret == AVERROR(ETIMEDOUT)) {
        ff_magnifier_log(log, AV_LOG_ERROR, "A call of the Magnification API made by an earlier "
                         "capture of this process has not returned; try again later\n");
        ret = AVERROR(EBUSY);
    }
    if (ret < 0)
        return ret;

    AcquireSRWLockExclusive(&runtime.lock);
    while (runtime.state == RT_STARTING && ret >= 0)
        ret = wait_changed(deadline, cb);
    if (ret >= 0)
        ret = runtime.start_result;
    ReleaseSRWLockExclusive(&runtime.lock);

    ff_magnifier_log_move(log, runtime.log);
    if (ret == AVERROR(ETIMEDOUT)) {
        ff_magnifier_log(log, AV_LOG_ERROR, "The thread for the Magnification API has not got "
                         "ready in %d seconds\n", THREAD_TIMEOUT / 1000000);
        leave(NULL, SHORT_TIMEOUT);
        return AVERROR_EXTERNAL;
    }
    /* who interrupts does not ask how long the thread takes to start */
    if (ret == AVERROR_EXIT)
        leave(NULL, SHORT_TIMEOUT);
    else if (ret < 0)
        leave(log, THREAD_TIMEOUT);
    return ret;
}

/** Take a call that has not begun out of the queue. Called locked. */
static void unlink_call(MagnifierCall *call)
{
    MagnifierCall **link = &runtime.first;

    while (*link != call)
        link = &(*link)->next;
    *link = call->next;
}

static void queue_call(MagnifierCall *call)
{
    MagnifierCall **link = &runtime.first;

    while (*link)
        link = &(*link)->next;
    *link = call;
    SetEvent(runtime.wake);
}

av_cold MagnifierCall *ff_magnifier_runtime_call_alloc(int (*fn)(void *opaque), AVBufferRef *object,
                                                       int keep)
{
    MagnifierCall *call = av_mallocz(sizeof(*call));

    if (!call)
        return NULL;
    call->fn     = fn;
    call->keep   = keep;
    call->object = av_buffer_ref(object);
    if (!call->object)
        av_freep(&call);
    return call;
}

void ff_magnifier_runtime_call_free(MagnifierCall **call)
{
    if (*call)
        av_buffer_unref(&(*call)->object);
    av_freep(call);
}

int ff_magnifier_runtime_call(MagnifierCall *call, int64_t queue_timeout, int64_t timeout,
                              const AVIOInterruptCB *cb)
{
    int64_t deadline = ff_magnifier_clock() + queue_timeout;
    int running = 0, ret = 0;

    if (!call)
        return AVERROR(ENOMEM);

    AcquireSRWLockExclusive(&runtime.lock);
    queue_call(call);
    while (call->state != CALL_DONE && ret >= 0) {
        if (call->state == CALL_RUNNING && !running) {
            running  = 1;
            deadline = ff_magnifier_clock() + timeout;
        }
        ret = wait_changed(deadline, cb);
        /* it has begun just in time */
        if (ret == AVERROR(ETIMEDOUT) && call->state == CALL_RUNNING && !running)
            ret = 0;
    }

    if (call->state == CALL_DONE) {
        ret = call->ret;
    } else if (call->state == CALL_RUNNING || call->keep) {
        call->abandoned = 1;
        call = NULL;
    } else {
        unlink_call(call);
    }
    ReleaseSRWLockExclusive(&runtime.lock);

    ff_magnifier_runtime_call_free(&call);
    return ret;
}
