/*
 * magnifier: texts in JSON
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
 * How does a text of another program's stand in JSON?
 *
 * So that every parser takes it, and a terminal that shows the line does nothing else: what
 * nobody sees (printable.h) is escaped, what is no UTF-8 becomes U+FFFD, the rest stays UTF-8.
 */

#ifndef AVDEVICE_MAGNIFIER_JSON_H
#define AVDEVICE_MAGNIFIER_JSON_H

#include "libavutil/bprint.h"

/**
 * Append a text with its quotes. Any thread.
 *
 * @param text UTF-8, whatever is in it; NULL: it is unknown, which is null
 */
void ff_magnifier_json_string(AVBPrint *bp, const char *text);

/** Append a member that is not the first one: a comma, its name (ASCII) and its text. */
void ff_magnifier_json_member(AVBPrint *bp, const char *name, const char *text);

#endif /* AVDEVICE_MAGNIFIER_JSON_H */
