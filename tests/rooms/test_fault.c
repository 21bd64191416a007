/*
 * A fault inside a call is left, and nothing else is
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
 * tests of fault.c: what it answers, what it leaves to others, and that the code after a fault finds its
 * registers, its stack and its exception handlers as they were.
 */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavutil/error.h"

#include "libavdevice/magnifier/fault.h"

#include "tap.h"

/** Reserved: reading it is a fault until somebody commits it. */
static volatile int *page;

static void fault(void)
{
    VirtualFree((void *)page, 0, MEM_DECOMMIT);
    (void)*page;
}

/* ---- a handler of the program's own, asked after that of fault.c --------- */

static volatile LONG seen, others;

static LONG CALLBACK handle(EXCEPTION_POINTERS *e)
{
    const EXCEPTION_RECORD *record = e->ExceptionRecord;

    if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION &&
        record->ExceptionInformation[1] == (ULONG_PTR)page) {
        InterlockedIncrement(&seen);
        VirtualAlloc((void *)page, 1, MEM_COMMIT, PAGE_READWRITE);
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    if (record->ExceptionCode == EXCEPTION_ILLEGAL_INSTRUCTION) {
        InterlockedIncrement(&others);
#if ARCH_X86_64
        e->ContextRecord->Rip += 2;
#else
        e->ContextRecord->Eip += 2;
#endif
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

/* ---- calls ----------------------------------------------------------------- */

static volatile int ran, returned;

static void do_nothing(void *opaque)
{
    ran++;
    *(int *)opaque = 7;
}

static void do_fault(void *opaque)
{
    ran++;
    fault();
    returned++;
}

static void a_call_that_does_not_fault_is_a_call(void)
{
    int answer = 0;

    ran = 0;
    CHECK(!ff_magnifier_rt_fault_call(do_nothing, &answer));
    CHECK(ran == 1 && answer == 7);
    CHECK(!ff_magnifier_rt_faulted());
}

/* the first fault of the process */
static void a_fault_is_left_and_told(void)
{
    char text[256], want[64];

    ran = returned = seen = 0;
    CHECK(ff_magnifier_rt_fault_call(do_fault, NULL) == AVERROR_EXTERNAL);
    CHECK(ran == 1 && !returned && !seen, "%d %d %ld", ran, returned, seen);
    CHECK(ff_magnifier_rt_faulted());
    ff_magnifier_rt_fault_text(text, sizeof(text));
    printf("# %s\n", text);
    snprintf(want, sizeof(want), "reading 0x%llx", (unsigned long long)(uintptr_t)page);
    CHECK(!strncmp(text, "an access violation at test_fault.exe+0x", 40) && strstr(text, want), "%s", text);
}

static LRESULT CALLBACK procedure(HWND hwnd, UINT msg, WPARAM wparam, LPARAM lparam)
{
    if (msg == WM_APP)
        fault();
    return DefWindowProcW(hwnd, msg, wparam, lparam);
}

static void do_send(void *opaque)
{
    SendMessageW(opaque, WM_APP, 0, 0);
    returned++;
}

static void out_of_a_window_procedure(void)
{
    HWND hwnd = CreateWindowExW(0, L"STATIC", L"", WS_POPUP, 0, 0, 1, 1, NULL, NULL, NULL, NULL);
    int i;

    SetWindowLongPtrW(hwnd, GWLP_WNDPROC, (LONG_PTR)procedure);
    returned = seen = 0;
    for (i = 0; i < 20; i++)
        CHECK(ff_magnifier_rt_fault_call(do_send, hwnd) == AVERROR_EXTERNAL);
    CHECK(!returned && !seen);
    CHECK(IsWindow(hwnd) && !SendMessageW(hwnd, WM_NULL, 0, 0));
    CHECK(DestroyWindow(hwnd));
}

/* ---- as it was ---------------------------------------------------------------- */

static void do_spoil(void *opaque)
{
#if ARCH_X86_64
    __asm__ volatile ("xorl %%ebx, %%ebx; xorl %%esi, %%esi; xorl %%edi, %%edi; xorl %%r12d, %%r12d;"
                      "xorl %%r13d, %%r13d; xorl %%r14d, %%r14d; xorl %%r15d, %%r15d;"
                      "pxor %%xmm6, %%xmm6; pxor %%xmm7, %%xmm7; pxor %%xmm8, %%xmm8; pxor %%xmm9, %%xmm9;"
                      "pxor %%xmm10, %%xmm10; pxor %%xmm11, %%xmm11; pxor %%xmm12, %%xmm12;"
                      "pxor %%xmm13, %%xmm13; pxor %%xmm14, %%xmm14; pxor %%xmm15, %%xmm15;"
                      "xorl %%ebp, %%ebp; std; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi;"
                      "subq $4, %%rsp; movl (%0), %%eax" :: "c" (page) : "memory", "rbx", "rsi", "rdi");
#else
    __asm__ volatile ("xorl %%ebx, %%ebx; xorl %%esi, %%esi; xorl %%edi, %%edi; xorl %%ebp, %%ebp; std;"
                      "fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi; fldpi;"
                      "subl $4, %%esp; movl (%0), %%eax" :: "c" (page) : "memory", "esi", "edi");
#endif
    returned++;
}

/* Everything that the convention says a call leaves as it is. */
static void registers_stack_and_flags(void)
{
    uintptr_t in[5] = { 0x1111, 0x2222, 0x3333, 0x4444, 0x5555 }, out[5], flags;
    double din[10], dout[10];
    volatile long double one = 1;
    char from[64], to[64];
    int i;

    for (i = 0; i < 10; i++)
        din[i] = i + 0.5;
    memset(from, 'x', sizeof(from));
    returned = seen = 0;
    for (i = 0; i < 100; i++) {
        uintptr_t a = in[0] + i, b = in[1] + i, c = in[2] + i, d = in[3] + i, e = in[4] + i;
        double f = din[0] + i, g = din[1] + i, h = din[2] + i, j = din[3] + i, k = din[4] + i,
               l = din[5] + i, m = din[6] + i, n = din[7] + i, o = din[8] + i, p = din[9] + i;

        VirtualFree((void *)page, 0, MEM_DECOMMIT);
        __asm__ volatile ("" : "+r" (a), "+r" (b), "+r" (c));
        CHECK(ff_magnifier_rt_fault_call(do_spoil, NULL) == AVERROR_EXTERNAL);
        out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = e;
        dout[0] = f; dout[1] = g; dout[2] = h; dout[3] = j; dout[4] = k;
        dout[5] = l; dout[6] = m; dout[7] = n; dout[8] = o; dout[9] = p;
        for (a = 0; a < 5; a++)
            CHECK(out[a] == in[a] + i, "%d: %d", i, (int)a);
        for (a = 0; a < 10; a++)
            CHECK(dout[a] == din[a] + i, "%d: %d", i, (int)a);
#if ARCH_X86_64
        __asm__ volatile ("pushfq; popq %0" : "=r" (flags));
#else
        __asm__ volatile ("pushfl; popl %0" : "=r" (flags));
#endif
        CHECK(!(flags & 0x400), "the direction flag is set");
        memmove(to, from, sizeof(to));
        CHECK(!memcmp(to, from, sizeof(to)));
        /* on a full x87 stack this is not a number */
        CHECK(one + 1 == 2);
    }
    CHECK(!returned && !seen);
}

#if ARCH_X86_32
static void *exceptions(void)
{
    void *head;

    __asm__ volatile ("movl %%fs:0, %0" : "=r" (head));
    return head;
}

static int unwound;

static EXCEPTION_DISPOSITION frame_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatcher)
{
    unwound++;
    return ExceptionContinueSearch;
}

static void do_register_and_fault(void *opaque)
{
    struct { void *next; void *handler; } frame = { exceptions(), frame_handler };

    __asm__ volatile ("movl %0, %%fs:0" :: "r" (&frame) : "memory");
    fault();
    returned++;
}

static void the_list_of_exception_handlers(void)
{
    void *before = exceptions();

    returned = unwound = 0;
    CHECK(ff_magnifier_rt_fault_call(do_register_and_fault, NULL) == AVERROR_EXTERNAL);
    CHECK(exceptions() == before && !returned);
    CHECK(!unwound, "code of the API ran: %d", unwound);
}
#endif

/* ---- what is somebody else's ------------------------------------------------------ */

static void outside_of_a_call(void)
{
    seen = 0;
    fault();
    CHECK(seen == 1);
}

static DWORD WINAPI thread_fault(void *opaque)
{
    fault();
    return 0;
}

static void do_wait_for_thread(void *opaque)
{
    HANDLE thread = CreateThread(NULL, 0, thread_fault, NULL, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    returned++;
}

static void of_another_thread(void)
{
    returned = seen = 0;
    CHECK(!ff_magnifier_rt_fault_call(do_wait_for_thread, NULL));
    CHECK(seen == 1 && returned == 1, "%ld %d", seen, returned);
}

static void do_raise(void *opaque)
{
    __asm__ volatile ("ud2");
    returned++;
}

static void of_another_kind(void)
{
    returned = others = 0;
    CHECK(!ff_magnifier_rt_fault_call(do_raise, NULL));
    CHECK(others == 1 && returned == 1);
}

static void do_probe(void *opaque)
{
    /* faults that these functions handle themselves; the page is committed by nobody */
    SYSTEM_INFO info;
    char *top;

    GetSystemInfo(&info);
    top = (char *)info.lpMaximumApplicationAddress - 0xFFFF;
    CHECK(IsBadReadPtr(top + 0x20000, 1));
    HeapValidate(GetProcessHeap(), 0, top + 0x20000);
    returned++;
}

static void where_the_system_probes_memory(void)
{
    returned = 0;
    CHECK(!ff_magnifier_rt_fault_call(do_probe, NULL));
    CHECK(returned == 1);
}

static void when_nobody_watches(void)
{
    ff_magnifier_rt_fault_unwatch();
    ff_magnifier_rt_fault_unwatch();
    returned = seen = 0;
    CHECK(!ff_magnifier_rt_fault_call(do_fault, NULL));
    CHECK(seen == 1 && returned == 1);
    ff_magnifier_rt_fault_watch();
    ff_magnifier_rt_fault_watch();
    CHECK(ff_magnifier_rt_fault_call(do_fault, NULL) == AVERROR_EXTERNAL);
    CHECK(seen == 1 && returned == 1);
    ff_magnifier_rt_fault_unwatch();
    CHECK(!ff_magnifier_rt_fault_call(do_fault, NULL));
    CHECK(seen == 2 && returned == 2);
}

int main(void)
{
    page = VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_READWRITE);
    AddVectoredExceptionHandler(0, handle);
    ff_magnifier_rt_fault_watch();

    RUN(a_call_that_does_not_fault_is_a_call);
    RUN(a_fault_is_left_and_told);
    RUN(out_of_a_window_procedure);
    RUN(registers_stack_and_flags);
#if ARCH_X86_32
    RUN(the_list_of_exception_handlers);
#endif
    RUN(outside_of_a_call);
    RUN(of_another_thread);
    RUN(of_another_kind);
    RUN(where_the_system_probes_memory);
    RUN(when_nobody_watches);
    return tap_end("fault");
}
