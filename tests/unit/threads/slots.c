/*
 * magnifier: tests of the picture of each slot
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
 * The capture is the test's: it answers each call when and as the test says. Time is, too: see
 * windows_let_pass(). Slots are 100 ms long, and the first begins at START.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <windows.h>

#include "libavutil/buffer.h"
#include "libavutil/error.h"
#include "libavutil/frame.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/capture.h"
#include "libavdevice/magnifier/slots.h"

#include "slots.h"

#ifndef PATIENCE
#define PATIENCE 60000 ///< milliseconds after which what does not happen never will
#endif

#define START 100000000 ///< later than any time that a start may take
#define SLOT   100000
#define SECOND 1000000
#define SIZE       64

/* ---- the capture ---- */

static struct {
    SRWLOCK lock;               ///< guards all down to "calls"
    CONDITION_VARIABLE changed;
    int asked, answered, begins;
    int came;                   ///< the reader, and it knows since when
    int ret;
    MagnifierResult answer;
    int calls;
    int by_itself;              ///< it answers each call with a picture, and knows no lock
    int numbers;                ///< of its pictures; the thread's
    int in_use, most;           ///< buffers; atomic
    int let_go;                 ///< atomic: says again what libavutil's count of references says,
                                ///< which ThreadSanitizer does not see
    AVBufferRef *ref;
    MagnifierSlots *slots;
    AVFormatContext avctx;
    int interrupt;              ///< atomic
    unsigned generation;        ///< of the rules; atomic
    int64_t held;               ///< pts of the picture that waits for its confirmation
} t;

static MagnifierLog *slots_log; ///< NULL: what is said does not matter

static void free_picture(void *opaque, uint8_t *data)
{
    __atomic_load_n(&t.let_go, __ATOMIC_ACQUIRE);
    __atomic_sub_fetch(&t.in_use, 1, __ATOMIC_SEQ_CST);
    av_free(data);
}

/** The reader is done with it. */
static void let_go(MagnifierPicture *picture)
{
    __atomic_store_n(&t.let_go, 1, __ATOMIC_RELEASE);
    av_buffer_unref(&picture->buf);
}

static AVFrame *new_frame(int64_t pts)
{
    AVFrame *frame = av_frame_alloc();
    int *data      = av_mallocz(SIZE);
    int in_use     = __atomic_add_fetch(&t.in_use, 1, __ATOMIC_SEQ_CST);

    t.most        = in_use > t.most ? in_use : t.most;
    data[0]       = ++t.numbers;
    frame->buf[0] = av_buffer_create((uint8_t *)data, SIZE, free_picture, NULL, 0);
    frame->pts    = pts;
    return frame;
}

MagnifierLog *ff_magnifier_capture_log(AVBufferRef *capture)
{
    return slots_log;
}

unsigned ff_magnifier_capture_generation(AVBufferRef *capture)
{
    return __atomic_load_n(&t.generation, __ATOMIC_SEQ_CST);
}

int ff_magnifier_capture_read(AVBufferRef *capture, int begins, MagnifierResult *r, const AVIOInterruptCB *cb)
{
    AVFrame *frame = NULL;
    int ret;

    *r = (MagnifierResult) { .again_at = INT64_MAX };
    if (t.by_itself) {
        r->took  = ff_magnifier_clock();
        r->frame = new_frame(r->took);
        return MAGNIFIER_FRAME;
    }
    AcquireSRWLockExclusive(&t.lock);
    t.asked  = 1;
    t.begins = begins;
    t.calls++;
    WakeAllConditionVariable(&t.changed);
    while (!t.answered) {
        SleepConditionVariableSRW(&t.changed, &t.lock, MAGNIFIER_POLL_MS, 0);
        ReleaseSRWLockExclusive(&t.lock);
        ret = ff_magnifier_interrupted(cb);
        AcquireSRWLockExclusive(&t.lock);
        if (ret && !t.answered) {
            t.answered = 1;
            t.ret      = AVERROR_EXIT;
        }
    }
    ret = t.ret;
    if (ret != AVERROR_EXIT)
        *r = t.answer;
    t.asked = t.answered = 0;
    if (ret == MAGNIFIER_FRAME || r->holds)
        r->took = ff_magnifier_clock();
    if (ret == MAGNIFIER_FRAME && r->holds)
        frame = new_frame(t.held); /* and it takes the next one */
    else if (ret == MAGNIFIER_FRAME && t.held)
        frame = new_frame(t.held), r->took = 0;
    else if (ret == MAGNIFIER_FRAME)
        frame = new_frame(r->took);
    if (ret >= 0)
        t.held = r->holds ? r->took : 0;
    ReleaseSRWLockExclusive(&t.lock);
    r->frame = frame;
    return ret;
}

/** The true time, milliseconds. */
static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/** Wait until it is asked. */
static void expect_call(int begins)
{
    const int64_t end = now_ms() + PATIENCE;
    int asked, what;

    AcquireSRWLockExclusive(&t.lock);
    while (!t.asked && now_ms() < end)
        SleepConditionVariableSRW(&t.changed, &t.lock, 100, 0);
    asked = t.asked;
    what  = t.begins;
    ReleaseSRWLockExclusive(&t.lock);
    assert_true(asked);
    assert_int_equal(what, begins);
}

static void answer_with(int ret, MagnifierResult r)
{
    if (!r.again_at)
        r.again_at = INT64_MAX;
    AcquireSRWLockExclusive(&t.lock);
    t.ret      = ret;
    t.answer   = r;
    t.answered = 1;
    WakeAllConditionVariable(&t.changed);
    ReleaseSRWLockExclusive(&t.lock);
}

static void answer(int ret)
{
    answer_with(ret, (MagnifierResult) { 0 });
}

static void waits_for_a_slot(void)
{
    assert_true(windows_wait_parked(1, 0, PATIENCE));
}

static void rests(void)
{
    assert_true(windows_wait_parked(0, 1, PATIENCE));
}

/* ---- the reader ---- */

static struct {
    HANDLE thread;
    int ret;
    MagnifierPicture picture;
} reader;

static int is_interrupted(void *opaque)
{
    /* first: whoever has seen it come interrupts its wait, not its coming */
    const int ret = __atomic_load_n(&t.interrupt, __ATOMIC_SEQ_CST);

    if (!t.by_itself) {
        AcquireSRWLockExclusive(&t.lock);
        t.came = 1;
        WakeAllConditionVariable(&t.changed);
        ReleaseSRWLockExclusive(&t.lock);
    }
    return ret;
}

static void interrupt(int on)
{
    __atomic_store_n(&t.interrupt, on, __ATOMIC_SEQ_CST);
}

static DWORD read_one(LPVOID arg)
{
    reader.ret = ff_magnifier_slots_read(t.slots, &reader.picture, &t.avctx);
    return 0;
}

static void ends(HANDLE thread)
{
    int ended = 0;

    for (int ms = 0; !ended && ms < PATIENCE; ms += 100)
        ended = WaitForSingleObject(thread, 100) == WAIT_OBJECT_0;
    assert_true(ended);
    CloseHandle(thread);
}

static void begin_read(void)
{
    const int64_t end = now_ms() + PATIENCE;
    int came;

    reader.picture = (MagnifierPicture) { 0 };
    t.came         = 0;
    reader.thread  = CreateThread(NULL, 0, read_one, NULL, 0, NULL);
    AcquireSRWLockExclusive(&t.lock);
    while (!t.came && now_ms() < end)
        SleepConditionVariableSRW(&t.changed, &t.lock, 100, 0);
    came = t.came;
    ReleaseSRWLockExclusive(&t.lock);
    assert_true(came);
}

/** @return the number of the picture, 0: it is black; or the error */
static int end_read(void)
{
    int ret;

    ends(reader.thread);
    ret = reader.ret < 0 ? reader.ret : *(int *)reader.picture.buf->data;
    assert_true(!reader.picture.buf == (reader.ret < 0));
    let_go(&reader.picture);
    return ret;
}

static int read_now(void)
{
    begin_read();
    return end_read();
}

static int state(void)
{
    return reader.picture.metadata.state;
}

/** Slot nb begins, and the call for it has that. */
static void slot(int nb, int ret)
{
    windows_let_pass(START + nb * SLOT);
    expect_call(1);
    assert_int_equal(windows_time(), START + nb * SLOT);
    answer(ret);
}

static void open_slots(MagnifierSlotsOptions options)
{
    memset(&t, 0, sizeof(t));
    InitializeSRWLock(&t.lock);
    t.changed = (CONDITION_VARIABLE) CONDITION_VARIABLE_INIT;
    t.avctx.interrupt_callback = (AVIOInterruptCB) { is_interrupted, NULL };
    t.ref        = av_buffer_alloc(1);
    options.size = SIZE;
    if (!options.framerate.num)
        options.framerate = (AVRational) { 10, 1 };
    windows_set_time(START);
    assert_int_equal(ff_magnifier_slots_open(&t.slots, t.ref, &options, &t.avctx), 0);
}

/** The first picture has been read. */
static void begin(MagnifierSlotsOptions options)
{
    open_slots(options);
    begin_read();
    slot(0, MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 1);
    waits_for_a_slot();
}

static int64_t skipped;

static DWORD close_one(LPVOID arg)
{
    skipped = ff_magnifier_slots_close(&t.slots);
    return 0;
}

/** Time need not pass for that. */
static int64_t close_slots(void)
{
    ends(CreateThread(NULL, 0, close_one, NULL, 0, NULL));
    assert_null(t.slots);
    while (windows_threads())
        Sleep(1);
    assert_int_equal(windows_handles(), 0);
    assert_int_equal(windows_modules(), 0);
    assert_int_equal(t.in_use, 0);
    assert_int_equal(av_buffer_get_ref_count(t.ref), 1);
    av_buffer_unref(&t.ref);
    windows_set_time(0);
    return skipped;
}

#define PLAIN    (MagnifierSlotsOptions) { 0 }
#define DOES(how) (MagnifierSlotsOptions) { .on_unsafe = how, .on_outage = how }

/* ---- what waits ---- */

void slots_take_a_picture_while_the_reader_is_busy(void **state_)
{
    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    assert_int_equal(read_now(), 2);
    assert_int_equal(reader.picture.time, START + SLOT);
    assert_int_equal(close_slots(), 0);
}

void slots_let_the_newest_picture_wait(void **state_)
{
    begin(PLAIN);
    for (int i = 1; i < 4; i++) {
        slot(i, MAGNIFIER_FRAME);
        waits_for_a_slot();
        assert_int_equal(t.in_use, 1);
    }
    assert_int_equal(read_now(), 4);
    assert_int_equal(close_slots(), 2);
}

void slots_let_no_repeat_take_the_place_of_a_new_picture(void **state_)
{
    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    slot(2, MAGNIFIER_OUTAGE);
    waits_for_a_slot();
    assert_int_equal(read_now(), 2);
    assert_int_equal(state(), MAGNIFIER_STATE_OPEN);
    slot(3, MAGNIFIER_OUTAGE);
    waits_for_a_slot();
    slot(4, MAGNIFIER_FRAME);
    waits_for_a_slot();
    assert_int_equal(read_now(), 3);
    assert_int_equal(state(), MAGNIFIER_STATE_OPEN);
    assert_int_equal(close_slots(), 2);
}

/* The one that the reader has, the one that waits, and the one that is being taken. */
void slots_use_three_buffers(void **state_)
{
    MagnifierPicture held;

    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    begin_read();
    ends(reader.thread);
    held = reader.picture;
    for (int i = 2; i < 6; i++) {
        slot(i, MAGNIFIER_FRAME);
        waits_for_a_slot();
        assert_int_equal(t.in_use, 2);
    }
    assert_int_equal(t.most, 3);
    let_go(&held);
    assert_int_equal(close_slots(), 3);
}

/* With an exclusion also the one that waits for its confirmation, which the capture has. */
void slots_hold_two_buffers_with_an_exclusion(void **state_)
{
    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    begin_read();
    windows_let_pass(START);
    expect_call(1);
    answer_with(MAGNIFIER_HELD, (MagnifierResult) { .holds = 1 });
    for (int i = 1; i < 6; i++) {
        waits_for_a_slot();
        /* confirms the one before, and takes the next */
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
        if (i == 1)
            assert_int_equal(end_read(), 1);
    }
    waits_for_a_slot();
    assert_int_equal(t.in_use, 1);
    assert_int_equal(t.most, 2);
    assert_int_equal(close_slots(), 3);
}

void slots_take_nothing_for_one_who_does_not_come(void **state_)
{
    begin(PLAIN);
    for (int i = 1; i <= 10; i++) {
        slot(i, MAGNIFIER_FRAME);
        if (i < 10)
            waits_for_a_slot();
    }
    rests();
    assert_int_equal(t.calls, 11);
    windows_set_time(START + 50 * SLOT);
    begin_read();
    expect_call(1);
    answer(MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 12);
    assert_int_equal(close_slots(), 49);
}

/* ... and two at least, where that is longer */
void slots_take_two_in_advance_at_low_rates(void **state_)
{
    begin((MagnifierSlotsOptions) { .framerate = { 1, 2 } });
    slot(20, MAGNIFIER_FRAME);
    waits_for_a_slot();
    slot(40, MAGNIFIER_FRAME);
    rests();
    assert_int_equal(t.calls, 3);
    begin_read();
    expect_call(1);
    answer(MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 4);
    close_slots();
}

static void expect_call_at(int64_t at, int begins)
{
    windows_let_pass(at);
    expect_call(begins);
    assert_int_equal(windows_time(), at);
}

static void hold(int64_t again_at)
{
    answer_with(MAGNIFIER_HELD, (MagnifierResult) { .holds = 1, .again_at = again_at });
    waits_for_a_slot();
}

/* The slots begin with the picture that leaves, so that the first one is as long as the others. */
void slots_begin_anew_with_a_second_try(void **state_)
{
    const int64_t second = START + SLOT / 5;

    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    begin_read();
    expect_call_at(START, 1);
    hold(second);
    expect_call_at(second, 0);
    hold(0);
    for (int i = 1; i <= 3; i++) {
        expect_call_at(second + i * SLOT, 1);
        answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
        waits_for_a_slot();
        if (i > 1)
            begin_read();
        assert_int_equal(end_read(), i);
        assert_int_equal(reader.picture.time, second + (i - 1) * SLOT);
    }
    assert_int_equal(close_slots(), 0);
}

/* Also with what stands in for a picture that does not come. */
void slots_begin_without_a_picture(void **state_)
{
    open_slots(DOES(MAGNIFIER_SUBSTITUTE_BLACK));
    begin_read();
    for (int64_t at = START; at < START + 10 * SECOND; at += SLOT / 2) {
        expect_call_at(at, 1);
        answer(MAGNIFIER_OUTAGE);
        waits_for_a_slot();
    }
    for (int i = 100; i < 104; i++) {
        slot(i, MAGNIFIER_OUTAGE);
        waits_for_a_slot();
        if (i > 100)
            begin_read();
        assert_int_equal(end_read(), 0);
        assert_int_equal(reader.picture.time, START + i * SLOT);
    }
    assert_int_equal(close_slots(), 0);
}

/* The picture that waited is not confirmed when the reader comes back, and there is time all the same. */
void slots_begin_after_an_interruption(void **state_)
{
    open_slots((MagnifierSlotsOptions) { .excluding = 1, .on_unsafe = MAGNIFIER_SUBSTITUTE_BLACK });
    begin_read();
    expect_call_at(START, 1);
    hold(START + SLOT / 4);
    interrupt(1);
    assert_int_equal(end_read(), AVERROR_EXIT);
    windows_let_pass(START + SLOT / 5);
    rests();
    interrupt(0);
    begin_read();
    expect_call_at(START + SLOT / 4, 0);
    answer(MAGNIFIER_UNSAFE);
    waits_for_a_slot();
    /* a try, as there is no picture */
    expect_call_at(START + SLOT / 4 + SLOT / 2, 1);
    hold(0);
    expect_call_at(START + SLOT / 4 + SLOT / 2 + SLOT, 1);
    answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
    assert_int_equal(end_read(), 1);
    assert_int_equal(reader.picture.time, START + SLOT / 4 + SLOT / 2);
    waits_for_a_slot();
    assert_int_equal(close_slots(), 0);
}

/* Nothing of what is recorded is on the screen, so each slot has its picture at once; then it is again. */
void slots_follow_a_window_that_is_minimised(void **state_)
{
    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    begin_read();
    expect_call_at(START, 1);
    hold(START + SLOT / 5);
    expect_call_at(START + SLOT / 5, 0);
    answer(MAGNIFIER_FRAME);
    waits_for_a_slot();
    assert_int_equal(end_read(), 1);
    for (int i = 1; i <= 3; i++) {
        slot(i, MAGNIFIER_FRAME);
        waits_for_a_slot();
        assert_int_equal(read_now(), i + 1);
        assert_int_equal(reader.picture.time, START + i * SLOT);
    }
    expect_call_at(START + 4 * SLOT, 1);
    hold(START + 4 * SLOT + SLOT / 5);
    expect_call_at(START + 4 * SLOT + SLOT / 5, 0);
    answer(MAGNIFIER_FRAME);
    waits_for_a_slot();
    assert_int_equal(read_now(), 5);
    assert_int_equal(reader.picture.time, START + 4 * SLOT);
    assert_int_equal(close_slots(), 0);
}

/* What waited for its confirmation when nobody read is from before. */
void slots_confirm_nothing_from_before_the_reader_came(void **state_)
{
    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    begin_read();
    windows_let_pass(START);
    expect_call(1);
    answer_with(MAGNIFIER_HELD, (MagnifierResult) { .holds = 1 });
    for (int i = 1; i <= 11; i++) {
        waits_for_a_slot();
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
        if (i == 1)
            assert_int_equal(end_read(), 1);
    }
    rests();
    windows_set_time(START + 50 * SLOT);
    begin_read();
    expect_call(1);
    answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
    waits_for_a_slot();
    windows_let_pass(START + 51 * SLOT);
    expect_call(1);
    answer_with(MAGNIFIER_FRAME, (MagnifierResult) { .holds = 1 });
    assert_int_equal(end_read(), 13);
    assert_int_equal(reader.picture.time, START + 50 * SLOT);
    close_slots();
}

void slots_give_a_slot_that_has_not_passed_again(void **state_)
{
    begin(PLAIN);
    for (int i = 1; i <= 10; i++) {
        slot(i, MAGNIFIER_FRAME);
        if (i < 10)
            waits_for_a_slot();
    }
    rests();
    begin_read();
    expect_call(1);
    assert_int_equal(windows_time(), START + 10 * SLOT);
    answer(MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 12);
    assert_int_equal(close_slots(), 9);
}

/* ---- interruptions and errors ---- */

void slots_end_a_read_that_is_interrupted(void **state_)
{
    begin(PLAIN);
    begin_read();
    windows_let_pass(START + SLOT);
    expect_call(1);
    interrupt(1);
    assert_int_equal(end_read(), AVERROR_EXIT);
    rests();
    assert_int_equal(read_now(), AVERROR_EXIT);
    /* the slot has not passed */
    interrupt(0);
    begin_read();
    slot(1, MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 2);
    waits_for_a_slot();
    assert_int_equal(close_slots(), 0);
}

void slots_hand_nothing_out_from_before_an_interruption(void **state_)
{
    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    interrupt(1);
    assert_int_equal(read_now(), AVERROR_EXIT);
    windows_let_pass(START + 2 * SLOT - 1);
    rests();
    interrupt(0);
    begin_read();
    expect_call(1);
    answer(MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 3);
    assert_int_equal(close_slots(), 0);
}

void slots_say_an_error_once_after_the_picture(void **state_)
{
    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    slot(2, AVERROR_EOF);
    rests();
    assert_int_equal(read_now(), 2);
    assert_int_equal(read_now(), AVERROR_EOF);
    rests();
    assert_int_equal(t.calls, 3);
    begin_read();
    slot(3, MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 3);
    close_slots();
}

void slots_end_with_an_error_before_the_first_picture(void **state_)
{
    open_slots(PLAIN);
    begin_read();
    slot(0, AVERROR_EOF);
    assert_int_equal(end_read(), AVERROR(ENOENT));
    rests();
    close_slots();
}

/* ---- what is delivered where there is no picture ---- */

void slots_drop_what_new_rules_leave_out(void **state_)
{
    begin(PLAIN);
    slot(1, MAGNIFIER_FRAME);
    waits_for_a_slot();
    windows_let_pass(START + 2 * SLOT);
    expect_call(1);
    answer_with(MAGNIFIER_OUTAGE, (MagnifierResult) { .forget = MAGNIFIER_FORGET });
    waits_for_a_slot();
    assert_int_equal(t.in_use, 0);
    assert_int_equal(read_now(), 0);
    assert_int_equal(state(), MAGNIFIER_STATE_OUTAGE);
    assert_int_equal(close_slots(), 1);
}

void slots_say_what_an_outage_is(void **state_)
{
    begin(DOES(MAGNIFIER_SUBSTITUTE_BLACK));
    slot(1, MAGNIFIER_OUTAGE);
    waits_for_a_slot();
    assert_int_equal(read_now(), 0);
    assert_string_equal(reader.picture.metadata.reason, "the API gives no picture");
    windows_let_pass(START + 2 * SLOT);
    expect_call(1);
    answer_with(MAGNIFIER_OUTAGE, (MagnifierResult) { .outage = "it is too large" });
    waits_for_a_slot();
    assert_int_equal(read_now(), 0);
    assert_int_equal(state(), MAGNIFIER_STATE_OUTAGE);
    assert_string_equal(reader.picture.metadata.reason, "it is too large");
    close_slots();
}

static void without_a_picture(int how, int number, int is)
{
    begin(DOES(how));
    for (int i = 1; i <= 20; i++) {
        slot(i, MAGNIFIER_UNSAFE);
        waits_for_a_slot();
        assert_int_equal(read_now(), number);
        assert_int_equal(state(), is);
    }
    assert_int_equal(close_slots(), 0);
}

void slots_repeat_without_a_picture(void **state_)
{
    without_a_picture(MAGNIFIER_SUBSTITUTE_REPEAT, 1, MAGNIFIER_STATE_REPEAT);
}

void slots_are_black_without_a_picture(void **state_)
{
    without_a_picture(MAGNIFIER_SUBSTITUTE_BLACK, 0, MAGNIFIER_STATE_BLACK);
}

void slots_stop_without_a_picture(void **state_)
{
    begin(DOES(MAGNIFIER_SUBSTITUTE_STOP));
    for (int i = 1; i <= 10; i++) {
        slot(i, MAGNIFIER_UNSAFE);
        waits_for_a_slot();
        assert_int_equal(read_now(), 1);
    }
    slot(11, MAGNIFIER_UNSAFE);
    rests();
    assert_int_equal(read_now(), AVERROR_EXTERNAL);
    close_slots();
}

void slots_repeat_for_a_second_what_has_begun_to_match(void **state_)
{
    begin(PLAIN);
    for (int i = 1; i <= 12; i++) {
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_UNSAFE, (MagnifierResult) { .forget = i == 1 ? MAGNIFIER_FORGET_SOON : 0 });
        waits_for_a_slot();
        assert_int_equal(read_now(), i <= 10);
    }
    close_slots();
}

/* Once they are seen for one call, that is all as before. */
void slots_repeat_for_a_second_while_the_windows_are_not_seen(void **state_)
{
    begin(PLAIN);
    for (int i = 1; i <= 24; i++) {
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_UNSAFE, (MagnifierResult) { .forget = i == 8 ? 0 : MAGNIFIER_FORGET_UNSEEN });
        waits_for_a_slot();
        assert_int_equal(read_now(), i <= 18);
    }
    close_slots();
}

/* The capture follows other rules, but the call that has found them goes on. */
void slots_follow_rules_that_a_call_has_found(void **state_)
{
    const MagnifierResult picture = {
        .holds = 1, .metadata = { .state = MAGNIFIER_STATE_PROVEN, .rules = 1 },
    };

    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    t.generation = 1;
    begin_read();
    windows_let_pass(START);
    expect_call(1);
    answer_with(MAGNIFIER_HELD, (MagnifierResult) { .holds = 1 });
    for (int i = 1; i <= 2; i++) {
        waits_for_a_slot();
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_FRAME, picture);
        if (i == 1)
            assert_int_equal(end_read(), 1);
    }
    waits_for_a_slot();
    windows_let_pass(START + 3 * SLOT);
    expect_call(1);
    __atomic_store_n(&t.generation, 2, __ATOMIC_SEQ_CST);
    begin_read();
    answer(MAGNIFIER_UNSAFE);
    assert_int_equal(end_read(), 0);
    assert_int_equal(state(), MAGNIFIER_STATE_BLACK);
    waits_for_a_slot();
    close_slots();
}

void slots_confirm_a_picture_later(void **state_)
{
    open_slots((MagnifierSlotsOptions) { .excluding = 1 });
    begin_read();
    for (int i = 0; i < 3; i++) {
        windows_let_pass(START + i * SLOT);
        expect_call(1);
        answer_with(MAGNIFIER_HELD, (MagnifierResult) { .holds = 1, .again_at = START + i * SLOT + 30000 });
        waits_for_a_slot();
        windows_let_pass(START + i * SLOT + 30000);
        expect_call(0);
        answer(MAGNIFIER_FRAME);
        waits_for_a_slot();
        assert_int_equal(end_read(), i + 1);
        begin_read();
    }
    /* nothing confirmed it, which is seen when the next slot begins */
    slot(3, MAGNIFIER_UNSAFE);
    waits_for_a_slot();
    slot(4, MAGNIFIER_UNSAFE);
    assert_int_equal(end_read(), 3);
    assert_int_equal(state(), MAGNIFIER_STATE_REPEAT);
    assert_int_equal(reader.picture.time, START + 3 * SLOT);
    waits_for_a_slot();
    assert_int_equal(close_slots(), 0);
}

void slots_wait_for_the_first_picture(void **state_)
{
    open_slots(PLAIN);
    begin_read();
    for (int64_t at = START; at < START + 10 * SECOND; at += SLOT / 2) {
        windows_let_pass(at);
        expect_call(1);
        answer(MAGNIFIER_UNSAFE);
        waits_for_a_slot();
    }
    slot(100, MAGNIFIER_UNSAFE);
    assert_int_equal(end_read(), AVERROR_EXTERNAL);
    close_slots();
}

/* ---- the rest ---- */

void slots_do_not_wait_for_a_slot_that_is_far_off(void **state_)
{
    begin(PLAIN);
    t.avctx.flags = AVFMT_FLAG_NONBLOCK;
    begin_read(); /* not far */
    slot(1, MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 2);
    waits_for_a_slot();
    close_slots();

    begin((MagnifierSlotsOptions) { .framerate = { 1, 1 } });
    t.avctx.flags = AVFMT_FLAG_NONBLOCK;
    begin_read();
    windows_let_pass(START + 60000);
    assert_int_equal(end_read(), AVERROR(EAGAIN));
    windows_let_pass(START + 10 * SLOT);
    expect_call(1);
    answer(MAGNIFIER_FRAME);
    waits_for_a_slot();
    assert_int_equal(read_now(), 2);
    close_slots();
}

void slots_do_not_open_without_a_thread_or_a_timer(void **state_)
{
    const MagnifierSlotsOptions options = { .framerate = { 10, 1 }, .size = SIZE };
    AVBufferRef *ref = av_buffer_alloc(1);
    AVFormatContext avctx = { 0 };
    MagnifierSlots *slots = NULL;
    int level = av_log_get_level();

    av_log_set_level(AV_LOG_QUIET);
    windows_fail(WINDOWS_NO_THREAD);
    assert_int_equal(ff_magnifier_slots_open(&slots, ref, &options, &avctx), AVERROR(ENOMEM));
    assert_null(slots);
    windows_fail(WINDOWS_NO_TIMER);
    assert_int_equal(ff_magnifier_slots_open(&slots, ref, &options, &avctx), AVERROR_EXTERNAL);
    assert_null(slots);
    windows_fail(WINDOWS_NONE);
    av_max_alloc(64);
    assert_int_equal(ff_magnifier_slots_open(&slots, ref, &options, &avctx), AVERROR(ENOMEM));
    av_max_alloc(INT32_MAX);
    assert_null(slots);
    av_log_set_level(level);
    assert_int_equal(av_buffer_get_ref_count(ref), 1);
    assert_int_equal(windows_handles(), 0);
    av_buffer_unref(&ref);
    assert_int_equal(ff_magnifier_slots_close(&slots), 0);
    windows_fail(WINDOWS_NO_FINE_TIMER);
    begin(PLAIN);
    windows_fail(WINDOWS_NONE);
    close_slots();
}

void slots_say_that_a_timer_fails(void **state_)
{
    begin(PLAIN);
    windows_fail(WINDOWS_NO_SET_TIMER);
    windows_let_pass(START + SLOT / 2);
    rests();
    windows_fail(WINDOWS_NONE);
    assert_int_equal(read_now(), AVERROR_EXTERNAL);
    begin_read();
    slot(1, MAGNIFIER_FRAME);
    assert_int_equal(end_read(), 2);
    close_slots();
}

static int slow_lines;

static void count_slow_lines(void *avcl, int level, const char *fmt, va_list vl)
{
    char line[512];

    vsnprintf(line, sizeof(line), fmt, vl);
    slow_lines += level == AV_LOG_WARNING && (strstr(line, "longer than a slot at 10/1 frames a second") ||
                                              strstr(line, "Fewer than 10/1 pictures a second are read"));
}

/** The next slot begins, and its picture takes that long. @return warnings so far */
static int take_for(int64_t time)
{
    begin_read();
    windows_let_pass(windows_time() + 2 * SLOT);
    expect_call(1);
    windows_set_time(windows_time() + time);
    answer(MAGNIFIER_FRAME);
    assert_true(end_read() > 0);
    return slow_lines;
}

void slots_say_once_that_pictures_take_too_long(void **state_)
{
    slow_lines = 0;
    av_log_set_callback(count_slow_lines);
    slots_log = ff_magnifier_log_alloc();
    begin(PLAIN);
    /* one in time begins the count anew; what takes a slot and no more is in time */
    for (int i = 0; i < 9; i++)
        assert_int_equal(take_for(SLOT + 1), 0);
    assert_int_equal(take_for(SLOT), 0);
    for (int i = 0; i < 9; i++)
        assert_int_equal(take_for(SLOT + 1), 0);
    for (int i = 0; i < 30; i++)
        assert_int_equal(take_for(i == 10 ? SLOT : SLOT + 1), 1);
    assert_int_equal(take_for(0), 1);
    waits_for_a_slot();
    close_slots();
    ff_magnifier_log_free(&slots_log);
    av_log_set_callback(av_log_default_callback);
}

/** So many pictures come before the next one is read; *nb is the number of the last. @return warnings so far */
static int read_after(int pictures, int *nb)
{
    while (pictures--) {
        slot(++*nb, MAGNIFIER_FRAME);
        waits_for_a_slot();
    }
    assert_int_equal(read_now(), *nb + 1);
    return slow_lines;
}

void slots_say_once_that_pictures_are_read_too_slowly(void **state_)
{
    int nb = 0;

    slow_lines = 0;
    av_log_set_callback(count_slow_lines);
    slots_log = ff_magnifier_log_alloc();
    begin(PLAIN);
    /* two in time are worth one that is late */
    for (int i = 0; i < 30; i++)
        assert_int_equal(read_after(i % 3 ? 1 : 2, &nb), 0);
    for (int i = 0; i < 18; i++)
        assert_int_equal(read_after(i % 2 ? 1 : 3, &nb), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(read_after(2, &nb), 0);
    for (int i = 0; i < 30; i++)
        assert_int_equal(read_after(i == 10 ? 1 : 2, &nb), 1);
    close_slots();
    ff_magnifier_log_free(&slots_log);
    av_log_set_callback(av_log_default_callback);
}

void slots_close_without_a_read(void **state_)
{
    open_slots(PLAIN);
    assert_int_equal(close_slots(), 0);
}

void slots_close_without_waiting_for_a_slot(void **state_)
{
    begin(PLAIN);
    ends(CreateThread(NULL, 0, close_one, NULL, 0, NULL));
    assert_int_equal(windows_time(), START);
    close_slots();
}

void slots_close_after_a_call_that_hangs(void **state_)
{
    HANDLE closing;

    begin(PLAIN);
    windows_let_pass(START + SLOT);
    expect_call(1);
    closing = CreateThread(NULL, 0, close_one, NULL, 0, NULL);
    assert_int_equal(WaitForSingleObject(closing, 100), WAIT_TIMEOUT);
    answer(MAGNIFIER_FRAME);
    ends(closing);
    close_slots();
}

/* The capture and the reader share nothing but the slots, and time passes as fast as it can. */
void slots_hand_over_from_thread_to_thread(void **state_)
{
    MagnifierPicture picture = { 0 };
    int last = 0;

    open_slots(PLAIN);
    t.by_itself = 1;
    windows_let_pass(INT64_MAX);
    for (int i = 0; i < 3000; i++) {
        interrupt(i % 500 == 499);
        let_go(&picture);
        if (ff_magnifier_slots_read(t.slots, &picture, &t.avctx) < 0)
            continue;
        assert_true(*(int *)picture.buf->data > last);
        last = *(int *)picture.buf->data;
    }
    let_go(&picture);
    close_slots();
    assert_in_range(t.most, 1, 3);
}
