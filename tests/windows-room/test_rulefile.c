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
 * and letters that lose their case.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "libavutil/error.h"
#include "libavutil/log.h"

#include <windows.h>

#include "libavdevice/magnifier/rulefile.h"
#include "libavdevice/magnifier/rules.h"

#include "pump.h"
#include "tap.h"

#define NAME "regeln-\xC3\xA4\xE2\x82\xAC.txt"
#define WNAME L"regeln-\x00E4\x20AC.txt"

static char lines[1 << 14];
static int64_t now;

static void keep_line(void *avcl, int level, const char *fmt, va_list vl)
{
    size_t at = strlen(lines);

    vsnprintf(lines + at, sizeof(lines) - at, fmt, vl);
}

static void write_file(const wchar_t *name, const char *text)
{
    HANDLE file = CreateFileW(name, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD done;

    WriteFile(file, text, strlen(text), &done, NULL);
    CloseHandle(file);
}

/** Put the time of the last change where it was, as a coarse clock does. */
static void backdate(const wchar_t *name, int seconds)
{
    HANDLE file = CreateFileW(name, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
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

static int open_it(File *f, const char *text, const char *path)
{
    int ret;

    lines[0] = 0;
    f->log = ff_magnifier_log_alloc();
    ret = ff_magnifier_rulefile_open(&f->file, &f->rules, text, path, f->log);
    ff_magnifier_log_flush(f->log, NULL);
    return ret;
}

/** Look so many times, a period between. @return how many looks brought new rules */
static int poll(File *f, int looks)
{
    int changes = 0;

    while (looks--) {
        MagnifierRules *rules;

        now += MAGNIFIER_RULEFILE_PERIOD;
        if (ff_magnifier_rulefile_poll(f->file, now, &rules)) {
            ff_magnifier_rules_free(&f->rules);
            f->rules = rules;
            changes++;
        }
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
    ff_magnifier_rulefile_close(&f->file);
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
    ok(open_it(&f, NULL, NAME) == AVERROR(ENOENT) && said("no such file") == 1,
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
    ok(poll(&f, 10) == 0 && count(&f) == 3 && said("no such file") == 1,
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
    held = CreateFileW(WNAME, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(held, "exe=a.exe\n", 10, &done, NULL);
    FlushFileBuffers(held);
    poll(&f, 1);
    WriteFile(held, "exe=b.exe\n", 10, &done, NULL);
    CloseHandle(held);
    ok(poll(&f, 1) == 0, "a file that is still growing is waited for");
    ok(poll(&f, 2) == 1 && count(&f) == 2, "and read when it has stopped");

    held = CreateFileW(WNAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
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
    opening();
    edits();
    clocks();
    letters();
    return tap_end();
}
