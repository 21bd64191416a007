/*
 * What does a capture cost its host?
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
 * A host of libavdevice that reads packets and throws them away.
 *
 *   capture DEVICE FRAMES[xCAPTURES] [consume_ms=N] [OPTION=VALUE...]
 *
 * With several captures at once it reads a packet of each in turn; what is not of the whole
 * process is the first one's. With consume_ms, it works for so long on each packet, or turn. Prints
 * "name value", a line each:
 *
 *   open_ms   from avformat_open_input() to the first packet
 *   close_ms  avformat_close_input()
 *   frame_us  from packet to packet, the median
 *   rate      packets a second
 *   cpu_us    user and system time of this process, for each packet
 *   api_us    of a frame: the time within MagSetWindowSource(), less that within the callback; 0
 *             where that is not called
 *   p99_us    |interval - ideal| of the timestamps: 99 of 100 are not above it
 *   max_us    the largest of them
 *   slope_ppm of the timestamps, against the frame rate
 *   copy_us   memcpy() of one frame, the median: a yardstick
 *   committed bytes of the process, private and writable, above those before the device was opened
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"
#include "libavutil/dict.h"
#include "libavutil/mem.h"

#include "tests/rooms/imports.h"

#define COPIES       30
#define MAX_CAPTURES 16

typedef BOOL (WINAPI *SetSource)(HWND hwnd, RECT rect);
/* The header goes by value, as in Magnification.h: width, height, format, stride, offset, size. */
typedef struct Header {
    UINT width, height;
    GUID format;
    UINT stride, offset;
    SIZE_T size;
} Header;
typedef BOOL (CALLBACK *Scaling)(HWND hwnd, void *src, Header srch, void *dst, Header dsth,
                                 RECT unclipped, RECT clipped, HRGN dirty);
typedef BOOL (WINAPI *SetCallback)(HWND hwnd, Scaling callback);

static FARPROC (WINAPI *real_get_proc)(HMODULE module, LPCSTR name);
static SetSource real_set_source;
static SetCallback real_set_callback;
static Scaling real_callback;
static int64_t source_ticks, callback_ticks;
static int consume_ms;          ///< what the host does with a packet takes so long

static int64_t ticks(void)
{
    LARGE_INTEGER t;

    QueryPerformanceCounter(&t);
    return t.QuadPart;
}

static double to_us(int64_t t)
{
    LARGE_INTEGER f;

    QueryPerformanceFrequency(&f);
    return 1e6 * t / f.QuadPart;
}

static void die(const char *what, int error)
{
    fprintf(stderr, "capture: %s (%d)\n", what, error);
    exit(1);
}

/* ---- the time within the API ------------------------------------------------ */

static BOOL CALLBACK timed_callback(HWND hwnd, void *src, Header srch, void *dst, Header dsth,
                                    RECT unclipped, RECT clipped, HRGN dirty)
{
    int64_t begin = ticks();
    BOOL ret = real_callback(hwnd, src, srch, dst, dsth, unclipped, clipped, dirty);

    callback_ticks += ticks() - begin;
    return ret;
}

static BOOL WINAPI timed_set_source(HWND hwnd, RECT rect)
{
    int64_t begin = ticks();
    BOOL ret = real_set_source(hwnd, rect);

    source_ticks += ticks() - begin;
    return ret;
}

static BOOL WINAPI timed_set_callback(HWND hwnd, Scaling callback)
{
    if (callback)
        real_callback = callback;
    return real_set_callback(hwnd, callback ? timed_callback : NULL);
}

static FARPROC WINAPI timed_get_proc(HMODULE module, LPCSTR name)
{
    FARPROC proc = real_get_proc(module, name);

    if (!proc || (uintptr_t)name < 0x10000)
        return proc;
    if (!strcmp(name, "MagSetWindowSource")) {
        real_set_source = (SetSource)(void (*)(void))proc;
        return (FARPROC)(void (*)(void))timed_set_source;
    }
    if (!strcmp(name, "MagSetImageScalingCallback")) {
        real_set_callback = (SetCallback)(void (*)(void))proc;
        return (FARPROC)(void (*)(void))timed_set_callback;
    }
    return proc;
}

/* ---- the process ------------------------------------------------------------- */

static double cpu_us(void)
{
    FILETIME made, ended, kernel, user;

    if (!GetProcessTimes(GetCurrentProcess(), &made, &ended, &kernel, &user))
        return 0;
    return (((uint64_t)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
            ((uint64_t)user.dwHighDateTime << 32 | user.dwLowDateTime)) / 10.0;
}

/** Wine 8 answers 0 to GetProcessMemoryInfo(). */
static int64_t committed(void)
{
    MEMORY_BASIC_INFORMATION info;
    int64_t sum = 0;
    char *at    = NULL;

    while (VirtualQuery(at, &info, sizeof(info)) == sizeof(info)) {
        if (info.State == MEM_COMMIT && info.Type == MEM_PRIVATE &&
            info.Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
            sum += info.RegionSize;
        at = (char *)info.BaseAddress + info.RegionSize;
        if (at < (char *)info.BaseAddress)
            break;
    }
    return sum;
}

/* ---- figures ------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double share(double *values, int nb, double of)
{
    qsort(values, nb, sizeof(*values), compare);
    return values[(int)(of * (nb - 1) + 0.5)];
}

static double copy_us(int size)
{
    double times[COPIES];
    char *from = av_mallocz(size), *to = av_mallocz(size);

    if (!from || !to)
        die("no memory", 0);
    for (int i = 0; i < COPIES; i++) {
        int64_t begin = ticks();

        memcpy(to, from, size);
        /* so that the compiler does not know that nobody looks */
        from[i] = to[size - 1 - i] + 1;
        times[i] = to_us(ticks() - begin);
    }
    av_free(from);
    av_free(to);
    return share(times, COPIES, 0.5);
}

/** How the timestamps keep to the frame rate. @param pts microseconds */
static void judge_times(const int64_t *pts, double *scratch, int nb, double ideal)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;

    for (int i = 0; i + 1 < nb; i++) {
        double off = pts[i + 1] - pts[i] - ideal;

        scratch[i] = off < 0 ? -off : off;
    }
    printf("p99_us %.0f\n", share(scratch, nb - 1, 0.99));
    printf("max_us %.0f\n", scratch[nb - 2]);
    for (int i = 0; i < nb; i++) {
        double y = pts[i] - pts[0], x = (int64_t)(y / ideal + 0.5);

        sx  += x;
        sy  += y;
        sxx += x * x;
        sxy += x * y;
    }
    printf("slope_ppm %.1f\n", 1e6 * ((nb * sxy - sx * sy) / (nb * sxx - sx * sx) / ideal - 1));
}

static AVFormatContext *open_device(int argc, char **argv)
{
    const int given = argc > 3 && sscanf(argv[3], "consume_ms=%d", &consume_ms) == 1;
    const AVInputFormat *format = av_find_input_format(argv[1]);
    AVFormatContext *context = NULL;
    AVDictionary *options    = NULL;
    int ret;

    if (!format)
        die("no such device", 0);
    for (int i = 3 + given; i < argc; i++)
        if ((ret = av_dict_parse_string(&options, argv[i], "=", "\n", 0)) < 0)
            die(argv[i], ret);
    ret = avformat_open_input(&context, "desktop", (void *)format, &options);
    if (ret < 0)
        die("avformat_open_input", ret);
    if (av_dict_count(options))
        die("an option that the device does not know", 0);
    av_dict_free(&options);
    return context;
}

/** Read a packet of each. @return the size of the first one's, and *pts, microseconds */
static int read_each(AVFormatContext **contexts, int captures, AVPacket *packet, int64_t *pts)
{
    int size = 0, ret;

    for (int i = 0; i < captures; i++) {
        while ((ret = av_read_frame(contexts[i], packet)) == AVERROR(EAGAIN))
            ;
        if (ret < 0)
            die("av_read_frame", ret);
        if (!i) {
            size = packet->size;
            *pts = av_rescale_q(packet->pts, contexts[0]->streams[0]->time_base, AV_TIME_BASE_Q);
        }
        av_packet_unref(packet);
    }
    return size;
}

int main(int argc, char **argv)
{
    int nb = 0, captures = 1, size = 0;
    AVFormatContext *contexts[MAX_CAPTURES];
    AVRational rate;
    AVPacket *packet = av_packet_alloc();
    double *frame, cpu = 0;
    int64_t *pts, before, begin, first = 0, last = 0;

    if (argc < 3 || !sscanf(argv[2], "%dx%d", &nb, &captures) || nb < 10 || captures < 1 ||
        captures > MAX_CAPTURES)
        die("usage: capture DEVICE FRAMES(10 or more)[xCAPTURES] [consume_ms=N] [OPTION=VALUE...]", 0);
    real_get_proc = (FARPROC (WINAPI *)(HMODULE, LPCSTR))
        imports_replace("GetProcAddress", (void *)(uintptr_t)timed_get_proc);
    avdevice_register_all();
    av_log_set_level(AV_LOG_ERROR);
    pts   = av_calloc(nb, sizeof(*pts));
    frame = av_calloc(nb, sizeof(*frame));
    if (!packet || !pts || !frame)
        die("no memory", 0);

    before = committed();
    begin  = ticks();
    for (int i = 0; i < captures; i++)
        contexts[i] = open_device(argc, argv);
    for (int i = 0; i < nb; i++) {
        int64_t now;

        size = read_each(contexts, captures, packet, &pts[i]);
        now  = ticks();
        if (!i) {
            printf("open_ms %.1f\n", to_us(now - begin) / 1000);
            cpu = cpu_us();
            source_ticks = callback_ticks = 0;
        } else {
            frame[i - 1] = to_us(now - last);
        }
        last = now;
        if (!i)
            first = now;
        if (consume_ms)
            Sleep(consume_ms);
    }
    printf("cpu_us %.0f\n", (cpu_us() - cpu) / (nb - 1) / captures);
    printf("committed %lld\n", (long long)(committed() - before));
    printf("api_us %.0f\n", to_us(source_ticks - callback_ticks) / (nb - 1) / captures);
    printf("callback_us %.0f\n", to_us(callback_ticks) / (nb - 1) / captures);
    printf("rate %.2f\n", (nb - 1) / to_us(last - first) * 1e6);
    rate  = contexts[0]->streams[0]->avg_frame_rate;
    begin = ticks();
    for (int i = 0; i < captures; i++)
        avformat_close_input(&contexts[i]);
    printf("close_ms %.1f\n", to_us(ticks() - begin) / 1000);
    printf("frame_us %.0f\n", share(frame, nb - 1, 0.5));
    printf("copy_us %.0f\n", copy_us(size));
    judge_times(pts, frame, nb, 1e6 * rate.den / rate.num);
    av_packet_free(&packet);
    av_free(pts);
    av_free(frame);
    return 0;
}
