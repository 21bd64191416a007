/*
 * magprobe: another process with windows
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
#include <string.h>
#include <wchar.h>
#include <windows.h>
#include <shellapi.h>

#include "frame.h"
#include "helper.h"
#include "magprobe.h"
#include "system.h"

#define LIFE_MS  15000
#define STEP_MS     40          /* longer than events take to arrive on an idle machine */

static HWND stranger_window(DWORD style)
{
    return colour_window(style, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, FOREIGN_X, FOREIGN_Y,
                         KIND_SIZE, KIND_SIZE, KIND_COLOUR);
}

static void step(void)
{
    pump();
    Sleep(STEP_MS);
}

static void cloak(HWND hwnd, BOOL on)
{
    system_api()->set_attribute(hwnd, DWMWA_CLOAK, &on, sizeof(on));
    step();
}

/* One of each thing that can happen to a window, in a fixed order. */
static void be_eventful(void)
{
    HWND hwnd = stranger_window(WS_OVERLAPPEDWINDOW);

    step();
    SetWindowTextW(hwnd, L"magprobe renamed");
    step();
    SetWindowPos(hwnd, NULL, options.at.x + FOREIGN_X + 8, options.at.y + FOREIGN_Y, 0, 0,
                 SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
    step();
    ShowWindow(hwnd, SW_HIDE);
    step();
    ShowWindow(hwnd, SW_SHOWNOACTIVATE);
    step();
    cloak(hwnd, TRUE);
    cloak(hwnd, FALSE);
    DestroyWindow(hwnd);
    step();
}

/* Windows that come and go without a pause, and no message is ever taken. */
static void be_hasty(void)
{
    int i;

    for (i = 0; i < HASTY; i++) {
        HWND hwnd = CreateWindowExW(WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, L"Static",
                                    L"magprobe hasty", WS_POPUP, options.at.x, options.at.y, 1, 1,
                                    NULL, NULL, GetModuleHandleW(NULL), NULL);

        ShowWindow(hwnd, SW_SHOWNOACTIVATE);
        DestroyWindow(hwnd);
    }
}

static void flood(void)
{
    HWND hwnd = CreateWindowExW(WS_EX_TOOLWINDOW, L"Static", L"magprobe flood", WS_POPUP, 0, 0, 1,
                                1, NULL, NULL, GetModuleHandleW(NULL), NULL);
    int i;

    for (i = 1; i <= FLOOD; i++)
        NotifyWinEvent(EVENT_OBJECT_VALUECHANGE, hwnd, OBJID_WINDOW, i);
    DestroyWindow(hwnd);
}

/* Stay, taking messages. */
static void stay(void)
{
    int64_t start = now_us();

    while (now_us() - start < LIFE_MS * INT64_C(1000)) {
        pump();
        MsgWaitForMultipleObjects(0, NULL, FALSE, 50, QS_ALLINPUT);
    }
}

/* A window of one colour. */
static void be_there(void)
{
    stranger_window(WS_POPUP);
    stay();
}

/* UpdateLayeredWindow, which has its pixels from a bitmap. */
static void be_pixels(void)
{
    HWND hwnd = CreateWindowExW(WS_EX_TOPMOST | WS_EX_LAYERED | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE,
                                L"Static", L"", WS_POPUP, options.at.x + FOREIGN_X,
                                options.at.y + FOREIGN_Y, KIND_SIZE, KIND_SIZE, NULL, NULL,
                                GetModuleHandleW(NULL), NULL);
    BITMAPINFO info = {
        { sizeof(info.bmiHeader), KIND_SIZE, -KIND_SIZE, 1, 32, BI_RGB, 0, 0, 0, 0, 0 }, { { 0 } }
    };
    BLENDFUNCTION blend = { AC_SRC_OVER, 0, 255, AC_SRC_ALPHA };
    SIZE size = { KIND_SIZE, KIND_SIZE };
    POINT from = { 0, 0 }, at = { options.at.x + FOREIGN_X, options.at.y + FOREIGN_Y };
    HDC dc = CreateCompatibleDC(NULL);
    uint32_t *pixels = NULL;
    HBITMAP bitmap = CreateDIBSection(dc, &info, DIB_RGB_COLORS, (void **)&pixels, NULL, 0);
    HGDIOBJ old = SelectObject(dc, bitmap);
    int i;

    for (i = 0; pixels && i < KIND_SIZE * KIND_SIZE; i++)
        pixels[i] = 0xff000000 | KIND_COLOUR;
    ShowWindow(hwnd, SW_SHOWNOACTIVATE);
    pump();
    UpdateLayeredWindow(hwnd, NULL, &at, &size, dc, &from, 0, &blend, ULW_ALPHA);
    SelectObject(dc, old);
    DeleteObject(bitmap);
    DeleteDC(dc);
    stay();
}

static void be_flipped(void)
{
    HWND hwnd = stranger_window(WS_POPUP);

    if (flip_open(hwnd))
        ShowWindow(hwnd, SW_HIDE);
    else
        stay();
}

/* A menu is open until the process is ended. */
static void be_menu(void)
{
    HWND hwnd  = stranger_window(WS_POPUP);
    HMENU menu = CreatePopupMenu();

    ShowWindow(hwnd, SW_HIDE);
    AppendMenuW(menu, MF_STRING, 1, L"magprobe");
    SetForegroundWindow(hwnd);
    TrackPopupMenu(menu, TPM_NONOTIFY, options.at.x + FOREIGN_X, options.at.y + FOREIGN_Y, 0, hwnd,
                   NULL);
}

/* Another colour all the time. */
static void be_changing(void)
{
    HWND hwnd = stranger_window(WS_POPUP);
    int64_t start = now_us();
    uint32_t n = 0;

    while (now_us() - start < LIFE_MS * INT64_C(1000)) {
        paint_window(hwnd, ++n * 0x051321 & 0xffffff);
        pump();
        MsgWaitForMultipleObjects(0, NULL, FALSE, 30, QS_ALLINPUT);
    }
}

static const struct Role {
    const char *name;
    void (*be)(void);
} roles[] = {
    { "there",    be_there    },
    { "eventful", be_eventful },
    { "hasty",    be_hasty    },
    { "flood",    flood       },
    { "changing", be_changing },
    { "flip",     be_flipped  },
    { "menu",     be_menu     },
    { "pixels",   be_pixels   },
};

static const struct Role *find_role(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(roles) / sizeof(*roles); i++)
        if (!strcmp(name, roles[i].name))
            return &roles[i];
    return NULL;
}

int is_helper(const char *name)
{
    return find_role(name) != NULL;
}

int helper_main(const char *name)
{
    find_role(name)->be();
    return 0;
}

static int start_elevated(Helper *h, const WCHAR *path, const WCHAR *arguments)
{
    SHELLEXECUTEINFOW info = { .cbSize = sizeof(info),
                               .fMask = SEE_MASK_NOCLOSEPROCESS,
                               .lpVerb = L"runas",
                               .lpFile = path,
                               .lpParameters = arguments,
                               .nShow = SW_SHOWNOACTIVATE };

    if (!ShellExecuteExW(&info) || !info.hProcess)
        return -1;
    h->process = info.hProcess;
    h->pid     = GetProcessId(info.hProcess);
    return 0;
}

int helper_start(Helper *h, const WCHAR *name, int elevated)
{
    STARTUPINFOW start = { .cb = sizeof(start) };
    PROCESS_INFORMATION child;
    static WCHAR command[OWN_PATH_LEN + 200];
    const WCHAR *path = own_path();
    WCHAR arguments[200];

    memset(h, 0, sizeof(*h));
    if (!path)
        return -1;
    _snwprintf(arguments, 199, L"--at %ld,%ld --helper %ls", options.at.x, options.at.y, name);
    if (elevated)
        return start_elevated(h, path, arguments);
    _snwprintf(command, OWN_PATH_LEN + 199, L"\"%ls\" %ls", path, arguments);
    if (!CreateProcessW(path, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &start,
                        &child))
        return -1;
    CloseHandle(child.hThread);
    h->process = child.hProcess;
    h->pid     = child.dwProcessId;
    return 0;
}

typedef struct Search {
    DWORD pid;
    HWND found;
} Search;

static BOOL CALLBACK compare_pid(HWND hwnd, LPARAM param)
{
    Search *s = (Search *)param;
    DWORD pid;

    GetWindowThreadProcessId(hwnd, &pid);
    if (pid == s->pid && IsWindowVisible(hwnd))
        s->found = hwnd;
    return !s->found;
}

HWND helper_window(const Helper *h)
{
    Search s = { h->pid, NULL };
    int tries;

    for (tries = 0; tries < 300 && !s.found; tries++) {
        EnumWindows(compare_pid, (LPARAM)&s);
        if (!s.found && WaitForSingleObject(h->process, 10) == WAIT_OBJECT_0)
            return NULL;
    }
    /* it is painted after it is shown */
    Sleep(200);
    return s.found;
}

void helper_end(Helper *h)
{
    if (!h->process)
        return;
    TerminateProcess(h->process, 0);
    WaitForSingleObject(h->process, 3000);
    CloseHandle(h->process);
    h->process = NULL;
}
