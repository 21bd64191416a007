#!/bin/sh
# A console program that runs in a terminal has but a hidden window of class
# PseudoConsoleWindow, owned by the terminal's, which shows what it writes. As Windows 11 has
# them, built of windows of two programs.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

size=800x600

# scene 1 is the picture that must be there, scene 2 the terminal, scene 3 the shell in it
scene_open
show "window back at=0,0 size=$size pattern=plaid" \
     'window count at=40,560 size=192x16 pattern=stamp'
for name in term shell; do
    cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/$name.exe" || bail 'cp'
    scene_open "$tmp/$name.exe"
done
on 2 'window term at=100,80 size=400x300 color=ff00ff class=Terminal style=caption client' || bail_scene 'the terminal'
term=$(on 2 'hwnd term')

# console OWNER: the shell's window
console() {
    on 3 "window console at=0,0 size=1x1 hidden class=PseudoConsoleWindow style=caption owner=$1"
}

record_8() {
    record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 "$@"
}

# The shell has hidden windows only, and they are not all that the user means.
hidden_only() {
    record_8 -exclude 'exe=shell.exe|exe=none.exe' &&
        frames "$size" "$tmp/raw" 'number 8' 'rect 100,80,400x300 ff00ff' &&
        grep -a 'rule exe=shell.exe matches only hidden windows yet' "$tmp/log" &&
        grep -a 'rule exe=none.exe matches no window yet' "$tmp/log"
}

left_out() {
    console "$term" || return 1
    record_8 -exclude exe=shell.exe -exclude_required 1 &&
        frames "$size" "$tmp/raw" 'number 8' 'rect 0,0,800x550 plaid@0,0' 'tint ff00ff'
    left_result=$?
    ! grep -a 'matches no window\|only hidden' "$tmp/log" || left_result=1
    [ "$left_result" = 0 ] || cat "$tmp/log"
    on 3 'destroy console' && return "$left_result"
}

# pictures: waits until three more have left the recorder
pictures() {
    pictures_until=$(($(stat -c %s "$tmp/raw" 2>/dev/null || echo 0) + 3 * 800 * 600 * 4))
    until [ "$(stat -c %s "$tmp/raw" 2>/dev/null || echo 0)" -ge "$pictures_until" ]; do
        kill -0 "$recorder" 2>/dev/null || { echo 'the recording has ended before'; return 1; }
        sleep 0.1 # the recorder's pace; the condition above is what is waited for
    done
}

# In the terminal's window something is magenta only from when its console is there.
while_recording() {
    on 2 'color term 00c000' &&
        on 2 'window other at=520,100 size=200x300 color=00c000 class=Terminal style=caption client' &&
        on 1 'tick count rate=20' || return 1
    rm -f "$tmp/raw"
    record "$tmp/raw" 200 -draw_mouse 0 -framerate 20 -exclude exe=shell.exe &
    recorder=$!
    pictures && console "$term" && on 2 'color term ff00ff' && pictures &&
        on 3 "own console $(on 2 'hwnd other')" && on 2 'color other ff00ff' && pictures &&
        on 2 'minimize other' && pictures && on 2 'restore other' && pictures
    while_result=$?
    kill -0 "$recorder" 2>/dev/null || { echo 'the recording has ended before'; while_result=1; }
    wait "$recorder" &&
        frames "$size" "$tmp/raw" 'number 200' 'tint ff00ff' 'stamp 40,560 distinct>=20' 'frame 0' \
            'rect 100,80,400x300 00c000' 'frame -10..-1' 'rect 0,0,800x550 plaid@0,0' || while_result=1
    grep -a 'magnifier @' "$tmp/log" | tail -n 6 | cut -c 1-200
    on 1 'calm count' && on 3 'destroy console' && on 2 'destroy other' && on 2 'color term ff00ff' &&
        return "$while_result"
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: a rule that matches but hidden windows is warned of" hidden_only
    check "$b: and refused where one is required" \
        refused 'No such file or directory' 'matches only hidden windows, and exclude_required is set' \
        -exclude exe=shell.exe -exclude_required 1 -i desktop
    check "$b: the terminal that shows a console is left out with it" left_out
    check "$b: also one that comes to show it" while_recording
done

finish
