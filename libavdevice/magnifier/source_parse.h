/*
 * magnifier: what stands after -i
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
 * What is it that stands after -i? "desktop", "monitor=N", "monitor=NAME", "title=TEXT" or "hwnd=0x...".
 * Any thread.
 */

#ifndef AVDEVICE_MAGNIFIER_SOURCE_PARSE_H
#define AVDEVICE_MAGNIFIER_SOURCE_PARSE_H

#include <stdint.h>

enum MagnifierSourceKind {
    MAGNIFIER_SOURCE_DESKTOP,
    MAGNIFIER_SOURCE_MONITOR,   ///< name: its number or name
    MAGNIFIER_SOURCE_TITLE,     ///< name: the title of a window
    MAGNIFIER_SOURCE_HWND,      ///< a window
};

typedef struct MagnifierSource {
    enum MagnifierSourceKind kind;
    const char *name;           ///< UTF-8, not empty; NULL where there is none
    uint64_t hwnd;
} MagnifierSource;

/**
 * Understand what stands after -i.
 *
 * @param[out] source its name is part of url; with an error, kind is what the text begins as
 * @return 0; AVERROR(EINVAL): it is nothing that can be captured
 */
int ff_magnifier_source_parse(MagnifierSource *source, const char *url);

#endif /* AVDEVICE_MAGNIFIER_SOURCE_PARSE_H */
