/*
 * magnifier: test of texts in JSON
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
#include <string.h>

#include <cmocka.h>

#include "libavutil/bprint.h"

#include "libavdevice/magnifier/json.h"

static void prints(const char *text, const char *expected)
{
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_json_string(&bp, text);
    assert_string_equal(bp.str, expected);
    av_bprint_finalize(&bp, NULL);
}

static void what_is_unknown_is_null(void **state)
{
    prints(NULL, "null");
    prints("", "\"\"");
}

static void a_text_stays_utf8(void **state)
{
    prints("Gr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80 %s%n / ' {}[]", "\"Gr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80 %s%n / ' {}[]\"");
    prints("\xEF\xBF\xBF\xF4\x8F\xBF\xBF", "\"\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"");
}

static void quotes_and_backslashes_do_not_end_it(void **state)
{
    prints("a\"b\\c\"", "\"a\\\"b\\\\c\\\"\"");
    prints("\\u0041", "\"\\\\u0041\"");
}

static void control_characters_are_escaped(void **state)
{
    prints("a\r\n\tb\x1B[2J\x01\x1F\x7F", "\"a\\u000D\\u000A\\u0009b\\u001B[2J\\u0001\\u001F\\u007F\"");
    prints("\xC2\x9B\xC2\x85", "\"\\u009B\\u0085\"");
}

static void what_nobody_sees_is_escaped(void **state)
{
    prints("\xE2\x80\xA8\xE2\x80\xAE\xD8\x9C", "\"\\u2028\\u202E\\u061C\"");
}

static void what_is_no_utf8_is_replaced(void **state)
{
    prints("\xFF" "a\x80", "\"\\uFFFDa\\uFFFD\"");
    /* a string that ends too early, and one that is too long for what it says */
    prints("\xE2\x82", "\"\\uFFFD\\uFFFD\"");
    prints("\xC0\xA2", "\"\\uFFFD\"");
    /* half a surrogate pair */
    prints("\xED\xA0\xBD", "\"\\uFFFD\"");
    /* the quote is not eaten by what begins before it */
    prints("\xE2\"", "\"\\uFFFD\\\"\"");
    /* the character itself says the same */
    prints("\xEF\xBF\xBD", "\"\\uFFFD\"");
}

static void a_member_has_a_comma_and_a_name(void **state)
{
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_json_member(&bp, "title", "a\"");
    ff_magnifier_json_member(&bp, "exe", NULL);
    assert_string_equal(bp.str, ",\"title\":\"a\\\"\",\"exe\":null");
    av_bprint_finalize(&bp, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unknown_is_null),
        cmocka_unit_test(a_text_stays_utf8),
        cmocka_unit_test(quotes_and_backslashes_do_not_end_it),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(what_nobody_sees_is_escaped),
        cmocka_unit_test(what_is_no_utf8_is_replaced),
        cmocka_unit_test(a_member_has_a_comma_and_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
