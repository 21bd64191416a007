#!/bin/sh
# What each frame says of itself: through ffprobe, a filter and a program of another's, beside
# what is in the picture, what the stand-in was given, and the closing line. The colour
# that is left out is in none, whatever it says.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene
secret_scene

secret='-exclude exe=secret.exe'

# values KEY: what the frames in $tmp/tags have under it, one line each in the order of time
values() {
    tr '|' '\n' < "$tmp/tags" | sed -n "s/^\(tag:lavfi\.magnifier\.\)\{0,1\}$1=//p"
}

# all KEY VALUE: each frame has that, whatever their number
all() {
    [ -n "$(values "$1")" ] && [ "$(values "$1" | sort -u)" = "$2" ] && [ "$(values "$1" | wc -l)" = "$frames" ] && return 0
    echo "$1 is not $2 in all of $frames frames:"
    cat "$tmp/tags"
    return 1
}

# some KEY VALUE
some() {
    values "$1" | grep -qx -e "$2" || { echo "$1 is $2 in none:"; cat "$tmp/tags"; return 1; }
}

none() {
    [ -z "$(values "$1")" ] || { echo "$1 is there:"; cat "$tmp/tags"; return 1; }
}

# ---- through FFmpeg ------------------------------------------------------------

# probe [OPTION...]: five frames, as ffprobe shows them
probe() {
    frames=5
    timeout -k 10 "$net" wine "$ffprobe" -hide_banner -f "$device" -framerate 20 -draw_mouse 0 "$@" -i desktop \
        -show_frames -read_intervals '%+#5' -of compact=p=0 2> "$tmp/log" | tr -d '\r' > "$tmp/tags"
    [ "$(wc -l < "$tmp/tags")" = 5 ] || { cat "$tmp/log" "$tmp/tags"; return 1; }
}

open() {
    probe && all state open && none list && none reason
}

no_rule() {
    printf '# nothing yet\n' > "$tmp/rules"
    frames=5
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -y -f "$device" -framerate 20 -draw_mouse 0 \
        -exclude_file "$(windows_path "$tmp/rules")" -i desktop -vf metadata=print:file=- -frames:v 5 -f null - \
        > "$tmp/print" 2> "$tmp/log" || { cat "$tmp/log"; return 1; }
    tr -d '\r' < "$tmp/print" | grep -a '^lavfi' | sed 's/^lavfi\.magnifier\.//' > "$tmp/tags"
    all state open && none list && none reason
}

proven() {
    # shellcheck disable=SC2086 # words
    probe $secret && all state proven && all list 1 && some listed '[1-9]' && all painted 0 && all rules 1 &&
        none reason
}

clean() {
    # shellcheck disable=SC2086 # words
    probe $secret -exclude_proof off && all state clean && some listed '[1-9]' && none reason
}

# What the filter prints is of the frame beside it in the output.
filtered() {
    # shellcheck disable=SC2086 # words
    MAGSIM_PROFILE=$1 timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -y -f "$device" -framerate 20 \
        -draw_mouse 0 $secret -i desktop -vf metadata=print:file=- $each_packet -frames:v 25 \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/print" 2> "$tmp/log" ||
        { cat "$tmp/log"; return 1; }
    tr -d '\r' < "$tmp/print" | grep -a '^lavfi' | sed 's/^lavfi\.magnifier\.//' > "$tmp/tags"
    frames=$(values state | wc -l)
    frames "$size" "$tmp/raw" "number $frames" 'tint ff00ff' || return 1
    number=0
    for state in $(values state); do
        echo "frame $number"
        case $state in
        proven|clean) echo 'rect 0,0,640x460 plaid@0,0' ;;
        repeat)       ;;
        *)            echo "state $state"; return 1 ;;
        esac
        number=$((number + 1))
    done > "$tmp/statements"
    # shellcheck disable=SC2046 # lines are words here
    (IFS='
'; frames "$size" "$tmp/raw" $(cat "$tmp/statements")) && some state proven
}

# some_reason_with WORDS
some_reason_with() {
    values reason | grep -q "$1"
}

# how soon the second reason, that it stays, takes the place of the first one is a matter of time
filtered_repeats() {
    filtered filter-ignored-later && some state repeat && some_reason_with 'the canary'
}

# ---- in a program of another's ---------------------------------------------------

# what is true of all pictures
colour='tint ff00ff'

# host FRAMES OPTIONS: tags of its packets, each one what it says, none with the colour,
# and the closing lines have their sums
host() {
    frames=$1
    MAGSIM_LOG=$tmp/simulator timeout -k 10 "$net" wine "$E2E_BUILD/tests/$build/host.exe" metadata "$1" \
        "$(windows_path "$tmp/raw")" "framerate=20:draw_mouse=0:$2" > "$tmp/host.raw" 2>/dev/null < /dev/null
    host_code=$?
    tr -d '\r' < "$tmp/host.raw" > "$tmp/host"
    grep -a '^packet' "$tmp/host" > "$tmp/tags"
    [ "$host_code" = 0 ] || { cat "$tmp/host"; return 1; }
    ! grep -a 'PROFILE ERROR' "$tmp/host" || return 1
    [ ! -s "$tmp/raw" ] || frames "$size" "$tmp/raw" "number $frames" "$colour" || return 1
    sums || { cat "$tmp/host"; return 1; }
}

# number STATE
number() {
    values state | grep -cx -e "$1"
}

# closing PATTERN: the number in it
closing() {
    sed -n "s/.*$1.*/\\1/p" "$tmp/host"
}

most() {
    { echo 0; values "$1"; } | sort -n | tail -n 1
}

sums() {
    repeats=$(($(number repeat) + $(number black) + $(number outage)))
    echo "$(number proven) proven, $(number clean) clean, $(number open) open, $repeats others"
    # the device's lines have no name here
    [ "$(sed -n 's/^\([0-9]*\) frames, .* slots skipped.*/\1/p' "$tmp/host")" = "$(values state | wc -l)" ] ||
        { echo 'frames'; return 1; }
    [ "$(closing ' frames, \([0-9]*\) repeats')" = "$repeats" ] || { echo 'repeats'; return 1; }
    case $(values state | sort -u) in
    open) return ;;
    esac
    [ "$(closing ' held back, \([0-9]*\) delivered without')" = "$(number clean)" ] || { echo 'without proof'; return 1; }
    [ "$(closing ' proof, \([0-9]*\) lists')" -ge "$(most list)" ] || { echo 'lists'; return 1; }
    [ "$(closing 'at most \([0-9]*\) windows')" -ge "$(most listed)" ] || { echo 'listed'; return 1; }
    [ "$(closing 'and \([0-9]*\) painted')" -ge "$(most painted)" ] || { echo 'painted'; return 1; }
    # none without a reason that has no new picture, and none with one that has
    [ "$(values reason | wc -l)" = "$repeats" ] || { echo 'reasons'; return 1; }
}

# given: the most entries that the stand-in was given for a list
given() {
    sed -n 's/.* filter .* count=\([0-9]*\) .*/\1/p' "$tmp/simulator" | tr -d '\r' | sort -n | tail -n 1
}

sums_open() {
    colour='count ff00ff 60000' host 20 video_size=640x480 && all state open
}

sums_proven() {
    host 20 exclude=exe=secret.exe && [ "$(number proven)" -ge 15 ] || return 1
    # the stand-in was given these windows, the device's own, and the canary; or more, for a
    # picture that was not delivered
    echo "$(given) given, $(most listed) listed"
    [ "$(most listed)" -ge 1 ] && [ "$(given)" -ge $(($(most listed) + 2)) ]
}

sums_off() {
    host 20 exclude=exe=secret.exe:exclude_proof=off && [ "$(number clean)" -ge 15 ]
}

sums_outage() {
    MAGSIM_PROFILE=outage host 30 exclude=exe=secret.exe && some state outage &&
        some reason 'the API gives no picture' && some state proven
}

sums_black() {
    MAGSIM_PROFILE=filter-ignored-later host 30 exclude=exe=secret.exe:on_unsafe=black && some state black &&
        some state proven
}

# A window that opens: another list, with it. A rule that comes: another generation.
sums_lists() {
    rm -f "$tmp/raw"
    printf 'exe=secret.exe\n' > "$tmp/rules"
    host 60 "exclude_file=Z\\:$tmp/rules" &
    recorder=$!
    until [ "$(stat -c %s "$tmp/raw" 2>/dev/null || echo 0)" -gt $((640 * 480 * 4 * 10)) ]; do
        kill -0 "$recorder" 2>/dev/null || { echo 'it was over before'; return 1; }
        sleep 0.1
    done
    on 2 'window two at=450,100 size=50x50 color=ff00ff' || return 1
    printf 'exe=secret.exe\ntitle=nobody\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
    wait "$recorder"
    code=$?
    on 2 'destroy two'
    # what runs in the background cannot leave its variables
    frames=60
    [ "$code" = 0 ] && some rules 1 && some rules 2 || return 1
    [ "$(values listed | sort -u | wc -l)" -gt 1 ] || { echo 'no other list'; return 1; }
    # neither runs backwards
    for key in list rules; do
        values $key > "$tmp/values"
        sort -n "$tmp/values" | cmp -s - "$tmp/values" || { echo "$key runs backwards"; return 1; }
    done
}

# hostile PROFILE OPTIONS: where frames come
hostile() {
    MAGSIM_PROFILE=$1 host 20 "exclude=exe=secret.exe$2"
}

painted() {
    forty 2 10 20 300 40 30 'size=60x40 color=ff00ff' || return 1
    painted_result=0
    host 20 exclude=exe=secret.exe && some painted 19 && [ "$(most listed)" = 22 ] || painted_result=1
    for profile in filter-over-refused filter-over-refused-cut filter-over-cut filter-over-none-honest; do
        MAGSIM_SET='filter_cap = 12' hostile $profile '' || painted_result=1
    done
    no_forty 2
    return $painted_result
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: ffprobe: nothing is to be left out" open
    check "$b: a file of rules that has none" no_rule
    check "$b: ffprobe: proven" proven
    check "$b: ffprobe: clean without proof" clean
    check "$b: the filter metadata prints what the frame is" filtered default
    check "$b: and that it is the last one again, and why" filtered_repeats
    check "$b: the sums: nothing is to be left out" sums_open
    check "$b: the sums: proven" sums_proven
    check "$b: the sums: no canary" sums_off
    check "$b: the sums: an outage" sums_outage
    check "$b: the sums: black in place of what is unsafe" sums_black
    check "$b: the sums: another list, and other rules" sums_lists
    for profile in filter-late filter-ignored-later filter-readback-short filter-readback-empty \
                   filter-readback-fails filter-dead-fails filter-unlimited; do
        check "$b: $profile: each frame is what it says" hostile $profile ''
    done
    check "$b: filter-late, without a canary" hostile filter-late :exclude_proof=off
    check "$b: filter-refused, black: each frame is what it says" hostile filter-refused :on_unsafe=black
    check "$b: 41 windows: some are painted over" painted
done

finish
