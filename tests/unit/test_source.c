/*
 * magnifier: tests of what stands after -i
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

#include <cmocka.h>

#include "libavutil/error.h"
#include "libavutil/macros.h"

#include "libavdevice/magnifier/source_parse.h"

static MagnifierSource parsed(const char *url)
{
    MagnifierSource source;

    assert_int_equal(ff_magnifier_source_parse(&source, url), 0);
    return source;
}

static void refused(const char *const *urls, size_t nb)
{
    MagnifierSource source;

    for (size_t i = 0; i < nb; i++)
        if (ff_magnifier_source_parse(&source, urls[i]) != AVERROR(EINVAL))
            fail_msg("\"%s\" is taken", urls[i]);
}

static void each_form_is_what_it_says(void **state)
{
    MagnifierSource source = parsed("desktop");

    assert_int_equal(source.kind, MAGNIFIER_SOURCE_DESKTOP);
    assert_null(source.name);
    source = parsed("monitor=2");
    assert_int_equal(source.kind, MAGNIFIER_SOURCE_MONITOR);
    assert_string_equal(source.name, "2");
    source = parsed("title=hwnd=0x10: a = b");
    assert_int_equal(source.kind, MAGNIFIER_SOURCE_TITLE);
    assert_string_equal(source.name, "hwnd=0x10: a = b");
    source = parsed("hwnd=0x10a2c");
    assert_int_equal(source.kind, MAGNIFIER_SOURCE_HWND);
    assert_int_equal(source.hwnd, 0x10a2c);
}

static void anything_else_is_refused(void **state)
{
    static const char *const urls[] = {
        "", "Desktop", "desktop ", " desktop", "desktop=", "monitor", "monitor=", "title", "title=",
        "hwnd", "hwnd=", "Title=x", "screen=1",
    };

    refused(urls, FF_ARRAY_ELEMS(urls));
}

static void a_handle_is_hexadecimal_or_decimal(void **state)
{
    assert_int_equal(parsed("hwnd=0X10A2C").hwnd, 0x10a2c);
    assert_int_equal(parsed("hwnd=68140").hwnd, 68140);
    /* not octal */
    assert_int_equal(parsed("hwnd=010").hwnd, 10);
}

static void a_handle_has_32_bits_that_count(void **state)
{
    static const char *const urls[] = {
        "hwnd=0x100000000", "hwnd=0xFFFFFFFF7FFFFFFF", "hwnd=0x1FFFFFFFF", "hwnd=18446744073709551616",
        "hwnd=0x1FFFFFFFFFFFFFFFF",
    };

    assert_int_equal(parsed("hwnd=0xFFFFFFFF").hwnd, UINT32_MAX);
    assert_true(parsed("hwnd=0xFFFFFFFF80010002").hwnd == UINT64_C(0xFFFFFFFF80010002));
    refused(urls, FF_ARRAY_ELEMS(urls));
}

static void what_is_no_number_is_no_handle(void **state)
{
    static const char *const urls[] = {
        "hwnd=0", "hwnd=0x0", "hwnd=0x", "hwnd=x10", "hwnd=-1", "hwnd=+1", "hwnd= 1", "hwnd=1 ", "hwnd=0x1g",
        "hwnd=10a", "hwnd=0x 1", "hwnd=0x-1", "hwnd=0x0x1",
    };

    refused(urls, FF_ARRAY_ELEMS(urls));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_what_it_says),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(a_handle_is_hexadecimal_or_decimal),
        cmocka_unit_test(a_handle_has_32_bits_that_count),
        cmocka_unit_test(what_is_no_number_is_no_handle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
