/*
 * Unit tests of the ledger of leaked frame blocks, on a heap of its own
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

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/reclaim.h"

#define BOX_CLAIM(cond) assert_true(cond)
#include "tests/unit/heap_box.h"

/* ---- a DLL in a few lines ----------------------------------------------- */

static MagnifierLedger *ledger;
static MagnifierReclaimReport all;

/** The frame is drawn, in one colour a pixel, and delivered; returns what the
 *  callback saw in the first pixel. */
static uint32_t deliver(void *block, size_t size, int owner, uint32_t colour)
{
    uint32_t seen;

    for (size_t i = 0; i + 4 <= size; i += 4)
        memcpy((uint8_t *)block + i, &colour, 4);
    ff_magnifier_ledger_enter(ledger, block, size, owner);
    memcpy(&seen, block, 4);
    ff_magnifier_ledger_leave(ledger);
    return seen;
}

/** The same without drawing: for blocks that cannot be written to. */
static void deliver_only(void *block, size_t size, int owner)
{
    ff_magnifier_ledger_enter(ledger, block, size, owner);
    ff_magnifier_ledger_leave(ledger);
}

static void settle(void)
{
    ff_magnifier_ledger_settle(ledger, &all);
    assert_false(heap.locked);
    check_strangers();
}

static void expect(enum MagnifierBlockVerdict verdict, unsigned blocks)
{
    assert_int_equal(all.blocks[verdict], blocks);
    assert_int_equal(ff_magnifier_reclaim_left(&all) +
                     all.blocks[MAGNIFIER_FREED], blocks);
}

static int setup(void **state)
{
    empty_box();
    memset(&all, 0, sizeof(all));
    ledger = ff_magnifier_ledger_alloc(&fake_ops, 0x0123456789abcdef);
    return !ledger;
}

static int teardown(void **state)
{
    ff_magnifier_ledger_free(&ledger);
    assert_null(ledger);
    return 0;
}

/* ---- what leaks comes back ---------------------------------------------- */

static void a_block_that_leaks_is_given_back(void **state)
{
    void *frame = take(64, 4096, DLL);

    for (int i = 0; i < 5; i++)
        assert_int_equal(deliver(frame, 4096, 1, i), i);
    settle();
    expect(MAGNIFIER_FREED, 1);
    assert_int_equal(all.bytes[MAGNIFIER_FREED], 4096);
    assert_int_equal(heap.nb, 0);
}

static void every_block_of_the_session_is_remembered(void **state)
{
    // a resolution change leaves the old block behind
    void *a = take(64, 4096, DLL), *b = take(8192, 1024, DLL);
    void *c = take(16384, 2048, DLL);

    deliver(a, 4096, 1, 1);
    deliver(b, 1024, 1, 2);
    deliver(c, 2048, 1, 3);
    deliver(b, 1024, 1, 4);
    settle();
    expect(MAGNIFIER_FREED, 3);
    assert_int_equal(all.bytes[MAGNIFIER_FREED], 4096 + 1024 + 2048);
}

static void a_bigger_block_than_announced_is_ours_too(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4000, 1, 1);
    settle();
    expect(MAGNIFIER_FREED, 1);
    assert_int_equal(all.bytes[MAGNIFIER_FREED], 4096);
}

static void the_ledger_serves_the_next_session(void **state)
{
    for (int i = 0; i < 100; i++) {
        deliver(take(64, 4096, DLL), 4096, 1, i);
        settle();
    }
    expect(MAGNIFIER_FREED, 100);
    assert_int_equal(heap.nb, 0);
}

static void nothing_delivered_means_nothing_to_do(void **state)
{
    void *frame = take(64, 4096, DLL);

    ff_magnifier_ledger_enter(ledger, NULL, 4096, 1);
    ff_magnifier_ledger_leave(ledger);
    ff_magnifier_ledger_leave(ledger);
    settle();
    expect(MAGNIFIER_FREED, 0);
    assert_int_equal(heap.locks, 0);
    assert_int_equal(heap.nb, 1);
    assert_non_null(frame);
}

static void no_memory_for_a_ledger_is_a_leak_and_no_crash(void **state)
{
    MagnifierLedger *kept = ledger;
    void *frame = take(64, 4096, DLL);

    av_max_alloc(64);
    ledger = ff_magnifier_ledger_alloc(&fake_ops, 1);
    av_max_alloc(INT32_MAX);
    assert_null(ledger);

    deliver(frame, 4096, 1, 1);
    ff_magnifier_ledger_retire(ledger, 1);
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 1), 0);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 0);
    assert_false(ff_magnifier_ledger_full(ledger));
    settle();
    ff_magnifier_ledger_abandon(ledger, &all);
    expect(MAGNIFIER_FREED, 0);
    ff_magnifier_ledger_free(&ledger);
    ledger = kept;
}

/* ---- the five proofs, each alone between the ledger and a mistake -------- */

static void proof_1_a_block_the_dll_freed_is_left_alone(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    give_back(frame);
    settle();
    expect(MAGNIFIER_ALREADY_FREED, 1);
}

static void proof_2_an_address_inside_a_block_is_left_alone(void **state)
{
    void *frame = take(4096, 4096, DLL);

    // freed, merged with its neighbour, handed out as one, not yet written
    deliver(frame, 4096, 1, 1);
    give_back(frame);
    take(0, 16384, STRANGER);
    settle();
    expect(MAGNIFIER_INTERIOR, 1);
}

static void proof_3_a_smaller_block_is_left_alone(void **state)
{
    void *frame = take(64, 4096, DLL);

    // freed and handed out in pieces that nobody has written to yet, so that
    // every mark is still there
    deliver(frame, 4096, 1, 1);
    give_back(frame);
    take(64, 2000, STRANGER);
    take(64 + 2000, 2096, STRANGER);
    settle();
    expect(MAGNIFIER_SMALLER, 1);
}

static void proof_4_a_block_without_our_mark_is_left_alone(void **state)
{
    // the next owner has written no more than one byte of the mark yet
    static const size_t pos[] = { 0, 15, 2040, 2055, 4080, 4095 };

    for (int i = 0; i < 6; i++) {
        void *frame = take(64, 4096, DLL);

        deliver(frame, 4096, 1, 1);
        give_back(frame);
        frame = take(64, 4096, STRANGER);
        scribble(frame, pos[i], 1);
        settle();
        expect(MAGNIFIER_CHANGED, i + 1);
        give_back(frame);
    }
}

static void proof_5_a_block_is_settled_once(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    settle();
    // the very same bytes, mark and all, now belong to somebody else
    take(64, 4096, STRANGER);
    settle();
    ff_magnifier_ledger_abandon(ledger, &all);
    expect(MAGNIFIER_FREED, 1);
}

static void one_address_is_one_entry_whoever_it_came_to(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    deliver(frame, 4096, 2, 2);
    deliver(frame, 1024, 3, 3);
    settle();
    expect(MAGNIFIER_FREED, 1);
}

static void a_copy_of_another_mark_proves_nothing(void **state)
{
    uint8_t *a = take(64, 4096, DLL), *b = take(8192, 4096, DLL);

    deliver(a, 4096, 1, 1);
    deliver(b, 4096, 1, 1);
    give_back(b);
    ASAN_UNPOISON_MEMORY_REGION(b, 4096);
    memcpy(b, a, 4096);
    take(8192, 4096, STRANGER);
    settle();
    assert_int_equal(all.blocks[MAGNIFIER_FREED], 1);
    assert_int_equal(all.blocks[MAGNIFIER_CHANGED], 1);
}

static void an_older_mark_proves_nothing(void **state)
{
    uint8_t *frame = take(64, 4096, DLL), older[4096];

    deliver(frame, 4096, 1, 1);
    memcpy(older, frame, 4096);
    deliver(frame, 4096, 1, 1);
    memcpy(frame, older, 4096);
    settle();
    expect(MAGNIFIER_CHANGED, 1);
}

static void the_mark_of_another_ledger_proves_nothing(void **state)
{
    MagnifierLedger *first = ledger;
    void *frame = take(64, 4096, DLL);

    ledger = ff_magnifier_ledger_alloc(&fake_ops, 2);
    deliver(frame, 4096, 1, 1);
    {
        uint8_t copy[4096];

        memcpy(copy, frame, 4096);
        ff_magnifier_ledger_free(&ledger);
        ledger = first;
        deliver(frame, 4096, 1, 1);
        memcpy(frame, copy, 4096);
    }
    settle();
    expect(MAGNIFIER_CHANGED, 1);
}

static void a_block_that_was_never_left_carries_no_mark(void **state)
{
    void *frame = take(64, 4096, DLL);

    ff_magnifier_ledger_enter(ledger, frame, 4096, 1);
    settle();
    expect(MAGNIFIER_CHANGED, 1);
    give_back(frame);
    take(64, 4096, STRANGER);
    ff_magnifier_ledger_leave(ledger); // the callback returns too late
    check_strangers();
}

/* ---- the mark does no harm ---------------------------------------------- */

static void a_stale_block_shows_its_picture_and_not_the_mark(void **state)
{
    uint8_t *frame = take(64, 4096, DLL), picture[4096];

    for (int i = 0; i < 4096; i++)
        picture[i] = i * 7 + (i >> 8);
    memcpy(frame, picture, 4096);
    for (int i = 0; i < 5; i++) {
        ff_magnifier_ledger_enter(ledger, frame, 4096, 1);
        assert_memory_equal(frame, picture, 4096);
        ff_magnifier_ledger_leave(ledger);
        ff_magnifier_ledger_leave(ledger); // once too often: changes nothing
        assert_memory_not_equal(frame, picture, 16);
        assert_memory_not_equal(frame + 2040, picture + 2040, 16);
        assert_memory_not_equal(frame + 4080, picture + 4080, 16);
        if (i == 2) { // somebody draws over one pixel under each mark
            memset(picture + 4,    i, 4);
            memset(picture + 2044, i, 4);
            memset(picture + 4088, i, 4);
            memset(frame + 4,      i, 4);
            memset(frame + 2044,   i, 4);
            memset(frame + 4088,   i, 4);
        }
    }
    settle();
    expect(MAGNIFIER_FREED, 1);
}

static void the_mark_fits_into_every_size(void **state)
{
    // every size, with strangers directly before and behind it
    for (size_t size = 1; size < 200; size++) {
        uint8_t *before = take(1024 - 32, 32, STRANGER);
        uint8_t *frame  = take(1024, size, DLL);
        uint8_t *behind = take(1024 + size, 32, STRANGER);
        uint8_t picture[200];

        for (size_t i = 0; i < size; i++)
            frame[i] = picture[i] = 255 - i;
        for (int i = 0; i < 3; i++) {
            ff_magnifier_ledger_enter(ledger, frame, size, 1);
            assert_memory_equal(frame, picture, size);
            ff_magnifier_ledger_leave(ledger);
        }
        memset(&all, 0, sizeof(all));
        settle();
        expect(size < 16 ? MAGNIFIER_TOO_SMALL : MAGNIFIER_FREED, 1);
        give_back(before);
        give_back(behind);
        if (size < 16)
            give_back(frame);
    }
}

static void a_block_smaller_than_announced_is_never_written_to(void **state)
{
    void *frame = take(64, 4096, DLL);

    take(64 + 4096, 4096, STRANGER);
    deliver_only(frame, 4097, 1);
    deliver_only(frame, 8192, 1);
    deliver_only(frame, SIZE_MAX, 1);
    settle();
    expect(MAGNIFIER_SMALLER, 1);
    assert_int_equal(*(uint8_t *)frame, 0);
}

static void a_block_that_shrank_is_marked_within_its_new_size(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    give_back(frame);
    frame = take(64, 1024, DLL);
    take(64 + 1024, 4096, STRANGER);
    deliver(frame, 1024, 1, 2);
    check_strangers();
    settle();
    expect(MAGNIFIER_FREED, 1);
}

static void a_block_that_shrank_under_an_old_size_is_not_written_to(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    give_back(frame);
    frame = take(64, 1024, DLL);
    take(64 + 1024, 4096, STRANGER);
    deliver_only(frame, 4096, 1); // the DLL has not noticed
    settle();
    expect(MAGNIFIER_SMALLER, 1);
}

static void an_address_that_was_freed_is_not_written_to(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    give_back(frame);
    deliver_only(frame, 4096, 1);
    take(0, 16384, STRANGER);
    deliver_only(frame, 4096, 1);
    deliver_only(frame, 2048, 1);
    settle();
    expect(MAGNIFIER_INTERIOR, 1);
}

static void a_refused_address_that_becomes_a_block_is_ours_again(void **state)
{
    void *frame = take(64, 1024, DLL);

    deliver_only(frame, 4096, 1);
    give_back(frame);
    frame = take(64, 8192, DLL);
    deliver(frame, 8192, 1, 1);
    settle();
    expect(MAGNIFIER_FREED, 1);
}

static void blocks_of_other_heaps_are_neither_written_to_nor_freed(void **state)
{
    uint8_t untouched[sizeof(elsewhere)];

    memcpy(untouched, elsewhere, sizeof(elsewhere));
    for (int i = 0; i < 10; i++) {
        deliver_only(elsewhere,            1024, 1); // another heap's
        deliver_only(elsewhere + 2048 + 3, 1024, 1); // misaligned
    }
    assert_int_equal(heap.lookups, 2);
    settle();
    expect(MAGNIFIER_OTHER_HEAP, 2);
    assert_memory_equal(elsewhere, untouched, sizeof(elsewhere));
}

static void a_frame_inside_a_bigger_block_is_left_alone(void **state)
{
    uint8_t *big = take(0, 8192, DLL);

    deliver_only(big + 64, 4096, 1);
    deliver_only(big +  1, 4096, 1);
    settle();
    expect(MAGNIFIER_INTERIOR, 2);
    for (int i = 0; i < 8192; i++)
        assert_int_equal(big[i], 0);
}

static void no_address_is_touched_before_the_heap_vouches_for_it(void **state)
{
    // any of these would end the process on a read or a write
    static const uintptr_t wild[] = {
        1, 4, 16, 4095, 4096, 0x7ffff000, UINTPTR_MAX / 2, UINTPTR_MAX / 2 + 1,
        UINTPTR_MAX - 15, UINTPTR_MAX
    };

    for (int i = 0; i < 10; i++) {
        deliver_only((void *)wild[i], 64, 1);
        deliver_only((void *)wild[i], SIZE_MAX, 1);
        deliver_only((void *)wild[i], 0, 1);
        deliver_only((void *)wild[i], 4096, 1);
    }
    settle();
    expect(MAGNIFIER_OTHER_HEAP, 10);
}

static void pages_that_cannot_be_read_are_left_alone(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    block_at(64)->unreadable = 1;
    ASAN_POISON_MEMORY_REGION(frame, 4096);
    settle();
    expect(MAGNIFIER_HEAP_DOUBT, 1);
}

/* ---- what Windows may do otherwise ---------------------------------------- */

static void no_walk_while_frames_come(void **state)
{
    // more blocks than the ledger has room for, so that it looks for some to strike off
    for (int i = 0; i < 2 * MAGNIFIER_LEDGER_SIZE; i++)
        deliver(take(64 + i * 256, 256, DLL), 256, 1, i);
    assert_int_equal(heap.walks, 0);
    settle();
    assert_int_equal(heap.walks, 1);
    assert_int_equal(all.blocks[MAGNIFIER_FREED], MAGNIFIER_LEDGER_SIZE);
}

static void a_walk_may_say_more_than_there_is(void **state)
{
    void *frame = take(64, 4096, DLL);

    heap.committed = 1024;
    deliver(frame, 4096, 1, 1);
    take(64 + 4096, 4096, STRANGER);
    settle();
    expect(MAGNIFIER_FREED, 1);
    assert_int_equal(all.bytes[MAGNIFIER_FREED], 4096);
}

static void what_a_walk_says_more_does_not_make_a_block_large_enough(void **state)
{
    void *frame = take(64, 4096, DLL);

    // the next owner's block begins there, is smaller, and he has not written yet
    heap.committed = 4096;
    deliver(frame, 4096, 1, 1);
    give_back(frame);
    take(64, 4000, STRANGER);
    ASAN_UNPOISON_MEMORY_REGION(heap.arena, ARENA);
    settle();
    expect(MAGNIFIER_SMALLER, 1);
}

static void a_block_that_the_walk_does_not_list_is_left_alone(void **state)
{
    void *frame = take(64, 4096, DLL);

    heap.unlisted = 1;
    deliver(frame, 4096, 1, 1);
    settle();
    expect(MAGNIFIER_NOT_LISTED, 1);
}

static void a_block_that_is_gone_is_not_called_unlisted(void **state)
{
    void *frame = take(64, 4096, DLL);

    heap.unlisted = 1;
    deliver(frame, 4096, 1, 1);
    give_back(frame);
    settle();
    expect(MAGNIFIER_ALREADY_FREED, 1);
}

static void a_refused_address_that_is_a_block_in_the_end_is_a_strangers(void **state)
{
    uint8_t *big = take(0, 8192, DLL);

    deliver_only(big + 64, 4096, 1);
    give_back(big);
    take(64, 4096, STRANGER);
    settle();
    expect(MAGNIFIER_CHANGED, 1);
}

static void in_an_untried_heap_nothing_is_marked_or_freed(void **state)
{
    static const enum MagnifierBlockVerdict why[] = { MAGNIFIER_SEGMENT_HEAP, MAGNIFIER_ON_ARM64 };
    uint8_t *frame = take(64, 4096, DLL);

    for (int i = 0; i < 2; i++) {
        MagnifierLedger *tried = ledger;

        heap.untried = why[i];
        ledger = ff_magnifier_ledger_alloc(&fake_ops, 1);
        deliver(frame, 4096, 1, 0);
        deliver(frame, 4096, 1, 0);
        for (int j = 0; j < 4096; j++)
            assert_int_equal(frame[j], 0);
        memset(&all, 0, sizeof(all));
        settle();
        expect(why[i], 1);
        ff_magnifier_ledger_free(&ledger);
        ledger = tried;
    }
    assert_int_equal(heap.lookups, 0);
}

/* ---- the heap itself may refuse ------------------------------------------ */

static void a_heap_that_cannot_be_locked_means_nothing_is_freed(void **state)
{
    void *a = take(64, 4096, DLL), *b = take(8192, 4096, DLL);

    deliver(a, 4096, 1, 1);
    heap.fail_lock = 1;
    deliver_only(a, 4096, 1);
    deliver_only(b, 4096, 1);
    assert_int_equal(*(uint8_t *)b, 0);
    settle();
    expect(MAGNIFIER_HEAP_DOUBT, 2);
}

static void a_heap_that_cannot_be_walked_means_nothing_is_freed(void **state)
{
    void *a = take(64, 4096, DLL), *b = take(8192, 4096, DLL);

    deliver(a, 4096, 1, 1);
    heap.fail_locate = 1;
    deliver(b, 4096, 1, 1);
    settle();
    expect(MAGNIFIER_HEAP_DOUBT, 2);
    assert_int_equal(heap.released, 0);
}

static void a_free_that_fails_is_not_tried_again(void **state)
{
    void *frame = take(64, 4096, DLL);

    deliver(frame, 4096, 1, 1);
    heap.fail_release = 1;
    settle();
    heap.fail_release = 0;
    settle();
    expect(MAGNIFIER_HEAP_DOUBT, 1);
    assert_int_equal(heap.released, 0);
}

/** Counts what is allocated or freed while the heap is locked: on Windows
 *  that would be a call into the heap by way of the C library. */
extern int __sanitizer_install_malloc_and_free_hooks(
    void (*)(const volatile void *, size_t), void (*)(const volatile void *))
    __attribute__((weak));

static int watching;

static void on_malloc(const volatile void *p, size_t n)
{
    if (watching && heap.locked)
        heap.allocations++;
}

static void on_free(const volatile void *p)
{
    if (watching && heap.locked)
        heap.allocations++;
}

static void under_one_lock_and_without_a_foreign_call(void **state)
{
    for (int i = 0; i < 10; i++)
        deliver(take(i * 4096, 4096, DLL), 4096, 1, i);
    heap.locks = heap.walks = heap.allocations = 0;
    if (__sanitizer_install_malloc_and_free_hooks &&
        !watching)
        __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
    watching = 1;
    settle();
    watching = 0;
    expect(MAGNIFIER_FREED, 10);
    assert_int_equal(heap.locks, 1);
    assert_int_equal(heap.walks, 1);
    // the fake heap frees NULL once for each block it gives back
    assert_true(heap.allocations <= 10);
}

/* ---- many blocks, many captures ------------------------------------------ */

static void a_block_per_frame_does_not_grow_the_ledger(void **state)
{
    int full_at = 0;

    for (int i = 0; i < 200; i++) {
        uint8_t *frame = take(i * 64, 64, DLL);

        deliver(frame, 64, 1, i);
        deliver(frame, 64, 1, i + 1); // is one block, remembered or not
        if (!full_at && ff_magnifier_ledger_full(ledger))
            full_at = i + 1;
    }
    assert_int_equal(full_at, MAGNIFIER_LEDGER_HIGH);
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 1),
                     MAGNIFIER_LEDGER_SIZE * 64);
    settle();
    assert_int_equal(all.blocks[MAGNIFIER_FREED], MAGNIFIER_LEDGER_SIZE);
    assert_int_equal(all.blocks[MAGNIFIER_NOT_REMEMBERED],
                     200 - MAGNIFIER_LEDGER_SIZE);
    assert_false(ff_magnifier_ledger_full(ledger));
}

static void blocks_the_dll_frees_itself_do_not_fill_the_ledger(void **state)
{
    for (int i = 0; i < 1000; i++) {
        void *frame = take(i * 64, 64, DLL);

        deliver(frame, 64, 1, i);
        give_back(frame);
    }
    assert_true(heap.walks < 1100);
    settle();
    expect(MAGNIFIER_ALREADY_FREED, 1000);
}

static void blocks_of_other_heaps_do_not_fill_the_ledger(void **state)
{
    // one that is in use all the time is counted once all the same
    for (int i = 0; i < 1000; i++) {
        deliver_only(elsewhere + i * 4, 64, 1);
        deliver_only(elsewhere + 4001, 64, 2);
    }
    deliver(take(0, 64, DLL), 64, 1, 1);
    settle();
    assert_int_equal(all.blocks[MAGNIFIER_OTHER_HEAP], 1001);
    assert_int_equal(all.blocks[MAGNIFIER_FREED], 1);
    assert_int_equal(all.blocks[MAGNIFIER_NOT_REMEMBERED], 0);
}

static void overlapping_captures_are_told_apart(void **state)
{
    void *a = take(0, 4096, DLL), *b = take(8192, 1024, DLL);

    for (int i = 0; i < 20; i++) {
        deliver(a, 4096, 1, i);
        deliver(b, 1024, 2, i);
    }
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 1), 4096);
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 2), 1024);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 0);
    ff_magnifier_ledger_retire(ledger, 1);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 4096);
    ff_magnifier_ledger_retire(ledger, 2);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 4096 + 1024);
    settle();
    expect(MAGNIFIER_FREED, 2);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 0);
}

static void a_block_inherited_from_a_closed_capture_is_alive(void **state)
{
    void *a = take(0, 4096, DLL);

    deliver(a, 4096, 1, 1);
    ff_magnifier_ledger_retire(ledger, 1);
    deliver(a, 4096, 2, 1);
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 0);
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 1), 0);
    assert_int_equal(ff_magnifier_ledger_owner_bytes(ledger, 2), 4096);
}

static void a_replaced_block_counts_a_rotated_one_does_not(void **state)
{
    void *old = take(0, 4096, DLL);
    void *turn[2] = { take(8192, 1024, DLL), take(16384, 1024, DLL) };
    void *other = take(32768, 512, DLL);

    deliver(old, 4096, 1, 1);
    for (int i = 0; i < 100; i++) {
        deliver(turn[i & 1], 1024, 1, i);
        if (i == 6)
            assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 0);
        // a slow capture's only block is not replaced by a fast one's
        if (i == 50)
            deliver(other, 512, 2, 1);
    }
    assert_int_equal(ff_magnifier_ledger_retired_bytes(ledger), 4096);
}

static void an_unfinished_session_frees_nothing(void **state)
{
    void *a = take(0, 4096, DLL);

    deliver(a, 4096, 1, 1);
    deliver_only(elsewhere, 64, 1);
    ff_magnifier_ledger_abandon(ledger, &all);
    assert_int_equal(all.blocks[MAGNIFIER_ABANDONED], 1);
    assert_int_equal(all.blocks[MAGNIFIER_OTHER_HEAP], 1);
    settle();
    assert_int_equal(heap.nb, 1);
    assert_int_equal(heap.released, 0);
}

/* ---- the report ---------------------------------------------------------- */

static void the_report_reads_as_a_clause(void **state)
{
    char buf[256], tiny[8];

    assert_string_equal(ff_magnifier_reclaim_text(buf, sizeof(buf), &all),
                        "0 blocks, 0 bytes reclaimed");
    all.blocks[MAGNIFIER_FREED] = 3;
    all.bytes [MAGNIFIER_FREED] = 44236800;
    assert_string_equal(ff_magnifier_reclaim_text(buf, sizeof(buf), &all),
                        "3 blocks, 44236800 bytes reclaimed");
    all.blocks[MAGNIFIER_ALREADY_FREED] = 1;
    assert_string_equal(ff_magnifier_reclaim_text(buf, sizeof(buf), &all),
                        "3 blocks, 44236800 bytes reclaimed; 1 block left "
                        "alone: already freed by the DLL");
    all.blocks[MAGNIFIER_FREED]   = 1;
    all.blocks[MAGNIFIER_CHANGED] = 2;
    assert_string_equal(ff_magnifier_reclaim_text(buf, sizeof(buf), &all),
                        "1 block, 44236800 bytes reclaimed; 3 blocks left "
                        "alone: 1 already freed by the DLL, 2 changed hands");
    assert_string_equal(ff_magnifier_reclaim_text(tiny, sizeof(tiny), &all),
                        "1 block");
    for (int i = 0; i < MAGNIFIER_VERDICTS; i++)
        all.blocks[i] = 1;
    assert_null(strstr(ff_magnifier_reclaim_text(buf, sizeof(buf), &all),
                       "(null)"));
}

/* ---- a bad neighbourhood --------------------------------------------------- */

static uint32_t dice_state;

static uint32_t dice(uint32_t sides)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 17;
    dice_state ^= dice_state << 5;
    return dice_state % sides;
}

/** Random sessions in which the DLL leaks, frees, resizes and lies, and
 *  strangers get what it frees. As in a real heap, a new owner writes the
 *  start of his block; that alone must keep every stranger's block safe. */
static void no_dll_makes_us_free_or_change_a_strangers_block(void **state)
{
    for (int round = 0; round < 3000; round++) {
        dice_state = 2463534242u + round;
        for (int step = 0; step < 60; step++) {
            size_t start = dice(24) * 64, size = 16 + dice(12) * 16;
            Block *block = heap.nb ? &heap.blocks[dice(heap.nb)] : NULL;
            int room = 1;

            for (int i = 0; i < heap.nb; i++)
                room &= heap.blocks[i].start + heap.blocks[i].size <= start ||
                        start + size <= heap.blocks[i].start;
            switch (dice(6)) {
            case 0:
            case 1:
                if (room)
                    take(start, size, dice(2));
                if (room && heap.blocks[heap.nb - 1].whose == STRANGER)
                    scribble(heap.arena + start, 0, 16);
                break;
            case 2:
                if (block)
                    give_back(heap.arena + block->start);
                break;
            case 3: // an honest frame
                if (block && block->whose == DLL)
                    deliver(heap.arena + block->start, block->size,
                            1 + dice(3), step);
                break;
            case 4: // a lie about the size or the start
                if (block && block->whose == DLL)
                    deliver_only(heap.arena + block->start + dice(2) * dice(32),
                                 dice(400), 1 + dice(3));
                break;
            case 5:
                ff_magnifier_ledger_retire(ledger, 1 + dice(3));
                break;
            }
            check_strangers();
        }
        if (dice(8))
            settle();
        while (heap.nb)
            give_back(heap.arena + heap.blocks[0].start);
        memset(&all, 0, sizeof(all));
        ff_magnifier_ledger_settle(ledger, &all);
        assert_int_equal(all.blocks[MAGNIFIER_FREED], 0);
    }
}

/* ---- other threads ---------------------------------------------------------- */

static int stop_strangers;

/** Takes blocks where the DLL has just freed one, as fast as it can. */
static void *greedy_stranger(void *opaque)
{
    for (;;) {
        pthread_mutex_lock(&heap.mutex);
        if (stop_strangers) {
            pthread_mutex_unlock(&heap.mutex);
            return NULL;
        }
        for (size_t start = 0; start < 8 * 4096; start += 4096) {
            Block *block = block_at(start);

            if (!block)
                scribble(take(start, 4096, STRANGER), 0, 16);
            else if (block->whose == STRANGER)
                give_back(heap.arena + start);
        }
        pthread_mutex_unlock(&heap.mutex);
    }
}

static void freed_and_taken_by_another_thread_at_once(void **state)
{
    pthread_t threads[2];
    unsigned freed = 0;

    heap.threaded  = 1;
    stop_strangers = 0;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, greedy_stranger,
                                        NULL), 0);
    for (int round = 0; round < 300; round++) {
        void *frames[8];
        int nb = 0, leaked = 0;

        for (size_t start = 0; start < 8 * 4096; start += 4096) {
            void *frame = NULL;

            pthread_mutex_lock(&heap.mutex);
            if (!block_at(start))
                frame = take(start, 4096, DLL);
            pthread_mutex_unlock(&heap.mutex);
            if (frame) {
                deliver(frame, 4096, 1, round);
                frames[nb++] = frame;
            }
        }
        for (int i = 0; i < nb; i++) {
            if ((round + i) % 3) {
                leaked++;
                continue;
            }
            pthread_mutex_lock(&heap.mutex); // the DLL frees it itself
            give_back(frames[i]);
            pthread_mutex_unlock(&heap.mutex);
        }
        memset(&all, 0, sizeof(all));
        ff_magnifier_ledger_settle(ledger, &all);
        assert_int_equal(all.blocks[MAGNIFIER_FREED], leaked);
        freed += leaked;
    }
    pthread_mutex_lock(&heap.mutex);
    stop_strangers = 1;
    pthread_mutex_unlock(&heap.mutex);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    heap.threaded = 0;
    check_strangers();
    assert_int_equal(heap.released, freed);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_block_that_leaks_is_given_back),
        T(every_block_of_the_session_is_remembered),
        T(a_bigger_block_than_announced_is_ours_too),
        T(the_ledger_serves_the_next_session),
        T(nothing_delivered_means_nothing_to_do),
        T(no_memory_for_a_ledger_is_a_leak_and_no_crash),
        T(proof_1_a_block_the_dll_freed_is_left_alone),
        T(proof_2_an_address_inside_a_block_is_left_alone),
        T(proof_3_a_smaller_block_is_left_alone),
        T(proof_4_a_block_without_our_mark_is_left_alone),
        T(proof_5_a_block_is_settled_once),
        T(one_address_is_one_entry_whoever_it_came_to),
        T(a_copy_of_another_mark_proves_nothing),
        T(an_older_mark_proves_nothing),
        T(the_mark_of_another_ledger_proves_nothing),
        T(a_block_that_was_never_left_carries_no_mark),
        T(a_stale_block_shows_its_picture_and_not_the_mark),
        T(the_mark_fits_into_every_size),
        T(a_block_smaller_than_announced_is_never_written_to),
        T(a_block_that_shrank_is_marked_within_its_new_size),
        T(a_block_that_shrank_under_an_old_size_is_not_written_to),
        T(an_address_that_was_freed_is_not_written_to),
        T(a_refused_address_that_becomes_a_block_is_ours_again),
        T(blocks_of_other_heaps_are_neither_written_to_nor_freed),
        T(a_frame_inside_a_bigger_block_is_left_alone),
        T(no_address_is_touched_before_the_heap_vouches_for_it),
        T(pages_that_cannot_be_read_are_left_alone),
        T(no_walk_while_frames_come),
        T(a_walk_may_say_more_than_there_is),
        T(what_a_walk_says_more_does_not_make_a_block_large_enough),
        T(a_block_that_the_walk_does_not_list_is_left_alone),
        T(a_block_that_is_gone_is_not_called_unlisted),
        T(a_refused_address_that_is_a_block_in_the_end_is_a_strangers),
        T(in_an_untried_heap_nothing_is_marked_or_freed),
        T(a_heap_that_cannot_be_locked_means_nothing_is_freed),
        T(a_heap_that_cannot_be_walked_means_nothing_is_freed),
        T(a_free_that_fails_is_not_tried_again),
        T(under_one_lock_and_without_a_foreign_call),
        T(a_block_per_frame_does_not_grow_the_ledger),
        T(blocks_the_dll_frees_itself_do_not_fill_the_ledger),
        T(blocks_of_other_heaps_do_not_fill_the_ledger),
        T(overlapping_captures_are_told_apart),
        T(a_block_inherited_from_a_closed_capture_is_alive),
        T(a_replaced_block_counts_a_rotated_one_does_not),
        T(an_unfinished_session_frees_nothing),
        T(the_report_reads_as_a_clause),
        T(no_dll_makes_us_free_or_change_a_strangers_block),
        T(freed_and_taken_by_another_thread_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
