/*
 * Windows Magnification API screen capture: test of the log of the exclusion
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
 * test_exclude_log: files of the current folder into which lines are written, or which do not
 * answer, or are full.
 *
 * Calls of Windows are stood in for, so that a write hangs or fails when a test says so.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "libavdevice/magnifier/exclude_log.h"
#include "libavdevice/magnifier/linefile.h"

#include "imports.h"
#include "pump.h"
#include "tap.h"

#define NAME "verlauf-\xC3\xA4\xE2\x82\xAC.jsonl"
#define WNAME L"verlauf-\x00E4\x20AC.jsonl"

static char lines[1 << 14];

/* ---- standing in for Windows ---- */

static DWORD main_thread;
static volatile DWORD writer;           ///< the thread that wrote last
static volatile LONG nb_here;           ///< calls for the file by the thread that has the lines
static int hang_open, hang_write;       ///< these calls wait for the gate
static int full;                        ///< writes fail
static DWORD part;                      ///< the next write writes so much, and then the disk is full
static HANDLE gate, entered;            ///< events: they go on, one has begun to wait

static HANDLE (WINAPI *real_CreateFileW)(LPCWSTR, DWORD, DWORD, SECURITY_ATTRIBUTES *, DWORD, DWORD, HANDLE);
static BOOL   (WINAPI *real_WriteFile)(HANDLE, const void *, DWORD, DWORD *, OVERLAPPED *);

static void note_call(int hangs)
{
    if (GetCurrentThreadId() == main_thread)
        InterlockedIncrement(&nb_here);
    writer = GetCurrentThreadId();
    if (!hangs)
        return;
    SetEvent(entered);
    WaitForSingleObject(gate, INFINITE);
}

static HANDLE WINAPI my_CreateFileW(LPCWSTR name, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                                    DWORD how, DWORD flags, HANDLE like)
{
    note_call(hang_open);
    return real_CreateFileW(name, access, share, security, how, flags, like);
}

static BOOL WINAPI my_WriteFile(HANDLE file, const void *data, DWORD size, DWORD *got, OVERLAPPED *overlapped)
{
    if (GetFileType(file) != FILE_TYPE_DISK) /* TAP */
        return real_WriteFile(file, data, size, got, overlapped);
    note_call(hang_write);
    if (part) {
        size = part;
        part = 0;
        full = 1;
        return real_WriteFile(file, data, size, got, overlapped);
    }
    if (full) {
        SetLastError(ERROR_DISK_FULL);
        return FALSE;
    }
    return real_WriteFile(file, data, size, got, overlapped);
}

#define REPLACE(f) (real_##f = (void *)imports_replace(#f, (void *)my_##f))

/* ---- what the tests use ---- */

static void keep_line(void *avcl, int level, const char *fmt, va_list vl)
{
    size_t at = strlen(lines);

    vsnprintf(lines + at, sizeof(lines) - at, fmt, vl);
}

static int count(const char *text, const char *what)
{
    int nb = 0;
    const char *at;

    for (at = text; (at = strstr(at, what)); at++)
        nb++;
    return nb;
}

/** @return what is in the file, to be freed */
static char *contents(void)
{
    HANDLE file = real_CreateFileW(WNAME, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                   NULL, OPEN_EXISTING, 0, NULL);
    DWORD got = 0, size = file == INVALID_HANDLE_VALUE ? 0 : GetFileSize(file, NULL);
    char *text = av_mallocz(size + 1);

    if (size)
        ReadFile(file, text, size, &got, NULL);
    CloseHandle(file);
    return text;
}

/** Are all of its lines whole? */
static int is_whole(const char *text)
{
    while (*text) {
        const char *end = strchr(text, '\n');

        if (*text != '{' || !end || end[-1] != '}')
            return 0;
        text = end + 1;
    }
    return 1;
}

typedef struct Log {
    MagnifierExcludeLog *log;
    MagnifierLog *lines;
} Log;

static const AVIOInterruptCB *interrupt;

static int open_it(Log *l, const char *path)
{
    const MagnifierExcludeLogOptions options = { .path = path };
    int ret;

    lines[0] = 0;
    l->lines = ff_magnifier_log_alloc();
    ret = ff_magnifier_exclude_log_open(&l->log, &options, interrupt, l->lines);
    ff_magnifier_log_flush(l->lines, NULL);
    return ret;
}

static void close_it(Log *l, unsigned timeout)
{
    ff_magnifier_exclude_log_close(&l->log, timeout);
    ff_magnifier_log_flush(l->lines, NULL);
    ff_magnifier_log_free(&l->lines);
}

static int begin_new(Log *l)
{
    DeleteFileW(WNAME);
    return open_it(l, NAME);
}

static void add(Log *l, int nb)
{
    for (int i = 0; i < nb; i++)
        ff_magnifier_exclude_log_rules(l->log, i, 12345);
}

static void packet(Log *l)
{
    const MagnifierMetadata metadata = { .state = MAGNIFIER_STATE_OPEN };

    ff_magnifier_exclude_log_packet(l->log, 1000, &metadata);
    ff_magnifier_log_flush(l->lines, NULL);
}

/** Wait until the thread is gone that wrote last. */
static void wait_for_writer(void)
{
    HANDLE thread = OpenThread(SYNCHRONIZE, FALSE, writer);

    if (thread)
        WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

/** What is in the file before it is opened. */
static void put_text(const char *text)
{
    HANDLE file = real_CreateFileW(WNAME, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD got;

    real_WriteFile(file, text, strlen(text), &got, NULL);
    CloseHandle(file);
}

/* ---- the tests ---- */

static void opening(void)
{
    char path[600] = "", *text;
    Log l;

    ok(begin_new(&l) == 0 && l.log && !*lines, "a file is made; the name is UTF-8");
    text = contents();
    ok(count(text, "{\"event\":\"start\",") == 1 && count(text, "\n") == 1 && is_whole(text),
       "its first line is there when it is open");
    av_free(text);
    add(&l, 3);
    close_it(&l, 1000);
    ok(open_it(&l, NAME) == 0, "it is opened once more");
    close_it(&l, 1000);
    text = contents();
    ok(count(text, "start") == 2 && count(text, "\"rules\":2") == 1 && is_whole(text), "and what was in it stays");
    av_free(text);

    ok(open_it(&l, NULL) == 0 && !l.log, "without a name there is none");
    ff_magnifier_exclude_log_rules(l.log, 1, 1);
    packet(&l);
    close_it(&l, 1000);
    ok(open_it(&l, "nosuch/x.jsonl") == AVERROR(ENOENT) && count(lines, "(error 3)") == 1,
       "a folder that is not there is an error, said in one line");
    close_it(&l, 1000);
    CreateDirectoryW(L"folder.txt", NULL);
    ok(open_it(&l, "folder.txt") == AVERROR(EACCES) && count(lines, "it is a folder") == 1, "a folder is an error");
    close_it(&l, 1000);
    RemoveDirectoryW(L"folder.txt");
    ok(open_it(&l, "bad\xFFname") == AVERROR(EINVAL) && count(lines, "UTF-8") == 1,
       "so is a name that is not UTF-8");
    close_it(&l, 1000);
    ok(open_it(&l, "NUL") == AVERROR(EIO) && count(lines, "no file on a disk") == 1, "and a device");
    close_it(&l, 1000);
    put_text("{\"event\"");
    ok(open_it(&l, NAME) == 0, "a line that was cut off is followed by others");
    close_it(&l, 1000);
    text = contents();
    ok(count(text, "{\"event\"\n{\"event\":\"start\",") == 1, "each on one of its own");
    av_free(text);
    put_text("exe=a.exe\n");
    ok(open_it(&l, NAME) == AVERROR(EINVAL) && count(lines, "something else in it") == 1,
       "a file that has something else in it is an error");
    close_it(&l, 1000);
    text = contents();
    ok(!strcmp(text, "exe=a.exe\n"), "and stays as it is");
    av_free(text);
    DeleteFileW(WNAME);
    for (int i = 0; i < 200; i++)
        strcat(path, "./");
    strcat(path, NAME);
    ok(strlen(path) > MAX_PATH && open_it(&l, path) == 0, "a name may be long");
    close_it(&l, 1000);
    full = 1;
    ok(begin_new(&l) == AVERROR(ENOSPC) && count(lines, "the disk is full (error 112)") == 1,
       "a file that can be opened and not written is an error, too");
    close_it(&l, 1000);
    full = 0;
}

/** More lines than there is room for, while a write hangs. */
static void slow(void)
{
    const int nb = 3 * MAGNIFIER_LINEFILE_MAX_QUEUE / 60;
    const char *at;
    char *text;
    int lost;
    Log l;

    begin_new(&l);
    ResetEvent(gate);
    hang_write = 1;
    add(&l, 1);
    WaitForSingleObject(entered, INFINITE);
    add(&l, nb);
    packet(&l);
    ok(count(lines, "too slowly") == 1, "lines are taken while a write hangs, and it is said that some are lost");
    packet(&l);
    ok(count(lines, "too slowly") == 1, "once");
    hang_write = 0;
    SetEvent(gate);
    /* until there is room */
    for (lost = 0; !lost; Sleep(1)) {
        add(&l, 1);
        text = contents();
        lost = count(text, "\"lost\"");
        av_free(text);
    }
    close_it(&l, 10000);
    text = contents();
    at   = strstr(text, "\"lines\":");
    ok(is_whole(text) && lost == 1 && at && atoi(at + 8) > nb / 3 && atoi(at + 8) < nb, "their number is in the file");
    ok(at && strstr(at, "\"rules\":0,"), "and then it goes on");
    av_free(text);
}

static void hangs_at_the_end(void)
{
    char *text;
    Log l;

    begin_new(&l);
    ResetEvent(gate);
    hang_write = 1;
    add(&l, 1);
    WaitForSingleObject(entered, INFINITE);
    add(&l, 5);
    close_it(&l, 50);
    ok(count(lines, "it does not answer") == 1, "one that hangs is left behind, and that is said");
    hang_write = 0;
    SetEvent(gate);
    wait_for_writer();
    text = contents();
    ok(count(text, "rules\",") == 6 && is_whole(text), "when it comes back it writes what waits");
    av_free(text);
}

static void disk_full(void)
{
    char *text;
    Log l;

    begin_new(&l);
    part = strlen("{\"event\":\"rules\",");
    add(&l, 1);
    while (!full)
        Sleep(1);
    do {
        packet(&l);
        Sleep(1);
    } while (!*lines);
    add(&l, 3);
    packet(&l);
    ok(count(lines, "cannot be written any more (error 112)") == 1, "a disk that is full is said once");
    full = 0;
    do {
        add(&l, 1);
        text = contents();
        Sleep(1);
        if (count(text, "\"lost\""))
            break;
        av_free(text);
    } while (1);
    close_it(&l, 10000);
    av_free(text);
    text = contents();
    ok(count(text, "\"event\":\"lost\"") == 1, "when there is room again, what is lost is counted in it");
    ok(count(text, "}\n{\"event\":\"rules\",\n{\"") == 1, "and half a line has no other one behind it");
    av_free(text);
}

static int interrupts(void *opaque)
{
    return WaitForSingleObject(entered, 0) == WAIT_OBJECT_0;
}

static void hangs_at_the_start(void)
{
    const AVIOInterruptCB cb = { .callback = interrupts };
    Log l;

    ResetEvent(gate);
    hang_open = 1;
    interrupt = &cb;
    ok(open_it(&l, NAME) == AVERROR_EXIT && !*lines && !l.log, "opening one that hangs can be interrupted");
    close_it(&l, 1000);
    interrupt = NULL;
    ok(open_it(&l, NAME) == AVERROR(EIO) && count(lines, "it does not answer") == 1, "and comes to an end by itself");
    close_it(&l, 1000);
    hang_open = 0;
    SetEvent(gate);
    wait_for_writer();
}

int main(void)
{
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(keep_line);
    main_thread = GetCurrentThreadId();
    gate    = CreateEventW(NULL, TRUE, TRUE, NULL);
    entered = CreateEventW(NULL, FALSE, FALSE, NULL);
    ok(REPLACE(CreateFileW) && REPLACE(WriteFile), "calls of Windows can be stood in for");
    opening();
    slow();
    hangs_at_the_end();
    disk_full();
    hangs_at_the_start();
    ok(!nb_here, "the thread that has the lines makes no call for the file");
    DeleteFileW(WNAME);
    return tap_end();
}
