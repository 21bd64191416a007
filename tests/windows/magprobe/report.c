/*
 * magprobe: what a child reports
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

#include "magprobe.h"

/* One line to the parent, who reads it even if this process dies at once. */
static void report(char kind, const char *key, const char *format, va_list args)
{
    char line[1024] = { kind, ' ' };
    int len = 2, room;
    DWORD done;

    if (key)
        len += snprintf(line + len, 128, "%s=", key);
    room = sizeof(line) - len - 1;
    len += vsnprintf(line + len, room, format, args);
    if (len > (int)sizeof(line) - 2)
        len = sizeof(line) - 2;
    line[len++] = '\n';
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), line, len, &done, NULL);
}

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report('S', NULL, format, args);
    va_end(args);
}

void fact(const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report('F', key, format, args);
    va_end(args);
}

void setting(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report('P', NULL, format, args);
    va_end(args);
}

static void send_text(char kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report(kind, NULL, format, args);
    va_end(args);
}

void ask_person(const char *what)
{
    send_text('A', "%s", what);
    Sleep(5000);
}

void end_answer(void)
{
    send_text('E', "the end");
}

void about_to_call(unsigned n)
{
    send_text('N', "%u", n);
}

const char *wine_version(void)
{
    FARPROC proc = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
    const char *(CDECL *get_version)(void);

    if (!proc)
        return NULL;
    memcpy(&get_version, &proc, sizeof(proc));
    return get_version();
}

int wine_cannot_tell(const char *why)
{
    if (!wine_version())
        return 0;
    say("cannot be told under Wine: %s", why);
    return 1;
}

int64_t now_us(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart / frequency.QuadPart * 1000000 +
           count.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}
