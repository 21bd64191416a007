/*
 * magprobe: magprobe.json
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * The answers go into a file beside the one that was asked for, which gets its name
 * when all of it is written: what has that name is whole.
 */

#ifndef MAGPROBE_JSON_H
#define MAGPROBE_JSON_H

#include <stddef.h>

/** Text for between the quotes of JSON; what does not fit is left off. */
void json_quote(const char *text, char *out, size_t size);

/** Begin the file of options.json. @return 0, or -1 if it cannot be written, which was said */
int json_begin(void);

/** @param facts items of a list, as JSON. @return 0, or -1 if it cannot be written, which was said */
int json_answer(int question, const char *said, const char *facts);

/** The last one was written. @return 0, or -1 if there is no such file now, which was said */
int json_end(int interrupted);

/** Leave nothing of it, unless it has ended. */
void json_drop(void);

#endif /* MAGPROBE_JSON_H */
