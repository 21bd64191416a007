/*
 * Threads, locks, events and files of Windows, as far as the files of the device need them that
 * hand things from thread to thread: on pthreads, so that ThreadSanitizer sees them.
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

#ifndef TESTS_UNIT_THREADS_WINDOWS_H
#define TESTS_UNIT_THREADS_WINDOWS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define WINAPI
#define CALLBACK
#define TRUE  1
#define FALSE 0

typedef int BOOL;
typedef unsigned UINT;
typedef long LONG;
typedef unsigned long DWORD;
typedef size_t SIZE_T;
typedef void *LPVOID;
typedef wchar_t WCHAR;
typedef const wchar_t *LPCWSTR;
typedef struct HandleObject *HANDLE;
typedef struct ModuleObject *HMODULE, *HINSTANCE;
typedef struct OtherObject *HWND, *HRGN, *HMONITOR, *HDESK;

typedef struct GUID {
    uint8_t bytes[16];
} GUID;

typedef struct RECT {
    LONG left, top, right, bottom;
} RECT;

typedef struct MSG {
    UINT message;
    uintptr_t wParam;
} MSG;

typedef union LARGE_INTEGER {
    int64_t QuadPart;
} LARGE_INTEGER;

#define CCHDEVICENAME 32

/* ---- locks ---- */

typedef pthread_mutex_t SRWLOCK;
typedef pthread_cond_t CONDITION_VARIABLE;

#define SRWLOCK_INIT            PTHREAD_MUTEX_INITIALIZER
#define CONDITION_VARIABLE_INIT PTHREAD_COND_INITIALIZER

void InitializeSRWLock(SRWLOCK *lock);
void AcquireSRWLockExclusive(SRWLOCK *lock);
void ReleaseSRWLockExclusive(SRWLOCK *lock);
BOOL SleepConditionVariableSRW(CONDITION_VARIABLE *cond, SRWLOCK *lock, DWORD ms, DWORD flags);
void WakeAllConditionVariable(CONDITION_VARIABLE *cond);

#define InterlockedExchange(p, v)                __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define InterlockedIncrement(p)                  __atomic_add_fetch(p, 1, __ATOMIC_SEQ_CST)
#define InterlockedDecrement(p)                  __atomic_sub_fetch(p, 1, __ATOMIC_SEQ_CST)
/* what compares to nothing but itself only reads */
#define InterlockedCompareExchange(p, v, wanted) __atomic_load_n(p, __ATOMIC_SEQ_CST)

/* ---- events and threads ---- */

#define INFINITE      0xFFFFFFFF
#define WAIT_OBJECT_0 0
#define WAIT_TIMEOUT  258
#define WAIT_FAILED   0xFFFFFFFF
#define QS_ALLINPUT   0
#define MWMO_INPUTAVAILABLE 0

HANDLE CreateEventW(void *security, BOOL manual, BOOL set, const WCHAR *name);
BOOL SetEvent(HANDLE event);
BOOL ResetEvent(HANDLE event);
HANDLE CreateThread(void *security, size_t stack, DWORD (*fn)(LPVOID), LPVOID arg, DWORD flags, DWORD *id);
DWORD WaitForSingleObject(HANDLE handle, DWORD ms);
DWORD MsgWaitForMultipleObjectsEx(DWORD nb, const HANDLE *handles, DWORD ms, DWORD mask, DWORD flags);
BOOL CloseHandle(HANDLE handle);
void Sleep(DWORD ms);

/* ---- timers: due when the time of the test has come, see windows_let_pass() ---- */

#define TIMER_ALL_ACCESS 0x1F0003

/** Without a name; resets itself. */
HANDLE CreateWaitableTimerExW(void *security, const WCHAR *name, DWORD flags, DWORD access);
/** A relative time only. */
BOOL SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period, void *fn, void *arg, BOOL resume);

/* ---- modules: counted, so that a test sees that each is let go of ---- */

#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 4

BOOL GetModuleHandleExW(DWORD flags, const WCHAR *name, HMODULE *module);
BOOL FreeLibrary(HMODULE module);
void FreeLibraryAndExitThread(HMODULE module, DWORD code) __attribute__((noreturn));

/* ---- files ---- */

#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define FILE_READ_DATA 1
#define FILE_APPEND_DATA 4
#define SYNCHRONIZE 0x100000
#define FILE_SHARE_READ 1
#define FILE_SHARE_WRITE 2
#define FILE_SHARE_DELETE 4
#define OPEN_ALWAYS 4
#define FILE_ATTRIBUTE_NORMAL 0x80
#define SECURITY_SQOS_PRESENT 0x100000
#define SECURITY_IDENTIFICATION 0x10000
#define FILE_TYPE_DISK 1
#define FILE_END 2
#define STD_OUTPUT_HANDLE ((DWORD)-11)

HANDLE CreateFileW(const WCHAR *path, DWORD access, DWORD share, void *security, DWORD how, DWORD flags,
                   HANDLE like);
DWORD GetFileType(HANDLE handle);
HANDLE GetStdHandle(DWORD which);
BOOL ReadFile(HANDLE handle, void *data, DWORD size, DWORD *got, void *overlapped);
BOOL SetFilePointerEx(HANDLE handle, LARGE_INTEGER distance, LARGE_INTEGER *position, DWORD method);
BOOL WriteFile(HANDLE handle, const void *data, DWORD size, DWORD *got, void *overlapped);

/* ---- what else they ask ---- */

#define WM_CLOSE 0x10
#define WM_SYSCOMMAND 0x112
#define SC_CLOSE 0xF060
#define PM_NOREMOVE 0
#define PM_REMOVE 1
#define DESKTOP_READOBJECTS 1

DWORD GetLastError(void);
uint64_t GetTickCount64(void);
BOOL QueryPerformanceFrequency(LARGE_INTEGER *frequency);
BOOL QueryPerformanceCounter(LARGE_INTEGER *count);
BOOL PeekMessageW(MSG *msg, HWND hwnd, UINT first, UINT last, UINT remove);
intptr_t DispatchMessageW(const MSG *msg);
HDESK OpenInputDesktop(DWORD flags, BOOL inherit, DWORD access);
BOOL CloseDesktop(HDESK desktop);

/* ---- of this one only ---- */

/** Threads that have not ended, and modules and handles that are held. */
int windows_threads(void), windows_modules(void), windows_handles(void);

/** What of Windows fails. */
enum WindowsFault {
    WINDOWS_NONE,
    WINDOWS_NO_THREAD,
    WINDOWS_NO_TIMER,
    WINDOWS_NO_FINE_TIMER,      ///< as before Windows 10 1803
    WINDOWS_NO_SET_TIMER,
    WINDOWS_NO_WAIT,            ///< for ever, for an event
};

void windows_fail(enum WindowsFault fault);

/** What the performance counter says, microseconds. */
int64_t windows_time(void);

/** Another time, at once: while nobody waits for a timer. */
void windows_set_time(int64_t us);

/**
 * Time goes on up to that one: from timer to timer as long as somebody waits for one, so that the time
 * of each call is the same each time. Else it stands still, and so no load lets a deadline pass.
 */
void windows_let_pass(int64_t us);

/**
 * Wait until that many threads wait for a timer that is not due yet, and that many for ever for
 * a condition.
 *
 * @param ms milliseconds after which that is a failure
 * @return 1; 0: it did not come to that
 */
int windows_wait_parked(int on_timer, int for_ever, DWORD ms);

#endif /* TESTS_UNIT_THREADS_WINDOWS_H */
