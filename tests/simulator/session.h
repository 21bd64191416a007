/*
 * Simulator of Magnification.dll: the session
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
 * Is the runtime on, and whose is it? Process-wide and not counted: the thread
 * of the first MagInitialize owns it, and one MagUninitialize, by whomever,
 * ends it for all.
 */

#ifndef MAGSIM_SESSION_H
#define MAGSIM_SESSION_H

#include <windows.h>

/** MagInitialize on the calling thread. */
BOOL sim_session_begin(void);

/** MagUninitialize; `who` goes into the log. */
BOOL sim_session_end(const char *who);

int sim_session_active(void);

/** May the calling thread use the interface, as far as threads go? */
int sim_session_right_thread(void);

/**
 * Number of the coming frame, as the profile counts frames.
 * @param control_frames frames that this control has had
 */
unsigned sim_session_coming_frame(unsigned control_frames);

/** That frame is now being made. */
void sim_session_count_frame(void);

unsigned sim_session_frames(void);

/** The heap of block_place = private_heap; lives as long as the process. */
HANDLE sim_session_private_heap(void);

#endif /* MAGSIM_SESSION_H */
