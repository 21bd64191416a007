/*
 * magnifier: the file of exclusion rules
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
 * What are the rules now, with those of exclude_file?
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "path.h"
#include "rulefile.h"
#include "runtime.h"
#include "worker.h"

/* A character has at most four bytes. */
#define MAX_BYTES (4 * MAGNIFIER_RULES_MAX_TEXT)

/* Reads in a row that must agree before they are believed, and the same for a file that has
 * become empty: more likely somebody is about to write it. */
#define READS       2
#define READS_EMPTY 8

/* Attempts to read it twice alike when it is opened, and milliseconds between. */
#define ATTEMPTS 20
#define PAUSE    25

/* Milliseconds that the first reads may take each, and that the last one is waited for. */
#define OPEN_TIMEOUT  10000
/* Microseconds after which it is told that a read takes long. */
#define READ_TIMEOUT  2000000

typedef struct Contents {
    uint8_t *data;      ///< NULL: never read
    size_t   size;
} Contents;

/** One read; the worker's while it works. */
typedef struct Read {
    wchar_t *path;
    Contents contents;  ///< none on failure
    int      result;
    DWORD    code;      ///< of Win32, if that is why it failed; else 0
} Read;

struct MagnifierRulefile {
    MagnifierLog *log;
    char    *text;      ///< the option exclude
    char    *path;
    MagnifierWorker *worker;
    Read    *read;      ///< the worker frees it
    int      reading;   ///< a read was begun, and not looked at
    int64_t  begun;     ///< when that was
    int      hangs;     ///< it was waited for in vain

    Contents believed;  ///< what was made rules of, good or bad
    Contents seen;      ///< what was read last, if something else
    int      agree;     ///< reads in a row that found it so
    DWORD    code;      ///< of Win32, why the last read failed; 0: not for that
    int      failing;   ///< that the file cannot be read, or does not answer, has been said
};

static int is_same(const Contents *a, const Contents *b)
{
    return a->data && b->data && a->size == b->size && !memcmp(a->data, b->data, a->size);
}

static int path_error(Read *r)
{
    r->code = GetLastError();
    return ff_magnifier_path_error(r->code);
}

/** Read all of an open file. */
static int read_data(Read *r, HANDLE handle)
{
    Contents *contents = &r->contents;
    LARGE_INTEGER size;
    DWORD got;

    /* A pipe or a console could let us wait for ever. */
    if (GetFileType(handle) != FILE_TYPE_DISK)
        return AVERROR(EPIPE);
    if (!GetFileSizeEx(handle, &size))
        return path_error(r);
    if (size.QuadPart > MAX_BYTES)
        return AVERROR(EFBIG);
    contents->data = av_malloc(size.QuadPart + 1);
    if (!contents->data)
        return AVERROR(ENOMEM);
    do {
        if (!ReadFile(handle, contents->data + contents->size, size.QuadPart - contents->size,
                      &got, NULL))
            return path_error(r);
        contents->size += got;
    } while (got && contents->size < (size_t)size.QuadPart);
    return 0;
}

/**
 * Read the file, sharing everything, so that we are never in the way of who edits it. Should the
 * name be a pipe's, whoever listens there is not to act in our name.
 */
static int read_file(Read *r)
{
    HANDLE handle = CreateFileW(r->path, GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN | SECURITY_SQOS_PRESENT |
                                SECURITY_IDENTIFICATION, NULL);
    int ret;

    if (handle == INVALID_HANDLE_VALUE)
        return path_error(r);
    ret = read_data(r, handle);
    if (ret < 0)
        av_freep(&r->contents.data);
    CloseHandle(handle);
    return ret;
}

static void read_work(void *opaque)
{
    Read *r = opaque;

    r->contents = (Contents){ NULL };
    r->code     = 0;
    r->result   = read_file(r);
}

static av_cold void read_free(void *opaque)
{
    Read *r = opaque;

    av_free(r->contents.data);
    av_free(r->path);
    av_free(r);
}

static const MagnifierWorkerOps read_ops = {
    .work = read_work,
    .free = read_free,
};

static void begin_read(MagnifierRulefile *file, int64_t now)
{
    file->reading = 1;
    file->begun   = now;
    ff_magnifier_worker_begin(file->worker);
}

/**
 * Take what was read.
 *
 * @param[out] contents to be freed by the caller; none on failure
 * @return 0 or an error; AVERROR(EAGAIN): it is not there yet
 */
static int end_read(MagnifierRulefile *file, unsigned timeout, Contents *contents)
{
    *contents  = (Contents){ NULL };
    file->code = 0;
    if (!ff_magnifier_worker_wait(file->worker, timeout))
        return AVERROR(EAGAIN);
    file->reading = file->hangs = 0;
    *contents  = file->read->contents;
    file->code = file->read->code;
    file->read->contents = (Contents){ NULL };
    return file->read->result;
}

static const char *reason_of(int error)
{
    switch (error) {
    case AVERROR(ENOENT): return "there is no such file";
    case AVERROR(EACCES): return "access is denied, it is a folder, or another program has it locked";
    case AVERROR(EFBIG):  return "it is too large";
    case AVERROR(EAGAIN): return "it does not answer";
    case AVERROR(ENOMEM): return "out of memory";
    case AVERROR(EPIPE):  return "it is no file on a disk";
    }
    return "it cannot be read";
}

/** Say why a read failed. @param rest what comes of it, after the reason */
static void log_failure(const MagnifierRulefile *file, int level, int error, const char *rest)
{
    char code[32] = "";

    if (file->code)
        snprintf(code, sizeof(code), " (error %lu)", file->code);
    ff_magnifier_log(file->log, level, "exclude_file %s: %s%s%s\n", file->path, reason_of(error), code, rest);
}

/** Make the set of both sources; an error is a line, of the level given. */
static int make_rules(const MagnifierRulefile *file, int level, const char *rest,
                      MagnifierRules **rules)
{
    char error[MAGNIFIER_RULES_ERROR];
    int ret = 0;

    *rules = NULL;
    if (file->text) {
        ret = ff_magnifier_rules_add(rules, file->text, error, sizeof(error));
        if (ret < 0) {
            ff_magnifier_log(file->log, level, "exclude, %s\n", error);
        } else if (!ff_magnifier_rules_count(*rules)) {
            /* A script with a variable that is not set: to record everything would be wrong. */
            ff_magnifier_log(file->log, level, "exclude has no rule; without the option no window "
                             "is left out\n");
            ret = AVERROR(EINVAL);
        }
    }
    if (ret >= 0 && file->believed.data) {
        ret = ff_magnifier_rules_add_file(rules, file->believed.data, file->believed.size, error,
                                          sizeof(error));
        if (ret < 0)
            ff_magnifier_log(file->log, level, "%s, %s%s\n", file->path, error, rest);
    }
    if (ret < 0)
        ff_magnifier_rules_free(rules);
    return ret;
}

/** Read and wait for it. */
static av_cold int read_now(MagnifierRulefile *file, uint64_t until, const AVIOInterruptCB *cb,
                            Contents *contents)
{
    int ret = AVERROR(EAGAIN);

    begin_read(file, 0);
    while (ret == AVERROR(EAGAIN) && GetTickCount64() < until) {
        ret = end_read(file, MAGNIFIER_POLL_MS, contents);
        if (ret == AVERROR(EAGAIN) && ff_magnifier_interrupted(cb))
            ret = AVERROR_EXIT;
    }
    file->hangs = file->reading;
    return ret;
}

static av_cold int first_read(MagnifierRulefile *file, const AVIOInterruptCB *cb)
{
    const uint64_t until = GetTickCount64() + OPEN_TIMEOUT;
    Contents again;
    int attempt, same = 0, ret = read_now(file, until, cb, &file->believed);

    for (attempt = 0; ret >= 0 && !same && attempt < ATTEMPTS; attempt++) {
        if (attempt)
            Sleep(PAUSE);
        ret = read_now(file, until, cb, &again);
        if (ret < 0)
            break;
        same = is_same(&file->believed, &again);
        av_free(file->believed.data);
        file->believed = again;
    }
    if (ret == AVERROR_EXIT || (ret >= 0 && same))
        return FFMIN(ret, 0);
    if (ret >= 0)
        ff_magnifier_log(file->log, AV_LOG_ERROR, "exclude_file %s: it changes while it is read\n", file->path);
    else
        log_failure(file, AV_LOG_ERROR, ret, "");
    /* FFmpeg has no words for these */
    return ret >= 0 || ret == AVERROR(EAGAIN) || ret == AVERROR(EPIPE) ? AVERROR(EIO) : ret;
}

static av_cold int open_path(MagnifierRulefile *file, const char *path)
{
    Read *r = av_mallocz(sizeof(*r));
    int ret;

    file->path = av_strdup(path);
    if (!r || !file->path) {
        av_free(r);
        return AVERROR(ENOMEM);
    }
    ret = ff_magnifier_path_wide(&r->path, path);
    if (ret < 0) {
        if (ret == AVERROR(EINVAL))
            ff_magnifier_log(file->log, AV_LOG_ERROR, "exclude_file: the name is not valid UTF-8\n");
        av_free(r);
        return ret;
    }
    file->worker = ff_magnifier_worker_open(&read_ops, r);
    if (!file->worker) {
        read_free(r);
        return AVERROR(ENOMEM);
    }
    file->read = r;
    return 0;
}

av_cold int ff_magnifier_rulefile_open(MagnifierRulefile **pfile, MagnifierRules **rules,
                                       const char *text, const char *path,
                                       const AVIOInterruptCB *cb, MagnifierLog *log)
{
    MagnifierRulefile *file = av_mallocz(sizeof(*file));
    int ret = 0;

    *pfile = NULL;
    *rules = NULL;
    if (!file)
        return AVERROR(ENOMEM);
    file->log = log;
    if (text && !(file->text = av_strdup(text)))
        ret = AVERROR(ENOMEM);
    if (ret >= 0 && path)
        ret = open_path(file, path);
    if (ret >= 0 && path)
        ret = first_read(file, cb);
    if (ret >= 0)
        ret = make_rules(file, AV_LOG_ERROR, "", rules);
    if (ret < 0 || !path)
        ff_magnifier_rulefile_close(&file, MAGNIFIER_RULEFILE_CLOSE_TIMEOUT);
    *pfile = file;
    return ret;
}

/** Make rules of what was seen. @return 1 when there are new ones */
static int believe(MagnifierRulefile *file, MagnifierRules **rules)
{
    const Contents old = file->believed;
    int ret;

    file->believed = file->seen;
    ret = make_rules(file, AV_LOG_WARNING, "; the rules from before stay in force", rules);
    if (ret == AVERROR(ENOMEM)) {
        /* The next read finds it different again. */
        file->believed = old;
        return ret;
    }
    file->seen = (Contents){ NULL };
    av_free(old.data);
    if (ret < 0)
        return 0;
    ff_magnifier_log(file->log, AV_LOG_INFO, "%s has changed: %d rule%s now\n", file->path,
                     ff_magnifier_rules_count(*rules), ff_magnifier_rules_count(*rules) == 1 ? "" : "s");
    return 1;
}

/** Take what was read over. @return 1 when there are new rules */
static int look_at(MagnifierRulefile *file, Contents *contents, MagnifierRules **rules)
{
    file->agree = is_same(contents, &file->seen) ? file->agree + 1 : 1;
    av_free(file->seen.data);
    file->seen = *contents;
    if (is_same(&file->seen, &file->believed) ||
        file->agree < (file->seen.size ? READS : READS_EMPTY))
        return 0;
    return believe(file, rules);
}

/** What has come of the read that was begun. @return 1 when there are new rules */
static int poll_read(MagnifierRulefile *file, int64_t now, MagnifierRules **rules)
{
    Contents contents;
    int ret = end_read(file, 0, &contents);

    if (ret == AVERROR(EAGAIN) && now - file->begun < READ_TIMEOUT)
        return 0;
    file->hangs = file->reading;
    if (ret < 0)
        file->agree = 0;
    else
        ret = look_at(file, &contents, rules);
    if (ret < 0 && !file->failing)
        log_failure(file, AV_LOG_WARNING, ret, "; the rules from before stay in force");
    file->failing = ret < 0;
    return ret > 0;
}

int ff_magnifier_rulefile_poll(MagnifierRulefile *file, int64_t now, MagnifierRules **rules)
{
    int ret = 0;

    *rules = NULL;
    if (!file)
        return 0;
    if (file->reading)
        ret = poll_read(file, now, rules);
    if (!file->reading && now - file->begun >= MAGNIFIER_RULEFILE_PERIOD)
        begin_read(file, now);
    return ret;
}

void ff_magnifier_rulefile_close(MagnifierRulefile **pfile, unsigned timeout)
{
    MagnifierRulefile *file = *pfile;

    *pfile = NULL;
    if (!file)
        return;
    ff_magnifier_worker_close(&file->worker, file->hangs ? 0 : timeout);
    av_freep(&file->text);
    av_freep(&file->path);
    av_freep(&file->believed.data);
    av_freep(&file->seen.data);
    av_free(file);
}
