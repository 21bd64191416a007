/*
 * Test Anything Protocol for a Windows program
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

#ifndef TESTS_ROOMS_TAP_H
#define TESTS_ROOMS_TAP_H

#include <stdarg.h>
#include <stdio.h>

static int tap_done, tap_failed, tap_complaints;

/** A claim of the running test; the first few that do not hold are shown. */
#define CHECK(claim, ...) do {                                                \
        if (!(claim) && tap_complaints++ < 5)                                 \
            tap_complain(__FILE__, __LINE__, #claim, " " __VA_ARGS__);        \
    } while (0)

static void tap_complain(const char *file, int line, const char *claim,
                         const char *fmt, ...)
{
    va_list vl;

    printf("# %s:%d: %s:", file, line, claim);
    va_start(vl, fmt);
    vprintf(fmt, vl);
    va_end(vl);
    printf("\n");
}

static void tap_run(const char *name, void (*test)(void))
{
    tap_complaints = 0;
    test();
    tap_done++;
    tap_failed += !!tap_complaints;
    printf("%sok %d - %s\n", tap_complaints ? "not " : "", tap_done, name);
    fflush(stdout);
}

#define RUN(test) tap_run(#test, test)

/** The last thing a program does. @return its exit code */
static int tap_end(const char *program)
{
    printf("1..%d\n# %s: %d passed, %d failed\n", tap_done, program,
           tap_done - tap_failed, tap_failed);
    fflush(stdout);
    return !!tap_failed;
}

#endif /* TESTS_ROOMS_TAP_H */
