/*
 * Windows Magnification API screen capture: tests of the exclusion rules
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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "libavdevice/magnifier/printable.h"
#include "libavdevice/magnifier/rules.h"

#include "utf16.h"

#define NB(array) ((int)(sizeof(array) / sizeof((array)[0])))

/*
 * The allocator. These stand in front of libavutil's for the code under test,
 * whose av_free() is free(), and fail when the countdown comes to its end.
 */

static int allocations_left = -1;

static int allocation_fails(void)
{
    if (allocations_left < 0)
        return 0;
    return !allocations_left || !allocations_left--;
}

void *av_malloc(size_t size)
{
    return allocation_fails() ? NULL : malloc(size);
}

void *av_mallocz(size_t size)
{
    return allocation_fails() ? NULL : calloc(1, size);
}

void *av_malloc_array(size_t nmemb, size_t size)
{
    return allocation_fails() ? NULL : malloc(nmemb * size);
}

void *av_fast_realloc(void *ptr, unsigned *size, size_t min_size)
{
    if (min_size <= *size)
        return ptr;
    *size = allocation_fails() ? 0 : min_size;
    return *size ? realloc(ptr, *size) : NULL;
}

/* Short forms */

/** MagnifierRuleFacts with texts in UTF-8, by text_of() */
typedef struct Facts {
    const char *title, *class_name, *exe;
    uint32_t pid;
    uint64_t hwnd;
    MagnifierVerdict self;
} Facts;

static MagnifierRuleFacts utf16_of(const Facts *f, int folded)
{
    MagnifierRuleFacts facts = {
        .title      = text_of(f->title, folded),
        .class_name = text_of(f->class_name, folded),
        .exe        = text_of(f->exe, folded),
        .pid        = f->pid,
        .hwnd       = f->hwnd,
        .self       = f->self,
    };

    return facts;
}

static void free_utf16(MagnifierRuleFacts *facts)
{
    free((void *)facts->title.units);
    free((void *)facts->class_name.units);
    free((void *)facts->exe.units);
}

static char err[MAGNIFIER_RULES_ERROR];

static MagnifierRules *rules_of(const char *text)
{
    MagnifierRules *rules = NULL;
    int ret = ff_magnifier_rules_add(&rules, text, err, sizeof(err));

    if (ret < 0)
        fail_msg("\"%s\" refused: %s", text, err);
    assert_string_equal(err, "");
    return rules;
}

static MagnifierRules *file_of(const void *data, size_t size)
{
    MagnifierRules *rules = NULL;
    int ret = ff_magnifier_rules_add_file(&rules, data, size, err, sizeof(err));

    if (ret < 0)
        fail_msg("file refused: %s", err);
    assert_string_equal(err, "");
    return rules;
}

static char *printed(const MagnifierRules *rules, int rule)
{
    AVBPrint bp;
    char *text;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&bp, rules, rule);
    assert_true(av_bprint_is_complete(&bp));
    text = strdup(bp.str);
    av_bprint_finalize(&bp, NULL);
    return text;
}

static char *described(const Facts *f, unsigned keys, int *nb)
{
    MagnifierRuleFacts facts = utf16_of(f, 0);
    AVBPrint bp;
    char *text;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    *nb = ff_magnifier_rules_describe(&bp, &facts, keys);
    free_utf16(&facts);
    assert_true(av_bprint_is_complete(&bp));
    text = strdup(bp.str);
    av_bprint_finalize(&bp, NULL);
    return text;
}

static MagnifierVerdict ask_set(const MagnifierRules *rules, const Facts *f, int *rule)
{
    MagnifierRuleFacts facts = utf16_of(f, 1);
    MagnifierVerdict verdict = ff_magnifier_rules_match(rules, &facts, rule);

    free_utf16(&facts);
    return verdict;
}

static MagnifierVerdict ask(const char *text, const Facts *facts)
{
    MagnifierRules *rules = rules_of(text);
    MagnifierVerdict verdict = ask_set(rules, facts, NULL);

    ff_magnifier_rules_free(&rules);
    assert_null(rules);
    return verdict;
}

static MagnifierVerdict ask_title(const char *rule, const char *title)
{
    return ask(rule, &(Facts){ .title = title });
}

static MagnifierVerdict ask_exe(const char *rule, const char *exe)
{
    return ask(rule, &(Facts){ .exe = exe });
}

#define assert_matches(v)   assert_int_equal(v, MAGNIFIER_MATCH)
#define assert_no(v)        assert_int_equal(v, MAGNIFIER_NO)
#define assert_unknown(v)   assert_int_equal(v, MAGNIFIER_UNKNOWN)

static void assert_refused(const char *text, const char *sentence)
{
    MagnifierRules *rules = NULL;

    if (ff_magnifier_rules_add(&rules, text, err, sizeof(err)) != AVERROR(EINVAL))
        fail_msg("\"%s\" was not refused", text);
    assert_null(rules);
    assert_string_equal(err, sentence);
}

static void assert_file_refused(const void *data, size_t size, const char *sentence)
{
    MagnifierRules *rules = NULL;

    if (ff_magnifier_rules_add_file(&rules, data, size, err, sizeof(err)) != AVERROR(EINVAL))
        fail_msg("not refused, expected: %s", sentence);
    assert_null(rules);
    assert_string_equal(err, sentence);
}

static void assert_prints(const char *text, const char *canonical)
{
    MagnifierRules *rules = rules_of(text);
    char *got = printed(rules, -1);

    assert_string_equal(got, canonical);
    free(got);
    ff_magnifier_rules_free(&rules);
}

static const Facts word = {
    .title = "Quarterly figures - Word", .class_name = "OpusApp",
    .exe   = "C:\\Program Files\\Office\\WINWORD.EXE",
    .pid   = 4242, .hwnd = 0x2a04f8, .self = MAGNIFIER_NO,
};

/* What a rule says */

static void a_window_matches_by_each_key(void **state)
{
    assert_matches(ask("title=Quarterly figures - Word", &word));
    assert_matches(ask("class=OpusApp", &word));
    assert_matches(ask("exe=winword.exe", &word));
    assert_matches(ask("exe=C:/Program Files/Office/winword.exe", &word));
    assert_matches(ask("pid=4242", &word));
    assert_matches(ask("hwnd=0x2a04f8", &word));
    assert_matches(ask("hwnd=0X2A04F8", &word));
    assert_matches(ask("hwnd=2753784", &word));
    assert_no(ask("title=Quarterly figures", &word));
    assert_no(ask("class=Opus", &word));
    assert_no(ask("exe=word.exe", &word));
    assert_no(ask("pid=424", &word));
    assert_no(ask("hwnd=0x2a04f9", &word));
    assert_no(ask("self", &word));
}

static void self_matches_the_windows_of_this_process(void **state)
{
    assert_matches(ask("self", &(Facts){ .self = MAGNIFIER_MATCH }));
    assert_no(ask("self", &(Facts){ .self = MAGNIFIER_NO }));
    assert_unknown(ask("self", &(Facts){ .self = MAGNIFIER_UNKNOWN }));
}

static void all_conditions_of_a_rule_are_needed_and_any_rule_is_enough(void **state)
{
    assert_matches(ask("class=OpusApp&exe=winword.exe", &word));
    assert_no(ask("class=OpusApp&exe=excel.exe", &word));
    assert_matches(ask("exe=excel.exe|class=OpusApp", &word));
    assert_no(ask("exe=excel.exe|class=OpusApp&pid=1|self", &word));
}

static void the_answer_names_the_first_rule_that_gave_it(void **state)
{
    MagnifierRules *rules = rules_of("pid=1|exe=w*&class=Opus*|title=*|self");
    Facts untitled = word;
    int rule;

    assert_matches(ask_set(rules, &word, &rule));
    assert_int_equal(rule, 1);
    untitled.title = NULL;
    untitled.exe   = NULL;
    assert_unknown(ask_set(rules, &untitled, &rule));
    assert_int_equal(rule, 1);
    untitled.self = MAGNIFIER_MATCH;
    assert_matches(ask_set(rules, &untitled, &rule));
    assert_int_equal(rule, 3);
    ff_magnifier_rules_free(&rules);

    rules = rules_of("pid=1");
    assert_no(ask_set(rules, &word, &rule));
    assert_int_equal(rule, -1);
    ff_magnifier_rules_free(&rules);
}

static void each_rule_can_be_asked_alone(void **state)
{
    MagnifierRules *rules = rules_of("title=*|class=OpusApp|pid=7");
    MagnifierRuleFacts facts = utf16_of(&word, 1);

    assert_matches(ff_magnifier_rules_match_one(rules, 0, &facts));
    assert_matches(ff_magnifier_rules_match_one(rules, 1, &facts));
    assert_no(ff_magnifier_rules_match_one(rules, 2, &facts));
    free_utf16(&facts);
    ff_magnifier_rules_free(&rules);
}

static void not_equal_says_everything_but(void **state)
{
    assert_no(ask("exe!=winword.exe", &word));
    assert_matches(ask("exe!=powerpnt.exe", &word));
    assert_no(ask("pid!=4242", &word));
    assert_matches(ask("pid!=4243&hwnd!=1", &word));
    assert_no(ask("title!=*figures*", &word));
}

static void a_glob_takes_any_text_for_a_star_and_one_character_for_a_question_mark(void **state)
{
    assert_matches(ask_title("title=*figures*", word.title));
    assert_matches(ask_title("title=*", ""));
    assert_matches(ask_title("title=a*b*c", "axxbyyc"));
    assert_matches(ask_title("title=a*b*c", "abc"));
    assert_no(ask_title("title=a*b*c", "acb"));
    assert_no(ask_title("title=ab*ba", "aba"));
    assert_matches(ask_title("title=ab*ba", "abba"));
    assert_matches(ask_title("title=*aab", "aaab"));
    assert_matches(ask_title("title=*a?b*", "aaxaab"));
    assert_matches(ask_title("title=a?c", "abc"));
    assert_no(ask_title("title=a?c", "ac"));
    assert_no(ask_title("title=a?c", "abbc"));
    assert_no(ask_title("title=?", ""));
    assert_matches(ask_title("title=?", "\xF0\x9F\x94\x92"));
    assert_matches(ask_title("title=*?", "a"));
    assert_no(ask_title("title=**?**", ""));
    assert_matches(ask_title("title!=?*", ""));
    assert_no(ask_title("title!=?*", "a"));
    assert_matches(ask_title("title=*ab*ab*", "abab"));
    assert_no(ask_title("title=*ab*ab*", "aab b"));
    assert_no(ask_title("title=*ab*ab*ab", "abxab"));
}

static void an_escaped_character_is_an_ordinary_one(void **state)
{
    assert_matches(ask_title("title=50\\* off\\?", "50* off?"));
    assert_no(ask_title("title=50\\* off\\?", "500 off!"));
    assert_matches(ask_title("title=a\\|b\\&c", "a|b&c"));
    assert_matches(ask_title("title=a\\\\b", "a\\b"));
    assert_matches(ask_title("title=\\=x", "=x"));
    assert_matches(ask_title("title=\\!x", "!x"));
    assert_matches(ask_title("title=\\'x'", "'x'"));
    assert_matches(ask_title("title=\\\"x\"", "\"x\""));
    assert_matches(ask_title("title=\\ x\\ ", " x "));
    assert_matches(ask_title("title=C\\#", "c#"));
    assert_matches(ask_title("title=it's \"so\" = !", "It's \"so\" = !"));
}

static void a_character_may_be_written_by_its_number(void **state)
{
    assert_matches(ask_title("title=*- Microsoft\\u{200B} Edge", "Inbox - Microsoft\xE2\x80\x8B Edge"));
    assert_no(ask_title("title=*- Microsoft\\u{200B} Edge", "Inbox - Microsoft Edge"));
    assert_no(ask_title("title=*- Microsoft\\u{200C} Edge", "Inbox - Microsoft\xE2\x80\x8B Edge"));
    assert_matches(ask_title("title=\\u{a0}\\u{A0}\\u{0000a0}", "\xC2\xA0\xC2\xA0\xC2\xA0"));
    assert_matches(ask_title("title=\\u{1F512}", "\xF0\x9F\x94\x92"));
    assert_matches(ask_title("title=\\u{E9}", "\xC3\x89"));
    assert_matches(ask_title("title=a\\u{A}b", "a\nb"));
    assert_matches(ask("class=a\\u{AD}b", &(Facts){ .class_name = "a\xC2\xAD" "b" }));
    assert_matches(ask_exe("exe=a\\u{200B}.exe", "C:\\a\xE2\x80\x8B.exe"));
    assert_matches(ask_exe("exe=C\\u{3a}\\u{5c}b\\u{2F}a\\u{2e}exe", "C:\\b\\a.exe"));
    assert_no(ask_title("title!=a\\u{200B}", "a\xE2\x80\x8B"));
}

static void a_character_by_its_number_is_an_ordinary_one(void **state)
{
    assert_matches(ask_title("title=a\\u{2A}", "a*"));
    assert_no(ask_title("title=a\\u{2A}", "ab"));
    assert_no(ask_title("title=a\\u{3f}", "ab"));
    assert_matches(ask_title("title=\\u{20}a\\u{20}\\u{9} ", " a \t"));
    assert_matches(ask_title("title=\\u{3d}a\\u{7C}self\\u{26}\\u{5C}u{41}", "=a|self&\\u{41}"));
    assert_matches(ask_title("title=\\u{22}x\"", "\"x\""));
    assert_matches(ask_title("title=*\\u{2A}*", "a*b"));
    assert_no(ask_title("title=*\\u{2A}*", "ab"));
}

/* What was a rule stays the same one, and a path becomes no escape. */
static void a_backslash_before_anything_else_is_what_it_was(void **state)
{
    assert_matches(ask_title("title=\\\\u{200B}", "\\u{200B}"));
    assert_matches(ask_title("title=u{200B}", "u{200B}"));
    assert_matches(ask_exe("exe=C:\\\\users\\\\u{1}.exe", "C:\\users\\u{1}.exe"));
    assert_refused("exe=C:\\users\\x.exe", "column 8: expected one of \\ | & * ? # = ! ' \" or a blank "
                   "after \\ (write \\\\ for a backslash), found users");
    assert_refused("title=\\u", "column 8: expected one of \\ | & * ? # = ! ' \" or a blank "
                   "after \\ (write \\\\ for a backslash), found u");
    assert_refused("title=\\U{41}", "column 8: expected one of \\ | & * ? # = ! ' \" or a blank "
                   "after \\ (write \\\\ for a backslash), found U");
}

static void a_number_that_is_no_character_s_is_refused(void **state)
{
    static const char *const malformed[] = {
        "title=\\u{", "title=\\u{}", "title=\\u{x}", "title=\\u{41", "title=\\u{41 }", "title=\\u{ 41}",
        "title=\\u{0000041}", "title=\\u{4|}", "title=\\u{4\xC3\xA9}", "exe=C:\\u{sers}",
    };
    static const char *const numbers[] = { "0", "1", "2", "D800", "DFFF", "110000", "FFFFFF" };

    for (int i = 0; i < NB(malformed); i++)
        assert_refused(malformed[i], "column 10: expected 1 to 6 hex digits and } after \\u{ "
                       "(write \\\\ for a backslash)");
    for (int i = 0; i < NB(numbers); i++) {
        char rule[64], sentence[MAGNIFIER_RULES_ERROR];

        snprintf(rule, sizeof(rule), "title=\xC3\xA9\\u{%s}", numbers[i]);
        snprintf(sentence, sizeof(sentence), "column 11: expected the number of a character that a rule "
                 "can have, found %s (? stands for any)", numbers[i]);
        assert_refused(rule, sentence);
    }
    assert_refused("exe=a\\u{2a}", "column 11: expected a character that a file name can have "
                   "after \\, found * (write \\\\ for a backslash)");
}

static void blanks_around_tokens_mean_nothing_and_inside_a_value_they_count(void **state)
{
    assert_matches(ask(" exe \t=  winword.exe  &  class != x | self ", &word));
    assert_matches(ask("pid = 4242 & hwnd = 0x2a04f8 ", &word));
    assert_matches(ask("title=  Quarterly figures - Word  ", &word));
    assert_no(ask("title=Quarterlyfigures-Word", &word));
    assert_no(ask("title=Quarterly  figures - Word", &word));
}

static void keys_take_any_case(void **state)
{
    assert_matches(ask("Title=*word&CLASS=opusapp&Exe=WinWord.exe&PID=4242&Hwnd!=1", &word));
    assert_no(ask("SELF", &word));
}

static void a_text_without_rules_matches_nothing(void **state)
{
    MagnifierRules *rules = rules_of(" \t ");

    assert_int_equal(ff_magnifier_rules_count(rules), 0);
    assert_no(ask_set(rules, &word, NULL));
    assert_int_equal(ff_magnifier_rules_keys(rules), 0);
    ff_magnifier_rules_free(&rules);
    assert_int_equal(ff_magnifier_rules_count(NULL), 0);
    assert_int_equal(ff_magnifier_rules_keys(NULL), 0);
    assert_no(ask_set(NULL, &word, NULL));
    ff_magnifier_rules_free(&rules);
}

/* Case folding */

static void text_compares_in_any_case_of_any_script(void **state)
{
    assert_matches(ask_title("title=stra\xC3\x9F" "e", "STRA\xE1\xBA\x9E" "E"));   /* sharp s */
    assert_matches(ask_title("title=\xCE\xA3\xCE\x8A\xCE\xA3", "\xCF\x83\xCE\xAF\xCF\x82")); /* sigmas */
    assert_matches(ask_title("title=\xD0\xA2\xD0\x90\xD0\x99\xD0\x9D\xD0\x90*",
                             "\xD1\x82\xD0\xB0\xD0\xB9\xD0\xBD\xD0\xB0 1"));       /* Cyrillic */
    assert_matches(ask_title("title=k", "\xE2\x84\xAA"));                          /* kelvin */
    assert_matches(ask_title("title=\xE2\x84\xAA", "K"));
    assert_no(ask_title("title=ss", "\xC3\x9F"));           /* this is not one to one */
}

static void a_letter_whose_case_depends_on_the_language_is_at_least_itself(void **state)
{
    /* I with a dot, i without one. Whether they are an i as well is the system's to say. */
    assert_matches(ask_title("title=x\xC4\xB0y", "X\xC4\xB0Y"));
    assert_matches(ask_title("title=x\xC4\xB1y", "X\xC4\xB1Y"));
    assert_matches(ask_title("title=x?y", "X\xC4\xB0Y"));
    assert_matches(ask_title("title=x?y", "X\xC4\xB1Y"));
}

static void only_letters_of_the_alphabet_make_a_key(void **state)
{
    /* U+017F folds to s and U+212A to k, yet neither spells a key */
    assert_refused("\xC5\xBF" "elf", "column 1: expected title, class, exe, pid, hwnd or self, "
                   "found U+017F");
}

/* exe */

static void exe_is_compared_with_the_file_name_unless_it_has_a_separator(void **state)
{
    const char *path = "C:\\Program Files\\KeePass\\KeePass.exe";

    assert_matches(ask_exe("exe=keepass.exe", path));
    assert_matches(ask_exe("exe=kee*", path));
    assert_no(ask_exe("exe=*Program*", path));
    assert_matches(ask_exe("exe=C:\\\\Program Files\\\\KeePass\\\\KeePass.exe", path));
    assert_matches(ask_exe("exe=c:/program files/keepass/keepass.exe", path));
    assert_matches(ask_exe("exe=c:/program files/*", path));
    assert_matches(ask_exe("exe=*/KeePass/*", path));
    assert_matches(ask_exe("exe=*\\\\keepass.exe", path));
    assert_no(ask_exe("exe=*/pass.exe", path));
    assert_matches(ask_exe("exe=?:/*/keepass.exe", path));
    assert_matches(ask_exe("exe=C*/keepass.exe", path));
    assert_matches(ask_exe("exe=//server/share/*", "\\\\server\\share\\a.exe"));
    assert_matches(ask_exe("exe=\\\\\\\\server\\\\*", "\\\\server\\share\\a.exe"));
    assert_matches(ask_exe("exe=a b\\&c.exe", "D:/a b&c.exe"));
    assert_matches(ask_exe("exe=notepad.exe", "notepad.exe"));
}

static void a_separator_is_no_backslash_outside_of_exe(void **state)
{
    assert_no(ask_title("title=a/b", "a\\b"));
    assert_matches(ask_title("title=a/b", "a/b"));
}

static void an_exe_that_no_program_is_called_is_refused(void **state)
{
    assert_refused("exe=C:\\Program Files\\x.exe",
                   "column 8: expected one of \\ | & * ? # = ! ' \" or a blank after \\ "
                   "(write \\\\ for a backslash), found Program");
    assert_refused("exe=C:\\*", "column 8: expected a character that a file name can have "
                   "after \\, found * (write \\\\ for a backslash)");
    assert_refused("exe=C:\\|self", "column 8: expected a character that a file name can have "
                   "after \\, found | (write \\\\ for a backslash)");
    assert_refused("exe=C:\\#x.exe", "column 5: expected a file name or a path: "
                   "a name has no : in it, and in a path \\ is written \\\\ or /");
    assert_refused("exe=Office/word.exe", "column 5: expected a whole path, "
                   "one that begins with a drive, a separator or *");
    assert_refused("exe=C:/Office/", "column 5: expected a file name after the last separator "
                   "(* there takes every one)");
    assert_refused("exe=C:\\\\\\\\Office\\\\x.exe", "column 5: expected a path with single "
                   "separators (\\\\ is one, and so is /)");
}

/* Numbers */

static void a_window_handle_may_be_sign_extended(void **state)
{
    const Facts facts = { .hwnd = 0xFFFFFFFF80010002 };

    assert_matches(ask("hwnd=0xffffffff80010002", &facts));
    assert_matches(ask("hwnd=0x80010002", &facts));
    assert_matches(ask("hwnd=18446744071562133506", &facts));
    assert_matches(ask("hwnd=0x80010002", &(Facts){ .hwnd = 0x80010002 }));
    assert_refused("hwnd=0xffffffff00010002",
                   "column 6: expected a number of 32 bits, as every hwnd is");
    assert_refused("hwnd=0x100000001",
                   "column 6: expected a number of 32 bits, as every hwnd is");
}

static void a_number_that_no_window_has_is_refused(void **state)
{
    assert_refused("pid=0", "column 5: expected a number above 0, as no window has pid 0");
    assert_refused("hwnd=0x0", "column 6: expected a number above 0, as no window has hwnd 0");
    assert_refused("pid=4294967296", "column 5: expected a number of 32 bits, as every pid is");
    assert_refused("pid=18446744073709551617",
                   "column 5: expected a number of 32 bits, as every pid is");
    assert_refused("hwnd=0x10000000000000001",
                   "column 6: expected a number of 32 bits, as every hwnd is");
    assert_refused("pid=0x12", "column 6: expected &, | or the end after the number, found x");
    assert_refused("pid=12*", "column 7: expected &, | or the end after the number, found *");
    assert_refused("pid=-1", "column 5: expected a decimal number, found -");
    assert_refused("pid=", "column 5: expected a decimal number, found the end");
    assert_refused("hwnd=abc", "column 6: expected a number, decimal or 0x and hex, found abc");
    assert_refused("hwnd=0x", "column 8: expected hex digits, found the end");
    assert_refused("hwnd=1 2", "column 8: expected &, | or the end after the number, found 2");
}

/* Errors */

static void a_malformed_rule_is_refused_with_the_column_and_what_was_expected(void **state)
{
    assert_refused("name=x", "column 1: expected title, class, exe, pid, hwnd or self, found name");
    assert_refused("titles=x",
                   "column 1: expected title, class, exe, pid, hwnd or self, found titles");
    assert_refused("titl=x", "column 1: expected title, class, exe, pid, hwnd or self, found titl");
    assert_refused("=x", "column 1: expected title, class, exe, pid, hwnd or self, found =");
    assert_refused("!self", "column 1: expected title, class, exe, pid, hwnd or self, found !");
    assert_refused("title", "column 6: expected = or != after the key, found the end");
    assert_refused("title:x", "column 6: expected = or != after the key, found :");
    assert_refused("title x", "column 7: expected = or != after the key, found x");
    assert_refused("title! =x", "column 7: expected = after !, found a blank");
    assert_refused("title==x", "column 7: expected the value of title, found an operator; "
                   "write \\= for the character");
    assert_refused("title=!x", "column 7: expected the value of title, found an operator; "
                   "write \\! for the character");
    assert_refused("self=1", "column 5: expected &, | or the end after self, found =");
    assert_refused("self x", "column 6: expected &, | or the end after self, found x");
    assert_refused("title=a\\b", "column 9: expected one of \\ | & * ? # = ! ' \" or a blank "
                   "after \\ (write \\\\ for a backslash), found b");
    assert_refused("title=a\\", "column 9: expected one of \\ | & * ? # = ! ' \" or a blank "
                   "after \\ (write \\\\ for a backslash), found the end");
    assert_refused("title='x'", "column 7: expected a value without quotes; "
                   "write \\' for the character");
    assert_refused("title= \"x\" ", "column 8: expected a value without quotes; "
                   "write \\\" for the character");
}

static void an_empty_value_or_rule_is_refused(void **state)
{
    assert_refused("title=", "column 7: expected a value (title!=?* is for a window without "
                   "title), found the end");
    assert_refused("title= &self", "column 8: expected a value (title!=?* is for a window "
                   "without title), found &");
    assert_refused("|self", "column 1: expected title, class, exe, pid, hwnd or self, found |");
    assert_refused("self|", "column 6: expected title, class, exe, pid, hwnd or self, "
                   "found the end");
    assert_refused("self||self", "column 6: expected title, class, exe, pid, hwnd or self, found |");
    assert_refused("self&&self", "column 6: expected title, class, exe, pid, hwnd or self, found &");
    assert_refused("self&", "column 6: expected title, class, exe, pid, hwnd or self, "
                   "found the end");
}

static void columns_count_characters(void **state)
{
    assert_refused("title=\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x94\x92|foo",
                   "column 11: expected title, class, exe, pid, hwnd or self, found foo");
    assert_refused("\xE6\xBC\xA2", "column 1: expected title, class, exe, pid, hwnd or self, "
                   "found U+6F22");
}

static void what_is_not_utf8_or_is_a_control_character_is_refused(void **state)
{
    assert_refused("title=a\xFF", "column 8: expected UTF-8, found the byte 0xFF");
    assert_refused("title=\xC3", "column 7: expected UTF-8, found the byte 0xC3");
    assert_refused("title=\xC0\xAF", "column 7: expected UTF-8, found the byte 0xC0");
    assert_refused("title=\xED\xA0\x80", "column 7: expected UTF-8, found the byte 0xED");
    assert_refused("title=\xF4\x90\x80\x80", "column 7: expected UTF-8, found the byte 0xF4");
    assert_refused("title=a\nself", "column 8: expected text, found the control character U+000A "
                   "(? stands for it)");
    assert_refused("title=\xC2\x9B", "column 7: expected text, found the control character U+009B "
                   "(? stands for it)");
}

static void what_is_too_much_is_refused(void **state)
{
    char *text = malloc(MAGNIFIER_RULES_MAX_TEXT + 2);
    MagnifierRules *rules;

    strcpy(text, "title=");
    memset(text + 6, 'a', MAGNIFIER_RULES_MAX_VALUE + 1);
    text[6 + MAGNIFIER_RULES_MAX_VALUE + 1] = 0;
    assert_refused(text, "column 7: expected a value of at most 1024 characters");
    text[6 + MAGNIFIER_RULES_MAX_VALUE] = 0;
    rules = rules_of(text);
    ff_magnifier_rules_free(&rules);

    for (int i = 0; i <= MAGNIFIER_RULES_MAX; i++)
        memcpy(text + 5 * i, "self|", 5);
    text[5 * MAGNIFIER_RULES_MAX + 4] = 0;
    assert_refused(text, "column 20481: expected at most 4096 rules");
    text[5 * MAGNIFIER_RULES_MAX - 1] = 0;
    rules = rules_of(text);
    assert_int_equal(ff_magnifier_rules_count(rules), MAGNIFIER_RULES_MAX);
    assert_int_equal(ff_magnifier_rules_add(&rules, "self", err, sizeof(err)), AVERROR(EINVAL));
    assert_int_equal(ff_magnifier_rules_count(rules), MAGNIFIER_RULES_MAX);
    ff_magnifier_rules_free(&rules);

    memset(text, ' ', MAGNIFIER_RULES_MAX_TEXT + 1);
    text[MAGNIFIER_RULES_MAX_TEXT + 1] = 0;
    assert_refused(text, "column 1: expected at most 262144 bytes of rules");
    free(text);
}

static void an_error_is_cut_to_the_caller_s_room(void **state)
{
    MagnifierRules *rules = NULL;
    char small[12] = "0123456789a";

    assert_int_equal(ff_magnifier_rules_add(&rules, "x", small, 10), AVERROR(EINVAL));
    assert_string_equal(small, "column 1:");
    assert_int_equal(small[10], 'a');
    assert_int_equal(ff_magnifier_rules_add(&rules, "x", small, 1), AVERROR(EINVAL));
    assert_string_equal(small, "");
}

/* Files */

#define FILE_OF(text)                file_of(text, sizeof(text) - 1)
#define ASSERT_FILE_REFUSED(text, e) assert_file_refused(text, sizeof(text) - 1, e)

static void a_file_has_rules_and_comments_line_by_line(void **state)
{
    MagnifierRules *rules = FILE_OF("\xEF\xBB\xBF# what must not be seen\r\n"
                                    "\r\n"
                                    "  exe=keepass.exe\r\n"
                                    "title=C# in depth|title=\\#1\t\n"
                                    "\t# self\n"
                                    "self");
    char *text = printed(rules, -1);

    assert_string_equal(text, "exe=keepass.exe|title=C# in depth|title=#1|self");
    free(text);
    assert_int_equal(ff_magnifier_rules_line(rules, 0), 3);
    assert_int_equal(ff_magnifier_rules_line(rules, 1), 4);
    assert_int_equal(ff_magnifier_rules_line(rules, 2), 4);
    assert_int_equal(ff_magnifier_rules_line(rules, 3), 6);
    ff_magnifier_rules_free(&rules);
}

static void a_file_may_be_empty(void **state)
{
    static const struct { const char *data; size_t size; } files[] = {
        { NULL, 0 }, { "\n", 1 }, { "\r\n", 2 }, { "\r", 1 }, { "\xEF\xBB\xBF", 3 },
        { "#", 1 }, { " ", 1 }, { "\xEF\xBB\xBF\r\n#\r\n\r\n", 8 },
    };

    for (int i = 0; i < NB(files); i++) {
        MagnifierRules *rules = file_of(files[i].data, files[i].size);

        assert_non_null(rules);
        assert_int_equal(ff_magnifier_rules_count(rules), 0);
        ff_magnifier_rules_free(&rules);
    }
}

static void an_error_in_a_file_has_its_line_and_column(void **state)
{
    ASSERT_FILE_REFUSED("self\r\n\r\n title=a|\r\nself",
                        "line 3, column 10: expected title, class, exe, pid, hwnd or self, "
                        "found the end");
    ASSERT_FILE_REFUSED("self\ntitle=\xC3\xA9\xE9\n",
                        "line 2, column 8: expected UTF-8, found the byte 0xE9");
    ASSERT_FILE_REFUSED("self\n# \xE9\n",
                        "line 2, column 3: expected UTF-8, found the byte 0xE9");
    ASSERT_FILE_REFUSED("self\nse\0lf\n", "line 2, column 3: expected text, "
                        "found the control character U+0000 (? stands for it)");
    ASSERT_FILE_REFUSED("self\rself\n", "line 1, column 5: expected text, "
                        "found the control character U+000D (? stands for it)");
    ASSERT_FILE_REFUSED("\xFF\xFEs\0e\0l\0f\0", "line 1, column 1: expected UTF-8, found UTF-16; "
                        "save the file as UTF-8");
    ASSERT_FILE_REFUSED("self\n\xEF\xBB\xBFself", "line 2, column 1: expected title, class, exe, "
                        "pid, hwnd or self, found U+FEFF");
}

static void a_comment_behind_a_rule_is_refused_in_a_file(void **state)
{
    ASSERT_FILE_REFUSED("exe=mail.exe # letters", "line 1, column 14: expected a comment on a "
                        "line of its own; write \\# for the character");
    assert_matches(ask_title("title=Issue #4", "Issue #4"));
    assert_prints("title=Issue #4", "title=Issue \\#4");
}

static void a_set_takes_more_rules_and_stays_as_it_was_if_they_are_bad(void **state)
{
    MagnifierRules *rules = rules_of("exe=a.exe&self");
    char *text;
    int rule;

    assert_int_equal(ff_magnifier_rules_add_file(&rules, "title=*word\nclass=b\n", 20,
                                                 err, sizeof(err)), 0);
    assert_int_equal(ff_magnifier_rules_add_file(&rules, "title=lost\nclass=lost&", 22,
                                                 err, sizeof(err)), AVERROR(EINVAL));
    assert_int_equal(ff_magnifier_rules_add(&rules, "pid=7|\\", err, sizeof(err)), AVERROR(EINVAL));
    assert_int_equal(ff_magnifier_rules_add(&rules, "hwnd=7", err, sizeof(err)), 0);
    text = printed(rules, -1);
    assert_string_equal(text, "exe=a.exe&self|title=*word|class=b|hwnd=0x7");
    free(text);
    text = printed(rules, 2);
    assert_string_equal(text, "class=b");
    free(text);
    assert_int_equal(ff_magnifier_rules_keys(rules), 0x7F & ~(MAGNIFIER_KEY_PID | MAGNIFIER_KEY_PATH));
    assert_int_equal(ff_magnifier_rules_line(rules, 0), 0);
    assert_int_equal(ff_magnifier_rules_line(rules, 2), 2);
    assert_int_equal(ff_magnifier_rules_line(rules, 3), 0);
    assert_matches(ask_set(rules, &word, &rule));
    assert_int_equal(rule, 1);
    ff_magnifier_rules_free(&rules);
}

static void a_set_tells_which_facts_it_asks_for(void **state)
{
    static const struct { const char *text; unsigned keys; } sets[] = {
        { "title=a",                          MAGNIFIER_KEY_TITLE },
        { "class!=a",                         MAGNIFIER_KEY_CLASS },
        { "exe=a",                            MAGNIFIER_KEY_EXE   },
        { "exe=*/a",                          MAGNIFIER_KEY_PATH  },
        { "pid=1",                            MAGNIFIER_KEY_PID   },
        { "hwnd=1",                           MAGNIFIER_KEY_HWND  },
        { "self",                             MAGNIFIER_KEY_SELF  },
        { "self&exe=a|class=b|title=c&pid!=1",
          MAGNIFIER_KEY_SELF | MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS |
          MAGNIFIER_KEY_TITLE | MAGNIFIER_KEY_PID },
    };

    for (int i = 0; i < NB(sets); i++) {
        MagnifierRules *rules = rules_of(sets[i].text);

        assert_int_equal(ff_magnifier_rules_keys(rules), sets[i].keys);
        ff_magnifier_rules_free(&rules);
    }
}

/* What is unknown */

static void an_unknown_fact_makes_the_answer_unknown_if_it_hangs_on_it(void **state)
{
    const Facts protected = { .title = "a", .class_name = "b", .pid = 1, .hwnd = 2 };

    assert_unknown(ask("exe=a.exe", &protected));
    assert_unknown(ask("exe!=a.exe", &protected));
    assert_unknown(ask("exe=*/a.exe", &protected));
    assert_unknown(ask("self", &protected));
    assert_no(ask("exe=a.exe&title=x", &protected));
    assert_no(ask("title=x&exe=a.exe", &protected));
    assert_unknown(ask("title=a&exe=a.exe", &protected));
    assert_matches(ask("exe=a.exe|title=a", &protected));
    assert_matches(ask("title=a|exe=a.exe", &protected));
    assert_unknown(ask("exe=a.exe|title=x", &protected));
}

static void nothing_known_makes_each_key_unknown(void **state)
{
    static const char *const rules[] = {
        "title=a", "title!=a", "title=*", "class=a", "exe=a", "exe=*/a", "pid=1", "pid!=1",
        "hwnd=1", "self",
    };

    for (int i = 0; i < NB(rules); i++) {
        MagnifierRules *set = rules_of(rules[i]);

        assert_unknown(ask_set(set, &(Facts){ 0 }, NULL));
        ff_magnifier_rules_free(&set);
    }
}

static void an_empty_title_is_known_but_an_empty_class_or_program_is_not(void **state)
{
    const Facts facts = { .title = "", .class_name = "", .exe = "" };

    assert_no(ask("title=a", &facts));
    assert_unknown(ask("class=a", &facts));
    assert_unknown(ask("exe=a", &facts));
    assert_unknown(ask("exe=*/a", &facts));
    assert_unknown(ask_exe("exe=a", "C:\\"));
}

static void a_text_too_long_to_look_at_is_unknown(void **state)
{
    char *title = calloc(1, MAGNIFIER_RULES_MAX_FACT + 2);

    memset(title, 'a', MAGNIFIER_RULES_MAX_FACT);
    assert_no(ask_title("title=*b", title));
    title[MAGNIFIER_RULES_MAX_FACT] = 'b';
    assert_unknown(ask_title("title=*b", title));
    free(title);
}

#define HIGH "\xF5"     /* 0xD8F5, see text_of() */
#define LOW  "\xBF"     /* 0xDCBF */
#define PAIR "\xF0\x9F\x94\x92"

static void half_a_surrogate_pair_is_one_character(void **state)
{
    assert_matches(ask_title("title=a?b", "a" HIGH "b"));
    assert_matches(ask_title("title=a?b", "a" LOW "b"));
    assert_matches(ask_title("title=a??b", "a" LOW HIGH "b"));
    assert_matches(ask_title("title=a??b", "a" HIGH HIGH "b"));
    assert_matches(ask_title("title=?", HIGH));
    assert_no(ask_title("title=a\xEF\xBF\xBD" "b", "a" HIGH "b"));
    assert_matches(ask_title("title=*secret*", HIGH "secret" LOW));
}

static void a_surrogate_pair_is_one_character(void **state)
{
    assert_matches(ask_title("title=?", HIGH LOW));
    assert_no(ask_title("title=??", PAIR));
    assert_matches(ask_title("title=??", PAIR PAIR));
    assert_matches(ask_title("title=*?", PAIR));
    assert_no(ask_title("title=*??", PAIR));
    assert_no(ask_title("title=?*?", PAIR));
    assert_matches(ask_title("title=*" PAIR, HIGH PAIR));
    assert_matches(ask_title("title=?" PAIR "?", HIGH PAIR LOW));
    assert_no(ask_title("title=*" PAIR "*", HIGH LOW));
    assert_matches(ask_title("title=a" PAIR "*B", "A" PAIR "b"));
    assert_no(ask_title("title=" PAIR, "\xF0\x9F\x94\x93"));     /* another low half */
    assert_no(ask_title("title=" PAIR, "\xF0\x9F\x92\x92"));     /* and another high one */
}

/* Printing */

static void a_rule_is_printed_in_one_spelling(void **state)
{
    assert_prints(" TITLE = a  b  &Class!=c|self & PID=007|HWND=255",
                  "title=a  b&class!=c|self&pid=7|hwnd=0xff");
    assert_prints("title=**a***\\***?*", "title=*a*\\**?*");
    assert_prints("title=\\ a\\ ", "title=\\ a\\ ");
    assert_prints("title=a\\ b\\'\\\"\\=\\!\\#", "title=a b'\"=!#");
    assert_prints("title=\\'a", "title=\\'a");
    assert_prints("title='a", "title=\\'a");
    assert_prints("title=\\=a=", "title=\\=a=");
    assert_prints("title=\\u{41}\\u{2a}*\\u{20}", "title=A\\**\\ ");
    assert_prints("title=a\xC2\xA0#\xE2\x80\x8B\\u{1f512}\\u{e0100}",
                  "title=a\\u{A0}#\\u{200B}\xF0\x9F\x94\x92\\u{E0100}");
    assert_prints("title=a\t#b\\\t", "title=a\\u{9}\\#b\\u{9}");
    assert_prints("title=\\|\\&\\\\\\?", "title=\\|\\&\\\\\\?");
    assert_prints("exe=C:\\\\a/B.exe", "exe=C:/a/B.exe");
    assert_prints("title=\xC3\x9F\xE6\xBC\xA2\xF0\x9F\x94\x92",
                  "title=\xC3\x9F\xE6\xBC\xA2\xF0\x9F\x94\x92");
    assert_prints("", "");
}

#define ALL_KEYS 0x7F

static void a_window_is_described_by_a_rule_that_can_be_pasted_back(void **state)
{
    Facts w = word;
    char *text;
    int nb;

    text = described(&w, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS | MAGNIFIER_KEY_TITLE, &nb);
    assert_string_equal(text, "exe=WINWORD.EXE&class=OpusApp&title=Quarterly figures - Word");
    assert_int_equal(nb, 3);
    free(text);

    w.self = MAGNIFIER_MATCH;
    text = described(&w, ALL_KEYS, &nb);
    assert_string_equal(text, "exe=C:/Program Files/Office/WINWORD.EXE&class=OpusApp&"
                        "title=Quarterly figures - Word&pid=4242&hwnd=0x2a04f8&self");
    free(text);

    w = (Facts){ .title = "" };
    text = described(&w, ALL_KEYS, &nb);
    assert_string_equal(text, "title!=?*");
    assert_int_equal(nb, 1);
    free(text);

    w = (Facts){ .title = " *50% off? #1\n" HIGH "|&\\ " };
    text = described(&w, ALL_KEYS, &nb);
    assert_string_equal(text, "title=\\ \\*50% off\\? \\#1\\u{A}?\\|\\&\\\\\\ ");
    free(text);

    w = (Facts){ .title = "Microsoft\xE2\x80\x8B\xC2\xA0" "Edge\x01\xE2\x80\xAE\\u{41}", .class_name = "a\xC2\xAD",
                 .exe = "C:\\a\xEF\xBB\xBF.exe" };
    text = described(&w, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS | MAGNIFIER_KEY_TITLE, &nb);
    assert_string_equal(text, "exe=a\\u{FEFF}.exe&class=a\\u{AD}&"
                        "title=Microsoft\\u{200B}\\u{A0}Edge?\\u{202E}\\\\u{41}");
    free(text);

    w = (Facts){ 0 };
    text = described(&w, ALL_KEYS, &nb);
    assert_string_equal(text, "");
    assert_int_equal(nb, 0);
    free(text);
}

/* Properties, on random input. A failure prints the seed of its round. */

static uint32_t seed;

static uint32_t rnd(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)seed * n >> 32);
}

/* A small alphabet makes matches and near misses likely. */
static const char *const alphabet[] = {
    "a", "A", "b", "B", "a", "b", " ", "|", "&", "*", "?", "#", "\\", "/", "=", "!", "'", "\"",
    "\xC3\xA9", "\xC3\x89", "k", "\xE2\x84\xAA", "\xCF\x83", "\xCF\x82", "\xCE\xA3",
    "\xE6\xBC\xA2", "\xF0\x90\x90\x80", "\xF0\x90\x90\xA8", "\xEF\xBF\xBD", ":", "\t",
    "\xE2\x80\x8B", "\xC2\xA0",
};

/* The slow reference: a condition as a list of elements, each a string. */

enum { REF_CHAR, REF_STAR, REF_ANY };

typedef struct RefElement {
    int kind;
    const char *text;
} RefElement;

typedef struct RefCondition {
    int key;            /* index into ref_keys */
    int negated;
    uint32_t number;
    RefElement e[12];
    int nb;
    int has_separator;
} RefCondition;

static const char *const ref_keys[] = { "title", "class", "exe", "pid", "hwnd", "self" };

static uint32_t ref_decode(const char **p)
{
    const uint8_t *s = (const uint8_t *)*p;
    int n = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    uint32_t c = n == 1 ? s[0] : s[0] & (0x7F >> n);

    for (int i = 1; i < n; i++)
        c = c << 6 | (s[i] & 0x3F);
    *p += n;
    return c;
}

static uint32_t ref_fold(const char **p, int is_exe)
{
    uint32_t c = ref_decode(p);
    uint16_t unit = c;

    if (c > UINT16_MAX)
        return c;
    ff_magnifier_fold_case(&unit, 1);
    return is_exe && c == '\\' ? '/' : unit;
}

static int ref_glob(const RefElement *e, int nb, const char *text, int is_exe)
{
    const char *t = text, *p;

    if (!nb)
        return !*text;
    if (e->kind == REF_STAR) {
        if (ref_glob(e + 1, nb - 1, text, is_exe))
            return 1;
        if (!*text)
            return 0;
        ref_decode(&t);
        return ref_glob(e, nb, t, is_exe);
    }
    if (!*text)
        return 0;
    if (e->kind == REF_ANY) {
        ref_decode(&t);
        return ref_glob(e + 1, nb - 1, t, is_exe);
    }
    p = e->text;
    return ref_fold(&p, is_exe) == ref_fold(&t, is_exe) && ref_glob(e + 1, nb - 1, t, is_exe);
}

/* Truth as a number: 0 no, 1 unknown, 2 yes; then and is min, or is max, not is 2 - x. */
static int ref_condition(const RefCondition *c, const Facts *f)
{
    const char *text = c->key == 0 ? f->title : c->key == 1 ? f->class_name : f->exe;
    int truth;

    if (c->key == 5)
        return f->self == MAGNIFIER_MATCH ? 2 : f->self == MAGNIFIER_NO ? 0 : 1;
    if (c->key == 3)
        truth = f->pid ? f->pid == c->number ? 2 : 0 : 1;
    else if (c->key == 4)
        truth = f->hwnd ? f->hwnd == c->number ? 2 : 0 : 1;
    else if (!text)
        truth = 1;
    else {
        if (c->key == 2 && !c->has_separator)
            for (const char *p = text; *p; p++)
                if (*p == '/' || *p == '\\')
                    text = p + 1;
        truth = ref_glob(c->e, c->nb, text, c->key == 2) ? 2 : 0;
    }
    return c->negated ? 2 - truth : truth;
}

static void put(char **s, const char *text)
{
    *s += sprintf(*s, "%s", text);
}

static void put_blanks(char **s)
{
    while (!rnd(4))
        put(s, rnd(3) ? " " : "\t");
}

static void random_condition(RefCondition *c, char **s)
{
    int shape = rnd(3);

    memset(c, 0, sizeof(*c));
    c->key = rnd(10) < 7 ? rnd(3) : 3 + rnd(3);
    put_blanks(s);
    put(s, ref_keys[c->key]);
    put_blanks(s);
    if (c->key == 5)
        return;
    c->negated = !rnd(3);
    put(s, c->negated ? "!=" : "=");
    put_blanks(s);
    if (c->key >= 3) {
        c->number = 1 + rnd(3);
        *s += sprintf(*s, c->key == 4 && rnd(2) ? "0x%02x" : "%u", c->number);
        put_blanks(s);
        return;
    }

    c->nb = 1 + rnd(rnd(3) ? 4 : NB(c->e));
    if (c->key == 2 && shape)
        c->nb = 4 + rnd(NB(c->e) - 3);
    for (int i = 0; i < c->nb; i++) {
        RefElement *e = &c->e[i];
        const char *quote = "";
        int special;

        e->kind = rnd(3) ? REF_CHAR : rnd(3) ? REF_STAR : REF_ANY;
        e->text = alphabet[rnd(NB(alphabet))];
        if (c->key == 2) {
            /* Names and paths that can be: x*y, C:\x/y and *\x/y */
            if (strchr("|*?/\\:", *e->text))
                e->text = "a";
            if (shape && i < 3) {
                static const char *const drive[] = { "A", ":", "/" };

                e->kind = REF_CHAR;
                e->text = drive[i];
                if (shape == 2 && i == 0)
                    e->kind = REF_STAR;
                if (shape == 2 && i == 1)
                    e->text = rnd(2) ? "/" : "\\";
                if (shape == 2 && i == 2)
                    e->text = "a";
            } else if (shape && i + 1 < c->nb && !rnd(3) &&
                       !(c->e[i - 1].kind == REF_CHAR && strchr("/\\", *c->e[i - 1].text))) {
                e->kind = REF_CHAR;
                e->text = rnd(2) ? "/" : "\\";
            }
            c->has_separator |= e->kind == REF_CHAR && strchr("/\\", *e->text);
        }
        if (e->kind != REF_CHAR) {
            put(s, e->kind == REF_STAR ? "*" : "?");
            continue;
        }
        special = !!strchr("\\|&*?", *e->text);
        special |= (i == 0 || i == c->nb - 1) && strchr(" \t", *e->text);
        special |= i == 0 && strchr("=!'\"", *e->text);
        special |= *e->text == '#' && (!i || strchr(" \t", s[0][-1]));
        if (special || (strchr("#=!'\" \t", *e->text) && rnd(2)))
            quote = "\\";
        if (!rnd(6)) {
            const char *p = e->text;

            *s += sprintf(*s, rnd(2) ? "\\u{%X}" : "\\u{%06x}", ref_decode(&p));
            continue;
        }
        put(s, quote);
        put(s, e->text);
    }
    put_blanks(s);
}

static char *random_text(int is_exe, int may_be_empty)
{
    char *text = calloc(1, 100), *s = text;
    int nb = rnd(8) + !may_be_empty;

    while (nb--) {
        const char *c = alphabet[rnd(NB(alphabet))];

        put(&s, is_exe && strchr("|*?", *c) ? "b" : c);
    }
    if (is_exe)
        put(&s, "a");
    return text;
}

static void random_facts(Facts *f)
{
    char *path = random_text(1, 0), exe[128];

    snprintf(exe, sizeof(exe), "%s%s", rnd(2) ? "a:\\" : rnd(2) ? "A:/" : "", path);
    free(path);
    *f = (Facts){
        .title      = rnd(6) ? random_text(0, 1) : NULL,
        .class_name = rnd(6) ? random_text(0, 0) : NULL,
        .exe        = rnd(6) ? strdup(exe) : NULL,
        .pid        = rnd(4),
        .hwnd       = rnd(4),
        .self       = rnd(3),
    };
}

static void free_facts(Facts *f)
{
    free((char *)f->title);
    free((char *)f->class_name);
    free((char *)f->exe);
}

static void matching_agrees_with_a_slow_reference_and_printing_is_stable(void **state)
{
    int verdicts[3] = { 0 };

    for (int round = 0; round < 60000; round++) {
        RefCondition c[4][3];
        int nb_conditions[4], nb_rules = 1 + rnd(4), best = 0, best_rule = -1, rule;
        char text[4096], *s = text, *again, *once;
        const uint32_t round_seed = seed = round;
        MagnifierVerdict expected, got;
        MagnifierRules *rules, *reparsed = NULL;
        Facts f;

        for (int i = 0; i < nb_rules; i++) {
            nb_conditions[i] = 1 + rnd(3);
            for (int j = 0; j < nb_conditions[i]; j++) {
                if (i || j)
                    put(&s, j ? "&" : "|");
                random_condition(&c[i][j], &s);
            }
        }
        rules = rules_of(text);
        once  = printed(rules, -1);
        if (round & 1) {
            reparsed = rules_of(once);
        } else if (ff_magnifier_rules_add_file(&reparsed, once, strlen(once), err, sizeof(err)) < 0) {
            fail_msg("seed %u: file of \"%s\": %s", round_seed, once, err);
        }
        again = printed(reparsed, -1);
        if (strcmp(once, again))
            fail_msg("seed %u: \"%s\" printed \"%s\", then \"%s\"", round_seed, text, once, again);

        for (int k = 0; k < 4; k++) {
            random_facts(&f);
            best      = 0;
            best_rule = -1;
            for (int i = 0; i < nb_rules; i++) {
                int truth = 2;

                for (int j = 0; j < nb_conditions[i]; j++) {
                    int t = ref_condition(&c[i][j], &f);
                    truth = t < truth ? t : truth;
                }
                if (truth > best) {
                    best      = truth;
                    best_rule = i;
                }
            }
            expected = best == 2 ? MAGNIFIER_MATCH : best ? MAGNIFIER_UNKNOWN : MAGNIFIER_NO;
            verdicts[best]++;
            for (int twice = 0; twice < 2; twice++) {
                got = ask_set(twice ? reparsed : rules, &f, &rule);
                if (got != expected || rule != best_rule)
                    fail_msg("seed %u: \"%s\" on title \"%s\" class \"%s\" exe \"%s\" pid %u "
                             "hwnd %u self %d: verdict %d by %d, expected %d by %d",
                             round_seed, twice ? once : text, f.title, f.class_name, f.exe, f.pid,
                             (unsigned)f.hwnd, f.self, got, rule, expected, best_rule);
            }
            free_facts(&f);
        }
        free(once);
        free(again);
        ff_magnifier_rules_free(&rules);
        ff_magnifier_rules_free(&reparsed);
    }
    /* The random input is worth something if it gives each answer often. */
    for (int i = 0; i < 3; i++)
        assert_true(verdicts[i] > 30000);
}

static void a_definite_answer_stays_when_more_gets_known(void **state)
{
    for (int round = 0; round < 20000; round++) {
        RefCondition c;
        char text[2048], *s = text;
        Facts f, more;
        MagnifierRules *rules;
        MagnifierVerdict before, after;
        int nb;

        seed = round;
        nb = 1 + rnd(4);
        for (int i = 0; i < nb; i++) {
            if (i)
                put(&s, rnd(2) ? "&" : "|");
            random_condition(&c, &s);
        }
        rules = rules_of(text);
        random_facts(&f);
        random_facts(&more);
        before = ask_set(rules, &f, NULL);
        if (f.title)
            free((char *)more.title), more.title = strdup(f.title);
        if (f.class_name)
            free((char *)more.class_name), more.class_name = strdup(f.class_name);
        if (f.exe)
            free((char *)more.exe), more.exe = strdup(f.exe);
        more.pid  = f.pid ? f.pid : more.pid;
        more.hwnd = f.hwnd ? f.hwnd : more.hwnd;
        more.self = f.self ? f.self : more.self;
        after = ask_set(rules, &more, NULL);
        if (before != MAGNIFIER_UNKNOWN && after != before)
            fail_msg("seed %d: \"%s\" changed from %d to %d", round, text, before, after);
        free_facts(&f);
        free_facts(&more);
        ff_magnifier_rules_free(&rules);
    }
}

static void what_describes_a_window_matches_it_and_no_other_title(void **state)
{
    for (int round = 0; round < 30000; round++) {
        Facts f, other;
        MagnifierRules *rules, *from_file;
        unsigned keys;
        char *text;
        int nb;

        seed = round;
        random_facts(&f);
        if (!rnd(4) && f.title)   /* bytes that are no text, and control characters */
            for (char *p = (char *)f.title; *p; p++)
                if (!rnd(3))
                    *p = 1 + rnd(255);
        if (!rnd(4) && f.exe)
            for (char *p = (char *)f.exe; *p; p++)
                if (!rnd(3))
                    *p = 1 + rnd(255);
        keys = rnd(ALL_KEYS + 1);
        text = described(&f, keys, &nb);
        if (!nb) {
            assert_string_equal(text, "");
        } else {
            rules = rules_of(text);
            assert_int_equal(ff_magnifier_rules_count(rules), 1);
            if (ask_set(rules, &f, NULL) != MAGNIFIER_MATCH)
                fail_msg("seed %d: \"%s\" does not match", round, text);
            from_file = file_of(text, strlen(text));
            assert_matches(ask_set(from_file, &f, NULL));
            if (keys & MAGNIFIER_KEY_TITLE && f.title) {
                char title[128];

                snprintf(title, sizeof(title), "%sx", f.title);
                other       = f;
                other.title = title;
                assert_no(ask_set(rules, &other, NULL));
            }
            ff_magnifier_rules_free(&rules);
            ff_magnifier_rules_free(&from_file);
        }
        free(text);
        free_facts(&f);
    }
}

static void what_describes_a_window_with_long_texts_matches_it(void **state)
{
    static const int lengths[] = { 1, 2, 1022, 1023, 1024, 1025, 4000, MAGNIFIER_RULES_MAX_FACT - 8 };

    for (int i = 0; i < NB(lengths); i++) {
        char *title = calloc(1, lengths[i] + 9), *exe = calloc(1, lengths[i] + 9), *text;
        Facts f = { .title = title, .exe = exe };
        MagnifierRules *rules;
        int nb;

        memset(title, ' ', lengths[i]);
        strcpy(exe, "C:\\d/");
        memset(exe + 5, i & 1 ? 'x' : ':', lengths[i]);
        text  = described(&f, MAGNIFIER_KEY_TITLE | MAGNIFIER_KEY_PATH, &nb);
        rules = rules_of(text);
        assert_matches(ask_set(rules, &f, NULL));
        ff_magnifier_rules_free(&rules);
        free(text);
        free(title);
        free(exe);
    }
}

/** A glob of * ? and letters, by filling in a table: does what ref_glob() does in longer time. */
static int table_glob(const char *glob, const char *text)
{
    static uint8_t fits[400][400];
    int m = strlen(glob), n = strlen(text);

    for (int i = m; i >= 0; i--)
        for (int j = n; j >= 0; j--)
            fits[i][j] = i == m ? j == n :
                         glob[i] == '*' ? fits[i + 1][j] || (j < n && fits[i][j + 1]) :
                         j < n && (glob[i] == '?' || glob[i] == text[j]) && fits[i + 1][j + 1];
    return fits[0][0];
}

static void long_globs_agree_with_the_slow_reference(void **state)
{
    int matches = 0, longest = 0;

    for (int round = 0; round < 4000; round++) {
        char glob[400], title[400], text[420];
        MagnifierRules *rules;
        int m, n = 0, truth;

        seed = round;
        /* Few letters, so that much nearly fits; the title is made from the glob, and perhaps
         * spoilt in one place. */
        m = 1 + rnd(round % 4 ? 330 : 20);
        for (int i = 0; i < m; i++) {
            int kind = rnd(12);

            glob[i] = kind == 0 ? '*' : kind == 1 ? '?' : 'a' + rnd(2);
            if (glob[i] != '*' && n < 390)
                title[n++] = glob[i] == '?' ? (char)('a' + rnd(3)) : glob[i];
            while (glob[i] == '*' && n < 390 && rnd(3))
                title[n++] = 'a' + rnd(2);
        }
        glob[m] = title[n] = 0;
        if (n && rnd(2))
            title[rnd(n)] = 'a' + rnd(3);
        truth = table_glob(glob, title);
        snprintf(text, sizeof(text), "title=%s", glob);
        rules = rules_of(text);
        if (ask_set(rules, &(Facts){ .title = title }, NULL) !=
            (truth ? MAGNIFIER_MATCH : MAGNIFIER_NO))
            fail_msg("round %d: %s and %s", round, glob, title);
        matches += truth;
        if (truth && m > longest)
            longest = m;
        ff_magnifier_rules_free(&rules);
    }
    assert_in_range(matches, 1000, 3000);
    assert_in_range(longest, 256, 400);
}

/* Cost */

/** @return the answer of a rule for a title of nb times the same unit and a last one */
static MagnifierVerdict ask_long(const char *text, int nb, uint16_t unit, uint16_t last)
{
    uint16_t *units = malloc((nb + 1) * sizeof(*units));
    MagnifierRuleFacts facts = { .title = { units, nb + 1 } };
    MagnifierRules *rules = rules_of(text);
    MagnifierVerdict verdict;

    for (int i = 0; i < nb; i++)
        units[i] = unit;
    units[nb] = last;
    ff_magnifier_fold_case(units, nb + 1);
    verdict = ff_magnifier_rules_match(rules, &facts, NULL);
    ff_magnifier_rules_free(&rules);
    free(units);
    return verdict;
}

static void titles_of_full_length_are_looked_at_whole(void **state)
{
    const int nb = MAGNIFIER_RULES_MAX_FACT - 1;

    assert_matches(ask_long("title=*B", nb, 'A', 'b'));
    assert_matches(ask_long("title=a*\xCF\x83", nb, 'A', 0x3C2));
    assert_no(ask_long("title=*b?", nb, 'A', 'b'));
    assert_no(ask_long("title=*password*", nb, 'p', 'w'));
    assert_no(ask_long("title!=*?b", nb, 'a', 'B'));
    assert_unknown(ask_long("title=*B", nb + 1, 'A', 'b'));
}

static void a_glob_of_a_hundred_characters_never_runs_out_of_steps(void **state)
{
    const int nb = MAGNIFIER_RULES_MAX_FACT - 1;
    char text[2048] = "title=*";

    memset(text + 7, 'a', 97);
    strcpy(text + 7 + 97, "b*");
    assert_no(ask_long(text, nb, 'a', 'a'));
    assert_matches(ask_long(text, nb, 'a', 'b'));
    assert_no(ask_long(text, nb, 'a', 'c'));
}

static void a_glob_that_runs_out_of_steps_does_not_know(void **state)
{
    const int nb = MAGNIFIER_RULES_MAX_FACT - 1;
    char text[2048] = "title=*";

    /* One part of 1000 characters that differs in its last. */
    memset(text + 7, 'a', 1000);
    strcpy(text + 1007, "b*");
    assert_unknown(ask_long(text, nb, 'a', 'a'));
    assert_unknown(ask_long(text, nb, 'a', 'b'));
    assert_no(ask_long(text, 2000, 'a', 'a'));
    strcpy(text + 1007, "b*&pid=1");
    assert_unknown(ask_long(text, nb, 'a', 'a'));
    strcpy(text + 1007, "b*|title=A*");
    assert_matches(ask_long(text, nb, 'a', 'a'));
    memcpy(text, "title!=", 7);
    text[7] = '*';
    strcpy(text + 1007, "b*");
    assert_unknown(ask_long(text, nb, 'a', 'a'));
}

static void stars_alone_do_not_make_a_glob_slow(void **state)
{
    static const struct { const char *part, *end; } globs[] = {
        { "*a", "b" }, { "?*", "b" }, { "a", "*b*a" }, { "*aaaaaaaaaaaaaaab", "" },
    };

    for (int i = 0; i < NB(globs); i++) {
        char text[2048] = "title=";

        while (strlen(text) < 6 + 1000)
            strcat(text, globs[i].part);
        strcat(text, globs[i].end);
        assert_no(ask_long(text, MAGNIFIER_RULES_MAX_FACT - 1, 'a', 'a'));
    }
}

/* Memory */

static void memory_that_runs_out_anywhere_leaves_the_set_as_it_was(void **state)
{
    static const char more[] = "title=*abcdefghijklmnopqrstuvwxyz*|exe=x&self|pid=1&pid=2|hwnd=3&"
                               "pid=1&pid=2&pid=3&pid=4&pid=5&pid=6&pid=7&pid=8&pid=9&pid=10&"
                               "pid=11&pid=12|self|self|self|self|self|self|self|self|self|self|"
                               "self|self|self|self|self|self|self|class=c";
    MagnifierRules *rules;
    int failures = 0;

    for (int from_nothing = 0; from_nothing < 2; from_nothing++) {
        for (int is_file = 0; is_file < 2; is_file++) {
            for (int n = 0;; n++) {
                char *before = NULL, *after;
                int ret;

                rules = NULL;
                if (!from_nothing) {
                    rules  = rules_of("exe=a.exe|self&title=b");
                    before = printed(rules, -1);
                }
                allocations_left = n;
                ret = is_file ?
                    ff_magnifier_rules_add_file(&rules, more, strlen(more), err, sizeof(err)) :
                    ff_magnifier_rules_add(&rules, more, err, sizeof(err));
                allocations_left = -1;
                if (ret < 0) {
                    assert_int_equal(ret, AVERROR(ENOMEM));
                    assert_string_equal(err, "not enough memory for the rules");
                    failures++;
                    if (from_nothing) {
                        assert_null(rules);
                    } else {
                        after = printed(rules, -1);
                        assert_string_equal(before, after);
                        free(after);
                    }
                }
                free(before);
                ff_magnifier_rules_free(&rules);
                if (ret >= 0)
                    break;
            }
        }
    }
    assert_true(failures > 20);
}

static void matching_needs_no_memory(void **state)
{
    MagnifierRules *rules = rules_of("title=*a*|exe=*/WinWord.exe");
    MagnifierRuleFacts facts = utf16_of(&word, 1);

    allocations_left = 0;
    facts.title.nb = 0;
    assert_matches(ff_magnifier_rules_match(rules, &facts, NULL));
    allocations_left = -1;
    free_utf16(&facts);
    ff_magnifier_rules_free(&rules);
}

static void assert_hint(const char *text, const char *words)
{
    MagnifierRules *rules = rules_of(text);
    const char *hint = ff_magnifier_rules_hint(rules, 0);

    if (!hint)
        hint = "none";
    if (!strstr(hint, words))
        fail_msg("the hint for %s: %s", text, hint);
    ff_magnifier_rules_free(&rules);
}

static void a_slip_that_is_a_rule_all_the_same_has_a_hint(void **state)
{
    assert_hint("exe=notepad", "extension");
    assert_hint("class=x&exe=C:/my.tools/notepad", "extension");
    assert_hint("title=password", "title=*part*");
    assert_hint("exe=x.exe&title!=**", "nothing matches !=*");
    assert_hint("exe=a.exe,b.exe", "exe=a.exe|exe=b.exe");
    assert_hint("exe=a.exe; b.exe", "exe=a.exe|exe=b.exe");
    assert_hint("exe=a.exe,exe=b.exe", "| separates");
    assert_hint("exe=a.exe;Title!=b*", "| separates");
    assert_hint("title=a or pid=1", "| separates");
    assert_hint("class=x,hwnd=1", "| separates");
}

static void assert_matches_all(const char *text, int expected)
{
    MagnifierRules *rules = rules_of(text);

    if (ff_magnifier_rules_matches_all(rules, 0) != expected)
        fail_msg("%s is %strue of every text", text, expected ? "not " : "");
    ff_magnifier_rules_free(&rules);
}

static void a_rule_may_be_true_of_every_text(void **state)
{
    assert_matches_all("title=*", 1);
    assert_matches_all("title=**&exe=*", 1);
    assert_matches_all("title=?*", 0);
    assert_matches_all("title!=*", 0);
    assert_matches_all("class=*&pid=7", 0);
    assert_matches_all("self", 0);
}

static void a_rule_without_a_slip_has_no_hint(void **state)
{
    assert_hint("exe=notepad.exe", "none");
    assert_hint("exe=notepad*", "none");
    assert_hint("exe!=notepad", "none");
    assert_hint("exe=C:/tools/x.com", "none");
    assert_hint("exe=C:/Foo, Inc/x.exe", "none");
    assert_hint("title=*password*", "none");
    assert_hint("title=*a=b*", "none");
    assert_hint("title=*=b*", "none");
    assert_hint("class=CabinetWClass", "none");
    assert_hint("class=title=x", "none");
    assert_hint("self", "none");
    assert_hint("pid=7&hwnd=0x10", "none");
    assert_hint("title=*exe", "none");
    assert_hint("title!=*x", "none");
}

/** @return what is suggested in place of a rule, NULL: nothing; it must match, and only that it is told */
static char *suggested(const char *text, const Facts *f)
{
    MagnifierRules *rules = rules_of(text);
    MagnifierRuleFacts facts = utf16_of(f, 0), folded = utf16_of(f, 1);
    char *result = NULL;
    AVBPrint bp;
    int ret;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ret = ff_magnifier_rules_print_unseen(&bp, rules, 0, &facts, &folded);
    assert_true(ret == 0 || ret == 1);
    if (ret)
        result = strdup(bp.str);
    else
        assert_string_equal(bp.str, "");
    if (ret && ask(result, f) != MAGNIFIER_MATCH)
        fail_msg("for \"%s\": \"%s\" does not match", text, result);
    av_bprint_finalize(&bp, NULL);
    free_utf16(&facts);
    free_utf16(&folded);
    ff_magnifier_rules_free(&rules);
    return result;
}

static void assert_suggests(const char *text, const Facts *facts, const char *expected)
{
    char *got = suggested(text, facts);

    if (!got || !expected ? !!got != !!expected : strcmp(got, expected))
        fail_msg("for \"%s\": \"%s\", expected \"%s\"", text, got ? got : "nothing",
                 expected ? expected : "nothing");
    free(got);
}

#define ZERO  "\xE2\x80\x8B"     /* U+200B */
#define NBSP  "\xC2\xA0"

static void a_rule_that_fails_for_what_nobody_sees_is_mended(void **state)
{
    const Facts edge = { .title = "Inbox and 2 more - Microsoft" ZERO " Edge", .class_name = "Chrome" NBSP "1",
                         .exe = "C:\\x\\ms" ZERO "edge.exe", .pid = 7 };

    assert_suggests("title=*- Microsoft Edge", &edge, "title=*- Microsoft\\u{200B} Edge");
    assert_suggests("title=*- microsoft EDGE&pid=7", &edge, "title=*- microsoft\\u{200B} EDGE&pid=7");
    assert_suggests("title=*soft ????", &edge, "title=*soft\\u{200B} ????");
    assert_suggests("title=Inbox*Microsoft Edge*", &edge, "title=Inbox*Microsoft\\u{200B} Edge*");
    assert_suggests("class=chrome 1", &edge, "class=chrome\\u{A0}1");
    assert_suggests("exe=msedge.exe", &edge, "exe=ms\\u{200B}edge.exe");
    assert_suggests("exe=C:/x/msedge.exe", &edge, "exe=C:/x/ms\\u{200B}edge.exe");
    assert_suggests("exe=msedge.exe&class=chrome?1&title!=x", &edge,
                    "exe=ms\\u{200B}edge.exe&class=chrome?1&title!=x");
    assert_suggests("title=a b", &(Facts){ .title = ZERO "A" ZERO ZERO NBSP "b" ZERO },
                    "title=\\u{200B}a\\u{200B}\\u{200B}\\u{A0}b\\u{200B}");
    assert_suggests("title=*ab*ab", &(Facts){ .title = "abab" ZERO "ab" ZERO "xa" ZERO "b" },
                    "title=*ab*a\\u{200B}b");
    assert_suggests("title=" PAIR "?" PAIR, &(Facts){ .title = PAIR ZERO PAIR ZERO PAIR },
                    "title=" PAIR "\\u{200B}?\\u{200B}" PAIR);
    assert_suggests("title=a  b", &(Facts){ .title = "a" NBSP " b" }, "title=a\\u{A0} b");
    assert_suggests("title=ab", &(Facts){ .title = "a\x01" "b\x02" }, "title=a?b?");
}

static void a_rule_may_have_what_nobody_sees_itself(void **state)
{
    assert_suggests("title=a" ZERO "b" NBSP "c", &(Facts){ .title = "ab c" }, "title=ab c");
    assert_suggests("title=" ZERO "ab", &(Facts){ .title = "a" ZERO "b" }, "title=a\\u{200B}b");
    /* beside a wildcard it is what is looked for */
    assert_suggests("title=*" ZERO "*", &(Facts){ .title = "ab" }, NULL);
    assert_suggests("title=*" NBSP "b", &(Facts){ .title = "a b" }, NULL);
    assert_suggests("title=" ZERO, &(Facts){ .title = "" }, NULL);
    assert_suggests("title=" ZERO, &(Facts){ .title = "a" }, NULL);
}

static void a_rule_that_fails_for_more_is_not_mended(void **state)
{
    const Facts edge = { .title = "Microsoft" ZERO " Edge", .pid = 7 };

    assert_suggests("title=Microsoft Edges", &edge, NULL);
    assert_suggests("title=Microsoft Edge&pid=8", &edge, NULL);
    assert_suggests("title=Microsoft Edge&self", &edge, NULL);
    assert_suggests("title=Microsoft Edge&class=x", &edge, NULL);
    assert_suggests("title!=*Edge", &edge, NULL);
    assert_suggests("title=Microsoft\\u{200B} Edge&pid!=7", &edge, NULL);
    assert_suggests("title=a", &(Facts){ .title = "b" }, NULL);
    assert_suggests("title=a", &(Facts){ .title = NULL }, NULL);
}

static void a_rule_that_would_be_too_long_is_not_told_of(void **state)
{
    char title[4096] = "a", *text;

    for (int i = 0; i < MAGNIFIER_RULES_MAX_VALUE - 2; i++)
        strcat(title, ZERO);
    strcat(title, "b");
    text = suggested("title=ab", &(Facts){ .title = title });
    assert_non_null(text);
    free(text);
    strcat(title, ZERO);
    assert_suggests("title=ab", &(Facts){ .title = title }, NULL);
}

static void a_suggestion_that_there_is_no_memory_for_is_none(void **state)
{
    MagnifierRules *rules = rules_of("title=a b&class=cd");
    const Facts f = { .title = "a" NBSP "b", .class_name = "c" ZERO "d" };
    MagnifierRuleFacts facts = utf16_of(&f, 0), folded = utf16_of(&f, 1);
    int ret, nb = 0;

    do {
        AVBPrint bp;

        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        allocations_left = nb++;
        ret = ff_magnifier_rules_print_unseen(&bp, rules, 0, &facts, &folded);
        allocations_left = -1;
        assert_string_equal(bp.str, ret > 0 ? "title=a\\u{A0}b&class=c\\u{200B}d" : "");
        assert_true(ret == 1 || ret == AVERROR(ENOMEM));
        av_bprint_finalize(&bp, NULL);
    } while (ret < 0);
    assert_in_range(nb, 10, 30);
    free_utf16(&facts);
    free_utf16(&folded);
    ff_magnifier_rules_free(&rules);
}

/** What is left out of random titles is put back, or nothing is said. */
static void what_is_suggested_matches(void **state)
{
    int nb = 0;

    for (int round = 0; round < 20000; round++) {
        static const char *const part[] = { "a", "B", " ", ZERO, NBSP, "*", "?", "\xF3\xA0\x84\x80", "\t", PAIR };
        char title[128] = "", rule[128] = "title=", *s = rule + 6, *got;

        seed = round;
        for (int i = 1 + rnd(8); i > 0; i--) {
            const char *c = part[rnd(NB(part))];

            strcat(title, strchr("*?", *c) ? "a" : c);
            /* as somebody types it who does not see the others */
            if (strchr("aB*?", *c) || !strcmp(c, PAIR))
                put(&s, c);
            else if (*c == ' ' || !strcmp(c, NBSP))
                put(&s, "\\ ");
        }
        if (s == rule + 6)
            put(&s, "aB");
        got = suggested(rule, &(Facts){ .title = title });
        nb += !!got;
        free(got);
    }
    assert_true(nb > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_matches_by_each_key),
        cmocka_unit_test(self_matches_the_windows_of_this_process),
        cmocka_unit_test(all_conditions_of_a_rule_are_needed_and_any_rule_is_enough),
        cmocka_unit_test(the_answer_names_the_first_rule_that_gave_it),
        cmocka_unit_test(each_rule_can_be_asked_alone),
        cmocka_unit_test(not_equal_says_everything_but),
        cmocka_unit_test(a_glob_takes_any_text_for_a_star_and_one_character_for_a_question_mark),
        cmocka_unit_test(an_escaped_character_is_an_ordinary_one),
        cmocka_unit_test(a_character_may_be_written_by_its_number),
        cmocka_unit_test(a_character_by_its_number_is_an_ordinary_one),
        cmocka_unit_test(a_backslash_before_anything_else_is_what_it_was),
        cmocka_unit_test(a_number_that_is_no_character_s_is_refused),
        cmocka_unit_test(blanks_around_tokens_mean_nothing_and_inside_a_value_they_count),
        cmocka_unit_test(keys_take_any_case),
        cmocka_unit_test(a_text_without_rules_matches_nothing),
        cmocka_unit_test(text_compares_in_any_case_of_any_script),
        cmocka_unit_test(a_letter_whose_case_depends_on_the_language_is_at_least_itself),
        cmocka_unit_test(only_letters_of_the_alphabet_make_a_key),
        cmocka_unit_test(exe_is_compared_with_the_file_name_unless_it_has_a_separator),
        cmocka_unit_test(a_separator_is_no_backslash_outside_of_exe),
        cmocka_unit_test(an_exe_that_no_program_is_called_is_refused),
        cmocka_unit_test(a_window_handle_may_be_sign_extended),
        cmocka_unit_test(a_number_that_no_window_has_is_refused),
        cmocka_unit_test(a_malformed_rule_is_refused_with_the_column_and_what_was_expected),
        cmocka_unit_test(an_empty_value_or_rule_is_refused),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(what_is_not_utf8_or_is_a_control_character_is_refused),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(an_error_is_cut_to_the_caller_s_room),
        cmocka_unit_test(a_file_has_rules_and_comments_line_by_line),
        cmocka_unit_test(a_file_may_be_empty),
        cmocka_unit_test(an_error_in_a_file_has_its_line_and_column),
        cmocka_unit_test(a_comment_behind_a_rule_is_refused_in_a_file),
        cmocka_unit_test(a_set_takes_more_rules_and_stays_as_it_was_if_they_are_bad),
        cmocka_unit_test(a_set_tells_which_facts_it_asks_for),
        cmocka_unit_test(an_unknown_fact_makes_the_answer_unknown_if_it_hangs_on_it),
        cmocka_unit_test(nothing_known_makes_each_key_unknown),
        cmocka_unit_test(an_empty_title_is_known_but_an_empty_class_or_program_is_not),
        cmocka_unit_test(a_text_too_long_to_look_at_is_unknown),
        cmocka_unit_test(half_a_surrogate_pair_is_one_character),
        cmocka_unit_test(a_surrogate_pair_is_one_character),
        cmocka_unit_test(a_rule_is_printed_in_one_spelling),
        cmocka_unit_test(a_window_is_described_by_a_rule_that_can_be_pasted_back),
        cmocka_unit_test(matching_agrees_with_a_slow_reference_and_printing_is_stable),
        cmocka_unit_test(a_definite_answer_stays_when_more_gets_known),
        cmocka_unit_test(what_describes_a_window_matches_it_and_no_other_title),
        cmocka_unit_test(what_describes_a_window_with_long_texts_matches_it),
        cmocka_unit_test(long_globs_agree_with_the_slow_reference),
        cmocka_unit_test(titles_of_full_length_are_looked_at_whole),
        cmocka_unit_test(a_glob_of_a_hundred_characters_never_runs_out_of_steps),
        cmocka_unit_test(a_glob_that_runs_out_of_steps_does_not_know),
        cmocka_unit_test(stars_alone_do_not_make_a_glob_slow),
        cmocka_unit_test(memory_that_runs_out_anywhere_leaves_the_set_as_it_was),
        cmocka_unit_test(matching_needs_no_memory),
        cmocka_unit_test(a_slip_that_is_a_rule_all_the_same_has_a_hint),
        cmocka_unit_test(a_rule_may_be_true_of_every_text),
        cmocka_unit_test(a_rule_without_a_slip_has_no_hint),
        cmocka_unit_test(a_rule_that_fails_for_what_nobody_sees_is_mended),
        cmocka_unit_test(a_rule_may_have_what_nobody_sees_itself),
        cmocka_unit_test(a_rule_that_fails_for_more_is_not_mended),
        cmocka_unit_test(a_rule_that_would_be_too_long_is_not_told_of),
        cmocka_unit_test(a_suggestion_that_there_is_no_memory_for_is_none),
        cmocka_unit_test(what_is_suggested_matches),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
