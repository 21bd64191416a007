/*
 * Windows Magnification API screen capture: tests of which windows match, and cover
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
 * Looks at real windows of other programs: which match, and which cover what is below them.
 * test_windows SUBJECT.EXE [NUMBER]
 */

#include "watch.h"
#include "imports.h"
#include "wine.h"

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
    ok(sees(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE, "when shown it is");
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
        ok(sees(&w, hwnd) && r.top > -32000 &&
           entry(&w, hwnd)->flags & MAGNIFIER_GUARD_VISIBLE && entry(&w, hwnd)->rect.top == r.top,
           "a minimised window of which something stays on the screen (at %ld,%ld) is visible",
           r.left, r.top);
        SystemParametersInfoW(SPI_GETMINIMIZEDMETRICS, sizeof(metrics), &metrics, 0);
        hide = metrics;
        hide.iArrange = ARW_HIDE;
        SystemParametersInfoW(SPI_SETMINIMIZEDMETRICS, sizeof(hide), &hide, SPIF_UPDATEINIFILE);
        stranger_do(&s, "move 0x%lx", H(hwnd));
        GetWindowRect(hwnd, &r);
        ok(r.left <= -32000 && sees(&w, hwnd) &&
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

/** The other threads' top-level windows, from above. @return how many */
static size_t find_windows(HWND *windows, size_t most)
{
    HWND hwnd = NULL;
    size_t nb = 0;

    while (nb < most && (hwnd = FindWindowExW(NULL, hwnd, NULL, NULL)))
        if (GetWindowThreadProcessId(hwnd, NULL) != GetCurrentThreadId())
            windows[nb++] = hwnd;
    return nb;
}

static void the_order_is_that_of_the_screen(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("class=*");
    HWND before[200], after[200];
    size_t nb, i;
    int same, tries = 0;

    stranger_window(&s, "Lower", "", SHOWN, 0, NULL);
    stranger_window(&s, "Upper", "", SHOWN, 0, NULL);
    /* the desktop's own programs may be making some, or closing them */
    do {
        nb = find_windows(before, FF_ARRAY_ELEMS(before));
        look(&w);
    } while ((find_windows(after, FF_ARRAY_ELEMS(after)) != nb || memcmp(before, after, nb * sizeof(*before))) &&
             ++tries < 1000);
    same = w.seen.nb_windows == nb;
    for (i = 0; i < nb && same; i++)
        same = w.seen.windows[i].handle == (uintptr_t)before[i];
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

    WaitForSingleObject(own.ready, INFINITE);
    ok(sees(&w, own.hwnd), "self finds windows of other threads of this process");
    ok(!entry(&w, other), "self does not find windows of other processes");
    ok(!entry(&w, ours), "windows of this thread are never listed, even with self");
    unwatch(&w);

    t = watch("title=own");
    /* The thread leaves only when told to, below: who waits for it does so for ever. */
    ok(sees(&t, own.hwnd), "a window of a thread that does not pump is read by its title");
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
    int matches[3], hidden[3];

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
    ff_magnifier_rt_windows_matches(w.windows, matches, hidden);
    ok(matches[0] == 0 && matches[1] == 2, "matches are counted for each rule");

    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("pid=1|title=\\*no|title=*secret*"));
    ok(sees(&w, hwnd), "with other rules it stays while its own is among them");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("title=*SECRET*"));
    ok(look(&w) >= 0 && !entry(&w, hwnd) && entry(&w, late),
       "and does not when it is not; the others are asked anew");
    ff_magnifier_rt_windows_set_rules(w.windows, NULL);
    ok(look(&w) >= 0 && !nb_entries(&w), "without rules nothing is listed");
    unwatch(&w);
    stranger_end(&s);
}

/** Nothing here is told by an event that anybody drains. */
static void a_look_asks_everything(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND shown, hidden, plain, owner, owned, owned_hidden, distant;
    Watch w;
    int i;

    t            = start_as("helper.exe", path);
    owner        = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    shown        = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    hidden       = stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    plain        = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    owned        = stranger_window(&s, "Owned", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    owned_hidden = stranger_window(&s, "Owned", "", WS_POPUP | WS_CAPTION, 0, NULL);
    distant      = stranger_window(&t, "Owned", "", WS_POPUP | WS_CAPTION, 0, NULL);
    /* However many stand above them. */
    for (i = 0; i < 100; i++)
        stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("class=Top|title=secret");
    ok(sees(&w, owner) && nb_entries(&w) == 1, "one window matches");
    ok(sees(&w, owner) && nb_entries(&w) == 1, "and in the next look");
    stranger_do(&s, "title 0x%lx secret", H(shown));
    stranger_do(&s, "title 0x%lx secret", H(hidden));
    stranger_do(&s, "owner 0x%lx 0x%lx", H(owned), H(owner));
    stranger_do(&s, "owner 0x%lx 0x%lx", H(owned_hidden), H(owner));
    stranger_do(&t, "owner 0x%lx 0x%lx", H(distant), H(owner));
    look(&w);
    ok(entry(&w, shown) != NULL, "one look finds a new title");
    ok(entry(&w, hidden) != NULL, "that of a hidden window, too");
    ok(entry(&w, owned) != NULL, "a new owner");
    ok(entry(&w, owned_hidden) != NULL, "that of a hidden window, too");
    ok(entry(&w, distant) != NULL, "that of a hidden window of another process, too");
    ok(!entry(&w, plain) && nb_entries(&w) == 6, "and no other (%d)", nb_entries(&w));
    stranger_do(&s, "show 0x%lx", H(hidden));
    SetWindowPos(shown, NULL, 70, 80, 0, 0, SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
    look(&w);
    ok(entry(&w, hidden) && entry(&w, hidden)->flags & MAGNIFIER_GUARD_VISIBLE,
       "one look finds that a window is shown");
    ok(entry(&w, shown) && entry(&w, shown)->rect.left == 70 && entry(&w, shown)->rect.top == 80,
       "and where another one went");
    stranger_do(&s, "hide 0x%lx", H(hidden));
    look(&w);
    ok(entry(&w, hidden) && !(entry(&w, hidden)->flags & MAGNIFIER_GUARD_VISIBLE) &&
       entry(&w, hidden)->flags & MAGNIFIER_GUARD_NO_RECT, "and that one is hidden");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

static void what_is_owned_goes_along(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND top, dialog, inner, foreign, later, child, of_child;
    Watch w;

    t        = start_as("helper.exe", path);
    top      = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    dialog   = stranger_window(&s, "Dialog", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, top);
    inner    = stranger_window(&s, "Inner", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, dialog);
    foreign  = stranger_window(&t, "Foreign", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, inner);
    later    = stranger_window(&s, "Later", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    child    = stranger_window(&s, "Child", "", WS_CHILD | WS_VISIBLE, 0, top);
    of_child = stranger_window(&s, "Dialog", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, later);
    w        = watch("class=Top");
    ok(sees(&w, top) && entry(&w, dialog) && entry(&w, inner), "owned windows, over two steps");
    ok(entry(&w, foreign) != NULL, "also those of another process");
    ok(!entry(&w, later) && !entry(&w, of_child), "not one without an owner");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(of_child), H(child));
    ok(sees(&w, of_child), "one that gets an owner later, a child of a window that matches");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(of_child), 0UL);
    ok(sees(&w, of_child), "and stays when it has none any more");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Dialog"));
    ok(look(&w) >= 0 && entry(&w, dialog) && entry(&w, inner) && !entry(&w, top),
       "an owner does not go along with what it owns");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
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
    HWND top, dialog, popup;
    Watch w;

    top    = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    dialog = stranger_window(&s, "Dialog", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    popup  = stranger_window(&s, "Popup", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    w = watch("class=Top");
    look(&w);
    drain(&w);
    ok(sees(&w, top) && !entry(&w, dialog), "a hidden window without an owner does not match");
    /* As ShowDialog() does. */
    stranger_do(&s, "owner 0x%lx 0x%lx", H(dialog), H(top));
    stranger_do(&s, "show 0x%lx", H(dialog));
    if (!system_tells_of_show())
        stranger_do(&s, "event 0x8002 0x%lx", H(dialog));
    ok(drain(&w) >= 0 && entry(&w, dialog), "it does when it is shown with one");
    ok(stats(&w).turned == 1, "and is counted");
    ok(sees(&w, dialog) && stats(&w).turned == 1, "once");

    stranger_do(&s, "popup 0x%lx", H(popup));
    stranger_do(&s, "event 0x8002 0x%lx", H(popup));
    ok(drain(&w) >= 0 && entry(&w, popup), "so is one that has become a popup");
    unwatch(&w);
    stranger_end(&s);
}

static void of_another_program(MagnifierWindows *w, MagnifierWindow *win)
{
    ff_magnifier_rt_process_put(&w->processes, &win->process);
    win->process = ff_magnifier_rt_process_get(&w->processes, GetCurrentProcessId());
    win->thread  = 1;
}

static void a_console_is_whose_it_says(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND matched = stranger_window(&s, "ConsoleWindowClass", "one", SHOWN, 0, NULL);
    HWND other = stranger_window(&s, "WineConsoleClass", "two", SHOWN, 0, NULL);
    Watch w = watch("title=one|exe=subject.exe&class=WineConsoleClass");
    MagnifierWindow *win;
    uint64_t before;

    before = serial(&w, matched);
    drain(&w);
    look(&w);
    stranger_do(&s, "title 0x%lx harmless", H(matched));
    drain(&w);
    /* As if they had been of another program until now. */
    of_another_program(w.windows, known(&w, matched));
    win = known(&w, other);
    of_another_program(w.windows, win);
    win->match.why    = MAGNIFIER_WHY_NOT;
    win->match.sticky = 0;
    ok(sees(&w, other), "the rules are asked about the program that a console is of now");
    ok(entry(&w, matched) && entry(&w, matched)->serial == before && !stats(&w).reused,
       "a console that matched is the same window, whose ever it is");
    ok(known(&w, matched)->process->pid == s.pid, "its process is known");

    known(&w, matched)->thread = 1;
    stranger_do(&s, "event 0x8000 0x%lx", H(matched));
    ok(drain(&w) >= 0 && sees(&w, other) && !entry(&w, matched) && stats(&w).reused == 1,
       "not so when one is created with its handle");
    unwatch(&w);
    stranger_end(&s);
}

static const void *cloaked_window;

static HRESULT WINAPI get_attribute(HWND hwnd, DWORD attribute, void *value, DWORD size)
{
    *(DWORD *)value = hwnd == cloaked_window ? 2 : 0;
    return S_OK;
}

/** As a console's hidden window and the terminal's that shows it. */
static void a_terminal_goes_along_with_its_console(void)
{
    Stranger term = stranger_start(subject_exe), shell;
    char path[MAX_PATH];
    HWND one, two, holder, dialog, console, late;
    Watch w, v;

    shell   = start_as("shell.exe", path);
    one     = stranger_window(&term, "Terminal", "one", SHOWN, 0, NULL);
    two     = stranger_window(&term, "Terminal", "two", SHOWN, 0, NULL);
    holder  = stranger_window(&term, "Child", "", WS_CHILD, 0, one);
    dialog  = stranger_window(&term, "Dialog", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, one);
    console = stranger_window(&shell, "PseudoConsoleWindow", "", WS_OVERLAPPEDWINDOW, 0, holder);
    w       = watch("exe=shell.exe");
    w.windows->get_attribute = get_attribute;
    cloaked_window = one;
    ok(sees(&w, one) && !(entry(&w, one)->flags & MAGNIFIER_GUARD_VISIBLE),
       "the terminal of a console that matches, while it is cloaked");
    cloaked_window = NULL;
    ok(sees(&w, one) && entry(&w, console) && entry(&w, one)->flags & MAGNIFIER_GUARD_VISIBLE,
       "and when it is not");
    ok(strstr(lines, "shows the console of a program that is left out") != NULL, "which is said");
    ok(entry(&w, dialog) != NULL, "and what the terminal owns");
    ok(!entry(&w, two), "not one that shows no such console");
    stranger_do(&term, "minimise 0x%lx", H(two));
    stranger_do(&shell, "owner 0x%lx 0x%lx", H(console), H(two));
    ok(sees(&w, two), "one that comes to show it, minimised as it may be");
    ok(stats(&w).turned == 1, "which is counted");
    ok(entry(&w, one) != NULL, "and the one before for its life");
    stranger_do(&shell, "kill 0x%lx", H(console));
    ok(sees(&w, one) && entry(&w, two), "also without its console");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("exe=other.exe|exe=shell.exe"));
    ok(sees(&w, one), "also with other rules while its rule is among them");

    v = watch("exe=shell.exe");
    look(&v);
    drain(&v);
    ok(!entry(&v, one) && !entry(&v, two), "there is no console");
    late = stranger_window(&shell, "PseudoConsoleWindow", "", WS_OVERLAPPEDWINDOW, 0, one);
    ok(drain(&v) >= 0 && entry(&v, one), "the event of a new one tells of its terminal");
    ok(stats(&v).turned == 1 && drain(&v) >= 0 && !entry(&v, one), "once");
    stranger_do(&shell, "kill 0x%lx", H(late));
    unwatch(&v);
    stranger_window(&shell, "Other", "", WS_OVERLAPPEDWINDOW, 0, two);
    v = watch("exe=shell.exe");
    ok(look(&v) >= 0 && !entry(&v, two), "any other window leaves its owner alone");
    unwatch(&v);
    unwatch(&w);
    stranger_end(&shell);
    stranger_end(&term);
    DeleteFileA(path);
}

/** What is hidden may not be all that the user means. */
static void hidden_matches_are_counted_apart(void)
{
    Stranger s  = stranger_start(subject_exe);
    HWND hidden = stranger_window(&s, "Hidden", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    HWND small  = stranger_window(&s, "Small", "", SHOWN, 0, NULL);
    Watch w     = watch("class=Hidden|class=Small|class=None|class=Owner");
    int matches[4], nb_hidden[4];

    stranger_window(&s, "Owned", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0,
                    stranger_window(&s, "Owner", "", WS_OVERLAPPEDWINDOW, 0, NULL));
    stranger_do(&s, "minimise 0x%lx", H(small));
    look(&w);
    ff_magnifier_rt_windows_matches(w.windows, matches, nb_hidden);
    ok(matches[0] == 0 && nb_hidden[0] == 1, "a hidden window is counted as one");
    ok(matches[1] == 1 && nb_hidden[1] == 0, "a minimised one is not hidden");
    ok(matches[2] == 0 && nb_hidden[2] == 0, "what is not there is neither");
    ok(matches[3] == 1 && nb_hidden[3] >= 1, "what a hidden one owns counts for its rule");
    stranger_do(&s, "show 0x%lx", H(hidden));
    look(&w);
    ff_magnifier_rt_windows_matches(w.windows, matches, nb_hidden);
    ok(matches[0] == 1 && nb_hidden[0] == 0, "when it is shown it is none any more");
    unwatch(&w);
    stranger_end(&s);
}

/** Its new process cannot be remembered for want of memory: it is not forgotten for that. */
static void a_console_is_not_forgotten_without_memory(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd  = stranger_window(&s, "ConsoleWindowClass", "one", SHOWN, 0, NULL);
    Watch w    = watch("title=one");
    MagnifierProcess *process;
    uint64_t before = serial(&w, hwnd);

    drain(&w);
    stranger_do(&s, "title 0x%lx harmless", H(hwnd));
    ok(before && sees(&w, hwnd), "a console that matched");
    of_another_program(w.windows, known(&w, hwnd));
    for (process = w.windows->processes.first; process; process = process->next)
        if (process->pid == s.pid)
            process->pid = 1; /* whose is not known any more */
    av_max_alloc(1);
    ok(look(&w) < 0, "without memory there is no look");
    av_max_alloc(INT_MAX);
    ok(sees(&w, hwnd) && entry(&w, hwnd)->serial == before, "and it matches when there is again");
    unwatch(&w);
    stranger_end(&s);
}

static int WINAPI map_nothing(const WCHAR *locale, DWORD flags, const WCHAR *from, int nb_from,
                              WCHAR *to, int nb_to, NLSVERSIONINFO *version, void *reserved,
                              LPARAM handle)
{
    SetLastError(ERROR_OUTOFMEMORY);
    return 0;
}

/** What cannot be compared is left out. */
static void a_text_that_keeps_its_case_is_unknown(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w    = watch("title=*secret*&class=Titled");
    MagnifierRules *rules = NULL;
    char error[MAGNIFIER_RULES_ERROR];
    HWND secret, plain;
    void *real;

    look(&w);
    secret = stranger_window(&s, "Titled", "A SECRET", SHOWN, 0, NULL);
    plain  = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    look(&w);
    stranger_do(&s, "title 0x%lx other", H(plain));
    real = imports_replace("LCMapStringEx", map_nothing);
    ok(look(&w) < 0 || (entry(&w, secret) && entry(&w, plain)),
       "while a text cannot be compared its window is left out");
    ok(ff_magnifier_rules_add(&rules, "title=secret", error, sizeof(error)) < 0,
       "and there are no new rules");
    imports_replace("LCMapStringEx", real);
    ff_magnifier_rules_free(&rules);
    ok(sees(&w, secret) && !entry(&w, plain), "then it is compared");
    unwatch(&w);
    stranger_end(&s);
}

/* What this program hears of the rights of others, and of its own. */
static struct {
    BOOL  (WINAPI *open)(HANDLE process, DWORD access, HANDLE *token);
    DWORD pid;              /* of the token that was opened last */
    DWORD level, denied;    /* of others: their integrity; an error: the token is not for us */
    int   asked;            /* others */
} rights;

static BOOL WINAPI open_token(HANDLE process, DWORD access, HANDLE *token)
{
    rights.pid = GetProcessId(process);
    rights.asked += rights.pid != GetCurrentProcessId();
    if (rights.pid != GetCurrentProcessId() && rights.denied) {
        SetLastError(rights.denied);
        return FALSE;
    }
    return rights.open(GetCurrentProcess(), access, token);
}

static BOOL WINAPI tell_integrity(HANDLE token, TOKEN_INFORMATION_CLASS what, void *answer,
                                  DWORD size, DWORD *needed)
{
    TOKEN_MANDATORY_LABEL *label = answer;
    SID *sid = (SID *)(label + 1);

    *needed = sizeof(*label) + sizeof(*sid);
    if (what != TokenIntegrityLevel || size < *needed)
        return FALSE;
    *sid = (SID) { SID_REVISION, 1, { SECURITY_MANDATORY_LABEL_AUTHORITY },
                   { rights.pid == GetCurrentProcessId() ? SECURITY_MANDATORY_MEDIUM_RID
                                                         : rights.level } };
    label->Label = (SID_AND_ATTRIBUTES) { sid, SE_GROUP_INTEGRITY };
    return TRUE;
}

static HANDLE WINAPI open_nobody(DWORD access, BOOL inherit, DWORD pid)
{
    SetLastError(ERROR_ACCESS_DENIED);
    return NULL;
}

static int nb_told_of_rights(void)
{
    const char *said = lines;
    int nb = 0;

    while ((said = strstr(said, "more rights than this program"))) {
        said++;
        nb++;
    }
    return nb;
}

/** Look at the windows of two programs, and twice more while one of them shows another one. */
static int looks_told_of_rights(Stranger *s, DWORD level, DWORD denied)
{
    Watch w = watch("class=Mighty");
    HWND more;

    rights.level  = level;
    rights.denied = denied;
    rights.asked  = 0;
    look(&w);
    more = stranger_window(s, "Mighty", "", SHOWN, 0, NULL);
    look(&w);
    stranger_do(s, "kill 0x%lx", H(more));
    look(&w);
    unwatch(&w);
    return nb_told_of_rights();
}

/** A window of such a program may tell nobody that it opens. */
static void a_program_with_more_rights_is_warned_of(void)
{
    Stranger s = stranger_start(subject_exe), t, u;
    char path[MAX_PATH], other[MAX_PATH], name[64];
    void *token, *open;
    Watch w;

    t = start_as("mighty.exe", path);
    u = start_as("other.exe", other);
    stranger_window(&s, "Mighty", "", SHOWN, 0, NULL);
    stranger_window(&s, "Mighty", "", SHOWN, 0, NULL);
    stranger_window(&u, "Other", "", SHOWN, 0, NULL);
    ok(!looks_told_of_rights(&s, 0, 0), "nobody is told of a program with the rights that all have here");
    rights.open = imports_replace("OpenProcessToken", open_token);
    token       = imports_replace("GetTokenInformation", tell_integrity);
    stranger_window(&t, "Mighty", "", SHOWN, 0, NULL);
    ok(rights.open && token, "rights are asked for");
    ok(!looks_told_of_rights(&s, SECURITY_MANDATORY_MEDIUM_RID, 0), "nobody is told of rights like ours");
    ok(rights.asked == 2, "each program that is left out is asked once, and no other");
    ok(!looks_told_of_rights(&s, SECURITY_MANDATORY_LOW_RID, 0), "nor of fewer rights");
    ok(looks_told_of_rights(&s, SECURITY_MANDATORY_HIGH_RID, 0) == 1 && warnings == 1,
       "of two programs with more rights one is warned of, once");
    snprintf(name, sizeof(name), "mighty.exe (pid %lu), which", t.pid);
    ok(strstr(lines, name) && rights.asked == 1, "which is named: the topmost, and only that is asked");
    ok(looks_told_of_rights(&s, SECURITY_MANDATORY_MEDIUM_RID, ERROR_ACCESS_DENIED) == 1,
       "so is one that does not let us ask");
    ok(!looks_told_of_rights(&s, SECURITY_MANDATORY_HIGH_RID, ERROR_INVALID_HANDLE),
       "not one that cannot be asked for another reason");
    open = imports_replace("OpenProcess", open_nobody);
    ok(looks_told_of_rights(&s, SECURITY_MANDATORY_MEDIUM_RID, 0) == 1 && !rights.asked,
       "so is one that cannot be opened");
    w = watch("exe=C:/Nowhere/mighty.exe");
    look(&w);
    unwatch(&w);
    ok(strstr(lines, "too little is known") && !nb_told_of_rights(),
       "not one that is left out because too little is known of it");
    imports_replace("OpenProcess", open);
    imports_replace("GetTokenInformation", token);
    imports_replace("OpenProcessToken", rights.open);
    stranger_end(&s);
    stranger_end(&t);
    stranger_end(&u);
    DeleteFileA(path);
    DeleteFileA(other);
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
    ok(look(&u) >= 0 && !entry(&u, frame) && sees(&w, frame), "the app is remembered when it is not in its frame");
    unwatch(&u);
    unwatch(&w);
    stranger_end(&host);
    stranger_end(&app);
    DeleteFileA(path);
}

static HWND hung_window;

static HWND WINAPI hung_from_ghost(HWND ghost)
{
    return hung_window;
}

static void a_ghost_without_a_name_is_matched(void)
{
    Stranger s = stranger_start(subject_exe), dwm;
    char path[MAX_PATH];
    HWND plain, ghost, secret;
    Watch w;

    secret = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    dwm   = start_as("dwm.exe", path);
    plain = stranger_window(&s, "Ghost", "", SHOWN, 0, NULL);
    ghost = stranger_window(&dwm, "Ghost", "", SHOWN, 0, NULL);
    w     = watch("exe=nosuch.exe");
    ok(look(&w) >= 0 && entry(&w, ghost), "a ghost of which nobody knows whose is matched");
    ok(!entry(&w, plain), "a window of that class of another program is a window");
    unwatch(&w);
    w = watch("class=Secret");
    w.windows->hung_from_ghost = hung_from_ghost;
    hung_window = plain;
    ok(look(&w) >= 0 && !entry(&w, ghost), "the ghost of a window that does not match is none");
    hung_window = secret;
    ok(sees(&w, ghost) && strstr(lines, "stands for a hung window that is left out"),
       "that of one that matches is matched");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&dwm);
    DeleteFileA(path);
}

static void a_child_betrays_its_holder(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND hwnd, holder, second;
    uint64_t number;
    Watch w;

    t      = start_as("other.exe", path);
    hwnd   = stranger_window(&s, "Secret", "", WS_POPUP | WS_VISIBLE, 0, NULL);
    holder = stranger_window(&t, "Holder", "", SHOWN, 0, NULL);
    w      = watch("class=Secret");
    ok(sees(&w, hwnd) && !entry(&w, holder), "a window alone");
    number = serial(&w, hwnd);
    stranger_do(&s, "parent 0x%lx 0x%lx", H(hwnd), H(holder));
    ok(GetAncestor(hwnd, GA_PARENT) == holder && sees(&w, holder),
       "the window into which it is put is left out with it");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=None|class=Secret"));
    ok(sees(&w, holder), "also with other rules while its rule is among them");
    second = stranger_window(&t, "Holder", "", SHOWN, 0, NULL);
    ok(look(&w) >= 0 && !entry(&w, second), "another window of that program is not");
    stranger_do(&s, "parent 0x%lx 0x%lx", H(hwnd), H(second));
    ok(sees(&w, second), "until it is in that one");
    drain(&w);
    drain(&w);
    stranger_do(&s, "event 0x800c 0x%lx", H(hwnd));
    ok(drain(&w) >= 0 && !entry(&w, hwnd), "what else it does in there is nothing");
    stranger_do(&s, "parent 0x%lx 0x0", H(hwnd));
    ok(number && serial(&w, hwnd) == number, "and on its own again it is the one that it was");
    stranger_do(&s, "parent 0x%lx 0x%lx", H(hwnd), H(second));
    ok(sees(&w, second), "in that one once more");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=None"));
    ok(look(&w) >= 0 && !entry(&w, holder), "and not when it is not");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

static int is_rect(const MagnifierGuardWindow *win, int left, int top, int right, int bottom)
{
    const MagnifierRect *r = &win->rect;

    return !(win->flags & MAGNIFIER_GUARD_NO_RECT) && r->left == left && r->top == top &&
           r->right == right && r->bottom == bottom;
}

static UINT WINAPI one_dpi(HWND hwnd)
{
    return 1;
}

static void what_covers_is_listed(void)
{
    Stranger s = stranger_start(subject_exe);
    DWORD style = WS_POPUP | WS_VISIBLE;
    int width = GetSystemMetrics(SM_CXSCREEN), height = GetSystemMetrics(SM_CYSCREEN);
    HWND plain, full, maximised, hidden, minimised, layered, transparent, bare, region, cloaked;
    HWND small, matching, ours;
    Watch w;

    plain       = stranger_window(&s, "Plain", "", style, 0, NULL);
    hidden      = stranger_window(&s, "Plain", "", WS_POPUP, 0, NULL);
    minimised   = stranger_window(&s, "Plain", "", SHOWN, 0, NULL);
    layered     = stranger_window(&s, "Plain", "", style, WS_EX_LAYERED, NULL);
    transparent = stranger_window(&s, "Plain", "", style, WS_EX_TRANSPARENT, NULL);
    bare        = stranger_window(&s, "Plain", "", style, 0x00200000, NULL);
    region      = stranger_window(&s, "Plain", "", style, 0, NULL);
    cloaked     = stranger_window(&s, "Plain", "", style, 0, NULL);
    small       = stranger_do(&s, "new Plain|0x%lx|0|0|40|40|32|32|", style);
    matching    = stranger_window(&s, "Matching", "", style, 0, NULL);
    full        = stranger_do(&s, "new Plain|0x%lx|0|0|0|0|%d|%d|", style, width, height);
    maximised   = stranger_do(&s, "new Plain|0x%lx|0|0|-8|-8|%d|%d|", (DWORD)SHOWN, width + 16,
                              height + 16);
    ours        = CreateWindowExW(0, L"STATIC", L"ours", style, 0, 0, 500, 500, NULL, NULL, NULL,
                                  NULL);
    stranger_do(&s, "minimise 0x%lx", H(minimised));
    stranger_do(&s, "region 0x%lx", H(region));
    w = watch("class=Matching");
    w.windows->get_attribute = get_attribute;
    cloaked_window = cloaked;
    look(&w);
    ok(cover(&w, plain) && is_rect(cover(&w, plain), 56, 56, 224, 124),
       "an opaque window covers what its borders are certain to enclose");
    ok(cover(&w, full) && is_rect(cover(&w, full), 0, 0, width, height),
       "one as large as its monitor covers all of it");
    ok(cover(&w, maximised) && is_rect(cover(&w, maximised), 0, 0, width, height),
       "one with borders beyond it does not cover more");
    ok(cover(&w, plain) && cover(&w, plain)->serial && !entry(&w, plain), "they do not match");
    ok(!cover(&w, hidden), "a hidden window covers nothing");
    ok(!cover(&w, minimised), "nor does a minimised one");
    ok(!cover(&w, layered), "nor one with layers");
    ok(!cover(&w, transparent), "nor a transparent one");
    ok(!cover(&w, bare), "nor one without a surface");
    ok(!cover(&w, region), "nor one with a region");
    ok(!cover(&w, cloaked), "nor a cloaked one");
    ok(!cover(&w, small), "nor one that is all border");
    ok(!cover(&w, ours), "nor the device's own");
    ok(!cover(&w, matching) && entry(&w, matching), "nor one that is left out");
    cloaked_window = NULL;
    stranger_do(&s, "hide 0x%lx", H(plain));
    look(&w);
    ok(cover(&w, cloaked) && !cover(&w, plain), "the next look asks again");
    w.windows->dpi_for_window = one_dpi;
    look(&w);
    ok(cover(&w, small) && !cover(&w, minimised),
       "where borders are thin, what stays of a minimised one does not cover");
    w.windows->dpi_for_window = NULL;
    look(&w);
    ok(cover(&w, cloaked) && is_rect(cover(&w, cloaked), 72, 72, 208, 108),
       "where the DPI are not known the borders are thick");
    unwatch(&w);
    DestroyWindow(ours);
    stranger_end(&s);
}

/** The program hangs until it is told to go on: who waits for it does so until it gives up. */
static void a_hung_program_holds_nobody_up(void)
{
    Stranger s  = stranger_start(subject_exe);
    HWND hwnd   = stranger_window(&s, "Hung", "hung secret", SHOWN, 0, NULL);
    HANDLE wake = CreateEventA(NULL, TRUE, FALSE, "winroom-wake");
    HANDLE gone_on = CreateEventA(NULL, TRUE, FALSE, "winroom-gone-on");
    Watch w = watch("title=*secret*&class=Hung|class=Nothing");
    int i, found = 1, clean = 1;

    stranger_do(&s, "hang 60000");
    for (i = 0; i < 50; i++) {
        found &= sees(&w, hwnd);
        clean &= drain(&w) >= 0;
    }
    ok(found && clean, "50 looks and drains find the window of a program that hangs");
    ok(WaitForSingleObject(gone_on, 0) == WAIT_TIMEOUT, "which hangs all the while");
    SetEvent(wake);
    ok(stranger_do(&s, "title 0x%lx x", H(hwnd)) == hwnd, "and then goes on");
    unwatch(&w);
    CloseHandle(wake);
    CloseHandle(gone_on);
    stranger_end(&s);
}

static Stranger *killer;
static HWND to_kill;
static int (WINAPI *real_get_text)(HWND hwnd, WCHAR *text, int size);

static int WINAPI kill_and_get_text(HWND hwnd, WCHAR *text, int size)
{
    if (hwnd == to_kill) {
        to_kill = NULL;
        stranger_do(killer, "kill 0x%lx", H(hwnd));
    }
    return real_get_text(hwnd, text, size);
}

/** It was enumerated, and is gone when it is asked for its title. */
static void a_window_that_goes_in_the_look_is_not_of_it(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND known = stranger_window(&s, "Known", "harmless", SHOWN, 0, NULL), hwnd;
    Watch w    = watch("title=*secret*");

    ok(look(&w) >= 0 && !entry(&w, known), "a window that does not match");
    hwnd   = stranger_window(&s, "New", "harmless", SHOWN, 0, NULL);
    killer = &s;
    real_get_text = imports_replace("InternalGetWindowText", kill_and_get_text);
    to_kill = known;
    ok(look(&w) >= 0 && !to_kill && !entry(&w, known), "is in no look that it goes in");
    to_kill = hwnd;
    ok(look(&w) >= 0 && !to_kill && !entry(&w, hwnd), "nor is one that was new");
    ok(stats(&w).turned == 0 && stats(&w).unknown == 0, "and neither began to match");
    imports_replace("InternalGetWindowText", real_get_text);
    unwatch(&w);
    stranger_end(&s);
}

/**
 * A window of which it is told that it was shown and is being destroyed: it is there when it is
 * asked for its parent, and gone when it is asked for its title.
 */
static int drain_the_end_of(Watch *w, HWND hwnd)
{
    int ret;

    stranger_do(killer, "event 0x8002 0x%lx", H(hwnd));
    stranger_do(killer, "event 0x8001 0x%lx", H(hwnd));
    to_kill = hwnd;
    ret = drain(w);
    return ret >= 0 && !to_kill && !IsWindow(hwnd);
}

static void the_last_title_of_what_is_destroyed_counts(void)
{
    Stranger s   = stranger_start(subject_exe);
    HWND owner   = stranger_window(&s, "Top", "secret", SHOWN, 0, NULL);
    HWND plain   = stranger_window(&s, "Known", "harmless", SHOWN, 0, NULL);
    HWND renamed = stranger_window(&s, "Known", "harmless", SHOWN, 0, NULL);
    HWND owned   = stranger_window(&s, "Known", "harmless", SHOWN, 0, NULL);
    Watch w      = watch("title=*secret*");

    ok(sees(&w, owner) && nb_entries(&w) == 1, "one of four windows matches");
    drain(&w);
    killer = &s;
    real_get_text = imports_replace("InternalGetWindowText", kill_and_get_text);
    ok(drain_the_end_of(&w, plain) && !entry(&w, plain) && stats(&w).unknown == 0,
       "one whose title can be read no more is not taken for one that matches");
    stranger_do(&s, "event 0x800c 0x%lx", H(renamed));
    ok(drain_the_end_of(&w, renamed) && entry(&w, renamed) &&
       entry(&w, renamed)->flags & MAGNIFIER_GUARD_GONE,
       "one whose last title nobody read may have matched with it");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(owned), H(owner));
    ok(drain_the_end_of(&w, owned) && entry(&w, owned) &&
       entry(&w, owned)->flags & MAGNIFIER_GUARD_GONE,
       "one that got an owner which matches did, for its sake");
    imports_replace("InternalGetWindowText", real_get_text);
    unwatch(&w);
    stranger_end(&s);
}

static void lines_that_were_held_back_are_counted(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("class=Many");
    int i;

    look(&w);
    look(&w);
    for (i = 0; i < 45; i++)
        stranger_window(&s, "Many", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    Sleep(1000 - GetTickCount64() % 1000);
    look(&w);
    Sleep(1100);
    look(&w);
    /* one line is about the program and the rule, 20 about windows */
    ok(strstr(lines, "24 more windows") != NULL, "windows without a line are counted in a later look");
    stranger_end(&s);
    Sleep(1000 - GetTickCount64() % 1000);
    look(&w);
    unwatch(&w);
    ok(strstr(lines, "25 more windows") != NULL, "and at the end");
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
            ok(nb_entries(&w) == 1, "an odd window by its own rule alone: %s", line);
        }
        unwatch(&w);
        nb++;
    }
    ok(nb && !bad && mine, "%d windows, each found by the rule printed for it", nb);
    av_bprint_finalize(&bp, NULL);
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
        a_look_asks_everything,
        what_is_owned_goes_along,
        what_went_along_stays,
        an_owner_set_just_before_is_known,
        a_console_is_whose_it_says,
        a_terminal_goes_along_with_its_console,
        hidden_matches_are_counted_apart,
        a_console_is_not_forgotten_without_memory,
        a_text_that_keeps_its_case_is_unknown,
        a_program_with_more_rights_is_warned_of,
        popups_go_along,
        a_frame_is_its_app,
        a_ghost_without_a_name_is_matched,
        a_child_betrays_its_holder,
        what_covers_is_listed,
        a_window_that_goes_in_the_look_is_not_of_it,
        the_last_title_of_what_is_destroyed_counts,
        a_hung_program_holds_nobody_up,
        lines_that_were_held_back_are_counted,
        what_is_printed_can_be_pasted,
    };

    run(argc, argv, tests, FF_ARRAY_ELEMS(tests));
    return tap_end();
}
