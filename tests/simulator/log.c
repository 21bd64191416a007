/*
 * Simulator of Magnification.dll: the event log
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

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static HANDLE log_file = INVALID_HANDLE_VALUE;
static HANDLE own_heap;
static LARGE_INTEGER start, frequency;

typedef WCHAR *(CDECL *UnixToDos)(const char *path);

HANDLE sim_open_path(const WCHAR *path, DWORD access, DWORD disposition)
{
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file;

    if (path[0] == '/') {
        UnixToDos to_dos = (UnixToDos)(void *)
            GetProcAddress(GetModuleHandleW(L"kernel32.dll"),
                           "wine_get_dos_file_name");
        char unix_path[1024];
        WCHAR *dos = NULL;

        if (to_dos && WideCharToMultiByte(CP_UTF8, 0, path, -1, unix_path,
                                          sizeof(unix_path), NULL, NULL))
            dos = to_dos(unix_path);
        if (dos) {
            file = CreateFileW(dos, access, share, NULL, disposition,
                               FILE_ATTRIBUTE_NORMAL, NULL);
            HeapFree(GetProcessHeap(), 0, dos);
            return file;
        }
    }
    return CreateFileW(path, access, share, NULL, disposition,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

void sim_log_open(void)
{
    WCHAR path[1024];
    DWORD len;

    own_heap = HeapCreate(0, 0, 0);
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&start);
    len = GetEnvironmentVariableW(L"MAGSIM_LOG", path, 1024);
    if (len && len < 1024)
        log_file = sim_open_path(path, FILE_APPEND_DATA, OPEN_ALWAYS);
}

void sim_log_close(void)
{
    if (log_file != INVALID_HANDLE_VALUE)
        CloseHandle(log_file);
    log_file = INVALID_HANDLE_VALUE;
}

int sim_log_active(void)
{
    return log_file != INVALID_HANDLE_VALUE;
}

LONGLONG sim_now(void)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    now.QuadPart -= start.QuadPart;
    return now.QuadPart / frequency.QuadPart * 1000000 +
           now.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

static void write_line(HANDLE file, const char *fmt, va_list ap)
{
    char line[2048];
    LONGLONG now = sim_now();
    DWORD written;
    int len;

    len = snprintf(line, sizeof(line), "%ld.%03d %lu:%lu ",
                   (long)(now / 1000), (int)(now % 1000),
                   GetCurrentProcessId(), GetCurrentThreadId());
    len += vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
    if (len > (int)sizeof(line) - 2)
        len = sizeof(line) - 2;
    line[len++] = '\n';
    WriteFile(file, line, len, &written, NULL);
}

void sim_log(const char *fmt, ...)
{
    va_list ap;

    if (!sim_log_active())
        return;
    va_start(ap, fmt);
    write_line(log_file, fmt, ap);
    va_end(ap);
}

void sim_shout(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    write_line(sim_log_active() ? log_file : GetStdHandle(STD_ERROR_HANDLE),
               fmt, ap);
    va_end(ap);
}

void *sim_alloc(size_t size)
{
    return own_heap ? HeapAlloc(own_heap, HEAP_ZERO_MEMORY, size) : NULL;
}

void sim_free(void *ptr)
{
    if (ptr)
        HeapFree(own_heap, 0, ptr);
}
