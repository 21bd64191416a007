/*
 * Simulator of Magnification.dll: frame blocks
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

/**
 * @file
 * Where does a frame lie, and who frees it when? The ledger of every block
 * that was ever given to a callback. By default: one block of the process heap
 * for a control, as large as the frame, kept while the size holds, and never
 * given back (the leak that is being imitated).
 *
 * Any thread may call; a lock is held for the look-up, never while somebody
 * else's code runs.
 */

#ifndef MAGSIM_BLOCKS_H
#define MAGSIM_BLOCKS_H

#include <stddef.h>
#include <stdint.h>
#include <windows.h>

typedef enum SimBlockState {
    SIM_BLOCK_UNUSED,
    SIM_BLOCK_IN_USE,           ///< its control is alive
    SIM_BLOCK_LEFT,             ///< its control is gone; a leak unless freed
    SIM_BLOCK_FREED_BY_CLIENT,
    SIM_BLOCK_FREED_BY_DLL,
    SIM_BLOCK_STOLEN            ///< freed by the DLL, now another owner's
} SimBlockState;

typedef struct SimBlock {
    uint8_t *data;              ///< what the callback is given
    size_t size;
    uint8_t *base;              ///< what was allocated: begins at or before data
    size_t base_size;
    HANDLE heap;                ///< NULL: VirtualAlloc
    SimBlockState state;
    unsigned serial;
    unsigned control;           ///< serial number of its control
    uint64_t checksum;          ///< of the data when the control was destroyed
    int has_checksum;
} SimBlock;

/** The blocks of one control. Belongs to the control's thread. */
typedef struct SimBlockSet {
    SimBlock *current[3];
    unsigned turn;
} SimBlockSet;

/**
 * The block for a frame of size bytes, by the rules of the profile at frame n.
 * @return NULL when there is no memory
 */
SimBlock *sim_block_for_frame(SimBlockSet *set, unsigned control, size_t size, unsigned n);

/** WM_DESTROY of the control. */
void sim_blocks_control_gone(SimBlockSet *set, unsigned control, unsigned n);

/** MagUninitialize. */
void sim_blocks_uninitialize(unsigned n);

/** The DLL is about to be unloaded. */
void sim_blocks_unload(void);

/** The process ends, no other thread is left: one of them may have died with the lock. */
void sim_blocks_exiting(void);

/**
 * What a walk over the process's heap is to say of one of its entries, by the profile.
 * @return 0: it is to pass it over
 */
int sim_block_on_walk(PROCESS_HEAP_ENTRY *entry);

/** Blocks allocated and not given back by anybody. */
int sim_blocks_live(void);

/** 1 if ptr was a frame block and is freed, 0 if it is one still, -1 if it never was. */
int sim_block_is_freed(const void *ptr);

typedef enum SimFreeVerdict {
    SIM_FREE_NOT_OURS,          ///< nothing to do with a frame: let it pass
    SIM_FREE_OURS,              ///< a frame block, may be freed by the client
    SIM_FREE_BAD                ///< a violation, logged; must not reach the heap
} SimFreeVerdict;

/** Somebody is about to free ptr by `how`. Judges, and keeps the ledger. */
SimFreeVerdict sim_block_on_free(const char *how, HANDLE heap, const void *ptr);

/**
 * Look for violations that no free shows, in the newest so many blocks; `when`
 * goes into the log.
 */
void sim_blocks_check(const char *when, int newest);

extern volatile LONG sim_blocks_freed_by_client, sim_blocks_freed_by_dll, sim_guard_violations;

#endif /* MAGSIM_BLOCKS_H */
