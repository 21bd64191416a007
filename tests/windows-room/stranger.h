/*
 * Windows Magnification API screen capture: talking to the test subject
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
 * A process of subject.exe, and the windows it makes when told to.
 */

#ifndef TESTS_WINDOWS_ROOM_STRANGER_H
#define TESTS_WINDOWS_ROOM_STRANGER_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>

typedef struct Stranger {
    HANDLE process, in, out;
    DWORD  pid;
} Stranger;

/** Wine's CreateProcess() fails with an internal error now and then, and works when asked again. */
static int create_process(const WCHAR *application, WCHAR *command, STARTUPINFOW *si, PROCESS_INFORMATION *pi)
{
    for (int tries = 0; tries < 5; tries++) {
        if (CreateProcessW(application, command, NULL, NULL, TRUE, 0, NULL, NULL, si, pi))
            return 1;
        if (GetLastError() != ERROR_INTERNAL_ERROR)
            return 0;
    }
    return 0;
}

/**
 * @param application its path, however long it is; NULL: it is found by the command
 * @return whether it starts
 */
static int stranger_try(Stranger *s, const WCHAR *application, WCHAR *command)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    STARTUPINFOW si = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION pi;
    DWORD error;
    int started;

    CreatePipe(&si.hStdInput, &s->in, &inherit, 0);
    CreatePipe(&s->out, &si.hStdOutput, &inherit, 0);
    SetHandleInformation(s->in, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(s->out, HANDLE_FLAG_INHERIT, 0);
    si.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    started = create_process(application, command, &si, &pi);
    error   = GetLastError();
    CloseHandle(si.hStdInput);
    CloseHandle(si.hStdOutput);
    if (!started) {
        CloseHandle(s->in);
        CloseHandle(s->out);
        SetLastError(error);
        return 0;
    }
    CloseHandle(pi.hThread);
    s->process = pi.hProcess;
    s->pid     = pi.dwProcessId;
    return 1;
}

/** Start a program; exits when it cannot be. */
static Stranger stranger_start(const char *program)
{
    WCHAR command[MAX_PATH + 2];
    Stranger s;

    swprintf(command, MAX_PATH + 2, L"\"%hs\"", program);
    if (!stranger_try(&s, NULL, command)) {
        printf("Bail out! %s does not start (error %lu)\n", program, GetLastError());
        exit(1);
    }
    return s;
}

/** Give an order and wait for the answer; the window that it names, or NULL. */
static HWND stranger_do(Stranger *s, const char *fmt, ...)
{
    char text[2048];
    unsigned long handle = 0;
    DWORD done, at = 0;
    va_list vl;

    va_start(vl, fmt);
    vsnprintf(text, sizeof(text) - 1, fmt, vl);
    va_end(vl);
    strcat(text, "\n");
    WriteFile(s->in, text, strlen(text), &done, NULL);
    do {
        if (!ReadFile(s->out, text + at, 1, &done, NULL) || !done)
            return NULL;
    } while (text[at++] != '\n' && at < sizeof(text) - 1);
    text[at] = 0;
    if (sscanf(text, "ok %lx", &handle) != 1 && strncmp(text, "ok", 2))
        printf("# the subject says: %s", text);
    return (HWND)(uintptr_t)handle;
}

/** A plain window of 200x100. */
static HWND stranger_window(Stranger *s, const char *class_name, const char *title, DWORD style,
                            DWORD ex_style, HWND owner)
{
    return stranger_do(s, "new %s|0x%lx|0x%lx|0x%lx|40|40|200|100|%s", class_name, style, ex_style,
                       (unsigned long)(uintptr_t)owner, title);
}

static void stranger_end(Stranger *s)
{
    DWORD done;

    WriteFile(s->in, "quit\n", 5, &done, NULL);
    if (WaitForSingleObject(s->process, 3000) != WAIT_OBJECT_0)
        TerminateProcess(s->process, 1);
    WaitForSingleObject(s->process, 3000);
    CloseHandle(s->process);
    CloseHandle(s->in);
    CloseHandle(s->out);
}

#define H(hwnd) ((unsigned long)(uintptr_t)(hwnd))

#endif /* TESTS_WINDOWS_ROOM_STRANGER_H */
