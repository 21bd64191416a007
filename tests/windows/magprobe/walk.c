/*
 * magprobe: does a walk see every window, and what does it cost?
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

#include <stdio.h>
#include <stdlib.h>

#include "magprobe.h"
#include "stats.h"
#include "system.h"

#define MAX_WINDOWS 4096
#define NB_WALKS      50
#define MOST_US  1000000
#define NB_OWN       500
#define TRIES         10

typedef struct List {
    HWND hwnd[MAX_WINDOWS];
    int nb;
} List;

static int is_in(const List *l, HWND hwnd)
{
    int i;

    for (i = 0; i < l->nb; i++)
        if (l->hwnd[i] == hwnd)
            return 1;
    return 0;
}

/* The end of the list sets no error; a window that went under the walk's feet does. */
static void walk_find(List *l)
{
    HWND hwnd;
    int tries;

    for (tries = 0; tries < TRIES; tries++) {
        hwnd  = NULL;
        l->nb = 0;
        SetLastError(ERROR_SUCCESS);
        while (l->nb < MAX_WINDOWS && (hwnd = FindWindowExW(NULL, hwnd, NULL, NULL)))
            l->hwnd[l->nb++] = hwnd;
        if (GetLastError() == ERROR_SUCCESS)
            return;
    }
}

static BOOL CALLBACK add_window(HWND hwnd, LPARAM param)
{
    List *l = (List *)param;

    if (l->nb < MAX_WINDOWS)
        l->hwnd[l->nb++] = hwnd;
    return TRUE;
}

static void walk_enum(List *l)
{
    l->nb = 0;
    EnumWindows(add_window, (LPARAM)l);
}

/* @return 0, or -1 when this Windows has no such call, or it fails */
static int walk_list(List *l)
{
    const SystemApi *api = system_api();
    UINT nb = 0, i;
    LONG status;

    l->nb = 0;
    if (!api->build_list)
        return -1;
    status = api->build_list(GetThreadDesktop(GetCurrentThreadId()), NULL, FALSE, FALSE, 0,
                             MAX_WINDOWS, l->hwnd, &nb);
    if (status < 0 || nb > MAX_WINDOWS) {
        say("NtUserBuildHwndList fails with %08lx", status);
        return -1;
    }
    for (i = 0; i < nb; i++)
        if ((uintptr_t)l->hwnd[i] > 1)
            l->hwnd[l->nb++] = l->hwnd[i];
    return 0;
}

static int report_missing(const char *what, const List *in, const List *not_in)
{
    int i, nb = 0;

    for (i = 0; i < in->nb; i++) {
        WCHAR class_name[64] = L"";
        char narrow[128] = "";

        if (is_in(not_in, in->hwnd[i]) || !IsWindow(in->hwnd[i]))
            continue;
        nb++;
        GetClassNameW(in->hwnd[i], class_name, 64);
        WideCharToMultiByte(CP_UTF8, 0, class_name, -1, narrow, sizeof(narrow), NULL, NULL);
        fact(what, "%p class %s%s%s", in->hwnd[i], narrow,
             IsWindowVisible(in->hwnd[i]) ? ", visible" : "",
             is_cloaked(in->hwnd[i]) ? ", cloaked" : "");
    }
    return nb;
}

static void compare_walks(void)
{
    static List find, all, list;
    int no_list = walk_list(&list);

    walk_find(&find);
    walk_enum(&all);
    say("FindWindowEx finds %d windows, EnumWindows %d, which lacks %d of them", find.nb, all.nb,
        report_missing("not_in_EnumWindows", &find, &all));
    if (no_list)
        say("NtUserBuildHwndList cannot be had here");
    else
        say("NtUserBuildHwndList has %d windows, lacks %d that FindWindowEx finds, "
            "and has %d that it does not",
            list.nb, report_missing("not_in_NtUserBuildHwndList", &find, &list),
            report_missing("not_in_FindWindowEx", &list, &find));
}

static void time_walks(const char *when)
{
    static List list;
    Times find = { .nb = 0 }, build = { .nb = 0 };
    char key[64];
    int64_t end = now_us() + MOST_US;
    int i, no_list = 0, mean;

    for (i = 0; i < NB_WALKS && now_us() < end; i++) {
        int64_t start = now_us();

        no_list |= walk_list(&list);
        times_add(&build, now_us() - start);
        start = now_us();
        walk_find(&list);
        times_add(&find, now_us() - start);
    }
    snprintf(key, sizeof(key), "FindWindowEx_%s", when);
    mean = times_report(key, &find);
    snprintf(key, sizeof(key), "NtUserBuildHwndList_%s", when);
    if (no_list)
        say("a walk of %d windows by FindWindowEx takes %d us", list.nb, mean);
    else
        say("a walk of %d windows by FindWindowEx takes %d us, by NtUserBuildHwndList %d us",
            list.nb, mean, times_report(key, &build));
}

static void q_title(HWND hwnd)   { WCHAR s[512]; InternalGetWindowText(hwnd, s, 512); }
static void q_class(HWND hwnd)   { WCHAR s[256]; GetClassNameW(hwnd, s, 256); }
static void q_owner(HWND hwnd)   { GetWindow(hwnd, GW_OWNER); }
static void q_style(HWND hwnd)   { GetWindowLongW(hwnd, GWL_STYLE); }
static void q_process(HWND hwnd) { DWORD pid; GetWindowThreadProcessId(hwnd, &pid); }
static void q_place(HWND hwnd)   { RECT r; GetWindowRect(hwnd, &r); }
static void q_cloaked(HWND hwnd) { is_cloaked(hwnd); }

static void time_questions(void)
{
    static const struct { const char *name; void (*ask)(HWND hwnd); } questions[] = {
        { "title", q_title }, { "class", q_class }, { "owner", q_owner }, { "style", q_style },
        { "process", q_process }, { "place", q_place }, { "cloaked", q_cloaked },
    };
    static List list;
    char said[256] = "";
    size_t i, len = 0;
    int k, round;

    walk_find(&list);
    for (i = 0; i < sizeof(questions) / sizeof(*questions) && list.nb; i++) {
        int64_t start = now_us(), ns;

        for (round = 0; round < 4; round++)
            for (k = 0; k < list.nb; k++)
                questions[i].ask(list.hwnd[k]);
        ns   = (now_us() - start) * 1000 / (4 * list.nb);
        len += snprintf(said + len, sizeof(said) - len, "%s%s %d.%d", i ? ", " : "",
                        questions[i].name, (int)(ns / 1000), (int)(ns / 100 % 10));
        fact(questions[i].name, "%d ns", (int)ns);
    }
    say("microseconds a question at %d windows: %s", list.nb, said);
}

void ask_walk(void)
{
    int i;

    wine_cannot_tell("it has no Start, Action Center or UWP windows, and its times are its own");
    if (options.attended)
        ask_person("Open Start, or the notifications, and leave them open");
    compare_walks();
    time_walks("now");
    for (i = 0; i < NB_OWN; i++)
        CreateWindowExW(WS_EX_TOOLWINDOW, L"Static", L"magprobe", WS_POPUP, 0, 0, 1, 1, NULL, NULL,
                        GetModuleHandleW(NULL), NULL);
    time_walks("with_500_more");
    time_questions();
}
