/*
 * magnifier: monitors
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
 * Which monitors are there, and where on the desktop is each?
 *
 * Runs on the runtime's thread, but for ff_magnifier_display_set_dpi(): coordinates are
 * physical pixels only on a thread whose DPI context has been set.
 */

#ifndef AVDEVICE_MAGNIFIER_DISPLAY_H
#define AVDEVICE_MAGNIFIER_DISPLAY_H

#include <windows.h>

#include "log.h"
#include "region.h"

/** More than Windows' own settings page can place. */
#define MAGNIFIER_MAX_MONITORS 64

/** Room for a monitor's name: CCHDEVICENAME UTF-16 units in UTF-8. */
#define MAGNIFIER_MONITOR_NAME (3 * CCHDEVICENAME)

/** A layout of monitors; copied freely, owns nothing. */
typedef struct MagnifierDisplay {
    int nb_monitors;
    /**
     * Where the monitors are. The primary one is first, the others follow
     * from left to right, then from top to bottom. Number N of the input
     * "monitor=N" is rects[N - 1].
     */
    MagnifierRect rects[MAGNIFIER_MAX_MONITORS];
    /** Their devices' names in UTF-8, without the \\.\ before them: "DISPLAY1". */
    char names[MAGNIFIER_MAX_MONITORS][MAGNIFIER_MONITOR_NAME];
    /** The rectangle around all of them. */
    MagnifierRect desktop;

    /* what ff_magnifier_rt_display_changed() compares with */
    HMONITOR handles[MAGNIFIER_MAX_MONITORS];
    int nb_visible;     ///< SM_CMONITORS: without pseudo-monitors
} MagnifierDisplay;

/**
 * Make the calling thread see physical pixels: per-monitor DPI awareness,
 * version 2, else version 1. The process's own setting is its owner's and not
 * touched. To be called once, before the thread makes a window, since a
 * window keeps the context it was made in. Any thread that is our own.
 *
 * @return NULL, or a sentence without a newline worth a warning: this Windows is
 *         too old for a setting per thread and the process scales
 */
const char *ff_magnifier_display_set_dpi(void);

/**
 * Read the layout.
 *
 * @param[out] display  valid on success only
 * @param log           what went wrong, one line
 * @param level         AV_LOG_* of that line
 * @return 0, AVERROR(EACCES) when the session has no monitor,
 *         AVERROR_EXTERNAL when Windows would not tell
 */
int ff_magnifier_rt_display_read(MagnifierDisplay *display, MagnifierLog *log, int level);

/**
 * Find a monitor by its number, from 1, or its name, whatever its case, with or without the
 * \\.\ that Windows puts before it.
 *
 * @return its index; AVERROR(ENOENT)
 */
int ff_magnifier_display_find(const MagnifierDisplay *display, const char *monitor);

/**
 * Has a monitor come, gone, moved or changed its size since display was read?
 * Cheap enough for each frame: one GetSystemMetrics() and a GetMonitorInfo() for
 * each monitor, no enumeration.
 *
 * @return 1 if so: read it again; 0 if not
 */
int ff_magnifier_rt_display_changed(const MagnifierDisplay *display);

#endif /* AVDEVICE_MAGNIFIER_DISPLAY_H */
