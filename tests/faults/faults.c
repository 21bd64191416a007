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
    int words;
    volatile LONG counts[NB_PHASES + 1];
} Call;

#define EACH      1
#define KEEPS     2
#define UNREACHED 4
#define STRANDS   8

/** What is done with the device; the cases of a call are in the first that makes it. */
enum {
    EXCLUDE, PLAIN, WINDOW, SOURCES, WINDOWS,
    SELF,                       ///< with the rule "self"
    REFUSED,                    ///< where MagInitialize() fails
    PAINTED,                    ///< where windows have to be shown and painted
    LOCKED,                     ///< where processes cannot be opened at first
    OLD,                        ///< where the functions that came with Windows 8 and later are not
    NB_SCENARIOS,
};

static const char *const scenarios[NB_SCENARIOS] = {
    "exclude", "plain", "window", "sources", "windows", "self", "refused", "painted", "locked", "old",
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

#define ROW(name, kind, at, value, after, error, bytes, words)                                   \
    { #name, kind, (void *)at, (void *)fault_##name, (int64_t)value, after, error, bytes, words, { 0 } },

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

static HANDLE WINAPI open_next_time(DWORD access, BOOL inherit, DWORD pid)
{
    static volatile LONG nb;

    if (InterlockedIncrement(&nb) % 2)
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

static BOOL WINAPI set_source_if_shown(HWND hwnd, RECT rect)
{
    return IsWindowVisible(hwnd) ? set_source(hwnd, rect) : TRUE;
}

static void *stand_in(const Call *call, void *real)
{
    if (!strcmp(call->name, "GetProcAddress"))
        return look_up;
    if (scenario == OLD && !strcmp(call->name, "LoadLibraryExW"))
        return load_as_of_old;
    if (scenario == LOCKED && !strcmp(call->name, "OpenProcess"))
        return open_next_time;
    if (scenario == REFUSED && !strcmp(call->name, "MagInitialize"))
        return refuse;
    if (scenario == PAINTED && !strcmp(call->name, "MagSetWindowSource")) {
        set_source = (SetSource)real;
        return set_source_if_shown;
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

enum { HANDLES, GDI, USER, THREADS, BLOCKS, BYTES, SESSION, NB_FIGURES };

static const char *const figure_names[NB_FIGURES] = {
    "handles", "GDI objects", "windows, hooks, classes and the like", "threads", "heap blocks",
    "heap bytes", "Magnification.dll",
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

/** FFmpeg's blocks are in the heap of the C runtime. */
static void count_blocks(int64_t figures[NB_FIGURES])
{
    HANDLE heaps[32];
    DWORD nb = GetProcessHeaps(32, heaps);

    figures[BLOCKS] = figures[BYTES] = 0;
    for (DWORD i = 0; i < nb && i < 32; i++) {
        PROCESS_HEAP_ENTRY entry = { 0 };

        HeapLock(heaps[i]);
        while (HeapWalk(heaps[i], &entry)) {
            if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
                continue;
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

static int frames, hidden_pixels, odd_packets;
static int to_read = FRAMES;

/** Packets without a new picture: all, those in a row at the end, and the most in a row. */
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

static void look_at(const AVFormatContext *ctx, const AVPacket *pkt)
{
    const AVCodecParameters *par = ctx->streams[0]->codecpar;

    frames++;
    if (pkt->size != 4 * par->width * par->height || pkt->pts == AV_NOPTS_VALUE) {
        odd_packets++;
        return;
    }
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

static int capture(int s)
{
    AVFormatContext *ctx = avformat_alloc_context();
    AVDictionary *dict   = NULL;
    char url[128]        = "desktop";
    int ret;

    InterlockedIncrement(&case_number);
    frames = hidden_pixels = odd_packets = 0;
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
    /* what could not be opened is tried again a quarter of a second later */
    av_dict_set(&dict, "framerate", scenario == LOCKED ? "20" : to_read > FRAMES ? "30" : "50", 0);
    if (scenario == WINDOWS)
        av_dict_set(&dict, "window_list", "1", 0);
    if (scenario != PLAIN)
        av_dict_set(&dict, "exclude", scenario == SELF ? "self|exe=secret.exe" : "exe=secret.exe", 0);
    if (scenario == EXCLUDE)
        av_dict_set(&dict, "exclude_file", rule_file, 0);

    phase = OPENING;
    ret   = avformat_open_input(&ctx, url, av_find_input_format("magnifier"), &dict);
    av_dict_free(&dict);
    if (ret >= 0) {
        phase = READING;
        ret   = read_some(ctx);
        phase = CLOSING;
        avformat_close_input(&ctx);
    }
    phase = OUTSIDE;
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

static int is_fitting(int ret)
{
    static const int known[] = {
        AVERROR_EXTERNAL, AVERROR_EXIT, AVERROR(ENOMEM), AVERROR(ENOSYS), AVERROR(EACCES),
        AVERROR(ENOENT), AVERROR(EIO), AVERROR(EINVAL), AVERROR_EOF,
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (ret == known[i])
            return 1;
    return 0;
}

/** What is wrong about the error and about what was said? NULL: nothing */
static const char *judge_lines(int ret)
{
    if (ret < 0 && !is_fitting(ret))
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
    if (odd_packets)
        return "an invalid packet";
    if (*unlisted)
        return "a function that tests/faults/calls does not list";
    if (ret >= 0 && scenario != SOURCES && frames != FRAMES)
        return "frames are missing";
    return judge_lines(ret);
}

static void print_result(const char *word, const char *text, int ret)
{
    char error[128] = "goes on";

    if (ret < 0)
        av_strerror(ret, error, sizeof(error));
    printf("%s %s: %s%s%d times, %d frames, %s", word, case_text, text ? text : "", text ? "; " : "",
           (int)fired, frames, error);
    for (int i = 0; i < nb_lines && i < MAX_LINES; i++)
        printf(" | %s", lines[i]);
    putchar('\n');
    fflush(stdout);
}

static int64_t base[NB_FIGURES];

/** Run it until it holds no more than before; what is made once is made the first time. */
static const char *find_leak(int words, char *text, size_t size)
{
    int64_t now[NB_FIGURES];
    int grew = (1 << NB_FIGURES) - 1 - (words & KEEPS ? 1 << BLOCKS | 1 << BYTES : 0);

    for (int i = 0; i < LEAK_RUNS; i++) {
        int more = 0;

        settle(now, base);
        for (int k = 0; k < NB_FIGURES; k++)
            more |= (now[k] > base[k]) << k;
        grew &= more;
        *text = 0;
        for (int k = 0; k < NB_FIGURES; k++)
            if (grew & 1 << k)
                snprintf(text + strlen(text), size - strlen(text), "%s%"PRId64" %s left", *text ? ", " : "",
                         now[k] - base[k], figure_names[k]);
        memcpy(base, now, sizeof(base));
        if (!grew || words & STRANDS)
            return NULL;
        if (i + 1 < LEAK_RUNS) {
            reset();
            capture(scenario);
        }
    }
    return text;
}

/** @return 1; 0: the next one should have another process */
static int run_case(int s, enum Phase when, Call *call, int n, int on)
{
    char text[256];
    const char *wrong;
    int ret;

    reset();
    armed       = call;
    armed_phase = when;
    armed_n     = n;
    armed_on    = on;
    fault_value = call->value;
    ret   = capture(s);
    for (int i = 0; i < 4 && !fired && n == 1; i++) {
        reset();                /* how often it is called is not the same each time */
        ret = capture(s);
    }
    wrong = judge(ret);
    if (wrong) {
        print_result("FAILED", wrong, ret);
    } else if (!fired && n == 1) {
        print_result("FAILED", "it was not called", ret);
    } else {
        int lines_then = nb_lines, frames_then = frames, fired_then = fired;

        wrong    = find_leak(call->words, text, sizeof(text));
        nb_lines = lines_then;
        frames   = frames_then;
        fired    = fired_then;
        print_result(wrong ? "FAILED" : "ok", wrong, ret);
    }
    armed = NULL;
    return !wrong && !(call->words & STRANDS);
}

/** Nothing fails: what there is on the first run, and that the colour can be seen. */
static int begin(void)
{
    capture(PLAIN);
    printf("# %d pixels of the colour without a rule\n", hidden_pixels);
    if (!hidden_pixels)
        return -1;
    for (int i = 0; i < 2 * NB_SCENARIOS; i++)
        capture(i % NB_SCENARIOS);
    reset();
    measure(base);
    settle(base, base);
    return 0;
}

static int mode_run(void)
{
    char scenario[32], when[32], name[64], on;
    char line[256];

    if (begin() < 0)
        return 2;
    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    settle(base, base);
    measure(base);
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

static void plan_call(enum Phase when, const Call *call, int each)
{
    const char *s = scenarios[scenario], *p = phase_names[when];
    int count = call->counts[when];

    if (call->words & EACH && each) {
        for (int n = 1; n <= FFMIN(count, 40); n++)
            printf("%s %s %s %d\n", s, p, call->name, n);
        return;
    }
    printf("%s %s %s 1\n", s, p, call->name);
    if (!each || count < 2)
        return;
    printf("%s %s %s %d\n", s, p, call->name, FFMAX(2, count / 2));
    if (!(call->words & STRANDS))
        printf("%s %s %s 1+\n", s, p, call->name);
}

static int mode_plan(int each)
{
    static char planned[NB_PHASES][NB_CALLS];
    int missing = 0;

    if (begin() < 0)
        return 2;
    for (int s = 0; s < NB_SCENARIOS; s++) {
        reset();
        capture(s);
        for (int p = 0; p < NB_PHASES; p++) {
            for (int i = 0; i < NB_CALLS; i++) {
                if (!calls[i].counts[p] || planned[p][i] ||
                    (!each && (planned[OPENING][i] || planned[READING][i])))
                    continue;
                planned[p][i] = 1;
                plan_call(p, &calls[i], each == 2);
            }
        }
    }
    for (int i = 0; i < NB_CALLS; i++)
        if (!planned[OPENING][i] && !planned[READING][i] && !planned[CLOSING][i] &&
            !(calls[i].words & UNREACHED)) {
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
    char error[128];
    int ret;

    CreateThread(NULL, 0, watch, NULL, 0, NULL);
    snprintf(case_text, sizeof(case_text), "matrix");
    to_read = 60;
    reset();
    ret = capture(s);
    av_strerror(ret, error, sizeof(error));
    printf("outcome %s%s\n", ret < 0 ? frames ? "ends: " : "refuses: " : last_substitutes >= GOES_ON ? "stands" :
           most_substitutes > 4 ? "recovers" : "records", ret < 0 ? error : "");
    printf("frames %d substitutes %d most %d last %d\n", frames, substitutes, most_substitutes, last_substitutes);
    if (odd_packets || (hidden_pixels && s != PLAIN))
        printf("FAILED: %d pixels of the hidden window, %d invalid packets\n", hidden_pixels, odd_packets);
    wrong = judge_lines(ret);
    if (wrong)
        printf("FAILED: %s\n", wrong);
    /* where the stand-in itself was unloaded, and does not tell */
    printf("left %d\n", count_pictures() - before);
    if (s == PLAIN && frames && !hidden_pixels)
        printf("no pixel of the colour\n");
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
