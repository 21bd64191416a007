/*
 * Tests of the simulator: a capture program by another hand
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
 * A client of Magnification.dll as they shipped for the real one: load,
 * MagInitialize, host, child of class Magnifier, hide the host, callback,
 * filter list, and for each frame the child's size and the source. It knows
 * nothing of who stands in for the DLL; only --probe asks the simulator's own
 * exports.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "magapi.h"

#define MAX_EXCLUDE 256
#define MAX_ASK     16
#define MAX_BLOCKS  4096

typedef struct Api {
    HMODULE module;
    BOOL (WINAPI *Initialize)(void);
    BOOL (WINAPI *Uninitialize)(void);
    BOOL (WINAPI *SetWindowSource)(HWND hwnd, RECT rect);
    BOOL (WINAPI *SetWindowFilterList)(HWND hwnd, DWORD mode, int count, HWND *list);
    int  (WINAPI *GetWindowFilterList)(HWND hwnd, DWORD *mode, int count, HWND *list);
    BOOL (WINAPI *SetImageScalingCallback)(HWND hwnd, MagScalingCallback callback);
    int  (WINAPI *LiveBlocks)(void);
    int  (WINAPI *BlockIsFreed)(const void *ptr);
    int  (WINAPI *GuardViolations)(void);
} Api;

static struct {
    RECT rect;
    int resize_w, resize_h;     ///< size of the second half of the frames
    int cycles, frames, sleep_ms;
    int visible, pump, free_src, probe, stop_on_false, other_thread, keep_library, no_filter;
    int look, walk;
    int init_twice, no_callback, opaque, settle_ms;
    const char *misuse, *dump, *never;
    const char *exclude[MAX_EXCLUDE];
    int nb_exclude, dead;
    const char *count[MAX_ASK], *pixel[MAX_ASK], *pattern[MAX_ASK], *screen;
    int nb_count, nb_pixel, nb_pattern;
} opt = { .rect = { 0, 0, 1280, 720 }, .cycles = 1, .frames = 1 };

static Api api;
static HWND host, child;
static unsigned *picture;
static int picture_w, picture_h;
static int nb_never;
static int nb_callbacks, nb_frames, nb_false, nb_silent, nb_rejected;
static void *last_src;
static size_t last_size;
static void *blocks[MAX_BLOCKS];
static int nb_blocks;
static int remember = 1;

static void die(const char *what)
{
    printf("failed: %s error=%lu\n", what, GetLastError());
    fflush(stdout);
    exit(1);
}

static void remember_block(void *ptr)
{
    int i;

    for (i = 0; i < nb_blocks; i++)
        if (blocks[i] == ptr)
            return;
    if (remember && nb_blocks < MAX_BLOCKS)
        blocks[nb_blocks++] = ptr;
}

static BOOL CALLBACK on_frame(HWND hwnd, void *src, MagImageHeader h, void *dst,
                              MagImageHeader dh, RECT unclipped, RECT clipped, HRGN dirty)
{
    static const GUID rgba = { 0xf5c7ad2d, 0x6a8d, 0x43dd,
                               { 0xa7, 0xa8, 0xa2, 0x99, 0x35, 0x26, 0x1a, 0xe9 } };
    unsigned long long need = (unsigned long long)h.offset + 4ull * h.width +
                              (h.height ? h.height - 1ull : 0) * h.stride;
    unsigned y;

    (void)dst; (void)dh; (void)unclipped; (void)clipped; (void)dirty;
    nb_callbacks++;
    if (hwnd != child || memcmp(&h.format, &rgba, sizeof(rgba)) || !src ||
        h.stride < 4 * h.width || need > h.cbSize ||
        (int)h.width != picture_w || (int)h.height != picture_h) {
        nb_rejected++;
        return TRUE;
    }
    last_src  = src;
    last_size = h.cbSize;
    remember_block(src);
    for (y = 0; y < h.height; y++)
        memcpy(picture + (size_t)y * picture_w,
               (char *)src + h.offset + (size_t)y * h.stride, 4 * h.width);
    return TRUE;
}

static FARPROC entry(const char *name, int required)
{
    FARPROC p = GetProcAddress(api.module, name);

    if (!p && required) {
        printf("failed: no export %s\n", name);
        exit(1);
    }
    return p;
}

static void load(void)
{
    api.module = LoadLibraryW(L"Magnification.dll");
    if (!api.module)
        die("LoadLibrary");
    api.Initialize              = (void *)entry("MagInitialize", 1);
    api.Uninitialize            = (void *)entry("MagUninitialize", 1);
    api.SetWindowSource         = (void *)entry("MagSetWindowSource", 1);
    api.SetWindowFilterList     = (void *)entry("MagSetWindowFilterList", 1);
    api.GetWindowFilterList     = (void *)entry("MagGetWindowFilterList", 1);
    api.SetImageScalingCallback = (void *)entry("MagSetImageScalingCallback", 1);
    api.LiveBlocks              = (void *)entry("SimLiveBlocks", 0);
    api.BlockIsFreed            = (void *)entry("SimBlockIsFreed", 0);
    api.GuardViolations         = (void *)entry("SimGuardViolations", 0);
}

static void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

static void open_windows(void)
{
    WNDCLASSW wc = { .lpfnWndProc = DefWindowProcW, .lpszClassName = L"CaptureHost" };

    wc.hInstance = GetModuleHandleW(NULL);
    RegisterClassW(&wc);
    host = CreateWindowExW(WS_EX_LAYERED | WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE | WS_EX_TRANSPARENT,
                           L"CaptureHost", L"Capture host", WS_POPUP,
                           opt.rect.left + 40 * opt.opaque, opt.rect.top,
                           picture_w, picture_h, NULL, NULL, wc.hInstance, NULL);
    if (!host)
        die("CreateWindow(host)");
    child = CreateWindowExW(0, L"Magnifier", L"", WS_CHILD | WS_VISIBLE, 0, 0, picture_w,
                            picture_h, host, NULL, wc.hInstance, NULL);
    if (!child)
        die("CreateWindow(Magnifier)");
    if (opt.visible) {
        SetLayeredWindowAttributes(host, 0, opt.opaque ? 255 : 0, LWA_ALPHA);
        SetWindowPos(host, HWND_TOPMOST, 0, 0, 0, 0,
                     SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_SHOWWINDOW);
    } else {
        ShowWindow(host, SW_HIDE);
    }
}

static void set_filter(void)
{
    HWND list[2 * MAX_EXCLUDE], back[2 * MAX_EXCLUDE];
    int nb = 0, i, got;
    BOOL ok;

    for (i = 0; i < opt.nb_exclude; i++) {
        WCHAR title[64];
        HWND hwnd = NULL;

        MultiByteToWideChar(CP_UTF8, 0, opt.exclude[i], -1, title, 64);
        while ((hwnd = FindWindowExW(NULL, hwnd, NULL, title)) && nb < MAX_EXCLUDE)
            list[nb++] = hwnd;
    }
    for (i = 0; i < opt.dead && nb < 2 * MAX_EXCLUDE; i++)
        list[nb++] = (HWND)(ULONG_PTR)(0x7ffe0000 + 16 * i);
    ok  = api.SetWindowFilterList(child, MAG_FILTER_EXCLUDE, nb, list);
    got = api.GetWindowFilterList(child, NULL, 2 * MAX_EXCLUDE, back);
    if (!nb_frames)
        printf("filter asked=%d ok=%d got=%d same=%d\n", nb, ok, got,
               got == nb && !memcmp(list, back, nb * sizeof(*list)));
}

/* Frames in which a colour shows that must not. */
static void count_never(void)
{
    unsigned colour = strtoul(opt.never, NULL, 16);
    int i;

    for (i = 0; i < picture_w * picture_h; i++)
        if ((picture[i] & 0xffffff) == colour) {
            nb_never++;
            break;
        }
}

static void capture(void)
{
    int before = nb_callbacks, i;
    BOOL ok;

    if (!opt.no_filter)
        set_filter();
    SetWindowPos(child, NULL, 0, 0, picture_w, picture_h, SWP_NOZORDER | SWP_NOACTIVATE);
    ok = api.SetWindowSource(child, opt.rect);
    if (opt.visible) {
        InvalidateRect(child, NULL, FALSE);
        UpdateWindow(child);
    }
    if (opt.pump)
        pump();
    nb_frames++;
    nb_false += !ok;
    i = ok && nb_callbacks == before;
    nb_silent += i;
    if (opt.never)
        count_never();
    if (!ok && opt.stop_on_false)
        die("MagSetWindowSource");
    if (opt.sleep_ms)
        Sleep(opt.sleep_ms);
}

static COLORREF read_screen(int x, int y, DWORD rop)
{
    HDC screen = GetDC(NULL), dc = CreateCompatibleDC(screen);
    HBITMAP bitmap = CreateCompatibleBitmap(screen, 1, 1);
    HGDIOBJ old = SelectObject(dc, bitmap);
    COLORREF colour = CLR_INVALID;

    if (BitBlt(dc, 0, 0, 1, 1, screen, x, y, rop))
        colour = GetPixel(dc, 0, 0);
    SelectObject(dc, old);
    DeleteObject(bitmap);
    DeleteDC(dc);
    ReleaseDC(NULL, screen);
    return GetRValue(colour) << 16 | GetGValue(colour) << 8 | GetBValue(colour);
}

/* X,Y: what BitBlt reads there, without layered windows and with, and how long it took. */
static void answer_screen(const char *text)
{
    LARGE_INTEGER frequency, begin, end; // GetTickCount() goes on by 16 ms at a time
    int x, y;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&begin);
    if (sscanf(text, "%d,%d", &x, &y) != 2)
        return;
    printf("screen %s plain=%06lx", text, read_screen(x, y, SRCCOPY));
    printf(" captureblt=%06lx", read_screen(x, y, SRCCOPY | CAPTUREBLT));
    QueryPerformanceCounter(&end);
    printf(" ms=%lu\n",
           (unsigned long)((end.QuadPart - begin.QuadPart) * 1000 / frequency.QuadPart));
}

static int raised;

static LONG CALLBACK on_exception(EXCEPTION_POINTERS *e)
{
    if (e->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    raised++;
    return VirtualAlloc((void *)e->ExceptionRecord->ExceptionInformation[1], 1, MEM_COMMIT,
                        PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

static DWORD CALLBACK capture_elsewhere(LPVOID arg)
{
    RECT r = opt.rect;

    (void)arg;
    printf("other_thread source=%d\n", api.SetWindowSource(child, r));
    return 0;
}

static void give_back(void)
{
    int i;

    for (i = 0; i < nb_blocks; i++)
        if (!HeapFree(GetProcessHeap(), 0, blocks[i]))
            printf("HeapFree(%p) failed\n", blocks[i]);
    nb_blocks = 0;
}

/* What a careless client does; `where` is the place in the session. */
static void misuse(const char *where)
{
    char *src = last_src;

    if (!opt.misuse || !src)
        return;
    if (!strcmp(where, "alive") && !strcmp(opt.misuse, "free-alive"))
        HeapFree(GetProcessHeap(), 0, src);
    if (!strcmp(where, "destroyed") && !strcmp(opt.misuse, "write-after-destroy"))
        memset(src, 1, 16);
    if (!strcmp(where, "destroyed") && !strcmp(opt.misuse, "free-before-uninit"))
        HeapFree(GetProcessHeap(), 0, src);
    if (strcmp(where, "ended"))
        return;
    if (!strcmp(opt.misuse, "write-after-uninit"))
        src[last_size - 1] ^= 1;
    if (!strcmp(opt.misuse, "double-free")) {
        HeapFree(GetProcessHeap(), 0, src);
        HeapFree(GetProcessHeap(), 0, src);
    }
    if (!strcmp(opt.misuse, "free-again"))
        HeapFree(GetProcessHeap(), 0, src);
    if (!strcmp(opt.misuse, "free-inside"))
        HeapFree(GetProcessHeap(), 0, src + 4096);
    if (!strcmp(opt.misuse, "free-stranger"))
        HeapFree(GetProcessHeap(), 0, &opt);
    if (!strcmp(opt.misuse, "crt-free"))
        free(src);
    if (!strcmp(opt.misuse, "realloc"))
        src = HeapReAlloc(GetProcessHeap(), 0, src + 64, 16);
    if (!strcmp(opt.misuse, "virtual-free"))
        VirtualFree(src, 0, MEM_RELEASE);
    if (!strcmp(opt.misuse, "unseen-free")) {
        BOOL (WINAPI *unseen)(HANDLE, DWORD, void *) = (void *)
            GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "HeapFree");

        unseen(GetProcessHeap(), 0, src);
    }
}

/* What does a full-screen magnifier do? */
static void look(void)
{
    BOOL (WINAPI *get_transform)(float *, int *, int *) =
        (void *)GetProcAddress(api.module, "MagGetFullscreenTransform");
    BOOL (WINAPI *get_effect)(MagColorEffect *) =
        (void *)GetProcAddress(api.module, "MagGetFullscreenColorEffect");
    MagColorEffect effect;
    float level = 0;
    int x, y;

    if (!get_transform && !get_effect)
        printf("look none\n");
    else if (get_transform && get_effect && get_transform(&level, &x, &y) && get_effect(&effect))
        printf("look level=%.0f effect=%d\n", level * 100, effect.transform[0][0] != 1);
}

/* How often does a walk come across the frame, and is it said to be larger than it can be? */
static void walk(void)
{
    PROCESS_HEAP_ENTRY entry = { 0 };
    MEMORY_BASIC_INFORMATION info;
    int nb = 0, beyond = 0;

    HeapLock(GetProcessHeap());
    while (HeapWalk(GetProcessHeap(), &entry)) {
        if (entry.lpData != last_src || !(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
            continue;
        nb++;
        VirtualQuery((char *)entry.lpData + entry.cbData - 1, &info, sizeof(info));
        beyond += info.State != MEM_COMMIT;
    }
    HeapUnlock(GetProcessHeap());
    printf("walk blocks=%d beyond=%d\n", nb, beyond);
}

static void cycle(void)
{
    int i;

    load();
    if (!api.Initialize())
        die("MagInitialize");
    if (opt.init_twice)
        printf("second_init=%d\n", api.Initialize());
    open_windows();
    if (!opt.no_callback && !api.SetImageScalingCallback(child, on_frame))
        die("MagSetImageScalingCallback");
    for (i = 0; i < opt.frames; i++) {
        if (opt.resize_w && i == opt.frames / 2) {
            opt.rect.right  = opt.rect.left + (picture_w = opt.resize_w);
            opt.rect.bottom = opt.rect.top  + (picture_h = opt.resize_h);
        }
        capture();
    }
    for (i = 0; i < opt.look; i++)
        look();
    if (opt.walk)
        walk();
    if (opt.other_thread) {
        HANDLE thread = CreateThread(NULL, 0, capture_elsewhere, NULL, 0, NULL);

        while (WaitForSingleObject(thread, 5) == WAIT_TIMEOUT)
            pump();
        CloseHandle(thread);
    }
    if (opt.screen)
        answer_screen(opt.screen);
    misuse("alive");
    DestroyWindow(host);
    misuse("destroyed");
    api.Uninitialize();
    Sleep(opt.settle_ms);
    misuse("ended");
    if (opt.free_src)
        give_back();
    if (!opt.keep_library)
        FreeLibrary(api.module);
}

static unsigned colour_at(int x, int y)
{
    return picture[(size_t)y * picture_w + x] & 0xffffff;
}

/* How many pixels have this colour, and the rectangle that they span. */
static void answer_count(const char *text)
{
    unsigned colour = strtoul(text, NULL, 16);
    int n = 0, x, y, x0 = picture_w, y0 = picture_h, x1 = -1, y1 = -1;

    for (y = 0; y < picture_h; y++)
        for (x = 0; x < picture_w; x++)
            if (colour_at(x, y) == colour) {
                n++;
                x0 = x < x0 ? x : x0;
                y0 = y < y0 ? y : y0;
                x1 = x > x1 ? x : x1;
                y1 = y > y1 ? y : y1;
            }
    if (n)
        printf("count %s n=%d box=%ld,%ld,%dx%d\n", text, n, x0 + opt.rect.left,
               y0 + opt.rect.top, x1 - x0 + 1, y1 - y0 + 1);
    else
        printf("count %s n=0\n", text);
}

/* X,Y,WxH: does subject's pattern window lie exactly there? */
static void answer_pattern(const char *text)
{
    int x0, y0, w, h, x, y, wrong = 0, seen = 0;

    if (sscanf(text, "%d,%d,%dx%d", &x0, &y0, &w, &h) != 4)
        return;
    for (y = 0; y < h; y++)
        for (x = 0; x < w; x++) {
            int px = x0 + x - opt.rect.left, py = y0 + y - opt.rect.top;
            unsigned want = (x & 255) << 16 | (y & 255) << 8 | ((x * 7 + y * 13) & 255);

            if (px < 0 || py < 0 || px >= picture_w || py >= picture_h)
                continue;
            seen++;
            wrong += colour_at(px, py) != want;
        }
    printf("pattern %s seen=%d wrong=%d\n", text, seen, wrong);
}

static void answer_pixel(const char *text)
{
    int x, y;

    if (sscanf(text, "%d,%d", &x, &y) == 2)
        printf("pixel %s %08x\n", text,
               picture[(size_t)(y - opt.rect.top) * picture_w + x - opt.rect.left]);
}

static void dump(const char *path)
{
    FILE *f = fopen(path, "wb");
    int i;

    if (!f)
        return;
    fprintf(f, "P6\n%d %d\n255\n", picture_w, picture_h);
    for (i = 0; i < picture_w * picture_h; i++) {
        fputc(picture[i] >> 16 & 255, f);
        fputc(picture[i] >> 8 & 255, f);
        fputc(picture[i] & 255, f);
    }
    fclose(f);
}

static void usage(void)
{
    fprintf(stderr,
            "client [--at X,Y] [--size WxH] [--resize WxH] [--cycles N] [--frames N] [--sleep MS]\n"
            "       [--exclude TITLE]... [--dead N] [--no-filter] [--visible] [--opaque] [--pump]\n"
            "       [--init-twice] [--no-callback] [--settle MS] [--free] [--keep-library] [--stop-on-false] [--other-thread] [--misuse NAME]\n"
            "       [--never RRGGBB] [--count RRGGBB]... [--pixel X,Y]... [--pattern X,Y,WxH]... [--dump FILE.ppm]\n"
            "       [--probe] [--screen X,Y] [--walk] [--look]...\n");
    exit(2);
}

static void parse(int argc, char **argv)
{
    int i, x = 0, y = 0, w = 1280, h = 720;

    for (i = 1; i < argc; i++) {
        const char *name = argv[i], *arg = i + 1 < argc ? argv[i + 1] : "";
        int flag = 1;

        if      (!strcmp(name, "--visible"))       opt.visible = 1;
        else if (!strcmp(name, "--opaque"))        opt.visible = opt.opaque = 1;
        else if (!strcmp(name, "--pump"))          opt.pump = 1;
        else if (!strcmp(name, "--free"))          opt.free_src = 1;
        else if (!strcmp(name, "--probe"))         opt.probe = 1;
        else if (!strcmp(name, "--look"))          opt.look++;
        else if (!strcmp(name, "--walk"))          opt.walk = 1;
        else if (!strcmp(name, "--keep-library"))  opt.keep_library = 1;
        else if (!strcmp(name, "--stop-on-false")) opt.stop_on_false = 1;
        else if (!strcmp(name, "--other-thread"))  opt.other_thread = 1;
        else if (!strcmp(name, "--no-filter"))     opt.no_filter = 1;
        else if (!strcmp(name, "--init-twice"))    opt.init_twice = 1;
        else if (!strcmp(name, "--no-callback"))   opt.no_callback = 1;
        else flag = 0;
        if (flag)
            continue;
        i++;
        if      (!strcmp(name, "--at") && sscanf(arg, "%d,%d", &x, &y) == 2) ;
        else if (!strcmp(name, "--size") && sscanf(arg, "%dx%d", &w, &h) == 2) ;
        else if (!strcmp(name, "--resize") &&
                 sscanf(arg, "%dx%d", &opt.resize_w, &opt.resize_h) == 2) ;
        else if (!strcmp(name, "--cycles"))  opt.cycles   = atoi(arg);
        else if (!strcmp(name, "--frames"))  opt.frames   = atoi(arg);
        else if (!strcmp(name, "--sleep"))   opt.sleep_ms = atoi(arg);
        else if (!strcmp(name, "--settle"))  opt.settle_ms = atoi(arg);
        else if (!strcmp(name, "--dead"))    opt.dead     = atoi(arg);
        else if (!strcmp(name, "--misuse"))  opt.misuse   = arg;
        else if (!strcmp(name, "--dump"))    opt.dump     = arg;
        else if (!strcmp(name, "--never"))   opt.never    = arg;
        else if (!strcmp(name, "--screen"))  opt.screen   = arg;
        else if (!strcmp(name, "--exclude") && opt.nb_exclude < MAX_EXCLUDE)
            opt.exclude[opt.nb_exclude++] = arg;
        else if (!strcmp(name, "--count")   && opt.nb_count   < MAX_ASK)
            opt.count[opt.nb_count++] = arg;
        else if (!strcmp(name, "--pixel")   && opt.nb_pixel   < MAX_ASK)
            opt.pixel[opt.nb_pixel++] = arg;
        else if (!strcmp(name, "--pattern") && opt.nb_pattern < MAX_ASK)
            opt.pattern[opt.nb_pattern++] = arg;
        else usage();
    }
    SetRect(&opt.rect, x, y, x + w, y + h);
    picture_w = w;
    picture_h = h;
}

int main(int argc, char **argv)
{
    LARGE_INTEGER from, to, frequency;
    int i;

    setvbuf(stdout, NULL, _IONBF, 0);
    parse(argc, argv);
    AddVectoredExceptionHandler(1, on_exception);
    if ((size_t)opt.resize_w * opt.resize_h > (size_t)picture_w * picture_h)
        picture = calloc((size_t)opt.resize_w * opt.resize_h, 4);
    else
        picture = calloc((size_t)picture_w * picture_h, 4);
    if (!picture)
        die("calloc");
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&from);
    for (i = 0; i < opt.cycles; i++) {
        cycle();
        if (nb_false) {
            printf("stopped cycle=%d\n", i + 1);
            i++;
            break;
        }
    }
    QueryPerformanceCounter(&to);
    for (i = 0; i < opt.nb_count; i++)
        answer_count(opt.count[i]);
    for (i = 0; i < opt.nb_pixel; i++)
        answer_pixel(opt.pixel[i]);
    for (i = 0; i < opt.nb_pattern; i++)
        answer_pattern(opt.pattern[i]);
    if (opt.never)
        printf("never %s frames=%d\n", opt.never, nb_never);
    if (opt.dump)
        dump(opt.dump);
    printf("done frames=%d callbacks=%d false=%d silent=%d rejected=%d raised=%d\n",
           nb_frames, nb_callbacks, nb_false, nb_silent, nb_rejected, raised);
    printf("speed fps=%.1f\n", nb_frames * (double)frequency.QuadPart / (to.QuadPart - from.QuadPart));
    if (opt.probe && api.LiveBlocks)
        printf("probe live=%d last_freed=%d guard=%d\n", api.LiveBlocks(),
               last_src ? api.BlockIsFreed(last_src) : -1, api.GuardViolations());
    return 0;
}
