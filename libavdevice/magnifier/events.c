/*
 * magnifier: window events
 * Copyright (c) 2026 The ffmpeg-magnifier developers
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
 * What has happened to windows since we looked?
 */

#include "config.h"

#include "libavutil/attributes.h"
#include "libavutil/error.h"
#include "libavutil/internal.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "events.h"
#include "runtime.h"

/* Newer than _WIN32_WINNT. */
#define OBJECT_UNCLOAKED 0x8018
#define SYSTEM_DESKTOPSWITCH 0x0020

/* An event of the range that is nobody's (OEM), for our own round trip. */
#define ECHO 0x01F6

/* Milliseconds within which our own event must be back. */
#define ECHO_WAIT 100

/* An event is looked up among so many before it, to be added to one. */
#define LOOK_BACK 64

/* Kept short on purpose: every event costs its sender time. */
static const struct {
    DWORD first, last;
} ranges[] = {
    { EVENT_OBJECT_CREATE,       EVENT_OBJECT_HIDE         },
    { EVENT_OBJECT_NAMECHANGE,   EVENT_OBJECT_NAMECHANGE   },
    { EVENT_OBJECT_PARENTCHANGE, EVENT_OBJECT_PARENTCHANGE },
    { OBJECT_UNCLOAKED,          OBJECT_UNCLOAKED          },
    { EVENT_SYSTEM_FOREGROUND,   EVENT_SYSTEM_FOREGROUND   },
    { SYSTEM_DESKTOPSWITCH,      SYSTEM_DESKTOPSWITCH      },
};

/* An event comes without a word of who asked for it, so the listeners must be found from
 * nothing. Only the runtime's thread reads or writes this, and there is never a second
 * one: as long as one hangs, the runtime does not start another. */
static struct {
    MagnifierListener *first;
    HWINEVENTHOOK hooks[FF_ARRAY_ELEMS(ranges)];
    HWINEVENTHOOK moves_hook;
    HWINEVENTHOOK echo_hook;
    HWND echo_window;
    LONG echo_sent, echo_heard;
    int  echo_works;
} hub;

static unsigned what_happened(DWORD event)
{
    switch (event) {
    case EVENT_OBJECT_CREATE:       return MAGNIFIER_EVENT_CREATED;
    case EVENT_OBJECT_DESTROY:      return MAGNIFIER_EVENT_DESTROYED;
    case EVENT_OBJECT_SHOW:         return MAGNIFIER_EVENT_SHOWN;
    case EVENT_OBJECT_HIDE:         return MAGNIFIER_EVENT_HIDDEN;
    case EVENT_OBJECT_NAMECHANGE:   return MAGNIFIER_EVENT_RENAMED;
    case EVENT_OBJECT_PARENTCHANGE: return MAGNIFIER_EVENT_REPARENTED;
    case OBJECT_UNCLOAKED:          return MAGNIFIER_EVENT_UNCLOAKED;
    case EVENT_SYSTEM_FOREGROUND:   return MAGNIFIER_EVENT_FRONT;
    case EVENT_OBJECT_LOCATIONCHANGE: return MAGNIFIER_EVENT_MOVED;
    }
    return 0;
}

/** Is this thread, which may have no window any more, another process's? */
static int rt_is_foreign(DWORD thread)
{
    HANDLE handle = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, thread);
    DWORD pid     = handle ? GetProcessIdOfThread(handle) : 0;

    if (handle)
        CloseHandle(handle);
    return pid && pid != GetCurrentProcessId();
}

static void rt_note(MagnifierListener *listener, HWND hwnd, DWORD thread, DWORD time, unsigned what)
{
    int i;

    listener->total++;
    if (what == MAGNIFIER_EVENT_SHOWN && !listener->hears_shows)
        listener->hears_shows = rt_is_foreign(thread);
    /* The time of each title counts, so these are not put together. */
    for (i = listener->nb; what != MAGNIFIER_EVENT_RENAMED &&
                           i-- > FFMAX(0, listener->nb - LOOK_BACK);) {
        MagnifierEvent *event = &listener->events[i];

        if (event->hwnd == hwnd && event->what != MAGNIFIER_EVENT_RENAMED) {
            event->what |= what;
            return;
        }
    }
    if (listener->nb >= MAGNIFIER_EVENTS_MAX) {
        listener->lost = 1;
        return;
    }
    listener->events[listener->nb++] = (MagnifierEvent) { hwnd, thread, time, what };
}

/* Runs within PeekMessage(), and within any other call that lets messages in: it only
 * writes down. What it means is found out when the listener collects. */
static void CALLBACK attribute_align_arg
rt_hear(HWINEVENTHOOK hook, DWORD event, HWND hwnd, LONG object, LONG child, DWORD thread,
        DWORD time)
{
    MagnifierListener *listener;
    unsigned what;

    if (event == ECHO) {
        if (hook == hub.echo_hook)
            hub.echo_heard = child;
        return;
    }
    /* What happens on another desktop is not heard, so from here on something is missing. */
    if (event == SYSTEM_DESKTOPSWITCH) {
        for (listener = hub.first; listener; listener = listener->next)
            listener->lost = 1;
        return;
    }
    /* Carets, pointers, and what is inside of windows. */
    if (object != OBJID_WINDOW || child != CHILDID_SELF || !hwnd)
        return;
    what = what_happened(event);
    if (!what)
        return;
    for (listener = hub.first; listener; listener = listener->next)
        if (what != MAGNIFIER_EVENT_MOVED || listener->wants_moves)
            rt_note(listener, hwnd, thread, time, what);
}

/**
 * Pump until our own event comes round. It was queued behind all that this thread had
 * not heard yet.
 *
 * @return 1 if it did
 */
static int rt_round_trip(void)
{
    DWORD begin = GetTickCount(), passed = 0;

    hub.echo_sent = hub.echo_sent % 0x7FFFFFFF + 1;
    NotifyWinEvent(ECHO, hub.echo_window, OBJID_WINDOW, hub.echo_sent);
    for (;;) {
        ff_magnifier_rt_pump();
        if (hub.echo_heard == hub.echo_sent)
            return 1;
        passed = GetTickCount() - begin;
        if (passed >= ECHO_WAIT)
            return 0;
        MsgWaitForMultipleObjectsEx(0, NULL, ECHO_WAIT - passed, QS_ALLINPUT,
                                    MWMO_INPUTAVAILABLE);
    }
}

static void rt_unhook(void)
{
    unsigned i;

    for (i = 0; i < FF_ARRAY_ELEMS(ranges); i++) {
        if (hub.hooks[i])
            UnhookWinEvent(hub.hooks[i]);
        hub.hooks[i] = NULL;
    }
    if (hub.moves_hook)
        UnhookWinEvent(hub.moves_hook);
    if (hub.echo_hook)
        UnhookWinEvent(hub.echo_hook);
    hub.moves_hook = hub.echo_hook = NULL;
    if (hub.echo_window)
        DestroyWindow(hub.echo_window);
    hub.echo_window = NULL;
}

static int rt_hook(MagnifierLog *log)
{
    unsigned i;

    for (i = 0; i < FF_ARRAY_ELEMS(ranges); i++) {
        hub.hooks[i] = SetWinEventHook(ranges[i].first, ranges[i].last, NULL, rt_hear, 0, 0,
                                       WINEVENT_OUTOFCONTEXT | WINEVENT_SKIPOWNTHREAD);
        if (!hub.hooks[i]) {
            ff_magnifier_log(log, AV_LOG_ERROR, "SetWinEventHook failed (error %lu); new windows "
                             "could be recorded before they are noticed, so no exclusion is "
                             "possible\n", GetLastError());
            rt_unhook();
            return AVERROR_EXTERNAL;
        }
    }
    /* The hook hears of the windows of this thread only, and the desktop is not one. */
    hub.echo_window = CreateWindowExW(WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE, L"STATIC", NULL,
                                      WS_POPUP, 0, 0, 0, 0, NULL, NULL, NULL, NULL);
    hub.echo_hook  = SetWinEventHook(ECHO, ECHO, NULL, rt_hear, GetCurrentProcessId(),
                                     GetCurrentThreadId(), WINEVENT_OUTOFCONTEXT);
    hub.echo_works = hub.echo_window && hub.echo_hook && rt_round_trip();
    if (!hub.echo_works)
        ff_magnifier_log(log, AV_LOG_WARNING, "window events sent by this thread do not come back "
                         "to it, so late events cannot be waited for\n");
    return 0;
}

int ff_magnifier_rt_events_listen(MagnifierListener *listener, MagnifierLog *log)
{
    int ret;

    *listener = (MagnifierListener) { .log = log };
    listener->events = av_malloc_array(MAGNIFIER_EVENTS_MAX, sizeof(*listener->events));
    if (!listener->events)
        return AVERROR(ENOMEM);
    if (!hub.first) {
        ret = rt_hook(log);
        if (ret < 0) {
            av_freep(&listener->events);
            return ret;
        }
    }
    listener->next = hub.first;
    hub.first      = listener;
    return 0;
}

/** @return whether moves are heard */
static int rt_hook_moves(void)
{
    if (!hub.moves_hook)
        hub.moves_hook = SetWinEventHook(EVENT_OBJECT_LOCATIONCHANGE, EVENT_OBJECT_LOCATIONCHANGE,
                                         NULL, rt_hear, 0, 0,
                                         WINEVENT_OUTOFCONTEXT | WINEVENT_SKIPOWNTHREAD);
    return !!hub.moves_hook;
}

int ff_magnifier_rt_events_collect(MagnifierListener *listener)
{
    int deaf = 0;

    /* What moved until then is unknown. */
    if (listener->wants_moves && (!hub.moves_hook || listener->misses_moves)) {
        if (!rt_hook_moves() && !listener->misses_moves)
            ff_magnifier_log(listener->log, AV_LOG_ERROR, "SetWinEventHook failed (error %lu); frames are "
                             "held back until windows that move can be noticed\n", GetLastError());
        listener->misses_moves = !hub.moves_hook;
        listener->lost         = 1;
    }
    if (hub.echo_works)
        deaf = !rt_round_trip();
    else
        ff_magnifier_rt_pump();

    if (deaf) {
        if (!listener->deaf)
            ff_magnifier_log(listener->log, AV_LOG_ERROR, "window events do not arrive any more; "
                             "frames are held back until they do\n");
        listener->deaf = 1;
        return AVERROR_EXTERNAL;
    }
    listener->deaf = 0;
    if (listener->lost)
        return AVERROR(ENOBUFS);
    return 0;
}

void ff_magnifier_rt_events_want_moves(MagnifierListener *listener, int wanted)
{
    MagnifierListener *other;

    if (listener->wants_moves == wanted)
        return;
    listener->wants_moves = wanted;
    if (!wanted)
        listener->misses_moves = 0;
    for (other = hub.first; other; other = other->next)
        wanted |= other->wants_moves;
    if (wanted) {
        rt_hook_moves(); /* else ff_magnifier_rt_events_collect() tells */
    } else if (hub.moves_hook) {
        UnhookWinEvent(hub.moves_hook);
        hub.moves_hook = NULL;
    }
}

void ff_magnifier_rt_events_clear(MagnifierListener *listener)
{
    listener->nb   = 0;
    listener->lost = 0;
}

void ff_magnifier_rt_events_stop(MagnifierListener *listener)
{
    MagnifierListener **link;

    if (!listener->events)
        return;
    ff_magnifier_rt_events_want_moves(listener, 0);
    for (link = &hub.first; *link; link = &(*link)->next) {
        if (*link == listener) {
            *link = listener->next;
            if (!hub.first)
                rt_unhook();
            break;
        }
    }
    av_freep(&listener->events);
}
