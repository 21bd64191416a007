/*
 * magnifier: another program's text, printed
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
 * What of another program's text may stand in a line of ours?
 *
 * Not what would begin a line of its own, or let a terminal do something, or make a part of the
 * line be read backwards, so that it says something else. Nor what nobody sees, as then nobody sees
 * why a rule does not match. Such a character is printed as \u{200B}, its code point in hex: 1 to 6
 * digits. That is read back in rules (rules.h) and after -i title=, where a \ that stands before
 * u{ is itself written so, \u{5C}u{, and any other \ is just that.
 */

#ifndef AVDEVICE_MAGNIFIER_PRINTABLE_H
#define AVDEVICE_MAGNIFIER_PRINTABLE_H

#include <stdint.h>

#include "libavutil/bprint.h"

/**
 * Does nobody see this character, or see it as a space? A blank and all that has a shape is seen.
 *
 * Unseen are control characters, separators of lines and paragraphs, marks of the direction of
 * text, what Unicode calls Default_Ignorable_Code_Point (zero width, soft hyphen, byte order mark,
 * variation selectors, fillers, tags) and the other format characters without a shape, and all
 * spaces but U+0020.
 */
int ff_magnifier_is_unseen(uint32_t c);

/** Does one of these look like a space? The others take no room. */
int ff_magnifier_is_space(uint32_t c);

/** Append a character as \u{200B}. */
void ff_magnifier_print_escape(AVBPrint *bp, uint32_t c);

/**
 * Append a text, with escapes for what nobody sees, and for a blank at its end.
 *
 * @param text UTF-8; a byte that is none becomes U+FFFD
 * @param max  bytes to append at most, but for the last character; then follows "..."
 */
void ff_magnifier_print_text(AVBPrint *bp, const char *text, unsigned max);

/**
 * Read an escape, as the parser of rules does.
 *
 * @param[out] c    what it names: any number of six hex digits
 * @param      text what begins with \u{
 * @return how many bytes it has; 0: it is not well formed
 */
int ff_magnifier_read_escape(uint32_t *c, const char *text);

/** Is it a character that a text of Windows can have? Half a surrogate pair is none. */
static inline int ff_magnifier_is_character(uint32_t c)
{
    return c && c <= 0x10FFFF && c - 0xD800 >= 0x800;
}

/**
 * Put in the place of each escape what it names.
 *
 * @param[in,out] text UTF-8
 * @return NULL; else where an escape begins that is not well formed or names no character
 */
const char *ff_magnifier_unescape(char *text);

#endif /* AVDEVICE_MAGNIFIER_PRINTABLE_H */
