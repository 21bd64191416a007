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

/* Reads in a row that must agree before they are believed, and the same for a file that has
 * become empty: more likely somebody is about to write it. */
#define READS       2
#define READS_EMPTY 8

/* Attempts to read it twice alike when it is opened, and milliseconds between. */
#define ATTEMPTS 20
#define PAUSE    25

typedef struct Contents {
    uint8_t *data;      ///< NULL: never read
    size_t   size;
} Contents;

struct MagnifierRulefile {
    MagnifierLog *log;
    char    *text;      ///< the option exclude
    char    *path;
    wchar_t *wpath;
    int64_t  next_read;

    Contents believed;  ///< what was made rules of, good or bad
    Contents seen;      ///< what was read last, if something else
    int      agree;     ///< reads in a row that found it so
    int      failing;   ///< that the file cannot be read has been said
};

static int is_same(const Contents *a, const Contents *b)
{
    return a->data && b->data && a->size == b->size && !memcmp(a->data, b->data, a->size);
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

/** Read all of an open file. */
static int read_data(HANDLE handle, Contents *contents)
{
    LARGE_INTEGER size;
    DWORD got;

    /* A pipe or a console could let us wait for ever. */
    if (GetFileType(handle) != FILE_TYPE_DISK)
        return AVERROR(EIO);
    if (!GetFileSizeEx(handle, &size))
        return error_of(GetLastError());
    if (size.QuadPart > MAX_BYTES)
        return AVERROR(EFBIG);
    contents->data = av_malloc(size.QuadPart + 1);
    if (!contents->data)
        return AVERROR(ENOMEM);
    do {
        if (!ReadFile(handle, contents->data + contents->size, size.QuadPart - contents->size,
                      &got, NULL))
            return error_of(GetLastError());
        contents->size += got;
    } while (got && contents->size < (size_t)size.QuadPart);
    return 0;
}

/**
 * Read the file, sharing everything, so that we are never in the way of who edits it.
 *
 * @param[out] contents to be freed by the caller; none on failure
 */
static int read_file(const MagnifierRulefile *file, Contents *contents)
{
    HANDLE handle = CreateFileW(file->wpath, GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    int ret;

    *contents = (Contents){ NULL };
    if (handle == INVALID_HANDLE_VALUE)
        return error_of(GetLastError());
    ret = read_data(handle, contents);
    if (ret < 0)
        av_freep(&contents->data);
    CloseHandle(handle);
    return ret;
}

static const char *reason_of(int error)
{
    switch (error) {
    case AVERROR(ENOENT): return "there is no such file";
    case AVERROR(EACCES): return "access is denied, or another program has it locked";
    case AVERROR(EFBIG):  return "it is too large";
    case AVERROR(ENOMEM): return "out of memory";
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

static av_cold int first_read(MagnifierRulefile *file)
{
    Contents again;
    int attempt, same = 0, ret = read_file(file, &file->believed);

    for (attempt = 0; ret >= 0 && !same && attempt < ATTEMPTS; attempt++) {
        if (attempt)
            Sleep(PAUSE);
        ret = read_file(file, &again);
        if (ret < 0)
            break;
        same = is_same(&file->believed, &again);
        av_free(file->believed.data);
        file->believed = again;
    }
    if (ret >= 0 && same)
        return 0;
    ff_magnifier_log(file->log, AV_LOG_ERROR, "exclude_file %s: %s\n", file->path,
                     ret < 0 ? reason_of(ret) : "it changes while it is read");
    return ret < 0 ? ret : AVERROR(EIO);
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
    ff_magnifier_log(file->log, AV_LOG_INFO, "%s has changed: %d rules now\n", file->path,
                     ff_magnifier_rules_count(*rules));
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

int ff_magnifier_rulefile_poll(MagnifierRulefile *file, int64_t now, MagnifierRules **rules)
{
    Contents contents;
    int ret;

    *rules = NULL;
    if (!file || now < file->next_read)
        return 0;
    file->next_read = now + MAGNIFIER_RULEFILE_PERIOD;

    ret = read_file(file, &contents);
    if (ret < 0)
        file->agree = 0;
    else
        ret = look_at(file, &contents, rules);
    if (ret < 0 && !file->failing)
        ff_magnifier_log(file->log, AV_LOG_WARNING, "exclude_file %s: %s; the rules from "
                         "before stay in force\n", file->path, reason_of(ret));
    file->failing = ret < 0;
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
    av_freep(&file->believed.data);
    av_freep(&file->seen.data);
    av_free(file);
}
