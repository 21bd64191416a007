#!/bin/sh
#
# Every call that the device makes fails, one after the other: see tests/faults/faults.c and the
# list tests/faults/calls, which says what the device does then. FAULTS is "some", "phases" or "each" (see
# there), FAULTS_ARCHES the architectures, FAULTS_ONLY a pattern that a case has to match. FAULTS_SHARE=N/M takes
# one of M shares of all: one architecture's, as which cases there are takes its time to find out, and of these
# each second one where M is twice the number of architectures.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
file_net=14400
on_desktop --size 640x480

net=14000
size=640x480
scene_open
show "window back at=0,0 size=$size pattern=plaid title=Behind"
show 'pointer 500,300'
secret_scene
echo 'title=nobody' > "$tmp/rules"
rules=$(windows_path "$tmp/rules")

# host ARCH MODE...
host() {
    host_exe=$E2E_BUILD/tests/$1/faults.exe
    shift
    timeout -k 10 "$net" wine "$host_exe" "$@" "$rules" Behind 2> "$tmp/stderr" | tr -d '\r'
}

plan() {
    host "$1" plan "${FAULTS:-some}" > "$tmp/plan"
    grep '^#\|^never' "$tmp/plan"
    grep -q '^end$' "$tmp/plan" || { cat "$tmp/stderr"; return 1; }
    grep -v '^#\|^never\|^end$' "$tmp/plan" | grep -e "${FAULTS_ONLY:-.}" > "$tmp/cases"
    awk -v share="$share" 'BEGIN { split(share, s, "/") } NR % s[2] == s[1] % s[2]' "$tmp/cases" > "$tmp/share"
    mv "$tmp/cases" "$tmp/all"
    mv "$tmp/share" "$tmp/cases"
    [ -s "$tmp/cases" ] && not grep -q '^never' "$tmp/plan"
}

# A case that ends the program, or leaves it in a state that is none, is failed, and the next one
# has a new program.
run() {
    : > "$tmp/results"
    cp "$tmp/cases" "$tmp/left"
    while [ -s "$tmp/left" ]; do
        host "$1" run < "$tmp/left" > "$tmp/part"
        grep '^ok \|^FAILED ' "$tmp/part" >> "$tmp/results"
        done=$(grep -c '^ok \|^FAILED ' "$tmp/part")
        if ! grep -q '^end$\|^again$' "$tmp/part"; then
            grep -q '^FAILED .*: it hangs' "$tmp/part" || {
                done=$((done + 1))
                echo "FAILED $(sed -n "${done}p" "$tmp/left"): it crashed" >> "$tmp/results"
                tail -n 5 "$tmp/stderr"
            }
        fi
        sed "1,${done}d" "$tmp/left" > "$tmp/rest" && mv "$tmp/rest" "$tmp/left"
    done
    awk -f "$top/tests/faults/lines.awk" -f "$top/tests/faults/judge.awk" "$top/tests/faults/calls" "$tmp/results" \
        > "$tmp/judged" && mv "$tmp/judged" "$tmp/results" || return 1
    [ -n "${FAULTS_ONLY:-}${FAULTS_SHARE:-}" ] || mkdir -p "$E2E_BUILD/faults"
    [ -n "${FAULTS_ONLY:-}${FAULTS_SHARE:-}" ] || cp "$tmp/results" "$E2E_BUILD/faults/calls-$1"
    grep '^FAILED' "$tmp/results"
    echo "$(grep -c '^ok' "$tmp/results") of $(wc -l < "$tmp/cases") cases of $(cut -d ' ' -f 3 "$tmp/cases" | sort -u | wc -l) calls"
    [ -s "$tmp/cases" ] && [ "$(grep -c '^ok' "$tmp/results")" = "$(wc -l < "$tmp/cases")" ]
}

arches=${FAULTS_ARCHES:-x86_64}
share=1/1
if [ -n "${FAULTS_SHARE:-}" ]; then
    # shellcheck disable=SC2086 # they are words
    set -- $arches
    n=$((${FAULTS_SHARE%/*} - 1)) m=${FAULTS_SHARE#*/}
    [ $((m % $#)) = 0 ] || bail "FAULTS_SHARE=$FAULTS_SHARE is not a share of $# architectures"
    share=$((n / $# + 1))/$((m / $#))
    shift $((n % $#))
    arches=$1
fi
for arch in $arches; do
    check "$arch: every call of the list is made" plan "$arch"
    [ -z "${FAULTS_SHARE:-}" ] ||
        echo "# faults: share $FAULTS_SHARE, $(wc -l < "$tmp/cases") of $(wc -l < "$tmp/all") cases of $arch" >&2
    check "$arch: ${FAULTS:-some} of the calls fail" run "$arch"
done
finish
