/*
 * Windows Magnification API screen capture: tests of the look with windows that mean ill
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
 * test_hostile SUBJECT.EXE [NUMBER | slow]: titles, owners, parents, crowds, imitations and names of
 * files that are made to get past the rules, or to write into the log. slow: also a crowd of 20,000.
 */

#include "watch.h"
#include "imports.h"

#include "libavutil/avstring.h"

/* Wine 10 gives the thread of a window a hidden one of its own, which is left out with it. */
static void forget_ime(void)
{
    char *at;

    while ((at = strstr(lines, "class Wine IME"))) {
        char *begin = at, *end = strchr(at, '\n');

        while (begin > lines && begin[-1] != '\n')
            begin--;
        end = end ? end + 1 : at + strlen(at);
        memmove(begin, end, strlen(end) + 1);
    }
}

/** Is nothing in the lines that ends a line, is an order to a terminal, or unseen? Each ends in \n. */
static int lines_are_clean(int nb)
{
    static const char *const marks[] = {
        "\xC2\x80", "\xC2\x85", "\xC2\x9B", "\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9",
        "\xC2\xA0", "\xC2\xAD", "\xE2\x80\x8B", "\xE3\x80\x80", "\xEF\xBB\xBF", "\xEF\xB8\x8F",
    };
    const char *c;

    forget_ime();
    for (c = lines; *c; c++) {
        nb -= *c == '\n';
        if ((*c != '\n' && (unsigned char)*c < 0x20) || *c == 0x7F)
            return 0;
    }
    for (size_t i = 0; i < FF_ARRAY_ELEMS(marks); i++)
        if (strstr(lines, marks[i]))
            return 0;
    return !nb;
}

static int nb_of(const char *text, char what)
{
    int nb = 0;

    for (; *text; text++)
        nb += *text == what;
    return nb;
}

/** Valid UTF-8, an object a line between brackets, and no control character but the ends of lines? */
static int is_json(const char *text)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    int32_t c;

    while (p < end)
        if (av_utf8_decode(&c, &p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0 || (c < 0x20 && c != '\n'))
            return 0;
    if (strncmp(text, "[\n{\"hwnd\":", 10) || strcmp(text + strlen(text) - 4, "}\n]\n"))
        return 0;
    for (text = strchr(text + 2, '\n'); strcmp(text, "\n]\n"); text = strchr(text + 1, '\n'))
        if (strncmp(text - 2, "},\n{\"hwnd\":", 11))
            return 0;
    return 1;
}

/** "secret", in UTF-16 units for the subject. */
#define SECRET_16 "73 65 63 72 65 74"

static void titles_do_not_get_past(void)
{
    static const struct { const char *name, *units; } t[] = {
        { "line ends", "d a 5b 78 5d a " SECRET_16 },
        { "orders to a terminal", "1b 5b 32 4a 9b 33 31 6d 7 8 85 7f " SECRET_16 },
        { "bidi marks", "202e 2066 61c 200f " SECRET_16 " 2069 202c" },
        { "line separators", "2028 2029 " SECRET_16 },
        { "characters that nobody sees", "200b a0 ad " SECRET_16 " feff 3000 fe0f" },
        { "lone surrogates", "d800 dc00 d800 78 dfff " SECRET_16 " d83d" },
        { "non-characters", "ffff fffe fdd0 feff " SECRET_16 },
        { "format directives", "25 73 25 6e 25 2d 39 39 39 64 25 30 38 78 20 " SECRET_16 " 25" },
        { "rules", "7c 73 65 6c 66 26 74 69 74 6c 65 21 3d 2a 5c " SECRET_16 " 5c" },
    };
    Stranger s = stranger_start(subject_exe);

    for (size_t i = 0; i < FF_ARRAY_ELEMS(t); i++) {
        HWND hwnd = stranger_window(&s, "Ill", "", SHOWN, 0, NULL);
        AVBPrint bp;
        Watch w;

        stranger_do(&s, "title16 0x%lx %s", H(hwnd), t[i].units);
        w = watch("title=*secret*");
        ok(sees(&w, hwnd), "%s do not get a title past a rule", t[i].name);
        ok(lines_are_clean(1) && strstr(lines, "secret"), "nor do they into the log");
        lines[0] = 0;
        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        ok(ff_magnifier_rt_windows_print(w.windows, &bp) >= 0 && strstr(bp.str, "left out, rule 1"),
           "it is in the list of windows");
        for (char *c = bp.str; *c; c++)
            if (*c == '\t')
                *c = ' ';
        av_strlcpy(lines, bp.str, sizeof(lines));
        ok(lines_are_clean(nb_of(bp.str, '\n')), "which is clean");
        {
            /* the rule that the list gives for it */
            char *at = strstr(bp.str, "secret"), *end;
            MagnifierRules *rules = NULL;
            char error[MAGNIFIER_RULES_ERROR];

            while (at && at > bp.str && at[-1] != '\n')
                at--;
            end = at ? strstr(at, " hwnd 0x") : NULL;
            if (end)
                *end = 0;
            ok(end && ff_magnifier_rules_add(&rules, at, error, sizeof(error)) >= 0,
               "and has a rule for it: %s", end ? at : "none");
            if (rules)
                ff_magnifier_rt_windows_set_rules(w.windows, rules);
            ok(end && sees(&w, hwnd), "that finds it");
        }
        av_bprint_clear(&bp);
        ok(ff_magnifier_rt_windows_json(w.windows, &bp) >= 0 && strstr(bp.str, "secret") && is_json(bp.str),
           "and a program can read it");
        av_bprint_finalize(&bp, NULL);
        unwatch(&w);
        stranger_do(&s, "kill 0x%lx", H(hwnd));
    }
    stranger_end(&s);
}

static void long_titles_do_not_get_past(void)
{
    static const int lengths[] = { 1000, 32767 - 6, 32767, 65536, 200000 };
    Stranger s = stranger_start(subject_exe);

    for (size_t i = 0; i < FF_ARRAY_ELEMS(lengths); i++) {
        HWND hwnd = stranger_window(&s, "Long", "", SHOWN, 0, NULL);
        Watch w;

        stranger_do(&s, "longtitle 0x%lx %d secret", H(hwnd), lengths[i]);
        w = watch("title=*secret");
        ok(sees(&w, hwnd), "a title with %d letters before what matches does not get past", lengths[i]);
        ok(lines_are_clean(1) && strlen(lines) < 1000, "and is cut in the log");
        unwatch(&w);
        stranger_do(&s, "kill 0x%lx", H(hwnd));
    }
    stranger_end(&s);
}

static HWND owner_of(HWND hwnd)
{
    return GetWindow(hwnd, GW_OWNER);
}

static HWND parent_of(HWND hwnd)
{
    return GetAncestor(hwnd, GA_PARENT);
}

/**
 * Where each of these windows stands to the next one, and the last one to the first, as far as the
 * system lets it: it is let in all cases, or not in that of the last one, which makes it a circle.
 *
 * @param verb  of the subject
 * @param other GetWindow() or GetAncestor(), to see what has come of it
 * @return the circle is closed; -1: not even the chain is
 */
static int close_circle(Stranger *s, const char *verb, HWND (*other)(HWND), const HWND *windows, int nb)
{
    int i, reached = 0;

    for (i = 0; i < nb; i++) {
        stranger_do(s, "%s 0x%lx 0x%lx", verb, H(windows[i]), H(windows[(i + 1) % nb]));
        reached += other(windows[i]) == windows[(i + 1) % nb];
    }
    /* closing it may have opened it elsewhere */
    for (i = 0; i < nb - 1; i++)
        if (other(windows[i]) != windows[i + 1])
            return -1;
    return reached == nb && other(windows[nb - 1]) == windows[0];
}

/** A state that the system may refuse: then that is said, and nothing is stated. */
static int closed(int circle, const char *what)
{
    if (circle < 0)
        ok(0, "%s: each goes to the next", what);
    else if (circle)
        ok(1, "%s: the last one to the first as well", what);
    else
        skip(0, "the system does not close that circle");
    return circle == 1;
}

static void owners_go_in_circles(void)
{
    const DWORD style = WS_POPUP | WS_CAPTION | WS_VISIBLE;
    Stranger s = stranger_start(subject_exe);
    HWND ring[3], apart, other[2], on_ring;
    Watch w;
    int i, three, two, one;

    for (i = 0; i < 3; i++)
        ring[i] = stranger_window(&s, i == 1 ? "Secret" : "Ring", "", style, 0, NULL);
    for (i = 0; i < 2; i++)
        other[i] = stranger_window(&s, "Ring", "", style, 0, NULL);
    apart   = stranger_window(&s, "Apart", "", style, 0, NULL);
    on_ring = stranger_window(&s, "Ring", "", style, 0, ring[2]);
    three   = closed(close_circle(&s, "owner", owner_of, ring, 3), "three windows that own each other");
    two     = closed(close_circle(&s, "owner", owner_of, other, 2), "two");
    one     = closed(close_circle(&s, "owner", owner_of, &apart, 1), "one that owns itself");
    w = watch("class=Secret");
    ok(sees(&w, ring[1]), "a window that is owned in a circle is found");
    ok(entry(&w, ring[0]) != NULL, "with the one that it owns");
    ok(!entry(&w, ring[2]) == !three && !entry(&w, on_ring) == !three,
       "and, where it is a circle (%d), with the others, and what they own", three);
    ok(!entry(&w, other[0]) && !entry(&w, other[1]),
       "another one (a circle: %d) ends, and does not match", two);
    ok(!entry(&w, apart), "nor does one window (its own: %d)", one);
    unwatch(&w);
    stranger_end(&s);
}

static HWND (WINAPI *real_get_window)(HWND hwnd, UINT what);
static HWND circle[3];

static HWND WINAPI get_window(HWND hwnd, UINT what)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(circle) && what == GW_OWNER; i++)
        if (circle[i] == hwnd)
            return circle[(i + 1) % FF_ARRAY_ELEMS(circle)];
    return real_get_window(hwnd, what);
}

/** What the device is told, where the system does not let it come about. */
static void owners_that_are_told_go_in_circles(void)
{
    const DWORD style = WS_POPUP | WS_CAPTION | WS_VISIBLE;
    Stranger s = stranger_start(subject_exe);
    HWND on_circle, apart;
    Watch w;

    for (size_t i = 0; i < FF_ARRAY_ELEMS(circle); i++)
        circle[i] = stranger_window(&s, i == 1 ? "Secret" : "Ring", "", style, 0, NULL);
    on_circle = stranger_window(&s, "Ring", "", style, 0, circle[2]);
    apart     = stranger_window(&s, "Ring", "", style, 0, NULL);
    real_get_window = (void *)imports_replace("GetWindow", get_window);
    ok(owner_of(circle[0]) == circle[1] && owner_of(circle[1]) == circle[2] && owner_of(circle[2]) == circle[0],
       "three windows of which each is said to own the next");
    w = watch("class=Secret");
    ok(sees(&w, circle[0]) && entry(&w, circle[1]) && entry(&w, circle[2]), "when one matches, all do");
    ok(entry(&w, on_circle) && !entry(&w, apart), "and what they own, and no other");
    unwatch(&w);
    w = watch("class=Nothing");
    ok(look(&w) >= 0 && !nb_entries(&w), "when none does, the look ends, and none is found");
    unwatch(&w);
    circle[1] = circle[2] = circle[0];
    w = watch("class=Secret");
    ok(owner_of(circle[0]) == circle[0] && look(&w) >= 0 && !entry(&w, circle[0]),
       "one that is said to own itself ends, and does not match");
    unwatch(&w);
    imports_replace("GetWindow", (void *)real_get_window);
    stranger_end(&s);
}

static void windows_go_into_each_other(void)
{
    static const char *const verbs[] = { "parent", "into" };
    char path[MAX_PATH];
    Stranger s = stranger_start(subject_exe), t = start_as("other.exe", path);

    for (size_t i = 0; i < FF_ARRAY_ELEMS(verbs); i++) {
        const DWORD style = WS_POPUP | WS_CAPTION | WS_VISIBLE;
        HWND ring[3], other[2], alone = stranger_window(&s, "Alone", "", style, 0, NULL), distant;
        Watch w;

        for (int k = 0; k < 3; k++)
            ring[k] = stranger_window(&s, k == 0 ? "Secret" : "Ring", "", style, 0, NULL);
        for (int k = 0; k < 2; k++)
            other[k] = stranger_window(&s, "Ring", "", style, 0, NULL);
        distant = stranger_window(&t, "Distant", "", SHOWN, 0, NULL);
        w = watch("class=Secret");
        ok(sees(&w, ring[0]) && nb_entries(&w) == 1, "%s: one of seven windows matches", verbs[i]);

        /* it is in ring[1], and that in ring[2], which is then to go into it */
        closed(close_circle(&s, verbs[i], parent_of, ring, 3), "three windows that go into each other");
        ok(GetAncestor(ring[0], GA_ROOT) == ring[2] && sees(&w, ring[2]),
           "what all of them are in is left out");
        closed(close_circle(&s, verbs[i], parent_of, other, 2), "two");
        closed(close_circle(&s, verbs[i], parent_of, &alone, 1), "one that goes into itself");
        ok(look(&w) >= 0 && !entry(&w, other[1]) && !entry(&w, alone) && !entry(&w, distant),
           "who tried that, and has nothing of it in him, is not");

        /* the same with a window of another program, there and back */
        stranger_do(&s, "%s 0x%lx 0x%lx", verbs[i], H(ring[2]), H(distant));
        ok(parent_of(ring[2]) == distant && sees(&w, distant),
           "nor is it lost in a window of another program");
        stranger_do(&t, "%s 0x%lx 0x%lx", verbs[i], H(distant), H(ring[0]));
        printf("# which goes into what is in it: %s\n",
               parent_of(distant) == ring[0] ? "done" : "the system refuses that");
        ok(look(&w) >= 0 && (parent_of(distant) == ring[0] || entry(&w, distant)),
           "when that window is to go into what is in it, it is left out still, or is in what is");
        unwatch(&w);
        stranger_do(&t, "kill 0x%lx", H(distant));
        for (int k = 0; k < 3; k++)
            if (IsWindow(ring[k]))
                stranger_do(&s, "kill 0x%lx", H(ring[k]));
    }
    stranger_end(&s);
    stranger_end(&t);
    DeleteFileA(path);
}

#define CROWD 2000

static void a_crowd_hides_nobody(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND below = stranger_window(&s, "Secret", "", SHOWN, 0, NULL), above;
    Watch w;
    unsigned i, nb = 0;

    stranger_do(&s, "many Crowd %d", CROWD);
    above = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    w = watch("class=Secret|class=Crowd&title=1234");
    ok(sees(&w, below) && entry(&w, above), "windows below and above %d others are found", CROWD);
    ok(nb_entries(&w) == 3, "and the one among them, and no other (%d)", nb_entries(&w));
    unwatch(&w);
    w = watch("class=Crowd");
    ok(look(&w) >= 0, "there is a look when they all match");
    for (i = 0; i < w.seen.nb_windows; i++)
        nb += !(w.seen.windows[i].flags & MAGNIFIER_GUARD_NO_MATCH);
    ok(nb >= CROWD, "and each is in it (%u)", nb);
    ok(nb_of(lines, '\n') < 30 + CROWD, "with a line for each at most");
    unwatch(&w);
    stranger_end(&s);
}

#define MULTITUDE 20000
#define PROGRAMS  4         /* Windows lets none have more than 10,000 */

/**
 * Takes Wine three minutes; what the list of windows and the guard make of so many is also tested with
 * ones that there are not (test_toplevel.c, tests/unit/test_guard.c).
 */
static void a_multitude_hides_nobody(void)
{
    Stranger s = stranger_start(subject_exe), crowd[PROGRAMS];
    HWND below = stranger_window(&s, "Secret", "", SHOWN, 0, NULL), last[PROGRAMS], above;
    unsigned nb = 0;
    DWORD begun;
    Watch w;

    for (int i = 0; i < PROGRAMS; i++) {
        crowd[i] = stranger_start(subject_exe);
        last[i]  = stranger_do(&crowd[i], "manyhidden Crowd %d", MULTITUDE / PROGRAMS);
    }
    above = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    for (HWND hwnd = NULL; (hwnd = FindWindowExW(NULL, hwnd, L"Crowd", NULL)); )
        nb++;
    ok(nb == MULTITUDE, "there are %u windows of %d programs", nb, PROGRAMS);
    w = watch("class=Secret|class=Crowd&title=4321");
    begun = GetTickCount();
    ok(sees(&w, below) && entry(&w, above), "one below them and one above are found");
    printf("# in %lu ms\n", GetTickCount() - begun);
    ok(nb_entries(&w) == 2 + PROGRAMS, "and those among them, and no other (%d)", nb_entries(&w));
    stranger_do(&crowd[PROGRAMS - 1], "title 0x%lx 4321", H(last[PROGRAMS - 1]));
    begun = GetTickCount();
    ok(sees(&w, last[PROGRAMS - 1]), "one of them that is renamed is found by the next look");
    printf("# in %lu ms\n", GetTickCount() - begun);
    unwatch(&w);
    for (int i = 0; i < PROGRAMS; i++)
        stranger_end(&crowd[i]);
    stranger_end(&s);
}

static int is_wow64(HANDLE process)
{
    BOOL wow64 = FALSE;

    return IsWow64Process(process, &wow64) && wow64;
}

/** A rule's way of writing this path. */
static void rule_path(char *rule, size_t size, const WCHAR *path)
{
    int nb = snprintf(rule, size, "exe=");

    WideCharToMultiByte(CP_UTF8, 0, path, -1, rule + nb, size - nb, NULL, NULL);
    while ((rule = strchr(rule, '\\')))
        *rule = '/';
}

/** A 32-bit device, and 64-bit programs; or the reverse. */
static void programs_of_the_other_kind_are_programs(void)
{
    const DWORD style = WS_POPUP | WS_CAPTION | WS_VISIBLE;
    char path[MAX_PATH], class_name[200], text[300];
    WCHAR wide[MAX_PATH];
    HWND here, there, owned_here, owned_there, child, holder, named;
    Stranger s, t;
    Watch w;

    snprintf(path, sizeof(path), "%s\\other-arch.exe", subject_dir);
    if (GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES) {
        skip(1, "there is no program of the other architecture");
        return;
    }
    s = stranger_start(subject_exe);
    t = stranger_start(path);
    ok(is_wow64(t.process) != is_wow64(GetCurrentProcess()) && is_wow64(s.process) == is_wow64(GetCurrentProcess()),
       "a program that is %d-bit, where this one is %d-bit", is_wow64(t.process) ? 32 : 64,
       is_wow64(GetCurrentProcess()) ? 32 : 64);
    memset(class_name, 'x', sizeof(class_name));
    class_name[sizeof(class_name) - 1] = 0;
    here        = stranger_window(&s, "Shared", "here", SHOWN, 0, NULL);
    there       = stranger_window(&t, "Shared", "there", SHOWN, 0, NULL);
    owned_here  = stranger_window(&s, "Owned", "", style, 0, NULL);
    owned_there = stranger_window(&t, "Owned", "", style, 0, NULL);
    holder      = stranger_window(&s, "Holder", "", SHOWN, 0, NULL);
    child       = stranger_window(&t, "Child", "", style, 0, NULL);
    named       = stranger_window(&t, class_name, "", SHOWN, 0, NULL);

    w = watch("class=Shared");
    ok(sees(&w, here) && entry(&w, there) && nb_entries(&w) == 2, "a class that both have is left out of both");
    stranger_do(&s, "owner 0x%lx 0x%lx", H(owned_here), H(there));
    stranger_do(&t, "owner 0x%lx 0x%lx", H(owned_there), H(here));
    ok(owner_of(owned_here) == there && sees(&w, owned_here), "with what is owned by the other's");
    ok(owner_of(owned_there) == here && sees(&w, owned_there), "there as well as here");
    unwatch(&w);

    w = watch("exe=other-arch.exe");
    ok(sees(&w, there) && entry(&w, owned_there) && entry(&w, owned_here) && !entry(&w, here),
       "a program of the other kind is found by its name");
    stranger_do(&t, "parent 0x%lx 0x%lx", H(child), H(holder));
    ok(parent_of(child) == holder && sees(&w, holder), "as is what has a window of its in it");
    unwatch(&w);
    MultiByteToWideChar(CP_ACP, 0, path, -1, wide, MAX_PATH);
    rule_path(text, sizeof(text), wide);
    w = watch("%s", text);
    ok(sees(&w, there) && !entry(&w, here), "and by its path");
    unwatch(&w);
    w = watch("class=%s", class_name);
    ok(sees(&w, named) && nb_entries(&w) == 1, "a long name of a class of its own is whole");
    unwatch(&w);
    w = watch("hwnd=0x%lx|pid=%lu&title=secret", H(there), t.pid);
    ok(sees(&w, there) && nb_entries(&w) == 2, "its handle is the same here, and owns the same");
    stranger_do(&t, "title 0x%lx secret", H(named));
    ok(sees(&w, named), "as are its number, and its titles");
    unwatch(&w);
    stranger_end(&s);
    stranger_end(&t);
}

#define DEEP    300         /* units of the folders, more than MAX_PATH */
#define LONGEST 32767       /* units of any path, with its end */

static DWORD path_of(HANDLE process, WCHAR *path, DWORD size)
{
    return QueryFullProcessImageNameW(process, 0, path, &size) ? size : 0;
}

/** Its window is found by the names that people know the program by. */
static void check_found(Stranger *s, const WCHAR *path, const char *what)
{
    static WCHAR told[LONGEST];
    char rule[2 * DEEP + 4 * MAX_PATH];
    HWND hwnd = stranger_window(s, "Secret", "", SHOWN, 0, NULL);
    Watch w;

    ok(hwnd && path_of(s->process, told, FF_ARRAY_ELEMS(told)) >= wcslen(path), "a program that was started %s", what);
    printf("# the system says %.40ls... (%u units)\n", told, (unsigned)wcslen(told));
    w = watch("exe=hostile.exe");
    ok(sees(&w, hwnd), "%s, it is found by its name", what);
    unwatch(&w);
    rule_path(rule, sizeof(rule), path);
    w = watch("%s", rule);
    ok(sees(&w, hwnd), "%s, it is found by its whole path", what);
    unwatch(&w);
    /* of one whose path is not known that would be assumed */
    w = watch("exe=Z:/elsewhere/hostile.exe");
    ok(look(&w) >= 0 && !entry(&w, hwnd), "%s, it is not by another path", what);
    unwatch(&w);
    w = watch("exe!=hostile.exe");
    ok(look(&w) >= 0 && !entry(&w, hwnd), "%s, it is no other", what);
    unwatch(&w);
    stranger_do(s, "kill 0x%lx", H(hwnd));
}

/** @param prefix before the path of its file, which is what it is started by */
static void check_started(const WCHAR *prefix, const WCHAR *path, const char *what)
{
    WCHAR application[DEEP + 2 * MAX_PATH], command[] = L"subject";
    Stranger s;

    swprintf(application, FF_ARRAY_ELEMS(application), L"%ls%ls", prefix, path);
    if (!stranger_try(&s, application, command)) {
        printf("# error %lu\n", GetLastError());
        skip(0, "the system does not start a program in that way");
        return;
    }
    check_found(&s, path, what);
    stranger_end(&s);
}

static BOOL (WINAPI *real_query)(HANDLE process, DWORD flags, WCHAR *path, DWORD *size);
static const WCHAR *say_path;

static BOOL WINAPI query(HANDLE process, DWORD flags, WCHAR *path, DWORD *size)
{
    DWORD nb = wcslen(say_path);

    if (*size <= nb) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    wcscpy(path, say_path);
    *size = nb;
    return TRUE;
}

/** What the device is told of a program, where the system does not start one from there. */
static void check_told(const WCHAR *path, const char *what)
{
    Stranger s = stranger_start(subject_exe);

    real_query = (void *)imports_replace("QueryFullProcessImageNameW", query);
    say_path   = path;
    check_found(&s, path, what);
    imports_replace("QueryFullProcessImageNameW", (void *)real_query);
    stranger_end(&s);
}

static void names_of_files_do_not_get_past(void)
{
    WCHAR dir[MAX_PATH], path[DEEP + 2 * MAX_PATH], name[DEEP + 2 * MAX_PATH], from[MAX_PATH];
    int nb, nb_folders = 0;

    MultiByteToWideChar(CP_ACP, 0, subject_dir, -1, dir, MAX_PATH);
    MultiByteToWideChar(CP_ACP, 0, subject_exe, -1, from, MAX_PATH);
    swprintf(path, FF_ARRAY_ELEMS(path), L"%ls\\hostile.exe", dir);
    CopyFileW(from, path, FALSE);
    check_started(L"", path, "as it is");
    check_started(L"\\\\?\\", path, "with \\\\?\\ before its path");
    check_started(L"\\\\.\\", path, "with \\\\.\\ before its path");
    DeleteFileW(path);

    nb = swprintf(name, FF_ARRAY_ELEMS(name), L"\\\\?\\%ls", dir);
    while (nb < DEEP + 4) {
        nb += swprintf(name + nb, FF_ARRAY_ELEMS(name) - nb, L"\\%099d", nb_folders++);
        CreateDirectoryW(name, NULL);
    }
    swprintf(path, FF_ARRAY_ELEMS(path), L"%ls\\hostile.exe", name + 4);
    wcscat(name, L"\\hostile.exe");
    ok(CopyFileW(from, name, FALSE) && wcslen(path) > DEEP, "a file whose path has %u units", (unsigned)wcslen(path));
    check_started(L"\\\\?\\", path, "from deep below");
    check_told(path, "from deep below, as is said");
    DeleteFileW(name);
    while (nb_folders--) {
        *wcsrchr(name, '\\') = 0;
        RemoveDirectoryW(name);
    }
}

/** All that a program can see of our canary. */
static void who_looks_like_us_is_not(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd  = stranger_window(&s, "STATIC", "", WS_POPUP | WS_VISIBLE | SS_BITMAP,
                                 WS_EX_LAYERED | WS_EX_TRANSPARENT | WS_EX_TOPMOST | WS_EX_TOOLWINDOW |
                                 WS_EX_NOACTIVATE, NULL);
    Watch w    = watch("pid=%lu", s.pid);

    ok(sees(&w, hwnd), "a window like our canary matches as any other");
    unwatch(&w);
    w = watch("exe!=subject.exe");
    ok(look(&w) >= 0 && !entry(&w, hwnd), "and does not as any other");
    unwatch(&w);
    stranger_end(&s);
}

int main(int argc, char **argv)
{
    static void (*const tests[])(void) = {
        titles_do_not_get_past,
        long_titles_do_not_get_past,
        owners_go_in_circles,
        owners_that_are_told_go_in_circles,
        windows_go_into_each_other,
        a_crowd_hides_nobody,
        who_looks_like_us_is_not,
        programs_of_the_other_kind_are_programs,
        names_of_files_do_not_get_past,
    };

    run(argc, argv, tests, FF_ARRAY_ELEMS(tests));
    if (argc > 2 && !strcmp(argv[2], "slow"))
        a_multitude_hides_nobody();
    return tap_end();
}
