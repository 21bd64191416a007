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
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"
#include "libavutil/wchar_filename.h"

#include <windows.h>

#include "rulefile.h"

/* A character has at most four bytes. */
#define MAX_BYTES (4 * MAGNIFIER_RULES_MAX_TEXT)

/* Looks for which a changed file must stay the same before it is read, and the same for one
 * that has become empty: more likely somebody is about to write it. */
#define LOOKS       1
#define LOOKS_EMPTY 8

/* Looks after a change in which the file is read although its time and size say that
 * it is the same: a file system may count time in steps of two seconds. */
#define LOOKS_DISTRUST 12

/* What tells two states of a file apart, without reading it. */
typedef struct Stamp {
    DWORD    volume;
    uint64_t index, size, time;
} Stamp;

struct MagnifierRulefile {
    MagnifierLog *log;
    char    *text;      ///< the option exclude
    char    *path;
    wchar_t *wpath;
    int64_t  next_look;

    Stamp    read;      ///< state whose contents are data
    uint8_t *data;      ///< last contents that were read, good or bad
    size_t   size;
    int      distrust;  ///< looks in which read says nothing

    Stamp    changing;  ///< state seen in the last look, if not that in read
    int      looks;     ///< number of looks that have seen it so
    int      failing;   ///< that the file cannot be read has been said
};

static int same_stamp(const Stamp *a, const Stamp *b)
{
    return a->volume == b->volume && a->index == b->index && a->size == b->size &&
           a->time == b->time;
}

static int error_of(DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
        return AVERROR(ENOENT);
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return AVERROR(EACCES);
    }
    return AVERROR(EIO);
}

static int stamp_of(HANDLE handle, Stamp *stamp)
{
    BY_HANDLE_FILE_INFORMATION info;

    if (!GetFileInformationByHandle(handle, &info))
        return error_of(GetLastError());
    if (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return AVERROR(EISDIR);
    stamp->volume = info.dwVolumeSerialNumber;
    stamp->index  = (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow;
    stamp->size   = (uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow;
    stamp->time   = (uint64_t)info.ftLastWriteTime.dwHighDateTime << 32 |
                    info.ftLastWriteTime.dwLowDateTime;
    return 0;
}

/** Sharing everything, so that we are never in the way of who edits the file. */
static int open_file(const MagnifierRulefile *file, HANDLE *handle, Stamp *stamp)
{
    int ret;

    *handle = CreateFileW(file->wpath, GENERIC_READ,
                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                          OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (*handle == INVALID_HANDLE_VALUE)
        return error_of(GetLastError());
    ret = stamp_of(*handle, stamp);
    if (ret < 0)
        CloseHandle(*handle);
    return ret;
}

/**
 * Read all of an open file.
 *
 * @param stamp its state when it was opened
 * @return 0; AVERROR(EAGAIN) when it changed meanwhile
 */
static int read_data(HANDLE handle, const Stamp *stamp, uint8_t **pdata, size_t *psize)
{
    size_t size = 0;
    uint8_t *data;
    Stamp after;
    DWORD got;
    int ret;

    *pdata = NULL;
    if (stamp->size > MAX_BYTES)
        return AVERROR(EFBIG);
    /* One more than it should have, to see when it has grown. */
    data = av_malloc(stamp->size + 1);
    if (!data)
        return AVERROR(ENOMEM);
    do {
        if (!ReadFile(handle, data + size, stamp->size + 1 - size, &got, NULL)) {
            ret = error_of(GetLastError());
            goto fail;
        }
        size += got;
    } while (got && size <= stamp->size);
    ret = stamp_of(handle, &after);
    if (ret < 0)
        goto fail;
    if (size != stamp->size || !same_stamp(stamp, &after)) {
        ret = AVERROR(EAGAIN);
        goto fail;
    }
    *pdata = data;
    *psize = size;
    return 0;

fail:
    av_free(data);
    return ret;
}

static const char *reason_of(int error)
{
    switch (error) {
    case AVERROR(ENOENT): return "there is no such file";
    case AVERROR(EACCES): return "access is denied, or another program has it locked";
    case AVERROR(EISDIR): return "it is a folder";
    case AVERROR(EFBIG):  return "it is too large";
    case AVERROR(ENOMEM): return "out of memory";
    case AVERROR(EAGAIN): return "it changes while it is read";
    }
    return "it cannot be read";
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
            /* A script with a variable that is not set, say: to record everything would be wrong. */
            ff_magnifier_log(file->log, level, "exclude has no rule; without the option no window "
                             "is left out\n");
            ret = AVERROR(EINVAL);
        }
    }
    if (ret >= 0 && file->data) {
        ret = ff_magnifier_rules_add_file(rules, file->data, file->size, error, sizeof(error));
        if (ret < 0)
            ff_magnifier_log(file->log, level, "%s, %s%s\n", file->path, error, rest);
    }
    if (ret < 0)
        ff_magnifier_rules_free(rules);
    return ret;
}

static av_cold int first_read(MagnifierRulefile *file)
{
    HANDLE handle;
    int attempt, ret = AVERROR(EAGAIN);

    for (attempt = 0; ret == AVERROR(EAGAIN) && attempt < 20; attempt++) {
        if (attempt)
            Sleep(25);
        ret = open_file(file, &handle, &file->read);
        if (ret < 0)
            break;
        ret = read_data(handle, &file->read, &file->data, &file->size);
        CloseHandle(handle);
    }
    if (ret < 0)
        ff_magnifier_log(file->log, AV_LOG_ERROR, "exclude_file %s: %s\n", file->path,
                         reason_of(ret));
    file->distrust = LOOKS_DISTRUST;
    /* The caller asks again for this when it has got EAGAIN; nobody should. */
    return ret == AVERROR(EAGAIN) ? AVERROR(EIO) : ret;
}

av_cold int ff_magnifier_rulefile_open(MagnifierRulefile **pfile, MagnifierRules **rules,
                                       const char *text, const char *path, MagnifierLog *log)
{
    MagnifierRulefile *file = av_mallocz(sizeof(*file));
    int ret = AVERROR(ENOMEM);

    *pfile = NULL;
    *rules = NULL;
    if (!file)
        return AVERROR(ENOMEM);
    file->log = log;
    if (text && !(file->text = av_strdup(text)))
        goto fail;
    if (path) {
        file->path = av_strdup(path);
        if (!file->path)
            goto fail;
        if (utf8towchar(path, &file->wpath) < 0 || !file->wpath) {
            ff_magnifier_log(log, AV_LOG_ERROR, "exclude_file: the name is not valid UTF-8\n");
            ret = AVERROR(EINVAL);
            goto fail;
        }
        ret = first_read(file);
        if (ret < 0)
            goto fail;
    }
    ret = make_rules(file, AV_LOG_ERROR, "", rules);
    if (ret >= 0 && file->path) {
        *pfile = file;
        return 0;
    }

fail:
    ff_magnifier_rulefile_close(&file);
    return ret;
}

static int changed(MagnifierRulefile *file, HANDLE handle, const Stamp *stamp,
                   MagnifierRules **rules)
{
    uint8_t *data, *old;
    size_t size, old_size;
    int ret = read_data(handle, stamp, &data, &size), same;

    if (ret < 0)
        return ret;
    same = size == file->size && !memcmp(data, file->data, size);
    if (!same_stamp(stamp, &file->read))
        file->distrust = LOOKS_DISTRUST;
    file->read  = *stamp;
    file->looks = 0;
    if (same) {
        av_free(data);
        return 0;
    }
    old      = file->data;
    old_size = file->size;
    file->data = data;
    file->size = size;
    file->distrust = LOOKS_DISTRUST;

    ret = make_rules(file, AV_LOG_WARNING, "; the rules from before stay in force", rules);
    if (ret == AVERROR(ENOMEM)) {
        /* still unread: the next look finds it different again */
        file->data = old;
        file->size = old_size;
        av_free(data);
        return ret;
    }
    av_free(old);
    if (ret < 0)
        return 0;
    ff_magnifier_log(file->log, AV_LOG_INFO, "%s has changed: %d rules now\n", file->path,
                     ff_magnifier_rules_count(*rules));
    return 1;
}

int ff_magnifier_rulefile_poll(MagnifierRulefile *file, int64_t now, MagnifierRules **rules)
{
    HANDLE handle;
    Stamp stamp;
    int ret;

    *rules = NULL;
    if (!file || now < file->next_look)
        return 0;
    file->next_look = now + MAGNIFIER_RULEFILE_PERIOD;

    ret = open_file(file, &handle, &stamp);
    if (ret >= 0) {
        if (same_stamp(&stamp, &file->read)) {
            file->looks = 0;
            if (file->distrust) {
                file->distrust--;
                ret = changed(file, handle, &stamp, rules);
            }
        } else {
            if (!same_stamp(&stamp, &file->changing))
                file->looks = 0;
            file->changing = stamp;
            if (file->looks++ >= (stamp.size ? LOOKS : LOOKS_EMPTY))
                ret = changed(file, handle, &stamp, rules);
        }
        CloseHandle(handle);
    }

    if (ret >= 0)
        file->failing = 0;
    else if (ret != AVERROR(EAGAIN)) {
        if (!file->failing)
            ff_magnifier_log(file->log, AV_LOG_WARNING, "exclude_file %s: %s; the rules from "
                             "before stay in force\n", file->path, reason_of(ret));
        file->failing = 1;
    }
    return ret > 0;
}

void ff_magnifier_rulefile_close(MagnifierRulefile **pfile)
{
    MagnifierRulefile *file = *pfile;

    *pfile = NULL;
    if (!file)
        return;
    av_freep(&file->text);
    av_freep(&file->path);
    av_freep(&file->wpath);
    av_freep(&file->data);
    av_free(file);
}
