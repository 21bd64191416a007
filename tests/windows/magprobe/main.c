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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "magprobe.h"
#include "unobservable.h"

Options options = { .calls = 200, .limit = 10, .at = { 40, 40 }, .json = "magprobe.json" };

static const struct Asked {
    int number;
    Question ask;
    int in_profile;
    const char *words;
} asked[] = {
    { 0,  ask_time,       0, "How many frames a second?" },
    { 1,  ask_runs,       1, "Does it run?" },
    { 2,  ask_lists,      1, "How long may a list be, and does it read back?" },
    { 3,  ask_lateness,   1, "How late is a list?" },
    { 4,  ask_kinds,      0, "Which kinds of windows are left out?" },
    { 5,  ask_cost,       0, "What does it cost?" },
    { 6,  ask_monitors,   0, "Which monitors work?" },
    { 7,  ask_heap,       1, "Where does a frame lie, and who frees it?" },
    { 70, ask_heap_without_callback, 1, "And without a callback?" },
    { 8,  ask_events,     0, "Which events come?" },
    { 9,  ask_screen,     0, "What does a read of the screen show?" },
    { 10, ask_outages,    0, "What happens on UAC, lock, disconnect?" },
    { 11, ask_walk,       0, "Does a walk see every window?" },
    { 12, ask_occlusion,  0, "Do wholly covered programs go on drawing?" },
};
#define NB_ASKED (int)(sizeof(asked) / sizeof(*asked))

/** What a child said, as far as it got. */
typedef struct Answer {
    char said[4096], facts[8192], profile[8192];
    unsigned last_call;
    DWORD code;
    int hung;
} Answer;

static void append(char *text, size_t size, const char *separator, const char *more)
{
    size_t len = strlen(text);

    snprintf(text + len, size - len, "%s%s", len ? separator : "", more);
}

static void quote(const char *s, char *out, size_t size)
{
    size_t n = 0;

    for (; *s && n + 3 < size; s++) {
        if (*s == '"' || *s == '\\')
            out[n++] = '\\';
        out[n++] = (unsigned char)*s < ' ' ? ' ' : *s;
    }
    out[n] = 0;
}

static void take_line(Answer *a, char *line)
{
    char key[1024], value[2048], both[3200], *equals;

    if (*line == 'S')
        append(a->said, sizeof(a->said), "; ", line + 2);
    if (*line == 'P') {
        append(a->profile, sizeof(a->profile), "\n", line + 2);
        if (!strncmp(line + 2, "host = painted", 14))
            options.visible = 1;
    }
    if (*line == 'N')
        a->last_call = strtoul(line + 2, NULL, 10);
    equals = *line == 'F' ? strchr(line, '=') : NULL;
    if (equals) {
        *equals = 0;
        quote(line + 2, key, sizeof(key));
        quote(equals + 1, value, sizeof(value));
        snprintf(both, sizeof(both), "[\"%s\", \"%s\"]", key, value);
        append(a->facts, sizeof(a->facts), ", ", both);
    }
}

/* Read what comes until the child ends, or says nothing for too long. */
static void hear(HANDLE pipe, HANDLE process, Answer *a)
{
    static char text[65536];
    int64_t heard = now_us();
    int len = 0;

    for (;;) {
        int over = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
        DWORD there = 0, got = 0;
        char *end;

        if (PeekNamedPipe(pipe, NULL, 0, NULL, &there, NULL) && there &&
            ReadFile(pipe, text + len, sizeof(text) - 1 - len, &got, NULL)) {
            heard = now_us();
            len  += got;
            text[len] = 0;
            while ((end = strchr(text, '\n'))) {
                *end = 0;
                take_line(a, text);
                len -= end + 1 - text;
                memmove(text, end + 1, len + 1);
            }
        } else if (over) {
            return;
        } else if (now_us() - heard > options.limit * INT64_C(1000000)) {
            a->hung = 1;
            TerminateProcess(process, 1);
            WaitForSingleObject(process, 5000);
            return;
        } else {
            WaitForSingleObject(process, 5);
        }
    }
}

static int run_child(const struct Asked *q, Answer *a)
{
    SECURITY_ATTRIBUTES inherit = { sizeof(inherit), NULL, TRUE };
    STARTUPINFOW start = { .cb = sizeof(start), .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION child;
    WCHAR path[MAX_PATH], command[MAX_PATH + 200];
    HANDLE read, write;

    if (!GetModuleFileNameW(NULL, path, MAX_PATH) || !CreatePipe(&read, &write, &inherit, 0))
        return -1;
    SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0);
    start.hStdOutput = write;
    start.hStdError  = GetStdHandle(STD_ERROR_HANDLE);
    _snwprintf(command, MAX_PATH + 200, L"\"%ls\" --question %d --at %ld,%ld --calls %d --time %d%ls", path,
               q->number, options.at.x, options.at.y, options.calls, options.seconds,
               options.visible ? L" --visible" : L"");
    if (!CreateProcessW(path, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) {
        CloseHandle(read);
        CloseHandle(write);
        return -1;
    }
    CloseHandle(write);
    hear(read, child.hProcess, a);
    GetExitCodeProcess(child.hProcess, &a->code);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    CloseHandle(read);
    return 0;
}

static void conclude(const struct Asked *q, Answer *a)
{
    char text[128] = "";

    if (a->hung) {
        snprintf(text, sizeof(text), "call %u does not return", a->last_call);
        append(a->said, sizeof(a->said), "; ", text);
        snprintf(text, sizeof(text), "hang = event frame %u", a->last_call);
    } else if (a->code) {
        snprintf(text, sizeof(text), "crashed with code %08lx in call %u", a->code, a->last_call);
        append(a->said, sizeof(a->said), "; ", text);
        snprintf(text, sizeof(text), "access_violation = yes frame %u", a->last_call);
    }
    /* other questions number their calls otherwise */
    if (q->number == 1 && (a->hung || a->code == EXCEPTION_ACCESS_VIOLATION))
        append(a->profile, sizeof(a->profile), "\n", text);
}

static void ask_all(void)
{
    FILE *json = options.only_profile ? NULL : fopen(options.json, "w");
    static Answer a;
    char quoted[8192];
    int i;

    printf("# magprobe: " UNSEEN "%s%s\n", wine_version() ? "; under Wine " : "", wine_version() ? wine_version() : "");
    if (json)
        fprintf(json, "{ \"note\": \"%s\",\n  \"wine\": \"%s\",\n  \"answers\": [", UNSEEN,
                wine_version() ? wine_version() : "");
    for (i = 0; i < NB_ASKED; i++) {
        if (options.only_profile ? !asked[i].in_profile : !asked[i].number && !options.seconds)
            continue;
        memset(&a, 0, sizeof(a));
        if (run_child(&asked[i], &a))
            append(a.said, sizeof(a.said), "", "the child cannot be started");
        conclude(&asked[i], &a);
        if (options.only_profile && *a.profile)
            printf("%s\n", a.profile);
        else if (!options.only_profile)
            printf("Q%d %s %s\n", asked[i].number, asked[i].words, *a.said ? a.said : "no answer");
        fflush(stdout);
        quote(a.said, quoted, sizeof(quoted));
        if (json)
            fprintf(json, "%s\n    { \"question\": %d, \"answer\": \"%s\", \"facts\": [%s] }", i ? "," : "",
                    asked[i].number, quoted, a.facts);
    }
    if (json) {
        fprintf(json, "\n  ]\n}\n");
        fclose(json);
    }
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
    return 0;
}

static int list_unobservable(void)
{
    size_t i;

    for (i = 0; i < sizeof(unobservable) / sizeof(*unobservable); i++)
        printf("%s: %s\n", unobservable[i][0], unobservable[i][1]);
    return 0;
}

static int usage(void)
{
    puts("magprobe [--profile] [--time SECONDS] [--calls N] [--limit SECONDS] [--at X,Y] [--json FILE]\n"
         "         [--unobservable] [--question N]\n" UNSEEN);
    return 2;
}

int main(int argc, char **argv)
{
    int i, question = -1;

    for (i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "0";

        if (!strcmp(argv[i], "--unobservable"))
            return list_unobservable();
        if (!strcmp(argv[i], "--profile")) {
            options.only_profile = 1;
            continue;
        }
        if (!strcmp(argv[i], "--visible")) {
            options.visible = 1;
            continue;
        }
        if (!strcmp(argv[i], "--question"))
            question = options.question = atoi(value);
        else if (!strcmp(argv[i], "--time"))
            options.seconds = atoi(value);
        else if (!strcmp(argv[i], "--calls"))
            options.calls = atoi(value);
        else if (!strcmp(argv[i], "--limit"))
            options.limit = atoi(value);
        else if (!strcmp(argv[i], "--json"))
            options.json = value;
        else if (strcmp(argv[i], "--at") || sscanf(value, "%ld,%ld", &options.at.x, &options.at.y) != 2)
            return usage();
        i++;
    }
    if (question >= 0)
        return answer();
    ask_all();
    return 0;
}
