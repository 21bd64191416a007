#!/bin/sh
# The ready rules of rules/, on imitated windows: programs of these names, with these classes or titles.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

stamped_scene
size=800x600

# program EXE WORDS...: scene 2, a program of that name with a magenta window
program() {
    cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/$1" || return 1
    scene_open "$tmp/$1"
    shift
    on 2 "window one at=100,80 size=300x200 color=ff00ff $*"
}

gone() {
    on 2 'destroy one' && scene_close
}

# left_out FILE EXE WORDS...: the window of that program is in a recording without rules, and in none with
left_out() {
    file=$1
    shift
    program "$@" && record "$tmp/raw" 3 -framerate 20 &&
        not frames "$size" "$tmp/raw" 'tint ff00ff' > "$tmp/shown" &&
        recorded 5 "$size" "-exclude_file $(windows_path "$top/rules/$file.txt")" 'tint ff00ff' 'number 5'
    left_result=$?
    gone && return "$left_result"
}

# the warnings of rules that match nothing do not drown the rest
few_lines() {
    recorded 3 "$size" "-exclude_file $(windows_path "$top/rules/chat.txt")" && own_lines "$tmp/log" | tee "$tmp/own"
    [ "$(wc -l < "$tmp/own")" -le 20 ]
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: chat.txt" left_out chat slack.exe
    check "$b: its lines at the start are few" few_lines
    check "$b: passwords.txt" left_out passwords KeePassXC.exe
    check "$b: notifications.txt" left_out notifications ShellExperienceHost.exe
    check "$b: previews.txt" left_out previews explorer.exe class=TaskListThumbnailWnd
    check "$b: consoles.txt" left_out consoles WindowsTerminal.exe
    check "$b: input-method.txt" left_out input-method TextInputHost.exe
    check "$b: private-browsing.txt" left_out private-browsing msedge.exe 'title="Bing - [InPrivate] - Edge"'
done

finish
