/*
 * host: a program that uses the device through libavdevice, as others' programs
 * do, and watches its own process while it does.
 *
 *   host cycles N SIZE FRAMES auto|off   open, read FRAMES, close, N times; with
 *                   "off" it is to run dry, and says at which cycle
 *   host threads    open, read and close from three threads
 *   host two        two captures at once; closing one leaves the other recording
 *   host many SECONDS FIRST INPUT OPTIONS...   a capture for each INPUT and its OPTIONS, of which FIRST,
 *                   rrggbb, is the first pixel, each on a thread of its own for so long; ff00ff is in
 *                   none that has an exclusion
 *   host beside     one that leaves a window out, others beside it come and go
 *   host canary     what the canary is while it is shown, and that it goes
 *   host covered auto|strict   windows above it in all corners of the region
 *   host covered some          and in all but one
 *   host slow strict|auto      what a screen costs that is slow to be read
 *   host share      a file of rules on a drive that does not answer any more
 *   host interrupt  the interrupt callback ends a wait
 *   host unsafe     the same while no picture is certain to leave secret.exe out
 *   host ahead OPTIONS   pictures are taken while nobody reads, but not for ever, and the newest is
 *                   the one that is handed out; needs the profile "pattern"
 *   host nonblock   with AVFMT_FLAG_NONBLOCK, reads are short
 *   host hung DELAY the same, once, while a call of the API does not come back
 *   host options    options by name, and what is refused
 *   host metadata FRAMES FILE OPTIONS   FRAMES packets, or as many as come: their pictures
 *                   go to FILE, what they say of them and the closing lines are printed
 *   host pointer    pointers of known pixels, of this very process
 *   host arm64      what it says where Windows calls the processor one of ARM64
 *   host counters   that each counter of "cycles" can go red
 *
 * The desktop is to show the plaid of pattern.h from 0,0 on (cycles: anything).
 * The last line says "N passed, N failed"; the exit code is 1 when one failed.
 *
 * Wine answers 0 for the handles, GDI and USER objects of a process, so they are
 * counted where this program's image imports the functions that make and free
 * them: FFmpeg's libraries are linked into it.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#include <winsock2.h>
#include <windows.h>
#include <tlhelp32.h>
#include <stdarg.h>
#include <stdio.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"

#include "cursor.h"
#include "pattern.h"

static int passed, failed;

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static int expect(int good, const char *fmt, ...)
{
    va_list ap;

    printf("%s - ", good ? "ok" : "FAILED");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
    *(good ? &passed : &failed) += 1;
    return good;
}

static const char *error_text(int err)
{
    static char buf[AV_ERROR_MAX_STRING_SIZE];

    if (err >= 0)
        return "no error";
    return av_make_error_string(buf, sizeof(buf), err);
}

/* ---- counting at the imports -------------------------------------------- */

typedef enum { HANDLES, GDI, DCS, WINDOWS, ICONS, HOOKS, MODULES, NB_COUNTERS } Counter;

static const char *const counter_names[NB_COUNTERS] = {
    "handles", "GDI objects", "DCs", "windows", "icons", "hooks", "modules"
};
static volatile LONG counters[NB_COUNTERS];

#define MAKER(counter, ret, name, params, args)                                  \
    static ret (WINAPI *real_##name) params;                                     \
    static ret WINAPI my_##name params                                           \
    {                                                                            \
        ret r = real_##name args;                                                \
        if (r && (void *)(uintptr_t)r != INVALID_HANDLE_VALUE)                   \
            InterlockedIncrement(&counters[counter]);                            \
        return r;                                                                \
    }
#define FREER(counter, ret, name, params, args)                                  \
    static ret (WINAPI *real_##name) params;                                     \
    static ret WINAPI my_##name params                                           \
    {                                                                            \
        ret r = real_##name args;                                                \
        if (r)                                                                   \
            InterlockedDecrement(&counters[counter]);                            \
        return r;                                                                \
    }

MAKER(HANDLES, HANDLE, CreateEventA, (SECURITY_ATTRIBUTES *a, BOOL b, BOOL c, LPCSTR d), (a, b, c, d))
MAKER(HANDLES, HANDLE, CreateEventW, (SECURITY_ATTRIBUTES *a, BOOL b, BOOL c, LPCWSTR d), (a, b, c, d))
MAKER(HANDLES, HANDLE, CreateSemaphoreA, (SECURITY_ATTRIBUTES *a, LONG b, LONG c, LPCSTR d), (a, b, c, d))
MAKER(HANDLES, HANDLE, CreateSemaphoreW, (SECURITY_ATTRIBUTES *a, LONG b, LONG c, LPCWSTR d), (a, b, c, d))
MAKER(HANDLES, HANDLE, CreateMutexW, (SECURITY_ATTRIBUTES *a, BOOL b, LPCWSTR c), (a, b, c))
MAKER(HANDLES, HANDLE, CreateWaitableTimerW, (SECURITY_ATTRIBUTES *a, BOOL b, LPCWSTR c), (a, b, c))
MAKER(HANDLES, HANDLE, CreateWaitableTimerExW, (SECURITY_ATTRIBUTES *a, LPCWSTR b, DWORD c, DWORD d), (a, b, c, d))
MAKER(HANDLES, HANDLE, CreateThread, (SECURITY_ATTRIBUTES *a, SIZE_T b, LPTHREAD_START_ROUTINE c, void *d, DWORD e, DWORD *f), (a, b, c, d, e, f))
static void share_hangs(LPCWSTR name);

MAKER(HANDLES, HANDLE, CreateFileW, (LPCWSTR a, DWORD b, DWORD c, SECURITY_ATTRIBUTES *d, DWORD e, DWORD f, HANDLE g), ((share_hangs(a), a), b, c, d, e, f, g))
MAKER(HANDLES, HANDLE, OpenProcess, (DWORD a, BOOL b, DWORD c), (a, b, c))
MAKER(HANDLES, HANDLE, OpenThread, (DWORD a, BOOL b, DWORD c), (a, b, c))
MAKER(HANDLES, BOOL, OpenProcessToken, (HANDLE a, DWORD b, HANDLE *c), (a, b, c))
MAKER(HANDLES, HANDLE, CreateToolhelp32Snapshot, (DWORD a, DWORD b), (a, b))
FREER(HANDLES, BOOL, CloseHandle, (HANDLE a), (a))
MAKER(GDI, HBITMAP, CreateDIBSection, (HDC a, const BITMAPINFO *b, UINT c, void **d, HANDLE e, DWORD f), (a, b, c, d, e, f))
MAKER(GDI, HBITMAP, CreateBitmap, (int a, int b, UINT c, UINT d, const void *e), (a, b, c, d, e))
MAKER(GDI, HBITMAP, CreateCompatibleBitmap, (HDC a, int b, int c), (a, b, c))
MAKER(GDI, HBRUSH, CreateSolidBrush, (COLORREF a), (a))
MAKER(GDI, HRGN, CreateRectRgn, (int a, int b, int c, int d), (a, b, c, d))
FREER(GDI, BOOL, DeleteObject, (HGDIOBJ a), (a))
MAKER(DCS, HDC, CreateCompatibleDC, (HDC a), (a))
MAKER(DCS, HDC, GetDC, (HWND a), (a))
MAKER(DCS, HDC, GetWindowDC, (HWND a), (a))
FREER(DCS, BOOL, DeleteDC, (HDC a), (a))
FREER(DCS, int, ReleaseDC, (HWND a, HDC b), (a, b))
static void fault_if_asked(void);

MAKER(WINDOWS, HWND, CreateWindowExW, (DWORD a, LPCWSTR b, LPCWSTR c, DWORD d, int e, int f, int g, int h, HWND i, HMENU j, HINSTANCE k, void *l), ((fault_if_asked(), a), b, c, d, e, f, g, h, i, j, k, l))
MAKER(WINDOWS, HWND, CreateWindowExA, (DWORD a, LPCSTR b, LPCSTR c, DWORD d, int e, int f, int g, int h, HWND i, HMENU j, HINSTANCE k, void *l), (a, b, c, d, e, f, g, h, i, j, k, l))
FREER(WINDOWS, BOOL, DestroyWindow, (HWND a), (a))
MAKER(ICONS, HICON, CopyIcon, (HICON a), (a))
MAKER(ICONS, HICON, CreateIconIndirect, (ICONINFO *a), (a))
FREER(ICONS, BOOL, DestroyIcon, (HICON a), (a))
MAKER(HOOKS, HWINEVENTHOOK, SetWinEventHook, (DWORD a, DWORD b, HMODULE c, WINEVENTPROC d, DWORD e, DWORD f, DWORD g), (a, b, c, d, e, f, g))
FREER(HOOKS, BOOL, UnhookWinEvent, (HWINEVENTHOOK a), (a))
MAKER(HOOKS, void *, AddVectoredExceptionHandler, (ULONG a, PVECTORED_EXCEPTION_HANDLER b), (a, b))
FREER(HOOKS, ULONG, RemoveVectoredExceptionHandler, (void *a), (a))
MAKER(MODULES, HMODULE, LoadLibraryW, (LPCWSTR a), (a))
MAKER(MODULES, HMODULE, LoadLibraryExW, (LPCWSTR a, HANDLE b, DWORD c), (a, b, c))
MAKER(MODULES, HMODULE, LoadLibraryA, (LPCSTR a), (a))
FREER(MODULES, BOOL, FreeLibrary, (HMODULE a), (a))

static BOOL (WINAPI *real_GetIconInfo)(HICON a, ICONINFO *b);
static BOOL WINAPI my_GetIconInfo(HICON a, ICONINFO *b)
{
    BOOL r = real_GetIconInfo(a, b);

    // both bitmaps are the caller's
    if (r)
        InterlockedExchangeAdd(&counters[GDI], !!b->hbmColor + !!b->hbmMask);
    return r;
}

// a reference, unless its caller wants none
static BOOL (WINAPI *real_GetModuleHandleExW)(DWORD a, LPCWSTR b, HMODULE *c);
static BOOL WINAPI my_GetModuleHandleExW(DWORD a, LPCWSTR b, HMODULE *c)
{
    BOOL r = real_GetModuleHandleExW(a, b, c);

    if (r && !(a & GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT))
        InterlockedIncrement(&counters[MODULES]);
    return r;
}

static void (WINAPI *real_FreeLibraryAndExitThread)(HMODULE a, DWORD b);
static void WINAPI my_FreeLibraryAndExitThread(HMODULE a, DWORD b)
{
    InterlockedDecrement(&counters[MODULES]);
    real_FreeLibraryAndExitThread(a, b);
}

static void keep_above(HWND hwnd);

static BOOL (WINAPI *real_SetWindowPos)(HWND a, HWND b, int c, int d, int e, int f, UINT g);
static BOOL WINAPI my_SetWindowPos(HWND a, HWND b, int c, int d, int e, int f, UINT g)
{
    BOOL r = real_SetWindowPos(a, b, c, d, e, f, g);

    if (r && b == HWND_TOPMOST)
        keep_above(a);
    return r;
}

static double ms_of(const LARGE_INTEGER *a, const LARGE_INTEGER *b);

/*
 * Windows is reported to let a copy from the screen wait for the display: that long. No other
 * copy goes through this program's imports but those of the device.
 */
static volatile LONG slow_screen, screen_reads;
#define SCREEN_MS 16.7

static BOOL (WINAPI *real_BitBlt)(HDC a, int b, int c, int d, int e, HDC f, int g, int h, DWORD i);
static BOOL WINAPI my_BitBlt(HDC a, int b, int c, int d, int e, HDC f, int g, int h, DWORD i)
{
    LARGE_INTEGER begin, now;

    InterlockedIncrement(&screen_reads);
    QueryPerformanceCounter(&begin);
    for (now = begin; slow_screen && ms_of(&begin, &now) < SCREEN_MS; QueryPerformanceCounter(&now))
        Sleep(1);
    return real_BitBlt(a, b, c, d, e, f, g, h, i);
}

/* Calls for a picture that have begun; how many pictures that is, there being one monitor. */
static volatile LONG captures;

static BOOL (WINAPI *real_MagSetWindowSource)(HWND a, RECT b);
static BOOL WINAPI my_MagSetWindowSource(HWND a, RECT b)
{
    InterlockedIncrement(&captures);
    return real_MagSetWindowSource(a, b);
}

static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name);
static FARPROC (WINAPI *real_GetProcAddress)(HMODULE module, LPCSTR name);

#define HOOK(name) { #name, (void *)my_##name, (void **)&real_##name }
static const struct Hook {
    const char *name;
    void *mine;
    void **real;
} hooks[] = {
    HOOK(CreateEventA), HOOK(CreateEventW), HOOK(CreateSemaphoreA), HOOK(CreateSemaphoreW),
    HOOK(CreateMutexW), HOOK(CreateWaitableTimerW), HOOK(CreateWaitableTimerExW),
    HOOK(CreateThread), HOOK(CreateFileW), HOOK(OpenProcess), HOOK(OpenThread),
    HOOK(OpenProcessToken),
    HOOK(CreateToolhelp32Snapshot), HOOK(CloseHandle), HOOK(CreateDIBSection),
    HOOK(CreateBitmap), HOOK(CreateCompatibleBitmap), HOOK(CreateSolidBrush),
    HOOK(CreateRectRgn), HOOK(DeleteObject), HOOK(CreateCompatibleDC), HOOK(GetDC),
    HOOK(GetWindowDC), HOOK(DeleteDC), HOOK(ReleaseDC), HOOK(CreateWindowExW),
    HOOK(CreateWindowExA), HOOK(DestroyWindow), HOOK(CopyIcon), HOOK(CreateIconIndirect),
    HOOK(DestroyIcon), HOOK(SetWinEventHook), HOOK(UnhookWinEvent), HOOK(LoadLibraryW),
    HOOK(LoadLibraryExW), HOOK(LoadLibraryA), HOOK(FreeLibrary), HOOK(GetIconInfo),
    HOOK(GetModuleHandleExW), HOOK(FreeLibraryAndExitThread), HOOK(GetProcAddress),
    HOOK(SetWindowPos), HOOK(BitBlt), HOOK(MagSetWindowSource), HOOK(AddVectoredExceptionHandler), HOOK(RemoveVectoredExceptionHandler),
};
#define NB_HOOKS (sizeof(hooks) / sizeof(*hooks))

static const struct Hook *find_hook(const char *name)
{
    size_t i;

    for (i = 0; i < NB_HOOKS; i++)
        if (!strcmp(hooks[i].name, name))
            return &hooks[i];
    return NULL;
}

static int on_arm64;

static BOOL WINAPI machine_is_arm64(HANDLE process, USHORT *machine, USHORT *native)
{
    (void)process;
    *machine = IMAGE_FILE_MACHINE_UNKNOWN;
    *native  = 0xAA64;
    return TRUE;
}

/* What is looked up at run time is counted too, if it is one of user32's and the like. */
static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name)
{
    FARPROC proc = on_arm64 && (uintptr_t)name >> 16 && !strcmp(name, "IsWow64Process2") ?
                   (FARPROC)(void *)machine_is_arm64 : real_GetProcAddress(module, name);
    const struct Hook *hook = proc && (uintptr_t)name >> 16 ? find_hook(name) : NULL;

    if (!hook)
        return proc;
    if (!*hook->real)
        *hook->real = (void *)proc;
    return *hook->real == (void *)proc ? (FARPROC)hook->mine : proc;
}

static void hook_imports(void)
{
    uint8_t *base = (uint8_t *)GetModuleHandleW(NULL);
    IMAGE_NT_HEADERS *nt = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_DATA_DIRECTORY *dir =
        &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    IMAGE_IMPORT_DESCRIPTOR *d = (IMAGE_IMPORT_DESCRIPTOR *)(base + dir->VirtualAddress);

    for (; d->Name; d++) {
        IMAGE_THUNK_DATA *name = (IMAGE_THUNK_DATA *)(base + d->OriginalFirstThunk);
        IMAGE_THUNK_DATA *thunk = (IMAGE_THUNK_DATA *)(base + d->FirstThunk);

        for (; name->u1.AddressOfData; name++, thunk++) {
            const struct Hook *hook;
            DWORD old;

            if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal))
                continue;
            hook = find_hook((char *)((IMAGE_IMPORT_BY_NAME *)
                                      (base + name->u1.AddressOfData))->Name);
            if (!hook)
                continue;
            *hook->real = (void *)(uintptr_t)thunk->u1.Function;
            VirtualProtect(thunk, sizeof(*thunk), PAGE_READWRITE, &old);
            thunk->u1.Function = (uintptr_t)hook->mine;
            VirtualProtect(thunk, sizeof(*thunk), old, &old);
        }
    }
}

/* ---- the figures of a process -------------------------------------------- */

typedef struct Figures {
    uint64_t heap;              ///< busy bytes of the process's default heap
    unsigned large;             ///< of them, blocks of 256 KB and more
    uint64_t committed;         ///< private committed bytes
    uint64_t gap;               ///< largest free stretch of addresses
    unsigned threads, windows;
    LONG counters[NB_COUNTERS];
} Figures;

static BOOL CALLBACK count_window(HWND hwnd, LPARAM opaque)
{
    (void)hwnd;
    ++*(unsigned *)opaque;
    return TRUE;
}

static void measure(Figures *f)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    MEMORY_BASIC_INFORMATION mbi;
    THREADENTRY32 te = { .dwSize = sizeof(te) };
    uint8_t *p = NULL;
    HANDLE snap;
    BOOL more;
    int i;

    memset(f, 0, sizeof(*f));
    for (i = 0; i < NB_COUNTERS; i++)
        f->counters[i] = counters[i];
    HeapLock(GetProcessHeap());
    while (HeapWalk(GetProcessHeap(), &entry))
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) {
            f->heap  += entry.cbData;
            f->large += entry.cbData >= 256 << 10;
        }
    HeapUnlock(GetProcessHeap());
    while (VirtualQuery(p, &mbi, sizeof(mbi)) == sizeof(mbi)) {
        uint8_t *next = (uint8_t *)mbi.BaseAddress + mbi.RegionSize;

        if (mbi.State == MEM_COMMIT && mbi.Type == MEM_PRIVATE)
            f->committed += mbi.RegionSize;
        if (mbi.State == MEM_FREE && mbi.RegionSize > f->gap)
            f->gap = mbi.RegionSize;
        if (next <= p)
            break;
        p = next;
    }
    snap = real_CreateToolhelp32Snapshot ?
           real_CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0) :
           CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (more = Thread32First(snap, &te); more; more = Thread32Next(snap, &te))
        if (te.th32OwnerProcessID == GetCurrentProcessId()) {
            f->threads++;
            EnumThreadWindows(te.th32ThreadID, count_window, (LPARAM)&f->windows);
        }
    real_CloseHandle(snap);
}

static void print_figures(const char *when, const Figures *f)
{
    int i;

    printf("%s: heap %llu KiB in %u large blocks, private %llu KiB, largest gap %llu KiB, "
           "%u threads, %u windows", when, (unsigned long long)f->heap >> 10, f->large,
           (unsigned long long)f->committed >> 10, (unsigned long long)f->gap >> 10,
           f->threads, f->windows);
    for (i = 0; i < NB_COUNTERS; i++)
        printf(", %s %ld", counter_names[i], f->counters[i]);
    putchar('\n');
    fflush(stdout);
}

/* ---- the device ------------------------------------------------------------ */

typedef struct Interrupt {
    volatile LONG raised;
    int delay;                  ///< ms
    LARGE_INTEGER when;
} Interrupt;

static int interrupted(void *opaque)
{
    return ((Interrupt *)opaque)->raised;
}

/* options: "key=value:key=value" */
static int open_input(AVFormatContext **ctx, const char *input, const char *options,
                      Interrupt *interrupt)
{
    AVDictionary *dict = NULL;
    int ret, left;

    *ctx = avformat_alloc_context();
    if (!*ctx)
        return AVERROR(ENOMEM);
    if (interrupt)
        (*ctx)->interrupt_callback = (AVIOInterruptCB){ interrupted, interrupt };
    ret = av_dict_parse_string(&dict, options, "=", ":", 0);
    if (ret >= 0)
        ret = avformat_open_input(ctx, input, av_find_input_format("magnifier"), &dict);
    left = av_dict_count(dict);
    av_dict_free(&dict);
    if (ret >= 0 && left) {
        avformat_close_input(ctx);
        return AVERROR_OPTION_NOT_FOUND;
    }
    return ret;
}

static int open_device(AVFormatContext **ctx, const char *options, Interrupt *interrupt)
{
    return open_input(ctx, "desktop", options, interrupt);
}

/* Reads frames and, if w is not 0, checks the last for the plaid at x, y. */
static int read_frames(AVFormatContext *ctx, int n, int x0, int y0, int w, int h)
{
    Pattern plaid = { PATTERN_PLAID };
    AVPacket *pkt = av_packet_alloc();
    int ret = 0, x, y;

    while (n-- > 0 && (ret = av_read_frame(ctx, pkt)) >= 0) {
        if (!n && w) {
            if (pkt->size != w * h * 4)
                ret = AVERROR(ERANGE);
            for (y = 0; y < h && ret >= 0; y++)
                for (x = 0; x < w; x++) {
                    const uint8_t *p = pkt->data + 4 * (y * w + x);

                    if ((uint32_t)(p[2] << 16 | p[1] << 8 | p[0]) !=
                        pattern_pixel(&plaid, x0 + x, y0 + y)) {
                        printf("at %d,%d: got %02x%02x%02x\n", x, y, p[2], p[1], p[0]);
                        ret = AVERROR_INVALIDDATA;
                        break;
                    }
                }
        }
        av_packet_unref(pkt);
    }
    av_packet_free(&pkt);
    return ret;
}

/* ---- cycles -------------------------------------------------------------- */

static int cycle(const char *options, int frames)
{
    AVFormatContext *ctx = NULL;
    int ret = open_device(&ctx, options, NULL);

    if (ret >= 0)
        ret = read_frames(ctx, frames, 0, 0, 0, 0);
    avformat_close_input(&ctx);
    return ret;
}

static void cycles(int n, const char *size, int frames, const char *reclaim)
{
    char options[200];
    Figures warm = { 0 }, now = { 0 };
    int i, k, ret = 0, on = !strcmp(reclaim, "auto");

    snprintf(options, sizeof(options), "video_size=%s:offset_x=0:offset_y=0:framerate=1000:"
             "draw_mouse=1:reclaim=%s", size, reclaim);
    for (i = 1; i <= n && ret >= 0; i++) {
        ret = cycle(options, frames);
        if (ret < 0)
            break;
        measure(&now);
        if (i == 3)
            warm = now;
        if (i <= 3 || i % 20 == 0 || i == n) {
            char when[40];

            snprintf(when, sizeof(when), "cycle %d", i);
            print_figures(when, &now);
        }
    }
    if (!on) {
        if (ret < 0)
            printf("ran dry in cycle %d: %s\n", i, error_text(ret));
        expect(ret < 0, "without reclaim it runs dry within %d cycles", n);
        return;
    }
    if (!expect(ret >= 0, "%d cycles at %s%s%s", i - 1, size, ret < 0 ? ": " : "",
                ret < 0 ? error_text(ret) : ""))
        return;
    expect(now.large <= warm.large, "no large block stays in the heap: %u, at first %u",
           now.large, warm.large);
    expect(now.heap <= warm.heap + (64 << 10), "the heap does not grow: %lld KiB since cycle 3",
           (long long)(now.heap - warm.heap) / 1024);
    expect(now.committed <= warm.committed + (8 << 20),
           "committed memory does not grow by a frame: %lld KiB since cycle 3",
           (long long)(now.committed - warm.committed) / 1024);
    expect(now.threads == warm.threads && now.windows == warm.windows,
           "no thread and no window stays: %u and %u", now.threads, now.windows);
    for (k = 0; k < NB_COUNTERS; k++)
        expect(now.counters[k] == warm.counters[k], "%s: %ld since cycle 3", counter_names[k],
               now.counters[k] - warm.counters[k]);
}

/* ---- threads -------------------------------------------------------------- */

typedef struct Job {
    AVFormatContext *ctx;
    int ret;
} Job;

static DWORD WINAPI thread_open(void *opaque)
{
    Job *j = opaque;

    j->ret = open_device(&j->ctx, "video_size=101x67:offset_x=33:offset_y=21:framerate=30:draw_mouse=0",
                         NULL);
    return 0;
}

static DWORD WINAPI thread_read(void *opaque)
{
    Job *j = opaque;

    j->ret = read_frames(j->ctx, 5, 33, 21, 101, 67);
    return 0;
}

static DWORD WINAPI thread_close(void *opaque)
{
    Job *j = opaque;

    avformat_close_input(&j->ctx);
    return 0;
}

static void in_thread(LPTHREAD_START_ROUTINE proc, Job *j)
{
    HANDLE thread = CreateThread(NULL, 0, proc, j, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void threads(void)
{
    Figures before, after;
    Job j = { NULL, 0 };
    int i;

    for (i = 0; i < 4; i++) {
        in_thread(thread_open, &j);
        expect(j.ret >= 0, "opened on a thread that ends: %s", error_text(j.ret));
        if (j.ret < 0)
            return;
        in_thread(thread_read, &j);
        expect(j.ret >= 0, "read on another: %s", error_text(j.ret));
        in_thread(thread_close, &j);
        expect(!j.ctx, "closed on a third");
        measure(i ? &after : &before);
    }
    expect(after.threads == before.threads && after.windows == before.windows,
           "no thread and no window stays: %u and %u", after.threads, after.windows);
}

/* ---- two at once ------------------------------------------------------------ */

#define REGION_A "video_size=120x80:offset_x=10:offset_y=20:framerate=50:draw_mouse=0"
#define REGION_B "video_size=201x99:offset_x=300:offset_y=200:framerate=25:draw_mouse=0"

static void two(void)
{
    AVFormatContext *a = NULL, *b = NULL, *c = NULL;
    Figures before, after;
    int ret;

    cycle(REGION_A, 1);
    measure(&before);
    ret = open_device(&a, REGION_A, NULL);
    expect(ret >= 0, "the first opens: %s", error_text(ret));
    ret = open_device(&b, REGION_B, NULL);
    expect(ret >= 0, "a second opens beside it: %s", error_text(ret));
    if (!a || !b)
        return;
    ret = read_frames(a, 3, 10, 20, 120, 80);
    expect(ret >= 0, "the first shows its own region: %s", error_text(ret));
    ret = read_frames(b, 3, 300, 200, 201, 99);
    expect(ret >= 0, "the second shows its own region: %s", error_text(ret));
    avformat_close_input(&a);
    ret = read_frames(b, 5, 300, 200, 201, 99);
    expect(ret >= 0, "the first closed, the second goes on recording: %s", error_text(ret));
    ret = open_device(&c, REGION_A, NULL);
    expect(ret >= 0, "a third joins: %s", error_text(ret));
    avformat_close_input(&b);
    ret = c ? read_frames(c, 3, 10, 20, 120, 80) : ret;
    expect(ret >= 0, "and stays when the second closes: %s", error_text(ret));
    avformat_close_input(&c);
    measure(&after);
    expect(after.large == before.large, "no large block stays: %u", after.large);
    expect(after.threads == before.threads && after.windows == before.windows,
           "no thread and no window stays: %u and %u", after.threads, after.windows);
}

/* ---- many at once ------------------------------------------------------------ */

typedef struct Many {
    const char *input, *options;
    uint32_t first;             ///< the first pixel of all its pictures
    DWORD ms;                   ///< how long it reads
    int ret;
    double slots;               ///< from the first picture to the last
    int packets;
    int odd;                    ///< of them, with another first pixel, and not black
    int black;                  ///< ... all black: on a busy machine none is confirmed in time
    int leaks;                  ///< ... with a pixel of what is left out
    int magenta;                ///< pixels of the last of those, and the first one, the last one
    int from, to;
    char state[600];            ///< what it says of itself
} Many;

/** What a packet says of itself, as the side data has it, with spaces. */
static void copy_state(Many *m, const AVPacket *pkt)
{
    size_t size = 0;
    int i;

    for (i = 0; i < pkt->side_data_elems; i++)
        if (pkt->side_data[i].type == AV_PKT_DATA_STRINGS_METADATA)
            for (; size < pkt->side_data[i].size && size < sizeof(m->state) - 1; size++)
                m->state[size] = pkt->side_data[i].data[size] ? pkt->side_data[i].data[size] : ' ';
    m->state[size] = 0;
}

static void look_at(Many *m, const AVPacket *pkt)
{
    const uint32_t *pixels = (const uint32_t *)pkt->data;
    const int nb = pkt->size / 4, excludes = !!strstr(m->options, "exclude");
    int magenta = 0, dark = 0, run = 0, from = 0, to = 0, i;

    for (i = 0; excludes && i < nb; i++) {
        run = (pixels[i] & 0xffffff) == 0xff00ff ? run + 1 : 0;
        /* the canary of another capture is two pixels wide, and of any colour */
        if (run > 2) {
            from = magenta++ ? from : i;
            to   = i;
        }
        dark += !(pixels[i] & 0xffffff);
    }
    if (magenta) {
        m->leaks++;
        m->magenta = magenta;
        m->from    = from;
        m->to      = to;
        copy_state(m, pkt);
    }
    if (excludes && dark == nb)
        m->black++;
    else
        m->odd += (pixels[0] & 0xffffff) != m->first;
}

static DWORD WINAPI thread_many(void *opaque)
{
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc();
    Many *m       = opaque;
    DWORD begin   = GetTickCount();
    int64_t first = 0;

    m->ret = open_input(&ctx, m->input, m->options, NULL);
    while (m->ret >= 0 && GetTickCount() - begin < m->ms) {
        AVRational rate = ctx->streams[0]->avg_frame_rate;

        m->ret = av_read_frame(ctx, pkt);
        if (m->ret < 0)
            break;
        if (!m->packets)
            first = pkt->pts;
        m->slots  = (pkt->pts - first) / 1e6 * rate.num / rate.den;
        look_at(m, pkt);
        m->packets++;
        av_packet_unref(pkt);
    }
    avformat_close_input(&ctx);
    av_packet_free(&pkt);
    return 0;
}

#define MAX_MANY 8

static void many(int seconds, int nb, char **args)
{
    Many jobs[MAX_MANY] = { { 0 } };
    HANDLE threads[MAX_MANY];
    Figures before, quarter, last, after;
    int i;

    if (nb < 1 || nb > MAX_MANY) {
        expect(0, "1 to %d captures", MAX_MANY);
        return;
    }
    cycle(REGION_A, 1);
    measure(&before);
    for (i = 0; i < nb; i++) {
        jobs[i]    = (Many) { .first = strtoul(args[3 * i], NULL, 16), .input = args[3 * i + 1],
                              .options = args[3 * i + 2], .ms = 1000 * seconds };
        threads[i] = CreateThread(NULL, 0, thread_many, &jobs[i], 0, NULL);
    }
    Sleep(1000 * seconds / 4);
    measure(&quarter);
    Sleep(1000 * seconds / 2);
    measure(&last);
    print_figures("after a quarter of the time", &quarter);
    print_figures("after three quarters", &last);
    for (i = 0; i < nb; i++) {
        const Many *m = &jobs[i];

        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
        expect(m->ret >= 0 && m->packets, "%s, %s: %d packets, %s", m->input, m->options, m->packets,
               error_text(m->ret));
        expect(!m->leaks, "%d of them show what is left out (the last: %d pixels, number %d to %d; %s)",
               m->leaks, m->magenta, m->from, m->to, m->state);
        expect(!m->odd && m->black < m->packets, "%d of them do not show what they should, and %d are black",
               m->odd, m->black);
        /* when the first one is late, and those after it are not, the slot that goes on then has one, too */
        expect(m->packets - 1 < m->slots + 2, "no more than the %.2f slots since", m->slots);
    }
    measure(&after);
    expect(after.large == before.large, "no large block stays: %u", after.large);
    expect(after.threads == before.threads && after.windows == before.windows,
           "no thread and no window stays: %u and %u", after.threads, after.windows);
    /* FFmpeg's pools grow by a frame when a picture is kept, and stay so */
    expect(last.large <= quarter.large + nb, "no more large blocks than before: %u and %u",
           quarter.large, last.large);
}

/* ---- windows of its own ------------------------------------------------------ */

/* No colour of the canary's, and none that the plaid has near its corner. */
#define SECRET 0x4080E0
#define WAIT_MS 10000   // an error long before a test would hang

/* A window in one colour, or any rectangle of the desktop. */
typedef struct Box {
    int x, y, w, h;
    uint32_t color;
    int pictured;               ///< belongs into the picture
    DWORD ex_style;
    HWND hwnd;
    HANDLE ready;
} Box;

static volatile LONG deactivated;   ///< a box has lost the activation or the focus

static LRESULT CALLBACK box_proc(HWND hwnd, UINT msg, WPARAM wp, LPARAM lp)
{
    if ((msg == WM_ACTIVATE && LOWORD(wp) == WA_INACTIVE) || msg == WM_KILLFOCUS)
        InterlockedIncrement(&deactivated);
    if (msg == WM_APP)
        return SetForegroundWindow(hwnd);
    if (msg == WM_ERASEBKGND) {
        HBRUSH brush = CreateSolidBrush((COLORREF)GetWindowLongPtrW(hwnd, GWLP_USERDATA));
        RECT r;

        GetClientRect(hwnd, &r);
        FillRect((HDC)wp, &r, brush);
        DeleteObject(brush);
        return 1;
    }
    return DefWindowProcW(hwnd, msg, wp, lp);
}

static DWORD WINAPI thread_box(void *opaque)
{
    WNDCLASSW wc = { .lpfnWndProc = box_proc, .hInstance = GetModuleHandleW(NULL),
                     .lpszClassName = L"host box" };
    Box *box = opaque;
    MSG msg;

    RegisterClassW(&wc);
    box->hwnd = CreateWindowExW(box->ex_style, wc.lpszClassName, L"box", WS_POPUP, box->x, box->y,
                                box->w, box->h, NULL, NULL, wc.hInstance, NULL);
    SetWindowLongPtrW(box->hwnd, GWLP_USERDATA,
                      RGB(box->color >> 16 & 255, box->color >> 8 & 255, box->color & 255));
    SetEvent(box->ready);
    while (GetMessageW(&msg, NULL, 0, 0) > 0)
        DispatchMessageW(&msg);
    return 0;
}

static uint32_t on_screen(int x, int y)
{
    HDC dc = GetDC(NULL);
    COLORREF c = GetPixel(dc, x, y);

    ReleaseDC(NULL, dc);
    return GetRValue(c) << 16 | GetGValue(c) << 8 | GetBValue(c);
}

static int wait_pixel(int x, int y, uint32_t color)
{
    int ms;

    for (ms = 0; on_screen(x, y) != color; ms++) {
        if (ms == WAIT_MS)
            return expect(0, "%d,%d is %06x on the screen, not %06x", x, y, on_screen(x, y), color);
        Sleep(1);
    }
    return 1;
}

static uint32_t plaid_pixel(int x, int y)
{
    Pattern plaid = { PATTERN_PLAID };

    return pattern_pixel(&plaid, x, y);
}

/* Until it is on the screen; and all of it, as it is painted in one go. */
static int show_box(const Box *box)
{
    ShowWindow(box->hwnd, SW_SHOWNOACTIVATE);
    return wait_pixel(box->x + box->w - 1, box->y + box->h - 1, box->color);
}

/* Where there is nothing but the plaid behind it. */
static int hide_box(const Box *box)
{
    ShowWindow(box->hwnd, SW_HIDE);
    return wait_pixel(box->x, box->y, plaid_pixel(box->x, box->y));
}

/*
 * Makes the windows, hidden, that stay to the end of the process. Each has a thread, as
 * the popups of a thread are left out with the window that a rule matches.
 */
static void make_boxes(Box *box, int nb)
{
    int i;

    for (i = 0; i < nb; i++) {
        box[i].ready = CreateEventW(NULL, TRUE, FALSE, NULL);
        CloseHandle(CreateThread(NULL, 0, thread_box, &box[i], 0, NULL));
        WaitForSingleObject(box[i].ready, INFINITE);
    }
}

static int inside(const Box *box, int x, int y)
{
    return x >= box->x && y >= box->y && x < box->x + box->w && y < box->y + box->h;
}

/*
 * Those that are above every other window whatever that does, as on Windows those of a
 * higher band are: raised before SetWindowPos comes back to the one that raised another.
 */
static Box *roofs;
static int nb_roofs;

static void keep_above(HWND hwnd)
{
    RECT r;
    int i;

    GetWindowRect(hwnd, &r);
    for (i = 0; i < nb_roofs; i++) {
        if (!roofs[i].pictured)
            continue;
        real_SetWindowPos(roofs[i].hwnd, HWND_TOPMOST, 0, 0, 0, 0,
                          SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
        if (inside(&roofs[i], r.left, r.top))
            wait_pixel(r.left, r.top, roofs[i].color);
    }
}

/*
 * The boxes that belong into the picture, the first one topmost, and the plaid behind
 * them; what is in one of the holes is not looked at.
 */
static int picture_is(const AVPacket *pkt, const Box *region, const Box *box, int nb,
                      const Box *hole, int nb_holes)
{
    const uint8_t *p = pkt->data;
    int x, y, i;

    if (pkt->size != region->w * region->h * 4) {
        printf("a picture of %d bytes\n", pkt->size);
        return 0;
    }
    for (y = region->y; y < region->y + region->h; y++)
        for (x = region->x; x < region->x + region->w; x++, p += 4) {
            uint32_t got = p[2] << 16 | p[1] << 8 | p[0], want = plaid_pixel(x, y);

            for (i = nb - 1; i >= 0; i--)
                if (box[i].pictured && inside(&box[i], x, y))
                    want = box[i].color;
            if (got == want)
                continue;
            for (i = 0; i < nb_holes && !inside(&hole[i], x, y); i++)
                ;
            if (i == nb_holes) {
                printf("at %d,%d of the desktop: got %06x, want %06x\n", x, y, got, want);
                return 0;
            }
        }
    return 1;
}

/* Opens the device on a region with these options too. */
static int open_region(AVFormatContext **ctx, const Box *region, const char *options)
{
    char all[400];

    snprintf(all, sizeof(all), "video_size=%dx%d:offset_x=%d:offset_y=%d:draw_mouse=0:%s",
             region->w, region->h, region->x, region->y, options);
    return open_device(ctx, all, NULL);
}

/* Rectangles of a size so far inside the corners of a region, in the order that the canary tries them. */
static void corners_of(Box corner[4], const Box *region, int inside, int size, uint32_t color)
{
    int i;

    for (i = 0; i < 4; i++) {
        Box b = { i & 1 ? region->x + inside : region->x + region->w - inside - size,
                  i & 2 ? region->y + inside : region->y + region->h - inside - size,
                  size, size, color, 1, WS_EX_TOPMOST | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, NULL };

        corner[i] = b;
    }
}

/* ---- one that leaves a window out, and others beside it ----------------------- */

typedef struct Reader {
    AVFormatContext *ctx;
    Box region;
    volatile LONG stop;
    HANDLE fresh;               ///< a semaphore: new pictures
    int ret;
    long frames, wrong;
    long repeats, longest;      ///< of them in a row, since it was last set to 0
    double gap;                 ///< slots between two new pictures, the most since then
} Reader;

static DWORD WINAPI thread_reader(void *opaque)
{
    Reader *r = opaque;
    AVPacket *pkt = av_packet_alloc(), *last = av_packet_alloc();
    int64_t time = 0;

    while (!r->stop && (r->ret = av_read_frame(r->ctx, pkt)) >= 0) {
        r->frames++;
        if (!picture_is(pkt, &r->region, NULL, 0, NULL, 0))
            r->wrong++;
        // kept, so that another picture cannot be in the same place
        if (pkt->data == last->data) {
            r->repeats++;
            r->longest = FFMAX(r->longest, r->repeats);
        } else {
            r->repeats = 0;
            if (time)
                r->gap = FFMAX(r->gap, (double)(pkt->pts - time) / pkt->duration);
            time = pkt->pts;
            ReleaseSemaphore(r->fresh, 1, NULL);
        }
        av_packet_unref(last);
        av_packet_move_ref(last, pkt);
    }
    av_packet_free(&last);
    av_packet_free(&pkt);
    return 0;
}

/* Until the reader has had so many more new pictures. */
static int reads_on(Reader *r, int n)
{
    while (WaitForSingleObject(r->fresh, 0) == WAIT_OBJECT_0)
        ;
    while (n-- > 0)
        if (WaitForSingleObject(r->fresh, WAIT_MS) != WAIT_OBJECT_0)
            return 0;
    return 1;
}

/* A few slots. */
#define MAX_LOST 5
#define ROUNDS 8

static void beside(void)
{
    Box secret = { 100, 80, 160, 90, SECRET, 1, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, NULL };
    Box region = { 20, 10, 400, 300, 0, 0, 0, NULL };
    Reader r = { NULL, { 40, 30, 320, 240, 0, 0, 0, NULL }, 0, NULL, 0, 0, 0, 0, 0, 0 };
    AVPacket *pkt = av_packet_alloc();
    Box canaries[4];
    char options[200];
    HANDLE thread;
    double best = 1e9;
    long longest = 0;
    int i, k, ret, bad = 0, stopped = 0;

    corners_of(canaries, &r.region, 8, 2, 0);
    make_boxes(&secret, 1);
    if (!show_box(&secret))
        return;
    snprintf(options, sizeof(options), "framerate=20:exclude=hwnd=0x%lx:exclude_proof=strict",
             (unsigned long)(uintptr_t)secret.hwnd);
    ret = open_region(&r.ctx, &r.region, options);
    expect(ret >= 0, "one that leaves the window out opens: %s", error_text(ret));
    if (ret < 0)
        return;
    r.fresh = CreateSemaphoreW(NULL, 0, LONG_MAX, NULL);
    thread  = CreateThread(NULL, 0, thread_reader, &r, 0, NULL);
    expect(reads_on(&r, 3), "and reads");

    for (i = 0; i < ROUNDS && ret >= 0 && !stopped; i++) {
        AVFormatContext *ctx = NULL;

        r.gap = r.longest = 0;
        ret = open_region(&ctx, &region, "framerate=20");
        for (k = 0; k < 3 && ret >= 0; k++) {
            ret = av_read_frame(ctx, pkt);
            // but the places of the other's canary are not looked at
            if (ret >= 0 && !picture_is(pkt, &region, &secret, 1, canaries, 4))
                bad++;
            av_packet_unref(pkt);
        }
        stopped |= !reads_on(&r, 3);
        avformat_close_input(&ctx);
        stopped |= !reads_on(&r, 3);
        printf("round %d: %ld repeats in a row, %.1f slots between two new pictures\n", i + 1,
               r.longest, r.gap);
        best    = FFMIN(best, r.gap);
        longest = FFMAX(longest, r.longest);
    }
    expect(ret >= 0, "one that does not comes and goes beside it: %s", error_text(ret));
    expect(!bad, "and always has the window: %d pictures are wrong", bad);
    expect(!stopped, "the first never ends to have new pictures");
    InterlockedExchange(&r.stop, 1);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    expect(r.ret >= 0, "nor fails: %s", error_text(r.ret));
    expect(!r.wrong, "nor has the window: %ld of %ld pictures are wrong", r.wrong, r.frames);
    expect(longest <= MAX_LOST, "at most %ld pictures in a row are repeats", longest);
    expect(best <= MAX_LOST + 1, "new pictures are %.1f slots apart in the best round", best);
    avformat_close_input(&r.ctx);
    CloseHandle(r.fresh);
    av_packet_free(&pkt);
}

/* ---- the canary ---------------------------------------------------------------- */

typedef struct Found {
    HWND hwnd[8];
    int nb;
} Found;

static BOOL CALLBACK find_canary(HWND hwnd, LPARAM opaque)
{
    Found *f = (Found *)opaque;
    DWORD pid;
    RECT r;

    GetWindowThreadProcessId(hwnd, &pid);
    GetWindowRect(hwnd, &r);
    if (pid == GetCurrentProcessId() && r.right - r.left == 2 && r.bottom - r.top == 2 && f->nb < 8)
        f->hwnd[f->nb++] = hwnd;
    return TRUE;
}

static Found find_canaries(void)
{
    Found f = { { NULL }, 0 };

    EnumWindows(find_canary, (LPARAM)&f);
    return f;
}

/* The corner it is in, or -1. */
static int canary_corner(HWND hwnd, const Box *region)
{
    Box corner[4];
    RECT r;
    int i;

    corners_of(corner, region, 8, 2, 0);
    GetWindowRect(hwnd, &r);
    for (i = 3; i >= 0 && (r.left != corner[i].x || r.top != corner[i].y); i--)
        ;
    return i;
}

/* What is wrong with it, or NULL. */
static const char *canary_fault(HWND hwnd, const Box *region)
{
    static const struct { DWORD bit; const char *lacks; } bits[] = {
        { WS_EX_TOPMOST,     "it is not topmost" },
        { WS_EX_LAYERED,     "it is not layered" },
        { WS_EX_TRANSPARENT, "it is not transparent to clicks" },
        { WS_EX_TOOLWINDOW,  "it has a place in the taskbar" },
        { WS_EX_NOACTIVATE,  "it can be activated" },
    };
    DWORD ex = GetWindowLongW(hwnd, GWL_EXSTYLE), flags;
    POINT pt;
    RECT r;
    BYTE alpha;
    size_t i;
    int ms;

    for (i = 0; i < sizeof(bits) / sizeof(*bits); i++)
        if (!(ex & bits[i].bit))
            return bits[i].lacks;
    if (ex & WS_EX_APPWINDOW)
        return "it forces itself into the taskbar";
    if (!IsWindowVisible(hwnd))
        return "it is not visible";
    if (canary_corner(hwnd, region) < 0)
        return "it is in no corner";
    if (!GetLayeredWindowAttributes(hwnd, NULL, &alpha, &flags) || flags != LWA_ALPHA || alpha != 255)
        return "it is not opaque";
    GetWindowRect(hwnd, &r);
    pt.x = r.left;
    pt.y = r.top;
    if (WindowFromPoint(pt) == hwnd)
        return "a click finds it";
    for (ms = 0; ms < WAIT_MS && on_screen(pt.x, pt.y) == plaid_pixel(pt.x, pt.y); ms++)
        Sleep(1);
    if (ms == WAIT_MS)
        return "the screen does not show it";
    return NULL;
}

static void canary(void)
{
    Box region = { 40, 30, 320, 240, 0, 0, 0, NULL };
    Box boxes[] = {
        { 400, 300, 150, 100, 0x202020, 0, 0, NULL },
        { 100, 80, 160, 90, SECRET, 0, WS_EX_NOACTIVATE, NULL },
        { 120, 180, 90, 60, SECRET, 0, WS_EX_NOACTIVATE, NULL },
    };
    HWND first = NULL, last = NULL, front;
    AVFormatContext *ctx = NULL, *other = NULL;
    AVPacket *pkt = av_packet_alloc();
    const char *fault = NULL, *what;
    int i, ret, ms, missing = 0, wrong = 0, stolen = 0;
    char options[200];
    Found f;

    make_boxes(boxes, 3);
    front = boxes[0].hwnd;
    if (!show_box(&boxes[0]) || !show_box(&boxes[1]))
        return;
    SendMessageW(front, WM_APP, 0, 0);
    for (ms = 0; GetForegroundWindow() != front && ms < WAIT_MS; ms++)
        Sleep(1);
    expect(GetForegroundWindow() == front, "a window of another thread is in the foreground");
    InterlockedExchange(&deactivated, 0);

    // it keeps the device's thread, with which else all its windows would go
    ret = open_device(&other, REGION_A, NULL);
    expect(ret >= 0, "one that leaves nothing out opens: %s", error_text(ret));
    f = find_canaries();
    expect(!f.nb, "no window looks like a canary before: %d", f.nb);
    snprintf(options, sizeof(options), "framerate=20:exclude_proof=strict:exclude=hwnd=0x%lx|title=secret",
             (unsigned long)(uintptr_t)boxes[1].hwnd);
    ret = open_region(&ctx, &region, options);
    for (i = 0; i < 16 && ret >= 0; i++) {
        // it is another one when another window goes on the list
        if (i == 8) {
            SetWindowTextW(boxes[2].hwnd, L"secret");
            show_box(&boxes[2]);
        }
        ret = av_read_frame(ctx, pkt);
        if (ret < 0)
            break;
        wrong  += !picture_is(pkt, &region, NULL, 0, NULL, 0);
        stolen += GetForegroundWindow() != front;
        av_packet_unref(pkt);
        f = find_canaries();
        missing += f.nb != 1;
        if (!f.nb)
            continue;
        what  = canary_fault(f.hwnd[0], &region);
        fault = what ? what : fault;
        last  = f.hwnd[0];
        first = first ? first : last;
    }
    expect(ret >= 0, "it reads: %s", error_text(ret));
    expect(!missing, "there is one canary after each picture but %d", missing);
    expect(first != last, "and another one with the next list");
    expect(!fault, "it is as it should be%s%s", fault ? ": " : "", fault ? fault : "");
    expect(!wrong, "neither it nor what it is for is in the picture: %d are wrong", wrong);
    expect(!stolen && !deactivated, "the foreground stays where it is: %d times elsewhere, "
           "%ld times told to go", stolen, deactivated);
    avformat_close_input(&ctx);
    f = find_canaries();
    expect(!f.nb && !IsWindow(first) && !IsWindow(last), "it is gone when the recording has ended");
    expect(GetForegroundWindow() == front && !deactivated, "and the foreground stays");
    avformat_close_input(&other);
    av_packet_free(&pkt);
}

static char said[16384];

static void keep_log(void *ctx, int level, const char *fmt, va_list ap)
{
    size_t len = strlen(said);

    (void)ctx;
    if (level <= AV_LOG_INFO)
        vsnprintf(said + len, sizeof(said) - len, fmt, ap);
}

#define PROVEN "The exclusion is proven to be in force"
#define NOT_PROVEN "The exclusion cannot be proven"

/* Five pictures, or the error. */
static int read_covered(const Box *region, const Box *boxes, int nb, const char *proof, int *corner)
{
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc();
    char options[200];
    int i, ret;
    Found f;

    *said = 0;
    snprintf(options, sizeof(options), "framerate=20:exclude_proof=%s:exclude=hwnd=0x%lx", proof,
             (unsigned long)(uintptr_t)boxes[nb - 1].hwnd);
    ret = open_region(&ctx, region, options);
    expect(ret >= 0, "it opens: %s", error_text(ret));
    for (i = 0; i < 5 && ret >= 0; i++) {
        ret = av_read_frame(ctx, pkt);
        if (ret >= 0 && !picture_is(pkt, region, boxes, nb, NULL, 0))
            ret = AVERROR_INVALIDDATA;
        av_packet_unref(pkt);
    }
    f = find_canaries();
    *corner = f.nb == 1 ? canary_corner(f.hwnd[0], region) : -1;
    avformat_close_input(&ctx);
    av_packet_free(&pkt);
    printf("%s", said);
    return ret;
}

static void covered(const char *how)
{
    Box region = { 40, 30, 320, 240, 0, 0, 0, NULL };
    Box boxes[5] = { [4] = { 100, 80, 160, 90, SECRET, 0, WS_EX_NOACTIVATE, NULL } };
    int i, k, ret, corner;

    corners_of(boxes, &region, 5, 8, 0x303030);
    make_boxes(boxes, 5);
    for (i = 0; i < 5; i++)
        if (!show_box(&boxes[i]))
            return;
    roofs    = boxes;
    nb_roofs = 4;
    av_log_set_level(AV_LOG_INFO);
    av_log_set_callback(keep_log);

    if (!strcmp(how, "auto")) {
        ret = read_covered(&region, boxes, 5, how, &corner);
        expect(ret >= 0, "it goes on, and with the right picture: %s", error_text(ret));
        expect(strstr(said, NOT_PROVEN ": the canary window is covered") && !strstr(said, PROVEN),
               "and says that it cannot be proven");
        return;
    }
    if (!strcmp(how, "strict")) {
        ret = read_covered(&region, boxes, 5, how, &corner);
        expect(ret == AVERROR_EXTERNAL, "not one picture: %s", error_text(ret));
        expect(strstr(said, "Frame held back") && strstr(said, "No picture to deliver: none is certain"),
               "and says why");
        return;
    }
    for (k = 0; k < 4; k++) {
        boxes[k].pictured = 0;
        if (!hide_box(&boxes[k]))
            return;
        ret = read_covered(&region, boxes, 5, k & 1 ? "strict" : "auto", &corner);
        expect(ret >= 0, "corner %d is free: the picture is right: %s", k, error_text(ret));
        expect(strstr(said, PROVEN) && !strstr(said, NOT_PROVEN), "and proven");
        expect(corner == k, "by a canary in that corner: %d", corner);
        boxes[k].pictured = 1;
        if (!show_box(&boxes[k]))
            return;
    }
}

/* ---- a screen that is slow to be read ------------------------------------------ */

#define SLOW_SLOTS 60
#define SLOW_LISTS 8

static double ms_of(const LARGE_INTEGER *a, const LARGE_INTEGER *b)
{
    LARGE_INTEGER hz;

    QueryPerformanceFrequency(&hz);
    return (b->QuadPart - a->QuadPart) * 1e3 / hz.QuadPart;
}

typedef struct Slots {
    AVPacket *last;             ///< kept, so that another picture cannot be in the same place
    int64_t time;               ///< of the last new picture
    double gap;                 ///< slots from the one before to that
    int wrong;
} Slots;

/* Reads until there is a new picture. */
static int new_picture(AVFormatContext *ctx, const Box *region, Slots *s)
{
    AVPacket *pkt = av_packet_alloc();
    int ret, again;

    do {
        ret = av_read_frame(ctx, pkt);
        if (ret < 0)
            break;
        again = pkt->data == s->last->data;
        s->wrong += !picture_is(pkt, region, NULL, 0, NULL, 0);
        if (!again) {
            s->gap  = s->time ? (double)(pkt->pts - s->time) / pkt->duration : 1;
            s->time = pkt->pts;
        }
        av_packet_unref(s->last);
        av_packet_move_ref(s->last, pkt);
    } while (again);
    av_packet_free(&pkt);
    return ret;
}

/* New pictures in so many slots, a share. */
static double share_of_slots(AVFormatContext *ctx, const Box *region, Slots *s)
{
    double slots = 0;
    int nb = 0;

    for (; slots < SLOW_SLOTS; nb++, slots += s->gap)
        if (new_picture(ctx, region, s) < 0)
            return 0;
    return nb / slots;
}

static int compare_doubles(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/*
 * How many slots have a new picture, with a screen that is quick to be read and one that is
 * not; and how many have none when another window goes on the list.
 */
static void slow(const char *proof)
{
    Box region = { 40, 30, 320, 240, 0, 0, 0, NULL };
    Box boxes[SLOW_LISTS];
    AVFormatContext *ctx = NULL;
    Slots s = { av_packet_alloc(), 0, 0, 0 };
    Figures before, after;
    double share[2] = { 0 }, cost[SLOW_LISTS];
    char options[200];
    LONG reads = 0;
    int i, k, ret, round;

    for (i = 0; i < SLOW_LISTS; i++) {
        Box b = { 60 + 30 * i, 60, 20, 20, SECRET, 0, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, NULL };

        boxes[i] = b;
    }
    make_boxes(boxes, SLOW_LISTS);
    snprintf(options, sizeof(options), "framerate=30:exclude_proof=%s:exclude=title=secret", proof);
    ret = open_region(&ctx, &region, options);
    for (i = 0; i < 10 && ret >= 0; i++)
        ret = new_picture(ctx, &region, &s);
    expect(ret >= 0, "it reads: %s", error_text(ret));
    if (ret < 0)
        return;

    // on a busy machine the one or the other may have bad luck
    for (round = 0; round < 5 && (!round || share[1] < 0.9 * share[0]); round++)
        for (i = 0; i < 2; i++) {
            slow_screen = i;
            reads       = screen_reads;
            share[i]    = share_of_slots(ctx, &region, &s);
            reads       = screen_reads - reads;
            printf("%.2f of the slots have a new picture, with %ld reads of the screen\n", share[i],
                   (long)reads);
        }
    expect(share[1] >= 0.9 * share[0], "a read that takes %g ms costs no slots: %.2f instead of %.2f",
           SCREEN_MS, share[1], share[0]);
    if (!strcmp(proof, "strict"))
        expect(reads >= SLOW_SLOTS / 2, "it reads the screen for each picture: %ld times", (long)reads);
    else
        expect(reads > 0 && reads < SLOW_SLOTS / 2, "it reads the screen now and then: %ld times",
               (long)reads);

    for (i = 0; i < SLOW_LISTS && ret >= 0; i++) {
        SetWindowTextW(boxes[i].hwnd, L"secret");
        show_box(&boxes[i]);
        for (k = 0, cost[i] = 0; k < 10 && ret >= 0; k++) {
            ret     = new_picture(ctx, &region, &s);
            cost[i] = FFMAX(cost[i], s.gap - 1);
        }
        printf("list %d: %.0f slots without a new picture\n", i + 1, cost[i]);
    }
    expect(ret >= 0, "it reads on: %s", error_text(ret));
    expect(!s.wrong, "with the right pictures: %d are wrong", s.wrong);
    // some have bad luck, on a busy machine most
    qsort(cost, i, sizeof(*cost), compare_doubles);
    expect(cost[i / 3] < 2.5, "a new list costs two slots: %.0f where all went well", cost[i / 3]);
    avformat_close_input(&ctx);
    av_packet_free(&s.last);

    // the second and third time, what stays of the first may stay
    snprintf(options, sizeof(options), "video_size=320x240:offset_x=40:offset_y=30:draw_mouse=0:"
             "framerate=30:exclude_proof=%s:exclude=title=secret", proof);
    for (i = 0; i < 3; i++) {
        cycle(options, 3);
        measure(i ? &after : &before);
    }
    expect(after.threads == before.threads && after.windows == before.windows,
           "no thread and no window stays: %u and %u", after.threads, after.windows);
    for (k = 0; k < NB_COUNTERS; k++)
        expect(after.counters[k] == before.counters[k], "%s: %ld more", counter_names[k],
               after.counters[k] - before.counters[k]);
}

/* ---- a file of rules that does not answer ------------------------------------- */

#define SHARED "share-rules.txt"

static HANDLE share_answers, share_asked;   ///< events; NULL: there is no share

/* Called when a file is opened: that of the rules is on the share. */
static void share_hangs(LPCWSTR name)
{
    if (!share_answers || !wcsstr(name, L"" SHARED))
        return;
    SetEvent(share_asked);
    WaitForSingleObject(share_answers, INFINITE);
}

static void write_rules(const char *rules)
{
    FILE *f = fopen(SHARED, "wb");

    fputs(rules, f);
    fclose(f);
}

static DWORD WINAPI thread_open_shared(void *opaque)
{
    Job *j = opaque;

    j->ret = open_device(&j->ctx, "video_size=64x64:exclude_file=" SHARED, NULL);
    return 0;
}

/* Reads on until the share has been asked; the bound is an error long before a test would hang. */
static int read_until_asked(AVFormatContext *ctx, const Box *region, Slots *s)
{
    int i;

    for (i = 0; i < 1000 && WaitForSingleObject(share_asked, 0) != WAIT_OBJECT_0; i++)
        if (new_picture(ctx, region, s) < 0)
            return 0;
    return i < 1000;
}

/* The best of some tries: on a busy machine one may have bad luck. */
static double best_share(AVFormatContext *ctx, const Box *region, Slots *s)
{
    double best = 0;
    int i;

    for (i = 0; i < 5 && best < 0.9; i++)
        best = FFMAX(best, share_of_slots(ctx, region, s));
    return best;
}

static void share(void)
{
    Box region = { 40, 30, 320, 240, 0, 0, 0, NULL };
    Box secret = { 100, 80, 160, 90, SECRET, 1, WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, NULL };
    AVFormatContext *ctx = NULL;
    Slots s = { av_packet_alloc(), 0, 0, 0 };
    Job second = { NULL, 0 };
    Figures before, after;
    HANDLE thread;
    char rules[64];
    double best;
    int ret;

    SetCurrentDirectoryA(getenv("TEMP"));
    make_boxes(&secret, 1);
    if (!show_box(&secret))
        return;
    snprintf(rules, sizeof(rules), "hwnd=0x%lx\n", (unsigned long)(uintptr_t)secret.hwnd);
    write_rules(rules);
    av_log_set_callback(keep_log);
    measure(&before);
    ret = open_region(&ctx, &region, "framerate=30:exclude_file=" SHARED);
    if (ret >= 0)
        ret = new_picture(ctx, &region, &s);
    expect(ret >= 0, "it reads: %s", error_text(ret));
    if (ret < 0)
        return;

    share_asked   = CreateEventW(NULL, FALSE, FALSE, NULL);
    share_answers = CreateEventW(NULL, TRUE, FALSE, NULL);
    expect(read_until_asked(ctx, &region, &s), "the file does not answer any more");
    write_rules("title=nobody\n");
    best = best_share(ctx, &region, &s);
    expect(best >= 0.9, "no frame waits for it: %.2f of the slots have a new picture", best);
    thread = CreateThread(NULL, 0, thread_open_shared, &second, 0, NULL);
    expect(read_until_asked(ctx, &region, &s), "another capture asks for it");
    best = best_share(ctx, &region, &s);
    expect(best >= 0.9, "nor for that one: %.2f", best);
    while (!strstr(said, "it does not answer; the rules from before") && new_picture(ctx, &region, &s) >= 0)
        ;
    expect(!!strstr(said, "it does not answer; the rules from before"), "it is said");
    expect(!s.wrong, "and the window is in no picture: %d are wrong", s.wrong);
    avformat_close_input(&ctx);
    measure(&after);
    expect(1, "it can be closed meanwhile; %u threads more", after.threads - before.threads);

    SetEvent(share_answers);
    WaitForSingleObject(thread, INFINITE);
    avformat_close_input(&second.ctx);
    expect(second.ret >= 0 || second.ret == AVERROR(EIO), "the other opens, or has given up: %s",
           error_text(second.ret));
    CloseHandle(thread);
    for (measure(&after); after.threads > before.threads; measure(&after))
        Sleep(10);
    expect(1, "and no thread stays");
    av_packet_free(&s.last);
    DeleteFileA(SHARED);
}

/* ---- faults ----------------------------------------------------------------- */

static void *my_page;               ///< reserved; whoever handles a fault there commits it
static volatile LONG fault_asked;   ///< the next window is made by a thread that faults first
static volatile LONG vectored, last_vectored, unhandled;

/* The page is put away again, so that each reading of it is a fault. */
static void fault(void)
{
    VirtualFree(my_page, 0, MEM_DECOMMIT);
    (void)*(volatile int *)my_page;
}

static void fault_if_asked(void)
{
    if (InterlockedExchange(&fault_asked, 0))
        fault();
}

static int is_mine(const EXCEPTION_POINTERS *e)
{
    return e->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION &&
           e->ExceptionRecord->ExceptionInformation[1] == (ULONG_PTR)my_page;
}

static LONG CALLBACK on_vectored(EXCEPTION_POINTERS *e)
{
    if (e->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION)
        InterlockedIncrement(&vectored);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG CALLBACK on_last_vectored(EXCEPTION_POINTERS *e)
{
    if (e->ExceptionRecord->ExceptionCode == EXCEPTION_ACCESS_VIOLATION)
        InterlockedIncrement(&last_vectored);
    return EXCEPTION_CONTINUE_SEARCH;
}

static LONG WINAPI on_unhandled(EXCEPTION_POINTERS *e)
{
    if (!is_mine(e))
        return EXCEPTION_CONTINUE_SEARCH;
    InterlockedIncrement(&unhandled);
    return VirtualAlloc(my_page, 1, MEM_COMMIT, PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION :
                                                                  EXCEPTION_CONTINUE_SEARCH;
}

static DWORD WINAPI thread_fault(void *opaque)
{
    (void)opaque;
    fault();
    return 0;
}

static void expect_my_fault(const char *when)
{
    LONG v = vectored, u = unhandled;
    HANDLE thread = real_CreateThread(NULL, 0, thread_fault, NULL, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    real_CloseHandle(thread);
    expect(vectored == v + 1 && unhandled == u + 1, "%s: this program's handlers see its own fault", when);
}

/* The simulator faults at frame 10: MAGSIM_SET. */
static void faults(void)
{
    AVFormatContext *ctx = NULL, *other = NULL;
    void *first, *later;
    LONG hooks_before = counters[HOOKS];
    int ret;

    my_page = VirtualAlloc(NULL, 1, MEM_RESERVE, PAGE_READWRITE);
    first   = real_AddVectoredExceptionHandler(1, on_vectored);
    SetUnhandledExceptionFilter(on_unhandled);
    expect_my_fault("before a capture");

    fault_asked = 1;
    ret = open_device(&ctx, "video_size=64x64:framerate=50", NULL);
    expect(ret >= 0, "it opens: %s", error_text(ret));
    expect(!fault_asked && vectored == 2 && unhandled == 2,
           "on the runtime's thread, outside of the call: this program's handlers see its own fault");
    ret = open_device(&other, "video_size=32x32:framerate=50", NULL);
    if (ret >= 0)
        ret = read_frames(other, 1, 0, 0, 0, 0);
    expect(ret >= 0, "another one opens, and reads: %s", error_text(ret));
    expect(counters[HOOKS] == hooks_before + 1, "one handler for both of them");
    expect_my_fault("while a capture runs");

    later = real_AddVectoredExceptionHandler(1, on_last_vectored);
    ret = read_frames(ctx, 20, 0, 0, 0, 0);
    expect(ret >= 0, "it reads on past the fault of the API: %s", error_text(ret));
    expect(last_vectored == 1, "a handler that was added later sees the fault of the API: %ld", last_vectored);
    expect(vectored == 3 && unhandled == 3, "one that was there before does not");
    ret = read_frames(other, 5, 0, 0, 0, 0);
    expect(ret >= 0, "so does the other one: %s", error_text(ret));
    expect_my_fault("after the fault of the API");
    avformat_close_input(&ctx);
    ret = open_device(&ctx, "video_size=64x64:framerate=50", NULL);
    expect(ret == AVERROR_EXTERNAL, "no other one opens: %s", error_text(ret));
    avformat_close_input(&other);
    ret = open_device(&ctx, "video_size=64x64:framerate=50", NULL);
    expect(ret == AVERROR_EXTERNAL, "nor when all are closed: %s", error_text(ret));
    expect(counters[HOOKS] == hooks_before, "no handler is left behind");
    expect_my_fault("after the captures");
    real_RemoveVectoredExceptionHandler(first);
    real_RemoveVectoredExceptionHandler(later);
}

/* ---- interrupts ------------------------------------------------------------- */

static DWORD WINAPI thread_interrupt(void *opaque)
{
    Interrupt *i = opaque;

    Sleep(i->delay);    // into the wait; earlier would be no wrong answer either
    QueryPerformanceCounter(&i->when);
    InterlockedExchange(&i->raised, 1);
    return 0;
}

/*
 * How long a read outlives the interrupt, or a time that is too long for all. Where it must not
 * block it may come back before, with nothing.
 */
static double outlived(const char *options, int frames_before, int delay)
{
    Interrupt in = { .delay = delay };
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc();
    LARGE_INTEGER now, freq;
    HANDLE thread;
    double ms;
    int ret = open_device(&ctx, options, &in);

    expect(ret >= 0, "it opens: %s", error_text(ret));
    if (ret < 0)
        return 1e9;
    ret = read_frames(ctx, frames_before, 0, 0, 0, 0);
    expect(ret >= 0, "it reads: %s", error_text(ret));
    thread = CreateThread(NULL, 0, thread_interrupt, &in, 0, NULL);
    do
        ret = av_read_frame(ctx, pkt);
    while (ret >= 0 && (av_packet_unref(pkt), 1));
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&freq);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    ms = (now.QuadPart - in.when.QuadPart) * 1000. / freq.QuadPart;
    expect(ret == AVERROR_EXIT, "an interrupted read says so: %s", error_text(ret));
    printf("after %d ms: it outlived the interrupt by %.1f ms\n", delay, ms);
    avformat_close_input(&ctx);
    expect(!ctx, "it closes");
    av_packet_free(&pkt);
    return ms;
}

/* The contract. A machine that does something else can break it for one try or another. */
#define OUTLIVE_MS 100
#define INTERRUPT_TRIES 5

/* At several points of time, as one may be just before a look at the callback. */
static void interrupt(void)
{
    int delay, i;

    for (delay = 300; delay <= 500; delay += 50) {
        double best = 1e9;

        for (i = 0; i < INTERRUPT_TRIES && best > OUTLIVE_MS; i++) {
            double ms = outlived("video_size=64x64:framerate=1/60:draw_mouse=0", 1, delay);

            best = FFMIN(best, ms);
        }
        expect(best <= OUTLIVE_MS, "after %d ms: at best %.1f ms", delay, best);
    }
}

/* The same where the list is ignored from the start, so that no picture ever comes. */
static void unsafe(void)
{
    double best = 1e9;
    int i;

    for (i = 0; i < INTERRUPT_TRIES && best > OUTLIVE_MS; i++) {
        double ms = outlived("framerate=1/5:draw_mouse=0:exclude=exe=secret.exe", 0, 500);

        best = FFMIN(best, ms);
    }
    expect(best <= OUTLIVE_MS, "at best %.1f ms", best);
}

/*
 * A reader that must not be blocked looks for something else between two reads: at a low rate
 * each of them is short, and the pictures come when they are due all the same.
 */
static void nonblock(void)
{
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc();
    LARGE_INTEGER before, after;
    int64_t pts[3] = { 0 };
    double ms, short_reads = 0, longest = 0;
    int n = 0, empty = 0, ret = open_device(&ctx, "video_size=64x64:framerate=1:draw_mouse=0", NULL);

    expect(ret >= 0, "it opens: %s", error_text(ret));
    if (ret < 0)
        return;
    ctx->flags |= AVFMT_FLAG_NONBLOCK;
    while (n < 3) {
        QueryPerformanceCounter(&before);
        ret = av_read_frame(ctx, pkt);
        QueryPerformanceCounter(&after);
        ms = ms_of(&before, &after);
        longest      = FFMAX(longest, ms);
        short_reads += ms <= OUTLIVE_MS;
        if (ret == AVERROR(EAGAIN)) {
            empty++;
            Sleep(10);
            continue;
        }
        if (!expect(ret >= 0, "it reads: %s", error_text(ret)))
            break;
        pts[n++] = pkt->pts;
        av_packet_unref(pkt);
    }
    /* a machine that does something else can make some of them long */
    expect(empty >= 10, "%d reads come back empty in two seconds", empty);
    expect(short_reads >= 0.8 * (empty + n), "%.0f of %d reads are short, the longest takes %.0f ms",
           short_reads, empty + n, longest);
    printf("pictures after %"PRId64" and %"PRId64" us\n", pts[1] - pts[0], pts[2] - pts[1]);
    avformat_close_input(&ctx);
    av_packet_free(&pkt);
}

/* ---- ahead -------------------------------------------------------------------- */

/* So long nothing is taken: it has ended, unless this machine has stood still. */
#define QUIET_MS 3000

/* Nobody reads meanwhile. Until so many have begun, or no more do. */
static int wait_captures(LONG n)
{
    DWORD last = GetTickCount();
    LONG seen  = captures;

    while (captures < n && GetTickCount() - last < QUIET_MS) {
        if (captures != seen)
            last = GetTickCount();
        seen = captures;
        Sleep(1);
    }
    return captures >= n;
}

/* The number that "pattern" has put into a picture: 32 cells of 4x4 pixels. -1: an error */
static LONG read_numbered(AVFormatContext *ctx, AVPacket *pkt)
{
    uint32_t n = 0;
    int i;

    av_packet_unref(pkt);
    if (av_read_frame(ctx, pkt) < 0)
        return -1;
    for (i = 0; i < 32; i++)
        n |= (uint32_t)!!pkt->data[16 * i] << i;
    return n;
}

/* What is at most in use of a capture without an exclusion, and of one with. */
#define MOST_PICTURES 3
#define MOST_EXCLUDING 4

/*
 * That picture n + 1 has begun says that the one before it is there; with an exclusion it is the
 * one before that. A machine can stand still for so long that nothing is taken in advance, once.
 */
static void ahead(const char *options)
{
    const int excluding = !!strstr(options, "exclude");
    const void *data[16];
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc();
    int ret = open_device(&ctx, options, NULL), nb = 0, times = 0, i, j;
    LONG taken, n = 0;

    expect(ret >= 0, "it opens: %s", error_text(ret));
    if (ret < 0)
        return;
    for (i = 0; i < 16 && n >= 0 && times >= i / 4; i++) {
        n = read_numbered(ctx, pkt);
        times += wait_captures(captures + 3 + excluding);
        for (j = 0; j < nb && data[j] != pkt->data; j++)
            ;
        data[j] = pkt->data;
        nb += j == nb;
    }
    expect(n > 0 && i == 16, "%d of %d times pictures are taken while nobody reads", times, i);
    expect(nb <= (excluding ? MOST_EXCLUDING : MOST_PICTURES), "there are %d pictures", nb);
    taken = captures - 1 - excluding;
    n     = read_numbered(ctx, pkt);
    expect(n >= taken, "picture %ld is handed out when %ld had been taken", n, taken);

    expect(!wait_captures(captures + 1000), "no more than %ld are taken", captures);
    taken = captures;
    n     = read_numbered(ctx, pkt);
    if (excluding) /* the one that waited for its confirmation */
        n = read_numbered(ctx, pkt);
    expect(n > taken, "picture %ld comes when %ld had been taken", n, taken);
    expect(read_numbered(ctx, pkt) > n, "and then the next");
    avformat_close_input(&ctx);
    av_packet_free(&pkt);
}

/* ---- metadata ---------------------------------------------------------------- */

/* What one packet says, in the order of its dictionary: " state=... list=..." */
static void print_metadata(const AVPacket *pkt, int n, char *state, size_t size)
{
    const AVDictionaryEntry *e = NULL;
    AVDictionary *dict = NULL;
    size_t data_size;
    const uint8_t *data = av_packet_get_side_data(pkt, AV_PKT_DATA_STRINGS_METADATA, &data_size);

    if (data)
        av_packet_unpack_dictionary(data, data_size, &dict);
    printf("packet %d", n);
    while ((e = av_dict_get(dict, "lavfi.magnifier.", e, AV_DICT_IGNORE_SUFFIX)))
        printf("|%s=%s", e->key + strlen("lavfi.magnifier."), e->value);
    printf("|pts=%"PRId64"\n", pkt->pts);
    e = av_dict_get(dict, "lavfi.magnifier.state", NULL, 0);
    snprintf(state, size, "%s", e ? e->value : "");
    av_dict_free(&dict);
}

static int is_all_black(const AVPacket *pkt)
{
    int i;

    for (i = 0; i < pkt->size; i++)
        if (i % 4 != 3 && pkt->data[i])
            return 0;
    return 1;
}

/* A picture is new, that of the last new one again, or black: is it what it says? */
static int is_what_it_says(const AVPacket *pkt, const AVPacket *last, const char *state)
{
    int same = last->data && pkt->size == last->size && !memcmp(pkt->data, last->data, pkt->size);

    if (!strcmp(state, "repeat"))
        return same;
    if (!strcmp(state, "black"))
        return is_all_black(pkt);
    if (!strcmp(state, "outage"))
        return same || is_all_black(pkt);
    return !strcmp(state, "proven") || !strcmp(state, "clean") || !strcmp(state, "open");
}

static void metadata(int n, const char *path, const char *options)
{
    AVFormatContext *ctx = NULL;
    AVPacket *pkt = av_packet_alloc(), *last = av_packet_alloc();
    FILE *file = fopen(path, "wb");
    char state[16];
    int ret, i, bad = 0;

    av_log_set_callback(keep_log);
    ret = open_device(&ctx, options, NULL);
    expect(file && ret >= 0, "it opens: %s", error_text(ret));
    for (i = 0; i < n && ret >= 0 && (ret = av_read_frame(ctx, pkt)) >= 0; i++) {
        print_metadata(pkt, i, state, sizeof(state));
        if (!is_what_it_says(pkt, last, state)) {
            printf("it is not what it says\n");
            bad++;
        }
        fwrite(pkt->data, 1, pkt->size, file);
        if (!strcmp(state, "proven") || !strcmp(state, "clean") || !strcmp(state, "open")) {
            av_packet_unref(last);
            av_packet_move_ref(last, pkt);
        }
        av_packet_unref(pkt);
    }
    printf("read %d: %s\n", i, error_text(ret));
    if (file)
        fclose(file);
    avformat_close_input(&ctx);
    fputs(said, stdout);
    expect(!bad, "each packet is what it says");
    av_packet_free(&pkt);
    av_packet_free(&last);
}

/* ---- options ----------------------------------------------------------------- */

static void options(void)
{
    static const struct { const char *options; int err; } cases[] = {
        { "framerate=25:video_size=64x64:offset_x=0:offset_y=0:draw_mouse=0:reclaim=auto", 0 },
        { "framerate=ntsc", 0 },
        { "reclaim=off", 0 },
        { "video_size=64x64", 0 },
        { "video_size=100000x64", AVERROR(EINVAL) },
        { "video_size=64x64:offset_x=100000", AVERROR(EINVAL) },
        { "draw_mouse=2", AVERROR(ERANGE) },
        { "framerate=0", AVERROR(EINVAL) },
        { "reclaim=sometimes", AVERROR(EINVAL) },
        { "no_such_option=1", AVERROR_OPTION_NOT_FOUND },
    };
    AVFormatContext *ctx = NULL;
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int ret = open_device(&ctx, cases[i].options, NULL);

        avformat_close_input(&ctx);
        // older releases answer another code for a value out of its range
        expect(cases[i].err ? ret < 0 : ret >= 0, "%s: %s", cases[i].options, error_text(ret));
    }
}

/* ---- pointers ----------------------------------------------------------------- */

#define BACK 0x204060
#define SIDE 200

static HWND pointer_window;
static HCURSOR volatile pointer_cursor;

static LRESULT CALLBACK pointer_proc(HWND hwnd, UINT msg, WPARAM wp, LPARAM lp)
{
    if (msg == WM_SETCURSOR) {
        SetCursor(pointer_cursor);
        return TRUE;
    }
    if (msg == WM_APP) {
        SetForegroundWindow(hwnd);
        SetCursorPos((short)LOWORD(lp), (short)HIWORD(lp));
        SetCursor(pointer_cursor);
        return 0;
    }
    return DefWindowProcW(hwnd, msg, wp, lp);
}

/* The coordinates of a thread ("Thread"), or of those that say nothing else ("Process"), are physical
 * pixels, or what a program has that knows nothing of DPI. */
static void know_dpi(const char *whose, int known)
{
    HANDLE (WINAPI *set_context)(HANDLE);
    char name[40];

    snprintf(name, sizeof(name), "Set%sDpiAwarenessContext", whose);
    set_context = (void *)GetProcAddress(GetModuleHandleW(L"user32"), name);
    // Wine 8 does not know version 2 of "per monitor"
    if (set_context && !(known && set_context((HANDLE)(intptr_t)-4)))
        set_context((HANDLE)(intptr_t)(known ? -3 : -1));
}

static DWORD WINAPI pointer_thread(void *opaque)
{
    WNDCLASSW wc = { .lpfnWndProc = pointer_proc, .hInstance = GetModuleHandleW(NULL),
                     .hbrBackground = CreateSolidBrush(RGB(0x20, 0x40, 0x60)),
                     .lpszClassName = L"host pointer" };
    MSG msg;

    know_dpi("Thread", 1);
    RegisterClassW(&wc);
    pointer_window = CreateWindowExW(WS_EX_TOPMOST | WS_EX_TOOLWINDOW, wc.lpszClassName, L"pointer",
                                     WS_POPUP | WS_VISIBLE, 0, 0, 640, 480, NULL, NULL,
                                     wc.hInstance, NULL);
    UpdateWindow(pointer_window);
    GdiFlush();
    SetEvent((HANDLE)opaque);
    while (GetMessageW(&msg, NULL, 0, 0) > 0)
        DispatchMessageW(&msg);
    return 0;
}

/* The colour that a pointer gives the background at its own pixel x, y. */
static uint32_t pointer_pixel(const char *kind, int x, int y)
{
    if (!strcmp(kind, "none"))
        return BACK;
    if (!strcmp(kind, "large")) {
        if (x < 0 || y < 0 || x > 63 || y > 63)
            return BACK;
        return !x || !y || x == 63 || y == 63 ? 0xFFFF00 : 0x0080FF;
    }
    if (x < 0 || y < 0 || x > 31 || y > 31)
        return BACK;
    if (!strcmp(kind, "alpha"))     // half of 00FF00 over 204060
        return x < 16 ? 0xFF8000 : 0x10A030;
    if (y < 16)
        return x < 16 ? 0x000000 : 0xFFFFFF;
    return x < 16 ? BACK : BACK ^ 0xFFFFFF;
}

static int pointer_shown(const uint8_t *data, int w, int h, const char *kind, int x0, int y0)
{
    int x, y, i;

    for (y = 0; y < h; y++)
        for (x = 0; x < w; x++, data += 4) {
            uint32_t want = pointer_pixel(kind, x - x0, y - y0);

            for (i = 0; i < 3; i++)
                if (abs(data[i] - (int)(want >> 8 * i & 255)) > 2) {
                    printf("at %d,%d: got %02x%02x%02x, want %06x\n", x, y, data[2], data[1],
                           data[0], want);
                    return 0;
                }
        }
    return 1;
}

/* Whoever reads knows nothing of DPI; where the pointer is, is told in physical pixels. */
static void pointer(void)
{
    static const struct { const char *what, *kind; int hot_x, hot_y, x, y; } cases[] = {
        { "half transparent",                 "alpha",  4,  5, 100,  90 },
        { "inverting",                        "mono",  16, 16, 101,  90 },
        { "larger than usual",                "large",  0,  0, 100,  90 },
        { "hidden",                           "none",   0,  0, 100,  90 },
        { "clipped at the left edge",         "large", 32,  0,   0,  90 },
        { "clipped at the top edge",          "large",  0, 32, 100,   0 },
        { "clipped at the first corner",      "alpha", 16, 16,   0,   0 },
        { "inverting, clipped at the corner", "mono",  20,  9,   0,   0 },
        { "clipped at the right edge",        "large",  0,  0, SIDE - 1, 90 },
        { "clipped at the bottom edge",       "large",  0,  0, 100, SIDE - 2 },
        { "clipped at the last corner",       "alpha",  0,  0, SIDE - 3, SIDE - 5 },
        { "outside, in part, to the right",   "alpha", 16,  0, SIDE + 10, 90 },
        { "outside",                          "alpha",  0,  0, SIDE + 40, 90 },
    };
    HANDLE ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    AVPacket *pkt = av_packet_alloc();
    size_t i;

    know_dpi("Process", 0);
    CloseHandle(CreateThread(NULL, 0, pointer_thread, ready, 0, NULL));
    WaitForSingleObject(ready, INFINITE);
    know_dpi("Thread", 0);
    printf("the screen is %d wide, and this program is %sDPI aware\n", GetSystemMetrics(SM_CXSCREEN),
           IsProcessDPIAware() ? "" : "not ");
    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        AVFormatContext *ctx = NULL;
        CURSORINFO ci = { .cbSize = sizeof(ci) };
        char opts[200];
        int ret, tries = 0;

        pointer_cursor = make_cursor(cases[i].kind, cases[i].hot_x, cases[i].hot_y);
        know_dpi("Thread", 1);
        do {
            SendMessageW(pointer_window, WM_APP, 0, MAKELPARAM(cases[i].x, cases[i].y));
            Sleep(5);
            GetCursorInfo(&ci);
        } while ((ci.hCursor != pointer_cursor || ci.ptScreenPos.x != cases[i].x ||
                  ci.ptScreenPos.y != cases[i].y) && ++tries < 1000);

        know_dpi("Thread", 0);
        snprintf(opts, sizeof(opts), "video_size=%dx%d:offset_x=0:offset_y=0:framerate=50:draw_mouse=1",
                 SIDE, SIDE);
        ret = open_device(&ctx, opts, NULL);
        if (ret >= 0)
            ret = av_read_frame(ctx, pkt);
        expect(ret >= 0 && pointer_shown(pkt->data, SIDE, SIDE, cases[i].kind,
                                         cases[i].x - cases[i].hot_x, cases[i].y - cases[i].hot_y),
               "pointer, %s%s%s", cases[i].what, ret < 0 ? ": " : "", ret < 0 ? error_text(ret) : "");
        av_packet_unref(pkt);
        avformat_close_input(&ctx);
    }
    av_packet_free(&pkt);
}

/* ---- another processor ----------------------------------------------------- */

static int count_said(const char *words)
{
    const char *p = said;
    int nb = 0;

    while ((p = strstr(p, words))) {
        p += strlen(words);
        nb++;
    }
    return nb;
}

/* Two captures: once a process is enough. */
static void arm64(void)
{
    int i;

    av_log_set_level(AV_LOG_INFO);
    av_log_set_callback(keep_log);
    on_arm64 = 1;
    for (i = 0; i < 2; i++) {
        AVFormatContext *ctx = NULL;
        AVPacket *pkt = av_packet_alloc();
        int ret = open_device(&ctx, "video_size=64x64:framerate=20", NULL);

        if (ret >= 0)
            ret = av_read_frame(ctx, pkt);
        expect(ret >= 0, "it records: %s", error_text(ret));
        av_packet_free(&pkt);
        avformat_close_input(&ctx);
    }
    expect(count_said("Nobody has reported yet what the Magnification API does on ARM64") == 1,
           "and warns once");
}

/* ---- the counters themselves ---------------------------------------------- */

static DWORD WINAPI thread_idle(void *opaque)
{
    WaitForSingleObject((HANDLE)opaque, INFINITE);
    return 0;
}

static void CALLBACK ignore_event(HWINEVENTHOOK hook, DWORD event, HWND hwnd, LONG object,
                                  LONG child, DWORD thread, DWORD time)
{
    (void)hook; (void)event; (void)hwnd; (void)object; (void)child; (void)thread; (void)time;
}

static void red(const char *what, uint64_t before, uint64_t after)
{
    expect(after > before, "a leak is seen: %s", what);
}

static void self_test(void)
{
    HANDLE never = CreateEventW(NULL, TRUE, FALSE, NULL);
    Figures a, b;
    ICONINFO ii = { .fIcon = TRUE };
    HICON icon;

    measure(&a);
    HeapAlloc(GetProcessHeap(), 0, 5 << 20);
    VirtualAlloc(NULL, 3 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CreateEventW(NULL, FALSE, FALSE, NULL);
    CreateSolidBrush(0);
    GetDC(NULL);
    CreateWindowExW(0, L"STATIC", NULL, WS_POPUP, 0, 0, 1, 1, NULL, NULL, NULL, NULL);
    icon = CopyIcon((HICON)LoadCursorW(NULL, (LPCWSTR)IDC_ARROW));
    GetIconInfo(icon, &ii);
    SetWinEventHook(EVENT_OBJECT_CREATE, EVENT_OBJECT_CREATE, NULL, ignore_event, 0, 0,
                    WINEVENT_OUTOFCONTEXT);
    LoadLibraryW(L"winmm.dll");
    CreateThread(NULL, 0, thread_idle, never, 0, NULL);
    measure(&b);
    print_figures("before", &a);
    print_figures("after", &b);
    red("bytes of the heap", a.heap, b.heap);
    red("large blocks", a.large, b.large);
    red("committed memory", a.committed, b.committed);
    red("threads", a.threads, b.threads);
    red("windows, enumerated", a.windows, b.windows);
    red("handles", a.counters[HANDLES], b.counters[HANDLES]);
    red("GDI objects, an icon's bitmaps too", a.counters[GDI] + 2, b.counters[GDI]);
    red("DCs", a.counters[DCS], b.counters[DCS]);
    red("windows", a.counters[WINDOWS], b.counters[WINDOWS]);
    red("icons", a.counters[ICONS], b.counters[ICONS]);
    red("hooks", a.counters[HOOKS], b.counters[HOOKS]);
    red("modules", a.counters[MODULES], b.counters[MODULES]);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    hook_imports();
    avdevice_register_all();
    av_log_set_level(getenv("HOST_VERBOSE") ? AV_LOG_VERBOSE : AV_LOG_ERROR);

    if (!strcmp(mode, "cycles") && argc == 6)
        cycles(atoi(argv[2]), argv[3], atoi(argv[4]), argv[5]);
    else if (!strcmp(mode, "threads"))
        threads();
    else if (!strcmp(mode, "two"))
        two();
    else if (!strcmp(mode, "many") && argc > 3 && argc % 3 == 0)
        many(atoi(argv[2]), argc / 3 - 1, argv + 3);
    else if (!strcmp(mode, "beside"))
        beside();
    else if (!strcmp(mode, "canary"))
        canary();
    else if (!strcmp(mode, "covered") && argc == 3)
        covered(argv[2]);
    else if (!strcmp(mode, "slow") && argc == 3)
        slow(argv[2]);
    else if (!strcmp(mode, "share"))
        share();
    else if (!strcmp(mode, "interrupt"))
        interrupt();
    else if (!strcmp(mode, "unsafe"))
        unsafe();
    else if (!strcmp(mode, "ahead") && argc == 3)
        ahead(argv[2]);
    else if (!strcmp(mode, "nonblock"))
        nonblock();
    else if (!strcmp(mode, "hung") && argc == 3)
        outlived("video_size=64x64:framerate=20:draw_mouse=0", 3, atoi(argv[2]));
    else if (!strcmp(mode, "options"))
        options();
    else if (!strcmp(mode, "metadata") && argc == 5)
        metadata(atoi(argv[2]), argv[3], argv[4]);
    else if (!strcmp(mode, "pointer"))
        pointer();
    else if (!strcmp(mode, "faults"))
        faults();
    else if (!strcmp(mode, "arm64"))
        arm64();
    else if (!strcmp(mode, "counters"))
        self_test();
    else
        expect(0, "there is no mode '%s'", mode);
    printf("%d passed, %d failed\n", passed, failed);
    fflush(stdout);
    ExitProcess(failed != 0);
}
