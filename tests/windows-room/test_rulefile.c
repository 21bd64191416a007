/*
 * Windows Magnification API screen capture: tests of the file of rules
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
 * test_rulefile: files of the current folder that are edited in all the ways that there are,
 * or do not answer, and letters that lose their case.
 *
 * Calls of Windows are stood in for, so that a read hangs when a test says so, and a test knows
 * when one is over.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/log.h"

#include <windows.h>

#include "libavdevice/magnifier/rulefile.h"
#include "libavdevice/magnifier/rules.h"

#include "imports.h"
#include "pump.h"
#include "tap.h"

#define NAME "regeln-\xC3\xA4\xE2\x82\xAC.txt"
#define WNAME L"regeln-\x00E4\x20AC.txt"

static char lines[1 << 14];
static int64_t now;

/* ---- standing in for Windows ---- */

static DWORD main_thread;
static volatile DWORD reader;               ///< the thread that read last
static volatile LONG nb_begun, nb_over;     ///< reads
static volatile LONG nb_here;               ///< calls for the file by the thread that polls
static volatile LONG nb_reads;              ///< of ReadFile, by the other one
static int hang_open, hang_read;            ///< these calls wait for the gate
static HANDLE gate, entered;                ///< events: they go on, one has begun to wait
static const wchar_t *volatile swap_for;    ///< put in the place of the file while it is read
static volatile LONG cut;                   ///< make the file empty while it is read
static int hurry;                           ///< short waits take no time
static const wchar_t *volatile leads_to;    ///< what the name of the file is a link to

static HANDLE (WINAPI *real_CreateFileW)(LPCWSTR, DWORD, DWORD, SECURITY_ATTRIBUTES *, DWORD, DWORD, HANDLE);
static BOOL   (WINAPI *real_ReadFile)(HANDLE, void *, DWORD, DWORD *, OVERLAPPED *);
static BOOL   (WINAPI *real_SetEvent)(HANDLE);
static BOOL   (WINAPI *real_ResetEvent)(HANDLE);
static DWORD  (WINAPI *real_WaitForSingleObject)(HANDLE, DWORD);

/** Who asks for the file? The tests call the real functions. */
static void note_call(int hangs)
{
    if (GetCurrentThreadId() == main_thread)
        InterlockedIncrement(&nb_here);
    reader = GetCurrentThreadId();
    if (!hangs)
        return;
    real_SetEvent(entered);
    real_WaitForSingleObject(gate, INFINITE);
}

static HANDLE WINAPI my_CreateFileW(LPCWSTR name, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                                    DWORD how, DWORD flags, HANDLE like)
{
    const wchar_t *target = leads_to;

    note_call(hang_open);
    return real_CreateFileW(target ? target : name, access, share, security, how, flags, like);
}

static BOOL WINAPI my_ReadFile(HANDLE file, void *data, DWORD size, DWORD *got, OVERLAPPED *overlapped)
{
    const wchar_t *other = InterlockedExchangePointer((void *volatile *)&swap_for, NULL);

    note_call(hang_read);
    InterlockedIncrement(&nb_reads);
    if (leads_to) { /* it would hang */
        SetLastError(ERROR_BROKEN_PIPE);
        return FALSE;
    }
    if (other && MoveFileExW(WNAME, L"old.txt", MOVEFILE_REPLACE_EXISTING))
        MoveFileExW(other, WNAME, 0);
    if (InterlockedExchange(&cut, 0))
        CloseHandle(real_CreateFileW(WNAME, GENERIC_WRITE, FILE_SHARE_READ, NULL, TRUNCATE_EXISTING, 0, NULL));
    return real_ReadFile(file, data, size, got, overlapped);
}

static BOOL WINAPI my_ResetEvent(HANDLE event)
{
    if (GetCurrentThreadId() == main_thread)
        InterlockedIncrement(&nb_begun);
    return real_ResetEvent(event);
}

static BOOL WINAPI my_SetEvent(HANDLE event)
{
    BOOL ret = real_SetEvent(event);

    if (GetCurrentThreadId() != main_thread)
        InterlockedIncrement(&nb_over);
    return ret;
}

static DWORD WINAPI my_WaitForSingleObject(HANDLE handle, DWORD timeout)
{
    return real_WaitForSingleObject(handle, hurry && timeout < 1000 ? 0 : timeout);
}

#define REPLACE(f) (real_##f = (void *)imports_replace(#f, (void *)my_##f))

static int replace_imports(void)
{
    return REPLACE(CreateFileW) && REPLACE(ReadFile) && REPLACE(SetEvent) && REPLACE(ResetEvent) &&
           REPLACE(WaitForSingleObject);
}

/** Wait until all reads that were begun are over. */
static void wait_for_reads(void)
{
    while (nb_over != nb_begun)
        Sleep(1);
}

/* ---- the tests ---- */

static void keep_line(void *avcl, int level, const char *fmt, va_list vl)
{
    size_t at = strlen(lines);

    vsnprintf(lines + at, sizeof(lines) - at, fmt, vl);
}

static void write_file(const wchar_t *name, const char *text)
{
    HANDLE file = real_CreateFileW(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done;

    WriteFile(file, text, strlen(text), &done, NULL);
    CloseHandle(file);
}

/** Put the time of the last change where it was, as a coarse clock does. */
static void backdate(const wchar_t *name, int seconds)
{
    HANDLE file = real_CreateFileW(name, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    FILETIME time;
    uint64_t t = 132000000000000000ULL + seconds * 10000000ULL;

    time.dwLowDateTime  = t;
    time.dwHighDateTime = t >> 32;
    SetFileTime(file, NULL, NULL, &time);
    CloseHandle(file);
}

typedef struct File {
    MagnifierRulefile *file;
    MagnifierRules *rules;
    MagnifierLog *log;
} File;

static const AVIOInterruptCB *interrupt;

static int open_it(File *f, const char *text, const char *path)
{
    int ret;

    lines[0] = 0;
    f->log = ff_magnifier_log_alloc();
    ret = ff_magnifier_rulefile_open(&f->file, &f->rules, text, path, interrupt, f->log);
    ff_magnifier_log_flush(f->log, NULL);
    return ret;
}

/** Poll once, some time later. @return 1 if there are new rules */
static int poll_after(File *f, int64_t time)
{
    MagnifierRules *rules;

    now += time;
    if (!ff_magnifier_rulefile_poll(f->file, now, &rules))
        return 0;
    ff_magnifier_rules_free(&f->rules);
    f->rules = rules;
    return 1;
}

/** Let it be read so many times, a period between. @return how many reads brought new rules */
static int poll(File *f, int reads)
{
    int changes = 0;

    while (reads--) {
        changes += poll_after(f, MAGNIFIER_RULEFILE_PERIOD);
        wait_for_reads();
        changes += poll_after(f, 0);
    }
    ff_magnifier_log_flush(f->log, NULL);
    return changes;
}

static int count(const File *f)
{
    return ff_magnifier_rules_count(f->rules);
}

static void close_it(File *f)
{
    ff_magnifier_rulefile_close(&f->file, MAGNIFIER_RULEFILE_CLOSE_TIMEOUT);
    ff_magnifier_rules_free(&f->rules);
    ff_magnifier_log_free(&f->log);
}

static int said(const char *what)
{
    int nb = 0;
    const char *at;

    for (at = lines; (at = strstr(at, what)); at++)
        nb++;
    return nb;
}

static void opening(void)
{
    File f;

    DeleteFileW(WNAME);
    ok(open_it(&f, NULL, NAME) == AVERROR(ENOENT) && said("there is no such file (error 2)") == 1,
       "a file that is not there is an error, said in one line");
    close_it(&f);
    write_file(WNAME, "# mine\r\nexe=a.exe\r\n\r\ntitle=*b*|class=C\r\n");
    ok(open_it(&f, "pid=12", NAME) == 0 && count(&f) == 4,
       "rules of the option and of the file make one set; the name is UTF-8");
    ok(ff_magnifier_rules_line(f.rules, 0) == 0 && ff_magnifier_rules_line(f.rules, 1) == 2,
       "those of the option come first");
    close_it(&f);
    ok(open_it(&f, "pid=12", NULL) == 0 && count(&f) == 1 && !f.file, "an option alone");
    close_it(&f);
    ok(open_it(&f, " ", NULL) == AVERROR(EINVAL) && said("exclude has no rule") == 1,
       "an option without a rule is an error");
    ok(!f.rules, "and leaves no set behind");
    close_it(&f);
    write_file(WNAME, "exe=a.exe\r\n");
    ok(open_it(&f, "", NAME) == AVERROR(EINVAL) && said("exclude has no rule") == 1,
       "also beside a file that has one");
    close_it(&f);
    ok(open_it(&f, NULL, NULL) == 0 && count(&f) == 0 && !f.file, "neither");
    close_it(&f);
    ok(open_it(&f, "pid=x", NAME) == AVERROR(EINVAL) && said("exclude, column") == 1,
       "a bad rule in the option is told with its column");
    close_it(&f);
    write_file(WNAME, "exe=a.exe\nnonsense\n");
    ok(open_it(&f, NULL, NAME) == AVERROR(EINVAL) && said("line 2, column 1") == 1,
       "one in the file with its line");
    close_it(&f);
    CreateDirectoryW(L"folder.txt", NULL);
    ok(open_it(&f, NULL, "folder.txt") < 0 && strlen(lines), "a folder is an error");
    close_it(&f);
    RemoveDirectoryW(L"folder.txt");
    ok(open_it(&f, NULL, "bad\xFFname") == AVERROR(EINVAL) && said("UTF-8") == 1,
       "so is a name that is not UTF-8");
    close_it(&f);
}

static void edits(void)
{
    File f;
    HANDLE held;
    DWORD done;

    write_file(WNAME, "exe=a.exe\n");
    open_it(&f, NULL, NAME);
    ok(poll(&f, 20) == 0, "nothing changes while nothing changes");
    write_file(WNAME, "exe=a.exe\nexe=b.exe\n");
    ok(poll(&f, 1) == 0, "a change is not taken at first sight");
    ok(poll(&f, 1) == 1 && count(&f) == 2, "but at the second");
    ok(poll(&f, 30) == 0, "and once");
    ok(said("has changed: 2 rules") == 1, "it is said");

    write_file(WNAME, "exe=a.exe\nexe=\n");
    ok(poll(&f, 30) == 0 && count(&f) == 2, "a broken edit leaves the rules from before");
    ok(said("the rules from before stay in force") == 1 && said("line 2") == 1,
       "and is said once, with its line");
    write_file(WNAME, "exe=a.exe\nexe=c.exe|exe=d.exe\n");
    ok(poll(&f, 3) == 1 && count(&f) == 3, "a repaired one is taken");

    DeleteFileW(WNAME);
    ok(poll(&f, 10) == 0 && count(&f) == 3 && said("(error 2); the rules from before stay") == 1,
       "without the file its rules stay, and that is said once");
    write_file(WNAME, "exe=e.exe\n");
    ok(poll(&f, 3) == 1 && count(&f) == 1, "when it is back it is read");

    write_file(L"new.txt", "exe=f.exe|exe=g.exe\n");
    MoveFileExW(L"new.txt", WNAME, MOVEFILE_REPLACE_EXISTING);
    ok(poll(&f, 3) == 1 && count(&f) == 2, "a file put in its place is read");

    write_file(WNAME, "");
    ok(poll(&f, 6) == 0 && count(&f) == 2, "a file that is empty for a moment is not believed");
    write_file(WNAME, "exe=h.exe\n");
    ok(poll(&f, 3) == 1 && count(&f) == 1, "what is written then is");
    write_file(WNAME, "");
    ok(poll(&f, 10) == 1 && count(&f) == 0, "one that stays empty has no rules");

    /* An editor that writes in pieces. */
    held = real_CreateFileW(WNAME, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(held, "exe=a.exe\n", 10, &done, NULL);
    FlushFileBuffers(held);
    poll(&f, 1);
    WriteFile(held, "exe=b.exe\n", 10, &done, NULL);
    CloseHandle(held);
    ok(poll(&f, 1) == 0, "a file that is still growing is waited for");
    ok(poll(&f, 2) == 1 && count(&f) == 2, "and read when it has stopped");

    held = real_CreateFileW(WNAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(poll(&f, 10) == 0 && count(&f) == 2, "a file that another program has locked is let be");
    ok(said("locked") <= 1, "which is said once at most");
    CloseHandle(held);
    close_it(&f);
}

static void clocks(void)
{
    File f;

    write_file(WNAME, "exe=a.exe\n");
    backdate(WNAME, 0);
    open_it(&f, NULL, NAME);
    poll(&f, 2);
    write_file(WNAME, "exe=b.exe\n");
    backdate(WNAME, 0);
    ok(poll(&f, 2) == 1, "an edit of the same size in the same tick of the file's clock is seen");
    poll(&f, 40);
    backdate(WNAME, 10);
    ok(poll(&f, 3) == 0, "a new time with the old text is no change");
    close_it(&f);
    DeleteFileW(WNAME);
}

/** Something else than a file comes to stand in its place. */
static void other_things(void)
{
    File f;
    HANDLE pipe, held;
    LARGE_INTEGER size = { .QuadPart = 1 << 30 };

    write_file(WNAME, "exe=a.exe\n");
    open_it(&f, NULL, NAME);
    DeleteFileW(WNAME);
    CreateDirectoryW(WNAME, NULL);
    ok(poll(&f, 10) == 0 && count(&f) == 1 && said("it is a folder") == 1 &&
       said("stay in force") == 1, "a folder in its place leaves the rules, and is said once");
    RemoveDirectoryW(WNAME);
    write_file(WNAME, "exe=a.exe\n");
    poll(&f, 1);

    lines[0] = 0;
    held = real_CreateFileW(WNAME, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    SetFilePointerEx(held, size, NULL, FILE_BEGIN);
    SetEndOfFile(held);
    CloseHandle(held);
    nb_reads = 0;
    ok(poll(&f, 10) == 0 && count(&f) == 1 && said("too large") == 1 && said("stay in force") == 1,
       "so does a file of 1 GB");
    ok(!nb_reads, "which is not read");

    lines[0] = 0;
    write_file(WNAME, "exe=b.exe|exe=c.exe\n");
    write_file(L"new.txt", "exe=d.exe|exe=e.exe|exe=f.exe\n");
    swap_for = L"new.txt";
    poll(&f, 1);
    ok(!swap_for && poll(&f, 1) == 0 && count(&f) == 1, "what is swapped while it is read is not believed");
    ok(poll(&f, 2) == 1 && count(&f) == 3, "but what has come, once");
    cut = 1;
    ok(poll(&f, 1) == 0 && !cut && poll(&f, 5) == 0 && count(&f) == 3,
       "nor one that becomes empty while it is read");
    close_it(&f);

    pipe = CreateNamedPipeW(L"\\\\.\\pipe\\magnifier-rules", PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT,
                            1, 1024, 1024, 0, NULL);
    ok(pipe != INVALID_HANDLE_VALUE && open_it(&f, NULL, "//./pipe/magnifier-rules") == AVERROR(EIO) &&
       said("no file on a disk") == 1, "a pipe that says nothing is an error, and not waited for");
    close_it(&f);
    CloseHandle(pipe);
    DeleteFileW(L"old.txt");
}

#define PIPE L"\\\\.\\pipe\\magnifier-rules"

static volatile LONG nb_guests, speaks, leaving;

/** Says rules to each who comes, or nothing. */
static DWORD WINAPI pipe_server(void *pipe)
{
    static const char rules[] = "exe=b.exe|exe=c.exe\n";
    char byte;
    DWORD done;

    while (!leaving) {
        if (!ConnectNamedPipe(pipe, NULL) && GetLastError() != ERROR_PIPE_CONNECTED &&
            GetLastError() != ERROR_NO_DATA)
            return 1;
        InterlockedIncrement(&nb_guests);
        if (speaks)
            WriteFile(pipe, rules, sizeof(rules) - 1, &done, NULL);
        /* until the guest goes */
        while (real_ReadFile(pipe, &byte, 1, &done, NULL))
            ;
        DisconnectNamedPipe(pipe);
    }
    return 0;
}

/** The name of the file comes to lead to a pipe. */
static void becomes_a_pipe(void)
{
    HANDLE pipe = CreateNamedPipeW(PIPE, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 1024, 1024, 0, NULL);
    HANDLE server = CreateThread(NULL, 0, pipe_server, pipe, 0, NULL);
    File f;

    write_file(WNAME, "exe=a.exe\n");
    open_it(&f, NULL, NAME);
    for (speaks = 0; speaks < 2; speaks++) {
        nb_reads = nb_guests = 0;
        lines[0] = 0;
        leads_to = PIPE;
        /* while the server is between two guests there is no such pipe */
        for (int i = 0; i < 1000 && nb_guests < 8; i++)
            poll(&f, 1);
        ok(nb_guests >= 8, "a file that becomes a pipe that says %s is opened", speaks ? "rules" : "nothing");
        ok(count(&f) == 1 && said("the rules from before stay in force") == 1,
           "its rules stay in force, and that is said once");
        ok(!nb_reads, "what the pipe says, or does not say, is not read");
        leads_to = NULL;
        poll(&f, 2);
    }
    write_file(WNAME, "exe=b.exe|exe=c.exe\n");
    ok(poll(&f, 3) == 1 && count(&f) == 2, "when it is a file again it is read");
    close_it(&f);
    leaving = 1;
    do {
        HANDLE guest = real_CreateFileW(PIPE, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);

        if (guest != INVALID_HANDLE_VALUE)
            CloseHandle(guest);
    } while (real_WaitForSingleObject(server, 1) == WAIT_TIMEOUT);
    CloseHandle(server);
    CloseHandle(pipe);
    DeleteFileW(WNAME);
}

/** A share that does not answer any more: the call that hangs is *hang. */
static void hangs(int *hang, const char *where)
{
    File f;

    write_file(WNAME, "exe=a.exe\n");
    open_it(&f, NULL, NAME);
    write_file(WNAME, "exe=b.exe|exe=c.exe\n");
    real_ResetEvent(gate);
    *hang = 1;
    ok(!poll_after(&f, MAGNIFIER_RULEFILE_PERIOD) && !real_WaitForSingleObject(entered, 10000),
       "%s hangs, and the poll returns", where);
    ok(!poll_after(&f, 1900000) && (ff_magnifier_log_flush(f.log, NULL), !*lines),
       "of a short while nothing is said");
    for (int i = 0; i < 100; i++)
        poll_after(&f, 100000);
    ff_magnifier_log_flush(f.log, NULL);
    ok(count(&f) == 1 && said("it does not answer; the rules from before stay in force") == 1,
       "no poll waits for it, the rules stay, and that is said once");
    *hang = 0;
    real_SetEvent(gate);
    wait_for_reads();
    ok(poll_after(&f, 0) + poll(&f, 2) == 1 && count(&f) == 2, "when it answers, it is read again");

    wait_for_reads();
    real_ResetEvent(gate);
    *hang = 1;
    poll_after(&f, MAGNIFIER_RULEFILE_PERIOD);
    real_WaitForSingleObject(entered, 10000);
    {
        HANDLE thread = OpenThread(SYNCHRONIZE, FALSE, reader);

        close_it(&f);
        ok(real_WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "a thread that hangs is left behind");
        *hang = 0;
        real_SetEvent(gate);
        ok(!real_WaitForSingleObject(thread, 10000), "and ends by itself");
        CloseHandle(thread);
        nb_over = nb_begun = 0;
    }
}

static int asked;

static int enough(void *opaque)
{
    return ++asked >= 3;
}

static void hangs_at_once(void)
{
    static const AVIOInterruptCB cb = { enough, NULL };
    HANDLE thread;
    File f;

    write_file(WNAME, "exe=a.exe\n");
    real_ResetEvent(gate);
    hang_open = 1;
    interrupt = &cb;
    ok(open_it(&f, NULL, NAME) == AVERROR_EXIT && asked == 3 && !*lines && !f.file && !f.rules,
       "an interrupt ends the wait for a file that hangs at the start");
    close_it(&f);
    interrupt = NULL;
    hurry = 1;
    ok(open_it(&f, NULL, NAME) == AVERROR(EIO) && said("it does not answer") == 1 && !f.file,
       "which is an error after a while");
    close_it(&f);
    hurry = hang_open = 0;
    real_SetEvent(gate);
    wait_for_reads();

    open_it(&f, NULL, NAME);
    thread = OpenThread(SYNCHRONIZE, FALSE, reader);
    poll_after(&f, MAGNIFIER_RULEFILE_PERIOD);
    close_it(&f);
    ok(thread && !real_WaitForSingleObject(thread, 0), "the thread of one that answers is joined");
    CloseHandle(thread);
    DeleteFileW(WNAME);
}

/** Fold and compare. */
static int folds_to(const wchar_t *text, const wchar_t *expected)
{
    wchar_t folded[1024];
    int nb = wcslen(text);

    wcscpy(folded, text);
    ff_magnifier_fold_case(folded, nb);
    return !wcscmp(folded, expected);
}

static void letters(void)
{
    static wchar_t text[1024], expected[1024];
    int i;

    ok(folds_to(L"Password \x00C4\x0422", L"password \x00E4\x0442"), "letters lose their case");
    ok(folds_to(L"\x03A3\x03C3\x03C2", L"\x03C3\x03C3\x03C3"), "all sigmas are one");
    ok(folds_to(L"\x212A", L"k"), "the sign of Kelvin is a k");
    ok(folds_to(L"stra\x00DF" L"e", L"stra\x00DF" L"e"), "sharp s stays one letter");
    ok(folds_to(L"\x01\x02*?", L"\x01\x02*?"), "what stands for wildcards stays");
    ok(folds_to(L"\xD83D\xDD12 \xD83D \xDD12", L"\xD83D\xDD12 \xD83D \xDD12"),
       "surrogates stay, in pairs and alone");
    for (i = 0; i < 1000; i++) {
        text[i]     = i % 3 == 0 ? 'A' : i % 3 == 1 ? 0xD83D : 0xDD12;
        expected[i] = i % 3 == 0 ? 'a' : text[i];
    }
    ok(folds_to(text, expected), "a long text is folded to its end");
}

int main(void)
{
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(keep_line);
    main_thread = GetCurrentThreadId();
    gate    = CreateEventW(NULL, TRUE, TRUE, NULL);
    entered = CreateEventW(NULL, FALSE, FALSE, NULL);
    ok(replace_imports(), "calls of Windows can be stood in for");
    opening();
    edits();
    clocks();
    other_things();
    becomes_a_pipe();
    hangs(&hang_open, "to open it");
    hangs(&hang_read, "to read it");
    hangs_at_once();
    ok(!nb_here, "the thread that polls makes no call for the file");
    letters();
    return tap_end();
}
