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
 *
 * Out-of-context events wait in the queue of the thread that asked for them. They
 * are heard when it pumps its messages, in the order in which they happened, some
 * time after they happened. That time is made finite: each collection sends
 * an event of its own round and pumps until that one is back, so all that were queued
 * earlier are in, and an event system that has gone deaf is noticed.
 *
 * A switch to another desktop counts as events lost.
 *
 * Runtime's thread only. Listeners of one thread share its hooks, and one hidden window,
 * which the events that go round are about.
 */

#ifndef AVDEVICE_MAGNIFIER_EVENTS_H
#define AVDEVICE_MAGNIFIER_EVENTS_H

#include <stdint.h>

#include <windows.h>

#include "log.h"

/** What happened, as bits. */
#define MAGNIFIER_EVENT_CREATED   0x01
#define MAGNIFIER_EVENT_DESTROYED 0x02
#define MAGNIFIER_EVENT_SHOWN     0x04
#define MAGNIFIER_EVENT_RENAMED   0x08
#define MAGNIFIER_EVENT_REPARENTED 0x10
#define MAGNIFIER_EVENT_UNCLOAKED 0x20
#define MAGNIFIER_EVENT_FRONT     0x40  ///< came to the foreground
#define MAGNIFIER_EVENT_MOVED     0x80  ///< has another place or size; only if wanted
#define MAGNIFIER_EVENT_HIDDEN    0x100

/** One of these must have been told of a window that is to be seen, where SHOW is told at all. */
#define MAGNIFIER_EVENTS_SHOWING (MAGNIFIER_EVENT_SHOWN | MAGNIFIER_EVENT_UNCLOAKED | \
                                  MAGNIFIER_EVENT_FRONT | MAGNIFIER_EVENT_REPARENTED)

/** What was heard about one window; each new title has an entry of its own. */
typedef struct MagnifierEvent {
    HWND     hwnd;
    DWORD    thread;   ///< that sent the first of these events
    DWORD    time;     ///< when it did, of GetTickCount()
    unsigned what;     ///< MAGNIFIER_EVENT_*
} MagnifierEvent;

/** Entries that can be noted until they are filtered. */
#define MAGNIFIER_EVENTS_MAX 4096

typedef struct MagnifierListener {
    struct MagnifierListener *next;
    MagnifierLog *log;
    MagnifierEvent *events;  ///< in the order of their first events
    int      nb;
    int      wants_moves;    ///< see ff_magnifier_rt_events_want_moves()
    int      misses_moves;   ///< Windows does not let us; has been said
    int      hears_shows;    ///< EVENT_OBJECT_SHOW has come from another process, so it is told
                             ///< here (not by Wine 8)
    int      lost;           ///< there were more than fit, moves could not be heard, or another desktop
                             ///< was on the screen
    int      deaf;           ///< the last collection heard nothing; has been said
    uint64_t total;          ///< heard of windows, ever
} MagnifierListener;

/**
 * Begin to listen.
 *
 * @return 0; AVERROR(ENOMEM); AVERROR_EXTERNAL with a line in the log when Windows
 *         does not let us listen; then there is nothing to stop
 */
int ff_magnifier_rt_events_listen(MagnifierListener *listener, MagnifierLog *log);

/**
 * Pump until every event that happened before this call is in listener->events.
 * The caller reads them there, and ends with ff_magnifier_rt_events_clear().
 *
 * @return 0; AVERROR(ENOBUFS) when events were lost, AVERROR_EXTERNAL when none can be
 *         heard (said once in the log): whatever was captured is unsafe
 */
int ff_magnifier_rt_events_collect(MagnifierListener *listener);

/**
 * Hear also of windows that get another place or size, or no longer. Everything that moves
 * or scrolls on the screen sends an event, so this is not for always. Where Windows does not
 * let us, each collection tells of lost events and tries again.
 */
void ff_magnifier_rt_events_want_moves(MagnifierListener *listener, int wanted);

/** Forget the collected events. */
void ff_magnifier_rt_events_clear(MagnifierListener *listener);

/** Listen no more; harmless when not listening. */
void ff_magnifier_rt_events_stop(MagnifierListener *listener);

#endif /* AVDEVICE_MAGNIFIER_EVENTS_H */
