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
 * Such are reported of MagSetWindowSource() on machines with several monitors, and two products
 * wrap the call in __try and __except for it. Nobody else would handle the exception, so the
 * whole program would end. Here the call is left instead, once: what state it leaves the API in
 * is unknown, so whoever made it makes no other in this process (ff_magnifier_rt_faulted()).
 *
 * Answered is an access violation of the thread that makes the call, between its entry and its
 * return, and not in ntdll, kernel32 or kernelbase. Every other exception is its program's as before.
 * One that the API, or a driver below it, would have handled itself is taken for a fault, too.
 * All functions run on the runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_FAULT_H
#define AVDEVICE_MAGNIFIER_FAULT_H

#include <stddef.h>

/**
 * From now on faults are answered: adds a vectored exception handler to the process. To be
 * ended by ff_magnifier_rt_fault_unwatch(). Where it cannot be done (other processors than x86, other
 * compilers than those of MinGW) it does nothing.
 */
void ff_magnifier_rt_fault_watch(void);

/** Take the handler away; nothing to do if there is none. */
void ff_magnifier_rt_fault_unwatch(void);

/**
 * Call fn(opaque). Not to be nested.
 *
 * @return 0; AVERROR_EXTERNAL when it raised an access violation: nothing that fn was about to
 *         do after that happens, and no handler of what it had called has run
 */
int ff_magnifier_rt_fault_call(void (*fn)(void *opaque), void *opaque);

/** Has a call of this process faulted? Then it stays so. */
int ff_magnifier_rt_faulted(void);

/**
 * What the fault was, as "an access violation at Magnification.dll+0x1a2b, reading 0x10".
 *
 * @return buf, always terminated
 */
char *ff_magnifier_rt_fault_text(char *buf, size_t size);

#endif /* AVDEVICE_MAGNIFIER_FAULT_H */
