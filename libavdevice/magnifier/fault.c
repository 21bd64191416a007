/*
 * magnifier: a fault inside the API
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
 * What if a call of the API raises an access violation?
 *
 * GCC has no __try for Windows, so the exception is met by a vectored handler, and that cannot
 * simply jump away: Windows has its own frames and locks below it while it runs. So it rewrites
 * the context of the fault and says "go on". The thread then goes on in leave_call(), outside of
 * the exception, as if the code that faulted had called it, and from there longjmp() goes
 * back to ff_magnifier_rt_fault_call().
 *
 * Nothing is unwound on the way: the handlers of the frames in between (__finally, destructors)
 * are code of the API, in a state that nobody knows. So longjmp() must not unwind either. On
 * x86_64 it does so if setjmp() was given a frame, so it gets none, as in QEMU. On i686 it does so
 * if the thread's list of exception handlers (fs:0) has grown. That list would also lead into
 * frames that are gone by then, so its old head is put back first.
 *
 * What is lost by it: a lock that the call held stays locked. One of the API's does no harm, since
 * nobody calls that again. Those of the heap and of the loader would hang the program, and are
 * held in ntdll: one reason why faults there are not answered. The other is that a vectored handler
 * is asked before those of the frames. A function of ntdll, kernel32 or kernelbase that tries
 * memory (IsBadReadPtr(), HeapValidate()) handles its fault itself, and shall. A driver that does
 * such a thing in code of its own would be taken for one that faults. Should the call have come
 * through the kernel (a hook on window messages), a piece of the thread's kernel stack stays in use
 * till the thread ends: once a process, as there is one fault at most.
 *
 * A host that is built for hardware-enforced stack protection (/CETCOMPAT) has a shadow stack,
 * and Windows may refuse to go on at an address that is not on it. Then the fault ends that
 * program, as it would without a handler.
 */

#include "config.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/macros.h"

#include "fault.h"

/** Room between the stack pointer of the code that faulted and the new frame. */
#define STACK_GAP 256
#define DIRECTION_FLAG 0x400

#if ARCH_X86_64 && defined(__MINGW32__)
#define SAVE(env) _setjmp(env, NULL)
#elif ARCH_X86_32 && defined(__MINGW32__) && HAVE_INLINE_ASM
#define SAVE(env) setjmp(env)
#endif

/** One module in memory. */
typedef struct Module {
    uintptr_t start;
    size_t size;
} Module;

/** There is one runtime's thread, so there is one of these. */
static struct {
    void *handler;              ///< NULL: not watching
    Module system[3];           ///< in which a fault is not answered

    DWORD thread;               ///< that makes the call
    volatile LONG armed;        ///< the call goes on
    jmp_buf env;                ///< before it
    void *exceptions;           ///< i686: head of the thread's list of handlers before it

    int faulted;
    uintptr_t address;          ///< of the code
    ULONG_PTR access;           ///< 0: reading, 1: writing, 8: executing, ...
    ULONG_PTR data;             ///< ... that address
} fault;

#ifdef SAVE
static void find_module(Module *module, const WCHAR *name)
{
    const char *base = (const char *)GetModuleHandleW(name);
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;

    if (!base)
        return;
    module->start = (uintptr_t)base;
    module->size  = ((const IMAGE_NT_HEADERS *)(base + dos->e_lfanew))->OptionalHeader.SizeOfImage;
}

static int is_in_system(uintptr_t address)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(fault.system); i++)
        if (address - fault.system[i].start < fault.system[i].size)
            return 1;
    return 0;
}

/** Where the thread goes on, with nobody to return to. */
static av_noreturn void leave_call(void)
{
#if ARCH_X86_32
    __asm__ volatile ("movl %0, %%fs:0" :: "r" (fault.exceptions));
#endif
#if HAVE_INLINE_ASM
    __asm__ volatile ("emms"); /* the call may have been at work with MMX or the x87 */
#endif
    longjmp(fault.env, 1);
}

/** The code that is to call leave_call() in place of what it was about to do. */
static void redirect(CONTEXT *context)
{
    /* as if by a call: the stack is aligned to 16 bytes before the return address */
#if ARCH_X86_64
    context->Rip = (uintptr_t)leave_call;
    context->Rsp = ((context->Rsp - STACK_GAP) & ~(uintptr_t)15) - sizeof(void *);
#else
    context->Eip = (uintptr_t)leave_call;
    context->Esp = ((context->Esp - STACK_GAP) & ~(uintptr_t)15) - sizeof(void *);
#endif
    context->EFlags &= ~DIRECTION_FLAG;
}

/** May run on any thread, with any lock held: looks at memory, and calls nothing. */
static LONG CALLBACK attribute_align_arg answer(EXCEPTION_POINTERS *exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;

    if (GetCurrentThreadId() != fault.thread || !fault.armed ||
        record->ExceptionCode != EXCEPTION_ACCESS_VIOLATION ||
        record->ExceptionFlags & EXCEPTION_NONCONTINUABLE || record->NumberParameters < 2 ||
        is_in_system((uintptr_t)record->ExceptionAddress))
        return EXCEPTION_CONTINUE_SEARCH;

    fault.armed   = 0;
    fault.faulted = 1;
    fault.address = (uintptr_t)record->ExceptionAddress;
    fault.access  = record->ExceptionInformation[0];
    fault.data    = record->ExceptionInformation[1];
    redirect(exception->ContextRecord);
    return EXCEPTION_CONTINUE_EXECUTION;
}

/** The API still knows addresses of this code, as of its callback: it has to stay. */
static av_cold void stay_loaded(void)
{
    HMODULE module;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                       (const WCHAR *)(const void *)&fault, &module);
}
#endif /* SAVE */

av_cold void ff_magnifier_rt_fault_watch(void)
{
#ifdef SAVE
    if (fault.handler)
        return;
    find_module(&fault.system[0], L"ntdll.dll");
    find_module(&fault.system[1], L"kernel32.dll");
    find_module(&fault.system[2], L"kernelbase.dll");
    /* The first to be asked: what is answered here is nothing to tell a crash reporter. */
    fault.handler = AddVectoredExceptionHandler(1, answer);
#endif
}

av_cold void ff_magnifier_rt_fault_unwatch(void)
{
    if (fault.handler)
        RemoveVectoredExceptionHandler(fault.handler);
    fault.handler = NULL;
}

int ff_magnifier_rt_fault_call(void (*fn)(void *opaque), void *opaque)
{
#ifdef SAVE
    fault.thread = GetCurrentThreadId();
#if ARCH_X86_32
    __asm__ volatile ("movl %%fs:0, %0" : "=r" (fault.exceptions));
#endif
    if (SAVE(fault.env)) {
        stay_loaded();
        return AVERROR_EXTERNAL;
    }
    fault.armed = 1;
#endif
    fn(opaque);
    fault.armed = 0;
    return 0;
}

int ff_magnifier_rt_faulted(void)
{
    return fault.faulted;
}

char *ff_magnifier_rt_fault_text(char *buf, size_t size)
{
    const WCHAR *address = (const WCHAR *)fault.address;
    WCHAR path[MAX_PATH], *name;
    HMODULE module = NULL;
    char file[3 * MAX_PATH]; /* UTF-8 */
    DWORD len = 0;

    if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, address, &module))
        len = GetModuleFileNameW(module, path, MAX_PATH);
    path[MAX_PATH - 1] = 0;
    name = len ? wcsrchr(path, L'\\') : NULL;
    if (!len || !WideCharToMultiByte(CP_UTF8, 0, name ? name + 1 : path, -1,
                                     file, sizeof(file), NULL, NULL))
        snprintf(file, sizeof(file), "unknown code");
    snprintf(buf, size, "an access violation at %s+0x%llx, %s 0x%llx", file,
             (unsigned long long)(fault.address - (uintptr_t)module),
             fault.access == 1 ? "writing" : fault.access == 8 ? "executing" : "reading",
             (unsigned long long)fault.data);
    return buf;
}
