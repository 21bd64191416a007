/*
 * One long capture, with a changing screen and an API that fails now and then
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

/**
 * @file
 * A recorder that reads each packet as one would that writes it to a file, and looks at all of its
 * pixels. What it counts time by is the packets' own.
 *
 *   long seconds=N mode=N outage=N sample=N -- OPTION=VALUE...
 *
 * Asks for a change of the mode every "mode" seconds, makes the simulator's calls fail for
 * OUTAGE_SECONDS every "outage" seconds, and measures every "sample" seconds. Writes lines of
 * tab-separated fields, the first of which says what the line is:
 *
 *   mode    SECOND            whoever reads this changes the mode of the screen now
 *   outage  SECOND            the calls of the API fail from now on
 *   at      SECOND ALLOCATED FRAMES REST HANDLES GDI USER THREADS PRIVATE P99 MOST DROPPED VISIBLE
 *   hidden  SECOND PIXELS FIRST STATE    a packet that shows what is left out; PIXELS of it, FIRST its place
 *   order   SECOND PTS LAST DTS SIZE     a packet that should not come now
 *   packets N new=N stand-in=N outage=N dropped=N hidden=N order=N
 *   sim     live=N guard=N    the simulator's own count, unless it has been unloaded
 *   end     SECOND ok|ERROR
 *
 * ALLOCATED: bytes of av_malloc() in blocks below 1 MB, which is without pictures.
 * FRAMES: blocks of the process heap of 1 MB and more. PRIVATE: private bytes; REST: without those in
 * FRAMES. P99, MOST: milliseconds between two packets since the
 * last line. DROPPED: slots without a packet so far. VISIBLE: pixels on the screen of what is left out.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"
#include "libavutil/dict.h"

#include "holdings.h"

#define OUTAGE_SECONDS 3
#define MAX_INTERVALS  4096

static struct {
    int seconds, mode, outage, sample;
    AVDictionary *device;
} options = { .seconds = 60, .mode = 20, .outage = 40, .sample = 2 };

static struct {
    int64_t first, last;        ///< pts
    AVRational rate;
    int packets, new, stand_in, outage, hidden, disorder;
    int size;
    int intervals[MAX_INTERVALS], nb_intervals; ///< microseconds, since the last line
    int outages;                ///< begun
    int failing;
} now;

static void fail(const char *fmt, const char *arg)
{
    fprintf(stderr, fmt, arg);
    fprintf(stderr, "\n");
    exit(2);
}

static double second(void)
{
    return (now.last - now.first) / 1e6;
}

/* ---- the simulator -------------------------------------------------------- */

static FARPROC simulator(const char *name)
{
    HMODULE dll = GetModuleHandleW(L"Magnification.dll");

    return dll ? GetProcAddress(dll, name) : NULL;
}

static void set(const char *line)
{
    int (WINAPI *fn)(const char *) = (int (WINAPI *)(const char *))(void *)simulator("SimSet");

    if (!fn || fn(line) < 0)
        fail("the simulator does not take '%s'", line);
}

static int simulator_int(const char *name)
{
    int (WINAPI *fn)(void) = (int (WINAPI *)(void))(void *)simulator(name);

    return fn ? fn() : -1;
}

/* ---- pixels ------------------------------------------------------------------- */

/** Magenta, or nearly so: what is left out is all of it. */
static int is_hidden(uint32_t pixel)
{
    return (pixel & 0xff) > 255 - 24 && (pixel >> 8 & 0xff) < 24 && (pixel >> 16 & 0xff) > 255 - 24;
}

static int count_hidden(const uint32_t *pixels, int nb, int *first)
{
    int found = 0;

    for (int i = 0; i < nb; i++)
        if (is_hidden(pixels[i])) {
            *first = found ? *first : i;
            found++;
        }
    return found;
}

/** Pixels of it on the screen, in a part that each of the modes has. */
static int count_visible(void)
{
    BITMAPINFO bi = { .bmiHeader = { .biSize = sizeof(bi.bmiHeader), .biWidth = 640, .biHeight = -480,
                                     .biPlanes = 1, .biBitCount = 32 } };
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    void *bits = NULL;
    HBITMAP bitmap = CreateDIBSection(screen, &bi, DIB_RGB_COLORS, &bits, NULL, 0);
    int first, found = 0;

    if (bitmap) {
        HGDIOBJ old = SelectObject(dc, bitmap);

        BitBlt(dc, 0, 0, 640, 480, screen, 0, 0, SRCCOPY);
        GdiFlush();
        found = count_hidden(bits, 640 * 480, &first);
        SelectObject(dc, old);
        DeleteObject(bitmap);
    }
    DeleteDC(dc);
    ReleaseDC(NULL, screen);
    return found;
}

/* ---- packets -------------------------------------------------------------------- */

static const char *state_of(const AVPacket *pkt, AVDictionary **dict)
{
    const AVDictionaryEntry *state;

    for (int i = 0; i < pkt->side_data_elems; i++)
        if (pkt->side_data[i].type == AV_PKT_DATA_STRINGS_METADATA)
            av_packet_unpack_dictionary(pkt->side_data[i].data, pkt->side_data[i].size, dict);
    state = av_dict_get(*dict, "lavfi.magnifier.state", NULL, 0);
    return state ? state->value : "none";
}

static void look_at(const AVPacket *pkt)
{
    AVDictionary *dict = NULL;
    const char *state = state_of(pkt, &dict);
    int first = 0, pixels;

    if (!now.packets++) {
        now.first = pkt->pts;
        now.size  = pkt->size;
    } else {
        if (pkt->pts <= now.last || pkt->dts != pkt->pts || pkt->size != now.size || pkt->duration < 1) {
            now.disorder++;
            printf("order\t%.2f\t%"PRId64"\t%"PRId64"\t%"PRId64"\t%d\n", second(), pkt->pts, now.last, pkt->dts,
                   pkt->size);
        }
        if (now.nb_intervals < MAX_INTERVALS)
            now.intervals[now.nb_intervals++] = pkt->pts - now.last;
    }
    now.last = pkt->pts;
    if (!strcmp(state, "proven") || !strcmp(state, "clean"))
        now.new++;
    else if (!strcmp(state, "outage"))
        now.outage++;
    else
        now.stand_in++;

    pixels = count_hidden((const uint32_t *)pkt->data, pkt->size / 4, &first);
    if (pixels) {
        now.hidden++;
        printf("hidden\t%.2f\t%d\t%d\t%s\n", second(), pixels, first, state);
    }
    av_dict_free(&dict);
}

static int slots_dropped(void)
{
    return (int)(second() * now.rate.num / now.rate.den + 0.5) + 1 - now.packets;
}

/* ---- samples ----------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void sample(void)
{
    const int visible = count_visible(), nb = now.nb_intervals;
    Holdings h;

    holdings_read(&h);
    qsort(now.intervals, nb, sizeof(*now.intervals), compare);
    printf("at\t%.0f\t%"PRId64"\t%d\t%"PRIu64"\t%d\t%d\t%d\t%d\t%"PRIu64"\t%.1f\t%.1f\t%d\t%d\n", second(),
           h.allocated, h.frames, h.committed - h.large, h.handles, h.gdi, h.user, h.threads, h.committed,
           nb ? now.intervals[nb - 1 - nb / 100] / 1e3 : 0, nb ? now.intervals[nb - 1] / 1e3 : 0,
           slots_dropped(), visible);
    fflush(stdout);
    now.nb_intervals = 0;
}

/** Is it time again for what comes every so many seconds, with the first a part of that after the start? */
static int is_due(int *done, int every, double part)
{
    if (!every || second() < (*done + part) * every)
        return 0;
    ++*done;
    return 1;
}

static void disturb(void)
{
    static int modes, samples;

    if (is_due(&modes, options.mode, 0.5)) {
        printf("mode\t%.2f\n", second());
        fflush(stdout);
    }
    if (is_due(&now.outages, options.outage, 0.7)) {
        printf("outage\t%.2f\n", second());
        set("all_false = yes");
        now.failing = 1;
    }
    if (now.failing && second() >= (now.outages - 0.3) * options.outage + OUTAGE_SECONDS) {
        set("all_false = no");
        now.failing = 0;
    }
    if (is_due(&samples, options.sample, 1))
        sample();
}

/* ------------------------------------------------------------------------------------- */

static int run(AVFormatContext **ctx)
{
    const AVInputFormat *format = av_find_input_format("magnifier");
    AVPacket *pkt = av_packet_alloc();
    int ret;

    if (!format || !pkt)
        fail("there is no device%s", "");
    ret = avformat_open_input(ctx, "desktop", (AVInputFormat *)format, &options.device);
    if (ret >= 0)
        now.rate = (*ctx)->streams[0]->avg_frame_rate;
    while (ret >= 0 && second() < options.seconds) {
        ret = av_read_frame(*ctx, pkt);
        if (ret < 0)
            break;
        look_at(pkt);
        av_packet_unref(pkt);
        disturb();
    }
    av_packet_free(&pkt);
    return ret;
}

static void parse(int argc, char **argv)
{
    int device = 0;

    for (int i = 1; i < argc; i++) {
        char *value = strchr(argv[i], '=');

        if (!strcmp(argv[i], "--")) {
            device = 1;
            continue;
        }
        if (!value)
            fail("'%s' is no name=value", argv[i]);
        *value++ = 0;
        if (device)
            av_dict_set(&options.device, argv[i], value, 0);
        else if (!strcmp(argv[i], "seconds"))
            options.seconds = atoi(value);
        else if (!strcmp(argv[i], "mode"))
            options.mode = atoi(value);
        else if (!strcmp(argv[i], "outage"))
            options.outage = atoi(value);
        else if (!strcmp(argv[i], "sample"))
            options.sample = atoi(value);
        else
            fail("unknown option '%s'", argv[i]);
    }
}

int main(int argc, char **argv)
{
    AVFormatContext *ctx = NULL;
    char text[AV_ERROR_MAX_STRING_SIZE] = "ok";
    int ret;

    holdings_init();
    parse(argc, argv);
    _setmode(1, _O_BINARY);
    avdevice_register_all();
    /* kept, as what SimSet() has said goes with the DLL */
    if (!LoadLibraryW(L"Magnification.dll"))
        fail("there is no Magnification.dll%s", "");
    ret = run(&ctx);
    printf("packets\t%d\tnew=%d\tstand-in=%d\toutage=%d\tdropped=%d\thidden=%d\torder=%d\n", now.packets, now.new,
           now.stand_in, now.outage, slots_dropped(), now.hidden, now.disorder);
    avformat_close_input(&ctx);
    av_dict_free(&options.device);
    printf("sim\tlive=%d\tguard=%d\n", simulator_int("SimLiveBlocks"), simulator_int("SimGuardViolations"));
    if (ret < 0)
        av_strerror(ret, text, sizeof(text));
    printf("end\t%.0f\t%s\n", second(), text);
    return ret < 0;
}
