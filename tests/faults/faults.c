/*
 * faults: let the device's calls fail, one after the other
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
 * A program that uses the device through libavdevice. The device's objects are those of the
 * build, but objcopy has given their imports other names, which are here: a call of the device,
 * and no other, passes fault_decide() on its way.
 *
 *   faults plan some|phases|each RULEFILE TITLE
 *                  which cases there are, one a line: SCENARIO PHASE CALL N (the Nth call fails) or N+ (and
 *                  all after it). "some": the first time of each call; "phases": the first time on open,
 *                  while reading and on close; "each": one in the middle too, and all
 *   faults matrix with|without RULEFILE TITLE
 *                  no call is made to fail: what becomes of a capture with the stand-in's profile
 *   faults run RULEFILE TITLE < cases       a line for each: "ok CASE: what it did", or "FAILED CASE: why"
 *
 * RULEFILE and the rule exe=secret.exe leave a window of the colour ff00ff out; TITLE is that of
 * a window that can be recorded. Each case opens a capture, reads and closes.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>
#include <tlhelp32.h>

#include "libavdevice/avdevice.h"
#include "libavformat/avformat.h"
#include "libavutil/common.h"
#include "libavutil/dict.h"

#include "tests/soak/holdings.h"

/** Packets of a case. */
#define FRAMES 12
/** A capture that takes longer hangs, milliseconds. No limit of the device comes near it. */
#define CASE_LIMIT 60000
/** How long threads that are on their way out may take, milliseconds. */
#define SETTLE_LIMIT 8000
/** Runs of a case in a row that hold more than the one before, until it is a leak. */
#define LEAK_RUNS 4
/** Runs of a case until its call is made. */
#define MAX_TRIES 5

enum Phase { OPENING, READING, CLOSING, NB_PHASES, OUTSIDE = NB_PHASES };

static const char *const phase_names[NB_PHASES] = { "open", "read", "close" };

typedef struct Call {
    const char *name;
    enum { DIRECT, SLOT, LATE } kind;
    void *at;                   ///< the function, or its import pointer
    void *thunk;
    int64_t value;              ///< what it answers when it fails
    int after;                  ///< having done its work
    unsigned error;             ///< its last error then
    int bytes;                  ///< of arguments on the stack, 32 bit
    int each, unreached;        ///< words of its row
    int keeps;                  ///< pictures of the API that stay, at most, of each of its controls
    int strands;                ///< threads that stay then, at most
    volatile LONG counts[NB_PHASES + 1];
} Call;

/** What is done with the device; the cases of a call are in the first that makes it. */
enum {
    EXCLUDE, PLAIN, WINDOW, SOURCES, WINDOWS,
    SELF,                       ///< with the rule "self"
    REFUSED,                    ///< where MagInitialize() fails
    PAINTED,                    ///< where windows have to be shown and painted
    LOCKED,                     ///< where processes cannot be opened at first
    OLD,                        ///< where the functions that came with Windows 8 and later are not
    LOG,                        ///< with an exclude_log
    JSON,                       ///< window_list json, on a standard output that nobody reads
    COVERED,                    ///< where the screen never shows the canary
    GONE,                       ///< where windows are gone by the time that is asked about them
    FAULTED,                    ///< where the API faults: the last, as it leaves no pictures to the process
    NB_SCENARIOS,
};

static const char *const scenarios[NB_SCENARIOS] = {
    "exclude", "plain", "window", "sources", "windows", "self", "refused", "painted", "locked", "old",
    "log", "json", "covered", "gone", "faulted",
};

static int scenario;

/* ---- in between ----------------------------------------------------------- */

/* A thunk leaves its index and goes to the common part; there all registers and the stack
 * are as the caller left them when the function itself is jumped to. */

#if defined(__x86_64__)
__asm__(".text\n"
        "fault_common:\n\t"
        "pushq %rcx\n\tpushq %rdx\n\tpushq %r8\n\tpushq %r9\n\t"
        "subq $0x28, %rsp\n\t"
        "movl %eax, %ecx\n\t"
        "call fault_decide\n\t"
        "addq $0x28, %rsp\n\t"
        "popq %r9\n\tpopq %r8\n\tpopq %rdx\n\tpopq %rcx\n\t"
        "testq %rax, %rax\n\tjz 1f\n\tjmp *%rax\n"
        "1:\tmovq fault_first(%rip), %rax\n\t"
        "testq %rax, %rax\n\tjz 2f\n\t"
        "subq $0x28, %rsp\n\tcall *%rax\n\tcall fault_did\n\taddq $0x28, %rsp\n"
        "2:\tmovq fault_value(%rip), %rax\n\tret\n");
#define FAULT_ASM(index, name, bytes)                                                            \
    __asm__(".globl fault_" #name "\nfault_" #name ":\n\tmovl $" #index ", %eax\n\tjmp fault_common\n")
#elif defined(__i386__)
#define FAULT_ASM(index, name, bytes)                                                            \
    __asm__(".globl _fault_" #name "\n_fault_" #name ":\n\t"                                     \
            "pushl $" #index "\n\tcall _fault_decide\n\taddl $4, %esp\n\t"                       \
            "testl %eax, %eax\n\tjz 1f\n\tjmp *%eax\n"                                           \
            "1:\tmovl _fault_first, %eax\n\ttestl %eax, %eax\n\tjz 3f\n\t"                       \
            "movl $" #bytes "/4, %ecx\n"                                                         \
            "2:\tjecxz 4f\n\tpushl " #bytes "(%esp)\n\tdecl %ecx\n\tjmp 2b\n"                    \
            "4:\tcall *%eax\n\tcall _fault_did\n"                                                \
            "3:\tmovl _fault_value, %eax\n\tmovl _fault_value+4, %edx\n\tret $" #bytes "\n")
#endif

#define THUNK(index, name, bytes)                                                                \
    FAULT_ASM(index, name, bytes);                                                               \
    extern void fault_##name(void);                                                              \
    extern void *fault_imp_##name;                                                               \
    void *fault_imp_##name = (void *)fault_##name;

#include "thunks.h"

#define ROW(name, kind, at, value, after, error, bytes, each, unreached, keeps, strands)         \
    { #name, kind, (void *)at, (void *)fault_##name, (int64_t)value, after, error, bytes,        \
      each, unreached, keeps, strands, { 0 } },

static Call calls[] = { ROWS };

#define NB_CALLS ((int)(sizeof(calls) / sizeof(*calls)))

static volatile enum Phase phase = OUTSIDE;
static Call *volatile armed;
static volatile enum Phase armed_phase;
static volatile LONG armed_n, fired;
static volatile int armed_on;   ///< and all calls after that one

/* Read by the code above. */
int64_t fault_value;
void *fault_first;

#ifdef __i386__
#define ANY_STACK __attribute__((force_align_arg_pointer))
#else
#define ANY_STACK
#endif

static void *stand_in(const Call *call, void *real);

void *fault_decide(int index);
void fault_did(void);

ANY_STACK void *fault_decide(int index)
{
    Call *call = &calls[index];
    LONG n     = InterlockedIncrement(&call->counts[phase]);
    void *real = call->kind == DIRECT ? call->at : *(void **)call->at;

    if (call == armed && phase == armed_phase && (n == armed_n || (armed_on && n > armed_n))) {
        InterlockedIncrement(&fired);
        SetLastError(call->error);
        fault_first = call->after ? real : NULL;
        return NULL;
    }
    return stand_in(call, real);
}

/** The function has done its work, and is to have failed. */
ANY_STACK void fault_did(void)
{
    SetLastError(armed ? armed->error : 0);
}

static Call *find_call(const char *name)
{
    for (int i = 0; i < NB_CALLS; i++)
        if (!strcmp(calls[i].name, name))
            return &calls[i];
    return NULL;
}

static char unlisted[64];

/** What the device looks for at run time is in the list as well. */
static FARPROC WINAPI look_up(HMODULE module, LPCSTR name)
{
    FARPROC proc = GetProcAddress(module, name);
    Call *call   = find_call(name);

    if (!call || call->kind != LATE) {
        snprintf(unlisted, sizeof(unlisted), "%s", name);
        return proc;
    }
    if (!proc || (scenario == OLD && (!strstr(name, "Mag") || strstr(name, "Fullscreen"))))
        return NULL;
    *(FARPROC *)call->at = proc;
    return (FARPROC)call->thunk;
}

/* Windows 7 does not know the flag, unless it was taught. */
static HMODULE WINAPI load_as_of_old(LPCWSTR name, HANDLE file, DWORD flags)
{
    if (flags != LOAD_LIBRARY_SEARCH_SYSTEM32)
        return LoadLibraryExW(name, file, flags);
    SetLastError(ERROR_INVALID_PARAMETER);
    return NULL;
}

static HANDLE WINAPI open_later(DWORD access, BOOL inherit, DWORD pid)
{
    if (phase != OPENING)
        return OpenProcess(access, inherit, pid);
    SetLastError(ERROR_ACCESS_DENIED);
    return NULL;
}

static BOOL WINAPI refuse(void)
{
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

typedef BOOL (WINAPI *SetSource)(HWND hwnd, RECT rect);

static SetSource set_source;
static int has_source;          ///< a control of this capture was given it
static volatile LONG nb_sources; ///< how often one was

/** All pictures but the first come by painting alone; so where that fails once, and the control is made anew, no more do. */
static BOOL WINAPI set_source_if_shown(HWND hwnd, RECT rect)
{
    if (!IsWindowVisible(hwnd) || has_source)
        return TRUE;
    has_source = 1;
    return set_source(hwnd, rect);
}

static BOOL WINAPI set_source_or_fault(HWND hwnd, RECT rect)
{
    /* nothing can be in the first page of a process */
    if (InterlockedIncrement(&nb_sources) == FRAMES / 3)
        *(volatile int *)(uintptr_t)16 = 0;
    return set_source(hwnd, rect);
}

static HANDLE WINAPI get_nul(DWORD which)
{
    static HANDLE nul;

    if (!nul)
        nul = CreateFileA("NUL", GENERIC_WRITE, FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    return nul;
    (void)which;
}

/** Copy black. */
static BOOL WINAPI copy_nothing(HDC to, int x, int y, int width, int height, HDC from, int fx, int fy, DWORD how)
{
    return PatBlt(to, x, y, width, height, BLACKNESS);
    (void)from, (void)fx, (void)fy, (void)how;
}

static void *stand_in(const Call *call, void *real)
{
    if (!strcmp(call->name, "GetProcAddress"))
        return look_up;
    if (scenario == OLD && !strcmp(call->name, "LoadLibraryExW"))
        return load_as_of_old;
    if (scenario == LOCKED && !strcmp(call->name, "OpenProcess"))
        return open_later;
    if (scenario == REFUSED && !strcmp(call->name, "MagInitialize"))
        return refuse;
    if (scenario == JSON && !strcmp(call->name, "GetStdHandle"))
        return get_nul;
    if (scenario == COVERED && !strcmp(call->name, "BitBlt"))
        return copy_nothing;
    if ((scenario == PAINTED || scenario == FAULTED) && !strcmp(call->name, "MagSetWindowSource")) {
        set_source = (SetSource)real;
        return scenario == PAINTED ? set_source_if_shown : (void *)set_source_or_fault;
    }
    return real;
}

/* ---- what it said ----------------------------------------------------------- */

#define MAX_LINES 16

static char lines[MAX_LINES][512];
static int line_levels[MAX_LINES], nb_lines, nb_errors, nb_ends;
static int talkative;
static CRITICAL_SECTION lines_lock;

static void on_log(void *obj, int level, const char *fmt, va_list vl)
{
    char line[512];

    vsnprintf(line, sizeof(line), fmt, vl);
    line[strcspn(line, "\r\n")] = 0;
    if (talkative && level <= AV_LOG_VERBOSE)
        fprintf(stderr, "    %s\n", line);
    /* lines about windows are limited by themselves; that there are no more pictures is said
     * below the line that says why */
    if (level > AV_LOG_WARNING || !strncmp(line, "leaving out ", 12))
        return;
    EnterCriticalSection(&lines_lock);
    if (nb_lines < MAX_LINES) {
        line_levels[nb_lines] = level;
        strcpy(lines[nb_lines], line);
    }
    nb_lines++;
    nb_errors += level <= AV_LOG_ERROR && strncmp(line, "No picture to deliver", 21);
    nb_ends   += !strncmp(line, "No picture to deliver", 21);
    LeaveCriticalSection(&lines_lock);
    (void)obj;
}

/* ---- what is left ------------------------------------------------------------ */

enum { HANDLES, GDI, USER, THREADS, PICTURES, BLOCKS, BYTES, SESSION, NB_FIGURES };

static const char *const figure_names[NB_FIGURES] = {
    "handles", "GDI objects", "windows, hooks, classes and the like", "threads", "pictures",
    "heap blocks", "heap bytes", "Magnification.dll",
};

static int64_t count_threads(void)
{
    HANDLE snapshot  = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 te = { .dwSize = sizeof(te) };
    int64_t nb = 0;

    for (BOOL more = Thread32First(snapshot, &te); more; more = Thread32Next(snapshot, &te))
        nb += te.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return nb;
}

/** FFmpeg's blocks are in the heap of the C runtime; pictures of the API are apart from all others. */
static void count_blocks(int64_t figures[NB_FIGURES])
{
    const size_t picture = 4 * (size_t)GetSystemMetrics(SM_CXSCREEN) * GetSystemMetrics(SM_CYSCREEN);
    HANDLE heaps[32];
    DWORD nb = GetProcessHeaps(32, heaps);

    figures[PICTURES] = figures[BLOCKS] = figures[BYTES] = 0;
    for (DWORD i = 0; i < nb && i < 32; i++) {
        PROCESS_HEAP_ENTRY entry = { 0 };

        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry)) {
            if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
                continue;
            if (entry.cbData >= picture) {
                figures[PICTURES]++;
                continue;
            }
            figures[BLOCKS]++;
            figures[BYTES] += entry.cbData;
        }
        HeapUnlock(heaps[i]);
    }
}

static void measure(int64_t figures[NB_FIGURES])
{
    static Holdings h;

    holdings_read(&h);
    figures[HANDLES] = h.handles;
    figures[GDI]     = h.gdi;
    figures[USER]    = h.user;
    figures[THREADS] = count_threads();
    figures[SESSION] = !!GetModuleHandleW(L"Magnification.dll");
    count_blocks(figures);
}

/** The same, when threads that are about to end have ended. */
static void settle(int64_t figures[NB_FIGURES], const int64_t before[NB_FIGURES])
{
    for (int i = 0; i < SETTLE_LIMIT / 20; i++) {
        measure(figures);
        if (figures[THREADS] <= before[THREADS] && figures[HANDLES] <= before[HANDLES])
            return;
        Sleep(20);
    }
}

/* ---- a capture ---------------------------------------------------------------- */

static volatile LONG case_number; ///< of the capture, for the thread that watches over it

static const char *rule_file, *title;

static int frames, hidden_pixels;
static int nb_captures, nb_controls; ///< since the figures were taken
static const char *odd_packet;  ///< what is wrong about the first packet that is not as it has to be
static int64_t last_pts;
static int to_read = FRAMES;

/** Packets without a new picture: all, those in a row at the end, and the most in a row */
static int substitutes, last_substitutes, most_substitutes;

static void count_substitutes(const AVPacket *pkt)
{
    AVDictionary *dict = NULL;
    const AVDictionaryEntry *state;
    const uint8_t *data;
    size_t size = 0;

    data = av_packet_get_side_data(pkt, AV_PKT_DATA_STRINGS_METADATA, &size);
    av_packet_unpack_dictionary(data, size, &dict);
    state = av_dict_get(dict, "lavfi.magnifier.state", NULL, 0);
    last_substitutes++;
    if (!state || !strcmp(state->value, "proven") || !strcmp(state->value, "clean") || !strcmp(state->value, "open"))
        last_substitutes = 0;
    substitutes     += !!last_substitutes;
    most_substitutes = FFMAX(most_substitutes, last_substitutes);
    av_dict_free(&dict);
}

/** What is wrong about it? NULL: nothing */
static const char *judge_packet(const AVCodecParameters *par, const AVPacket *pkt)
{
    if (pkt->size != 4 * par->width * par->height)
        return "a packet of another size than a picture";
    if (pkt->pts == AV_NOPTS_VALUE)
        return "a packet without a time";
    if (frames > 1 && pkt->pts <= last_pts)
        return "a packet that is not later than the one before";
    if (pkt->dts != pkt->pts)
        return "a packet whose dts is not its pts";
    if (pkt->duration <= 0)
        return "a packet without a duration";
    if (!(pkt->flags & AV_PKT_FLAG_KEY))
        return "a packet that is not a key frame";
    return NULL;
}

static void look_at(const AVFormatContext *ctx, const AVPacket *pkt)
{
    const AVCodecParameters *par = ctx->streams[0]->codecpar;
    const char *odd;

    frames++;
    odd      = judge_packet(par, pkt);
    last_pts = pkt->pts;
    if (odd && !odd_packet)
        odd_packet = odd;
    if (pkt->size != 4 * par->width * par->height)
        return;
    count_substitutes(pkt);
    for (int i = 0; i < pkt->size; i += 4)
        hidden_pixels += pkt->data[i] == 0xff && !pkt->data[i + 1] && pkt->data[i + 2] == 0xff;
}

/** Make the window that is recorded a little smaller or, if it is so already, as large as it was. */
static void resize_window(void)
{
    static int full;            ///< its height at first
    HWND hwnd = FindWindowA(NULL, title);
    RECT r;

    if (!hwnd || !GetWindowRect(hwnd, &r))
        return;
    if (!full)
        full = r.bottom - r.top;
    SetWindowPos(hwnd, NULL, 0, 0, r.right - r.left, r.bottom - r.top < full ? full : full - 40,
                 SWP_NOMOVE | SWP_NOZORDER | SWP_NOACTIVATE | SWP_ASYNCWINDOWPOS);
}

static int read_some(AVFormatContext *ctx)
{
    AVPacket *pkt = av_packet_alloc();
    int ret = 0;

    for (int i = 0; i < to_read && ret >= 0; i++) {
        if (scenario == WINDOW && i == FRAMES / 3)
            resize_window();
        ret = av_read_frame(ctx, pkt);
        if (ret >= 0)
            look_at(ctx, pkt);
        av_packet_unref(pkt);
    }
    av_packet_free(&pkt);
    return ret;
}

static int list_sources(void)
{
    AVDeviceInfoList *list = NULL;
    int ret;

    phase = OPENING;
    ret   = avdevice_list_input_sources(av_find_input_format("magnifier"), NULL, NULL, &list);
    phase = OUTSIDE;
    avdevice_free_list_devices(&list);
    return FFMIN(ret, 0);
}

/**
 * Windows that are there for no time, until the event is set. They say that they are shown, and are not: the
 * foreground, which the pointer hangs on, stays where it is.
 */
static DWORD WINAPI come_and_go(LPVOID stop)
{
    do {
        HWND hwnd = CreateWindowExA(WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, "STATIC", "", WS_POPUP,
                                    0, 0, 1, 1, NULL, NULL, NULL, NULL);

        NotifyWinEvent(EVENT_OBJECT_SHOW, hwnd, OBJID_WINDOW, CHILDID_SELF);
        DestroyWindow(hwnd);
    } while (WaitForSingleObject(stop, 10) == WAIT_TIMEOUT);
    return 0;
}

/** Packets of a second. */
static const char *rate_of(int s)
{
    switch (s) {
    case LOCKED:  return "20";  /* what could not be opened is tried again a quarter of a second later */
    case COVERED: return "8";   /* a canary is given up after some tries, and thought of again after half a second */
    default:      return to_read > FRAMES ? "30" : "50";
    }
}

/** How many controls the last capture has made: each is given its transform once. */
static int count_controls(void)
{
    const Call *call = find_call("MagSetWindowTransform");
    int nb = 0;

    for (int p = 0; p < NB_PHASES; p++)
        nb += call->counts[p];
    return nb;
}

static int capture(int s)
{
    AVFormatContext *ctx = avformat_alloc_context();
    AVDictionary *dict   = NULL;
    char url[128]        = "desktop", path[MAX_PATH];
    HANDLE stop = NULL, helper = NULL;
    int ret;

    InterlockedIncrement(&case_number);
    nb_captures++;
    frames = hidden_pixels = 0;
    odd_packet = NULL;
    nb_sources = 0;
    has_source = 0;
    substitutes = last_substitutes = most_substitutes = 0;
    scenario = s;
    if (scenario == SOURCES) {
        avformat_free_context(ctx);
        return list_sources();
    }
    if (scenario == WINDOW)
        snprintf(url, sizeof(url), "title=%s", title);
    if (scenario == WINDOW)
        av_dict_set(&dict, "resize_mode", "scale", 0);
    av_dict_set(&dict, "framerate", rate_of(scenario), 0);
    if (scenario == WINDOWS || scenario == JSON)
        av_dict_set(&dict, "window_list", scenario == JSON ? "json" : "1", 0);
    snprintf(path, sizeof(path), "%s.log", rule_file);
    if (scenario == LOG)
        av_dict_set(&dict, "exclude_log", path, 0);
    if (scenario != PLAIN)
        av_dict_set(&dict, "exclude", scenario == SELF ? "self|exe=secret.exe" : "exe=secret.exe", 0);
    if (scenario == EXCLUDE)
        av_dict_set(&dict, "exclude_file", rule_file, 0);

    phase = OPENING;
    ret   = avformat_open_input(&ctx, url, av_find_input_format("magnifier"), &dict);
    av_dict_free(&dict);
    if (ret >= 0) {
        if (scenario == GONE) {
            stop   = CreateEventA(NULL, TRUE, FALSE, NULL);
            helper = CreateThread(NULL, 0, come_and_go, stop, 0, NULL);
        }
        phase = READING;
        ret   = read_some(ctx);
        if (helper) {
            SetEvent(stop);
            WaitForSingleObject(helper, INFINITE);
            CloseHandle(helper);
            CloseHandle(stop);
        }
        phase = CLOSING;
        avformat_close_input(&ctx);
    }
    phase = OUTSIDE;
    nb_controls += count_controls();
    return ret;
}

/* ---- a case -------------------------------------------------------------------- */

static char case_text[128];

static DWORD WINAPI watch(LPVOID opaque)
{
    LONG seen = 0;
    DWORD since = GetTickCount();

    for (;; Sleep(200)) {
        if (seen != case_number) {
            seen  = case_number;
            since = GetTickCount();
        }
        if (seen && GetTickCount() - since > CASE_LIMIT) {
            printf("FAILED %s: it hangs\n", case_text);
            fflush(stdout);
            TerminateProcess(GetCurrentProcess(), 3);
        }
    }
    return 0;
    (void)opaque;
}

static void reset(void)
{
    for (int i = 0; i < NB_CALLS; i++)
        memset((void *)calls[i].counts, 0, sizeof(calls[i].counts));
    nb_lines = nb_errors = nb_ends = 0;
    fired    = 0;
}

static const struct {
    int code;
    const char *name;
} errors[] = {
    { 0,                "on"       }, /* it goes on */
    { AVERROR_EXTERNAL, "EXTERNAL" },
    { AVERROR_EXIT,     "EXIT"     },
    { AVERROR_EOF,      "EOF"      },
    { AVERROR(ENOMEM),  "ENOMEM"   },
    { AVERROR(ENOSYS),  "ENOSYS"   },
    { AVERROR(EACCES),  "EACCES"   },
    { AVERROR(ENOENT),  "ENOENT"   },
    { AVERROR(EIO),     "EIO"      },
    { AVERROR(ENOSPC),  "ENOSPC"   },
    { AVERROR(EINVAL),  "EINVAL"   },
};

/** NULL: one that the device never answers */
static const char *name_error(int ret)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
        if (FFMIN(ret, 0) == errors[i].code)
            return errors[i].name;
    return NULL;
}

/** What is wrong about the error and about what was said? NULL: nothing */
static const char *judge_lines(int ret)
{
    if (!name_error(ret))
        return "an error that does not fit";
    if (ret < 0 && ret != AVERROR(ENOMEM) && ret != AVERROR_EXIT && ret != AVERROR_EOF &&
        (nb_errors + nb_ends < 1 || nb_errors > 1 || nb_lines < 2 - !nb_ends))
        return nb_errors ? "more than one line of an error" : "no line that says why";
    if (nb_lines > 6)
        return "too many lines";
    for (int i = 0; i < nb_lines; i++)
        for (int k = 0; k < i; k++)
            if (!strcmp(lines[i], lines[k]))
                return "the same line twice";
    return NULL;
}

/** What is wrong about what happened? NULL: nothing */
static const char *judge(int ret)
{
    if (hidden_pixels && scenario != PLAIN)
        return "PIXELS OF THE HIDDEN WINDOW";
    if (odd_packet)
        return odd_packet;
    if (*unlisted)
        return "a function that tests/faults/calls does not list";
    if (ret >= 0 && scenario != SOURCES && frames != FRAMES)
        return "frames are missing";
    return judge_lines(ret);
}

/**
 * What it did, and said.
 *
 * @param n which call of it has failed
 */
static void describe(char *text, size_t size, int n, int ret)
{
    const char *error = name_error(ret);

    snprintf(text, size, "%s %d%s, %d times, %d frames, %s", phase_names[armed_phase], n, armed_on ? "+" : "", (int)fired, frames,
             error ? error : "?");
    for (int i = 0; i < nb_lines && i < MAX_LINES; i++)
        snprintf(text + strlen(text), size - strlen(text), " | %s", lines[i]);
}

static int64_t base[NB_FIGURES];

/**
 * By how much may this figure grow: that is what the row of the call says stays behind. A thread that
 * stays has its handles and blocks and, if it is the runtime's, windows and a session that is not ended. An API that has
 * faulted is not called any more, so it keeps a picture and is not unloaded; and there is no second run that could
 * tell what is made once.
 */
static int64_t may_grow(const Call *call, int figure)
{
    static const int of_thread[NB_FIGURES] = {
        [HANDLES] = 4, [GDI] = 2, [USER] = 4, [THREADS] = 1, [PICTURES] = 1, [BLOCKS] = 40, [BYTES] = 256 << 10,
    };
    static const int of_fault[NB_FIGURES] = {
        [GDI] = 2, [PICTURES] = 1, [BLOCKS] = 16, [BYTES] = 16384,
    };
    int64_t more = nb_captures * of_thread[figure] * call->strands;

    if (figure == PICTURES)
        more += nb_controls * call->keeps;
    if (figure == SESSION)
        return call->strands || scenario == FAULTED;
    return scenario == FAULTED ? FFMAX(more, of_fault[figure]) : more;
}

/**
 * Run it until it holds no more than before, and what its row says; what is made once is made the
 * first time.
 */
static const char *find_leak(const Call *call, char *text, size_t size)
{
    int64_t now[NB_FIGURES];
    int grew = (1 << NB_FIGURES) - 1;

    for (int i = 0; i < LEAK_RUNS; i++) {
        int more = 0;

        settle(now, base);
        for (int k = 0; k < NB_FIGURES; k++)
            more |= (now[k] - base[k] > may_grow(call, k)) << k;
        grew &= more;
        *text = 0;
        for (int k = 0; k < NB_FIGURES; k++)
            if (grew & 1 << k)
                snprintf(text + strlen(text), size - strlen(text), "%s%"PRId64" %s left", *text ? ", " : "",
                         now[k] - base[k], figure_names[k]);
        memcpy(base, now, sizeof(base));
        nb_captures = nb_controls = 0;
        /* the next capture would share the runtime with the thread that stays */
        if (!grew || call->strands || scenario == FAULTED)
            break;
        if (i + 1 < LEAK_RUNS) {
            reset();
            capture(scenario);
        }
    }
    return grew ? text : NULL;
}

/**
 * Let the nth call fail, or an earlier one if there are not so many, or in another phase if there is none: how
 * often it is called, and whether the first picture is taken before the reader asks for it, is not the same each time.
 *
 * @return which it was, 0: it was not called
 */
static int let_fail(int s, enum Phase when, Call *call, int n, int on, int *ret)
{
    armed       = call;
    armed_phase = when;
    armed_on    = on;
    fault_value = call->value;
    for (int i = 0; i < MAX_TRIES && (!i || s != FAULTED); i++) {
        armed_n = n;
        reset();
        *ret = capture(s);
        if (fired)
            return n;
        for (int p = 0; p < NB_PHASES && i && !call->counts[armed_phase]; p++)
            if (call->counts[p])
                armed_phase = p;
        n = av_clip(call->counts[armed_phase], 1, n);
    }
    return 0;
}

/** @return 1; 0: the next one should have another process */
static int run_case(int s, enum Phase when, Call *call, int n, int on)
{
    static char did[sizeof(lines) + 128];
    char text[512];
    const char *wrong;
    int ret, which = let_fail(s, when, call, n, on, &ret);

    describe(did, sizeof(did), which, ret);
    wrong = judge(ret);
    if (!wrong && !which)
        wrong = "it was not called";
    if (!wrong)
        wrong = find_leak(call, text, sizeof(text));
    printf("%s %s: %s%s%s\n", wrong ? "FAILED" : "ok", case_text, wrong ? wrong : "", wrong ? "; " : "", did);
    fflush(stdout);
    armed = NULL;
    return !wrong && !call->strands && s != FAULTED;
}

/** Nothing fails: what is made once in a process is made here, and the colour can be seen. */
static int begin(void)
{
    capture(PLAIN);
    printf("# %d pixels of the colour without a rule\n", hidden_pixels);
    if (!hidden_pixels)
        return -1;
    capture(EXCLUDE);
    reset();
    return 0;
}

static int mode_run(void)
{
    char scenario[32], when[32], name[64], on;
    char line[256];

    if (begin() < 0)
        return 2;
    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    measure(base);
    settle(base, base);
    nb_captures = nb_controls = 0;
    while (fgets(line, sizeof(line), stdin)) {
        int s = 0, p = 0, n, got = sscanf(line, "%31s %31s %63s %d%c", scenario, when, name, &n, &on);
        Call *call = got >= 4 ? find_call(name) : NULL;

        while (s < NB_SCENARIOS && strcmp(scenario, scenarios[s]))
            s++;
        while (p < NB_PHASES && strcmp(when, phase_names[p]))
            p++;
        line[strcspn(line, "\r\n")] = 0;
        snprintf(case_text, sizeof(case_text), "%s", line);
        if (!call || s == NB_SCENARIOS || p == NB_PHASES) {
            printf("FAILED %s: no such case\n", line);
            continue;
        }
        if (!run_case(s, p, call, n, got == 5 && on == '+')) {
            printf("again\n");
            return 0;
        }
    }
    printf("end\n");
    return 0;
}

/* ---- which cases ----------------------------------------------------------------- */

/**
 * How often the calls are made: what only one capture of two makes, by chance or as the first, is no case. The
 * scenarios after the first are there for a few calls each, and are not run twice.
 */
static void count_calls(LONG counts[NB_PHASES][NB_CALLS])
{
    static LONG before[NB_CALLS];

    for (int i = 0; i < NB_CALLS; i++)
        before[i] = scenario > SOURCES;
    if (scenario <= SOURCES) {
        reset();
        capture(scenario);
        for (int p = 0; p < NB_PHASES; p++)
            for (int i = 0; i < NB_CALLS; i++)
                before[i] += calls[i].counts[p];
    }
    reset();
    capture(scenario);
    for (int p = 0; p < NB_PHASES; p++)
        for (int i = 0; i < NB_CALLS; i++)
            counts[p][i] = before[i] ? calls[i].counts[p] : 0;
}

static void plan_call(enum Phase when, const Call *call, int count, int each)
{
    const char *s = scenarios[scenario], *p = phase_names[when];

    if (call->each && each) {
        for (int n = 1; n <= FFMIN(count, 40); n++)
            printf("%s %s %s %d\n", s, p, call->name, n);
        return;
    }
    printf("%s %s %s 1\n", s, p, call->name);
    if (!each || count < 2)
        return;
    printf("%s %s %s %d\n", s, p, call->name, FFMAX(2, count / 2));
    printf("%s %s %s 1+\n", s, p, call->name);
}

static int mode_plan(int each)
{
    static char planned[NB_PHASES][NB_CALLS];
    static LONG counts[NB_PHASES][NB_CALLS];
    int missing = 0;

    if (begin() < 0)
        return 2;
    for (scenario = 0; scenario < NB_SCENARIOS; scenario++) {
        count_calls(counts);
        for (int p = 0; p < NB_PHASES; p++) {
            for (int i = 0; i < NB_CALLS; i++) {
                if (!counts[p][i] || planned[p][i] ||
                    (!each && (planned[OPENING][i] || planned[READING][i])))
                    continue;
                planned[p][i] = 1;
                plan_call(p, &calls[i], counts[p][i], each == 2);
            }
        }
    }
    for (int i = 0; i < NB_CALLS; i++)
        if (!planned[OPENING][i] && !planned[READING][i] && !planned[CLOSING][i] &&
            !calls[i].unreached) {
            printf("never %s\n", calls[i].name);
            missing++;
        }
    printf("end\n");
    return !!missing;
}

/* ---- the matrix -------------------------------------------------------------------- */

/** New pictures at the end by which it is believed that they go on. */
#define GOES_ON 8

/** Blocks of the process's heap that are as large as a picture of the screen. */
static int count_pictures(void)
{
    const size_t size = 4 * (size_t)GetSystemMetrics(SM_CXSCREEN) * GetSystemMetrics(SM_CYSCREEN);
    PROCESS_HEAP_ENTRY entry = { 0 };
    int nb = 0;

    HeapLock(GetProcessHeap());
    while (HeapWalk(GetProcessHeap(), &entry))
        nb += entry.wFlags & PROCESS_HEAP_ENTRY_BUSY && entry.cbData >= size;
    HeapUnlock(GetProcessHeap());
    return nb;
}

/** One capture with the profile of the environment, where no call of the device's is made to fail. */
static int mode_matrix(int s)
{
    const int before = count_pictures();
    const char *wrong;
    int ret;

    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    snprintf(case_text, sizeof(case_text), "matrix");
    to_read = 60;
    reset();
    ret = capture(s);
    printf("outcome %s%s\n", ret < 0 ? frames ? "ends " : "refuses " : last_substitutes >= GOES_ON ? "stands" : "goes on",
           ret < 0 ? name_error(ret) ? name_error(ret) : "?" : "");
    printf("all %d\nnew %d\nmost %d\n", frames, frames - substitutes, most_substitutes);
    printf("hidden %d\n", hidden_pixels);
    if (odd_packet)
        printf("FAILED: %s\n", odd_packet);
    wrong = judge_lines(ret);
    if (wrong)
        printf("FAILED: %s\n", wrong);
    /* where the stand-in itself was unloaded, and does not tell */
    printf("left %d\n", count_pictures() - before);
    for (int i = 0; i < nb_lines && i < MAX_LINES; i++)
        printf("line %s\n", lines[i]);
    printf("end\n");
    return 0;
}

static void *late[NB_CALLS];

int main(int argc, char **argv)
{
    for (int i = 0; i < NB_CALLS; i++)
        if (calls[i].kind == LATE)
            calls[i].at = &late[i];
    holdings_init();
    InitializeCriticalSection(&lines_lock);
    avdevice_register_all();
    av_log_set_callback(on_log);
    talkative = !!getenv("FAULTS_TALK");
    setvbuf(stdout, NULL, _IONBF, 0);
    rule_file = argc > 2 ? argv[argc - 2] : NULL;
    title     = argc > 2 ? argv[argc - 1] : NULL;
    if (argc == 5 && !strcmp(argv[1], "plan"))
        return mode_plan(!strcmp(argv[2], "each") ? 2 : !strcmp(argv[2], "phases"));
    if (argc == 5 && !strcmp(argv[1], "matrix"))
        return mode_matrix(strcmp(argv[2], "without") ? EXCLUDE : PLAIN);
    if (argc == 4 && !strcmp(argv[1], "run"))
        return mode_run();
    fprintf(stderr, "usage: faults plan some|phases|each RULEFILE TITLE, faults run RULEFILE TITLE\n");
    return 2;
}
