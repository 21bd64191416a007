/*
 * verify: one program of the kit, with a limit of time
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

#include <string.h>

#include "verify.h"

/* How long what a program has written may be read after its end. */
#define DRAIN_MS 5000

/* What CreateProcess() takes. */
#define MAX_COMMAND 32767

static HANDLE job;
static HANDLE running;      ///< of the child, for children_stop()
static CRITICAL_SECTION lock;

void children_init(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = { 0 };

    InitializeCriticalSection(&lock);
    job = CreateJobObjectW(NULL, NULL);
    info.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job)
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof(info));
}

void children_stop(void)
{
    EnterCriticalSection(&lock);
    if (job)
        TerminateJobObject(job, 1);
    /* where it could not be put into the job: Windows 7, if this process is in one */
    if (running)
        TerminateProcess(running, 1);
    LeaveCriticalSection(&lock);
}

static DWORD WINAPI watch(LPVOID opaque)
{
    Child *c = opaque;

    if (WaitForSingleObject(c->process, c->limit_ms) == WAIT_TIMEOUT) {
        c->hung = 1;
        children_stop();
        TerminateProcess(c->process, 1);
    } else if (c->out && WaitForSingleObject(c->drained, DRAIN_MS) == WAIT_TIMEOUT) {
        /* somebody that it has started holds the pipe */
        children_stop();
    }
    return 0;
}

/* A file of "work" that a child may inherit. */
static HANDLE open_file(const WCHAR *name)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    WCHAR path[MAX_PATH_LEN];

    work_file(path, name);
    return CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, &inherit, CREATE_ALWAYS, 0, NULL);
}

static void close_file(HANDLE file)
{
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
}

void add_argument(char *command, size_t size, const char *argument)
{
    size_t n = strlen(command), slashes;

    if (n + 2 * strlen(argument) + 5 > size)
        return;
    command[n++] = ' ';
    command[n++] = '"';
    for (;;) {
        /* before a quote, also the one at the end, a backslash is written twice */
        slashes   = strspn(argument, "\\");
        argument += slashes;
        slashes  *= !*argument || *argument == '"' ? 2 : 1;
        memset(command + n, '\\', slashes);
        n += slashes;
        if (!*argument)
            break;
        if (*argument == '"')
            command[n++] = '\\';
        command[n++] = *argument++;
    }
    command[n++] = '"';
    command[n]   = 0;
}

/* @return 0, or the error */
static DWORD create_process(Child *c, int arch, const char *name, const char *arguments,
                            STARTUPINFOW *start)
{
    static WCHAR command[MAX_COMMAND];
    WCHAR program[MAX_PATH_LEN], folder[MAX_PATH_LEN], part[64];
    PROCESS_INFORMATION info;
    DWORD error = 0;
    int len;

    _snwprintf(part, 64, L"%hs\\%hs.exe", arch_names[arch], name);
    kit_file(program, part);
    work_file(folder, L"");
    len = _snwprintf(command, MAX_COMMAND - 1, L"\"%ls\" ", program);
    if (!MultiByteToWideChar(CP_UTF8, 0, arguments, -1, command + len, MAX_COMMAND - len))
        return GetLastError();
    EnterCriticalSection(&lock);
    if (interrupted) {
        error = ERROR_CANCELLED;
    } else if (!CreateProcessW(program, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, folder,
                               start, &info)) {
        error = GetLastError();
    } else {
        if (job)
            AssignProcessToJobObject(job, info.hProcess);
        running = c->process = info.hProcess;
        ResumeThread(info.hThread);
        CloseHandle(info.hThread);
    }
    LeaveCriticalSection(&lock);
    return error;
}

int child_start(Child *c, int arch, const char *name, const char *arguments, const WCHAR *out,
                const WCHAR *log, int limit_seconds)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    STARTUPINFOW start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };

    memset(c, 0, sizeof(*c));
    c->code = 1;
    c->limit_ms = (options.limit ? options.limit : limit_seconds) * 1000;
    start.hStdInput = start.hStdOutput = start.hStdError = INVALID_HANDLE_VALUE;
    if (out)
        start.hStdOutput = open_file(out);
    else if (CreatePipe(&c->out, &start.hStdOutput, &inherit, 1 << 20))
        SetHandleInformation(c->out, HANDLE_FLAG_INHERIT, 0);
    if (start.hStdOutput != INVALID_HANDLE_VALUE)
        start.hStdError = open_file(log);
    c->error = start.hStdError == INVALID_HANDLE_VALUE ? GetLastError()
                                                       : create_process(c, arch, name, arguments, &start);
    close_file(start.hStdOutput);
    close_file(start.hStdError);
    c->drained = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!c->error)
        c->watchdog = CreateThread(NULL, 0, watch, c, 0, NULL);
    else
        child_end(c);
    return c->error ? -1 : 0;
}

int child_read(Child *c, void *buf, size_t size)
{
    char *p = buf;
    DWORD got;

    while (size) {
        if (!ReadFile(c->out, p, size, &got, NULL) || !got) {
            SetEvent(c->drained);
            return 0;
        }
        p    += got;
        size -= got;
    }
    return 1;
}

void child_end(Child *c)
{
    if (c->drained)
        SetEvent(c->drained);
    if (c->watchdog) {
        WaitForSingleObject(c->watchdog, INFINITE);
        CloseHandle(c->watchdog);
    }
    EnterCriticalSection(&lock);
    running = NULL;
    LeaveCriticalSection(&lock);
    if (c->process) {
        WaitForSingleObject(c->process, 5000);
        GetExitCodeProcess(c->process, &c->code);
        CloseHandle(c->process);
    }
    if (c->out)
        CloseHandle(c->out);
    if (c->drained)
        CloseHandle(c->drained);
    c->failed    = c->error || c->hung || c->code;
    c->stopped   = interrupted;
    c->disk_full = c->failed && disk_is_full(1);
    c->process = c->watchdog = c->out = c->drained = NULL;
}
