/*
 * magprobe: in which frames
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

#include "magprobe.h"
#include "when.h"

#define BIT(n) (UINT64_C(1) << (n))

void when_note(When *w, unsigned n, int is_so)
{
    w->known |= BIT(n);
    if (is_so)
        w->set |= BIT(n);
}

int when_always(const When *w)
{
    return w->set && w->set == w->known;
}

/* The last frame of the run that begins at first; what is not known goes along. */
static unsigned end_of_run(const When *w, unsigned first)
{
    unsigned n, last = first;

    for (n = first + 1; n <= NB_FRAMES; n++) {
        if (w->set & BIT(n))
            last = n;
        else if (w->known & BIT(n))
            return last;
    }
    return NB_FRAMES;
}

/* The period of what comes in every N-th frame, or 0. */
static unsigned period(const When *w)
{
    unsigned n, every = 1;

    while (every <= NB_FRAMES && !(w->set & BIT(every)))
        every++;
    if (every < 2 || every > NB_FRAMES / 2)
        return 0;
    for (n = 1; n <= NB_FRAMES; n++)
        if ((w->known & BIT(n)) && !(w->set & BIT(n)) == (n % every == 0))
            return 0;
    return every;
}

void when_report(const When *w, const char *key, const char *value, const char *otherwise)
{
    unsigned n, last, every = period(w);

    if (when_always(w)) {
        setting("%s = %s", key, value);
    } else if (every) {
        setting("%s = %s every %u", key, value, every);
    } else {
        for (n = 1; n <= NB_FRAMES; n = last + 1) {
            last = n;
            if (!(w->set & BIT(n)))
                continue;
            last = end_of_run(w, n);
            if (last == NB_FRAMES)
                setting("%s = %s frames %u..", key, value, n);
            else if (last == n)
                setting("%s = %s frame %u", key, value, n);
            else
                setting("%s = %s frames %u..%u", key, value, n, last);
        }
    }
    if (!w->set && w->known && otherwise)
        setting("%s = %s", key, otherwise);
}
