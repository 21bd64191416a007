/*
 * verify: the kit's folder, and its folder "work"
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

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

/* Logs and two small recordings are a few MB. */
#define WANTED_MB 20

WCHAR kit_path[MAX_PATH_LEN];

void kit_file(WCHAR *path, const WCHAR *name)
{
    _snwprintf(path, MAX_PATH_LEN - 1, L"%ls\\%ls", kit_path, name);
    path[MAX_PATH_LEN - 1] = 0;
}

void work_file(WCHAR *path, const WCHAR *name)
{
    _snwprintf(path, MAX_PATH_LEN - 1, L"%ls\\work%ls%ls", kit_path, *name ? L"\\" : L"", name);
    path[MAX_PATH_LEN - 1] = 0;
}

const char *error_words(DWORD code)
{
    static const struct { DWORD code; const char *words; } known[] = {
        { ERROR_FILE_NOT_FOUND,       "it is not there"             },
        { ERROR_PATH_NOT_FOUND,       "its folder is not there"     },
        { ERROR_ACCESS_DENIED,        "access is denied"            },
        { ERROR_WRITE_PROTECT,        "it is write-protected"       },
        { ERROR_SHARING_VIOLATION,    "another program has it open" },
        { ERROR_HANDLE_DISK_FULL,     "the disk is full"            },
        { ERROR_DISK_FULL,            "the disk is full"            },
        { ERROR_FILENAME_EXCED_RANGE, "the path is too long"        },
    };
    static char text[80];
    size_t i;

    snprintf(text, sizeof(text), "error %lu", code);
    for (i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (code == known[i].code)
            snprintf(text, sizeof(text), "error %lu, %s", code, known[i].words);
    return text;
}

/* A program of the C library says why in errno, and the system in its own way. */
DWORD write_error(void)
{
    return errno == ENOSPC ? ERROR_DISK_FULL : GetLastError();
}

static BOOL work_try_remove(void)
{
    WCHAR path[MAX_PATH_LEN];
    WIN32_FIND_DATAW found;
    HANDLE find;

    work_file(path, L"*");
    find = FindFirstFileW(path, &found);
    if (find != INVALID_HANDLE_VALUE) {
        do {
            work_file(path, found.cFileName);
            DeleteFileW(path);
        } while (FindNextFileW(find, &found));
        FindClose(find);
    }
    work_file(path, L"");
    return RemoveDirectoryW(path) || GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES;
}

/* A virus scanner may have a file open for a moment, and tells nobody when it is done. */
void work_remove(void)
{
    int tries = 40;

    while (!work_try_remove() && --tries)
        Sleep(50);
}

int disk_is_full(int wanted_mb)
{
    WCHAR path[MAX_PATH_LEN];
    ULARGE_INTEGER left;

    work_file(path, L"");
    return GetDiskFreeSpaceExW(path, &left, NULL, NULL) && left.QuadPart >> 20 < (ULONGLONG)wanted_mb;
}

static int work_make(void)
{
    WCHAR path[MAX_PATH_LEN];
    DWORD code, attributes;

    work_try_remove();
    work_file(path, L"");
    if (CreateDirectoryW(path, NULL))
        return 0;
    code       = GetLastError();
    attributes = GetFileAttributesW(path);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        printf("This folder cannot be written to (the folder work in it: %s): copy it to one that can, "
               "such as the desktop, and start it there.\n", error_words(code));
    else if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        printf("There is a file \"work\" here, where a folder of that name is needed (%s): rename it, "
               "or remove it.\n", error_words(code));
    else
        return 0;
    return -1;
}

/* An older report stays until this one has something to say, and then it is replaced. */
static int report_can_be_replaced(void)
{
    WCHAR path[MAX_PATH_LEN];
    HANDLE file;

    kit_file(path, L"report.md");
    file = CreateFileW(path, GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    else if (GetLastError() != ERROR_FILE_NOT_FOUND) {
        printf("The report.md that is here cannot be replaced (%s): move it away.\n",
               error_words(GetLastError()));
        return 0;
    }
    return 1;
}

/* A program is started, and its files are opened, by a path of MAX_PATH at most. */
static int path_is_short(void)
{
    const size_t most = MAX_PATH - sizeof("\\x86_64\\magprobe.exe"), len = wcslen(kit_path);

    if (len > most)
        printf("The path of this folder is too long (%u letters, of %u at most): copy it to one that is "
               "nearer to the root, such as the desktop, and start it there.\n", (unsigned)len, (unsigned)most);
    return len <= most;
}

int folder_prepare(void)
{
    if (!path_is_short() || !report_can_be_replaced() || work_make())
        return -1;
    if (!disk_is_full(WANTED_MB))
        return 0;
    printf("The disk of this folder is full: %d MB are needed.\n", WANTED_MB);
    work_try_remove();
    return -1;
}

void work_delete(const WCHAR *name)
{
    WCHAR path[MAX_PATH_LEN];

    work_file(path, name);
    DeleteFileW(path);
}

char *work_read(const WCHAR *name)
{
    WCHAR path[MAX_PATH_LEN];
    long size = 0;
    char *text = NULL;
    FILE *f;

    work_file(path, name);
    f = _wfopen(path, L"rb");
    if (!f)
        return NULL;
    if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 && (text = malloc(size + 1))) {
        rewind(f);
        text[fread(text, 1, size, f)] = 0;
    }
    fclose(f);
    return text;
}

/* The programs lie in folders beside this program's own. */
int find_kit(void)
{
    WCHAR path[MAX_PATH_LEN], *slash;
    int i;

    if (!GetModuleFileNameW(NULL, kit_path, MAX_PATH_LEN - 64))
        return -1;
    for (i = 0; i < 2; i++) {
        slash = wcsrchr(kit_path, L'\\');
        if (!slash)
            return -1;
        *slash = 0;
    }
    kit_file(path, L"x86_64\\ffmpeg.exe");
    return GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES ? -1 : 0;
}
