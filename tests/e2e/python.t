#!/bin/sh
# examples/record.py: ffmpeg.exe driven by another program, as Python programs do.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

stamped_scene
secret_scene
size=800x600

# What Python starts in place of ffmpeg.exe: Python is not in Wine, and ffmpeg.exe is. The folder that is
# Python's is not Wine's, which would have another server there, and none of the windows of the scene.
program() {
    printf '#!/bin/sh\nTMPDIR="%s" exec wine "%s" "%s" "$@"\n' "${TMPDIR:-/tmp}" \
        "$E2E_BUILD/tests/x86_64/through.exe" "$(windows_path "$ffmpeg")" > "$tmp/ffmpeg" && chmod +x "$tmp/ffmpeg"
}

# film STATEMENT...: what it has recorded
# shellcheck disable=SC2086 # an option and its value
film() {
    wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -i "$(windows_path "$tmp/film.mp4")" $each_packet \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 &&
        frames "$size" "$tmp/raw" "$@" || { cat "$tmp/log"; return 1; }
}

# python_open ARGUMENT...: starts it, and waits until it says that it records and there is something in the
# file. (A shell's background jobs ignore SIGINT, and timeout would send it to all of them.)
python_open() {
    rm -f "$tmp/film.mp4" "$tmp/in"
    mkfifo "$tmp/in" || return 1
    TMPDIR=$tmp env --default-signal=INT timeout --foreground -k 10 "$net" python3 "$top/examples/record.py" \
        --ffmpeg "$tmp/ffmpeg" "$@" "$tmp/film.mp4" < "$tmp/in" > "$tmp/out" 2> "$tmp/err" &
    python=$!
    exec 7> "$tmp/in"
    until grep -q '^recording' "$tmp/out" && [ -s "$tmp/film.mp4" ]; do
        kill -0 "$python" 2> /dev/null || { cat "$tmp/err"; return 1; }
        sleep 0.1 # its pace; the condition above is what is waited for
    done
}

# python_wait: until it has ended, by whatever came before
python_wait() {
    wait "$python"
    python_code=$?
    exec 7>&-
    cat "$tmp/err"
    echo "exit code $python_code"
    [ "$python_code" = 0 ] && ! grep -q Traceback "$tmp/err"
}

# Ends on a line of its standard input, after it has said that it records. An mp4 that was
# not written to its end cannot be read.
left_out() {
    python_open --exclude 'exe=secret.exe' --exclude 'title=*an \"odd\" name \& 100%*' || return 1
    sleep 1 # some frames; how many does not matter
    echo >&7
    python_wait && film 'number 1..9999' 'tint ff00ff'
}

# Ctrl-C
interrupted() {
    python_open --exclude 'exe=secret.exe' && kill -INT "$python" && python_wait && film 'number 1..9999' 'tint ff00ff'
}

# Nobody tells it to end: what it records goes away, and ffmpeg with it.
goes() {
    on 1 'window gone at=400,250 size=320x240 color=203040 title=gone' && python_open --source title=gone &&
        on 1 'destroy gone' && python_wait || return 1
    size=320x240
    film 'number 1..9999'
    goes_result=$?
    size=800x600
    return "$goes_result"
}

# What is no rule would leave out nothing, as where a script's variable is not set.
no_rule() {
    for no_rule in '' ' ' '# exe=secret.exe' 'exe=secret.exe
# and no other'; do
        TMPDIR=$tmp timeout -k 10 "$net" python3 "$top/examples/record.py" --ffmpeg "$tmp/ffmpeg" --exclude "$no_rule" \
            "$tmp/film.mp4" < /dev/null > "$tmp/out" 2> "$tmp/err"
        python_code=$?
        cat "$tmp/err"
        [ "$python_code" = 2 ] && grep -q 'error: .*rule' "$tmp/err" && [ ! -s "$tmp/out" ] || return 1
    done
}

# what ffmpeg says reaches the caller, and its code
fails() {
    TMPDIR=$tmp timeout -k 10 "$net" python3 "$top/examples/record.py" --ffmpeg "$tmp/ffmpeg" --source monitor=7 \
        --exclude 'exe=secret.exe' "$tmp/film.mp4" < /dev/null > "$tmp/out" 2> "$tmp/err"
    python_code=$?
    cat "$tmp/err"
    [ "$python_code" != 0 ] && [ "$python_code" != 124 ] && grep -q 'monitor' "$tmp/err" && ! grep -q Traceback "$tmp/err"
}

nothing_left() {
    find "$tmp" -maxdepth 1 -name 'record-*' | tee "$tmp/left"
    [ ! -s "$tmp/left" ]
}

for b in $E2E_BUILDS; do
    use_build "$b"
    program || bail 'the program'
    check "$b: record.py records without the windows of a program, and ends the file" left_out
    check "$b: Ctrl-C ends it, and the file" interrupted
    check "$b: it ends when ffmpeg does" goes
    check "$b: it tells why it cannot" fails
    check "$b: it refuses a rule that is none" no_rule
    check "$b: it leaves nothing in the temporary folder" nothing_left
done

finish
