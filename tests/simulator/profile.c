/*
 * Simulator of Magnification.dll: profiles
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "log.h"
#include "profile.h"

#define MAX_LINES   256
#define MAX_TEXT  16384

typedef enum ValueKind {
    CHOICE,                 ///< one of the words in choices
    NUMBER,                 ///< min..max
    COLOUR,                 ///< RRGGBB, auto or screen
    TIME,                   ///< milliseconds, or `event`: 0
    MODE                    ///< WxH
} ValueKind;

typedef struct KeyInfo {
    const char *name;
    ValueKind kind;
    long def;
    const char *choices;
    long min, max;
} KeyInfo;

#define FLAG(name)                 { name, CHOICE, SIM_NO, "no|yes", 0, 0 }
#define WORDS(name, words)         { name, CHOICE, 0, words, 0, 0 }
#define INT(name, def, min, max)   { name, NUMBER, def, NULL, min, max }

static const KeyInfo keys[SIM_NB_KEYS] = {
    [SIM_INIT_FALSE]          = FLAG("init_false"),
    [SIM_SECOND_INIT]         = { "second_init", CHOICE, 1, "false|true", 0, 0 },
    [SIM_CLASS_MISSING]       = FLAG("class_missing"),
    [SIM_THREAD]              = WORDS("thread", "owner|any"),
    [SIM_HOST]                = WORDS("host", "any|painted"),
    [SIM_SOURCE]              = WORDS("source", "desktop|pattern"),
    [SIM_BACKGROUND]          = { "background", COLOUR, SIM_BACKGROUND_AUTO, NULL, 0, 0 },
    [SIM_PIN]                 = { "pin", CHOICE, SIM_YES, "no|yes", 0, 0 },
    [SIM_COUNT]               = WORDS("count", "process|session|control"),
    [SIM_WITHOUT_CALLBACK]    = WORDS("without_callback", "nothing|block"),

    [SIM_FILTER]              = WORDS("filter", "honour|refuse|ignore|late"),
    [SIM_FILTER_FALSE]        = FLAG("filter_false"),
    [SIM_FILTER_CAP]          = INT("filter_cap", 24, 0, 10000),
    [SIM_FILTER_OVER]         = WORDS("filter_over", "refuse|refuse_cut|cut|none"),
    [SIM_FILTER_DEAD]         = WORDS("filter_dead", "accept|refuse"),
    [SIM_FILTER_EMPTY]        = WORDS("filter_empty", "accept|refuse"),
    [SIM_FILTER_INCLUDE]      = { "filter_include", CHOICE, SIM_REFUSE, "accept|refuse", 0, 0 },
    [SIM_FILTER_READBACK]     = WORDS("filter_readback", "honest|asked|empty|short|wrong|fails"),
    [SIM_FILTER_MISSES]       = WORDS("filter_misses", "none|foreign|layered"),

    [SIM_BLOCK_PLACE]         = WORDS("block_place", "heap|inside|private_heap|virtual|misaligned|null"),
    [SIM_BLOCK_SHIFT]         = INT("block_shift", 1, 1, 4096),
    [SIM_BLOCK_LIFE]          = WORDS("block_life", "session|frame|rotate2|rotate3"),
    [SIM_BLOCK_REPLACE]       = WORDS("block_replace", "leak|free|reuse"),
    [SIM_BLOCK_END]           = WORDS("block_end", "leak|free_at_destroy|free_at_uninit|stolen|stolen_silent|"
                                      "free_at_unload"),
    [SIM_STEAL_DELAY_MS]      = INT("steal_delay_ms", 0, 0, 60000),

    [SIM_HEAP_WALK]           = WORDS("heap_walk", "exact|committed|without"),
    [SIM_FULLSCREEN_EXPORTS]  = { "fullscreen_exports", CHOICE, SIM_YES, "no|yes", 0, 0 },
    [SIM_FULLSCREEN_LEVEL]    = INT("fullscreen_level", 100, 100, 1600),
    [SIM_FULLSCREEN_EFFECT]   = WORDS("fullscreen_effect", "none|invert|grey"),

    [SIM_TRANSFORM_FALSE]     = FLAG("transform_false"),
    [SIM_CALLBACK_FALSE]      = FLAG("callback_false"),
    [SIM_SOURCE_FALSE]        = FLAG("source_false"),
    [SIM_ALL_FALSE]           = FLAG("all_false"),
    [SIM_NO_CALLBACK]         = FLAG("no_callback"),
    [SIM_CALLBACK_TWICE]      = FLAG("callback_twice"),
    [SIM_CALLBACK_LATE]       = FLAG("callback_late"),
    [SIM_CALLBACK_IN_DESTROY] = FLAG("callback_in_destroy"),
    [SIM_FRAME_DELAY_MS]      = INT("frame_delay_ms", 0, 0, 60000),
    [SIM_HANG]                = { "hang", TIME, -1, NULL, 0, 600000 },
    [SIM_ACCESS_VIOLATION]    = FLAG("access_violation"),
    [SIM_ACCESS_VIOLATION_AT] = WORDS("access_violation_at", "call|proc|callback|thread|probe"),
    [SIM_FOREIGN_UNINIT]      = FLAG("foreign_uninit"),
    [SIM_MODE_CHANGE]         = { "mode_change", MODE, 0, NULL, 0, 0 },

    [SIM_FORMAT]              = WORDS("format", "rgba|bgr|bgra|unknown"),
    [SIM_ALPHA]               = INT("alpha", 0, 0, 255),
    [SIM_STRIDE_PAD]          = INT("stride_pad", 0, 0, 65536),
    [SIM_STRIDE_SHORT]        = INT("stride_short", 0, 0, 65536),
    [SIM_OFFSET]              = INT("offset", 0, 0, 65536),
    [SIM_OFFSET_CHANGING]     = FLAG("offset_changing"),
    [SIM_OFFSET_LIE]          = INT("offset_lie", 0, 0, INT_MAX),
    [SIM_CBSIZE]              = WORDS("cbsize", "true|zero|short|huge"),
    [SIM_WIDTH_ADD]           = INT("width_add", 0, -64, 64),
    [SIM_HEIGHT_ADD]          = INT("height_add", 0, -64, 64),
    [SIM_WIDTH_ZERO]          = FLAG("width_zero"),
    [SIM_HEIGHT_ZERO]         = FLAG("height_zero"),
    [SIM_BLANK]               = FLAG("blank"),
    [SIM_STALE]               = FLAG("stale"),
    [SIM_BORDER]              = INT("border", 0, 0, 64),

    [SIM_SCREEN_READ_MS]      = INT("screen_read_ms", 0, 0, 60000),
    [SIM_SCREEN_LAYERED]      = WORDS("screen_layered", "shown|captureblt"),

    [SIM_GUARD_CHECKSUM]      = { "guard_checksum", CHOICE, SIM_YES, "no|yes", 0, 0 },
};

typedef struct Line {
    SimKey key;
    long value;
    unsigned first, last, every;
} Line;

static Line lines[MAX_LINES];
static int nb_lines;
static int loaded, failed;

static int fail(const char *line, const char *why)
{
    sim_shout("PROFILE ERROR: %s: %s", why, line);
    failed = 1;
    return -1;
}

static char *trim(char *s)
{
    char *end;

    while (isspace((unsigned char)*s))
        s++;
    end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1]))
        *--end = 0;
    return s;
}

/* Cut the next word off *s, "" at the end. */
static char *next_word(char **s)
{
    char *word;

    while (isspace((unsigned char)**s))
        (*s)++;
    word = *s;
    while (**s && !isspace((unsigned char)**s))
        (*s)++;
    if (**s)
        *(*s)++ = 0;
    return word;
}

static int parse_unsigned(const char *s, char **end, unsigned *out)
{
    unsigned long v;

    if (!isdigit((unsigned char)*s))
        return -1;
    v = strtoul(s, end, 10);
    if (v > INT_MAX)
        return -1;
    *out = v;
    return 0;
}

/* [always | frame N | frames N..[M] | every N]; call and calls as well. */
static int parse_when(char *s, Line *line)
{
    char *word = next_word(&s), *number = next_word(&s), *end;

    line->first = 1;
    line->last  = UINT_MAX;
    line->every = 1;
    if (*next_word(&s))
        return -1;
    if (!*word || (!strcmp(word, "always") && !*number))
        return 0;
    if (!strcmp(word, "every")) {
        if (parse_unsigned(number, &end, &line->every) || *end || !line->every)
            return -1;
        line->first = line->every;
        return 0;
    }
    if (strcmp(word, "frame") && strcmp(word, "frames") &&
        strcmp(word, "call") && strcmp(word, "calls"))
        return -1;
    if (parse_unsigned(number, &end, &line->first) || !line->first)
        return -1;
    if (!*end) {
        line->last = line->first;
        return 0;
    }
    if (strncmp(end, "..", 2))
        return -1;
    end += 2;
    if (!*end)
        return 0;
    if (parse_unsigned(end, &end, &line->last) || *end)
        return -1;
    return line->last < line->first ? -1 : 0;
}

static int find_choice(const char *choices, const char *word, long *value)
{
    size_t len = strlen(word);
    long i = 0;

    while (*choices) {
        size_t n = strcspn(choices, "|");

        if (len && n == len && !memcmp(choices, word, n)) {
            *value = i;
            return 0;
        }
        choices += n + !!choices[n];
        i++;
    }
    return -1;
}

static int parse_value(const KeyInfo *info, const char *word, long *value)
{
    char *end;

    switch (info->kind) {
    case CHOICE:
        return find_choice(info->choices, word, value);
    case TIME:
        if (!strcmp(word, "event")) {
            *value = 0;
            return 0;
        }
        /* fall through */
    case NUMBER:
        *value = strtol(word, &end, 10);
        return end == word || *end || *value < info->min || *value > info->max ? -1 : 0;
    case COLOUR:
        if (!strcmp(word, "auto") || !strcmp(word, "screen")) {
            *value = *word == 'a' ? SIM_BACKGROUND_AUTO : SIM_BACKGROUND_SCREEN;
            return 0;
        }
        *value = strtol(word, &end, 16);
        return strlen(word) != 6 || *end || *value < 0 ? -1 : 0;
    case MODE:
        *value = strtol(word, &end, 10) << 16;
        if (end == word || *end != 'x' || !isdigit((unsigned char)end[1]))
            return -1;
        *value |= strtol(end + 1, &end, 10) & 0xffff;
        return *end ? -1 : 0;
    }
    return -1;
}

/* The last line wins; one that is due at the same frames is replaced. */
static void add_line(const Line *line)
{
    int i;

    for (i = 0; i < nb_lines; i++)
        if (lines[i].key == line->key && lines[i].first == line->first &&
            lines[i].last == line->last && lines[i].every == line->every) {
            memmove(&lines[i], &lines[i + 1], (nb_lines - i - 1) * sizeof(*lines));
            lines[nb_lines - 1] = *line;
            return;
        }
    if (nb_lines == MAX_LINES)
        sim_shout("PROFILE ERROR: too many lines");
    else
        lines[nb_lines++] = *line;
}

int sim_profile_line(const char *text)
{
    char buf[512], rest[512];
    char *key, *value, *word, *tail;
    const KeyInfo *info = NULL;
    Line line;
    int i;

    snprintf(buf, sizeof(buf), "%s", text);
    buf[strcspn(buf, "#")] = 0;
    key = trim(buf);
    if (!*key)
        return 0;
    value = strchr(key, '=');
    if (!value)
        return fail(text, "no '=' in this line");
    *value++ = 0;
    key   = trim(key);
    value = trim(value);

    for (i = 0; i < SIM_NB_KEYS; i++)
        if (!strcmp(keys[i].name, key))
            info = &keys[i];
    if (!info)
        return fail(text, "unknown key");
    line.key = info - keys;

    snprintf(rest, sizeof(rest), "%s", value);
    tail = value;
    word = next_word(&tail);
    if (!parse_value(info, word, &line.value)) {
        if (parse_when(tail, &line))
            return fail(text, "cannot read when this is due");
    } else if (info->kind == CHOICE && info->choices && !strcmp(info->choices, "no|yes") &&
               *value && !parse_when(rest, &line)) {
        line.value = SIM_YES;
    } else {
        return fail(text, "unknown value");
    }
    add_line(&line);
    return 0;
}

static void parse_text(char *text, const char *separators)
{
    char *line = text;

    while (line) {
        char *end = line + strcspn(line, separators);
        char *next = *end ? end + 1 : NULL;

        *end = 0;
        sim_profile_line(line);
        line = next;
    }
}

static int read_file(const WCHAR *path, char *text)
{
    HANDLE file = sim_open_path(path, GENERIC_READ, OPEN_EXISTING);
    DWORD len = 0;
    BOOL ok;

    if (file == INVALID_HANDLE_VALUE)
        return -1;
    ok = ReadFile(file, text, MAX_TEXT - 1, &len, NULL);
    CloseHandle(file);
    text[len] = 0;
    return ok && len < MAX_TEXT - 1 ? 0 : -1;
}

static const char *find_builtin(const char *name)
{
    int i;

    for (i = 0; sim_builtin_profiles[i].name; i++)
        if (!strcmp(sim_builtin_profiles[i].name, name))
            return sim_builtin_profiles[i].text;
    return NULL;
}

static void load_named(const WCHAR *wide, char *text)
{
    char name[1024];
    const char *builtin;

    WideCharToMultiByte(CP_UTF8, 0, wide, -1, name, sizeof(name), NULL, NULL);
    if (strpbrk(name, "/\\:")) {
        if (read_file(wide, text)) {
            fail(name, "cannot read this profile");
            return;
        }
    } else {
        builtin = find_builtin(name);
        if (!builtin) {
            fail(name, "no such profile");
            return;
        }
        snprintf(text, MAX_TEXT, "%s", builtin);
    }
    sim_log("profile %s", name);
    parse_text(text, "\r\n");
}

int sim_profile_load(void)
{
    WCHAR wide[1024];
    char *text;
    DWORD len;

    if (loaded)
        return failed ? -1 : 0;
    loaded = 1;
    text = sim_alloc(MAX_TEXT);
    if (!text)
        return -1;

    len = GetEnvironmentVariableW(L"MAGSIM_PROFILE", wide, 1024);
    if (len && len < 1024)
        load_named(wide, text);
    else
        sim_log("profile default");

    len = GetEnvironmentVariableA("MAGSIM_SET", text, MAX_TEXT);
    if (len && len < MAX_TEXT) {
        sim_log("set %s", text);
        parse_text(text, ";");
    }
    sim_free(text);
    return failed ? -1 : 0;
}

static int is_due(const Line *line, unsigned n)
{
    return n >= line->first && n <= line->last && n % line->every == 0;
}

long sim_value(SimKey key, unsigned n)
{
    int i;

    for (i = nb_lines - 1; i >= 0; i--)
        if (lines[i].key == key && is_due(&lines[i], n))
            return lines[i].value;
    return keys[key].def;
}

long sim_largest(SimKey key)
{
    long largest = keys[key].def;
    int i;

    for (i = 0; i < nb_lines; i++)
        if (lines[i].key == key && lines[i].value > largest)
            largest = lines[i].value;
    return largest;
}
