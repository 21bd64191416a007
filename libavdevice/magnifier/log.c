/*
 * magnifier: log lines written on the runtime's thread
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

#include <stdarg.h>
#include <string.h>

#include <windows.h>

#include "libavutil/bprint.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "log.h"

/** Lines kept for a user who does not read; enough for a window list. */
#define MAX_LINES 4096

typedef struct Line {
    struct Line *next;
    int level;
    char text[];
} Line;

struct MagnifierLog {
    SRWLOCK lock;               ///< guards all below
    Line *first;                ///< oldest line
    Line **tail;                ///< where the next line is hung
    int nb_lines;
    unsigned dropped;           ///< lines lost to the bound or to a lack of memory
};

MagnifierLog *ff_magnifier_log_alloc(void)
{
    MagnifierLog *log = av_mallocz(sizeof(*log));

    if (!log)
        return NULL;
    InitializeSRWLock(&log->lock);
    log->tail = &log->first;
    return log;
}

/** Hang a line (or count it, if it is NULL or does not fit). */
static void add_line(MagnifierLog *log, Line *line)
{
    AcquireSRWLockExclusive(&log->lock);
    if (line && log->nb_lines < MAX_LINES) {
        line->next = NULL;
        *log->tail = line;
        log->tail  = &line->next;
        log->nb_lines++;
        line = NULL;
    } else {
        log->dropped++;
    }
    ReleaseSRWLockExclusive(&log->lock);
    av_free(line);
}

static Line *take_lines(MagnifierLog *log, unsigned *dropped)
{
    Line *first;

    AcquireSRWLockExclusive(&log->lock);
    first         = log->first;
    *dropped      = log->dropped;
    log->first    = NULL;
    log->tail     = &log->first;
    log->nb_lines = 0;
    log->dropped  = 0;
    ReleaseSRWLockExclusive(&log->lock);
    return first;
}

void ff_magnifier_log_free(MagnifierLog **log)
{
    unsigned dropped;
    Line *line;

    if (!*log)
        return;
    line = take_lines(*log, &dropped);
    while (line) {
        Line *next = line->next;
        av_free(line);
        line = next;
    }
    av_freep(log);
}

void ff_magnifier_log(MagnifierLog *log, int level, const char *fmt, ...)
{
    AVBPrint bp;
    Line *line;
    va_list vl;

    /* A program with a callback of its own filters there, whatever av_log_set_level() says. */
    if (!log || level > FFMAX(av_log_get_level(), AV_LOG_VERBOSE))
        return;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    va_start(vl, fmt);
    av_vbprintf(&bp, fmt, vl);
    va_end(vl);

    line = av_bprint_is_complete(&bp) ? av_malloc(sizeof(*line) + bp.len + 1) : NULL;
    if (line) {
        line->level = level;
        memcpy(line->text, bp.str, bp.len + 1);
    }
    av_bprint_finalize(&bp, NULL);

    add_line(log, line);
}

void ff_magnifier_log_move(MagnifierLog *dst, MagnifierLog *src)
{
    unsigned dropped;
    Line *line;

    if (!dst || !src)
        return;
    line = take_lines(src, &dropped);
    while (line) {
        Line *next = line->next;
        add_line(dst, line);
        line = next;
    }
    AcquireSRWLockExclusive(&dst->lock);
    dst->dropped += dropped;
    ReleaseSRWLockExclusive(&dst->lock);
}

void ff_magnifier_log_flush(MagnifierLog *log, void *avcl)
{
    unsigned dropped;
    Line *line;

    if (!log)
        return;
    line = take_lines(log, &dropped);
    while (line) {
        Line *next = line->next;
        av_log(avcl, line->level, "%s", line->text);
        av_free(line);
        line = next;
    }
    if (dropped)
        av_log(avcl, AV_LOG_WARNING, "%u log lines did not fit and are lost\n", dropped);
}
