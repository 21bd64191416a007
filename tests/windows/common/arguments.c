/*
 * verify and magprobe: what the command line says
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

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <windows.h>
#include <shellapi.h>

#include "arguments.h"

char **utf8_arguments(int *argc)
{
    WCHAR **wide = CommandLineToArgvW(GetCommandLineW(), argc);
    char **argv  = wide ? calloc(*argc + 1, sizeof(*argv)) : NULL;
    int i, size;

    for (i = 0; argv && i < *argc; i++) {
        size    = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        argv[i] = malloc(size + 1);
        if (!argv[i])
            return NULL;
        WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, argv[i], size, NULL, NULL);
    }
    LocalFree(wide);
    return argv;
}

int read_whole_number(const char *text, int least, int most, int *value)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    /* strtol() also takes blanks and a plus in front */
    if (!isdigit((unsigned char)text[*text == '-']) || *end || errno || n < least || n > most)
        return -1;
    *value = n;
    return 0;
}
