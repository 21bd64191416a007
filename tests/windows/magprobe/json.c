/*
 * magprobe: magprobe.json
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
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "json.h"
#include "magprobe.h"
#include "system.h"

#define PATH_LEN 32768

static struct Json {
    WCHAR path[PATH_LEN];
    WCHAR part[PATH_LEN];       ///< what is written; path itself where that is a device
    FILE *file;
    int nb;                     ///< answers
} json;

void json_quote(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (; *text && n + 3 < size; text++) {
        if (*text == '"' || *text == '\\')
            out[n++] = '\\';
        out[n++] = (unsigned char)*text < ' ' ? ' ' : *text;
    }
    out[n] = 0;
}

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "magprobe: %s %s (%s); --json FILE puts the answers elsewhere\n", options.json,
            what, why);
    json_drop();
    return -1;
}

static int complain_code(const char *what, DWORD code)
{
    char why[32];

    snprintf(why, sizeof(why), "error %lu", code);
    return complain(what, why);
}

/* What is there has to be a file that may be replaced, or a device. */
static int choose_part(void)
{
    HANDLE there = CreateFileW(json.path, GENERIC_WRITE,
                               FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                               OPEN_EXISTING, 0, NULL);
    DWORD code = there == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    int device = !code && GetFileType(there) != FILE_TYPE_DISK;

    if (!code)
        CloseHandle(there);
    if (code && code != ERROR_FILE_NOT_FOUND)
        return complain_code("cannot be written", code);
    _snwprintf(json.part, PATH_LEN - 1, L"%ls%ls", json.path, device ? L"" : L".part");
    return 0;
}

int json_begin(void)
{
    const char *wine = wine_version() ? wine_version() : "";

    if (!MultiByteToWideChar(CP_UTF8, 0, options.json, -1, json.path, PATH_LEN - 8))
        return complain("cannot be written", "its name is too long");
    if (choose_part())
        return -1;
    json.file = _wfopen(json.part, L"w");
    if (!json.file)
        return complain("cannot be written", strerror(errno));
    fprintf(json.file, "{ \"note\": \"%s\",\n  \"windows\": \"%s\",\n  \"wine\": \"%s\",\n"
            "  \"arch\": \"%s\",\n  \"answers\": [", UNSEEN, windows_version(), wine, built_for());
    return 0;
}

int json_answer(int question, const char *said, const char *facts)
{
    static char quoted[16384];

    json_quote(said, quoted, sizeof(quoted));
    fprintf(json.file, "%s\n    { \"question\": %d, \"answer\": \"%s\", \"facts\": [%s] }",
            json.nb++ ? "," : "", question, quoted, facts);
    if (fflush(json.file) || ferror(json.file))
        return complain("could not be written to its end", strerror(errno));
    return 0;
}

int json_end(int interrupted)
{
    int failed;

    fprintf(json.file, "\n  ]%s\n}\n", interrupted ? ",\n  \"interrupted\": true" : ",\n  \"whole\": true");
    failed = fflush(json.file) || ferror(json.file);
    failed = fclose(json.file) || failed;
    json.file = NULL;
    if (failed)
        return complain("could not be written to its end", strerror(errno));
    if (wcscmp(json.part, json.path) && !MoveFileExW(json.part, json.path, MOVEFILE_REPLACE_EXISTING))
        return complain_code("could not be given its name", GetLastError());
    *json.part = 0;
    return 0;
}

void json_drop(void)
{
    if (json.file)
        fclose(json.file);
    json.file = NULL;
    if (*json.part && wcscmp(json.part, json.path))
        DeleteFileW(json.part);
    *json.part = 0;
}
