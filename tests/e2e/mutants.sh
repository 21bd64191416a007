#!/bin/sh
# Show that the end-to-end tests can fail: build each of tests/e2e/mutants into
# FFmpeg, run the check that is said to notice it, and let that one go red.
#
# usage: mutants.sh BUILD RELEASE/ARCH [NAME...]
#        mutants.sh --patterns
#
# The mutants, or those named, are made in a copy of that build, BUILD/mutants. The other
# way only sees that each pattern still finds something: it builds and runs nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
device=libavdevice/magnifier

# What the checks of a mutant may take, seconds. One that hangs was not noticed, it only took
# long. Less than the net in lib.sh, so that this one comes first.
limit=240

n=0 failed=0
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

# applies FILE SCRIPT: each command in it changes the file
applies() {
    printf '%s\n' "$2" | sed -E 's#; (s/|/)#\n\1#g' | while read -r command; do
        sed -E "$command" "$device/$1" | cmp -s "$device/$1" - && exit 1
        :
    done
}

# has_check TEST PATTERN: the test file has a check of such a name, or has it in a line of the
# table that names are made of
has_check() {
    sed -n -e "s/^ *\(told_\)*check [\"']\([^\"']*\)[\"'] .*/\2/p" -e '/^ *for profile/,/do$/p' -e '/<<END/,/^END/p' \
        "tests/e2e/$1.t" | grep -q -e "$2"
}

# patterns: what any change of the device or of the tests can break in the list
patterns() {
    while read -r name test check file script; do
        case $name in '' | '#'*) continue ;; esac
        applies "$file" "$script" ||
            { say 'not ok' "$name: a part of its script changes nothing in $file any more"; continue; }
        has_check "$test" "$check" || say 'not ok' "$name: $test.t has no check '$check'"
    done < tests/e2e/mutants
    [ "$failed" = 0 ]
    exit
}

# try NAME TEST CHECK: the check of a mutant that is built
try() {
    try_log=$mutants/$1.log
    try_begun=$(date +%s)
    E2E_BUILD=$mutants E2E_BUILDS=$target E2E_ONLY=$3 timeout -k 60 "$limit" "tests/e2e/$2.t" \
        > "$try_log" 2>&1 < /dev/null
    try_code=$?
    try_time="$(($(date +%s) - try_begun)) s"
    if grep -q '^not ok' "$try_log"; then
        say ok "$1: $(sed -n 's/^not ok [0-9]* - //p' "$try_log" | head -n 1) ($try_time)"
    elif [ "$try_code" -ge 124 ]; then
        say 'not ok' "$1: its checks took more than $limit s, see $try_log"
    elif grep -q '^ok' "$try_log" && ! grep '^ok' "$try_log" | grep -q -v '# SKIP'; then
        say ok "$1 # SKIP its checks are for Wine 10 (MAGNIFIER_WINE=10)"
    elif grep -q '^ok' "$try_log"; then
        say 'not ok' "$1 is alive: nothing noticed it, see $try_log ($try_time)"
    else
        say 'not ok' "$1: no check was run, see $try_log"
    fi
}

[ "$1" != --patterns ] || patterns
build=$(cd "$1" && pwd) || exit 1
target=$2
shift 2
mutants=$build/mutants
tree=$mutants/$target

rm -rf "$mutants"
mkdir -p "$(dirname "$tree")" && cp -a "$build/$target" "$tree" || exit 1
for shared in simulator simulator-noexport; do
    ln -s "$build/$shared" "$mutants/$shared" || exit 1
done
cp -a "$build/tests" "$mutants/tests" || exit 1

# make_mutant TEST: ffmpeg.exe and, where the test is of it, the host of libavdevice
make_mutant() {
    make -C "$tree" -s ffmpeg.exe || return 1
    [ "$1" != host ] || rm -f "$mutants/tests/$target/host.exe"
    [ "$1" != host ] || make -s -o "$tree/ffmpeg.exe" BUILD="$mutants" "$mutants/tests/$target/host.exe"
}

while read -r name test check file script; do
    case $name in '' | '#'*) continue ;; esac
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    sed -E "$script" "$device/$file" > "$tree/$device/$file" || exit 1
    if ! applies "$file" "$script"; then
        say 'not ok' "$name: a part of its script changes nothing in $file any more"
    elif ! make_mutant "$test" > "$mutants/make.log" 2>&1 < /dev/null; then
        say 'not ok' "$name: does not compile, see $mutants/make.log"
    else
        try "$name" "$test" "$check"
    fi
    cp "$device/$file" "$tree/$device/$file"
done < tests/e2e/mutants
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$n" -gt 0 ]
