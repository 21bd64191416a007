/*
 * magnifier: tests of frame slots
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

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libavdevice/magnifier/pace.h"

static MagnifierPace pace(int num, int den, int64_t now)
{
    MagnifierPace p;
    AVRational rate = { num, den };

    ff_magnifier_pace_init(&p, rate, now);
    return p;
}

static void the_first_slot_is_due_at_once(void **state)
{
    MagnifierPace p = pace(30, 1, 1000);

    assert_int_equal(ff_magnifier_pace_next(&p, 1000), 1000);
}

static void a_reader_in_time_gets_every_slot(void **state)
{
    MagnifierPace p = pace(30000, 1001, 0);
    int64_t due = 0;

    for (int i = 0; i < 30000; i++)
        due = ff_magnifier_pace_next(&p, due);
    /* no drift: slot 29999 of 30000 in 1001 seconds */
    assert_int_equal(due, (INT64_C(29999) * 1001 * 1000000 + 29999) / 30000);
    assert_int_equal(p.skipped, 0);
}

static void a_slow_reader_still_gets_every_slot_it_is_in_time_for(void **state)
{
    MagnifierPace p = pace(100, 1, 0);

    for (int i = 0; i < 1000; i++) {
        int64_t due = ff_magnifier_pace_next(&p, i ? (i - 1) * 10000 + 9999 : 0);
        assert_int_equal(due, i * 10000);
    }
    assert_int_equal(p.skipped, 0);
}

static void missed_slots_are_skipped_and_never_burst(void **state)
{
    MagnifierPace p = pace(10, 1, 0);

    assert_int_equal(ff_magnifier_pace_next(&p, 0), 0);
    /* back after 5.25 slots: the slot it is in, at once ... */
    assert_int_equal(ff_magnifier_pace_next(&p, 525000), 500000);
    assert_int_equal(p.skipped, 4);
    /* ... and then one that is still to come */
    assert_int_equal(ff_magnifier_pace_next(&p, 526000), 600000);
    assert_int_equal(p.skipped, 4);
}

static void a_clock_that_stands_still_or_goes_back_gives_later_slots(void **state)
{
    MagnifierPace p = pace(1000, 1, 5000);

    assert_int_equal(ff_magnifier_pace_next(&p, 5000), 5000);
    assert_int_equal(ff_magnifier_pace_next(&p, 5000), 6000);
    assert_int_equal(ff_magnifier_pace_next(&p, 0), 7000);
}

static void any_rate_and_a_year_of_recording_fit(void **state)
{
    const int64_t year = INT64_C(366) * 86400 * 1000000;
    MagnifierPace p;

    p = pace(INT32_MAX, 1, 0);
    assert_int_equal(ff_magnifier_pace_next(&p, year), year);
    assert_int_equal(ff_magnifier_pace_duration(&p), 1);
    p = pace(1, INT32_MAX, 0);
    assert_int_equal(ff_magnifier_pace_next(&p, year), 0);
    assert_int_equal(ff_magnifier_pace_next(&p, year), INT64_C(2147483647) * 1000000);
    assert_int_equal(ff_magnifier_pace_duration(&p), INT64_C(2147483647) * 1000000);
}

static void random_readers_never_get_a_slot_twice_nor_an_old_one(void **state)
{
    static const AVRational rates[] = { { 30, 1 }, { 30000, 1001 }, { 144, 1 }, { 7, 3 }, { 1000, 1 } };
    unsigned seed = 1;

    for (int r = 0; r < 5; r++) {
        MagnifierPace p = pace(rates[r].num, rates[r].den, 777);
        int64_t length = ff_magnifier_pace_duration(&p), now = 777, last = -1;

        for (int i = 0; i < 20000; i++) {
            int64_t due = ff_magnifier_pace_next(&p, now);

            assert_true(due > last);
            assert_true(due > now - length - 2);
            last = due;
            now  = (due > now ? due : now) + rand_r(&seed) % (4 * length);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_slot_is_due_at_once),
        cmocka_unit_test(a_reader_in_time_gets_every_slot),
        cmocka_unit_test(a_slow_reader_still_gets_every_slot_it_is_in_time_for),
        cmocka_unit_test(missed_slots_are_skipped_and_never_burst),
        cmocka_unit_test(a_clock_that_stands_still_or_goes_back_gives_later_slots),
        cmocka_unit_test(any_rate_and_a_year_of_recording_fit),
        cmocka_unit_test(random_readers_never_get_a_slot_twice_nor_an_old_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
