/*
 * magnifier: ledger of the frame blocks that the API leaks
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
 * Is this frame block ours to free?
 *
 * The API hands each frame to the callback in a block of the process heap
 * ("srcdata") and forgets that block when it is uninitialised. The ledger
 * remembers every block that was delivered, leaves a mark in it, and gives
 * back the ones that are proven to be what was remembered. Everything else is
 * left alone and counted by reason.
 *
 * One ledger serves one session of the API (MagInitialize to MagUninitialize)
 * and all captures in it. It has no lock of its own: every call is made on
 * the runtime's thread. It knows no Win32; the heap is reached through
 * MagnifierHeapOps (heap.c has the real one).
 */

#ifndef AVDEVICE_MAGNIFIER_RECLAIM_H
#define AVDEVICE_MAGNIFIER_RECLAIM_H

#include <stddef.h>
#include <stdint.h>

/** What the heap knows about an address. */
enum MagnifierHeapKind {
    MAGNIFIER_HEAP_UNKNOWN,    ///< the address is in no block of this heap
    MAGNIFIER_HEAP_FREE,       ///< in this heap, but in no busy block
    MAGNIFIER_HEAP_BUSY,       ///< a busy block starts exactly there
    MAGNIFIER_HEAP_INTERIOR,   ///< inside a busy block that starts before it
    MAGNIFIER_HEAP_UNREADABLE, ///< a busy block of which the bytes that are
                               ///< needed cannot be read and written
};

/** A question to the heap and its answer. */
typedef struct MagnifierHeapPlace {
    const void *addr;            ///< set by the asker; any value is allowed
    size_t need;                 ///< set by the asker: bytes from addr on that
                                 ///< have to be readable and writable
    enum MagnifierHeapKind kind; ///< set by locate()
    size_t size;                 ///< set by locate(): bytes of the busy block
                                 ///< (BUSY and UNREADABLE), else 0; some
                                 ///< heaps say more than there is
} MagnifierHeapPlace;

/** What became of a block. */
enum MagnifierBlockVerdict {
    MAGNIFIER_FREED,          ///< proven and given back
    MAGNIFIER_ALREADY_FREED,  ///< no longer a busy block: the DLL freed it
    MAGNIFIER_OTHER_HEAP,     ///< never was a block of the process heap
    MAGNIFIER_INTERIOR,       ///< lies inside a bigger block
    MAGNIFIER_SMALLER,        ///< smaller than the callback said
    MAGNIFIER_CHANGED,        ///< our mark is gone: somebody else's by now
    MAGNIFIER_TOO_SMALL,      ///< no room for a mark, so nothing to prove by
    MAGNIFIER_HEAP_DOUBT,     ///< the heap could not be locked or walked, or
                              ///< refused the free
    MAGNIFIER_NOT_REMEMBERED, ///< came when the ledger was full
    MAGNIFIER_ABANDONED,      ///< the API session did not end cleanly
    MAGNIFIER_NOT_LISTED,     ///< a block, but the walk over the heap does
                              ///< not come across it
    MAGNIFIER_SEGMENT_HEAP,   ///< in a kind of heap, or ...
    MAGNIFIER_ON_ARM64,       ///< ... on a processor, that nobody has tried
    MAGNIFIER_VERDICTS
};

/**
 * The heap that the API allocates its frames from. No function but untried()
 * may allocate, log, raise, or call foreign code: they run under the heap's lock.
 */
typedef struct MagnifierHeapOps {
    /**
     * Why no block of this heap is to be marked or freed; MAGNIFIER_FREED when
     * there is no such reason. Called unlocked, once for a ledger.
     */
    enum MagnifierBlockVerdict (*untried)(void *opaque);

    /** Keep every other thread from changing the heap. 0, or AVERROR(). */
    int (*lock)(void *opaque);
    void (*unlock)(void *opaque);

    /**
     * Answer nb questions in one walk over the heap, comparing addresses
     * only: what an asked address points to is never touched. Called locked.
     *
     * @return 0, or AVERROR() when the heap could not be walked to its end
     *         (the answers are then worthless)
     */
    int (*locate)(void *opaque, MagnifierHeapPlace *places, int nb);

    /**
     * Size in bytes of the busy block that starts at addr, or 0. Cheap, as it
     * does not walk; any address is allowed. Called locked.
     */
    size_t (*busy_size)(void *opaque, const void *addr);

    /**
     * Free a block that locate() has just found BUSY. 0 or AVERROR().
     * Called locked.
     */
    int (*release)(void *opaque, void *addr);

    void *opaque;
} MagnifierHeapOps;

/**
 * The default heap of this process (heap.c). Stateless, needs no clean-up, and may be
 * used from any thread; while it is locked, no other thread of the process
 * allocates or frees on that heap. locate() walks it: 40 us with 1,000 blocks,
 * 7 ms with 100,000 (Wine), once at the end of a session.
 */
extern const MagnifierHeapOps ff_magnifier_process_heap;

/** How many distinct blocks one session remembers. */
#define MAGNIFIER_LEDGER_SIZE 64

/** From this many on the session should be ended at the next idle moment. */
#define MAGNIFIER_LEDGER_HIGH 48

/** Blocks and bytes by verdict. Zero it first; the functions below add. */
typedef struct MagnifierReclaimReport {
    unsigned blocks[MAGNIFIER_VERDICTS];
    uint64_t bytes [MAGNIFIER_VERDICTS];
} MagnifierReclaimReport;

typedef struct MagnifierLedger MagnifierLedger;

/**
 * Make an empty ledger. Everything it ever needs is allocated here, so no
 * later call can fail for want of memory.
 *
 * @param ops    the heap; must outlive the ledger
 * @param cookie a number nobody can guess (av_get_random_seed() twice), so
 *               that the mark is not met by accident
 * @return NULL when there is no memory. All functions below accept NULL and
 *         then do nothing, so a session without a ledger works, and leaks.
 */
MagnifierLedger *ff_magnifier_ledger_alloc(const MagnifierHeapOps *ops,
                                           uint64_t cookie);

/** Forget everything and free the ledger itself (no block); *ledger = NULL. */
void ff_magnifier_ledger_free(MagnifierLedger **ledger);

/**
 * Say that the API just delivered a block. To be called in the callback for
 * each delivery to a control of ours, before the pixels are read and also
 * when the frame will be refused (not armed, odd header): a block that is not
 * entered cannot be given back. Puts the pixels under an older mark back if
 * that mark is still there. Costs one look-up in the heap, and no walk.
 *
 * @param block srcdata; NULL is ignored
 * @param size  cbSize as the callback said, bytes; may be a lie
 * @param owner the capture, any number but 0; unique within the session
 */
void ff_magnifier_ledger_enter(MagnifierLedger *ledger, void *block,
                               size_t size, int owner);

/**
 * The pixels have been copied: leave the mark in the block that was entered
 * last. To be called before the callback returns; nothing may have freed the
 * block since ff_magnifier_ledger_enter().
 */
void ff_magnifier_ledger_leave(MagnifierLedger *ledger);

/**
 * The capture is closed, its control destroyed. Its blocks stay remembered
 * till the session ends.
 */
void ff_magnifier_ledger_retire(MagnifierLedger *ledger, int owner);

/**
 * Bytes of the blocks remembered for this capture that could be given back
 * at the end of the session.
 */
uint64_t ff_magnifier_ledger_owner_bytes(const MagnifierLedger *ledger,
                                         int owner);

/**
 * Bytes that ending the session now would give back: blocks of retired
 * captures, and blocks that a living capture has not been given for its last
 * 8 deliveries (it was given others). The runtime recycles the session in an
 * idle moment when this has grown too large.
 */
uint64_t ff_magnifier_ledger_retired_bytes(const MagnifierLedger *ledger);

/**
 * Is the table so full that the session should end at the next idle moment,
 * and would that empty it? Blocks that find no room at all are counted, never freed.
 */
int ff_magnifier_ledger_full(const MagnifierLedger *ledger);

/**
 * The session is over: free what is proven to be ours, and forget everything.
 * May be called only when every control and host window is destroyed and
 * MagUninitialize has returned. If Magnification.dll is going to be unloaded,
 * call this after FreeLibrary: then not even a DLL that frees or reuses its
 * block when it is unloaded can meet one that was freed here.
 *
 * Cannot fail: a block that cannot be proven is left alone. A second call
 * finds nothing. The ledger may be used again for a new session.
 *
 * @param report every block of the session is added here; may be NULL
 */
void ff_magnifier_ledger_settle(MagnifierLedger *ledger,
                                MagnifierReclaimReport *report);

/**
 * The session could not be ended (a call of the API hangs, a window could
 * not be destroyed): forget everything and free nothing.
 *
 * @param report as for ff_magnifier_ledger_settle()
 */
void ff_magnifier_ledger_abandon(MagnifierLedger *ledger,
                                 MagnifierReclaimReport *report);

/** dst += src */
void ff_magnifier_reclaim_add(MagnifierReclaimReport *dst,
                              const MagnifierReclaimReport *src);

/** Blocks in the report that were not freed. */
unsigned ff_magnifier_reclaim_left(const MagnifierReclaimReport *report);

/**
 * The report as one clause without a newline, for instance "3 blocks,
 * 44236800 bytes reclaimed; 1 block left alone: already freed by the DLL".
 *
 * @return buf, always terminated
 */
char *ff_magnifier_reclaim_text(char *buf, size_t size,
                                const MagnifierReclaimReport *report);

#endif /* AVDEVICE_MAGNIFIER_RECLAIM_H */
