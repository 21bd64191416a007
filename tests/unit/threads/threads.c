/*
 * magnifier: tests of what is handed from thread to thread
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
 * What is handed over from one thread to another is written by one and read by the next
 * without a lock of the test's own: ThreadSanitizer says when the device's are not enough.
 * Who waits here waits for what happens, and never for a time.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <windows.h>

#include "libavutil/buffer.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/display.h"
#include "libavdevice/magnifier/fault.h"
#include "libavdevice/magnifier/linefile.h"
#include "libavdevice/magnifier/path.h"
#include "libavdevice/magnifier/runtime.h"
#include "libavdevice/magnifier/worker.h"

#include "slots.h"

#define FOR_EVER INFINITE

/* ---- what the device's files ask of others, who have no threads ---- */

int ff_magnifier_path_wide(wchar_t **wide, const char *utf8)
{
    size_t nb = strlen(utf8) + 1;

    *wide = av_malloc(nb * sizeof(**wide));
    for (size_t i = 0; i < nb; i++)
        (*wide)[i] = (unsigned char)utf8[i];
    return 0;
}

int ff_magnifier_path_error(unsigned long code)
{
    return AVERROR(EIO);
}

const char *ff_magnifier_display_set_dpi(void)
{
    return NULL;
}

int ff_magnifier_rt_api_load(MagnifierApi *api, MagnifierLog *log, int level)
{
    return AVERROR(ENOSYS);
}

void ff_magnifier_rt_api_unload(MagnifierApi *api, int keep) { }
void ff_magnifier_rt_api_disable(MagnifierApi *api) { }
void ff_magnifier_rt_fault_watch(void) { }
void ff_magnifier_rt_fault_unwatch(void) { }

int ff_magnifier_rt_faulted(void)
{
    return 0;
}

static enum MagnifierBlockVerdict is_tried(void *opaque)
{
    return MAGNIFIER_FREED;
}

/* there is no session, so no block */
const MagnifierHeapOps ff_magnifier_process_heap = { .untried = is_tried };

/* ---- threads of the test ---- */

static HANDLE start(DWORD (*fn)(LPVOID), void *arg)
{
    return CreateThread(NULL, 0, fn, arg, 0, NULL);
}

static void join(HANDLE thread)
{
    assert_int_equal(WaitForSingleObject(thread, FOR_EVER), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static void wait_for(HANDLE event)
{
    assert_int_equal(WaitForSingleObject(event, FOR_EVER), WAIT_OBJECT_0);
}

/** Those left behind, too, have come to their end, and hold nothing. */
static void all_have_ended(void)
{
    while (windows_threads())
        Sleep(1);
    assert_int_equal(windows_modules(), 0);
    assert_int_equal(windows_handles(), 0);
}

/* ---- log.c ---- */

#define WRITERS 4
#define LINES 500

static MagnifierLog *shared;
static int printed[WRITERS], in_order;

static void on_log(void *avcl, int level, const char *fmt, va_list vl)
{
    char line[128];
    int writer, n;

    vsnprintf(line, sizeof(line), fmt, vl);
    if (sscanf(line, "writer %d line %d\n", &writer, &n) != 2)
        return;
    in_order &= n == printed[writer];
    printed[writer] = n + 1;
}

static DWORD write_lines(LPVOID arg)
{
    for (int i = 0; i < LINES; i++)
        ff_magnifier_log(shared, AV_LOG_INFO, "writer %d line %d\n", (int)(intptr_t)arg, i);
    return 0;
}

static void a_log_loses_no_line(void **state)
{
    HANDLE threads[WRITERS];
    MagnifierLog *other = ff_magnifier_log_alloc();

    memset(printed, 0, sizeof(printed));
    in_order = 1;
    shared   = ff_magnifier_log_alloc();
    av_log_set_callback(on_log);
    for (int i = 0; i < WRITERS; i++)
        threads[i] = start(write_lines, (void *)(intptr_t)i);
    for (int i = 0; i < 200; i++) {
        ff_magnifier_log_move(other, shared);
        ff_magnifier_log_flush(other, NULL);
    }
    for (int i = 0; i < WRITERS; i++)
        join(threads[i]);
    ff_magnifier_log_flush(shared, NULL);
    av_log_set_callback(av_log_default_callback);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(printed[i], LINES);
    assert_true(in_order);
    ff_magnifier_log_free(&shared);
    ff_magnifier_log_free(&other);
    all_have_ended();
}

/* ---- worker.c ---- */

typedef struct Job {
    int asked, done;            ///< nobody's lock: the worker's while it works
    HANDLE began, go_on;        ///< NULL: it does not wait
    int *freed;
} Job;

static void do_job(void *opaque)
{
    Job *job = opaque;

    if (job->began) {
        SetEvent(job->began);
        wait_for(job->go_on);
    }
    job->done = job->asked;
}

static void end_job(void *opaque)
{
    ((Job *)opaque)->done = -1;
}

static void free_job(void *opaque)
{
    __atomic_add_fetch(((Job *)opaque)->freed, 1, __ATOMIC_SEQ_CST);
    av_free(opaque);
}

static const MagnifierWorkerOps job_ops = { do_job, end_job, free_job };

static void a_worker_hands_its_object_back(void **state)
{
    int freed = 0;
    Job *job  = av_mallocz(sizeof(*job));
    MagnifierWorker *worker;

    job->freed = &freed;
    worker = ff_magnifier_worker_open(&job_ops, job);
    assert_non_null(worker);
    for (int i = 1; i <= 2000; i++) {
        job->asked = i;
        ff_magnifier_worker_begin(worker);
        while (!ff_magnifier_worker_wait(worker, i % 2 ? FOR_EVER : 0))
            ;
        assert_int_equal(job->done, i);
    }
    assert_int_equal(ff_magnifier_worker_close(&worker, FOR_EVER), 1);
    all_have_ended();
    assert_int_equal(freed, 1);
}

/* It hears of its work and of its end all the same. */
static void a_worker_that_cannot_wait_works(void **state)
{
    Job *job  = av_mallocz(sizeof(*job));
    int freed = 0;
    MagnifierWorker *worker;

    job->freed = &freed;
    windows_fail(WINDOWS_NO_WAIT);
    worker = ff_magnifier_worker_open(&job_ops, job);
    assert_non_null(worker);
    for (int i = 1; i <= 10; i++) {
        job->asked = i;
        ff_magnifier_worker_begin(worker);
        while (!ff_magnifier_worker_wait(worker, 0))
            Sleep(1);
        assert_int_equal(job->done, i);
    }
    assert_int_equal(ff_magnifier_worker_close(&worker, FOR_EVER), 1);
    windows_fail(WINDOWS_NONE);
    all_have_ended();
    assert_int_equal(freed, 1);
}

static void a_worker_that_hangs_is_left_behind(void **state)
{
    HANDLE began = CreateEventW(NULL, FALSE, FALSE, NULL), go_on = CreateEventW(NULL, TRUE, FALSE, NULL);
    int freed = 0;

    for (int i = 0; i < 100; i++) {
        Job *job = av_mallocz(sizeof(*job));
        MagnifierWorker *worker;

        *job   = (Job) { .began = began, .go_on = go_on, .freed = &freed };
        worker = ff_magnifier_worker_open(&job_ops, job);
        assert_non_null(worker);
        ff_magnifier_worker_begin(worker);
        wait_for(began);
        ff_magnifier_worker_begin(worker);
        assert_int_equal(ff_magnifier_worker_wait(worker, 0), 0);
        assert_int_equal(ff_magnifier_worker_close(&worker, 0), 0);
        assert_null(worker);
    }
    assert_int_equal(__atomic_load_n(&freed, __ATOMIC_SEQ_CST), 0);
    SetEvent(go_on);
    while (windows_threads())
        Sleep(1);
    assert_int_equal(freed, 100);
    CloseHandle(began);
    CloseHandle(go_on);
    all_have_ended();
}

/* Closed while it works, or is about to: whichever of the two comes last frees it, once. */
static void a_worker_is_freed_once(void **state)
{
    int freed = 0;

    for (int i = 0; i < 500; i++) {
        Job *job = av_mallocz(sizeof(*job));
        MagnifierWorker *worker;

        job->freed = &freed;
        worker = ff_magnifier_worker_open(&job_ops, job);
        assert_non_null(worker);
        for (int k = i % 4; k > 0; k--)
            ff_magnifier_worker_begin(worker);
        ff_magnifier_worker_close(&worker, i % 2);
    }
    all_have_ended();
    assert_int_equal(freed, 500);
}

/* ---- linefile.c ---- */

static MagnifierLinefile *line_file;

static DWORD add_lines(LPVOID arg)
{
    for (int i = 0; i < LINES; i++) {
        char line[64];
        int size = snprintf(line, sizeof(line), "writer %d line %d\n", (int)(intptr_t)arg, i);

        ff_magnifier_linefile_add(line_file, line, size, 0);
    }
    return 0;
}

static void read_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[128];

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "first\n");
    while (fgets(line, sizeof(line), file)) {
        int writer, n;

        assert_int_equal(sscanf(line, "writer %d line %d\n", &writer, &n), 2);
        assert_in_range(writer, 0, WRITERS - 1);
        assert_int_equal(n, printed[writer]++);
    }
    fclose(file);
}

static void a_file_of_lines_has_them_all(void **state)
{
    char path[] = "/tmp/threads-XXXXXX";
    HANDLE threads[WRITERS];
    unsigned long code;

    memset(printed, 0, sizeof(printed));
    close(mkstemp(path));
    assert_int_equal(ff_magnifier_linefile_open(&line_file, path, "first\n", NULL, &code), 0);
    for (int i = 0; i < WRITERS; i++)
        threads[i] = start(add_lines, (void *)(intptr_t)i);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(ff_magnifier_linefile_take_lost(line_file), 0);
        assert_int_equal(ff_magnifier_linefile_has_lost(line_file, &code), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        join(threads[i]);
    assert_int_equal(ff_magnifier_linefile_close(&line_file, FOR_EVER), 0);
    all_have_ended();
    read_lines(path);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(printed[i], LINES);
    unlink(path);
}

/* ---- runtime.c ---- */

#define CALLS 300

typedef struct Object {
    int calls;                  ///< no lock: the runtime's thread only, or who waits for it
    int *all;                   ///< of all captures, no lock either
    HANDLE began, go_on;
    int *freed;
    int interrupt;              ///< atomic: the call runs
} Object;

static void free_object(void *opaque, uint8_t *data)
{
    Object *o = (Object *)data;

    __atomic_add_fetch(o->freed, 1, __ATOMIC_SEQ_CST);
    av_free(o);
}

static AVBufferRef *new_object(const Object *init)
{
    Object *o = av_malloc(sizeof(*o));

    *o = *init;
    return av_buffer_create((uint8_t *)o, sizeof(*o), free_object, NULL, 0);
}

static int count_call(void *opaque)
{
    Object *o = opaque;

    ++*o->all;
    return ++o->calls;
}

static int hang(void *opaque)
{
    Object *o = opaque;

    __atomic_store_n(&o->interrupt, 1, __ATOMIC_SEQ_CST);
    wait_for(o->go_on);
    return count_call(o);
}

static int is_running(void *opaque)
{
    return __atomic_load_n(&((Object *)opaque)->interrupt, __ATOMIC_SEQ_CST);
}

static int all_calls, objects_freed;

static DWORD one_capture(LPVOID arg)
{
    Object init = { .all = &all_calls, .freed = &objects_freed };

    for (int i = 0; i < CALLS / 20; i++) {
        MagnifierLog *log = ff_magnifier_log_alloc();
        AVBufferRef *ref  = new_object(&init);
        int bad = 0;

        if (ff_magnifier_runtime_join(log, NULL) < 0)
            abort();
        for (int k = 1; k <= 20; k++)
            bad |= ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(count_call, ref, 0), INT64_MAX / 2,
                                             INT64_MAX / 2, NULL) != k ||
                   ((Object *)ref->data)->calls != k;
        if (bad)
            abort();
        ff_magnifier_runtime_leave(log, 0);
        av_buffer_unref(&ref);
        ff_magnifier_log_free(&log);
    }
    return 0;
}

static void one_thread_makes_all_calls(void **state)
{
    HANDLE threads[WRITERS];

    for (int i = 0; i < WRITERS; i++)
        threads[i] = start(one_capture, NULL);
    for (int i = 0; i < WRITERS; i++)
        join(threads[i]);
    all_have_ended();
    assert_int_equal(all_calls, WRITERS * CALLS);
    assert_int_equal(objects_freed, WRITERS * CALLS / 20);
}

/* A call that hangs is given up, the thread left behind; when it comes back it ends, and what it held goes. */
static void a_call_that_hangs_is_left_behind(void **state)
{
    HANDLE go_on = CreateEventW(NULL, TRUE, FALSE, NULL);
    int all = 0, freed = 0;
    Object init = { .all = &all, .go_on = go_on, .freed = &freed };
    AVBufferRef *ref = new_object(&init);
    AVIOInterruptCB cb = { is_running, ref->data }, now = { is_running, &(Object) { .interrupt = 1 } };
    MagnifierLog *log  = ff_magnifier_log_alloc();
    const int64_t long_time = INT64_MAX / 2;

    assert_int_equal(ff_magnifier_runtime_join(log, NULL), 0);
    assert_int_equal(ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(hang, ref, 0), long_time, long_time,
                                               &cb), AVERROR_EXIT);
    /* one that is behind it is not made, unless it has to be */
    assert_int_equal(ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(count_call, ref, 0), long_time,
                                               long_time, &now), AVERROR_EXIT);
    assert_int_equal(ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(count_call, ref, 1), long_time,
                                               long_time, &now), AVERROR_EXIT);
    ff_magnifier_runtime_leave(log, 1);
    av_buffer_unref(&ref);
    assert_int_equal(ff_magnifier_runtime_join(log, &now), AVERROR_EXIT);
    assert_int_equal(__atomic_load_n(&freed, __ATOMIC_SEQ_CST), 0);
    SetEvent(go_on);
    /* waits for the end of the one that was left behind */
    assert_int_equal(ff_magnifier_runtime_join(log, NULL), 0);
    ff_magnifier_runtime_leave(log, 0);
    while (windows_threads())
        Sleep(1);
    assert_int_equal(all, 2);
    assert_int_equal(freed, 1);
    ff_magnifier_log_free(&log);
    CloseHandle(go_on);
    all_have_ended();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_loses_no_line),
        cmocka_unit_test(a_worker_hands_its_object_back),
        cmocka_unit_test(a_worker_that_cannot_wait_works),
        cmocka_unit_test(a_worker_that_hangs_is_left_behind),
        cmocka_unit_test(a_worker_is_freed_once),
        cmocka_unit_test(a_file_of_lines_has_them_all),
        cmocka_unit_test(one_thread_makes_all_calls),
        cmocka_unit_test(a_call_that_hangs_is_left_behind),
#define SLOTS_TEST(name) cmocka_unit_test(name),
        SLOTS_TESTS(SLOTS_TEST)
    };

    /* what a test that hangs leaves of itself is no reason to lose what was said before */
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (getenv("MUTANT_TEST"))
        cmocka_set_test_filter(getenv("MUTANT_TEST"));

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
