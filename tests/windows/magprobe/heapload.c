/*
 * magprobe: the heap under load
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

#include <stdlib.h>

#include "heapfacts.h"
#include "magprobe.h"
#include "shot.h"

#define NB_THREADS   8
#define FRAME_BYTES  (4 * 2560 * 1440)
#define NB_SESSIONS  4

static volatile LONG stop;

/* As a program's threads do that decode: allocate and free all the time. */
static DWORD CALLBACK allocate(LPVOID arg)
{
    LONG *longest = arg;
    unsigned i = 1;

    while (!stop) {
        int64_t start = now_us(), us;
        void *p = HeapAlloc(GetProcessHeap(), 0, 16 + (i = i * 69069 + 1) % 400);

        us = now_us() - start;
        if (us > *longest)
            *longest = us;
        HeapFree(GetProcessHeap(), 0, p);
    }
    return 0;
}

static void free_under_lock(void)
{
    HANDLE heap = GetProcessHeap();
    void *block = HeapAlloc(heap, 0, FRAME_BYTES);
    int64_t start = now_us();
    BOOL ok;

    if (!block || !HeapLock(heap))
        return;
    about_to_call(1);
    ok = HeapFree(heap, 0, block);
    HeapUnlock(heap);
    say("HeapFree under one's own HeapLock returns %s after %d us", ok ? "TRUE" : "FALSE",
        (int)(now_us() - start));
    fact("free_under_lock", "%s", ok ? "TRUE" : "FALSE");
}

/* A walk of the whole heap under its lock, while others want to allocate. */
static void time_walk(int nb_blocks)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    int64_t start;
    int nb = 0;

    HeapLock(GetProcessHeap());
    start = now_us();
    while (HeapWalk(GetProcessHeap(), &entry) && now_us() - start < 4000000)
        nb++;
    HeapUnlock(GetProcessHeap());
    say("a walk of %d blocks takes %d ms", nb_blocks, (int)((now_us() - start) / 1000));
    fact("walk", "%d entries, %d us, after %d blocks", nb, (int)(now_us() - start), nb_blocks);
}

static void walk_beside_threads(void)
{
    static LONG longest[NB_THREADS];
    HANDLE threads[NB_THREADS];
    void **blocks = VirtualAlloc(NULL, 1000000 * sizeof(*blocks), MEM_COMMIT, PAGE_READWRITE);
    LONG most = 0;
    int i, nb = 0;

    for (i = 0; i < NB_THREADS; i++)
        threads[i] = CreateThread(NULL, 0, allocate, &longest[i], 0, NULL);
    for (; blocks && nb < 1000000; nb++) {
        if (nb == 100000)
            time_walk(nb);
        blocks[nb] = HeapAlloc(GetProcessHeap(), 0, 16 + nb % 48);
    }
    time_walk(nb);
    stop = 1;
    WaitForMultipleObjects(NB_THREADS, threads, TRUE, INFINITE);
    for (i = 0; i < NB_THREADS; i++)
        most = longest[i] > most ? longest[i] : most;
    say("meanwhile an allocation on another thread waits %ld ms at most", most / 1000);
}

/** What a session leaves in the process, its library unloaded. */
void ask_leak(void)
{
    RECT r = { 0, 0, 800, 600 };
    size_t before = 0, size = 0;
    int i, blocks = 0;

    for (i = 0; i <= NB_SESSIONS; i++) {
        Session s = { 0 };
        Shot shot = { 0 };

        if (shot_begin(&s, r.right, r.bottom) || shot_take(&s, &r, &shot))
            return;
        size = shot.header.cb_size;
        shot_free(&shot);
        session_close(&s);
        session_end(&s);
        FreeLibrary(s.api.dll);
        if (!i) {
            before = private_bytes();
            blocks = heap_blocks_of_size(size);
        }
    }
    blocks = heap_blocks_of_size(size) - blocks;
    say("%d sessions of %ldx%ld leave %d blocks of a frame's size and %ld KiB behind", NB_SESSIONS,
        r.right, r.bottom, blocks, ((long)private_bytes() - (long)before) / 1024);
    fact("blocks_left", "%d", blocks);
    fact("bytes_left", "%ld", (long)private_bytes() - (long)before);
}

void ask_heap_under_load(void)
{
    fact("process_heap", "%s", heap_kind(GetProcessHeap()));
    say("the process heap is of kind %s", heap_kind(GetProcessHeap()));
    free_under_lock();
    walk_beside_threads();
}
