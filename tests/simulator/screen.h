/*
 * Simulator of Magnification.dll: what a read of the screen shows and costs
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
 * GDI's reads of the screen as Windows's DWM answers them, in the places of
 * the functions of the same names in the program's import tables: they wait
 * for a refresh, and Windows 7 leaves layered windows out. Any thread.
 */

#ifndef MAGSIM_SCREEN_H
#define MAGSIM_SCREEN_H

#include <windows.h>

BOOL WINAPI sim_screen_bitblt(HDC dst, int x, int y, int width, int height,
                              HDC src, int from_x, int from_y, DWORD rop);

/* What stood in the place of the one above; it is called in the end. */
void sim_screen_bitblt_was(void *original);
COLORREF WINAPI sim_screen_get_pixel(HDC dc, int x, int y);

#endif /* MAGSIM_SCREEN_H */
