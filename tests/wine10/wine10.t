#!/bin/sh
# The second Wine itself: tests/desktop has it when it is asked for, with the stand-in
# in the place of Wine's own Magnification.dll, which has no working function.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
use_build "${E2E_BUILDS%% *}"

# on_wine VERSION [OPTION...] -- COMMAND...
on_wine() {
    on_wine=$1
    shift
    "$top/tests/desktop" --wine "$on_wine" --simulator "$E2E_BUILD/simulator" --size 640x480 "$@" \
        > "$tmp/out" 2>&1 < /dev/null
    on_wine_code=$?
    tr -d '\r' < "$tmp/out"
    return "$on_wine_code"
}

is_10() {
    on_wine 10 -- wine --version && grep -q '^wine-10\.' "$tmp/out"
}

own() {
    # before it, the first one says that it makes a prefix
    [ "$(on_wine '' -- wine --version | tail -n 1)" = "$(wine --version)" ]
}

code() {
    on_wine 10 -- sh -c 'exit 7'
    [ $? = 7 ]
}

# whatever is mounted for it is not seen from outside
no_mounts() {
    before=$(cat /proc/self/mountinfo)
    on_wine 10 -- sh -c 'grep -q " /usr " /proc/self/mountinfo' && [ "$before" = "$(cat /proc/self/mountinfo)" ]
}

captures() {
    on_wine 10 -- wine "$ffmpeg" -hide_banner -nostdin -f magnifier -i desktop -frames:v 2 -f null -
}

# tests/desktop leaves alone what its caller says of that DLL
wines_own() {
    ! WINEDLLOVERRIDES=magnification=b on_wine 10 --no-simulator -- wine "$ffmpeg" -hide_banner -nostdin \
        -loglevel error -xerror -f magnifier -i desktop -frames:v 2 -f null - || return 1
    grep "Wine's own Magnification.dll has no working function" "$tmp/out"
}

none() {
    ! on_wine 10 --no-simulator -- wine "$ffmpeg" -hide_banner -nostdin -loglevel error -xerror \
        -f magnifier -i desktop -frames:v 2 -f null - || return 1
    grep 'Magnification.dll' "$tmp/out" && not grep "Wine's own" "$tmp/out"
}

unknown() {
    on_wine "$1" -- true
    [ $? = 125 ]
}

# a tree that is not there is told of, with what makes it
no_tree() {
    export MAGNIFIER_WINE10="$tmp/nowhere"
    unknown 10
    no_tree_result=$?
    unset MAGNIFIER_WINE10
    [ "$no_tree_result" = 0 ] && grep 'build-aux/wine10.sh' "$tmp/out"
}

check "the desktop has Wine 10" is_10
check "and the machine's own Wine where none is asked for" own
check "the exit code is the command's" code
check "what is mounted is not seen from outside" no_mounts
check "the stand-in is found there" captures
check "Wine's own Magnification.dll is refused" wines_own
check "without the stand-in there is none" none
check "another Wine is refused" unknown 7
check "a word is refused" unknown new
case $(wine --version) in
wine-10.*) skip "a tree that is not there is told of" "this machine's own Wine is 10" ;;
*)         check "a tree that is not there is told of" no_tree ;;
esac

finish
