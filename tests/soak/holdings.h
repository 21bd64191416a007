/*
 * What a process holds: memory, handles, GDI and USER objects
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
 * What does this process hold right now?
 *
 * Wine 8 answers 0 to GetProcessHandleCount(), GetGuiResources() and to the private
 * bytes of GetProcessMemoryInfo(), so everything here is counted at its source; "cycles
 * selftest" makes one of each kind and sees its number rise and fall.
 */

#ifndef TESTS_SOAK_HOLDINGS_H
#define TESTS_SOAK_HOLDINGS_H

#include <stdint.h>

typedef struct Holdings {
    uint64_t heap;      ///< bytes in busy blocks of the process heap
    int frames;         ///< of these blocks, those of 1 MB and more
    uint64_t large;     ///< bytes in those
    int64_t allocated;  ///< bytes asked for by av_malloc() and not given back, since
                        ///< holdings_init(), in blocks below 1 MB. A leak too small for "heap" is seen here: Wine's
                        ///< heap, as that of Windows, keeps small blocks by the dozen in large ones
    uint64_t committed; ///< private committed bytes
    uint64_t gap;       ///< largest free range of addresses
    int handles;        ///< as the system counts them; -1: it does not tell
    int threads;
    int gdi;            ///< GDI objects, as above
    int user;           ///< windows of the process, and the hooks, icons, timers, DCs and
                        ///< classes that this program has made and not given back
} Holdings;

/** Start counting calls. Before anything else in main(). */
void holdings_init(void);

void holdings_read(Holdings *h);

#endif /* TESTS_SOAK_HOLDINGS_H */
