#!/bin/sh
# tests/desktop itself: it returns the command's exit code, leaves nothing behind
# whatever happens, and any number run side by side. And frames: it can fail.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

desktop=$top/tests/desktop
scene_exe=$E2E_BUILD/tests/x86_64/scene.exe

# What of a run is left: its folder, or a process that knows of it.
left() {
    [ -n "$1" ] || return 0
    [ ! -e "$1" ] || { echo "$1 is there"; return 0; }
    # from a file: grep would find itself
    printf '%s\n' "$1" > "$tmp/what"
    grep -lazF -f "$tmp/what" /proc/[0-9]*/cmdline /proc/[0-9]*/environ > "$tmp/left" 2> /dev/null
    while IFS= read -r file; do
        tr '\0' ' ' < "${file%/*}/cmdline" 2> /dev/null && { echo "is there: $file"; return 0; }
    done < "$tmp/left"
    return 1
}

# run_once SIGNAL|none CODE: a desktop with Wine running in it, that ends or is ended
run_once() {
    signal=$1
    : > "$tmp/out"
    # shellcheck disable=SC2016,SC2094 # for the shell in the desktop, which waits
    # for its own output
    env --default-signal=INT,HUP,TERM "$desktop" --no-simulator --size 640x480 -- sh -c '
        echo "$WINEPREFIX"
        sleep 600 &
        scene=
        while ! grep -q "^ok" "$0"; do
            # Wine does not start each program
            if [ -z "$scene" ] || ! kill -0 "$scene" 2> /dev/null; then
                wine "$1" "window a at=0,0 size=100x100" stay < /dev/null &
                scene=$!
            fi
            sleep 0.1
        done
        echo ready
        [ "$2" = none ] || wait
        exit 7' "$tmp/out" "$scene_exe" "$signal" > "$tmp/out" 2> "$tmp/err" < /dev/null &
    run_pid=$!
    if [ "$signal" != none ]; then
        until grep -q ready "$tmp/out" || ! kill -0 "$run_pid" 2> /dev/null; do sleep 0.1; done
        kill -s "$signal" "$run_pid"
    fi
    wait "$run_pid"
    code=$?
    cat "$tmp/out" "$tmp/err"
    prefix=$(head -n 1 "$tmp/out")
    echo "exit code $code, wanted $2"
    [ "$code" = "$2" ] && grep -q ready "$tmp/out" && ! left "${prefix%/prefix}"
}

side_by_side() {
    for i in 1 2; do
        # shellcheck disable=SC2016
        "$desktop" --no-simulator --size "800x60$i" -- sh -c '
            echo "$DISPLAY $WINEPREFIX"; wine "$1" screen quit < /dev/null' sh "$scene_exe" \
            > "$tmp/side$i" 2> /dev/null &
        eval "side$i=\$!"
    done
    # shellcheck disable=SC2154
    wait "$side1" && wait "$side2" || return 1
    cat "$tmp/side1" "$tmp/side2"
    [ "$(head -n 1 "$tmp/side1")" != "$(head -n 1 "$tmp/side2")" ] &&
        grep -q '^ok 0,0,800x601' "$tmp/side1" && grep -q '^ok 0,0,800x602' "$tmp/side2"
}

refuses() {
    "$desktop" "$@" > "$tmp/out" 2>&1
    code=$?
    cat "$tmp/out"
    [ "$code" = 125 ]
}

check "the exit code is the command's, and nothing is left" run_once none 7
check "ended by TERM it leaves nothing" run_once TERM 143
check "ended by INT it leaves nothing" run_once INT 130
check "ended by HUP it leaves nothing" run_once HUP 129
check "two run side by side" side_by_side
check "no command is refused" refuses --size 640x480
check "a size that is none is refused" refuses --size big -- true
check "an unknown option is refused" refuses --nonsense -- true
check "a folder without a simulator is refused" refuses --simulator "$tmp" -- true

# frames: two frames of 4x2, one pixel different in the second
printf 'aaa\0aaa\0aaa\0aaa\0aaa\0aaa\0aaa\0aaa\0' > "$tmp/one"
printf 'aaa\0aaa\0aaa\0aaa\0aaa\0abc\0aaa\0aaa\0' > "$tmp/two"
cat "$tmp/one" "$tmp/two" > "$tmp/frames"
printf x | cat "$tmp/one" - > "$tmp/cut"

refuted() {
    frames 4x2 "$@"
    [ $? = 1 ]
}

check "frames: what holds, holds" frames 4x2 "$tmp/frames" 'number 2' 'rect 2,0,2x2 616161' \
    'absent 0000ff' 'frame 0' 'rect 0,0,4x2 616161' 'count 616161 8' "same $tmp/one" \
    'frame 1' 'rect 1,1,1x1 636261' 'count 636261 1' 'differ 0,1,2x1 2,1' \
    "same $tmp/one except 1,1,1x1" 'frame all' 'moved 0,0,4x2'
for statement in 'number 3' 'rect 0,0,4x2 616161' 'absent 636261' 'count 616161 8' 'tint 636261' \
                 'other 0,0,4x2 636261' 'differ 0,0,1x1 1,0' 'moved 2,0,2x2' "same $tmp/one" \
                 'near 0,0,4x2 616161 1' 'border 0,0,4x2 616161' "like 0,0,4x2 $tmp/one 0,0"; do
    check "frames: what does not hold, fails: ${statement%%/*}" refuted "$tmp/frames" "$statement"
done
check "frames: a cut frame fails" refuted "$tmp/cut" 'number 1'
check "frames: a frame that is not there fails" refuted "$tmp/one" 'frame 5' 'rect 0,0,1x1 616161'

finish
