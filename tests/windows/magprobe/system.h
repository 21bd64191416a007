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

/**
 * @file
 * Functions that are looked up at run time, since Windows 7 lacks some and
 * none is documented to stay. Those that are missing fail.
 */

#ifndef MAGPROBE_SYSTEM_H
#define MAGPROBE_SYSTEM_H

#include <windows.h>

#ifndef CAPTUREBLT
#define CAPTUREBLT 0x40000000
#endif
#define DWMWA_CLOAK   13
#define DWMWA_CLOAKED 14

typedef struct SystemApi {
    HRESULT (WINAPI *set_attribute)(HWND, DWORD, const void *, DWORD);
    HRESULT (WINAPI *get_attribute)(HWND, DWORD, void *, DWORD);
    /** NtUserBuildHwndList() as Windows 8 and later have it; NULL where it is missing */
    LONG (WINAPI *build_list)(HDESK, HWND, BOOL, BOOL, DWORD, UINT, HWND *, UINT *);
    BOOL (WINAPI *set_affinity)(HWND, DWORD);
} SystemApi;

const SystemApi *system_api(void);

/** "10.0.26100.1742", as this Windows says, whatever a manifest says. */
const char *windows_version(void);

#define OWN_PATH_LEN 32768

/** Where this program lies. @return NULL, and the error is set, if that cannot be told */
const WCHAR *own_path(void);

/** "x86_64", "i686" or "aarch64": what this program was built for. */
const char *built_for(void);

/** The cloaked attribute, 0 where there is none. */
DWORD is_cloaked(HWND hwnd);

/** 1 or 0, or -1 when the process may not be asked. */
int is_elevated(DWORD pid);

#endif /* MAGPROBE_SYSTEM_H */
