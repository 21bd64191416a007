/*
 * magnifier: ledger of the frame blocks that the API leaks
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
 * Is this frame block ours to free?
 *
 * Why the order is safe
 * ---------------------
 * 1. The mark is written inside the callback, after the copy. That is the
 *    one moment at which the block is certain to exist, since the DLL is
 *    waiting for us to return; a mark written at any other time might land in
 *    memory that has been freed. The mark of the last callback is therefore
 *    the last thing the device did to the block, and was done before the
 *    controls were destroyed and before MagUninitialize.
 * 2. The callback may lie about the size, and then a mark at the end would
 *    land in somebody else's block. So nothing is written to a block before
 *    the heap itself has said that it starts there and is that large. It is
 *    asked anew for each frame, as a block might since have been freed and
 *    handed out again, smaller. There is no walk over the heap while a frame
 *    is on its way: with a C library that allocates from the process's heap,
 *    every thread of the program would wait for it.
 * 3. Blocks are given back when every control is destroyed, the API is
 *    uninitialised and, if it is going to be, the DLL unloaded: from there on
 *    no code of the DLL runs that could touch, reuse or free the block.
 * 4. The heap is locked once, walked once, and the proven blocks are freed
 *    before it is unlocked; in between nothing is called but the heap. So no
 *    thread can free a block, or get it, between its proof and its free.
 * 5. A block's mark is read only after the walk has shown that the block is
 *    busy, starts there, is large enough and has readable pages; and the heap,
 *    asked for that block, must say so too, since what a walk gives as the size
 *    may be the memory committed for the block. Whatever
 *    number the callback once gave us, no stray address is dereferenced.
 * 6. Settling empties the ledger, whatever came of each block, so no block
 *    is ever considered twice.
 *
 * What window remains
 * -------------------
 * A block that is freed by its DLL and handed to somebody else between the
 * last callback and the walk passes for ours only if all of this holds: the
 * new owner's block starts at the very same address; it is at least as large;
 * and the heap and the new owner have both left all 48 marked bytes at its
 * start, middle and end as they were. A heap that keeps its list of free
 * blocks in them writes over the start when a block is freed, and one that
 * gives large blocks back to the system returns them zeroed; so the new owner
 * would have to meet a heap that does neither, and not have written yet.
 * Every smaller frame (below 48 bytes) has fewer marks, down to none.
 *
 * A DLL that stays loaded, keeps the block in a variable of its own and uses
 * it again in its next session cannot be told from one that has forgotten it.
 * No known version does so: each session was seen to leave one more block.
 * Unloading the DLL first (3) closes that gap as well.
 *
 * tests/unit/test_reclaim.c takes each proof by its name, and tests/unit/mutants
 * shows that it goes red without that proof.
 */

#include <stdio.h>
#include <string.h>

#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "reclaim.h"

#define MARK_SIZE  16
#define MARK_SLOTS 3

/**
 * A living capture's block is counted as replaced after this many
 * deliveries of others, so that a DLL which takes turns between a few
 * buffers does not look like one that piles them up.
 */
#define REPLACED_AGE 8

typedef struct LedgerEntry {
    uint8_t *block;
    size_t size;                ///< as the callback said, last time
    int owner;
    int retired;                ///< its owner is closed
    unsigned age;               ///< deliveries to its owner since its own
    int ours;                   ///< proven, may be marked and freed
    enum MagnifierBlockVerdict why;  ///< the reason when it is not ours

    uint64_t seq;               ///< number of the mark in it, 0: none
    size_t marked_size;         ///< size when the mark was written
    uint8_t saved[MARK_SLOTS][MARK_SIZE]; ///< pixels under the mark
} LedgerEntry;

struct MagnifierLedger {
    const MagnifierHeapOps *ops;
    uint64_t cookie;
    uint64_t seq;               ///< marks written so far
    enum MagnifierBlockVerdict untried; ///< why no block is ours, or FREED

    LedgerEntry entries[MAGNIFIER_LEDGER_SIZE];
    int nb;
    LedgerEntry *current;       ///< entered, not left yet

    const void *last_lost;      ///< last block that found no room
    MagnifierReclaimReport past; ///< blocks that were struck off already

    MagnifierHeapPlace places[MAGNIFIER_LEDGER_SIZE]; ///< scratch
};

/* ---- the mark ---------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x  = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x  = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/**
 * Where the marks of a block of this size are; returns how many. They never
 * overlap, lie within size, and start at a pixel if the picture does.
 */
static int mark_places(size_t size, size_t pos[MARK_SLOTS])
{
    size_t end = (size & ~(size_t)3) - MARK_SIZE;

    if (size < MARK_SIZE)
        return 0;
    pos[0] = 0;
    if (size < 2 * MARK_SIZE)
        return 1;
    pos[1] = end;
    if (size < 3 * MARK_SIZE)
        return 2;
    pos[2] = (size / 2 & ~(size_t)3) - MARK_SIZE / 2;
    return 3;
}

/**
 * The mark differs from session to session, from frame to frame (whichever
 * block that is in) and from place to place, so that no copy of it proves
 * anything.
 */
static void mark_bytes(const MagnifierLedger *ledger, const LedgerEntry *entry,
                       int slot, uint8_t mark[MARK_SIZE])
{
    uint64_t words[2];

    words[0] = mix(ledger->cookie ^ mix(entry->seq * MARK_SLOTS + slot));
    words[1] = mix(words[0] ^ ledger->cookie);
    memcpy(mark, words, MARK_SIZE);
}

static void mark_write(MagnifierLedger *ledger, LedgerEntry *entry)
{
    size_t pos[MARK_SLOTS];
    uint8_t mark[MARK_SIZE];
    int nb = mark_places(entry->size, pos);

    entry->seq         = ++ledger->seq;
    entry->marked_size = entry->size;
    for (int i = 0; i < nb; i++) {
        mark_bytes(ledger, entry, i, mark);
        memcpy(entry->saved[i], entry->block + pos[i], MARK_SIZE);
        memcpy(entry->block + pos[i], mark, MARK_SIZE);
    }
}

/**
 * Put the pixels under the mark back, pixel by pixel, where the DLL has not
 * drawn since: it may deliver a block again unchanged, or redraw a part only.
 * A pixel that the DLL has drawn is mistaken for a bit of mark once in 2^32.
 */
static void mark_undo(const MagnifierLedger *ledger, LedgerEntry *entry,
                      size_t size)
{
    size_t pos[MARK_SLOTS];
    uint8_t mark[MARK_SIZE];
    int nb = entry->seq ? mark_places(entry->marked_size, pos) : 0;

    for (int i = 0; i < nb; i++) {
        if (pos[i] + MARK_SIZE > size) // the block has shrunk since
            continue;
        mark_bytes(ledger, entry, i, mark);
        for (int j = 0; j < MARK_SIZE; j += 4)
            if (!memcmp(entry->block + pos[i] + j, mark + j, 4))
                memcpy(entry->block + pos[i] + j, entry->saved[i] + j, 4);
    }
    entry->seq = 0;
}

static int mark_intact(const MagnifierLedger *ledger, const LedgerEntry *entry)
{
    size_t pos[MARK_SLOTS];
    uint8_t mark[MARK_SIZE];
    int nb = entry->seq ? mark_places(entry->marked_size, pos) : 0;

    for (int i = 0; i < nb; i++) {
        mark_bytes(ledger, entry, i, mark);
        if (memcmp(entry->block + pos[i], mark, MARK_SIZE))
            return 0;
    }
    return nb > 0;
}

/* ---- entries ----------------------------------------------------------- */

static void tally(MagnifierReclaimReport *report, enum MagnifierBlockVerdict verdict,
                  uint64_t bytes)
{
    if (!report)
        return;
    report->blocks[verdict]++;
    report->bytes [verdict] += bytes;
}

/**
 * The reason why a block of the heap's answer cannot be a frame of that
 * size, or FREED when it can.
 */
static enum MagnifierBlockVerdict fits(const MagnifierHeapPlace *place, size_t size,
                                  enum MagnifierBlockVerdict unknown)
{
    switch (place->kind) {
    case MAGNIFIER_HEAP_UNKNOWN:
        return unknown;
    case MAGNIFIER_HEAP_FREE:
        return MAGNIFIER_ALREADY_FREED;
    case MAGNIFIER_HEAP_INTERIOR:
        return MAGNIFIER_INTERIOR;
    case MAGNIFIER_HEAP_BUSY:
        return place->size < size ? MAGNIFIER_SMALLER : MAGNIFIER_FREED;
    default:
        return MAGNIFIER_HEAP_DOUBT;
    }
}

/**
 * Ask the heap whether this entry is a block that may be marked and, one day,
 * freed.
 */
static void prove(const MagnifierLedger *ledger, LedgerEntry *entry)
{
    const MagnifierHeapOps *ops = ledger->ops;
    size_t size;

    entry->ours = 0;
    entry->why  = ledger->untried;
    if (entry->why != MAGNIFIER_FREED)
        return;
    entry->why = entry->size < MARK_SIZE ? MAGNIFIER_TOO_SMALL : MAGNIFIER_HEAP_DOUBT;
    if (entry->size < MARK_SIZE || ops->lock(ops->opaque) < 0)
        return;
    size = ops->busy_size(ops->opaque, entry->block);
    ops->unlock(ops->opaque);

    entry->ours = size >= entry->size;
    entry->why  = entry->ours ? MAGNIFIER_FREED :
                  size ? MAGNIFIER_SMALLER : MAGNIFIER_OTHER_HEAP;
}

static int is_idle(const LedgerEntry *entry)
{
    return entry->retired || entry->age >= REPLACED_AGE;
}

/**
 * Make room by striking off what needs no remembering: blocks that were never
 * ours to free, once they are out of use, and blocks that the DLL has freed
 * itself. Without this a DLL that allocates and frees a block for each frame
 * would fill the table in seconds.
 */
static void prune(MagnifierLedger *ledger)
{
    const MagnifierHeapOps *ops = ledger->ops;
    int locked = ops->lock(ops->opaque) >= 0, nb = 0;

    for (int i = 0; i < ledger->nb; i++) {
        LedgerEntry *entry = &ledger->entries[i];

        if (!entry->ours && is_idle(entry)) {
            tally(&ledger->past, entry->why, entry->size);
            continue;
        }
        if (entry->ours && locked && !ops->busy_size(ops->opaque, entry->block)) {
            tally(&ledger->past, MAGNIFIER_ALREADY_FREED, entry->size);
            continue;
        }
        if (nb != i)
            ledger->entries[nb] = *entry;
        nb++;
    }
    ledger->nb = nb;
    if (locked)
        ops->unlock(ops->opaque);
}

static LedgerEntry *find(MagnifierLedger *ledger, const void *block)
{
    for (int i = 0; i < ledger->nb; i++)
        if (ledger->entries[i].block == block)
            return &ledger->entries[i];
    return NULL;
}

static LedgerEntry *add(MagnifierLedger *ledger, void *block, size_t size)
{
    LedgerEntry *entry;

    // not for each new block: a question about each of them takes its time
    if (ledger->nb >= MAGNIFIER_LEDGER_HIGH && !(ledger->nb % 4))
        prune(ledger);
    if (ledger->nb == MAGNIFIER_LEDGER_SIZE) {
        if (block != ledger->last_lost)
            tally(&ledger->past, MAGNIFIER_NOT_REMEMBERED, size);
        ledger->last_lost = block;
        return NULL;
    }
    entry = &ledger->entries[ledger->nb++];
    memset(entry, 0, sizeof(*entry));
    entry->block = block;
    entry->size  = size;
    prove(ledger, entry);
    return entry;
}

/* ---- the ledger's face -------------------------------------------------- */

MagnifierLedger *ff_magnifier_ledger_alloc(const MagnifierHeapOps *ops,
                                           uint64_t cookie)
{
    MagnifierLedger *ledger = av_mallocz(sizeof(*ledger));

    if (!ledger)
        return NULL;
    ledger->ops    = ops;
    ledger->cookie = mix(cookie);
    ledger->untried = ops->untried(ops->opaque);
    return ledger;
}

void ff_magnifier_ledger_free(MagnifierLedger **ledger)
{
    av_freep(ledger);
}

void ff_magnifier_ledger_enter(MagnifierLedger *ledger, void *block,
                               size_t size, int owner)
{
    LedgerEntry *entry;

    if (!ledger)
        return;
    ledger->current = NULL;
    if (!block)
        return;

    entry = find(ledger, block);
    if (entry) {
        // Same address, but the same block? It may have been freed and
        // handed out again since. A mark at the end of a block that has
        // become smaller would damage its neighbour, and the callback's word
        // alone is not enough to know. So a proven block is asked about for
        // each frame, and an address that was refused when its size has
        // changed, which shows that it is another block.
        int ask = entry->ours || entry->size != size;

        entry->size = size;
        if (ask)
            prove(ledger, entry);
        if (entry->ours)
            mark_undo(ledger, entry, size);
    } else {
        entry = add(ledger, block, size);
        if (!entry)
            return;
    }

    for (int i = 0; i < ledger->nb; i++)
        if (ledger->entries[i].owner == owner &&
            ledger->entries[i].age < REPLACED_AGE)
            ledger->entries[i].age++;
    entry->owner    = owner;
    entry->retired  = 0;
    entry->age      = 0;
    ledger->current = entry;
}

void ff_magnifier_ledger_leave(MagnifierLedger *ledger)
{
    if (!ledger || !ledger->current)
        return;
    if (ledger->current->ours)
        mark_write(ledger, ledger->current);
    ledger->current = NULL;
}

void ff_magnifier_ledger_retire(MagnifierLedger *ledger, int owner)
{
    for (int i = 0; ledger && i < ledger->nb; i++)
        if (ledger->entries[i].owner == owner)
            ledger->entries[i].retired = 1;
}

uint64_t ff_magnifier_ledger_owner_bytes(const MagnifierLedger *ledger,
                                         int owner)
{
    uint64_t bytes = 0;

    for (int i = 0; ledger && i < ledger->nb; i++)
        if (ledger->entries[i].ours && ledger->entries[i].owner == owner)
            bytes += ledger->entries[i].size;
    return bytes;
}

uint64_t ff_magnifier_ledger_retired_bytes(const MagnifierLedger *ledger)
{
    uint64_t bytes = 0;

    for (int i = 0; ledger && i < ledger->nb; i++)
        if (ledger->entries[i].ours && is_idle(&ledger->entries[i]))
            bytes += ledger->entries[i].size;
    return bytes;
}

int ff_magnifier_ledger_full(const MagnifierLedger *ledger)
{
    if (!ledger || ledger->nb < MAGNIFIER_LEDGER_HIGH)
        return 0;
    for (int i = 0; i < ledger->nb; i++)
        if (is_idle(&ledger->entries[i]))
            return 1;
    return 0; // all of them are in use, and would be back at once
}

/**
 * The proofs before the free. The fifth, that the block was not settled
 * before, is that its entry is still in the ledger.
 */
static enum MagnifierBlockVerdict judge(const MagnifierLedger *ledger,
                                   LedgerEntry *entry,
                                   const MagnifierHeapPlace *place)
{
    const MagnifierHeapOps *ops = ledger->ops;
    enum MagnifierBlockVerdict verdict;
    size_t size;

    // refused when it came: the walk knows better why, but cannot make it ours
    if (!entry->ours) {
        if (entry->why != MAGNIFIER_OTHER_HEAP)
            return entry->why;
        verdict = fits(place, entry->size, MAGNIFIER_OTHER_HEAP);
        return verdict == MAGNIFIER_FREED ? MAGNIFIER_CHANGED : verdict;
    }

    // a busy block of the heap, starting there, at least that large; an
    // address that was a block once and is in no block now has been freed
    verdict = fits(place, entry->size, MAGNIFIER_ALREADY_FREED);
    size    = ops->busy_size(ops->opaque, entry->block);
    if (verdict == MAGNIFIER_ALREADY_FREED && place->kind == MAGNIFIER_HEAP_UNKNOWN && size)
        return MAGNIFIER_NOT_LISTED;
    if (verdict == MAGNIFIER_FREED && size < entry->size)
        return size ? MAGNIFIER_SMALLER : MAGNIFIER_HEAP_DOUBT;
    if (verdict == MAGNIFIER_FREED && !mark_intact(ledger, entry))
        return MAGNIFIER_CHANGED;
    if (verdict == MAGNIFIER_FREED)
        entry->size = size;
    return verdict;
}

void ff_magnifier_ledger_settle(MagnifierLedger *ledger,
                                MagnifierReclaimReport *report)
{
    const MagnifierHeapOps *ops;
    int nb, known = 0, locked;

    if (!ledger)
        return;
    ops = ledger->ops;
    nb  = ledger->nb;
    for (int i = 0; i < nb; i++) {
        ledger->places[i].addr = ledger->entries[i].block;
        ledger->places[i].need = ledger->entries[i].size;
    }

    // from here to the unlock: no logging, no allocation, no foreign code
    locked = nb && ops->lock(ops->opaque) >= 0;
    if (locked)
        known = ops->locate(ops->opaque, ledger->places, nb) >= 0;
    for (int i = 0; i < nb; i++) {
        LedgerEntry *entry = &ledger->entries[i];

        if (known)
            entry->why = judge(ledger, entry, &ledger->places[i]);
        else if (entry->ours)
            entry->why = MAGNIFIER_HEAP_DOUBT;
        if (entry->ours && entry->why == MAGNIFIER_FREED &&
            ops->release(ops->opaque, entry->block) < 0)
            entry->why = MAGNIFIER_HEAP_DOUBT;
    }
    if (locked)
        ops->unlock(ops->opaque);

    for (int i = 0; i < nb; i++) {
        const LedgerEntry *entry = &ledger->entries[i];

        tally(report, entry->why, entry->size);
    }
    ledger->nb        = 0;
    ledger->current   = NULL;
    ledger->last_lost = NULL;
    if (report)
        ff_magnifier_reclaim_add(report, &ledger->past);
    memset(&ledger->past, 0, sizeof(ledger->past));
}

void ff_magnifier_ledger_abandon(MagnifierLedger *ledger,
                                 MagnifierReclaimReport *report)
{
    for (int i = 0; ledger && i < ledger->nb; i++)
        if (ledger->entries[i].ours) {
            ledger->entries[i].ours = 0;
            ledger->entries[i].why  = MAGNIFIER_ABANDONED;
        }
    // nothing is ours any more, so all that is left to do is the counting
    ff_magnifier_ledger_settle(ledger, report);
}

/* ---- the report -------------------------------------------------------- */

void ff_magnifier_reclaim_add(MagnifierReclaimReport *dst,
                              const MagnifierReclaimReport *src)
{
    for (int i = 0; i < MAGNIFIER_VERDICTS; i++) {
        dst->blocks[i] += src->blocks[i];
        dst->bytes [i] += src->bytes [i];
    }
}

unsigned ff_magnifier_reclaim_left(const MagnifierReclaimReport *report)
{
    unsigned left = 0;

    for (int i = 0; i < MAGNIFIER_VERDICTS; i++)
        if (i != MAGNIFIER_FREED)
            left += report->blocks[i];
    return left;
}

char *ff_magnifier_reclaim_text(char *buf, size_t size,
                                const MagnifierReclaimReport *report)
{
    static const char *const reasons[MAGNIFIER_VERDICTS] = {
        [MAGNIFIER_ALREADY_FREED]  = "already freed by the DLL",
        [MAGNIFIER_OTHER_HEAP]     = "not in the process heap",
        [MAGNIFIER_INTERIOR]       = "inside a bigger block",
        [MAGNIFIER_SMALLER]        = "smaller than announced",
        [MAGNIFIER_CHANGED]        = "changed hands",
        [MAGNIFIER_TOO_SMALL]      = "too small to tell",
        [MAGNIFIER_HEAP_DOUBT]     = "heap not readable",
        [MAGNIFIER_NOT_REMEMBERED] = "not remembered",
        [MAGNIFIER_ABANDONED]      = "the API was not shut down",
        [MAGNIFIER_NOT_LISTED]     = "not listed by HeapWalk",
        [MAGNIFIER_SEGMENT_HEAP]   = "in a segment heap, where this is untried",
        [MAGNIFIER_ON_ARM64]       = "on ARM64, where this is untried",
    };
    unsigned freed = report->blocks[MAGNIFIER_FREED];
    unsigned left  = ff_magnifier_reclaim_left(report);
    int kinds = 0;
    size_t pos = 0;

#define PRINT(...) do {                                                  \
        if (pos < size) {                                                \
            int n_ = snprintf(buf + pos, size - pos, __VA_ARGS__);       \
            pos += n_ > 0 ? n_ : 0;                                      \
        }                                                                \
    } while (0)

    if (size)
        *buf = 0;
    PRINT("%u block%s, %llu bytes reclaimed", freed, freed == 1 ? "" : "s",
          (unsigned long long)report->bytes[MAGNIFIER_FREED]);
    if (!left)
        return buf;
    PRINT("; %u block%s left alone: ", left, left == 1 ? "" : "s");
    for (int i = 0; i < MAGNIFIER_VERDICTS; i++)
        if (i != MAGNIFIER_FREED && report->blocks[i]) {
            if (report->blocks[i] == left) {
                PRINT("%s", reasons[i]);
                break;
            }
            PRINT("%s%u %s", kinds++ ? ", " : "", report->blocks[i],
                  reasons[i]);
        }
#undef PRINT
    return buf;
}
