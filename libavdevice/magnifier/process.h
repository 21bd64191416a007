/*
 * magnifier: programs of windows
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
 * What program is this process?
 *
 * An entry keeps a handle of its process open, which keeps the system from giving
 * the process number to another one: as long as the entry lives, the number means
 * this process. A process that cannot be opened (another user's, a protected one)
 * has no such pin; then only its file name is known, from the system's list of processes,
 * or nothing at all, and its entry is for the windows that were found together: of a later
 * one with the same number it is asked anew whose that is. If a process can be opened later,
 * its time of creation tells whether it is still that one.
 *
 * Runtime's thread only.
 */

#ifndef AVDEVICE_MAGNIFIER_PROCESS_H
#define AVDEVICE_MAGNIFIER_PROCESS_H

#include <stdint.h>

#include <windows.h>

#include "log.h"
#include "utf16.h"

typedef struct MagnifierProcess {
    struct MagnifierProcess *next;
    DWORD    pid;
    HANDLE   handle;     ///< NULL if it cannot be opened
    MagnifierText path;  ///< whole path of its program
    MagnifierText name;  ///< file name of its program
    int      users;      ///< windows that refer to it
    int      unknown;    ///< counts as unknown, and has been reported
    int      compared;   ///< its rights have been compared with ours
    DWORD    error;      ///< why it cannot be opened
    uint64_t found_at;   ///< when the entry was made, 100 ns since 1601
    uint64_t next_try;   ///< milliseconds of GetTickCount64()
    unsigned wait;       ///< milliseconds between tries
} MagnifierProcess;

/** Zero is a good start, but for log. */
typedef struct MagnifierProcesses {
    MagnifierProcess *first;
    MagnifierLog     *log;
    uint64_t version;    ///< grows when something is learnt of a process that was unknown
    uint64_t unknown;    ///< processes of which the whole path stayed unknown
    int      higher;     ///< one that may have more rights than ours has been reported
    WCHAR   *text;       ///< scratch
} MagnifierProcesses;

/**
 * Find or make the entry of a process and count one more user. The caller must see
 * afterwards that what told it the number (a window, a thread) is still there.
 *
 * @return NULL when out of memory
 */
MagnifierProcess *ff_magnifier_rt_process_get(MagnifierProcesses *processes, DWORD pid);

/** Try again to learn what is unknown, if it is time to; success changes processes->version. */
void ff_magnifier_rt_process_retry(MagnifierProcesses *processes, MagnifierProcess *process);

/**
 * Warn of a process that has, or may have, more rights than ours, as none has said that Windows
 * tells of its windows. One line as long as the structure lives; each process is asked once.
 */
void ff_magnifier_rt_process_compare(MagnifierProcesses *processes, MagnifierProcess *process);

/** One user less; the last one closes the handle. Sets *process to NULL. */
void ff_magnifier_rt_process_put(MagnifierProcesses *processes, MagnifierProcess **process);

/** Free what the structure owns; no user may be left. */
void ff_magnifier_rt_process_free(MagnifierProcesses *processes);

#endif /* AVDEVICE_MAGNIFIER_PROCESS_H */
