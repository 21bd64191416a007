/*
 * A program that loads libavdevice, records with it and unloads it again
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

/**
 * @file
 * Does a libavdevice that is loaded at run time leave anything behind?
 *
 *   loader AVDEVICE-NN.DLL AVFORMAT-NN.DLL AVCODEC-NN.DLL AVUTIL-NN.DLL
 *
 * A plug-in's host unloads what it does not need any more. A thread, a window, a window class
 * or a handler that outlives the code is a crash then, and not at once. Prints TAP. FFmpeg's
 * DLLs are found in PATH.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <tlhelp32.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"

#define CYCLES 20
/* The first ones fill what Wine and FFmpeg keep for good. */
#define WARM   5

static int passed, failed;

#define CHECK(good, ...)                                                             \
    do {                                                                             \
        int is_good = !!(good);                                                      \
        *(is_good ? &passed : &failed) += 1;                                         \
        printf("%sok %d - ", is_good ? "" : "not ", passed + failed);                \
        printf(__VA_ARGS__);                                                         \
        putchar('\n');                                                               \
    } while (0)

typedef struct Held {
    int threads, windows, frames;
    size_t heap, committed;
} Held;

static BOOL CALLBACK count_window(HWND hwnd, LPARAM opaque)
{
    DWORD pid;

    GetWindowThreadProcessId(hwnd, &pid);
    *(int *)opaque += pid == GetCurrentProcessId();
    return TRUE;
}

static int count_threads(void)
{
    HANDLE snap = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = { .dwSize = sizeof(entry) };
    int nb = 0;

    for (BOOL more = Thread32First(snap, &entry); more; more = Thread32Next(snap, &entry))
        nb += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snap);
    return nb;
}

static Held measure(void)
{
    Held held = { .threads = count_threads() };
    PROCESS_HEAP_ENTRY entry = { 0 };
    MEMORY_BASIC_INFORMATION mbi;

    EnumWindows(count_window, (LPARAM)&held.windows);
    HeapLock(GetProcessHeap());
    while (HeapWalk(GetProcessHeap(), &entry)) {
        if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
            continue;
        held.heap   += entry.cbData;
        held.frames += entry.cbData >= 1 << 20;
    }
    HeapUnlock(GetProcessHeap());
    for (char *p = NULL; VirtualQuery(p, &mbi, sizeof(mbi)) == sizeof(mbi); p = (char *)mbi.BaseAddress + mbi.RegionSize)
        if (mbi.State == MEM_COMMIT && mbi.Type == MEM_PRIVATE)
            held.committed += mbi.RegionSize;
    return held;
}

enum { DEVICE, FORMAT, CODEC, UTIL, NB_DLLS };

static HMODULE dlls[NB_DLLS];

static void *find(int dll, const char *name)
{
    void *proc = (void *)GetProcAddress(dlls[dll], name);

    if (!proc) {
        printf("Bail out! there is no %s\n", name);
        exit(1);
    }
    return proc;
}

#define CALL(dll, name) ((__typeof__(name) *)find(dll, #name))

/** With a rule, so that all parts of the device are at work. */
static int record(int frames)
{
    AVFormatContext *ctx  = CALL(FORMAT, avformat_alloc_context)();
    AVDictionary *options = NULL;
    AVPacket *pkt = CALL(CODEC, av_packet_alloc)();
    int ret = ctx && pkt ? 0 : AVERROR(ENOMEM);

    CALL(DEVICE, avdevice_register_all)();
    CALL(UTIL, av_dict_set)(&options, "exclude", "self", 0);
    if (ret >= 0)
        ret = CALL(FORMAT, avformat_open_input)(&ctx, "desktop", CALL(FORMAT, av_find_input_format)("magnifier"),
                                                &options);
    CALL(UTIL, av_dict_free)(&options);
    while (ret >= 0 && frames-- && (ret = CALL(FORMAT, av_read_frame)(ctx, pkt)) >= 0)
        CALL(CODEC, av_packet_unref)(pkt);
    CALL(CODEC, av_packet_free)(&pkt);
    CALL(FORMAT, avformat_close_input)(&ctx);
    return ret;
}

static int cycle(char **names)
{
    int ret;

    for (int i = 0; i < NB_DLLS; i++) {
        dlls[i] = LoadLibraryA(names[i]);
        if (!dlls[i]) {
            printf("Bail out! cannot load %s: error %lu\n", names[i], GetLastError());
            exit(1);
        }
    }
    ret = record(3);
    for (int i = 0; i < NB_DLLS; i++)
        FreeLibrary(dlls[i]);
    return ret;
}

static int is_gone(const char *name)
{
    int gone = !GetModuleHandleA(name);

    if (!gone)
        printf("# %s is still loaded\n", name);
    return gone;
}

int main(int argc, char **argv)
{
    Held warm = { 0 }, end;
    int ret = 0, gone = 1;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc != 1 + NB_DLLS) {
        printf("Bail out! four names of DLLs\n");
        return 1;
    }
    for (int i = 0; i < CYCLES && ret >= 0; i++) {
        ret = cycle(argv + 1);
        for (int k = 1; k <= NB_DLLS; k++)
            gone &= is_gone(argv[k]);
        gone &= is_gone("Magnification.dll");
        if (i == WARM - 1)
            warm = measure();
    }
    end = measure();
    printf("# after %d: %d threads, %d windows, %d large blocks, heap %llu, committed %llu\n", WARM, warm.threads,
           warm.windows, warm.frames, (unsigned long long)warm.heap, (unsigned long long)warm.committed);
    printf("# after %d: %d threads, %d windows, %d large blocks, heap %llu, committed %llu\n", CYCLES, end.threads,
           end.windows, end.frames, (unsigned long long)end.heap, (unsigned long long)end.committed);
    CHECK(ret >= 0, "loaded, recorded and unloaded %d times: %d", CYCLES, ret);
    CHECK(gone, "the DLLs go, and Magnification.dll");
    CHECK(end.threads == warm.threads, "no thread stays");
    CHECK(end.windows == warm.windows, "no window stays");
    CHECK(end.frames == warm.frames, "no frame stays");
    CHECK(end.heap < warm.heap + (64 << 10), "the heap does not grow");
    /* the stand-in, which is loaded anew each time, takes 64 KiB; a frame has 1.2 MB */
    CHECK(end.committed < warm.committed + (4 << 20), "nor what is committed");
    printf("1..%d\n", passed + failed);
    return failed != 0;
}
