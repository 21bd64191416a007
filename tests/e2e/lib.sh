# Shared by tests/e2e/*.t: a private desktop, real windows on it, recordings
# of it, and TAP. A test file begins with
#
#   . "$(dirname "$0")/lib.sh"
#   on_desktop --size 1280x720
#
# and ends with "finish". What it may use from the environment:
#
#   E2E_BUILDS   the builds to test, as RELEASE/ARCH ("7.1/x86_64 7.1/i686")
#   E2E_BUILD    where build/ is
#   E2E_DEVICE   the device (magnifier); gdigrab serves to try a test out
#   E2E_ONLY     run only the checks whose name has this (a grep pattern)
#   E2E_KEEP     a folder for the recording and the log of a check that fails
#
# shellcheck shell=sh disable=SC2034

set -u

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
E2E_BUILD=${E2E_BUILD:-$top/build}
E2E_BUILDS=${E2E_BUILDS:-7.1/x86_64}
device=${E2E_DEVICE:-magnifier}
export E2E_BUILD E2E_BUILDS

# Safety nets for a hang, in seconds, and nothing that a test rests on: for a program, and for
# the whole file with one build. What is ended by the second one says what was running.
net=300
file_net=900

# Runs the rest of the test file on a desktop of its own.
on_desktop() {
    [ -z "${E2E_INSIDE:-}" ] || return 0
    # shellcheck disable=SC2086 # they are words
    on_desktop_net=$(($(echo $E2E_BUILDS | wc -w) * file_net))
    E2E_INSIDE=1
    export E2E_INSIDE
    if [ -t 1 ]; then
        exec timeout --foreground -k 60 "$on_desktop_net" "$top/tests/desktop" \
            --simulator "$E2E_BUILD/simulator" "$@" -- "$0"
    fi
    # Again, if Wine's server has come to a loop without an end (99), or what the test wants on its
    # desktop could not be had ($no_scene), which say nothing about the device; but never where a
    # check was red by then.
    on_desktop_out=$(mktemp) || exit 1
    on_desktop_pid=
    trap 'on_desktop_end' INT TERM
    on_desktop_end=$(($(date +%s) + on_desktop_net))
    while :; do
        timeout --foreground -k 60 "$on_desktop_net" "$top/tests/desktop" \
            --simulator "$E2E_BUILD/simulator" "$@" -- "$0" > "$on_desktop_out" &
        on_desktop_pid=$!
        wait "$on_desktop_pid"
        on_desktop_code=$?
        case $on_desktop_code in
        99)          on_desktop_why='the server of Wine 10 is in a loop without an end' ;;
        "$no_scene") on_desktop_why=$(sed -n 's/^Bail out! //p' "$on_desktop_out") ;;
        *)           break ;;
        esac
        ! grep -q '^not ok' "$on_desktop_out" && [ "$(date +%s)" -lt "$on_desktop_end" ] || break
        echo "# $0 is run again: $on_desktop_why" >&2
    done
    cat "$on_desktop_out"
    rm -f "$on_desktop_out"
    exit "$on_desktop_code"
}

# What was said by then is not lost.
# shellcheck disable=SC2317 # called by the trap
on_desktop_end() {
    [ -z "$on_desktop_pid" ] || { kill "$on_desktop_pid" 2> /dev/null; wait "$on_desktop_pid"; }
    cat "$on_desktop_out"
    rm -f "$on_desktop_out"
    exit 143
}

tmp=
count=0
failed=0
scenes=0

setup_tmp() {
    # beside the desktop, which takes it away whatever happens
    tmp=$(dirname "${WINEPREFIX:-/tmp/.}")/test
    mkdir -p "$tmp" || exit 1
}

finish() {
    echo "1..$count"
    [ "$failed" = 0 ]
    exit
}

bail() {
    echo "Bail out! $*"
    exit 1
}

# bail_scene WHAT: there is not what the test needs on its desktop. It is run again (on_desktop).
no_scene=98
bail_scene() {
    echo "Bail out! $*"
    exit "$no_scene"
}

# With awk, as sed leaves a last line without an end as it is, and the next "ok" is lost in it.
comment() {
    awk '{ print "# " $0 }'
}

# check NAME COMMAND...: ok if the command succeeds, else what it said.
check() {
    check_name=$1
    shift
    [ -z "${E2E_ONLY:-}" ] || echo "$check_name" | grep -q -e "$E2E_ONLY" || return 0
    count=$((count + 1))
    if "$@" > "$tmp/check" 2>&1; then
        echo "ok $count - $check_name"
        comment < "$tmp/check"
    else
        failed=$((failed + 1))
        echo "not ok $count - $check_name"
        # where prove lets it through
        { echo "failed: $check_name"; tail -n 40 "$tmp/check"; } | comment >&2
        [ -z "${E2E_KEEP:-}" ] || cp -p "$tmp/raw" "$tmp/log" "$tmp/check" "$E2E_KEEP" 2> /dev/null
    fi
}

# skip NAME REASON: on stderr, too, for build-aux/run-tests.sh, which tells it in the end
skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
    echo "# skipped ($2): $1" >&2
}

not() {
    ! "$@"
}

# Does the system itself tell that a window is shown, as Windows does? Then there is no
# excuse for a frame with it.
tells_of_show() {
    case $(wine --version) in
    wine-[1-9].*) return 1 ;;
    esac
}

# told_check NAME COMMAND...: a check that only holds there
told_check() {
    if tells_of_show; then
        check "$@"
    else
        skip "$1" 'this Wine does not tell that a window is shown'
    fi
}

# ---- builds ----------------------------------------------------------------

# use_build RELEASE/ARCH: the programs of that build.
use_build() {
    build=$1
    ffmpeg=$E2E_BUILD/$build/ffmpeg.exe
    ffprobe=$E2E_BUILD/$build/ffprobe.exe
    arch=${build#*/}
    case $build in
    5.*) each_packet='-vsync passthrough' ;;
    *)   each_packet='-fps_mode passthrough' ;;
    esac
    [ -f "$ffmpeg" ] || bail "there is no $ffmpeg"
}

# The first build of each architecture, for what the source alone decides: all releases have the same.
arch_builds() {
    for arch_builds_b in $E2E_BUILDS; do
        echo "${arch_builds_b#*/} $arch_builds_b"
    done | awk '!seen[$1]++ { print $2 }'
}

# ---- scenes ------------------------------------------------------------------

# scene_open [EXE]: starts a scene; its number is then $scene. At most three.
scene_open() {
    scenes=$((scenes + 1))
    scene=$scenes
    mkfifo "$tmp/in$scene" "$tmp/out$scene" || bail "mkfifo"
    wine "${1:-$E2E_BUILD/tests/x86_64/scene.exe}" \
        < "$tmp/in$scene" > "$tmp/out$scene" 2> /dev/null &
    # descriptors 3,4  5,6  7,8: a shell has single digits only
    eval "exec $((scene * 2 + 1))> '$tmp/in$scene' $((scene * 2 + 2))< '$tmp/out$scene'"
}

# scene_close: ends the last one; its number can be used again.
scene_close() {
    on "$scenes" quit
    eval "exec $((scenes * 2 + 1))>&- $((scenes * 2 + 2))<&-"
    rm -f "$tmp/in$scenes" "$tmp/out$scenes"
    scenes=$((scenes - 1))
}

# on SCENE COMMAND: tells a scene what to do, waits for its answer, prints what
# follows "ok".
on() {
    eval "printf '%s\\n' \"\$2\" >&$(($1 * 2 + 1))"
    reply=
    eval "read -r reply <&$(($1 * 2 + 2))"
    reply=$(printf %s "$reply" | tr -d '\r')
    case $reply in
    ok)     ;;
    "ok "*) echo "${reply#ok }" ;;
    *)      echo "scene: ${reply:-it is gone} ($2)" >&2; return 1 ;;
    esac
}

# show COMMAND...: the same on the first scene, or the test ends.
show() {
    for show_line; do
        on 1 "$show_line" || bail_scene "the scene failed: $show_line"
    done
}

# stamped_scene: scene 1, a picture of $size that can be checked to the pixel, and a counter
# in it by which repeats and drops are told apart.
stamped_scene() {
    size=640x480
    scene_open
    show "window back at=0,0 size=$size pattern=plaid" \
         'window count at=440,460 size=192x16 pattern=stamp' 'tick count rate=20'
}

# secret_scene: scene 2, secret.exe with its magenta window "one", which is to be left out.
secret_scene() {
    cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/secret.exe" || bail 'cp'
    scene_open "$tmp/secret.exe"
    on 2 "window one at=100,80 size=300x200 color=ff00ff $*" || bail_scene 'the secret window'
}

# forty SCENE COLUMNS X Y DX DY WORDS: windows forty0, forty1, ... in rows.
forty() {
    forty_nb=0
    while [ "$forty_nb" -lt 40 ]; do
        on "$1" "window forty$forty_nb at=$(($3 + $5 * (forty_nb % $2))),$(($4 + $6 * (forty_nb / $2))) $7" || return 1
        forty_nb=$((forty_nb + 1))
    done
}

# no_forty SCENE: they are gone again.
no_forty() {
    while [ "$forty_nb" -gt 0 ]; do
        forty_nb=$((forty_nb - 1))
        on "$1" "destroy forty$forty_nb" || return 1
    done
}

# ---- recordings ----------------------------------------------------------------

# record FILE FRAMES [OPTION...]: raw frames of $input; log in $tmp/log.
# $output: options of the output. With $each_packet these are the packets, and no others.
input=desktop
output=

record() {
    record_file=$1
    record_frames=$2
    shift 2
    rm -f "$record_file"
    # shellcheck disable=SC2086 # options are words
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$device" "$@" -i "$input" \
        $output -frames:v "$record_frames" -c:v rawvideo -pix_fmt bgr0 -f rawvideo \
        "$(windows_path "$record_file")" > "$tmp/log" 2>&1 && return 0
    record_code=$?
    cat "$tmp/log"
    return $record_code
}

windows_path() {
    printf 'Z:%s' "$1"
}

# frames SIZE FILE STATEMENT...
frames() {
    "$E2E_BUILD/tests/frames" "$@"
}

# recorded FRAMES SIZE "DEVICE OPTIONS" STATEMENT...: records and checks, in one.
recorded() {
    recorded_frames=$1
    recorded_size=$2
    recorded_options=$3
    shift 3
    # shellcheck disable=SC2086 # options are words
    record "$tmp/raw" "$recorded_frames" $recorded_options &&
        frames "$recorded_size" "$tmp/raw" "number $recorded_frames" "$@" ||
        { cat "$tmp/log"; return 1; }
}

# ---- while it is recorded: the raw frames of $follow_size come down a pipe -------

# follow INPUT SIZE OPTIONS [OUTPUT...]: with further outputs. (A shell's background jobs ignore SIGINT.)
follow() {
    follow_size=$2
    follow_bytes=$((4 * ${2%x*} * ${2#*x}))
    follow_input=$1
    follow_options=$3
    shift 3
    follow_outputs=$#
    rm -f "$tmp/pipe"
    mkfifo "$tmp/pipe" || return 1
    # shellcheck disable=SC2086 # options are words
    env --default-signal=INT timeout --foreground -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel level+info \
        -f "$device" -draw_mouse 0 -framerate 20 $follow_options -i "$follow_input" \
        -fps_mode vfr -c:v rawvideo -pix_fmt bgr0 -f rawvideo - "$@" > "$tmp/pipe" 2> "$tmp/log" &
    follow_pid=$!
    exec 9< "$tmp/pipe"
}

one_frame() {
    head -c "$follow_bytes" <&9 > "$tmp/frame"
    [ "$(wc -c < "$tmp/frame")" = "$follow_bytes" ]
}

# until_frame [never STATEMENT] STATEMENT...: one of the next frames is so, and until then none is against it
until_frame() {
    until_never='number 1'
    [ "$1" != never ] || { until_never=$2; shift 2; }
    until_left=40
    while [ "$until_left" -gt 0 ]; do
        until_left=$((until_left - 1))
        one_frame || { cat "$tmp/log"; return 1; }
        frames "$follow_size" "$tmp/frame" "$until_never" || return 1
        frames "$follow_size" "$tmp/frame" "$@" > "$tmp/why" && return 0
    done
    cat "$tmp/why" "$tmp/log"
    return 1
}

# said WORDS: frames go by until the device has said it
said() {
    said_left=300
    until grep -q "$1" "$tmp/log"; do
        said_left=$((said_left - 1))
        [ "$said_left" -gt 0 ] && one_frame || return 1
    done
}

# unfollow: ends the recording; the result so far is $?
unfollow() {
    unfollow_result=$?
    # without a reader it ends by itself, but not if it has another output
    [ "$follow_outputs" = 0 ] || { kill -INT "$follow_pid"; cat <&9 > /dev/null; }
    exec 9<&-
    wait "$follow_pid"
    [ "$unfollow_result" = 0 ] || cat "$tmp/log"
    return "$unfollow_result"
}

# ---- errors --------------------------------------------------------------------

# is_error CODE: FFmpeg has ended with an error of its own (1 from older releases,
# else the low byte of an AVERROR), so it did not crash, nor hang.
is_error() {
    case $1 in
    1|118|187|216|234|243|251|254) ;;
    *) echo "exit code $1 is not that of an error"; return 1 ;;
    esac
}

# is_failed_input CODE LOG: the input has ended in an error, and FFmpeg did not crash.
# It may well return 0 then: always without -xerror, and now and then with it, as its
# pthread_join() for Windows reads what a thread returns before that has ended.
is_failed_input() {
    [ "$1" = 0 ] || is_error "$1" || return 1
    grep -a -q 'Generic error in an external library' "$2" || { echo 'the input did not end in an error'; return 1; }
}

# own_lines [FILE]: the lines that the device logged. FFmpeg 8 and later put the name of the
# input before them, in place of that of the format, as before a line of ffmpeg's own.
own_lines() {
    tr -d '\r' < "${1:-/dev/stdin}" | grep -a '^\[\(magnifier\|in#[0-9]*\) @' |
        grep -a -v '^\[[^]]*\] Error opening input: '
}

# refused ERROR WORDS [OPTION...]: ERROR is what the code reads as; one line of
# the device's own has WORDS in it (or $refused_lines lines, one with them).
refused_lines=1

refused() {
    refused_error=$1
    refused_words=$2
    shift 2
    for refused_try in 1 2; do
        timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -f "$device" "$@" \
            -frames:v 1 -f null - > "$tmp/log" 2>&1
        refused_code=$?
        tr -d '\r' < "$tmp/log" > "$tmp/lines"
        # Wine does not start each program; FFmpeg has a line for each error
        [ "$refused_code" = 1 ] && ! grep -q "$device @\|[Ee]rror opening\|desktop: " "$tmp/lines" || break
        echo "try $refused_try: the program did not begin"
        cat "$tmp/lines"
    done
    cat "$tmp/lines"
    echo "exit code $refused_code"
    ! grep -q 'PROFILE ERROR' "$tmp/lines" || return 1
    is_error "$refused_code" || return 1
    own_lines "$tmp/lines" > "$tmp/own"
    [ "$(wc -l < "$tmp/own")" = "$refused_lines" ] ||
        { echo "not $refused_lines lines of the device's"; return 1; }
    grep -q -e "$refused_words" "$tmp/own" || { echo "it does not say '$refused_words'"; return 1; }
    grep -q -e "$refused_error" "$tmp/lines" || { echo "the error is not '$refused_error'"; return 1; }
}

[ -z "${E2E_INSIDE:-}" ] || setup_tmp
