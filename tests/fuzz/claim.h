/*
 * Windows Magnification API screen capture: what fuzzers claim
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
 * How does a fuzzer say that something is not so?
 */

#ifndef TESTS_FUZZ_CLAIM_H
#define TESTS_FUZZ_CLAIM_H

#include <stdio.h>
#include <stdlib.h>

#define CLAIM(cond)                                                             \
    do {                                                                        \
        if (!(cond)) {                                                          \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #cond);  \
            abort();                                                            \
        }                                                                       \
    } while (0)

#endif /* TESTS_FUZZ_CLAIM_H */
