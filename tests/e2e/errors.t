#!/bin/sh
# What cannot be is said in one clear line, with the right error and a non-zero
# exit code.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

system=$WINEPREFIX/drive_c/windows
scene_open
show 'window back at=0,0 size=640x480 pattern=plaid'

# refused ERROR WORDS [OPTION...]: ERROR is what the code reads as; one line of
# the device's own has WORDS in it.
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
    [ "$refused_code" != 0 ] && [ "$refused_code" != 124 ] || return 1
    grep '^\[magnifier' "$tmp/lines" > "$tmp/own"
    [ "$(wc -l < "$tmp/own")" = 1 ] || { echo "not one line of the device's"; return 1; }
    grep -q -e "$refused_words" "$tmp/own" || { echo "it does not say '$refused_words'"; return 1; }
    grep -q -e "$refused_error" "$tmp/lines" || { echo "the error is not '$refused_error'"; return 1; }
}

# install DIR: another Magnification.dll, or none
install_dll() {
    rm -f "$system/system32/Magnification.dll" "$system/syswow64/Magnification.dll"
    [ -n "$1" ] || return 0
    cp "$1/x86_64/Magnification.dll" "$system/system32/"
    cp "$1/i686/Magnification.dll" "$system/syswow64/"
}

with() {
    with_set=$1
    shift
    MAGSIM_SET=$with_set "$@"
}

no_dll() {
    install_dll ''
    refused 'Function not implemented' 'Magnification.dll' -i desktop
    result=$?
    install_dll "$E2E_BUILD/simulator"
    return "$result"
}

missing_export() {
    install_dll "$E2E_BUILD/simulator-noexport"
    refused 'Function not implemented' 'MagSetWindowFilterList' -i desktop
    result=$?
    install_dll "$E2E_BUILD/simulator"
    return "$result"
}

# the options of FFmpeg itself are refused by FFmpeg, before the device sees them
bad_option() {
    timeout "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -f "$device" "$@" \
        -i desktop -frames:v 1 -f null - > "$tmp/log" 2>&1
    bad_code=$?
    tr -d '\r' < "$tmp/log"
    echo "exit code $bad_code"
    [ "$bad_code" != 0 ] && [ "$bad_code" != 124 ] && [ -s "$tmp/log" ]
}

for b in $E2E_BUILDS; do
    use_build "$b"
    external='external library'
    check "$b: no Magnification.dll" no_dll
    check "$b: an export is missing" missing_export
    check "$b: MagInitialize returns FALSE" with 'init_false = yes' \
        refused "$external" MagInitialize -i desktop
    check "$b: the window class is missing" with 'class_missing = yes' \
        refused "$external" 'CreateWindowEx\|[Cc]lass' -i desktop
    check "$b: a region off the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x 5000 -offset_y 0 -i desktop
    check "$b: a region that leaves the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x 600 -offset_y 0 -i desktop
    check "$b: a region larger than the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 641x480 -i desktop
    check "$b: a negative offset without a monitor there" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x -10 -offset_y 0 -i desktop
    check "$b: an unknown input" refused 'Invalid argument' 'nonsense' -i nonsense
    check "$b: an unknown option" bad_option -nonsense 1
    check "$b: a frame rate of 0" bad_option -framerate 0
    check "$b: a frame rate below 0" bad_option -framerate -3
    check "$b: a size that is none" bad_option -video_size tiny
    check "$b: a flag that is none" bad_option -draw_mouse 7
    check "$b: after all of these it still records" \
        recorded 1 640x480 '-draw_mouse 0' 'rect 0,0,640x480 plaid@0,0'
done

finish
