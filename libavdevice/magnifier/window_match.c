/*
 * magnifier: windows and the rules
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
 * Which windows match?
 *
 * The rules are asked about a window again only when something that they were told has changed.
 * Then matches spread to the windows that belong to one that matches; window.h has the list.
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include <windows.h>

#include "window_internal.h"

/* Steps from owner to owner, which could go round while they are asked. */
#define MAX_OWNERS 32

/* ---- what the rules are told ---- */

void ff_magnifier_rt_match_read_console(MagnifierWindows *w)
{
    HWND console;
    MagnifierWindow *win;

    if (!(w->keys & MAGNIFIER_KEY_SELF))
        return;
    console = GetConsoleWindow();
    if (console == w->console)
        return;
    w->console = console;
    win = ff_magnifier_window_find(w, console);
    if (win)
        win->match.asked = 0;
}

static MagnifierVerdict is_self(const MagnifierWindows *w, HWND hwnd, DWORD pid)
{
    if (pid == GetCurrentProcessId() || (hwnd && hwnd == w->console))
        return MAGNIFIER_MATCH;
    return MAGNIFIER_NO;
}

/** A text as the rules want it: without its case, or as it is to print one. */
typedef MagnifierRuleText (*Form)(const MagnifierText *text);

/** The path of the program, or what stands for it with these rules. */
static MagnifierRuleText exe_of(const MagnifierProcess *process, unsigned keys, Form form)
{
    const MagnifierRuleText unknown = { 0 };

    if (process->path.units)
        return form(&process->path);
    if (keys & MAGNIFIER_KEY_PATH)
        return unknown;
    return form(&process->name);
}

static MagnifierRuleFacts facts_of(const MagnifierWindows *w, const MagnifierWindow *win, Form form)
{
    MagnifierRuleFacts facts = {
        .title      = form(&win->title.text),
        .class_name = form(&win->class_name),
        .exe        = exe_of(win->process, w->keys, form),
        .pid        = win->process->pid,
        .hwnd       = (uintptr_t)win->hwnd,
        .self       = is_self(w, win->hwnd, win->process->pid),
    };

    return facts;
}

/** The same for the app in a frame; all that is not known of it stays unknown. */
static MagnifierRuleFacts app_facts_of(const MagnifierWindows *w, const MagnifierWindow *win,
                                       Form form)
{
    MagnifierRuleFacts facts = facts_of(w, win, form);

    facts.exe  = win->app ? exe_of(win->app, w->keys, form) : (MagnifierRuleText) { 0 };
    facts.pid  = win->app ? win->app->pid : 0;
    facts.self = win->app ? is_self(w, win->hwnd, win->app->pid) : MAGNIFIER_UNKNOWN;
    return facts;
}

/* ---- what they say ---- */

/** @param titled 0: without telling them the title */
static MagnifierVerdict ask(const MagnifierWindows *w, const MagnifierWindow *win, int titled,
                            int *rule)
{
    MagnifierRuleFacts facts = facts_of(w, win, ff_magnifier_text_folded);
    MagnifierVerdict verdict, app;
    int app_rule;

    if (!titled)
        facts.title = (MagnifierRuleText) { 0 };
    verdict = ff_magnifier_rules_match(w->rules, &facts, rule);
    if (!(win->kind & MAGNIFIER_KIND_FRAME) || verdict == MAGNIFIER_MATCH)
        return verdict;

    facts = app_facts_of(w, win, ff_magnifier_text_folded);
    if (!titled)
        facts.title = (MagnifierRuleText) { 0 };
    app = ff_magnifier_rules_match(w->rules, &facts, &app_rule);
    if (app == MAGNIFIER_MATCH || verdict == MAGNIFIER_NO) {
        *rule = app_rule;
        return app;
    }
    return verdict;
}

static void rt_ask_rules(MagnifierWindows *w, MagnifierWindow *win)
{
    MagnifierVerdict verdict = MAGNIFIER_UNKNOWN;

    if (!win->match.needs_title) {
        verdict = ask(w, win, 0, &win->match.rule);
        if (verdict == MAGNIFIER_UNKNOWN && w->keys & MAGNIFIER_KEY_TITLE) {
            win->match.needs_title = 1;
            ff_magnifier_rt_window_read_title(w, win);
        }
    }
    if (win->match.needs_title)
        verdict = ask(w, win, 1, &win->match.rule);
    win->match.asked  = w->processes.version + 1;
    win->match.why    = verdict == MAGNIFIER_NO    ? MAGNIFIER_WHY_NOT  :
                        verdict == MAGNIFIER_MATCH ? MAGNIFIER_WHY_RULE : MAGNIFIER_WHY_UNKNOWN;
    win->match.sticky = win->match.why == MAGNIFIER_WHY_RULE;
}

void ff_magnifier_rt_match_ask(MagnifierWindows *w, MagnifierWindow *win)
{
    if (win->kind & MAGNIFIER_KIND_OURS || win->match.sticky || !w->nb_rules)
        return;
    ff_magnifier_rt_process_retry(&w->processes, win->process);
    if (win->app)
        ff_magnifier_rt_process_retry(&w->processes, win->app);
    if (win->match.needs_title)
        ff_magnifier_rt_window_read_title(w, win);
    /* Which window a ghost stands for is no question for the rules alone. */
    if (win->match.asked != w->processes.version + 1 || win->kind & MAGNIFIER_KIND_GHOST)
        rt_ask_rules(w, win);
    else if (win->match.why != MAGNIFIER_WHY_RULE && win->match.why != MAGNIFIER_WHY_UNKNOWN)
        /* What relations said in the last look is not what the rules say. */
        win->match.why = MAGNIFIER_WHY_NOT;
}

MagnifierVerdict ff_magnifier_rt_match_ask_unseen(const MagnifierWindows *w, HWND hwnd,
                                                  const MagnifierProcess *process)
{
    MagnifierRuleFacts facts = { .hwnd = (uintptr_t)hwnd };

    if (process) {
        facts.exe  = exe_of(process, w->keys, ff_magnifier_text_folded);
        facts.pid  = process->pid;
        facts.self = is_self(w, hwnd, process->pid);
    }
    return ff_magnifier_rules_match(w->rules, &facts, NULL);
}

/* ---- what belongs to a window that matches ---- */

static int is_popup(const MagnifierWindowFacts *f)
{
    /* Toolkits that draw their own menus give them these styles. */
    return f->win->kind & MAGNIFIER_KIND_POPUP ||
           (f->style & WS_POPUP && (f->style & WS_CAPTION) != WS_CAPTION &&
            f->ex_style & (WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE));
}

static const MagnifierWindow *rt_owner_of(const MagnifierWindows *w, const MagnifierWindowFacts *f)
{
    const MagnifierWindow *owner = NULL;
    HWND root;

    if (f->owner)
        owner = ff_magnifier_window_find(w, f->owner);
    /* An owner may be a child of a top-level window. */
    if (f->owner && !owner && (root = GetAncestor(f->owner, GA_ROOT)) && root != f->win->hwnd)
        owner = ff_magnifier_window_find(w, root);
    return owner;
}

static const MagnifierWindow *match_of_thread(const MagnifierWindows *w, const MagnifierWindow *win)
{
    int i;

    /* Also one that no look has seen yet. */
    for (i = 0; i < w->nb_known; i++) {
        const MagnifierWindow *other = w->known[i];

        if (other != win && other->thread == win->thread && other->match.why)
            return other;
    }
    return NULL;
}

static int join(MagnifierWindow *win, const MagnifierWindow *other, MagnifierWhy why)
{
    win->match.why    = why;
    win->match.rule   = other->match.rule;
    win->match.sticky = other->match.sticky;
    return 1;
}

int ff_magnifier_rt_match_relate(const MagnifierWindows *w, const MagnifierWindowFacts *f)
{
    MagnifierWindow *win = f->win;
    const MagnifierWindow *other;

    if (win->match.why || win->kind & MAGNIFIER_KIND_OURS)
        return 0;
    other = rt_owner_of(w, f);
    if (other && other->match.why)
        return join(win, other, MAGNIFIER_WHY_OWNER);
    if (win->kind & MAGNIFIER_KIND_GHOST) {
        HWND hung = w->hung_from_ghost ? w->hung_from_ghost(win->hwnd) : NULL;

        other = hung ? ff_magnifier_window_find(w, hung) : NULL;
        if (other && other->match.why)
            return join(win, other, MAGNIFIER_WHY_GHOST);
        if (!other) {
            win->match.why  = MAGNIFIER_WHY_UNKNOWN;
            win->match.rule = -1;
            return 1;
        }
    }
    other = is_popup(f) ? match_of_thread(w, win) : NULL;
    return other ? join(win, other, MAGNIFIER_WHY_THREAD) : 0;
}

/** The top-level window at the end of the owners of this one. */
static HWND rt_root_owner(HWND hwnd)
{
    HWND owner, root;
    int step;

    for (step = 0; step < MAX_OWNERS && (owner = GetWindow(hwnd, GW_OWNER)); step++) {
        /* An owner may be a child of a top-level window. */
        root = GetAncestor(owner, GA_ROOT);
        hwnd = root ? root : owner;
    }
    return hwnd;
}

MagnifierWindow *ff_magnifier_rt_match_terminal(const MagnifierWindows *w,
                                                const MagnifierWindow *win)
{
    MagnifierWindow *terminal;

    if (!win->match.why || !(win->kind & MAGNIFIER_KIND_PSEUDO || win->hwnd == w->console))
        return NULL;
    terminal = ff_magnifier_window_find(w, rt_root_owner(win->hwnd));
    if (!terminal || terminal->match.why || terminal->kind & MAGNIFIER_KIND_OURS)
        return NULL;
    join(terminal, win, MAGNIFIER_WHY_CONSOLE);
    return terminal;
}

void ff_magnifier_rt_match_take_in(MagnifierWindow *holder, const MagnifierWindow *child)
{
    /* What only may match for now is joined, too, before it turns out that it does not. */
    if (holder->match.sticky || holder->kind & MAGNIFIER_KIND_OURS)
        return;
    join(holder, child, MAGNIFIER_WHY_CHILD);
    holder->match.sticky = 1;
}

void ff_magnifier_rt_match_note_turned(MagnifierWindows *w, MagnifierWindow *win)
{
    w->stats.turned  += win->match.passed;
    win->match.passed = 0;
}

/**
 * One that has gone meanwhile, with what the rules want to know of it, is not of this look: what
 * it was is for the events to say, as if it had gone before.
 */
static void rt_ask_looked(MagnifierWindows *w, MagnifierWindow *win)
{
    ff_magnifier_rt_match_ask(w, win);
    if (win->match.why == MAGNIFIER_WHY_UNKNOWN && !win->reported && !IsWindow(win->hwnd))
        ff_magnifier_rt_window_forget(w, win);
}

void ff_magnifier_rt_match_all(MagnifierWindows *w)
{
    int i, more;

    for (i = 0; i < w->nb_looked; i++)
        if (w->looked[i].win)
            rt_ask_looked(w, w->looked[i].win);
    /* Without rules nothing matches, and nobody belongs to it. */
    do {
        more = 0;
        for (i = 0; i < w->nb_looked && w->nb_rules; i++)
            more |= w->looked[i].win && (ff_magnifier_rt_match_relate(w, &w->looked[i]) ||
                                         ff_magnifier_rt_match_terminal(w, w->looked[i].win));
    } while (more);
    for (i = 0; i < w->nb_looked; i++) {
        MagnifierWindow *win = w->looked[i].win;

        if (!win)
            continue;
        win->match.turned = win->match.passed && win->match.why;
        if (win->match.why)
            ff_magnifier_rt_match_note_turned(w, win);
        else
            win->match.passed = 1;
    }
}

/* ---- reports ---- */

void ff_magnifier_rt_windows_matches(MagnifierWindows *w, int *matches, int *hidden)
{
    int i, k;

    memset(matches, 0, w->nb_rules * sizeof(*matches));
    memset(hidden,  0, w->nb_rules * sizeof(*hidden));
    for (k = 0; k < w->nb_looked; k++) {
        MagnifierWindow *win = w->looked[k].win;
        int *counts = w->looked[k].style & WS_VISIBLE ? matches : hidden;
        MagnifierRuleFacts facts, app;

        if (!win || win->kind & MAGNIFIER_KIND_OURS)
            continue;
        if (w->keys & MAGNIFIER_KEY_TITLE)
            ff_magnifier_rt_window_refresh_title(w, win);
        facts = facts_of(w, win, ff_magnifier_text_folded);
        app   = app_facts_of(w, win, ff_magnifier_text_folded);
        for (i = 0; i < w->nb_rules; i++)
            counts[i] += (win->match.why && win->match.sticky && win->match.rule == i) ||
                         ff_magnifier_rules_match_one(w->rules, i, &facts) == MAGNIFIER_MATCH ||
                         (win->app && ff_magnifier_rules_match_one(w->rules, i, &app) ==
                          MAGNIFIER_MATCH);
    }
}

int ff_magnifier_rt_windows_unseen(const MagnifierWindows *w, int rule, AVBPrint *bp)
{
    int ret = 0;

    for (int k = 0; k < w->nb_looked && !ret; k++) {
        const MagnifierWindow *win = w->looked[k].win;
        MagnifierRuleFacts plain, folded;

        if (!win || win->kind & MAGNIFIER_KIND_OURS)
            continue;
        plain  = facts_of(w, win, ff_magnifier_text_plain);
        folded = facts_of(w, win, ff_magnifier_text_folded);
        ret    = ff_magnifier_rules_print_unseen(bp, w->rules, rule, &plain, &folded);
        if (!ret && win->app) {
            plain  = app_facts_of(w, win, ff_magnifier_text_plain);
            folded = app_facts_of(w, win, ff_magnifier_text_folded);
            ret    = ff_magnifier_rules_print_unseen(bp, w->rules, rule, &plain, &folded);
        }
    }
    return ret;
}

const MagnifierRules *ff_magnifier_rt_windows_rules(const MagnifierWindows *w)
{
    return w->rules;
}

void ff_magnifier_rt_match_describe(MagnifierWindows *w, MagnifierWindow *win, AVBPrint *bp)
{
    MagnifierRuleFacts facts;

    ff_magnifier_rt_window_refresh_title(w, win);
    facts = win->app ? app_facts_of(w, win, ff_magnifier_text_plain)
                     : facts_of(w, win, ff_magnifier_text_plain);
    if (!ff_magnifier_rules_describe(bp, &facts, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS |
                                     MAGNIFIER_KEY_TITLE))
        av_bprintf(bp, "hwnd=0x%"PRIx64, (uint64_t)(uintptr_t)win->hwnd);
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
static void renew_windows(const MagnifierWindows *w, const int *now)
{
    int k;

    for (k = 0; k < w->nb_known; k++) {
        MagnifierWindow *win = w->known[k];

        win->match.asked = win->match.needs_title = 0;
        if (win->match.sticky && win->match.rule >= 0 && now[win->match.rule] >= 0) {
            win->match.rule = now[win->match.rule];
            continue;
        }
        win->match.sticky = 0;
        win->match.why    = MAGNIFIER_WHY_NOT;
        win->match.rule   = -1;
    }
}

int ff_magnifier_rt_windows_set_rules(MagnifierWindows *w, MagnifierRules *rules)
{
    int nb = ff_magnifier_rules_count(rules), ret, i, j;
    char **texts = NULL;
    int *now = av_malloc_array(w->nb_rules + 1, sizeof(*now));

    ret = now ? print_rules(rules, &texts) : AVERROR(ENOMEM);
    if (ret < 0) {
        av_free(now);
        ff_magnifier_rules_free(&rules);
        return ret;
    }

    for (i = 0; i < w->nb_rules; i++) {
        now[i] = -1;
        for (j = 0; j < nb && now[i] < 0; j++)
            if (!strcmp(w->rule_texts[i], texts[j]))
                now[i] = j;
    }
    renew_windows(w, now);
    av_free(now);

    ff_magnifier_rt_match_free(w);
    w->rules      = rules;
    w->rule_texts = texts;
    w->nb_rules   = nb;
    w->keys       = ff_magnifier_rules_keys(rules);
    return 0;
}

void ff_magnifier_rt_match_free(MagnifierWindows *w)
{
    free_texts(&w->rule_texts, w->nb_rules);
    ff_magnifier_rules_free(&w->rules);
    w->nb_rules = 0;
}
