#!/bin/sh
# examples/record.c: a program that links libavdevice, told by lines and by keys what to do.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

stamped_scene
secret_scene
size=800x600

# example_open: starts it; tell COMMAND sends it a line and prints what it answers
example_open() {
    mkfifo "$tmp/in" "$tmp/out" || return 1
    (cd "$tmp" && exec wine "$E2E_BUILD/tests/x86_64/through.exe" \
        "$(windows_path "$E2E_BUILD/examples/$build/record.exe")") < "$tmp/in" > "$tmp/out" 2> "$tmp/err" &
    example=$!
    exec 7> "$tmp/in" 8< "$tmp/out"
}

example_close() {
    echo quit >&7
    wait "$example"
    example_code=$?
    exec 7>&- 8<&-
    rm -f "$tmp/in" "$tmp/out"
    return "$example_code"
}

tell() {
    printf '%s\n' "$*" >&7
    while IFS= read -r answer <&8; do
        answer=$(printf %s "$answer" | tr -d '\r')
        case $answer in
        ok)     return 0 ;;
        error*) echo "$answer ($*)"; return 1 ;;
        *)      echo "$answer" ;;
        esac
    done
    echo "it is gone ($*)"
    return 1
}

# more COUNT: waits for so many frames from now on
more() {
    more_until=$(($(tell frames) + $1))
    until [ "$(tell frames)" -ge "$more_until" ]; do
        kill -0 "$example" 2> /dev/null || return 1
        sleep 0.05 # its pace; the condition above is what is waited for
    done
}

# film STATEMENT...: what it has recorded
# shellcheck disable=SC2086 # an option and its value
film() {
    wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -i "$(windows_path "$tmp/film.mkv")" $each_packet \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 &&
        frames "$size" "$tmp/raw" "$@" || { cat "$tmp/log" "$tmp/err"; return 1; }
}

lists() {
    tell list > "$tmp/list" && cat "$tmp/list" && grep -q '^desktop: the whole desktop, 800x600 at 0,0' "$tmp/list" &&
        grep -q '^monitor=1: ' "$tmp/list"
}

# with a bar in a title, which is none between two rules
left_out() {
    tell without 'title=one\|two|exe=secret.exe' && tell start desktop film.mkv && more 10 && tell end && film 'number 10..9999' 'tint ff00ff'
}

# a rule that comes while it records: the window is in the first frames, and in the last no more
changed() {
    said=$(grep -c 'leaving out.*secret\.exe' "$tmp/err")
    tell without title=nobody && tell start desktop film.mkv && more 5 && tell without 'title=nobody|exe=secret.exe' || return 1
    until [ "$(grep -c 'leaving out.*secret\.exe' "$tmp/err")" -gt "$said" ]; do
        kill -0 "$example" 2> /dev/null || return 1
        sleep 0.05 # as above
    done
    more 10 && tell end && not film 'frame 1' 'tint ff00ff' > /dev/null && film 'frame -5..-1' 'tint ff00ff'
}

refuses() {
    not tell start nothing film.mkv && not tell start monitor=7 film.mkv && not tell start desktop nowhere/film.mkv &&
        not tell end && not tell dance && not tell without '# exe=secret.exe'
}

# Another copy in the same folder has rules of its own, while it runs and when it has ended.
second() {
    mkfifo "$tmp/second" || return 1
    (cd "$tmp" && exec wine "$(windows_path "$E2E_BUILD/examples/$build/record.exe")") < "$tmp/second" > "$tmp/said" 2>&1 &
    second=$!
    exec 9> "$tmp/second"
    echo without title=nobody >&9
    until grep -q '^ok' "$tmp/said"; do
        kill -0 "$second" 2> /dev/null || return 1
        sleep 0.05 # as above
    done
}

second_close() {
    echo quit >&9
    exec 9>&-
    rm -f "$tmp/second"
    wait "$second"
}

two() {
    tell without exe=secret.exe && tell start desktop film.mkv && more 5 && second || return 1
    more 30
    two_result=$?
    second_close && [ "$two_result" = 0 ] && more 30 && tell end && film 'number 65..9999' 'tint ff00ff'
}

# What is recorded goes away: it says so, and the file is written to its end.
goes() {
    on 1 'window gone at=400,250 size=320x240 color=203040 title=gone' && tell start title=gone film.mkv && more 5 &&
        on 1 'destroy gone' && IFS= read -r answer <&8 || return 1
    wine "$ffprobe" -hide_banner -loglevel error -show_entries format=duration -of csv=p=0 \
        "$(windows_path "$tmp/film.mkv")" 2>&1 | tr -d '\r' | tee "$tmp/duration"
    echo "$answer"
    [ "$(printf %s "$answer" | tr -d '\r')" = ended ] && grep -q '^[0-9]' "$tmp/duration"
}

# It ends, and its file of rules with it.
ends() {
    example_close && find "$tmp" -maxdepth 1 -name 'record-rules*' | tee "$tmp/left"
    [ "$example_code" = 0 ] && [ ! -s "$tmp/left" ]
}

# where no file of rules can be written
nowhere() {
    (cd /proc && exec timeout -k 10 "$net" wine "$(windows_path "$E2E_BUILD/examples/$build/record.exe")" < /dev/null) \
        > "$tmp/answers" 2> "$tmp/err"
    nowhere_code=$?
    cat "$tmp/answers"
    [ "$nowhere_code" = 1 ] && grep -q '^error: ' "$tmp/answers"
}

held() {
    wine "$E2E_BUILD/tests/x86_64/held.exe" record.exe 2> /dev/null | tr -d '\r'
}

# grown NAME BEFORE AFTER LIMIT
grown() {
    echo "$1: $2, then $3"
    [ "$3" -le $(($2 + $4)) ]
}

# The first ones fill what Wine and FFmpeg keep for good. A frame has 1.9 MB, so that a hundred that
# stayed would be 188 MB; what malloc() takes for them is not given back to the last page.
hundred() {
    tell without exe=secret.exe && tell repeat 10 desktop film.mkv && before=$(held) &&
        tell repeat 100 desktop film.mkv && after=$(held) || return 1
    # shellcheck disable=SC2086 # four numbers each
    set -- $before $after
    [ $# = 8 ] && [ "$1" -gt 0 ] && [ "$4" -gt 0 ] && grown handles "$1" "$5" 2 && grown windows "$2" "$6" 0 &&
        grown threads "$3" "$7" 0 && grown 'private KiB' "$4" "$8" 16384 && film 'number 1..9999' 'tint ff00ff'
}

# press KEY: in its console; waits for the answer
press() {
    press_until=$(($(wc -l < "$tmp/answers") + 1))
    printf %s "$1" >&7
    until [ "$(wc -l < "$tmp/answers")" -ge "$press_until" ]; do
        kill -0 "$example" 2> /dev/null || return 1
        sleep 0.05 # as above
    done
}

# With a terminal for its console. What it writes goes to a file, as a console's is full of escapes.
keys() {
    rm -f "$tmp/out.mkv" "$tmp/keys"
    : > "$tmp/answers"
    mkfifo "$tmp/keys" || return 1
    (cd "$tmp" && exec script -q -e -c "wine '$(windows_path "$E2E_BUILD/examples/$build/record.exe")' > answers 2> err" \
        /dev/null) < "$tmp/keys" > "$tmp/terminal" 2>&1 &
    example=$!
    exec 7> "$tmp/keys"
    press s || return 1
    until tr -d '\r' < "$tmp/answers" | grep -q '^[1-9][0-9]*$'; do
        press f || return 1
    done
    press x && press e
    printf q >&7
    wait "$example"
    keys_code=$?
    exec 7>&-
    tr -d '\r' < "$tmp/answers" | tee "$tmp/said"
    [ "$keys_code" = 0 ] && [ "$(grep -c '^error: ' "$tmp/said")" = 1 ] && [ "$(tail -n 1 "$tmp/said")" = ok ] &&
        mv "$tmp/out.mkv" "$tmp/film.mkv" && film 'number 1..9999'
}

for b in $E2E_BUILDS; do
    use_build "$b"
    example_open || bail 'it does not start'
    check "$b: it lists what can be captured" lists
    check "$b: record.exe records without the windows of a program" left_out
    check "$b: a rule is changed while it records" changed
    check "$b: what is wrong is an error, and it goes on" refuses
    check "$b: another copy in the same folder changes no rule of it" two
    check "$b: the window that it records goes away, and the file is whole" goes
    check "$b: a hundred recordings in one process, which does not grow" hundred
    check "$b: it ends, and leaves no rules" ends
    # where E2E_ONLY has left that out
    [ ! -p "$tmp/in" ] || example_close
    check "$b: where it can write no rules it says so" nowhere
    check "$b: by keys, in a console" keys
done

finish
