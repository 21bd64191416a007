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

/**
 * @file
 * How do lines get into a file without anyone waiting for it?
 *
 * A thread of its own appends them. What waits for it is bounded; lines for which there is no
 * room, or that cannot be written, are counted. Lines are added by any thread.
 */

#ifndef AVDEVICE_MAGNIFIER_LINEFILE_H
#define AVDEVICE_MAGNIFIER_LINEFILE_H

#include <stddef.h>

#include "libavformat/avio.h"

/** Bytes that wait to be written, at most; as much again is being written. */
#define MAGNIFIER_LINEFILE_MAX_QUEUE (1 << 20)

typedef struct MagnifierLinefile MagnifierLinefile;

/**
 * Open a file, or make it, and write the first line. What is in it stays, and has to begin like
 * that line. Others may read, rename and delete it meanwhile.
 *
 * @param path  UTF-8
 * @param first ends with a newline
 * @param cb    asked every 20 ms while waiting for the file, ten seconds at most; may be NULL
 * @param[out] code of Win32, when that is why it failed; else 0
 * @return 0; ENOENT, EACCES, ENOSPC, EIO; EINVAL: the name is not UTF-8; ETIMEDOUT: it does not
 *         answer; EPIPE: it is a device or a pipe, which could let us wait; AVERROR_INVALIDDATA: it
 *         begins with something else; ENOMEM; AVERROR_EXIT
 *         when interrupted
 */
int ff_magnifier_linefile_open(MagnifierLinefile **file, const char *path, const char *first,
                               const AVIOInterruptCB *cb, unsigned long *code);

/**
 * Let a line be written, or count it among the lost ones. Does not wait.
 *
 * @param line with its newline; NULL: there was no memory for it
 * @param must there has to be room for it: for few lines, and short ones
 */
void ff_magnifier_linefile_add(MagnifierLinefile *file, const char *line, size_t size, int must);

/**
 * Once a line is lost, those that come after it are lost, too, until this has told of it.
 *
 * @return how many were lost so far, if some were since it was told last, and there is room
 *         again; else 0
 */
unsigned ff_magnifier_linefile_take_lost(MagnifierLinefile *file);

/** Have lines been lost at all? @param[out] code of Win32; 0: writing is too slow */
int ff_magnifier_linefile_has_lost(MagnifierLinefile *file, unsigned long *code);

/**
 * Write what waits, and close. *file may be NULL and becomes so. A write that takes longer is left
 * behind, and ends by itself.
 *
 * @param timeout milliseconds
 * @return 0; AVERROR(ETIMEDOUT): it was left behind
 */
int ff_magnifier_linefile_close(MagnifierLinefile **file, unsigned timeout);

#endif /* AVDEVICE_MAGNIFIER_LINEFILE_H */
