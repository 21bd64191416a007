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

#include "config.h"

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/mem.h"

#include "worker.h"

/** Milliseconds from one look for work to the next, when waiting for it fails. */
#define RETRY 20

struct MagnifierWorker {
    const MagnifierWorkerOps *ops;
    void *opaque;
    HANDLE thread;
    HMODULE module;             ///< with this code in it, kept until the thread has ended
    volatile LONG refs;         ///< the owner's and the thread's
    HANDLE begin;               ///< an event: work, or stop
    HANDLE idle;                ///< an event that stays set
    volatile LONG busy;         ///< what counts: that event only ends a wait
    volatile LONG stop;         ///< written and read by Interlocked*() only, as busy is
};

static av_cold void unref(MagnifierWorker *w)
{
    if (InterlockedDecrement(&w->refs))
        return;
    if (w->opaque)
        w->ops->free(w->opaque);
    if (w->begin)
        CloseHandle(w->begin);
    if (w->idle)
        CloseHandle(w->idle);
    av_free(w);
}

static DWORD WINAPI attribute_align_arg worker_thread(LPVOID arg)
{
    MagnifierWorker *w = arg;
    HMODULE module = w->module;

    for (;;) {
        int woken = WaitForSingleObject(w->begin, INFINITE) == WAIT_OBJECT_0;

        if (InterlockedCompareExchange(&w->stop, 0, 0))
            break;
        if (!woken) {
            /* Who has begun it may wait for as long as it takes, so a wait that fails is no way out. */
            ResetEvent(w->begin);
            if (!InterlockedCompareExchange(&w->busy, 0, 0)) {
                Sleep(RETRY);
                continue;
            }
        }
        w->ops->work(w->opaque);
        InterlockedExchange(&w->busy, 0);
        SetEvent(w->idle);
    }
    if (w->ops->end)
        w->ops->end(w->opaque);
    unref(w);
    FreeLibraryAndExitThread(module, 0);
    return 0;
}

av_cold MagnifierWorker *ff_magnifier_worker_open(const MagnifierWorkerOps *ops, void *opaque)
{
    MagnifierWorker *w = av_mallocz(sizeof(*w));

    if (!w)
        return NULL;
    w->ops    = ops;
    w->opaque = opaque;
    w->refs   = 2;
    w->begin  = CreateEventW(NULL, FALSE, FALSE, NULL);
    w->idle   = CreateEventW(NULL, TRUE, TRUE, NULL);
    if (w->begin && w->idle &&
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                           (LPCWSTR)(void *)worker_thread, &w->module)) {
        w->thread = CreateThread(NULL, 0, worker_thread, w, 0, NULL);
        if (w->thread)
            return w;
        FreeLibrary(w->module);
    }
    w->refs   = 1;
    w->opaque = NULL;
    unref(w);
    return NULL;
}

int ff_magnifier_worker_begin(MagnifierWorker *w)
{
    InterlockedExchange(&w->busy, 1);
    ResetEvent(w->idle);
    return SetEvent(w->begin) ? 0 : AVERROR_EXTERNAL;
}

int ff_magnifier_worker_wait(MagnifierWorker *w, unsigned timeout)
{
    WaitForSingleObject(w->idle, timeout);
    return !InterlockedCompareExchange(&w->busy, 0, 0);
}

av_cold int ff_magnifier_worker_close(MagnifierWorker **worker, unsigned timeout)
{
    MagnifierWorker *w = *worker;
    int ended;

    *worker = NULL;
    if (!w)
        return 1;
    InterlockedExchange(&w->stop, 1);
    SetEvent(w->begin);
    ended = WaitForSingleObject(w->thread, timeout) == WAIT_OBJECT_0;
    CloseHandle(w->thread);
    unref(w);
    return ended;
}
