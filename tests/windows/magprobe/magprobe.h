/*
 * magprobe: what all its files share
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
 * magprobe asks a Magnification.dll the questions that only a real one can
 * answer. Nothing of it has been seen on real Windows yet: it was written from
 * documentation and tried on the stand-in alone.
 *
 * Each question is a function that runs in a process of its own, because a
 * crash and a hang are answers, too. It reports as soon as it knows something:
 * what was reported before the crash counts.
 */

#ifndef MAGPROBE_H
#define MAGPROBE_H

#include <stdint.h>
#include <windows.h>

#define UNSEEN "nothing of this has been seen on real Windows yet"

/** What the command line says; a child gets the same. */
typedef struct Options {
    int question;               ///< 0: all of them, each in a child
    int only_profile;           ///< ask only what a profile is made of
    int visible;                ///< the host has to be visible and painted
    int seconds;                ///< --time
    int calls;                  ///< calls on each monitor, question 6
    int limit;                  ///< seconds of silence after which a child hangs
    POINT at;                   ///< where the probe's own windows stand
    const char *json;           ///< path of magprobe.json
} Options;

extern Options options;

/** A question: runs in a child, on its first thread. */
typedef void (*Question)(void);

void ask_runs(void);            ///< 1, in frames.c
void ask_lists(void);           ///< 2, in lists.c
void ask_lateness(void);        ///< 3, in lists.c
void ask_kinds(void);           ///< 4, in later.c
void ask_cost(void);            ///< 5, in cost.c
void ask_monitors(void);        ///< 6, in cost.c
void ask_heap(void);            ///< 7, in heap.c
/** 7 again, in heap.c: without a callback */
void ask_heap_without_callback(void);
void ask_events(void);          ///< 8, in later.c
void ask_screen(void);          ///< 9, in later.c
void ask_outages(void);         ///< 10, in later.c
void ask_walk(void);            ///< 11, in later.c
void ask_occlusion(void);       ///< 12, in later.c
void ask_time(void);            ///< --time, in cost.c

/** A part of the question's line, in plain words. Any thread. */
void say(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

/** A value for magprobe.json; numbers and words alike. */
void fact(const char *key, const char *format, ...) __attribute__((format(gnu_printf, 2, 3)));

/** A line of a stand-in's profile, without its end. */
void setting(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

/** The call that is about to be made: if it never returns, or crashes, this was it. */
void about_to_call(unsigned n);

/** Say that Wine cannot tell, and why. @return 1 under Wine, where it was said */
int wine_cannot_tell(const char *why);

/** Wine's version, or NULL on Windows. */
const char *wine_version(void);

/** Microseconds of a clock that only goes forward. */
int64_t now_us(void);

#endif /* MAGPROBE_H */
