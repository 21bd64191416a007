#!/bin/sh
# magprobe gives back what each profile sets. Of each profile:
#
#   - every line that a client can observe is printed, the same WHEN included;
#   - nothing else is printed than that and what the default prints;
#   - a line that is not printed has to be in the list of --unobservable.
#
# What does not hold of a profile may lack (no frames, no list); times have to
# be there and not shorter, since a busy machine makes them longer.
# Nothing of this has been seen on real Windows yet.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.

ROOT=$(cd "${0%/*}/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
if [ -z "${MAGPROBE_INSIDE-}" ]; then
    MAGPROBE_INSIDE=1
    export MAGPROBE_INSIDE BUILD
    exec "$ROOT/tests/desktop" --simulator "$BUILD/simulator" -- sh "$0"
fi
xrandr -q > /dev/null

WORK=$(mktemp -d "${TMPDIR:-/tmp}/magprobe.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
PROFILES=$ROOT/tests/simulator/profiles
# MAGPROBE_ONLY= is a pattern of profiles, MAGPROBE_ARCHS= are architectures
ONLY=${MAGPROBE_ONLY-*}
ARCHS=${MAGPROBE_ARCHS-x86_64 i686}
nb=0

# plain: comments off, and what a profile may leave out put in; one form for each line
plain() {
    sed -e 's/\r$//' -e 's/#.*//' -e 's/[ \t]*$//' -e '/^[ \t]*$/d' \
        -e 's/ = always$/ = yes/' -e 's/ = \(frame\|frames\|call\|every\) \([0-9]\)/ = yes \1 \2/' \
        -e 's/ always$//' -e 's/ call / frame /'
}

# unobservable LINE FILE: the list names this line, or it with another line of the profile
unobservable() {
    while IFS= read -r entry; do
        entry=${entry%%:*}
        case $entry in
        *' with '*)
            [ "$1" = "${entry%% with *}" ] || [ "$1" = "${entry##* with }" ] || continue
            grep -q -x -F -e "${entry%% with *}" "$2" && grep -q -x -F -e "${entry##* with }" "$2" && return 0 ;;
        *=*) [ "$1" = "$entry" ] && return 0 ;;
        *) [ "${1%% = *}" = "$entry" ] && return 0 ;;
        esac
    done < "$WORK/unobservable"
    return 1
}

# long_enough LINE FILE: a time, printed with the same WHEN, and not shorter but for its rounding
long_enough() {
    case $1 in
    'frame_delay_ms = '* | 'steal_delay_ms = '* | 'hang = '[0-9]*) ;;
    *) return 1 ;;
    esac
    awk -v want="$1" 'BEGIN { split(want, w, " "); }
        $1 == w[1] && $3 >= w[3] - 2 && $4 == w[4] && $5 == w[5] { found = 1 }
        END { exit !found }' "$2"
}

# compare WANTED PRINTED DEFAULT: what is wrong, a line each
compare() {
    while IFS= read -r line; do
        grep -q -x -F -e "$line" "$2" || unobservable "$line" "$1" || long_enough "$line" "$2" ||
            echo "not given back, and not in the list: $line"
    done < "$1"
    while IFS= read -r line; do
        case $line in 'frame_delay_ms = '* | 'steal_delay_ms = '*) continue ;; esac
        grep -q -x -F -e "$line" "$3" || grep -q -x -F -e "$line" "$1" || long_enough "$line" "$1" ||
            case $line in 'hang = '[0-9]*) grep -q '^hang = ' "$1" ;; *) false ;; esac ||
            echo "not set by the profile: $line"
    done < "$2"
}

# probe ARCH PROFILE PLACE: what it prints goes into a file
probe() {
    MAGSIM_PROFILE=$2 timeout 60 wine "$BUILD/tests/windows/$1/magprobe.exe" --profile --limit 4 \
        --at "$3" 2> /dev/null < /dev/null | plain > "$WORK/$1.$2"
}

# check ARCH PROFILE
check() {
    nb=$((nb + 1))
    plain < "$PROFILES/$2.profile" > "$WORK/wanted"
    wrong=$(compare "$WORK/wanted" "$WORK/$1.$2" "$WORK/$1.default")
    # Debian's 32-bit Wine comes without the library that changes modes
    case $1.$2 in i686.mode-change) wrong= ;; esac
    [ -s "$WORK/$1.$2" ] || wrong="nothing was printed"
    if [ -z "$wrong" ]; then
        echo "ok $nb - $1: $2 is given back"
    else
        echo "not ok $nb - $1: $2 is given back"
        echo "$wrong" | sed 's/^/# /'
    fi
}

wine "$BUILD/tests/windows/x86_64/magprobe.exe" --unobservable | tr -d '\r' > "$WORK/unobservable"

for file in "$PROFILES"/$ONLY.profile; do
    name=${file##*/}
    echo "${name%.profile}"
done > "$WORK/names"

# probe_all ARCH PLACE
probe_all() {
    while IFS= read -r name; do
        case $name in default | mode-change) ;; *) probe "$1" "$name" "$2" ;; esac
    done < "$WORK/names"
}

# Both architectures side by side, each at its own place on the desktop.
streams=
for arch in $ARCHS; do
    case $arch in i686) place=600,300 ;; *) place=40,40 ;; esac
    probe "$arch" default $place
    probe_all "$arch" $place &
    streams="$streams $!"
done
for stream in $streams; do
    wait "$stream"
done

# the display is another one afterwards: alone, and last
for arch in $ARCHS; do
    ! grep -q -x mode-change "$WORK/names" || probe "$arch" mode-change 40,40
    xrandr --output "$(xrandr -q | awk '$2 == "connected" { print $1; exit }')" --mode 1280x720
    while IFS= read -r name; do
        check "$arch" "$name"
    done < "$WORK/names"
done
echo "1..$nb"
