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

#ifdef __clang__
#define LIKE_PRINTF(nth, first) __attribute__((format(printf, nth, first)))
#else
#define LIKE_PRINTF(nth, first) __attribute__((format(gnu_printf, nth, first)))
#endif

#define UNSEEN "nothing of this has been seen on real Windows yet"

/** What the command line says; a child gets the same. */
typedef struct Options {
    int question;               ///< -1: all of them, each in a child
    int only_profile;           ///< ask only what a profile is made of
    int attended;               ///< somebody is there and does what is asked
    int monitor;                ///< question 6: which one, counted from 0
    int visible;                ///< the host has to be visible and painted
    int seconds;                ///< --time
    int calls;                  ///< calls on each monitor, question 6
    int limit;                  ///< seconds of silence after which a child hangs
    POINT at;                   ///< where the probe's own windows stand
    const char *json;           ///< path of magprobe.json
    const char *helper;         ///< be this other program, for a question (helper.h)
    int unobservable;           ///< only list what cannot be observed
    int help;                   ///< only say what the options are
} Options;

extern Options options;

/** Said by Ctrl-C: ask nothing more. */
extern volatile LONG interrupted;

/** @return 0, or -1 for what is no option, has no value, or one that does not fit; it is said which */
int options_read(int argc, char **argv);

/** Print what there is. */
void options_print(void);

int is_question(int number);

/** Has one monitor room for all that the probe shows? If not, that is said. */
int place_is_on_a_monitor(void);

/** A question: runs in a child, on its first thread. */
typedef void (*Question)(void);

void ask_runs(void);            ///< 1, in frames.c
void ask_lists(void);           ///< 2, in lists.c
void ask_lateness(void);        ///< 3, in lists.c
void ask_kinds(void);           ///< 4, in kinds.c
void ask_cost(void);            ///< 5, in cost.c
void ask_monitor(void);         ///< 6, in monitors.c, a process for each monitor
void ask_heap(void);            ///< 7, in heap.c
/** 7 again, in heap.c: without a callback */
void ask_heap_without_callback(void);
/** 7 again, in heapload.c: locks, walks and other threads */
void ask_heap_under_load(void);
void ask_leak(void);            ///< 7 again, in heapload.c
void ask_events(void);          ///< 8, in events.c
void ask_screen(void);          ///< 9, in screen.c
void ask_outages(void);         ///< 10, in outages.c
void ask_walk(void);            ///< 11, in walk.c
void ask_occlusion(void);       ///< 12, in occlusion.c
void ask_time(void);            ///< --time, in cost.c

/** A part of the question's line, in plain words. Any thread. */
void say(const char *format, ...) LIKE_PRINTF(1, 2);

/** A value for magprobe.json; numbers and words alike. */
void fact(const char *key, const char *format, ...) LIKE_PRINTF(2, 3);

/** A line of a stand-in's profile, without its end. */
void setting(const char *format, ...) LIKE_PRINTF(1, 2);

/** The question has been asked: what ends this process from now on takes no answer away. */
void end_answer(void);

/** The call that is about to be made: if it never returns, or crashes, this was it. */
void about_to_call(unsigned n);

/** Ask the person at the machine for something, and give her some seconds; only if attended. */
void ask_person(const char *what);

/** Say that Wine cannot tell, and why. @return 1 under Wine, where it was said */
int wine_cannot_tell(const char *why);

/** Wine's version, or NULL on Windows. */
const char *wine_version(void);

/** Microseconds of a clock that only goes forward. */
int64_t now_us(void);

#endif /* MAGPROBE_H */
