/*
 * What the guard costs: 500 windows, nothing changes
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
 * The guard's own part of a slot, with operations that cost next to nothing. No limit is
 * enforced here: clocks of busy machines are no test.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "libavdevice/magnifier/guard.h"

static int nb_windows, shuffled, slots;
static uint64_t set[MAGNIFIER_GUARD_MAX_LIST + MAGNIFIER_GUARD_MAX_CANARIES];
static int nb_set;
static double in_looks;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

static int op_drain(void *opaque, MagnifierGuardList *events)
{
    return 0;
}

static int64_t op_clock(void *opaque)
{
    return slots * INT64_C(16667);
}

static int op_look(void *opaque, MagnifierGuardList *windows)
{
    double begin = now();
    int i;

    for (i = 0; i < nb_windows; i++) {
        /* shuffled: the lower half is stacked anew in each slot */
        int n = shuffled && i > nb_windows / 2 ? (i * 7 + slots) % (nb_windows / 2) +
                                                 nb_windows / 2 : i;
        MagnifierRect r = { n, n, n + 100, n + 100 };
        ff_magnifier_guard_add(windows, 0x10000 + 2 * n, n + 1,
                               n < 20 ? MAGNIFIER_GUARD_VISIBLE : 0, &r);
    }
    in_looks += now() - begin;
    return 0;
}

static int op_set_list(void *opaque, const uint64_t *handles, int nb)
{
    int i;

    for (i = 0; i < nb; i++)
        set[i] = handles[i];
    nb_set = nb;
    return 0;
}

static int op_get_list(void *opaque, int part, uint64_t *handles, int max)
{
    int i;

    for (i = 0; i < FFMIN(nb_set, max); i++)
        handles[i] = set[i];
    return part ? AVERROR_EOF : nb_set;
}

static int op_begin_canary(void *opaque, uint64_t *handles, int *nb)
{
    handles[0] = 1;
    *nb        = 1;
    return 0;
}

static void op_end_canary(void *opaque)
{
}

static int op_may_be_seen(void *opaque)
{
    return 0;
}

static void op_begin_read(void *opaque)
{
}

static int op_end_read(void *opaque, int wait)
{
    return 1;
}

static int op_capture(void *opaque, int control, void **frame, int *exposed)
{
    *frame   = set;
    *exposed = control;
    return 0;
}

static void op_discard(void *opaque, void *frame)
{
}

static int op_paint(void *opaque, void *frame, const MagnifierRect *rects, int nb)
{
    return 0;
}

static const MagnifierGuardOps ops = {
    .clock        = op_clock,
    .drain        = op_drain,
    .look         = op_look,
    .set_list     = op_set_list,
    .get_list     = op_get_list,
    .begin_canary = op_begin_canary,
    .end_canary   = op_end_canary,
    .may_be_seen  = op_may_be_seen,
    .begin_read   = op_begin_read,
    .end_read     = op_end_read,
    .capture      = op_capture,
    .discard      = op_discard,
    .paint        = op_paint,
};

static void bench(const char *name, int windows, int shuffle)
{
    MagnifierGuard *guard = ff_magnifier_guard_alloc(&ops, NULL, NULL);
    MagnifierGuardReport report;
    double begin = 0, total;
    void *frame;
    int warm_up = 100, n = 20000;

    if (!guard)
        abort();
    nb_windows = windows;
    shuffled   = shuffle;
    for (slots = 0; slots < warm_up + n; slots++) {
        if (slots == warm_up) {
            begin    = now();
            in_looks = 0;
        }
        ff_magnifier_guard_next(guard, 1, &frame, &report);
    }
    total = now() - begin;
    printf("guard, %-44s %6.2f us a slot (and %.2f us to hand the windows over)\n", name,
           (total - in_looks) / n, in_looks / n);
    ff_magnifier_guard_free(&guard);
}

int main(void)
{
    bench("no matching window:", 0, 0);
    bench("20 matching windows, no change:", 20, 0);
    bench("500 matching windows, no change:", 500, 0);
    bench("500 matching windows, stacked anew each slot:", 500, 1);
    return 0;
}
