#!/bin/sh
# The pointer is drawn where it is, clipped at each edge, and not drawn when not
# asked for. The background is 204060 everywhere.
#
# Wine lets no process see the pointer of another: ffmpeg.exe draws the arrow in
# its place, here as on a program that answers nothing. What a pointer of known
# pixels looks like, host.exe shows in its own process.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

scene_open
show 'window back at=0,0 size=640x480 color=204060'

# at X,Y STATEMENT...
at() {
    show "pointer $1"
    shift
    recorded 2 640x480 '-framerate 20' "$@"
}

# The arrow in the middle; the other cases compare with it.
whole() {
    at 300,200 'rect 0,0,640x200 204060' 'rect 0,232,640x248 204060' 'rect 0,0,300x480 204060' \
        'rect 332,0,308x480 204060' 'count ffffff 20..400' 'differ 300,200,1x1 0,0' || return 1
    head -c $((640 * 480 * 4)) "$tmp/raw" > "$tmp/arrow"
}

# in_region X,Y of a 100x80 region at 200,100, cut out of a picture of all
in_region() {
    show "pointer $1"
    record "$tmp/whole" 1 -framerate 20 || return 1
    recorded 2 100x80 '-framerate 20 -video_size 100x80 -offset_x 200 -offset_y 100' 'number 2' || return 1
    # each row of the region, as the whole picture has it
    i=0
    while [ "$i" -lt 80 ]; do
        tail -c +$((((100 + i) * 640 + 200) * 4 + 1)) "$tmp/whole" | head -c 400
        i=$((i + 1))
    done > "$tmp/part"
    frames 100x80 "$tmp/raw" "same $tmp/part" || return 1
    shift
    frames 100x80 "$tmp/part" "$@"
}

switched_off() {
    show 'pointer 300,200'
    recorded 2 640x480 '-framerate 20 -draw_mouse 0' 'rect 0,0,640x480 204060'
}

# The pointer goes from one place to another while the recording runs. What it
# writes is read frame by frame, so that it waits for the pointer, however long
# that takes; and then more frames than may have been on the way.
follows() {
    show 'pointer 10,10'
    rm -f "$tmp/pipe"
    mkfifo "$tmp/pipe"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f "$device" -framerate 20 -i desktop \
        -c:v rawvideo -f rawvideo - > "$tmp/pipe" 2> "$tmp/log" &
    follower=$!
    exec 9< "$tmp/pipe"
    frame=$((640 * 480 * 4))
    head -c "$frame" <&9 > "$tmp/before"
    show 'pointer 400,300'
    head -c $((60 * frame)) <&9 | tail -c "$frame" > "$tmp/after"
    exec 9<&-       # which ends it
    wait "$follower"
    frames 640x480 "$tmp/before" "like 10,10,32x32 $tmp/arrow 300,200" 'rect 0,50,640x430 204060' &&
        frames 640x480 "$tmp/after" "like 400,300,32x32 $tmp/arrow 300,200" 'rect 0,0,400x480 204060' ||
        { cat "$tmp/log"; return 1; }
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: the pointer is drawn with its tip where it is" whole
    check "$b: at another place it looks the same" at 301,203 \
        "like 301,203,32x32 $tmp/arrow 300,200" 'rect 0,0,301x480 204060'
    check "$b: in the first corner" at 0,0 "like 0,0,32x32 $tmp/arrow 300,200"
    check "$b: clipped at the right edge" at 634,200 "like 634,200,6x32 $tmp/arrow 300,200" \
        'rect 0,0,634x480 204060'
    check "$b: clipped at the bottom edge" at 300,472 "like 300,472,32x8 $tmp/arrow 300,200" \
        'rect 0,0,640x472 204060'
    check "$b: clipped in the last corner" at 639,479 "like 639,479,1x1 $tmp/arrow 300,200" \
        'rect 0,0,639x480 204060' 'rect 0,0,640x479 204060'
    check "$b: in a region" in_region 250,130 'differ 50,30,1x1 0,0' 'count ffffff 20..400'
    check "$b: clipped at a region's left edge" in_region 196,130 'differ 0,30,32x32 60,0'
    check "$b: clipped at a region's top edge" in_region 250,94 'differ 50,0,32x32 0,0'
    check "$b: clipped at a region's right edge" in_region 295,130 'differ 95,30,1x1 0,0'
    check "$b: clipped at a region's bottom edge" in_region 250,175 'differ 50,75,1x1 0,0'
    check "$b: outside of the region" in_region 100,50 'rect 0,0,100x80 204060'
    check "$b: it follows while recording" follows
    check "$b: absent with draw_mouse 0" switched_off
done

finish
