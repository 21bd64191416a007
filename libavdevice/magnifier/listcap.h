/*
 * magnifier: length of the filter list
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
 * How many entries does the filter list take?
 *
 * As many as it is reported to take, to begin with. Lists that are refused, that come back
 * cut short, or that are taken and then ignored tell of less; and where a canary would
 * tell of a list that is ignored, more is tried.
 *
 * All numbers are entries: windows and canaries.
 */

#ifndef AVDEVICE_MAGNIFIER_LISTCAP_H
#define AVDEVICE_MAGNIFIER_LISTCAP_H

typedef struct MagnifierListCap {
    int believed;       ///< what the list is believed to take
    int probing;        ///< longer than that: the length that is being tried; 0: none
    int known;          ///< length that it is reported to take, believed without proof
    int most;           ///< longest that is tried
    int accepted;       ///< most that were read back alike
    int proven;         ///< most that a canary has proven
    int probe_failed;   ///< a trial failed: there is no other
    int refused_run;    ///< lists refused in a row
} MagnifierListCap;

/**
 * Begin, or forget what was learnt.
 * @param known what the list is reported to take
 * @param most  entries that are tried when more are wanted, under proof
 */
void ff_magnifier_listcap_init(MagnifierListCap *c, int known, int most);

/** @return how long the next list may be */
int ff_magnifier_listcap_entries(const MagnifierListCap *c);

/**
 * A new version begins: try a longer list, if that is to be had.
 * @param wanted   entries that there should be room for
 * @param provable a canary would show that the list was ignored
 */
void ff_magnifier_listcap_probe(MagnifierListCap *c, int wanted, int provable);

/** The list was read back as it was set. */
void ff_magnifier_listcap_accepted(MagnifierListCap *c, int entries);

/**
 * The list was refused, or was not what came back.
 * @param least a list has to have at least so many
 * @param cut   so many came back, from its beginning; 0: something else did
 * @return 1: a shorter one may do, try again; 0: that is not the reason, as far as known
 */
int ff_magnifier_listcap_refused(MagnifierListCap *c, int entries, int least, int cut);

/** A canary proves the list. @return 1: something was learnt */
int ff_magnifier_listcap_proven(MagnifierListCap *c, int entries);

/**
 * The canaries have stayed in the picture too often.
 * @param canaries of the entries
 * @param listed   windows on the list
 * @return 1: something was learnt; 0: its length is not the reason
 */
int ff_magnifier_listcap_ignored(MagnifierListCap *c, int entries, int canaries, int listed);

/**
 * There is no proof of the list.
 * @return 1: it is longer than can be believed without; the next one is not
 */
int ff_magnifier_listcap_unproven(MagnifierListCap *c, int entries);

#endif /* AVDEVICE_MAGNIFIER_LISTCAP_H */
