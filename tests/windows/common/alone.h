/*
 * verify and magprobe: one at a time
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
 * Each of them shows windows and looks at the screen, so two at once would see
 * each other's windows. Whoever runs holds a mutex of the session that all ask
 * for, and its children know by their environment that they belong to it.
 */

#ifndef WINDOWS_ALONE_H
#define WINDOWS_ALONE_H

/** Was this process started by a program of the kit, which has asked? Before is_alone(). */
int is_started_by_the_kit(void);

/**
 * May this process show windows? From then on no other one may, unless this one starts it,
 * until this process ends, however it does.
 *
 * @return 0 if another one runs, or runs with more rights
 */
int is_alone(void);

/** Why not, as the rest of a line. */
#define NOT_ALONE "another magprobe or verify is running, and each would see the other's windows; " \
                  "start this one when that has ended"

#endif /* WINDOWS_ALONE_H */
