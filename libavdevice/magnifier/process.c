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
 */

#include "config.h"

#include <limits.h>
#include <string.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>
#include <tlhelp32.h>

#include "process.h"

/* Longest path that Windows knows, in units of UTF-16. */
#define PATH_UNITS 32768

/* A process that could not be opened is tried again after this time, then after twice that. */
#define FIRST_WAIT 250
#define LAST_WAIT  8000

/* 100 ns for which the name of a process that cannot be opened is believed to go with its
 * number. It is assumed, and not measured, that within this time no process ends and another
 * one gets its number and has a window. */
#define UNPINNED_AGE 200000

/** Take the path that the open handle tells. */
static int rt_read_path(MagnifierProcesses *processes, MagnifierProcess *process)
{
    DWORD length = PATH_UNITS;
    const WCHAR *name;

    if (!process->handle)
        return 0;
    if (!QueryFullProcessImageNameW(process->handle, 0, processes->text, &length)) {
        process->error = GetLastError();
        return 0;
    }
    for (name = processes->text + length; name > processes->text && name[-1] != '\\';)
        name--;
    ff_magnifier_text_set(&process->path, processes->text, length);
    ff_magnifier_text_set(&process->name, name, processes->text + length - name);
    return !!process->path.units;
}

/** Take the file name from the list of processes, which needs no right to open them. */
static int rt_read_name(MagnifierProcess *process)
{
    PROCESSENTRY32W entry = { .dwSize = sizeof(entry) };
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    BOOL more;

    if (snapshot == INVALID_HANDLE_VALUE)
        return 0;
    for (more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        if (entry.th32ProcessID == process->pid) {
            if (entry.szExeFile[0])
                ff_magnifier_text_set(&process->name, entry.szExeFile, wcslen(entry.szExeFile));
            break;
        }
    }
    CloseHandle(snapshot);
    return !!process->name.units;
}

static uint64_t ticks_of(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static uint64_t now_of(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return ticks_of(now);
}

/** Was it created when its entry was made? Else the number is another one's now. */
static int rt_is_the_one(HANDLE handle, const MagnifierProcess *process)
{
    FILETIME created, exited, kernel, user;

    return GetProcessTimes(handle, &created, &exited, &kernel, &user) &&
           ticks_of(created) <= process->found_at;
}

/** @param again not with what told of the number, but some time after that */
static void rt_open(MagnifierProcess *process, int again)
{
    HANDLE handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process->pid);

    if (!handle)
        process->error = GetLastError();
    else if (again && !rt_is_the_one(handle, process))
        CloseHandle(handle);
    else
        process->handle = handle;
}

static int rt_learn(MagnifierProcesses *processes, MagnifierProcess *process, int again)
{
    if (!process->handle)
        rt_open(process, again);
    return rt_read_path(processes, process) || (!process->name.units && rt_read_name(process));
}

/** Does the number of this entry mean the same process to one who has just heard it? */
static int is_same_process(const MagnifierProcess *process, DWORD pid)
{
    return process->pid == pid &&
           (process->handle || now_of() - process->found_at < UNPINNED_AGE);
}

MagnifierProcess *ff_magnifier_rt_process_get(MagnifierProcesses *processes, DWORD pid)
{
    MagnifierProcess *process;

    for (process = processes->first; process; process = process->next) {
        if (is_same_process(process, pid)) {
            process->users++;
            return process;
        }
    }

    if (!processes->text)
        processes->text = av_malloc_array(PATH_UNITS, sizeof(*processes->text));
    process = av_mallocz(sizeof(*process));
    if (!process || !processes->text) {
        av_free(process);
        return NULL;
    }
    process->pid      = pid;
    process->users    = 1;
    process->found_at = now_of();
    process->next     = processes->first;
    processes->first = process;

    rt_learn(processes, process, 0);
    if (!process->path.units) {
        process->wait     = FIRST_WAIT;
        process->next_try = GetTickCount64() + process->wait;
    }
    return process;
}

/** @param name to be finalized */
static void print_name(AVBPrint *name, const MagnifierProcess *process, const char *unknown)
{
    av_bprint_init(name, 0, AV_BPRINT_SIZE_UNLIMITED);
    if (!ff_magnifier_text_print(name, &process->name, UINT_MAX))
        av_bprintf(name, "%s", unknown);
}

/** Count and report a process whose path cannot be read, once for all of its entries. */
static void rt_report_unknown(MagnifierProcesses *processes, MagnifierProcess *process)
{
    const MagnifierProcess *other;
    AVBPrint name;

    if (process->unknown)
        return;
    process->unknown = 1;
    for (other = processes->first; other; other = other->next)
        if (other != process && other->pid == process->pid && other->unknown)
            return;
    processes->unknown++;
    print_name(&name, process, "name unknown");
    ff_magnifier_log(processes->log, AV_LOG_VERBOSE,
                     "process %lu (%s) cannot be opened (error %lu), so the path of its program "
                     "is not known\n", process->pid,
                     name.str, process->error);
    av_bprint_finalize(&name, NULL);
}

void ff_magnifier_rt_process_retry(MagnifierProcesses *processes, MagnifierProcess *process)
{
    uint64_t now;

    if (process->path.units)
        return;
    now = GetTickCount64();
    if (now < process->next_try)
        return;
    rt_report_unknown(processes, process);
    process->wait     = FFMIN(2 * process->wait, LAST_WAIT);
    process->next_try = now + process->wait;
    processes->version += rt_learn(processes, process, 1);
}

/**
 * @param process a handle that may ask for limited information, or the pseudo handle
 * @return 0 or the error of Windows
 */
static DWORD rt_read_integrity(HANDLE process, DWORD *level)
{
    union {
        TOKEN_MANDATORY_LABEL mandatory;
        uint8_t room[sizeof(TOKEN_MANDATORY_LABEL) + SECURITY_MAX_SID_SIZE];
    } label;
    DWORD size, error = 0;
    HANDLE token;

    if (!OpenProcessToken(process, TOKEN_QUERY, &token))
        return GetLastError();
    if (GetTokenInformation(token, TokenIntegrityLevel, &label, sizeof(label), &size)) {
        const SID *sid = label.mandatory.Label.Sid;

        *level = sid->SubAuthority[sid->SubAuthorityCount - 1];
    } else {
        error = GetLastError();
    }
    CloseHandle(token);
    return error;
}

/** Has it, or, as we may not even ask, may it have a higher integrity than ours? */
static int rt_may_be_higher(const MagnifierProcess *process)
{
    DWORD level = 0, ours = 0, error = process->error;

    if (process->handle)
        error = rt_read_integrity(process->handle, &level);
    if (error)
        return error == ERROR_ACCESS_DENIED;
    return !rt_read_integrity(GetCurrentProcess(), &ours) && level > ours;
}

void ff_magnifier_rt_process_compare(MagnifierProcesses *processes, MagnifierProcess *process)
{
    AVBPrint name;

    if (processes->higher || process->compared)
        return;
    process->compared = 1;
    if (!rt_may_be_higher(process))
        return;
    processes->higher = 1;
    print_name(&name, process, "A program");
    ff_magnifier_log(processes->log, AV_LOG_WARNING,
                     "%s (pid %lu), which is left out, has, or may have, more rights than this "
                     "program. No one has seen yet whether Windows tells of windows of such "
                     "programs; a window that it shows for less than a frame may be in some "
                     "frames. Run this program (ffmpeg) as administrator too\n",
                     name.str, process->pid);
    av_bprint_finalize(&name, NULL);
}

void ff_magnifier_rt_process_put(MagnifierProcesses *processes, MagnifierProcess **pprocess)
{
    MagnifierProcess *process = *pprocess, **link;

    *pprocess = NULL;
    if (!process || --process->users > 0)
        return;
    for (link = &processes->first; *link != process; link = &(*link)->next)
        ;
    *link = process->next;
    if (process->handle)
        CloseHandle(process->handle);
    ff_magnifier_text_free(&process->path);
    ff_magnifier_text_free(&process->name);
    av_free(process);
}

void ff_magnifier_rt_process_free(MagnifierProcesses *processes)
{
    av_freep(&processes->text);
}
