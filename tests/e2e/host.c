/*
 * host: a program that uses the device through libavdevice, as others' programs
 * do, and watches its own process while it does.
 *
 *   host cycles N SIZE FRAMES auto|off   open, read FRAMES, close, N times; with
 *                   "off" it is to run dry, and says at which cycle
 *   host threads    open, read and close from three threads
 *   host two        two captures at once; closing one leaves the other recording
 *   host beside     one that leaves a window out, others beside it come and go
 *   host canary     what the canary is while it is shown, and that it goes
 *   host covered auto|strict   windows above it in all corners of the region
 *   host covered some          and in all but one
 *   host interrupt  the interrupt callback ends a wait
 *   host hung DELAY the same, once, while a call of the API does not come back
 *   host options    options by name, and what is refused
 *   host pointer    pointers of known pixels, of this very process
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
MAKER(HANDLES, HANDLE, CreateFileW, (LPCWSTR a, DWORD b, DWORD c, SECURITY_ATTRIBUTES *d, DWORD e, DWORD f, HANDLE g), (a, b, c, d, e, f, g))
MAKER(HANDLES, HANDLE, OpenProcess, (DWORD a, BOOL b, DWORD c), (a, b, c))
MAKER(HANDLES, HANDLE, OpenThread, (DWORD a, BOOL b, DWORD c), (a, b, c))
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
MAKER(WINDOWS, HWND, CreateWindowExW, (DWORD a, LPCWSTR b, LPCWSTR c, DWORD d, int e, int f, int g, int h, HWND i, HMENU j, HINSTANCE k, void *l), (a, b, c, d, e, f, g, h, i, j, k, l))
MAKER(WINDOWS, HWND, CreateWindowExA, (DWORD a, LPCSTR b, LPCSTR c, DWORD d, int e, int f, int g, int h, HWND i, HMENU j, HINSTANCE k, void *l), (a, b, c, d, e, f, g, h, i, j, k, l))
FREER(WINDOWS, BOOL, DestroyWindow, (HWND a), (a))
MAKER(ICONS, HICON, CopyIcon, (HICON a), (a))
MAKER(ICONS, HICON, CreateIconIndirect, (ICONINFO *a), (a))
FREER(ICONS, BOOL, DestroyIcon, (HICON a), (a))
MAKER(HOOKS, HWINEVENTHOOK, SetWinEventHook, (DWORD a, DWORD b, HMODULE c, WINEVENTPROC d, DWORD e, DWORD f, DWORD g), (a, b, c, d, e, f, g))
FREER(HOOKS, BOOL, UnhookWinEvent, (HWINEVENTHOOK a), (a))
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
    HOOK(CreateToolhelp32Snapshot), HOOK(CloseHandle), HOOK(CreateDIBSection),
    HOOK(CreateBitmap), HOOK(CreateCompatibleBitmap), HOOK(CreateSolidBrush),
    HOOK(CreateRectRgn), HOOK(DeleteObject), HOOK(CreateCompatibleDC), HOOK(GetDC),
    HOOK(GetWindowDC), HOOK(DeleteDC), HOOK(ReleaseDC), HOOK(CreateWindowExW),
    HOOK(CreateWindowExA), HOOK(DestroyWindow), HOOK(CopyIcon), HOOK(CreateIconIndirect),
    HOOK(DestroyIcon), HOOK(SetWinEventHook), HOOK(UnhookWinEvent), HOOK(LoadLibraryW),
    HOOK(LoadLibraryExW), HOOK(LoadLibraryA), HOOK(FreeLibrary), HOOK(GetIconInfo),
    HOOK(GetModuleHandleExW), HOOK(FreeLibraryAndExitThread), HOOK(GetProcAddress),
    HOOK(SetWindowPos),
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

/* What is looked up at run time is counted too, if it is one of user32's and the like. */
static FARPROC WINAPI my_GetProcAddress(HMODULE module, LPCSTR name)
{
    FARPROC proc = real_GetProcAddress(module, name);
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
static int open_device(AVFormatContext **ctx, const char *options, Interrupt *interrupt)
{
    AVDictionary *dict = NULL;
    const char *input = "desktop";
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

/* The rectangles of a size in the four corners of a region, as the canary tries them. */
static void corners_of(Box corner[4], const Box *region, int size, uint32_t color)
{
    int i;

    for (i = 0; i < 4; i++) {
        Box b = { i & 1 ? region->x : region->x + region->w - size,
                  i & 2 ? region->y : region->y + region->h - size,
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

    corners_of(canaries, &r.region, 2, 0);
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

    corners_of(corner, region, 2, 0);
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

    corners_of(boxes, &region, 8, 0x303030);
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

/* ---- interrupts ------------------------------------------------------------- */

static DWORD WINAPI thread_interrupt(void *opaque)
{
    Interrupt *i = opaque;

    Sleep(i->delay);    // into the wait; earlier would be no wrong answer either
    QueryPerformanceCounter(&i->when);
    InterlockedExchange(&i->raised, 1);
    return 0;
}

/* How long a read outlives the interrupt, or a time that is too long for all. */
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

static DWORD WINAPI pointer_thread(void *opaque)
{
    WNDCLASSW wc = { .lpfnWndProc = pointer_proc, .hInstance = GetModuleHandleW(NULL),
                     .hbrBackground = CreateSolidBrush(RGB(0x20, 0x40, 0x60)),
                     .lpszClassName = L"host pointer" };
    MSG msg;

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

    CloseHandle(CreateThread(NULL, 0, pointer_thread, ready, 0, NULL));
    WaitForSingleObject(ready, INFINITE);
    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        AVFormatContext *ctx = NULL;
        CURSORINFO ci = { .cbSize = sizeof(ci) };
        char opts[200];
        int ret, tries = 0;

        pointer_cursor = make_cursor(cases[i].kind, cases[i].hot_x, cases[i].hot_y);
        do {
            SendMessageW(pointer_window, WM_APP, 0, MAKELPARAM(cases[i].x, cases[i].y));
            Sleep(5);
            GetCursorInfo(&ci);
        } while ((ci.hCursor != pointer_cursor || ci.ptScreenPos.x != cases[i].x ||
                  ci.ptScreenPos.y != cases[i].y) && ++tries < 1000);

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
    else if (!strcmp(mode, "beside"))
        beside();
    else if (!strcmp(mode, "canary"))
        canary();
    else if (!strcmp(mode, "covered") && argc == 3)
        covered(argv[2]);
    else if (!strcmp(mode, "interrupt"))
        interrupt();
    else if (!strcmp(mode, "hung") && argc == 3)
        outlived("video_size=64x64:framerate=20:draw_mouse=0", 3, atoi(argv[2]));
    else if (!strcmp(mode, "options"))
        options();
    else if (!strcmp(mode, "pointer"))
        pointer();
    else if (!strcmp(mode, "counters"))
        self_test();
    else
        expect(0, "there is no mode '%s'", mode);
    printf("%d passed, %d failed\n", passed, failed);
    fflush(stdout);
    ExitProcess(failed != 0);
}
