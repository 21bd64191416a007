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
 * The guard owns the order of the steps that make one frame, and the decision about it.
 * What the steps do is behind MagnifierGuardOps, which the exclusion implements with Win32
 * and the tests with a simulated desktop, so that the C that ships is the C that is
 * model-checked. Its promise, and what it has to assume of Windows to keep it, stand at the
 * top of guard.c.
 *
 * No thread of its own, no lock, no log: everything is called on the one thread that owns
 * the controls (the runtime's). One guard serves one capture, however many controls that
 * has. A capture without any exclusion rule needs no guard.
 */

#ifndef AVDEVICE_MAGNIFIER_GUARD_H
#define AVDEVICE_MAGNIFIER_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "region.h"

/** Windows that the filter list of the API is reported to take. */
#define MAGNIFIER_GUARD_LIST_CAP     24
/** Canaries (one for each control) that a guard can keep on its list. */
#define MAGNIFIER_GUARD_MAX_CANARIES 16
/** Entries that any list may have, canaries among them. */
#define MAGNIFIER_GUARD_MAX_LIST     64

/** What a capture has for a slot. */
enum MagnifierStatus {
    MAGNIFIER_FRAME,            ///< a frame
    MAGNIFIER_HELD,             ///< none yet: it is held until the next look is clean
    MAGNIFIER_UNSAFE,           ///< none: it might have shown a window that is to be left out
    MAGNIFIER_OUTAGE,           ///< none: the API gave no picture
};

/** What is known of a window, or of an event about one. */
enum MagnifierGuardFlags {
    /**
     * The window is on the screen, or one cannot tell that it is not. Cloaked and minimised
     * windows may be reported without it.
     */
    MAGNIFIER_GUARD_VISIBLE  = 1,
    /** The rectangle is unknown. */
    MAGNIFIER_GUARD_NO_RECT  = 2,
    /**
     * The system draws an animation when this window moves, closes or is minimised: pixels
     * of it can be seen for a while where, or although, the window is not any more. Windows
     * without a caption (menus, tooltips), and all windows while the system's animations are
     * off, do not have it.
     */
    MAGNIFIER_GUARD_ANIMATES = 4,
    /** Events only: by the time the event was looked at the window was gone. */
    MAGNIFIER_GUARD_GONE     = 8,
    /**
     * Looks: the window does not match, and certainly hides all that is below it in its
     * rectangle. Events: about a window that did so in the last look.
     */
    MAGNIFIER_GUARD_COVERS   = 16,
    /** Events only: the window lives and does not match, but may have for a moment. */
    MAGNIFIER_GUARD_NO_MATCH = 32,
    /**
     * Looks: it is not VISIBLE, and has not been since the look before, or since it was made;
     * or an event tells so. It has matched from the first.
     */
    MAGNIFIER_GUARD_UNSHOWN  = 64,
};

/** A top-level window, or an event about one. */
typedef struct MagnifierGuardWindow {
    uint64_t      handle;
    /**
     * Tells two windows apart that had the same handle one after the other; the same for the
     * whole life of a window, in looks and in events. Zero in an event: it is not known whose
     * event this is. Never zero in a look.
     */
    uint64_t      serial;
    unsigned      flags;        ///< enum MagnifierGuardFlags
    MagnifierRect rect;         ///< ignored with MAGNIFIER_GUARD_NO_RECT
} MagnifierGuardWindow;

/** Filled by the operations look and drain with ff_magnifier_guard_add(). */
typedef struct MagnifierGuardList {
    MagnifierGuardWindow *windows; ///< of av_malloc(); whoever has the list frees it
    unsigned              allocated; ///< bytes, for av_fast_realloc()
    size_t                nb_windows;
    int                   failed;  ///< an entry is missing for want of memory
} MagnifierGuardList;

/**
 * Append a window or an event; for the operations look and drain.
 *
 * @param rect may be NULL, or is ignored, where it is unknown (MAGNIFIER_GUARD_NO_RECT)
 * @return AVERROR(ENOMEM) when out of memory; then the list is marked as failed
 */
int ff_magnifier_guard_add(MagnifierGuardList *list, uint64_t handle, uint64_t serial,
                           unsigned flags, const MagnifierRect *rect);

/** Why a frame did not leave. */
enum MagnifierGuardReason {
    MAGNIFIER_GUARD_REASON_NONE,
    MAGNIFIER_GUARD_REASON_NO_MEMORY,
    MAGNIFIER_GUARD_REASON_EVENTS_LOST,
    MAGNIFIER_GUARD_REASON_LOOK_FAILED,
    MAGNIFIER_GUARD_REASON_EVENT,         ///< an event about a window not on the list
    MAGNIFIER_GUARD_REASON_NEW_WINDOW,    ///< a match that was not on the list
    MAGNIFIER_GUARD_REASON_WINDOW_SHOWN,  ///< a known one, not on the list
    MAGNIFIER_GUARD_REASON_WINDOW_MOVED,  ///< one that is painted over
    MAGNIFIER_GUARD_REASON_RECT_UNKNOWN,  ///< one that should be painted over
    MAGNIFIER_GUARD_REASON_COOLDOWN,      ///< animation of one not on the list
    MAGNIFIER_GUARD_REASON_LIST_REFUSED,
    MAGNIFIER_GUARD_REASON_LIST_DIFFERS,  ///< read back: not what was set
    MAGNIFIER_GUARD_REASON_LIST_IGNORED,  ///< the canary stays in the picture
    MAGNIFIER_GUARD_REASON_CANARY_EXPOSED,
    MAGNIFIER_GUARD_REASON_CANARY_LATE,   ///< not in the control picture
    MAGNIFIER_GUARD_REASON_AWAITING_PROOF,///< the first one
    MAGNIFIER_GUARD_REASON_UNPROVEN,
    MAGNIFIER_GUARD_REASON_SETTLING,
    MAGNIFIER_GUARD_REASON_PAINT_FAILED,
    MAGNIFIER_GUARD_REASON_INVALIDATED,   ///< ff_magnifier_guard_invalidate()
    MAGNIFIER_GUARD_NB_REASONS
};

/** Why AUTO goes on without a proof. */
enum MagnifierGuardNoProof {
    MAGNIFIER_GUARD_NO_PROOF_NONE,
    MAGNIFIER_GUARD_NO_PROOF_NO_CANARY,   ///< begin_canary failed
    MAGNIFIER_GUARD_NO_PROOF_COVERED,     ///< it is never seen on the screen
    MAGNIFIER_GUARD_NO_PROOF_NOT_CAPTURED,///< on the screen, but in no captured picture
};

/** A clause that goes behind "frame held back: ". Never NULL. */
const char *ff_magnifier_guard_reason_text(enum MagnifierGuardReason reason);

/** A clause that goes behind "the exclusion cannot be proven: ". Never NULL. */
const char *ff_magnifier_guard_no_proof_text(enum MagnifierGuardNoProof why);

/**
 * The world outside. Functions that return int return 0 or more on success and a negative
 * AVERROR on failure; every failure is taken as "unsafe", whatever its value.
 */
typedef struct MagnifierGuardOps {
    /** @return microseconds of any monotonic clock */
    int64_t (*clock)(void *opaque);

    /**
     * Report what happened to windows since the last call: an entry for each event by which
     * a window that matches, or of which nobody can tell whether it matched (it is gone
     * already, say), may have become visible, may have moved, may have begun to match, or may
     * have been missed by a look: created, shown, uncloaked, moved, renamed, given another
     * owner or parent, raised. Not of one that would be UNSHOWN in a look by then, and has no
     * other title. Entries about windows on the list do no harm; entries about windows that
     * certainly do not match cost frames, but for those with COVERS.
     * @return negative when events were lost
     */
    int (*drain)(void *opaque, MagnifierGuardList *events);

    /**
     * Report every top-level window that matches now, hidden ones included, and every one
     * that covers others, topmost first. Each is asked for all that can change.
     * @return negative when the look could not be completed
     */
    int (*look)(void *opaque, MagnifierGuardList *windows);

    /** Give this exclusion list to every control. The canaries are its end. */
    int (*set_list)(void *opaque, const uint64_t *handles, int nb_handles);

    /**
     * Read the list of control number `part` (from 0) back.
     * @return the number of its entries, of which at most `max` were written;
     *         AVERROR_EOF when there is no such control; AVERROR_INVALIDDATA: it is another
     *         list; other errors: it cannot be read
     */
    int (*get_list)(void *opaque, int part, uint64_t *handles, int max);

    /**
     * Show new canaries, one in the part of the region of each control, in a colour unlike
     * what the last frame showed there. They are on no list yet. Earlier ones were ended; the
     * place of one of them that the screen, or else a picture, did not show last is not taken
     * again at once. Does not wait for the screen to show them.
     * @param handles room for MAGNIFIER_GUARD_MAX_CANARIES, to be filled
     * @param nb_handles to be set, 1 or more
     * @return 0; negative: there can be no canary (then nothing of it is left)
     */
    int (*begin_canary)(void *opaque, uint64_t *handles, int *nb_handles);

    /** Take the canaries of the last begin_canary() from the screen. */
    void (*end_canary)(void *opaque);

    /**
     * AUTO: have the foreground, or the windows in the places of the canaries, changed since
     * the last call? The first call may say anything.
     */
    int (*may_be_seen)(void *opaque);

    /**
     * Begin to read from the real screen what it shows in the places of the canaries. That
     * may wait for the display, so it goes on beside; an earlier read is forgotten. Canaries
     * that the last one did not show are raised first.
     */
    void (*begin_read)(void *opaque);

    /**
     * The result of the last begin_read().
     * @param wait until it is there
     * @return 1: it shows all canaries; AVERROR(EAGAIN): it is not there yet; 0 or another
     *         error: not all, or nobody knows
     */
    int (*end_read)(void *opaque, int wait);

    /**
     * Capture one frame. It must be composed in this call, by this call.
     * @param control the frame will be discarded, only the canaries are wanted: `*frame` may
     *                stay NULL
     * @param frame   set to the frame on success; the guard owns it until it is discarded or
     *                delivered
     * @param exposed 0 on entry; canaries that the frame shows whole. Negative: it shows some
     *                only in part, maybe by chance; not in a control picture. Anything but 0
     *                counts as not composed with their list.
     * @return AVERROR(EAGAIN) when the API gave no picture; any other error is handed to the
     *         caller of ff_magnifier_guard_next()
     */
    int (*capture)(void *opaque, int control, void **frame, int *exposed);

    /** Take a frame back that must not leave. */
    void (*discard)(void *opaque, void *frame);

    /**
     * From now on drain() tells of windows that move, or need not; not at the beginning. To be
     * told always does no harm: then this may be NULL.
     */
    void (*want_moves)(void *opaque, int wanted);

    /** Paint rectangles black, clipped to the frame; they may overlap. */
    int (*paint)(void *opaque, void *frame, const MagnifierRect *rects, int nb_rects);
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
    MagnifierRect region;   ///< what is outside is in no frame; everything
    int     list_cap;       ///< entries (canaries included) believed to be taken: 24
    /**
     * The system animates windows at all: nothing leaves in the first `cooldown_us`, as a
     * window may have closed just before.
     */
    int     animations;     ///< 1
    int64_t cooldown_us;    ///< how long an animation can last: 300 ms
    /**
     * How long, and for how many captures, a frame without proof is held back after a list
     * with another window on it was set, or after an incident.
     */
    int64_t settle_us;      ///< 50 ms
    int     settle_frames;  ///< 2
    int64_t proof_wait_us;  ///< AUTO: wait for the first proof at start: 2 s
    int64_t reprove_us;     ///< without proof: try a new canary after 500 ms, in AUTO then
                            ///< after twice that, and so on up to 32 times
    int64_t show_us;        ///< how long a canary may take to reach the screen, when it is new
                            ///< or raised: 60 ms
    int64_t read_us;        ///< AUTO: how old a read of the screen may be, once one has proven
                            ///< the list: 100 ms; as much again until the next one is waited for
    int64_t confirm_us;     ///< look again so long after a capture: 40 ms, some frames of
                            ///< the display
    int64_t retry_us;       ///< and capture again so long after a frame was dropped: 20 ms
    int64_t late_us;        ///< or after a new canary was in no picture yet: 4 ms
} MagnifierGuardConfig;

/** Things worth one log line; set in the report of the call they happened in. */
enum MagnifierGuardNotice {
    MAGNIFIER_GUARD_LIST_CHANGED   = 1,  ///< a new list is in force
    MAGNIFIER_GUARD_OVERFLOW_END   = 2,  ///< all matches fit on the list again
    MAGNIFIER_GUARD_CAP_LEARNT     = 4,  ///< `cap` is what the list takes
    MAGNIFIER_GUARD_PROOF_FIRST    = 8,  ///< first proof since start, or since PROOF_NONE
    MAGNIFIER_GUARD_PROOF_NONE     = 16, ///< AUTO goes on without: `no_proof` says why
    MAGNIFIER_GUARD_LIST_UNREAD    = 32, ///< it cannot be read back, but is proven
};

/** The story of one call. */
typedef struct MagnifierGuardReport {
    /**
     * Why a frame was refused, the held one or the one just captured (or not even captured,
     * for that reason). Also set beside MAGNIFIER_FRAME: then it is the next one that will be
     * missing.
     */
    enum MagnifierGuardReason  reason;
    uint64_t                   handle;   ///< the window behind the reason, 0: none
    int                        error;    ///< AVERROR behind status, reason or no_proof, 0: none
    unsigned                   notices;  ///< enum MagnifierGuardNotice
    enum MagnifierGuardNoProof no_proof; ///< with MAGNIFIER_GUARD_PROOF_NONE
    unsigned                   version;  ///< of the list in force, 0: none
    int                        proven;   ///< MAGNIFIER_FRAME: the canary proves this frame
    unsigned                   frame_list;    ///< MAGNIFIER_FRAME: the list that this frame was
                                              ///< composed with, ...
    int                        frame_listed;  ///< ... windows on that, ...
    int                        frame_painted; ///< ... and windows that did not fit
    int                        listed;   ///< windows on the list, canaries apart
    int                        painted;  ///< windows that do not fit and are painted over
    int                        cap;      ///< what the list is believed to take
    int                        holds;    ///< a frame waits for its confirmation
    int64_t                    again_at; ///< when to call again before the next slot begins;
                                         ///< INT64_MAX: not needed
} MagnifierGuardReport;

/** Counters since ff_magnifier_guard_alloc(), for the line at close. */
typedef struct MagnifierGuardStats {
    uint64_t captured;        ///< control pictures apart
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
 * @param ops    kept by reference; all functions must be there (the canary's may be NULL with
 *               MAGNIFIER_GUARD_PROOF_OFF, want_moves always)
 * @param config copied; NULL: the defaults
 * @return NULL when out of memory
 */
MagnifierGuard *ff_magnifier_guard_alloc(const MagnifierGuardOps *ops, void *opaque,
                                         const MagnifierGuardConfig *config);

/**
 * Discard the held frame, end the canary, free. Must run while the operations discard and
 * end_canary still can.
 */
void ff_magnifier_guard_free(MagnifierGuard **guard);

/**
 * Look; let the held frame leave or drop it; list, capture and hold a new one.
 *
 * @param begins a slot begins, so a new frame is due. 0: it goes on (see again_at): the held
 *               frame is confirmed, and only if there is none, and the slot has had none, is
 *               another one captured.
 * @param frame  set with MAGNIFIER_FRAME, else NULL; the caller owns it
 * @param report filled in; may not be NULL
 * @return enum MagnifierStatus; negative: the capture failed
 */
int ff_magnifier_guard_next(MagnifierGuard *guard, int begins, void **frame,
                            MagnifierGuardReport *report);

/**
 * Look, and do not capture: releases the held frame or drops it. For before the controls are
 * made anew, so that the frame is not lost.
 */
int ff_magnifier_guard_flush(MagnifierGuard *guard, void **frame, MagnifierGuardReport *report);

/**
 * The controls were made anew (mode change, outage): no list is in force any more, and the
 * first proof is due again. The held frame is dropped. What was learnt about the size of the
 * list is forgotten. Also when the rules have changed: the held frame may show what the new
 * ones leave out.
 */
void ff_magnifier_guard_invalidate(MagnifierGuard *guard);

/**
 * From now on frames show another region, by the same controls: the window that is recorded has
 * moved. The held frame is dropped, and new canaries have to be seen there first; they are taken
 * from the screen before the region changes, as they are in no picture of the new one. The list
 * stays.
 */
void ff_magnifier_guard_move(MagnifierGuard *guard, const MagnifierRect *region);

/** Valid as long as the guard. */
const MagnifierGuardStats *ff_magnifier_guard_stats(const MagnifierGuard *guard);

#endif /* AVDEVICE_MAGNIFIER_GUARD_H */
