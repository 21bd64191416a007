/*
 * magnifier: what a packet says of its picture
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
 * What does a packet say of its picture?
 *
 * The exclusion tells of each picture that it lets go, and that stays with the picture; what
 * stands in place of one is told of by slots.c. In the packet it is side data of type
 * AV_PKT_DATA_STRINGS_METADATA, which decoders make the frame's metadata of.
 */

#ifndef AVDEVICE_MAGNIFIER_METADATA_H
#define AVDEVICE_MAGNIFIER_METADATA_H

struct AVPacket;

enum MagnifierState {
    MAGNIFIER_STATE_OPEN,       ///< a new picture; nothing was to be left out, or nothing is to be seen
    MAGNIFIER_STATE_PROVEN,     ///< one for which the canary proves the list
    MAGNIFIER_STATE_CLEAN,      ///< one without that proof; all else was clean
    MAGNIFIER_STATE_REPEAT,     ///< none was certain: the last one again
    MAGNIFIER_STATE_BLACK,      ///< none was certain: black
    MAGNIFIER_STATE_OUTAGE,     ///< the API gave none: the last one again, or black
    MAGNIFIER_NB_STATES
};

/** Its name in the metadata; never NULL. */
static inline const char *ff_magnifier_state_name(enum MagnifierState state)
{
    switch (state) {
    case MAGNIFIER_STATE_OPEN:   return "open";
    case MAGNIFIER_STATE_PROVEN: return "proven";
    case MAGNIFIER_STATE_CLEAN:  return "clean";
    case MAGNIFIER_STATE_REPEAT: return "repeat";
    case MAGNIFIER_STATE_BLACK:  return "black";
    case MAGNIFIER_STATE_OUTAGE: return "outage";
    default:                     return "unknown";
    }
}

/** All but state and reason are about the picture that the packet has, also when it is repeated. */
typedef struct MagnifierMetadata {
    enum MagnifierState state;
    unsigned    list;           ///< number of the list that it was composed with; 0: none
    int         listed;         ///< windows on that list, canaries apart
    int         painted;        ///< windows that did not fit on it
    unsigned    rules;          ///< generation of the rules: 1, 2, ...
    const char *reason;         ///< why there is no new picture; NULL: there is one
} MagnifierMetadata;

/**
 * Put it into a packet. Any thread.
 *
 * @return 0 or AVERROR(ENOMEM)
 */
int ff_magnifier_metadata_attach(struct AVPacket *pkt, const MagnifierMetadata *metadata);

#endif /* AVDEVICE_MAGNIFIER_METADATA_H */
