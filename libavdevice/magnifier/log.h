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

/**
 * @file
 * What does the runtime's thread have to tell the user?
 *
 * The thread that makes every Magnification call may outlive the AVFormatContext
 * for which it works (a call that hangs is left behind), so it never hands a user's
 * context to av_log(). It writes lines here; the thread that owns the context prints
 * them with ff_magnifier_log_flush().
 */

#ifndef AVDEVICE_MAGNIFIER_LOG_H
#define AVDEVICE_MAGNIFIER_LOG_H

#include "libavutil/attributes.h"

typedef struct MagnifierLog MagnifierLog;

/** @return a new empty log, NULL when there is no memory; any thread */
MagnifierLog *ff_magnifier_log_alloc(void);

/** Free a log with the lines that nobody printed; sets *log to NULL. */
void ff_magnifier_log_free(MagnifierLog **log);

/**
 * Append a line (end it with a newline). Any thread; never blocks on foreign code.
 * Lines above the current av_log level are not kept. A log that nobody flushes is
 * bounded: what does not fit is counted, and the count is printed.
 *
 * @param log may be NULL: the line is dropped
 */
void ff_magnifier_log(MagnifierLog *log, int level, const char *fmt, ...) av_printf_format(3, 4);

/**
 * Append a text for the standard output, where ff_magnifier_log_flush() writes it as it is,
 * whatever its length. Any thread.
 */
void ff_magnifier_log_output(MagnifierLog *log, const char *text);

/** Move all lines of one log to the end of another; either may be NULL. */
void ff_magnifier_log_move(MagnifierLog *dst, MagnifierLog *src);

/**
 * Print and remove all lines with av_log(avcl, ...); the caller owns avcl.
 *
 * @return 0; AVERROR(EIO): the standard output cannot be written, which has been said
 */
int ff_magnifier_log_flush(MagnifierLog *log, void *avcl);

#endif /* AVDEVICE_MAGNIFIER_LOG_H */
