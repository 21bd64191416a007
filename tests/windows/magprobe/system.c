/*
 * magprobe: what only some Windows have
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

#include "system.h"

static HRESULT WINAPI no_set_attribute(HWND hwnd, DWORD what, const void *value, DWORD size)
{
    (void)hwnd; (void)what; (void)value; (void)size;
    return E_NOTIMPL;
}

static HRESULT WINAPI no_get_attribute(HWND hwnd, DWORD what, void *value, DWORD size)
{
    (void)hwnd; (void)what; (void)value; (void)size;
    return E_NOTIMPL;
}

static BOOL WINAPI no_affinity(HWND hwnd, DWORD affinity)
{
    (void)hwnd; (void)affinity;
    return FALSE;
}

static void get(const WCHAR *dll, const char *name, void *out)
{
    HMODULE module = LoadLibraryExW(dll, NULL, 0x800 /* LOAD_LIBRARY_SEARCH_SYSTEM32 */);
    FARPROC proc   = module ? GetProcAddress(module, name) : NULL;

    if (proc)
        memcpy(out, &proc, sizeof(proc));
}

const SystemApi *system_api(void)
{
    static SystemApi api;

    if (!api.set_attribute) {
        api.set_attribute = no_set_attribute;
        api.get_attribute = no_get_attribute;
        api.set_affinity  = no_affinity;
        get(L"dwmapi.dll", "DwmSetWindowAttribute", &api.set_attribute);
        get(L"dwmapi.dll", "DwmGetWindowAttribute", &api.get_attribute);
        get(L"win32u.dll", "NtUserBuildHwndList", &api.build_list);
        get(L"user32.dll", "SetWindowDisplayAffinity", &api.set_affinity);
    }
    return &api;
}

const char *windows_version(void)
{
    static char text[64];
    RTL_OSVERSIONINFOW version = { .dwOSVersionInfoSize = sizeof(version) };
    LONG (WINAPI *get_version)(RTL_OSVERSIONINFOW *) = NULL;
    DWORD revision = 0, size = sizeof(revision);
    HKEY key;

    get(L"ntdll.dll", "RtlGetVersion", &get_version);
    if (!get_version || get_version(&version))
        return "";
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Microsoft\\Windows NT\\CurrentVersion", 0,
                       KEY_READ | KEY_WOW64_64KEY, &key)) {
        RegQueryValueExW(key, L"UBR", NULL, NULL, (BYTE *)&revision, &size);
        RegCloseKey(key);
    }
    snprintf(text, sizeof(text), "%lu.%lu.%lu.%lu", version.dwMajorVersion, version.dwMinorVersion,
             version.dwBuildNumber, revision);
    return text;
}

const WCHAR *own_path(void)
{
    static WCHAR path[OWN_PATH_LEN];
    DWORD len = GetModuleFileNameW(NULL, path, OWN_PATH_LEN);

    if (len >= OWN_PATH_LEN)
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return len && len < OWN_PATH_LEN ? path : NULL;
}

const char *built_for(void)
{
#if defined(__aarch64__)
    return "aarch64";
#elif defined(__x86_64__)
    return "x86_64";
#else
    return "i686";
#endif
}

DWORD is_cloaked(HWND hwnd)
{
    DWORD cloaked = 0;

    return SUCCEEDED(system_api()->get_attribute(hwnd, DWMWA_CLOAKED, &cloaked, sizeof(cloaked)))
               ? cloaked
               : 0;
}

int is_elevated(DWORD pid)
{
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid), token;
    TOKEN_ELEVATION elevation = { 0 };
    DWORD len;
    int ret = -1;

    if (process && OpenProcessToken(process, TOKEN_QUERY, &token)) {
        if (GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &len))
            ret = !!elevation.TokenIsElevated;
        CloseHandle(token);
    }
    if (process)
        CloseHandle(process);
    return ret;
}
