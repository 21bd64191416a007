/*
 * magnifier: letters without their case
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

#include <stdint.h>

#include "libavutil/macros.h"

#include "casefold.h"

/**
 * Runs of code points that fold by the same distance: the first, how far it is to
 * the last, whether each one or every second one of them folds, and the distance.
 * From CaseFolding.txt (statuses C and S) of the Unicode Character Database 15.0.0, 1454
 * code points, printed by tests/unit/casefold.pl. Sorted by the first.
 */
static const struct {
    uint32_t first;
    uint8_t span, step;
    int32_t distance;
} fold_runs[] = {
    { 0x0041, 25, 1, 32 },     { 0x00B5, 0, 1, 775 },     { 0x00C0, 22, 1, 32 },
    { 0x00D8, 6, 1, 32 },      { 0x0100, 46, 2, 1 },      { 0x0132, 4, 2, 1 },
    { 0x0139, 14, 2, 1 },      { 0x014A, 44, 2, 1 },      { 0x0178, 0, 1, -121 },
    { 0x0179, 4, 2, 1 },       { 0x017F, 0, 1, -268 },    { 0x0181, 0, 1, 210 },
    { 0x0182, 2, 2, 1 },       { 0x0186, 0, 1, 206 },     { 0x0187, 0, 1, 1 },
    { 0x0189, 1, 1, 205 },     { 0x018B, 0, 1, 1 },       { 0x018E, 0, 1, 79 },
    { 0x018F, 0, 1, 202 },     { 0x0190, 0, 1, 203 },     { 0x0191, 0, 1, 1 },
    { 0x0193, 0, 1, 205 },     { 0x0194, 0, 1, 207 },     { 0x0196, 0, 1, 211 },
    { 0x0197, 0, 1, 209 },     { 0x0198, 0, 1, 1 },       { 0x019C, 0, 1, 211 },
    { 0x019D, 0, 1, 213 },     { 0x019F, 0, 1, 214 },     { 0x01A0, 4, 2, 1 },
    { 0x01A6, 0, 1, 218 },     { 0x01A7, 0, 1, 1 },       { 0x01A9, 0, 1, 218 },
    { 0x01AC, 0, 1, 1 },       { 0x01AE, 0, 1, 218 },     { 0x01AF, 0, 1, 1 },
    { 0x01B1, 1, 1, 217 },     { 0x01B3, 2, 2, 1 },       { 0x01B7, 0, 1, 219 },
    { 0x01B8, 0, 1, 1 },       { 0x01BC, 0, 1, 1 },       { 0x01C4, 0, 1, 2 },
    { 0x01C5, 0, 1, 1 },       { 0x01C7, 0, 1, 2 },       { 0x01C8, 0, 1, 1 },
    { 0x01CA, 0, 1, 2 },       { 0x01CB, 16, 2, 1 },      { 0x01DE, 16, 2, 1 },
    { 0x01F1, 0, 1, 2 },       { 0x01F2, 2, 2, 1 },       { 0x01F6, 0, 1, -97 },
    { 0x01F7, 0, 1, -56 },     { 0x01F8, 38, 2, 1 },      { 0x0220, 0, 1, -130 },
    { 0x0222, 16, 2, 1 },      { 0x023A, 0, 1, 10795 },   { 0x023B, 0, 1, 1 },
    { 0x023D, 0, 1, -163 },    { 0x023E, 0, 1, 10792 },   { 0x0241, 0, 1, 1 },
    { 0x0243, 0, 1, -195 },    { 0x0244, 0, 1, 69 },      { 0x0245, 0, 1, 71 },
    { 0x0246, 8, 2, 1 },       { 0x0345, 0, 1, 116 },     { 0x0370, 2, 2, 1 },
    { 0x0376, 0, 1, 1 },       { 0x037F, 0, 1, 116 },     { 0x0386, 0, 1, 38 },
    { 0x0388, 2, 1, 37 },      { 0x038C, 0, 1, 64 },      { 0x038E, 1, 1, 63 },
    { 0x0391, 16, 1, 32 },     { 0x03A3, 8, 1, 32 },      { 0x03C2, 0, 1, 1 },
    { 0x03CF, 0, 1, 8 },       { 0x03D0, 0, 1, -30 },     { 0x03D1, 0, 1, -25 },
    { 0x03D5, 0, 1, -15 },     { 0x03D6, 0, 1, -22 },     { 0x03D8, 22, 2, 1 },
    { 0x03F0, 0, 1, -54 },     { 0x03F1, 0, 1, -48 },     { 0x03F4, 0, 1, -60 },
    { 0x03F5, 0, 1, -64 },     { 0x03F7, 0, 1, 1 },       { 0x03F9, 0, 1, -7 },
    { 0x03FA, 0, 1, 1 },       { 0x03FD, 2, 1, -130 },    { 0x0400, 15, 1, 80 },
    { 0x0410, 31, 1, 32 },     { 0x0460, 32, 2, 1 },      { 0x048A, 52, 2, 1 },
    { 0x04C0, 0, 1, 15 },      { 0x04C1, 12, 2, 1 },      { 0x04D0, 94, 2, 1 },
    { 0x0531, 37, 1, 48 },     { 0x10A0, 37, 1, 7264 },   { 0x10C7, 0, 1, 7264 },
    { 0x10CD, 0, 1, 7264 },    { 0x13F8, 5, 1, -8 },      { 0x1C80, 0, 1, -6222 },
    { 0x1C81, 0, 1, -6221 },   { 0x1C82, 0, 1, -6212 },   { 0x1C83, 1, 1, -6210 },
    { 0x1C85, 0, 1, -6211 },   { 0x1C86, 0, 1, -6204 },   { 0x1C87, 0, 1, -6180 },
    { 0x1C88, 0, 1, 35267 },   { 0x1C90, 42, 1, -3008 },  { 0x1CBD, 2, 1, -3008 },
    { 0x1E00, 148, 2, 1 },     { 0x1E9B, 0, 1, -58 },     { 0x1E9E, 0, 1, -7615 },
    { 0x1EA0, 94, 2, 1 },      { 0x1F08, 7, 1, -8 },      { 0x1F18, 5, 1, -8 },
    { 0x1F28, 7, 1, -8 },      { 0x1F38, 7, 1, -8 },      { 0x1F48, 5, 1, -8 },
    { 0x1F59, 6, 2, -8 },      { 0x1F68, 7, 1, -8 },      { 0x1F88, 7, 1, -8 },
    { 0x1F98, 7, 1, -8 },      { 0x1FA8, 7, 1, -8 },      { 0x1FB8, 1, 1, -8 },
    { 0x1FBA, 1, 1, -74 },     { 0x1FBC, 0, 1, -9 },      { 0x1FBE, 0, 1, -7173 },
    { 0x1FC8, 3, 1, -86 },     { 0x1FCC, 0, 1, -9 },      { 0x1FD8, 1, 1, -8 },
    { 0x1FDA, 1, 1, -100 },    { 0x1FE8, 1, 1, -8 },      { 0x1FEA, 1, 1, -112 },
    { 0x1FEC, 0, 1, -7 },      { 0x1FF8, 1, 1, -128 },    { 0x1FFA, 1, 1, -126 },
    { 0x1FFC, 0, 1, -9 },      { 0x2126, 0, 1, -7517 },   { 0x212A, 0, 1, -8383 },
    { 0x212B, 0, 1, -8262 },   { 0x2132, 0, 1, 28 },      { 0x2160, 15, 1, 16 },
    { 0x2183, 0, 1, 1 },       { 0x24B6, 25, 1, 26 },     { 0x2C00, 47, 1, 48 },
    { 0x2C60, 0, 1, 1 },       { 0x2C62, 0, 1, -10743 },  { 0x2C63, 0, 1, -3814 },
    { 0x2C64, 0, 1, -10727 },  { 0x2C67, 4, 2, 1 },       { 0x2C6D, 0, 1, -10780 },
    { 0x2C6E, 0, 1, -10749 },  { 0x2C6F, 0, 1, -10783 },  { 0x2C70, 0, 1, -10782 },
    { 0x2C72, 0, 1, 1 },       { 0x2C75, 0, 1, 1 },       { 0x2C7E, 1, 1, -10815 },
    { 0x2C80, 98, 2, 1 },      { 0x2CEB, 2, 2, 1 },       { 0x2CF2, 0, 1, 1 },
    { 0xA640, 44, 2, 1 },      { 0xA680, 26, 2, 1 },      { 0xA722, 12, 2, 1 },
    { 0xA732, 60, 2, 1 },      { 0xA779, 2, 2, 1 },       { 0xA77D, 0, 1, -35332 },
    { 0xA77E, 8, 2, 1 },       { 0xA78B, 0, 1, 1 },       { 0xA78D, 0, 1, -42280 },
    { 0xA790, 2, 2, 1 },       { 0xA796, 18, 2, 1 },      { 0xA7AA, 0, 1, -42308 },
    { 0xA7AB, 0, 1, -42319 },  { 0xA7AC, 0, 1, -42315 },  { 0xA7AD, 0, 1, -42305 },
    { 0xA7AE, 0, 1, -42308 },  { 0xA7B0, 0, 1, -42258 },  { 0xA7B1, 0, 1, -42282 },
    { 0xA7B2, 0, 1, -42261 },  { 0xA7B3, 0, 1, 928 },     { 0xA7B4, 14, 2, 1 },
    { 0xA7C4, 0, 1, -48 },     { 0xA7C5, 0, 1, -42307 },  { 0xA7C6, 0, 1, -35384 },
    { 0xA7C7, 2, 2, 1 },       { 0xA7D0, 0, 1, 1 },       { 0xA7D6, 2, 2, 1 },
    { 0xA7F5, 0, 1, 1 },       { 0xAB70, 79, 1, -38864 }, { 0xFF21, 25, 1, 32 },
    { 0x10400, 39, 1, 40 },    { 0x104B0, 35, 1, 40 },    { 0x10570, 10, 1, 39 },
    { 0x1057C, 14, 1, 39 },    { 0x1058C, 6, 1, 39 },     { 0x10594, 1, 1, 39 },
    { 0x10C80, 50, 1, 64 },    { 0x118A0, 31, 1, 32 },    { 0x16E40, 31, 1, 32 },
    { 0x1E900, 33, 1, 34 },
};

uint32_t ff_magnifier_casefold_beyond_ascii(uint32_t c)
{
    int lo = 0, hi = FF_ARRAY_ELEMS(fold_runs);

    /* The last run that begins at c or before it is the only one that can hold it. */
    while (hi - lo > 1) {
        int mid = (lo + hi) / 2;

        if (fold_runs[mid].first <= c)
            lo = mid;
        else
            hi = mid;
    }
    if (c - fold_runs[lo].first > fold_runs[lo].span ||
        (c - fold_runs[lo].first) % fold_runs[lo].step)
        return c;
    return c + fold_runs[lo].distance;
}
