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
 *
 * The file is read as a whole four times a second, and opened with full sharing, so that it
 * can be edited, renamed and deleted meanwhile. What two reads in a row agree on is believed:
 * an editor that truncates and writes again can be caught between the two. A file that has
 * become empty must stay so for two seconds.
 * An edit that cannot be read or parsed, or a file that is gone, leaves the old rules
 * in force and is said once.
 *
 * A thread of its own reads it, so that nobody waits for a slow file (on a network drive): a poll
 * takes what there is. For one thread at a time.
 */

#ifndef AVDEVICE_MAGNIFIER_RULEFILE_H
#define AVDEVICE_MAGNIFIER_RULEFILE_H

#include <stdint.h>

#include "libavformat/avio.h"

#include "log.h"
#include "rules.h"

/** Microseconds between two reads. */
#define MAGNIFIER_RULEFILE_PERIOD 250000

typedef struct MagnifierRulefile MagnifierRulefile;

/**
 * Make the set of rules of an option and a file.
 *
 * @param[out] file  for ff_magnifier_rulefile_poll(); NULL when path is NULL
 * @param[out] rules the set, owned by the caller; NULL on failure. The rules of the
 *                   option come first.
 * @param text the option exclude, UTF-8; may be NULL
 * @param path the option exclude_file, UTF-8; may be NULL
 * @param cb   asked every 20 ms while waiting for the file, ten seconds at most; may be NULL
 * @param log  where errors and later lines go; must stay as long as file
 * @return 0 or a negative error with its line in the log; AVERROR(ENOENT) and the like
 *         for the file, AVERROR(EINVAL) for a rule, or for a text without one;
 *         AVERROR_EXIT when interrupted, without a line
 */
int ff_magnifier_rulefile_open(MagnifierRulefile **file, MagnifierRules **rules,
                               const char *text, const char *path, const AVIOInterruptCB *cb,
                               MagnifierLog *log);

/**
 * See what was read of the file, and let it be read again, if it is time to. Does not wait.
 *
 * @param      now   microseconds of any monotonic clock
 * @param[out] rules a new set, owned by the caller, when 1 is returned
 * @return 1 when there are new rules, else 0
 */
int ff_magnifier_rulefile_poll(MagnifierRulefile *file, int64_t now, MagnifierRules **rules);

/** How long to wait for a read when a file is closed, where nobody else has to wait for that. */
#define MAGNIFIER_RULEFILE_CLOSE_TIMEOUT 1000

/**
 * Free; *file may be NULL and is set to NULL. A read that takes longer is left behind, and ends
 * by itself.
 *
 * @param timeout milliseconds
 */
void ff_magnifier_rulefile_close(MagnifierRulefile **file, unsigned timeout);

#endif /* AVDEVICE_MAGNIFIER_RULEFILE_H */
