#!/bin/sh
# What cannot be is said in one clear line, with the right error and a non-zero
# exit code.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

system=$WINEPREFIX/drive_c/windows
scene_open
show 'window back at=0,0 size=640x480 pattern=plaid'

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

profile() {
    profile_name=$1
    shift
    MAGSIM_PROFILE=$profile_name "$@"
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
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -y -f "$device" "$@" \
        -i desktop -frames:v 1 -f null - > "$tmp/log" 2>&1
    bad_code=$?
    tr -d '\r' < "$tmp/log"
    echo "exit code $bad_code"
    [ "$bad_code" != 0 ] && [ "$bad_code" != 124 ] && [ -s "$tmp/log" ]
}

# two rules that match nothing, and one that does: a line for each of the two
two_unmatched() {
    refused_lines=2
    refused 'No such file' 'title=nobody matches no window, and exclude_required is set' \
        -exclude 'exe=nothing.exe|class=scene|title=nobody' -exclude_required 1 -i desktop &&
        grep -q 'exe=nothing.exe matches no window, and exclude_required is set' "$tmp/own"
    result=$?
    refused_lines=1
    return "$result"
}

# a file that has only a comment: no rule, of which a recording only warns
no_rule_yet() {
    printf '# nothing yet\n' > "$tmp/rules"
    refused 'No such file' 'exclude_file has no rule, and exclude_required is set' \
        -exclude_file "$(windows_path "$tmp/rules")" -exclude_required 1 -i desktop &&
        recorded 3 640x480 "-draw_mouse 0 -framerate 20 -exclude_file $(windows_path "$tmp/rules")" \
            'rect 0,0,640x480 plaid@0,0' &&
        grep 'exclude_file has no rule: no window is left out' "$tmp/log"
}

bad_line() {
    printf '# rules\r\ntitle=good\r\ncolour=red\r\n' > "$tmp/rules"
    refused 'Invalid argument' 'rules, line 3, column 1: ' \
        -exclude_file "$(windows_path "$tmp/rules")" -i desktop
}

# it is said, and the recording works
unmatched_yet() {
    recorded 3 640x480 '-draw_mouse 0 -framerate 20 -exclude exe=nothing.exe' \
        'rect 0,0,640x480 plaid@0,0' &&
        grep 'The rule exe=nothing.exe matches no window yet' "$tmp/log"
}

no_effect() {
    recorded 3 640x480 '-draw_mouse 0 -exclude_proof strict -exclude_log_titles 1 -resize_mode scale' \
        'rect 0,0,640x480 plaid@0,0' &&
        grep 'exclude_proof means nothing without exclude' "$tmp/log" &&
        grep 'exclude_log_titles means nothing without exclude_log' "$tmp/log" &&
        grep "resize_mode means nothing for 'desktop'" "$tmp/log" &&
        grep 'Capturing .*; no window is left out' "$tmp/log"
}

# slips that are rules all the same: what may be meant is said with them
hinted() {
    recorded 3 640x480 '-draw_mouse 0 -framerate 20 -exclude exe=scene|title=back|exe=a.exe,class=b' \
        'rect 0,0,640x480 plaid@0,0' &&
        grep 'exe=scene matches no window yet; .*exe=notepad.exe' "$tmp/log" &&
        grep 'title=back matches no window yet; .*title=\*part\*' "$tmp/log" &&
        grep 'exe=a.exe,class=b matches no window yet; | separates rules' "$tmp/log"
}

# a window that is shown; one that is hidden is not enough
required() {
    show 'window required at=10,10 size=50x50 class=Required'
    recorded 3 640x480 '-draw_mouse 0 -framerate 20 -exclude class=required -exclude_required 1' \
        'rect 0,0,640x480 plaid@0,0'
    result=$?
    show 'destroy required'
    return "$result"
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
    check "$b: MagSetWindowTransform returns FALSE" profile transform-refused \
        refused "$external" MagSetWindowTransform -i desktop
    check "$b: MagSetImageScalingCallback returns FALSE" profile callback-refused \
        refused "$external" MagSetImageScalingCallback -i desktop
    check "$b: MagSetWindowSource returns FALSE" profile source-false-always \
        refused "$external" 'MagSetWindowSource failed' -i desktop
    check "$b: nothing calls back" profile no-callback \
        refused "$external" 'MagSetWindowSource delivered no picture' -i desktop
    check "$b: all pictures are black" profile blank-always \
        refused "$external" 'black pictures of a screen that is not black' -i desktop
    check "$b: a region off the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x 5000 -offset_y 0 -i desktop
    check "$b: a region that leaves the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x 600 -offset_y 0 -i desktop
    check "$b: a region larger than the desktop" refused 'Invalid argument' 'desktop' \
        -video_size 641x480 -i desktop
    check "$b: a negative offset without a monitor there" refused 'Invalid argument' 'desktop' \
        -video_size 100x100 -offset_x -10 -offset_y 0 -i desktop
    check "$b: an unknown input" refused 'Invalid argument' "Unknown input 'nonsense'" -i nonsense
    check "$b: a monitor without a number" refused 'Invalid argument' \
        "The number or name of a monitor has to come after '=' in 'monitor='" -i monitor=
    check "$b: a window without a title" refused 'Invalid argument' \
        "The title of a window has to come after '=' in 'title='" -i title=
    check "$b: a rule that ends too early" refused 'Invalid argument' 'exclude, column 9: ' \
        -exclude 'exe=foo&' -i desktop
    check "$b: a rule of an unknown key, the second" refused 'Invalid argument' 'exclude, column 9: ' \
        -exclude 'exe=foo|colour=red' -i desktop
    check "$b: a file of rules that is not there" refused 'No such file' \
        'exclude_file .*no-rules: there is no such file' \
        -exclude_file "$(windows_path "$tmp/no-rules")" -i desktop
    check "$b: a file of rules with a bad line" bad_line
    check "$b: an empty exclude" refused 'Invalid argument' 'exclude has no rule' -exclude '' -i desktop
    check "$b: an empty exclude_file" refused 'Invalid argument' 'exclude_file is empty' -exclude_file '' -i desktop
    check "$b: an empty exclude_log" refused 'Invalid argument' 'exclude_log is empty' -exclude_log '' -i desktop
    check "$b: what has no effect is told" no_effect
    check "$b: exclude_required without a rule" refused 'Invalid argument' 'neither exclude nor' \
        -exclude_required 1 -i desktop
    check "$b: a file of rules without a rule" no_rule_yet
    check "$b: exclude_required, and a rule matches nothing" refused 'No such file' \
        'The rule title=nobody matches no window, and exclude_required is set' \
        -exclude 'class=scene|title=nobody' -exclude_required 1 -i desktop
    check "$b: exclude_required, and two rules match nothing" two_unmatched
    check "$b: exclude_required, and the rule matches" required
    check "$b: a rule that matches nothing yet" unmatched_yet
    check "$b: rules that match nothing for a slip" hinted
    check "$b: an unknown option" bad_option -nonsense 1
    check "$b: a frame rate of 0" bad_option -framerate 0
    check "$b: a frame rate below 0" bad_option -framerate -3
    check "$b: a size that is none" bad_option -video_size tiny
    check "$b: a flag that is none" bad_option -draw_mouse 7
    check "$b: after all of these it still records" \
        recorded 1 640x480 '-draw_mouse 0' 'rect 0,0,640x480 plaid@0,0'
done

finish
