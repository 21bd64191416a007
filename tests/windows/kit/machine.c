/*
 * verify: which Windows is it?
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

#include <stdlib.h>
#include <string.h>

#include "verify.h"

#define WINDOWS_KEY L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* A function that older Windows lacks. */
static int get_function(const WCHAR *dll, const char *name, void *out)
{
    HMODULE module = LoadLibraryW(dll);
    FARPROC proc = module ? GetProcAddress(module, name) : NULL;

    if (!proc)
        return -1;
    memcpy(out, &proc, sizeof(proc));
    return 0;
}

void use_physical_pixels(void)
{
    BOOL (WINAPI *set_context)(HANDLE);

    /* per monitor, version 2 where it is known (-4), else the first (-3) */
    if (!get_function(L"user32.dll", "SetProcessDpiAwarenessContext", &set_context) &&
        (set_context((HANDLE)(LONG_PTR)-4) || set_context((HANDLE)(LONG_PTR)-3)))
        return;
    SetProcessDPIAware();
}

const char *wine_version(void)
{
    const char *(CDECL *get_version)(void);

    return get_function(L"ntdll.dll", "wine_get_version", &get_version) ? NULL : get_version();
}

static const char *native_machine(void)
{
    BOOL (WINAPI *is_wow64)(HANDLE, USHORT *, USHORT *);
    USHORT process = 0, native = 0;
    SYSTEM_INFO info;

    if (!get_function(L"kernel32.dll", "IsWow64Process2", &is_wow64) &&
        is_wow64(GetCurrentProcess(), &process, &native) && native == 0xaa64)
        return "ARM64";
    GetNativeSystemInfo(&info);
    return info.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_INTEL ? "x86" : "x86_64";
}

int machine_is_64bit(void)
{
    return strcmp(native_machine(), "x86") != 0;
}

/* A value of Windows' own key, as UTF-8; empty if there is none. */
static const char *windows_value(const WCHAR *name, char *buf, int size)
{
    WCHAR text[128];
    DWORD len = sizeof(text) - sizeof(*text);
    HKEY key;

    *buf = 0;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, WINDOWS_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &key))
        return buf;
    memset(text, 0, sizeof(text));
    if (!RegQueryValueExW(key, name, NULL, NULL, (BYTE *)text, &len))
        WideCharToMultiByte(CP_UTF8, 0, text, -1, buf, size, NULL, NULL);
    RegCloseKey(key);
    return buf;
}

static DWORD windows_number(const WCHAR *name)
{
    DWORD value = 0, len = sizeof(value);
    HKEY key;

    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, WINDOWS_KEY, 0, KEY_READ | KEY_WOW64_64KEY, &key)) {
        RegQueryValueExW(key, name, NULL, NULL, (BYTE *)&value, &len);
        RegCloseKey(key);
    }
    return value;
}

/* What GetVersionEx() tells depends on the program's manifest. */
static const char *windows_version(char *buf, size_t size)
{
    LONG (WINAPI *get_version)(OSVERSIONINFOW *);
    OSVERSIONINFOW v = { .dwOSVersionInfoSize = sizeof(v) };

    if (!get_function(L"ntdll.dll", "RtlGetVersion", &get_version))
        get_version(&v);
    snprintf(buf, size, "%lu.%lu.%lu.%lu", v.dwMajorVersion, v.dwMinorVersion, v.dwBuildNumber,
             windows_number(L"UBR"));
    return buf;
}

/* For a cell of a table, and for JSON. */
static void write_plain(FILE *f, const char *text)
{
    for (; *text; text++)
        fputc((unsigned char)*text < ' ' || strchr("|\"\\`", *text) ? ' ' : *text, f);
}

static void write_value(FILE *f, const WCHAR *name)
{
    char text[256];

    if (*windows_value(name, text, sizeof(text))) {
        fputc(' ', f);
        write_plain(f, text);
    }
}

typedef struct Monitors {
    FILE *f;
    int nb;
    const char *format;
} Monitors;

static BOOL CALLBACK write_monitor(HMONITOR monitor, HDC dc, LPRECT rect, LPARAM param)
{
    HRESULT (WINAPI *get_dpi)(HMONITOR, int, UINT *, UINT *);
    Monitors *m = (Monitors *)param;
    UINT x = 0, y = 0;

    (void)dc;
    if (!get_function(L"shcore.dll", "GetDpiForMonitor", &get_dpi))
        get_dpi(monitor, 0, &x, &y);
    fprintf(m->f, m->format, m->nb++ ? ", " : "", rect->right - rect->left,
            rect->bottom - rect->top, rect->left, rect->top, x);
    return TRUE;
}

static void write_monitors(FILE *f, const char *format)
{
    Monitors m = { f, 0, format };

    EnumDisplayMonitors(NULL, NULL, write_monitor, (LPARAM)&m);
}

static void write_adapters(FILE *f)
{
    DISPLAY_DEVICEW device = { .cb = sizeof(device) };
    const char *separator = "";
    char name[512];
    DWORD i;

    for (i = 0; EnumDisplayDevicesW(NULL, i, &device, 0); i++) {
        if (!(device.StateFlags & DISPLAY_DEVICE_ATTACHED_TO_DESKTOP))
            continue;
        WideCharToMultiByte(CP_UTF8, 0, device.DeviceString, -1, name, sizeof(name), NULL, NULL);
        fputs(separator, f);
        write_plain(f, name);
        separator = ", ";
    }
}

void machine_write(FILE *f)
{
    MEMORYSTATUSEX memory = { .dwLength = sizeof(memory) };
    char text[256];
    SYSTEM_INFO info;

    GetNativeSystemInfo(&info);
    GlobalMemoryStatusEx(&memory);
    fprintf(f, "| Windows | %s", windows_version(text, sizeof(text)));
    write_value(f, L"ProductName");
    write_value(f, L"DisplayVersion");
    if (wine_version())
        fprintf(f, "; **this is Wine %s, and no Windows**", wine_version());
    fprintf(f, " |\n| machine | %s, %lu processors, %llu MB |\n", native_machine(),
            info.dwNumberOfProcessors, memory.ullTotalPhys >> 20);
    fprintf(f, "| monitors | ");
    write_monitors(f, "%s%ldx%ld at %ld,%ld with %u dpi");
    fprintf(f, " |\n| graphics | ");
    write_adapters(f);
    fprintf(f, " |\n| session | %s |\n", GetSystemMetrics(SM_REMOTESESSION) ? "remote" : "local");
}

void machine_write_json(FILE *f)
{
    char text[256];

    fprintf(f, "  \"windows\": \"%s\",\n", windows_version(text, sizeof(text)));
    fprintf(f, "  \"wine\": \"%s\",\n", wine_version() ? wine_version() : "");
    fprintf(f, "  \"machine\": \"%s\",\n  \"graphics\": \"", native_machine());
    write_adapters(f);
    fprintf(f, "\",\n  \"monitors\": [");
    write_monitors(f, "%s[%ld, %ld, %ld, %ld, %u]");
    fprintf(f, "],\n  \"remote\": %s,\n", GetSystemMetrics(SM_REMOTESESSION) ? "true" : "false");
}
