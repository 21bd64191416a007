/*
 * Windows Magnification API screen capture: tests of the walk of windows
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
 * The walk, with real windows of other programs: test_windows SUBJECT.EXE [slow | NUMBER]
 */

#include "config.h"

#include <inttypes.h>

#include <windows.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/events.h"
#include "libavdevice/magnifier/toplevel.h"
/* The room itself: one test has to pretend what takes Windows a minute. */
#include "libavdevice/magnifier/window.c"

#include "pump.h"
#include "stranger.h"
#include "tap.h"

#define SHOWN (WS_OVERLAPPEDWINDOW | WS_VISIBLE)

/* Both functions are called through these pointers, which stand in for those to user32.dll. */
#ifdef __x86_64__
#define IMPORT(name, bytes) __asm__("__imp_" name)
#else
#define IMPORT(name, bytes) __asm__("__imp__" name "@" bytes)
#endif

static DWORD find_error;    ///< FindWindowEx() fails with this
static BOOL  on_screen = -1;///< what UOI_IO says; -1: what it says here
static DWORD object_error;  ///< asking fails with this

static HWND WINAPI find_window(HWND parent, HWND after, const WCHAR *class_name, const WCHAR *title)
{
    HWND (WINAPI *real)(HWND, HWND, const WCHAR *, const WCHAR *) = (void *)
        GetProcAddress(GetModuleHandleW(L"user32.dll"), "FindWindowExW");

    if (!find_error)
        return real(parent, after, class_name, title);
    SetLastError(find_error);
    return NULL;
}

static BOOL WINAPI object_information(HANDLE object, int index, void *info, DWORD size,
                                      DWORD *needed)
{
    BOOL (WINAPI *real)(HANDLE, int, void *, DWORD, DWORD *) = (void *)
        GetProcAddress(GetModuleHandleW(L"user32.dll"), "GetUserObjectInformationW");

    if (object_error) {
        SetLastError(object_error);
        return FALSE;
    }
    if (on_screen < 0 || index != 6)
        return real(object, index, info, size, needed);
    *(BOOL *)info = on_screen;
    return TRUE;
}

HWND (WINAPI *find_window_import)(HWND, HWND, const WCHAR *, const WCHAR *)
    IMPORT("FindWindowExW", "16") = find_window;
BOOL (WINAPI *object_information_import)(HANDLE, int, void *, DWORD, DWORD *)
    IMPORT("GetUserObjectInformationW", "20") = object_information;

static const char *subject_exe;
static char subject_dir[MAX_PATH];
static char lines[1 << 16];
static int warnings;

static void keep_line(void *avcl, int level, const char *fmt, va_list vl)
{
    size_t at = strlen(lines);

    warnings += level <= AV_LOG_WARNING;
    if (level <= AV_LOG_VERBOSE)
        vsnprintf(lines + at, sizeof(lines) - at, fmt, vl);
}

/* What the guard is for the room: holds what came back last. */
typedef struct Watch {
    MagnifierWindows *windows;
    MagnifierLog *log;
    MagnifierGuardList seen;
} Watch;

static MagnifierRules *rules_of(const char *text)
{
    MagnifierRules *rules = NULL;
    char error[MAGNIFIER_RULES_ERROR];

    if (ff_magnifier_rules_add(&rules, text, error, sizeof(error)) < 0) {
        printf("Bail out! rule %s: %s\n", text, error);
        exit(1);
    }
    return rules;
}

static Watch watch(const char *fmt, ...)
{
    Watch w = { .log = ff_magnifier_log_alloc() };
    char text[1024];
    va_list vl;

    va_start(vl, fmt);
    vsnprintf(text, sizeof(text), fmt, vl);
    va_end(vl);
    lines[0] = 0;
    warnings = 0;
    if (ff_magnifier_rt_windows_open(&w.windows, rules_of(text), w.log) < 0) {
        printf("Bail out! the windows cannot be watched\n");
        exit(1);
    }
    return w;
}

static int walk(Watch *w, int thorough)
{
    int ret;

    w->seen.nb_windows = 0;
    ret = ff_magnifier_rt_windows_walk(w->windows, &w->seen, thorough);
    ff_magnifier_log_flush(w->log, NULL);
    return ret;
}

static int look(Watch *w)
{
    return walk(w, 1);
}

static int drain(Watch *w)
{
    int ret;

    w->seen.nb_windows = 0;
    ret = ff_magnifier_rt_windows_drain(w->windows, &w->seen);
    ff_magnifier_log_flush(w->log, NULL);
    return ret;
}

static const MagnifierGuardWindow *entry(const Watch *w, HWND hwnd)
{
    size_t i;

    for (i = 0; i < w->seen.nb_windows; i++)
        if (w->seen.windows[i].handle == (uintptr_t)hwnd)
            return &w->seen.windows[i];
    return NULL;
}

/** In one of the two thorough walks that a frame needs to leave. */
static int sees(Watch *w, HWND hwnd)
{
    return (look(w) >= 0 && entry(w, hwnd)) || (look(w) >= 0 && entry(w, hwnd));
}

static uint64_t serial(Watch *w, HWND hwnd)
{
    return sees(w, hwnd) ? entry(w, hwnd)->serial : 0;
}

static MagnifierWindowsStats stats(const Watch *w)
{
    MagnifierWindowsStats s;

    ff_magnifier_rt_windows_stats(w->windows, &s);
    return s;
}

static void unwatch(Watch *w)
{
    ff_magnifier_rt_windows_close(&w->windows);
    ff_magnifier_log_flush(w->log, NULL);
    ff_magnifier_log_free(&w->log);
    av_freep(&w->seen.windows);
}

static double seconds(void)
{
    LARGE_INTEGER f, c;

    QueryPerformanceFrequency(&f);
    QueryPerformanceCounter(&c);
    return (double)c.QuadPart / f.QuadPart;
}

/** A second program from the same file, under another name. */
static Stranger start_as(const char *name, char *path)
{
    snprintf(path, MAX_PATH, "%s\\%s", subject_dir, name);
    CopyFileA(subject_exe, path, FALSE);
    return stranger_start(path);
}

static void every_key_finds_its_window(void)
{
    Stranger a = stranger_start(subject_exe), b;
    char path[MAX_PATH], escaped[2 * MAX_PATH], *e = escaped, *p;
    HWND one, two;
    struct {
        const char *key;
        char rule[2 * MAX_PATH + 20];
    } keys[6] = { { "class", "class=ONE*" }, { "title", "title=*First Window" },
                  { "exe", "exe=subject.exe" }, { "pid", "" }, { "hwnd", "" },
                  { "path", "" } };
    int i;

    b   = start_as("other.exe", path);
    one = stranger_window(&a, "OneClass", "the first window", SHOWN, 0, NULL);
    two = stranger_window(&b, "TwoClass", "the second window", SHOWN, 0, NULL);
    for (p = path; *p; p++) {
        if (*p == '\\')
            *e++ = '\\';
        *e++ = *p;
    }
    *e = 0;
    *strrchr(escaped, '\\') = 0;
    snprintf(keys[3].rule, sizeof(keys[3].rule), "pid=%lu", a.pid);
    snprintf(keys[4].rule, sizeof(keys[4].rule), "hwnd=0x%lx", H(one));
    snprintf(keys[5].rule, sizeof(keys[5].rule), "exe=%s\\subject.exe", escaped);
    for (i = 0; i < 6; i++) {
        Watch w = watch("%s", keys[i].rule);

        ok(sees(&w, one) && !entry(&w, two), "%s finds its window and no other (%s)",
           keys[i].key, keys[i].rule);
        unwatch(&w);
    }
    {
        Watch w = watch("exe!=subject.exe");

        ok(!sees(&w, one) && entry(&w, two), "exe!= finds all others");
        unwatch(&w);
    }
    stranger_end(&a);
    stranger_end(&b);
    DeleteFileA(path);
}

static void windows_are_listed_before_they_show(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Quiet", "hidden", WS_OVERLAPPEDWINDOW, 0, NULL);
    Watch w = watch("class=Quiet");
    uint64_t before;

    ok(sees(&w, hwnd) && !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE),
       "a hidden window is listed, and is not visible");
    before = serial(&w, hwnd);
    stranger_do(&s, "show 0x%lx", H(hwnd));
    ok(walk(&w, 0) >= 0 && entry(&w, hwnd) && !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE),
       "when shown it may be taken for hidden in a walk that is not thorough, and is");
    ok(sees(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE,
       "it is in a thorough one, and is visible");
    ok(walk(&w, 0) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE &&
       !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_NO_RECT), "from then on in each walk");
    stranger_do(&s, "hide 0x%lx", H(hwnd));
    look(&w);
    ff_magnifier_rt_windows_set_rules(w.windows, NULL);
    look(&w);
    stranger_do(&s, "show 0x%lx", H(hwnd));
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Quiet"));
    ok(walk(&w, 0) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE,
       "with other rules nothing is known of it");
    look(&w);
    ok(entry(&w, hwnd) && !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_NO_RECT) &&
       entry(&w, hwnd)->rect.right - entry(&w, hwnd)->rect.left == 200 &&
       entry(&w, hwnd)->rect.bottom - entry(&w, hwnd)->rect.top == 100,
       "its rectangle is the whole of it");
    ok(serial(&w, hwnd) == before && before, "it keeps its serial number");
    stranger_do(&s, "minimise 0x%lx", H(hwnd));
    {
        MINIMIZEDMETRICS metrics = { .cbSize = sizeof(metrics) }, hide;
        RECT r = { 0 };

        GetWindowRect(hwnd, &r);
        ok(sees(&w, hwnd) && r.top > MAGNIFIER_NOWHERE &&
           entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE && entry(&w, hwnd)->rect.top == r.top,
           "a minimised window of which something stays on the screen (at %ld,%ld) is visible",
           r.left, r.top);
        SystemParametersInfoW(SPI_GETMINIMIZEDMETRICS, sizeof(metrics), &metrics, 0);
        hide = metrics;
        hide.iArrange = ARW_HIDE;
        SystemParametersInfoW(SPI_SETMINIMIZEDMETRICS, sizeof(hide), &hide, SPIF_UPDATEINIFILE);
        stranger_do(&s, "move 0x%lx", H(hwnd));
        GetWindowRect(hwnd, &r);
        ok(r.left <= MAGNIFIER_NOWHERE && sees(&w, hwnd) &&
           !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE),
           "one that was put out of sight (to %ld,%ld) is listed, and is not", r.left, r.top);
        SystemParametersInfoW(SPI_SETMINIMIZEDMETRICS, sizeof(metrics), &metrics,
                              SPIF_UPDATEINIFILE);
    }
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    ok(look(&w) >= 0 && !entry(&w, hwnd), "a dead one is not listed");
    ok(strstr(lines, "leaving out") && strstr(lines, "class Quiet") &&
       strstr(lines, "\"hidden\"") && strstr(lines, "rule 1: class=Quiet") &&
       strstr(lines, "no longer leaving out"), "both were said");
    unwatch(&w);
    stranger_end(&s);
}

static void the_order_is_that_of_the_screen(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("class=*");
    HWND hwnd = NULL;
    size_t i;
    int same = 1;

    stranger_window(&s, "Lower", "", SHOWN, 0, NULL);
    stranger_window(&s, "Upper", "", SHOWN, 0, NULL);
    look(&w);
    for (i = 0; i < w.seen.nb_windows; i++) {
        hwnd  = FindWindowExW(NULL, hwnd, NULL, NULL);
        while (hwnd && GetWindowThreadProcessId(hwnd, NULL) == GetCurrentThreadId())
            hwnd = FindWindowExW(NULL, hwnd, NULL, NULL);
        same &= w.seen.windows[i].handle == (uintptr_t)hwnd;
    }
    ok(same && i > 2, "%u windows are listed in the order of FindWindowEx", (unsigned)i);
    unwatch(&w);
    stranger_end(&s);
}

typedef struct Own {
    HWND hwnd;
    HANDLE ready, leave;
} Own;

static DWORD WINAPI own_thread(void *opaque)
{
    Own *own = opaque;

    own->hwnd = CreateWindowExW(0, L"STATIC", L"own", WS_POPUP | WS_VISIBLE, 0, 0, 50, 50, NULL,
                                NULL, NULL, NULL);
    SetEvent(own->ready);
    /* Does not look at messages at all: who sends it one is stuck. */
    WaitForSingleObject(own->leave, INFINITE);
    DestroyWindow(own->hwnd);
    return 0;
}

static void own_windows_are_ours_or_self(void)
{
    HWND ours = CreateWindowExW(0, L"STATIC", L"ours", WS_POPUP | WS_VISIBLE, 0, 0, 50, 50, NULL,
                                NULL, NULL, NULL);
    Own own = { NULL, CreateEventW(NULL, FALSE, FALSE, NULL),
                CreateEventW(NULL, FALSE, FALSE, NULL) };
    HANDLE thread = CreateThread(NULL, 0, own_thread, &own, 0, NULL);
    Stranger s = stranger_start(subject_exe);
    HWND other = stranger_window(&s, "Other", "own", SHOWN, 0, NULL);
    Watch w = watch("self"), t;
    double begin;

    WaitForSingleObject(own.ready, INFINITE);
    ok(sees(&w, own.hwnd), "self finds windows of other threads of this process");
    ok(!entry(&w, other), "self does not find windows of other processes");
    ok(!entry(&w, ours), "windows of this thread are never listed, even with self");
    unwatch(&w);

    t = watch("title=own");
    begin = seconds();
    ok(sees(&t, own.hwnd), "a window of a thread that does not pump is read by its title");
    ok(seconds() - begin < 1, "without waiting for it");
    unwatch(&t);
    SetEvent(own.leave);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    DestroyWindow(ours);
    stranger_end(&s);
}

static void a_match_is_for_life(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Titled", "secret", SHOWN, 0, NULL);
    HWND late = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL), late2;
    Watch w = watch("class=nothing|title=*secret*");
    int matches[2];

    ok(sees(&w, hwnd) && !entry(&w, late), "a title is matched");
    stranger_do(&s, "title 0x%lx harmless", H(hwnd));
    stranger_do(&s, "title 0x%lx now a secret too", H(late));
    ok(sees(&w, hwnd), "and stays so when it changes");
    ok(entry(&w, late) != NULL, "a window that is retitled begins to match");
    ok(stats(&w).turned == 1, "which is counted");
    late2 = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    stranger_do(&s, "title 0x%lx a secret at once", H(late2));
    ok(sees(&w, late2) && stats(&w).turned == 1,
       "one that matches when it is first seen is not");
    stranger_do(&s, "kill 0x%lx", H(late2));
    look(&w);
    ff_magnifier_rt_windows_matches(w.windows, matches);
    ok(matches[0] == 0 && matches[1] == 2, "matches are counted for each rule");

    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("pid=1|title=\\*no|title=*secret*"));
    ok(sees(&w, hwnd), "with other rules it stays while its own is among them");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("title=*SECRET*"));
    ok(look(&w) >= 0 && !entry(&w, hwnd) && entry(&w, late),
       "and does not when it is not; the others are asked anew");
    ff_magnifier_rt_windows_set_rules(w.windows, NULL);
    ok(look(&w) >= 0 && !w.seen.nb_windows, "without rules nothing is listed");
    unwatch(&w);
    stranger_end(&s);
}

static void titles_are_read_when_it_matters(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND shown  = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    HWND hidden = stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    Watch w;
    int i, seen = 1;

    /* So many that its turn does not come by chance. */
    for (i = 0; i < 100; i++)
        stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("title=secret");
    look(&w);
    drain(&w);
    look(&w);
    stranger_do(&s, "title 0x%lx secret", H(shown));
    stranger_do(&s, "title 0x%lx secret", H(hidden));
    for (i = 0; i < 3 && seen; i++)
        seen = walk(&w, 0) < 0 || entry(&w, shown) || entry(&w, hidden);
    ok(!seen, "a walk that is not thorough does not ask all for their titles");
    ok(sees(&w, shown), "a thorough one asks those on the screen");
    /* No event is raised here. */
    stranger_do(&s, "show 0x%lx", H(hidden));
    ok(sees(&w, hidden), "also one that has been shown since");
    unwatch(&w);
    stranger_end(&s);
}

/**
 * Show a window without a drain, with the windows whose turn it is far away. Does the next walk
 * see it?
 */
static int sees_when_shown(Watch *w, Stranger *s, HWND hwnd)
{
    w->windows->shown.at = w->windows->roster.verify_at = 100;
    stranger_do(s, "show 0x%lx", H(hwnd));
    return sees(w, hwnd);
}

static void what_is_shown_is_noticed(void)
{
    Stranger s    = stranger_start(subject_exe);
    HWND topmost  = stranger_window(&s, "Topmost", "plain", WS_POPUP, WS_EX_TOPMOST, NULL);
    HWND deep     = stranger_window(&s, "Deep", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    HWND deeper   = stranger_window(&s, "Deep", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    HWND in_place = stranger_window(&s, "InPlace", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    HWND first    = stranger_window(&s, "First", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    Watch w;
    int i;

    for (i = 0; i < 200; i++)
        stranger_window(&s, "Spare", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("title=secret");
    look(&w);
    /* Up to where they will stay, above the windows of who watches. */
    stranger_do(&s, "show 0x%lx", H(first));
    stranger_do(&s, "hide 0x%lx", H(first));
    stranger_do(&s, "show 0x%lx", H(topmost));
    stranger_do(&s, "hide 0x%lx", H(topmost));
    look(&w);
    stranger_do(&s, "title 0x%lx secret", H(first));
    stranger_do(&s, "title 0x%lx secret", H(topmost));
    stranger_do(&s, "title 0x%lx secret", H(deep));
    stranger_do(&s, "title 0x%lx secret", H(deeper));
    stranger_do(&s, "title 0x%lx secret", H(in_place));

    ok(sees_when_shown(&w, &s, topmost), "the first of the topmost windows, when it is shown");
    ok(sees_when_shown(&w, &s, first), "the first of the others");
    stranger_do(&s, "show 0x%lx", H(deeper));
    ok(sees_when_shown(&w, &s, deep) && entry(&w, deeper), "all that are raised when they are shown");
    w.windows->shown.at = 100;
    stranger_do(&s, "showinplace 0x%lx", H(in_place));
    for (i = 0; i < 1000; i++) {
        w.windows->roster.verify_at = 100;
        if (sees(&w, in_place))
            break;
    }
    ok(i < 1000, "one that is not, when it is its turn (walk %d)", i + 1);
    unwatch(&w);
    stranger_end(&s);
}

/** Without an event there are two walks to find it in, and the second says that it is late. */
static void each_walk_asks_one_half(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND a, b, owner, owned[2];
    Watch w;
    int first;

    a     = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    b     = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    t     = start_as("helper.exe", path);
    owner = stranger_window(&t, "Top", "", SHOWN, 0, NULL);
    owned[0] = stranger_window(&t, "Owned", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    owned[1] = stranger_window(&t, "Owned", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    w = watch("class=Top|title=secret");
    look(&w);
    look(&w);
    stranger_do(&s, "title 0x%lx secret", H(a));
    stranger_do(&s, "title 0x%lx secret", H(b));
    stranger_do(&t, "owner 0x%lx 0x%lx", H(owned[0]), H(owner));
    stranger_do(&t, "owner 0x%lx 0x%lx", H(owned[1]), H(owner));
    w.windows->roster.verify_at = 0;
    look(&w);
    first = !!entry(&w, a);
    ok(first != !!entry(&w, b), "a walk asks one of two windows for its title");
    ok(entry(&w, first ? a : b)->flags & MAGNIFIER_GUARD_OVERDUE, "it may have been late to do so");
    ok(!entry(&w, owned[0]) != !entry(&w, owned[1]), "one of two for its owner");
    look(&w);
    ok(entry(&w, a) && entry(&w, b) && entry(&w, owned[0]) && entry(&w, owned[1]),
       "the next one asks the others");
    ok(!(entry(&w, first ? a : b)->flags & MAGNIFIER_GUARD_OVERDUE) &&
       entry(&w, first ? b : a)->flags & MAGNIFIER_GUARD_OVERDUE, "which is said once of each");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

/** Between two thorough walks there is nothing to find but what was heard of. */
static void what_is_calm_is_left_alone(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Top", "plain", SHOWN, 0, NULL), late;
    Watch w = watch("class=Top");
    uint64_t walks;

    look(&w);
    drain(&w);
    look(&w);
    drain(&w);
    walks = stats(&w).walks;
    ok(walk(&w, 0) >= 0 && entry(&w, hwnd) && stats(&w).walks == walks,
       "nothing was heard, and what the last walk found will do");
    SetWindowPos(hwnd, NULL, 70, 70, 0, 0, SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
    ok(walk(&w, 0) >= 0 && entry(&w, hwnd)->rect.left == 70, "but for where it is");
    late = stranger_window(&s, "Top", "plain", SHOWN, 0, NULL);
    drain(&w);
    ok(walk(&w, 0) >= 0 && entry(&w, late), "something was heard, and it walks");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Other"));
    ok(walk(&w, 0) >= 0 && !w.seen.nb_windows, "as it does with other rules");
    unwatch(&w);
    stranger_end(&s);
}

/** A window on the list is in no frame, whether it is shown or not. */
static void what_is_listed_is_not_asked(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Top", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    uint64_t handle = H(hwnd);
    Watch w;
    int i;

    for (i = 0; i < 200; i++)
        stranger_window(&s, "Spare", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("class=Top");
    ok(sees(&w, hwnd) && !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE), "a hidden window");
    ff_magnifier_rt_windows_listed(w.windows, &handle, 1);
    w.windows->roster.verify_at = 100;
    stranger_do(&s, "showinplace 0x%lx", H(hwnd));
    ok(sees(&w, hwnd) && !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE),
       "while it is on the list nobody asks whether it is shown");
    ff_magnifier_rt_windows_listed(w.windows, NULL, 0);
    w.windows->roster.verify_at = 100;
    ok(sees(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE, "off the list, a walk does");
    stranger_do(&s, "hide 0x%lx", H(hwnd));
    look(&w);
    ff_magnifier_rt_windows_listed(w.windows, &handle, 1);
    stranger_do(&s, "showinplace 0x%lx", H(hwnd));
    for (i = 0; i < 1000; i++)
        if (sees(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE)
            break;
    ok(i < 1000, "and on it, when it is its turn (walk %d)", i + 1);
    unwatch(&w);
    stranger_end(&s);
}

/** Shown while nothing is left out, when no owner can matter; then one does. */
static void what_was_shown_before_is_known(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND later = stranger_window(&s, "Later", "plain", WS_OVERLAPPEDWINDOW, 0, NULL), top;
    Watch w;
    int i;

    for (i = 0; i < 200; i++)
        stranger_window(&s, "Spare", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("class=Top|class=Titled&title=secret");
    look(&w);
    w.windows->shown.at = w.windows->roster.verify_at = 100;
    stranger_do(&s, "show 0x%lx", H(later));
    ok(look(&w) >= 0 && !w.seen.nb_windows, "a window is shown, and none is left out");
    top = stranger_window(&s, "Top", "plain", SHOWN, 0, NULL);
    stranger_do(&s, "owner 0x%lx 0x%lx", H(later), H(top));
    w.windows->shown.at = w.windows->roster.verify_at = 100;
    ok(sees(&w, later) && entry(&w, top), "it is asked for its owner as soon as one is");
    unwatch(&w);
    stranger_end(&s);
}

static void what_is_owned_goes_along(void)
{
    Stranger s = stranger_start(subject_exe), t, u;
    char path[MAX_PATH], other[MAX_PATH];
    HWND top, dialog, inner, foreign, later, hidden, distant, unseen;
    Watch w;
    int i;

    t       = start_as("helper.exe", path);
    u       = start_as("other.exe", other);
    top     = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    dialog  = stranger_window(&s, "Dialog", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, top);
    inner   = stranger_window(&s, "Inner", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, dialog);
    foreign = stranger_window(&t, "Foreign", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, inner);
    later   = stranger_window(&s, "Later", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    hidden  = stranger_window(&s, "Later", "", WS_POPUP | WS_CAPTION, 0, NULL);
    distant = stranger_window(&u, "Later", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    unseen  = stranger_window(&u, "Later", "", WS_POPUP | WS_CAPTION, 0, NULL);
    w       = watch("class=Top");
    ok(sees(&w, top) && entry(&w, dialog) && entry(&w, inner), "owned windows, over two steps");
    ok(entry(&w, foreign) != NULL, "also those of another process");
    ok(!entry(&w, later), "not one without an owner");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(later), H(top));
    ok(sees(&w, later), "one that gets an owner later does in the next walk");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(hidden), H(top));
    stranger_do(&s, "show 0x%lx", H(hidden));
    ok(sees(&w, hidden), "one that was hidden, when it is shown");
    /* So many stand before it that it is not its turn to be looked at again. */
    for (i = 0; i < 100; i++)
        stranger_window(&u, "Spare", "", WS_POPUP, 0, NULL);
    look(&w);
    w.windows->roster.verify_at = 0;
    stranger_do(&u, "owner 0x%lx 0x%lx", H(distant), H(top));
    for (i = 0; i < 50 && !sees(&w, distant); i++)
        ;
    ok(i < 50, "one on the screen, of a program of which none is left out, in its turn (walk %d)",
       i + 1);
    stranger_do(&u, "owner 0x%lx 0x%lx", H(unseen), H(top));
    for (i = 0; i < 500 && !sees(&w, unseen); i++)
        ;
    ok(i < 500, "a hidden one when it is looked at again (walk %d)", i + 1);
    stranger_do(&s, "kill 0x%lx", H(top));
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    stranger_end(&u);
    DeleteFileA(path);
    DeleteFileA(other);
}

static void what_went_along_stays(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND top   = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    HWND popup = stranger_window(&s, "Popup", "", WS_POPUP | WS_VISIBLE, WS_EX_TOOLWINDOW, NULL);
    Watch w    = watch("class=Top");

    ok(sees(&w, popup), "a popup of the same thread");
    stranger_do(&s, "kill 0x%lx", H(top));
    ok(sees(&w, popup), "stays left out when the window is gone");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=None|class=Top"));
    ok(sees(&w, popup), "also with other rules while that window's is among them");
    unwatch(&w);
    stranger_end(&s);
}

static void an_owner_set_just_before_is_known(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND top, dialog, late, popup;
    Watch w;
    int i;

    top    = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    dialog = stranger_window(&s, "Dialog", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    late   = stranger_window(&s, "Dialog", "", SHOWN, 0, NULL);
    popup  = stranger_window(&s, "Popup", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    for (i = 0; i < 40; i++)
        stranger_window(&s, "Many", "", SHOWN, 0, NULL);
    w = watch("class=Top");
    look(&w);
    drain(&w);
    ok(sees(&w, top) && !entry(&w, dialog), "a hidden window without an owner does not match");
    /* As ShowDialog() does. Wine does not tell that a window is shown. */
    stranger_do(&s, "owner 0x%lx 0x%lx", H(dialog), H(top));
    stranger_do(&s, "show 0x%lx", H(dialog));
    stranger_do(&s, "event 0x8002 0x%lx", H(dialog));
    ok(drain(&w) >= 0 && entry(&w, dialog), "it does when it is shown with one");
    ok(stats(&w).turned == 1, "and is counted");
    ok(sees(&w, dialog) && stats(&w).turned == 1, "once");

    look(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(late));
    drain(&w);
    stranger_do(&s, "owner 0x%lx 0x%lx", H(late), H(top));
    ok(sees(&w, late), "what was shown since the last walk is looked at in the next one");
    ok(stats(&w).turned == 2, "what it finds is counted");

    stranger_do(&s, "popup 0x%lx", H(popup));
    stranger_do(&s, "event 0x8002 0x%lx", H(popup));
    ok(drain(&w) >= 0 && entry(&w, popup), "so is one that has become a popup");
    unwatch(&w);
    stranger_end(&s);
}

static void a_console_is_whose_it_says(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND matched = stranger_window(&s, "ConsoleWindowClass", "one", SHOWN, 0, NULL);
    HWND other = stranger_window(&s, "WineConsoleClass", "two", SHOWN, 0, NULL);
    Watch w = watch("title=one|exe=subject.exe&class=WineConsoleClass");
    MagnifierWindow *win;
    uint64_t before;
    int i;

    for (i = 0; i < 40; i++)
        stranger_window(&s, "Many", "", SHOWN, 0, NULL);
    before = serial(&w, matched);
    drain(&w);
    look(&w);
    stranger_do(&s, "title 0x%lx harmless", H(matched));
    drain(&w);
    /* As if they had been of another program until now. */
    win = ff_magnifier_window_find(&w.windows->ids, matched);
    win->pid    = GetCurrentProcessId();
    win->thread = 1;
    win = ff_magnifier_window_find(&w.windows->ids, other);
    ff_magnifier_rt_process_put(&w.windows->ids.processes, &win->process);
    win->pid     = GetCurrentProcessId();
    win->thread  = 1;
    win->process = ff_magnifier_rt_process_get(&w.windows->ids.processes, win->pid);
    win->why     = MAGNIFIER_WHY_NOT;
    win->sticky  = 0;
    ok(sees(&w, other), "the rules are asked about the program that a console is of now");
    ok(entry(&w, matched) && entry(&w, matched)->serial == before && !stats(&w).reused,
       "a console that matched is the same window, whose ever it is");
    ok(ff_magnifier_window_find(&w.windows->ids, matched)->pid == s.pid, "its process is known");

    win = ff_magnifier_window_find(&w.windows->ids, matched);
    win->thread = 1;
    stranger_do(&s, "event 0x8000 0x%lx", H(matched));
    ok(drain(&w) >= 0 && sees(&w, other) && !entry(&w, matched) && stats(&w).reused == 1,
       "not so when one is created with its handle");
    unwatch(&w);
    stranger_end(&s);
}

static void only_our_desktop_is_recorded(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    Watch w = watch("class=Secret");
    const char *said;

    ok(sees(&w, hwnd) && drain(&w) >= 0, "a desktop of which nobody says whether it is shown is");
    on_screen = 1;
    ok(sees(&w, hwnd) && drain(&w) >= 0, "so is one that is");
    on_screen = 0;
    ok(look(&w) < 0 && drain(&w) < 0, "while another one is there is no walk and no drain");
    look(&w);
    said = strstr(lines, "another desktop");
    ok(said && !strstr(said + 1, "another desktop"), "it is said once");
    on_screen = 1;
    ok(sees(&w, hwnd) && drain(&w) >= 0, "when it is gone there is");
    object_error = ERROR_ACCESS_DENIED;
    ok(look(&w) < 0 && drain(&w) < 0, "a desktop that cannot be asked is not believed");
    object_error = ERROR_CALL_NOT_IMPLEMENTED;
    ok(sees(&w, hwnd) && drain(&w) >= 0, "but for want of a question");
    object_error = 0;
    on_screen    = -1;

    stranger_do(&s, "event 0x20 0x%lx", H(hwnd));
    ok(drain(&w) < 0, "after a switch of desktops events are missing");
    ok(drain(&w) >= 0, "until the next time");
    unwatch(&w);
    stranger_end(&s);
}

static HWND echo_window(void)
{
    HWND hwnd = NULL;

    do {
        hwnd = FindWindowExW(NULL, hwnd, L"STATIC", NULL);
    } while (hwnd && GetWindowThreadProcessId(hwnd, NULL) != GetCurrentThreadId());
    return hwnd;
}

static void the_echo_is_our_own(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND before = echo_window(), hwnd;
    Watch w = watch("class=*"), v = watch("class=*");

    hwnd = echo_window();
    ok(!before && hwnd && !IsWindowVisible(hwnd), "who listens has a hidden window");
    look(&w);
    drain(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(hwnd));
    stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
    ok(drain(&w) >= 0 && !entry(&w, hwnd), "events about it are dismissed");
    unwatch(&v);
    ok(IsWindow(hwnd) && drain(&w) >= 0, "it stays while anybody listens");
    unwatch(&w);
    ok(!IsWindow(hwnd) && !echo_window(), "and no longer");
    deaf = 1;
    w    = watch("class=*");
    ff_magnifier_log_flush(w.log, NULL);
    deaf = 0;
    ok(warnings == 1 && strstr(lines, "do not come back"), "an echo that does not work is warned of");
    unwatch(&w);
    stranger_end(&s);
}

static void lines_that_were_held_back_are_counted(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("class=Many");
    const char *said;
    int i;

    look(&w);
    look(&w);
    for (i = 0; i < 2 * MAGNIFIER_TELL_LINES + 5; i++)
        stranger_window(&s, "Many", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    Sleep(1000 - GetTickCount64() % 1000);
    look(&w);
    Sleep(1100);
    look(&w);
    ok(strstr(lines, "25 more windows") != NULL, "windows without a line are counted in a later walk");
    stranger_end(&s);
    Sleep(1000 - GetTickCount64() % 1000);
    look(&w);
    unwatch(&w);
    said = strstr(lines, "25 more windows");
    ok(said && strstr(said + 1, "25 more windows"), "and at the end");
}

static void popups_go_along(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND top, other, menu = NULL, tip, list, other_tip, bare;
    Watch w;
    int i;

    t         = start_as("helper.exe", path);
    top       = stranger_window(&s, "Top", "secret", SHOWN, 0, NULL);
    other     = stranger_window(&t, "Other", "plain", SHOWN, 0, NULL);
    tip       = stranger_do(&s, "tip 0x%lx", H(top));
    other_tip = stranger_do(&t, "tip 0x%lx", H(other));
    list      = stranger_do(&s, "combo 0x%lx", H(top));
    bare      = stranger_window(&s, "Bare", "", WS_POPUP | WS_VISIBLE, WS_EX_NOACTIVATE, NULL);
    w         = watch("title=secret");
    ok(sees(&w, top), "a window by its title");
    ok(entry(&w, tip) && entry(&w, tip)->flags & MAGNIFIER_GUARD_VISIBLE,
       "a tooltip of its thread goes along");
    ok(!entry(&w, tip) || !(entry(&w, tip)->flags & MAGNIFIER_GUARD_ANIMATES),
       "a tooltip is not animated");
    ok(!entry(&w, other_tip), "not one of another program");
    ok(GetAncestor(list, GA_PARENT) != GetDesktopWindow() || entry(&w, list),
       "a drop-down list goes along");
    ok(entry(&w, bare) != NULL, "a popup of its own making goes along");

    stranger_do(&s, "menu 0x%lx", H(top));
    for (i = 0; i < 100 && !menu; i++) {
        HWND at = NULL;

        Sleep(10);
        while (!menu && (at = FindWindowExW(NULL, at, L"#32768", NULL))) {
            DWORD pid;

            GetWindowThreadProcessId(at, &pid);
            if (pid == s.pid && IsWindowVisible(at))
                menu = at;
        }
    }
    ok(menu && sees(&w, menu) && entry(&w, menu)->flags & MAGNIFIER_GUARD_VISIBLE,
       "a menu goes along");
    stranger_do(&s, "endmenu");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

static void a_frame_is_its_app(void)
{
    Stranger host = stranger_start(subject_exe), app;
    char path[MAX_PATH];
    HWND frame, empty, core;
    Watch w, u;
    int i;

    app   = start_as("calculator.exe", path);
    frame = stranger_window(&host, "ApplicationFrameWindow", "Calc", SHOWN, 0, NULL);
    empty = stranger_window(&host, "ApplicationFrameWindow", "Other", SHOWN, 0, NULL);
    core  = stranger_window(&app, "Windows.UI.Core.CoreWindow", "Calc", WS_CHILD | WS_VISIBLE, 0,
                            frame);
    w = watch("exe=calculator.exe");
    ok(core && sees(&w, frame), "a rule for the app finds the frame");
    ok(entry(&w, empty) && strstr(lines, "too little is known"),
       "a frame of which the app is not known counts as matched, and that is said");
    u = watch("exe=nosuch.exe");
    ok(look(&u) >= 0 && !entry(&u, frame), "a rule for another app does not");
    stranger_do(&app, "kill 0x%lx", H(core));
    /* Frames are looked into in turn. */
    for (i = 0; i < 100 && !sees(&u, frame); i++)
        ;
    ok(i == 100, "the app is remembered when it is not in its frame");
    unwatch(&u);
    unwatch(&w);
    stranger_end(&host);
    stranger_end(&app);
    DeleteFileA(path);
}

static void a_ghost_without_a_name_is_matched(void)
{
    Stranger s = stranger_start(subject_exe), dwm;
    char path[MAX_PATH];
    HWND plain, ghost;
    Watch w;

    dwm   = start_as("dwm.exe", path);
    plain = stranger_window(&s, "Ghost", "", SHOWN, 0, NULL);
    ghost = stranger_window(&dwm, "Ghost", "", SHOWN, 0, NULL);
    w     = watch("exe=nosuch.exe");
    ok(look(&w) >= 0 && entry(&w, ghost), "a ghost of which nobody knows whose is matched");
    ok(!entry(&w, plain), "a window of that class of another program is a window");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&dwm);
    DeleteFileA(path);
}

static void what_is_not_known_is_matched(void)
{
    Stranger s = stranger_start(subject_exe);
    MagnifierWindow *win;
    uint64_t unknown;
    HANDLE process;
    HWND hwnd, later;
    Watch w;

    stranger_do(&s, "deny");
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, s.pid);
    if (process) {
        CloseHandle(process);
        skip(1, "no process here denies to be opened");
        stranger_end(&s);
        return;
    }
    hwnd = stranger_window(&s, "Denied", "", SHOWN, 0, NULL);
    w    = watch("exe=subject.exe");
    ok(sees(&w, hwnd), "a process that cannot be opened still has a name");
    unwatch(&w);

    /* As if the first window's process had ended and its number were another one's now. */
    w   = watch("exe=subject.exe");
    ok(sees(&w, hwnd), "its window is known");
    win = ff_magnifier_window_find(&w.windows->ids, hwnd);
    av_free(win->process->name);
    win->process->name = av_strdup("ended.exe");
    win->process->found = 0;
    later = stranger_window(&s, "Later", "", SHOWN, 0, NULL);
    ok(sees(&w, later), "the number of such a process is not believed to stay its own");
    unwatch(&w);
    stranger_do(&s, "kill 0x%lx", H(later));
    w = watch("exe=nosuch.exe");
    ok(look(&w) >= 0 && !entry(&w, hwnd), "which is enough for rules about names");
    unwatch(&w);
    w = watch("exe=*\\\\dir\\\\nosuch.exe");
    ok(sees(&w, hwnd) && strstr(lines, "too little is known"),
       "but not for rules about paths: it is matched");
    unknown = stats(&w).unknown;
    look(&w);
    ok(unknown && stats(&w).unknown == unknown, "and counted once");
    Sleep(300);
    look(&w);
    ok(stats(&w).processes_unknown == 1, "so is its process (%"PRIu64")",
       stats(&w).processes_unknown);
    unwatch(&w);
    stranger_end(&s);
}

static void a_number_that_was_given_away_is_noticed(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd  = stranger_window(&s, "Late", "", SHOWN, 0, NULL);
    Watch w    = watch("class=Late");
    MagnifierProcesses *processes = &w.windows->ids.processes;
    MagnifierProcess *process;
    uint64_t found_at;

    ok(sees(&w, hwnd), "a window of a process");
    process = ff_magnifier_window_find(&w.windows->ids, hwnd)->process;
    /* As if it could not be opened until now. */
    CloseHandle(process->handle);
    process->handle = NULL;
    av_freep(&process->path);
    found_at = process->found_at;
    process->found_at = 0;
    ok(!ff_magnifier_rt_process_retry(processes, process) && !process->handle && !process->path,
       "one that was created after its entry is another one with its number");
    process->found_at = found_at;
    process->next_try = 0;
    ok(ff_magnifier_rt_process_retry(processes, process) && process->handle && process->path,
       "one that was there before is it");
    unwatch(&w);
    stranger_end(&s);
}

static void a_hung_program_holds_nobody_up(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Hung", "hung secret", SHOWN, 0, NULL);
    Watch w = watch("title=*secret*&class=Hung|class=Nothing");
    double begin, worst = 0;
    int i, found = 1, clean = 1;

    stranger_do(&s, "hang 2500");
    for (i = 0; i < 50; i++) {
        double t = seconds();

        found &= sees(&w, hwnd);
        clean &= drain(&w) >= 0;
        worst = FFMAX(worst, seconds() - t);
    }
    begin = seconds();
    ok(found && clean, "50 walks and drains find the window of a program that hangs");
    ok(worst < 0.5, "the longest took %.1f ms", worst * 1000);
    stranger_do(&s, "title 0x%lx x", H(hwnd));
    ok(seconds() - begin > 0.5, "it did hang all the while");
    unwatch(&w);
    stranger_end(&s);
}

static const MagnifierGuardWindow *unknown_event(const Watch *w)
{
    size_t i;

    for (i = 0; i < w->seen.nb_windows; i++)
        if (!w->seen.windows[i].serial && w->seen.windows[i].flags & MAGNIFIER_GUARD_GONE &&
            w->seen.windows[i].flags & MAGNIFIER_GUARD_VISIBLE)
            return &w->seen.windows[i];
    return NULL;
}

static void what_came_and_went_is_heard(void)
{
    Stranger s = stranger_start(subject_exe), t, console;
    char path[MAX_PATH], console_path[MAX_PATH];
    HWND hwnd, top, matching, child;
    Watch w, title;

    t   = start_as("other.exe", path);
    console = start_as("ConHost.exe", console_path);
    top = stranger_window(&t, "Other", "", SHOWN, 0, NULL);
    matching = stranger_window(&s, "Matching", "", SHOWN, 0, NULL);
    w     = watch("exe=subject.exe");
    title = watch("title=*secret*");
    look(&w);
    look(&title);
    drain(&w);
    drain(&title);
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "no events when nothing happens");

    hwnd = stranger_do(&s, "flash Flash");
    w.windows->sight.animations = 1;
    ok(hwnd && !IsWindow(hwnd) && drain(&w) >= 0 && unknown_event(&w),
       "a window of a matching program that came and went is heard");
    ok(unknown_event(&w) && unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES,
       "its end may have been animated");
    stranger_do(&s, "flashhidden Flash");
    ok(drain(&w) >= 0 && unknown_event(&w) &&
       !(unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES), "unless it was never shown");
    stranger_do(&s, "flash Flash");
    w.windows->sight.animations = 0;
    ok(drain(&w) >= 0 && unknown_event(&w) &&
       !(unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES), "or nothing is animated here");
    ok(drain(&title) >= 0 && unknown_event(&title), "it might have had any title");
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "and is heard once");

    stranger_do(&t, "flash Flash");
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "one of a program that does not match is dismissed");
    stranger_do(&console, "flash Flash");
    ok(drain(&w) >= 0 && unknown_event(&w), "one of what shows windows of others is not");
    stranger_do(&t, "flashthread Flash");
    ok(drain(&w) >= 0 && unknown_event(&w),
       "one whose thread is gone as well could be anybody's");
    drain(&title);

    child = stranger_window(&s, "Child", "", WS_CHILD | WS_VISIBLE, 0, matching);
    drain(&w);
    stranger_do(&s, "event 0x800f 0x%lx", H(child));
    ok(drain(&w) >= 0 && entry(&w, child), "a child that had another parent meanwhile is heard");
    stranger_do(&s, "event 0x800f 0x%lx", H(child));
    stranger_do(&s, "kill 0x%lx", H(child));
    ok(drain(&w) >= 0 && unknown_event(&w), "also when it is gone");
    child = stranger_window(&s, "Child", "", WS_CHILD | WS_VISIBLE, 0, matching);
    stranger_do(&s, "event 0x8002 0x%lx", H(child));
    drain(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(child));
    stranger_do(&s, "kill 0x%lx", H(child));
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "not when it had not");
    drain(&title);

    hwnd = stranger_window(&s, "Known", "", SHOWN, 0, NULL);
    ok(sees(&w, hwnd), "a window that is known");
    drain(&w);
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    w.windows->sight.animations = 1;
    w.seen.nb_windows = 0;
    ff_magnifier_rt_sight_add(&w.windows->sight, &w.seen,
                              ff_magnifier_window_find(&w.windows->ids, hwnd), MAGNIFIER_GUARD_GONE);
    ok(entry(&w, hwnd) && entry(&w, hwnd)->flags == (MAGNIFIER_GUARD_VISIBLE |
       MAGNIFIER_GUARD_NO_RECT | MAGNIFIER_GUARD_ANIMATES | MAGNIFIER_GUARD_GONE),
       "and goes while it is looked at may be anywhere");
    drain(&w);
    drain(&title);

    stranger_window(&t, "Child", "", WS_CHILD | WS_VISIBLE, 0, top);
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "a child window is dismissed");
    ok(drain(&title) >= 0 && !title.seen.nb_windows, "also where it could have had any title");

    hwnd = stranger_window(&s, "New", "", SHOWN, 0, NULL);
    ok(drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->serial &&
       !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_GONE), "a new window that matches is heard");
    {
        uint64_t number = entry(&w, hwnd) ? entry(&w, hwnd)->serial : 0;

        ok(serial(&w, hwnd) == number, "with the serial number that the walk gives it");
    }
    hwnd = stranger_window(&t, "New", "", SHOWN, 0, NULL);
    ok(drain(&w) >= 0 && !entry(&w, hwnd), "a new one that does not match is dismissed");

    unwatch(&w);
    unwatch(&title);
    stranger_end(&s);
    stranger_end(&t);
    stranger_end(&console);
    DeleteFileA(path);
    DeleteFileA(console_path);
}

static void titles_that_nobody_saw_are_doubted(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    HWND fixed = stranger_window(&s, "Fixed", "plain", SHOWN, 0, NULL);
    HWND hidden = stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    Watch w = watch("title=*secret*&class!=Fixed");

    look(&w);
    drain(&w);
    drain(&w);
    stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
    if (drain(&w) >= 0 && stats(&w).events == 0) {
        skip(1, "events about titles do not arrive here");
    } else {
        ok(!entry(&w, hwnd), "one change of a title has been seen before and after");
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        ok(drain(&w) >= 0 && entry(&w, hwnd), "a second one soon after is doubted");
        drain(&w);
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        ok(drain(&w) >= 0 && !entry(&w, hwnd), "after a pause it is not");
        drain(&w);
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        ok(drain(&w) >= 0 && entry(&w, hwnd), "two at once are doubted");
        drain(&w);
        drain(&w);
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        stranger_do(&s, "churn Many 100 0");
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        ok(drain(&w) >= 0 && entry(&w, hwnd), "also when much has happened between them");
        stranger_do(&s, "event 0x800c 0x%lx", H(fixed));
        stranger_do(&s, "event 0x800c 0x%lx", H(fixed));
        ok(drain(&w) >= 0 && !entry(&w, fixed), "not where the title decides nothing");
        drain(&w);
        drain(&w);
        stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
        stranger_do(&s, "kill 0x%lx", H(hwnd));
        ok(drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_GONE,
           "one is enough where the title after it is not seen");
        stranger_do(&s, "event 0x800c 0x%lx", H(fixed));
        stranger_do(&s, "kill 0x%lx", H(fixed));
        ok(drain(&w) >= 0 && !entry(&w, fixed), "again where the title decides");
        stranger_do(&s, "title 0x%lx a secret", H(hidden));
        stranger_do(&s, "event 0x800c 0x%lx", H(hidden));
        ok(drain(&w) >= 0 && entry(&w, hidden), "the title of a hidden window is read when it is told of");
    }
    unwatch(&w);
    stranger_end(&s);
}

static void lost_and_unheard_events_are_told(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("exe=nosuch.exe");
    const char *said;
    double begin;
    int i;

    look(&w);
    drain(&w);
    deaf  = 1;
    begin = seconds();
    ok(drain(&w) < 0, "when events do not arrive any more, that is an error");
    ok(seconds() - begin < 1, "after a bounded wait (%.0f ms)", 1000 * (seconds() - begin));
    drain(&w);
    said = strstr(lines, "do not arrive");
    ok(said && !strstr(said + 1, "do not arrive"), "it is said once");
    deaf = 0;
    ok(drain(&w) >= 0, "when they arrive again it is none");
    for (i = 0; i < MAGNIFIER_EVENTS_MAX + 200; i += 100)
        stranger_do(&s, "churn Many 100 0");
    ok(drain(&w) < 0, "more events than there is room for are an error");
    ok(drain(&w) >= 0, "until the next time");
    unwatch(&w);
    stranger_end(&s);
}

static void moves_are_heard_where_they_matter(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd[MOVES_MATTER], other = stranger_window(&s, "Other", "", SHOWN, 0, NULL);
    Watch few = watch("class=Moving0"), many = watch("class=Moving*");
    int i;

    for (i = 0; i < MOVES_MATTER; i++) {
        char name[32];

        snprintf(name, sizeof(name), "Moving%d", i);
        hwnd[i] = stranger_window(&s, name, "", SHOWN, 0, NULL);
    }
    look(&few);
    look(&many);
    drain(&few);
    drain(&many);
    stranger_do(&s, "event 0x800b 0x%lx", H(hwnd[0]));
    stranger_do(&s, "event 0x800b 0x%lx", H(other));
    if (drain(&many) < 0 || !stats(&many).events) {
        skip(1, "events about places do not arrive here");
    } else {
        ok(entry(&many, hwnd[0]) != NULL, "with many windows that match, one that moved is told");
        ok(!entry(&many, other), "one that does not match is not");
        ok(drain(&few) >= 0 && !few.seen.nb_windows, "with few of them it does not matter");
        stranger_do(&s, "kill 0x%lx", H(hwnd[1]));
        look(&many);
        stranger_do(&s, "event 0x800b 0x%lx", H(hwnd[0]));
        ok(drain(&many) >= 0 && !entry(&many, hwnd[0]), "nor when they have become few");
    }
    unwatch(&few);
    unwatch(&many);
    stranger_end(&s);
}

static void a_child_betrays_its_holder(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND hwnd, holder;
    Watch w;

    t      = start_as("other.exe", path);
    hwnd   = stranger_window(&s, "Secret", "", WS_POPUP | WS_VISIBLE, 0, NULL);
    holder = stranger_window(&t, "Holder", "", SHOWN, 0, NULL);
    w      = watch("class=Secret");
    ok(sees(&w, hwnd) && !entry(&w, holder), "a window alone");
    stranger_do(&s, "parent 0x%lx 0x%lx", H(hwnd), H(holder));
    ok(GetAncestor(hwnd, GA_PARENT) == holder && sees(&w, holder),
       "the window into which it is put is left out with it");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=None|class=Secret"));
    ok(sees(&w, holder), "also with other rules while its rule is among them");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=None"));
    ok(look(&w) >= 0 && !entry(&w, holder), "and not when it is not");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

static void a_handle_used_again_is_another_window(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    HWND other = stranger_window(&s, "Plain", "", SHOWN, 0, NULL);
    Watch w = watch("class=Secret");
    uint64_t before;
    MagnifierWindow *win;
    int i;

    before = serial(&w, hwnd);
    /* As if the matching window of another thread had had this handle. */
    win = ff_magnifier_window_find(&w.windows->ids, other);
    win->thread++;
    win->why    = MAGNIFIER_WHY_RULE;
    win->sticky = 1;
    for (i = 0; i < 200 && sees(&w, other); i++)
        ;
    ok(!entry(&w, other), "a handle that went to another thread is another window (walk %d)", i);
    ok(stats(&w).reused == 1, "and that is counted");
    ok(serial(&w, hwnd) == before, "the others keep their serial numbers");

    /* As if it had been given away in the same thread, which only events tell. */
    win = ff_magnifier_window_find(&w.windows->ids, other);
    win->class_name[0] = 'X';
    win->why    = MAGNIFIER_WHY_RULE;
    win->sticky = 1;
    stranger_do(&s, "event 0x8000 0x%lx", H(other));
    ok(drain(&w) >= 0 && !entry(&w, other) && !sees(&w, other),
       "one that is created anew in the same thread is, too");
    unwatch(&w);
    stranger_end(&s);
}

/* Takes a minute: handles are used again only after 65535 others. */
static void a_handle_really_used_again_is_another_window(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Secret", "", SHOWN, 0, NULL), again;
    Watch w = watch("class=Secret");
    uint64_t before = serial(&w, hwnd);
    double begin = seconds();

    /* The events are lost: only the walk can tell. */
    ff_magnifier_rt_events_stop(&w.windows->listener);
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    again = stranger_do(&s, "churnin Plain 140000 0x%lx", H(hwnd));
    printf("# %.1f s to get the handle again\n", seconds() - begin);
    if (again != hwnd) {
        skip(0, "the handle was not given away again");
    } else {
        int i;

        for (i = 0; i < 200 && sees(&w, hwnd); i++)
            ;
        ok(!entry(&w, hwnd), "another window with the handle of one that matched does not match");
        ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Plain"));
        ok(serial(&w, hwnd) > before, "it has a serial number of its own");
    }
    unwatch(&w);
    stranger_end(&s);
}

static void what_is_printed_can_be_pasted(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Odd&Class", "50% of a|b? *x* \"q\" (1)", SHOWN, 0, NULL);
    Watch w = watch("class=Nothing");
    AVBPrint bp;
    char *line, *next;
    int nb = 0, bad = 0, mine = 0;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ok(ff_magnifier_rt_windows_print(w.windows, &bp) >= 0, "the windows are printed");
    unwatch(&w);
    for (line = bp.str; line && *line; line = next) {
        char *tab = strchr(line, '\t'), *handle;
        unsigned long value;

        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (!tab || !(handle = strstr(tab, "hwnd 0x"))) {
            bad++;
            printf("# no rule: %s\n", line);
            continue;
        }
        *tab = 0;
        value = strtoul(handle + 5, NULL, 0);
        w = watch("%s", line);
        /* Windows of Wine's own come and go. */
        if (!sees(&w, (HWND)(uintptr_t)value) && IsWindow((HWND)(uintptr_t)value)) {
            printf("# does not match its window: %s\n", line);
            bad++;
        }
        if (value == H(hwnd)) {
            mine = 1;
            ok(w.seen.nb_windows == 1, "an odd window by its own rule alone: %s", line);
        }
        unwatch(&w);
        nb++;
    }
    ok(nb && !bad && mine, "%d windows, each found by the rule printed for it", nb);
    av_bprint_finalize(&bp, NULL);
    stranger_end(&s);
}

/* ---- the list of windows ---- */

static MagnifierBuildList real_build;
static HWND left_out;

static LONG WINAPI partial_build(HDESK desktop, HWND parent, BOOL children, BOOL no_immersive,
                                 DWORD thread, ULONG max, HWND *list, ULONG *count)
{
    LONG status = real_build(desktop, parent, children, no_immersive, thread, max, list, count);
    ULONG i, to = 0;

    for (i = 0; status >= 0 && i < *count; i++)
        if (list[i] != left_out)
            list[to++] = list[i];
    if (status >= 0)
        *count = to;
    return status;
}

static void a_window_that_the_list_misses_is_not_given_up(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Missed", "secret", SHOWN, 0, NULL);
    Watch w = watch("title=secret");
    uint64_t before = serial(&w, hwnd);

    stranger_do(&s, "title 0x%lx harmless", H(hwnd));
    if (!w.windows->roster.top.build) {
        skip(1, "this system has no such list");
    } else {
        real_build = w.windows->roster.top.build;
        left_out   = hwnd;
        w.windows->roster.top.build = partial_build;
        w.windows->roster.audit_due = UINT64_MAX;
        ok(serial(&w, hwnd) == before && before,
           "a window that is left out stays so while the list misses it");
        left_out = NULL;
        ok(serial(&w, hwnd) == before && w.seen.nb_windows == 1, "and when it has it again");
    }
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    ok(!sees(&w, hwnd), "and not when it is dead");
    unwatch(&w);
    stranger_end(&s);
}

static int on_list(void *opaque, HWND hwnd)
{
    const MagnifierToplevel *top = opaque;
    int i;

    for (i = 0; i < top->nb; i++)
        if (top->list[i] == hwnd)
            return 1;
    return 0;
}

static void a_list_that_lacks_a_window_is_not_believed(void)
{
    Stranger s = stranger_start(subject_exe);
    MagnifierToplevel top = { 0 }, slow = { .begun = 1 };
    HWND hwnd;
    int i, ret = 0, same = 1, nb;

    stranger_window(&s, "Second", "", SHOWN, 0, NULL);
    hwnd = stranger_window(&s, "First", "", SHOWN, 0, NULL);
    ok(ff_magnifier_rt_toplevel_get(&top) >= 0 && on_list(&top, hwnd), "the list has a window");
    if (!top.build) {
        skip(1, "this system has no such list");
        ff_magnifier_rt_toplevel_free(&top);
        stranger_end(&s);
        return;
    }
    ok(ff_magnifier_rt_toplevel_get(&slow) >= 0, "so has the walk");
    for (i = 0; i < slow.nb; i++)
        same &= i < top.nb && slow.list[i] == top.list[i];
    ok(same && slow.nb == top.nb, "both have the same %d windows in the same order", top.nb);
    ok(ff_magnifier_rt_toplevel_audit(&top, 100000, on_list, &top) == 0 && top.build,
       "a complete list stands an audit");

    find_error = ERROR_ACCESS_DENIED;
    ok(ff_magnifier_rt_toplevel_audit(&top, 0, on_list, &top) == AVERROR_EXTERNAL &&
       top.error == ERROR_ACCESS_DENIED, "an audit that cannot be made is an error");
    find_error = ERROR_INVALID_WINDOW_HANDLE;
    ok(ff_magnifier_rt_toplevel_audit(&top, 0, on_list, &top) == 0,
       "that a window is gone is none");
    find_error = 0;

    real_build = top.build;
    left_out   = hwnd;
    top.build  = partial_build;
    ret = ff_magnifier_rt_toplevel_get(&top);
    ok(ret >= 0 && !on_list(&top, hwnd), "a list that lacks a window");
    nb = top.nb + 3;
    for (i = 0; i < nb && ret >= 0; i++)
        ret = ff_magnifier_rt_toplevel_audit(&top, 0, on_list, &top);
    ok(ret == AVERROR(EAGAIN), "is found out (at place %d)", i);
    ret = ff_magnifier_rt_toplevel_get(&top);
    ok(ret >= 0 && !top.build && on_list(&top, hwnd), "and replaced with a walk, for good");

    top.build = real_build;
    left_out  = NULL;
    hwnd      = stranger_window(&s, "Third", "", SHOWN, 0, NULL);
    top.missing = hwnd;
    ok(ff_magnifier_rt_toplevel_get(&top) >= 0 && top.build && on_list(&top, hwnd),
       "a window that is new does not make it unbelievable");
    ff_magnifier_rt_toplevel_free(&top);
    ff_magnifier_rt_toplevel_free(&slow);
    stranger_end(&s);
}

/* ---- nothing stays behind ---- */

static size_t busy_blocks(void)
{
    HANDLE heaps[64];
    DWORD nb = GetProcessHeaps(64, heaps), i;
    size_t blocks = 0;

    for (i = 0; i < nb && i < 64; i++) {
        PROCESS_HEAP_ENTRY e = { 0 };

        while (HeapWalk(heaps[i], &e))
            blocks += !!(e.wFlags & PROCESS_HEAP_ENTRY_BUSY);
    }
    return blocks;
}

static void nothing_stays_behind(void)
{
    Stranger s = stranger_start(subject_exe);
    size_t before = 0, after;
    int i;

    stranger_window(&s, "ApplicationFrameWindow", "", SHOWN, 0, NULL);
    for (i = 0; i < 60; i++) {
        Watch w = watch("exe=subject.exe|title=*a*|class=B*&title=c");
        HWND hwnd = stranger_window(&s, "Brief", "brief", WS_OVERLAPPEDWINDOW, 0, NULL);

        look(&w);
        stranger_do(&s, "flash Flash");
        drain(&w);
        stranger_do(&s, "kill 0x%lx", H(hwnd));
        look(&w);
        ff_magnifier_rt_windows_set_rules(w.windows, rules_of("title=x"));
        look(&w);
        unwatch(&w);
        if (i == 19)
            before = busy_blocks();
    }
    after = busy_blocks();
    ok(before > 0 && after <= before + 3, "40 more watches leave no block (%u, then %u)",
       (unsigned)before, (unsigned)after);
    stranger_end(&s);
}

int main(int argc, char **argv)
{
    static void (*const tests[])(void) = {
        every_key_finds_its_window,
        windows_are_listed_before_they_show,
        the_order_is_that_of_the_screen,
        own_windows_are_ours_or_self,
        a_match_is_for_life,
        titles_are_read_when_it_matters,
        what_is_shown_is_noticed,
        each_walk_asks_one_half,
        what_is_calm_is_left_alone,
        what_is_listed_is_not_asked,
        what_was_shown_before_is_known,
        what_is_owned_goes_along,
        what_went_along_stays,
        an_owner_set_just_before_is_known,
        a_console_is_whose_it_says,
        only_our_desktop_is_recorded,
        the_echo_is_our_own,
        lines_that_were_held_back_are_counted,
        popups_go_along,
        a_frame_is_its_app,
        a_ghost_without_a_name_is_matched,
        what_is_not_known_is_matched,
        a_number_that_was_given_away_is_noticed,
        a_hung_program_holds_nobody_up,
        what_came_and_went_is_heard,
        titles_that_nobody_saw_are_doubted,
        lost_and_unheard_events_are_told,
        moves_are_heard_where_they_matter,
        a_child_betrays_its_holder,
        what_is_printed_can_be_pasted,
        a_list_that_lacks_a_window_is_not_believed,
        a_window_that_the_list_misses_is_not_given_up,
        a_handle_used_again_is_another_window,
        nothing_stays_behind,
    };
    size_t i;

    if (argc < 2)
        return 2;
    subject_exe = argv[1];
    GetFullPathNameA(subject_exe, sizeof(subject_dir), subject_dir, NULL);
    *strrchr(subject_dir, '\\') = 0;
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(keep_line);
    for (i = 0; i < FF_ARRAY_ELEMS(tests); i++)
        if (argc < 3 || !strcmp(argv[2], "slow") || i == strtoul(argv[2], NULL, 0))
            tests[i]();
    if (argc > 2 && !strcmp(argv[2], "slow"))
        a_handle_really_used_again_is_another_window();
    return tap_end();
}
