/*
 * Windows Magnification API screen capture: fuzzer of what the callback is given
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
 * libFuzzer target. The input is what a DLL does with its blocks, and what it says of them: blocks are
 * made, drawn, delivered with any header, freed, and made anew by others; the heap fails at times.
 *
 * What is claimed of any header: it is taken if and only if it is of the size asked for and each row
 * lies in its block; then each row can be read. Of any story: nothing outside of a block is touched,
 * nor a block of others; what is read is what was drawn; only blocks of the DLL are freed, each once,
 * and those that were delivered in order and left as they were are; each delivered block is accounted for.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/macros.h"

#include "libavdevice/magnifier/header.h"
#include "libavdevice/magnifier/reclaim.h"

#include "tests/fuzz/claim.h"

#define BOX_CLAIM CLAIM
#include "tests/unit/heap_box.h"

#define PLACES   80     /* more than the ledger remembers */
#define APART    768
#define LARGEST  700
#define MARKED   16     /* bytes that a block must have to be marked */
#define OWNERS   3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t left;

/** A place in the arena, and what is known of the block that starts there. */
static struct {
    uint8_t drawn[LARGEST]; ///< what the DLL has drawn in its block
    size_t marked;          ///< bytes of the last delivery, 0: none since all of it was drawn
    int    unsure;          ///< a mark may be left in it
    int    delivered;       ///< in this session
    int    intact;          ///< the block that was delivered last is there
} places[PLACES];

static MagnifierLedger *ledger;
static MagnifierReclaimReport report;

static struct {
    unsigned deliveries, addresses;
    int      odd;           ///< something was wrong, so blocks may be left alone
} session;

static unsigned byte(void)
{
    if (!left)
        return 0;
    left--;
    return *input++;
}

/** Mostly near to what is right, sometimes any number. */
static uint32_t number(uint32_t right)
{
    static const uint32_t corners[] = { 0, 1, 3, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF };
    unsigned how = byte();
    uint32_t n = 0;

    if (how < 128)
        return right;
    if (how < 192)
        return right + how - 160;
    if (how < 200)
        return corners[how - 192];
    for (int i = 0; i < 4; i++)
        n = n << 8 | byte();
    return n;
}

/** Of one side of a picture. */
static int length(void)
{
    int n = number(1 + byte() % 12) & INT32_MAX;

    return FFMAX(n, 1);
}

static size_t start_of(int place)
{
    return 64 + (size_t)place * APART;
}

static uint8_t *address(int place)
{
    return heap.arena + start_of(place);
}

/** Does a block lie in this place, wherever it begins? */
static int is_taken(int place)
{
    for (int i = 0; i < heap.nb; i++)
        if (heap.blocks[i].start / APART == start_of(place) / APART)
            return 1;
    return 0;
}

static const Block *own_block(int place)
{
    const Block *block = block_at(start_of(place));

    return block && block->whose == DLL ? block : NULL;
}

/** The DLL draws pixels of one colour. No mark looks like one. */
static void draw(int place, size_t from, size_t to)
{
    const Block *block = own_block(place);

    from = FFMIN(from, block->size);
    to   = FFMIN(to, block->size);
    if (from >= to)
        return;
    memset(address(place) + from, byte(), to - from);
    memcpy(places[place].drawn + from, address(place) + from, to - from);
    if (!from && to == block->size)
        places[place].marked = places[place].unsure = 0;
}

static void dll_takes(int place)
{
    size_t size = 1 + (byte() << 8 | byte()) % LARGEST;

    if (is_taken(place))
        return;
    take(start_of(place), size, DLL);
    draw(place, 0, size);
    places[place].intact = 0;
}

static void dll_frees(int place)
{
    if (!own_block(place))
        return;
    give_back(address(place));
    places[place].intact = 0;
}

/** A stranger writes to what he gets, or the heap has: it keeps its list there. */
static void stranger_takes(int place)
{
    size_t at = byte() & 1 ? 0 : byte() % 32 * 8, size = 1 + byte();

    if (is_taken(place))
        return;
    take(start_of(place) + at, size, STRANGER);
    scribble(address(place) + at, 0, FFMIN(size, MARKED));
}

static void stranger_writes(int place)
{
    unsigned n = byte();

    for (int i = 0; i < heap.nb; i++) {
        Block *block = &heap.blocks[i];

        if (block->start / APART != start_of(place) / APART || block->whose != STRANGER)
            continue;
        if (n & 1)
            give_back(heap.arena + block->start);
        else
            scribble(heap.arena + block->start, n % block->size, 1);
        return;
    }
}

static int rows_lie_inside(const MagnifierPicture *p, uint32_t height, uint64_t row)
{
    unsigned __int128 last = p->offset + (unsigned __int128)(height - 1) * p->stride;

    return last + row <= p->size;
}

/** The DLL says something of its picture. @return the size that it gives */
static uint64_t say(MagnifierPicture *p, int *width, int *height, size_t room)
{
    uint32_t pad = byte() & 1 ? byte() % 16 : 0;
    uint64_t size;

    *width     = length();
    *height    = length();
    p->width   = number(*width);
    p->height  = number(*height);
    p->stride  = number(4 * (uint32_t)*width + pad);
    p->offset  = number(pad);
    size       = number(room);
    p->size    = byte() == 255 ? size << 32 | number(0) : size;
    return p->size;
}

/** @param there what can be read from block on, 0: nothing */
static void check_header(const MagnifierPicture *p, int width, int height, const uint8_t *block, size_t there)
{
    const char *wrong = ff_magnifier_header_check(p, width, height);
    uint64_t row      = 4 * (uint64_t)width;
    uint8_t pixels[LARGEST];

    CLAIM(!wrong == (p->width == (uint32_t)width && p->height == (uint32_t)height && p->stride >= row &&
                     rows_lie_inside(p, height, row)));
    CLAIM(!wrong || (*wrong && !strchr(wrong, '\n')));
    /* one that promises more than there is, is not read (control.c) */
    if (wrong || p->size > there)
        return;
    for (int y = 0; y < height; y++)
        memcpy(pixels, block + p->offset + y * (size_t)p->stride, row);
}

/** Is this a block that was delivered as it has to be, and is it known what it must show? */
static int is_in_order(const Block *block, size_t size)
{
    return block && size >= MARKED && size <= block->size && !heap.fail_lock;
}

static void deliver(int place)
{
    const Block *own = own_block(place);
    unsigned how  = byte(), from = byte() * 4, to = byte() * 4;
    int owner     = 1 + byte() % OWNERS, width, height, in_order;
    uint8_t *addr = address(place);
    MagnifierPicture picture;
    size_t size;

    if (own && how < 250) {
        if (how & 1)
            draw(place, 0, own->size);
        else if (how & 2)
            draw(place, from, to);
    }
    size = say(&picture, &width, &height, own ? own->size : 256);
    /* what a DLL holds to be a block may be none, but it is no other's */
    if (how >= 250) {
        own  = NULL;
        addr = how == 255 ? NULL : how >= 253 ? elsewhere + from : addr + 4 + from % 256;
        if (addr && block_at(addr - heap.arena))
            return;
    } else if (!own && block_at(start_of(place))) {
        return;
    }

    in_order = is_in_order(own, size);
    ff_magnifier_ledger_enter(ledger, addr, size, owner);
    if (own && in_order && !places[place].unsure && places[place].marked <= size)
        CLAIM(!memcmp(addr, places[place].drawn, size));
    else if (own && places[place].marked)
        places[place].unsure = 1;
    check_header(&picture, width, height, addr, own ? own->size : 0);
    ff_magnifier_ledger_leave(ledger);

    if (!addr)
        return;
    session.deliveries++;
    session.odd |= !in_order;
    if (addr != address(place))
        return;
    session.addresses += !places[place].delivered;
    places[place].delivered = 1;
    if (own) {
        places[place].intact = 1;
        places[place].marked = FFMIN(size, own->size);
    }
}

static void begin_session(void)
{
    memset(&session, 0, sizeof(session));
    session.odd = heap.fail_lock || heap.fail_locate || heap.fail_release || heap.unlisted ||
                  heap.untried != MAGNIFIER_FREED;
    for (int i = 0; i < heap.nb; i++)
        session.odd |= heap.blocks[i].unreadable;
}

/** The parts of the ledger's report, of which each block is in one. */
static unsigned nb_blocks(const MagnifierReclaimReport *r)
{
    return r->blocks[MAGNIFIER_FREED] + ff_magnifier_reclaim_left(r);
}

static void end_session(int abandoned)
{
    const int before = heap.released, whole = !session.odd && session.addresses < MAGNIFIER_LEDGER_HIGH;
    MagnifierReclaimReport now = { 0 }, again = { 0 };

    if (abandoned)
        ff_magnifier_ledger_abandon(ledger, &now);
    else
        ff_magnifier_ledger_settle(ledger, &now);
    CLAIM(!heap.locked);
    CLAIM(now.blocks[MAGNIFIER_FREED] == (unsigned)(heap.released - before));
    CLAIM(!abandoned || heap.released == before);
    CLAIM(nb_blocks(&now) >= session.addresses && nb_blocks(&now) <= session.deliveries);
    for (int i = 0; i < PLACES; i++) {
        /* what leaks comes back */
        if (whole && !abandoned && places[i].intact && places[i].delivered)
            CLAIM(!block_at(start_of(i)));
        places[i].unsure   |= places[i].marked > 0;
        places[i].delivered = places[i].intact = 0;
    }
    begin_session();

    ff_magnifier_ledger_settle(ledger, &again);
    CLAIM(!nb_blocks(&again) && !ff_magnifier_ledger_full(ledger));
    CLAIM(!ff_magnifier_ledger_retired_bytes(ledger));
    ff_magnifier_reclaim_add(&report, &now);
}

static void heap_fails(void)
{
    unsigned how = byte();

    heap.fail_lock    = how % 8 == 1;
    heap.fail_locate  = how % 8 == 2;
    heap.fail_release = how % 8 == 3;
    heap.unlisted     = how % 8 == 4;
    heap.committed    = how % 8 == 5 ? how : 0;
    if (how % 8 == 6 && heap.nb)
        heap.blocks[how / 8 % heap.nb].unreadable = 1;
    session.odd |= how % 8 && how % 8 < 7;
}

static void ask(void)
{
    uint64_t bytes = 0, idle = ff_magnifier_ledger_retired_bytes(ledger);
    char text[512], *small;
    size_t room = 1 + byte();

    for (int owner = 1; owner <= OWNERS; owner++)
        bytes += ff_magnifier_ledger_owner_bytes(ledger, owner);
    CLAIM(idle <= bytes && bytes <= (uint64_t)LARGEST * MAGNIFIER_LEDGER_SIZE);
    ff_magnifier_reclaim_text(text, sizeof(text), &report);
    CLAIM(strlen(text) < sizeof(text) - 1 && !strchr(text, '\n'));
    small = malloc(room);
    CLAIM(ff_magnifier_reclaim_text(small, room, &report) == small);
    CLAIM(strlen(small) < room && !strncmp(small, text, strlen(small)));
    free(small);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input = data;
    left  = size;
    empty_box();
    memset(places, 0, sizeof(places));
    memset(&report, 0, sizeof(report));
    heap.untried = byte() == 255 ? MAGNIFIER_SEGMENT_HEAP : MAGNIFIER_FREED;
    ledger = ff_magnifier_ledger_alloc(&fake_ops, 0x0123456789abcdef);
    begin_session();
    while (left) {
        unsigned what = byte();
        /* mostly one of a few, so that much happens to it */
        int place     = byte();

        place %= place < 192 ? 4 : PLACES;

        switch (what % 16) {
        case 0: case 1: case 2:
            dll_takes(place);
            break;
        case 3:
            dll_frees(place);
            break;
        case 4: case 5:
            stranger_takes(place);
            break;
        case 6:
            stranger_writes(place);
            break;
        case 7:
            ff_magnifier_ledger_retire(ledger, 1 + place % OWNERS);
            break;
        case 8:
            end_session(place == PLACES - 1);
            break;
        case 9:
            heap_fails();
            break;
        case 10:
            ask();
            break;
        default:
            deliver(place);
        }
        check_strangers();
    }
    heap.fail_lock = heap.fail_locate = heap.fail_release = heap.unlisted = 0;
    end_session(0);
    CLAIM(heap.untried == MAGNIFIER_FREED || !heap.released);
    ff_magnifier_ledger_free(&ledger);
    empty_box();
    return 0;
}
