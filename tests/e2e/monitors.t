#!/bin/sh
# Two monitors, the second to the left of the first: negative places, and windows across
# both that are left out.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720 --monitors 2

scene_open
show 'window left at=-1024,0 size=1024x768 pattern=plaid' \
     'window right at=0,0 size=1280x720 pattern=checker color=102030 color2=a0b0c0'

# the program to leave out
cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/secret.exe" || bail 'cp'
scene_open "$tmp/secret.exe"
on 2 'window across at=-50,300 size=100x60 color=ff00ff title=across' || bail 'the window across both'

# recorded_at SIZE X Y STATEMENT...
recorded_at() {
    at_size=$1
    at_options="-draw_mouse 0 -framerate 20 -video_size $1 -offset_x $2 -offset_y $3"
    shift 3
    recorded 2 "$at_size" "$at_options" "$@"
}

# both FRAMES SIZE RULES "X Y" PROOF STATEMENT...: with an exclusion; X and Y may be left out
both() {
    both_frames=$1
    both_size=$2
    both_options="-draw_mouse 0 -framerate 10 -exclude $3 -exclude_proof $5"
    [ -z "$4" ] || both_options="$both_options -video_size $2 -offset_x ${4% *} -offset_y ${4#* }"
    shift 5
    recorded "$both_frames" "$both_size" "$both_options" 'tint ff00ff' "$@"
}

# What is behind the window across both, on the whole desktop
behind() {
    both 3 2304x768 "$1" '' "$2" 'rect 0,0,1024x768 plaid@0,0' \
        'rect 1024,0,1280x720 checker@0,0:102030,a0b0c0' 'rect 1024,720,1280x48 000000' &&
        { [ "$2" != strict ] || grep 'is proven' "$tmp/log"; }
}

behind_in_region() {
    both 3 200x100 "$1" '-101 250' "$2" 'rect 0,0,101x100 plaid@923,250' \
        'rect 101,0,99x100 checker@0,250:102030,a0b0c0'
}

# What does not fit on the list is black, at negative coordinates too, and around them
# all else is there to the pixel.
many_left_out() {
    # in four columns of ten, each of them across both monitors
    forty 2 4 -85 10 20 70 'size=90x50 color=ff00ff title=many' || return 1
    both 3 2304x768 'exe=secret.exe' '' "$1" 'rect 0,0,939x768 plaid@0,0' \
        'rect 1089,0,1215x720 checker@65,0:102030,a0b0c0' 'rect 1024,720,1280x48 000000' &&
        both 3 200x120 'exe=secret.exe' '-101 200' "$1" 'rect 0,0,16x120 plaid@923,200' \
            'rect 166,0,34x120 checker@65,200:102030,a0b0c0' &&
        grep 'painted over' "$tmp/log"
    result=$?
    no_forty 2 && return "$result"
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
    for proof in auto strict; do
        check "$b: the window across both left out, by title, $proof proof" behind title=across "$proof"
        check "$b: the window across both left out, by program, $proof proof" behind_in_region exe=secret.exe "$proof"
    done
    check "$b: 40 windows across both: on the list or black, never in the picture" many_left_out auto
    check "$b: the same, strict proof" many_left_out strict
    check "$b: the first monitor alone" \
        recorded_at 1280x720 0 0 'rect 0,0,1280x300 checker@0,0:102030,a0b0c0' 'count ff00ff 3000'
    check "$b: the second monitor alone" \
        recorded_at 1024x768 -1024 0 'rect 0,0,974x768 plaid@0,0' 'count ff00ff 3000'
done

finish
