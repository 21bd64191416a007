/*
 * magprobe: the interface that is being probed
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

#include <string.h>

#include "api.h"
#include "magprobe.h"

#define HOST_CLASS  L"magprobe host"
#define TRIES       3

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x800
#endif

static HMODULE load_system_library(const WCHAR *name)
{
    WCHAR path[MAX_PATH];
    HMODULE dll = LoadLibraryExW(name, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    UINT len;

    if (dll || GetLastError() != ERROR_INVALID_PARAMETER)
        return dll;
    /* a Windows 7 that does not know the flag */
    len = GetSystemDirectoryW(path, MAX_PATH);
    if (!len || len + 1 + wcslen(name) >= MAX_PATH)
        return NULL;
    wcscat(path, L"\\");
    wcscat(path, name);
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

static int get_export(HMODULE dll, const char *name, void *out)
{
    FARPROC proc = GetProcAddress(dll, name);

    if (!proc) {
        say("the DLL has no %s", name);
        return -1;
    }
    memcpy(out, &proc, sizeof(proc));
    return 0;
}

int api_load(Api *api)
{
    HMODULE dll = load_system_library(L"Magnification.dll");

    memset(api, 0, sizeof(*api));
    api->dll = dll;
    if (!dll) {
        say("System32 has no Magnification.dll (error %lu)", GetLastError());
        return -1;
    }
    return get_export(dll, "MagInitialize",              &api->initialize)    |
           get_export(dll, "MagUninitialize",            &api->uninitialize)  |
           get_export(dll, "MagSetWindowSource",         &api->set_source)    |
           get_export(dll, "MagSetWindowTransform",      &api->set_transform) |
           get_export(dll, "MagGetWindowTransform",      &api->get_transform) |
           get_export(dll, "MagSetWindowFilterList",     &api->set_filter)    |
           get_export(dll, "MagGetWindowFilterList",     &api->get_filter)    |
           get_export(dll, "MagSetImageScalingCallback", &api->set_callback) ? -1 : 0;
}

void use_physical_pixels(void)
{
    HMODULE user = GetModuleHandleW(L"user32.dll");
    FARPROC proc = GetProcAddress(user, "SetThreadDpiAwarenessContext");
    HANDLE (WINAPI *set_context)(HANDLE);

    if (!proc) {
        SetProcessDPIAware();
        return;
    }
    memcpy(&set_context, &proc, sizeof(proc));
    /* per monitor, version 2 where it is known (-4), else the first (-3) */
    if (!set_context((HANDLE)(LONG_PTR)-4))
        set_context((HANDLE)(LONG_PTR)-3);
}

void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE)) {
        TranslateMessage(&msg);
        DispatchMessageW(&msg);
    }
}

int session_begin(Session *s)
{
    use_physical_pixels();
    if (api_load(&s->api))
        return -1;
    for (; s->failed_inits < TRIES; s->failed_inits++)
        if (s->api.initialize()) {
            s->initialized = 1;
            return 0;
        }
    say("MagInitialize fails (error %lu)", GetLastError());
    return -1;
}

int session_open(Session *s, int width, int height)
{
    WNDCLASSEXW wc = { .cbSize = sizeof(wc), .lpfnWndProc = DefWindowProcW,
                       .hInstance = GetModuleHandleW(NULL), .lpszClassName = HOST_CLASS };
    WNDCLASSEXW known = { .cbSize = sizeof(known) };
    DWORD ex = WS_EX_LAYERED | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE | WS_EX_TRANSPARENT;

    RegisterClassExW(&wc);
    s->host = CreateWindowExW(ex, HOST_CLASS, L"", WS_POPUP, options.at.x, options.at.y,
                              width, height, NULL, NULL, wc.hInstance, NULL);
    if (s->host)
        s->control = CreateWindowExW(0, L"Magnifier", L"", WS_CHILD | WS_VISIBLE, 0, 0,
                                     width, height, s->host, NULL, wc.hInstance, NULL);
    if (!s->control) {
        say("the control cannot be made (error %lu)", GetLastError());
        s->class_missing = !GetClassInfoExW(wc.hInstance, L"Magnifier", &known);
        return -1;
    }
    if (s->visible) {
        SetLayeredWindowAttributes(s->host, 0, 1, LWA_ALPHA);
        ShowWindow(s->host, SW_SHOWNOACTIVATE);
    }
    return 0;
}

void session_close(Session *s)
{
    if (s->host)
        DestroyWindow(s->host);
    s->host = s->control = NULL;
}

void session_end(Session *s)
{
    if (s->initialized)
        s->api.uninitialize();
    s->initialized = 0;
}
