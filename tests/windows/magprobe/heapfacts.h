/*
 * magprobe: what a heap says of one block
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

#ifndef MAGPROBE_HEAPFACTS_H
#define MAGPROBE_HEAPFACTS_H

#include <windows.h>

/** Which kind of heap this is, by its signature: "NT", "segment" or what it is. */
const char *heap_kind(HANDLE heap);

/**
 * Say and note what HeapWalk(), HeapSize(), HeapValidate() and VirtualQuery()
 * say of the size bytes at src, which heap is believed to own.
 */
void heap_describe(HANDLE heap, const void *src, size_t size);

/** Busy blocks of size bytes and up to 16 KiB more, in the process heap. */
int heap_blocks_of_size(size_t size);

/** Bytes of private memory that are committed in this process. */
size_t private_bytes(void);

#endif /* MAGPROBE_HEAPFACTS_H */
