/* This file is part of the tests of ffmpeg-magnifier; licence: LGPL 2.1 or later. */

#ifndef TESTS_UNIT_THREADS_SLOTS_H
#define TESTS_UNIT_THREADS_SLOTS_H

/** The tests of slots.c, in slots.c of the tests; TEST is what makes one of a function. */
#define SLOTS_TESTS(TEST) \
    TEST(slots_take_a_picture_while_the_reader_is_busy) \
    TEST(slots_let_the_newest_picture_wait) \
    TEST(slots_let_no_repeat_take_the_place_of_a_new_picture) \
    TEST(slots_use_three_buffers) \
    TEST(slots_hold_two_buffers_with_an_exclusion) \
    TEST(slots_take_nothing_for_one_who_does_not_come) \
    TEST(slots_take_two_in_advance_at_low_rates) \
    TEST(slots_begin_anew_with_a_second_try) \
    TEST(slots_begin_without_a_picture) \
    TEST(slots_begin_after_an_interruption) \
    TEST(slots_follow_a_window_that_is_minimised) \
    TEST(slots_say_what_an_outage_is) \
    TEST(slots_give_a_slot_that_has_not_passed_again) \
    TEST(slots_end_a_read_that_is_interrupted) \
    TEST(slots_hand_nothing_out_from_before_an_interruption) \
    TEST(slots_say_an_error_once_after_the_picture) \
    TEST(slots_end_with_an_error_before_the_first_picture) \
    TEST(slots_drop_what_new_rules_leave_out) \
    TEST(slots_repeat_without_a_picture) \
    TEST(slots_are_black_without_a_picture) \
    TEST(slots_stop_without_a_picture) \
    TEST(slots_repeat_for_a_second_what_has_begun_to_match) \
    TEST(slots_repeat_for_a_second_while_the_windows_are_not_seen) \
    TEST(slots_confirm_a_picture_later) \
    TEST(slots_confirm_nothing_from_before_the_reader_came) \
    TEST(slots_follow_rules_that_a_call_has_found) \
    TEST(slots_wait_for_the_first_picture) \
    TEST(slots_do_not_wait_for_a_slot_that_is_far_off) \
    TEST(slots_do_not_open_without_a_thread_or_a_timer) \
    TEST(slots_say_that_a_timer_fails) \
    TEST(slots_say_once_that_pictures_take_too_long) \
    TEST(slots_say_once_that_pictures_are_read_too_slowly) \
    TEST(slots_close_without_a_read) \
    TEST(slots_close_without_waiting_for_a_slot) \
    TEST(slots_close_after_a_call_that_hangs) \
    TEST(slots_hand_over_from_thread_to_thread)

#define DECLARE_SLOTS_TEST(name) void name(void **state);
SLOTS_TESTS(DECLARE_SLOTS_TEST)

#endif /* TESTS_UNIT_THREADS_SLOTS_H */
