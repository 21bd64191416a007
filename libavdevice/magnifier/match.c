/*
 * magnifier: rules and windows
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
 * Does a rule match this window?
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"
#include "libavutil/wchar_filename.h"

#include <windows.h>

#include "match.h"

/* ---- what the rules are told ---- */

static void ask_anew(const MagnifierMatch *match, HWND hwnd)
{
    MagnifierWindow *win = ff_magnifier_window_find(match->ids, hwnd);

    if (win)
        win->asked = 0;
}

void ff_magnifier_rt_match_read_console(MagnifierMatch *match)
{
    HWND console, root;

    if (!(match->keys & MAGNIFIER_KEY_SELF))
        return;
    /* The real console window, or a hidden one which the terminal that shows the
     * console owns. */
    console = GetConsoleWindow();
    root    = console ? GetAncestor(console, GA_ROOTOWNER) : NULL;
    if (console != match->console)
        ask_anew(match, match->console = console);
    if (root != match->console_root)
        ask_anew(match, match->console_root = root);
}

static MagnifierVerdict is_self(const MagnifierMatch *match, HWND hwnd, DWORD pid)
{
    if (pid == match->pid || (hwnd && (hwnd == match->console || hwnd == match->console_root)))
        return MAGNIFIER_MATCH;
    return MAGNIFIER_NO;
}

/** The path of the program, or what stands for it with these rules. */
static const char *exe_of(const MagnifierProcess *process, unsigned keys)
{
    if (process->path)
        return process->path;
    return keys & MAGNIFIER_KEY_PATH ? NULL : process->name;
}

/** The title that was read last, to be freed by the caller; NULL if unknown. */
static char *title_of(const MagnifierWindow *win)
{
    return win->title_length >= 0 ? ff_magnifier_utf8(win->title, win->title_length) : NULL;
}

/** What is known of a window, in UTF-8. */
typedef struct Facts {
    const char *title, *class_name, *exe;
    DWORD pid;
    uint64_t hwnd;
    MagnifierVerdict self;
} Facts;

/** Without memory a text is unknown. */
static MagnifierRuleText utf16_of(const char *utf8, int folded)
{
    MagnifierRuleText text = { 0 };
    wchar_t *units = NULL;

    if (utf8 && utf8towchar(utf8, &units) >= 0 && units) {
        text.units = units;
        text.nb    = wcslen(units);
        if (folded)
            ff_magnifier_fold_case(units, text.nb);
    }
    return text;
}

/** Make facts for the rules, to be freed with free_facts(). */
static MagnifierRuleFacts make_facts(const Facts *f, int folded)
{
    MagnifierRuleFacts facts = {
        .title      = utf16_of(f->title, folded),
        .class_name = utf16_of(f->class_name, folded),
        .exe        = utf16_of(f->exe, folded),
        .pid        = f->pid,
        .hwnd       = f->hwnd,
        .self       = f->self,
    };

    return facts;
}

static void free_facts(MagnifierRuleFacts *facts)
{
    av_free((void *)facts->title.units);
    av_free((void *)facts->class_name.units);
    av_free((void *)facts->exe.units);
}

static Facts facts_of(const MagnifierMatch *match, const MagnifierWindow *win,
                      const char *title)
{
    Facts facts = {
        .title      = title,
        .class_name = win->class_name,
        .exe        = exe_of(win->process, match->keys),
        .pid        = win->pid,
        .hwnd       = (uintptr_t)win->hwnd,
        .self       = is_self(match, win->hwnd, win->pid),
    };

    return facts;
}

/** The same for the app in a frame; all that is not known of it stays unknown. */
static Facts app_facts_of(const MagnifierMatch *match, const MagnifierWindow *win,
                          const char *title)
{
    Facts facts = facts_of(match, win, title);

    facts.exe  = win->app ? exe_of(win->app, match->keys) : NULL;
    facts.pid  = win->app ? win->app->pid : 0;
    facts.self = win->app ? is_self(match, win->hwnd, win->app->pid) : MAGNIFIER_UNKNOWN;
    return facts;
}

/* ---- what they say ---- */

static MagnifierVerdict ask_about(const MagnifierMatch *match, const Facts *f, int *rule)
{
    MagnifierRuleFacts facts = make_facts(f, 1);
    MagnifierVerdict verdict = ff_magnifier_rules_match(match->rules, &facts, rule);

    free_facts(&facts);
    return verdict;
}

static MagnifierVerdict ask(const MagnifierMatch *match, const MagnifierWindow *win,
                            const char *title, int *rule)
{
    Facts facts = facts_of(match, win, title);
    MagnifierVerdict verdict = ask_about(match, &facts, rule);

    if (win->kind & MAGNIFIER_KIND_FRAME && verdict != MAGNIFIER_MATCH) {
        int app_rule;
        MagnifierVerdict app;

        facts = app_facts_of(match, win, title);
        app   = ask_about(match, &facts, &app_rule);
        if (app == MAGNIFIER_MATCH || verdict == MAGNIFIER_NO) {
            *rule = app_rule;
            return app;
        }
    }
    return verdict;
}

/** Look at what the rules go by; win->asked is cleared when something is new. */
static void rt_refresh(MagnifierMatch *match, MagnifierWindow *win, int anew)
{
    if (!win->process->path)
        ff_magnifier_rt_process_retry(&match->ids->processes, win->process);
    if (win->kind & MAGNIFIER_KIND_FRAME && !win->app)
        ff_magnifier_rt_window_read_app(match->ids, win);
    if (win->app && !win->app->path)
        ff_magnifier_rt_process_retry(&match->ids->processes, win->app);
    if (win->process_version != win->process->version ||
        (win->app && win->app_version != win->app->version))
        win->asked = 0;
    if (win->needs_title && anew && !win->hidden)
        ff_magnifier_rt_window_read_title(match->ids, win);
    /* Which window it stands for is no question for the rules alone. */
    if (win->kind & MAGNIFIER_KIND_GHOST)
        win->asked = 0;
}

void ff_magnifier_rt_match_ask(MagnifierMatch *match, MagnifierWindow *win, int anew)
{
    MagnifierVerdict verdict;

    if (win->kind & MAGNIFIER_KIND_OURS || win->sticky || !match->nb)
        return;

    rt_refresh(match, win, anew);
    if (win->asked) {
        /* What relations said in the last walk is not what the rules say. */
        if (win->why != MAGNIFIER_WHY_RULE && win->why != MAGNIFIER_WHY_UNKNOWN)
            win->why = MAGNIFIER_WHY_NOT;
        return;
    }

    win->asked = 1;
    win->process_version = win->process->version;
    win->app_version     = win->app ? win->app->version : 0;

    if (win->needs_title) {
        verdict = MAGNIFIER_UNKNOWN;
    } else {
        verdict = ask(match, win, NULL, &win->rule);
        /* Only a window for which the title decides is asked for its title, now and in the
         * thorough walks that follow. */
        if (verdict == MAGNIFIER_UNKNOWN && match->keys & MAGNIFIER_KEY_TITLE) {
            win->needs_title = 1;
            ff_magnifier_rt_window_read_title(match->ids, win);
            win->asked = 1;
        }
    }
    if (verdict == MAGNIFIER_UNKNOWN && win->needs_title && win->title_length >= 0) {
        char *title = title_of(win);

        verdict = ask(match, win, title, &win->rule);
        av_free(title);
    }
    win->why    = verdict == MAGNIFIER_NO    ? MAGNIFIER_WHY_NOT  :
                  verdict == MAGNIFIER_MATCH ? MAGNIFIER_WHY_RULE : MAGNIFIER_WHY_UNKNOWN;
    win->sticky = win->why == MAGNIFIER_WHY_RULE;
}

MagnifierVerdict ff_magnifier_rt_match_ask_unseen(const MagnifierMatch *match, HWND hwnd,
                                                  const MagnifierProcess *process)
{
    Facts facts = { .hwnd = (uintptr_t)hwnd };

    if (process) {
        facts.exe  = exe_of(process, match->keys);
        facts.pid  = process->pid;
        facts.self = is_self(match, hwnd, process->pid);
    }
    return ask_about(match, &facts, NULL);
}

/* ---- reports ---- */

void ff_magnifier_rt_match_count(MagnifierMatch *match, MagnifierWindow *win, int *matches)
{
    MagnifierRuleFacts facts, app_facts;
    Facts f, app_f;
    char *title = NULL;
    int i;

    if (match->keys & MAGNIFIER_KEY_TITLE) {
        ff_magnifier_rt_window_read_title(match->ids, win);
        title = title_of(win);
    }
    f         = facts_of(match, win, title);
    app_f     = app_facts_of(match, win, title);
    facts     = make_facts(&f, 1);
    app_facts = make_facts(&app_f, 1);
    for (i = 0; i < match->nb; i++)
        matches[i] += (win->why == MAGNIFIER_WHY_RULE && win->rule == i) ||
                      ff_magnifier_rules_match_one(match->rules, i, &facts) == MAGNIFIER_MATCH ||
                      (win->app && ff_magnifier_rules_match_one(match->rules, i, &app_facts) ==
                       MAGNIFIER_MATCH);
    free_facts(&facts);
    free_facts(&app_facts);
    av_free(title);
}

void ff_magnifier_rt_match_describe(MagnifierMatch *match, MagnifierWindow *win, AVBPrint *bp)
{
    MagnifierRuleFacts facts;
    Facts f;
    char *title;

    ff_magnifier_rt_window_read_title(match->ids, win);
    title = title_of(win);
    f     = win->app ? app_facts_of(match, win, title) : facts_of(match, win, title);
    facts = make_facts(&f, 0);
    if (!ff_magnifier_rules_describe(bp, &facts, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS |
                                     MAGNIFIER_KEY_TITLE))
        av_bprintf(bp, "hwnd=0x%"PRIx64, (uint64_t)(uintptr_t)win->hwnd);
    free_facts(&facts);
    av_free(title);
}

/* ---- other rules ---- */

static void free_texts(char ***texts, int nb)
{
    int i;

    for (i = 0; *texts && i < nb; i++)
        av_free((*texts)[i]);
    av_freep(texts);
}

static int print_rules(const MagnifierRules *rules, char ***result)
{
    int i, nb = ff_magnifier_rules_count(rules);
    char **texts = av_calloc(nb + 1, sizeof(*texts));

    if (!texts)
        return AVERROR(ENOMEM);
    for (i = 0; i < nb; i++) {
        AVBPrint bp;

        av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
        ff_magnifier_rules_print(&bp, rules, i);
        if (!av_bprint_is_complete(&bp) || av_bprint_finalize(&bp, &texts[i]) < 0) {
            av_bprint_finalize(&bp, NULL);
            free_texts(&texts, nb);
            return AVERROR(ENOMEM);
        }
    }
    *result = texts;
    return 0;
}

/**
 * What the rules said before does not count any more, but for windows that matched for life
 * by a rule that is still there.
 *
 * @param now for each of the old rules its new number, -1: it is gone
 */
static void renew_windows(const MagnifierIdentities *ids, const int *now)
{
    unsigned k;

    for (k = 0; k < ids->size; k++) {
        MagnifierWindow *win = ids->table[k];

        if (!win)
            continue;
        /* Without a rule nobody has looked at it lately, nor listened. */
        win->asked = win->needs_title = win->sighted = 0;
        if (win->sticky && win->why && win->rule >= 0 && now[win->rule] >= 0) {
            win->rule = now[win->rule];
            continue;
        }
        win->sticky = 0;
        win->why    = MAGNIFIER_WHY_NOT;
        win->rule   = -1;
    }
}

int ff_magnifier_rt_match_set_rules(MagnifierMatch *match, MagnifierRules *rules)
{
    int nb = ff_magnifier_rules_count(rules), nb_old = match->nb, ret, i, j;
    char **texts = NULL;
    int *now = av_malloc_array(nb_old + 1, sizeof(*now));

    ret = now ? print_rules(rules, &texts) : AVERROR(ENOMEM);
    if (ret < 0) {
        av_free(now);
        ff_magnifier_rules_free(&rules);
        return ret;
    }

    for (i = 0; i < nb_old; i++) {
        now[i] = -1;
        for (j = 0; j < nb && now[i] < 0; j++)
            if (!strcmp(match->texts[i], texts[j]))
                now[i] = j;
    }
    renew_windows(match->ids, now);
    av_free(now);

    free_texts(&match->texts, nb_old);
    ff_magnifier_rules_free(&match->rules);
    match->rules = rules;
    match->texts = texts;
    match->nb    = nb;
    match->keys  = ff_magnifier_rules_keys(rules);
    return 0;
}

av_cold int ff_magnifier_rt_match_open(MagnifierMatch *match, MagnifierIdentities *ids,
                                       MagnifierRules *rules)
{
    match->ids = ids;
    match->pid = GetCurrentProcessId();
    return ff_magnifier_rt_match_set_rules(match, rules);
}

av_cold void ff_magnifier_rt_match_free(MagnifierMatch *match)
{
    free_texts(&match->texts, match->nb);
    ff_magnifier_rules_free(&match->rules);
    match->nb = 0;
}
