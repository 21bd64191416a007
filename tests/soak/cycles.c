/*
 * Opens, reads and closes a capture device again and again
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
 * A host of libavdevice as one would write it, that says after each cycle what the
 * process holds. Linked without the large-address flag: a 32-bit build has 2 GB.
 *
 *   cycles run cycles=N [every=N] [frames=N] [device=NAME] [-- OPTION=VALUE...]
 *   cycles failing ...              the same, but open or read may fail
 *   cycles overlap cycles=N ...     others open and close while one capture goes on
 *   cycles interrupt ...            close while the API is at work
 *   cycles foreign ...              close after somebody else's MagUninitialize
 *   cycles enomem ...               fail each allocation of a cycle in turn
 *   cycles selftest                 TAP: does each number rise and fall?
 *
 * Writes lines of tab-separated fields, the first of which says what the line is:
 *
 *   at      CYCLE HEAP FRAMES COMMITTED GAP HANDLES GDI USER ALLOCATED    see holdings.h
 *   closed  N TEXT            what the device said at N closes, without frame counts
 *   kept    LINE              what it said about the capture that went on
 *   failed  N ERROR           N cycles ended with that error of open or read
 *   peak    FRAMES HEAP COMMITTED                               over all cycles
 *   recycled N                sessions of the API that the device has ended early
 *   sim     live=N guard=N    the simulator's own count, unless it has been unloaded
 *   end     CYCLES ok|died
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"
#include "libavutil/avstring.h"
#include "libavutil/dict.h"
#include "libavutil/mem.h"

#include "tests/rooms/imports.h"

#include "holdings.h"

#define MAX_TEXTS 32

typedef struct Options {
    int cycles, every, frames, verbose;
    const char *device;
    AVDictionary *device_options;
} Options;

/** Texts and how often each was seen. */
typedef struct Tally {
    char *texts[MAX_TEXTS];
    int counts[MAX_TEXTS];
    int nb;
} Tally;

static Options options = { .cycles = 10, .every = 1, .frames = 1, .device = "magnifier" };
static Tally closed, failed;
static int recycled;
static Holdings peak;

/** Capture whose closing is told apart from the others'. */
static AVFormatContext *kept;
static char kept_line[512];

static void fail(const char *fmt, const char *arg)
{
    fprintf(stderr, fmt, arg);
    fprintf(stderr, "\n");
    exit(2);
}

static void tally(Tally *t, const char *text)
{
    int i;

    for (i = 0; i < t->nb; i++)
        if (!strcmp(t->texts[i], text))
            break;
    if (i == MAX_TEXTS)
        i--;
    if (i == t->nb) {
        t->texts[i] = _strdup(text);
        t->nb++;
    }
    t->counts[i]++;
}

static void tally_print(const Tally *t, const char *what)
{
    for (int i = 0; i < t->nb; i++)
        printf("%s\t%d\t%s\n", what, t->counts[i], t->texts[i]);
}

/** Keep what the device says at the end. */
static void on_log(void *obj, int level, const char *fmt, va_list vl)
{
    char line[512];
    const char *text;

    if (level > AV_LOG_VERBOSE)
        return;
    vsnprintf(line, sizeof(line), fmt, vl);
    line[strcspn(line, "\r\n")] = 0;
    if (options.verbose)
        fprintf(stderr, "%s\n", line);
    if (strstr(line, "Ending the Magnification session"))
        recycled++;
    text = strstr(line, " outages; ");
    if (!text)
        return;
    if (obj == kept)
        av_strlcpy(kept_line, line, sizeof(kept_line));
    else
        tally(&closed, text + strlen(" outages; "));
}

static void report(int cycle, const Holdings *h)
{
    printf("at\t%d\t%"PRIu64"\t%d\t%"PRIu64"\t%"PRIu64"\t%d\t%d\t%d\t%"PRId64"\n", cycle, h->heap, h->frames,
           h->committed, h->gap, h->handles, h->gdi, h->user, h->allocated);
    fflush(stdout);
}

static void measure(int cycle)
{
    Holdings h;

    holdings_read(&h);
    peak.heap      = FFMAX(peak.heap, h.heap);
    peak.frames    = FFMAX(peak.frames, h.frames);
    peak.committed = FFMAX(peak.committed, h.committed);
    if (cycle <= 1 || cycle % options.every == 0 || cycle == options.cycles)
        report(cycle, &h);
}

static int note_failure(int ret)
{
    char text[128];

    if (ret < 0) {
        av_strerror(ret, text, sizeof(text));
        tally(&failed, text);
    }
    return ret;
}

/* ---- the simulator -------------------------------------------------------- */

static FARPROC simulator(const char *name)
{
    HMODULE dll = GetModuleHandleW(L"Magnification.dll");

    return dll ? GetProcAddress(dll, name) : NULL;
}

static int simulator_int(const char *name)
{
    int (WINAPI *fn)(void) = (int (WINAPI *)(void))(void *)simulator(name);

    return fn ? fn() : -1;
}

/* ---- one capture ------------------------------------------------------------ */

static int interrupt_after; ///< milliseconds from now, 0: never
static DWORD interrupt_start;

static int is_interrupted(void *opaque)
{
    (void)opaque;
    return interrupt_after && GetTickCount() - interrupt_start >= (DWORD)interrupt_after;
}

static void interrupt_in(int ms)
{
    interrupt_start = GetTickCount();
    interrupt_after = ms;
}

static int capture_open(AVFormatContext **ctx, const char *framerate)
{
    const AVInputFormat *format = av_find_input_format(options.device);
    AVDictionary *dict = NULL;
    int ret;

    *ctx = NULL;
    if (!format)
        fail("no input device '%s'", options.device);
    av_dict_copy(&dict, options.device_options, 0);
    if (framerate)
        av_dict_set(&dict, "framerate", framerate, AV_DICT_DONT_OVERWRITE);
    *ctx = avformat_alloc_context();
    if (!*ctx) {
        av_dict_free(&dict);
        return AVERROR(ENOMEM);
    }
    (*ctx)->interrupt_callback.callback = is_interrupted;
    ret = avformat_open_input(ctx, "desktop", (AVInputFormat *)format, &dict);
    av_dict_free(&dict);
    return ret;
}

static int capture_read(AVFormatContext *ctx, int frames)
{
    AVPacket *pkt = av_packet_alloc();
    int ret = pkt ? 0 : AVERROR(ENOMEM);

    while (ret >= 0 && frames--) {
        ret = av_read_frame(ctx, pkt);
        av_packet_unref(pkt);
    }
    av_packet_free(&pkt);
    return ret;
}

static int cycle(void)
{
    AVFormatContext *ctx;
    int ret = capture_open(&ctx, "1000");

    if (ret >= 0)
        ret = capture_read(ctx, options.frames);
    avformat_close_input(&ctx);
    return ret;
}

/* ---- modes -------------------------------------------------------------------- */

static int finish(int cycles, int ret)
{
    tally_print(&closed, "closed");
    tally_print(&failed, "failed");
    if (*kept_line)
        printf("kept\t%s\n", kept_line);
    printf("peak\t%d\t%"PRIu64"\t%"PRIu64"\n", peak.frames, peak.heap, peak.committed);
    printf("recycled\t%d\n", recycled);
    if (simulator("SimLiveBlocks"))
        printf("sim\tlive=%d\tguard=%d\n", simulator_int("SimLiveBlocks"),
               simulator_int("SimGuardViolations"));
    printf("end\t%d\t%s\n", cycles, ret < 0 ? "died" : "ok");
    fflush(stdout);
    return ret < 0;
}

static int mode_run(void)
{
    int ret = 0, i;

    measure(0);
    for (i = 1; i <= options.cycles && ret >= 0; i++) {
        ret = note_failure(cycle());
        measure(i);
    }
    return finish(i - 1, ret);
}

/** Every cycle may fail; what counts is what is left. */
static int mode_failing(void)
{
    measure(0);
    for (int i = 1; i <= options.cycles; i++) {
        note_failure(cycle());
        measure(i);
    }
    return finish(options.cycles, 0);
}

static volatile LONG stop;

typedef struct Reader {
    AVFormatContext *ctx;
    int ret;
    int packets;
    int64_t last;
    int disorder;
} Reader;

static DWORD WINAPI keep_reading(LPVOID opaque)
{
    Reader *reader = opaque;
    AVPacket *pkt = av_packet_alloc();

    while (!stop && (reader->ret = av_read_frame(reader->ctx, pkt)) >= 0) {
        if (reader->packets++ && pkt->pts <= reader->last)
            reader->disorder++;
        reader->last = pkt->pts;
        av_packet_unref(pkt);
    }
    av_packet_free(&pkt);
    return 0;
}

/** One capture goes on from the first to the last; of the others there are always one or
 *  two, so that the API never is without a capture. */
static int mode_overlap(void)
{
    Reader reader = { 0 };
    AVFormatContext *old = NULL, *new = NULL;
    HANDLE thread;
    int i, ret = capture_open(&reader.ctx, "2");

    if (ret < 0)
        return finish(0, note_failure(ret));
    kept   = reader.ctx;
    thread = CreateThread(NULL, 0, keep_reading, &reader, 0, NULL);
    for (i = 1; i <= options.cycles && ret >= 0; i++) {
        ret = capture_open(&new, "1000");
        if (ret >= 0)
            ret = capture_read(new, options.frames);
        note_failure(ret);
        measure(i);
        avformat_close_input(&old);
        old = new;
        new = NULL;
    }
    avformat_close_input(&old);
    stop = 1;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    note_failure(reader.ret);
    avformat_close_input(&reader.ctx);
    printf("reader\tpackets=%d\tdisorder=%d\tret=%d\n", reader.packets, reader.disorder,
           reader.ret);
    measure(i - 1);
    return finish(i - 1, ret);
}

static int mode_interrupt(void)
{
    measure(0);
    for (int i = 1; i <= options.cycles; i++) {
        AVFormatContext *ctx;
        int ret = capture_open(&ctx, "1000");

        if (ret >= 0) {
            interrupt_in(40);
            ret = capture_read(ctx, 1000);
            interrupt_in(0);
        }
        note_failure(ret);
        avformat_close_input(&ctx);
        measure(i);
    }
    /* a close that gave up is finished by the device's own thread when the API returns */
    for (int i = 0; i < 100 && simulator_int("SimLiveBlocks") > 0; i++)
        Sleep(100);
    measure(options.cycles);
    return finish(options.cycles, 0);
}

static int mode_foreign(void)
{
    measure(0);
    for (int i = 1; i <= options.cycles; i++) {
        AVFormatContext *ctx;
        int ret = capture_open(&ctx, "1000");

        if (ret >= 0)
            ret = capture_read(ctx, options.frames);
        simulator_int("MagUninitialize");
        note_failure(ret);
        avformat_close_input(&ctx);
        measure(i);
    }
    return finish(options.cycles, 0);
}

/* ---- ENOMEM ---------------------------------------------------------------------- */

static volatile LONG allocations, refuse; ///< number of the allocation that fails, 0: none

static int refused(void)
{
    return InterlockedIncrement(&allocations) == refuse;
}

static void *(CDECL *real_malloc)(size_t size, size_t align);
static void *(CDECL *real_realloc)(void *ptr, size_t size, size_t align);

static void *CDECL my_malloc(size_t size, size_t align)
{
    return refused() ? NULL : real_malloc(size, align);
}

static void *CDECL my_realloc(void *ptr, size_t size, size_t align)
{
    return refused() ? NULL : real_realloc(ptr, size, align);
}

static int mode_enomem(void)
{
    int i = 0;

    real_malloc  = imports_replace("_aligned_malloc", (void *)my_malloc);
    real_realloc = imports_replace("_aligned_realloc", (void *)my_realloc);
    if (!real_malloc || !real_realloc)
        fail("libavutil does not use %s", "_aligned_malloc");
    note_failure(cycle()); /* what is allocated once stays */
    measure(0);
    do {
        refuse      = ++i;
        allocations = 0;
        note_failure(cycle());
        refuse = 0;
        options.cycles = i;
        measure(i);
    } while (allocations >= i);
    return finish(i, 0);
}

/* ---- self-test --------------------------------------------------------------------- */

static int tests, broken;

static void check(const char *name, int ok)
{
    printf("%sok %d - %s\n", ok ? "" : "not ", ++tests, name);
    broken += !ok;
}

static LRESULT CALLBACK class_proc(HWND hwnd, UINT msg, WPARAM wparam, LPARAM lparam)
{
    return DefWindowProcW(hwnd, msg, wparam, lparam);
}

static void CALLBACK on_event(HWINEVENTHOOK hook, DWORD event, HWND hwnd, LONG object,
                              LONG child, DWORD thread, DWORD time)
{
    (void)hook; (void)event; (void)hwnd; (void)object; (void)child; (void)thread; (void)time;
}

static DWORD WINAPI wait_for_it(LPVOID opaque)
{
    return WaitForSingleObject(opaque, INFINITE);
}

#define RISES_AND_FALLS(field, name, make, give_back) do {                       \
        Holdings before, with, after;                                           \
        holdings_read(&before);                                                 \
        make;                                                                   \
        holdings_read(&with);                                                   \
        give_back;                                                              \
        holdings_read(&after);                                                  \
        check(name, before.field >= 0 && with.field == before.field + 1 &&      \
                    after.field == before.field);                               \
    } while (0)

static int mode_selftest(void)
{
    WNDCLASSW wc = { .lpfnWndProc = class_proc, .lpszClassName = L"cycles-selftest",
                     .hInstance = GetModuleHandleW(NULL) };
    ICONINFO info = { .fIcon = TRUE };
    Holdings before, with, after;
    HDC dc = GetDC(NULL);
    HANDLE handle, thread, stop_it = CreateEventW(NULL, 0, 0, NULL);
    HWINEVENTHOOK hook;
    HBITMAP bitmap;
    HBRUSH brush;
    HICON icon;
    HWND hwnd, child, first;
    UINT_PTR timer;
    void *block;

    /* what the system keeps once it was used is not a leak of the device */
    ReleaseDC(NULL, dc);
    first = CreateWindowExW(0, L"STATIC", L"", WS_POPUP, 0, 0, 8, 8, NULL, NULL, NULL, NULL);

    RISES_AND_FALLS(handles, "handles: an event", handle = CreateEventW(NULL, 0, 0, NULL),
                    CloseHandle(handle));
    RISES_AND_FALLS(threads, "threads: one that waits",
                    thread = CreateThread(NULL, 0, wait_for_it, stop_it, 0, NULL),
                    SetEvent(stop_it); WaitForSingleObject(thread, INFINITE));
    CloseHandle(thread);
    CloseHandle(stop_it);
    RISES_AND_FALLS(gdi, "gdi: a brush", brush = CreateSolidBrush(0x123456), DeleteObject(brush));
    RISES_AND_FALLS(gdi, "gdi: a bitmap", bitmap = CreateBitmap(8, 8, 1, 1, NULL),
                    DeleteObject(bitmap));
    RISES_AND_FALLS(user, "user: a hidden window",
                    hwnd = CreateWindowExW(0, L"STATIC", L"", WS_POPUP, 0, 0, 8, 8, NULL, NULL,
                                           NULL, NULL), DestroyWindow(hwnd));
    RISES_AND_FALLS(user, "user: a message-only window",
                    hwnd = CreateWindowExW(0, L"STATIC", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                                           NULL, NULL), DestroyWindow(hwnd));
    hwnd = CreateWindowExW(0, L"STATIC", L"", WS_POPUP, 0, 0, 8, 8, NULL, NULL, NULL, NULL);
    RISES_AND_FALLS(user, "user: a child window",
                    child = CreateWindowExW(0, L"STATIC", L"", WS_CHILD, 0, 0, 4, 4, hwnd, NULL,
                                            NULL, NULL), DestroyWindow(child));
    RISES_AND_FALLS(user, "user: a timer", timer = SetTimer(hwnd, 1, 1000, NULL),
                    KillTimer(hwnd, timer));
    DestroyWindow(hwnd);
    RISES_AND_FALLS(user, "user: an event hook",
                    hook = SetWinEventHook(EVENT_OBJECT_CREATE, EVENT_OBJECT_CREATE, NULL,
                                           on_event, 0, 0, WINEVENT_OUTOFCONTEXT),
                    UnhookWinEvent(hook));
    RISES_AND_FALLS(user, "user: a class", RegisterClassW(&wc),
                    UnregisterClassW(wc.lpszClassName, wc.hInstance));
    RISES_AND_FALLS(user, "user: a device context", dc = GetDC(NULL), ReleaseDC(NULL, dc));
    info.hbmMask = CreateBitmap(32, 64, 1, 1, NULL);
    RISES_AND_FALLS(user, "user: an icon", icon = CreateIconIndirect(&info), DestroyIcon(icon));
    DeleteObject(info.hbmMask);
    DestroyWindow(first);

    holdings_read(&before);
    block = HeapAlloc(GetProcessHeap(), 0, 8 << 20);
    holdings_read(&with);
    HeapFree(GetProcessHeap(), 0, block);
    holdings_read(&after);
    check("heap: a block of 8 MB", with.heap - before.heap == 8 << 20 &&
          with.frames == before.frames + 1 && after.heap == before.heap &&
          after.frames == before.frames);
    check("committed: the same", with.committed - before.committed >= 8 << 20 &&
          with.committed - before.committed < 9 << 20 && after.committed == before.committed);
    holdings_read(&before);
    block = av_malloc(1024);
    holdings_read(&with);
    block = av_realloc(block, 4096);
    holdings_read(&after);
    check("allocated: 1 KiB, and 4", with.allocated == before.allocated + 1024 &&
          after.allocated == before.allocated + 4096);
    av_free(block);
    holdings_read(&after);
    check("allocated: and given back", after.allocated == before.allocated);
    block = VirtualAlloc(NULL, before.gap / 2, MEM_RESERVE, PAGE_NOACCESS);
    holdings_read(&with);
    VirtualFree(block, 0, MEM_RELEASE);
    holdings_read(&after);
    check("gap: a range of addresses", with.gap < before.gap && after.gap == before.gap);
    printf("1..%d\n", tests);
    return !!broken;
}

/* ------------------------------------------------------------------------------------ */

static void parse(int argc, char **argv)
{
    int device = 0;

    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');

        if (!strcmp(argv[i], "--")) {
            device = 1;
            continue;
        }
        if (!value)
            fail("'%s' is no name=value", argv[i]);
        *value++ = 0;
        if (device)
            av_dict_set(&options.device_options, argv[i], value, 0);
        else if (!strcmp(argv[i], "cycles"))
            options.cycles = atoi(value);
        else if (!strcmp(argv[i], "every"))
            options.every = FFMAX(atoi(value), 1);
        else if (!strcmp(argv[i], "frames"))
            options.frames = atoi(value);
        else if (!strcmp(argv[i], "verbose"))
            options.verbose = atoi(value);
        else if (!strcmp(argv[i], "device"))
            options.device = value;
        else
            fail("unknown option '%s'", argv[i]);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } modes[] = {
        { "run",       mode_run       },
        { "failing",   mode_failing   },
        { "overlap",   mode_overlap   },
        { "interrupt", mode_interrupt },
        { "foreign",   mode_foreign   },
        { "enomem",    mode_enomem    },
        { "selftest",  mode_selftest  },
    };

    holdings_init();
    parse(argc, argv);
    avdevice_register_all();
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(on_log);
    for (size_t i = 0; i < FF_ARRAY_ELEMS(modes); i++)
        if (argc > 1 && !strcmp(argv[1], modes[i].name))
            return modes[i].run();
    fail("usage: cycles MODE [NAME=VALUE...] [-- OPTION=VALUE...]%s", "");
    return 2;
}
