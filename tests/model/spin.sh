#!/bin/sh
# Search all states of a model with spin: the model as it is must have no error, and with
# each of the macros NO_... that it knows it must have one. usage: spin.sh MODEL.pml OUTDIR
set -u
model=$(realpath "$1") || exit 1
mkdir -p "$2" && cd "$2" || exit 1

n=0 failed=0
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

# search NAME [SPIN FLAG]: prints the number of errors, or nothing
search() {
    mkdir -p "$1" && (
        cd "$1" && rm -f ./*.trail &&
        spin ${2:+"$2"} -a "$model" > log 2>&1 &&
        gcc -O2 -w -DSAFETY -o pan pan.c >> log 2>&1 &&
        timeout 300 ./pan -m2000000 >> log 2>&1
        grep -q 'max search depth too small' log ||
            sed -n 's/^State-vector.*errors: \([0-9]*\)$/\1/p' log
    )
}

if [ "$(search whole)" = 0 ]; then
    say ok "the protocol leaks in no state ($(sed -n 's/ *\([0-9.e+]*\) states, stored.*/\1 states/p' whole/log))"
else
    say "not ok" "the protocol leaks, or the search did not end, see $PWD/whole/log"
fi
grep -o 'NO_[A-Z_]*[A-Z]' "$model" | sort -u > macros
while read -r macro; do
    if [ "$(search "$macro" "-D$macro")" = 1 ]; then
        say ok "without one step it leaks: $macro"
    else
        say "not ok" "without one step no leak was found: $macro, see $PWD/$macro/log"
    fi
done < macros
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
