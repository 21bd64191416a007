/*
 * magnifier: the process heap, as the ledger sees it
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
 * What does the process heap know about an address, and how is a block of it freed?
 *
 * HeapWalk lists the heap, and we compare: whatever address is asked about is never
 * touched. But it takes time, so it is for the end only. While frames come, HeapValidate
 * and HeapSize are asked, which read the bytes before an address: only where
 * these are memory, and aligned as each block is. What lies inside a block might by chance look
 * like the start of one to them, so their word is enough for a mark in the
 * bytes that the API has given away as a picture, and not for a free.
 *
 * The walk was seen to list frame-sized blocks, with the address and size
 * that HeapAlloc was called with, under Wine 8 only. On Windows the size is believed to be
 * that of the memory committed for a large block, which ends behind what can be
 * touched; so only the bytes that are needed have to be accessible. Where the
 * walk does not list a block, it is left alone. So is every block of a segment
 * heap and on ARM64, until somebody has seen what these functions say there.
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include <windows.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "reclaim.h"

/** What HeapAlloc aligns blocks to, and as many bytes before each are the heap's own at least. */
#define GRAIN (2 * sizeof(void *))

#define MACHINE_ARM64 0xAA64

typedef LONG (WINAPI *GetPackageName)(UINT32 *len, WCHAR *name);
typedef BOOL (WINAPI *IsWow64)(HANDLE process, USHORT *machine, USHORT *native);

/** Is the processor one of ARM64, whatever this program was built for? */
static int is_on_arm64(void)
{
    IsWow64 is_wow64 = (IsWow64)(void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"),
                                                       "IsWow64Process2");
    USHORT machine, native;

    return is_wow64 && is_wow64(GetCurrentProcess(), &machine, &native) && native == MACHINE_ARM64;
}

/** Packaged programs have a segment heap by default (Windows 8 and later know what that is). */
static int is_packaged(void)
{
    GetPackageName get_name = (GetPackageName)(void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"),
                                                                     "GetCurrentPackageFullName");
    UINT32 len = 0;

    return get_name && get_name(&len, NULL) == ERROR_INSUFFICIENT_BUFFER;
}

/** Others ask for one in their manifest: <heapType>SegmentHeap</heapType>. */
static int manifest_has_segment_heap(void)
{
    static const char word[] = "SegmentHeap";
    HRSRC resource = FindResourceW(NULL, MAKEINTRESOURCEW(1), MAKEINTRESOURCEW(24) /* RT_MANIFEST */);
    HGLOBAL memory = resource ? LoadResource(NULL, resource) : NULL;
    const char *text = memory ? LockResource(memory) : NULL;
    DWORD size = text ? SizeofResource(NULL, resource) : 0;

    for (DWORD i = 0; i + sizeof(word) - 1 <= size; i++)
        if (!memcmp(text + i, word, sizeof(word) - 1))
            return 1;
    return 0;
}

/** Documented are 0, standard, 1, with look-aside lists, and 2, of low fragmentation. */
static int is_of_known_kind(void)
{
    ULONG kind = 0;

    return !HeapQueryInformation(GetProcessHeap(), HeapCompatibilityInformation, &kind,
                                 sizeof(kind), NULL) || kind <= 2;
}

static enum MagnifierBlockVerdict heap_untried(void *opaque)
{
    if (is_on_arm64())
        return MAGNIFIER_ON_ARM64;
    if (is_packaged() || manifest_has_segment_heap() || !is_of_known_kind())
        return MAGNIFIER_SEGMENT_HEAP;
    return MAGNIFIER_FREED;
}

static int heap_lock(void *opaque)
{
    return HeapLock(GetProcessHeap()) ? 0 : AVERROR_EXTERNAL;
}

static void heap_unlock(void *opaque)
{
    HeapUnlock(GetProcessHeap());
}

/**
 * Are these bytes all committed memory of the process that can be read and
 * written without an exception? Asks the system, touches nothing.
 */
static int is_accessible(const void *start, size_t size)
{
    const DWORD good = PAGE_READWRITE | PAGE_EXECUTE_READWRITE;
    const char *pos = start, *end = pos + size;
    MEMORY_BASIC_INFORMATION mbi;

    while (pos < end) {
        if (!VirtualQuery(pos, &mbi, sizeof(mbi)) ||
            mbi.State != MEM_COMMIT || mbi.Type != MEM_PRIVATE ||
            !(mbi.Protect & good) ||
            mbi.Protect & (PAGE_GUARD | PAGE_NOACCESS))
            return 0;
        pos = (const char *)mbi.BaseAddress + mbi.RegionSize;
    }
    return 1;
}

/** Are these two addresses in memory that was reserved at once, as all of a region of the heap is? */
static int are_in_one_region(const void *a, const void *b)
{
    MEMORY_BASIC_INFORMATION one, other;

    return VirtualQuery(a, &one, sizeof(one)) && VirtualQuery(b, &other, sizeof(other)) &&
           one.State != MEM_FREE && other.State != MEM_FREE &&
           one.AllocationBase == other.AllocationBase;
}

static void compare(MagnifierHeapPlace *place, const PROCESS_HEAP_ENTRY *entry)
{
    uintptr_t start = (uintptr_t)entry->lpData;
    uintptr_t addr  = (uintptr_t)place->addr;

    // A region lists itself as a whole as well; only its parts say something.
    // Written as a difference, since a block may end at the last address.
    if (entry->wFlags & PROCESS_HEAP_REGION || addr < start ||
        addr - start >= FFMAX(entry->cbData, 1))
        return;
    // Wine's walk may give the last free block of a region nearly 4 GB, as the size wraps.
    if (!(entry->wFlags & PROCESS_HEAP_ENTRY_BUSY)) {
        if (place->kind == MAGNIFIER_HEAP_UNKNOWN && are_in_one_region(place->addr, entry->lpData))
            place->kind = MAGNIFIER_HEAP_FREE;
        return;
    }
    if (addr > start) {
        place->kind = MAGNIFIER_HEAP_INTERIOR;
        return;
    }
    place->kind = MAGNIFIER_HEAP_BUSY;
    place->size = entry->cbData;
}

static int heap_locate(void *opaque, MagnifierHeapPlace *places, int nb)
{
    PROCESS_HEAP_ENTRY entry = { 0 };

    for (int i = 0; i < nb; i++) {
        places[i].kind = MAGNIFIER_HEAP_UNKNOWN;
        places[i].size = 0;
    }
    while (HeapWalk(GetProcessHeap(), &entry))
        for (int i = 0; i < nb; i++)
            compare(&places[i], &entry);
    if (GetLastError() != ERROR_NO_MORE_ITEMS)
        return AVERROR_EXTERNAL;

    for (int i = 0; i < nb; i++)
        if (places[i].kind == MAGNIFIER_HEAP_BUSY &&
            !is_accessible(places[i].addr, FFMIN(places[i].need, places[i].size)))
            places[i].kind = MAGNIFIER_HEAP_UNREADABLE;
    return 0;
}

static size_t heap_busy_size(void *opaque, const void *addr)
{
    HANDLE heap = GetProcessHeap();
    SIZE_T size;

    // what is no block, or a large one that was freed, may be no memory: do not
    // let the heap look for its header there
    if ((uintptr_t)addr % GRAIN || (uintptr_t)addr < GRAIN ||
        !is_accessible((const char *)addr - GRAIN, GRAIN + 1) || !HeapValidate(heap, 0, addr))
        return 0;
    size = HeapSize(heap, 0, addr);
    return size == (SIZE_T)-1 ? 0 : size;
}

static int heap_release(void *opaque, void *addr)
{
    return HeapFree(GetProcessHeap(), 0, addr) ? 0 : AVERROR_EXTERNAL;
}

const MagnifierHeapOps ff_magnifier_process_heap = {
    .untried   = heap_untried,
    .lock      = heap_lock,
    .unlock    = heap_unlock,
    .locate    = heap_locate,
    .busy_size = heap_busy_size,
    .release   = heap_release,
};
