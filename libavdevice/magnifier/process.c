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

#include <string.h>

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

/* Milliseconds for which the name of a process that cannot be opened is believed to go with its
 * number. It is assumed, and not measured, that within this time no process ends and another
 * one gets its number and has a window. */
#define UNPINNED_AGE 20

char *ff_magnifier_utf8(const WCHAR *text, int length)
{
    int size = 0;
    char *utf8;

    /* Without flags: half a surrogate pair becomes U+FFFD, and does not make the text unknown. */
    if (length > 0)
        size = WideCharToMultiByte(CP_UTF8, 0, text, length, NULL, 0, NULL, NULL);
    utf8 = av_malloc(size + 1);
    if (!utf8)
        return NULL;
    if (size > 0)
        size = WideCharToMultiByte(CP_UTF8, 0, text, length, utf8, size, NULL, NULL);
    utf8[size] = 0;
    return utf8;
}

/** Take the path that the open handle tells. */
static int rt_read_path(MagnifierProcesses *processes, MagnifierProcess *process)
{
    DWORD length = PATH_UNITS;
    const char *name;

    if (!process->handle)
        return 0;
    if (!QueryFullProcessImageNameW(process->handle, 0, processes->text, &length)) {
        process->error = GetLastError();
        return 0;
    }
    process->path = ff_magnifier_utf8(processes->text, length);
    if (!process->path)
        return 0;
    name = strrchr(process->path, '\\');
    av_freep(&process->name);
    process->name = av_strdup(name ? name + 1 : process->path);
    return 1;
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
                process->name = ff_magnifier_utf8(entry.szExeFile, wcslen(entry.szExeFile));
            break;
        }
    }
    CloseHandle(snapshot);
    return !!process->name;
}

static uint64_t ticks_of(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
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
    if (rt_read_path(processes, process) || (!process->name && rt_read_name(process))) {
        process->version++;
        return 1;
    }
    return 0;
}

/** Does the number of this entry mean the same process to one who has just heard it? */
static int is_same_process(const MagnifierProcess *process, DWORD pid)
{
    return process->pid == pid &&
           (process->handle || GetTickCount64() - process->found < UNPINNED_AGE);
}

MagnifierProcess *ff_magnifier_rt_process_get(MagnifierProcesses *processes, DWORD pid)
{
    MagnifierProcess *process;
    FILETIME now;

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
    process->pid     = pid;
    process->users   = 1;
    process->version = 1;
    process->found   = GetTickCount64();
    GetSystemTimeAsFileTime(&now);
    process->found_at = ticks_of(now);
    process->next    = processes->first;
    processes->first = process;

    rt_learn(processes, process, 0);
    if (!process->path) {
        process->wait     = FIRST_WAIT;
        process->next_try = GetTickCount64() + process->wait;
    }
    return process;
}

/** Count and report a process whose path is not to be had, once for all of its entries. */
static void rt_report_unknown(MagnifierProcesses *processes, MagnifierProcess *process)
{
    const MagnifierProcess *other;

    if (process->unknown)
        return;
    process->unknown = 1;
    for (other = processes->first; other; other = other->next)
        if (other != process && other->pid == process->pid && other->unknown)
            return;
    processes->unknown++;
    ff_magnifier_log(processes->log, AV_LOG_VERBOSE,
                     "process %lu (%s) cannot be opened (error %lu), so the path of its program "
                     "is not known\n", process->pid,
                     process->name ? process->name : "name unknown", process->error);
}

int ff_magnifier_rt_process_retry(MagnifierProcesses *processes, MagnifierProcess *process)
{
    uint64_t now;

    if (process->path)
        return 0;
    now = GetTickCount64();
    if (now < process->next_try)
        return 0;
    rt_report_unknown(processes, process);
    process->wait     = FFMIN(2 * process->wait, LAST_WAIT);
    process->next_try = now + process->wait;
    return rt_learn(processes, process, 1);
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
    av_freep(&process->path);
    av_freep(&process->name);
    av_free(process);
}

void ff_magnifier_rt_process_free(MagnifierProcesses *processes)
{
    av_freep(&processes->text);
}
