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
 * What does the process heap know about this address?
 *
 * HeapWalk is the one documented call that may be asked about any address at
 * all, because it is not told the address: it lists the heap, and we compare.
 * HeapSize reads the bytes before the address it is given, so it is only used
 * on addresses that a walk has vouched for and HeapValidate confirms.
 *
 * The walk was seen to list frame-sized blocks, with the address and size
 * that HeapAlloc was called with, under Wine 8 only. Where Windows should
 * list them otherwise, locate() finds no such block, and it is left alone.
 */

#include "config.h"

#include <windows.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "reclaim.h"

static int heap_lock(void *opaque)
{
    return HeapLock(GetProcessHeap()) ? 0 : AVERROR_EXTERNAL;
}

static void heap_unlock(void *opaque)
{
    HeapUnlock(GetProcessHeap());
}

/** Are these bytes all committed memory of the process that can be read and
 *  written without an exception? Asks the system, touches nothing. */
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

static void compare(MagnifierHeapPlace *place, const PROCESS_HEAP_ENTRY *entry)
{
    uintptr_t start = (uintptr_t)entry->lpData;
    uintptr_t addr  = (uintptr_t)place->addr;

    // A region lists itself as a whole as well; only its parts say something.
    // Written as a difference, since a block may end at the last address.
    if (entry->wFlags & PROCESS_HEAP_REGION || addr < start ||
        addr - start >= FFMAX(entry->cbData, 1))
        return;
    if (!(entry->wFlags & PROCESS_HEAP_ENTRY_BUSY)) {
        if (place->kind == MAGNIFIER_HEAP_UNKNOWN)
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
            !is_accessible(places[i].addr, places[i].size))
            places[i].kind = MAGNIFIER_HEAP_UNREADABLE;
    return 0;
}

static size_t heap_busy_size(void *opaque, const void *addr)
{
    HANDLE heap = GetProcessHeap();
    SIZE_T size;

    // a large block that was freed is no memory any more; do not let the
    // heap look for its header there
    if (!is_accessible(addr, 1) || !HeapValidate(heap, 0, addr))
        return 0;
    size = HeapSize(heap, 0, addr);
    return size == (SIZE_T)-1 ? 0 : size;
}

static int heap_release(void *opaque, void *addr)
{
    return HeapFree(GetProcessHeap(), 0, addr) ? 0 : AVERROR_EXTERNAL;
}

const MagnifierHeapOps ff_magnifier_process_heap = {
    .lock      = heap_lock,
    .unlock    = heap_unlock,
    .locate    = heap_locate,
    .busy_size = heap_busy_size,
    .release   = heap_release,
};
