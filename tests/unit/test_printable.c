/*
 * magnifier: test of what is printed of another program's text
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

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/bprint.h"
#include "libavutil/common.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/printable.h"

static void prints(const char *text, unsigned max, const char *expected)
{
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    av_bprintf(&bp, "before ");
    ff_magnifier_print_text(&bp, text, max);
    assert_memory_equal(bp.str, "before ", 7);
    assert_string_equal(bp.str + 7, expected);
    av_bprint_finalize(&bp, NULL);
}

static void a_text_that_is_seen_stays(void **state)
{
    prints("", UINT_MAX, "");
    prints("Gr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80 %s%n \\|\\u \\x{1} u{20}", UINT_MAX,
           "Gr\xC3\xBC\xC3\x9F" "e \xE2\x82\xAC \xF0\x9F\x98\x80 %s%n \\|\\u \\x{1} u{20}");
    /* marks that combine, the number sign of Arabic, a dash, a bullet, what has no glyph */
    prints("e\xCC\x81 \xD8\x80 \xE2\x80\x91 \xE2\x80\xA2 \xEE\x80\x80 \xEF\xBF\xBF", UINT_MAX,
           "e\xCC\x81 \xD8\x80 \xE2\x80\x91 \xE2\x80\xA2 \xEE\x80\x80 \xEF\xBF\xBF");
}

static void what_is_no_text_is_escaped(void **state)
{
    prints("a\r\nb\x1B[2J\x7F", UINT_MAX, "a\\u{D}\\u{A}b\\u{1B}[2J\\u{7F}");
    prints("a\tb", UINT_MAX, "a\\u{9}b");
    prints("a\xC2\x80\xC2\x9B\xC2\x9F" "b", UINT_MAX, "a\\u{80}\\u{9B}\\u{9F}b");
    prints("\xE2\x80\xA8\xE2\x80\xA9", UINT_MAX, "\\u{2028}\\u{2029}");
}

static void marks_of_the_direction_of_text_are_escaped(void **state)
{
    prints("\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F", UINT_MAX, "\\u{61C}\\u{200E}\\u{200F}");
    prints("\xE2\x80\xAA\xE2\x80\xAEx\xE2\x81\xA6\xE2\x81\xA9", UINT_MAX, "\\u{202A}\\u{202E}x\\u{2066}\\u{2069}");
}

static void what_nobody_sees_is_escaped(void **state)
{
    prints("Microsoft\xE2\x80\x8B Edge", UINT_MAX, "Microsoft\\u{200B} Edge");
    prints("a\xC2\xA0" "b\xE2\x80\xAF" "c\xE3\x80\x80" "d", UINT_MAX, "a\\u{A0}b\\u{202F}c\\u{3000}d");
    prints("\xEF\xBB\xBFx\xC2\xAD\xE2\x80\x8C\xE2\x80\x8D\xE2\x81\xA0", UINT_MAX,
           "\\u{FEFF}x\\u{AD}\\u{200C}\\u{200D}\\u{2060}");
    prints("\xE2\x9D\xA4\xEF\xB8\x8F \xF3\xA0\x80\xA0 \xF3\xA0\x84\x80", UINT_MAX,
           "\xE2\x9D\xA4\\u{FE0F} \\u{E0020} \\u{E0100}");
}

/** The tables agree with a list that was written down apart from them, and with each other. */
static void what_is_unseen_has_its_limits(void **state)
{
    static const uint32_t edges[][2] = {
        { 0, 1 }, { 0x20, 0 }, { 0x7E, 0 }, { 0xA0, 1 }, { 0xA1, 0 }, { 0xAC, 0 }, { 0xAE, 0 }, { 0x605, 0 },
        { 0x200F, 1 }, { 0x2010, 0 }, { 0x2027, 0 }, { 0x2030, 0 }, { 0x205E, 0 }, { 0x2070, 0 },
        { 0x180E, 1 }, { 0xFE10, 0 }, { 0xFEFE, 0 }, { 0xFFFB, 1 }, { 0xFFFC, 0 }, { 0xFFFD, 0 },
        { 0xE0FFF, 1 }, { 0xE1000, 0 }, { 0x10FFFF, 0 },
    };

    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        if (ff_magnifier_is_unseen(edges[i][0]) != (int)edges[i][1])
            fail_msg("U+%X", edges[i][0]);
    for (uint32_t c = 0; c <= 0x110000; c++)
        if (ff_magnifier_is_space(c))
            assert_true(ff_magnifier_is_unseen(c));
    assert_true(ff_magnifier_is_space(0xA0) && ff_magnifier_is_space(0x3000));
    assert_false(ff_magnifier_is_space(0x200B) || ff_magnifier_is_space(' ') || ff_magnifier_is_space(0xFEFF));
}

static void a_blank_at_the_end_is_escaped(void **state)
{
    prints(" a  ", UINT_MAX, " a \\u{20}");
}

static void what_looks_like_an_escape_is_none(void **state)
{
    prints("\\u{200B}", UINT_MAX, "\\u{5C}u{200B}");
    prints("\\\\u{", UINT_MAX, "\\\\u{5C}u{");
}

static void it_is_cut_between_characters(void **state)
{
    prints("abc", 3, "abc");
    prints("abc", 2, "ab...");
    prints("a\xC3\xBC" "b", 2, "a\xC3\xBC...");
    prints("\xF0\x9F\x98\x80x", 1, "\xF0\x9F\x98\x80...");
    prints("\xE2\x80\xAE\xE2\x80\xAE\xE2\x80\xAE", 9, "\\u{202E}\\u{202E}...");
    prints("abc", 0, "...");
    prints("", 0, "");
}

static void what_is_no_utf8_does_no_harm(void **state)
{
    prints("\xE2\x80", UINT_MAX, "\xEF\xBF\xBD\xEF\xBF\xBD");
    prints("\xC2", UINT_MAX, "\xEF\xBF\xBD");
    prints("\x80\xFF\x1B", UINT_MAX, "\xEF\xBF\xBD\xEF\xBF\xBD\\u{1B}");
    prints("\xED\xA0\x80x", UINT_MAX, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx");
}

static void unescapes(const char *text, const char *expected)
{
    char copy[256];

    strcpy(copy, text);
    assert_null(ff_magnifier_unescape(copy));
    assert_string_equal(copy, expected);
}

static void refuses(const char *text, const char *from)
{
    char copy[256];
    const char *bad;

    strcpy(copy, text);
    bad = ff_magnifier_unescape(copy);
    if (!bad)
        fail_msg("\"%s\" was not refused", text);
    assert_string_equal(bad, from);
}

static void an_escape_is_read_back(void **state)
{
    unescapes("Microsoft\\u{200B} Edge", "Microsoft\xE2\x80\x8B Edge");
    unescapes("\\u{a0}\\u{A0}\\u{0000a0}", "\xC2\xA0\xC2\xA0\xC2\xA0");
    unescapes("\\u{1F600}\\u{10FFFF}\\u{1}", "\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\x01");
    unescapes("\\u{5C}u{200B}", "\\u{200B}");
    unescapes("\\\\u{41}", "\\A");
    unescapes("C:\\users\\x\\", "C:\\users\\x\\");
    unescapes("\\U{41} \\u 41 u{41}", "\\U{41} \\u 41 u{41}");
}

static void an_escape_that_is_not_well_formed_is_refused(void **state)
{
    refuses("a\\u{41}\\u{", "\\u{");
    refuses("\\u{}", "\\u{}");
    refuses("\\u{g}", "\\u{g}");
    refuses("\\u{41", "\\u{41");
    refuses("\\u{ 41}", "\\u{ 41}");
    refuses("\\u{0000041}", "\\u{0000041}");
    refuses("\\u{0}", "\\u{0}");
    refuses("\\u{D800}", "\\u{D800}");
    refuses("\\u{dfff}", "\\u{dfff}");
    refuses("\\u{110000}", "\\u{110000}");
}

/** Each character there is, alone and between others, is printed so that it is read back. */
static void what_is_printed_is_read_back(void **state)
{
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char text[32] = "", utf8[5] = "", *copy, *end = utf8;
        AVBPrint bp;

        if (!ff_magnifier_is_character(c))
            continue;
        PUT_UTF8(c, *end, end++;)
        strcat(strcat(strcat(text, utf8), "\\u{x"), utf8);
        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        ff_magnifier_print_text(&bp, text, UINT_MAX);
        av_bprint_finalize(&bp, &copy);
        if (ff_magnifier_is_unseen(c) != !strstr(copy, utf8))
            fail_msg("U+%X is printed as %s", c, copy);
        assert_null(ff_magnifier_unescape(copy));
        assert_string_equal(copy, text);
        av_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_is_seen_stays),
        cmocka_unit_test(what_is_no_text_is_escaped),
        cmocka_unit_test(marks_of_the_direction_of_text_are_escaped),
        cmocka_unit_test(what_nobody_sees_is_escaped),
        cmocka_unit_test(what_is_unseen_has_its_limits),
        cmocka_unit_test(a_blank_at_the_end_is_escaped),
        cmocka_unit_test(what_looks_like_an_escape_is_none),
        cmocka_unit_test(it_is_cut_between_characters),
        cmocka_unit_test(what_is_no_utf8_does_no_harm),
        cmocka_unit_test(an_escape_is_read_back),
        cmocka_unit_test(an_escape_that_is_not_well_formed_is_refused),
        cmocka_unit_test(what_is_printed_is_read_back),
    };

    return cmocka_run_group_tests_name("printable", tests, NULL, NULL);
}
