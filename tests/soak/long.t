#!/bin/sh
#
# One capture for LONG_SECONDS (180), at 30 pictures a second, with an exclusion: windows come and
# go all the time, those that are left out and others, the mode of the screen changes, and the API
# fails for three seconds, again and again. No packet shows a pixel of what is left out, none is out
# of order, and nothing that the process holds grows: what was highest in the second half was so
# in the first, but for its beginning. What it held is in build/soak/, with a picture of it.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
seconds=${LONG_SECONDS:-180}
arch=${LONG_ARCH:-x86_64}
file_net=$((seconds + 600))
on_desktop --size 800x600

# in an hour a mode each minute, an outage each five; else as many of them as it takes to see each twice
# in either half
if [ "$seconds" -ge 1800 ]; then
    mode=60 outage=300 sample=10
else
    mode=$((seconds / 18)) outage=$((seconds / 4)) sample=$((seconds / 90 + 1))
fi
table=$E2E_BUILD/soak/long-$seconds-$arch-$(wine --version | cut -d . -f 1).tsv
mkdir -p "$E2E_BUILD/soak" || bail "mkdir"

# No window is as large as the screen: Wine puts such a one on top when that changes.
scene_open
show 'window back at=20,20 size=560x400 pattern=plaid' 'window count at=420,430 size=192x16 pattern=stamp' \
     'tick count rate=20'
secret_scene
output=$(xrandr -q | awk '$2 == "connected" { print $1; exit }')

# As in exclude.t, what this Wine does not tell of is not done.
acts=move,size,create
! tells_of_show || acts=$acts,show,raise
on 2 "storm wild rate=5 area=20,20,380x440 count=8 do=$acts color=ff00ff seed=7" || bail_scene 'the secret storm'
# beside it, and not above: X begins a new window with what was seen at its place
show "storm plain rate=5 area=410,20,210x400 count=8 do=$acts color=305080 seed=3"

change_mode() {
    case ${screen:-800x600} in
    800x600) screen=640x480 ;;
    *)       screen=800x600 ;;
    esac
    # the second time so that Wine hears of it
    xrandr --output "$output" --mode "$screen" && xrandr -q > /dev/null
}

# what the program writes, while it does
follow_program() {
    while IFS= read -r line; do
        case $line in
        mode*) change_mode < /dev/null || line="nomode${line#mode}" ;;
        esac
        printf '%s\n' "$line"
    done
}

# A picture takes half a slot, as it does on Windows: windows come and go between a look and the picture.
run() {
    MAGSIM_SET='guard_checksum = no; frame_delay_ms = 15' timeout -k 10 $((seconds + 300)) \
        wine "$E2E_BUILD/tests/$arch/long.exe" seconds="$seconds" mode="$mode" outage="$outage" sample="$sample" -- \
        framerate=30 draw_mouse=1 exclude=exe=secret.exe 2> "$tmp/log" < /dev/null |
        follow_program > "$table"
    tail -n 20 "$tmp/log"
    grep -v '^at\|^mode\|^outage' "$table" | head -n 20
    awk -v seconds="$seconds" '$1 == "end" && $2 >= seconds - 1 && $3 == "ok" { ended = 1 } END { exit !ended }' "$table"
}

# (in the words by which .ci/run knows that there is nothing to be tried again)
nothing_hidden() {
    hidden_nb=$(grep -c '^hidden' "$table")
    [ "$hidden_nb" = 0 ] && return 0
    grep '^hidden' "$table" | head -n 10
    echo "FAILED - $hidden_nb packets show what is left out"
    return 1
}

none() {
    not grep "^$1" "$table"
}

# lines WORD LEAST: at least so many of them
lines() {
    lines_nb=$(grep -c "^$1" "$table")
    echo "$lines_nb"
    [ "$lines_nb" -ge "$2" ]
}

# field NAME: of the line "packets"
field() {
    sed -n "s/^packets.*	$1=\([0-9-]*\).*/\1/p" "$table"
}

# There was something to find, and pictures to find it in: windows that are left out were on the screen
# in nearly each sample, a third of the packets has a picture of their own, and those of the outages were told.
something() {
    packets=$(sed -n 's/^packets	\([0-9]*\).*/\1/p' "$table")
    grep '^packets' "$table"
    awk '$1 == "at" { nb++; seen += $14 > 0 } END { print seen " of " nb; exit !nb || seen < nb * 0.9 }' "$table" &&
        [ "$(field new)" -gt $((packets / 3)) ] && [ "$(field outage)" -gt 0 ]
}

# Wine keeps up to 64 device contexts of windows that it was asked for, and is soon there.
#
# flat NUMBER MOST: the highest of the second half is no more than MOST above that of the first one
flat() {
    awk -v column="$1" -v most="$2" -v seconds="$seconds" '
        $1 != "at" || $2 < seconds / 10 { next }
        $2 < seconds * 0.55             { if (!nb1++ || $column > first) first = $column; next }
                                        { if (!nb2++ || $column > second) second = $column }
        END {
            printf "highest in the first half: %s, in the second: %s (%d and %d samples)\n", first, second, nb1, nb2
            exit nb1 < 10 || nb2 < 10 || first < 1 || second - first > most
        }' "$table"
}

check "$seconds seconds of 30 pictures, to the end"   run
check "no packet shows what is left out"              none hidden
check "each packet comes after the one before"        none order
check "there was something to find"                   something
check "the mode has changed again and again"          lines mode 4
check "each change of the mode was one"               none nomode
check "the API has failed again and again"            lines outage 4
check "no block is left, and none was freed wrongly"  grep -q "^sim	live=0	guard=0\$" "$table"
check "bytes of av_malloc() but for frames: within 4 KiB" flat 3 4096
check "frames: three more at most"                    flat 4 3
check "private bytes but for frames: within 256 KiB"  flat 5 262144
check "handles: flat"                                 flat 6 0
check "GDI objects: within 4"                         flat 7 4
check "USER objects: flat"                            flat 8 0
check "threads: flat"                                 flat 9 0

# a figure to look at, not one to pass
if command -v gnuplot > /dev/null; then
    gnuplot -e "table='$table'; out='${table%.tsv}.png'" "$top/tests/soak/long.gp" > "$tmp/plot" 2>&1 ||
        comment < "$tmp/plot"
fi
awk '$1 == "at" && $2 > 10 { if ($11 > p99) p99 = $11; if ($12 > most) most = $12; dropped = $13 }
    END { printf "# between packets: 99 %% within %s ms, at most %s ms; %s slots without one\n", p99, most, dropped }' "$table"
finish
