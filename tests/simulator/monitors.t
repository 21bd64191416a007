#!/bin/sh
# Two monitors, the second to the left of the first: desktop coordinates begin
# at -1024,0 and are what the client gives and gets.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck disable=SC2034
DESKTOP_OPTIONS="--monitors 2"
# shellcheck source=tests/simulator/lib.sh
. "${0%/*}/lib.sh"

for arch in $SIM_ARCHS; do
    subject left:-1024,0,1024x768:pattern right:0,0,1280x720:00ffff \
            across:-50,100,100x60:ff0000 over:-500,200,40x40:ff00ff

    client --at -1024,0 --size 1024x768 --count ff0000 --count ff00ff --pattern -1024,0,300x768
    says "$arch: left_monitor_alone" 'pattern -1024,0,300x768 seen=230400 wrong=0'
    says "$arch: part_of_a_window_on_the_left" 'count ff0000 n=3000 box=-50,100,50x60'

    client --at -1024,0 --size 2304x768 --exclude over --count ff0000 --count ff00ff \
           --count 00ffff --pattern -1024,0,900x768
    says "$arch: region_across_both" 'count ff0000 n=6000 box=-50,100,100x60'
    says "$arch: excluded_on_the_left_leaves_no_pixel" 'count ff00ff n=0'
    says "$arch: beneath_it_the_pattern" 'pattern -1024,0,900x768 seen=691200 wrong=0'
    says "$arch: right_monitor" 'count 00ffff n=918600 box=0,0,1280x720'

    client --at -333,77 --size 401x111 --count ff0000
    says "$arch: odd_region_across_the_border" 'count ff0000 n=6000 box=-50,100,100x60'

    client --at -1100,-40 --size 300x200 --pattern -1024,0,224x160
    says "$arch: region_beyond_the_corner" 'pattern -1024,0,224x160 seen=35840 wrong=0'
    subjects_end
done
done_testing
