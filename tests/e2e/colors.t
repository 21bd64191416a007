#!/bin/sh
# What a file shows of known colours: a copy of the raw pictures, and after -pix_fmt yuv420p,
# beside gdigrab.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

scene_open
set -- 000000 ffffff ff0000 00ff00 101010
x=0
for color; do
    show "window c$color at=$x,0 size=64x48 color=$color"
    x=$((x + 64))
done

# file DEVICE NAME OPTION...: three pictures of the colours in $tmp/NAME
file() {
    file_device=$1
    file_name=$2
    shift 2
    rm -f "$tmp/$file_name"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$file_device" -framerate 10 -draw_mouse 0 \
        -video_size 320x48 -i desktop -frames:v 3 "$@" "$(windows_path "$tmp/$file_name")" > "$tmp/log" 2>&1 ||
        { cat "$tmp/log"; return 1; }
}

# shows NAME DISTANCE: decoded by what its tags say, its colours are no further away than that,
# off the edges, where two of them share a sample
shows() {
    # shellcheck disable=SC2086 # options are words
    timeout -k 10 "$net" wine "$ffmpeg" -v error -nostdin -y -i "$(windows_path "$tmp/$1")" $each_packet -pix_fmt bgr0 -f rawvideo \
        "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 || { cat "$tmp/log"; return 1; }
    frames 320x48 "$tmp/raw" 'number 3' "near 8,8,40x32 000000 $2" "near 72,8,40x32 ffffff $2" \
        "near 136,8,40x32 ff0000 $2" "near 200,8,40x32 00ff00 $2" "near 264,8,40x32 101010 $2"
}

# tags NAME|- TAG=VALUE...: of a file, or of the device itself
tags() {
    if [ "$1" = - ]; then
        set -- -f "$device" -i desktop -- "$@"
    else
        set -- -i "$(windows_path "$tmp/$1")" -- "$@"
    fi
    words=
    while [ "$1" != -- ]; do
        words="$words $1"
        shift
    done
    shift 2
    # shellcheck disable=SC2086 # no path here has a blank
    timeout -k 10 "$net" wine "$ffprobe" -v error -show_streams $words 2>&1 | tr -d '\r' > "$tmp/tags"
    for tag; do
        grep -qxF "$tag" "$tmp/tags" || { echo "no $tag"; grep 'color\|codec\|bits' "$tmp/tags"; return 1; }
    done
}

copied() {
    file "$device" "$@" -c:v copy && shows "$1" 0
}

yuv() {
    file "$device" yuv.mkv -pix_fmt yuv420p -c:v "$1" && shows yuv.mkv 3 && tags yuv.mkv color_range=tv &&
        mv "$tmp/raw" "$tmp/ours" && file gdigrab yuv.mkv -pix_fmt yuv420p -c:v "$1" && shows yuv.mkv 3 &&
        cmp "$tmp/ours" "$tmp/raw"
}

# The filter that makes the values and the tags fit each other.
yuv_tagged() {
    file "$device" yuv.mkv -vf scale=out_color_matrix=bt709:out_range=tv -pix_fmt yuv420p \
        -colorspace bt709 -color_range tv -c:v ffv1 && shows yuv.mkv 3 &&
        tags yuv.mkv color_range=tv color_space=bt709
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: the stream says how its pixels are stored" tags - codec_tag_string=BGR[0] codec_tag=0x524742
    check "$b: a copy into avi has each color" copied copy.avi
    check "$b: a copy into mkv has each color" copied copy.mkv -allow_raw_vfw 1
    check "$b: yuv420p, ffv1: the colors of gdigrab" yuv ffv1
    check "$b: yuv420p, mpeg4: the colors of gdigrab" yuv mpeg4
    check "$b: yuv420p with the matrix that it is tagged with" yuv_tagged
done

finish
