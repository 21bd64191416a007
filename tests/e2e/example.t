#!/bin/sh
# examples/record.c: a program that links libavdevice, told by lines what to do.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

stamped_scene
secret_scene
size=800x600

# example_open: starts it; tell COMMAND sends it a line and prints what it answers
example_open() {
    mkfifo "$tmp/in" "$tmp/out" || return 1
    (cd "$tmp" && exec wine "$E2E_BUILD/examples/$build/record.exe") < "$tmp/in" > "$tmp/out" 2> "$tmp/err" &
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

left_out() {
    tell rules exe=secret.exe && tell start desktop film.mkv && more 10 && tell stop && film 'number 10..9999' 'tint ff00ff'
}

# a rule that comes while it records: the window is in the first frames, and in the last no more
changed() {
    said=$(grep -c 'leaving out.*secret\.exe' "$tmp/err")
    tell rules title=nobody && tell start desktop film.mkv && more 5 && tell rules 'title=nobody|exe=secret.exe' || return 1
    until [ "$(grep -c 'leaving out.*secret\.exe' "$tmp/err")" -gt "$said" ]; do
        kill -0 "$example" 2> /dev/null || return 1
        sleep 0.05 # as above
    done
    more 10 && tell stop && not film 'frame 1' 'tint ff00ff' > /dev/null && film 'frame -5..-1' 'tint ff00ff'
}

refuses() {
    not tell start nothing film.mkv && not tell start monitor=7 film.mkv && not tell start desktop nowhere/film.mkv &&
        not tell stop && not tell dance
}

again() {
    tell rules exe=secret.exe || return 1
    for file in 1 2 3 4 5 6 7 8 9 10; do
        tell start desktop "film$file.mkv" && more 1 && tell stop || return 1
    done
    mv "$tmp/film10.mkv" "$tmp/film.mkv"
    film 'number 1..9999' 'tint ff00ff'
}

for b in $E2E_BUILDS; do
    use_build "$b"
    example_open || bail 'it does not start'
    check "$b: it lists what can be captured" lists
    check "$b: it records without the windows of a program" left_out
    check "$b: a rule is changed while it records" changed
    check "$b: what is wrong is an error, and it goes on" refuses
    check "$b: ten recordings, one after the other" again
    check "$b: it ends" example_close
done

finish
