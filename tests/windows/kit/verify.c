/*
 * verify: run the kit's programs one after the other
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

#include "../common/alone.h"
#include "../common/arguments.h"
#include "verify.h"

/** A cycle that takes longer than this is a hang. */
#define CYCLE_SECONDS  2
#define PROBE_SECONDS  300

const char *const arch_names[NB_ARCHES] = { "x86_64", "i686" };
volatile LONG interrupted;

static Results results[NB_ARCHES];
static HANDLE finished;
static DWORD start;

/* ---- steps ---- */

static void begin(const char *what, int arch)
{
    printf("%s, %s ...\n", what, arch_names[arch]);
    fflush(stdout);
}

/* What is not good comes with what the program itself said. */
static void tell(const Judgement *j, const Lines *said)
{
    static const char *const names[] = { "good", "BAD", "?", "-" };
    int i;

    printf("    %s: %s\n", names[j->verdict], j->text);
    for (i = 0; j->verdict == BAD && i < said->nb; i++)
        printf("        %s\n", said->text[i]);
    fflush(stdout);
    report_write(results, (GetTickCount() - start) / 1000.0, 0);
}

/* Each line of a file of "work", once. */
static void read_lines(Lines *l, const WCHAR *name)
{
    char *said = work_read(name), *line;

    for (line = said ? strtok(said, "\r\n") : NULL; line; line = strtok(NULL, "\r\n"))
        lines_add(l, line);
    free(said);
}

static void run_probe(Results *r, int arch)
{
    Judgement j;

    begin("magprobe's questions, up to a minute", arch);
    work_delete(L"magprobe.json");
    if (!child_start(&r->probe, arch, "magprobe", "--time 3 --json magprobe.json",
                     L"magprobe.txt", L"magprobe.log", PROBE_SECONDS))
        child_end(&r->probe);
    r->probe_done = 1;
    read_lines(&r->answers, L"magprobe.txt");
    read_lines(&r->errors, L"magprobe.log");
    r->json = work_read(L"magprobe.json");
    judge_probe(r, &j);
    tell(&j, &r->errors);
}

static void read_cycle(Cycles *c, char *line)
{
    long long heap, own;
    int cycle, frames;

    if (sscanf(line, "at\t%d\t%lld\t%d\t%lld", &cycle, &heap, &frames, &own) == 4) {
        /* what the first capture allocates once is no leak; without reclaim it is one frame */
        if (!cycle || (cycle == 1 && heap - c->first_heap < 1 << 20)) {
            c->first_heap    = heap;
            c->first_frames  = frames;
            c->first_private = own;
        }
        c->cycles       = cycle;
        c->last_heap    = heap;
        c->last_frames  = frames;
        c->last_private = own;
    } else {
        if (!strncmp(line, "end\t", 4))
            c->ended = !!strstr(line, "\tok");
        lines_add(&c->said, line);
    }
}

static void run_cycles(Cycles *c, int arch, int reclaim)
{
    char arguments[512], *said, *line;
    Judgement j;

    begin(reclaim ? "captures opened and closed, with reclaim"
                  : "captures opened and closed, without reclaim", arch);
    /* small, so that what leaks does no harm */
    snprintf(arguments, sizeof(arguments), "run cycles=%d every=%d -- video_size=%dx%d%s",
             options.cycles, options.cycles > 10 ? options.cycles / 10 : 1, CYCLES_WIDTH, CYCLES_HEIGHT,
             reclaim ? "" : " reclaim=off");
    if (!child_start(&c->child, arch, "cycles", arguments, L"cycles.txt", L"cycles.log",
                     20 + options.cycles * CYCLE_SECONDS))
        child_end(&c->child);
    c->done = 1;
    said = work_read(L"cycles.txt");
    for (line = said ? strtok(said, "\r\n") : NULL; line; line = strtok(NULL, "\r\n"))
        read_cycle(c, line);
    free(said);
    judge_cycles(c, reclaim, &j);
    tell(&j, &c->said);
}

static void run_arch(int arch)
{
    Results *r = &results[arch];
    Judgement j;

    if (options.probe)
        run_probe(r, arch);
    if (!interrupted) {
        begin("a recording of everything", arch);
        recording_make(&r->plain, arch, 0);
        judge_plain(r, &j);
        tell(&j, &r->plain.warnings);
    }
    if (!interrupted) {
        begin("a recording without the magenta window", arch);
        recording_make(&r->excluded, arch, 1);
        judge_excluded(r, &j);
        tell(&j, &r->excluded.warnings);
    }
    if (!interrupted && options.cycles)
        run_cycles(&r->reclaim, arch, 1);
    if (!interrupted && options.cycles)
        run_cycles(&r->leak, arch, 0);
}

/* ---- the program ---- */

/* Windows ends the process when this returns, so the report comes first. */
static BOOL WINAPI on_control(DWORD type)
{
    (void)type;
    interrupted = 1;
    children_stop();
    WaitForSingleObject(finished, 4000);
    return TRUE;
}

/* @return what the program ends with */
static int conclude(void)
{
    enum Verdict worst = GOOD, one;
    DWORD error = report_write(results, (GetTickCount() - start) / 1000.0, 1);
    int arch;

    if (error) {
        printf("report.md could not be written (%s).\n", error_words(error));
        return 2;
    }
    for (arch = 0; arch < NB_ARCHES; arch++) {
        one = results[arch].wanted ? judge_worst(&results[arch]) : GOOD;
        if (worst != BAD && one != GOOD)
            worst = one;
    }
    printf("%s\nIt is in the file report.md, in this folder. Please read it, and send it back.\n",
           interrupted ? "Interrupted." : worst == BAD ? "Something is not as it should be." :
           worst == UNKNOWN ? "Something could not be found out: it is the line with a \"?\"." :
           "All is well.");
    return worst != GOOD || interrupted;
}

static int run_all(void)
{
    int arch;

    for (arch = 0; arch < NB_ARCHES; arch++) {
        results[arch].arch   = arch_names[arch];
        results[arch].wanted = options.only < 0 ? arch == 1 || machine_is_64bit() : arch == options.only;
    }
    for (arch = 0; arch < NB_ARCHES && !interrupted; arch++)
        if (results[arch].wanted)
            run_arch(arch);
    return conclude();
}

/* @return 1, or 0 if it cannot begin, which was said */
static int may_begin(void)
{
    if (find_kit() < 0) {
        puts("The programs are not beside this one: take the whole kit out of the zip first.");
        return 0;
    }
    if (is_started_by_the_kit() || !is_alone()) {
        puts("It cannot begin: " NOT_ALONE ".");
        return 0;
    }
    return !folder_prepare();
}

int main(void)
{
    char **argv;
    int argc, code;

    argv = utf8_arguments(&argc);
    if (!argv || options_read(argc, argv) < 0)
        return 2;
    if (options.help) {
        options_print();
        return fflush(stdout) ? 1 : 0;
    }
    if (!may_begin())
        return 2;
    start    = GetTickCount();
    finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    children_init();
    SetConsoleCtrlHandler(on_control, TRUE);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    use_physical_pixels();
    /* Wine starts its desktop for whoever asks first: if a child, with that one's files open */
    GetDesktopWindow();
    code = run_all();
    children_stop();
    work_remove();
    SetEvent(finished);
    return code;
}
