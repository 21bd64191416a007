#!/bin/sh
# Two monitors, the second to the left of the first: negative places.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720 --monitors 2

scene_open
show 'window left at=-1024,0 size=1024x768 pattern=plaid' \
     'window right at=0,0 size=1280x720 pattern=checker color=102030 color2=a0b0c0' \
     'window across at=-50,300 size=100x60 color=ff00ff'

# recorded_at SIZE X Y STATEMENT...
recorded_at() {
    at_size=$1
    at_options="-draw_mouse 0 -framerate 20 -video_size $1 -offset_x $2 -offset_y $3"
    shift 3
    recorded 2 "$at_size" "$at_options" "$@"
}

check "the desktop begins at -1024,0" test "$(on 1 screen)" = "-1024,0,2304x768"

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: the whole desktop; where no monitor is, it is black" \
        recorded 2 2304x768 '-draw_mouse 0 -framerate 20' \
        'rect 0,0,974x768 plaid@0,0' 'rect 974,300,100x60 ff00ff' 'count ff00ff 6000' \
        'rect 1024,0,1280x300 checker@0,0:102030,a0b0c0' \
        'rect 1074,300,1230x420 checker@50,300:102030,a0b0c0' 'rect 1024,720,1280x48 000000'
    check "$b: a region on the second monitor, at negative offsets" \
        recorded_at 301x200 -1000 11 'rect 0,0,301x200 plaid@24,11'
    check "$b: a region across both monitors" \
        recorded_at 200x100 -101 250 'rect 0,0,101x50 plaid@923,250' \
        'rect 101,0,99x50 checker@0,250:102030,a0b0c0' 'rect 51,50,100x50 ff00ff'
    check "$b: the first monitor alone" \
        recorded_at 1280x720 0 0 'rect 0,0,1280x300 checker@0,0:102030,a0b0c0' 'count ff00ff 3000'
    check "$b: the second monitor alone" \
        recorded_at 1024x768 -1024 0 'rect 0,0,974x768 plaid@0,0' 'count ff00ff 3000'
done

finish
