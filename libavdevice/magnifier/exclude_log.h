/*
 * magnifier: what was left out, and when
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
 * What was left out of the recording, and when? The file of the option exclude_log.
 *
 * One JSON object a line, each with its "event", the "time" on the axis of the packets' timestamps
 * (wall-clock microseconds), and a "pts": in "state" that of the packet that it is about, in all
 * others that of the last packet before it, null: none yet. doc/magnifier.texi has the list.
 *
 * What they say comes from where the packets' metadata and the closing lines come from: the
 * guard's reports and counters, the look's matches, the metadata themselves. Lines are made on the
 * runtime's thread and FFmpeg's, and written by one of their own (linefile.h). A log may be NULL:
 * nothing is written.
 */

#ifndef AVDEVICE_MAGNIFIER_EXCLUDE_LOG_H
#define AVDEVICE_MAGNIFIER_EXCLUDE_LOG_H

#include <stdint.h>

#include "libavutil/bprint.h"
#include "libavformat/avio.h"

#include "guard.h"
#include "log.h"
#include "metadata.h"

typedef struct MagnifierExcludeLog MagnifierExcludeLog;

typedef struct MagnifierExcludeLogOptions {
    const char *path;           ///< option exclude_log, UTF-8; NULL: there is none
    int titles;                 ///< option exclude_log_titles: as they are, not their SHA-256
    int64_t wall_offset;        ///< from ff_magnifier_clock() to the packets' timestamps
} MagnifierExcludeLogOptions;

/** How long to wait for the last lines, milliseconds, where nobody else has to wait for that. */
#define MAGNIFIER_EXCLUDE_LOG_CLOSE_TIMEOUT 1000

/**
 * Open the file and write "start" into it.
 *
 * @param log NULL without a path
 * @param cb  asked every 20 ms while waiting for the file, ten seconds at most; may be NULL
 * @param lines where the error goes, one line, and a warning later; must stay until close
 * @return 0; ENOENT, EACCES, ENOSPC, EIO, EINVAL, ENOMEM; AVERROR_EXIT when interrupted, without
 *         a line
 */
int ff_magnifier_exclude_log_open(MagnifierExcludeLog **log,
                                  const MagnifierExcludeLogOptions *options,
                                  const AVIOInterruptCB *cb, MagnifierLog *lines);

/**
 * Begin a line of one's own, to be given its other members and ended, whatever happens.
 *
 * @param[out] bp begins {"event":EVENT,"time":...,"pts":...
 */
void ff_magnifier_exclude_log_begin(MagnifierExcludeLog *log, AVBPrint *bp, const char *event);

/** End the line, and let it be written. */
void ff_magnifier_exclude_log_end(MagnifierExcludeLog *log, AVBPrint *bp);

/** Append a title as a member: itself, or its SHA-256. @param title UTF-8; NULL: unknown */
void ff_magnifier_exclude_log_title(MagnifierExcludeLog *log, AVBPrint *bp, const char *title);

/** "rules": from now on these are in force. @param generation as in the metadata */
void ff_magnifier_exclude_log_rules(MagnifierExcludeLog *log, unsigned generation, int nb);

/**
 * "list", "hold" and "hold_end": what a call of the guard, or what was since the last one, means
 * for the frames.
 *
 * @param windows those on the list that was set last, canaries behind them
 * @param program that of the window behind the reason; empty: unknown
 * @param rules   generation, as in the metadata
 */
void ff_magnifier_exclude_log_guard(MagnifierExcludeLog *log, const MagnifierGuardReport *report,
                                    const MagnifierGuardStats *stats, const uint64_t *windows,
                                    const char *program, unsigned rules);

/** The same for what was since the last call; the guard is about to be freed. */
void ff_magnifier_exclude_log_guard_end(MagnifierExcludeLog *log, const MagnifierGuardStats *stats);

/** "state", if the packet says something else than the one before. FFmpeg's thread. */
void ff_magnifier_exclude_log_packet(MagnifierExcludeLog *log, int64_t pts,
                                     const MagnifierMetadata *metadata);

/** "end", with the counts of the closing lines. @param stats NULL: unknown. FFmpeg's thread */
void ff_magnifier_exclude_log_summary(MagnifierExcludeLog *log, const MagnifierGuardStats *stats);

/** Close the file; *log may be NULL and becomes so. @param timeout milliseconds */
void ff_magnifier_exclude_log_close(MagnifierExcludeLog **log, unsigned timeout);

#endif /* AVDEVICE_MAGNIFIER_EXCLUDE_LOG_H */
