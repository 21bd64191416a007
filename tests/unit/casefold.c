/*
 * Windows Magnification API screen capture: case folding, natively
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
 * Stands in for casefold.c where there is no Windows: as there, letters go to upper and then
 * to lower case, each unit by itself, so that a text keeps its length.
 */

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <wctype.h>

#include "libavdevice/magnifier/rules.h"

int ff_magnifier_fold_case(uint16_t *text, int nb)
{
    static locale_t locale;

    if (!locale && !(locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL)))
        abort();
    for (int i = 0; i < nb; i++) {
        const wint_t c = towlower_l(towupper_l(text[i], locale), locale);

        if (c <= UINT16_MAX)
            text[i] = c;
    }
    return 0;
}
