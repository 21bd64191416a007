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

#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include <windows.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "log.h"

/** Lines kept for a user who does not read; enough for a window list. */
#define MAX_LINES 4096

/** Bytes of a line that are printed at once; FFmpeg puts its own name before the first of them. */
#define MAX_PIECE 512

/** Bytes of output that are written at once; consoles take no more than some 64 KB. */
#define MAX_OUTPUT 16384

/** In place of a level: for the standard output. */
#define OUTPUT INT_MIN

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

/** @return NULL: there is no memory */
static Line *make_line(int level, const char *text, size_t len)
{
    Line *line = av_malloc(sizeof(*line) + len + 1);

    if (line) {
        line->level = level;
        memcpy(line->text, text, len + 1);
    }
    return line;
}

void ff_magnifier_log_output(MagnifierLog *log, const char *text)
{
    if (log)
        add_line(log, make_line(OUTPUT, text, strlen(text)));
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

    line = av_bprint_is_complete(&bp) ? make_line(level, bp.str, bp.len) : NULL;
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

/**
 * FFmpeg cuts what it is given at 1,023 bytes, wherever that is, and takes two lines for the same
 * that are alike so far. So a long line goes in pieces, which FFmpeg's own callback puts
 * together unless another thread prints in between. A program's own callback gets the pieces.
 */
static void print_line(void *avcl, int level, const char *text)
{
    size_t len = strlen(text);

    while (len > MAX_PIECE) {
        int nb = MAX_PIECE;

        while (nb > MAX_PIECE - 4 && ((unsigned char)text[nb] & 0xC0) == 0x80)
            nb--;
        av_log(avcl, level, "%.*s", nb, text);
        text += nb;
        len  -= nb;
    }
    av_log(avcl, level, "%s", text);
}

/** Not through stdio, which makes CR LF of LF, and has a buffer of its own in each module. @return 0, AVERROR(EIO) */
static int write_output(void *avcl, const char *text)
{
    HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
    size_t len = strlen(text);

    while (len) {
        DWORD nb = 0;

        if (!WriteFile(out, text, FFMIN(len, MAX_OUTPUT), &nb, NULL) || !nb) {
            av_log(avcl, AV_LOG_ERROR, "The standard output cannot be written (error %lu)\n",
                   GetLastError());
            return AVERROR(EIO);
        }
        text += nb;
        len  -= nb;
    }
    return 0;
}

int ff_magnifier_log_flush(MagnifierLog *log, void *avcl)
{
    unsigned dropped;
    Line *line;
    int ret = 0;

    if (!log)
        return 0;
    line = take_lines(log, &dropped);
    while (line) {
        Line *next = line->next;
        if (line->level == OUTPUT)
            ret = ret < 0 ? ret : write_output(avcl, line->text);
        else
            print_line(avcl, line->level, line->text);
        av_free(line);
        line = next;
    }
    if (dropped)
        av_log(avcl, AV_LOG_WARNING, "%u log lines did not fit and are lost\n", dropped);
    return ret;
}
