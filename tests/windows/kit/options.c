/*
 * verify: what the command line says
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

#include <string.h>

#include "../common/arguments.h"
#include "verify.h"

#define MOST_SECONDS 3600
#define MOST_CYCLES  10000

/* A command line takes 32767, and cmd.exe 8191. */
#define MOST_BYTES   8000

Options options = { .only = -1, .seconds = 10, .cycles = 200, .probe = 1,
                    .exclude = "class=" MAGENTA_CLASS, .device = "" };

static int refuse(const char *name, const char *value, const char *why)
{
    printf("%s%s%.100s: %s; --help says what there is.\n", name, value ? " " : "", value ? value : "",
           why);
    return -1;
}

static int take_number(const char *name, const char *text, int least, int most, int *value)
{
    char why[80];

    if (!read_whole_number(text, least, most, value))
        return 0;
    snprintf(why, sizeof(why), "a number from %d to %d is wanted", least, most);
    return refuse(name, text, why);
}

static int take_text(const char *name, const char *text, const char **value)
{
    if (strlen(text) > MOST_BYTES)
        return refuse(name, text, "it is too long, as a command line ends somewhere");
    *value = text;
    return 0;
}

static int take_arch(const char *text)
{
    for (options.only = 0; options.only < NB_ARCHES; options.only++)
        if (!strcmp(text, arch_names[options.only]))
            return 0;
    return refuse("--arch", text, "x86_64 or i686 is wanted");
}

/** @return 0, or -1 for what is not well, which was said */
static int take(const char *name, const char *value)
{
    if (!strcmp(name, "--arch"))
        return take_arch(value);
    if (!strcmp(name, "--seconds"))
        return take_number(name, value, 1, MOST_SECONDS, &options.seconds);
    if (!strcmp(name, "--cycles"))
        return take_number(name, value, 0, MOST_CYCLES, &options.cycles);
    if (!strcmp(name, "--limit"))
        return take_number(name, value, 1, 24 * MOST_SECONDS, &options.limit);
    if (!strcmp(name, "--exclude"))
        return *value ? take_text(name, value, &options.exclude) : refuse(name, "\"\"", "a rule is wanted");
    return take_text(name, value, &options.device);
}

/** For the report. */
static void note(const char *name, const char *value)
{
    const int is_text = !strcmp(name, "--exclude") || !strcmp(name, "--device");
    size_t len = strlen(options.given);

    snprintf(options.given + len, sizeof(options.given) - len, "%s%s%s%s", len ? " " : "", name,
             value ? " " : "", is_text ? "..." : value ? value : "");
}

static int has_value(const char *name)
{
    static const char *const names[] = { "--arch", "--seconds", "--cycles", "--limit", "--exclude",
                                         "--device" };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (!strcmp(name, names[i]))
            return 1;
    return 0;
}

int options_read(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help")) {
            options.help = 1;
        } else if (!strcmp(argv[i], "--no-probe")) {
            options.probe = 0;
            note(argv[i], NULL);
        } else if (!has_value(argv[i])) {
            return refuse(argv[i], NULL, "no option");
        } else if (i + 1 == argc) {
            return refuse(argv[i], NULL, "its value is missing");
        } else if (take(argv[i], argv[i + 1]) < 0) {
            return -1;
        } else {
            note(argv[i], argv[i + 1]);
            i++;
        }
    }
    return 0;
}

void options_print(void)
{
    puts("verify.cmd [--arch x86_64|i686] [--seconds N] [--cycles N] [--no-probe] [--limit SECONDS]\n"
         "           [--exclude RULE] [--device \"OPTIONS\"] [--help]\n"
         "\n"
         "Asks, records and counts, and writes report.md. Without options: all that this Windows can\n"
         "run, which takes two minutes for each kind of program.\n"
         "\n"
         "--arch x86_64    only the 64-bit programs; i686: only those of 32 bit\n"
         "--seconds N      length of each of the two recordings: 10\n"
         "--cycles N       captures that are opened and closed, with reclaim and without: 200;\n"
         "                 0: none\n"
         "--no-probe       without magprobe's questions\n"
         "--limit SECONDS  how long a program may take before it is ended: what it should need\n"
         "--exclude RULE   the second recording leaves out what this rule says, in place of the\n"
         "                 magenta window (which then shows, and that is said to be bad). Titles\n"
         "                 of windows may then be in the report, as the programs name what they\n"
         "                 leave out\n"
         "--device OPTIONS further options of the device for both recordings, in one pair of\n"
         "                 quotes: --device \"-exclude_proof strict\". What the device says for\n"
         "                 them is in the report: for -window_list 1 all titles\n"
         "--help           print this\n"
         "\n"
         "It ends with 0 when all is well, with 1 when something is not or could not be found out, and\n"
         "with 2 when it could not begin, or for a wrong option.");
}
