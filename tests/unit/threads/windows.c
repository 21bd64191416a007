/*
 * Threads, locks, events and files of Windows on pthreads: see windows.h
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

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "windows.h"

struct HandleObject {
    enum { EVENT, THREAD, DISK, TIMER } kind;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int refs;                   ///< the handle's and the thread's
    int manual, set;            ///< a thread is set when it has ended
    int fd;
    int64_t due;                ///< a timer's; guarded by time_lock
    DWORD (*fn)(LPVOID);
    LPVOID arg;
};

static int nb_threads, nb_modules, nb_handles, fault;

/* Read without the lock: that would be an order between threads, which Windows does not give them. */
static int64_t time_now;
static int64_t time_until;      ///< as far as it may go
static int nb_on_timer, nb_for_ever;
static unsigned news;           ///< changes when those on a timer are to look again
static pthread_mutex_t time_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t time_changed = PTHREAD_COND_INITIALIZER;
static __thread DWORD last_error;
static __thread HANDLE this_thread;

static int get(int *count)
{
    return __atomic_load_n(count, __ATOMIC_SEQ_CST);
}

static void add(int *count, int n)
{
    __atomic_add_fetch(count, n, __ATOMIC_SEQ_CST);
}

int windows_threads(void) { return get(&nb_threads); }
int windows_modules(void) { return get(&nb_modules); }
int windows_handles(void) { return get(&nb_handles); }

static struct timespec in_ms(DWORD ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec  += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    t.tv_sec  += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* ---- locks ---- */

void InitializeSRWLock(SRWLOCK *lock)
{
    pthread_mutex_init(lock, NULL);
}

/** What a busy machine does to threads: one call in eight takes up to that many microseconds. */
static void delay(void)
{
#ifdef JITTER
    static __thread unsigned seed;

    if (!seed)
        seed = (uintptr_t)&seed ^ time(NULL) * 2654435761u;
    if (!(rand_r(&seed) % 8))
        usleep(rand_r(&seed) % JITTER);
#endif
}

void AcquireSRWLockExclusive(SRWLOCK *lock)
{
    delay();
    pthread_mutex_lock(lock);
}

void ReleaseSRWLockExclusive(SRWLOCK *lock)
{
    pthread_mutex_unlock(lock);
    delay();
}

static void park(int *count, int n)
{
    pthread_mutex_lock(&time_lock);
    *count += n;
    pthread_cond_broadcast(&time_changed);
    pthread_mutex_unlock(&time_lock);
}

BOOL SleepConditionVariableSRW(CONDITION_VARIABLE *cond, SRWLOCK *lock, DWORD ms, DWORD flags)
{
    const struct timespec until = in_ms(ms);
    int late;

    if (ms != INFINITE)
        return !pthread_cond_timedwait(cond, lock, &until);
    /* whoever sees that it waits cannot have the lock before it does */
    park(&nb_for_ever, 1);
    late = pthread_cond_wait(cond, lock);
    park(&nb_for_ever, -1);
    return !late;
}

void WakeAllConditionVariable(CONDITION_VARIABLE *cond)
{
    pthread_cond_broadcast(cond);
}

/* ---- events and threads ---- */

static HANDLE new_handle(int kind)
{
    HANDLE h = calloc(1, sizeof(*h));

    if (!h)
        abort();
    h->kind = kind;
    h->refs = 1;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
    add(&nb_handles, 1);
    return h;
}

static void unref(HANDLE h)
{
    int refs;

    pthread_mutex_lock(&h->lock);
    refs = --h->refs;
    pthread_mutex_unlock(&h->lock);
    if (refs)
        return;
    if (h->kind == DISK)
        close(h->fd);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

BOOL CloseHandle(HANDLE handle)
{
    add(&nb_handles, -1);
    unref(handle);
    return TRUE;
}

HANDLE CreateEventW(void *security, BOOL manual, BOOL set, const WCHAR *name)
{
    HANDLE h = new_handle(EVENT);

    h->manual = manual;
    h->set    = set;
    return h;
}

static BOOL put(HANDLE h, int set)
{
    pthread_mutex_lock(&h->lock);
    h->set = set;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    return TRUE;
}

BOOL SetEvent(HANDLE event)
{
    return put(event, 1);
}

BOOL ResetEvent(HANDLE event)
{
    return put(event, 0);
}

/* ---- time ---- */

int64_t windows_time(void)
{
    return __atomic_load_n(&time_now, __ATOMIC_RELAXED);
}

/** Whoever waits for a timer has yet to see that he still has to. Called locked. */
static void look_again(void)
{
    nb_on_timer = 0;
    news++;
    pthread_cond_broadcast(&time_changed);
}

/** Called locked. */
static void go_on_to(int64_t us)
{
    if (us > time_now)
        __atomic_store_n(&time_now, us, __ATOMIC_RELAXED);
}

void windows_set_time(int64_t us)
{
    pthread_mutex_lock(&time_lock);
    __atomic_store_n(&time_now, us, __ATOMIC_RELAXED);
    time_until = us;
    look_again();
    pthread_mutex_unlock(&time_lock);
}

void windows_let_pass(int64_t us)
{
    pthread_mutex_lock(&time_lock);
    time_until = us;
    look_again();
    pthread_mutex_unlock(&time_lock);
}

int windows_wait_parked(int on_timer, int for_ever, DWORD ms)
{
    const struct timespec until = in_ms(ms);
    int late = 0, parked;

    pthread_mutex_lock(&time_lock);
    while (!(parked = nb_on_timer == on_timer && nb_for_ever == for_ever) && !late)
        late = pthread_cond_timedwait(&time_changed, &time_lock, &until) == ETIMEDOUT;
    pthread_mutex_unlock(&time_lock);
    return parked;
}

void windows_fail(enum WindowsFault what)
{
    __atomic_store_n(&fault, what, __ATOMIC_SEQ_CST);
}

#ifndef CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
#define CREATE_WAITABLE_TIMER_HIGH_RESOLUTION 2
#endif

HANDLE CreateWaitableTimerExW(void *security, const WCHAR *name, DWORD flags, DWORD access)
{
    HANDLE h;

    if (get(&fault) == WINDOWS_NO_TIMER ||
        (get(&fault) == WINDOWS_NO_FINE_TIMER && flags & CREATE_WAITABLE_TIMER_HIGH_RESOLUTION)) {
        last_error = EINVAL;
        return NULL;
    }
    h      = new_handle(TIMER);
    h->due = INT64_MAX;
    return h;
}

BOOL SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period, void *fn, void *arg, BOOL resume)
{
    if (get(&fault) == WINDOWS_NO_SET_TIMER)
        return FALSE;
    pthread_mutex_lock(&time_lock);
    timer->due = time_now - due->QuadPart / 10;
    look_again();
    pthread_mutex_unlock(&time_lock);
    return TRUE;
}

static DWORD wait_for_timer(HANDLE timer)
{
    unsigned seen;

    pthread_mutex_lock(&time_lock);
    while (seen = news, timer->due > time_now && timer->due > time_until) {
        go_on_to(time_until);
        nb_on_timer++;
        pthread_cond_broadcast(&time_changed);
        while (seen == news)
            pthread_cond_wait(&time_changed, &time_lock);
    }
    go_on_to(timer->due);
    timer->due = INT64_MAX;
    pthread_mutex_unlock(&time_lock);
    return WAIT_OBJECT_0;
}

/** Who would wait for a second waits for ever: see GetTickCount64(). */
DWORD WaitForSingleObject(HANDLE h, DWORD ms)
{
    const struct timespec until = in_ms(ms);
    int set, late = 0;

    if (h->kind == TIMER)
        return wait_for_timer(h);
    if (h->kind == EVENT && ms == INFINITE && get(&fault) == WINDOWS_NO_WAIT)
        return WAIT_FAILED;
    pthread_mutex_lock(&h->lock);
    while (!h->set && !late) {
        if (ms >= 1000)
            pthread_cond_wait(&h->changed, &h->lock);
        else
            late = pthread_cond_timedwait(&h->changed, &h->lock, &until) == ETIMEDOUT;
    }
    set = h->set;
    if (!h->manual)
        h->set = 0;
    pthread_mutex_unlock(&h->lock);
    return set ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

DWORD MsgWaitForMultipleObjectsEx(DWORD nb, const HANDLE *handles, DWORD ms, DWORD mask, DWORD flags)
{
    return WaitForSingleObject(*handles, ms);
}

static void end_thread(void)
{
    HANDLE h = this_thread;

    put(h, 1);
    unref(h);
    add(&nb_threads, -1);
}

static void *run_thread(void *arg)
{
    this_thread = arg;
    this_thread->fn(this_thread->arg);
    end_thread();
    return NULL;
}

HANDLE CreateThread(void *security, size_t stack, DWORD (*fn)(LPVOID), LPVOID arg, DWORD flags, DWORD *id)
{
    pthread_t thread;
    HANDLE h;

    if (get(&fault) == WINDOWS_NO_THREAD) {
        last_error = EAGAIN;
        return NULL;
    }
    h         = new_handle(THREAD);
    h->manual = 1;
    h->refs   = 2;
    h->fn     = fn;
    h->arg    = arg;
    add(&nb_threads, 1);
    if (pthread_create(&thread, NULL, run_thread, h))
        abort();
    pthread_detach(thread);
    return h;
}

void Sleep(DWORD ms)
{
    usleep(1000 * ms);
}

/* ---- modules ---- */

BOOL GetModuleHandleExW(DWORD flags, const WCHAR *name, HMODULE *module)
{
    add(&nb_modules, 1);
    *module = (HMODULE)&nb_modules;
    return TRUE;
}

BOOL FreeLibrary(HMODULE module)
{
    if (module != (HMODULE)&nb_modules)
        abort();
    add(&nb_modules, -1);
    return TRUE;
}

void FreeLibraryAndExitThread(HMODULE module, DWORD code)
{
    FreeLibrary(module);
    end_thread();
    pthread_exit(NULL);
}

/* ---- files ---- */

HANDLE CreateFileW(const WCHAR *path, DWORD access, DWORD share, void *security, DWORD how, DWORD flags,
                   HANDLE like)
{
    char name[1024];
    HANDLE h;
    int fd;

    snprintf(name, sizeof(name), "%ls", path);
    fd = open(name, O_RDWR | O_CREAT | O_APPEND, 0600);
    if (fd < 0) {
        last_error = errno;
        return INVALID_HANDLE_VALUE;
    }
    h     = new_handle(DISK);
    h->fd = fd;
    return h;
}

DWORD GetFileType(HANDLE handle)
{
    return FILE_TYPE_DISK;
}

HANDLE GetStdHandle(DWORD which)
{
    return NULL;
}

BOOL ReadFile(HANDLE handle, void *data, DWORD size, DWORD *got, void *overlapped)
{
    ssize_t n = read(handle->fd, data, size);

    *got       = n < 0 ? 0 : n;
    last_error = n < 0 ? errno : 0;
    return n >= 0;
}

BOOL SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, LARGE_INTEGER *position, DWORD method)
{
    return lseek(handle->fd, distance.QuadPart, SEEK_END) >= 0;
}

BOOL WriteFile(HANDLE handle, const void *data, DWORD size, DWORD *got, void *overlapped)
{
    ssize_t n = handle ? write(handle->fd, data, size) : -1;

    *got       = n < 0 ? 0 : n;
    last_error = n < 0 ? errno : 0;
    return n >= 0;
}

/* ---- what else they ask ---- */

DWORD GetLastError(void)
{
    return last_error;
}

BOOL QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    frequency->QuadPart = 1000000;
    return TRUE;
}

BOOL QueryPerformanceCounter(LARGE_INTEGER *count)
{
    count->QuadPart = windows_time();
    return TRUE;
}

/** This one stands still. */
uint64_t GetTickCount64(void)
{
    return 0;
}

BOOL PeekMessageW(MSG *msg, HWND hwnd, UINT first, UINT last, UINT remove)
{
    return FALSE;
}

intptr_t DispatchMessageW(const MSG *msg)
{
    return 0;
}

HDESK OpenInputDesktop(DWORD flags, BOOL inherit, DWORD access)
{
    return (HDESK)&nb_modules;
}

BOOL CloseDesktop(HDESK desktop)
{
    return TRUE;
}
