#!/bin/sh
#
# The Windows kit on the stand-in, where something is not well: with the API, with a
# program of the kit, with its folder, or with what it is told.

# shellcheck disable=SC2317 # called by check, before the trap
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
on_desktop --size 1280x720
# shellcheck source=tests/windows/kit.sh
. "$top/tests/windows/kit.sh"

short='--seconds 2 --cycles 5 --no-probe'

# ---- what is wrong is said ----------------------------------------------------------

# run PROFILE [OPTION...]: short, with the stand-in as in that profile
run() {
    MAGSIM_PROFILE=$1
    export MAGSIM_PROFILE
    shift
    # shellcheck disable=SC2086 # words
    verify --arch x86_64 $short "$@"
    unset MAGSIM_PROFILE
}

unpack 'short'
# also where cmd.exe has a variable that hides the exit code
ignored() {
    export ERRORLEVEL=0
    run filter-ignored
    unset ERRORLEVEL
    says 1 'nothing was delivered' '**BAD**' && json .excluded.tinted | grep -qx 0
}
check "a list that is ignored: nothing is delivered" ignored

trusting() {
    run filter-ignored --device '-exclude_proof off'
    says 1 'THE WINDOW SHOWED' '**BAD**' && ! json .excluded.tinted | grep -qx 0
}
check "a list that is ignored and not proven: the window shows" trusting

other_rule() {
    run default --exclude 'class=another'
    says 1 'THE WINDOW SHOWED' 'matches no window'
}
check "a rule for another window: the window shows, and the warning is in the report" other_rule

no_api() {
    run init-false
    # on the screen too, with the reason
    says 1 'nothing was delivered: no frame' && grep -q '^        .*MagInitialize' "$tmp/said"
}
check "no API: nothing is delivered" no_api

blank() {
    run blank-always
    says 1 '**BAD**' && ! grep -q 'is whole in [1-9][0-9]* of' "$report"
}
check "pictures of nothing are not taken for the desktop" blank

kept() {
    run block-inside
    says 1 'captures left 5 frames'
}
check "blocks that are not given back are told" kept

elsewhere() {
    run block-virtual --cycles 20
    says 1 'captures left 0 frames in the process'"'"'s heap' 'it leaks elsewhere' '**BAD**'
}
check "blocks that are not in the process's heap are not taken for none" elsewhere

stands_still() {
    run outage --seconds 6 --cycles 0
    says 1 'the picture stands still'
}
check "a recording that stands still is not taken for one" stands_still

# Where the device itself names a file; the report stays good for others' eyes.
names_no_folder() {
    run default --device "-exclude_file $(windows_path "$kit/none.txt" | tr / '\\')"
    says 1 'none.txt' && ! grep -n -i -F -e 'magnifier-windows-kit' -e 'Z:' "$report"
}
check "where the kit lies is not told" names_no_folder

too_long() {
    run default --seconds 60 --limit 5
    says 1 'had to be ended'
}
check "a program that does not end is ended" too_long

# And where a second one is started meanwhile, and Ctrl-C while ffmpeg records
interrupted() {
    mkfifo "$tmp/telling"
    # a shell's background jobs ignore SIGINT
    env --default-signal=INT wine "$kit/x86_64/verify.exe" --no-probe --seconds 60 --arch x86_64 \
        > "$tmp/telling" 2> /dev/null &
    verify_pid=$!
    {
        read -r _
        verify --arch x86_64 $short
        one_line 'another magprobe or verify is running'
        interrupted_second=$?
        ! wine "$kit/x86_64/magprobe.exe" --profile > "$tmp/out" 2>&1 < /dev/null &&
            grep -q 'another magprobe or verify is running' "$tmp/out"
        interrupted_probe=$?
        kill -INT "$verify_pid"
        cat > "$tmp/said"
    } < "$tmp/telling"
    wait "$verify_pid"
    code=$?
    cat "$tmp/said"
    [ "$interrupted_second$interrupted_probe" = 00 ] && says 1 '**interrupted**' 'not tried' && ! grep -F '**BAD**' "$report" && [ ! -d "$kit/work" ]
}
check "a second one is refused; when the first is interrupted it cleans up, and reports what it has" interrupted

beside_magprobe() {
    mkfifo "$tmp/answers"
    wine "$kit/x86_64/magprobe.exe" --profile > "$tmp/answers" 2> /dev/null < /dev/null &
    {
        read -r _
        verify $short
        cat > "$tmp/rest"
    } < "$tmp/answers"
    wait $!
    one_line 'another magprobe or verify is running'
}
check "beside a magprobe it does not begin" beside_magprobe

# Nothing of it is left where it could be taken for a report.
killed() {
    rm -f "$report" "$tmp/telling"
    mkfifo "$tmp/telling"
    wine "$kit/x86_64/verify.exe" --no-probe --seconds 60 --arch x86_64 > "$tmp/telling" 2> /dev/null &
    killed_pid=$!
    {
        read -r _
        [ ! -e "$report" ]
        killed_before=$?
        kill -KILL "$killed_pid"
    } < "$tmp/telling"
    wait "$killed_pid"
    [ "$killed_before" = 0 ] && [ ! -e "$report" ]
}
check "when it is killed it leaves no empty report" killed

# ---- programs of the kit that are not well ------------------------------------------------

# pretend PROGRAM...: in the place of these, which then do what $PRETEND_* says
pretend() {
    for program; do
        cp "$E2E_BUILD/tests/windows/x86_64/pretend.exe" "$kit/x86_64/$program.exe" || bail 'cp'
    done
}

# broken [OPTION...]: as short as can be
broken() {
    # shellcheck disable=SC2086 # words
    verify --arch x86_64 --cycles 0 --seconds 1 "$@"
}

missing() {
    rm -f "$kit/i686/ffmpeg.exe" "$kit/i686/magprobe.exe"
    verify --arch i686 --cycles 0
    says 1 'magprobe could not be started (error 2' 'ffmpeg could not be started (error 2' '| - | left out' &&
        grep -q 'Something is not as it should be' "$tmp/said" && grep -q 'magprobe could not be started' "$tmp/said"
}
check "programs that are missing are told, and nothing is well" missing

ends_badly() {
    PRETEND_FRAMES=50 PRETEND_CODE=7 broken --no-probe
    says 1 'ffmpeg ended with an error (exit code 7); it delivered 50 frames' && ! grep -F '| good |' "$report"
}

hardly_any() {
    PRETEND_FRAMES=2 broken --no-probe
    says 1 'hardly anything was delivered: 2 frames'
}

no_file() {
    PRETEND_FRAMES=50 broken --no-probe
    says 1 'ffprobe ended with an error (exit code'
}

other_file() {
    PRETEND_FRAMES=50 PRETEND_SAYS='ffv1,480,320,bgr0,49' broken --no-probe
    says 1 'the file has others'
}

# all but the picture of the magenta window
not_known() {
    PRETEND_FRAMES=50 PRETEND_PAUSE=20 PRETEND_SAYS='ffv1,480,320,bgr0,50' broken --no-probe
    says 1 'is whole in 0 of 50 frames' '| ? | no pixel of it in 50 frames'
}

over() {
    PRETEND_FRAMES=50 PRETEND_SAYS='ffv1,480,320,bgr0,50' broken --no-probe
    says 1 'it was over after 0.'
}

# It comes to the program as it is.
rule() {
    rule="class=$(printf '%0300d' 0)|title=\"試験\"\\"
    wine "$kit/x86_64/verify.exe" --no-probe --arch x86_64 --cycles 0 --seconds 1 --exclude "$rule" > "$tmp/said" 2>&1
    code=$?
    says 1 "$(printf %s "$rule" | wc -c) bytes: class=0000" && says 1 '0|title="試験"\'
}

# no_answers CODE JSON WORDS: of a magprobe that ends so
no_answers() {
    PRETEND_FRAMES=50 PRETEND_CODE=$1 PRETEND_JSON=$2 broken
    says 1 "$3" && grep -q -F -e "BAD: $3" "$tmp/said" && json .magprobe | grep -q -x null
}

unpack 'broken'
pretend ffmpeg
check "ffmpeg ends with an error after frames: that is told" ends_badly
check "ffmpeg delivers hardly any frames: that is told" hardly_any
check "there is no recording that can be read: that is told" no_file
pretend ffprobe
check "the recording has not the frames that were delivered: that is told" other_file
check "what could not be found out is not well" not_known
check "a recording that is over before its time is told" over
check "a rule of 300 letters, with quotes and a backslash, is the one that is recorded with" rule
pretend magprobe
check "magprobe ends with an error: that is told" no_answers 5 '{}' 'magprobe ended with an error (exit code 5)'
check "magprobe's JSON is empty: that is told" no_answers 0 '' 'magprobe.json is not whole'
check "magprobe's JSON is cut: that is told" no_answers 0 '{ "answers": [ { "question": 1, "answer": "}' \
    'magprobe.json is not whole'
check "magprobe's JSON is the other architecture's: that is told" no_answers 0 \
    '{ "arch": "i686", "answers": [ { "question": 1, "answer": "" } ], "whole": true }' 'magprobe.json is not whole, or another'

# ---- what it is told ------------------------------------------------------------------------

refused() {
    for wrong in '--seconds 2x' '--seconds +2' '--seconds 0' '--cycles -1' '--cycles 5x' '--limit 2147484' '--limit 0' '--arch arm' \
        '--exclude' '--nothing' 'nothing'; do
        # shellcheck disable=SC2086 # words
        wine "$kit/x86_64/verify.exe" $wrong > "$tmp/said" 2>&1
        code=$?
        one_line "^$wrong: .*; --help" || { echo "$wrong: exit code $code"; cat "$tmp/said"; return 1; }
    done
    wine "$kit/x86_64/verify.exe" --exclude "class=$(printf '%09000d' 0)" > "$tmp/said" 2>&1
    code=$?
    one_line 'too long'
}
check "an option that is none, or has no such value, is named" refused

explained() {
    verify --help
    for option in arch seconds cycles no-probe limit exclude device help; do
        grep -q "^--$option .*[a-z]" "$tmp/said" || { echo "--$option is not explained"; return 1; }
    done
    [ "$code" = 0 ]
}
check "--help explains each option" explained

# ---- where it cannot run --------------------------------------------------------------

alone() {
    rm -r "$kit/x86_64"
    verify
    one_line 'take the whole kit out of the zip'
}
check "without its programs it says so in one line" alone

in_the_way() {
    echo before > "$kit/work"
    verify
    one_line 'There is a file "work" here' && grep -q before "$kit/work" && rm "$kit/work" && mkdir "$report" || return 1
    verify
    rmdir "$report"
    one_line 'report.md that is here cannot be replaced (error 5' && [ ! -e "$kit/work" ]
}
unpack 'in the way'
check "a file in the place of the folder work, and a folder in that of the report, are named" in_the_way

full() {
    verify
    one_line 'The disk of this folder is full'
}
# What is mounted goes again, whatever ends this.
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"' EXIT
trap 'exit 143' INT TERM
mkdir "$kit/work"
if mount -t tmpfs -o size=1M tmpfs "$kit/work" 2> /dev/null; then
    mounted=$kit/work
    check "where the disk is full it says so in one line" full
    umount "$kit/work" && mounted=
else
    skip "where the disk is full it says so in one line" "nothing can be mounted here"
fi

deep() {
    deep=$tmp/$(printf 'd%0100d/%0100d' 0 0)
    mkdir -p "$deep" && cp -r "$kit/." "$deep" || return 1
    wine "$deep/x86_64/verify.exe" $short > "$tmp/said" 2>&1
    code=$?
    one_line 'path of this folder is too long'
}
check "where its path is too long it says so in one line" deep

# A medium: where root may write anywhere, one that is mounted so.
read_only() {
    verify
    one_line 'cannot be written to'
}
unpack 'read only'
if [ "$(id -u)" != 0 ]; then
    chmod a-w "$kit"
    check "where it cannot write it says so in one line" read_only
    chmod u+w "$kit"
elif mount --bind "$kit" "$kit" 2> /dev/null && mounted=$kit && mount -o remount,bind,ro "$kit" 2> /dev/null; then
    check "where it cannot write it says so in one line" read_only
else
    skip "where it cannot write it says so in one line" "nothing can be mounted here"
fi

finish
