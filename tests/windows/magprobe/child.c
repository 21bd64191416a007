/*
 * magprobe: a question's own process, and what it says
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "json.h"
#include "magprobe.h"
#include "system.h"

static HANDLE job;

void append(char *text, size_t size, const char *separator, const char *more)
{
    size_t len = strlen(text);

    if (len + strlen(separator) + strlen(more) < size)
        snprintf(text + len, size - len, "%s%s", len ? separator : "", more);
}

static void take_fact(Answer *a, char *text)
{
    char key[1024], value[2048], both[3200], *equals = strchr(text, '=');

    if (!equals)
        return;
    *equals = 0;
    json_quote(text, key, sizeof(key));
    json_quote(equals + 1, value, sizeof(value));
    snprintf(both, sizeof(both), "[\"%s\", \"%s\"]", key, value);
    append(a->facts, sizeof(a->facts), ", ", both);
}

static void take_line(Answer *a, char *line)
{
    if (*line == 'S')
        append(a->said, sizeof(a->said), "; ", line + 2);
    if (*line == 'P') {
        append(a->profile, sizeof(a->profile), "\n", line + 2);
        if (!strncmp(line + 2, "host = painted", 14))
            options.visible = 1;
    }
    if (*line == 'A') {
        printf("PLEASE: %s.\n", line + 2);
        fflush(stdout);
    }
    if (*line == 'E')
        a->ended = 1;
    if (*line == 'N')
        a->last_call = strtoul(line + 2, NULL, 10);
    if (*line == 'F')
        take_fact(a, line + 2);
}

/* With the windows of helpers that it has started. */
static void end_child(HANDLE process)
{
    if (job)
        TerminateJobObject(job, 1);
    /* where it could not be put into the job */
    TerminateProcess(process, 1);
    WaitForSingleObject(process, 5000);
}

/* Read what comes until the child ends, or says nothing for too long. */
static void hear(HANDLE pipe, HANDLE process, Answer *a)
{
    static char text[65536];
    int64_t heard = now_us();
    int len = 0;

    for (;;) {
        int over = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
        DWORD there = 0, got = 0;
        char *end;

        if (PeekNamedPipe(pipe, NULL, 0, NULL, &there, NULL) && there &&
            ReadFile(pipe, text + len, sizeof(text) - 1 - len, &got, NULL)) {
            heard = now_us();
            len  += got;
            text[len] = 0;
            while ((end = strchr(text, '\n'))) {
                *end = 0;
                take_line(a, text);
                len -= end + 1 - text;
                memmove(text, end + 1, len + 1);
            }
        } else if (over) {
            return;
        } else if (interrupted || now_us() - heard > options.limit * INT64_C(1000000)) {
            a->hung = !interrupted;
            end_child(process);
            return;
        } else {
            WaitForSingleObject(process, 5);
        }
    }
}

void children_init(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = { 0 };

    job = CreateJobObjectW(NULL, NULL);
    info.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job)
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof(info));
}

/* It runs when it is in the job, so that none of it can get out. */
static int create_process(int question, STARTUPINFOW *start, PROCESS_INFORMATION *child)
{
    static WCHAR command[OWN_PATH_LEN + 300];
    const WCHAR *path = own_path();
    WCHAR time[32] = L"";

    if (!path)
        return -1;
    if (options.seconds)
        _snwprintf(time, 31, L" --time %d", options.seconds);
    _snwprintf(command, OWN_PATH_LEN + 299,
               L"\"%ls\" --question %d --at %ld,%ld --calls %d%ls --monitor %d%ls%ls%ls",
               path, question, options.at.x, options.at.y, options.calls, time,
               options.monitor, options.visible ? L" --visible" : L"",
               options.attended ? L" --attended" : L"", options.only_profile ? L" --profile" : L"");
    if (!CreateProcessW(path, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, start, child))
        return -1;
    if (job)
        AssignProcessToJobObject(job, child->hProcess);
    ResumeThread(child->hThread);
    return 0;
}

int child_ask(int question, Answer *a)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    STARTUPINFOW start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION child;
    HANDLE read, write;
    DWORD error;
    int ret;

    if (!CreatePipe(&read, &write, &inherit, 0))
        return -1;
    SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0);
    start.hStdOutput = write;
    start.hStdError  = GetStdHandle(STD_ERROR_HANDLE);
    ret   = create_process(question, &start, &child);
    error = GetLastError();
    CloseHandle(write);
    if (!ret) {
        hear(read, child.hProcess, a);
        GetExitCodeProcess(child.hProcess, &a->code);
        /* Ctrl-C is told to both, and here it may come later */
        if (a->code == (DWORD)STATUS_CONTROL_C_EXIT)
            interrupted = 1;
        CloseHandle(child.hThread);
        CloseHandle(child.hProcess);
    }
    CloseHandle(read);
    SetLastError(error);
    return ret;
}
