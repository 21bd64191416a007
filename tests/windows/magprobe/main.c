/*
 * magprobe: ask the questions, each in a child
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

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../common/alone.h"
#include "../common/arguments.h"
#include "api.h"
#include "child.h"
#include "helper.h"
#include "json.h"
#include "magprobe.h"
#include "system.h"
#include "unobservable.h"

static const struct Asked {
    int number;
    Question ask;
    int in_profile;
    const char *words;
} asked[] = {
    { 0,  ask_time,                  0, "How many frames a second?" },
    { 1,  ask_runs,                  1, "Does it run?" },
    { 2,  ask_lists,                 1, "How long may a list be, and does it read back?" },
    { 3,  ask_lateness,              1, "How late is a list?" },
    { 4,  ask_kinds,                 1, "Which kinds of windows are left out?" },
    { 5,  ask_cost,                  0, "What does it cost?" },
    { 6,  ask_monitor,               0, "Which monitors work?" },
    { 7,  ask_heap,                  1, "Where does a frame lie, and who frees it?" },
    { 70, ask_heap_without_callback, 1, "And without a callback?" },
    { 71, ask_heap_under_load,       0, "And while other threads allocate?" },
    { 72, ask_leak,                  0, "What does a session leave behind?" },
    { 8,  ask_events,                0, "Which events come?" },
    { 9,  ask_screen,                1, "What does a read of the screen show?" },
    { 10, ask_outages,               0, "What happens on UAC, lock, disconnect?" },
    { 11, ask_walk,                  0, "Does a walk see every window?" },
    { 12, ask_occlusion,             0, "Do wholly covered programs go on drawing?" },
};
#define NB_ASKED (int)(sizeof(asked) / sizeof(*asked))

volatile LONG interrupted;
static HANDLE finished;

/* @return 0, or -1 if what was printed cannot be read by anybody, which was said */
static int flush_output(void)
{
    if (!fflush(stdout) && !ferror(stdout))
        return 0;
    fprintf(stderr, "magprobe: the answers cannot be written to the standard output (%s)\n",
            strerror(errno));
    return -1;
}

/* From here on an exit code is that of an exception, and so an answer. */
#define EXCEPTION_CODES 0x80000000

static void conclude(const struct Asked *q, Answer *a)
{
    char text[128] = "";

    if (a->hung) {
        snprintf(text, sizeof(text), "call %u does not return", a->last_call);
        append(a->said, sizeof(a->said), "; ", text);
        snprintf(text, sizeof(text), "hang = event frame %u", a->last_call);
    } else if (!a->ended && a->code < EXCEPTION_CODES) {
        snprintf(text, sizeof(text), "ended from outside with code %lu in call %u", a->code, a->last_call);
        append(a->said, sizeof(a->said), "; ", text);
    } else if (a->code) {
        snprintf(text, sizeof(text), "crashed with code %08lx in call %u", a->code, a->last_call);
        append(a->said, sizeof(a->said), "; ", text);
        snprintf(text, sizeof(text), "access_violation = yes frame %u", a->last_call);
    }
    /* other questions number their calls otherwise */
    if (q->number == 1 && (a->hung || a->code == EXCEPTION_ACCESS_VIOLATION))
        append(a->profile, sizeof(a->profile), "\n", text);
}

/* One child, or for the monitors one each and one for all together. @return how many could not
 * be started, or were ended from outside */
static int ask(const struct Asked *q, Answer *a)
{
    int nb = q->number == 6 ? GetSystemMetrics(SM_CMONITORS) : 1, failed = 0;
    char text[128];

    memset(a, 0, sizeof(*a));
    for (options.monitor = 0; options.monitor < nb + (nb > 1); options.monitor++) {
        a->code = a->hung = a->ended = a->last_call = 0;
        if (child_ask(q->number, a)) {
            snprintf(text, sizeof(text), "the child cannot be started (error %lu)", GetLastError());
            append(a->said, sizeof(a->said), "; ", text);
            failed++;
        } else {
            failed += !a->hung && !a->ended && a->code < EXCEPTION_CODES;
            conclude(q, a);
        }
    }
    return failed;
}

/* @return 0, or -1 if nobody can read it any more */
static int print_answer(const struct Asked *q, const Answer *a)
{
    if (options.only_profile && *a->profile)
        printf("%s\n", a->profile);
    if (!options.only_profile)
        printf("Q%d %s %s\n", q->number, q->words, *a->said ? a->said : "no answer");
    return flush_output();
}

/** Ask one after the other, until the end or Ctrl-C. @return what the program ends with */
static int ask_all(void)
{
    static Answer a;
    int unstarted = 0, i;

    for (i = 0; i < NB_ASKED; i++) {
        if (options.only_profile ? !asked[i].in_profile : !asked[i].number && !options.seconds)
            continue;
        unstarted += ask(&asked[i], &a);
        /* what was broken off is no answer */
        if (interrupted)
            break;
        if (print_answer(&asked[i], &a) ||
            (!options.only_profile && json_answer(asked[i].number, a.said, a.facts)))
            return 1;
    }
    if (interrupted)
        fprintf(stderr, "magprobe: interrupted before question %d\n", asked[i].number);
    if (unstarted)
        fprintf(stderr, "magprobe: %d of its children could not be started, or were ended from "
                "outside\n", unstarted);
    if (!options.only_profile && json_end(interrupted))
        return 1;
    return interrupted || unstarted;
}

/* Windows ends the process when this returns, so the JSON comes first. */
static BOOL WINAPI on_control(DWORD type)
{
    (void)type;
    interrupted = 1;
    WaitForSingleObject(finished, 4000);
    return TRUE;
}

static int parent(void)
{
    const char *wine = wine_version();
    int code;

    if (!options.only_profile && json_begin())
        return 1;
    finished = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(on_control, TRUE);
    children_init();
    printf("# magprobe: " UNSEEN "%s%s\n", wine ? "; under Wine " : "", wine ? wine : "");
    code = flush_output() ? 1 : ask_all();
    json_drop();
    SetEvent(finished);
    return code;
}

/* No dialogue, no debugger: the exit code is the answer. */
static LONG CALLBACK die(EXCEPTION_POINTERS *e)
{
    TerminateProcess(GetCurrentProcess(), e->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

static int answer(void)
{
    int i;

    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    SetUnhandledExceptionFilter(die);
    for (i = 0; i < NB_ASKED; i++)
        if (asked[i].number == options.question)
            asked[i].ask();
    end_answer();
    return 0;
}

static void list_unobservable(void)
{
    size_t i;

    for (i = 0; i < sizeof(unobservable) / sizeof(*unobservable); i++)
        printf("%s: %s\n", unobservable[i][0], unobservable[i][1]);}

int is_question(int number)
{
    int i;

    for (i = 0; i < NB_ASKED; i++)
        if (asked[i].number == number)
            return 1;
    return 0;
}

/* A child is at its parent's place, and beside it. */
static int may_begin(void)
{
    if (is_started_by_the_kit() && options.question >= 0)
        return 1;
    if (!place_is_on_a_monitor())
        return 0;
    if (is_alone())
        return 1;
    fprintf(stderr, "magprobe: " NOT_ALONE "\n");
    return 0;
}

int main(void)
{
    char **argv;
    int argc;

    argv = utf8_arguments(&argc);
    if (!argv || options_read(argc, argv) < 0)
        return 2;
    if (options.help || options.unobservable) {
        if (options.help)
            options_print();
        else
            list_unobservable();
        return flush_output() ? 1 : 0;
    }
    /* before the first window, as it keeps the context it was made in; and the place is one of
     * physical pixels */
    use_physical_pixels();
    if (options.helper)
        return helper_main(options.helper);
    /* Wine starts its desktop for whoever asks first: if a child, with this one's files open */
    GetDesktopWindow();
    if (!may_begin())
        return 1;
    return options.question >= 0 ? answer() : parent();
}
