#!/bin/sh
# What is delivered when there is no picture to deliver: on_unsafe while none is
# certain to leave the windows out, on_outage while the API gives none.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene
secret_scene

whole='rect 0,0,640x460 plaid@0,0'
below='rect 0,460,440x20 plaid@0,460'
black="rect 0,0,$size 000000"

# take FRAMES FAULTS [OPTION...]: with a profile, or with settings of the simulator's;
# the exit code is then $code. The secret window is excluded: by a rule, or it is hidden.
take() {
    take_frames=$1
    case $2 in
    *=*) take_set=$2 take_profile=default ;;
    *)   take_set="" take_profile=$2 ;;
    esac
    shift 2
    MAGSIM_SET=$take_set MAGSIM_PROFILE=$take_profile record "$tmp/raw" "$take_frames" -draw_mouse 0 \
        -framerate 20 "$@" > /dev/null
    code=$?
    tr '\r' '\n' < "$tmp/log" > "$tmp/lines"
    grep -a 'magnifier @' "$tmp/lines" | grep -a -v 'leaving out'
    echo "exit code $code"
    ! grep -a 'PROFILE ERROR' "$tmp/lines" || return 1
    says 'Capturing '
}

says() {
    grep -a -q -e "$1" "$tmp/lines" || { echo "it does not say: $1"; return 1; }
}

no_secret() {
    on 2 'hide one' || return 1
    "$@"
    no_secret_result=$?
    on 2 'show one' && return "$no_secret_result"
}

# goes_on REASON STATEMENT...: FFmpeg got all of its frames; these are in the log and there
goes_on() {
    [ "$code" = 0 ] && says "$1" || return 1
    shift
    frames "$size" "$tmp/raw" "number $take_frames" 'tint ff00ff' "$@"
}

# stopped REASON WORDS STATEMENT...: it ended before that, in an error, for that reason
stopped() {
    is_failed_input "$code" "$tmp/lines" && says "$1" && says "No picture to deliver: $2" || return 1
    shift 2
    frames "$size" "$tmp/raw" "number 2..$((take_frames - 1))" 'tint ff00ff' "$@"
}

stands_still() {
    not frames "$size" "$tmp/raw" 'frame -10..-1' 'moved 440,460,192x16'
}

# The last picture stands for the rest, and it is not an older one: the counter in it
# never runs backwards.
repeats() {
    goes_on "$1" "$whole" "$below" "stamp 440,460 distinct>=$2" && stands_still
}

turns_black() {
    goes_on "$1" 'frame 0' "$whole" "$below" 'frame -10..-1' "$black"
}

# ---- no picture is certain -----------------------------------------------------

# Some twenty captures are safe, and of those the first ten or so nobody gets.
ignored='filter = ignore frames 21..'
exposed='the canary stays in the picture'

unsafe() {
    unsafe_frames=$1
    shift
    take "$unsafe_frames" "$ignored" -exclude 'exe=secret.exe' -on_outage "$2" -on_unsafe "$1"
}

unsafe_repeat() {
    unsafe 60 repeat stop && repeats "$exposed" 3
}

unsafe_black() {
    unsafe 60 black stop && turns_black "$exposed"
}

unsafe_stop() {
    unsafe 300 stop repeat && stopped "$exposed" 'none is certain' "$whole" "$below" 'stamp 440,460 distinct>=3'
}

# ---- the API gives none --------------------------------------------------------

# The profile "outage" lasts: frames are what it counts, and there are none.
fails='MagSetWindowSource failed'

outage_repeat() {
    take 50 outage -on_unsafe stop && repeats "$fails" 3
}

outage_black() {
    take 50 outage -on_unsafe stop -on_outage black && turns_black "$fails"
}

outage_stop() {
    take 300 outage -on_outage stop && stopped "$fails" 'the API gives none' "$whole" "$below" 'stamp 440,460'
}

# with an exclusion it is an outage all the same
outage_excluding() {
    take 70 'all_false = frames 21..' -exclude 'exe=secret.exe' -on_unsafe stop -on_outage black &&
        turns_black "$fails"
}

# what the exclusion takes to be safe again is not held against it
outage_ends() {
    take 140 'source_false = frames 31..70' -exclude 'exe=secret.exe' -on_unsafe stop &&
        goes_on "$fails" "$whole" "$below" 'frame -8..-1' 'moved 440,460,192x16' && says 'The picture is back'
}

# passes FAULTS REASON SLOTS: also with "stop" it is repeated for a moment, and it goes on
passes() {
    take 40 "$1" -on_outage stop &&
        goes_on "$2" "$whole" "$below" 'stamp 440,460 distinct>=4' 'frame -8..-1' 'moved 440,460,192x16' &&
        says "The picture is back after $3 slots"
}

# black for as long as it lasts, and neither before nor after
passes_black() {
    take 40 no-callback-5 -on_outage black &&
        goes_on 'delivered no picture' 'frame 0' "$whole" "$below" 'frame -8..-1' "$whole" 'moved 440,460,192x16' &&
        not frames "$size" "$tmp/raw" "$whole" && says 'The picture is back after 3 slots'
}

# pictures that come after the call are nobody's
late() {
    take 30 callback-late -on_outage repeat && goes_on 'delivered no picture' "$whole" "$below" 'stamp 440,460' &&
        stands_still
}

hangs() {
    take 20 hang-forever && goes_on 'has not answered for 2 seconds' "$whole" "$below" 'stamp 440,460' &&
        says 'its thread is left behind'
}

hangs_stop() {
    take 300 hang-forever -on_outage stop &&
        stopped 'has not answered for 2 seconds' 'the API gives none' "$whole" "$below"
}

# the first picture, which nobody gets
hangs_at_once() {
    refused_lines=2 # and that the thread is left behind
    MAGSIM_SET='hang = event frame 1' refused 'Error opening input' 'has not answered for 10 seconds' -i desktop
    hang_result=$?
    refused_lines=1
    return "$hang_result"
}

# One source is in all releases, so one will do.
for b in $E2E_BUILDS; do
    case $b in
    "${E2E_BUILDS%%/*}"/*) ;;
    *)                     continue ;;
    esac
    use_build "$b"
    check "$b: none is certain: the last safe picture" unsafe_repeat
    check "$b: none is certain: black" unsafe_black
    check "$b: none is certain: the end" unsafe_stop
    check "$b: an outage with an exclusion: black" outage_excluding
    check "$b: an outage with an exclusion ends" outage_ends
    check "$b: an outage: the last picture" no_secret outage_repeat
    check "$b: an outage: black" no_secret outage_black
    check "$b: an outage: the end" no_secret outage_stop
    check "$b: one call fails" no_secret passes source-false-5 "$fails" 1
    check "$b: ten calls fail" no_secret passes 'source_false = frames 10..19' "$fails" 10
    check "$b: three calls deliver nothing" no_secret passes no-callback-5 'delivered no picture' 3
    check "$b: three calls deliver nothing: black" no_secret passes_black
    check "$b: pictures come too late" no_secret late
    check "$b: a call does not return: the last picture" no_secret hangs
    check "$b: a call does not return: the end" no_secret hangs_stop
    check "$b: the first call does not return" hangs_at_once
done

finish
