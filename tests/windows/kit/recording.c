/*
 * verify: record the scene, and count its pixels
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

#include <stdlib.h>
#include <string.h>

#include "verify.h"

#define TOLERANCE 12

/* Magenta that is blended with grey, black or white is red and blue above green. */
#define TINT      24

static void count_frame(Recording *r, const uint8_t *frame, const Scene *s)
{
    int nb = (s->back.right - s->back.left) * (s->back.bottom - s->back.top);
    int magenta = 0, tinted = 0, behind = 0, black = 0, i;

    for (i = 0; i < nb; i++, frame += 4) {
        int blue = frame[0], green = frame[1], red = frame[2];
        int low = red < blue ? red : blue;

        tinted  += low - green >= TINT;
        magenta += low >= 255 - TOLERANCE && green <= TOLERANCE;
        behind  += abs(red - BACK_GREY) <= TOLERANCE && abs(green - BACK_GREY) <= TOLERANCE &&
                   abs(blue - BACK_GREY) <= TOLERANCE;
        black   += red <= TOLERANCE && green <= TOLERANCE && blue <= TOLERANCE;
    }
    r->frames++;
    r->tinted += tinted > 0;
    r->most    = tinted > r->most ? tinted : r->most;
    r->whole  += magenta == s->magenta_width * s->magenta_height;
    r->behind += behind == nb;
    r->black  += black > 0;
    r->other  += tinted + behind + black != nb;
}

/* The scene stands still in the first half of the recording, and stirs in the second. */
static void count_frames(Recording *r, Scene *s)
{
    size_t size = 4 * (size_t)(s->back.right - s->back.left) * (s->back.bottom - s->back.top);
    uint8_t *frame = malloc(size);
    DWORD first = 0, now;
    int stirring = 0;

    while (frame && child_read(&r->child, frame, size)) {
        now   = GetTickCount();
        first = r->frames ? first : now;
        count_frame(r, frame, s);
        r->seconds = (now - first) / 1000.0;
        if (!stirring && now - first >= (DWORD)options.seconds * 500) {
            scene_stir(s);
            stirring = 1;
        }
    }
    free(frame);
}

/* Without the address of an object, the path of the kit, and blanks at the end. */
static void tidy(const char *from, char *to, size_t size)
{
    char folder[MAX_PATH_LEN];
    size_t len, n = 0;

    WideCharToMultiByte(CP_UTF8, 0, kit_path, -1, folder, sizeof(folder), NULL, NULL);
    len = strlen(folder);
    while (*from && n + 2 < size) {
        if (!strncmp(from, " @ ", 3)) {
            from += 3;
            from += strspn(from, "0123456789abcdefABCDEFx");
        } else if (len && !strncmp(from, folder, len)) {
            from += len;
            to[n++] = '.';
        } else {
            to[n++] = *from++;
        }
    }
    while (n && strchr(" \t\r\n", to[n - 1]))
        n--;
    to[n] = 0;
}

void lines_add(Lines *l, const char *line)
{
    char text[MAX_LINE];
    int i;

    tidy(line, text, sizeof(text));
    if (!*text)
        return;
    for (i = 0; i < l->nb; i++)
        if (!strcmp(l->text[i], text))
            return;
    if (l->nb < MAX_LINES)
        strcpy(l->text[l->nb++], text);
    else
        l->left_out++;
}

static int is_warning(const char *line)
{
    return strstr(line, "[warning]") || strstr(line, "[error]") || strstr(line, "[fatal]") ||
           strstr(line, "[panic]");
}

/* The device's lines have another name in front since FFmpeg 9.0. */
static int is_device(const char *line)
{
    return (!strncmp(line, "[magnifier", 10) || !strncmp(line, "[in#0 @", 7)) &&
           !strstr(line, " thread");
}

static void read_log(Recording *r)
{
    char *log = work_read(L"log.txt"), *line;

    for (line = log ? strtok(log, "\r\n") : NULL; line; line = strtok(NULL, "\r\n")) {
        if (is_warning(line))
            lines_add(&r->warnings, line);
        if (is_warning(line) || is_device(line))
            lines_add(&r->log, line);
    }
    free(log);
}

/* What a program says that reads the recording as a file. It is a picture of the screen, so it does
 * not stay. */
static void read_file(Recording *r, int arch)
{
    WCHAR path[MAX_PATH_LEN];
    char *said;

    if (!child_start(&r->reader, arch, "ffprobe", "-v error -count_frames -show_entries "
                     "stream=codec_name,width,height,pix_fmt,nb_read_frames -of csv=p=0 recording.mkv",
                     L"ffprobe.txt", L"ffprobe.log", 30 + options.seconds))
        child_end(&r->reader);
    said = work_read(L"ffprobe.txt");
    snprintf(r->file, sizeof(r->file), "%s", said ? said : "");
    r->file[strcspn(r->file, "\r\n")] = 0;
    free(said);
    work_file(path, L"recording.mkv");
    DeleteFileW(path);
}

/* The whole desktop is recorded, and the part with the scene is looked at. */
static void make_arguments(char *buf, size_t size, const Scene *s, int exclude)
{
    size_t len;

    snprintf(buf, size, "-hide_banner -nostdin -y -loglevel level+verbose -f magnifier "
             "-framerate %d -draw_mouse 0", FRAME_RATE);
    if (exclude) {
        strcat(buf, " -exclude");
        add_argument(buf, size, options.exclude);
    }
    len = strlen(buf);
    snprintf(buf + len, size - len, " %s -t %d -i desktop -filter_complex "
             "\"[0:v]crop=%ld:%ld:%ld:%ld,split[a][b]\" "
             "-fps_mode passthrough -enc_time_base 1:1000000 "
             "-map \"[a]\" -c:v rawvideo -pix_fmt bgr0 -f rawvideo pipe:1 "
             "-fps_mode passthrough -enc_time_base 1:1000000 -map \"[b]\" -c:v ffv1 recording.mkv",
             options.device, options.seconds,
             s->back.right - s->back.left, s->back.bottom - s->back.top,
             s->back.left - GetSystemMetrics(SM_XVIRTUALSCREEN),
             s->back.top - GetSystemMetrics(SM_YVIRTUALSCREEN));
}

void recording_make(Recording *r, int arch, int exclude)
{
    static char arguments[32768];
    Scene scene;

    memset(r, 0, sizeof(*r));
    r->done = 1;
    if (scene_open(&scene) >= 0) {
        r->scene_seen = scene.seen;
        make_arguments(arguments, sizeof(arguments), &scene, exclude);
        if (!child_start(&r->child, arch, "ffmpeg", arguments, NULL, L"log.txt",
                         options.seconds + 30)) {
            count_frames(r, &scene);
            child_end(&r->child);
            read_log(r);
            if (r->frames)
                read_file(r, arch);
        }
    }
    scene_close(&scene);
}
