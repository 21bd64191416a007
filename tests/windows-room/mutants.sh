#!/bin/sh
# Show that the tests of this folder can fail: build a test program with each of
# tests/windows-room/mutants in the device, and let the statement that is said to notice it
# go red.
#
# usage: mutants.sh OUTDIR SUBJECT.EXE COMPILE...
#        mutants.sh --patterns
#
# COMPILE is the command that makes OUTDIR/NAME.exe, which is what @O@ in it stands for; @T@
# stands for the test program, and @C@ for OUTDIR/NAME.c, the changed file, which has to come
# before the library that has it as it is. ONLY has the names of those to be run. The other way only sees that each
# pattern still finds something: it builds and runs nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
device=libavdevice/magnifier

# What one may take, seconds. One that hangs was not noticed.
limit=120

n=0 failed=0
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

# try NAME TEST STATEMENT FILE SCRIPT
try() {
    sed -E "$5" "$device/$4" > "$out/$1.c" || exit 1
    if ! eval "$(echo "$compile" | sed "s|@C@|$out/$1.c|; s|@T@|tests/windows-room/test_$2.c|; s|@O@|$out/$1.exe|")"; then
        say 'not ok' "$1: does not compile"
        return
    fi
    try_begun=$(date +%s)
    ( cd "$out" && timeout -k 30 "$limit" "$top/tests/desktop" --no-simulator -- wine "$1.exe" "$subject" ) > "$out/$1.log" 2>&1 < /dev/null
    try_code=$?
    try_time="$(($(date +%s) - try_begun)) s"
    if sed -n 's/^not ok [0-9]* - //p' "$out/$1.log" | tr -d '\r' | grep -q -e "$3"; then
        say ok "$1: $(sed -n 's/^not ok [0-9]* - //p' "$out/$1.log" | tr -d '\r' | grep -e "$3" | head -n 1) ($try_time)"
    elif [ "$try_code" -ge 124 ]; then
        say 'not ok' "$1: it took more than $limit s, see $out/$1.log"
    elif ! grep -q '^1\.\.' "$out/$1.log"; then
        say 'not ok' "$1: the tests did not run to their end, see $out/$1.log"
    else
        say 'not ok' "$1 is alive: nothing noticed it, see $out/$1.log ($try_time)"
    fi
}

# pattern NAME TEST STATEMENT FILE SCRIPT
pattern() {
    ! sed -E "$5" "$device/$4" | cmp -s "$device/$4" - ||
        say 'not ok' "$1: the script changes nothing in $4 any more"
    sed -n 's/^[^"]*"\(.*\)"[,)].*/\1/p' "tests/windows-room/test_$2.c" | grep -q -e "$3" ||
        say 'not ok' "$1: test_$2.c has no statement '$3'"
}

what=pattern
if [ "$1" != --patterns ]; then
    what=try top=$PWD
    mkdir -p "$1" && out=$(cd "$1" && pwd) && cp "$2" "$out/" || exit 1
    subject=$(basename "$2")
    shift 2
    compile=$*
fi
while read -r name test statement file script; do
    case $name in '' | '#'*) continue ;; esac
    case " ${ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
    $what "$name" "$test" "$statement" "$file" "$script"
done < tests/windows-room/mutants
if [ "$what" = try ]; then
    echo "1..$n"
    echo "# $((n - failed)) passed, $failed failed"
    [ "$n" -gt 0 ] || exit 1
fi
[ "$failed" -eq 0 ]
