#!/bin/sh
# Show that the oracle can fail: run it on each mutant of the guard, and let each
# one leak. usage: mutants.sh 'GUARD.c...' MUTANTS OUTDIR COMPILE...
# COMPILE is the command that makes OUTDIR/NAME, which is what @O@ in it stands for;
# @C@ stands for all files of the guard, with OUTDIR/NAME.c in the place of the one that
# is changed. SECONDS_EACH (default 150) is the processor time after which a mutant counts
# as alive; ONLY has the names of those to be run, NAME=FIRST with another "first".
set -u
guard=$1 mutants=$2 out=$3
shift 3
mkdir -p "$out" || exit 1

n=0 failed=0
say() {
    n=$((n + 1))
    [ "$1" = ok ] || failed=$((failed + 1))
    echo "$1 $n - $2"
}

found=
while read -r name file first script; do
    case $name in ''|'#'*) continue ;; esac
    case " ${ONLY:-$name} " in
    *" $name "*) ;;
    *" $name="*) first=" $ONLY" first=${first#*" $name="} first=${first%% *} ;;
    *) continue ;;
    esac
    found="$found $name"
    case " $guard " in
    *"/$file "*) ;;
    *)  say "not ok" "$name: $file is none of $guard"
        continue ;;
    esac
    sed -E "$script" "libavdevice/magnifier/$file" > "$out/$name.c" || exit 1
    if cmp -s "libavdevice/magnifier/$file" "$out/$name.c"; then
        say "not ok" "$name: the script changes nothing in $file any more"
        continue
    fi
    files=$(echo " $guard " | sed "s| [^ ]*/$file | $out/$name.c |")
    if ! eval "$(printf '%s ' "$@" | sed "s|@C@|$files|g; s|@O@|$out/$name|g")"; then
        say "not ok" "$name: does not compile"
        continue
    fi
    "$out/$name" --first "$first" --frames 1000000000 --seconds "${SECONDS_EACH:-150}" > "$out/$name.log" 2>&1
    case $? in
    1)  if grep -q '^# LEAK' "$out/$name.log"; then
            say ok "$name leaks ($(sed -n 's/^# total: //p' "$out/$name.log"))"
        else
            say "not ok" "$name: failed without a leak, see $out/$name.log"
        fi ;;
    0)  say "not ok" "$name is alive: the oracle found no leak, see $out/$name.log" ;;
    *)  say "not ok" "$name: the oracle did not run, see $out/$name.log" ;;
    esac
done < "$mutants"
for name in ${ONLY:-}; do
    case "$found " in *" ${name%%=*} "*) ;; *) say "not ok" "${name%%=*}: there is none of that name" ;; esac
done
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$n" -gt 0 ]
