/*
 * magprobe: the command line
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

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/arguments.h"
#include "helper.h"
#include "magprobe.h"

/* From its place on, the probe's windows and regions come so far. */
#define REACH_WIDTH  500
#define REACH_HEIGHT 301

#define MOST_SECONDS 3600
#define MOST_CALLS   1000000

Options options = { .question = -1, .calls = 200, .limit = 10, .at = { 40, 40 },
                    .json = "magprobe.json" };

static const struct Number {
    const char *name;
    int least, most, *value;
} numbers[] = {
    { "--time",     1, MOST_SECONDS, &options.seconds },
    { "--calls",    1, MOST_CALLS,   &options.calls   },
    { "--limit",    1, MOST_SECONDS, &options.limit   },
    { "--monitor",  0, 1000,         &options.monitor },
};

static const struct Flag {
    const char *name;
    int *value;
} flags[] = {
    { "--help",         &options.help         },
    { "--unobservable", &options.unobservable },
    { "--profile",      &options.only_profile },
    { "--attended",     &options.attended     },
    { "--visible",      &options.visible      },
};

static int refuse(const char *name, const char *value, const char *why)
{
    fprintf(stderr, "magprobe: %s%s%s: %s; --help says what there is\n", name, value ? " " : "",
            value ? value : "", why);
    return -1;
}

static int *find_flag(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
        if (!strcmp(name, flags[i].name))
            return flags[i].value;
    return NULL;
}

static const struct Number *find_number(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        if (!strcmp(name, numbers[i].name))
            return &numbers[i];
    return NULL;
}

static int read_number(const struct Number *n, const char *text)
{
    char why[64];

    if (!read_whole_number(text, n->least, n->most, n->value))
        return 0;
    snprintf(why, sizeof(why), "a number from %d to %d is wanted", n->least, n->most);
    return refuse(n->name, text, why);
}

static int read_question(const char *text)
{
    int number;

    if (read_whole_number(text, 0, INT_MAX, &number) || !is_question(number))
        return refuse("--question", text, "there is no such question");
    options.question = number;
    return 0;
}

static int read_place(const char *text)
{
    char *comma, *end;

    errno = 0;
    options.at.x = strtol(text, &comma, 10);
    if (comma != text && *comma == ',') {
        options.at.y = strtol(comma + 1, &end, 10);
        if (end != comma + 1 && !*end && !errno)
            return 0;
    }
    return refuse("--at", text, "a place is two numbers, as in 40,40");
}

static int is_text(const char *name)
{
    return !strcmp(name, "--json") || !strcmp(name, "--helper") || !strcmp(name, "--at") ||
           !strcmp(name, "--question");
}

static int read_text(const char *name, const char *text)
{
    if (!strcmp(name, "--at"))
        return read_place(text);
    if (!strcmp(name, "--question"))
        return read_question(text);
    if (!strcmp(name, "--json")) {
        options.json = text;
        return *text ? 0 : refuse(name, "\"\"", "a file has a name");
    }
    options.helper = text;
    return is_helper(text) ? 0 : refuse(name, text, "there is no such helper");
}

int options_read(int argc, char **argv)
{
    int i, ret;

    for (i = 1; i < argc; i++) {
        const struct Number *n = find_number(argv[i]);
        int *flag = find_flag(argv[i]);

        if (flag) {
            *flag = 1;
            continue;
        }
        if (!n && !is_text(argv[i]))
            return refuse(argv[i], NULL, "no option");
        if (i + 1 == argc)
            return refuse(argv[i], NULL, "its value is missing");
        ret = n ? read_number(n, argv[i + 1]) : read_text(argv[i], argv[i + 1]);
        if (ret < 0)
            return ret;
        i++;
    }
    /* a person takes her time */
    if (options.attended)
        options.limit = options.limit > 90 ? options.limit : 90;
    return 0;
}

void options_print(void)
{
    puts("magprobe [--json FILE] [--profile] [--time SECONDS] [--attended] [--at X,Y]\n"
         "         [--calls N] [--limit SECONDS] [--question N] [--visible] [--monitor N]\n"
         "         [--helper NAME] [--unobservable] [--help]\n"
         "\n"
         "Asks the Magnification API of this Windows the questions Q1 to Q12 (Q70 to Q72 belong to Q7,\n"
         "Q0 to --time), and writes the answers in words, and into magprobe.json in the current folder.\n"
         "It takes a minute; meanwhile no other magprobe and no verify can run.\n"
         "\n"
         "--json FILE      write the JSON there\n"
         "--profile        print a profile of the stand-in instead, and no JSON\n"
         "--time SECONDS   measure for so long how many frames a second the API gives, as Q0\n"
         "--attended       somebody is there, and does what a question asks for (UAC, lock)\n"
         "--at X,Y         upper left corner of the probe's windows, in pixels: 40,40\n"
         "--calls N        captures of each monitor: 200\n"
         "--limit SECONDS  silence after which a question has hung: 10; 90 with --attended\n"
         "--question N     answer this one in this process, as the children do: 1, 70, ...\n"
         "--visible        for --question: the host window is shown, as some APIs want it\n"
         "--monitor N      for --question 6: this monitor, the first is 0\n"
         "--helper NAME    be one of the other programs that questions start, for 15 seconds:\n"
         "                 there, eventful, hasty, flood, changing, flip, menu or pixels\n"
         "--unobservable   print what of a profile no program can find out\n"
         "--help           print this\n"
         "\n"
         "It ends with 0 when every question was asked (a crash and a hang are answers), with 1 when\n"
         "not, or when the answers cannot be written, and with 2 for a wrong option.\n"
         "\n" UNSEEN);
}

int place_is_on_a_monitor(void)
{
    POINT end = { options.at.x + REACH_WIDTH - 1, options.at.y + REACH_HEIGHT - 1 };
    HMONITOR monitor = MonitorFromPoint(options.at, MONITOR_DEFAULTTONULL);

    if (monitor && monitor == MonitorFromPoint(end, MONITOR_DEFAULTTONULL))
        return 1;
    fprintf(stderr, "magprobe: %ld,%ld is no place where %dx%d pixels are on one monitor; "
            "--at X,Y names another\n", options.at.x, options.at.y, REACH_WIDTH, REACH_HEIGHT);
    return 0;
}
