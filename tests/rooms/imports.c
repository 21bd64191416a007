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

#include <stdint.h>
#include <string.h>

#include <windows.h>

#include "imports.h"

void *imports_replace(const char *name, void *replacement)
{
    uint8_t *base = (uint8_t *)GetModuleHandleW(NULL);
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *nt = (const IMAGE_NT_HEADERS *)(base + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *dir =
        &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    const IMAGE_IMPORT_DESCRIPTOR *dll =
        (const IMAGE_IMPORT_DESCRIPTOR *)(base + dir->VirtualAddress);
    void *original = NULL;

    for (; dll->Name; dll++) {
        const IMAGE_THUNK_DATA *names =
            (const IMAGE_THUNK_DATA *)(base + dll->OriginalFirstThunk);
        IMAGE_THUNK_DATA *table = (IMAGE_THUNK_DATA *)(base + dll->FirstThunk);

        for (; names->u1.AddressOfData; names++, table++) {
            const IMAGE_IMPORT_BY_NAME *entry =
                (const IMAGE_IMPORT_BY_NAME *)(base + names->u1.AddressOfData);
            void *address = (void *)(uintptr_t)table->u1.Function;
            DWORD old;

            if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal) ||
                strcmp((const char *)entry->Name, name))
                continue;
            if (!VirtualProtect(table, sizeof(*table), PAGE_READWRITE, &old))
                continue;
            table->u1.Function = (uintptr_t)replacement;
            VirtualProtect(table, sizeof(*table), old, &old);
            if (!original)
                original = address;
        }
    }
    return original;
}
