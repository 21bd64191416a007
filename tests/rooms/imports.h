/*
 * Stand between a program and the functions it imports
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
 * Wine answers 0 to every question about handles in use, so they are counted
 * where they are made and given back: every call of this program, whichever
 * object file makes it, goes through its import table.
 */

#ifndef TESTS_ROOMS_IMPORTS_H
#define TESTS_ROOMS_IMPORTS_H

/**
 * Make this program call replacement where it calls the imported function
 * called name.
 *
 * @return the function itself, NULL if the program does not import it
 */
void *imports_replace(const char *name, void *replacement);

#endif /* TESTS_ROOMS_IMPORTS_H */
