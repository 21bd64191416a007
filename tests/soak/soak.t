#!/bin/sh
#
# Captures of 3840x2160 in one 32-bit process, one after the other: nothing may
# be left behind. SOAK_CYCLES says how many (300). What the process held, by
# cycle, is in build/soak/.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
on_desktop --size 3840x2160

cycles=${SOAK_CYCLES:-300}
table=$E2E_BUILD/soak/$cycles-$(wine --version | cut -d . -f 1).tsv
mkdir -p "$E2E_BUILD/soak" || bail "mkdir"

# each number is seen to rise and fall, or it could not be believed
selftest() {
    wine "$E2E_BUILD/tests/$1/cycles.exe" selftest > "$tmp/selftest"
    selftest_code=$?
    cat "$tmp/selftest"
    return "$selftest_code"
}

run() {
    # a picture that is cheap to make, and no sums over it: the blocks are the same
    MAGSIM_PROFILE=pattern MAGSIM_SET='guard_checksum = no' \
        wine "$E2E_BUILD/tests/i686/cycles.exe" run cycles="$cycles" every=10 \
        | tr -d '\r' > "$table"
    grep -v '^at' "$table"
    grep -q "^end	$cycles	ok" "$table"
}

# column CYCLE NUMBER: field of the line of that cycle
column() {
    awk -v cycle="$1" -v column="$2" '$1 == "at" && $2 == cycle { print $column; exit }' "$table"
}

# flat NUMBER MOST: from cycle 100 to the last the field has grown by MOST at most,
# and never stood higher in between
flat() {
    flat_first=$(column 100 "$1")
    awk -v first="$flat_first" -v column="$1" -v most="$2" '
        BEGIN { top = first }
        $1 == "at" && $2 >= 100 { last = $column; if (last > top) top = last }
        END {
            printf "cycle 100: %s, highest: %s, last: %s\n", first, top, last
            exit first == "" || last - first > most || top - first > most
        }' "$table"
}

# Under Wine 10 the heap of small blocks was seen to grow by 16,880 bytes once in 300 captures,
# from one reading to the next, and to stay as it was in all others; private bytes did not.
case $(wine --version) in
wine-[1-9].*) heap=4 ;;
*)            heap=20 ;;
esac

check "32 bit: what is counted can be counted" selftest i686
check "64 bit: what is counted can be counted" selftest x86_64
check "$cycles captures in one process" run
check "the device gave each block back" grep -q "^closed	$cycles	1 block, 33177600 bytes reclaimed\$" "$table"
check "no block is left, and none was freed wrongly" grep -q "^sim	live=0	guard=0\$" "$table"
check "bytes in the process heap: within $heap KiB"      flat 3 $((heap * 1024))
check "private bytes: within 64 KiB"                  flat 5 65536
check "bytes of av_malloc(): flat"                    flat 10 0
check "handles: flat"                                 flat 7 0
check "GDI objects: flat"                             flat 8 0
check "USER objects: flat"                            flat 9 0
finish
