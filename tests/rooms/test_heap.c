/*
 * What the process's heap says of an address, and where it is not believed
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
 * tests of heap.c on the real heap of this process, and with answers of Windows that no machine here
 * gives: put in where the program imports the functions.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavdevice/magnifier/reclaim.h"

#include "imports.h"
#include "tap.h"

#define LARGE (3 << 20)

static const MagnifierHeapOps *const ops = &ff_magnifier_process_heap;

static size_t busy_size(const void *addr)
{
    size_t size;

    CHECK(ops->lock(ops->opaque) >= 0);
    size = ops->busy_size(ops->opaque, addr);
    ops->unlock(ops->opaque);
    return size;
}

static MagnifierHeapPlace locate(const void *addr, size_t need)
{
    MagnifierHeapPlace place = { .addr = addr, .need = need };

    CHECK(ops->lock(ops->opaque) >= 0);
    CHECK(ops->locate(ops->opaque, &place, 1) >= 0);
    ops->unlock(ops->opaque);
    return place;
}

/* ---- answers of another Windows -------------------------------------------- */

static BOOL (WINAPI *real_HeapWalk)(HANDLE heap, PROCESS_HEAP_ENTRY *entry);
static FARPROC (WINAPI *real_GetProcAddress)(HMODULE module, LPCSTR name);

static int walks, knows_machine, knows_packages;
static size_t committed;        ///< a walk adds this to the size of each large block
static int size_wraps;          ///< a walk says this much less than nothing of each free block
static USHORT native_machine;
static LONG package_result;
static ULONG heap_kind;
static const char *manifest;

static BOOL WINAPI my_HeapWalk(HANDLE heap, PROCESS_HEAP_ENTRY *entry)
{
    static PROCESS_HEAP_ENTRY last;
    BOOL ok;

    walks++;
    if (entry->lpData)
        *entry = last;
    ok   = real_HeapWalk(heap, entry);
    last = *entry;
    if (ok && entry->wFlags & PROCESS_HEAP_ENTRY_BUSY && entry->cbData >= LARGE)
        entry->cbData += committed;
    if (ok && size_wraps && !(entry->wFlags & (PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_REGION)))
        entry->cbData = -size_wraps;
    return ok;
}

static BOOL WINAPI my_IsWow64Process2(HANDLE process, USHORT *machine, USHORT *native)
{
    *machine = 0;
    *native  = native_machine;
    return TRUE;
}

static LONG WINAPI my_GetCurrentPackageFullName(UINT32 *len, WCHAR *name)
{
    CHECK(!name && !*len);
    *len = 40;
    return package_result;
}

static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name)
{
    if (!strcmp(name, "IsWow64Process2"))
        return knows_machine ? (FARPROC)(void *)my_IsWow64Process2 : NULL;
    if (!strcmp(name, "GetCurrentPackageFullName"))
        return knows_packages ? (FARPROC)(void *)my_GetCurrentPackageFullName : NULL;
    return real_GetProcAddress(module, name);
}

static BOOL WINAPI my_HeapQueryInformation(HANDLE heap, HEAP_INFORMATION_CLASS what, PVOID info,
                                           SIZE_T size, PSIZE_T written)
{
    CHECK(heap == GetProcessHeap() && what == HeapCompatibilityInformation && size == sizeof(ULONG));
    *(ULONG *)info = heap_kind;
    return TRUE;
}

static HRSRC WINAPI my_FindResourceW(HMODULE module, LPCWSTR name, LPCWSTR type)
{
    CHECK(name == MAKEINTRESOURCEW(1) && type == MAKEINTRESOURCEW(24));
    return (HRSRC)manifest;
}

static HGLOBAL WINAPI my_LoadResource(HMODULE module, HRSRC resource)
{
    return (HGLOBAL)resource;
}

static LPVOID WINAPI my_LockResource(HGLOBAL memory)
{
    return memory;
}

static DWORD WINAPI my_SizeofResource(HMODULE module, HRSRC resource)
{
    return strlen(manifest);
}

static int replace_imports(void)
{
    real_HeapWalk       = imports_replace("HeapWalk",       my_HeapWalk);
    real_GetProcAddress = imports_replace("GetProcAddress", my_GetProcAddress);
    return real_HeapWalk && real_GetProcAddress &&
           imports_replace("HeapQueryInformation", my_HeapQueryInformation) &&
           imports_replace("FindResourceW",        my_FindResourceW) &&
           imports_replace("LoadResource",         my_LoadResource) &&
           imports_replace("LockResource",         my_LockResource) &&
           imports_replace("SizeofResource",       my_SizeofResource);
}

static void windows(void)
{
    walks = 0;
    committed      = 0;
    size_wraps     = 0;
    knows_machine  = knows_packages = 1;
    native_machine = 0x8664;
    package_result = 15700; /* APPMODEL_ERROR_NO_PACKAGE */
    heap_kind      = 2;
    manifest       = "<assembly/>";
}

/* ---------------------------------------------------------------------------- */

static void a_block_is_known_by_its_start(void)
{
    /* Wine 10 keeps smaller ones in groups, each of which HeapWalk lists as one block. */
    static const size_t sizes[] = { 5000, 100000, LARGE, 14745600 };
    size_t i;

    windows();
    for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        void *block = HeapAlloc(GetProcessHeap(), 0, sizes[i]);
        MagnifierHeapPlace place;

        CHECK(busy_size(block) == sizes[i], "%d", (int)sizes[i]);
        CHECK(!walks);
        place = locate(block, sizes[i]);
        CHECK(place.kind == MAGNIFIER_HEAP_BUSY && place.size >= sizes[i], "%d", (int)sizes[i]);
        CHECK(walks);
        CHECK(ops->lock(ops->opaque) >= 0);
        CHECK(ops->release(ops->opaque, block) >= 0);
        CHECK(!ops->busy_size(ops->opaque, block), "%d", (int)sizes[i]);
        ops->unlock(ops->opaque);
        walks = 0;
    }
}

static void what_is_no_block_is_none(void)
{
    static char constant[4096];
    char local[256], *block = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, LARGE);
    char *pages = VirtualAlloc(NULL, 1 << 20, MEM_COMMIT, PAGE_READWRITE);
    char *reserved = VirtualAlloc(NULL, 1 << 20, MEM_RESERVE, PAGE_NOACCESS);
    HANDLE other = HeapCreate(0, 0, 0);
    char *elsewhere = HeapAlloc(other, 0, LARGE);
    const uintptr_t wild[] = { 0, 1, 8, 16, 4096, UINTPTR_MAX / 2 & ~(uintptr_t)15,
                               UINTPTR_MAX & ~(uintptr_t)15, UINTPTR_MAX };
    size_t i;

    windows();
    for (i = 1; i < 200; i++)
        CHECK(!busy_size(block + i), "%d", (int)i);
    CHECK(!busy_size(block + LARGE / 2));
    for (i = 0; i < 64; i++)
        CHECK(!busy_size(constant + i) && !busy_size(local + i));
    CHECK(!busy_size(pages) && !busy_size(pages + 64) && !busy_size(reserved) && !busy_size(reserved + 64));
    CHECK(!busy_size(elsewhere));
    for (i = 0; i < sizeof(wild) / sizeof(*wild); i++)
        CHECK(!busy_size((void *)wild[i]), "%d", (int)i);
    CHECK(locate(block + 64, 1).kind == MAGNIFIER_HEAP_INTERIOR);
    CHECK(locate(elsewhere, 1).kind == MAGNIFIER_HEAP_UNKNOWN);
    CHECK(locate(pages + 64, 1).kind == MAGNIFIER_HEAP_UNKNOWN);
    HeapFree(GetProcessHeap(), 0, block);
    HeapDestroy(other);
    VirtualFree(pages, 0, MEM_RELEASE);
    VirtualFree(reserved, 0, MEM_RELEASE);
}

static void only_what_is_needed_has_to_be_memory(void)
{
    char *block = HeapAlloc(GetProcessHeap(), 0, LARGE), *end = block + LARGE;
    MEMORY_BASIC_INFORMATION info;
    MagnifierHeapPlace place;

    windows();
    while (VirtualQuery(end, &info, sizeof(info)) && info.State == MEM_COMMIT)
        end = (char *)info.BaseAddress + info.RegionSize;
    committed = end + 4096 - (block + LARGE);
    place = locate(block, LARGE);
    CHECK(place.kind == MAGNIFIER_HEAP_BUSY && place.size == LARGE + committed, "%d", place.kind);
    CHECK(locate(block, LARGE + committed).kind == MAGNIFIER_HEAP_UNREADABLE);
    CHECK(busy_size(block) == LARGE);
    HeapFree(GetProcessHeap(), 0, block);
}

/* A free place of the heap, or NULL, by the system's own word. */
static char *find_free_place(void)
{
    PROCESS_HEAP_ENTRY entry = { 0 };

    while (real_HeapWalk(GetProcessHeap(), &entry))
        if (!(entry.wFlags & (PROCESS_HEAP_ENTRY_BUSY | PROCESS_HEAP_REGION)) && entry.cbData >= 64 &&
            entry.cbData < 1 << 30)
            return (char *)entry.lpData + 32;
    return NULL;
}

static void a_free_block_ends_with_its_region(void)
{
    const char *free_place = find_free_place();
    char *pages[16];
    int i;

    windows();
    size_wraps = 24;
    CHECK(free_place && locate(free_place, 1).kind == MAGNIFIER_HEAP_FREE);
    for (i = 0; i < 16; i++) {
        pages[i] = VirtualAlloc(NULL, LARGE, MEM_COMMIT, PAGE_READWRITE);
        CHECK(locate(pages[i], 1).kind == MAGNIFIER_HEAP_UNKNOWN, "%d", i);
    }
    for (i = 0; i < 16; i++)
        VirtualFree(pages[i], 0, MEM_RELEASE);
    // what is no memory any more is in no region either
    CHECK(locate(pages[15], 1).kind == MAGNIFIER_HEAP_UNKNOWN);
}

static void heaps_that_are_tried(void)
{
    windows();
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
    heap_kind = 0;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
    manifest = NULL;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
    native_machine = 0x14C;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
    /* Windows 7 */
    knows_machine = knows_packages = 0;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
}

static void on_arm64_none_is(void)
{
    windows();
    native_machine = 0xAA64;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_ON_ARM64);
}

static void in_a_package_none_is(void)
{
    windows();
    package_result = ERROR_INSUFFICIENT_BUFFER;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_SEGMENT_HEAP);
}

static void where_the_manifest_asks_for_a_segment_heap_none_is(void)
{
    windows();
    manifest = "<windowsSettings><heapType>SegmentHeap</heapType></windowsSettings>";
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_SEGMENT_HEAP);
    manifest = "SegmentHea";
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_FREED);
}

static void a_heap_of_an_unknown_kind_is_not(void)
{
    windows();
    heap_kind = 3;
    CHECK(ops->untried(ops->opaque) == MAGNIFIER_SEGMENT_HEAP);
}

int main(void)
{
    if (!replace_imports()) {
        printf("Bail out! an import is missing\n");
        return 1;
    }
    RUN(a_block_is_known_by_its_start);
    RUN(what_is_no_block_is_none);
    RUN(only_what_is_needed_has_to_be_memory);
    RUN(a_free_block_ends_with_its_region);
    RUN(heaps_that_are_tried);
    RUN(on_arm64_none_is);
    RUN(in_a_package_none_is);
    RUN(where_the_manifest_asks_for_a_segment_heap_none_is);
    RUN(a_heap_of_an_unknown_kind_is_not);
    return tap_end("heap");
}
