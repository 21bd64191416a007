/*
 * magnifier: a file of lines
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

#include <limits.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "linefile.h"
#include "path.h"
#include "runtime.h"
#include "worker.h"

/* Milliseconds that the file may take to be opened. */
#define OPEN_TIMEOUT 10000

/** So many bytes tell a file of such lines from a video, or from rules, that was named by mistake. */
#define HEAD_SIZE 9

/** Lines one behind the other. */
typedef struct Lines {
    char    *data;
    unsigned allocated;
    size_t   size;
} Lines;

struct MagnifierLinefile {
    MagnifierWorker *worker;    ///< the owner's; frees this structure

    SRWLOCK  lock;              ///< guards the next four fields
    Lines    queue;             ///< what waits
    unsigned lost;              ///< lines, in all
    int      losing;            ///< nobody has asked about the last ones yet
    DWORD    error;             ///< of the last write that failed

    /* the thread's, and the owner's while it opens */
    wchar_t *path;
    HANDLE   handle;            ///< NULL: not open yet
    int      result;            ///< of opening it
    DWORD    code;              ///< of Win32, why it failed
    Lines    written;           ///< being written
    int      torn;              ///< the last line in the file has no end
};

/* ---- the thread ---- */

/** Does the file begin like the first line, or is it empty? What is written goes to its end either way. */
static int check_head(MagnifierLinefile *f, HANDLE handle)
{
    const LARGE_INTEGER last = { .QuadPart = -1 };
    char head[HEAD_SIZE], end;
    DWORD got;

    if (!ReadFile(handle, head, FFMIN(sizeof(head), f->queue.size), &got, NULL)) {
        f->code = GetLastError();
        return ff_magnifier_path_error(f->code);
    }
    if (memcmp(head, f->queue.data, got))
        return AVERROR_INVALIDDATA;
    /* whoever wrote it may have died in the middle of a line */
    f->torn = SetFilePointerEx(handle, last, NULL, FILE_END) &&
              ReadFile(handle, &end, 1, &got, NULL) && got && end != '\n';
    return 0;
}

static int open_file(MagnifierLinefile *f)
{
    HANDLE handle = CreateFileW(f->path, FILE_READ_DATA | FILE_APPEND_DATA | SYNCHRONIZE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT |
                                SECURITY_IDENTIFICATION, NULL);
    int ret;

    if (handle == INVALID_HANDLE_VALUE) {
        f->code = GetLastError();
        return ff_magnifier_path_error(f->code);
    }
    /* Nobody may let us wait for ever. */
    ret = GetFileType(handle) == FILE_TYPE_DISK ? check_head(f, handle) : AVERROR(EPIPE);
    if (ret < 0)
        CloseHandle(handle);
    else
        f->handle = handle;
    return ret;
}

static unsigned count_lines(const char *data, size_t size)
{
    unsigned nb = 0;

    for (size_t i = 0; i < size; i++)
        nb += data[i] == '\n';
    return nb;
}

static void note_lost(MagnifierLinefile *f, unsigned nb, DWORD error)
{
    AcquireSRWLockExclusive(&f->lock);
    f->lost  += nb;
    f->losing = 1;
    f->error  = error;
    ReleaseSRWLockExclusive(&f->lock);
}

static int write_some(MagnifierLinefile *f, const char *data, size_t size, DWORD *got)
{
    *got = 0;
    return WriteFile(f->handle, data, FFMIN(size, INT_MAX), got, NULL) && *got;
}

/** @return 0; AVERROR: of Win32's, see code */
static int write_lines(MagnifierLinefile *f, const char *data, size_t size)
{
    DWORD got;

    /* Whoever reads lines finds the rest of this one on one of its own. */
    if (f->torn && !write_some(f, "\n", 1, &got))
        goto fail;
    f->torn = 0;
    while (size) {
        if (!write_some(f, data, size, &got))
            goto fail;
        f->torn = data[got - 1] != '\n';
        data += got;
        size -= got;
    }
    return 0;

fail:
    f->code = GetLastError();
    note_lost(f, count_lines(data, size), f->code);
    return ff_magnifier_path_error(f->code);
}

static int write_queue(MagnifierLinefile *f)
{
    int ret = 0;

    while (1) {
        AcquireSRWLockExclusive(&f->lock);
        f->written.size = 0;
        FFSWAP(Lines, f->queue, f->written);
        ReleaseSRWLockExclusive(&f->lock);
        if (!f->written.size)
            return ret;
        ret = write_lines(f, f->written.data, f->written.size);
    }
}

static void line_work(void *opaque)
{
    MagnifierLinefile *f = opaque;

    if (!f->handle)
        f->result = open_file(f);
    if (!f->handle)
        return;
    f->result = write_queue(f);
}

static void line_end(void *opaque)
{
    MagnifierLinefile *f = opaque;

    if (!f->handle)
        return;
    write_queue(f);
    CloseHandle(f->handle);
}

static av_cold void line_free(void *opaque)
{
    MagnifierLinefile *f = opaque;

    av_free(f->queue.data);
    av_free(f->written.data);
    av_free(f->path);
    av_free(f);
}

static const MagnifierWorkerOps line_ops = {
    .work = line_work,
    .end  = line_end,
    .free = line_free,
};

/* ---- who has lines ---- */

/** @return whether there was room for it */
static int append(MagnifierLinefile *f, const char *line, size_t size, int must)
{
    Lines *q = &f->queue;
    char *data;

    if (!line || (!must && (f->losing || q->size + size > MAGNIFIER_LINEFILE_MAX_QUEUE)))
        return 0;
    data = av_fast_realloc(q->data, &q->allocated, q->size + size);
    if (!data)
        return 0;
    q->data = data;
    memcpy(data + q->size, line, size);
    q->size += size;
    return 1;
}

void ff_magnifier_linefile_add(MagnifierLinefile *f, const char *line, size_t size, int must)
{
    AcquireSRWLockExclusive(&f->lock);
    if (!append(f, line, size, must)) {
        f->lost++;
        f->losing = 1;
    }
    ReleaseSRWLockExclusive(&f->lock);
    ff_magnifier_worker_begin(f->worker);
}

unsigned ff_magnifier_linefile_take_lost(MagnifierLinefile *f)
{
    unsigned total = 0;

    AcquireSRWLockExclusive(&f->lock);
    if (f->losing && f->queue.size < MAGNIFIER_LINEFILE_MAX_QUEUE / 2) {
        f->losing = 0;
        total     = f->lost;
    }
    ReleaseSRWLockExclusive(&f->lock);
    return total;
}

int ff_magnifier_linefile_has_lost(MagnifierLinefile *f, unsigned long *code)
{
    unsigned lost;

    AcquireSRWLockExclusive(&f->lock);
    lost  = f->lost;
    *code = f->error;
    ReleaseSRWLockExclusive(&f->lock);
    return !!lost;
}

/* ---- its owner ---- */

/** Let the thread open the file and write the first line, and wait for that. */
static av_cold int open_now(MagnifierLinefile *f, const AVIOInterruptCB *cb)
{
    const uint64_t until = GetTickCount64() + OPEN_TIMEOUT;

    ff_magnifier_worker_begin(f->worker);
    while (!ff_magnifier_worker_wait(f->worker, MAGNIFIER_POLL_MS)) {
        if (ff_magnifier_interrupted(cb))
            return AVERROR_EXIT;
        if (GetTickCount64() >= until)
            return AVERROR(ETIMEDOUT);
    }
    return f->result;
}

av_cold int ff_magnifier_linefile_open(MagnifierLinefile **pfile, const char *path,
                                       const char *first, const AVIOInterruptCB *cb,
                                       unsigned long *code)
{
    MagnifierLinefile *f = av_mallocz(sizeof(*f));
    int ret;

    *pfile = NULL;
    *code  = 0;
    if (!f)
        return AVERROR(ENOMEM);
    InitializeSRWLock(&f->lock);
    ret = ff_magnifier_path_wide(&f->path, path);
    if (ret >= 0 && !(f->worker = ff_magnifier_worker_open(&line_ops, f)))
        ret = AVERROR(ENOMEM);
    if (ret < 0) {
        line_free(f);
        return ret;
    }
    *pfile = f;
    append(f, first, strlen(first), 1);
    ret = open_now(f, cb);
    if (ret < 0) {
        if (ret != AVERROR_EXIT && ret != AVERROR(ETIMEDOUT))
            *code = f->code;
        ff_magnifier_linefile_close(pfile, 0);
    }
    return ret;
}

av_cold int ff_magnifier_linefile_close(MagnifierLinefile **pfile, unsigned timeout)
{
    MagnifierLinefile *f = *pfile;
    MagnifierWorker *worker;

    *pfile = NULL;
    if (!f)
        return 0;
    worker = f->worker; /* frees the rest */
    return ff_magnifier_worker_close(&worker, timeout) ? 0 : AVERROR(ETIMEDOUT);
}
