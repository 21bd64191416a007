/*
 * magprobe: what a heap says of one block
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

#include "frame.h"
#include "heapfacts.h"
#include "magprobe.h"

#define NT_SIGNATURE      0xffeeffeeu   /* _HEAP.SegmentSignature */
#define SEGMENT_SIGNATURE 0xddeeddeeu   /* _SEGMENT_HEAP.Signature */

const char *heap_kind(HANDLE heap)
{
    static char other[32];
    const char *at = (const char *)heap + 2 * sizeof(void *);
    DWORD signature = 0;

    if (memory_is_readable(at, sizeof(signature)))
        memcpy(&signature, at, sizeof(signature));
    if (signature == NT_SIGNATURE)
        return "NT";
    if (signature == SEGMENT_SIGNATURE)
        return "segment";
    snprintf(other, sizeof(other), "unknown (%08lx)", signature);
    return other;
}

/* The busy entry that holds ptr, copied under the lock. */
static int find_entry(HANDLE heap, const void *ptr, PROCESS_HEAP_ENTRY *entry, int *nb)
{
    int found = 0;

    *nb = 0;
    memset(entry, 0, sizeof(*entry));
    if (!HeapLock(heap))
        return 0;
    while (!found && HeapWalk(heap, entry)) {
        ++*nb;
        found = (entry->wFlags & PROCESS_HEAP_ENTRY_BUSY) &&
                (const char *)ptr >= (char *)entry->lpData &&
                (const char *)ptr < (char *)entry->lpData + entry->cbData;
    }
    HeapUnlock(heap);
    return found;
}

static void describe_place(const char *what, const void *ptr)
{
    MEMORY_BASIC_INFORMATION info;

    if (VirtualQuery(ptr, &info, sizeof(info)))
        fact(what,
             "%p: state %lx, protection %lx, type %lx, region from %p, %lu bytes, allocated at %p",
             ptr, info.State, info.Protect, info.Type, info.BaseAddress,
             (unsigned long)info.RegionSize, info.AllocationBase);
}

static void describe_entry(const void *src, size_t size, const PROCESS_HEAP_ENTRY *entry, int nb)
{
    const char *end = (char *)entry->lpData + entry->cbData;
    size_t before = (size_t)((const char *)src - (char *)entry->lpData);

    fact("heap_walk", "entry %d: data %p, %lu bytes before the frame, %lu bytes, overhead %u, "
         "region %u, flags %x", nb, entry->lpData, (unsigned long)before, entry->cbData,
         entry->cbOverhead, entry->iRegionIndex, entry->wFlags);
    describe_place("end_of_entry", end - 1);
    say("HeapWalk lists it as %lu bytes (the frame has %lu), beginning %lu before it, "
        "%s accessible",
        entry->cbData, (unsigned long)size, (unsigned long)before,
        memory_is_readable(entry->lpData, entry->cbData) ? "all of them" : "not all of them");
}

void heap_describe(HANDLE heap, const void *src, size_t size)
{
    PROCESS_HEAP_ENTRY entry;
    int nb, valid = HeapValidate(heap, 0, src);

    describe_place("first_byte", src);
    describe_place("last_byte", (const char *)src + size - 1);
    fact("heap_kind", "%s", heap_kind(heap));
    fact("frame_bytes", "%lu", (unsigned long)size);
    fact("heap_validate", "%s", valid ? "TRUE" : "FALSE");
    say("a heap of kind %s, HeapValidate says %s", heap_kind(heap), valid ? "TRUE" : "FALSE");
    if (valid) {
        unsigned long told = HeapSize(heap, 0, src);

        fact("heap_size", "%lu", told);
        say("HeapSize is %swhat the callback said",
            told == size ? "" : told > size ? "more than " : "less than ");
    }
    if (find_entry(heap, src, &entry, &nb))
        describe_entry(src, size, &entry, nb);
    else
        say("HeapWalk does not list it among %d entries", nb);
}

int heap_blocks_of_size(size_t size)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    int nb = 0;

    if (!HeapLock(GetProcessHeap()))
        return 0;
    while (HeapWalk(GetProcessHeap(), &entry))
        nb += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) && entry.cbData >= size &&
              entry.cbData < size + 16384;
    HeapUnlock(GetProcessHeap());
    return nb;
}

size_t private_bytes(void)
{
    MEMORY_BASIC_INFORMATION info;
    const char *p = NULL;
    size_t total = 0;

    for (; VirtualQuery(p, &info, sizeof(info)); p = (char *)info.BaseAddress + info.RegionSize) {
        if (info.State == MEM_COMMIT && info.Type == MEM_PRIVATE)
            total += info.RegionSize;
        if ((char *)info.BaseAddress + info.RegionSize <= p)
            break;
    }
    return total;
}
