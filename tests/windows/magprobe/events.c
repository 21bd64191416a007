/*
 * magprobe: which window events come, and when?
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
#include <string.h>

#include "api.h"
#include "helper.h"
#include "magprobe.h"
#include "system.h"

#define FIRST_EVENT 0x8000      /* EVENT_OBJECT_CREATE */
#define LAST_EVENT  0x8018      /* EVENT_OBJECT_UNCLOAKED */
#define NB_EVENTS   (LAST_EVENT - FIRST_EVENT + 1)
#define BUSY_MS     2000

/** What has been heard, all in the message loop. */
static struct Heard {
    int nb[NB_EVENTS], nb_all;
    long slowest[NB_EVENTS];    ///< milliseconds from the event to us
    int floods, flood_order;    ///< flood_order: how many came out of turn
    LONG last_flood;
    int destroyed_first;        ///< of windows whose creation was never heard
    HWND created[HASTY];
    int nb_created;
} heard;

static void hear_creation(DWORD event, HWND hwnd)
{
    int i;

    if (event == EVENT_OBJECT_CREATE && heard.nb_created < HASTY)
        heard.created[heard.nb_created++] = hwnd;
    if (event != EVENT_OBJECT_DESTROY)
        return;
    for (i = 0; i < heard.nb_created && heard.created[i] != hwnd; i++)
        ;
    heard.destroyed_first += i == heard.nb_created;
}

static void CALLBACK hear_event(HWINEVENTHOOK hook, DWORD event, HWND hwnd, LONG object, LONG child,
                                DWORD thread, DWORD time)
{
    int i = event - FIRST_EVENT;
    long late = GetTickCount() - time;

    (void)hook;
    (void)thread;
    heard.nb_all++;
    if (event == EVENT_OBJECT_VALUECHANGE) {
        heard.floods++;
        heard.flood_order += child != heard.last_flood + 1;
        heard.last_flood   = child;
        return;
    }
    if (i < 0 || i >= NB_EVENTS || object != OBJID_WINDOW || child)
        return;
    heard.nb[i]++;
    if (late > heard.slowest[i])
        heard.slowest[i] = late;
    hear_creation(event, hwnd);
}

static HWINEVENTHOOK hook_process(DWORD pid)
{
    memset(&heard, 0, sizeof(heard));
    return SetWinEventHook(FIRST_EVENT, LAST_EVENT, NULL, hear_event, pid, 0,
                           WINEVENT_OUTOFCONTEXT);
}

/* Take events until the helper has ended, which is given 8 seconds, and 300 ms more. */
static void listen_to(const Helper *h)
{
    int64_t start = now_us();

    while (now_us() - start < 8000000 &&
           MsgWaitForMultipleObjects(1, &h->process, FALSE, 1000, QS_ALLINPUT) != WAIT_OBJECT_0)
        pump();
    Sleep(300);
    pump();
}

static void report_kinds(const char *whose)
{
    static const struct EventKind {
        DWORD event;
        const char *name;
    } kinds[] = {
        { EVENT_OBJECT_CREATE, "CREATE" },
        { EVENT_OBJECT_SHOW, "SHOW" },
        { EVENT_OBJECT_NAMECHANGE, "NAMECHANGE" },
        { EVENT_OBJECT_LOCATIONCHANGE, "LOCATIONCHANGE" },
        { EVENT_OBJECT_HIDE, "HIDE" },
        { 0x8017, "CLOAKED" },
        { 0x8018, "UNCLOAKED" },
        { EVENT_OBJECT_DESTROY, "DESTROY" },
    };
    char come[200] = "", none[200] = "", key[64];
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        int nb = heard.nb[kinds[i].event - FIRST_EVENT];
        char *list = nb ? come : none;

        snprintf(list + strlen(list), 200 - strlen(list), " %s", kinds[i].name);
        snprintf(key, sizeof(key), "%s_%s", whose, kinds[i].name);
        fact(key, "%d, latest %ld ms late", nb, heard.slowest[kinds[i].event - FIRST_EVENT]);
    }
    say("of %s window these come:%s", whose, *come ? come : " none");
    if (*none)
        say("these do not:%s", none);
}

static void try_kinds(int elevated)
{
    HWINEVENTHOOK hook = elevated ? hook_process(0) : NULL;
    Helper h;

    if (helper_start(&h, L"eventful", elevated)) {
        say("the helper did not start");
    } else {
        /* a process is hooked before its first window: it starts slower than this */
        if (!elevated)
            hook = hook_process(h.pid);
        listen_to(&h);
        report_kinds(elevated ? "an elevated program's" : "another program's");
        helper_end(&h);
    }
    UnhookWinEvent(hook);
}

/* Does a sender that never rests lose or mix up events? */
static void try_hasty(void)
{
    HWINEVENTHOOK hook;
    Helper h;

    if (helper_start(&h, L"hasty", 0))
        return;
    hook = hook_process(h.pid);
    listen_to(&h);
    say("of %d windows that come and go at once %d CREATE, %d SHOW, %d DESTROY are heard, "
        "%d of them out of order",
        HASTY, heard.nb[EVENT_OBJECT_CREATE - FIRST_EVENT],
        heard.nb[EVENT_OBJECT_SHOW - FIRST_EVENT], heard.nb[EVENT_OBJECT_DESTROY - FIRST_EVENT],
        heard.destroyed_first);
    fact("hasty", "%d created, %d shown, %d destroyed, %d out of order", heard.nb[0],
         heard.nb[EVENT_OBJECT_SHOW - FIRST_EVENT], heard.nb[1], heard.destroyed_first);
    UnhookWinEvent(hook);
    helper_end(&h);
}

/* How many events wait for a thread that does not take them? */
static void try_flood(void)
{
    HWINEVENTHOOK hook;
    Helper h;

    if (helper_start(&h, L"flood", 0))
        return;
    hook = hook_process(h.pid);
    WaitForSingleObject(h.process, 6000);
    listen_to(&h);
    say("of %d events that wait for a thread that sleeps %d arrive, %d of them out of turn", FLOOD,
        heard.floods, heard.flood_order);
    fact("flood", "%d of %d, %d out of turn", heard.floods, FLOOD, heard.flood_order);
    UnhookWinEvent(hook);
    helper_end(&h);
}

/* What a hook for all programs has to take, as this machine is now. */
static void count_events(const char *when)
{
    HWINEVENTHOOK hook = hook_process(0);
    int64_t start = now_us();
    char key[64];

    while (now_us() - start < BUSY_MS * INT64_C(1000)) {
        MsgWaitForMultipleObjects(0, NULL, FALSE, 20, QS_ALLINPUT);
        pump();
    }
    UnhookWinEvent(hook);
    say("%d events a second %s, %d of them LOCATIONCHANGE of windows",
        heard.nb_all * 1000 / BUSY_MS, when,
        heard.nb[EVENT_OBJECT_LOCATIONCHANGE - FIRST_EVENT] * 1000 / BUSY_MS);
    snprintf(key, sizeof(key), "events_a_second_%s", when);
    fact(key, "%d", heard.nb_all * 1000 / BUSY_MS);
}

void ask_events(void)
{
    wine_cannot_tell("what elevated programs' events do, and the limits of Windows's queue");
    try_kinds(0);
    try_hasty();
    try_flood();
    count_events("now");
    if (!options.attended) {
        say("elevated programs and a moving pointer: only with --attended");
        return;
    }
    ask_person("Move the mouse until the next line comes");
    count_events("while the mouse moves");
    ask_person("Say yes to the question that Windows asks now");
    try_kinds(1);
}
