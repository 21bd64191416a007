/*
 * pretend: what verify meets where a program of the kit is not well
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
 * A test puts it into the place of a program, as whose it then answers:
 *
 *   ffmpeg.exe    $PRETEND_FRAMES grey frames of the scene's size; and a warning of how long the
 *                 value of -exclude is, and how it begins and ends; $PRETEND_PAUSE milliseconds
 *                 before each
 *   ffprobe.exe   $PRETEND_SAYS
 *   magprobe.exe  $PRETEND_JSON is its file, if there is such a variable
 *
 * and each ends with the code $PRETEND_CODE.
 */

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "../common/arguments.h"

#define FRAME_SIZE (480 * 320 * 4)

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value ? value : "";
}

static void be_ffmpeg(char **argv)
{
    char *frame = malloc(FRAME_SIZE);
    int nb = atoi(variable("PRETEND_FRAMES")), pause = atoi(variable("PRETEND_PAUSE"));

    for (; *argv; argv++) {
        size_t len = argv[1] && !strcmp(*argv, "-exclude") ? strlen(argv[1]) : 0;

        if (len)
            fprintf(stderr, "[warning] %u bytes: %.20s ... %s\n", (unsigned)len, argv[1],
                    argv[1] + (len > 20 ? len - 20 : 0));
    }
    if (!frame)
        return;
    memset(frame, 0x60, FRAME_SIZE);
    _setmode(_fileno(stdout), _O_BINARY);
    while (nb-- > 0) {
        Sleep(pause);
        fwrite(frame, 1, FRAME_SIZE, stdout);
    }
    free(frame);
}

static void be_magprobe(void)
{
    FILE *f = getenv("PRETEND_JSON") ? fopen("magprobe.json", "w") : NULL;

    if (!f)
        return;
    fputs(variable("PRETEND_JSON"), f);
    fclose(f);
}

int main(void)
{
    int argc;
    char **argv = utf8_arguments(&argc);

    if (!argv)
        return 1;
    if (strstr(argv[0], "ffmpeg.exe"))
        be_ffmpeg(argv);
    else if (strstr(argv[0], "magprobe.exe"))
        be_magprobe();
    else
        puts(variable("PRETEND_SAYS"));
    return atoi(variable("PRETEND_CODE"));
}
