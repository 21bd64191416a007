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
on 2 'window across at=-50,300 size=100x60 color=ff00ff title=across' || bail_scene 'the window across both'

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

# what follows -i in each line of the list is taken, and gives what the line says
listed() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -sources magnifier > "$tmp/list" 2>&1
    tr -d '\r' < "$tmp/list" > "$tmp/lines"
    cat "$tmp/lines"
    grep -q '^\* desktop \[the whole desktop, 2304x768 at -1024,0\]' "$tmp/lines" &&
        grep -q '^  monitor=1 \[DISPLAY[0-9]*, 1280x720 at 0,0, primary\]' "$tmp/lines" &&
        grep -q '^  monitor=2 \[DISPLAY[0-9]*, 1024x768 at -1024,0\]' "$tmp/lines"
}

# monitor NAME SIZE OPTIONS STATEMENT...
monitor() {
    input=monitor=$1
    monitor_size=$2
    monitor_options="-draw_mouse 0 -framerate 20 $3"
    shift 3
    recorded 2 "$monitor_size" "$monitor_options" "$@"
    monitor_result=$?
    input=desktop
    return "$monitor_result"
}

by_name() {
    device_name=$(sed -n 's/^  monitor=2 \[\(DISPLAY[0-9]*\),.*/\1/p' "$tmp/lines")
    monitor "$(echo "$device_name" | tr DISPLAY display)" 1024x768 '' 'rect 0,0,974x768 plaid@0,0' &&
        monitor "\\\\.\\$device_name" 1024x768 '' 'rect 0,0,974x768 plaid@0,0'
}

# several captures in one process, for MANY_SECONDS; what is at the corners of the monitors tells
# which one is shown
at_once() {
    on 1 'window first at=0,0 size=20x20 color=c01010' && on 1 'window second at=-1024,0 size=20x20 color=10c010' || return 1
    timeout -k 10 $((net + ${MANY_SECONDS:-4})) wine "$E2E_BUILD/tests/$build/host.exe" many "${MANY_SECONDS:-4}" \
        c01010 monitor=1 framerate=60:draw_mouse=0 10c010 monitor=2 framerate=25:draw_mouse=0 \
        c01010 monitor=1 framerate=30:draw_mouse=0:exclude=exe=secret.exe:exclude_proof=strict \
        10c010 desktop framerate=7:draw_mouse=0:exclude=exe=secret.exe > "$tmp/host" 2> "$tmp/host.err" < /dev/null
    at_once_result=$?
    tr -d '\r' < "$tmp/host"
    tr -d '\r' < "$tmp/host.err"
    on 1 'destroy first' && on 1 'destroy second' && [ "$at_once_result" = 0 ]
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
    check "$b: the monitors are listed as sources" listed
    check "$b: the second, by its name" by_name
    check "$b: the second, by its number, as the list has it" monitor 2 1024x768 '' 'rect 0,0,974x768 plaid@0,0'
    check "$b: a region of it, which counts from its corner" monitor 2 301x200 \
        '-video_size 301x200 -offset_x 24 -offset_y 11' 'rect 0,0,301x200 plaid@24,11'
    check "$b: one that reaches over it is refused" refused 'Invalid argument' \
        'region 301x200 at -224,0 reaches outside monitor 2 1024x768 at -1024,0' \
        -video_size 301x200 -offset_x 800 -i monitor=2
    check "$b: there is no third" refused 'No such file' "There is no monitor '3'" -i monitor=3
    check "$b: four captures at once, of different monitors and rates" at_once
    check "$b: the first monitor alone" \
        recorded_at 1280x720 0 0 'rect 0,0,1280x300 checker@0,0:102030,a0b0c0' 'count ff00ff 3000'
    check "$b: the second monitor alone" \
        recorded_at 1024x768 -1024 0 'rect 0,0,974x768 plaid@0,0' 'count ff00ff 3000'
done

finish
