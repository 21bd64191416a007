#!/bin/sh
# Show that the end-to-end tests can fail: build each of tests/e2e/mutants into
# FFmpeg, run the check that is said to notice it, and let that one go red.
#
# usage: mutants.sh BUILD RELEASE/ARCH
#
# The mutants are made in a copy of that build, BUILD/mutants. ONLY has the names of
# those to be run.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(cd "$1" && pwd) || exit 1
mutants=$build/mutants
tree=$mutants/$2

n=0 failed=0
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

# try NAME RELEASE/ARCH TEST CHECK: the check of a mutant that is built
try() {
    try_log=$mutants/$1.log
    E2E_BUILD=$mutants E2E_BUILDS=$2 E2E_ONLY=$4 "tests/e2e/$3.t" > "$try_log" 2>&1 < /dev/null
    if grep -q '^not ok' "$try_log"; then
        say ok "$1: $(sed -n 's/^not ok [0-9]* - //p' "$try_log" | head -n 1)"
    elif grep -q '^ok' "$try_log"; then
        say 'not ok' "$1 is alive: nothing noticed it, see $try_log"
    else
        say 'not ok' "$1: no check was run, see $try_log"
    fi
}

rm -rf "$mutants"
mkdir -p "$(dirname "$tree")" && cp -a "$build/$2" "$tree" || exit 1
for shared in simulator simulator-noexport tests; do
    ln -s "$build/$shared" "$mutants/$shared" || exit 1
done

while read -r name test check file script; do
    case $name in '' | '#'*) continue ;; esac
    case " ${ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
    sed -E "$script" "libavdevice/magnifier/$file" > "$tree/libavdevice/magnifier/$file" || exit 1
    if cmp -s "libavdevice/magnifier/$file" "$tree/libavdevice/magnifier/$file"; then
        say 'not ok' "$name: the script changes nothing in $file any more"
    elif ! make -C "$tree" -s ffmpeg.exe > "$mutants/make.log" 2>&1 < /dev/null; then
        say 'not ok' "$name: does not compile, see $mutants/make.log"
    else
        try "$name" "$2" "$test" "$check"
    fi
    cp "libavdevice/magnifier/$file" "$tree/libavdevice/magnifier/$file"
done < tests/e2e/mutants
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$n" -gt 0 ]
