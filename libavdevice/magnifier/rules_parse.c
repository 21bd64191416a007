/*
 * magnifier: exclusion rules, read
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
 * Which rules does this text spell? (rules.h)
 *
 * A line is decoded to code points, so that a position in it is the column that errors
 * name, and then read in one go.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/common.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "rules.h"
#include "printable.h"
#include "rules_internal.h"

typedef struct Parser {
    MagnifierRules *set;
    const uint32_t *in;
    int len, pos;
    uint32_t *value;    ///< characters of the value read last, as many as in[] can spell
    int value_len;
    int line;           ///< 0 for an option
    char *err;
    size_t err_size;
} Parser;

/** Write the sentence that says what is wrong at a position of the text. */
static av_printf_format(3, 4) int refuse(const Parser *p, int pos, const char *fmt, ...)
{
    va_list ap;
    size_t len;

    if (p->line)
        len = snprintf(p->err, p->err_size, "line %d, column %d: ", p->line, pos + 1);
    else
        len = snprintf(p->err, p->err_size, "column %d: ", pos + 1);
    if (len < p->err_size) {
        va_start(ap, fmt);
        vsnprintf(p->err + len, p->err_size - len, fmt, ap);
        va_end(ap);
    }
    return AVERROR(EINVAL);
}

static int is_letter(uint32_t c)
{
    return (c | 0x20) - 'a' < 26u;
}

/** Say what was expected at a position, and what is there instead. */
static int refuse_for(const Parser *p, int pos, const char *expected)
{
    char found[16] = "the end";
    size_t len = 0;

    if (pos < p->len && is_letter(p->in[pos])) {
        for (; pos < p->len && is_letter(p->in[pos]) && len < sizeof(found) - 1; pos++)
            found[len++] = p->in[pos];
        found[len] = 0;
        pos -= len;
    } else if (pos < p->len) {
        snprintf(found, sizeof(found), ff_magnifier_rules_is_blank(p->in[pos]) ? "a blank" :
                 p->in[pos] < 0x80 ? "%c" : "U+%04X", p->in[pos]);
    }
    return refuse(p, pos, "expected %s, found %s", expected, found);
}

static int at(const Parser *p, uint32_t c)
{
    return p->pos < p->len && p->in[p->pos] == c;
}

static int at_end_of_condition(const Parser *p)
{
    return p->pos >= p->len || at(p, '&') || at(p, '|');
}

static void skip_blanks(Parser *p)
{
    while (p->pos < p->len && ff_magnifier_rules_is_blank(p->in[p->pos]))
        p->pos++;
}

static int parse_number(Parser *p, MagnifierCondition *cond)
{
    const int start = p->pos;
    uint64_t n = 0;
    int base = 10, too_large = 0, digits = 0;

    if (cond->key == MAGNIFIER_RULEKEY_HWND && at(p, '0') && p->pos + 1 < p->len &&
        (p->in[p->pos + 1] | 0x20) == 'x') {
        base    = 16;
        p->pos += 2;
    }
    for (; p->pos < p->len; p->pos++, digits++) {
        const uint32_t c = p->in[p->pos];
        int digit;

        if (c - '0' < 10u)
            digit = c - '0';
        else if (base == 16 && (c | 0x20) - 'a' < 6u)
            digit = (c | 0x20) - 'a' + 10;
        else
            break;
        too_large |= n > (UINT64_MAX - digit) / base;
        n = n * base + digit;
    }
    if (!digits)
        return refuse_for(p, p->pos, base == 16 ? "hex digits" :
                          cond->key == MAGNIFIER_RULEKEY_HWND ?
                          "a number, decimal or 0x and hex" : "a decimal number");
    skip_blanks(p);
    if (!at_end_of_condition(p))
        return refuse_for(p, p->pos, "&, | or the end after the number");
    if (!n)
        return refuse(p, start, "expected a number above 0, as no window has %s 0",
                      ff_magnifier_rules_key_names[cond->key]);
    /* A handle may come sign-extended from a 64-bit program. */
    if (cond->key == MAGNIFIER_RULEKEY_HWND && n >> 31 == UINT64_MAX >> 31)
        n &= UINT32_MAX;
    if (too_large || n > UINT32_MAX)
        return refuse(p, start, "expected a number of 32 bits, as every %s is",
                      ff_magnifier_rules_key_names[cond->key]);
    cond->number = n;
    return 0;
}

/**
 * Look at an exe value as a whole: is it a name or a path, and can any window's
 * program be called so?
 */
static int check_exe(const Parser *p, MagnifierCondition *cond, int start)
{
    const uint32_t *v = p->value;
    int colon = 0, i;

    for (i = 0; i < p->value_len; i++) {
        if (v[i] == '/')
            cond->key = MAGNIFIER_RULEKEY_PATH;
        colon |= v[i] == ':';
    }
    if (cond->key == MAGNIFIER_RULEKEY_EXE) {
        if (colon)
            return refuse(p, start, "expected a file name or a path: "
                          "a name has no : in it, and in a path \\ is written \\\\ or /");
        return 0;
    }
    if (v[p->value_len - 1] == '/')
        return refuse(p, start, "expected a file name after the last separator "
                      "(* there takes every one)");
    if (v[0] != '/' && v[0] > MAGNIFIER_GLOB_ANY && v[1] > MAGNIFIER_GLOB_ANY && v[1] != ':')
        return refuse(p, start, "expected a whole path, "
                      "one that begins with a drive, a separator or *");
    /* Two separators begin the path of a network share. */
    for (i = 2; i < p->value_len; i++)
        if (v[i] == '/' && v[i - 1] == '/')
            return refuse(p, start, "expected a path with single separators "
                          "(\\\\ is one, and so is /)");
    return 0;
}

/** A character by its number, as in \u{200B}: p is at the backslash, and is left at the brace. */
static int parse_number_escape(Parser *p, uint32_t *c)
{
    const int start = p->pos + 3;
    char text[16] = { 0 };
    int nb;

    for (int i = 0; i < (int)sizeof(text) - 1 && p->pos + i < p->len; i++)
        text[i] = p->in[p->pos + i] < 0x80 ? p->in[p->pos + i] : '?';
    nb = ff_magnifier_read_escape(c, text);
    if (!nb)
        return refuse(p, start, "expected 1 to 6 hex digits and } after \\u{ "
                      "(write \\\\ for a backslash)");
    if (!ff_magnifier_is_character(*c) || *c <= MAGNIFIER_GLOB_ANY)
        return refuse(p, start, "expected the number of a character that a rule can have, "
                      "found %X (? stands for any)", *c);
    p->pos += nb - 1;
    return 0;
}

/** What follows a backslash, which p is at; it is left at the last character of that. */
static int parse_escape(Parser *p, const MagnifierCondition *cond, uint32_t *c)
{
    static const char special[] = "\\|&*?#=!'\" \t";
    int ret;

    if (p->pos + 2 < p->len && p->in[p->pos + 1] == 'u' && p->in[p->pos + 2] == '{') {
        if ((ret = parse_number_escape(p, c)) < 0)
            return ret;
    } else {
        p->pos++;
        if (p->pos >= p->len || p->in[p->pos] >= 0x80 || !strchr(special, p->in[p->pos]))
            return refuse_for(p, p->pos, "one of \\ | & * ? # = ! ' \" or a blank "
                              "after \\ (write \\\\ for a backslash)");
        *c = p->in[p->pos];
    }
    if (ff_magnifier_rules_never_has(cond->key, *c))
        return refuse(p, p->pos, "expected a character that a file name can have "
                      "after \\, found %c (write \\\\ for a backslash)", (char)*c);
    return 0;
}

/** Read a value up to the end of the condition, one character or wildcard after the other. */
static int parse_characters(Parser *p, const MagnifierCondition *cond)
{
    int nb = 0, end = 0, ret;

    /* end: the length of the value but for blanks that nothing follows. */
    for (; !at_end_of_condition(p); p->pos++) {
        uint32_t c = p->in[p->pos];
        const int blank = ff_magnifier_rules_is_blank(c);

        if (c == '*') {
            c = MAGNIFIER_GLOB_STAR;
            if (end == nb && end && p->value[end - 1] == MAGNIFIER_GLOB_STAR)
                continue;
        } else if (c == '?') {
            c = MAGNIFIER_GLOB_ANY;
        } else if (c == '#' && p->line && ff_magnifier_rules_is_blank(p->in[p->pos - 1])) {
            return refuse(p, p->pos, "expected a comment on a line of its own; "
                          "write \\# for the character");
        } else if (c == '\\' && (ret = parse_escape(p, cond, &c)) < 0) {
            return ret;
        }
        p->value[nb++] = ff_magnifier_rules_char(cond->key, c);
        if (!blank)
            end = nb;
    }
    p->value_len = end;
    return 0;
}

/** Look at a value as a whole. */
static int check_value(const Parser *p, MagnifierCondition *cond, int start)
{
    if (!p->value_len)
        return refuse_for(p, start, cond->key == MAGNIFIER_RULEKEY_TITLE ?
                          "a value (title!=?* is for a window without title)" : "a value");
    if (p->value_len > MAGNIFIER_RULES_MAX_VALUE)
        return refuse(p, start, "expected a value of at most %d characters",
                      MAGNIFIER_RULES_MAX_VALUE);
    if (p->value_len > 1 && (p->in[start] == '"' || p->in[start] == '\'') &&
        p->value[p->value_len - 1] == p->in[start])
        return refuse(p, start, "expected a value without quotes; "
                      "write \\%c for the character", (char)p->in[start]);
    return cond->key == MAGNIFIER_RULEKEY_EXE ? check_exe(p, cond, start) : 0;
}

/** Give a condition the value that was read, in UTF-16. */
static int keep_value(const Parser *p, MagnifierCondition *cond)
{
    uint16_t unit;
    int i;

    /* Twice, with its case and without; a character may have two units. */
    cond->value = av_malloc_array(p->value_len, 4 * sizeof(*cond->value));
    if (!cond->value)
        return AVERROR(ENOMEM);
    for (i = 0; i < p->value_len; i++)
        PUT_UTF16(p->value[i], unit, cond->value[cond->nb++] = unit;)
    cond->glob = cond->value + cond->nb;
    memcpy(cond->glob, cond->value, cond->nb * sizeof(*cond->glob));
    return ff_magnifier_fold_case(cond->glob, cond->nb);
}

static int parse_glob(Parser *p, MagnifierCondition *cond)
{
    const int start = p->pos;
    int ret;

    if (at(p, '=') || at(p, '!'))
        return refuse(p, start, "expected the value of %s, found an operator; "
                      "write \\%c for the character", ff_magnifier_rules_key_names[cond->key],
                      (char)p->in[start]);
    if ((ret = parse_characters(p, cond)) < 0 ||
        (ret = check_value(p, cond, start)) < 0)
        return ret;
    return keep_value(p, cond);
}

static int parse_key(Parser *p, MagnifierRuleKey *key)
{
    const int start = p->pos;
    int k, i;

    while (p->pos < p->len && is_letter(p->in[p->pos]))
        p->pos++;
    for (k = 0; k < MAGNIFIER_NB_RULEKEYS; k++) {
        const char *name = ff_magnifier_rules_key_names[k];

        for (i = start; i < p->pos && (char)(p->in[i] | 0x20) == *name; i++)
            name++;
        if (i == p->pos && !*name) {
            *key = k;
            return 0;
        }
    }
    return refuse_for(p, start, "title, class, exe, pid, hwnd or self");
}

/** Add a condition, all zero, to the last rule. NULL: out of memory */
static MagnifierCondition *add_condition(MagnifierRules *set)
{
    MagnifierCondition *cond = av_fast_realloc(set->conditions, &set->conditions_size,
                                               (set->nb_conditions + 1) * sizeof(*cond));

    if (!cond)
        return NULL;
    set->conditions = cond;
    cond += set->nb_conditions++;
    memset(cond, 0, sizeof(*cond));
    set->rules[set->nb_rules - 1].nb++;
    return cond;
}

static int parse_condition(Parser *p)
{
    MagnifierCondition *cond = add_condition(p->set);
    int ret;

    if (!cond)
        return AVERROR(ENOMEM);

    skip_blanks(p);
    if ((ret = parse_key(p, &cond->key)) < 0)
        return ret;
    skip_blanks(p);
    if (cond->key == MAGNIFIER_RULEKEY_SELF) {
        if (!at_end_of_condition(p))
            return refuse_for(p, p->pos, "&, | or the end after self");
        return 0;
    }
    if (at(p, '!')) {
        cond->negated = 1;
        p->pos++;
    }
    if (!at(p, '='))
        return refuse_for(p, p->pos, cond->negated ? "= after !" : "= or != after the key");
    p->pos++;
    skip_blanks(p);
    return cond->key < MAGNIFIER_NB_TEXT_RULEKEYS ? parse_glob(p, cond) : parse_number(p, cond);
}

static int parse_rule(Parser *p)
{
    MagnifierRules *set = p->set;
    MagnifierRule *rules;
    int ret;

    if (set->nb_rules >= MAGNIFIER_RULES_MAX)
        return refuse(p, p->pos, "expected at most %d rules", MAGNIFIER_RULES_MAX);
    rules = av_fast_realloc(set->rules, &set->rules_size, (set->nb_rules + 1) * sizeof(*rules));
    if (!rules)
        return AVERROR(ENOMEM);
    set->rules = rules;
    rules[set->nb_rules++] = (MagnifierRule){ .first = set->nb_conditions, .line = p->line };
    while ((ret = parse_condition(p)) >= 0 && at(p, '&'))
        p->pos++;
    return ret;
}

/** Parse what an option or one line of a file holds: rules, nothing or a comment. */
static int parse_line(Parser *p)
{
    int ret;

    p->pos = 0;
    skip_blanks(p);
    if (p->pos == p->len || (p->line && at(p, '#')))
        return 0;
    while ((ret = parse_rule(p)) >= 0 && at(p, '|'))
        p->pos++;
    return ret;
}

/** Decode a line, so that positions count characters and all of them are fit to print. */
static int decode_line(Parser *p, uint32_t *in, const uint8_t *data, const uint8_t *end)
{
    p->in = in;
    for (p->len = 0; data < end; p->len++) {
        const uint8_t byte = *data;
        int32_t c;

        if (av_utf8_decode(&c, &data, end, AV_UTF8_FLAG_ACCEPT_NON_CHARACTERS) < 0)
            return refuse(p, p->len, "expected UTF-8, found the byte 0x%02X", byte);
        in[p->len] = c;
        if (ff_magnifier_rules_is_control(in[p->len]))
            return refuse(p, p->len, "expected text, found the control character U+%04X "
                          "(? stands for it)", in[p->len]);
    }
    return 0;
}

static int parse_lines(Parser *p, uint32_t *in, const uint8_t *data, const uint8_t *end)
{
    const uint8_t *eol;
    int ret;

    if (end - data >= 2 && (!memcmp(data, "\xFF\xFE", 2) || !memcmp(data, "\xFE\xFF", 2)))
        return refuse(p, 0, "expected UTF-8, found UTF-16; save the file as UTF-8");
    if (end - data >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3))
        data += 3;
    for (; data < end; data = eol + 1, p->line++) {
        eol = memchr(data, '\n', end - data);
        if (!eol)
            eol = end;
        ret = decode_line(p, in, data, eol - (eol > data && eol[-1] == '\r'));
        if (ret < 0 || (ret = parse_line(p)) < 0)
            return ret;
        if (eol == end)
            break;
    }
    return 0;
}

static av_cold int add_rules(MagnifierRules **rules, int is_file,
                             const uint8_t *data, size_t size, char *err, size_t err_size)
{
    Parser p = { .set = *rules, .line = is_file, .err = err, .err_size = err_size };
    uint32_t *in = NULL;
    int nb_rules = 0, ret = AVERROR(ENOMEM);

    *err = 0;
    if (size > MAGNIFIER_RULES_MAX_TEXT)
        return refuse(&p, 0, "expected at most %d bytes of rules", MAGNIFIER_RULES_MAX_TEXT);

    if (!p.set && !(p.set = av_mallocz(sizeof(*p.set))))
        goto fail;
    nb_rules = ff_magnifier_rules_count(p.set);

    in = av_malloc_array(size + 1, 2 * sizeof(*in));
    if (!in)
        goto fail;
    p.value = in + size + 1;
    if (is_file)
        ret = parse_lines(&p, in, data, data + size);
    else if ((ret = decode_line(&p, in, data, data + size)) >= 0)
        ret = parse_line(&p);
    if (ret < 0)
        goto fail;

    *rules = p.set;
    av_free(in);
    return 0;

fail:
    if (ret == AVERROR(ENOMEM))
        snprintf(err, err_size, "not enough memory for the rules");
    if (!*rules)
        ff_magnifier_rules_free(&p.set);
    else
        ff_magnifier_rules_truncate(p.set, nb_rules);
    av_free(in);
    return ret;
}

av_cold int ff_magnifier_rules_add(MagnifierRules **rules, const char *text,
                                   char *err, size_t err_size)
{
    return add_rules(rules, 0, (const uint8_t *)text, strlen(text), err, err_size);
}

av_cold int ff_magnifier_rules_add_file(MagnifierRules **rules, const void *data, size_t size,
                                        char *err, size_t err_size)
{
    return add_rules(rules, 1, size ? data : "", size, err, err_size);
}
