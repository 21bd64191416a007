/*
 * Simulator of Magnification.dll: the event log
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
 * One line an event, appended to the file that MAGSIM_LOG names (a Windows or
 * a Unix path). Several processes may share one file. A line is
 *
 *     MILLISECONDS PID:TID EVENT key=value ...
 *
 * Any thread may write. Without MAGSIM_LOG only what must not be overlooked
 * is written, to standard error.
 */

#ifndef MAGSIM_LOG_H
#define MAGSIM_LOG_H

#include <stddef.h>
#include <windows.h>

void sim_log_open(void);
void sim_log_close(void);

/** Is anybody listening? Saves the making of lines nobody reads. */
int sim_log_active(void);

void sim_log(const char *fmt, ...) __attribute__((format(gnu_printf, 1, 2)));

/** As sim_log(), and to standard error when there is no log file. */
void sim_shout(const char *fmt, ...) __attribute__((format(gnu_printf, 1, 2)));

/** Microseconds since the DLL was loaded. */
LONGLONG sim_now(void);

/**
 * Open a file whose name may be a Unix path.
 * @return INVALID_HANDLE_VALUE when it cannot be opened
 */
HANDLE sim_open_path(const WCHAR *path, DWORD access, DWORD disposition);

/** Memory of the simulator's own, never from the process heap that is measured. */
void *sim_alloc(size_t size);
void sim_free(void *ptr);

#endif /* MAGSIM_LOG_H */
