# Shared by the tests of the simulator: a desktop, windows on it, the client,
# and TAP. A test sources this file first:
#
#     DESKTOP_OPTIONS="--monitors 2"          # optional
#     . "${0%/*}/lib.sh"
#
# It is then run again inside a private desktop of its own. SIM_ARCHS says
# which architectures are tested (x86_64 and i686 by default).
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck shell=sh
# shellcheck disable=SC2154      # arch: the test's loop sets it

ROOT=$(cd "${0%/*}/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
case $BUILD in /*) ;; *) BUILD=$ROOT/$BUILD ;; esac
if [ -z "${MAGSIM_INSIDE-}" ]; then
    MAGSIM_INSIDE=1
    export MAGSIM_INSIDE BUILD
    # shellcheck disable=SC2086
    exec timeout --foreground -k 60 900 "$ROOT/tests/desktop" --simulator "$BUILD/simulator" ${DESKTOP_OPTIONS-} -- sh "$0" "$@"
fi

# A dummy output counts as connected only when it has been probed once more.
xrandr -q > /dev/null

SIM_ARCHS=${SIM_ARCHS:-x86_64 i686}
PROGRAMS=$BUILD/tests/simulator
WORK=$(mktemp -d "${TMPDIR:-/tmp}/magsim.XXXXXX")
LOG=$WORK/log
OUT=$WORK/out
unset MAGSIM_LOG MAGSIM_PROFILE MAGSIM_SET
nb_tests=0
nb_failed=0
subjects=0

finish() {
    status=$?
    subjects_end
    rm -rf "$WORK"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

# ok DESCRIPTION: by the exit code of the command before
ok() {
    # shellcheck disable=SC2181
    if [ $? -eq 0 ]; then
        nb_tests=$((nb_tests + 1))
        echo "ok $nb_tests - $1"
    else
        nb_tests=$((nb_tests + 1))
        nb_failed=$((nb_failed + 1))
        echo "not ok $nb_tests - $1"
        # on stderr, which prove passes on
        {
            echo "# failed: $1"
            [ ! -f "$OUT" ] || sed 's/^/#  /' "$OUT" | tail -n 8
            [ ! -f "$LOG" ] || sed 's/^/#  log: /' "$LOG" | tail -n 4
        } >&2
    fi
}

# says DESCRIPTION LINE: the client printed this line (basic regular expression)
says() {
    tr -d '\r' < "$OUT" | grep -q -x -e "$2"
    ok "$1"
}

# logs DESCRIPTION TEXT: a line of the log has this (basic regular expression)
logs() {
    grep -q -e "$2" "$LOG"
    ok "$1"
}

done_testing() {
    echo "1..$nb_tests"
    [ "$nb_failed" -eq 0 ]
}

# subject SPEC...: windows on the desktop, in this order, painted on return
subject() {
    subjects=$((subjects + 1))
    mkfifo "$WORK/subject$subjects"
    wine "$PROGRAMS/$arch/subject.exe" "$@" < "$WORK/subject$subjects" \
        > "$WORK/ready$subjects" 2>&1 &
    subject_pid=$!
    exec 4> "$WORK/subject$subjects"
    tries=300
    until grep -q ready "$WORK/ready$subjects" 2> /dev/null || [ $tries -eq 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
}

subjects_end() {
    [ -n "${subject_pid-}" ] || return 0
    exec 4>&-
    wait "$subject_pid" 2> /dev/null
    subject_pid=
}

# client ARGUMENT...: a capture; its output is in $OUT, the simulator's log in $LOG
client() {
    client_start "$@"
    wait "$client_pid"
}

client_start() {
    rm -f "$LOG"
    MAGSIM_LOG=$LOG timeout 120 wine "$PROGRAMS/$arch/client.exe" "$@" > "$OUT" 2>&1 &
    client_pid=$!
}
