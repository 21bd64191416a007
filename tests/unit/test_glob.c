/*
 * Windows Magnification API screen capture: tests of globs
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

/* The name of a test is the sentence it proves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/mem.h"

#include "libavdevice/magnifier/casefold.h"
#include "libavdevice/magnifier/glob.h"

#define MAX_TEXT 2048

/* The allocator, in front of libavutil's for the code under test. */

static int memory_is_out;

void *av_mallocz(size_t size)
{
    return memory_is_out ? NULL : calloc(1, size);
}

/** One byte is one character here; * and ? are what they are for users. */
static MagnifierGlob *glob_of(const char *text)
{
    uint32_t elements[MAGNIFIER_GLOB_MAX];
    int nb = strlen(text);
    MagnifierGlob *glob;

    assert_true(nb <= MAGNIFIER_GLOB_MAX);
    for (int i = 0; i < nb; i++)
        elements[i] = text[i] == '*' ? MAGNIFIER_GLOB_STAR :
                      text[i] == '?' ? MAGNIFIER_GLOB_ANY : (uint8_t)text[i];
    glob = ff_magnifier_glob_alloc(elements, nb);
    assert_non_null(glob);
    return glob;
}

static int ask(const MagnifierGlob *glob, const char *text)
{
    uint32_t folded[MAX_TEXT];
    int len = strlen(text);

    assert_true(len <= MAX_TEXT);
    for (int i = 0; i < len; i++)
        folded[i] = ff_magnifier_casefold((uint8_t)text[i]);
    return ff_magnifier_glob_matches(glob, folded, len);
}

static int matches(const char *pattern, const char *text)
{
    MagnifierGlob *glob = glob_of(pattern);
    int ret = ask(glob, text);

    av_freep(&glob);
    return ret;
}

/** Slow and plain: whether the first i of the elements take the first j characters. */
static int reference(const char *pattern, const char *text)
{
    static uint8_t take[MAGNIFIER_GLOB_MAX + 1][MAX_TEXT + 1];
    int nb = strlen(pattern), len = strlen(text);

    for (int i = 0; i <= nb; i++) {
        for (int j = 0; j <= len; j++) {
            const char c = i ? pattern[i - 1] : 0;

            if (!i)
                take[i][j] = !j;
            else if (c == '*')
                take[i][j] = take[i - 1][j] || (j && take[i][j - 1]);
            else
                take[i][j] = j && take[i - 1][j - 1] &&
                             (c == '?' || ff_magnifier_casefold((uint8_t)c) ==
                                          ff_magnifier_casefold((uint8_t)text[j - 1]));
        }
    }
    return take[nb][len];
}

static uint32_t random_state = 1;

static uint32_t rnd(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 16) % n;
}

static void random_text(char *text, int len, const char *alphabet)
{
    for (int i = 0; i < len; i++)
        text[i] = alphabet[rnd(strlen(alphabet))];
    text[len] = 0;
}

static void a_star_takes_any_text_and_a_question_mark_one_character(void **state)
{
    assert_true(matches("", ""));
    assert_false(matches("", "a"));
    assert_true(matches("*", ""));
    assert_true(matches("*", "abc"));
    assert_true(matches("a*c", "ac"));
    assert_true(matches("a*c", "abcbc"));
    assert_false(matches("a*c", "abcb"));
    assert_false(matches("?", ""));
    assert_true(matches("?", "a"));
    assert_false(matches("?", "ab"));
    assert_false(matches("?*?", "a"));
    assert_true(matches("?*?", "ab"));
    assert_true(matches("**a**", "a"));
}

static void letters_of_the_glob_compare_without_their_case(void **state)
{
    assert_true(matches("ABC", "abc"));
    assert_true(matches("abc", "ABC"));
    assert_true(matches("*B*", "abc"));
    assert_true(matches("\xC4*", "\xE4 and more"));     /* A with two dots */
    assert_false(matches("*B*", "acd"));
}

static void a_glob_keeps_its_elements_as_they_were_given(void **state)
{
    static const char *const patterns[] = { "Plain", "With * and ?", "" };

    for (int i = 0; i < 3; i++) {
        MagnifierGlob *glob = glob_of(patterns[i]);
        int nb;
        const uint32_t *elements = ff_magnifier_glob_elements(glob, &nb);

        assert_int_equal(nb, strlen(patterns[i]));
        for (int j = 0; j < nb; j++)
            assert_int_equal(elements[j], patterns[i][j] == '*' ? MAGNIFIER_GLOB_STAR :
                                          patterns[i][j] == '?' ? MAGNIFIER_GLOB_ANY :
                                                                  (uint8_t)patterns[i][j]);
        av_freep(&glob);
    }
}

static void globs_agree_with_a_slow_reference(void **state)
{
    int nb_matches = 0;

    for (int n = 0; n < 20000; n++) {
        char pattern[16], text[32];
        int len = rnd(12);

        random_text(pattern, rnd(8), "aAb?**");
        /* c is in no glob, and must not pass for a letter that is. */
        random_text(text, len, rnd(2) ? "aBb" : "abBc");
        nb_matches += reference(pattern, text);
        if (matches(pattern, text) != reference(pattern, text))
            fail_msg("'%s', '%s': the reference says %d", pattern, text, reference(pattern, text));
    }
    assert_in_range(nb_matches, 2000, 18000);
}

/* A word of bits is full at 64 elements that are no star, and at each multiple of it. */
static void globs_of_any_length_agree_with_a_slow_reference(void **state)
{
    static const int lengths[] = { 62, 63, 64, 65, 127, 128, 129, 1021, 1022 };
    int nb_matches = 0;

    for (int n = 0; n < 900; n++) {
        char pattern[MAGNIFIER_GLOB_MAX + 1], text[MAX_TEXT + 1];
        int len = lengths[n % 9];

        random_text(text, len, "ab");
        strcpy(pattern + 1, text);
        pattern[0] = "*?a"[rnd(3)];
        strcpy(pattern + 1 + len, rnd(2) ? "*" : "");
        for (int i = rnd(4); i > 0; i--) {
            char *place = pattern + 1 + rnd(len);

            *place = "*?ab"[rnd(4)];
        }
        if (rnd(2))
            random_text(text + len, rnd(70), "ab");
        nb_matches += reference(pattern, text);
        if (matches(pattern, text) != reference(pattern, text))
            fail_msg("'%s', '%s': the reference says %d", pattern, text, reference(pattern, text));
    }
    assert_in_range(nb_matches, 100, 800);
}

static void a_glob_that_there_is_no_memory_for_is_none(void **state)
{
    const uint32_t elements[] = { 'a', MAGNIFIER_GLOB_STAR };

    memory_is_out = 1;
    assert_null(ff_magnifier_glob_alloc(elements, 2));
    assert_null(ff_magnifier_glob_alloc(elements, 1));
    memory_is_out = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_takes_any_text_and_a_question_mark_one_character),
        cmocka_unit_test(letters_of_the_glob_compare_without_their_case),
        cmocka_unit_test(a_glob_keeps_its_elements_as_they_were_given),
        cmocka_unit_test(globs_agree_with_a_slow_reference),
        cmocka_unit_test(globs_of_any_length_agree_with_a_slow_reference),
        cmocka_unit_test(a_glob_that_there_is_no_memory_for_is_none),
    };

    return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
