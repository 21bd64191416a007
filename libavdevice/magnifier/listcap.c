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

#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/macros.h"

#include "listcap.h"

/** A list of a size that should do is refused so often before it is cut. */
#define REFUSED_TRIES 3

av_cold void ff_magnifier_listcap_init(MagnifierListCap *c, int known, int most)
{
    memset(c, 0, sizeof(*c));
    c->known    = known;
    c->most     = most;
    c->believed = known;
}

int ff_magnifier_listcap_entries(const MagnifierListCap *c)
{
    return c->probing ? c->probing : c->believed;
}

void ff_magnifier_listcap_probe(MagnifierListCap *c, int wanted, int provable)
{
    c->probing = 0;
    if (wanted > c->believed && provable && !c->probe_failed && c->most > c->believed)
        c->probing = FFMIN(wanted, c->most);
}

void ff_magnifier_listcap_accepted(MagnifierListCap *c, int entries)
{
    c->refused_run = 0;
    c->accepted    = FFMAX(c->accepted, entries);
}

/** More than is known to work was tried, and does not. */
static void end_probe(MagnifierListCap *c)
{
    c->probing      = 0;
    c->probe_failed = 1;
}

int ff_magnifier_listcap_refused(MagnifierListCap *c, int entries, int least, int cut)
{
    int cap;

    if (entries <= least)
        return 0;
    if (c->probing) {
        end_probe(c);
        return 1;
    }
    if (entries <= c->accepted)
        return 0; /* as many were taken before: that is not the reason */
    if (++c->refused_run < REFUSED_TRIES)
        return 0; /* it may be something else: the next slots tell */
    if (cut > c->accepted)
        cap = cut;
    else
        cap = (c->accepted + entries) / 2;
    cap = FFMAX(cap, least);
    if (cap >= entries)
        return 0;
    c->believed = cap;
    return 1;
}

int ff_magnifier_listcap_proven(MagnifierListCap *c, int entries)
{
    c->proven = FFMAX(c->proven, entries);
    if (!c->probing)
        return 0;
    c->believed = c->probing;
    c->probing  = 0;
    return 1;
}

int ff_magnifier_listcap_ignored(MagnifierListCap *c, int entries, int canaries, int listed)
{
    if (c->probing) {
        end_probe(c);
        return 1;
    }
    if (listed > 1 && entries > c->proven) {
        c->believed = canaries + listed / 2;
        return 1;
    }
    c->believed = c->known; /* its length is not the reason */
    return 0;
}

int ff_magnifier_listcap_unproven(MagnifierListCap *c, int entries)
{
    if (entries <= c->known)
        return 0;
    /* By report such a list may be taken and then ignored, so without
     * proof it is worth nothing. Back to one that can be believed. */
    end_probe(c);
    c->believed = c->known;
    return 1;
}
