/*
 * Windows Magnification API screen capture: tests of the case folding
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


/* The name of a test is the sentence it proves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libavdevice/magnifier/casefold.h"

static void folding_is_that_of_the_unicode_standard(void **state)
{
    uint32_t sum = 0x811c9dc5;
    int nb = 0;

    for (uint32_t c = 0; c < 0x110000; c++) {
        const uint32_t pair[2] = { c, ff_magnifier_casefold(c) };

        if (pair[0] == pair[1])
            continue;
        nb++;
        for (int i = 0; i < 6; i++)
            sum = (sum ^ (pair[i / 3] >> 8 * (i % 3) & 0xff)) * 0x01000193u;
    }
    assert_int_equal(nb, 1454);
    assert_int_equal(sum, 0xe16910ca); /* as tests/unit/casefold.pl prints it */
}

static void folding_is_that_of_the_system_s_CaseFolding_txt(void **state)
{
    FILE *f = fopen("/usr/share/unicode/CaseFolding.txt", "r");
    static uint32_t fold[0x110000];
    char line[256];
    int is_version = 0;

    if (!f)
        fail_msg("the package unicode-data is not installed");
    for (uint32_t c = 0; c < 0x110000; c++)
        fold[c] = c;
    while (fgets(line, sizeof(line), f)) {
        unsigned from, to;
        char status;

        is_version |= !!strstr(line, "CaseFolding-15.0.0");
        if (sscanf(line, "%x; %c; %x", &from, &status, &to) == 3 &&
            (status == 'C' || status == 'S'))
            fold[from] = to;
    }
    fclose(f);
    /* Newer ones fold a few more. */
    for (uint32_t c = 0; c < 0x110000; c++)
        if (!is_version && ff_magnifier_casefold(c) == c)
            continue;
        else if (ff_magnifier_casefold(c) != fold[c])
            fail_msg("U+%04X folds to U+%04X", c, ff_magnifier_casefold(c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_is_that_of_the_unicode_standard),
        cmocka_unit_test(folding_is_that_of_the_system_s_CaseFolding_txt),
    };

    return cmocka_run_group_tests_name("casefold", tests, NULL, NULL);
}
