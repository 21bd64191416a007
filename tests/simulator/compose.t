#!/bin/sh
# The desktop is composed pixel by pixel as Windows would: what is covered, what
# is left out, what shines through.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck source=tests/simulator/lib.sh
. "${0%/*}/lib.sh"

for arch in $SIM_ARCHS; do

    # red lies on the pattern, green covers a quarter of red, magenta lies on both
    subject back:0,0,1280x720:pattern red:100,100,200x150:ff0000 \
            green:200,175,200x150:00ff00 magenta:190,165,20x20:ff00ff tip:600,300,2x2:ff00ff

    client --count ff0000 --count 00ff00 --count ff00ff --pattern 0,0,100x720 \
           --pattern 400,0,200x720
    # 30000 less green's 7500 and magenta's 20x20 less what lies on green, 10x10
    says "$arch: partly_covered_window_shows_its_rest" 'count ff0000 n=22200 box=100,100,200x150'
    says "$arch: window_above_is_whole" 'count ff00ff n=404 box=190,165,412x137'
    says "$arch: covering_window_less_its_cover" 'count 00ff00 n=29900 box=200,175,200x150'

    client --exclude green --count ff0000 --count 00ff00 --count ff00ff
    says "$arch: excluded_window_leaves_no_pixel" 'count 00ff00 n=0'
    says "$arch: what_lies_beneath_shows" 'count ff0000 n=29600 box=100,100,200x150'
    logs "$arch: log_tells_what_was_left_out" 'frame n=1 .*list=1 left_out=1 '

    client --exclude green --exclude magenta --exclude red --exclude tip \
           --count ff0000 --count 00ff00 --count ff00ff --pattern 0,0,1280x720
    says "$arch: pattern_beneath_is_pixel_exact" 'pattern 0,0,1280x720 seen=921600 wrong=0'

    client --exclude back --count ff0000 --pixel 700,600
    says "$arch: excluded_background_window_uncovers_the_desktop" 'pixel 700,600 00000000'

    client --at 95,95 --size 211x161 --count ff0000
    says "$arch: odd_region_not_at_the_origin" 'count ff0000 n=22200 box=100,100,200x150'

    client --at 1200,600 --size 160x200 --pattern 0,0,1280x720 --pixel 1300,650
    says "$arch: inside_of_a_region_off_the_screen" 'pattern 0,0,1280x720 seen=9600 wrong=0'

    client --visible --pump --frames 3 --count ff0000 --pattern 0,0,100x720
    says "$arch: clear_host_in_front_is_not_in_the_picture" 'pattern 0,0,100x720 seen=72000 wrong=0'
    logs "$arch: painting_calls_back_once_more" 'callback n=3 .*why=paint'

    # and its own control's picture in it, 40 pixels to the right, is not either
    client --opaque --pump --frames 3 --count ff0000 --pattern 0,0,100x720
    says "$arch: opaque_host_in_front_is_not_in_the_picture" 'pattern 0,0,100x720 seen=72000 wrong=0'

    client --no-filter --frames 2 --pattern 0,0,100x720
    says "$arch: no_list_is_no_exclusion" 'pattern 0,0,100x720 seen=72000 wrong=0'
    subjects_end

    # what Windows blends, the simulator blends
    subject back:0,0,1280x720:808040 half:100,100,90x90:ff0000:alpha=128 \
            clear:200,100,90x90:ff0000:alpha=0 bare:300,100,90x90:ff0000:bare \
            key:400,100,90x90:ff0000:key pixels:500,100,90x90:ff0000:pixels \
            round:600,100,90x90:ff0000:round click:700,100,2x2:ff00ff:click \
            hidden:800,100,90x90:ff0000:hidden over:140,140,10x10:0000ff
    client --pixel 110,110 --pixel 145,145 --pixel 250,150 --pixel 350,150 --pixel 410,150 \
           --pixel 470,150 --pixel 510,150 --pixel 580,150 --pixel 601,101 --pixel 645,145 \
           --pixel 850,150 --count ff00ff --count ff0000
    says "$arch: constant_alpha_is_blended" 'pixel 110,110 00c04020'
    says "$arch: opaque_window_on_a_translucent_one" 'pixel 145,145 000000ff'
    says "$arch: alpha_0_is_not_there" 'pixel 250,150 00808040'
    says "$arch: layered_without_attributes_is_not_there" 'pixel 350,150 00808040'
    says "$arch: colour_key_is_clear" 'pixel 410,150 00808040'
    says "$arch: beside_the_colour_key" 'pixel 470,150 00ff0000'
    says "$arch: pixel_alpha_0_is_clear" 'pixel 510,150 00808040'
    says "$arch: pixel_alpha_128_is_blended" 'pixel 580,150 00bf4020'
    says "$arch: outside_a_region_is_clear" 'pixel 601,101 00808040'
    says "$arch: inside_a_region" 'pixel 645,145 00ff0000'
    says "$arch: hidden_window_is_not_there" 'pixel 850,150 00808040'
    says "$arch: click_through_2x2_window_shows" 'count ff00ff n=4 box=700,100,2x2'
    subjects_end

    # a window whose program takes no messages is read all the same
    subject back:0,0,1280x720:808040 hung:100,100,90x90:ff0000:hung
    client --frames 5 --count ff0000
    says "$arch: hung_window_is_captured" 'count ff0000 n=8100 box=100,100,90x90'
    subjects_end

    # the pattern covers all; what moves about above it is listed
    subject back:0,0,1280x720:pattern a:10,10,100x100:ff00ff:restless \
            b:300,200,150x150:ff00ff:restless c:600,300,80x200:ff00ff:restless
    client --frames 200 --exclude a --exclude b --exclude c --never ff00ff
    says "$arch: restless_excluded_windows_never_show" 'never ff00ff frames=0'
    client --frames 20 --exclude a --exclude b --never ff00ff
    # shellcheck disable=SC2251
    ! grep -q 'never ff00ff frames=0' "$OUT"
    ok "$arch: and_one_that_is_not_listed_does"
    subjects_end
done
done_testing
