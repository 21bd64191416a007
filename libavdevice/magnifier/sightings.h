/*
 * magnifier: sightings of windows
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
 * What was seen of the windows that match a rule?
 *
 * Lists of windows, as a walk finds them, and of events about windows: what the guard is
 * told by its operations walk and drain, and all that it knows of a window.
 */

#ifndef AVDEVICE_MAGNIFIER_SIGHTINGS_H
#define AVDEVICE_MAGNIFIER_SIGHTINGS_H

#include <stddef.h>
#include <stdint.h>

/** Physical pixels of the virtual desktop; right and bottom are outside. */
typedef struct MagnifierGuardRect {
    int left, top, right, bottom;
} MagnifierGuardRect;

/** What is known of a window, or of an event about one. */
enum MagnifierGuardFlags {
    /**
     * The window is on the screen, or one cannot tell that it is not. Cloaked
     * and minimised windows may be reported without it.
     */
    MAGNIFIER_GUARD_VISIBLE  = 1,
    /** The rectangle is unknown. */
    MAGNIFIER_GUARD_NO_RECT  = 2,
    /**
     * The system draws an animation when this window moves, closes or is
     * minimised: pixels of it can be seen for a while where, or although, the
     * window is not any more. Windows without a caption (menus, tooltips), and
     * all windows while the system's animations are off, do not have it.
     */
    MAGNIFIER_GUARD_ANIMATES = 4,
    /** Events only: by the time the event was looked at the window was gone. */
    MAGNIFIER_GUARD_GONE     = 8,
    /**
     * Walks only: it may have matched already in the thorough walk before this one, which
     * did not ask it for what it matches by.
     */
    MAGNIFIER_GUARD_OVERDUE  = 16,
};

/** A top-level window that matches a rule, or an event about such a window. */
typedef struct MagnifierGuardWindow {
    uint64_t           handle;
    /**
     * Tells two windows apart that had the same handle one after the other;
     * the same for the whole life of a window, in walks and in events. Zero in
     * an event: it is not known whose event this is. Never zero in a walk.
     */
    uint64_t           serial;
    unsigned           flags;  ///< enum MagnifierGuardFlags
    MagnifierGuardRect rect;   ///< ignored with MAGNIFIER_GUARD_NO_RECT
} MagnifierGuardWindow;

/** Filled by the operations walk and drain with ff_magnifier_guard_add(). */
typedef struct MagnifierGuardList {
    MagnifierGuardWindow *windows;   ///< of av_malloc(); whoever has the list frees it
    size_t                nb_windows;
    size_t                allocated; ///< windows that there is room for
    int                   failed;    ///< an entry is missing for want of memory
} MagnifierGuardList;

/**
 * Append a window or an event; for the operations walk and drain.
 *
 * @param rect may be NULL, or is ignored, where it is unknown (MAGNIFIER_GUARD_NO_RECT)
 * @return AVERROR(ENOMEM) when out of memory; then the list is marked as failed
 */
int ff_magnifier_guard_add(MagnifierGuardList *list, uint64_t handle,
                           uint64_t serial, unsigned flags,
                           const MagnifierGuardRect *rect);

/**
 * Make room in an array: at least doubled each time, so that appending costs nothing to
 * speak of.
 *
 * @param array     of av_malloc() or NULL; moved
 * @param allocated elements that there is room for
 * @param wanted    elements that there has to be room for
 * @param size      bytes of an element
 * @return 0, or AVERROR(ENOMEM) with all as it was
 */
int ff_magnifier_sightings_grow(void **array, size_t *allocated, size_t wanted, size_t size);

#endif /* AVDEVICE_MAGNIFIER_SIGHTINGS_H */
