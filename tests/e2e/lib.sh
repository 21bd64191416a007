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
#
# shellcheck shell=sh disable=SC2034

set -u

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
E2E_BUILD=${E2E_BUILD:-$top/build}
E2E_BUILDS=${E2E_BUILDS:-7.1/x86_64}
device=${E2E_DEVICE:-magnifier}
export E2E_BUILD E2E_BUILDS

# A safety net for a hang, and nothing that a test rests on.
net=300

# Runs the rest of the test file on a desktop of its own.
on_desktop() {
    [ -n "${E2E_INSIDE:-}" ] || E2E_INSIDE=1 exec "$top/tests/desktop" \
        --simulator "$E2E_BUILD/simulator" "$@" -- "$0"
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

comment() {
    sed 's/^/# /'
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
    fi
}

skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

not() {
    ! "$@"
}

# ---- builds ----------------------------------------------------------------

# for_build RELEASE/ARCH: the programs of that build.
use_build() {
    build=$1
    ffmpeg=$E2E_BUILD/$build/ffmpeg.exe
    ffprobe=$E2E_BUILD/$build/ffprobe.exe
    arch=${build#*/}
    [ -f "$ffmpeg" ] || bail "there is no $ffmpeg"
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
        on 1 "$show_line" || bail "the scene failed: $show_line"
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
    on 2 "window one at=100,80 size=300x200 color=ff00ff $*" || bail 'the secret window'
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

# record FILE FRAMES [OPTION...]: raw frames of the desktop; log in $tmp/log.
record() {
    record_file=$1
    record_frames=$2
    shift 2
    rm -f "$record_file"
    timeout "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$device" "$@" -i desktop \
        -frames:v "$record_frames" -c:v rawvideo -pix_fmt bgr0 -f rawvideo \
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

# ---- errors --------------------------------------------------------------------

# is_error CODE: FFmpeg has ended with an error of its own (1 from older releases,
# else the low byte of an AVERROR), so it did not crash, nor hang.
is_error() {
    case $1 in
    1|118|187|216|234|254) ;;
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

# refused ERROR WORDS [OPTION...]: ERROR is what the code reads as; one line of
# the device's own has WORDS in it (or $refused_lines lines, one with them).
refused_lines=1

refused() {
    refused_error=$1
    refused_words=$2
    shift 2
    timeout "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -f "$device" "$@" \
        -frames:v 1 -f null - > "$tmp/log" 2>&1
    refused_code=$?
    tr -d '\r' < "$tmp/log" > "$tmp/lines"
    cat "$tmp/lines"
    echo "exit code $refused_code"
    ! grep -q 'PROFILE ERROR' "$tmp/lines" || return 1
    is_error "$refused_code" || return 1
    grep '^\[magnifier' "$tmp/lines" > "$tmp/own"
    [ "$(wc -l < "$tmp/own")" = "$refused_lines" ] ||
        { echo "not $refused_lines lines of the device's"; return 1; }
    grep -q -e "$refused_words" "$tmp/own" || { echo "it does not say '$refused_words'"; return 1; }
    grep -q -e "$refused_error" "$tmp/lines" || { echo "the error is not '$refused_error'"; return 1; }
}

[ -z "${E2E_INSIDE:-}" ] || setup_tmp
