/*
 * magnifier: exclusion rules
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
 * Does this window match the user's exclusion rules?
 *
 *     rules = rule { "|" rule }                      any rule is enough
 *     rule  = cond { "&" cond }                      all conditions are needed
 *     cond  = key ( "=" | "!=" ) value | "self"
 *     key   = "title" | "class" | "exe" | "pid" | "hwnd"
 *
 * - title, class and exe take a glob: * is any text, ? is one character. They
 *   compare without regard to case, as the system sees it.
 * - exe is compared with the file name, or with the whole path when the value
 *   has a separator; / and \ (written \\) are the same there, and / is canonical.
 * - pid is decimal; hwnd is decimal or 0x and hex. Of a window handle 32 bits
 *   count: Windows lets programs truncate or sign-extend the rest.
 * - \ before one of \ | & * ? # = ! ' " or a blank makes that an ordinary
 *   character. Keys take any case, blanks around tokens mean nothing.
 * - \u{200B} in a text is the character with that number, 1 to 6 hex digits, and no other one:
 *   \u{2A} is a star that stands for itself. So are characters printed that nobody sees
 *   (printable.h).
 * - A text without rules is an empty set, which matches nothing.
 *
 * What would be a rule that silently never matches, hence a window that is
 * recorded in spite of its rule, is refused where it can be told: an empty rule,
 * as in "a||b" or after a last "|"; an empty value (title!=?* asks for an empty
 * title); \ before another character, as in exe=C:\Tools\x.exe; a value in
 * quotes, which do not quote; == or =!; an exe that is no possible file name
 * or path; a control character, but as \u{A}; \u{ without digits and a }, or with a number that
 * is no character's; anything that is not UTF-8.
 *
 * A file has the same rules, one or more a line, LF or CR LF, with or without a
 * byte order mark. A line whose first character is # is a comment; a blank and #
 * further on are refused, as the comment they look like would become the value's.
 *
 * Rules are UTF-8; what is known of a window is UTF-16, as Windows gives it. A character is a
 * code point; half a surrogate pair counts as one.
 *
 * Nothing here is Win32, locks or logs. A set is not changed by matching, so
 * threads may share it. Matching allocates nothing.
 */

#ifndef AVDEVICE_MAGNIFIER_RULES_H
#define AVDEVICE_MAGNIFIER_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "libavutil/bprint.h"

/** Characters of rules in one option or file, of one value, and rules of a set. */
#define MAGNIFIER_RULES_MAX_TEXT  (256 * 1024)
#define MAGNIFIER_RULES_MAX_VALUE 1024
#define MAGNIFIER_RULES_MAX       4096
/** UTF-16 units of a window's text; what is longer counts as unknown. */
#define MAGNIFIER_RULES_MAX_FACT  32767
/** Room that every error sentence fits in, with its terminating zero. */
#define MAGNIFIER_RULES_ERROR     160

/** What a rule says of a window. Unknown is zero: forgotten is not "no". */
typedef enum MagnifierVerdict {
    MAGNIFIER_UNKNOWN = 0,  ///< it hangs on something unknown: exclude and report
    MAGNIFIER_NO,
    MAGNIFIER_MATCH,
} MagnifierVerdict;

/** A text of a window in UTF-16, as it is or without its case. */
typedef struct MagnifierRuleText {
    const uint16_t *units;  ///< NULL: unknown
    int nb;                 ///< units; more than MAGNIFIER_RULES_MAX_FACT counts as unknown
} MagnifierRuleText;

/** What can be known of a window. Zero means unknown, in every field. */
typedef struct MagnifierRuleFacts {
    MagnifierRuleText title;       ///< nb 0: it has none
    MagnifierRuleText class_name;  ///< nb 0: unknown
    MagnifierRuleText exe;         ///< path or file name of the program; nb 0: unknown
    uint32_t pid;                  ///< process, 0 if unknown
    uint64_t hwnd;                 ///< handle, 0 if unknown
    MagnifierVerdict self;         ///< is it this process's or its console?
} MagnifierRuleFacts;

/** The keys of rules, as bits. */
#define MAGNIFIER_KEY_TITLE  0x01
#define MAGNIFIER_KEY_CLASS  0x02
#define MAGNIFIER_KEY_EXE    0x04  ///< the file name
#define MAGNIFIER_KEY_PATH   0x08  ///< exe with the whole path
#define MAGNIFIER_KEY_PID    0x10
#define MAGNIFIER_KEY_HWND   0x20
#define MAGNIFIER_KEY_SELF   0x40

typedef struct MagnifierRules MagnifierRules;  ///< a set of rules

/**
 * Add the rules of an option's text to a set, all of them or none.
 *
 * @param[in,out] rules the set; made when *rules is NULL, untouched on failure
 * @param[out]    err   on failure one sentence, "column 7: expected ...", columns
 *                      from 1 and in characters; else "". err_size >= 1.
 * @return 0, AVERROR(EINVAL) or AVERROR(ENOMEM)
 */
int ff_magnifier_rules_add(MagnifierRules **rules, const char *text,
                           char *err, size_t err_size);

/**
 * The same for the bytes of a rule file; errors begin "line 3, column 7: ".
 */
int ff_magnifier_rules_add_file(MagnifierRules **rules, const void *data, size_t size,
                                char *err, size_t err_size);

/** Free a set and set the pointer to NULL. */
void ff_magnifier_rules_free(MagnifierRules **rules);

/** @return how many rules there are, 0 for NULL; they are numbered from 0 as written */
int ff_magnifier_rules_count(const MagnifierRules *rules);

/** @return the line of the file that a rule came from, 0 when from an option */
int ff_magnifier_rules_line(const MagnifierRules *rules, int rule);

/** @return MAGNIFIER_KEY_* that some rule asks for; the other facts need not be found */
unsigned ff_magnifier_rules_keys(const MagnifierRules *rules);

/**
 * Append a rule in its canonical spelling, or all of them if rule is -1.
 * What is printed parses, in an option and in a file, to what it was printed from.
 */
void ff_magnifier_rules_print(AVBPrint *bp, const MagnifierRules *rules, int rule);

/** Is a rule true of every text that it asks for? */
int ff_magnifier_rules_matches_all(const MagnifierRules *rules, int rule);

/**
 * What may be wrong with a rule that matches no window?
 *
 * @return a sentence without a full stop, or NULL when nothing catches the eye
 */
const char *ff_magnifier_rules_hint(const MagnifierRules *rules, int rule);

/**
 * Take the case from a text, in place; the length stays. Once for each text, not for each rule.
 * (casefold.c, by the system)
 *
 * @return 0; AVERROR(ENOMEM) when the system does not do it: then the text is of no use, as
 *         compared with its case it would match nothing
 */
int ff_magnifier_fold_case(uint16_t *text, int nb);

/**
 * Ask whether some rule matches, in Kleene's logic: one that matches decides,
 * else one that hangs on something unknown does, else the answer is no.
 *
 * A glob is given a bounded number of steps, which one of up to 100 characters never needs.
 * When they are used up the answer of its rule is unknown.
 *
 * @param      facts folded texts
 * @param[out] rule  the first rule that gave the answer, -1 with MAGNIFIER_NO;
 *                   may be NULL
 */
MagnifierVerdict ff_magnifier_rules_match(const MagnifierRules *rules,
                                          const MagnifierRuleFacts *facts, int *rule);

/** The answer of one rule alone, e.g. to find those that match no window. */
MagnifierVerdict ff_magnifier_rules_match_one(const MagnifierRules *rules, int rule,
                                              const MagnifierRuleFacts *facts);

/**
 * Would a rule that does not match a window do so, if characters that nobody sees (printable.h)
 * were left out of the window's texts and of its own, and each space was a blank? Then append the
 * rule with these characters as the window has them, which does match. For hints: it takes memory.
 *
 * @param facts  texts as they are
 * @param folded the same, folded
 * @return 1: it would; 0: it would not; AVERROR(ENOMEM)
 */
int ff_magnifier_rules_print_unseen(AVBPrint *bp, const MagnifierRules *rules, int rule,
                                    const MagnifierRuleFacts *facts,
                                    const MagnifierRuleFacts *folded);

/**
 * Append a rule that matches a window with these facts, and by its text no other.
 * What nobody sees in them (printable.h) is written as \u{200B}. What no rule can spell (U+0001,
 * U+0002, half a surrogate pair, | in an exe) is a ? in it, and the end of a value that would be
 * too long a *.
 *
 * @param facts texts as they are, not folded
 * @param keys MAGNIFIER_KEY_* to use; those with an unknown fact are left out
 * @return how many conditions were written; 0 means that this makes no rule
 */
int ff_magnifier_rules_describe(AVBPrint *bp, const MagnifierRuleFacts *facts, unsigned keys);

#endif /* AVDEVICE_MAGNIFIER_RULES_H */
