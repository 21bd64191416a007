/*
 * One desktop of the leak oracle, and what the guard makes of it
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
 * Does the guard let a frame leave that shows what it must not, on this desktop?
 */

#ifndef TESTS_ORACLE_RUN_H
#define TESTS_ORACLE_RUN_H

#include <stdint.h>

#include "desktop.h"

#define NB_KINDS 4

/** Counted over all desktops of a kind. */
typedef struct Totals {
    uint64_t runs, calls, frames, dirty, delivered, unproven, painted, leaks, gave_up;
    uint64_t refused[MAGNIFIER_GUARD_NB_REASONS];
} Totals;

typedef struct Kind {
    const char *name;
    void (*make)(Desktop *d, Profile *p);
    int  least;   ///< per cent of the slots that must deliver something
    Totals totals;
} Kind;

extern Kind oracle_kinds[NB_KINDS];

/**
 * Make a desktop and an API with faults of their own, and run the guard on them: for some hundred
 * slots, or as long as its script goes. A leak is printed.
 *
 * @param d    nothing of it counts but its script
 * @param seed of what the script does not say; the same one does the same again
 * @param tell each slot is printed
 * @return 0: something leaked
 */
int oracle_run(Desktop *d, uint64_t seed, int tell);

#endif /* TESTS_ORACLE_RUN_H */
