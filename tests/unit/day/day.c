/*
 * magnifier: a day of recording, by a clock that is the test's
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
 * What becomes of a recording in 24 hours?
 *
 * 2.6 million slots through slots.c, pace.c, the guard, the rules, the ledger and the log as
 * they ship. Time is a number that goes on where somebody waits, and the thread of slots.c runs
 * where the reader waits for it, so all of it is one thread and the same each time. The
 * desktop is well-behaved (tests/oracle has those that are not), but never at rest: windows
 * come, go, move and get other titles, the rules change every seven minutes, the mode each
 * minute, there is an outage every five, more windows than the list takes for two minutes of
 * each hour, and a canary that is covered for one. The reader is late at times, or away.
 *
 * Counters of 32 bit begin where they have some hours to their limit.
 */

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* with what it keeps to itself */
#ifndef DAY_SLOTS
#define DAY_SLOTS "libavdevice/magnifier/slots.c"
#endif
#include DAY_SLOTS

#include "libavdevice/magnifier/guard_internal.h"
#include "libavdevice/magnifier/reclaim.h"
#include "libavdevice/magnifier/rules.h"

#ifndef HOURS
#define HOURS 24
#endif

#define SECOND     INT64_C(1000000)
#define MINUTE     (60 * SECOND)
#define HOUR       (60 * MINUTE)
#define START      (1000 * SECOND)
#define RATE       ((AVRational) { 30000, 1001 })

#define MAX_WINDOWS 40
#define MAX_EVENTS  256
#define MAX_BLOCKS  64
#define BLOCK_SIZE  4096
#define SESSION     20          ///< mode changes until the API's session is made anew

#define SAMPLES    (6 * HOURS)  ///< of the memory in use, one each ten minutes
#define WARM       3           ///< of these are from before all has been as large as it gets
/** From here on a counter has its limit before it in the course of the day. */
#define NEAR       (UINT_MAX - 2000u)

typedef struct Window {
    uint64_t handle, serial;    ///< 0: there is none
    int visible, matches, known /* to the guard */, animates;
    int title, exe;
    MagnifierRect rect;
} Window;

typedef struct Event {
    uint64_t serial, handle;
    int known;
} Event;

/** The truth about a picture: the windows in it that are to be left out. */
typedef struct Picture {
    unsigned rules;
    int nb;
    MagnifierRect rects[MAX_WINDOWS + 1];
} Picture;

static int64_t now;

/** What the desktop and the API do. */
static struct {
    uint64_t random, serials;
    Window windows[MAX_WINDOWS];
    Event events[MAX_EVENTS];
    int nb_events, moves;
    int64_t minute;             ///< of the day; what happens once a minute has happened
    uint64_t list[MAGNIFIER_GUARD_LIST_CAP];
    int nb_list;
    uint64_t canary;
    int covered, crowded;
    int64_t outage_until;
    AVBufferPool *pool;
    void *blocks[MAX_BLOCKS];   ///< frames that the API has allocated
    int nb_blocks, changes;
} desktop;

/** The runtime's thread, as exclude.c and capture.c have it. */
static struct {
    MagnifierGuard *guard;
    MagnifierLog *log;
    MagnifierRules *rules;
    size_t rules_bytes;
    unsigned generation;
    int next_rules;             ///< -1: they stay
    MagnifierLedger *ledger;
    int64_t took;
} capture;

/** Who reads. */
static struct {
    MagnifierSlots *slots;
    AVFrame *frame;
    int in_thread;              ///< what waits now is the thread
    int64_t back_at;            ///< then the reader comes
    AVFormatContext avctx;
} reader;

/** What came of it. */
static struct {
    int64_t read, repeats, new, proven, bad_pixels, outdated, unordered, drifted, unnumbered;
    int64_t slots, skipped, begun, ended, sessions, blocks_left, lines, overflows, rules, away;
    int max_in_use, in_use;
    unsigned lists, looks;
    size_t bytes[SAMPLES + 1];
    int nb_bytes;
    size_t arrays;
} day;

/* ---- memory ---- */

/** AddressSanitizer's: bytes that were asked for and not given back, by whomever. */
size_t __sanitizer_get_current_allocated_bytes(void);

/** The guard's arrays, which are as large as they ever had to be. */
static size_t bytes_of_arrays(void)
{
    const MagnifierGuard *g = capture.guard;
    const MagnifierGuardPlaces *places[] = { &g->places, &g->next_places, &g->held.places };
    size_t bytes = g->windows.list.allocated + g->windows.events.allocated + g->windows.matches_size +
                   g->windows.covers_size + g->windows.rects_size;

    for (int i = 0; i < 3; i++)
        bytes += places[i]->places_size + places[i]->covers_size;
    return bytes;
}

/** Less those, and what the rules of the moment and the frames of the API take. */
static size_t bytes_in_use(void)
{
    return __sanitizer_get_current_allocated_bytes() - (capture.guard ? bytes_of_arrays() : 0) -
           capture.rules_bytes - desktop.nb_blocks * BLOCK_SIZE;
}

/* ---- Windows, for one thread ---- */

void InitializeSRWLock(SRWLOCK *lock) {}
void AcquireSRWLockExclusive(SRWLOCK *lock) {}
void ReleaseSRWLockExclusive(SRWLOCK *lock) {}
void WakeAllConditionVariable(CONDITION_VARIABLE *cond) {}
DWORD GetLastError(void) { return 0; }
HANDLE GetStdHandle(DWORD which) { return NULL; }
BOOL CloseHandle(HANDLE handle) { return TRUE; }

BOOL WriteFile(HANDLE handle, const void *data, DWORD size, DWORD *got, void *overlapped)
{
    return FALSE;
}

BOOL QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    frequency->QuadPart = SECOND;
    return TRUE;
}

BOOL QueryPerformanceCounter(LARGE_INTEGER *count)
{
    count->QuadPart = now;
    return TRUE;
}

static int64_t timer_due;

HANDLE CreateWaitableTimerExW(void *security, const WCHAR *name, DWORD flags, DWORD access)
{
    return (HANDLE)&timer_due;
}

BOOL SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period, void *fn, void *arg, BOOL resume)
{
    timer_due = now - due->QuadPart / 10;
    return TRUE;
}

DWORD WaitForSingleObject(HANDLE handle, DWORD ms)
{
    now = FFMAX(now, timer_due);
    return WAIT_OBJECT_0;
}

/** The thread of slots.c: what it does until it has something for the reader. */
static void run_thread(void)
{
    reader.in_thread = 1;
    if (sl_wait_for_reader(reader.slots))
        sl_put(reader.slots, sl_next_frame(reader.slots, reader.frame), reader.frame);
    reader.in_thread = 0;
}

BOOL SleepConditionVariableSRW(CONDITION_VARIABLE *cond, SRWLOCK *lock, DWORD ms, DWORD flags)
{
    if (!reader.in_thread) {
        run_thread();
        return TRUE;
    }
    /* the thread rests until the reader comes */
    now = FFMAX(now, reader.back_at);
    reader.slots->reading = 1;
    reader.slots->rests   = 0;
    return TRUE;
}

MagnifierWorker *ff_magnifier_worker_open(const MagnifierWorkerOps *ops, void *opaque)
{
    return opaque;
}

int ff_magnifier_worker_begin(MagnifierWorker *worker)
{
    return 0;
}

int ff_magnifier_worker_wait(MagnifierWorker *worker, unsigned timeout)
{
    return 1;
}

int ff_magnifier_worker_close(MagnifierWorker **worker, unsigned timeout)
{
    free_slots(*worker);
    *worker = NULL;
    return 1;
}

/* ---- windows ---- */

static const char *const titles[] = { "inbox", "bank - statement", "notes", "team chat", "", "quarterly figures" };
static const char *const exes[]   = { "secret.exe", "notepad.exe", "chat.exe", "browser.exe" };

static const char *const rules_texts[] = {
    "exe=secret.exe\n",
    "# who chats\r\ntitle=*chat*\r\nexe=secret.exe\r\n",
    "exe!=notepad.exe\n",
    "title=bank*&exe=browser.exe|title=?ote*\n",
    "\n",
    "exe=secret.exe|exe=chat.exe|title=\\u{71}uarter*\n",
};

static unsigned R(unsigned n)
{
    desktop.random ^= desktop.random << 13;
    desktop.random ^= desktop.random >> 7;
    desktop.random ^= desktop.random << 17;
    return (unsigned)((desktop.random * 0x2545F4914F6CDD1Du) >> 33) % n;
}

static void tick(void)
{
    now += 10 + R(60);
}

static MagnifierRect random_rect(void)
{
    MagnifierRect r = { .left = R(1800), .top = R(900) };

    r.right  = r.left + 1 + R(400);
    r.bottom = r.top + 1 + R(300);
    return r;
}

static MagnifierRuleText text(const char *s, uint16_t *units)
{
    MagnifierRuleText t = { units, strlen(s) };

    for (int i = 0; i < t.nb; i++)
        units[i] = (unsigned char)s[i];
    return t;
}

/** A match lasts for the window's life, or until there are other rules. */
static void match(Window *w)
{
    static const char class_name[] = "frame";
    uint16_t units[3][32];
    MagnifierRuleFacts facts = {
        .title = text(titles[w->title], units[0]), .class_name = text(class_name, units[1]),
        .exe = text(exes[w->exe], units[2]), .pid = 100 + w->exe, .hwnd = w->handle, .self = MAGNIFIER_NO };

    w->matches |= ff_magnifier_rules_match(capture.rules, &facts, NULL) != MAGNIFIER_NO;
}

static void emit(const Window *w)
{
    if (!w->matches)
        return;
    assert_true(desktop.nb_events < MAX_EVENTS);
    desktop.events[desktop.nb_events++] = (Event) { w->serial, w->handle, w->known };
}

static void create_window(Window *w, int exe, int visible)
{
    *w = (Window) { .serial = ++desktop.serials, .visible = visible, .title = R(FF_ARRAY_ELEMS(titles)),
                    .exe = exe, .animates = !R(4), .rect = random_rect() };
    w->handle = 0x10000 + w->serial % 0x8000 * 2; /* they come again */
    match(w);
    emit(w);
}

static void something_happens(void)
{
    Window *w = &desktop.windows[R(MAX_WINDOWS)];
    int what = R(8), crowd = desktop.crowded;

    if (!w->serial) {
        if (crowd || R(2))
            create_window(w, crowd ? 0 : R(FF_ARRAY_ELEMS(exes)), R(4));
    } else if (what < 2 && !crowd) {
        emit(w); /* gone, when it is drained */
        w->serial = 0;
    } else if (what < 4) {
        w->visible = crowd || !w->visible;
        if (w->visible)
            emit(w);
    } else if (what < 6) {
        w->rect = random_rect();
        if (desktop.moves)
            emit(w);
    } else {
        w->title = R(FF_ARRAY_ELEMS(titles));
        match(w);
        emit(w);
    }
}

/* ---- the API's memory ---- */

static enum MagnifierBlockVerdict heap_untried(void *opaque) { return MAGNIFIER_FREED; }
static int heap_lock(void *opaque) { return 0; }
static void heap_unlock(void *opaque) {}

static int find_block(const void *addr)
{
    for (int i = 0; i < desktop.nb_blocks; i++)
        if (desktop.blocks[i] == addr)
            return i;
    return -1;
}

static int heap_locate(void *opaque, MagnifierHeapPlace *places, int nb)
{
    for (int i = 0; i < nb; i++) {
        const int busy = find_block(places[i].addr) >= 0;

        places[i].kind = busy ? MAGNIFIER_HEAP_BUSY : MAGNIFIER_HEAP_FREE;
        places[i].size = busy ? BLOCK_SIZE : 0;
    }
    return 0;
}

static size_t heap_busy_size(void *opaque, const void *addr)
{
    return find_block(addr) >= 0 ? BLOCK_SIZE : 0;
}

static int heap_release(void *opaque, void *addr)
{
    int i = find_block(addr);

    free(addr);
    desktop.blocks[i] = desktop.blocks[--desktop.nb_blocks];
    return 0;
}

static const MagnifierHeapOps heap_ops = {
    .untried = heap_untried, .lock = heap_lock, .unlock = heap_unlock,
    .locate = heap_locate, .busy_size = heap_busy_size, .release = heap_release };

/** New controls, for which the API leaves the frame of the last ones where it is. */
static void new_controls(void)
{
    MagnifierReclaimReport report = { 0 };

    ff_magnifier_ledger_retire(capture.ledger, 1);
    if (ff_magnifier_ledger_full(capture.ledger) || ++desktop.changes % SESSION == 0) {
        ff_magnifier_ledger_settle(capture.ledger, &report);
        day.blocks_left += ff_magnifier_reclaim_left(&report) + desktop.nb_blocks;
        day.sessions++;
    }
    assert_true(desktop.nb_blocks < MAX_BLOCKS);
    desktop.blocks[desktop.nb_blocks++] = calloc(1, BLOCK_SIZE);
    desktop.nb_list = 0;
}

/* ---- the guard's operations ---- */

static int64_t op_clock(void *opaque)
{
    return now;
}

static int op_drain(void *opaque, MagnifierGuardList *events)
{
    tick();
    for (int i = 0; i < desktop.nb_events; i++) {
        const Event *e = &desktop.events[i];
        const Window *w = desktop.windows, *end = w + MAX_WINDOWS;

        while (w < end && w->serial != e->serial)
            w++;
        if (w < end)
            ff_magnifier_guard_add(events, e->handle, e->serial, 0, NULL);
        else
            ff_magnifier_guard_add(events, e->handle, e->known ? e->serial : 0,
                                   MAGNIFIER_GUARD_GONE | MAGNIFIER_GUARD_ANIMATES, NULL);
    }
    desktop.nb_events = 0;
    return 0;
}

static int op_look(void *opaque, MagnifierGuardList *list)
{
    tick();
    for (int i = 0; i < MAX_WINDOWS; i++) {
        Window *w = &desktop.windows[i];

        if (!w->serial || !w->matches)
            continue;
        w->known = 1;
        ff_magnifier_guard_add(list, w->handle, w->serial, (w->visible ? MAGNIFIER_GUARD_VISIBLE : 0) |
                               (w->animates ? MAGNIFIER_GUARD_ANIMATES : 0), &w->rect);
    }
    return 0;
}

static int op_set_list(void *opaque, const uint64_t *handles, int nb)
{
    tick();
    if (nb > MAGNIFIER_GUARD_LIST_CAP)
        return AVERROR_EXTERNAL;
    memcpy(desktop.list, handles, nb * sizeof(*handles));
    desktop.nb_list = nb;
    return 0;
}

static int op_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    if (part)
        return AVERROR_EOF;
    memcpy(handles, desktop.list, FFMIN(desktop.nb_list, max) * sizeof(*handles));
    return desktop.nb_list;
}

static int op_begin_canary(void *opaque, uint64_t *handles, int *nb_handles)
{
    tick();
    handles[0]  = desktop.canary = UINT64_C(0xCA000000) + ++desktop.serials;
    *nb_handles = 1;
    return 0;
}

static void op_end_canary(void *opaque)
{
    desktop.canary = 0;
}

static int op_may_be_seen(void *opaque)
{
    return !desktop.covered;
}

static void op_begin_read(void *opaque)
{
    tick();
}

static int op_end_read(void *opaque, int wait)
{
    return desktop.canary && !desktop.covered;
}

static int is_listed(uint64_t handle)
{
    for (int i = 0; i < desktop.nb_list; i++)
        if (desktop.list[i] == handle)
            return 1;
    return 0;
}

static void free_picture(void *opaque, uint8_t *data)
{
    day.in_use--;
    av_free(data);
}

static AVBufferRef *new_picture(void *opaque, size_t size)
{
    day.in_use++;
    day.max_in_use = FFMAX(day.max_in_use, day.in_use);
    return av_buffer_create(av_malloc(size), size, free_picture, NULL, 0);
}

/** A window is opened and closed again while the picture is composed, and only events tell. */
static void compose(Picture *p)
{
    Window flash;
    int flashes = !R(3000);

    if (flashes)
        create_window(&flash, 0, 1);
    p->rules = capture.generation;
    p->nb    = 0;
    for (int i = 0; i < MAX_WINDOWS; i++) {
        const Window *w = &desktop.windows[i];

        if (w->serial && w->visible && w->matches && !is_listed(w->handle))
            p->rects[p->nb++] = w->rect;
    }
    if (flashes && flash.matches)
        p->rects[p->nb++] = flash.rect;
}

static int op_capture(void *opaque, int control, void **frame, int *exposed)
{
    AVFrame *f;
    void *block = desktop.blocks[desktop.nb_blocks - 1];

    tick();
    if (now < desktop.outage_until)
        return AVERROR(EAGAIN);
    f = av_frame_alloc();
    f->buf[0] = av_buffer_pool_get(desktop.pool);
    f->pts    = now;
    if (!control)
        capture.took = now;
    ff_magnifier_ledger_enter(capture.ledger, block, BLOCK_SIZE, 1);
    compose((Picture *)f->buf[0]->data);
    ff_magnifier_ledger_leave(capture.ledger);
    *exposed = desktop.canary && !desktop.covered && !is_listed(desktop.canary);
    *frame   = f;
    tick();
    if (!R(20))
        something_happens();
    return 0;
}

static void op_discard(void *opaque, void *frame)
{
    AVFrame *f = frame;

    av_frame_free(&f);
}

static void op_want_moves(void *opaque, int wanted)
{
    desktop.moves = wanted;
}

static int op_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb)
{
    Picture *p = (Picture *)((AVFrame *)frame)->buf[0]->data;
    MagnifierRect both;
    int n = 0;

    for (int i = 0; i < p->nb; i++) {
        int painted = 0;

        for (int j = 0; j < nb && !painted; j++)
            painted = ff_magnifier_rect_intersect(&both, &p->rects[i], &rects[j]) &&
                      ff_magnifier_rect_same(&both, &p->rects[i]);
        if (!painted)
            p->rects[n++] = p->rects[i];
    }
    p->nb = n;
    return 0;
}

static const MagnifierGuardOps guard_ops = {
    .clock = op_clock, .drain = op_drain, .look = op_look, .set_list = op_set_list,
    .get_list = op_get_list, .begin_canary = op_begin_canary, .end_canary = op_end_canary,
    .may_be_seen = op_may_be_seen, .begin_read = op_begin_read, .end_read = op_end_read,
    .capture = op_capture, .discard = op_discard, .want_moves = op_want_moves, .paint = op_paint };

/* ---- the runtime's thread ---- */

static void set_rules(const char *rules)
{
    char err[MAGNIFIER_RULES_ERROR];
    size_t without;

    capture.rules_bytes = 0;
    ff_magnifier_rules_free(&capture.rules);
    without = bytes_in_use();
    assert_int_equal(ff_magnifier_rules_add_file(&capture.rules, rules, strlen(rules), err, sizeof(err)), 0);
    capture.rules_bytes = bytes_in_use() - without;
    for (int i = 0; i < MAX_WINDOWS; i++) {
        Window *w = &desktop.windows[i];

        w->matches = 0;
        if (w->serial)
            match(w);
    }
}

/** The controls go and come again. */
static void change_mode(void)
{
    MagnifierGuardReport report;
    void *frame;

    if (ff_magnifier_guard_flush(capture.guard, &frame, &report) == MAGNIFIER_FRAME)
        op_discard(NULL, frame);
    ff_magnifier_guard_invalidate(capture.guard);
    new_controls();
}

/** What happens once a minute. */
static void a_minute_passes(void)
{
    const int64_t minute = desktop.minute;
    const int was = desktop.crowded;

    change_mode();
    if (minute % 5 == 2)
        desktop.outage_until = now + 3 * SECOND;
    if (minute % 7 == 3)
        capture.next_rules = minute / 7 % FF_ARRAY_ELEMS(rules_texts);
    desktop.crowded = minute % 60 == 5 || minute % 60 == 6;
    for (int i = 0; i < MAX_WINDOWS && desktop.crowded && !was; i++)
        create_window(&desktop.windows[i], 0, 1);
    desktop.covered = minute % 60 == 20;
    capture.guard->config.proof = minute / 60 % 2 ? MAGNIFIER_GUARD_PROOF_STRICT : MAGNIFIER_GUARD_PROOF_AUTO;
    if (minute % 10 == 0 && day.nb_bytes < SAMPLES + 1)
        day.bytes[day.nb_bytes++] = bytes_in_use();
    day.arrays = bytes_of_arrays();
}

static void follow_rules(MagnifierResult *r)
{
    if (capture.next_rules < 0)
        return;
    set_rules(rules_texts[capture.next_rules]);
    ff_magnifier_guard_invalidate(capture.guard);
    capture.generation++;
    capture.next_rules = -1;
    r->forget          = MAGNIFIER_FORGET;
    day.rules++;
}

static void tell(const MagnifierGuardReport *report)
{
    if (report->notices & MAGNIFIER_GUARD_LIST_CHANGED)
        ff_magnifier_log(capture.log, AV_LOG_INFO, "Exclusion list %u is in force: %d windows\n",
                         report->version, report->listed);
    if (report->notices & MAGNIFIER_GUARD_OVERFLOW_END)
        ff_magnifier_log(capture.log, AV_LOG_INFO, "All excluded windows fit on the list again\n");
    day.overflows += !!(report->notices & MAGNIFIER_GUARD_OVERFLOW_END);
    /* 0 says that there is none */
    day.unnumbered += report->listed && capture.guard->filter.valid && !report->version;
}

MagnifierLog *ff_magnifier_capture_log(AVBufferRef *ref)
{
    return capture.log;
}

unsigned ff_magnifier_capture_generation(AVBufferRef *ref)
{
    return capture.generation;
}

int ff_magnifier_capture_read(AVBufferRef *ref, int begins, MagnifierResult *r, const AVIOInterruptCB *cb)
{
    MagnifierGuardReport report;
    void *frame;
    int ret;

    *r = (MagnifierResult) { .forget = MAGNIFIER_KEEP, .again_at = INT64_MAX };
    if (!R(4))
        something_happens();
    if ((now - START) / MINUTE != desktop.minute) {
        desktop.minute = (now - START) / MINUTE;
        a_minute_passes();
    }
    follow_rules(r);
    capture.took = 0;
    /* so many pictures in a row without the canary take a quarter of a year */
    if (desktop.covered && capture.guard->prover.run < 0 && capture.guard->prover.run > -INT_MAX / 2)
        capture.guard->prover.run = -INT_MAX + 50;
    ret = ff_magnifier_guard_next(capture.guard, begins, &frame, &report);
    tell(&report);
    r->frame    = frame;
    r->took     = capture.took;
    r->holds    = report.holds;
    r->reason   = report.reason ? ff_magnifier_guard_reason_text(report.reason) : NULL;
    r->metadata = (MagnifierMetadata) {
        .state  = report.proven ? MAGNIFIER_STATE_PROVEN : MAGNIFIER_STATE_CLEAN, .list = report.frame_list,
        .listed = report.frame_listed, .painted = report.frame_painted, .rules = capture.generation };
    if (ret != MAGNIFIER_OUTAGE)
        r->again_at = report.again_at;
    return ret;
}

/* ---- the reader ---- */

static void on_log(void *avcl, int level, const char *fmt, va_list vl)
{
    day.lines++;
}

/** Slot n begins at start + n / rate, rounded up: not a microsecond is lost. */
static int64_t time_of_slot(const MagnifierPace *pace, int64_t slot)
{
    const __int128 us = (__int128)slot * RATE.den * SECOND;

    return pace->start + (int64_t)((us + RATE.num - 1) / RATE.num);
}

static void look_at(const MagnifierPicture *picture, int64_t *last)
{
    const Picture *p = (const Picture *)picture->buf->data;
    const int shows = picture->metadata.state != MAGNIFIER_STATE_BLACK && picture->metadata.rules;

    day.read++;
    day.repeats    += !is_new(&picture->metadata);
    day.new        += is_new(&picture->metadata);
    day.proven     += picture->metadata.state == MAGNIFIER_STATE_PROVEN;
    day.bad_pixels += shows && p->nb;
    day.outdated   += shows && p->rules != capture.generation;
    day.unordered  += picture->time <= *last;
    day.drifted    += reader.slots->slot_time != time_of_slot(&reader.slots->pace, reader.slots->pace.slot);
    *last = picture->time;
}

/** The reader is busy for so long; its thread goes on. */
static void busy(int64_t us)
{
    reader.back_at = now + us;
    while (now < reader.back_at)
        run_thread();
}

static int record_a_day(void **state)
{
    const MagnifierSlotsOptions options = { .framerate = RATE, .size = sizeof(Picture), .excluding = 1,
                                            .on_unsafe = MAGNIFIER_SUBSTITUTE_REPEAT,
                                            .on_outage = MAGNIFIER_SUBSTITUTE_REPEAT };
    AVBufferRef *ref = av_buffer_alloc(1);
    MagnifierGuardConfig config;
    MagnifierPicture picture;
    int64_t last = 0;

    now = START;
    desktop.random     = 0x9E3779B97F4A7C15u;
    desktop.minute     = 0;
    desktop.pool       = av_buffer_pool_init2(sizeof(Picture), NULL, new_picture, NULL);
    capture.log        = ff_magnifier_log_alloc();
    capture.ledger     = ff_magnifier_ledger_alloc(&heap_ops, 42);
    capture.generation = INT_MAX - 20; /* Windows counts with a sign */
    capture.next_rules = -1;
    reader.frame       = av_frame_alloc();
    av_log_set_callback(on_log);
    set_rules(rules_texts[0]);
    new_controls();

    ff_magnifier_guard_defaults(&config);
    config.list_cap = MAGNIFIER_GUARD_LIST_CAP - 1;
    capture.guard   = ff_magnifier_guard_alloc(&guard_ops, NULL, &config);
    capture.guard->filter.number = NEAR;
    capture.guard->windows.looks = NEAR;

    assert_int_equal(ff_magnifier_slots_open(&reader.slots, ref, &options, &reader.avctx), 0);
    while (now < START + HOURS * HOUR) {
        assert_int_equal(ff_magnifier_slots_read(reader.slots, &picture, &reader.avctx), 0);
        look_at(&picture, &last);
        av_buffer_unref(&picture.buf);
        if (!R(500))
            busy(R(4) * 33367);
        if (!R(20000)) {
            busy(5 * SECOND);
            day.away++;
        }
    }
    day.ended = now;
    day.begun = reader.slots->pace.start;
    day.slots = reader.slots->pace.slot;
    day.lists = capture.guard->filter.number;
    day.looks = capture.guard->windows.looks;
    day.skipped = ff_magnifier_slots_close(&reader.slots);

    ff_magnifier_guard_free(&capture.guard);
    ff_magnifier_rules_free(&capture.rules);
    ff_magnifier_log_free(&capture.log);
    ff_magnifier_ledger_settle(capture.ledger, NULL);
    ff_magnifier_ledger_free(&capture.ledger);
    av_buffer_pool_uninit(&desktop.pool);
    av_buffer_unref(&ref);
    av_frame_free(&reader.frame);
    return 0;
}

/* ---- what is asked of it ---- */

static size_t highest(int from, int to)
{
    size_t most = 0;

    for (int i = from; i < to; i++)
        most = FFMAX(most, day.bytes[i]);
    return most;
}

static void a_day_has_all_that_can_come(void **state)
{
    printf("# %lld slots: %lld read (%lld new, %lld proven, %lld stand in for one), %lld skipped\n",
           (long long)day.slots, (long long)day.read, (long long)day.new, (long long)day.proven,
           (long long)day.repeats, (long long)day.skipped);
    printf("# %lld rules, %lld sessions, %lld times more windows than the list takes, %lld lines, away %lld times\n",
           (long long)day.rules, (long long)day.sessions, (long long)day.overflows, (long long)day.lines,
           (long long)day.away);
    assert_true(day.new > day.read * 3 / 4);
    assert_true(day.repeats > 0 && day.skipped > 0);
    assert_true(day.rules >= 8 * HOURS && day.sessions >= 2 * HOURS && day.overflows >= HOURS);
}

static void no_picture_of_a_day_shows_what_is_left_out(void **state)
{
    assert_int_equal(day.bad_pixels, 0);
    assert_int_equal(day.outdated, 0);
}

static void a_day_has_no_drift(void **state)
{
    const int64_t slots = (int64_t)((__int128)(day.ended - day.begun) * RATE.num / (RATE.den * SECOND));

    assert_int_equal(day.drifted, 0);
    assert_int_equal(day.unordered, 0);
    assert_in_range(day.slots - slots, 0, 1);
    /* each slot has its packet, or is counted; the last ones have it to come */
    assert_in_range(day.slots + 1 - day.read - day.skipped, 0, 2);
}

static void nothing_grows_in_a_day(void **state)
{
    const size_t first = highest(WARM, SAMPLES / 2), second = highest(SAMPLES / 2, SAMPLES);

    printf("# bytes in use, at most: %zu in the first half, %zu in the second; %zu in arrays; %d pictures\n",
           first, second, day.arrays, day.max_in_use);
    assert_int_equal(day.nb_bytes, SAMPLES);
    assert_true(first > 0 && second <= first);
    assert_in_range(day.arrays, 1, 64 * 1024);
    assert_int_equal(day.blocks_left, 0);
    assert_in_range(day.max_in_use, 3, 5);
    assert_int_equal(day.in_use, 0);
}

static void counters_pass_their_limits(void **state)
{
    printf("# number of the last list %u, of the last look %u\n", day.lists, day.looks);
    assert_true(day.lists < NEAR && day.looks < NEAR);
    assert_int_equal(day.unnumbered, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_has_all_that_can_come),
        cmocka_unit_test(no_picture_of_a_day_shows_what_is_left_out),
        cmocka_unit_test(a_day_has_no_drift),
        cmocka_unit_test(nothing_grows_in_a_day),
        cmocka_unit_test(counters_pass_their_limits),
    };

    return cmocka_run_group_tests(tests, record_a_day, NULL);
}
