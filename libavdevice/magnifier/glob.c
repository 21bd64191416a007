/*
 * magnifier: globs
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
 * A glob is folded when it is made, so that matching only compares numbers.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "casefold.h"
#include "glob.h"

/* Words that hold a bit for each place in a glob: before its first element that is no
 * star, and behind each of them. */
#define GLOB_WORDS(literals)    ((literals) / 64 + 1)

/** One block of memory, with what its pointers point to behind it. */
struct MagnifierGlob {
    int nb;
    int literals;       ///< elements that are not a star
    int nb_letters;
    uint32_t *elements; ///< as they were given
    uint32_t *folded;   ///< of a glob without stars: the elements as they are compared
    uint32_t *letters;  ///< of a glob with stars: its code points, folded, once each, sorted
    uint64_t masks[];   ///< rows of bits, see fill_masks(); none without stars
};

static uint32_t fold_element(uint32_t c)
{
    return c < MAGNIFIER_GLOB_STAR ? ff_magnifier_casefold(c) : c;
}

static int compare_letters(const void *a, const void *b)
{
    return FFDIFFSIGN(*(const uint32_t *)a, *(const uint32_t *)b);
}

/** Find the code points of a glob, each one once and sorted. @return how many there are */
static int find_letters(uint32_t *letters, const uint32_t *elements, int nb)
{
    int nb_letters = 0, n = 0, i;

    for (i = 0; i < nb; i++)
        if (elements[i] < MAGNIFIER_GLOB_STAR)
            letters[n++] = fold_element(elements[i]);
    qsort(letters, n, sizeof(*letters), compare_letters);
    for (i = 0; i < n; i++)
        if (!nb_letters || letters[nb_letters - 1] != letters[i])
            letters[nb_letters++] = letters[i];
    return nb_letters;
}

/** @return the place of a code point among the letters of a glob; nb_letters if it is none */
static int letter_of(const MagnifierGlob *glob, uint32_t c)
{
    int lo = 0, hi = glob->nb_letters;

    while (lo < hi) {
        const int mid = (lo + hi) / 2;

        if (glob->letters[mid] == c)
            return mid;
        if (glob->letters[mid] < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return glob->nb_letters;
}

/**
 * Prepare a glob with stars for star_matches(). In each row of masks, bit n is about the
 * place behind the n-th element that is no star. There is a row for each letter: it leads to
 * that place; a row for all other code points, which only a ? lets pass; and one that says
 * that a star stands there, which lets everything pass and stays.
 */
static void fill_masks(MagnifierGlob *glob)
{
    const int words = GLOB_WORDS(glob->literals);
    int i, j, n = 0;

    for (i = 0; i < glob->nb; i++) {
        const uint32_t c = fold_element(glob->elements[i]);
        const int first  = c == MAGNIFIER_GLOB_STAR ? glob->nb_letters + 1 :
                           c == MAGNIFIER_GLOB_ANY  ? 0 : letter_of(glob, c);
        const int last   = c == MAGNIFIER_GLOB_ANY ? glob->nb_letters : first;

        n += c != MAGNIFIER_GLOB_STAR;
        for (j = first; j <= last; j++)
            glob->masks[j * words + n / 64] |= UINT64_C(1) << n % 64;
    }
}

MagnifierGlob *ff_magnifier_glob_alloc(const uint32_t *elements, int nb)
{
    uint32_t letters[MAGNIFIER_GLOB_MAX];
    int literals = 0, nb_letters = 0, nb_masks = 0, nb_chars = 2 * nb, i;
    MagnifierGlob *glob;

    for (i = 0; i < nb; i++)
        literals += elements[i] != MAGNIFIER_GLOB_STAR;
    if (literals < nb) {
        nb_letters = find_letters(letters, elements, nb);
        nb_masks   = (nb_letters + 2) * GLOB_WORDS(literals);
        nb_chars   = nb + nb_letters;
    }
    glob = av_mallocz(sizeof(*glob) + nb_masks * sizeof(*glob->masks) +
                      nb_chars * sizeof(*glob->elements));
    if (!glob)
        return NULL;
    glob->nb         = nb;
    glob->literals   = literals;
    glob->nb_letters = nb_letters;
    glob->elements   = (uint32_t *)(glob->masks + nb_masks);
    for (i = 0; i < nb; i++)
        glob->elements[i] = elements[i];

    if (literals < nb) {
        glob->letters = glob->elements + nb;
        memcpy(glob->letters, letters, nb_letters * sizeof(*letters));
        fill_masks(glob);
    } else {
        glob->folded = glob->elements + nb;
        for (i = 0; i < nb; i++)
            glob->folded[i] = fold_element(elements[i]);
    }
    return glob;
}

const uint32_t *ff_magnifier_glob_elements(const MagnifierGlob *glob, int *nb)
{
    *nb = glob->nb;
    return glob->elements;
}

/** A glob without stars takes each code point at its own place. */
static int plain_matches(const MagnifierGlob *glob, const uint32_t *text, int len)
{
    int i;

    for (i = 0; i < len && i < glob->nb; i++)
        if (glob->folded[i] != text[i] && glob->folded[i] != MAGNIFIER_GLOB_ANY)
            return 0;
    return len == glob->nb;
}

/**
 * All places in the glob that the text read so far may have led to, at once, as bits: so
 * no text makes anything be tried twice, and each code point of it costs a search among the
 * letters of the glob and a step for every 64 of its elements. (The algorithm is known as
 * Shift-And; Baeza-Yates and Gonnet, A New Approach to Text Searching, 1992.)
 */
static int star_matches(const MagnifierGlob *glob, const uint32_t *text, int len)
{
    const int words = GLOB_WORDS(glob->literals);
    const uint64_t *stars = glob->masks + (glob->nb_letters + 1) * words;
    uint64_t places[GLOB_WORDS(MAGNIFIER_GLOB_MAX)] = { 1 };
    uint64_t any = len >= glob->literals;
    int i, w;

    for (i = 0; i < len && any; i++) {
        const uint64_t *row = glob->masks + letter_of(glob, text[i]) * words;
        uint64_t carry = 0;

        for (any = w = 0; w < words; w++) {
            const uint64_t before = places[w];

            places[w] = ((before << 1 | carry) & row[w]) | (before & stars[w]);
            carry     = before >> 63;
            any      |= places[w];
        }
    }
    return any && places[glob->literals / 64] >> glob->literals % 64 & 1;
}

int ff_magnifier_glob_matches(const MagnifierGlob *glob, const uint32_t *text, int len)
{
    return (glob->literals < glob->nb ? star_matches : plain_matches)(glob, text, len);
}
