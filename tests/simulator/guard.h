/*
 * Simulator of Magnification.dll: the guard
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
 * Who frees a frame block, and rightly? Calls that give memory back are seen
 * by replacing HeapFree, HeapReAlloc, VirtualFree and the C library's free and
 * realloc in the import tables of the client's modules (every loaded module
 * that does not lie in the system folder). A violation is written to the log
 * as a line with `GUARD:`, is counted, and the offending call is not carried
 * out, so that the process lives to tell. A free on another way is noticed
 * later, by its effect.
 */

#ifndef MAGSIM_GUARD_H
#define MAGSIM_GUARD_H

/** Watch all modules that are loaded by now; may be called again for new ones. */
void sim_guard_install(void);

/** Give the import tables back, before the DLL goes. */
void sim_guard_remove(void);

#endif /* MAGSIM_GUARD_H */
