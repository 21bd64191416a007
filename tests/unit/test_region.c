/*
 * Tests of the region arithmetic
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/region.h"

static const MagnifierRect hd = { 0, 0, 1280, 720 };

static MagnifierRect rect(int x, int y, int w, int h)
{
    MagnifierRect r = { x, y, x + w, y + h };

    return r;
}

static MagnifierRegionOptions options(int w, int h, int x, int y, int set)
{
    MagnifierRegionOptions opt = { w, h, x, y, set, 0, 0 };

    return opt;
}

static void assert_rect(MagnifierRect r, int x, int y, int w, int h)
{
    assert_int_equal(r.left,   x);
    assert_int_equal(r.top,    y);
    assert_int_equal(r.right,  x + w);
    assert_int_equal(r.bottom, y + h);
}

static int contains(const MagnifierRect *r, int64_t x, int64_t y)
{
    return x >= r->left && x < r->right && y >= r->top && y < r->bottom;
}

/* a small generator of our own, so that a failure comes again */
static uint32_t seed = 1;

static int rnd(int n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

/* ---- choose ---- */

static int choose(MagnifierRect *region, MagnifierRegionOptions opt,
                  MagnifierRect desktop, char text[256])
{
    return ff_magnifier_region_choose(region, &opt, &desktop, &desktop, 1,
                                      text, 256);
}

static void no_size_is_the_whole_desktop(void **state)
{
    MagnifierRect r;
    char text[256];

    assert_int_equal(choose(&r, options(0, 0, 0, 0, 0), hd, text), 0);
    assert_rect(r, 0, 0, 1280, 720);
    assert_string_equal(text, "");

    assert_int_equal(choose(&r, options(0, 0, 0, 0, 0),
                            rect(-1024, -48, 2304, 819), text), 0);
    assert_rect(r, -1024, -48, 2304, 819);
    assert_string_equal(text, "");
}

static void offset_without_size_is_ignored_and_said(void **state)
{
    MagnifierRect r;
    char text[256];

    assert_int_equal(choose(&r, options(0, 0, 5000, -7, 1), hd, text), 0);
    assert_rect(r, 0, 0, 1280, 720);
    assert_string_equal(text, "offset_x and offset_y mean nothing without "
                        "video_size, capturing 1280x720 at 0,0");
}

static void size_without_offset_begins_at_the_primary_monitor(void **state)
{
    MagnifierRect r;
    char text[256];

    assert_int_equal(choose(&r, options(801, 33, 0, 0, 0),
                            rect(-1024, 0, 2304, 768), text), 0);
    assert_rect(r, 0, 0, 801, 33);
    assert_string_equal(text, "");
}

static void negative_offset_is_valid_where_the_desktop_is(void **state)
{
    MagnifierRect r;
    char text[256];

    assert_int_equal(choose(&r, options(640, 480, -1024, 288, 1),
                            rect(-1024, 0, 2304, 768), text), 0);
    assert_rect(r, -1024, 288, 640, 480);
    assert_int_equal(choose(&r, options(640, 480, -1025, 288, 1),
                            rect(-1024, 0, 2304, 768), text), AVERROR(EINVAL));
    assert_int_equal(choose(&r, options(640, 480, -1024, 289, 1),
                            rect(-1024, 0, 2304, 768), text), AVERROR(EINVAL));
}

static void outside_names_both_rectangles(void **state)
{
    MagnifierRect r;
    char text[256];

    assert_int_equal(choose(&r, options(800, 600, -100, 0, 1), hd, text),
                     AVERROR(EINVAL));
    assert_string_equal(text, "region 800x600 at -100,0 reaches outside the "
                        "desktop 1280x720 at 0,0");
}

static void a_size_without_pixels_is_refused(void **state)
{
    static const int sizes[][2] = {
        { 0, 1 }, { 1, 0 }, { -1, 1 }, { 1, -1 }, { -1, -1 }, { INT_MIN, INT_MIN },
        { 0, INT_MIN }, { INT_MAX, 0 },
    };
    MagnifierRect r;
    char text[256];
    size_t i;

    for (i = 0; i < FF_ARRAY_ELEMS(sizes); i++) {
        assert_int_equal(choose(&r, options(sizes[i][0], sizes[i][1], 0, 0, 0),
                                hd, text), AVERROR(EINVAL));
        assert_non_null(strstr(text, "has no pixels"));
    }
    assert_int_equal(choose(&r, options(0, 0, 0, 0, 0), rect(5, 5, 0, 9), text),
                     AVERROR(EINVAL));
    assert_string_equal(text, "the desktop has no pixels (0x9)");
}

static void a_frame_larger_than_a_packet_is_refused(void **state)
{
    const MagnifierRect all = { INT_MIN, INT_MIN, INT_MAX, INT_MAX };
    MagnifierRect r;
    char text[256];

    /* 2^31 - 1 - 64 bytes are 536870895 pixels */
    assert_int_equal(choose(&r, options(536870895, 1, 0, 0, 0), all, text), 0);
    assert_int_equal(choose(&r, options(1, 536870895, 0, 0, 0), all, text), 0);
    assert_int_equal(choose(&r, options(536870896, 1, 0, 0, 0), all, text),
                     AVERROR(EINVAL));
    assert_non_null(strstr(text, "is too large, a frame takes at most 536870895 "
                                 "pixels"));
    assert_int_equal(choose(&r, options(23170, 23170, 0, 0, 0), all, text), 0);
    assert_int_equal(choose(&r, options(23171, 23170, 0, 0, 0), all, text),
                     AVERROR(EINVAL));
    /* the products of these wrap around to something small */
    assert_int_equal(choose(&r, options(65536, 65536, 0, 0, 0), all, text),
                     AVERROR(EINVAL));
    assert_int_equal(choose(&r, options(0, 0, 0, 0, 0), all, text),
                     AVERROR(EINVAL));
    assert_non_null(strstr(text, "4294967295x4294967295"));
}

static void a_region_on_no_monitor_is_refused(void **state)
{
    const MagnifierRect monitors[] = { { 0, 0, 100, 100 }, { 100, 50, 200, 150 } };
    const MagnifierRect desktop = { 0, 0, 200, 150 };
    MagnifierRegionOptions opt = options(100, 50, 100, 0, 1);
    MagnifierRect r;
    char text[256];

    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &desktop, monitors, 2,
                                                text, sizeof(text)),
                     AVERROR(EINVAL));
    assert_string_equal(text, "region 100x50 at 100,0 lies where no monitor is, "
                        "on the desktop 200x150 at 0,0");
    opt.window = 1;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &desktop, monitors, 2,
                                                text, sizeof(text)),
                     AVERROR(EINVAL));
    assert_non_null(strstr(text, "; move the window onto a monitor"));
    opt.window   = 0;
    opt.offset_x = 99;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &desktop, monitors, 2,
                                                text, sizeof(text)), 0);
}

static void offsets_on_a_monitor_count_from_its_corner(void **state)
{
    const MagnifierRect monitors[] = { { 0, 0, 1280, 720 }, { -1024, 40, 0, 808 } };
    MagnifierRegionOptions opt = options(100, 50, 1, 2, 1);
    MagnifierRect r;
    char text[256];

    opt.monitor = 2;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &monitors[1], monitors, 2,
                                                text, sizeof(text)), 0);
    assert_int_equal(r.left, -1023);
    assert_int_equal(r.top, 42);
    /* it is on the desktop, but on another monitor */
    opt.offset_x = 1024;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &monitors[1], monitors, 2,
                                                text, sizeof(text)), AVERROR(EINVAL));
    assert_string_equal(text, "region 100x50 at 0,42 reaches outside monitor 2 1024x768 at -1024,40");
    opt = options(0, 0, 0, 0, 0);
    opt.monitor = 2;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &monitors[1], monitors, 2,
                                                text, sizeof(text)), 0);
    assert_true(ff_magnifier_rect_same(&r, &monitors[1]));
}

static void a_short_buffer_cuts_the_sentence(void **state)
{
    MagnifierRegionOptions opt = options(800, 600, -100, 0, 1);
    MagnifierRect r;
    char text[8] = "1234567";

    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &hd, &hd, 1, text, 7),
                     AVERROR(EINVAL));
    assert_string_equal(text, "region");
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &hd, &hd, 1, NULL, 0),
                     AVERROR(EINVAL));
}

/* Every size and place around a small desktop, against the pixels' own verdict. */
static void choose_agrees_with_every_pixel(void **state)
{
    const MagnifierRect desktop = { -2, -1, 2, 2 };
    int w, h, x, y, i, j;

    for (w = 1; w <= 6; w++)
    for (h = 1; h <= 5; h++)
    for (x = -5; x <= 5; x++)
    for (y = -4; y <= 4; y++) {
        MagnifierRect r;
        char text[256];
        int inside = 1, ret;

        for (i = 0; i < w; i++)
            for (j = 0; j < h; j++)
                inside &= contains(&desktop, x + i, y + j);
        ret = choose(&r, options(w, h, x, y, 1), desktop, text);
        assert_int_equal(ret, inside ? 0 : AVERROR(EINVAL));
        assert_int_equal(!text[0], inside);
        if (inside)
            assert_rect(r, x, y, w, h);
    }
}

static void choose_survives_every_extreme(void **state)
{
    static const int v[] = { INT_MIN, INT_MIN + 1, -1, 0, 1, INT_MAX - 1, INT_MAX };
    const int n = FF_ARRAY_ELEMS(v);
    int64_t i;

    /* four options, four edges of the desktop: 7^8 ways, every 7th or so */
    for (i = 0; i < 5764801; i += 7 + rnd(7)) {
        int64_t k = i;
        MagnifierRegionOptions opt = { 0 };
        MagnifierRect desktop, r;
        char text[256];
        int ret;

        opt.width      = v[k % n]; k /= n;
        opt.height     = v[k % n]; k /= n;
        opt.offset_x   = v[k % n]; k /= n;
        opt.offset_y   = v[k % n]; k /= n;
        desktop.left   = v[k % n]; k /= n;
        desktop.top    = v[k % n]; k /= n;
        desktop.right  = v[k % n]; k /= n;
        desktop.bottom = v[k % n];
        ret = ff_magnifier_region_choose(&r, &opt, &desktop, &desktop, 1,
                                         text, sizeof(text));
        if (ret < 0) {
            assert_int_equal(ret, AVERROR(EINVAL));
            assert_true(text[0]);
        } else {
            assert_true(r.left >= desktop.left && r.right  <= desktop.right &&
                        r.top  >= desktop.top  && r.bottom <= desktop.bottom);
            assert_true(((int64_t)r.right - r.left) *
                        ((int64_t)r.bottom - r.top) * 4 <= INT_MAX - 64);
        }
        assert_null(strchr(text, '\n'));
    }
}

/* ---- parts, and black where there is none ---- */

/**
 * The claims of the header, checked pixel by pixel: the parts have what the monitors show of the
 * region and nothing else, and what no part has becomes black, and nothing else does.
 */
static void check_parts(const MagnifierRect *region, const MagnifierRect *monitors, int nb)
{
    const int w = region->right - region->left, h = region->bottom - region->top;
    const int stride = 4 * w + 12;
    MagnifierRect parts[16], common;
    int nb_parts = ff_magnifier_region_parts(parts, region, monitors, nb);
    uint8_t *frame = malloc(stride * h - 12);
    int x, y, i, j;

    assert_non_null(frame);
    assert_in_range(nb_parts, 0, nb);
    memset(frame, 0xaa, stride * h - 12);
    ff_magnifier_region_blacken(frame, stride, region, parts, nb_parts);
    for (i = 0; i < nb_parts; i++) {
        assert_false(ff_magnifier_rect_is_empty(&parts[i]));
        for (j = 0; j < i; j++)
            assert_false(ff_magnifier_rect_intersect(&common, &parts[i], &parts[j]) &&
                         ff_magnifier_rect_same(&common, &parts[i]));
    }

    for (y = 0; y < h; y++)
        for (x = 0; x < stride / 4 - 3 * (y == h - 1); x++) {
            const int dx = region->left + FFMIN(x, w - 1), dy = region->top + y;
            const uint8_t *p = frame + y * stride + 4 * x;
            int shown = 0, has = 0, b;

            for (i = 0; i < nb; i++)
                shown |= contains(&monitors[i], dx, dy);
            for (i = 0; i < nb_parts; i++)
                has |= contains(&parts[i], dx, dy);
            if (has != shown)
                fail_msg("pixel %d,%d is %sin a part", dx, dy, has ? "" : "not ");
            for (b = 0; b < 4; b++)
                if (p[b] != (x < w && !shown ? 0 : 0xaa))
                    fail_msg("pixel %d,%d is %02x, and %sshown", dx, dy, p[b], shown ? "" : "not ");
        }
    free(frame);
}

/* all rectangles with pixels on a 3x3 grid whose middle is 0,0: 36 */
static int all_rects(MagnifierRect out[36])
{
    int l, t, r, b, n = 0;

    for (l = -1; l < 2; l++)
        for (t = -1; t < 2; t++)
            for (r = l + 1; r <= 2; r++)
                for (b = t + 1; b <= 2; b++)
                    out[n++] = (MagnifierRect){ l, t, r, b };
    return n;
}

static void every_two_monitors_on_a_small_grid(void **state)
{
    MagnifierRect all[36], m[2];
    int i, j, k, n = all_rects(all);

    assert_int_equal(n, 36);
    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            for (k = 0; k < n; k++) {
                m[0] = all[j];
                m[1] = all[k];
                check_parts(&all[i], m, 2);
            }
}

static void random_layouts_of_up_to_six_monitors(void **state)
{
    int i, j;

    for (i = 0; i < 20000; i++) {
        MagnifierRect region = rect(rnd(12) - 6, rnd(12) - 6, 1 + rnd(9), 1 + rnd(9));
        MagnifierRect m[6];
        int nb = rnd(7);

        for (j = 0; j < nb; j++)
            m[j] = rect(rnd(14) - 7, rnd(14) - 7, rnd(9), rnd(9));
        check_parts(&region, m, nb);
    }
}

static void two_monitors_of_different_height(void **state)
{
    const MagnifierRect m[] = { { 0, 0, 1280, 720 }, { -1024, 0, 0, 768 } };
    const MagnifierRect region = { -1024, 0, 1280, 768 };
    MagnifierRect parts[2];

    assert_int_equal(ff_magnifier_region_parts(parts, &region, m, 2), 2);
    assert_rect(parts[0], 0, 0, 1280, 720);
    assert_rect(parts[1], -1024, 0, 1024, 768);
    check_parts(&region, m, 2);
}

static void mirrored_monitors_are_captured_once(void **state)
{
    const MagnifierRect m[] = { hd, hd, { 0, 0, 640, 360 } };
    MagnifierRect parts[3];

    assert_int_equal(ff_magnifier_region_parts(parts, &hd, m, 3), 1);
    assert_rect(parts[0], 0, 0, 1280, 720);
}

static void without_a_monitor_all_is_black(void **state)
{
    const MagnifierRect region = { -7, 3, 3, 8 };
    MagnifierRect none[1];

    assert_int_equal(ff_magnifier_region_parts(none, &region, NULL, 0), 0);
    check_parts(&region, NULL, 0);
}

static void parts_at_the_ends_of_int(void **state)
{
    const MagnifierRect low  = { INT_MIN, INT_MIN, INT_MIN + 10, INT_MIN + 10 };
    const MagnifierRect high = { INT_MAX - 10, INT_MAX - 10, INT_MAX, INT_MAX };
    const MagnifierRect m[]  = { { INT_MIN, INT_MIN, INT_MIN + 5, INT_MAX },
                                 { INT_MAX - 5, INT_MIN, INT_MAX, INT_MAX } };

    check_parts(&low, m, 2);
    check_parts(&high, m, 2);
}

/** For each place of a region on and around a monitor. */
static void source_has_all_that_the_monitor_shows(void **state)
{
    const MagnifierRect m = { -100, 50, 100, 150 };

    for (int w = 50; w <= 350; w += 150)
        for (int x = m.left - w + 1; x < m.right; x += 7)
            for (int y = m.top - 39; y < m.bottom; y += 7) {
                const MagnifierRect region = { x, y, x + w, y + 40 };
                MagnifierRect source, part, common;

                ff_magnifier_region_source(&source, &region, &m);
                assert_int_equal(source.right - source.left, FFMIN(w, 200));
                assert_int_equal(source.bottom - source.top, 40);
                assert_true(ff_magnifier_rect_intersect(&common, &source, &m));
                assert_true(ff_magnifier_rect_same(&common, &source));
                assert_true(ff_magnifier_rect_intersect(&part, &region, &m));
                assert_true(ff_magnifier_rect_intersect(&common, &part, &source));
                assert_true(ff_magnifier_rect_same(&common, &part));
            }
}

static void offsets_count_from_the_corner_of_a_window(void **state)
{
    const MagnifierRect window = { 100, 100, 400, 300 };
    MagnifierRegionOptions opt = { .width = 50, .height = 40, .offset_x = 10, .offset_y = 20, .window = 1 };
    MagnifierRect r;
    char text[256];

    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &window, &hd, 1, text, sizeof(text)), 0);
    assert_true(ff_magnifier_rect_same(&r, &((MagnifierRect) { 110, 120, 160, 160 })));
    opt.offset_x = 251;
    assert_int_equal(ff_magnifier_region_choose(&r, &opt, &window, &hd, 1, text, sizeof(text)), AVERROR(EINVAL));
    assert_non_null(strstr(text, "outside the window 300x200 at 100,100"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_has_all_that_the_monitor_shows),
        cmocka_unit_test(offsets_count_from_the_corner_of_a_window),
        cmocka_unit_test(no_size_is_the_whole_desktop),
        cmocka_unit_test(offset_without_size_is_ignored_and_said),
        cmocka_unit_test(size_without_offset_begins_at_the_primary_monitor),
        cmocka_unit_test(negative_offset_is_valid_where_the_desktop_is),
        cmocka_unit_test(outside_names_both_rectangles),
        cmocka_unit_test(a_size_without_pixels_is_refused),
        cmocka_unit_test(a_frame_larger_than_a_packet_is_refused),
        cmocka_unit_test(a_region_on_no_monitor_is_refused),
        cmocka_unit_test(offsets_on_a_monitor_count_from_its_corner),
        cmocka_unit_test(a_short_buffer_cuts_the_sentence),
        cmocka_unit_test(choose_agrees_with_every_pixel),
        cmocka_unit_test(choose_survives_every_extreme),
        cmocka_unit_test(every_two_monitors_on_a_small_grid),
        cmocka_unit_test(random_layouts_of_up_to_six_monitors),
        cmocka_unit_test(two_monitors_of_different_height),
        cmocka_unit_test(mirrored_monitors_are_captured_once),
        cmocka_unit_test(without_a_monitor_all_is_black),
        cmocka_unit_test(parts_at_the_ends_of_int),
    };

    return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
