/*
 * Windows Magnification API screen capture: fuzzer of what happens to windows
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
 * libFuzzer target. The input is the script of a desktop that means ill (tests/oracle): what it is like,
 * and then, step by step, which windows come, go, move and begin to match, what events and looks tell
 * of it, and what the API makes of it. What is claimed of any: no frame leaves that shows what it must
 * not, and each frame is given back once.
 *
 * build/tests/oracle/oracle -v -v --script FILE tells the story of an input.
 */

#include "tests/fuzz/claim.h"
#include "tests/oracle/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Desktop desktop;
    int clean;

    desktop.script = (Script) { .bytes = data, .nb = size };
    clean = oracle_run(&desktop, 0, 0);
    fflush(stdout); /* what it says of a leak */
    CLAIM(clean);
    return 0;
}
