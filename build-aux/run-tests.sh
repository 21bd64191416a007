#!/bin/sh
#
# run-tests.sh LOGS TARGET...: make these targets, two at a time and in this order: one takes
# the next when it is done with its own. Each has a log, LOGS/TARGET.log; in the end what
# failed is told. What only computes gives way to what has windows.
#
# MAKE is make. The targets must not write where another does.

set -u

if [ "$1" = --one ]; then
    logs=$2 target=$3
    case $target in
    test-build|test-fuzz|test-model|test-oracle|test-unit*|check-oracle) nice='nice -n 10' ;;
    *)                                                                   nice= ;;
    esac
    echo "== $target"
    begin=$(date +%s)
    { if $nice "${MAKE:-make}" --no-print-directory "$target" 2>&1; then echo "# passed: $target"
      else echo "# failed: $target"; fi; } |
        tee "$logs/$target.log" | while IFS= read -r line; do printf '%s: %s\n' "$target" "$line"; done
    echo "== $target took $(($(date +%s) - begin)) s"
    exit 0
fi

logs=$1
shift
mkdir -p "$logs" || exit 1
for target; do
    rm -f "$logs/$target.log"
done
# in a group of its own, which can be ended as a whole
printf '%s\n' "$@" > "$logs/targets"
setsid xargs -n 1 -P 2 -a "$logs/targets" "$0" --one "$logs" &
all=$!
trap 'kill -s TERM -- "-$all" 2> /dev/null; wait "$all"; exit 143' INT TERM HUP
wait "$all"
failed=
for target; do
    grep -q "^# passed: $target\$" "$logs/$target.log" 2> /dev/null || failed="$failed $target"
    ! grep -q '^1\.\.0 # SKIP' "$logs/$target.log" 2> /dev/null || echo "skipped: $target"
    sed -n 's/^# skipped (\(.*\)): .*/\1/p' "$logs/$target.log" 2> /dev/null | sort | uniq -c |
        while read -r checks reason; do echo "skipped in $target: $checks checks: $reason"; done
done
if [ -z "$failed" ]; then
    echo "all passed: $*"
    exit 0
fi
for target in $failed; do
    build-aux/what-failed.sh "$logs/$target.log"
done >&2
echo "FAILED:$failed" >&2
exit 1
