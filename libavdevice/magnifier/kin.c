/*
 * magnifier: windows that belong together
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
 * Does this window belong to one that is left out?
 */

#include "config.h"

#include <stdint.h>

#include "libavutil/attributes.h"

#include <windows.h>

#include "kin.h"

/* Microseconds of a walk that may go into asking windows of other programs for their owners. */
#define OTHERS_BUDGET 25

av_cold void ff_magnifier_rt_kin_open(MagnifierKin *kin, MagnifierIdentities *ids)
{
    HMODULE user32 = GetModuleHandleW(L"user32.dll");

    kin->ids = ids;
    if (user32)
        kin->hung_from_ghost = (MagnifierHungFromGhost)(void (*)(void))
            GetProcAddress(user32, "HungWindowFromGhostWindow");
}

int ff_magnifier_rt_kin_relate_one(const MagnifierKin *kin, MagnifierWindow *win)
{
    const MagnifierWindow *other = NULL;
    MagnifierWhy why = MAGNIFIER_WHY_NOT;
    int i;

    if (win->why || win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    if (win->owner) {
        HWND root;

        other = ff_magnifier_window_find(kin->ids, win->owner);
        if (!other && (root = GetAncestor(win->owner, GA_ROOT)) && root != win->hwnd)
            other = ff_magnifier_window_find(kin->ids, root);
        if (other && other->why)
            why = MAGNIFIER_WHY_OWNER;
    }
    if (!why && win->kind & MAGNIFIER_KIND_GHOST) {
        HWND hung = kin->hung_from_ghost ? kin->hung_from_ghost(win->hwnd) : NULL;

        other = ff_magnifier_window_find(kin->ids, hung);
        if (other && other->why) {
            why = MAGNIFIER_WHY_GHOST;
        } else if (!other) {
            win->why  = MAGNIFIER_WHY_UNKNOWN;
            win->rule = -1;
            return 1;
        }
    }
    if (!why && win->kind & MAGNIFIER_KIND_POPUP) {
        for (i = 0; i < kin->ids->nb_order && !why; i++) {
            other = kin->ids->order[i];
            if (other->thread == win->thread && other->why && other != win)
                why = MAGNIFIER_WHY_THREAD;
        }
    }
    if (!why)
        return 0;
    win->why    = why;
    win->rule   = other->rule;
    win->sticky = other->sticky;
    return 1;
}

/** Was a window of its program left out in this walk or the one before? */
static int is_of_matched(const MagnifierWindow *win, uint64_t walk)
{
    return win->process->matched && win->process->matched + 1 >= walk;
}

/**
 * A new owner is told by no event. So while a window is left out, those on the screen are
 * asked for theirs in every second thorough walk: all of its program, which mostly is the
 * owner's, and of others as many as there is time for, in turn. On Windows that is expected
 * to be all of them each time, as no system call is needed there, which has not been
 * measured. Hidden ones have time until they are shown.
 */
static void rt_read_owners(MagnifierKin *kin, uint64_t walk, uint64_t round)
{
    int is_time = ff_magnifier_allowance_begin(&kin->others, OTHERS_BUDGET);
    int first = kin->other_at, i;

    for (i = 0; i < kin->ids->nb_order; i++) {
        int at = (first + i) % kin->ids->nb_order;
        MagnifierWindow *win = kin->ids->order[at];
        int other;

        if (win->hidden || win->why || win->kind & MAGNIFIER_KIND_OURS || (win->serial ^ round) & 1)
            continue;
        other = !is_of_matched(win, walk);
        if (other && !is_time)
            continue;
        win->owner = GetWindow(win->hwnd, GW_OWNER);
        if (other) {
            kin->other_at = at + 1;
            is_time = !ff_magnifier_allowance_spent(&kin->others);
        }
    }
}

void ff_magnifier_rt_kin_relate(MagnifierKin *kin, uint64_t walk, uint64_t round)
{
    MagnifierWindow *const *order = kin->ids->order;
    int i, more, any = 0;

    for (i = 0; i < kin->ids->nb_order; i++) {
        any |= order[i]->why || order[i]->kind & MAGNIFIER_KIND_GHOST;
        if (order[i]->why)
            order[i]->process->matched = walk;
    }
    if (any && round)
        rt_read_owners(kin, walk, round);
    for (more = any; more;) {
        more = 0;
        for (i = 0; i < kin->ids->nb_order; i++) {
            if (ff_magnifier_rt_kin_relate_one(kin, order[i])) {
                order[i]->process->matched = walk;
                more = 1;
            }
        }
    }
}

void ff_magnifier_rt_kin_take_in(MagnifierWindow *holder, const MagnifierWindow *child)
{
    if (!child->why || holder->why || holder->kind & MAGNIFIER_KIND_OURS)
        return;
    holder->why    = MAGNIFIER_WHY_CHILD;
    holder->rule   = child->rule;
    holder->sticky = 1;
}
