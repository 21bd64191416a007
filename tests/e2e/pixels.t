#!/bin/sh
# Every pixel of known windows in known places, covered and uncovered.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720

scene_open
show 'window back at=0,0 size=1280x720 pattern=plaid' \
     'window low at=100,100 size=200x150 color=ff00ff' \
     'window high at=200,150 size=200x150 color=00ff88' \
     'window captioned at=500,100 size=161x93 pattern=checker color=123456 color2=fedcba style=caption client title="a window"' \
     'window small at=1279,719 size=1x1 color=ff0000' \
     'window count at=40,600 size=192x16 pattern=stamp'

# low is covered in part by high
covered() {
    recorded 3 1280x720 '-draw_mouse 0 -framerate 20' \
        'rect 0,0,1280x60 plaid@0,0' 'rect 0,300,1280x300 plaid@0,300' \
        'rect 100,100,200x50 ff00ff' 'rect 100,150,100x100 ff00ff' \
        'rect 200,150,200x150 00ff88' 'count ff00ff 20000' 'count 00ff88 30000' \
        'rect 500,100,161x93 checker@0,0:123456,fedcba' \
        'rect 400,100,90x250 plaid@400,100' 'rect 0,616,1279x104 plaid@0,616' \
        'rect 1279,719,1x1 ff0000'
}

uncovered() {
    show 'raise low'
    recorded 3 1280x720 '-draw_mouse 0 -framerate 20' \
        'rect 100,100,200x150 ff00ff' 'count ff00ff 30000' 'count 00ff88 20000'
    result=$?
    show 'raise high'
    return "$result"
}

# a window that came, and one that went, between two recordings
came_and_went() {
    show 'hide low' 'window new at=101,99 size=33x17 color=0000ff'
    recorded 2 1280x720 '-draw_mouse 0 -framerate 20' \
        'absent ff00ff' 'count 0000ff 561' 'rect 101,99,33x17 0000ff' 'rect 0,116,200x34 plaid@0,116'
    result=$?
    show 'destroy new' 'show low' 'raise high'
    return "$result"
}

region() {
    region_size=$1
    region_x=$2
    region_y=$3
    shift 3
    recorded 2 "$region_size" "-draw_mouse 0 -framerate 20 -video_size $region_size -offset_x $region_x -offset_y $region_y" "$@"
}

# the counter moves while the recording runs; each frame shows a whole one
moving() {
    show 'tick count rate=10'
    recorded 40 1280x720 '-draw_mouse 0 -framerate 20' \
        'stamp 40,600 distinct>=5' 'moved 40,600,192x16' 'rect 0,617,1279x100 plaid@0,617'
    result=$?
    on 1 'calm count'
    return "$result"
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: each pixel of covered windows is where it belongs" covered
    check "$b: a raised window is uncovered" uncovered
    check "$b: a window that went is gone, one that came is there" came_and_went
    check "$b: a region" region 200x100 150 120 'rect 0,0,150x30 ff00ff' 'rect 50,30,150x70 00ff88'
    check "$b: a region of odd width and height" region 101x67 331 437 'rect 0,0,101x67 plaid@331,437'
    check "$b: a region of few pixels" region 7x5 99 99 'rect 0,0,7x1 plaid@99,99' 'rect 1,1,6x4 ff00ff'
    check "$b: a region in the last corner" region 200x100 1080 620 'rect 0,0,199x99 plaid@1080,620' \
          'rect 199,99,1x1 ff0000'
    check "$b: what moves is whole in every frame and runs forward" moving
done

finish
