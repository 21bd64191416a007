/*
 * Windows Magnification API screen capture: a program whose windows are looked at, for tests
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
 * A stranger with windows. Reads commands from its standard input, one a line, and
 * answers each with one line: "ok", "ok 0xHANDLE", or "error N" with the Win32 code.
 *
 *   new CLASS|STYLE|EXSTYLE|OWNER|X|Y|W|H|TITLE   numbers as C writes them; an owner
 *                        that is the parent if STYLE has WS_CHILD
 *   show H, hide H, minimise H, kill H
 *   title H TEXT         also "title2 H TEXT": to TEXT and back at once
 *   title16 H UNITS...   to these UTF-16 units, in hexadecimal
 *   longtitle H N TEXT   to N letters and TEXT
 *   many CLASS N         show N windows of 20x20, each with its number for a title; with
 *                        "manyhidden", do not show them
 *   owner H OWNER, parent H PARENT   "into" is "parent" that leaves the style as it is
 *   popup H              gives it the styles of a menu that a toolkit draws, and shows it
 *   move H               minimise it again, to where such windows go now
 *   menu H, endmenu      a popup menu of H
 *   combo H              a drop-down list in H, dropped down
 *   tip H                a tooltip without an owner
 *   hang MS              answer first, then do not look at messages for so long, or until the
 *                        event winroom-wake is set; then set winroom-gone-on
 *   region H             give it a region that leaves out its corner
 *   flash CLASS          show a window and destroy it at once; the handle is dead
 *   flashhidden CLASS    the same without showing it
 *   flashthread CLASS    the same in a thread that ends with it
 *   flashchild H         a child of H
 *   churn CLASS N H      make and destroy windows until one has the handle H, at most N;
 *                        with "churnin", in another thread
 *   retitle H N          set N different titles, one after the other
 *   event ID H           tell the world of an event, as Windows does it
 *   deny                 let nobody open this process
 *   quit
 */

#include <windows.h>
#include <commctrl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wine.h"

#define WM_COMMAND_LINE (WM_APP + 1)

static HWND master;
static char line[4096];
static HANDLE line_done;

static LRESULT CALLBACK plain(HWND hwnd, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_CLOSE)
        return 0;
    return DefWindowProcW(hwnd, message, w, l);
}

static WCHAR *wide(const char *text)
{
    static WCHAR buffers[4][2048];
    static int at;
    WCHAR *buffer = buffers[at++ & 3];

    MultiByteToWideChar(CP_UTF8, 0, text, -1, buffer, 2048);
    return buffer;
}

static void need_class(const WCHAR *name)
{
    WNDCLASSW old, wc = {
        .lpfnWndProc   = plain,
        .hInstance     = GetModuleHandleW(NULL),
        .lpszClassName = name,
        .hbrBackground = (HBRUSH)(COLOR_WINDOW + 1),
    };

    if (!GetClassInfoW(NULL, name, &old) && !GetClassInfoW(wc.hInstance, name, &old))
        RegisterClassW(&wc);
}

static HWND new_window(char *arguments)
{
    char *field[9] = { 0 };
    DWORD style;
    HWND owner;
    int i;

    for (i = 0; i < 9; i++) {
        field[i] = arguments;
        arguments = i < 8 ? strchr(arguments, '|') : NULL;
        if (i < 8 && !arguments)
            return NULL;
        if (arguments)
            *arguments++ = 0;
    }
    style = strtoul(field[1], NULL, 0);
    owner = (HWND)(uintptr_t)strtoull(field[3], NULL, 0);
    need_class(wide(field[0]));
    return CreateWindowExW(strtoul(field[2], NULL, 0), wide(field[0]), wide(field[8]), style,
                           atoi(field[4]), atoi(field[5]), atoi(field[6]), atoi(field[7]),
                           owner, NULL, GetModuleHandleW(NULL), NULL);
}

/** @return the last one */
static HWND many(char *arguments, int shown)
{
    char *number = strchr(arguments, ' ');
    int i, nb    = number ? atoi(number) : 0;
    HWND hwnd    = NULL;

    if (number)
        *number = 0;
    need_class(wide(arguments));
    for (i = 0; i < nb; i++) {
        WCHAR title[16];

        wsprintfW(title, L"%d", i);
        hwnd = CreateWindowExW(0, wide(arguments), title, WS_POPUP, i % 40 * 20, i / 40 * 10, 20, 20,
                               NULL, NULL, GetModuleHandleW(NULL), NULL);
        if (shown)
            ShowWindow(hwnd, SW_SHOWNOACTIVATE);
    }
    return hwnd;
}

static HWND flash(const WCHAR *class_name, HWND parent, int shown)
{
    HWND hwnd;

    need_class(class_name);
    hwnd = CreateWindowExW(WS_EX_NOACTIVATE, class_name, L"flash", parent ? WS_CHILD : WS_POPUP,
                           10, 10, 50, 50, parent, NULL, GetModuleHandleW(NULL), NULL);
    /* Without taking the focus: Wine can lock up when windows of two threads of a program
     * pass it to and fro and one of the threads ends. */
    if (shown) {
        ShowWindow(hwnd, SW_SHOWNA);
        if (!system_tells_of_show())
            NotifyWinEvent(EVENT_OBJECT_SHOW, hwnd, OBJID_WINDOW, CHILDID_SELF);
    }
    DestroyWindow(hwnd);
    return hwnd;
}

static DWORD WINAPI flash_thread(void *class_name)
{
    return (DWORD)(uintptr_t)flash(class_name, NULL, 1);
}

typedef struct Churn {
    const WCHAR *class_name;
    int times;
    HWND wanted, got;
    HANDLE done;
} Churn;

static DWORD WINAPI churn(void *opaque)
{
    Churn *c = opaque;
    HWND hwnd = NULL;
    int i;

    need_class(c->class_name);
    for (i = 0; i < c->times && !c->got; i++) {
        /* Windows for messages only are faster to make. Which comes next is known from the
         * one before: the upper half of a handle counts. */
        uintptr_t next = (uintptr_t)hwnd + 0x10000;
        int real = ((next ^ (uintptr_t)c->wanted) & 0xFFFFFFFF) == 0;

        hwnd = CreateWindowExW(0, c->class_name, L"again", real ? WS_POPUP : 0, 0, 0, 40, 40,
                               real ? NULL : HWND_MESSAGE, NULL, GetModuleHandleW(NULL), NULL);
        if (hwnd == c->wanted && real)
            c->got = hwnd;
        else
            DestroyWindow(hwnd);
    }
    if (c->done) {
        MSG msg;

        SetEvent(c->done);
        while (c->got && GetMessageW(&msg, NULL, 0, 0) > 0)
            DispatchMessageW(&msg);
    }
    return 0;
}

/** A thread that makes a window sends messages to the one that was active. */
static void wait_for(HANDLE object)
{
    MSG msg;

    while (MsgWaitForMultipleObjects(1, &object, FALSE, INFINITE, QS_ALLINPUT) != WAIT_OBJECT_0)
        while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&msg);
}

static void answer(HWND hwnd)
{
    if (hwnd)
        printf("ok 0x%lx\n", (unsigned long)(uintptr_t)hwnd);
    else
        printf("error %lu\n", GetLastError());
    fflush(stdout);
}

static void deny(void)
{
    BYTE buffer[64];
    ACL *acl = (ACL *)buffer;
    SECURITY_DESCRIPTOR sd;

    /* An access list without an entry: nobody may do anything. */
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    InitializeAcl(acl, sizeof(buffer), ACL_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    if (SetKernelObjectSecurity(GetCurrentProcess(), DACL_SECURITY_INFORMATION, &sd))
        printf("ok\n");
    else
        printf("error %lu\n", GetLastError());
    fflush(stdout);
}

static void obey(void)
{
    static char copy[sizeof(line)];
    char *verb = copy, *rest;
    HWND hwnd, other = NULL;
    char *end;

    strcpy(copy, line);
    /* From here the reader may go on: what follows can take long. */
    SetEvent(line_done);
    rest = strchr(copy, ' ');
    if (rest)
        *rest++ = 0;
    else
        rest = copy + strlen(copy);
    hwnd = (HWND)(uintptr_t)strtoull(rest, &end, 0);
    if (*end == ' ')
        other = (HWND)(uintptr_t)strtoull(end, NULL, 0);

    if (!strcmp(verb, "new")) {
        answer(new_window(rest));
    } else if (!strcmp(verb, "many") || !strcmp(verb, "manyhidden")) {
        answer(many(rest, !verb[4]));
    } else if (!strcmp(verb, "show")) {
        ShowWindow(hwnd, SW_SHOWNA);
        answer(hwnd);
    } else if (!strcmp(verb, "hide")) {
        ShowWindow(hwnd, SW_HIDE);
        answer(hwnd);
    } else if (!strcmp(verb, "minimise")) {
        ShowWindow(hwnd, SW_MINIMIZE);
        answer(hwnd);
    } else if (!strcmp(verb, "kill")) {
        answer(DestroyWindow(hwnd) ? hwnd : NULL);
    } else if (!strcmp(verb, "title") || !strcmp(verb, "title2")) {
        WCHAR old[256];

        GetWindowTextW(hwnd, old, 256);
        SetWindowTextW(hwnd, wide(*end ? end + 1 : ""));
        if (!strcmp(verb, "title2"))
            SetWindowTextW(hwnd, old);
        answer(hwnd);
    } else if (!strcmp(verb, "title16")) {
        WCHAR units[256];
        int nb = 0;

        while (nb < 255 && *end) {
            WCHAR unit = strtoul(end, &end, 16);

            if (!unit)
                break;
            units[nb++] = unit;
        }
        units[nb] = 0;
        SetWindowTextW(hwnd, units);
        answer(hwnd);
    } else if (!strcmp(verb, "longtitle")) {
        int nb = strtoul(end, &end, 0);
        const WCHAR *text = wide(*end ? end + 1 : "");
        WCHAR *title = malloc((nb + wcslen(text) + 1) * sizeof(*title));

        wcscpy(title + nb, text);
        while (nb--)
            title[nb] = 'x';
        SetWindowTextW(hwnd, title);
        free(title);
        answer(hwnd);
    } else if (!strcmp(verb, "retitle")) {
        int i, n = (int)(uintptr_t)other;

        for (i = 0; i < n; i++) {
            WCHAR text[64];

            wsprintfW(text, L"title %d", i);
            SetWindowTextW(hwnd, text);
        }
        answer(hwnd);
    } else if (!strcmp(verb, "owner")) {
        SetWindowLongPtrW(hwnd, GWLP_HWNDPARENT, (LONG_PTR)other);
        answer(hwnd);
    } else if (!strcmp(verb, "parent") || !strcmp(verb, "into")) {
        if (!strcmp(verb, "parent"))
            SetWindowLongPtrW(hwnd, GWL_STYLE,
                              (GetWindowLongPtrW(hwnd, GWL_STYLE) & ~WS_POPUP) | WS_CHILD);
        answer(SetParent(hwnd, other) ? hwnd : NULL);
    } else if (!strcmp(verb, "popup")) {
        SetWindowLongW(hwnd, GWL_EXSTYLE, GetWindowLongW(hwnd, GWL_EXSTYLE) | WS_EX_TOOLWINDOW);
        SetWindowLongW(hwnd, GWL_STYLE, WS_POPUP);
        ShowWindow(hwnd, SW_SHOWNA);
        answer(hwnd);
    } else if (!strcmp(verb, "move")) {
        /* What programs cannot do with a window of another one. */
        ShowWindow(hwnd, SW_SHOWNOACTIVATE);
        SetWindowPos(hwnd, NULL, -32000, -32000, 0, 0, SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
        ShowWindow(hwnd, SW_MINIMIZE);
        answer(hwnd);
    } else if (!strcmp(verb, "menu")) {
        HMENU menu = CreatePopupMenu();
        int i;

        for (i = 1; i < 6; i++)
            AppendMenuW(menu, MF_STRING, i, L"An entry of the menu");
        answer(hwnd);
        SetForegroundWindow(hwnd);
        TrackPopupMenu(menu, TPM_RETURNCMD, 100, 100, 0, hwnd, NULL);
        DestroyMenu(menu);
    } else if (!strcmp(verb, "endmenu")) {
        EndMenu();
        answer(master);
    } else if (!strcmp(verb, "combo")) {
        HWND combo = CreateWindowExW(0, L"COMBOBOX", L"", WS_CHILD | WS_VISIBLE | CBS_DROPDOWNLIST,
                                     5, 5, 120, 200, hwnd, NULL, GetModuleHandleW(NULL), NULL);
        COMBOBOXINFO info = { .cbSize = sizeof(info) };

        SendMessageW(combo, CB_ADDSTRING, 0, (LPARAM)L"one");
        SendMessageW(combo, CB_ADDSTRING, 0, (LPARAM)L"two");
        SendMessageW(combo, CB_SHOWDROPDOWN, TRUE, 0);
        GetComboBoxInfo(combo, &info);
        answer(info.hwndList);
    } else if (!strcmp(verb, "tip")) {
        TTTOOLINFOW tool = { .cbSize = TTTOOLINFOW_V1_SIZE, .uFlags = TTF_TRACK | TTF_ABSOLUTE,
                             .hwnd = hwnd, .uId = 1, .lpszText = (WCHAR *)L"a tip" };
        HWND tip = CreateWindowExW(WS_EX_TOPMOST, L"tooltips_class32", NULL,
                                   WS_POPUP | TTS_ALWAYSTIP, 0, 0, 80, 30, NULL, NULL, NULL, NULL);

        SendMessageW(tip, TTM_ADDTOOLW, 0, (LPARAM)&tool);
        SendMessageW(tip, TTM_TRACKPOSITION, 0, MAKELONG(200, 200));
        SendMessageW(tip, TTM_TRACKACTIVATE, TRUE, (LPARAM)&tool);
        answer(tip);
    } else if (!strcmp(verb, "hang")) {
        HANDLE wake    = CreateEventA(NULL, TRUE, FALSE, "winroom-wake");
        HANDLE gone_on = CreateEventA(NULL, TRUE, FALSE, "winroom-gone-on");

        answer(master);
        WaitForSingleObject(wake, (DWORD)(uintptr_t)hwnd);
        SetEvent(gone_on);
        CloseHandle(wake);
        CloseHandle(gone_on);
    } else if (!strcmp(verb, "region")) {
        SetWindowRgn(hwnd, CreateRectRgn(10, 10, 200, 100), TRUE);
        answer(hwnd);
    } else if (!strcmp(verb, "flash")) {
        answer(flash(wide(rest), NULL, 1));
    } else if (!strcmp(verb, "flashhidden")) {
        answer(flash(wide(rest), NULL, 0));
    } else if (!strcmp(verb, "flashthread")) {
        DWORD code = 0;
        HANDLE thread = CreateThread(NULL, 0, flash_thread, wide(rest), 0, NULL);

        wait_for(thread);
        GetExitCodeThread(thread, &code);
        CloseHandle(thread);
        answer((HWND)(uintptr_t)code);
    } else if (!strcmp(verb, "flashchild")) {
        answer(flash(L"Flash", hwnd, 1));
    } else if (!strcmp(verb, "churn") || !strcmp(verb, "churnin")) {
        Churn c = { 0 };
        char name[128];
        unsigned long wanted;

        sscanf(rest, "%127s %d %lx", name, &c.times, &wanted);
        c.class_name = wide(name);
        c.wanted     = (HWND)(uintptr_t)wanted;
        if (!strcmp(verb, "churnin")) {
            static Churn lasting;

            lasting = c;
            lasting.class_name = wcsdup(c.class_name);
            lasting.done = CreateEventW(NULL, FALSE, FALSE, NULL);
            CreateThread(NULL, 0, churn, &lasting, 0, NULL);
            wait_for(lasting.done);
            c.got = lasting.got;
        } else {
            churn(&c);
        }
        answer(c.wanted ? c.got : master);
    } else if (!strcmp(verb, "event")) {
        NotifyWinEvent((DWORD)(uintptr_t)hwnd, other, OBJID_WINDOW, CHILDID_SELF);
        answer(other);
    } else if (!strcmp(verb, "deny")) {
        deny();
    } else if (!strcmp(verb, "quit")) {
        answer(master);
        ExitProcess(0);
    } else {
        SetLastError(ERROR_INVALID_FUNCTION);
        answer(NULL);
    }
}

static LRESULT CALLBACK master_proc(HWND hwnd, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_COMMAND_LINE) {
        obey();
        return 0;
    }
    return DefWindowProcW(hwnd, message, w, l);
}

static DWORD WINAPI reader(void *unused)
{
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\r\n")] = 0;
        PostMessageW(master, WM_COMMAND_LINE, 0, 0);
        WaitForSingleObject(line_done, INFINITE);
    }
    ExitProcess(0);
    return 0;
}

int main(void)
{
    WNDCLASSW wc = {
        .lpfnWndProc   = master_proc,
        .hInstance     = GetModuleHandleW(NULL),
        .lpszClassName = L"SubjectMaster",
    };
    INITCOMMONCONTROLSEX controls = { sizeof(controls), ICC_WIN95_CLASSES };
    MSG msg;

    InitCommonControlsEx(&controls);
    RegisterClassW(&wc);
    line_done = CreateEventW(NULL, FALSE, FALSE, NULL);
    master = CreateWindowExW(0, L"SubjectMaster", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                             wc.hInstance, NULL);
    CreateThread(NULL, 0, reader, NULL, 0, NULL);
    while (GetMessageW(&msg, NULL, 0, 0) > 0)
        DispatchMessageW(&msg);
    return 0;
}
