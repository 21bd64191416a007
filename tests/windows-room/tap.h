/*
 * Windows Magnification API screen capture: Test Anything Protocol, for tests
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
 * One line for each thing that was looked at, and a closing one.
 */

#ifndef TESTS_WINDOWS_ROOM_TAP_H
#define TESTS_WINDOWS_ROOM_TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_passed, tap_failed, tap_skipped;

/** Print "ok" or "not ok" and what it is about. @return cond */
static int ok(int cond, const char *fmt, ...)
{
    va_list vl;

    printf("%sok %d - ", cond ? "" : "not ", tap_passed + tap_failed + tap_skipped + 1);
    va_start(vl, fmt);
    vprintf(fmt, vl);
    va_end(vl);
    printf("\n");
    fflush(stdout);
    if (cond)
        tap_passed++;
    else
        tap_failed++;
    return cond;
}

/**
 * Say that something cannot be looked at here.
 *
 * @param runs it can on the Wine that these tests are made for: with CI in the environment
 *             this is a failure
 */
static void skip(int runs, const char *why)
{
    int number = tap_passed + tap_failed + ++tap_skipped, bad = runs && getenv("CI");

    printf(bad ? "not ok %d - skipped: %s\n" : "ok %d # SKIP %s\n", number, why);
    fflush(stdout);
    if (bad) {
        tap_skipped--;
        tap_failed++;
    } else { /* for build-aux/run-tests.sh, which tells it in the end */
        fprintf(stderr, "# skipped (%s): check %d\n", why, number);
    }
}

static int tap_end(void)
{
    printf("1..%d\n%d passed, %d failed, %d skipped\n", tap_passed + tap_failed + tap_skipped,
           tap_passed, tap_failed, tap_skipped);
    fflush(stdout);
    return tap_failed > 0;
}

#endif /* TESTS_WINDOWS_ROOM_TAP_H */
