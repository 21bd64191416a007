/*
 * magprobe: another process with windows
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
 * The probe itself, started once more as a stranger: its windows belong to
 * another process. One thread.
 */

#ifndef MAGPROBE_HELPER_H
#define MAGPROBE_HELPER_H

#include <windows.h>

/** Its window, relative to options.at. */
#define FOREIGN_X   200
#define FOREIGN_Y   100
#define KIND_SIZE    48
#define KIND_COLOUR 0xff00ff

/** What the hasty one and the flooding one do so many times. */
#define HASTY       100
#define FLOOD     12000         /* more than the 10000 messages that a queue takes */

typedef struct Helper {
    HANDLE process;
    DWORD pid;
} Helper;

/** Start it as name, for helper_main(); elevated asks the person at the machine. @return 0 or -1 */
int helper_start(Helper *h, const WCHAR *name, int elevated);

/** Its first visible window, waited for at most three seconds. @return NULL when there is none */
HWND helper_window(const Helper *h);

/** End it if it has not ended. */
void helper_end(Helper *h);

/** In the helper, in flip.c: draw a window by a flip-model swap chain. @return 0 or -1 */
int flip_open(HWND hwnd);

/** Is there one of that name? */
int is_helper(const char *name);

/** In the helper: be what name says, return the exit code. */
int helper_main(const char *name);

#endif /* MAGPROBE_HELPER_H */
