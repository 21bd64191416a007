#!/bin/sh
#
# Whatever the API does with its frame blocks, the device gives back what is its
# to give back, leaves the rest alone, and says so. The simulator watches every
# free of the process (GUARD lines in its log), and its log shows the order of
# the teardown.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720

# Somebody is always there: where the last program of a desktop has just ended, Wine
# ends its services, and the next program may fail to start.
scene_open
show 'window back at=0,0 size=1280x720 pattern=plaid'

log=$tmp/simulator.log
out=$tmp/cycles
archs=$(for build in $E2E_BUILDS; do echo "${build#*/}"; done | sort -u)

# host PROFILE MODE ARGUMENT...: runs cycles.exe (tests/soak), keeps its lines
host() {
    host_profile=$1
    shift
    rm -f "$log"
    MAGSIM_PROFILE=$host_profile MAGSIM_LOG=$log \
        timeout -k 10 "$net" wine "$E2E_BUILD/tests/$arch/cycles.exe" "$@" > "$out.crlf" 2> "$out.err"
    host_code=$?
    tr -d '\r' < "$out.crlf" > "$out"
    cat "$out" "$out.err"
    grep GUARD "$log"
    return "$host_code"
}

says() {
    grep -q "$1" "$out" || { echo "it does not say: $1"; return 1; }
}

# closed TIMES WORDS: that many captures were closed with these words, an extended
# regular expression; the host prints a line for each run of equal ones
closed() {
    awk -F '\t' -v times="$1" -v words="^($2)\$" '
        $1 == "closed" && $3 ~ words { nb += $2 }
        END {
            if (nb != times)
                printf "%d closings say: %s\n", nb, words
            exit nb != times
        }' "$out"
}

# Controls go without a callback and while the API is up, blocks are freed when it
# is no more, and nothing is freed that is not ours to free.
orderly() {
    awk '
        / control_gone / && !/ callback=0 initialized=1$/ { print; bad = 1 }
        / client_free /  && !/ initialized=0$/            { print; bad = 1 }
        / (exit|unload) /                                 { ends++ }
        / (exit|unload) / && !/ guard=0 green$/           { print; bad = 1 }
        END { exit bad || !ends }' "$log"
}

# blocks PROFILE VERDICT LIVE [SETTING]: eight captures of five frames
blocks() {
    MAGSIM_SET=${4-} host "$1" run cycles=8 every=8 frames=5 &&
        closed 8 "$2" && orderly &&
        case $3 in
        unloaded) not says '^sim' ;;
        *)        says "^sim	live=$3	guard=0\$" ;;
        esac
}

# fails PROFILE LIVE [SETTING]: the start fails each time, after the first callback
fails() {
    MAGSIM_SET=${3-} host "$1" failing cycles=8 every=8 frames=5 &&
        says '^failed	8	' && not says '^closed' && orderly &&
        says "^sim	live=$2	guard=0\$"
}

none='0 blocks, 0 bytes reclaimed'
one='1 block, 3686400 bytes reclaimed'
left="$none; 1 block left alone"
freed='already freed by the DLL'
elsewhere='not in the process heap'

# Wine 10's heap does not always give an address out again at once, as Wine 8's does.
case $(wine --version) in
wine-[1-9].*) again=$one ;;
*)            again="$one(; 1 block left alone: $freed)?" ;;
esac

# the block is freed when its control is gone, and somebody else gets its address, or nobody
stolen() {
    MAGSIM_SET='' host "$1" run cycles=8 every=8 frames=5 || return 1
    hands=$(grep -c 'block_stolen .* same_address=1' "$log")
    closed "$hands" "$left: changed hands" && closed $((8 - hands)) "$left: $freed" &&
        orderly && says '^sim	live=0	guard=0$'
}

# the screen changes its size: another control, another block
resize() {
    xrandr --output "$(xrandr -q | awk '$2 == "connected" { print $1; exit }')" --mode "$1"
}

size_changes() {
    rm -f "$log"
    (
        while ! grep -q 'frame n=4 ' "$log" 2> /dev/null; do
            sleep 0.1
        done
        resize 1024x768
    ) &
    host "$1" run cycles=1 frames=80 -- framerate=20 &&
        says '^closed	1	2 blocks, ' && orderly && says '^sim	live=0	guard=0$'
    size_code=$?
    kill $! 2> /dev/null
    wait $!
    resize 1280x720 && return "$size_code"
}

# whoever wins, nobody frees what is the other's
race() {
    MAGSIM_SET="steal_delay_ms = $1" host block-stolen run cycles=40 every=40 frames=2 &&
        orderly && says '^sim	live=0	guard=0$'
}

interrupted() {
    host "$1" interrupt cycles=4 every=4 &&
        says '^failed	4	Immediate exit' && not says ' left alone' &&
        orderly && says '^sim	live=0	guard=0$' &&
        awk '$1 == "at" { left = $4 } END { exit left }' "$out"
}

at_work() {
    interrupted slow && says "^closed	4	$one\$"
}

# the session is over before the device ends it, so the order is not the device's
foreign_end() {
    host default foreign cycles=8 every=8 frames=3 &&
        says "^closed	8	$one\$" && says '^sim	live=0	guard=0$'
}

foreign_in_between() {
    host foreign-uninit run cycles=2 every=2 frames=40 -- framerate=20 &&
        says '^closed	1	2 blocks, 7372800 bytes reclaimed$' &&
        says "^closed	1	$one\$" && says '^sim	live=0	guard=0$'
}

# each allocation of opening, reading and closing fails once
no_memory() {
    host default enomem every=1000 -- video_size=320x200 exclude=title=nothing &&
        says '^failed	.*	Cannot allocate memory$' &&
        not says ' left alone' && orderly && says '^sim	live=0	guard=0$' &&
        awk '$1 == "at" && $4 { exit 1 }' "$out"
}

# 1,000 others come and go while one capture goes on. The device ends the session
# early when 64 MB lie about, so there is never more than that, a block that was just
# added, and the frames of three captures; the one that goes on misses no slot.
overlap() {
    host pattern overlap cycles=1000 every=100 &&
        says '^kept	.*, 0 repeats, 0 slots skipped, 0 outages; ' &&
        says '^reader	.*	disorder=0	ret=0' &&
        says '^recycled	[1-9][0-9]' &&
        says '^sim	live=0	guard=0$' && orderly &&
        awk '$1 == "peak" { few = $2 <= 22 } END { exit !few }' "$out"
}

for arch in $archs; do
    while IFS='|' read -r profile verdict live setting; do
        check "$arch: $profile${setting:+, $setting}: $verdict" \
            blocks "$profile" "$verdict" "$live" "$setting" < /dev/null
    done <<EOF
block-leaks|$one|0
block-without-callback|$one|0
block-freed-at-destroy|$left: $freed|0
block-freed-at-uninit|$left: $freed|0
block-freed-at-unload|$left: $freed|unloaded
unload|$one|unloaded
block-per-frame-leaked|[1-9][0-9]* blocks, [1-9][0-9]* bytes reclaimed|0
block-per-frame-freed|$again|0
block-rotate2|2 blocks, 7372800 bytes reclaimed|0
block-rotate3|3 blocks, 11059200 bytes reclaimed|0
block-inside|$left: inside a bigger block|8
block-misaligned|$left: inside a bigger block|8
block-private-heap|$left: $elsewhere|8
block-virtual|$left: $elsewhere|8
block-stolen-later|$one|0
cbsize-huge|$left: smaller than announced|8
callback-twice|$one|0
callback-in-destroy|$one|0
host-painted|$one|0
heap-walk-committed|$one|0
heap-walk-without|$left: not listed by HeapWalk|8
EOF

    for profile in block-per-size-leaked block-per-size-freed block-per-size-reused; do
        check "$arch: $profile: the blocks of both sizes come back" size_changes $profile
    done
    for profile in block-stolen block-stolen-silent; do
        check "$arch: $profile: the block is left alone" stolen $profile
    done
    check "$arch: block-stolen while the device looks for the block" race 0
    check "$arch: block-stolen, at about the same time" race 1

    check "$arch: a capture without a single frame" \
        eval "host default run cycles=8 frames=0 && says '^closed	8	$one\$' && orderly"
    for profile in width-less format-unknown stride-short offset-huge cbsize-zero; do
        # a size of 0 proves nothing, so that block stays
        check "$arch: $profile: the start fails, the block comes back" \
            fails $profile "$([ $profile = cbsize-zero ] && echo 8 || echo 0)"
    done
    check "$arch: block-null: the start fails" fails block-null 0
    check "$arch: each allocation fails once" no_memory
    check "$arch: closed while the API is at work" at_work
    check "$arch: closed while the API hangs for a second" interrupted hang-1s
    check "$arch: closed after somebody else's MagUninitialize" foreign_end
    check "$arch: somebody else's MagUninitialize while recording" foreign_in_between
    check "$arch: 1,000 captures overlapping another" overlap
done
finish
