/*
 * magprobe: which kinds of windows are left out?
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
 * How a window is looked at, with and without a list. One thread.
 */

#ifndef MAGPROBE_KINDS_H
#define MAGPROBE_KINDS_H

#include "shot.h"

/** What a list does to a window. */
typedef struct Kind {
    int before, listed;         ///< pixels of its colour without and with a list
    int rest;                   ///< pixels around it that another picture has when it is gone
} Kind;

/** Look at what is in r, without a list and with one. @return 0, or -1 without pictures */
int kind_look(Session *s, HWND listed, const RECT *r, uint32_t colour, Kind *k);

/** Say how many pixels of a window of any look change when it is listed; in desktop.c. */
void kind_try_any(Session *s, const char *name, HWND hwnd);

/** The windows that this desktop has already; in desktop.c. */
void ask_desktop(Session *s);

#endif /* MAGPROBE_KINDS_H */
