/*
 * Simulator of Magnification.dll: the guard
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
#include <windows.h>
#include <psapi.h>

#include "blocks.h"
#include "dll.h"
#include "guard.h"
#include "log.h"
#include "screen.h"

#define MAX_PATCHES 256
#define MAX_MODULES 512

typedef void *(CDECL *CrtRealloc)(void *ptr, size_t size);
typedef void (CDECL *CrtFree)(void *ptr);

typedef struct Patch {
    void **slot;
    void *original;
} Patch;

static Patch patches[MAX_PATCHES];
static int nb_patches;
static CrtFree crt_free;
static CrtRealloc crt_realloc;

static BOOL WINAPI watched_heap_free(HANDLE heap, DWORD flags, LPVOID ptr)
{
    if (sim_block_on_free("HeapFree", heap, ptr) == SIM_FREE_BAD) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    return HeapFree(heap, flags, ptr);
}

static LPVOID WINAPI watched_heap_realloc(HANDLE heap, DWORD flags, LPVOID ptr, SIZE_T size)
{
    if (sim_block_is_freed(ptr) >= 0 &&
        sim_block_on_free("HeapReAlloc", heap, ptr) == SIM_FREE_BAD)
        return NULL;
    return HeapReAlloc(heap, flags, ptr, size);
}

static BOOL WINAPI watched_virtual_free(LPVOID ptr, SIZE_T size, DWORD type)
{
    if (sim_block_is_freed(ptr) == 0 &&
        sim_block_on_free("VirtualFree", NULL, ptr) == SIM_FREE_BAD) {
        SetLastError(ERROR_INVALID_ADDRESS);
        return FALSE;
    }
    return VirtualFree(ptr, size, type);
}

static BOOL WINAPI watched_heap_walk(HANDLE heap, PROCESS_HEAP_ENTRY *entry)
{
    static PROCESS_HEAP_ENTRY last;     /* as the heap said it: walks are made under its lock */
    BOOL ok;

    if (entry->lpData && entry->lpData == last.lpData)
        *entry = last;
    do {
        ok   = HeapWalk(heap, entry);
        last = *entry;
    } while (ok && heap == GetProcessHeap() && !sim_block_on_walk(entry));
    return ok;
}

/* The C library's heap is another one, whatever Wine makes of that. */
static void CDECL watched_free(void *ptr)
{
    if (ptr && sim_block_is_freed(ptr) == 0) {
        sim_block_on_free("free", NULL, ptr);
        return;
    }
    crt_free(ptr);
}

static void *CDECL watched_realloc(void *ptr, size_t size)
{
    if (ptr && sim_block_is_freed(ptr) == 0) {
        sim_block_on_free("realloc", NULL, ptr);
        return NULL;
    }
    return crt_realloc(ptr, size);
}

static void *replacement(const char *name, void *original)
{
    if (!strcmp(name, "HeapFree"))
        return watched_heap_free;
    if (!strcmp(name, "HeapReAlloc"))
        return watched_heap_realloc;
    if (!strcmp(name, "HeapWalk"))
        return watched_heap_walk;
    if (!strcmp(name, "VirtualFree"))
        return watched_virtual_free;
    if (!strcmp(name, "BitBlt"))
        return sim_screen_bitblt_was(original), (void *)sim_screen_bitblt;
    if (!strcmp(name, "GetPixel"))
        return sim_screen_get_pixel;
    if (!strcmp(name, "free") && (!crt_free || crt_free == (CrtFree)original)) {
        crt_free = (CrtFree)original;
        return watched_free;
    }
    if (!strcmp(name, "realloc") && (!crt_realloc || crt_realloc == (CrtRealloc)original)) {
        crt_realloc = (CrtRealloc)original;
        return watched_realloc;
    }
    return NULL;
}

static void write_slot(void **slot, void *value)
{
    DWORD old;

    if (VirtualProtect(slot, sizeof(*slot), PAGE_READWRITE, &old)) {
        *slot = value;
        VirtualProtect(slot, sizeof(*slot), old, &old);
    }
}

static int is_patched(void **slot)
{
    int i;

    for (i = 0; i < nb_patches; i++)
        if (patches[i].slot == slot)
            return 1;
    return 0;
}

static void watch_module(uint8_t *base)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *nt;
    const IMAGE_DATA_DIRECTORY *dir;
    const IMAGE_IMPORT_DESCRIPTOR *import;

    if (dos->e_magic != IMAGE_DOS_SIGNATURE)
        return;
    nt  = (const IMAGE_NT_HEADERS *)(base + dos->e_lfanew);
    dir = &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    if (!dir->VirtualAddress)
        return;
    for (import = (const IMAGE_IMPORT_DESCRIPTOR *)(base + dir->VirtualAddress);
         import->Name; import++) {
        const IMAGE_THUNK_DATA *name;
        void **slot;

        if (!import->OriginalFirstThunk)
            continue;
        name = (const IMAGE_THUNK_DATA *)(base + import->OriginalFirstThunk);
        slot = (void **)(base + import->FirstThunk);
        for (; name->u1.AddressOfData; name++, slot++) {
            const IMAGE_IMPORT_BY_NAME *by_name;
            void *ours;

            if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal) || is_patched(slot) ||
                nb_patches == MAX_PATCHES)
                continue;
            by_name = (const IMAGE_IMPORT_BY_NAME *)(base + name->u1.AddressOfData);
            ours    = replacement((const char *)by_name->Name, *slot);
            if (!ours)
                continue;
            patches[nb_patches].slot     = slot;
            patches[nb_patches].original = *slot;
            nb_patches++;
            write_slot(slot, ours);
        }
    }
}

static int is_system_module(HMODULE module)
{
    WCHAR path[MAX_PATH], system[MAX_PATH];
    DWORD len;

    if (!GetModuleFileNameW(module, path, MAX_PATH))
        return 1;
    len = GetSystemDirectoryW(system, MAX_PATH);
    if (len && len < MAX_PATH && !_wcsnicmp(path, system, len))
        return 1;
    len = GetWindowsDirectoryW(system, MAX_PATH);
    return len && len < MAX_PATH && !_wcsnicmp(path, system, len);
}

void sim_guard_install(void)
{
    HMODULE *modules = sim_alloc(MAX_MODULES * sizeof(*modules));
    DWORD needed, i;
    int before = nb_patches;

    if (modules && EnumProcessModules(GetCurrentProcess(), modules,
                                      MAX_MODULES * sizeof(*modules), &needed))
        for (i = 0; i < needed / sizeof(*modules) && i < MAX_MODULES; i++)
            if (modules[i] != sim_dll && !is_system_module(modules[i]))
                watch_module((uint8_t *)modules[i]);
    sim_free(modules);
    if (nb_patches > before)
        sim_log("guard watches=%d", nb_patches);
}

void sim_guard_remove(void)
{
    while (nb_patches) {
        nb_patches--;
        write_slot(patches[nb_patches].slot, patches[nb_patches].original);
    }
}
