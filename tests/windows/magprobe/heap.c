/*
 * magprobe: the heap: where does a frame lie, who frees it?
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

#include "frame.h"
#include "heapfacts.h"
#include "magprobe.h"

#define LARGE_WIDTH  700        /* a frame that a heap takes for a large block */
#define LARGE_HEIGHT 500
#define HEAP_LINKS    64        /* bytes that a heap itself writes into a free block */
#define NB_LIFE        4        /* frames of one size; shows three buffers in turn */

/** A block, found without believing anything of it. */
typedef struct Place {
    void *src;
    HANDLE heap;                ///< NULL: no heap knows it
    void *base;                 ///< what the heap knows, at or before src
} Place;

/* The busy block of this heap that holds ptr. */
static void *block_around(HANDLE heap, const void *ptr)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    void *found = NULL;

    if (!HeapLock(heap))
        return NULL;
    while (!found && HeapWalk(heap, &entry))
        if ((entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) && (const char *)ptr >= (char *)entry.lpData &&
            (const char *)ptr < (char *)entry.lpData + entry.cbData)
            found = entry.lpData;
    HeapUnlock(heap);
    return found;
}

static void find_place(void *src, Place *p)
{
    HANDLE heaps[64];
    DWORD nb = GetProcessHeaps(64, heaps), i;

    p->src  = p->base = src;
    p->heap = NULL;
    if (!src)
        return;
    for (i = 0; i < nb && i < 64 && !p->heap; i++)
        if (HeapValidate(heaps[i], 0, src))
            p->heap = heaps[i];
    if (p->heap)
        return;
    p->base = block_around(GetProcessHeap(), src);
    p->heap = p->base ? GetProcessHeap() : NULL;
    if (!p->base)
        p->base = src;
}

static int is_alive(const Place *p)
{
    MEMORY_BASIC_INFORMATION info;

    if (p->heap)
        return HeapValidate(p->heap, 0, p->base);
    return VirtualQuery(p->base, &info, sizeof(info)) && info.State == MEM_COMMIT;
}

static void report_place(const Place *p)
{
    size_t shift = (uintptr_t)p->src - (uintptr_t)p->base;

    if (!p->src)
        setting("block_place = null");
    else if (!p->heap)
        setting("block_place = virtual");
    else if (p->heap != GetProcessHeap())
        setting("block_place = private_heap");
    else if (!shift)
        setting("block_place = heap");
    else if (shift % 8)
        setting("block_place = misaligned");
    else
        setting("block_place = inside");
    if (p->heap && shift % 8)
        setting("block_shift = %u", (unsigned)shift);
    say("the frame lies %s", !p->src ? "nowhere" : !p->heap ? "in memory of no heap" :
        p->heap != GetProcessHeap() ? "in a heap that is not the process's" :
        shift ? "inside a block of the process heap" : "in a block of its own of the process heap");
}

static void report_life(void *const src[NB_LIFE])
{
    const char *life = src[1] == src[0] ? "session" : src[2] == src[0] ? "rotate2" :
                       src[3] == src[0] ? "rotate3" : "frame";

    setting("block_life = %s", life);
    say("lifetime of a block: %s", life);
}

/* The first use, then a smaller picture: what became of the first block? @return where the second
 * lies, 0 if no such picture came */
static int try_smaller(Session *s, const Scene *scene, const Place *large, Place *end)
{
    Frame f;

    frame_take(s, scene, SCENE_WIDTH, SCENE_HEIGHT, &f);
    if (!f.src)
        return 0;
    if (f.src == large->src)
        setting("block_replace = reuse");
    else
        setting("block_replace = %s", is_alive(large) ? "leak" : "free");
    find_place(f.src, end);
    return 1;
}

static uint64_t sum(const Place *p)
{
    const uint8_t *c = p->src;
    uint64_t sum = 1;
    size_t i;

    for (i = HEAP_LINKS; i < 4 * SCENE_WIDTH * (SCENE_HEIGHT - 1); i++)
        sum = sum * 31 + c[i];
    return sum;
}

/* Written to by somebody else: at once, or soon? */
static int is_stolen(const Place *p, uint64_t before)
{
    int64_t start = now_us(), ms;

    if (sum(p) != before)
        return 1;
    while (now_us() - start < 150000) {
        Sleep(5);
        if (!is_alive(p) || sum(p) == before)
            continue;
        ms = (now_us() - start) / 1000;
        setting("steal_delay_ms = %d", (int)ms);
        return 1;
    }
    return 0;
}

static const char *end_of_block(Session *s, const Place *p)
{
    uint64_t before = sum(p);

    session_close(s);
    if (!is_alive(p))
        return "free_at_destroy";
    session_end(s);
    if (!is_alive(p))
        return "free_at_uninit";
    if (is_stolen(p, before))
        return "stolen";
    FreeLibrary(s->api.dll);
    return is_alive(p) ? "leak" : "free_at_unload";
}

/* In a process of its own: is there a block although nobody asked for a callback? */
void ask_heap_without_callback(void)
{
    RECT r = { options.at.x, options.at.y, options.at.x + 500, options.at.y + 301 };
    Session s = { 0 };
    int before;

    if (session_begin(&s) || session_open(&s, 500, 301))
        return;
    before = heap_blocks_of_size(4 * 500 * 301);
    about_to_call(1);
    if (s.api.set_source(s.control, r)) {
        int more = heap_blocks_of_size(4 * 500 * 301) > before;

        setting("without_callback = %s", more ? "block" : "nothing");
        say(more ? "a frame is allocated all the same" : "no frame is allocated");
    }
    session_close(&s);
}

void ask_heap(void)
{
    Session s = { .visible = options.visible };
    void *src[NB_LIFE];
    Place large, end;
    Scene scene = { 0 };
    const char *how;
    Frame f;
    int i;

    if (session_begin(&s) || session_open(&s, LARGE_WIDTH, LARGE_HEIGHT) ||
        !s.api.set_callback(s.control, frame_callback))
        return;
    for (i = 0; i < NB_LIFE; i++) {
        frame_take(&s, &scene, LARGE_WIDTH, LARGE_HEIGHT, &f);
        src[i] = f.src;
        if (!f.callbacks && !f.late)
            return;
    }
    find_place(f.src, &large);
    report_place(&large);
    if (!f.src)
        return;
    if (large.heap)
        heap_describe(large.heap, large.src, f.header.cb_size);
    report_life(src);
    if (!try_smaller(&s, &scene, &large, &end)) {
        say("no second picture came, so its end is not known");
        return;
    }
    how = end_of_block(&s, &end);
    setting("block_end = %s", how);
    say("at its end: %s", how);
}

