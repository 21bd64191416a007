#!/bin/sh
# An API that refuses the list, cuts it, ignores it, applies it late or lies
# about it: no pixel of an excluded window leaves, whatever else happens; and
# where the fault can be lived with, all other pixels do.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene
secret_scene

# capture NAME PROFILE [OPTION...]: 20 frames, or as many as come, in
# $tmp/NAME.raw, what is said about it in NAME.log, the exit code in NAME.code.
capture() {
    capture_name=$1
    capture_profile=$2
    shift 2
    rm -f "$tmp/$capture_name.raw"
    MAGSIM_PROFILE=$capture_profile timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -y \
        -f magnifier -draw_mouse 0 -framerate 20 -exclude 'exe=secret.exe' "$@" -i desktop -frames:v 20 \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/$capture_name.raw")" \
        > "$tmp/$capture_name.log" 2>&1
    echo $? > "$tmp/$capture_name.code"
}

# judge NAME REASON: it did record, with the fault that is meant, and REASON is in
# what it said; $code and $raw are those of the recording
judge() {
    raw=$tmp/$1.raw
    code=$(cat "$tmp/$1.code")
    own_lines "$tmp/$1.log" | grep -a -v 'leaving out' | cut -c 1-200
    echo "exit code $code"
    ! grep -a 'PROFILE ERROR' "$tmp/$1.log" || return 1
    grep -a -q 'Capturing ' "$tmp/$1.log" || { echo 'it did not begin'; return 1; }
    grep -a -q -e "$2" "$tmp/$1.log" || { echo "it does not say '$2'"; return 1; }
    # whatever else may be wrong
    [ ! -s "$raw" ] || frames "$size" "$raw" 'tint ff00ff'
}

# no_picture NAME REASON: an error, and not a single frame
no_picture() {
    judge "$1" "$2" && is_failed_input "$code" "$tmp/$1.log" || return 1
    grep -a -q 'No picture to deliver: none is certain' "$tmp/$1.log" || { echo 'it does not say so'; return 1; }
    [ ! -s "$raw" ] || { echo 'frames were delivered'; return 1; }
}

# withheld PROFILE REASON [OPTION...]
withheld() {
    withheld_profile=$1
    withheld_reason=$2
    shift 2
    capture withheld "$withheld_profile" "$@"
    no_picture withheld "$withheld_reason"
}

# beside NAME PROFILE [OPTION...]: in the background. Under Wine 10 one after the other: its server
# ends up in its loop (tests/desktop) when one asks for windows while others make theirs.
beside() {
    capture "$@" &
    captures="$captures $!"
    ! tells_of_show || wait $!
}

# Each of these waits for a first picture as long as the device does, which is ten
# seconds, so they do it side by side. All fail before a canary matters: that of one could
# cover that of another.
side_by_side() {
    [ "${begun:-}" != "$build" ] || return 0
    begun=$build
    captures=
    beside filter-refused filter-refused
    beside filter-readback-short filter-readback-short -exclude_proof off
    beside filter-readback-empty filter-readback-empty -exclude_proof off
    beside filter-readback-fails filter-readback-fails -exclude_proof off
    beside filter-readback-wrong filter-readback-wrong
    beside black filter-refused -on_unsafe black
    # shellcheck disable=SC2086 # they are words
    wait $captures
}

withheld_beside() {
    side_by_side
    no_picture "$1" "$2"
}

only_black() {
    side_by_side
    judge black 'refused the exclusion list' && [ "$code" = 0 ] &&
        frames "$size" "$raw" 'number 20' "rect 0,0,$size 000000"
}

# mended PROFILE REASON STATEMENT...: it can be lived with, and new pictures go on
# being delivered
mended() {
    mended_profile=$1
    mended_reason=$2
    shift 2
    capture mended "$mended_profile"
    judge mended "$mended_reason" && [ "$code" = 0 ] &&
        frames "$size" "$raw" 'number 20' 'stamp 440,460 distinct>=4' "$@"
}

# not for ever: the last safe picture goes on being delivered
mended_at_first() {
    capture mended "$1"
    judge mended "$2" && [ "$code" = 0 ] &&
        frames "$size" "$raw" 'number 20' "$whole" "$below" 'stamp 440,460'
}

# What is read back is wrong, and not the list: the canary proves it, and that is said once.
unread() {
    mended "$1" 'the canary proves that it is in force' "$whole" "$below" || return 1
    [ "$(grep -a -c 'does not give back' "$tmp/mended.log")" = 1 ]
}

whole='rect 0,0,640x460 plaid@0,0'
below='rect 0,460,440x20 plaid@0,460'
painted='more windows are painted over'
exposed='the canary stays in the picture'

# over PROFILE REASON: 41 windows, of which some are painted over
over() {
    mended "$1" "$2" 'rect 0,0,640x80 plaid@0,0' 'rect 400,80,240x220 plaid@400,80' \
        'rect 440,300,200x160 plaid@440,300' 'rect 0,430,440x50 plaid@0,430' &&
        grep -a -q "$painted" "$tmp/mended.log" || { echo 'nothing is painted over'; return 1; }
}

# The same where the API takes less than the device tries.
over_12() {
    MAGSIM_SET='filter_cap = 12' over "$@"
}

# pictures NUMBER: waits until there are so many. The pause is the recorder's pace; the condition
# is what is waited for.
pictures() {
    until [ "$(stat -c %s "$tmp/raw" 2>/dev/null || echo 0)" -gt $(($1 * 640 * 480 * 4)) ]; do
        kill -0 "$recorder" 2>/dev/null || { cat "$tmp/log"; return 1; }
        sleep 0.1
    done
}

# Windows on the list go while it records, and others come, for which there has to be
# a new list: one that still has a window that is gone is refused. For 300 ms, six pictures,
# such a window stays on it, as it may still be seen. The pictures go on, with what is behind
# them all.
dying() {
    for name in 1 2 3; do
        on 2 "window dying$name at=$((420 + 60 * name)),100 size=50x50 color=ff00ff" || return 1
    done
    MAGSIM_PROFILE=filter-dead-fails record "$tmp/raw" 90 -draw_mouse 0 -framerate 20 \
        -exclude 'exe=secret.exe' &
    recorder=$!
    for name in 1 2 3; do
        pictures $((20 * name - 10)) && on 2 "destroy dying$name" && pictures $((20 * name)) &&
            on 2 "window born$name at=$((420 + 60 * name)),130 size=50x50 color=ff00ff" || return 1
    done
    kill -0 "$recorder" 2>/dev/null || { echo 'the recording was over before'; return 1; }
    wait "$recorder"
    code=$?
    for name in 1 2 3; do
        on 2 "destroy born$name" || return 1
    done
    own_lines "$tmp/log" | grep -a -v 'leaving out' | cut -c 1-200
    ! grep -a 'PROFILE ERROR' "$tmp/log" || return 1
    # no list has one of those that are gone, and none is taken for one that is too long
    # (a slot tells one reason only, but where a list is refused, for that slot all are off it)
    ! grep -a 'refused the exclusion list' "$tmp/log" || return 1
    grep -a -q 'and 0 painted over' "$tmp/log" || return 1
    ! grep -a 'list takes' "$tmp/log" | grep -v 'takes 24 entries' || return 1
    [ "$code" = 0 ] &&
        frames "$size" "$tmp/raw" 'number 90' 'tint ff00ff' 'rect 0,0,640x80 plaid@0,0' \
            'frame -8..-1' 'stamp 440,460 distinct>=2' "$whole" "$below"
}

# An empty list is refused: none ever is, as the device's own window is on each.
unmatched() {
    capture unmatched filter-empty-fails -exclude 'title=nobody'
    own_lines "$tmp/unmatched.log" | cut -c 1-200
    ! grep -a 'PROFILE ERROR' "$tmp/unmatched.log" || return 1
    grep -a -q 'is proven to be in force' "$tmp/unmatched.log" || { echo 'nothing is proven'; return 1; }
    # by the first canary and the first list: each has its own
    grep -a -q 'Exclusion: .*, 1 lists,' "$tmp/unmatched.log" || { echo 'it is not proven at once'; return 1; }
    [ "$(cat "$tmp/unmatched.code")" = 0 ] &&
        frames "$size" "$tmp/unmatched.raw" 'number 20' 'count ff00ff 60000'
}

# the test itself can fail: with an honest API and no rule the colour is there
shows_without_rule() {
    recorded 3 "$size" '-draw_mouse 0 -framerate 20' 'count ff00ff 60000'
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: without a rule the colour is there" shows_without_rule
    check "$b: the list is silently ignored: the canary is in the picture" withheld filter-ignored "$exposed"
    check "$b: strict, and the list is silently ignored" withheld filter-ignored "$exposed" -exclude_proof strict
    check "$b: the list is ignored from some frame on" mended_at_first filter-ignored-later "$exposed"
    check "$b: the list is applied one frame late" mended filter-late 'it shows the canary' "$whole" "$below"
    check "$b: the list is refused" withheld_beside filter-refused 'refused the exclusion list'
    check "$b: the list is refused, and on_unsafe is black" only_black
    for how in short empty fails; do
        check "$b: the list reads back $how, without a canary" withheld_beside "filter-readback-$how" 'does not give back'
        check "$b: the list reads back $how, and the canary proves it" unread "filter-readback-$how"
    done
    check "$b: the list reads back wrong" withheld_beside filter-readback-wrong 'does not give back'
    check "$b: windows on the list are destroyed" dying
    check "$b: nothing is to be left out, and an empty list is refused" unmatched
done

use_build "${E2E_BUILDS%% *}"
forty 2 10 20 300 40 30 'size=60x40 color=ff00ff' || bail_scene '40 more windows'
check '41 windows, filter-over-refused' over_12 filter-over-refused "$painted"
check '41 windows, filter-over-refused-cut' over_12 filter-over-refused-cut "$painted"
check '41 windows, filter-over-cut' over_12 filter-over-cut "$painted"
check '41 windows, filter-over-cut-hidden' over_12 filter-over-cut-hidden "$exposed"
check '41 windows, filter-over-none' over_12 filter-over-none "$exposed"
check '41 windows, filter-over-none-honest' over_12 filter-over-none-honest "$painted"
check '41 windows, filter-cap-8' over filter-cap-8 'refused the exclusion list'
check '41 windows, filter-unlimited' over filter-unlimited "$painted"

finish
