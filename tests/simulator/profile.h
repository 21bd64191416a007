/*
 * Simulator of Magnification.dll: profiles
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
 * Which Magnification.dll is being imitated? A profile is a text of lines
 *
 *     key = value [WHEN]        # comment
 *
 * where WHEN is `frame N`, `frames N..M`, `frames N..`, `every N` or `always`
 * (nothing said: always). Frames are counted from 1, one for each
 * MagSetWindowSource; what happens before a frame (the filter list) belongs to
 * the coming frame, and init_false counts calls of MagInitialize. A key whose
 * values are yes and no may leave out the yes: `source_false = frame 5`. A key
 * may be given several times; the last line that is due wins. Where no line is
 * due the default holds: the facts' best-supported behaviour.
 *
 * The text comes from MAGSIM_PROFILE: the name of a profile of
 * tests/simulator/profiles (all are built in) or the path of a file. Lines in
 * MAGSIM_SET, separated by `;`, come after it.
 */

#ifndef MAGSIM_PROFILE_H
#define MAGSIM_PROFILE_H

typedef enum SimKey {
    SIM_INIT_FALSE,
    SIM_SECOND_INIT,
    SIM_CLASS_MISSING,
    SIM_THREAD,
    SIM_HOST,
    SIM_SOURCE,
    SIM_BACKGROUND,
    SIM_PIN,
    SIM_COUNT,
    SIM_WITHOUT_CALLBACK,

    SIM_FILTER,
    SIM_FILTER_FALSE,
    SIM_FILTER_CAP,
    SIM_FILTER_OVER,
    SIM_FILTER_DEAD,
    SIM_FILTER_EMPTY,
    SIM_FILTER_INCLUDE,
    SIM_FILTER_READBACK,
    SIM_FILTER_MISSES,

    SIM_BLOCK_PLACE,
    SIM_BLOCK_SHIFT,
    SIM_BLOCK_LIFE,
    SIM_BLOCK_REPLACE,
    SIM_BLOCK_END,
    SIM_STEAL_DELAY_MS,
    SIM_HEAP_WALK,
    SIM_FULLSCREEN_EXPORTS,
    SIM_FULLSCREEN_LEVEL,
    SIM_FULLSCREEN_EFFECT,

    SIM_TRANSFORM_FALSE,
    SIM_CALLBACK_FALSE,
    SIM_SOURCE_FALSE,
    SIM_ALL_FALSE,
    SIM_NO_CALLBACK,
    SIM_CALLBACK_TWICE,
    SIM_CALLBACK_LATE,
    SIM_CALLBACK_IN_DESTROY,
    SIM_FRAME_DELAY_MS,
    SIM_HANG,
    SIM_ACCESS_VIOLATION,
    SIM_ACCESS_VIOLATION_AT,
    SIM_FOREIGN_UNINIT,
    SIM_MODE_CHANGE,

    SIM_FORMAT,
    SIM_ALPHA,
    SIM_STRIDE_PAD,
    SIM_STRIDE_SHORT,
    SIM_OFFSET,
    SIM_OFFSET_CHANGING,
    SIM_OFFSET_LIE,
    SIM_CBSIZE,
    SIM_WIDTH_ADD,
    SIM_HEIGHT_ADD,
    SIM_WIDTH_ZERO,
    SIM_HEIGHT_ZERO,
    SIM_BLANK,
    SIM_STALE,
    SIM_BORDER,

    SIM_SCREEN_READ_MS,
    SIM_SCREEN_LAYERED,

    SIM_GUARD_CHECKSUM,
    SIM_NB_KEYS
} SimKey;

enum { SIM_NO, SIM_YES };
enum { SIM_THREAD_OWNER, SIM_THREAD_ANY };
enum { SIM_HOST_ANY, SIM_HOST_PAINTED };
enum { SIM_SOURCE_DESKTOP, SIM_SOURCE_PATTERN };
enum { SIM_COUNT_PROCESS, SIM_COUNT_SESSION, SIM_COUNT_CONTROL };
enum { SIM_WITHOUT_NOTHING, SIM_WITHOUT_BLOCK };
enum { SIM_FILTER_HONOUR, SIM_FILTER_REFUSE, SIM_FILTER_IGNORE, SIM_FILTER_LATE };
enum { SIM_OVER_REFUSE, SIM_OVER_REFUSE_CUT, SIM_OVER_CUT, SIM_OVER_NONE };
enum { SIM_ACCEPT, SIM_REFUSE };
enum { SIM_READBACK_HONEST, SIM_READBACK_ASKED, SIM_READBACK_EMPTY,
       SIM_READBACK_SHORT, SIM_READBACK_WRONG, SIM_READBACK_FAILS };
enum { SIM_MISSES_NONE, SIM_MISSES_FOREIGN, SIM_MISSES_LAYERED };
enum { SIM_PLACE_HEAP, SIM_PLACE_INSIDE, SIM_PLACE_PRIVATE, SIM_PLACE_VIRTUAL,
       SIM_PLACE_MISALIGNED, SIM_PLACE_NULL };
enum { SIM_LIFE_SESSION, SIM_LIFE_FRAME, SIM_LIFE_ROTATE2, SIM_LIFE_ROTATE3 };
enum { SIM_REPLACE_LEAK, SIM_REPLACE_FREE, SIM_REPLACE_REUSE };
enum { SIM_END_LEAK, SIM_END_DESTROY, SIM_END_UNINIT, SIM_END_STOLEN,
       SIM_END_STOLEN_SILENT, SIM_END_UNLOAD };
enum { SIM_LAYERED_SHOWN, SIM_LAYERED_CAPTUREBLT };
enum { SIM_AT_CALL, SIM_AT_PROC, SIM_AT_CALLBACK, SIM_AT_THREAD, SIM_AT_PROBE };
enum { SIM_WALK_EXACT, SIM_WALK_COMMITTED, SIM_WALK_WITHOUT };
enum { SIM_EFFECT_NONE, SIM_EFFECT_INVERT, SIM_EFFECT_GREY };
enum { SIM_FORMAT_RGBA, SIM_FORMAT_BGR, SIM_FORMAT_BGRA, SIM_FORMAT_UNKNOWN };
enum { SIM_CBSIZE_TRUE, SIM_CBSIZE_ZERO, SIM_CBSIZE_SHORT, SIM_CBSIZE_HUGE };

#define SIM_BACKGROUND_AUTO   (-1)
#define SIM_BACKGROUND_SCREEN (-2)

/**
 * Read the profile named in the environment, once.
 * @return 0, or -1 when it has an error, which is in the log
 */
int sim_profile_load(void);

/** Add one line, as in a profile. @return 0, or -1 with the error in the log */
int sim_profile_line(const char *line);

/** The value of a key at frame (or call) n, counted from 1. */
long sim_value(SimKey key, unsigned n);

/** The largest value that a key may ever have in this profile. */
long sim_largest(SimKey key);

#endif /* MAGSIM_PROFILE_H */
