/*
 * magnifier: a heap in a box
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
 * A heap in a box, for those who try the ledger of blocks (reclaim.h).
 *
 * It is kinder to a mistake than any real one: it frees a block without touching a byte of it
 * and hands it out again as it is, at whatever address the test wants. So only the proof that a
 * test is about stands between the ledger and somebody else's block. Blocks belong to the DLL, or
 * to a stranger. Freeing a stranger's block, freeing twice and changing a byte of a stranger's
 * block break a BOX_CLAIM, and under AddressSanitizer any access to memory that is in no block
 * ends the program. Include once in a program, which has said what BOX_CLAIM(cond) does.
 */

#ifndef TESTS_UNIT_HEAP_BOX_H
#define TESTS_UNIT_HEAP_BOX_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/error.h"

#include "libavdevice/magnifier/reclaim.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(a, s)   ((void)(a), (void)(s))
#define ASAN_UNPOISON_MEMORY_REGION(a, s) ((void)(a), (void)(s))
#endif

#define ARENA      65536
#define MAX_BLOCKS 512

enum { DLL, STRANGER };

typedef struct Block {
    size_t start, size;
    int whose;
    int unreadable;
    uint8_t *before;    ///< a stranger's bytes as he left them
} Block;

static struct {
    uint8_t arena[ARENA] __attribute__((aligned(64)));
    Block blocks[MAX_BLOCKS];
    int nb;

    int locked, locks, walks, lookups, released, allocations;
    int fail_lock, fail_locate, fail_release;
    int unlisted;       ///< a walk does not come across the blocks
    size_t committed;   ///< a walk adds this to the size of each block
    enum MagnifierBlockVerdict untried;
    int threaded;
    pthread_mutex_t mutex;
} heap = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/** A callback's address need not be in the heap at all. */
static uint8_t elsewhere[4096];

static Block *block_at(size_t start)
{
    for (int i = 0; i < heap.nb; i++)
        if (heap.blocks[i].start == start)
            return &heap.blocks[i];
    return NULL;
}

static void *take(size_t start, size_t size, int whose)
{
    Block *block = &heap.blocks[heap.nb++];

    BOX_CLAIM(heap.nb <= MAX_BLOCKS && start + size <= ARENA);
    for (int i = 0; i < heap.nb - 1; i++)
        BOX_CLAIM(heap.blocks[i].start + heap.blocks[i].size <= start ||
                  start + size <= heap.blocks[i].start);
    *block = (Block) { .start = start, .size = size, .whose = whose };
    ASAN_UNPOISON_MEMORY_REGION(heap.arena + start, size);
    if (whose == STRANGER) {
        block->before = malloc(size + 1);
        memcpy(block->before, heap.arena + start, size);
    }
    return heap.arena + start;
}

static void give_back(void *addr)
{
    Block *block = block_at((uint8_t *)addr - heap.arena);

    BOX_CLAIM(block);
    free(block->before);
    ASAN_POISON_MEMORY_REGION(heap.arena + block->start, block->size);
    *block = heap.blocks[--heap.nb];
}

/** A stranger writes to his own block: something that was not there, and that
 *  no one wrote before him. */
static void scribble(void *addr, size_t pos, size_t size)
{
    static uint8_t ink;
    Block *block = block_at((uint8_t *)addr - heap.arena);

    BOX_CLAIM(block->whose == STRANGER && pos + size <= block->size);
    for (size_t i = 0; i < size; i++) {
        uint8_t *byte = &heap.arena[block->start + pos + i];

        ink++;
        block->before[pos + i] = *byte = *byte == ink ? ink + 1 : ink;
    }
}

static void check_strangers(void)
{
    for (int i = 0; i < heap.nb; i++)
        if (heap.blocks[i].whose == STRANGER)
            BOX_CLAIM(!memcmp(heap.arena + heap.blocks[i].start,
                              heap.blocks[i].before, heap.blocks[i].size));
}

static enum MagnifierBlockVerdict fake_untried(void *opaque)
{
    return heap.untried;
}

static int fake_lock(void *opaque)
{
    if (heap.fail_lock)
        return AVERROR_EXTERNAL;
    if (heap.threaded)
        pthread_mutex_lock(&heap.mutex);
    BOX_CLAIM(!heap.locked);
    heap.locked = 1;
    heap.locks++;
    return 0;
}

static void fake_unlock(void *opaque)
{
    BOX_CLAIM(heap.locked);
    heap.locked = 0;
    if (heap.threaded)
        pthread_mutex_unlock(&heap.mutex);
}

static int fake_locate(void *opaque, MagnifierHeapPlace *places, int nb)
{
    uintptr_t arena = (uintptr_t)heap.arena;

    BOX_CLAIM(heap.locked);
    heap.walks++;
    for (int i = 0; i < nb; i++) {
        uintptr_t addr = (uintptr_t)places[i].addr;
        size_t pos = addr - arena;

        places[i].kind = addr >= arena && pos < ARENA ? MAGNIFIER_HEAP_FREE
                                                      : MAGNIFIER_HEAP_UNKNOWN;
        places[i].size = 0;
        if (heap.unlisted)
            places[i].kind = MAGNIFIER_HEAP_UNKNOWN;
        for (int j = 0; j < heap.nb && !heap.unlisted; j++) {
            const Block *block = &heap.blocks[j];

            if (pos - block->start >= block->size)
                continue;
            if (pos > block->start) {
                places[i].kind = MAGNIFIER_HEAP_INTERIOR;
            } else {
                places[i].size = block->size + heap.committed;
                places[i].kind = block->unreadable ? MAGNIFIER_HEAP_UNREADABLE
                                                   : MAGNIFIER_HEAP_BUSY;
            }
        }
        if (heap.fail_locate) // a broken walk may have said anything
            places[i] = (MagnifierHeapPlace) { .addr = places[i].addr,
                                               .kind = MAGNIFIER_HEAP_BUSY,
                                               .size = ARENA };
    }
    return heap.fail_locate ? AVERROR_EXTERNAL : 0;
}

static size_t fake_busy_size(void *opaque, const void *addr)
{
    const Block *block = block_at((const uint8_t *)addr - heap.arena);

    BOX_CLAIM(heap.locked);
    heap.lookups++;
    return block ? block->size : 0;
}

static int fake_release(void *opaque, void *addr)
{
    const Block *block = block_at((uint8_t *)addr - heap.arena);

    BOX_CLAIM(heap.locked);
    if (heap.fail_release)
        return AVERROR_EXTERNAL;
    BOX_CLAIM(block); // else freed twice, or inside another
    BOX_CLAIM(block->whose == DLL);
    give_back(addr);
    heap.released++;
    return 0;
}

static const MagnifierHeapOps fake_ops = {
    .untried   = fake_untried,
    .lock      = fake_lock,
    .unlock    = fake_unlock,
    .locate    = fake_locate,
    .busy_size = fake_busy_size,
    .release   = fake_release,
};

/** Nothing is in it, and nothing is wrong with it. */
static void empty_box(void)
{
    while (heap.nb)
        give_back(heap.arena + heap.blocks[0].start);
    heap.locks = heap.walks = heap.lookups = heap.released = 0;
    heap.fail_lock = heap.fail_locate = heap.fail_release = 0;
    heap.unlisted = heap.committed = 0;
    heap.untried = MAGNIFIER_FREED;
    heap.threaded = heap.locked = 0;
    ASAN_UNPOISON_MEMORY_REGION(heap.arena, ARENA);
    memset(heap.arena, 0, ARENA);
    ASAN_POISON_MEMORY_REGION(heap.arena, ARENA);
    memset(elsewhere, 0x33, sizeof(elsewhere));
}

#endif /* TESTS_UNIT_HEAP_BOX_H */
