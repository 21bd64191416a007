/*
 * The leak oracle: frames through the guard, on a desktop that means ill
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
 * Does a frame ever leave that shows what it must not?
 *
 * Each seed makes a desktop and an API with faults of their own, and runs the guard
 * on them for some hundred slots. The same seed does the same again. What is printed
 * at the end must also show that there was something to find: frames that were
 * composed with a secret in them, and others that were delivered.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "run.h"

static int verbose;

static int run_seed(uint64_t seed)
{
    static Desktop desktop;

    return oracle_run(&desktop, seed, verbose > 1);
}

/** What a fuzzer has found (tests/fuzz/fuzz_events.c). */
static int run_script(const char *name)
{
    static uint8_t bytes[1 << 16];
    static Desktop desktop;
    FILE *file = fopen(name, "rb");

    if (!file) {
        perror(name);
        exit(2);
    }
    desktop.script = (Script) { .bytes = bytes, .nb = fread(bytes, 1, sizeof(bytes), file) };
    fclose(file);
    return oracle_run(&desktop, 0, verbose > 1);
}

static uint64_t total_frames(void)
{
    uint64_t n = 0;
    int i;

    for (i = 0; i < NB_KINDS; i++)
        n += oracle_kinds[i].totals.frames;
    return n;
}

static int print_totals(int judge)
{
    int i, j, ok = 1;

    printf("# %-8s %8s %9s %9s %9s %9s %9s %7s %6s\n", "desktop", "runs", "frames",
           "secret in", "delivered", "unproven", "painted", "gave up", "leaks");
    for (i = 0; i < NB_KINDS; i++) {
        const Totals *t = &oracle_kinds[i].totals;
        printf("# %-8s %8"PRIu64" %9"PRIu64" %9"PRIu64" %9"PRIu64" %9"PRIu64" %9"PRIu64
               " %7"PRIu64" %6"PRIu64"\n", oracle_kinds[i].name, t->runs, t->frames, t->dirty,
               t->delivered, t->unproven, t->painted, t->gave_up, t->leaks);
        for (j = 1; verbose && j < MAGNIFIER_GUARD_NB_REASONS; j++)
            if (t->refused[j])
                printf("#   %9"PRIu64" refused: %s\n", t->refused[j],
                       ff_magnifier_guard_reason_text(j));
        /* Nothing to find, or nothing let through: then it proves nothing. */
        if (judge && (t->delivered * 100 < t->calls * oracle_kinds[i].least || !t->dirty)) {
            printf("# %s: too little was delivered (%"PRIu64" of %"PRIu64" calls), or "
                   "no frame had a secret in it\n", oracle_kinds[i].name, t->delivered, t->calls);
            ok = 0;
        }
    }
    return ok;
}

int main(int argc, char **argv)
{
    uint64_t frames = 100000, seed = 1, first, one = 0;
    const char *script = NULL;
    double seconds = 0;
    int i, clean = 1, fair;
    clock_t begin = clock();

    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-v"))
            verbose++;
        else if (i + 1 < argc && !strcmp(argv[i], "--frames"))
            frames = strtoull(argv[++i], NULL, 0);
        else if (i + 1 < argc && !strcmp(argv[i], "--first"))
            seed = strtoull(argv[++i], NULL, 0);
        else if (i + 1 < argc && !strcmp(argv[i], "--seed"))
            one = strtoull(argv[++i], NULL, 0);
        else if (i + 1 < argc && !strcmp(argv[i], "--seconds"))
            seconds = strtod(argv[++i], NULL);
        else if (i + 1 < argc && !strcmp(argv[i], "--script"))
            script = argv[++i];
        else {
            fprintf(stderr, "usage: %s [-v] [--frames N] [--first SEED] [--seconds S] "
                    "| [-v [-v]] --seed SEED | [-v [-v]] --script FILE\n", argv[0]);
            return 2;
        }
    }
    desktop_trace = verbose > 1;
    if (one || script) {
        clean = script ? run_script(script) : run_seed(one);
        print_totals(0);
        return !clean;
    }
    for (first = seed; clean && total_frames() < frames; seed++) {
        if (seconds && (double)(clock() - begin) / CLOCKS_PER_SEC > seconds)
            break;
        clean = run_seed(seed);
    }
    fair = print_totals(clean && !seconds);
    printf("# seeds %"PRIu64" to %"PRIu64"\n", first, seed - 1);
    printf("# total: %"PRIu64" frames, %.1f s\n", total_frames(),
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    printf("1..1\n%sok 1 - %"PRIu64" frames on desktops that mean ill: %s\n",
           clean && fair ? "" : "not ", total_frames(),
           clean ? "none leaked" : "one leaked");
    if (!clean)
        printf("# again: %s -v -v --seed %"PRIu64"\n", argv[0], seed - 1);
    return !clean || !fair;
}
