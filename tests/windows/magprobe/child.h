/*
 * magprobe: a question's own process, and what it says
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

#ifndef MAGPROBE_CHILD_H
#define MAGPROBE_CHILD_H

#include <windows.h>

/** What a child said, as far as it got. */
typedef struct Answer {
    char said[8192], facts[65536], profile[8192];
    unsigned last_call;
    DWORD code;
    int hung;
    int ended;              ///< it came to its end, or to that of its question
} Answer;

/** Before the first child: what is started ends with this process, however that ends. */
void children_init(void);

/** Ask one question. What is said before a crash or a hang counts. @return 0, or -1 if no child came to be */
int child_ask(int question, Answer *a);

/** Add to a text that is size bytes long: all of it or nothing, as half an item is no JSON. */
void append(char *text, size_t size, const char *separator, const char *more);

#endif /* MAGPROBE_CHILD_H */
