#!/bin/sh
# An API that refuses the list, cuts it, ignores it, applies it late or lies
# about it: no pixel of an excluded window leaves, whatever else happens.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

size=640x480
scene_open
show "window back at=0,0 size=$size pattern=plaid"
cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/secret.exe" || bail 'cp'
scene_open "$tmp/secret.exe"
on 2 'window one at=100,80 size=300x200 color=ff00ff' || bail 'the secret window'

more_windows() {
    i=0
    while [ "$i" -lt 40 ]; do
        on 2 "window more$i at=$((20 + 40 * (i % 10))),$((300 + 30 * (i / 10))) size=60x40 color=ff00ff" || return 1
        i=$((i + 1))
    done
}

# hostile PROFILE [OPTION...]: what leaves, if anything, has nothing of it. A
# recording that ends in an error is as good as one of repeated pictures.
hostile() {
    profile=$1
    shift
    rm -f "$tmp/raw"
    MAGSIM_PROFILE=$profile timeout "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f magnifier \
        -draw_mouse 0 -framerate 20 -exclude 'exe=secret.exe' "$@" -i desktop -t 2 \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1
    code=$?
    grep -a 'magnifier @' "$tmp/log" | cut -c 1-150
    [ "$code" -lt 124 ] || [ "$code" -gt 128 ] || return 1
    [ -s "$tmp/raw" ] || return 0
    frames "$size" "$tmp/raw" 'tint ff00ff'
}

# The same, and the picture must be right: the fault is one that can be lived with.
mended() {
    hostile "$@" && frames "$size" "$tmp/raw" 'number 2..100' "rect 0,0,640x290 plaid@0,0"
}

# refused PROFILE TEXT: and the log says why
refused() {
    text=$2
    hostile "$1" && grep -q "$text" "$tmp/log"
}

# the test itself can fail: with an honest API and no rule the colour is there
shows_without_rule() {
    record "$tmp/raw" 3 -draw_mouse 0 -framerate 20 && not frames "$size" "$tmp/raw" 'tint ff00ff'
}

for b in $E2E_BUILDS; do
    case $b in
    7.1/*) ;;
    *)     continue ;;
    esac
    use_build "$b"
    check "$b: without a rule the colour is there" shows_without_rule
    check "$b: the list is silently ignored: the canary is in the picture" refused filter-ignored 'Frame held back'
    check "$b: the list is ignored from some frame on" hostile filter-ignored-later
    check "$b: the list is applied one frame late" mended filter-late
    check "$b: the list is refused" refused filter-refused 'refused the exclusion list'
    check "$b: the list reads back shorter" refused filter-readback-short 'does not give back'
    check "$b: the list reads back empty" refused filter-readback-empty 'does not give back'
    check "$b: the list reads back wrong" refused filter-readback-wrong 'does not give back'
    check "$b: strict, and the list is silently ignored" refused filter-ignored 'Frame held back' -exclude_proof strict
done

use_build "${E2E_BUILDS%% *}"
check '40 more windows' more_windows
for profile in filter-over-refused filter-over-refused-cut filter-over-cut filter-over-cut-hidden \
    filter-over-none filter-over-none-honest filter-cap-8 filter-unlimited filter-dead-fails; do
    check "41 windows, $profile" hostile "$profile"
done

finish
