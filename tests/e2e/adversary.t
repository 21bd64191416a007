#!/bin/sh
# Two programs do by chance what could come between the device's steps: no frame has the colour
# of what matches, and new pictures come again when they rest. ADVERSARY_SECONDS is for how long
# (20, the time of a round), ADVERSARY_SEED the seed of the first round, ADVERSARY_KEEP a folder
# for what a round that fails leaves.
#
# "make adversary", and no part of "make test": a window that does not match may open over one that
# does, and until it has painted Wine lets it hold what the screen showed there. So once in some
# thirty rounds a frame has some pixels just inside of a window that opened at that moment. That is
# no hole of the device's; all else is.

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
scene_open
show "window back at=0,0 size=$size pattern=plaid" \
     'window count at=40,456 size=192x16 pattern=stamp topmost' 'tick count rate=20'
cp "$E2E_BUILD/tests/$arch/adversary.exe" "$tmp/secret.exe" &&
    cp "$tmp/secret.exe" "$tmp/plain.exe" || bail 'cp'

# attack NAME SEED MILLISECONDS: in the background, what it does in NAME.acts
attack() {
    timeout -k 10 "$net" wine "$tmp/$1.exe" "$2" "$3" "$area" > "$tmp/$1.acts" 2> /dev/null &
    attackers="$attackers $!"
}

# before FRAME: what was done in the half second before it was taken
before() {
    before_us=$(tr -d '\r' < "$tmp/pts" | grep -v '^#' | awk -F, -v n="$1" 'NR == n + 1 { printf "%.0f\n", $3 }')
    echo "frame $1 was taken at $before_us us; before that and in the next 100 ms:"
    cat "$tmp/secret.acts" "$tmp/plain.acts" | tr -d '\r' | sort -n |
        awk -v t="$((before_us / 1000))" '$1 > t - 500 && $1 < t + 100 { print $1 - t " ms " $0 }'
}

# round SEED: for $seconds, and then a rest in which new pictures must come
round() {
    echo "seed $1"
    rm -f "$tmp/raw" "$tmp/pts"
    attackers=
    # what plain.exe has is owned by windows of secret.exe, which stay until it is gone
    attack secret "$1" $((seconds * 1000 + 1500))
    attack plain $(($1 + 1)) $((seconds * 1000))
    # shellcheck disable=SC2086 # they are words
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -loglevel verbose -copyts -y -f "$device" \
        -draw_mouse 0 -framerate 20 -exclude "exe=secret.exe|class=AdversarySecret|title=*my secret*" \
        ${ADVERSARY_OPTIONS:-} -t $((seconds + rest)) -i desktop \
        -c:v rawvideo -pix_fmt bgr0 $each_packet -f rawvideo "$(windows_path "$tmp/raw")" \
        -c:v copy -f framecrc "$(windows_path "$tmp/pts")" > "$tmp/log" 2>&1
    round_result=$?
    # shellcheck disable=SC2086
    wait $attackers
    # what is repeated for long is black: the counter is looked at in the rest
    frames "$size" "$tmp/raw" "tint $color" 'frame -20..-1' 'stamp 40,456 distinct>=5' > "$tmp/said" ||
        round_result=1
    cat "$tmp/said"
    own_lines "$tmp/log" | tail -n 12 | cut -c 1-200
    echo "$(cat "$tmp/secret.acts" "$tmp/plain.acts" | wc -l) acts," \
         "$(grep -c 'used again: yes' "$tmp/plain.acts") handles used again"
    grep -q ' end' "$tmp/plain.acts" && grep -q ' end' "$tmp/secret.acts" ||
        { echo 'an attacker did not come to its end'; round_result=1; }
    [ "$round_result" = 0 ] && return
    round_frame=$(sed -n 's/^ *frame \([0-9]*\),* .*/\1/p' "$tmp/said" | head -n 1)
    [ -z "$round_frame" ] || before "$round_frame"
    echo "ADVERSARY_SEED=$1 does it again, by chance"
    [ -z "${ADVERSARY_KEEP:-}" ] || { mkdir -p "$ADVERSARY_KEEP/$1" &&
        cp "$tmp/raw" "$tmp/log" "$tmp/pts" "$tmp"/*.acts "$tmp/said" "$ADVERSARY_KEEP/$1"; }
    return 1
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

mkfifo "$tmp/go" || bail 'mkfifo'
check "$build: a handle that is used again" handle_again

seed=${ADVERSARY_SEED:-$(date +%s)}
left=${ADVERSARY_SECONDS:-$seconds}
while [ "$left" -gt 0 ]; do
    check "$build: what matches is in no frame, whatever is done" round "$seed"
    seed=$((seed + 2))
    left=$((left - seconds))
done

finish
