/*
 * Simulator of Magnification.dll: frame blocks
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

#include "blocks.h"
#include "log.h"
#include "profile.h"
#include "session.h"

#define MAX_BLOCKS   16384
#define KEEP_FREED     256      /* freed blocks remembered, to know a double free */
#define MAX_CHECKSUMS   64      /* blocks of one control that are watched */
#define INSIDE_SHIFT    64
#define MAX_PLUGS      512      /* free places below a block, see plug_below() */
#define CHECK_NEWEST     4      /* blocks looked at when a session ends */

static SimBlock ledger[MAX_BLOCKS];
static int nb_ledger, nb_freed;
static unsigned next_serial = 1;
static CRITICAL_SECTION lock;
static volatile LONG lock_state;

volatile LONG sim_blocks_freed_by_client, sim_blocks_freed_by_dll, sim_guard_violations;

static int exiting;

static void enter(void)
{
    if (exiting)
        return;
    while (lock_state != 2) {
        if (!InterlockedCompareExchange(&lock_state, 1, 0)) {
            InitializeCriticalSection(&lock);
            lock_state = 2;
        } else {
            Sleep(0);
        }
    }
    EnterCriticalSection(&lock);
}

static void leave(void)
{
    if (!exiting)
        LeaveCriticalSection(&lock);
}

void sim_blocks_exiting(void)
{
    exiting = 1;
}

static void violation(const SimBlock *b, const void *ptr, const char *how, const char *what)
{
    InterlockedIncrement(&sim_guard_violations);
    sim_shout("GUARD: %s how=%s ptr=%p block=%u data=%p size=%lu", what, how, ptr,
              b ? b->serial : 0, b ? b->data : NULL, b ? (unsigned long)b->size : 0);
}

static int is_allocated(const SimBlock *b)
{
    return b->state == SIM_BLOCK_IN_USE || b->state == SIM_BLOCK_LEFT;
}

static int is_freed(const SimBlock *b)
{
    return b->state == SIM_BLOCK_FREED_BY_CLIENT || b->state == SIM_BLOCK_FREED_BY_DLL;
}

static uint64_t checksum(const SimBlock *b)
{
    const uint8_t *p = b->data;
    uint64_t sum = 0x9e3779b97f4a7c15, word;
    size_t i;

    for (i = 0; i + 8 <= b->size; i += 8) {
        memcpy(&word, p + i, 8);
        sum = (sum << 7 | sum >> 57) + word;
    }
    for (; i < b->size; i++)
        sum = sum * 31 + p[i];
    return sum;
}

static int place_block(SimBlock *b, size_t size, unsigned n)
{
    size_t shift = 0;

    b->heap = GetProcessHeap();
    switch (sim_value(SIM_BLOCK_PLACE, n)) {
    case SIM_PLACE_NULL:
        return -1;
    case SIM_PLACE_INSIDE:
        shift = INSIDE_SHIFT;
        break;
    case SIM_PLACE_MISALIGNED:
        shift = sim_value(SIM_BLOCK_SHIFT, n);
        break;
    case SIM_PLACE_PRIVATE:
        b->heap = sim_session_private_heap();
        break;
    case SIM_PLACE_VIRTUAL:
        b->heap = NULL;
        break;
    }
    b->size      = size;
    b->base_size = size + 2 * shift;
    b->base = b->heap ? HeapAlloc(b->heap, 0, b->base_size) :
                        VirtualAlloc(NULL, b->base_size, MEM_COMMIT, PAGE_READWRITE);
    b->data = b->base ? b->base + shift : NULL;
    return b->base ? 0 : -1;
}

static void set_freed(SimBlock *b, SimBlockState state)
{
    b->state = state;
    nb_freed++;
    InterlockedIncrement(state == SIM_BLOCK_FREED_BY_DLL ? &sim_blocks_freed_by_dll :
                                                           &sim_blocks_freed_by_client);
}

static void forget(SimBlock *b)
{
    if (is_freed(b))
        nb_freed--;
    b->state = SIM_BLOCK_UNUSED;
}

static SimBlock *new_entry(void)
{
    SimBlock *oldest = NULL;
    int i;

    if (nb_freed < KEEP_FREED && nb_ledger < MAX_BLOCKS)
        return &ledger[nb_ledger++];
    for (i = 0; i < nb_ledger; i++) {
        if (ledger[i].state == SIM_BLOCK_UNUSED)
            return &ledger[i];
        if (is_freed(&ledger[i]) && (!oldest || ledger[i].serial < oldest->serial))
            oldest = &ledger[i];
    }
    if (oldest) {
        forget(oldest);
        return oldest;
    }
    return nb_ledger < MAX_BLOCKS ? &ledger[nb_ledger++] : NULL;
}

static SimBlock *new_block(unsigned control, size_t size, unsigned n)
{
    SimBlock *b = new_entry(), made = { 0 };
    int i;

    if (!b) {
        sim_shout("ERROR: the ledger of blocks is full");
        return NULL;
    }
    memset(b, 0, sizeof(*b));
    if (place_block(&made, size, n)) {
        if (sim_value(SIM_BLOCK_PLACE, n) != SIM_PLACE_NULL)
            sim_shout("out of memory size=%lu live=%d", (unsigned long)size, sim_blocks_live());
        return NULL;
    }
    /* an address that comes back is no longer the old block's */
    for (i = 0; i < nb_ledger; i++)
        if (is_freed(&ledger[i]) && ledger[i].base == made.base)
            forget(&ledger[i]);
    *b = made;
    b->state   = SIM_BLOCK_IN_USE;
    b->control = control;
    b->serial  = next_serial++;
    sim_log("block_new block=%u control=%u data=%p size=%lu", b->serial, control,
            b->data, (unsigned long)size);
    return b;
}

static void free_by_dll(SimBlock *b)
{
    sim_log("block_free block=%u data=%p", b->serial, b->data);
    if (b->heap)
        HeapFree(b->heap, 0, b->base);
    else
        VirtualFree(b->base, 0, MEM_RELEASE);
    set_freed(b, SIM_BLOCK_FREED_BY_DLL);
}

SimBlock *sim_block_for_frame(SimBlockSet *set, unsigned control, size_t size, unsigned n)
{
    long life = sim_value(SIM_BLOCK_LIFE, n), replace = sim_value(SIM_BLOCK_REPLACE, n);
    unsigned slots = life == SIM_LIFE_ROTATE3 ? 3 : life == SIM_LIFE_ROTATE2 ? 2 : 1;
    SimBlock **slot = &set->current[set->turn++ % slots], *b;

    enter();
    b = *slot;
    if (b && (b->state != SIM_BLOCK_IN_USE || b->control != control))
        b = NULL;
    if (b && life != SIM_LIFE_FRAME && b->size == size) {
        leave();
        return b;
    }
    if (b && replace == SIM_REPLACE_REUSE && size + (b->data - b->base) <= b->base_size) {
        b->size = size;
        leave();
        return b;
    }
    if (b && replace != SIM_REPLACE_LEAK)
        free_by_dll(b);
    b = *slot = new_block(control, size, n);
    leave();
    return b;
}

void sim_blocks_control_gone(SimBlockSet *set, unsigned control, unsigned n)
{
    long end = sim_value(SIM_BLOCK_END, n);
    int watch = sim_value(SIM_GUARD_CHECKSUM, n) == SIM_YES, nb_watched = 0, i;

    enter();
    for (i = nb_ledger - 1; i >= 0; i--) {
        SimBlock *b = &ledger[i];

        if (b->state != SIM_BLOCK_IN_USE || b->control != control)
            continue;
        b->state = SIM_BLOCK_LEFT;
        if (end == SIM_END_DESTROY &&
            (b == set->current[0] || b == set->current[1] || b == set->current[2])) {
            free_by_dll(b);
        } else if (watch && nb_watched++ < MAX_CHECKSUMS) {
            b->checksum     = checksum(b);
            b->has_checksum = 1;
        }
    }
    memset(set, 0, sizeof(*set));
    leave();
}

typedef struct Theft {
    SimBlock *block;
    DWORD delay;
    int silent;
} Theft;

/*
 * Reserve what is free below an address, so that the first place where a large
 * block fits is the one that is just about to be freed.
 */
static int plug_below(const uint8_t *end, void **plugs)
{
    const ULONG_PTR grain = 0x10000;
    MEMORY_BASIC_INFORMATION info;
    const uint8_t *p = (const uint8_t *)grain;
    int nb = 0;

    while (p < end && nb < MAX_PLUGS && VirtualQuery(p, &info, sizeof(info))) {
        ULONG_PTR from = ((ULONG_PTR)info.BaseAddress + grain - 1) & ~(grain - 1);
        ULONG_PTR to   = (ULONG_PTR)info.BaseAddress + info.RegionSize;

        if (to > (ULONG_PTR)end)
            to = (ULONG_PTR)end;
        if (info.State == MEM_FREE && to > from) {
            plugs[nb] = VirtualAlloc((void *)from, to - from, MEM_RESERVE, PAGE_NOACCESS);
            nb += !!plugs[nb];
        }
        p = (const uint8_t *)info.BaseAddress + info.RegionSize;
    }
    return nb;
}

/* Free a block and be the next who is given that address. */
static DWORD CALLBACK steal(LPVOID arg)
{
    Theft *theft = arg;
    SimBlock *b  = theft->block;
    void **plugs = sim_alloc(MAX_PLUGS * sizeof(*plugs)), *got;
    int nb_plugs;

    if (theft->delay)
        Sleep(theft->delay);
    enter();
    if (plugs && b->state == SIM_BLOCK_LEFT) {
        nb_plugs = plug_below(b->base, plugs);
        HeapFree(b->heap, 0, b->base);
        got = HeapAlloc(b->heap, 0, b->base_size);
        while (nb_plugs--)
            VirtualFree(plugs[nb_plugs], 0, MEM_RELEASE);
        b->has_checksum = 0;
        if (got == b->base) {
            if (!theft->silent)
                memset(b->base, 0xa5, b->base_size);
            b->state = SIM_BLOCK_STOLEN;
            InterlockedIncrement(&sim_blocks_freed_by_dll);
        } else {
            HeapFree(b->heap, 0, got);
            set_freed(b, SIM_BLOCK_FREED_BY_DLL);
        }
        sim_log("block_stolen block=%u data=%p same_address=%d", b->serial, b->data,
                got == b->base);
    }
    leave();
    sim_free(plugs);
    sim_free(theft);
    return 0;
}

static void send_thief(SimBlock *b, DWORD delay, int silent)
{
    Theft *theft = sim_alloc(sizeof(*theft));
    HANDLE thread;

    if (!theft)
        return;
    theft->block  = b;
    theft->delay  = delay;
    theft->silent = silent;
    thread = CreateThread(NULL, 0, steal, theft, 0, NULL);
    if (thread) {
        if (!delay)
            WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
    }
}

void sim_blocks_uninitialize(unsigned n)
{
    long end = sim_value(SIM_BLOCK_END, n);
    int i;

    sim_blocks_check("MagUninitialize", CHECK_NEWEST);
    for (i = 0; i < nb_ledger; i++) {
        if (end == SIM_END_UNINIT) {
            enter();
            if (is_allocated(&ledger[i]))
                free_by_dll(&ledger[i]);
            leave();
        } else if (ledger[i].state == SIM_BLOCK_LEFT && ledger[i].heap &&
                   (end == SIM_END_STOLEN || end == SIM_END_STOLEN_SILENT)) {
            send_thief(&ledger[i], sim_value(SIM_STEAL_DELAY_MS, n),
                       end == SIM_END_STOLEN_SILENT);
        }
    }
}

void sim_blocks_unload(void)
{
    int i;

    if (sim_value(SIM_BLOCK_END, 1) != SIM_END_UNLOAD)
        return;
    enter();
    for (i = 0; i < nb_ledger; i++)
        if (ledger[i].state == SIM_BLOCK_LEFT)
            free_by_dll(&ledger[i]);
    leave();
}

int sim_blocks_live(void)
{
    int live = 0, i;

    for (i = 0; i < nb_ledger; i++)
        live += is_allocated(&ledger[i]);
    return live;
}

/* Allocated blocks first: a freed one's address may have come back. */
static SimBlock *find(const void *ptr)
{
    int i;

    for (i = nb_ledger - 1; i >= 0; i--)
        if (ledger[i].state != SIM_BLOCK_UNUSED && !is_freed(&ledger[i]) &&
            (const uint8_t *)ptr >= ledger[i].base &&
            (const uint8_t *)ptr < ledger[i].base + ledger[i].base_size)
            return &ledger[i];
    for (i = nb_ledger - 1; i >= 0; i--)
        if (is_freed(&ledger[i]) && ledger[i].data == ptr)
            return &ledger[i];
    return NULL;
}

int sim_block_is_freed(const void *ptr)
{
    SimBlock *b;
    int ret;

    enter();
    b   = find(ptr);
    ret = !b ? -1 : !is_allocated(b);
    leave();
    return ret;
}

static void check_unwritten(SimBlock *b, const char *when)
{
    uint64_t sum;

    if (!b->has_checksum)
        return;
    sum = checksum(b);
    if (sum != b->checksum)
        violation(b, b->data, when, "a block was written to after WM_DESTROY");
    b->checksum = sum;
}

static SimFreeVerdict judge_allocated(SimBlock *b, const char *how, HANDLE heap, const void *ptr)
{
    const char *what = NULL;

    if (b->state == SIM_BLOCK_STOLEN)
        what = "free of a block that has another owner now";
    else if (b->state == SIM_BLOCK_IN_USE)
        what = "free of a block whose control is alive";
    else if (ptr != b->data)
        what = "free of a pointer inside a block";
    else if (!heap || b->heap != heap || b->base != ptr)
        what = "free of a block in a way that does not fit it";
    else if (sim_session_active() && sim_value(SIM_BLOCK_END, 1) == SIM_END_UNINIT)
        what = "free of a block that MagUninitialize is going to free";
    else if (sim_value(SIM_BLOCK_END, 1) == SIM_END_UNLOAD)
        what = "free of a block that the DLL is going to free when it is unloaded";
    if (what) {
        violation(b, ptr, how, what);
        return SIM_FREE_BAD;
    }
    check_unwritten(b, how);
    set_freed(b, SIM_BLOCK_FREED_BY_CLIENT);
    sim_log("client_free block=%u data=%p how=%s initialized=%d", b->serial, b->data, how,
            sim_session_active());
    return SIM_FREE_OURS;
}

SimFreeVerdict sim_block_on_free(const char *how, HANDLE heap, const void *ptr)
{
    SimFreeVerdict verdict = SIM_FREE_NOT_OURS;
    SimBlock *b, copy;
    int dead = 0;

    if (!ptr)
        return SIM_FREE_NOT_OURS;
    enter();
    b = find(ptr);
    if (b && !is_freed(b)) {
        verdict = judge_allocated(b, how, heap, ptr);
        leave();
        return verdict;
    }
    if (b)
        copy = *b;
    leave();

    /* the heap's own lock is not taken under ours */
    if (heap)
        dead = !HeapValidate(heap, 0, ptr);
    else if (b)
        dead = 1;
    if (dead) {
        violation(b ? &copy : NULL, ptr, how,
                  b ? "double free of a block" : "free of what is no block of the heap");
        return SIM_FREE_BAD;
    }
    if (b) {
        enter();
        if (is_freed(b) && b->serial == copy.serial)
            forget(b);
        leave();
    }
    return SIM_FREE_NOT_OURS;
}

int sim_block_on_walk(PROCESS_HEAP_ENTRY *entry)
{
    long how = sim_value(SIM_HEAP_WALK, 1);
    const char *start = entry->lpData, *end = start;
    MEMORY_BASIC_INFORMATION info;
    SimBlock *b;
    int ours;

    if (how == SIM_WALK_EXACT || !(entry->wFlags & PROCESS_HEAP_ENTRY_BUSY))
        return 1;
    enter();
    b    = find(start);
    ours = b && is_allocated(b) && b->base == (const uint8_t *)start;
    leave();
    if (!ours)
        return 1;
    if (how == SIM_WALK_WITHOUT)
        return 0;
    while (VirtualQuery(end, &info, sizeof(info)) && info.State == MEM_COMMIT)
        end = (const char *)info.BaseAddress + info.RegionSize;
    entry->cbData = end - start + 0x1000;
    return 1;
}

static void check_block(SimBlock *b, const char *when)
{
    enter();
    if (is_allocated(b) && b->heap && !HeapValidate(b->heap, 0, b->base)) {
        sim_log("note: a free was not seen block=%u data=%p when=%s", b->serial, b->data, when);
        if (b->state == SIM_BLOCK_IN_USE)
            violation(b, b->data, when, "free of a block whose control is alive");
        set_freed(b, SIM_BLOCK_FREED_BY_CLIENT);
    } else if (b->state == SIM_BLOCK_LEFT) {
        check_unwritten(b, when);
    }
    leave();
}

void sim_blocks_check(const char *when, int newest)
{
    int i;

    for (i = nb_ledger - 1; i >= 0 && newest > 0; i--)
        if (is_allocated(&ledger[i])) {
            check_block(&ledger[i], when);
            newest--;
        }
}
