/*
 * magnifier: the exclusion of one capture
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
 * How are the rules, the windows on the screen, the API's list and the canary brought
 * together for one capture?
 *
 * The guard (guard.h) owns the order of the steps and the decision about each
 * frame; this file gives it hands. Runtime's thread, all of it.
 */

#ifndef AVDEVICE_MAGNIFIER_EXCLUDE_H
#define AVDEVICE_MAGNIFIER_EXCLUDE_H

#include "libavutil/frame.h"

#include "control.h"
#include "exclude_log.h"
#include "guard.h"
#include "log.h"
#include "region.h"
#include "metadata.h"
#include "rulefile.h"
#include "rules.h"
#include "window.h"

/** Options; the strings are the caller's, UTF-8, and may be NULL. */
typedef struct MagnifierExcludeOptions {
    const char *rules;          ///< option exclude
    const char *file;           ///< option exclude_file
    int required;               ///< option exclude_required
    int proof;                  ///< option exclude_proof, enum MagnifierGuardProofMode
    MagnifierExcludeLog *log;   ///< of option exclude_log; NULL: there is none
} MagnifierExcludeOptions;

/** What has come of the strings, see rulefile.h. */
typedef struct MagnifierExcludeRules {
    MagnifierRules *rules;      ///< to begin with; taken over by who is given them
    MagnifierRulefile *file;    ///< where new ones come from; NULL without exclude_file
} MagnifierExcludeRules;

/** What becomes of pictures that were delivered already, should they be wanted again. */
enum MagnifierForget {
    MAGNIFIER_KEEP,
    MAGNIFIER_FORGET_UNSEEN,    ///< soon, unless the windows can be seen again before that
    MAGNIFIER_FORGET_SOON,      ///< they show a window that has begun to match since
    MAGNIFIER_FORGET,           ///< they may show what the rules leave out by now
};

/**
 * What the exclusion needs of its capture. A frame has one buffer, bgr0, and its pts is
 * ff_magnifier_clock() when its capture began.
 */
typedef struct MagnifierScene {
    void *opaque;
    /** The controls of the region, *nb of them; NULL when there is none. */
    MagnifierControl *(*controls)(void *opaque, int *nb);
    /** The captured region, desktop coordinates. */
    const MagnifierRect *(*region)(void *opaque);
    /**
     * Capture, without the pointer. Must not make controls anew: the list would be gone.
     * @return 0; AVERROR_EXTERNAL: no picture; AVERROR(ENOMEM)
     */
    int (*compose)(void *opaque, AVFrame **frame);
    /** Draw the pointer. */
    void (*finish)(void *opaque, AVFrame *frame);
} MagnifierScene;

/** Counters for the line at close. */
typedef struct MagnifierExcludeSummary {
    MagnifierGuardStats guard;
    MagnifierWindowsStats windows;
} MagnifierExcludeSummary;

typedef struct MagnifierExclude MagnifierExclude;

/**
 * Look at the windows; prints the resolved list.
 *
 * @param rules those of the options; the file must stay until close
 * @param scene copied
 * @param log   must stay until close
 * @return 0; ENOENT for a rule that matches no window, when they are required to; ENOMEM;
 *         EXTERNAL. Each with its line.
 */
int ff_magnifier_rt_exclude_open(MagnifierExclude **exclude, const MagnifierExcludeOptions *options,
                                 MagnifierExcludeRules *rules, const MagnifierScene *scene,
                                 MagnifierLog *log);

/** Free; *exclude may be NULL and becomes so. */
void ff_magnifier_rt_exclude_close(MagnifierExclude **exclude);

/**
 * Give new controls the list of what matches now, as far as it takes that, before a picture
 * is captured for a test. Whether the list is in force is the guard's to find out later.
 *
 * @return 0; AVERROR_EXTERNAL when the windows cannot be listed or the API refuses them
 */
int ff_magnifier_rt_exclude_prime(MagnifierExclude *exclude);

/**
 * The controls are about to be destroyed: the canaries go, and the list with its proof
 * begins anew.
 *
 * @param metadata set with a frame
 * @return the frame that was held, if a last look around says that it may leave; else NULL
 */
AVFrame *ff_magnifier_rt_exclude_invalidate(MagnifierExclude *exclude, MagnifierMetadata *metadata);

/** Generation of the rules that are followed now: 1, 2, ... Any thread. */
unsigned ff_magnifier_exclude_generation(const MagnifierExclude *exclude);

/**
 * The region is about to move. To be called while scene.region() still says where it was.
 *
 * @param region   where it will be
 * @param metadata set with a frame
 * @return as of ff_magnifier_rt_exclude_invalidate()
 */
AVFrame *ff_magnifier_rt_exclude_move(MagnifierExclude *exclude, const MagnifierRect *region,
                                      MagnifierMetadata *metadata);

/** What one call for a picture has. */
typedef struct MagnifierResult {
    AVFrame *frame;                 ///< with MAGNIFIER_FRAME, the caller's to free; else NULL
    MagnifierMetadata metadata;     ///< of the frame
    const char *reason;             ///< why another frame was held back in this call; NULL: none was
    int forget;                     ///< enum MagnifierForget, raised if need be
    int holds;                      ///< a picture was taken, and waits for its confirmation
    int64_t took;                   ///< pts of the picture that was taken last in this call, which
                                    ///< waits or is the one that leaves; 0: none was
    int64_t again_at;               ///< ff_magnifier_clock() when to call again before the next
                                    ///< slot begins; INT64_MAX: not needed
    const char *outage;             ///< what an outage is; NULL: the API gave no picture
    char culprit[64];               ///< program of the window that held a frame back last;
                                    ///< empty: unknown
} MagnifierResult;

/**
 * In place of ff_magnifier_rt_exclude_next() while no picture is wanted: follow the rules and the
 * windows, so that they are known when one is.
 *
 * @param forget as of MagnifierResult
 * @return 0, AVERROR(ENOMEM)
 */
int ff_magnifier_rt_exclude_idle(MagnifierExclude *exclude, int *forget);

/**
 * One call of the guard.
 *
 * @param begins a slot begins; 0: it goes on, see again_at
 * @return enum MagnifierStatus, or a negative error
 */
int ff_magnifier_rt_exclude_next(MagnifierExclude *exclude, int begins, MagnifierResult *result);

/** Is another desktop on the screen (lock screen, UAC), of which there is no picture? */
int ff_magnifier_rt_exclude_secure_desktop(const MagnifierExclude *exclude);

/** Do the rules leave out the window with that handle? Of what was known at the last look. */
int ff_magnifier_rt_exclude_leaves_out(const MagnifierExclude *exclude, uint64_t handle);

/** Messages were pumped: look at what was heard of windows, as long as they live. */
void ff_magnifier_rt_exclude_heard(MagnifierExclude *exclude);

/** Was the last slot unsafe because the API refused the list, or did not give it back? */
int ff_magnifier_rt_exclude_list_fails(const MagnifierExclude *exclude);

void ff_magnifier_rt_exclude_summary(const MagnifierExclude *exclude,
                                     MagnifierExcludeSummary *summary);

/**
 * Print every top-level window as the rules see it, for -window_list: one log line each, or all as
 * JSON for the standard output.
 *
 * @return 0 or an error with its line
 */
int ff_magnifier_rt_exclude_print_windows(MagnifierExcludeRules *rules, int json, MagnifierLog *log);

#endif /* AVDEVICE_MAGNIFIER_EXCLUDE_H */
