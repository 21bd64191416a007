/*
 * Windows Magnification API screen capture: windows and whose they are
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
 * Which windows does the user want left out?
 */

#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include <windows.h>

#include "libavutil/avstring.h"
#include "libavutil/bprint.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "magnifier_events.h"
#include "magnifier_process.h"
#include "magnifier_toplevel.h"
#include "magnifier_windows.h"

/* Newer than _WIN32_WINNT. */
#define ATTRIBUTE_CLOAKED 14

/* Units of UTF-16 that a title can have for the rules; a longer one is unknown to them. */
#define TITLE_UNITS (MAGNIFIER_RULES_MAX_FACT + 2)

/* Longest class name that Windows allows, with its end. */
#define CLASS_UNITS 257

/* Microseconds of a walk that may go into looking again at windows that are known, and
 * into comparing the list of windows with what FindWindowEx() says. On Windows the first
 * is enough for all of them. */
#define VERIFY_BUDGET 80
#define AUDIT_BUDGET  80

/* Milliseconds from audit to audit, and between looks at what hardly ever changes. */
#define AUDIT_PERIOD   10
#define SETTING_PERIOD 1000

/* Lists are taken anew at most this often while the audit finds windows missing. */
#define LIST_ATTEMPTS 10

/* Lines about windows that come and go, in each second. */
#define LINES_PER_SECOND 20

typedef HRESULT (WINAPI *GetAttributeFunc)(HWND hwnd, DWORD attribute, void *value, DWORD size);
typedef HWND (WINAPI *HungFromGhostFunc)(HWND ghost);

/** Why a window counts as matched. */
typedef enum Why {
    WHY_NOT,
    WHY_RULE,       ///< rule number Window.rule says so
    WHY_UNKNOWN,    ///< rule number Window.rule hangs on something unknown
    WHY_OWNER,      ///< its owner matches
    WHY_THREAD,     ///< it is a popup of the thread of a window that matches
    WHY_GHOST,      ///< it stands for a hung window that matches
    WHY_CHILD,      ///< a window that matches became its child
} Why;

enum {
    KIND_POPUP = 1, ///< a menu, tooltip, or the like
    KIND_FRAME = 2, ///< of a Store app, which lives in a child of another process
    KIND_GHOST = 4, ///< stands for a hung window
    KIND_OURS  = 8, ///< of the runtime's thread
};

typedef struct Window {
    HWND     hwnd;
    DWORD    pid, thread;
    uint64_t serial;
    unsigned kind;
    HWND     owner;
    char    *class_name;
    MagnifierProcess *process;
    MagnifierProcess *app;      ///< of a frame; the last one seen in it
    unsigned process_version, app_version;  ///< of what the rules were asked about

    WCHAR   *title;             ///< last title that was read
    int      title_length;      ///< -1: could not be read
    int      needs_title;       ///< what the rules say hangs on the title
    int      renamed;           ///< how often, as told in collection number renamed_in
    uint64_t renamed_in;

    int      asked;             ///< why and rule are what the present rules say
    int      sticky;            ///< matched for life
    Why      why;
    int      rule;

    int      suspect;           ///< an event hints that the handle may mean another window
    int      told;              ///< a line has said that it matches
    uint64_t seen;              ///< number of the last walk that found it
} Window;

struct MagnifierWindows {
    MagnifierLog      *log;
    MagnifierRules    *rules;
    char             **rule_texts;      ///< canonical, of all rules
    int                nb_rules;
    unsigned           keys;            ///< MAGNIFIER_KEY_* of the rules

    MagnifierToplevel  top;
    MagnifierProcesses processes;
    MagnifierListener  listener;

    Window           **table;           ///< hash table of handles, open addressing
    unsigned           table_size;      ///< a power of two
    unsigned           nb;              ///< windows in it
    Window           **order;           ///< those of the last walk, topmost first
    int                nb_order, alloc_order;
    uint64_t           walk, collection, serial;
    int                verify_at;

    DWORD              thread, pid;     ///< ours
    HWND               console, console_root;
    int                animations;
    uint64_t           settings_due, audit_due, lines_second;
    int                lines, lines_muted;
    int                failing;         ///< the failure of the walk has been said
    int64_t            frequency;

    HMODULE            dwmapi;
    GetAttributeFunc   get_attribute;
    HungFromGhostFunc  hung_from_ghost;

    MagnifierWindowsStats stats;
    WCHAR              text[TITLE_UNITS];   ///< scratch
};

/* Classes of popups that have no owner, or none that can be relied on. */
static const char *const popup_classes[] = {
    "#32768",               /* menus */
    "tooltips_class32",
    "ComboLBox",
    "SysShadow",
    "Auto-Suggest Dropdown",
    "Xaml_WindowedPopupClass",
};

static int64_t rt_microseconds(const MagnifierWindows *w)
{
    LARGE_INTEGER now;

    QueryPerformanceCounter(&now);
    return now.QuadPart * 1000000 / w->frequency;
}

/* ---- the table of windows ---- */

static unsigned slot_of(const MagnifierWindows *w, HWND hwnd)
{
    return ((uint32_t)(uintptr_t)hwnd * 2654435761U >> 8) & (w->table_size - 1);
}

static Window *find(const MagnifierWindows *w, HWND hwnd)
{
    unsigned i;

    if (!w->table_size || !hwnd)
        return NULL;
    for (i = slot_of(w, hwnd); w->table[i]; i = (i + 1) & (w->table_size - 1))
        if (w->table[i]->hwnd == hwnd)
            return w->table[i];
    return NULL;
}

static void put(MagnifierWindows *w, Window *win)
{
    unsigned i = slot_of(w, win->hwnd);

    while (w->table[i])
        i = (i + 1) & (w->table_size - 1);
    w->table[i] = win;
}

static int insert(MagnifierWindows *w, Window *win)
{
    if (2 * (w->nb + 1) > w->table_size) {
        unsigned old_size = w->table_size, size = FFMAX(2 * old_size, 1024), i;
        Window **old = w->table;

        w->table = av_calloc(size, sizeof(*w->table));
        if (!w->table) {
            w->table = old;
            return AVERROR(ENOMEM);
        }
        w->table_size = size;
        for (i = 0; i < old_size; i++)
            if (old[i])
                put(w, old[i]);
        av_free(old);
    }
    put(w, win);
    w->nb++;
    return 0;
}

/** Take a window out of the table; what was behind it moves up. */
static void take_out(MagnifierWindows *w, const Window *win)
{
    unsigned mask = w->table_size - 1, i = slot_of(w, win->hwnd);

    while (w->table[i] != win)
        i = (i + 1) & mask;
    w->table[i] = NULL;
    for (i = (i + 1) & mask; w->table[i]; i = (i + 1) & mask) {
        Window *next = w->table[i];

        w->table[i] = NULL;
        put(w, next);
    }
    w->nb--;
}

static void rt_free_window(MagnifierWindows *w, Window *win)
{
    if (!win)
        return;
    ff_magnifier_rt_process_put(&w->processes, &win->process);
    ff_magnifier_rt_process_put(&w->processes, &win->app);
    av_freep(&win->class_name);
    av_freep(&win->title);
    av_free(win);
}

/* ---- lines for the user ---- */

/** @return 0 when there were enough lines in this second */
static int rt_may_write(MagnifierWindows *w)
{
    uint64_t second = GetTickCount64() / 1000;

    if (second != w->lines_second) {
        if (w->lines_muted)
            ff_magnifier_log(w->log, AV_LOG_INFO, "%d more windows came or went\n",
                             w->lines_muted);
        w->lines_second = second;
        w->lines = w->lines_muted = 0;
    }
    /* At the start the whole list is wanted. */
    if (w->walk > 1 && w->lines >= LINES_PER_SECOND) {
        w->lines_muted++;
        return 0;
    }
    w->lines++;
    return 1;
}

static void rt_read_title(MagnifierWindows *w, Window *win);

static void print_why(AVBPrint *bp, const MagnifierWindows *w, const Window *win)
{
    const char *rule = win->rule >= 0 && win->rule < w->nb_rules ? w->rule_texts[win->rule] : "";

    switch (win->why) {
    case WHY_NOT:
        break;
    case WHY_RULE:
        av_bprintf(bp, "rule %d: %s", win->rule + 1, rule);
        break;
    case WHY_UNKNOWN:
        av_bprintf(bp, "too little is known of it for rule %d: %s", win->rule + 1, rule);
        break;
    case WHY_OWNER:
        av_bprintf(bp, "its owner 0x%"PRIx64" is left out", (uint64_t)(uintptr_t)win->owner);
        break;
    case WHY_THREAD:
        av_bprintf(bp, "popup of a program that is left out");
        break;
    case WHY_GHOST:
        av_bprintf(bp, "stands for a hung window that is left out");
        break;
    case WHY_CHILD:
        av_bprintf(bp, "holds a window that is left out");
        break;
    }
}

static const char *name_of(const MagnifierProcess *process)
{
    return process && process->name ? process->name : "?";
}

static void print_title(AVBPrint *bp, const Window *win)
{
    char *title = win->title_length >= 0 ? ff_magnifier_utf8(win->title, win->title_length) : NULL;

    if (title) {
        char *c;

        /* A title must not write lines of its own. */
        for (c = title; *c; c++)
            if ((unsigned char)*c < 0x20 || *c == 0x7F)
                *c = ' ';
        av_bprintf(bp, "\"%.200s\"", title);
    } else {
        av_bprintf(bp, "unknown");
    }
    av_free(title);
}

static void print_identity(AVBPrint *bp, const Window *win)
{
    av_bprintf(bp, "0x%"PRIx64", pid %lu, %s, class %s, title ",
               (uint64_t)(uintptr_t)win->hwnd, win->pid, name_of(win->process),
               win->class_name[0] ? win->class_name : "?");
    print_title(bp, win);
    if (win->app)
        av_bprintf(bp, ", holding pid %lu, %s", win->app->pid, name_of(win->app));
}

static void rt_tell(MagnifierWindows *w, Window *win, int joined)
{
    AVBPrint bp;

    win->told = joined;
    w->stats.matched += joined;
    w->stats.unknown += joined && win->why == WHY_UNKNOWN;
    if (!rt_may_write(w))
        return;
    if (joined)
        rt_read_title(w, win);
    av_bprint_init(&bp, 0, AV_BPRINT_SIZE_UNLIMITED);
    print_identity(&bp, win);
    if (joined) {
        av_bprintf(&bp, " (");
        print_why(&bp, w, win);
        av_bprintf(&bp, ")");
    }
    ff_magnifier_log(w->log, joined && win->why == WHY_UNKNOWN ? AV_LOG_WARNING : AV_LOG_INFO,
                     "%s %s\n", joined ? "leaving out" : "no longer leaving out", bp.str);
    av_bprint_finalize(&bp, NULL);
}

static void rt_forget(MagnifierWindows *w, Window *win)
{
    if (win->told)
        rt_tell(w, win, 0);
    take_out(w, win);
    rt_free_window(w, win);
}

/* ---- what can be known of a window ---- */

/**
 * Read the title from the system's copy. GetWindowText() would do that for windows of
 * other processes, but sends a message to those of our own.
 */
static void rt_read_title(MagnifierWindows *w, Window *win)
{
    int length;

    SetLastError(ERROR_SUCCESS);
    length = InternalGetWindowText(win->hwnd, w->text, FF_ARRAY_ELEMS(w->text));
    if (length <= 0)
        length = GetLastError() == ERROR_SUCCESS ? 0 : -1;
    if (length == win->title_length &&
        (length <= 0 || !memcmp(win->title, w->text, length * sizeof(*w->text))))
        return;

    av_freep(&win->title);
    win->asked = 0;
    win->title_length = length;
    if (length > 0) {
        win->title = av_memdup(w->text, length * sizeof(*w->text));
        if (!win->title)
            win->title_length = -1;
    }
}

/**
 * Remember the program in the frame of a Store app. While the app is minimised or
 * suspended its window is not in the frame; then the last one stays.
 */
static void rt_read_app(MagnifierWindows *w, Window *win)
{
    HWND child = FindWindowExW(win->hwnd, NULL, L"Windows.UI.Core.CoreWindow", NULL);
    MagnifierProcess *app;
    DWORD pid = 0, again = 0;

    if (!child || !GetWindowThreadProcessId(child, &pid) || (win->app && win->app->pid == pid))
        return;
    app = ff_magnifier_rt_process_get(&w->processes, pid);
    if (!app)
        return;
    /* Still there, so the number was this process's all the time. */
    GetWindowThreadProcessId(child, &again);
    if (again != pid) {
        ff_magnifier_rt_process_put(&w->processes, &app);
        return;
    }
    ff_magnifier_rt_process_put(&w->processes, &win->app);
    win->app   = app;
    win->asked = 0;
}

static int is_popup(const char *class_name, DWORD style, DWORD ex_style)
{
    unsigned i;

    for (i = 0; i < FF_ARRAY_ELEMS(popup_classes); i++)
        if (!av_strcasecmp(class_name, popup_classes[i]))
            return 1;
    /* Toolkits that draw their own menus give them these. */
    return style & WS_POPUP && (style & WS_CAPTION) != WS_CAPTION &&
           ex_style & (WS_EX_TOOLWINDOW | WS_EX_NOACTIVATE);
}

/** The class as UTF-8; NULL: out of memory, "": it cannot be read. */
static char *rt_read_class(HWND hwnd)
{
    WCHAR text[CLASS_UNITS];
    int length = GetClassNameW(hwnd, text, FF_ARRAY_ELEMS(text));

    return ff_magnifier_utf8(text, length);
}

/**
 * Find out all that does not change in the life of a window, and put it into the table.
 *
 * @param[out] result NULL when the window is gone
 */
static int rt_identify(MagnifierWindows *w, HWND hwnd, Window **result)
{
    DWORD pid = 0, again = 0, thread = GetWindowThreadProcessId(hwnd, &pid);
    Window *win;
    DWORD style;
    int ret = AVERROR(ENOMEM);

    *result = NULL;
    if (!thread)
        return 0;
    win = av_mallocz(sizeof(*win));
    if (!win)
        return AVERROR(ENOMEM);
    win->hwnd   = hwnd;
    win->pid    = pid;
    win->thread = thread;
    win->serial = ++w->serial;
    win->rule   = -1;
    win->title_length = -1;
    win->class_name = rt_read_class(hwnd);
    if (!win->class_name)
        goto fail;
    win->process = ff_magnifier_rt_process_get(&w->processes, pid);
    if (!win->process)
        goto fail;
    if (thread == w->thread) {
        win->kind = KIND_OURS;
    } else {
        win->owner = GetWindow(hwnd, GW_OWNER);
        style      = GetWindowLongW(hwnd, GWL_STYLE);
        if (is_popup(win->class_name, style, GetWindowLongW(hwnd, GWL_EXSTYLE)))
            win->kind |= KIND_POPUP;
        if (!strcmp(win->class_name, "ApplicationFrameWindow")) {
            win->kind |= KIND_FRAME;
            rt_read_app(w, win);
        }
        if (!strcmp(win->class_name, "Ghost") &&
            (!win->process->name || !av_strcasecmp(win->process->name, "dwm.exe")))
            win->kind |= KIND_GHOST;
    }

    /* What was read is of one window, and its process number of that process,
     * only if the window is still there. */
    if (GetWindowThreadProcessId(hwnd, &again) != thread || again != pid) {
        ret = 0;
        goto fail;
    }
    ret = insert(w, win);
    if (ret < 0)
        goto fail;
    *result = win;
    return 0;

fail:
    rt_free_window(w, win);
    return ret;
}

/**
 * Is this still the window that we know? Its handle may have been given to another
 * one, and the one menu that all programs of a desktop share goes from thread to thread.
 */
static int rt_verify(Window *win)
{
    DWORD pid = 0, thread = GetWindowThreadProcessId(win->hwnd, &pid);

    if (thread != win->thread || pid != win->pid)
        return 0;
    if (win->suspect) {
        char *class_name = rt_read_class(win->hwnd);
        int same = class_name && !strcmp(class_name, win->class_name);

        av_free(class_name);
        if (!same)
            return 0;
        win->suspect = 0;
    }
    win->owner = GetWindow(win->hwnd, GW_OWNER);
    return 1;
}

/**
 * Get what is known of a window, asking it if need be.
 *
 * @param[out] result NULL when it is gone
 */
static int rt_know(MagnifierWindows *w, HWND hwnd, int verify, Window **result)
{
    Window *win = find(w, hwnd);

    if (win && (verify || win->suspect) && !rt_verify(win)) {
        w->stats.reused++;
        rt_forget(w, win);
        win = NULL;
    }
    *result = win;
    return win ? 0 : rt_identify(w, hwnd, result);
}

/* ---- what the rules say ---- */

static void rt_read_settings(MagnifierWindows *w)
{
    ANIMATIONINFO animation = { .cbSize = sizeof(animation), .iMinAnimate = 1 };
    uint64_t now = GetTickCount64();

    if (now < w->settings_due)
        return;
    w->settings_due = now + SETTING_PERIOD;
    if (!SystemParametersInfoW(SPI_GETANIMATION, sizeof(animation), &animation, 0))
        animation.iMinAnimate = 1;
    w->animations = !!animation.iMinAnimate;
    if (w->keys & MAGNIFIER_KEY_SELF) {
        /* The real console window, or a hidden one which the terminal that shows the
         * console owns. */
        w->console      = GetConsoleWindow();
        w->console_root = w->console ? GetAncestor(w->console, GA_ROOTOWNER) : NULL;
    }
}

static MagnifierVerdict is_self(const MagnifierWindows *w, HWND hwnd, DWORD pid)
{
    if (pid == w->pid || (hwnd && (hwnd == w->console || hwnd == w->console_root)))
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

static MagnifierRuleFacts facts_of(const MagnifierWindows *w, const Window *win,
                                   const char *title)
{
    MagnifierRuleFacts facts = {
        .title      = title,
        .class_name = win->class_name,
        .exe        = exe_of(win->process, w->keys),
        .pid        = win->pid,
        .hwnd       = (uintptr_t)win->hwnd,
        .self       = is_self(w, win->hwnd, win->pid),
    };

    return facts;
}

/** The same for the app in a frame; all that is not known of it stays unknown. */
static MagnifierRuleFacts app_facts_of(const MagnifierWindows *w, const Window *win,
                                       const char *title)
{
    MagnifierRuleFacts facts = facts_of(w, win, title);

    facts.exe  = win->app ? exe_of(win->app, w->keys) : NULL;
    facts.pid  = win->app ? win->app->pid : 0;
    facts.self = win->app ? is_self(w, win->hwnd, win->app->pid) : MAGNIFIER_UNKNOWN;
    return facts;
}

static MagnifierVerdict ask_about(const MagnifierWindows *w, const MagnifierRuleFacts *facts,
                                  int *rule)
{
    MagnifierRuleSubject *subject = NULL;
    MagnifierVerdict verdict;

    /* Without memory nothing is known, which the rules are told by NULL. */
    ff_magnifier_rules_fold(&subject, facts);
    verdict = ff_magnifier_rules_match(w->rules, subject, rule);
    av_freep(&subject);
    return verdict;
}

static MagnifierVerdict ask(const MagnifierWindows *w, const Window *win, const char *title,
                            int *rule)
{
    MagnifierRuleFacts facts = facts_of(w, win, title);
    MagnifierVerdict verdict = ask_about(w, &facts, rule);

    if (win->kind & KIND_FRAME && verdict != MAGNIFIER_MATCH) {
        int app_rule;
        MagnifierVerdict app;

        facts = app_facts_of(w, win, title);
        app   = ask_about(w, &facts, &app_rule);
        if (app == MAGNIFIER_MATCH || verdict == MAGNIFIER_NO) {
            *rule = app_rule;
            return app;
        }
    }
    return verdict;
}

/**
 * Ask the rules about a window if something that they were told may have changed.
 * Sets why, rule and sticky; relations to other windows come later.
 */
static void rt_ask(MagnifierWindows *w, Window *win)
{
    MagnifierVerdict verdict;

    if (win->kind & KIND_OURS || win->sticky || !w->nb_rules)
        return;

    if (!win->process->path)
        ff_magnifier_rt_process_retry(&w->processes, win->process);
    if (win->kind & KIND_FRAME && !win->app)
        rt_read_app(w, win);
    if (win->app && !win->app->path)
        ff_magnifier_rt_process_retry(&w->processes, win->app);
    if (win->process_version != win->process->version ||
        (win->app && win->app_version != win->app->version))
        win->asked = 0;
    if (win->needs_title)
        rt_read_title(w, win);
    if (win->asked) {
        /* What relations said in the last walk is not what the rules say. */
        if (win->why != WHY_RULE && win->why != WHY_UNKNOWN)
            win->why = WHY_NOT;
        return;
    }

    win->asked = 1;
    win->process_version = win->process->version;
    win->app_version     = win->app ? win->app->version : 0;

    if (win->needs_title) {
        verdict = MAGNIFIER_UNKNOWN;
    } else {
        verdict = ask(w, win, NULL, &win->rule);
        /* Only a window for which the title decides is asked for its title, now and in every
         * walk that follows. */
        if (verdict == MAGNIFIER_UNKNOWN && w->keys & MAGNIFIER_KEY_TITLE) {
            win->needs_title = 1;
            rt_read_title(w, win);
            win->asked = 1;
        }
    }
    if (verdict == MAGNIFIER_UNKNOWN && win->needs_title && win->title_length >= 0) {
        char *title = ff_magnifier_utf8(win->title, win->title_length);

        verdict = ask(w, win, title, &win->rule);
        av_free(title);
    }
    win->why    = verdict == MAGNIFIER_NO    ? WHY_NOT  :
                  verdict == MAGNIFIER_MATCH ? WHY_RULE : WHY_UNKNOWN;
    win->sticky = win->why == WHY_RULE;
}

/** Does a window whose owner or pid this is belong to one that matches? Sets why. */
static int rt_relate_one(MagnifierWindows *w, Window *win)
{
    const Window *other = NULL;
    Why why = WHY_NOT;
    int i;

    if (win->why || win->kind & KIND_OURS)
        return 0;
    if (win->owner) {
        HWND root;

        other = find(w, win->owner);
        if (!other && (root = GetAncestor(win->owner, GA_ROOT)) && root != win->hwnd)
            other = find(w, root);
        if (other && other->why)
            why = WHY_OWNER;
    }
    if (!why && win->kind & KIND_GHOST) {
        HWND hung = w->hung_from_ghost ? w->hung_from_ghost(win->hwnd) : NULL;

        other = find(w, hung);
        if (other && other->why) {
            why = WHY_GHOST;
        } else if (!other) {
            win->why  = WHY_UNKNOWN;
            win->rule = 0;
            return 1;
        }
    }
    if (!why && win->kind & KIND_POPUP) {
        for (i = 0; i < w->nb_order && !why; i++) {
            other = w->order[i];
            if (other->thread == win->thread && other->why && other != win)
                why = WHY_THREAD;
        }
    }
    if (!why)
        return 0;
    win->why    = why;
    win->sticky = other->sticky;
    return 1;
}

/** Spread matches over owners, popups and ghosts until nothing is added any more. */
static void rt_relate(MagnifierWindows *w)
{
    int i, more, any = 0;

    for (i = 0; i < w->nb_order; i++)
        any |= w->order[i]->why || w->order[i]->kind & KIND_GHOST;
    for (more = any; more;) {
        more = 0;
        for (i = 0; i < w->nb_order; i++)
            more |= rt_relate_one(w, w->order[i]);
    }
}

/* ---- the walk ---- */

static int is_known(void *opaque, HWND hwnd)
{
    const MagnifierWindows *w = opaque;
    const Window *win = find(w, hwnd);

    return win && win->seen == w->walk;
}

static int rt_reserve_order(MagnifierWindows *w, int nb)
{
    Window **order;

    if (nb <= w->alloc_order)
        return 0;
    order = av_realloc_array(w->order, nb + 256, sizeof(*order));
    if (!order)
        return AVERROR(ENOMEM);
    w->order       = order;
    w->alloc_order = nb + 256;
    return 0;
}

/** Get the list of windows and know all that are on it. */
static int rt_look(MagnifierWindows *w)
{
    int64_t end = rt_microseconds(w) + VERIFY_BUDGET;
    int i, ret, left;

    ret = ff_magnifier_rt_toplevel_get(&w->top);
    if (ret < 0)
        return ret;
    ret = rt_reserve_order(w, w->top.nb);
    if (ret < 0)
        return ret;

    /* In turn, as many as there is time for: is the handle still the same window's?
     * Events say so at once, this is for those that were not heard. */
    for (left = w->nb ? w->top.nb : 0; left > 0; left--) {
        Window *win;

        if (w->verify_at >= w->top.nb)
            w->verify_at = 0;
        win = find(w, w->top.list[w->verify_at++]);
        if (win && !(win->kind & KIND_OURS)) {
            if (!rt_verify(win))
                win->suspect = 1;
            else if (win->kind & KIND_FRAME && !win->sticky)
                rt_read_app(w, win);
        }
        if (rt_microseconds(w) >= end)
            break;
    }

    w->walk++;
    w->nb_order = 0;
    for (i = 0; i < w->top.nb; i++) {
        Window *win = find(w, w->top.list[i]);
        int verify = win && !strcmp(win->class_name, "#32768");

        if (!win || win->suspect || verify) {
            ret = rt_know(w, w->top.list[i], verify, &win);
            if (ret < 0)
                return ret;
            if (!win)
                continue;
        }
        win->seen = w->walk;
        w->order[w->nb_order++] = win;
    }
    return 0;
}

/** Forget windows that are not on the list any more. */
static void rt_purge(MagnifierWindows *w)
{
    unsigned i;

    if (w->nb == (unsigned)w->nb_order)
        return;
    for (i = 0; i < w->table_size; i++) {
        Window *win = w->table[i];

        if (!win || win->seen == w->walk)
            continue;
        if (win->why && rt_verify(win)) {
            /* It lives, so it is somebody's child now, and is seen with him. */
            HWND root = GetAncestor(win->hwnd, GA_ROOT);
            Window *holder = root != win->hwnd ? find(w, root) : NULL;

            if (holder && !holder->why && !(holder->kind & KIND_OURS)) {
                holder->why    = WHY_CHILD;
                holder->sticky = 1;
            }
        }
        rt_forget(w, win);
        /* Another one may have moved into this place, or back over the end of the table. */
        i = -1;
        if (w->nb == (unsigned)w->nb_order)
            return;
    }
}

/** Walk, know and ask; leaves the windows in w->order. */
static int rt_walk(MagnifierWindows *w)
{
    int attempt, ret = AVERROR_EXTERNAL, i;
    uint64_t now;

    rt_read_settings(w);
    for (attempt = 0; attempt < LIST_ATTEMPTS; attempt++) {
        ret = rt_look(w);
        if (ret < 0)
            break;
        now = GetTickCount64();
        if (now < w->audit_due && !attempt)
            break;
        w->audit_due = now + AUDIT_PERIOD;
        ret = ff_magnifier_rt_toplevel_audit(&w->top, AUDIT_BUDGET, is_known, w);
        if (ret != AVERROR(EAGAIN))
            break;
    }
    if (ret < 0) {
        w->stats.failed++;
        if (!w->failing)
            ff_magnifier_log(w->log, AV_LOG_WARNING, "the windows cannot be listed (error %lu); "
                             "frames are held back until they can\n", GetLastError());
        w->failing = 1;
        /* EAGAIN means something else to those who ask for frames. */
        return ret == AVERROR(ENOMEM) ? ret : AVERROR_EXTERNAL;
    }
    w->failing = 0;
    w->stats.walks++;

    for (i = 0; i < w->nb_order; i++)
        rt_ask(w, w->order[i]);
    rt_purge(w);
    rt_relate(w);

    w->stats.matching = 0;
    for (i = 0; i < w->nb_order; i++) {
        Window *win = w->order[i];

        w->stats.matching += !!win->why;
        if (!win->why != !win->told)
            rt_tell(w, win, !!win->why);
    }
    return 0;
}

/** Add a window with what is seen of it now. */
static int rt_add(MagnifierWindows *w, MagnifierGuardList *list, const Window *win, unsigned flags)
{
    MagnifierGuardRect rect = { 0 };
    RECT r;
    DWORD style, cloaked = 0;

    SetLastError(ERROR_SUCCESS);
    style = GetWindowLongW(win->hwnd, GWL_STYLE);
    if (!style && GetLastError() != ERROR_SUCCESS) {
        /* It went while we were looking. Was it in a picture? One cannot tell. */
        flags |= MAGNIFIER_GUARD_VISIBLE | MAGNIFIER_GUARD_NO_RECT;
        return ff_magnifier_guard_add(list, (uintptr_t)win->hwnd, win->serial, flags, &rect);
    }
    if (style & WS_VISIBLE && !(style & WS_MINIMIZE) &&
        !(w->get_attribute && w->get_attribute(win->hwnd, ATTRIBUTE_CLOAKED, &cloaked,
                                               sizeof(cloaked)) >= 0 && cloaked))
        flags |= MAGNIFIER_GUARD_VISIBLE;
    if (w->animations && ((style & WS_CAPTION) == WS_CAPTION || style & WS_THICKFRAME))
        flags |= MAGNIFIER_GUARD_ANIMATES;
    if (flags & MAGNIFIER_GUARD_VISIBLE && GetWindowRect(win->hwnd, &r))
        rect = (MagnifierGuardRect) { r.left, r.top, r.right, r.bottom };
    else
        flags |= MAGNIFIER_GUARD_NO_RECT;
    return ff_magnifier_guard_add(list, (uintptr_t)win->hwnd, win->serial, flags, &rect);
}

int ff_magnifier_rt_windows_walk(void *windows, MagnifierGuardList *list)
{
    MagnifierWindows *w = windows;
    int i, ret = rt_walk(w);

    for (i = 0; i < w->nb_order && ret >= 0; i++)
        if (w->order[i]->why)
            ret = rt_add(w, list, w->order[i], 0);
    return ret;
}

/* ---- events ---- */

/**
 * What can be said of a window that is gone, or is somebody's child by now, and that no
 * walk has seen? Its thread may still tell the process.
 *
 * @return 1 if it may have matched
 */
static int rt_may_have_matched(MagnifierWindows *w, const MagnifierEvent *event)
{
    HANDLE thread = OpenThread(THREAD_QUERY_LIMITED_INFORMATION, FALSE, event->thread);
    MagnifierRuleFacts facts = { .hwnd = (uintptr_t)event->hwnd };
    MagnifierProcess *process = NULL;
    MagnifierVerdict verdict;
    int i, rule;

    for (i = 0; i < w->nb_order; i++)
        if (w->order[i]->why && w->order[i]->thread == event->thread)
            break;
    if (i < w->nb_order) {
        if (thread)
            CloseHandle(thread);
        return 1;
    }
    if (thread) {
        /* As long as this handle is open, the number of the process stays its own. */
        facts.pid = GetProcessIdOfThread(thread);
        if (facts.pid)
            process = ff_magnifier_rt_process_get(&w->processes, facts.pid);
        if (process)
            facts.exe = exe_of(process, w->keys);
        if (facts.pid)
            facts.self = is_self(w, event->hwnd, facts.pid);
    }
    verdict = ask_about(w, &facts, &rule);
    /* It may have been owned by any window of its process. */
    for (i = 0; i < w->nb_order && verdict == MAGNIFIER_NO; i++)
        if (w->order[i]->why && w->order[i]->pid == facts.pid)
            verdict = MAGNIFIER_UNKNOWN;
    ff_magnifier_rt_process_put(&w->processes, &process);
    if (thread)
        CloseHandle(thread);
    return verdict != MAGNIFIER_NO;
}

/**
 * The title at the time of an event is not known; what is known are the titles
 * before and after it. With one event there was none in between. With more, in one
 * collection or in two that follow each other, there may have been one that matches.
 * A window that is new had one before the first that we saw.
 */
static int rt_had_unseen_title(MagnifierWindows *w, Window *win, const MagnifierEvent *event)
{
    int changes = event->renamed + !!(event->what & MAGNIFIER_EVENT_CREATED);
    int before  = win->renamed_in + 1 == w->collection ? win->renamed : 0;

    if (!win->needs_title || !changes)
        return 0;
    win->renamed    = changes;
    win->renamed_in = w->collection;
    return event->renamed && changes + before > 1;
}

static int rt_judge(MagnifierWindows *w, const MagnifierEvent *event, MagnifierGuardList *list)
{
    const MagnifierGuardRect none = { 0 };
    HWND parent = GetAncestor(event->hwnd, GA_PARENT);
    Window *win = find(w, event->hwnd);
    int ret;

    /* A handle may be given away only after the window that had it is destroyed. */
    if (win && event->what & (MAGNIFIER_EVENT_CREATED | MAGNIFIER_EVENT_DESTROYED))
        win->suspect = 1;

    if (parent != GetDesktopWindow()) {
        unsigned flags = MAGNIFIER_GUARD_VISIBLE | MAGNIFIER_GUARD_NO_RECT |
                         (parent ? 0 : MAGNIFIER_GUARD_GONE);

        if (win) {
            if (win->kind & KIND_OURS || !(event->what & ~MAGNIFIER_EVENT_DESTROYED) ||
                (!win->why && !rt_had_unseen_title(w, win, event)))
                return 0;
            w->stats.events_passed++;
            return ff_magnifier_guard_add(list, (uintptr_t)win->hwnd, win->serial, flags, &none);
        }
        /* A top-level window that was there in the last walk would be known, so without
         * its creation this is a child. Alive, it was one from the beginning unless it
         * was given a parent. */
        if (!(event->what & MAGNIFIER_EVENT_CREATED) ||
            (parent && !(event->what & MAGNIFIER_EVENT_MOVED)) ||
            !rt_may_have_matched(w, event))
            return 0;
        w->stats.events_passed++;
        return ff_magnifier_guard_add(list, (uintptr_t)event->hwnd, 0, flags, &none);
    }

    ret = rt_know(w, event->hwnd, 0, &win);
    if (ret < 0)
        return ret;
    if (!win) {
        if (!rt_may_have_matched(w, event))
            return 0;
        w->stats.events_passed++;
        return ff_magnifier_guard_add(list, (uintptr_t)event->hwnd, 0,
                                      MAGNIFIER_GUARD_VISIBLE | MAGNIFIER_GUARD_NO_RECT |
                                      MAGNIFIER_GUARD_GONE, &none);
    }
    rt_ask(w, win);
    rt_relate_one(w, win);
    if (win->kind & KIND_OURS || (!win->why && !rt_had_unseen_title(w, win, event)))
        return 0;
    w->stats.events_passed++;
    return rt_add(w, list, win, 0);
}

int ff_magnifier_rt_windows_drain(void *windows, MagnifierGuardList *events)
{
    MagnifierWindows *w = windows;
    int i, ret = ff_magnifier_rt_events_collect(&w->listener);

    w->collection++;
    if (ret < 0)
        w->stats.deaf++;
    for (i = 0; i < w->listener.nb; i++) {
        int err = w->nb_rules ? rt_judge(w, &w->listener.events[i], events) : 0;

        if (err < 0 && ret >= 0)
            ret = err;
    }
    ff_magnifier_rt_events_clear(&w->listener);
    return ret;
}

/* ---- opening, rules, reports ---- */

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

int ff_magnifier_rt_windows_set_rules(MagnifierWindows *w, MagnifierRules *rules)
{
    int nb = ff_magnifier_rules_count(rules), nb_old = w->nb_rules, ret, i, j;
    char **texts = NULL;
    int *now = av_malloc_array(nb_old + 1, sizeof(*now));
    unsigned k;

    ret = now ? print_rules(rules, &texts) : AVERROR(ENOMEM);
    if (ret < 0) {
        av_free(now);
        ff_magnifier_rules_free(&rules);
        return ret;
    }

    for (i = 0; i < nb_old; i++) {
        now[i] = -1;
        for (j = 0; j < nb && now[i] < 0; j++)
            if (!strcmp(w->rule_texts[i], texts[j]))
                now[i] = j;
    }
    for (k = 0; k < w->table_size; k++) {
        Window *win = w->table[k];

        if (!win)
            continue;
        win->asked = win->needs_title = 0;
        if (win->sticky && win->why == WHY_RULE && now[win->rule] >= 0) {
            win->rule = now[win->rule];
            continue;
        }
        win->sticky = 0;
        win->why    = WHY_NOT;
        win->rule   = -1;
    }
    av_free(now);

    free_texts(&w->rule_texts, nb_old);
    ff_magnifier_rules_free(&w->rules);
    w->rules        = rules;
    w->rule_texts   = texts;
    w->nb_rules     = nb;
    w->keys         = ff_magnifier_rules_keys(rules);
    w->settings_due = 0;
    return 0;
}

int ff_magnifier_rt_windows_open(MagnifierWindows **windows, MagnifierRules *rules,
                                 MagnifierLog *log)
{
    MagnifierWindows *w = av_mallocz(sizeof(*w));
    HMODULE user32 = GetModuleHandleW(L"user32.dll");
    LARGE_INTEGER frequency;
    int ret;

    *windows = NULL;
    if (!w) {
        ff_magnifier_rules_free(&rules);
        return AVERROR(ENOMEM);
    }
    w->log    = w->top.log = w->processes.log = log;
    w->thread = GetCurrentThreadId();
    w->pid    = GetCurrentProcessId();
    QueryPerformanceFrequency(&frequency);
    w->frequency = frequency.QuadPart;

    ret = ff_magnifier_rt_windows_set_rules(w, rules);
    if (ret < 0)
        goto fail;
    ret = ff_magnifier_rt_events_listen(&w->listener, log);
    if (ret < 0)
        goto fail;

    w->dwmapi = LoadLibraryExW(L"dwmapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (w->dwmapi)
        w->get_attribute = (GetAttributeFunc)(void (*)(void))
            GetProcAddress(w->dwmapi, "DwmGetWindowAttribute");
    if (user32)
        w->hung_from_ghost = (HungFromGhostFunc)(void (*)(void))
            GetProcAddress(user32, "HungWindowFromGhostWindow");
    *windows = w;
    return 0;

fail:
    ff_magnifier_rt_windows_close(&w);
    return ret;
}

void ff_magnifier_rt_windows_close(MagnifierWindows **windows)
{
    MagnifierWindows *w = *windows;
    unsigned i;

    *windows = NULL;
    if (!w)
        return;
    ff_magnifier_rt_events_stop(&w->listener);
    for (i = 0; i < w->table_size; i++)
        rt_free_window(w, w->table[i]);
    av_freep(&w->table);
    av_freep(&w->order);
    ff_magnifier_rt_toplevel_free(&w->top);
    ff_magnifier_rt_process_free(&w->processes);
    free_texts(&w->rule_texts, w->nb_rules);
    ff_magnifier_rules_free(&w->rules);
    if (w->dwmapi)
        FreeLibrary(w->dwmapi);
    av_free(w);
}

int ff_magnifier_rt_windows_matches(const MagnifierWindows *w, int rule)
{
    int i, matches = 0;

    for (i = 0; i < w->nb_order; i++) {
        const Window *win = w->order[i];
        MagnifierRuleFacts facts;
        MagnifierRuleSubject *subject = NULL;
        char *title = NULL;

        if (win->kind & KIND_OURS)
            continue;
        if (win->why == WHY_RULE && win->rule == rule) {
            matches++;
            continue;
        }
        if (w->keys & MAGNIFIER_KEY_TITLE) {
            rt_read_title((MagnifierWindows *)w, (Window *)win);
            if (win->title_length >= 0)
                title = ff_magnifier_utf8(win->title, win->title_length);
        }
        facts = facts_of(w, win, title);
        ff_magnifier_rules_fold(&subject, &facts);
        matches += ff_magnifier_rules_match_one(w->rules, rule, subject) == MAGNIFIER_MATCH;
        av_freep(&subject);
        av_free(title);
    }
    return matches;
}

const MagnifierRules *ff_magnifier_rt_windows_rules(const MagnifierWindows *w)
{
    return w->rules;
}

int ff_magnifier_rt_windows_print(MagnifierWindows *w, AVBPrint *bp)
{
    int i, ret = rt_walk(w);

    if (ret < 0)
        return ret;
    for (i = 0; i < w->nb_order; i++) {
        Window *win = w->order[i];
        MagnifierRuleFacts facts;
        MagnifierGuardList seen = { 0 };
        char *title;

        if (win->kind & KIND_OURS)
            continue;
        rt_read_title(w, win);
        title = win->title_length >= 0 ? ff_magnifier_utf8(win->title, win->title_length) : NULL;
        facts = win->app ? app_facts_of(w, win, title) : facts_of(w, win, title);
        if (!ff_magnifier_rules_describe(bp, &facts, MAGNIFIER_KEY_EXE | MAGNIFIER_KEY_CLASS |
                                         MAGNIFIER_KEY_TITLE))
            av_bprintf(bp, "hwnd=0x%"PRIx64, (uint64_t)(uintptr_t)win->hwnd);
        av_free(title);
        av_bprintf(bp, "\thwnd 0x%"PRIx64" pid %lu", (uint64_t)(uintptr_t)win->hwnd, win->pid);
        if (rt_add(w, &seen, win, 0) >= 0 && seen.nb_windows) {
            const MagnifierGuardRect *r = &seen.windows->rect;

            if (seen.windows->flags & MAGNIFIER_GUARD_NO_RECT)
                av_bprintf(bp, " hidden");
            else
                av_bprintf(bp, " %dx%d at %d,%d", r->right - r->left, r->bottom - r->top,
                           r->left, r->top);
        }
        av_freep(&seen.windows);
        if (win->why) {
            av_bprintf(bp, "\tleft out, ");
            print_why(bp, w, win);
        }
        av_bprintf(bp, "\n");
    }
    return av_bprint_is_complete(bp) ? 0 : AVERROR(ENOMEM);
}

void ff_magnifier_rt_windows_stats(const MagnifierWindows *w, MagnifierWindowsStats *stats)
{
    *stats = w->stats;
    stats->restarts          = w->top.restarts;
    stats->events            = w->listener.total;
    stats->processes_unknown = w->processes.unknown;
    stats->windows           = w->nb_order;
}
