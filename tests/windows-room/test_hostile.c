/*
 * Windows Magnification API screen capture: tests of the look with windows that mean ill
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
 * test_hostile SUBJECT.EXE: titles, owners, crowds and imitations that are made to get past the
 * rules, or to write into the log.
 */

#include "watch.h"

#include "libavutil/avstring.h"

/* Wine 10 gives the thread of a window a hidden one of its own, which is left out with it. */
static void forget_ime(void)
{
    char *at;

    while ((at = strstr(lines, "class Wine IME"))) {
        char *begin = at, *end = strchr(at, '\n');

        while (begin > lines && begin[-1] != '\n')
            begin--;
        end = end ? end + 1 : at + strlen(at);
        memmove(begin, end, strlen(end) + 1);
    }
}

/** Is nothing in the lines that ends a line, is an order to a terminal, or unseen? Each ends in \n. */
static int lines_are_clean(int nb)
{
    static const char *const marks[] = {
        "\xC2\x80", "\xC2\x85", "\xC2\x9B", "\xD8\x9C", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9",
        "\xC2\xA0", "\xC2\xAD", "\xE2\x80\x8B", "\xE3\x80\x80", "\xEF\xBB\xBF", "\xEF\xB8\x8F",
    };
    const char *c;

    forget_ime();
    for (c = lines; *c; c++) {
        nb -= *c == '\n';
        if ((*c != '\n' && (unsigned char)*c < 0x20) || *c == 0x7F)
            return 0;
    }
    for (size_t i = 0; i < FF_ARRAY_ELEMS(marks); i++)
        if (strstr(lines, marks[i]))
            return 0;
    return !nb;
}

static int nb_of(const char *text, char what)
{
    int nb = 0;

    for (; *text; text++)
        nb += *text == what;
    return nb;
}

/** Valid UTF-8, an object a line between brackets, and no control character but the ends of lines? */
static int is_json(const char *text)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + strlen(text);
    int32_t c;

    while (p < end)
        if (av_utf8_decode(&c, &p, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0 || (c < 0x20 && c != '\n'))
            return 0;
    if (strncmp(text, "[\n{\"hwnd\":", 10) || strcmp(text + strlen(text) - 4, "}\n]\n"))
        return 0;
    for (text = strchr(text + 2, '\n'); strcmp(text, "\n]\n"); text = strchr(text + 1, '\n'))
        if (strncmp(text - 2, "},\n{\"hwnd\":", 11))
            return 0;
    return 1;
}

/** "secret", in UTF-16 units for the subject. */
#define SECRET_16 "73 65 63 72 65 74"

static void titles_do_not_get_past(void)
{
    static const struct { const char *name, *units; } t[] = {
        { "line ends", "d a 5b 78 5d a " SECRET_16 },
        { "orders to a terminal", "1b 5b 32 4a 9b 33 31 6d 7 8 85 7f " SECRET_16 },
        { "bidi marks", "202e 2066 61c 200f " SECRET_16 " 2069 202c" },
        { "line separators", "2028 2029 " SECRET_16 },
        { "characters that nobody sees", "200b a0 ad " SECRET_16 " feff 3000 fe0f" },
        { "lone surrogates", "d800 dc00 d800 78 dfff " SECRET_16 " d83d" },
        { "non-characters", "ffff fffe fdd0 feff " SECRET_16 },
        { "format directives", "25 73 25 6e 25 2d 39 39 39 64 25 30 38 78 20 " SECRET_16 " 25" },
        { "rules", "7c 73 65 6c 66 26 74 69 74 6c 65 21 3d 2a 5c " SECRET_16 " 5c" },
    };
    Stranger s = stranger_start(subject_exe);

    for (size_t i = 0; i < FF_ARRAY_ELEMS(t); i++) {
        HWND hwnd = stranger_window(&s, "Ill", "", SHOWN, 0, NULL);
        AVBPrint bp;
        Watch w;

        stranger_do(&s, "title16 0x%lx %s", H(hwnd), t[i].units);
        w = watch("title=*secret*");
        ok(sees(&w, hwnd), "%s do not get a title past a rule", t[i].name);
        ok(lines_are_clean(1) && strstr(lines, "secret"), "nor do they into the log");
        lines[0] = 0;
        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        ok(ff_magnifier_rt_windows_print(w.windows, &bp) >= 0 && strstr(bp.str, "left out, rule 1"),
           "it is in the list of windows");
        for (char *c = bp.str; *c; c++)
            if (*c == '\t')
                *c = ' ';
        av_strlcpy(lines, bp.str, sizeof(lines));
        ok(lines_are_clean(nb_of(bp.str, '\n')), "which is clean");
        {
            /* the rule that the list gives for it */
            char *at = strstr(bp.str, "secret"), *end;
            MagnifierRules *rules = NULL;
            char error[MAGNIFIER_RULES_ERROR];

            while (at && at > bp.str && at[-1] != '\n')
                at--;
            end = at ? strstr(at, " hwnd 0x") : NULL;
            if (end)
                *end = 0;
            ok(end && ff_magnifier_rules_add(&rules, at, error, sizeof(error)) >= 0,
               "and has a rule for it: %s", end ? at : "none");
            if (rules)
                ff_magnifier_rt_windows_set_rules(w.windows, rules);
            ok(end && sees(&w, hwnd), "that finds it");
        }
        av_bprint_clear(&bp);
        ok(ff_magnifier_rt_windows_json(w.windows, &bp) >= 0 && strstr(bp.str, "secret") && is_json(bp.str),
           "and a program can read it");
        av_bprint_finalize(&bp, NULL);
        unwatch(&w);
        stranger_do(&s, "kill 0x%lx", H(hwnd));
    }
    stranger_end(&s);
}

static void long_titles_do_not_get_past(void)
{
    static const int lengths[] = { 1000, 32767 - 6, 32767, 65536, 200000 };
    Stranger s = stranger_start(subject_exe);

    for (size_t i = 0; i < FF_ARRAY_ELEMS(lengths); i++) {
        HWND hwnd = stranger_window(&s, "Long", "", SHOWN, 0, NULL);
        Watch w;

        stranger_do(&s, "longtitle 0x%lx %d secret", H(hwnd), lengths[i]);
        w = watch("title=*secret");
        ok(sees(&w, hwnd), "a title with %d letters before what matches does not get past", lengths[i]);
        ok(lines_are_clean(1) && strlen(lines) < 1000, "and is cut in the log");
        unwatch(&w);
        stranger_do(&s, "kill 0x%lx", H(hwnd));
    }
    stranger_end(&s);
}

static void owners_go_in_circles(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND ring[3], apart, other[2];
    Watch w;
    int i;

    for (i = 0; i < 3; i++)
        ring[i] = stranger_window(&s, i == 1 ? "Secret" : "Ring", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    for (i = 0; i < 2; i++)
        other[i] = stranger_window(&s, "Ring", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    apart = stranger_window(&s, "Apart", "", WS_POPUP | WS_CAPTION | WS_VISIBLE, 0, NULL);
    for (i = 0; i < 3; i++)
        stranger_do(&s, "owner 0x%lx 0x%lx", H(ring[i]), H(ring[(i + 1) % 3]));
    for (i = 0; i < 2; i++)
        stranger_do(&s, "owner 0x%lx 0x%lx", H(other[i]), H(other[!i]));
    stranger_do(&s, "owner 0x%lx 0x%lx", H(apart), H(apart));
    printf("# the owners are 0x%lx 0x%lx 0x%lx\n", H(GetWindow(ring[0], GW_OWNER)),
           H(GetWindow(ring[1], GW_OWNER)), H(GetWindow(ring[2], GW_OWNER)));
    w = watch("class=Secret");
    ok(sees(&w, ring[1]), "a window that is owned in a circle is found");
    for (i = 0; i < 3; i++)
        ok(!GetWindow(ring[i], GW_OWNER) || entry(&w, ring[i]), "with what is owned by it (%d)", i);
    ok(!entry(&w, other[0]) && !entry(&w, other[1]) && !entry(&w, apart),
       "another circle, or a window that owns itself, ends, and does not match");
    unwatch(&w);
    stranger_end(&s);
}

#define CROWD 2000

static void a_crowd_hides_nobody(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND below = stranger_window(&s, "Secret", "", SHOWN, 0, NULL), above;
    Watch w;
    unsigned i, nb = 0;

    stranger_do(&s, "many Crowd %d", CROWD);
    above = stranger_window(&s, "Secret", "", SHOWN, 0, NULL);
    w = watch("class=Secret|class=Crowd&title=1234");
    ok(sees(&w, below) && entry(&w, above), "windows below and above %d others are found", CROWD);
    ok(nb_entries(&w) == 3, "and the one among them, and no other (%d)", nb_entries(&w));
    unwatch(&w);
    w = watch("class=Crowd");
    ok(look(&w) >= 0, "there is a look when they all match");
    for (i = 0; i < w.seen.nb_windows; i++)
        nb += !(w.seen.windows[i].flags & MAGNIFIER_GUARD_NO_MATCH);
    ok(nb >= CROWD, "and each is in it (%u)", nb);
    ok(nb_of(lines, '\n') < 30 + CROWD, "with a line for each at most");
    unwatch(&w);
    stranger_end(&s);
}

/** All that a program can see of our canary. */
static void who_looks_like_us_is_not(void)
{
    Stranger s = stranger_start(subject_exe);
    HWND hwnd  = stranger_window(&s, "STATIC", "", WS_POPUP | WS_VISIBLE | SS_BITMAP,
                                 WS_EX_LAYERED | WS_EX_TRANSPARENT | WS_EX_TOPMOST | WS_EX_TOOLWINDOW |
                                 WS_EX_NOACTIVATE, NULL);
    Watch w    = watch("pid=%lu", s.pid);

    ok(sees(&w, hwnd), "a window like our canary matches as any other");
    unwatch(&w);
    w = watch("exe!=subject.exe");
    ok(look(&w) >= 0 && !entry(&w, hwnd), "and does not as any other");
    unwatch(&w);
    stranger_end(&s);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        printf("usage: test_hostile SUBJECT.EXE\n");
        return 2;
    }
    subject_exe = argv[1];
    av_log_set_level(AV_LOG_VERBOSE);
    av_log_set_callback(keep_line);
    titles_do_not_get_past();
    long_titles_do_not_get_past();
    owners_go_in_circles();
    a_crowd_hides_nobody();
    who_looks_like_us_is_not();
    return tap_end();
}
