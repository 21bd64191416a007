/*
 * magnifier: test of the files without Win32
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
 * Rules, region and frame slots, on any system: the library has the device on Windows only,
 * so its sources are included. Case folding, which Windows does, is that of ASCII here.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/common.h"
#include "libavutil/macros.h"

#include "libavdevice/magnifier/pace.c"
#include "libavdevice/magnifier/printable.c"
#include "libavdevice/magnifier/region.c"
#include "libavdevice/magnifier/rules.c"
#include "libavdevice/magnifier/rules_parse.c"
#include "libavdevice/magnifier/rules_print.c"

#define MAX_TEXT 64

typedef struct Window {
    const char *title, *class_name;
    const char *exe;            ///< NULL: unknown
    uint32_t pid;
    uint64_t hwnd;
    int self;
} Window;

static const Window windows[] = {
    { "Untitled - Notepad",  "Notepad",       "C:\\Windows\\notepad.exe", 1000, 0x10010 },
    { "Password - Vault",    "Vault",         "C:\\Tools\\vault.exe",     2000, 0x20020 },
    { "",                    "Shell_TrayWnd", NULL,                       3000, 0x30030 },
    { "\xF0\x9F\x98\x80",    "Chat",          "D:\\Chat & Co\\chat.exe",  4000,
      0xFFFFFFFF80040040, 1 },
};

static const char *const sets[] = {
    "title=untitled*",
    "title=?",
    "title!=?*",
    "exe=NOTEPAD.EXE",
    "exe=c:/windows/*",
    "exe=*.exe & title=*PASS*",
    "Pid = 2000 | hwnd=0x80040040",
    "self",
    "class!=shell_traywnd",
    "exe=D:\\\\Chat \\& Co\\\\*",
};

static const char *const malformed[] = {
    "title",
    "title=",
    "title==x",
    "size=1",
    "pid=12x",
    "title=a||self",
    "title=a|",
    "title=\"a\"",
    "exe=C:\\Tools\\x.exe",
    "exe=a/",
    "title=\xFF",
};

int ff_magnifier_fold_case(uint16_t *text, int nb)
{
    for (int i = 0; i < nb; i++)
        if (text[i] < 0x80)
            text[i] = av_tolower(text[i]);
    return 0;
}

static MagnifierRuleText to_utf16(uint16_t *units, const char *text, int fold)
{
    MagnifierRuleText ret = { 0 };

    if (!text)
        return ret;
    while (*text) {
        uint32_t c;
        uint16_t unit;

        GET_UTF8(c, (uint8_t)*text++, return ret;)
        PUT_UTF16(c, unit, units[ret.nb++] = unit;)
    }
    if (fold)
        ff_magnifier_fold_case(units, ret.nb);
    ret.units = units;
    return ret;
}

static MagnifierRuleFacts facts_of(uint16_t units[3][MAX_TEXT], const Window *window, int fold)
{
    MagnifierRuleFacts facts = {
        .title      = to_utf16(units[0], window->title, fold),
        .class_name = to_utf16(units[1], window->class_name, fold),
        .exe        = to_utf16(units[2], window->exe, fold),
        .pid        = window->pid,
        .hwnd       = window->hwnd,
        .self       = window->self ? MAGNIFIER_MATCH : MAGNIFIER_NO,
    };
    return facts;
}

static void print_rules(const MagnifierRules *rules)
{
    AVBPrint bp;

    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    ff_magnifier_rules_print(&bp, rules, -1);
    printf("%s", bp.str);
    av_bprint_finalize(&bp, NULL);
}

static void test_matching(void)
{
    static const char verdicts[] = { [MAGNIFIER_UNKNOWN] = '?', [MAGNIFIER_NO] = '-',
                                     [MAGNIFIER_MATCH] = '+' };
    char err[MAGNIFIER_RULES_ERROR];

    printf("rules: the windows that match\n");
    for (int i = 0; i < FF_ARRAY_ELEMS(sets); i++) {
        MagnifierRules *rules = NULL;

        if (ff_magnifier_rules_add(&rules, sets[i], err, sizeof(err)) < 0) {
            printf("%s: %s\n", sets[i], err);
            continue;
        }
        for (int j = 0; j < FF_ARRAY_ELEMS(windows); j++) {
            uint16_t units[3][MAX_TEXT];
            MagnifierRuleFacts facts = facts_of(units, &windows[j], 1);

            putchar(verdicts[ff_magnifier_rules_match(rules, &facts, NULL)]);
        }
        putchar(' ');
        print_rules(rules);
        putchar('\n');
        ff_magnifier_rules_free(&rules);
    }
}

static void test_malformed(void)
{
    char err[MAGNIFIER_RULES_ERROR];

    printf("rules: malformed\n");
    for (int i = 0; i < FF_ARRAY_ELEMS(malformed); i++) {
        MagnifierRules *rules = NULL;

        ff_magnifier_rules_add(&rules, malformed[i], err, sizeof(err));
        printf("%d rules, %s\n", ff_magnifier_rules_count(rules), err);
        ff_magnifier_rules_free(&rules);
    }
}

static void test_file(void)
{
    static const char good[] = "\xEF\xBB\xBF# chat\r\nexe=chat.exe\r\n\r\nexe=keepass | title=b";
    static const char bad[]  = "exe=chat.exe\ntitle=b # mail\n";
    MagnifierRules *rules = NULL;
    char err[MAGNIFIER_RULES_ERROR];

    printf("rules: a file\n");
    ff_magnifier_rules_add_file(&rules, good, sizeof(good) - 1, err, sizeof(err));
    for (int i = 0; i < ff_magnifier_rules_count(rules); i++) {
        const char *hint = ff_magnifier_rules_hint(rules, i);

        printf("line %d: %s\n", ff_magnifier_rules_line(rules, i), hint ? hint : "no hint");
    }
    ff_magnifier_rules_add_file(&rules, bad, sizeof(bad) - 1, err, sizeof(err));
    printf("%s\nstill ", err);
    print_rules(rules);
    putchar('\n');
    ff_magnifier_rules_free(&rules);
}

static void test_describe(void)
{
    printf("rules: that match one window\n");
    for (int i = 0; i < FF_ARRAY_ELEMS(windows); i++) {
        uint16_t units[3][MAX_TEXT];
        MagnifierRuleFacts facts = facts_of(units, &windows[i], 0);
        AVBPrint bp;

        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        ff_magnifier_rules_describe(&bp, &facts, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_TITLE);
        printf("%s\n", bp.str);
        av_bprint_finalize(&bp, NULL);
    }
}

static void print_rect(const char *before, const MagnifierRect *r)
{
    printf("%s%d,%d..%d,%d", before, r->left, r->top, r->right, r->bottom);
}

static void test_region(void)
{
    static const MagnifierRect desktop    = { -1280, 0, 1920, 1080 };
    static const MagnifierRect monitors[] = { { 0, 0, 1920, 1080 }, { -1280, 56, 0, 1080 } };
    static const MagnifierRegionOptions options[] = {
        { 0 },
        { 640, 480 },
        { 640, 480, -320, 100, 1 },
        { 640, 480, -1280, 0, 1 },
        { 640, 480, 1800, 0, 1 },
        { 200, 50, -1280, 0, 1 },
        { 640, 480, 10, 20, 1, 2 },
        { 0, 0, 10, 20, 1, 2 },
        { 1281, 480, 0, 0, 0, 2 },
    };

    printf("region: what is captured, and where it lies on the monitors\n");
    for (int i = 0; i < FF_ARRAY_ELEMS(options); i++) {
        const MagnifierRegionOptions *opt = &options[i];
        MagnifierRect region, parts[FF_ARRAY_ELEMS(monitors)];
        char text[256];
        int ret = ff_magnifier_region_choose(&region, opt, opt->monitor ?
                                             &monitors[opt->monitor - 1] : &desktop,
                                             monitors, FF_ARRAY_ELEMS(monitors), text, sizeof(text));
        int nb  = 0;

        if (ret >= 0) {
            print_rect("", &region);
            putchar(':');
            nb = ff_magnifier_region_parts(parts, &region, monitors, FF_ARRAY_ELEMS(monitors));
        }
        for (int j = 0; j < nb; j++)
            print_rect(" ", &parts[j]);
        printf("%s%s\n", ret >= 0 && *text ? " " : "", text);
    }
}

static void test_blacken(void)
{
    static const MagnifierRect region  = { -4, 0, 4, 4 };
    static const MagnifierRect parts[] = { { -4, 2, 0, 4 }, { 0, 0, 3, 4 } };
    uint8_t data[4][8 * 4];

    printf("region: what no monitor shows is black\n");
    memset(data, 'x', sizeof(data));
    ff_magnifier_region_blacken(data[0], sizeof(data[0]), &region, parts, FF_ARRAY_ELEMS(parts));
    for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 8; x++)
            putchar(data[y][4 * x] == 'x' ? 'x' : '.');
        putchar('\n');
    }
}

static void test_pace(void)
{
    /* due at once, early, late by less than a slot, early, early, late by 24 slots; then early,
     * also by a clock that goes back */
    static const int64_t nows[] = { 0, 0, 70000, 70000, 100000, 1000000, 1000000, 900000 };
    MagnifierPace pace;

    printf("pace: 30000/1001 frames a second\n");
    ff_magnifier_pace_init(&pace, (AVRational){ 30000, 1001 }, 5000000);
    for (int i = 0; i < FF_ARRAY_ELEMS(nows); i++) {
        int64_t due = ff_magnifier_pace_next(&pace, pace.start + nows[i]) - pace.start;

        printf("%7"PRId64": slot %2"PRId64" due %7"PRId64", %"PRId64" skipped\n",
               nows[i], pace.slot, due, pace.skipped);
    }
    printf("a slot has %"PRId64" microseconds\n", ff_magnifier_pace_duration(&pace));
}

int main(void)
{
    test_matching();
    test_malformed();
    test_file();
    test_describe();
    test_region();
    test_blacken();
    test_pace();
    return 0;
}
