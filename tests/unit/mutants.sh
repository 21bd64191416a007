#!/bin/sh
# Show that a unit test can fail: run it on each mutant of the file that it is about, and
# let the test go red that is said to notice it. usage: mutants.sh FILE.c MUTANTS OUTDIR
# COMPILE... COMPILE is the command that makes a test program out of a file, which is what
# @O@ and @C@ in it stand for. ONLY has the names of the mutants to be run. The program finds
# the one test that is to go red in MUTANT_TEST, and may leave the others out.
set -u
room=$1 mutants=$2 out=$3
shift 3
mkdir -p "$out" || exit 1

n=0 failed=0 test='*'
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

# run NAME COMPILE...: build and run OUTDIR/NAME.c, with the results in OUTDIR/NAME.log;
# fails when there are none
run() {
    run_name=$out/$1
    shift
    eval "$(printf '%s ' "$@" | sed "s|@C@|$run_name.c|g; s|@O@|$run_name|g")" || return 1
    MUTANT_TEST=$test CMOCKA_MESSAGE_OUTPUT=TAP timeout 60 "$run_name" > "$run_name.log" 2>&1 < /dev/null
    grep -qE '^(not )?ok' "$run_name.log"
}

# Red means nothing where the file is red as it is.
cp "$room" "$out/whole.c" || exit 1
if run whole "$@" && ! grep -q '^not ok' "$out/whole.log"; then
    say ok "$room is green as it is"
else
    say 'not ok' "$room is not green as it is, see $out/whole.log"
fi

while read -r name test script; do
    case $name in '' | '#'*) continue ;; esac
    case " ${ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
    sed -E "$script" "$room" > "$out/$name.c" || exit 1
    if cmp -s "$room" "$out/$name.c"; then
        say 'not ok' "$name: the script changes nothing in $room any more"
    elif ! run "$name" "$@"; then
        say 'not ok' "$name: does not compile, or does not run, see $out/$name.log"
    elif grep -qE "^not ok [0-9]+ - $test( |\$)" "$out/$name.log"; then
        say ok "$name: $test goes red"
    else
        say 'not ok' "$name is alive: $test is not red, see $out/$name.log"
    fi
done < "$mutants"
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$n" -gt 1 ]
