/*
 * magnifier: tests of the image header's check
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

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libavdevice/magnifier/header.h"

static MagnifierPicture picture(uint32_t w, uint32_t h, uint32_t stride, uint32_t offset, uint64_t size)
{
    MagnifierPicture p = { w, h, stride, offset, size };

    return p;
}

static void assert_good(MagnifierPicture p, int w, int h)
{
    assert_null(ff_magnifier_header_check(&p, w, h));
}

static void assert_bad(MagnifierPicture p, int w, int h)
{
    assert_non_null(ff_magnifier_header_check(&p, w, h));
}

static void the_simple_header_is_good(void **state)
{
    assert_good(picture(1280, 720, 5120, 0, 5120 * 720), 1280, 720);
    assert_good(picture(1, 1, 4, 0, 4), 1, 1);
}

static void padded_rows_and_an_offset_are_good(void **state)
{
    assert_good(picture(1279, 720, 5120, 32, 5120 * 720 + 32), 1279, 720);
    /* the last row needs no padding behind it */
    assert_good(picture(3, 2, 100, 8, 8 + 100 + 12), 3, 2);
}

static void another_size_than_asked_for_is_refused(void **state)
{
    assert_bad(picture(1281, 720, 8192, 0, 1 << 30), 1280, 720);
    assert_bad(picture(1279, 720, 8192, 0, 1 << 30), 1280, 720);
    assert_bad(picture(1280, 719, 8192, 0, 1 << 30), 1280, 720);
    assert_bad(picture(1280, 721, 8192, 0, 1 << 30), 1280, 720);
    assert_bad(picture(0, 0, 0, 0, 0), 1280, 720);
}

static void overlapping_rows_are_refused(void **state)
{
    assert_bad(picture(1280, 720, 5119, 0, 1 << 30), 1280, 720);
    assert_bad(picture(1280, 1, 0, 0, 1 << 30), 1280, 1);
}

static void a_block_one_byte_short_is_refused(void **state)
{
    assert_bad(picture(1280, 720, 5120, 0, 5120 * 720 - 1), 1280, 720);
    assert_bad(picture(1280, 720, 5120, 1, 5120 * 720), 1280, 720);
    assert_bad(picture(3, 2, 100, 8, 8 + 100 + 11), 3, 2);
    assert_bad(picture(1, 1, 4, 0, 0), 1, 1);
}

static void sums_beyond_32_bits_do_not_wrap(void **state)
{
    uint32_t half = 0x80000000u;

    /* in 32 bits: 2 * 2^31 = 0 */
    assert_bad(picture(1, 3, half, 0, 4096), 1, 3);
    assert_bad(picture(1, 2, 4, UINT32_MAX, 4096), 1, 2);
    assert_bad(picture(1, 2, UINT32_MAX, UINT32_MAX, UINT32_MAX), 1, 2);
    assert_good(picture(1, 2, UINT32_MAX, UINT32_MAX, UINT64_C(2) * UINT32_MAX + 4), 1, 2);
    assert_bad(picture(1, 2, UINT32_MAX, UINT32_MAX, UINT64_C(2) * UINT32_MAX + 3), 1, 2);
    /* the largest there is: no term wraps in 64 bits either */
    assert_bad(picture(INT32_MAX, INT32_MAX, UINT32_MAX, UINT32_MAX, 0), INT32_MAX, INT32_MAX);
    assert_good(picture(1, INT32_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX), 1, INT32_MAX);
}

/** What a header means, row by row and slowly. */
static int every_row_lies_inside(const MagnifierPicture *p)
{
    for (uint32_t y = 0; y < p->height; y++) {
        unsigned __int128 begin = p->offset + (unsigned __int128)y * p->stride;

        if (begin + (unsigned __int128)4 * p->width > p->size)
            return 0;
    }
    return 1;
}

static uint32_t some(unsigned *seed)
{
    static const uint32_t corners[] = { 0, 1, 3, 4, 5, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff };
    unsigned r = rand_r(seed);

    return r & 1 ? corners[(r >> 1) % 9] : (r >> 1) % 64;
}

static void random_headers_agree_with_the_slow_reading(void **state)
{
    unsigned seed = 1;
    int good = 0;

    for (int i = 0; i < 1000000; i++) {
        int w = 1 + some(&seed) % 8, h = 1 + some(&seed) % 8;
        MagnifierPicture p = picture(w, h, some(&seed), some(&seed), some(&seed) * (uint64_t)some(&seed));
        int expected = p.stride >= 4 * p.width && every_row_lies_inside(&p);

        assert_int_equal(!ff_magnifier_header_check(&p, w, h), expected);
        good += expected;
    }
    /* both answers were met often */
    assert_in_range(good, 10000, 990000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_simple_header_is_good),
        cmocka_unit_test(padded_rows_and_an_offset_are_good),
        cmocka_unit_test(another_size_than_asked_for_is_refused),
        cmocka_unit_test(overlapping_rows_are_refused),
        cmocka_unit_test(a_block_one_byte_short_is_refused),
        cmocka_unit_test(sums_beyond_32_bits_do_not_wrap),
        cmocka_unit_test(random_headers_agree_with_the_slow_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
