/*
 * What a process holds: memory, handles, GDI and USER objects
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

#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <tlhelp32.h>

#include "tests/rooms/imports.h"

#include "holdings.h"

#define LARGE_BLOCK (1 << 20)

/* ---- memory ------------------------------------------------------------- */

static void read_heap(Holdings *h)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    HANDLE heap = GetProcessHeap();

    h->heap   = 0;
    h->frames = 0;
    h->large  = 0;
    HeapLock(heap);
    while (HeapWalk(heap, &entry)) {
        if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
            continue;
        h->heap   += entry.cbData;
        if (entry.cbData < LARGE_BLOCK)
            continue;
        h->frames++;
        h->large += entry.cbData;
    }
    HeapUnlock(heap);
}

static void read_addresses(Holdings *h)
{
    MEMORY_BASIC_INFORMATION mbi;
    SYSTEM_INFO system;
    char *pos;

    GetSystemInfo(&system);
    pos = system.lpMinimumApplicationAddress;
    h->committed = 0;
    h->gap       = 0;
    while (pos < (char *)system.lpMaximumApplicationAddress &&
           VirtualQuery(pos, &mbi, sizeof(mbi))) {
        if (mbi.State == MEM_COMMIT && mbi.Type == MEM_PRIVATE)
            h->committed += mbi.RegionSize;
        if (mbi.State == MEM_FREE && mbi.RegionSize > h->gap)
            h->gap = mbi.RegionSize;
        pos = (char *)mbi.BaseAddress + mbi.RegionSize;
    }
}

/* What libavutil allocates has its size before it. */

typedef struct Header {
    size_t size, align;
} Header;

static void *(CDECL *real_aligned_malloc)(size_t size, size_t align);
static void *(CDECL *real_aligned_realloc)(void *ptr, size_t size, size_t align);
static void (CDECL *real_aligned_free)(void *ptr);

static CRITICAL_SECTION allocated_lock;
static int64_t allocated;

/** Pictures apart: how many of these there are is told by Holdings.frames. */
static void count_allocated(size_t size, int sign)
{
    if (size >= LARGE_BLOCK)
        return;
    EnterCriticalSection(&allocated_lock);
    allocated += sign * (int64_t)size;
    LeaveCriticalSection(&allocated_lock);
}

static Header *header_of(void *ptr)
{
    return (Header *)ptr - 1;
}

/** @param block what the system gave, with room for the header; NULL stays so */
static void *with_header(char *block, size_t size, size_t align)
{
    if (!block)
        return NULL;
    *header_of(block + align) = (Header) { size, align };
    count_allocated(size, 1);
    return block + align;
}

static void *CDECL my_aligned_malloc(size_t size, size_t align)
{
    return with_header(real_aligned_malloc(size + align, align), size, align);
}

static void CDECL my_aligned_free(void *ptr)
{
    if (!ptr)
        return;
    count_allocated(header_of(ptr)->size, -1);
    real_aligned_free((char *)ptr - header_of(ptr)->align);
}

static void *CDECL my_aligned_realloc(void *ptr, size_t size, size_t align)
{
    char *block;
    size_t before;

    if (!ptr)
        return my_aligned_malloc(size, align);
    if (!size) {
        my_aligned_free(ptr);
        return NULL;
    }
    before = header_of(ptr)->size;
    block  = real_aligned_realloc((char *)ptr - align, size + align, align);
    if (block)
        count_allocated(before, -1);
    return with_header(block, size, align);
}

/* ---- handles ------------------------------------------------------------ */

#define SYSTEM_HANDLE_INFORMATION 16

typedef struct HandleEntry {
    USHORT pid, trace;
    UCHAR type, flags;
    USHORT value;
    PVOID object;
    ULONG access;
} HandleEntry;

typedef struct HandleTable {
    ULONG nb;
    HandleEntry entries[1];
} HandleTable;

typedef LONG (NTAPI *QuerySystem)(ULONG, PVOID, ULONG, PULONG);

static int count_handles(void)
{
    static char buffer[1 << 20];
    const HandleTable *table = (const HandleTable *)buffer;
    QuerySystem query = (QuerySystem)(void *)
        GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");
    DWORD nb = 0;
    ULONG len;
    int found = 0;

    if (GetProcessHandleCount(GetCurrentProcess(), &nb) && nb)
        return nb;
    if (!query || query(SYSTEM_HANDLE_INFORMATION, buffer, sizeof(buffer), &len))
        return -1;
    for (ULONG i = 0; i < table->nb; i++)
        found += table->entries[i].pid == (USHORT)GetCurrentProcessId();
    return found;
}

/* ---- threads -------------------------------------------------------------- */

static int count_threads(void)
{
    THREADENTRY32 entry = { .dwSize = sizeof(entry) };
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int found = 0, more;

    if (snapshot == INVALID_HANDLE_VALUE)
        return -1;
    for (more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        found += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return found;
}

/* ---- GDI ---------------------------------------------------------------- */

/* The table that gdi32 and the kernel share, as Wine and 64-bit Windows lay it out. A
 * 32-bit program's table hangs on the 64-bit half of its process. */

#define GDI_TABLE_ENTRIES 0x4000

typedef struct GdiEntry {
    uint64_t object;
    uint32_t owner;
    uint16_t unique;
    uint8_t type;
    uint8_t flags;
    uint64_t user_pointer;
} GdiEntry;

static const char *pointer_at(const char *base, size_t offset)
{
    const char *pointer;

    memcpy(&pointer, base + offset, sizeof(pointer));
    return pointer;
}

static const GdiEntry *gdi_table(void)
{
    const char *teb = (const char *)NtCurrentTeb();
#ifdef _WIN64
    return (const GdiEntry *)pointer_at(pointer_at(teb, 0x60), 0xf8);
#else
    const char *teb64 = pointer_at(teb, 0xf70);

    if (!teb64)
        return (const GdiEntry *)pointer_at(pointer_at(teb, 0x30), 0x94);
    return (const GdiEntry *)pointer_at(pointer_at(teb64, 0x60), 0xf8);
#endif
}

static int count_gdi(void)
{
    const GdiEntry *table;
    int found = GetGuiResources(GetCurrentProcess(), GR_GDIOBJECTS);

    if (found > 0)
        return found;
    table = gdi_table();
    if (!table)
        return -1;
    for (int i = 0; i < GDI_TABLE_ENTRIES; i++)
        found += !!table[i].type;
    return found;
}

/* ---- USER --------------------------------------------------------------- */

static volatile LONG made;  ///< by calls of this program, and not given back

#define MAKES(ret, name, params, args)                                  \
    static ret (WINAPI *real_##name) params;                            \
    static ret WINAPI my_##name params                                  \
    {                                                                   \
        ret made_ = real_##name args;                                   \
        if (made_)                                                      \
            InterlockedIncrement(&made);                                \
        return made_;                                                   \
    }
#define GIVES_BACK(ret, name, params, args)                             \
    static ret (WINAPI *real_##name) params;                            \
    static ret WINAPI my_##name params                                  \
    {                                                                   \
        ret ok_ = real_##name args;                                     \
        if (ok_)                                                        \
            InterlockedDecrement(&made);                                \
        return ok_;                                                     \
    }

MAKES(HWINEVENTHOOK, SetWinEventHook,
      (DWORD first, DWORD last, HMODULE dll, WINEVENTPROC fn, DWORD pid, DWORD tid, DWORD flags),
      (first, last, dll, fn, pid, tid, flags))
GIVES_BACK(BOOL, UnhookWinEvent, (HWINEVENTHOOK hook), (hook))
MAKES(HHOOK, SetWindowsHookExW, (int id, HOOKPROC fn, HINSTANCE dll, DWORD tid), (id, fn, dll, tid))
GIVES_BACK(BOOL, UnhookWindowsHookEx, (HHOOK hook), (hook))
MAKES(HICON, CreateIconIndirect, (PICONINFO info), (info))
MAKES(HICON, CopyIcon, (HICON icon), (icon))
GIVES_BACK(BOOL, DestroyIcon, (HICON icon), (icon))
GIVES_BACK(BOOL, DestroyCursor, (HCURSOR cursor), (cursor))
MAKES(UINT_PTR, SetTimer, (HWND hwnd, UINT_PTR id, UINT ms, TIMERPROC fn), (hwnd, id, ms, fn))
GIVES_BACK(BOOL, KillTimer, (HWND hwnd, UINT_PTR id), (hwnd, id))
MAKES(ATOM, RegisterClassExW, (const WNDCLASSEXW *wc), (wc))
MAKES(ATOM, RegisterClassW, (const WNDCLASSW *wc), (wc))
GIVES_BACK(BOOL, UnregisterClassW, (LPCWSTR name, HINSTANCE instance), (name, instance))
MAKES(HDC, GetDC, (HWND hwnd), (hwnd))
MAKES(HDC, GetWindowDC, (HWND hwnd), (hwnd))
MAKES(HDC, GetDCEx, (HWND hwnd, HRGN clip, DWORD flags), (hwnd, clip, flags))
GIVES_BACK(int, ReleaseDC, (HWND hwnd, HDC dc), (hwnd, dc))

#define COUNT(name) real_##name = imports_replace(#name, (void *)my_##name)

void holdings_init(void)
{
    InitializeCriticalSection(&allocated_lock);
    real_aligned_malloc  = imports_replace("_aligned_malloc",  (void *)my_aligned_malloc);
    real_aligned_realloc = imports_replace("_aligned_realloc", (void *)my_aligned_realloc);
    real_aligned_free    = imports_replace("_aligned_free",    (void *)my_aligned_free);
    COUNT(SetWinEventHook);
    COUNT(UnhookWinEvent);
    COUNT(SetWindowsHookExW);
    COUNT(UnhookWindowsHookEx);
    COUNT(CreateIconIndirect);
    COUNT(CopyIcon);
    COUNT(DestroyIcon);
    COUNT(DestroyCursor);
    COUNT(SetTimer);
    COUNT(KillTimer);
    COUNT(RegisterClassExW);
    COUNT(RegisterClassW);
    COUNT(UnregisterClassW);
    COUNT(GetDC);
    COUNT(GetWindowDC);
    COUNT(GetDCEx);
    COUNT(ReleaseDC);
}

static BOOL CALLBACK count_window(HWND hwnd, LPARAM opaque)
{
    DWORD pid = 0;

    GetWindowThreadProcessId(hwnd, &pid);
    *(int *)opaque += pid == GetCurrentProcessId();
    return TRUE;
}

static BOOL CALLBACK count_top_level(HWND hwnd, LPARAM opaque)
{
    count_window(hwnd, opaque);
    EnumChildWindows(hwnd, count_window, opaque);
    return TRUE;
}

static int count_user(void)
{
    int found = GetGuiResources(GetCurrentProcess(), GR_USEROBJECTS);
    HWND message = NULL;

    if (found > 0)
        return found;
    EnumWindows(count_top_level, (LPARAM)&found);
    while ((message = FindWindowExW(HWND_MESSAGE, message, NULL, NULL)))
        count_window(message, (LPARAM)&found);
    return found + made;
}

/* ------------------------------------------------------------------------- */

void holdings_read(Holdings *h)
{
    h->handles = count_handles();
    h->threads = count_threads();
    h->gdi     = count_gdi();
    h->user    = count_user();
    h->allocated = allocated;
    read_heap(h);
    read_addresses(h);
}
