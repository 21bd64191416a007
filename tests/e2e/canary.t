#!/bin/sh
# The canary, the little window that proves the exclusion: where it cannot be seen,
# what it may do meanwhile, and that other windows cannot tell that it is there.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

size=640x480
scene_open
show "window back at=0,0 size=$size pattern=plaid"

# The program has windows of its own, and with "covered" sees to it that they are above
# the canary whatever that does, which no other program can be relied on to be.
host() {
    timeout -k 10 "$net" wine "$E2E_BUILD/tests/$build/host.exe" "$@" > "$tmp/host" 2> "$tmp/host.err" < /dev/null
    host_code=$?
    cat "$tmp/host" "$tmp/host.err" | tr -d '\r'
    echo "exit code $host_code"
    # a program that died has no closing line
    [ "$host_code" = 0 ] && tail -n 1 "$tmp/host" | grep -q '^[1-9][0-9]* passed, 0 failed'
}

secret() {
    on 1 'window secret at=100,80 size=300x200 color=4080e0 title=secret'
}

# Windows of another program, which know nothing of it: the canary comes to lie above them.
topmost() {
    secret && on 1 'window roof0 at=0,0 size=20x20 color=303030 topmost' &&
        on 1 'window roof1 at=620,0 size=20x20 color=303030 topmost' &&
        on 1 'window roof2 at=0,460 size=20x20 color=303030 topmost' &&
        on 1 'window roof3 at=620,460 size=20x20 color=303030 topmost' || return 1
    recorded 10 "$size" '-draw_mouse 0 -framerate 20 -exclude title=secret -exclude_proof strict' \
        'rect 20,0,600x480 plaid@20,0' 'rect 0,20,20x440 plaid@0,20' 'rect 620,20,20x440 plaid@620,20' \
        'rect 0,0,20x20 303030' 'rect 620,0,20x20 303030' \
        'rect 0,460,20x20 303030' 'rect 620,460,20x20 303030'
    result=$?
    grep 'is proven' "$tmp/log" || result=1
    for window in roof0 roof1 roof2 roof3 secret; do
        on 1 "destroy $window" || return 1
    done
    return "$result"
}

# They raise and move themselves again and again in the corner where the canary is tried
# first. Whether it is seen there is left to chance, what is in the picture is not.
restless() {
    secret && on 1 'storm roof rate=100 area=440,280,200x200 count=4 do=raise,move color=303030 topmost' || return 1
    recorded 30 "$size" '-draw_mouse 0 -framerate 20 -exclude title=secret' \
        'rect 0,0,440x480 plaid@0,0' 'rect 440,0,200x280 plaid@440,0'
    result=$?
    grep 'proven' "$tmp/log"
    on 1 'calm roof' && on 1 'destroy secret' && [ "$result" = 0 ]
}

# Pictures that come with a border are known of: what is behind it is in none of them.
border() {
    secret || return 1
    MAGSIM_PROFILE=border recorded 10 "$size" '-draw_mouse 0 -framerate 20 -exclude title=secret -exclude_proof strict' \
        'rect 4,4,632x472 plaid@4,4'
    result=$?
    grep 'proven' "$tmp/log" || result=1
    on 1 'destroy secret' && [ "$result" = 0 ]
}

# The host makes the reads of the screen slow itself; a profile that does so as well (windows-11)
# would have a read take longer than a slot.
slow() {
    MAGSIM_SET='screen_read_ms = 0' host slow "$1"
}

# Two recordings of the same place have their canaries in the same corner, new ones at the same
# time as windows come and go, and neither takes that of the other one for its own.
twins() {
    secret && on 1 'flash brief rate=4 open=100 told at=420,300 size=60x40 color=4080e0 title=secret' || return 1
    twins=
    for twin in 1 2; do
        rm -f "$tmp/twin$twin"
        timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$device" -draw_mouse 0 -framerate 20 \
            -exclude title=secret -i desktop -frames:v 160 -c:v rawvideo -pix_fmt bgr0 -f rawvideo \
            "$(windows_path "$tmp/twin$twin")" > "$tmp/twin$twin.log" 2>&1 &
        twins="$twins $!"
    done
    # shellcheck disable=SC2086 # they are words
    wait $twins
    on 1 'calm brief' && on 1 'destroy secret' || return 1
    twins_result=0 twins_held=0
    for twin in 1 2; do
        # the other one's canary is in the picture, in a corner
        frames "$size" "$tmp/twin$twin" 'number 160' 'rect 20,20,400x440 plaid@20,20' || twins_result=1
        twins_n=$(tr -d '\r' < "$tmp/twin$twin.log" |
            sed -n 's/.*Held back \([0-9]*\): it was composed without .*: it shows the canary.*/\1/p')
        echo "recording $twin: ${twins_n:-0} held back that show a canary"
        twins_held=$((twins_held + ${twins_n:-0}))
    done
    [ "$twins_result" = 0 ] && [ "$twins_held" -le 30 ]
}

is_canary() {
    [ "$1" != 202020 ] && [ "$1" != 000000 ]
}

# A window of another program comes to stand where the canary is, as large, and of its colour. What is
# taken for a canary that is not left out costs pictures, and no more: the next one has another colour.
imitated() {
    secret && on 1 'window floor0 at=600,440 size=40x40 color=202020' &&
        on 1 'window floor1 at=0,440 size=40x40 color=202020' &&
        on 1 'window floor2 at=600,0 size=40x40 color=202020' &&
        on 1 'window floor3 at=0,0 size=40x40 color=202020' || return 1
    rm -f "$tmp/raw"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$device" -draw_mouse 0 -framerate 20 \
        -exclude title=secret -exclude_proof strict -i desktop -frames:v 100 -c:v rawvideo -pix_fmt bgr0 \
        -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 &
    imitated_pid=$!
    imitated_color=202020
    # a window that has not painted yet is black
    while ! is_canary "$imitated_color" && kill -0 "$imitated_pid" 2> /dev/null; do
        for imitated_at in 630,470 8,470 630,8 8,8; do
            imitated_color=$(on 1 "pixel $imitated_at")
            ! is_canary "$imitated_color" || break
        done
    done
    on 1 "window mimic at=$imitated_at size=2x2 color=$imitated_color topmost"
    wait "$imitated_pid"
    imitated_result=$?
    imitated_seen=$(on 1 "pixel $imitated_at")
    echo "the canary at $imitated_at was $imitated_color, the screen shows $imitated_seen there in the end"
    [ "$imitated_seen" = "$imitated_color" ] && is_canary "$imitated_color" || imitated_result=1
    # pictures with it were dropped, and those that left have it: there it is no canary any more
    grep 'Held back [0-9]*: it was composed without .*: it shows the canary' "$tmp/log" || imitated_result=1
    frames "$size" "$tmp/raw" 'number 100' 'rect 40,0,560x480 plaid@40,0' 'rect 0,40,640x400 plaid@0,40' \
        'frame 90..99' "rect $imitated_at,2x2 $imitated_color" || imitated_result=1
    for window in mimic floor0 floor1 floor2 floor3 secret; do
        on 1 "destroy $window" || return 1
    done
    [ "$imitated_result" = 0 ] || { cat "$tmp/log"; return 1; }
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: neither taken for a window of a program nor clicked, and gone in the end" host canary
    check "$b: one corner is free: proven all the same" host covered some
    check "$b: all corners are covered: it goes on, and says that nothing is proven" host covered auto
    check "$b: all corners are covered, strict: nothing, and why" host covered strict
    check "$b: strict, and pictures come with a border" border
    check "$b: two recordings of the same place do not take each other's canary for their own" twins
    check "$b: strict, and reading the screen takes as long as a frame of the display" slow strict
    check "$b: so it does, and the proof is not asked for in each frame" slow auto
    check "$b: a window of the place, size and colour of a canary costs pictures, and shows nothing" imitated
    check "$b: topmost windows in all corners: it comes to lie above them" topmost
    check "$b: topmost windows that raise themselves 100 times a second" restless
done

finish
