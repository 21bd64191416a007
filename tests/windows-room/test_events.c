/*
 * Windows Magnification API screen capture: tests of window events
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
 * Drains, with events about real windows of other programs: which are told to the guard, and what
 * happens when they do not arrive. test_events SUBJECT.EXE [NUMBER]
 */

#include "watch.h"
#include "imports.h"

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
    char path[MAX_PATH], console_path[MAX_PATH], program[64];
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
    ok(drain(&w) >= 0 && !nb_entries(&w), "no events when nothing happens");

    stranger_do(&s, "flashhidden Flash");
    ok(drain(&w) >= 0 && unknown_event(&w) &&
       !(unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES),
       "a window that came and went may have been shown while nobody tells that any is");
    hwnd = stranger_do(&s, "flash Flash");
    w.windows->animations = 1;
    ok(hwnd && !IsWindow(hwnd) && drain(&w) >= 0 && unknown_event(&w),
       "a window of a matching program that came and went is heard");
    ok(unknown_event(&w) && unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES,
       "its end may have been animated");
    ff_magnifier_rt_windows_program(w.windows, (uintptr_t)hwnd, program, sizeof(program));
    ok(!strcmp(program, "subject.exe"), "its program can still be named (%s)", program);
    stranger_do(&s, "flashhidden Flash");
    ok(drain(&w) >= 0 && !nb_entries(&w), "one that was never shown is dismissed from then on");
    stranger_do(&s, "flash Flash");
    w.windows->animations = 0;
    ok(drain(&w) >= 0 && unknown_event(&w) &&
       !(unknown_event(&w)->flags & MAGNIFIER_GUARD_ANIMATES), "or nothing is animated here");
    ok(drain(&title) >= 0 && unknown_event(&title), "it might have had any title");
    ok(drain(&w) >= 0 && !nb_entries(&w), "and is heard once");

    stranger_do(&t, "flash Flash");
    ok(drain(&w) >= 0 && !nb_entries(&w), "one of a program that does not match is dismissed");
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
    ok(drain(&w) >= 0 && entry(&w, child) && entry(&w, child)->flags & MAGNIFIER_GUARD_GONE,
       "also when it is gone");
    child = stranger_window(&s, "Child", "", WS_CHILD | WS_VISIBLE, 0, matching);
    stranger_do(&s, "event 0x8002 0x%lx", H(child));
    drain(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(child));
    stranger_do(&s, "kill 0x%lx", H(child));
    ok(drain(&w) >= 0 && unknown_event(&w),
       "and one that was shown, as nobody knows any more that it was a child");
    child = stranger_window(&s, "Child", "", WS_CHILD | WS_VISIBLE, 0, matching);
    drain(&w);
    stranger_do(&s, "event 0x800b 0x%lx", H(child));
    stranger_do(&s, "event 0x8001 0x%lx", H(child));
    stranger_do(&s, "kill 0x%lx", H(child));
    ok(drain(&w) >= 0 && !nb_entries(&w), "not one that just went");
    drain(&title);

    hwnd = stranger_window(&s, "Known", "", SHOWN, 0, NULL);
    ok(sees(&w, hwnd), "a window that is known");
    drain(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(hwnd));
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    w.windows->animations = 1;
    ok(drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->flags == (MAGNIFIER_GUARD_VISIBLE |
       MAGNIFIER_GUARD_NO_RECT | MAGNIFIER_GUARD_ANIMATES | MAGNIFIER_GUARD_GONE),
       "and is gone when it is heard may have been anywhere");
    drain(&title);

    stranger_window(&t, "Child", "", WS_CHILD | WS_VISIBLE, 0, top);
    ok(drain(&w) >= 0 && !nb_entries(&w), "a child window is dismissed");
    ok(drain(&title) >= 0 && !nb_entries(&title), "also where it could have had any title");

    hwnd = stranger_window(&s, "New", "", SHOWN, 0, NULL);
    ok(drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->serial &&
       !(entry(&w, hwnd)->flags & MAGNIFIER_GUARD_GONE), "a new window that matches is heard");
    {
        uint64_t number = entry(&w, hwnd) ? entry(&w, hwnd)->serial : 0;

        ok(serial(&w, hwnd) == number, "with the serial number that the look gives it");
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

/** An event that tells of a new title, as Windows raises it by itself. */
static void rename_it(Stranger *s, HWND hwnd, const char *title)
{
    stranger_do(s, "title 0x%lx %s", H(hwnd), title);
    stranger_do(s, "event 0x800c 0x%lx", H(hwnd));
}

static int is_unshown(const Watch *w, HWND hwnd)
{
    return entry(w, hwnd) && entry(w, hwnd)->flags & MAGNIFIER_GUARD_UNSHOWN;
}

static void what_was_never_shown_is_no_news(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND shown = stranger_window(&s, "Shown", "", SHOWN, 0, NULL), hwnd, owned;
    Watch w    = watch("class=Shown|class=Quiet|title=secret");

    look(&w);
    drain(&w);
    hwnd = stranger_window(&s, "Quiet", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    ok(drain(&w) >= 0 && entry(&w, hwnd), "a hidden window that matches is told");
    ok(sees(&w, hwnd) && !is_unshown(&w, hwnd), "and seen as any other");
    /* as Windows does, and Wine 8 does not */
    stranger_do(&s, "event 0x8002 0x%lx", H(shown));
    drain(&w);
    ok(sees(&w, hwnd) && is_unshown(&w, hwnd), "where windows that are shown are told, it was not");
    ok(!is_unshown(&w, shown), "unlike one that can be seen");
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    hwnd = stranger_window(&s, "Quiet", "", WS_OVERLAPPEDWINDOW, 0, NULL);
    ok(drain(&w) >= 0 && !entry(&w, hwnd), "there a new one that is hidden is not told");
    ok(sees(&w, hwnd) && is_unshown(&w, hwnd), "and seen as one that nobody was shown");
    stranger_do(&s, "event 0x8002 0x%lx", H(hwnd));
    ok(drain(&w) >= 0 && entry(&w, hwnd), "that it was shown is told");
    ok(sees(&w, hwnd) && !is_unshown(&w, hwnd), "it may have been since the look before");
    ok(sees(&w, hwnd) && is_unshown(&w, hwnd), "but not for ever");
    stranger_do(&s, "show 0x%lx", H(hwnd));
    ok(sees(&w, hwnd) && !is_unshown(&w, hwnd), "when it is shown it can be seen");
    stranger_do(&s, "hide 0x%lx", H(hwnd));
    ok(sees(&w, hwnd) && !is_unshown(&w, hwnd), "one that was in the look before has been");
    ok(sees(&w, hwnd) && is_unshown(&w, hwnd), "and is not any more");
    stranger_do(&s, "event 0x800f 0x%lx", H(hwnd));
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    ok(drain(&w) >= 0 && entry(&w, hwnd), "one that had another parent may have been shown there");

    hwnd  = stranger_window(&s, "Owner", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    owned = stranger_window(&s, "Owned", "", WS_POPUP | WS_CAPTION, 0, hwnd);
    look(&w);
    drain(&w);
    rename_it(&s, hwnd, "secret");
    ok(drain(&w) >= 0 && entry(&w, hwnd), "a hidden one that begins to match takes others along");
    ok(sees(&w, owned), "which match");
    stranger_do(&s, "title 0x%lx plain", H(hwnd));
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Shown"));
    look(&w);
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Shown|class=Owner"));
    ok(sees(&w, hwnd) && !is_unshown(&w, hwnd), "also where no event tells of it");
    unwatch(&w);
    stranger_end(&s);
}

/** What the runtime does while it waits. */
static void hear(Watch *w)
{
    uint64_t before = stats(w).events;
    int i;

    /* A queued message needs no waiting for, but that of an event may come a little later. */
    for (i = 0; i < 1000 && stats(w).events == before; i++) {
        ff_magnifier_rt_pump();
        if (stats(w).events == before)
            Sleep(1);
    }
    ff_magnifier_rt_windows_heard(w->windows);
    ff_magnifier_log_flush(w->log, NULL);
}

/** The window and the program of it are gone when the guard asks, as those of a helper program. */
static HWND brief_program(Watch *w, const char *class_name, int prompt)
{
    char path[MAX_PATH];
    Stranger t = start_as("brief.exe", path);
    HWND hwnd  = stranger_window(&t, class_name, "brief", WS_POPUP | WS_VISIBLE, 0, NULL);

    if (prompt)
        hear(w);
    stranger_do(&t, "kill 0x%lx", H(hwnd));
    stranger_end(&t);
    DeleteFileA(path);
    return hwnd;
}

static void what_is_heard_promptly_is_known(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd, top = stranger_window(&s, "Top", "", SHOWN, 0, NULL);
    Watch w = watch("exe=subject.exe|class=Secret|title=secret");

    look(&w);
    drain(&w);
    hwnd = brief_program(&w, "Brief", 0);
    ok(!IsWindow(hwnd) && drain(&w) >= 0 && unknown_event(&w),
       "heard when it is gone with its program, a window may have been anybody's");
    hwnd = brief_program(&w, "Brief", 1);
    /* Wine 10 then tells of the window that has the focus now. */
    ok(!IsWindow(hwnd) && drain(&w) >= 0 && !unknown_event(&w) && !entry(&w, hwnd) &&
       nb_entries(&w) == !!entry(&w, top),
       "heard while it lived, one that did not match is no doubt");
    hwnd = brief_program(&w, "Secret", 1);
    ok(!IsWindow(hwnd) && drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->serial &&
       !unknown_event(&w), "one that matched is told of");
    ok(drain(&w) >= 0 && !nb_entries(&w), "once");
    ok(look(&w) >= 0 && entry(&w, top) && !entry(&w, hwnd), "and is not in the next look");
    unwatch(&w);
    stranger_end(&s);
}

static void what_covered_is_told(void)
{
    Stranger s = stranger_start(subject_exe);
    DWORD style = WS_POPUP | WS_VISIBLE;
    HWND hidden = stranger_window(&s, "Plain", "", WS_POPUP, 0, NULL);
    HWND plain  = stranger_window(&s, "Plain", "", style, 0, NULL), late;
    Watch w     = watch("class=None");

    look(&w);
    drain(&w);
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "no event when nothing happens");
    stranger_do(&s, "event 0x8003 0x%lx", H(plain));
    ok(drain(&w) >= 0 && cover(&w, plain) && cover(&w, plain)->serial && !nb_entries(&w),
       "that a window which covered is hidden is told");
    stranger_do(&s, "event 0x8003 0x%lx", H(hidden));
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "of one that did not there is nothing");
    stranger_do(&s, "event 0x800c 0x%lx", H(plain));
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "nor that it has another title");
    stranger_do(&s, "event 0x800b 0x%lx", H(plain));
    ok(drain(&w) >= 0 && !w.seen.nb_windows, "nor that it moved, while that is not wanted");
    ff_magnifier_rt_windows_want_moves(w.windows, 1);
    stranger_do(&s, "event 0x800b 0x%lx", H(plain));
    ok(drain(&w) >= 0 && cover(&w, plain), "it is when it is wanted");
    late = stranger_window(&s, "Plain", "", style, 0, NULL);
    ok(drain(&w) >= 0 && !cover(&w, late), "one that no look has seen did not cover");
    /* as Windows does, and Wine 8 does not */
    stranger_do(&s, "event 0x8001 0x%lx", H(plain));
    stranger_do(&s, "kill 0x%lx", H(plain));
    ok(drain(&w) >= 0 && cover(&w, plain) && cover(&w, plain)->flags & MAGNIFIER_GUARD_GONE,
       "that it is gone is told");
    ff_magnifier_rt_windows_set_rules(w.windows, rules_of("class=Plain"));
    look(&w);
    drain(&w);
    stranger_do(&s, "event 0x8003 0x%lx", H(late));
    ok(drain(&w) >= 0 && entry(&w, late) && !cover(&w, late), "one that matches does not cover");
    unwatch(&w);
    stranger_end(&s);
}

/** Until the clock shows another time than that of all readings. */
static void next_tick(void)
{
    uint64_t now = GetTickCount64();

    while (GetTickCount64() == now)
        Sleep(1);
}

/** Its popup belongs to a window that matches and that no look has seen yet. */
static void what_is_of_one_thread_goes_along_at_once(void)
{
    Stranger s = stranger_start(subject_exe), t;
    char path[MAX_PATH];
    HWND other = stranger_window(&s, "Plain", "", SHOWN, 0, NULL), hidden, popup;
    Watch w;

    t = start_as("other.exe", path);
    w = watch("class=Secret");
    look(&w);
    stranger_do(&s, "event 0x8002 0x%lx", H(other));
    drain(&w);
    hidden = stranger_window(&s, "Secret", "", WS_POPUP, 0, NULL);
    popup  = stranger_window(&s, "Plain", "", WS_POPUP | WS_VISIBLE, WS_EX_TOOLWINDOW, NULL);
    stranger_do(&s, "event 0x8002 0x%lx", H(popup));
    ok(drain(&w) >= 0 && entry(&w, popup) && !entry(&w, hidden), "a popup of a match that no look has seen is told");
    unwatch(&w);
    w = watch("hwnd=0x%lx", H(hidden));
    look(&w);
    stranger_do(&t, "flash Flash");
    ok(drain(&w) >= 0 && !nb_entries(&w), "a window of another program is not");
    stranger_do(&t, "flashthread Flash");
    ok(drain(&w) >= 0 && unknown_event(&w), "one whose thread is gone is, as a window that matches may have owned it");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

/* ---- a window that is another while it is asked ---- */

/** Its program does something to it before the device's question of that number is answered. */
static struct {
    Stranger *program;
    const char *order;
    HWND hwnd, holder;
    int questions;
} asked;

static void maybe_change(HWND hwnd)
{
    if (!hwnd || hwnd != asked.hwnd || --asked.questions)
        return;
    asked.hwnd = NULL;
    stranger_do(asked.program, asked.order, H(hwnd), H(asked.holder));
    /* as Windows is documented to do, and Wine does not */
    if (!strncmp(asked.order, "title", 5))
        stranger_do(asked.program, "event 0x800c 0x%lx", H(hwnd));
    if (!strncmp(asked.order, "title2", 6))
        stranger_do(asked.program, "event 0x800c 0x%lx", H(hwnd));
    if (!strncmp(asked.order, "into", 4))
        stranger_do(asked.program, "event 0x800f 0x%lx", H(hwnd));
}

#define QUESTION(type, name, parameters, arguments)        \
    static type (WINAPI *real_##name) parameters;          \
    static type WINAPI changing_##name parameters          \
    {                                                      \
        maybe_change(hwnd);                                \
        return real_##name arguments;                      \
    }

QUESTION(HWND,  GetAncestor,              (HWND hwnd, UINT which),                    (hwnd, which))
QUESTION(DWORD, GetWindowThreadProcessId, (HWND hwnd, DWORD *pid),                    (hwnd, pid))
QUESTION(int,   GetClassNameW,            (HWND hwnd, WCHAR *text, int size),         (hwnd, text, size))
QUESTION(LONG,  GetWindowLongW,           (HWND hwnd, int which),                     (hwnd, which))
QUESTION(HWND,  GetWindow,                (HWND hwnd, UINT which),                    (hwnd, which))
QUESTION(BOOL,  GetWindowRect,            (HWND hwnd, RECT *rect),                    (hwnd, rect))
QUESTION(int,   GetWindowRgnBox,          (HWND hwnd, RECT *rect),                    (hwnd, rect))
QUESTION(int,   InternalGetWindowText,    (HWND hwnd, WCHAR *text, int size),         (hwnd, text, size))
QUESTION(BOOL,  IsWindow,                 (HWND hwnd),                                (hwnd))

#define QUESTIONS(DO) DO(GetAncestor) DO(GetWindowThreadProcessId) DO(GetClassNameW) DO(GetWindowLongW) DO(GetWindow) \
                      DO(GetWindowRect) DO(GetWindowRgnBox) DO(InternalGetWindowText) DO(IsWindow)

typedef struct Change {
    const char *rule, *class_name, *title, *order;
    enum { ALONE, OWNED, OWNED_LATER } owned; ///< by a window of the class Top; after a look
    const char *later;          ///< title that it gets after a look
} Change;

/**
 * @return at which question the order makes one unheard that matches, or leaves in what it is put into;
 *         0: it is told of each time
 */
static int is_unheard(Watch *w, Stranger *s, const Change *c, HWND owner, int in_look)
{
    int n, told, changed, into = !strncmp(c->order, "into", 4);

    for (n = 1;; n++) {
        HWND hwnd;

        asked.holder = into ? stranger_window(s, "Holder", "", SHOWN, 0, NULL) : NULL;
        look(w);
        drain(w);
        drain(w);
        hwnd = stranger_window(s, c->class_name, c->title, WS_POPUP | WS_VISIBLE, 0, c->owned == OWNED ? owner : NULL);
        /* as Windows does, and Wine 8 does not */
        stranger_do(s, "event 0x8002 0x%lx", H(hwnd));
        if (c->later || c->owned == OWNED_LATER) {
            look(w);
            drain(w);
            drain(w);
            next_tick();
        }
        if (c->later)
            rename_it(s, hwnd, c->later);
        if (c->owned == OWNED_LATER) {
            stranger_do(s, "owner 0x%lx 0x%lx", H(hwnd), H(owner));
            stranger_do(s, "event 0x8002 0x%lx", H(hwnd));
        }
        asked.program   = s;
        asked.order     = c->order;
        asked.hwnd      = hwnd;
        asked.questions = n;
        told  = in_look && sees(w, hwnd);
        told |= drain(w) < 0 || entry(w, hwnd);
        changed    = !asked.hwnd;
        asked.hwnd = NULL;
        if (into && changed) {
            told |= drain(w) < 0 || entry(w, hwnd);
            told &= sees(w, asked.holder);
        }
        if (into)
            stranger_do(s, "kill 0x%lx", H(asked.holder));
        if (IsWindow(hwnd))
            stranger_do(s, "kill 0x%lx", H(hwnd));
        told |= drain(w) < 0 || entry(w, hwnd);
        if (!changed)
            return n <= 5 ? -1 : 0; /* so few it cannot have been */
        if (!told)
            return n;
    }
}

static void what_changes_while_it_is_asked_is_told(void)
{
    static const Change changes[] = {
        { "title=*secret*",  "Plain",  "a secret", "kill 0x%lx", ALONE, NULL },
        { "class=Secret",    "Secret", "",         "kill 0x%lx", ALONE, NULL },
        { "exe=subject.exe", "Plain",  "",         "kill 0x%lx", ALONE, NULL },
        { "class=Top",       "Plain",  "",         "kill 0x%lx", OWNED, NULL },
        { "title=*secret*",  "Plain",  "a secret", "hide 0x%lx", ALONE, NULL },
        { "class=Secret",    "Secret", "",         "hide 0x%lx", ALONE, NULL },
        { "exe=subject.exe", "Plain",  "",         "hide 0x%lx", ALONE, NULL },
        { "class=Top",       "Plain",  "",         "hide 0x%lx", OWNED, NULL },
        { "title=*secret*",  "Plain",  "a secret", "title 0x%lx harmless", ALONE, NULL },
        { "title=*secret*",  "Plain",  "harmless", "title2 0x%lx a secret", ALONE, NULL },
        { "title=*secret*",  "Plain",  "a secret", "into 0x%lx 0x%lx", ALONE, NULL },
        { "class=Secret",    "Secret", "",         "into 0x%lx 0x%lx", ALONE, NULL },
        { "exe=subject.exe", "Plain",  "",         "into 0x%lx 0x%lx", ALONE, NULL },
        { "title=*secret*",  "Plain",  "harmless", "kill 0x%lx", ALONE, "a secret" },
        { "class=Top",       "Plain",  "",         "kill 0x%lx", OWNED_LATER, NULL },
    };
    Stranger s = stranger_start(subject_exe);
    HWND top   = stranger_window(&s, "Top", "", SHOWN, 0, NULL);

#define REPLACE(name) real_##name = imports_replace(#name, (void *)changing_##name);
    QUESTIONS(REPLACE)
    for (size_t i = 0; i < FF_ARRAY_ELEMS(changes); i++) {
        const Change *c = &changes[i];
        Watch w    = watch(c->rule);
        HWND owner = c->owned ? top : NULL;
        int filter = is_unheard(&w, &s, c, owner, 0), seen = is_unheard(&w, &s, c, owner, 1);

        ok(!filter, "%s%s, %s while its event is filtered (%d)", c->rule, c->owned ? ", owned" : "", c->order, filter);
        ok(!seen, "%s%s, %s while it is looked at (%d)", c->rule, c->owned ? ", owned" : "", c->order, seen);
        unwatch(&w);
    }
#define RESTORE(name) imports_replace(#name, (void *)real_##name);
    QUESTIONS(RESTORE)
    stranger_end(&s);
}

static int is_doubted(const Watch *w, HWND hwnd)
{
    return entry(w, hwnd) && entry(w, hwnd)->flags & MAGNIFIER_GUARD_NO_MATCH;
}

static void titles_that_nobody_saw_are_doubted(void)
{
    Stranger s  = stranger_start(subject_exe);
    HWND hwnd   = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    HWND fixed  = stranger_window(&s, "Fixed", "plain", SHOWN, 0, NULL);
    HWND hidden = stranger_window(&s, "Titled", "plain", WS_OVERLAPPEDWINDOW, 0, NULL);
    HWND child  = stranger_window(&s, "Titled", "plain", WS_POPUP | WS_VISIBLE, 0, NULL);
    HWND holder = stranger_window(&s, "Titled", "plain", SHOWN, 0, NULL);
    Watch w     = watch("title=*secret*&class!=Fixed");
    int matches[1], nb_hidden[1];

    look(&w);
    drain(&w);
    next_tick();
    rename_it(&s, hwnd, "other");
    ok(drain(&w) >= 0 && !nb_entries(&w) && stats(&w).events,
       "one change of a title between two readings hides nothing");
    look(&w);
    next_tick();
    rename_it(&s, hwnd, "third");
    rename_it(&s, hwnd, "plain");
    ok(drain(&w) >= 0 && is_doubted(&w, hwnd), "two may hide a title");
    ok(entry(&w, hwnd) && entry(&w, hwnd)->serial &&
       !(entry(&w, hwnd)->flags & (MAGNIFIER_GUARD_GONE | MAGNIFIER_GUARD_NO_RECT)),
       "of a window that lives, whose place is known");
    look(&w);
    ok(!entry(&w, hwnd), "and that does not match");
    next_tick();
    rename_it(&s, hwnd, "other");
    ok(drain(&w) >= 0 && !nb_entries(&w), "after a reading one is none again");
    look(&w);
    next_tick();
    rename_it(&s, hwnd, "third");
    stranger_do(&s, "churn Many 100 0");
    rename_it(&s, hwnd, "plain");
    ok(drain(&w) >= 0 && is_doubted(&w, hwnd), "also when much has happened between the two");

    look(&w);
    next_tick();
    rename_it(&s, hwnd, "a secret");
    rename_it(&s, hwnd, "plain");
    look(&w);
    ok(!entry(&w, hwnd), "a look between the two changes and their events");
    ok(drain(&w) >= 0 && is_doubted(&w, hwnd), "does not hide them");

    look(&w);
    next_tick();
    rename_it(&s, hwnd, "a secret");
    next_tick();
    ff_magnifier_rt_windows_matches(w.windows, matches, nb_hidden);
    next_tick();
    rename_it(&s, hwnd, "plain");
    ok(drain(&w) >= 0 && is_doubted(&w, hwnd), "nor does counting what the rules match");

    look(&w);
    next_tick();
    rename_it(&s, fixed, "third");
    rename_it(&s, fixed, "plain");
    ok(drain(&w) >= 0 && !nb_entries(&w), "where the title decides nothing it is never doubted");

    rename_it(&s, hwnd, "third");
    stranger_do(&s, "kill 0x%lx", H(hwnd));
    ok(drain(&w) >= 0 && entry(&w, hwnd) && entry(&w, hwnd)->flags & MAGNIFIER_GUARD_GONE,
       "one change is enough where the title after it is not seen");
    rename_it(&s, fixed, "third");
    stranger_do(&s, "kill 0x%lx", H(fixed));
    ok(drain(&w) >= 0 && !entry(&w, fixed), "again where the title decides");

    look(&w);
    drain(&w);
    stranger_do(&s, "parent 0x%lx 0x%lx", H(child), H(holder));
    next_tick();
    rename_it(&s, child, "a secret");
    drain(&w);
    stranger_do(&s, "parent 0x%lx 0", H(child));
    next_tick();
    rename_it(&s, child, "plain");
    ok(drain(&w) >= 0 && is_doubted(&w, child),
       "one that was a child when it was renamed may have shown that title since");

    rename_it(&s, hidden, "a secret");
    ok(drain(&w) >= 0 && entry(&w, hidden) && !is_doubted(&w, hidden),
       "the title of a hidden window is read when it is told of");
    unwatch(&w);
    stranger_end(&s);
}

static void lost_and_unheard_events_are_told(void)
{
    Stranger s = stranger_start(subject_exe);
    Watch w = watch("exe=nosuch.exe");
    const char *said;
    int i;

    look(&w);
    drain(&w);
    deaf = 1;
    ok(drain(&w) < 0, "when events do not arrive any more, that is an error");
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
    Stranger s  = stranger_start(subject_exe);
    HWND moving = stranger_window(&s, "Moving", "", WS_POPUP | WS_VISIBLE, 0, NULL);
    HWND other  = stranger_window(&s, "Other", "", WS_POPUP | WS_VISIBLE, 0, NULL);
    HWND hidden = stranger_window(&s, "Other", "", WS_POPUP, 0, NULL);
    Watch few = watch("class=Moving"), many = watch("class=Moving");

    look(&few);
    look(&many);
    drain(&few);
    drain(&many);
    ff_magnifier_rt_windows_want_moves(many.windows, 1);
    stranger_do(&s, "event 0x800b 0x%lx", H(moving));
    stranger_do(&s, "event 0x800b 0x%lx", H(other));
    stranger_do(&s, "event 0x800b 0x%lx", H(hidden));
    ok(drain(&many) >= 0 && entry(&many, moving),
       "where it is wanted, one that matches and moved is told");
    ok(cover(&many, other) && !entry(&many, other), "one that covers is told as such");
    ok(!cover(&many, hidden) && !entry(&many, hidden), "any other is not");
    ok(drain(&few) >= 0 && !few.seen.nb_windows, "where it is not wanted there is nothing");
    ff_magnifier_rt_windows_want_moves(many.windows, 0);
    stranger_do(&s, "event 0x800b 0x%lx", H(moving));
    ok(drain(&many) >= 0 && !many.seen.nb_windows, "nor when it no longer is");
    unwatch(&few);
    unwatch(&many);
    stranger_end(&s);
}

static HWINEVENTHOOK WINAPI no_hook(DWORD first, DWORD last, HMODULE module, WINEVENTPROC proc, DWORD pid,
                                    DWORD thread, DWORD flags)
{
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static void moves_that_cannot_be_heard_are_lost(void)
{
    Stranger s  = stranger_start(subject_exe);
    HWND moving = stranger_window(&s, "Moving", "", WS_POPUP | WS_VISIBLE, 0, NULL);
    Watch w     = watch("class=Moving");
    void *real;

    look(&w);
    drain(&w);
    real = imports_replace("SetWinEventHook", (void *)no_hook);
    ff_magnifier_rt_windows_want_moves(w.windows, 1);
    ok(drain(&w) == AVERROR(ENOBUFS) && drain(&w) == AVERROR(ENOBUFS),
       "while moves cannot be heard, events are lost");
    ff_magnifier_rt_windows_want_moves(w.windows, 0);
    ok(drain(&w) >= 0, "but not while they are not wanted");
    ff_magnifier_rt_windows_want_moves(w.windows, 1);
    imports_replace("SetWinEventHook", real);
    ok(drain(&w) == AVERROR(ENOBUFS), "those until they can be heard are lost, too");
    stranger_do(&s, "event 0x800b 0x%lx", H(moving));
    ok(drain(&w) >= 0 && entry(&w, moving), "from then on they are heard");
    unwatch(&w);
    stranger_end(&s);
}

static BOOL  on_screen = -1;///< what UOI_IO says; -1: what it says here
static DWORD object_error;  ///< asking fails with this
static BOOL (WINAPI *real_object_information)(HANDLE, int, void *, DWORD, DWORD *);

static BOOL WINAPI object_information(HANDLE object, int index, void *info, DWORD size,
                                      DWORD *needed)
{
    if (object_error) {
        SetLastError(object_error);
        return FALSE;
    }
    if (on_screen < 0 || index != 6)
        return real_object_information(object, index, info, size, needed);
    *(BOOL *)info = on_screen;
    return TRUE;
}

static void only_our_desktop_is_recorded(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    Watch w = watch("class=Secret");
    const char *said;

    real_object_information = imports_replace("GetUserObjectInformationW", object_information);
    ok(sees(&w, hwnd) && drain(&w) >= 0, "a desktop of which nobody says whether it is shown is");
    on_screen = 1;
    ok(sees(&w, hwnd) && drain(&w) >= 0, "so is one that is");
    on_screen = 0;
    ok(look(&w) < 0 && drain(&w) < 0, "while another one is there is no look and no drain");
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

int main(int argc, char **argv)
{
    static void (*const tests[])(void) = {
        what_came_and_went_is_heard,
        what_was_never_shown_is_no_news,
        what_is_heard_promptly_is_known,
        titles_that_nobody_saw_are_doubted,
        what_covered_is_told,
        moves_are_heard_where_they_matter,
        moves_that_cannot_be_heard_are_lost,
        what_is_of_one_thread_goes_along_at_once,
        what_changes_while_it_is_asked_is_told,
        lost_and_unheard_events_are_told,
        only_our_desktop_is_recorded,
        the_echo_is_our_own,
    };

    run(argc, argv, tests, FF_ARRAY_ELEMS(tests));
    return tap_end();
}
