/*
 * Windows Magnification API screen capture: tests of the list of windows, and of what they are
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
 * Is every window on the list, and is it still the same window, of the same process?
 * test_toplevel SUBJECT.EXE [NUMBER | slow]; slow also waits until a handle is used again.
 */

#include "watch.h"
#include "imports.h"

static DWORD find_error;    ///< FindWindowEx() fails with this
static HWND (WINAPI *real_find)(HWND, HWND, const WCHAR *, const WCHAR *);

static HWND WINAPI find_window(HWND parent, HWND after, const WCHAR *class_name, const WCHAR *title)
{
    if (!find_error)
        return real_find(parent, after, class_name, title);
    SetLastError(find_error);
    return NULL;
}

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

static int on_list(const MagnifierToplevel *top, HWND hwnd)
{
    int i;

    for (i = 0; i < top->nb; i++)
        if (top->list[i] == hwnd)
            return 1;
    return 0;
}

static void a_list_that_lacks_a_window_is_not_believed(void)
{
    Stranger s = stranger_start(subject_exe);
    MagnifierToplevel top = { 0 }, slow = { .begun = 1 }, first = { .begun = 1 };
    HWND hwnd;
    int i, ret = 0, same = 1, nb;

    real_find = (void *)imports_replace("FindWindowExW", find_window);
    stranger_window(&s, "Second", "", SHOWN, 0, NULL);
    hwnd = stranger_window(&s, "First", "", SHOWN, 0, NULL);
    ok(ff_magnifier_rt_toplevel_get(&top) >= 0 && on_list(&top, hwnd), "the list has a window");
    if (!top.build) {
        skip(1, "this system has no such list");
        ff_magnifier_rt_toplevel_free(&top);
        stranger_end(&s);
        return;
    }
    ok(top.audited, "the first list is compared as a whole");
    ok(ff_magnifier_rt_toplevel_get(&slow) >= 0, "FindWindowEx has it");
    for (i = 0; i < slow.nb; i++)
        same &= i < top.nb && slow.list[i] == top.list[i];
    ok(same && slow.nb == top.nb, "both have the same %d windows in the same order", top.nb);

    find_error = ERROR_ACCESS_DENIED;
    ok(ff_magnifier_rt_toplevel_get(&top) == AVERROR_EXTERNAL && top.error == ERROR_ACCESS_DENIED,
       "a list that cannot be compared is an error");
    ok(ff_magnifier_rt_toplevel_get(&slow) == AVERROR_EXTERNAL &&
       slow.error == ERROR_ACCESS_DENIED, "so is an enumeration that cannot be made");
    find_error = ERROR_INVALID_WINDOW_HANDLE;
    ok(ff_magnifier_rt_toplevel_get(&top) == 0, "that a window is gone is none");
    find_error = 0;

    real_build    = top.build;
    left_out      = hwnd;
    first.desktop = top.desktop;
    first.build   = partial_build;
    ok(ff_magnifier_rt_toplevel_get(&first) >= 0 && !first.build && on_list(&first, hwnd),
       "a first list that lacks a window is replaced at once");
    top.build = partial_build;
    nb = top.nb + 3;
    for (i = 0; i < nb && ret >= 0 && top.build; i++)
        ret = ff_magnifier_rt_toplevel_get(&top);
    ok(ret >= 0 && !top.build && on_list(&top, hwnd), "a later one within %d lists (in %d)", nb, i);

    top.build = real_build;
    left_out  = NULL;
    hwnd      = stranger_window(&s, "Third", "", SHOWN, 0, NULL);
    ok(ff_magnifier_rt_toplevel_get(&top) >= 0 && top.build && on_list(&top, hwnd),
       "a window that is new does not make it unbelievable");
    ff_magnifier_rt_toplevel_free(&top);
    ff_magnifier_rt_toplevel_free(&slow);
    ff_magnifier_rt_toplevel_free(&first);
    stranger_end(&s);
}

static void a_window_that_the_list_misses_is_not_given_up(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Missed", "secret", SHOWN, 0, NULL);
    Watch w = watch("title=secret");
    uint64_t before = serial(&w, hwnd);
    int i;

    stranger_do(&s, "title 0x%lx harmless", H(hwnd));
    if (!w.windows->top.build) {
        skip(1, "this system has no such list");
    } else {
        real_build = w.windows->top.build;
        left_out   = hwnd;
        w.windows->top.build = partial_build;
        for (i = 0; i < 3; i++) {
            /* Away from the place behind which it is missing. */
            w.windows->top.audit_at = w.windows->top.nb / 2;
            ok(serial(&w, hwnd) == before && before,
               "a window that is left out stays so while the list misses it");
        }
        left_out = NULL;
        ok(serial(&w, hwnd) == before && nb_entries(&w) == 1, "and when it has it again");
    }
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    ok(!sees(&w, hwnd), "and not when it is dead");
    unwatch(&w);
    stranger_end(&s);
}

/* ---- windows that there are not: a desktop with so many takes Wine minutes ---- */

static int nb_imitated;     ///< windows; negative: the last one is followed by the first

static HWND imitated(int n)
{
    return (HWND)(uintptr_t)(0x50020 + 2 * n);
}

static HWND WINAPI find_imitated(HWND parent, HWND after, const WCHAR *class_name, const WCHAR *title)
{
    int next = after ? ((uintptr_t)after - 0x50020) / 2 + 1 : 0;

    SetLastError(ERROR_SUCCESS);
    if (next == abs(nb_imitated))
        return nb_imitated < 0 ? imitated(0) : NULL;
    return imitated(next);
}

static LONG WINAPI build_imitated(HDESK desktop, HWND parent, BOOL children, BOOL no_immersive,
                                  DWORD thread, ULONG max, HWND *list, ULONG *count)
{
    *count = nb_imitated + 1;
    if (*count > max)
        return 0xC0000023; /* STATUS_BUFFER_TOO_SMALL */
    for (int i = 0; i < nb_imitated; i++)
        list[i] = imitated(i);
    list[nb_imitated] = (HWND)1;
    return 0;
}

static int are_all_imitated(const MagnifierToplevel *top)
{
    for (int i = 0; i < top->nb; i++)
        if (top->list[i] != imitated(i))
            return 0;
    return top->nb == nb_imitated;
}

static void as_many_as_there_are_handles_are_listed(void)
{
    static const int numbers[] = { 1000, 20000, 32000 };
    HWND (WINAPI *find)(HWND, HWND, const WCHAR *, const WCHAR *);

    find = (void *)imports_replace("FindWindowExW", find_imitated);
    for (size_t i = 0; i < FF_ARRAY_ELEMS(numbers); i++) {
        MagnifierToplevel slow = { .begun = 1 };
        MagnifierToplevel fast = { .begun = 1, .build = build_imitated, .desktop = GetThreadDesktop(GetCurrentThreadId()) };

        nb_imitated = numbers[i];
        ok(ff_magnifier_rt_toplevel_get(&slow) >= 0 && are_all_imitated(&slow),
           "%d windows are found by FindWindowEx", nb_imitated);
        ok(ff_magnifier_rt_toplevel_get(&fast) >= 0 && fast.build && are_all_imitated(&fast),
           "and are on the system's list");
        nb_imitated = -nb_imitated;
        ok(ff_magnifier_rt_toplevel_get(&slow) == AVERROR_EXTERNAL, "a list that goes in a circle is none");
        ff_magnifier_rt_toplevel_free(&slow);
        ff_magnifier_rt_toplevel_free(&fast);
    }
    imports_replace("FindWindowExW", find);
}

static void a_handle_used_again_is_another_window(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    HWND other = stranger_window(&s, "Plain", "", SHOWN, 0, NULL);
    Watch w = watch("class=Secret");
    uint64_t before;
    MagnifierWindow *win;

    before = serial(&w, hwnd);
    /* As if the matching window of another thread had had this handle. */
    win = known(&w, other);
    win->thread++;
    win->match.why    = MAGNIFIER_WHY_RULE;
    win->match.sticky = 1;
    ok(look(&w) >= 0 && !entry(&w, other), "a handle that went to another thread is another window");
    ok(stats(&w).reused == 1, "and that is counted");
    ok(serial(&w, hwnd) == before, "the others keep their serial numbers");

    /* As if it had been given away in the same thread, which only events tell. */
    win = known(&w, other);
    win->class_name.units[0] = 'X';
    win->match.why    = MAGNIFIER_WHY_RULE;
    win->match.sticky = 1;
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

    /* The events are lost: only the look can tell. */
    ff_magnifier_rt_events_stop(&w.windows->listener);
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    again = stranger_do(&s, "churnin Plain 140000 0x%lx", H(hwnd));
    if (again != hwnd) {
        skip(0, "the handle was not given away again");
    } else {
        ok(look(&w) >= 0 && !entry(&w, hwnd), "another window with the handle of one that matched does not match");
        ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Plain"));
        ok(serial(&w, hwnd) > before, "it has a serial number of its own");
    }
    unwatch(&w);
    stranger_end(&s);
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
    win = known(&w, hwnd);
    ff_magnifier_text_set(&win->process->name, L"ended.exe", 9);
    win->process->found_at = 0;
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
    known(&w, hwnd)->process->next_try = 0;
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
    MagnifierProcesses *processes = &w.windows->processes;
    MagnifierProcess *process;
    uint64_t found_at, version;

    ok(sees(&w, hwnd), "a window of a process");
    process = known(&w, hwnd)->process;
    /* As if it could not be opened until now. */
    CloseHandle(process->handle);
    process->handle = NULL;
    ff_magnifier_text_free(&process->path);
    process->next_try = 0;
    found_at = process->found_at;
    version  = processes->version;
    process->found_at = 0;
    ff_magnifier_rt_process_retry(processes, process);
    ok(!process->handle && !process->path.units && processes->version == version,
       "one that was created after its entry is another one with its number");
    process->found_at = found_at;
    process->next_try = 0;
    ff_magnifier_rt_process_retry(processes, process);
    ok(process->handle && process->path.units && processes->version > version,
       "one that was there before is it");
    unwatch(&w);
    stranger_end(&s);
}

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
        a_list_that_lacks_a_window_is_not_believed,
        a_window_that_the_list_misses_is_not_given_up,
        as_many_as_there_are_handles_are_listed,
        a_handle_used_again_is_another_window,
        what_is_not_known_is_matched,
        a_number_that_was_given_away_is_noticed,
        nothing_stays_behind,
    };

    run(argc, argv, tests, FF_ARRAY_ELEMS(tests));
    if (argc > 2 && !strcmp(argv[2], "slow"))
        a_handle_really_used_again_is_another_window();
    return tap_end();
}
