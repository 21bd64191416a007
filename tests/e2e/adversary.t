#!/bin/sh
# Two programs do by chance what could come between the device's steps: no frame has the colour
# of what matches, and new pictures come again when they rest.
#
#   ADVERSARY_SECONDS    for how long (20, the time of a round)
#   ADVERSARY_PROFILES   of the stand-in, in turn: "default"; "all": each that is about the list;
#                        "commit": one, another for each commit. NAME@N is that profile from frame N on
#   ADVERSARY_SEED       the seed of the first round
#   ADVERSARY_OPTIONS    more options of the device
#   ADVERSARY_KEEP       a folder for what a round that fails leaves
#   ADVERSARY_SHARE      "N/M": of the rounds each Mth from the Nth on
#   ADVERSARY_TABLE      a file; a line for each round is put to its end, and to that of FILE.deeds one for
#                        each thing that the attackers did
#
# tests/e2e/adversary.sh runs it for long.
#
# The attackers' windows begin black, by ground.so (see there). Without it, under Wine 8, a window that opens over
# one that matches has some pixels of that, once in some thirty rounds, which is no hole of the device's.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
file_net=$((${ADVERSARY_SECONDS:-20} * 2 + 700))
on_desktop --size 640x480

# One that no canary has, of this recording or another.
color=9b30d7
net=90
size=640x480
area=0,0,640x440
seconds=20
rest=5

use_build "${E2E_BUILDS%% *}"
# ground.so is for these alone
attacker=$E2E_BUILD/tests/x86_64/adversary.exe
scene_open
show "window back at=0,0 size=$size pattern=plaid" \
     'window count at=40,456 size=192x16 pattern=stamp topmost' 'tick count rate=20'
cp "$attacker" "$tmp/secret.exe" && cp "$attacker" "$tmp/plain.exe" || bail 'cp'

# What the device does under a profile is said by tests/faults/matrix: whether it records.
# list_profiles: those about the list, "default" first, each with "moves", "still" or "shows"
list_profiles() {
    grep -v '^#' "$top/tests/faults/matrix" | awk -F '\t+' -v arch="$arch" '
        $1 !~ /^(default|filter-.*)$/ || ($2 != arch && $2 != "both") || $3 == "without" { next }
        { print $1 == "default" ? 0 : 1, $1, $4 ~ /^re(cords|covers)/ ? "moves" : $4 == "shows" ? "shows" : "still" }' |
        sort | cut -d ' ' -f 2-
}

# how PROFILE
how() {
    awk -v p="${1%@*}" '$1 == p { print $2 }' "$tmp/profiles"
}

# Those to be tried. One with which nothing is recorded comes a second time, where it begins in the midst of a
# recording. "shows" is not tried: nothing that the device sees would tell (assumption 5 of guard.c).
all_profiles() {
    awk '$2 != "shows" { print $1 } $2 == "still" { print $1 "@150" }' "$tmp/profiles"
}

# the stand-in is to be as PROFILE says
pretend() {
    export MAGSIM_PROFILE="${1%@*}"
    case $1 in
    *@*) pretend_until="frames 1..$((${1#*@} - 1))"
         MAGSIM_SET="filter = honour $pretend_until; filter_false = no $pretend_until"
         export MAGSIM_SET="$MAGSIM_SET; filter_readback = honest $pretend_until; filter_misses = none $pretend_until" ;;
    esac
}

# attack NAME SEED MILLISECONDS: in the background, what it does in NAME.acts
attack() {
    LD_PRELOAD=$E2E_BUILD/tests/ground.so timeout -k 10 "$net" \
        wine "$tmp/$1.exe" "$2" "$3" "$area" > "$tmp/$1.acts" 2> /dev/null &
    attackers="$attackers $!"
}

# take SECONDS RULES [OPTION...]: in $tmp/raw, the times of its frames in $tmp/pts
take() {
    take_seconds=$1
    take_rules=$2
    shift 2
    rm -f "$tmp/raw" "$tmp/pts" "$tmp/list"
    # shellcheck disable=SC2086 # they are words
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -loglevel verbose -copyts -y -f "$device" \
        -draw_mouse 0 -framerate 20 -exclude "$take_rules" -exclude_log "$(windows_path "$tmp/list")" "$@" -t "$take_seconds" -i desktop \
        -c:v rawvideo -pix_fmt bgr0 $each_packet -f rawvideo "$(windows_path "$tmp/raw")" \
        -c:v copy -f framecrc "$(windows_path "$tmp/pts")" > "$tmp/log" 2>&1
}

# Plain windows open and grow over one that matches, and no frame has that one's colour: if one had, no round
# could tell anything.
opens() {
    mkdir -p "$tmp/below" && cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/below/secret.exe" || return 1
    scene_open "$tmp/below/secret.exe"
    on 2 "window below at=0,0 size=${area#*,*,} color=$color" || return 1
    attackers=
    attack plain open $((opens_seconds * 1000 + 3000))
    take "$opens_seconds" exe=secret.exe
    opens_result=$?
    # shellcheck disable=SC2086
    wait $attackers
    scene_close
    echo "$(grep -c ' plain at ' "$tmp/plain.acts") windows were opened"
    grep -q ' plain at ' "$tmp/plain.acts" && [ "$opens_result" = 0 ] &&
        frames "$size" "$tmp/raw" "tint $color" 'stamp 40,456 distinct>=5'
}

# before FRAME: what was done in the half second before it was taken
before() {
    before_us=$(tr -d '\r' < "$tmp/pts" | grep -v '^#' | awk -F, -v n="$1" 'NR == n + 1 { printf "%.0f\n", $3 }')
    echo "frame $1 was taken at $before_us us; before that and in the next 100 ms:"
    cat "$tmp/secret.acts" "$tmp/plain.acts" | tr -d '\r' | sort -n |
        awk -v t="$((before_us / 1000))" '$1 > t - 500 && $1 < t + 100 { print $1 - t " ms " $0 }'
}

# count_frames: how many, how many were held back and how many pixels of it there are, of one recording
count_frames() {
    round_frames=$((round_frames + $(stat -c %s "$tmp/raw" 2> /dev/null || echo 0) / (640 * 480 * 4)))
    round_held=$((round_held + $(sed -n 's/.*Exclusion: \([0-9]*\) frames held back.*/\1/p' "$tmp/log" | grep . || echo 0)))
    round_pixels=$((round_pixels + $(sed -n 's/^ *tint .*: \([0-9]*\) pixels.*/\1/p' "$tmp/said" | grep . || echo 0)))
}

# A start is refused where no frame is certain for long, as any program can have it. It is tried again then; one
# that begins after the attackers' end must succeed.
take_at_last() {
    while :; do
        kill -0 "${attackers##* }" 2> /dev/null && take_attacked=yes || take_attacked=
        take $((seconds + rest)) "$rules" "$@"
        take_code=$?
        # whose code may be 0 (is_failed_input)
        [ -n "$take_attacked" ] && [ ! -s "$tmp/raw" ] && grep -a 'none is certain' "$tmp/log" || return "$take_code"
        : > "$tmp/said"
        count_frames
    done
}

# A recording is begun again and again while the attackers are at work: most are refused.
tries() {
    while kill -0 "${attackers##* }" 2> /dev/null; do
        take $((seconds + rest)) "$rules" "$@"
        tries_code=$?
        : > "$tmp/said"
        [ ! -s "$tmp/raw" ] || frames "$size" "$tmp/raw" "tint $color" > "$tmp/said" || return 1
        count_frames
        tail -n 3 "$tmp/log" | cut -c 1-200
        [ "$tries_code" = 0 ] || is_error "$tries_code" || return 1
    done
}

# round SEED PROFILE: for $seconds, and then a rest in which new pictures must come
round() {
    echo "seed $1, profile $2: $(how "$2")"
    attackers=
    round_frames=0 round_held=0 round_pixels=0
    # what plain.exe has is owned by windows of secret.exe, which stay until it is gone
    attack secret "$1" $((seconds * 1000 + 1500))
    attack plain $(($1 + 1)) $((seconds * 1000))
    pretend "$2"
    round_result=0
    if [ "$(how "$2")" = moves ]; then
        # shellcheck disable=SC2086 # they are words
        take_at_last ${ADVERSARY_OPTIONS:-} || round_result=1
        # what is repeated for long is black: the counter is looked at in the rest
        frames "$size" "$tmp/raw" "tint $color" 'frame -20..-1' 'stamp 40,456 distinct>=5' > "$tmp/said" ||
            round_result=1
        count_frames
    elif [ "$2" != "${2%@*}" ]; then
        # shellcheck disable=SC2086
        take_at_last ${ADVERSARY_OPTIONS:-} || is_error $? || round_result=1
        frames "$size" "$tmp/raw" "tint $color" > "$tmp/said" || round_result=1
        count_frames
    else
        # shellcheck disable=SC2086
        tries ${ADVERSARY_OPTIONS:-} || { round_result=1; count_frames; }
    fi
    unset MAGSIM_PROFILE MAGSIM_SET
    ! grep -a 'PROFILE ERROR' "$tmp/log" || round_result=1
    # shellcheck disable=SC2086
    wait $attackers
    cat "$tmp/said"
    own_lines "$tmp/log" | tail -n 12 | cut -c 1-200
    round_acts=$(cat "$tmp/secret.acts" "$tmp/plain.acts" | grep -c '^[0-9]')
    echo "$round_acts acts, $round_frames frames, $round_held held back, $round_pixels pixels"
    echo "$2 $round_acts $round_frames $round_held $round_pixels" >> "$tmp/rounds"
    cat "$tmp/secret.acts" "$tmp/plain.acts" | tr -d '\r' | grep '^done' >> "$tmp/deeds"
    grep -q ' end' "$tmp/plain.acts" && grep -q ' end' "$tmp/secret.acts" ||
        { echo 'an attacker did not come to its end'; round_result=1; }
    [ "$round_result" = 0 ] && return
    round_frame=$(sed -n 's/^ *frame \([0-9]*\),* .*/\1/p' "$tmp/said" | head -n 1)
    [ -z "$round_frame" ] || before "$round_frame"
    echo "ADVERSARY_SEED=$(($1 - 2)) ADVERSARY_PROFILES=$2 does it again, by chance"
    [ -z "${ADVERSARY_KEEP:-}" ] || { mkdir -p "$ADVERSARY_KEEP/$1" &&
        cp "$tmp/raw" "$tmp/log" "$tmp/pts" "$tmp/list" "$tmp"/*.acts "$tmp/said" "$ADVERSARY_KEEP/$1"; }
    return 1
}

# The server of Wine 10 may be in a loop without an end, and what a round says then is nothing about the device.
server_answers() {
    timeout -k 5 60 wine "$tmp/plain.exe" > /dev/null 2>&1
    [ $? = 2 ]
}

# try_round SEED PROFILE
try_round() {
    # before anything is done for it
    [ -z "${E2E_ONLY:-}" ] || echo "$build, $2: what matches is in no frame, whatever is done" |
        grep -q -e "$E2E_ONLY" || return 0
    round "$1" "$2" > "$tmp/round" 2>&1
    try_code=$?
    [ "$try_code" = 0 ] || [ "$round_pixels" != 0 ] || server_answers || bail_scene "Wine's server does not answer"
    check "$build, $2: what matches is in no frame, whatever is done" sh -c "cat '$tmp/round'; exit $try_code"
}

# A handle that a recorded window had is that of one that is left out: what was known of it is of no
# use. The window that is recorded, and so the recording, ends with the program.
handle_again() {
    rm -f "$tmp/raw"
    timeout -k 10 400 wine "$tmp/plain.exe" again 1500 "$area" < "$tmp/go" > "$tmp/again.acts" 2> /dev/null &
    again_pid=$!
    exec 9> "$tmp/go"
    until grep -s -q 'plain at' "$tmp/again.acts"; do
        kill -0 "$again_pid" || { exec 9>&-; return 1; }
        sleep 0.1
    done
    # shellcheck disable=SC2086 # they are words
    timeout -k 10 400 wine "$ffmpeg" -hide_banner -nostdin -nostats -loglevel verbose -y -f "$device" -draw_mouse 0 \
        -framerate 20 -exclude "class=AdversarySecret" -i 'title=adversary area' -c:v rawvideo -pix_fmt bgr0 \
        $each_packet -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 9>&- &
    again_recorder=$!
    until grep -a -s -q 'Capturing ' "$tmp/log"; do
        kill -0 "$again_recorder" || { cat "$tmp/log"; exec 9>&-; return 1; }
        sleep 0.1
    done
    echo go >&9
    exec 9>&-
    wait "$again_pid"
    again_code=$?
    wait "$again_recorder"
    cat "$tmp/again.acts"
    own_lines "$tmp/log"
    [ "$again_code" = 0 ] || { echo 'the handle did not come back'; return 1; }
    frames "${area#*,*,}" "$tmp/raw" "tint $color" && grep -a -q 'leaving out .*AdversarySecret' "$tmp/log"
}

rules='exe=secret.exe|class=AdversarySecret|title=*my secret*'
list_profiles > "$tmp/profiles"
grep -q '^default moves' "$tmp/profiles" || bail 'tests/faults/matrix is not what it was'
case ${ADVERSARY_PROFILES:-default} in
all)    profiles=$(all_profiles) ;;
# where there is no git: the one of the device as it is
commit) profiles=$({ git -C "$top" rev-parse HEAD 2> /dev/null || cat "$top"/libavdevice/magnifier/*.c; } | cksum)
        profiles=$(all_profiles | awk -v n="${profiles%% *}" '{ p[NR - 1] = $1 } END { print p[n % NR] }') ;;
*)      profiles=${ADVERSARY_PROFILES:-default} ;;
esac
for profile in $profiles; do
    [ -n "$(how "$profile")" ] || bail "there is no row of $profile in tests/faults/matrix"
done
awk '$2 == "shows" { print "not tried, as nothing that the device sees would tell: " $1 }' "$tmp/profiles" | comment
: > "$tmp/rounds"
: > "$tmp/deeds"

mkfifo "$tmp/go" || bail 'mkfifo'
opens_seconds=5
seed=${ADVERSARY_SEED:-$(date +%s)}
share=${ADVERSARY_SHARE:-1/1}
# where prove lets it through
[ "${ADVERSARY_PROFILES:-}" = all ] && said=all || said=$profiles
echo "ADVERSARY_SEED=$seed ADVERSARY_PROFILES='$said' ADVERSARY_SHARE=$share" | comment >&2

if [ "${share%/*}" = 1 ]; then
    check "$build: what opens over what matches holds nothing of it" opens
    check "$build: a handle that is used again" handle_again
fi

n=0
left=${ADVERSARY_SECONDS:-$seconds}
while [ "$left" -gt 0 ]; do
    for profile in $profiles; do
        [ "$left" -gt 0 ] || break
        n=$((n + 1))
        [ $((n % ${share#*/})) != $((${share%/*} % ${share#*/})) ] || try_round $((seed + 2 * n)) "$profile"
        left=$((left - seconds))
    done
done

if [ -n "${ADVERSARY_TABLE:-}" ]; then
    sed "s/^/$(wine --version | cut -d ' ' -f 1) /" "$tmp/rounds" >> "$ADVERSARY_TABLE"
    sed "s/^/$(wine --version | cut -d ' ' -f 1) /" "$tmp/deeds" >> "$ADVERSARY_TABLE.deeds"
fi
finish
