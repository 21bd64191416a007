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
    *=*) take_set=$2 take_profile=${MAGSIM_PROFILE:-default} ;;
    *)   take_set="" take_profile=$2 ;;
    esac
    shift 2
    MAGSIM_SET=$take_set MAGSIM_PROFILE=$take_profile record "$tmp/raw" "$take_frames" -draw_mouse 0 \
        -framerate 20 "$@" > /dev/null
    code=$?
    tr '\r' '\n' < "$tmp/log" > "$tmp/lines"
    own_lines "$tmp/lines" | grep -a -v 'leaving out'
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
    take 300 outage -on_outage stop && stopped "$fails" 'the API gives no picture' "$whole" "$below" 'stamp 440,460'
}

# with an exclusion it is an outage all the same
outage_excluding() {
    take 70 'all_false = frames 21..' -exclude 'exe=secret.exe' -on_unsafe stop -on_outage black &&
        turns_black "$fails"
}

# what the exclusion takes to be safe again is not held against it, and no slot of it is lost
outage_ends() {
    take 140 'source_false = frames 31..70' -exclude 'exe=secret.exe' -on_unsafe stop &&
        goes_on "$fails" "$whole" "$below" 'frame -8..-1' 'moved 440,460,192x16' && says 'The picture is back' &&
        all_repeated
}

# Each slot of the outage has its packet.
all_repeated() {
    repeated=$(sed -n 's/.* \([0-9]*\) repeats,.*/\1/p' "$tmp/lines")
    missing=$(sed -n 's/.*The picture is back after \([0-9]*\) slots.*/\1/p' "$tmp/lines")
    [ "$repeated" -ge "$missing" ] || { echo "$missing slots without a picture, $repeated repeats"; return 1; }
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

# ---- the API faults -------------------------------------------------------------

fault='MagSetWindowSource raised an access violation at Magnification.dll+0x[0-9a-f]*, reading 0x'

# faulted PROFILE FRAMES [OPTION...]: nothing reaches the DLL after the fault: no call, no message
faulted() {
    faulted_profile=$1 faulted_frames=$2
    shift 2
    rm -f "$tmp/simulator"
    MAGSIM_LOG=$tmp/simulator
    export MAGSIM_LOG
    take "$faulted_frames" "$faulted_profile" "$@"
    faulted_result=$?
    unset MAGSIM_LOG
    awk '/ access_violation n=/   { after = 1; next }
         after && / exit .* green$/ { ended = 1; next }
         after                    { print; bad = 1 }
         END { exit bad || !ended }' "$tmp/simulator" &&
        [ "$(grep -c "$fault" "$tmp/lines")" = 1 ] && says 'the API was not shut down' && return "$faulted_result"
}

fault_repeat() {
    faulted "$1" 40 -on_unsafe stop && repeats "$fault" 1
}

fault_black() {
    faulted access-violation 40 -on_unsafe stop -on_outage black && turns_black "$fault"
}

fault_stop() {
    faulted access-violation 300 -on_outage stop && stopped "$fault" 'the API gives no picture' "$whole" "$below"
}

fault_excluding() {
    faulted 'access_violation = frame 31; access_violation_at = proc' 60 -exclude 'exe=secret.exe' \
        -on_unsafe stop -on_outage black && turns_black "$fault"
}

# For the rest of the process there is no picture, and the last one is repeated: until new rules leave out
# what may be in it.
fault_rules() {
    echo 'exe=secret.exe' > "$tmp/rules"
    rm -f "$tmp/raw"
    : > "$tmp/log"
    MAGSIM_SET='access_violation = frame 41; access_violation_at = proc' timeout -k 10 "$net" wine "$ffmpeg" \
        -hide_banner -nostdin -y -f "$device" -draw_mouse 0 -framerate 20 -on_outage repeat \
        -exclude_file "$(windows_path "$tmp/rules")" -i desktop -frames:v 200 \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 &
    recorder=$!
    until grep -a -q "$fault" "$tmp/log"; do
        kill -0 "$recorder" 2> /dev/null || { cat "$tmp/log"; return 1; }
        sleep 0.1 # the recorder's pace; the condition above is what is waited for
    done
    printf 'exe=secret.exe\ntitle=nobody\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
    wait "$recorder" || { cat "$tmp/log"; return 1; }
    own_lines "$tmp/log" | grep -a -v 'leaving out'
    grep -a -q 'has changed' "$tmp/log" &&
        frames "$size" "$tmp/raw" 'number 200' 'tint ff00ff' 'frame 0' "$whole" "$below" 'frame -10..-1' "$black"
}

# the first picture, which nobody gets
faults_at_once() {
    MAGSIM_SET='access_violation = frame 1' refused 'external library' "$fault" -i desktop
}

# what a function of the system handles by itself
fault_probe() {
    take 30 access-violation-probe && goes_on 'Capturing ' "$whole" "$below" 'frame -8..-1' 'moved 440,460,192x16' &&
        not says 'access violation'
}

# what is not the call's is not answered: the program dies of it as it would without the device, or,
# in 32 bit, Wine lets the thread wait
fault_thread() {
    take 30 access-violation-thread
    not says 'raised an access violation' && { [ "$code" = 5 ] || says 'has not answered' || not says ' slots skipped, '; }
}

# ---- the whole screen is magnified --------------------------------------------------

# warned of once, and recorded all the same
fullscreen() {
    fullscreen_words=$2
    take 30 "$1" -on_outage stop
    [ "$code" = 0 ] && [ "$(grep -a -c 'The whole screen is' "$tmp/lines")" = 1 ] &&
        says "The whole screen is $fullscreen_words, by Magnifier or another program; pictures may show that" &&
        frames "$size" "$tmp/raw" 'number 30' 'frame -8..-1' 'moved 440,460,192x16'
}

# with strict proof not one picture
fullscreen_strict() {
    take 300 fullscreen-magnified -exclude 'exe=secret.exe' -exclude_proof strict -on_unsafe repeat -on_outage stop
    is_failed_input "$code" "$tmp/lines" &&
        says 'is magnified to 200 %, by .*; no picture as long as it is' &&
        says 'No picture to deliver: the API gives no picture' && [ ! -s "$tmp/raw" ]
}

# it begins and ends while recording
fullscreen_passes() {
    take 120 fullscreen-for-two-looks -exclude 'exe=secret.exe' -exclude_proof strict -on_unsafe stop -on_outage black &&
        goes_on 'is magnified to 150 %' 'frame 0' "$whole" "$below" 'frame -8..-1' "$whole" 'moved 440,460,192x16' &&
        says 'The whole screen is as it was' && says ' 1 outages' && not frames "$size" "$tmp/raw" "$whole"
}

# the DLL of Windows 7 cannot be asked
fullscreen_unknown() {
    take 30 fullscreen-unknown && [ "$code" = 0 ] && not says 'The whole screen' &&
        frames "$size" "$tmp/raw" 'number 30' "$whole" "$below"
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

# nobody sees meanwhile what the rules leave out: a second more of the last picture, and then black
hangs_excluding() {
    take 140 hang-forever -exclude 'exe=secret.exe' -on_outage repeat &&
        goes_on 'has not answered for 2 seconds' 'frame 0' "$whole" "$below" 'frame -10..-1' "$black"
}

hangs_stop() {
    take 300 hang-forever -on_outage stop &&
        stopped 'has not answered for 2 seconds' 'the API gives no picture' "$whole" "$below"
}

# the first picture, which nobody gets
hangs_at_once() {
    refused_lines=2 # and that the thread is left behind
    MAGSIM_SET='hang = event frame 1' refused 'external library' 'has not answered for 10 seconds' -i desktop
    hang_result=$?
    refused_lines=1
    return "$hang_result"
}

for b in $(arch_builds); do
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
    for place in '' -proc -callback; do
        check "$b: an access violation${place:+ ($place)}: the last picture" no_secret fault_repeat "access-violation$place"
    done
    check "$b: an access violation: black" no_secret fault_black
    check "$b: an access violation: the end" no_secret fault_stop
    check "$b: an access violation with an exclusion: black" fault_excluding
    check "$b: an access violation, and new rules: what was repeated turns black" fault_rules
    check "$b: an access violation at the start" faults_at_once
    check "$b: a fault that the API handles itself" no_secret fault_probe
    check "$b: a fault in another thread of the API" no_secret fault_thread
    check "$b: the whole screen is magnified: a warning" no_secret fullscreen fullscreen-magnified 'magnified to 200 %'
    check "$b: the whole screen is inverted: a warning" no_secret fullscreen fullscreen-inverted 'shown in other colors'
    check "$b: the whole screen is magnified: no picture with strict proof" fullscreen_strict
    check "$b: the whole screen is magnified for a while" fullscreen_passes
    check "$b: whether the whole screen is magnified cannot be asked" no_secret fullscreen_unknown
    check "$b: pictures come too late" no_secret late
    check "$b: a call does not return: the last picture" no_secret hangs
    check "$b: a call does not return, with an exclusion: black in the end" hangs_excluding
    check "$b: a call does not return: the end" no_secret hangs_stop
    check "$b: the first call does not return" hangs_at_once
done

finish
