#!/bin/sh
# Monitors go, come back, change their mode and their places while the desktop is recorded, into
# segments too, and a program is left out: the size stays, and the program is in no frame.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720 --monitors 2

scene_open
show 'window left at=-1024,0 size=1024x768 color=203040' 'window right at=0,0 size=1280x720 pattern=plaid'
secret_scene
on 2 'move one -60,500' || bail_scene 'the secret window'

# a region across both: 200 columns of each, of the left 300 rows, of the right 270
size=400x300
region="-video_size $size -offset_x -200 -offset_y 450"

first=$(xrandr -q | awk '/ primary / { print $1; exit }')
second=$(xrandr -q | awk '/[0-9] *1024x768\+|connected 1024x768\+/ { print $1; exit }')

layout() {
    xrandr "$@" && xrandr -q > /dev/null
}

# shown X Y: something new at that place of the screen is seen, and the program is not. (Wine
# does not always put back, nor draw again, what was there before a change. And not above the program's
# window: X begins a new window with what was seen at its place.)
shown() {
    shown_nb=$((shown_nb + 1))
    on 1 "window new$shown_nb at=$1,$2 size=90x40 color=708090" &&
        until_frame never 'tint ff00ff' "rect $(($1 + 200)),$(($2 - 450)),90x40 708090"
}
shown_nb=0

# what the segments have: one size, no magenta, as many frames as came down the pipe and were not read
segments() {
    for segment in "$tmp"/segment*.mkv; do
        timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -i "$(windows_path "$segment")" \
            -pix_fmt bgr0 -f rawvideo - 2> "$tmp/segment.log" < /dev/null > "$tmp/raw" &&
            frames $size "$tmp/raw" 'number 1..1000' 'tint ff00ff' || { echo "$segment"; cat "$tmp/segment.log" "$tmp/log"; return 1; }
    done
    rm -f "$tmp"/segment*.mkv
}

# further frames, until there is a second segment
second_segment() {
    until [ -e "$tmp/segment001.mkv" ]; do
        one_frame && frames "$size" "$tmp/frame" 'tint ff00ff' || return 1
    done
}

# changes PROOF
changes() {
    on 1 'raise left' && on 1 'raise right' && on 2 'raise one' || return 1
    follow desktop "$size" "$region -exclude exe=secret.exe -exclude_proof $1" -c:v ffv1 -f segment -segment_time 1 \
        "$(windows_path "$tmp/segment%03d.mkv")"
    until_frame never 'tint ff00ff' 'rect 0,0,200x300 203040' 'rect 200,0,200x270 plaid@0,450' &&
        layout --output "$second" --off &&
        until_frame never 'tint ff00ff' 'rect 0,0,200x300 000000' && shown 50 455 &&
        grep '\[warning\] The layout of the monitors has changed.* 60000 pixels have become black' "$tmp/log" &&
        layout --output "$second" --mode 1024x768 --left-of "$first" &&
        said '\[info\] The layout of the monitors has changed' && shown -150 500 && shown 50 455 &&
        layout --output "$first" --mode 800x600 &&
        until_frame never 'tint ff00ff' 'rect 200,150,200x150 000000' && shown 50 455 && shown -150 620 &&
        layout --output "$first" --mode 1280x720 && shown 50 455 && second_segment
    unfollow && segments
}

# The other monitor becomes the primary one: places count from its corner, and the region keeps its place.
primary() {
    on 1 'raise left' && on 1 'raise right' && on 2 'raise one' || return 1
    follow desktop "$size" "$region -exclude exe=secret.exe -exclude_proof strict"
    until_frame never 'tint ff00ff' 'rect 0,0,200x300 203040' 'rect 200,0,200x270 plaid@0,450' &&
        layout --output "$second" --primary &&
        until_frame never 'tint ff00ff' 'rect 0,0,200x300 000000' &&
        grep '\[warning\] The layout of the monitors has changed; the recording goes on with the same region' "$tmp/log" &&
        shown 50 455 &&
        layout --output "$first" --primary &&
        said '\[info\] The layout of the monitors has changed' && shown 50 455 && shown -150 500
    unfollow
}

for b in $E2E_BUILDS; do
    use_build "$b"
    for proof in auto strict; do
        check "$b: a monitor goes, comes back, changes its mode: $proof proof" changes "$proof"
    done
    check "$b: the other one becomes the primary monitor" primary
done

finish
