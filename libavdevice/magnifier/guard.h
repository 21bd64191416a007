/*
 * magnifier: may this frame leave?
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
 * May this frame leave?
 *
 * The guard owns the order of the steps that make one frame, and the decision
 * about it. What the steps do is behind MagnifierGuardOps, which the capture
 * implements with Win32 and the tests with a simulated desktop, so that the C
 * that ships is the C that is model-checked. Its promise, and what it has to
 * assume of Windows to keep it, stand at the top of guard.c.
 *
 * The rooms that do the steps (matches.h, filterlist.h,
 * proof.h) have the operations and settings from here; none of them calls
 * the guard.
 *
 * No thread of its own, no lock, no log, no clock: everything is called on the
 * one thread that owns the controls (the runtime's), and time comes in as a
 * parameter, in microseconds of any monotonic clock.
 *
 * One guard serves one capture, however many controls that has. A capture
 * without any exclusion rule needs no guard.
 */

#ifndef AVDEVICE_MAGNIFIER_GUARD_H
#define AVDEVICE_MAGNIFIER_GUARD_H

#include <stdint.h>

#include "reasons.h"
#include "sightings.h"

/** Windows that the filter list of the API is reported to take. */
#define MAGNIFIER_GUARD_LIST_CAP     24
/** Canaries (one for each control) that a guard can keep on its list. */
#define MAGNIFIER_GUARD_MAX_CANARIES 16
/** More list entries than this are never tried. */
#define MAGNIFIER_GUARD_MAX_LIST     256

/** What the pixels of the canaries say about one captured frame. */
typedef struct MagnifierGuardProof {
    /** Canaries that the frame shows: it was not composed with their list. */
    int exposed;
    /**
     * Canaries that the frame does not show although the screen did, right
     * before or after the capture: it was composed with their list.
     */
    int hidden;
    /** Canaries of which neither is certain: covered, or not to be read. */
    int unseen;
} MagnifierGuardProof;

/** What begin_canary() found. */
enum MagnifierGuardCanary {
    MAGNIFIER_GUARD_CANARY_SEEN,   ///< all of them are on the real screen
    MAGNIFIER_GUARD_CANARY_UNSEEN, ///< shown, but at least one is covered
};

/**
 * The world outside. All functions return 0 or more on success and a negative
 * AVERROR on failure; every failure is taken as "unsafe", whatever its value.
 */
typedef struct MagnifierGuardOps {
    /**
     * Report what happened to windows since the last call: an entry for each
     * event by which a window that matches, or of which nobody can tell whether
     * it matched (it is gone already, say), may have become visible, may have
     * moved, may have begun to match, or may have been missed by a walk:
     * created, shown, uncloaked, moved, renamed, given another owner or parent,
     * raised. Entries about windows on the list
     * do no harm; entries about windows that certainly do not match cost frames.
     * @return negative when events were lost
     */
    int (*drain)(void *opaque, MagnifierGuardList *events);

    /**
     * Report every top-level window that matches now, hidden ones included,
     * topmost first.
     * One that began to match without an event may be missing in one thorough walk, and is
     * reported as OVERDUE then.
     * One that is on the list that was set last may be reported as hidden though it has been
     * shown since, while no drain has told of it: it makes no difference to the frame.
     * @param thorough a frame hangs on it; else one that came or began to match since the last
     *                 thorough walk may be missing, and also one that is not on the list may be
     *                 reported as hidden, if it was shown since, while no drain has told of
     *                 it; that costs a frame
     * @return negative when the walk could not be completed
     */
    int (*walk)(void *opaque, MagnifierGuardList *windows, int thorough);

    /** Give this exclusion list to every control. The canaries are its end. */
    int (*set_list)(void *opaque, const uint64_t *handles, int nb_handles);

    /**
     * Read the list of control number `part` (from 0) back.
     * @return the number of its entries, of which at most `max` were written;
     *         AVERROR_EOF when there is no such control
     */
    int (*get_list)(void *opaque, int part, uint64_t *handles, int max);

    /**
     * Show new canaries, one in the part of the region of each control, in a
     * colour unlike what the last frame had there, and look whether the real
     * screen shows them. They are on no list yet. Earlier ones were ended.
     * @param handles room for MAGNIFIER_GUARD_MAX_CANARIES, to be filled
     * @param nb_handles to be set, 1 or more, also for _UNSEEN
     * @return enum MagnifierGuardCanary; negative: there can be no canary (then
     *         nothing of it is left)
     */
    int (*begin_canary)(void *opaque, uint64_t *handles, int *nb_handles);

    /** Take the canaries of the last begin_canary() from the screen. */
    void (*end_canary)(void *opaque);

    /**
     * Capture one frame. It must be composed in this call, by this call.
     * @param control the frame will be discarded, only the proof is wanted:
     *                `*frame` may stay NULL
     * @param frame   set to the frame on success; the guard owns it until it is
     *                discarded or delivered
     * @param proof   all zero on entry; all zero is right without canaries
     * @return AVERROR(EAGAIN) when the API gave no picture; any other error is
     *         handed to the caller of ff_magnifier_guard_next()
     */
    int (*capture)(void *opaque, int control, void **frame,
                   MagnifierGuardProof *proof);

    /** Take a frame back that must not leave. */
    void (*discard)(void *opaque, void *frame);

    /** Paint rectangles black, clipped to the frame; they may overlap. */
    int (*paint)(void *opaque, void *frame,
                 const MagnifierGuardRect *rects, int nb_rects);
} MagnifierGuardOps;

/** The option exclude_proof. */
enum MagnifierGuardProofMode {
    MAGNIFIER_GUARD_PROOF_OFF,    ///< no canary
    MAGNIFIER_GUARD_PROOF_AUTO,   ///< a frame without proof leaves when all else is clean
    MAGNIFIER_GUARD_PROOF_STRICT, ///< a frame without proof never leaves
};

/** Settings; ff_magnifier_guard_defaults() fills in what is right for Windows. */
typedef struct MagnifierGuardConfig {
    enum MagnifierGuardProofMode proof; ///< AUTO
    /**
     * Before its list is set, a new canary must be seen in a captured picture
     * (1), not on the screen only (0). Costs one capture for each list, and
     * also catches pictures that are older than they should be, and an API that
     * never shows the canary at all.
     */
    int     control;
    int     list_cap;       ///< entries (canaries included) believed to be taken: 24
    int     probe_cap;      ///< entries tried when more are wanted, under proof: 64
    /**
     * The system animates windows at all: nothing leaves in the first
     * `cooldown_us`, as a window may have closed just before.
     */
    int     animations;     ///< 1
    int64_t cooldown_us;    ///< how long an animation can last: 300 ms
    /**
     * How long, and for how many captures, a frame without proof is held back
     * after the list was set or a window was seen that was not on it.
     */
    int64_t settle_us;      ///< 50 ms
    int     settle_frames;  ///< 2
    int64_t proof_wait_us;  ///< AUTO: wait for the first proof at start: 2 s
    int64_t reprove_us;     ///< without proof: try a new canary after 500 ms, in AUTO
                            ///< then after twice that, and so on up to 16 s
} MagnifierGuardConfig;

/** What ff_magnifier_guard_next() has for this slot. */
enum MagnifierGuardStatus {
    MAGNIFIER_GUARD_DELIVER,  ///< a frame, safe: the one captured a slot earlier
    MAGNIFIER_GUARD_HELD,     ///< nothing yet: the first frame waits for the next slot
    MAGNIFIER_GUARD_UNSAFE,   ///< nothing: see MagnifierGuardReport.reason
    MAGNIFIER_GUARD_NO_FRAME, ///< nothing: the API gave no picture (an outage)
    MAGNIFIER_GUARD_ERROR,    ///< nothing: capture failed, MagnifierGuardReport.error
};

/** Things worth one log line; set in the report of the slot they happened in. */
enum MagnifierGuardNotice {
    MAGNIFIER_GUARD_LIST_CHANGED   = 1,  ///< a new list is in force
    MAGNIFIER_GUARD_OVERFLOW_BEGIN = 2,  ///< matches do not fit, `painted` of them
    MAGNIFIER_GUARD_OVERFLOW_END   = 4,
    MAGNIFIER_GUARD_CAP_LEARNT     = 8,  ///< `cap` is what the list takes
    MAGNIFIER_GUARD_PROOF_FIRST    = 16, ///< first proof since start, or since PROOF_NONE
    MAGNIFIER_GUARD_PROOF_NONE     = 32, ///< AUTO goes on without: `no_proof` says why
};

/** The story of one slot. */
typedef struct MagnifierGuardReport {
    enum MagnifierGuardStatus  status;
    /**
     * Why a frame was refused in this slot, the held one or the one just
     * captured (or not even captured, for that reason). Also set beside DELIVER:
     * then it is the next one that will be missing.
     */
    enum MagnifierGuardReason  reason;
    int                        error;    ///< AVERROR behind status, reason or no_proof, 0: none
    unsigned                   notices;  ///< enum MagnifierGuardNotice
    enum MagnifierGuardNoProof no_proof; ///< with MAGNIFIER_GUARD_PROOF_NONE
    unsigned                   version;  ///< of the list in force, 0: none
    int                        proven;   ///< DELIVER: the canary proves this frame
    int                        listed;   ///< windows on the list, canaries apart
    int                        painted;  ///< windows that do not fit and are painted over
    int                        cap;      ///< what the list is believed to take
    unsigned                   dry_slots;///< slots in a row without a frame, 0 with DELIVER
} MagnifierGuardReport;

/** Counters since ff_magnifier_guard_alloc(), for the line at close. */
typedef struct MagnifierGuardStats {
    uint64_t slots;
    uint64_t captured;        ///< control pictures apart
    uint64_t controls;        ///< control pictures
    uint64_t delivered;
    uint64_t unproven;        ///< delivered without proof, mode OFF apart
    uint64_t painted;         ///< delivered with something painted over
    uint64_t refused[MAGNIFIER_GUARD_NB_REASONS]; ///< frames that did not leave
    uint64_t refused_total;
    uint64_t list_changes;    ///< lists set
    int      max_painted;     ///< most windows that did not fit at a time
    int      max_listed;
} MagnifierGuardStats;

typedef struct MagnifierGuard MagnifierGuard;

/** What is right for Windows, as far as that is known. */
void ff_magnifier_guard_defaults(MagnifierGuardConfig *config);

/**
 * @param ops    kept by reference; all functions must be there (the canary's may
 *               be NULL with MAGNIFIER_GUARD_PROOF_OFF)
 * @param config copied; NULL: the defaults
 * @return NULL when out of memory
 */
MagnifierGuard *ff_magnifier_guard_alloc(const MagnifierGuardOps *ops,
                                         void *opaque,
                                         const MagnifierGuardConfig *config);

/**
 * Discard the held frame, end the canary, free. Must run while the operations
 * discard and end_canary still can.
 */
void ff_magnifier_guard_free(MagnifierGuard **guard);

/**
 * Run one slot: look, list, capture, look again, decide.
 *
 * @param now    monotonic microseconds at the beginning of the slot
 * @param frame  set with MAGNIFIER_GUARD_DELIVER, else NULL; the caller owns it
 * @param report filled in; may not be NULL
 * @return the status, as in the report
 */
enum MagnifierGuardStatus ff_magnifier_guard_next(MagnifierGuard *guard,
                                                  int64_t now, void **frame,
                                                  MagnifierGuardReport *report);

/**
 * Look, and do not capture: releases the held frame or drops it. For before the
 * controls are made anew, so that the frame is not lost.
 */
enum MagnifierGuardStatus ff_magnifier_guard_flush(MagnifierGuard *guard,
                                                   int64_t now, void **frame,
                                                   MagnifierGuardReport *report);

/**
 * The controls were made anew (mode change, outage): no list is in force any
 * more, and the first proof is due again. The held frame is dropped. What was
 * learnt about the size of the list is forgotten. Also when the rules have changed:
 * the held frame may show what the new ones leave out.
 */
void ff_magnifier_guard_invalidate(MagnifierGuard *guard);

/** Valid as long as the guard. */
const MagnifierGuardStats *ff_magnifier_guard_stats(const MagnifierGuard *guard);

#endif /* AVDEVICE_MAGNIFIER_GUARD_H */
