/*
 * Tests of the pointer blending
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

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/blend.h"

static uint32_t seed = 1;

static int rnd(int n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static MagnifierShape make_shape(enum MagnifierShapeKind kind, int w, int h)
{
    MagnifierShape shape = { .kind = kind, .width = w, .height = h };
    int i;

    /* exactly as large as it must be: the sanitizer sees one byte more */
    shape.pixels = malloc(4 * w * h);
    assert_non_null(shape.pixels);
    for (i = 0; i < w * h; i++) {
        uint8_t *p = shape.pixels + 4 * i;
        int c;

        p[3] = kind == MAGNIFIER_SHAPE_MASKED ? 255 * rnd(2) : rnd(4) * 85;
        for (c = 0; c < 3; c++)
            p[c] = rnd(256);
    }
    return shape;
}

/** What one pixel becomes; as plain as can be. */
static void reference_pixel(uint8_t out[4], const uint8_t dst[4],
                            const uint8_t src[4], enum MagnifierShapeKind kind)
{
    const double a = src[3] / 255.0;
    int c;

    for (c = 0; c < 3; c++)
        switch (kind) {
        case MAGNIFIER_SHAPE_ALPHA:
            out[c] = (int)(src[c] * a + dst[c] * (1 - a) + 0.5);
            break;
        default:
            out[c] = (src[3] ? dst[c] : 0) ^ src[c];
            break;
        }
    out[3] = 0;
}

/** Blend, and compare every byte of the frame and its padding. */
static void check_blend(const MagnifierShape *shape, int w, int h, int pad,
                        int bottom_up, int64_t x, int64_t y)
{
    const int stride = 4 * w + pad, size = stride * h;
    uint8_t *frame = malloc(size), *expected = malloc(size), *first;
    int i, px, py, inside = 0, ret;

    assert_non_null(frame);
    assert_non_null(expected);
    for (i = 0; i < size; i++)
        frame[i] = rnd(256);
    memcpy(expected, frame, size);

    for (py = 0; py < h; py++)
        for (px = 0; px < w; px++) {
            uint8_t *dst = expected + (bottom_up ? h - 1 - py : py) * stride + 4 * px;
            uint8_t out[4];

            if (shape->kind == MAGNIFIER_SHAPE_NONE ||
                x > px || x <= px - shape->width ||
                y > py || y <= py - shape->height)
                continue;
            reference_pixel(out, dst, shape->pixels +
                            4 * ((py - y) * shape->width + px - x), shape->kind);
            memcpy(dst, out, 4);
            inside++;
        }

    first = bottom_up ? frame + (h - 1) * stride : frame;
    ret = ff_magnifier_blend(first, bottom_up ? -stride : stride, w, h, shape, x, y);
    assert_int_equal(ret, inside);
    assert_memory_equal(frame, expected, size);
    free(frame);
    free(expected);
}

static void every_position_of_small_shapes_on_small_frames(void **state)
{
    int kind, fw, fh, sw, sh, x, y;

    for (kind = MAGNIFIER_SHAPE_ALPHA; kind <= MAGNIFIER_SHAPE_MASKED; kind++)
    for (sw = 1; sw <= 4; sw++)
    for (sh = 1; sh <= 4; sh++) {
        MagnifierShape shape = make_shape(kind, sw, sh);

        for (fw = 1; fw <= 5; fw++)
        for (fh = 1; fh <= 5; fh++)
        for (x = -sw - 1; x <= fw + 1; x++)
        for (y = -sh - 1; y <= fh + 1; y++)
            check_blend(&shape, fw, fh, 4 * (x & 1), y & 1, x, y);
        free(shape.pixels);
    }
}

static void far_positions_draw_nothing(void **state)
{
    static const int64_t far[] = {
        INT64_MIN, INT64_MIN + 1, (int64_t)INT_MIN - 1, INT_MIN, INT_MIN + 1,
        INT_MIN / 2, -65536, -4, 8, 65536, INT_MAX / 2, INT_MAX - 1, INT_MAX,
        (int64_t)INT_MAX + 1, (int64_t)1 << 32, -((int64_t)1 << 32), INT64_MAX - 1, INT64_MAX,
    };
    MagnifierShape shape = make_shape(MAGNIFIER_SHAPE_ALPHA, 4, 4);
    size_t i, j;

    for (i = 0; i < FF_ARRAY_ELEMS(far); i++) {
        check_blend(&shape, 8, 8, 0, 0, far[i], 2);
        check_blend(&shape, 8, 8, 0, 0, 2, far[i]);
        for (j = 0; j < FF_ARRAY_ELEMS(far); j++)
            check_blend(&shape, 8, 8, 0, 0, far[i], far[j]);
    }
    free(shape.pixels);
}

static void shape_larger_than_the_frame(void **state)
{
    MagnifierShape shape = make_shape(MAGNIFIER_SHAPE_MASKED, 300, 200);

    check_blend(&shape, 7, 5, 8, 0, -100, -100);
    check_blend(&shape, 7, 5, 8, 0, -299, -199);
    check_blend(&shape, 7, 5, 8, 0, -300, -199);
    free(shape.pixels);
}

static void no_shape_draws_nothing(void **state)
{
    MagnifierShape shape = { 0 };

    check_blend(&shape, 3, 3, 0, 0, 0, 0);
    ff_magnifier_shape_uninit(&shape);
}

/* All 256 x 256 x 256 of colour, screen and alpha, to the nearest value. */
static void blend_every_value(enum MagnifierShapeKind kind)
{
    MagnifierShape shape = { .kind = kind, .width = 256, .height = 256 };
    uint8_t *frame = malloc(256 * 256 * 4);
    int s, d, a;

    shape.pixels = malloc(256 * 256 * 4);
    for (s = 0; s < 256; s++) {
        for (a = 0; a < 256; a++)
            for (d = 0; d < 256; d++) {
                uint8_t *p = shape.pixels + 4 * (256 * a + d);

                p[0] = p[1] = p[2] = s;
                p[3] = a;
                memset(frame + 4 * (256 * a + d), d, 4);
            }
        assert_int_equal(ff_magnifier_blend(frame, 1024, 256, 256, &shape, 0, 0),
                         256 * 256);
        for (a = 0; a < 256; a++)
            for (d = 0; d < 256; d++) {
                const uint8_t *p = frame + 4 * (256 * a + d);
                /* twice the distance to the exact value, in 255ths */
                int exact = s * a + d * (255 - a);
                int off = FFABS(2 * (p[0] * 255 - exact));

                if (off > 255 || p[1] != p[0] || p[2] != p[0] || p[3])
                    fail_msg("%d over %d at alpha %d gives %d", s, d, a, p[0]);
            }
    }
    free(shape.pixels);
    free(frame);
}

static void alpha_is_rounded_to_nearest_for_every_value(void **state)
{
    blend_every_value(MAGNIFIER_SHAPE_ALPHA);
}

/* ---- from Windows' bits to a shape ---- */

#define BLACK 0, 0, 0, 0
#define WHITE 255, 255, 255, 0

static void monochrome_knows_black_white_screen_and_inverse(void **state)
{
    /* AND 0 0 1 1 above XOR 0 1 0 1: black, white, the screen, its inverse */
    static const uint8_t mask[] = { BLACK, BLACK, WHITE, WHITE,
                                    BLACK, WHITE, BLACK, WHITE };
    static const uint8_t expected[] = { 0, 0, 0, 0,   255, 255, 255, 0,
                                        10, 20, 30, 0, 245, 235, 225, 0 };
    uint8_t frame[16] = { 10, 20, 30, 99, 10, 20, 30, 99,
                          10, 20, 30, 99, 10, 20, 30, 99 };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 4, 1, 3, 0, NULL, 0, mask), 0);
    assert_int_equal(shape.kind, MAGNIFIER_SHAPE_MASKED);
    assert_int_equal(shape.width, 4);
    assert_int_equal(shape.height, 1);
    assert_int_equal(shape.hot_x, 3);
    assert_int_equal(shape.hot_y, 0);
    assert_int_equal(ff_magnifier_blend(frame, 16, 4, 1, &shape, 0, 0), 4);
    assert_memory_equal(frame, expected, sizeof(frame));
    ff_magnifier_shape_uninit(&shape);
    assert_null(shape.pixels);
    assert_int_equal(shape.kind, MAGNIFIER_SHAPE_NONE);
}

static void monochrome_of_two_rows_finds_its_second_mask(void **state)
{
    static const uint8_t mask[] = { WHITE, WHITE, BLACK, BLACK,   /* AND, two rows of 2 */
                                    BLACK, WHITE, BLACK, WHITE }; /* XOR */
    static const uint8_t expected[] = { 10, 20, 30, 0, 245, 235, 225, 0,
                                        0, 0, 0, 0,    255, 255, 255, 0 };
    uint8_t frame[16] = { 10, 20, 30, 99, 10, 20, 30, 99,
                          10, 20, 30, 99, 10, 20, 30, 99 };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 2, 2, 0, 0, NULL, 0, mask), 0);
    ff_magnifier_blend(frame, 8, 2, 2, &shape, 0, 0);
    assert_memory_equal(frame, expected, sizeof(frame));
    ff_magnifier_shape_uninit(&shape);
}

static void alpha_wins_over_the_mask(void **state)
{
    static const uint8_t colour[] = { 1, 2, 3, 0, 4, 5, 6, 128 };
    static const uint8_t mask[]   = { WHITE, WHITE };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 2, 1, 0, 0, colour, 1, mask), 0);
    assert_int_equal(shape.kind, MAGNIFIER_SHAPE_ALPHA);
    assert_memory_equal(shape.pixels, colour, sizeof(colour));
    ff_magnifier_shape_uninit(&shape);
}

static void alpha_of_zero_everywhere_falls_back_to_the_mask(void **state)
{
    static const uint8_t colour[] = { 1, 2, 3, 0, 0, 0, 0, 0, 255, 255, 255, 0 };
    static const uint8_t mask[]   = { BLACK, WHITE, WHITE };
    /* painted, left alone, inverted */
    static const uint8_t expected[] = { 1, 2, 3, 0, 10, 20, 30, 0, 245, 235, 225, 0 };
    uint8_t frame[12] = { 10, 20, 30, 99, 10, 20, 30, 99, 10, 20, 30, 99 };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 3, 1, 0, 0, colour, 1, mask), 0);
    assert_int_equal(shape.kind, MAGNIFIER_SHAPE_MASKED);
    ff_magnifier_blend(frame, 12, 3, 1, &shape, 0, 0);
    assert_memory_equal(frame, expected, sizeof(frame));
    ff_magnifier_shape_uninit(&shape);
}

static void fourth_byte_without_alpha_is_filler(void **state)
{
    static const uint8_t colour[] = { 1, 2, 3, 255, 0, 0, 0, 255 };
    static const uint8_t mask[]   = { BLACK, WHITE };
    static const uint8_t expected[] = { 1, 2, 3, 0, 10, 20, 30, 0 };
    uint8_t frame[8] = { 10, 20, 30, 99, 10, 20, 30, 99 };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 2, 1, 0, 0, colour, 0, mask), 0);
    ff_magnifier_blend(frame, 8, 2, 1, &shape, 0, 0);
    assert_memory_equal(frame, expected, sizeof(frame));
    ff_magnifier_shape_uninit(&shape);
}

static void colour_without_any_mask_is_solid(void **state)
{
    static const uint8_t colour[] = { 1, 2, 3, 0, 0, 0, 0, 0 };
    uint8_t frame[8] = { 10, 20, 30, 99, 10, 20, 30, 99 };
    MagnifierShape shape = { 0 };

    assert_int_equal(ff_magnifier_shape_set(&shape, 2, 1, 0, 0, colour, 1, NULL), 0);
    ff_magnifier_blend(frame, 8, 2, 1, &shape, 0, 0);
    assert_memory_equal(frame, colour, sizeof(frame));
    ff_magnifier_shape_uninit(&shape);
}

static void a_failure_leaves_the_last_shape(void **state)
{
    static const uint8_t colour[] = { 1, 2, 3, 255 };
    static const int sizes[][2] = { { 0, 1 }, { 1, 0 }, { -1, 1 }, { 1, -1 },
                                    { 2049, 1 }, { 1, 2049 }, { INT_MAX, INT_MAX } };
    MagnifierShape shape = { 0 };
    uint8_t *pixels;
    size_t i;

    assert_int_equal(ff_magnifier_shape_set(&shape, 1, 1, 7, 8, colour, 1, NULL), 0);
    pixels = shape.pixels;
    for (i = 0; i < FF_ARRAY_ELEMS(sizes); i++)
        assert_int_equal(ff_magnifier_shape_set(&shape, sizes[i][0], sizes[i][1], 0, 0,
                                                colour, 1, colour), AVERROR(EINVAL));
    assert_int_equal(ff_magnifier_shape_set(&shape, 1, 1, 0, 0, NULL, 1, NULL),
                     AVERROR(EINVAL));
    av_max_alloc(1);
    assert_int_equal(ff_magnifier_shape_set(&shape, 1, 1, 0, 0, colour, 1, NULL),
                     AVERROR(ENOMEM));
    av_max_alloc(INT_MAX);
    assert_ptr_equal(shape.pixels, pixels);
    assert_int_equal(shape.hot_x, 7);
    assert_int_equal(shape.hot_y, 8);
    assert_memory_equal(shape.pixels, colour, 4);
    ff_magnifier_shape_uninit(&shape);
}

static void a_new_shape_replaces_the_last_one(void **state)
{
    static const uint8_t a[] = { 1, 2, 3, 255 }, b[] = { 4, 5, 6, 255, 7, 8, 9, 255 };
    MagnifierShape shape = { 0 };

    /* the leak checker sees the first one if it stays */
    assert_int_equal(ff_magnifier_shape_set(&shape, 1, 1, 0, 0, a, 1, NULL), 0);
    assert_int_equal(ff_magnifier_shape_set(&shape, 1, 2, 0, 0, b, 1, NULL), 0);
    assert_int_equal(shape.height, 2);
    assert_memory_equal(shape.pixels, b, sizeof(b));
    ff_magnifier_shape_uninit(&shape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_position_of_small_shapes_on_small_frames),
        cmocka_unit_test(far_positions_draw_nothing),
        cmocka_unit_test(shape_larger_than_the_frame),
        cmocka_unit_test(no_shape_draws_nothing),
        cmocka_unit_test(alpha_is_rounded_to_nearest_for_every_value),
        cmocka_unit_test(monochrome_knows_black_white_screen_and_inverse),
        cmocka_unit_test(monochrome_of_two_rows_finds_its_second_mask),
        cmocka_unit_test(alpha_wins_over_the_mask),
        cmocka_unit_test(alpha_of_zero_everywhere_falls_back_to_the_mask),
        cmocka_unit_test(fourth_byte_without_alpha_is_filler),
        cmocka_unit_test(colour_without_any_mask_is_solid),
        cmocka_unit_test(a_failure_leaves_the_last_shape),
        cmocka_unit_test(a_new_shape_replaces_the_last_one),
    };

    return cmocka_run_group_tests_name("blend", tests, NULL, NULL);
}
