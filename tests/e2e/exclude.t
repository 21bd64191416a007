#!/bin/sh
# Windows of another program are left out to the last pixel, and what lies
# behind them is in the picture: by each key, with what they own, while they
# come and go, and when there are more of them than the API's list takes.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 800x600

size=800x600
back="rect 0,0,$size plaid@0,0"

# scene 1 is the picture that must be there, scene 2 the program to leave out
scene_open
show "window back at=0,0 size=$size pattern=plaid"
secret_scene 'title="Quarterly päpers" class=Vault client style=caption'
pid=$(on 2 pid)
hwnd=$(on 2 'hwnd one')

# left_out RULES [OPTION...]: nothing but the picture, in every frame
left_out() {
    rules=$1
    shift
    record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 -exclude "$rules" "$@" &&
        frames "$size" "$tmp/raw" 'number 8' "$back" || { cat "$tmp/log"; return 1; }
}

# below what owned() leaves over the upper part
shown() {
    recorded 3 "$size" '-draw_mouse 0 -framerate 20' 'rect 100,160,300x120 ff00ff'
}

owned() {
    on 2 'window dialog at=450,300 size=200x120 color=ff00ff owner=one title="other title" style=dialog' &&
        on 2 'tooltip one 120,420 "a secret in a tooltip"' &&
        on 2 'combo one secret1 secret2 secret3' &&
        on 2 'menu one 500,60 secret "more secrets" "the last secret"' || return 1
    left_out "$1"
    result=$?
    on 2 endmenu && on 2 'destroy dialog' || return 1
    return "$result"
}

many() {
    forty 2 8 20 20 60 70 'size=80x90 color=ff00ff title=many' || return 1
    # What does not fit is black; all else is there to the pixel, and nothing is magenta.
    record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 -exclude 'title=many|title=quarterly*' &&
        frames "$size" "$tmp/raw" 'number 8' 'tint ff00ff' 'rect 0,450,800x150 plaid@0,450'
    result=$?
    # said once, and counted in the end
    [ "$(grep -c 'more windows are painted over in black' "$tmp/log")" = 1 ] &&
        total '[1-9][0-9]* lists, at most 22 windows on one and [12][0-9] painted over' || result=1
    [ "$result" = 0 ] || cat "$tmp/log"
    no_forty 2 && return "$result"
}

# Of more windows than the list takes those that cover least are painted over: not the
# desktop, which matches as well, nor what is as large.
but_one() {
    on 2 'window large at=0,0 size=800x600 color=ff00ff' && on 2 'lower large' &&
        forty 2 8 20 20 60 70 'size=80x90 color=ff00ff' || return 1
    record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 -exclude 'exe!=scene.exe' &&
        frames "$size" "$tmp/raw" 'number 8' 'tint ff00ff' 'rect 0,450,800x150 plaid@0,450'
    result=$?
    grep 'painted over' "$tmp/log" || result=1
    no_forty 2 && on 2 'destroy large' && return "$result"
}

# total WORDS: the line at the end has them
total() {
    grep 'Exclusion: [0-9]* frames held back, 0 delivered without proof' "$tmp/log" | grep "$1"
}

# frames that are held back at each start are no reason for a warning; they are counted
quiet() {
    left_out class=vault && total '[1-9] lists' && not grep 'Frame held back' "$tmp/log"
}

# copies the rule that -window_list prints for the secret window
pasted() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f magnifier -window_list 1 -i desktop > "$tmp/list" 2>&1
    rule=$(own_lines "$tmp/list" | sed -n 's/^\[[^]]*\] \([^	]*class=Vault[^	]*\)	.*/\1/p')
    [ -n "$rule" ] || { cat "$tmp/list"; return 1; }
    echo "pasted: $rule"
    left_out "$rule" && total '[1-9] lists, at most [1-9] windows on one and 0 painted over' ||
        { cat "$tmp/log"; return 1; }
}

# told_rule: the rule that the warning about title=*- microsoft edge gives in its place
told_rule() {
    own_lines "$tmp/log" |
        sed -n 's/.*The rule title=\*- microsoft edge matches no window yet; .*nobody sees, and is matched by //p'
}

# A title with a no-break space and a zero-width one: both are printed so that they are seen, and
# what is printed can be pasted, as an option and into a file. A rule without them leaves it in the
# picture, and is told of.
unseen() {
    on 2 "window unseen at=450,60 size=200x60 color=ff00ff title=\"$(printf 'Inbox\302\240- Microsoft\342\200\213 Edge')\"" || return 1
    unseen_pasted
    unseen_result=$?
    on 2 'destroy unseen' && return "$unseen_result"
}

# the same with that window on the screen
unseen_pasted() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f magnifier -window_list 1 -i desktop > "$tmp/list" 2>&1
    rule=$(own_lines "$tmp/list" | sed -n 's/^\[[^]]*\] \([^	]*title=Inbox[^	]*\)	.*/\1/p')
    printf 'pasted: %s\n' "$rule"
    case $rule in
    *'&title=Inbox\u{A0}- Microsoft\u{200B} Edge') ;;
    *) cat "$tmp/list"; return 1 ;;
    esac
    left_out "class=vault|$rule" && own_lines "$tmp/log" | grep -F 'title "Inbox\u{A0}- Microsoft\u{200B} Edge" (rule 2: ' &&
        printf 'class=vault\n%s\n' "$rule" > "$tmp/rules" &&
        record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 -exclude_file "$(windows_path "$tmp/rules")" &&
        frames "$size" "$tmp/raw" 'number 8' "$back" || { cat "$tmp/log"; return 1; }
    record "$tmp/raw" 8 -draw_mouse 0 -framerate 20 -exclude 'class=vault|title=*- microsoft edge' &&
        frames "$size" "$tmp/raw" 'number 8' 'rect 450,60,200x60 ff00ff' || { cat "$tmp/log"; return 1; }
    [ "$(told_rule)" = 'title=*- microsoft\u{200B} edge' ] || { cat "$tmp/log"; return 1; }
    left_out "class=vault|$(told_rule)"
}

# the line of the secret window says that it is left out and why, and none of another program; a rule
# that matches nothing is told of, as in a recording
listed() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f magnifier -exclude 'title=nobody|class=VAULT' \
        -window_list 1 -i desktop > "$tmp/list" 2>&1
    tr -d '\r' < "$tmp/list" | grep '	left out, ' > "$tmp/left" || cat "$tmp/list"
    cat "$tmp/left"
    grep -q 'class=Vault.*	left out, rule 2: class=VAULT$' "$tmp/left" && ! grep -v 'exe=secret.exe' "$tmp/left" &&
        grep -q 'The rule title=nobody matches no window yet' "$tmp/list" && ! grep 'The rule class' "$tmp/list"
}

# with the pointer in the picture, far from where is looked
with_pointer() {
    show 'pointer 700,550' &&
        record "$tmp/raw" 8 -framerate 20 -exclude 'class=vault' &&
        frames "$size" "$tmp/raw" 'number 8' 'rect 0,0,800x500 plaid@0,0' &&
        not frames "$size" "$tmp/raw" "$back"
}

# logged WORDS [TIMES]: waits until the recorder has said so
logged() {
    until [ "$(grep -c "$1" "$tmp/log")" -ge "${2:-1}" ]; do
        kill -0 "$recorder" 2>/dev/null || { cat "$tmp/log"; return 1; }
        sleep 0.1 # the recorder's pace; the condition above is what is waited for
    done
}

# The first frames show it, the last do not: the file was edited between. A rule that finds
# nothing is told of, with its line. Then the file is spoilt, which changes nothing.
edited() {
    printf '# nothing yet\ntitle=no such window\n' > "$tmp/rules"
    rm -f "$tmp/raw"
    : > "$tmp/log"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f magnifier -draw_mouse 0 -framerate 20 \
        -exclude_file "$(windows_path "$tmp/rules")" -i desktop -frames:v 200 -flush_packets 1 \
        -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" > "$tmp/log" 2>&1 &
    recorder=$!
    frame_bytes=$((800 * 600 * 4))
    until [ "$(stat -c %s "$tmp/raw" 2>/dev/null || echo 0)" -gt $((10 * frame_bytes)) ]; do
        kill -0 "$recorder" 2>/dev/null || { cat "$tmp/log"; return 1; }
        sleep 0.1 # the recorder's pace; the condition above is what is waited for
    done
    printf 'class=vault\r\ntitle=nobody\r\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
    logged 'has changed' && logged 'rule title=no such window (line 2) matches no window yet' &&
        logged 'rule title=nobody (line 2) matches no window yet' || return 1
    printf 'class=other\nnonsense\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
    logged 'stay in force' || return 1
    wait "$recorder" || { cat "$tmp/log"; return 1; }
    frames "$size" "$tmp/raw" 'number 200' 'frame 0..4' 'rect 250,170,100x100 ff00ff' 'frame -10..-1' "$back" ||
        { cat "$tmp/log"; return 1; }
}

# ffmpeg in a console window of its own, which is "self"; its log is in that
# window too, so a report is asked for.
in_console() {
    rm -f "$tmp/raw" "$tmp/log"
    FFREPORT=file=report.log:level=32 timeout -k 10 "$net" wineconsole "$ffmpeg" -hide_banner -y -f magnifier \
        -draw_mouse 0 -framerate 20 "$@" -i desktop -frames:v 12 -c:v rawvideo -pix_fmt bgr0 \
        -f rawvideo "$(windows_path "$tmp/raw")" > /dev/null 2>&1
    frames "$size" "$tmp/raw" 'number 12' "$back"
    result=$?
    grep -a magnifier report.log
    return "$result"
}

# The console is in the picture without the rule, so it is the rule that takes it out.
console() {
    cd "$tmp" && not in_console -exclude pid="$pid" && in_console -exclude "self|pid=$pid"
}

# start_recorder FRAMES RULES [OPTION...]: in the background as $recorder, until pictures leave
start_recorder() {
    if ! { on 1 'window count at=40,560 size=192x16 pattern=stamp' && on 1 'tick count rate=20'; }; then
        no_count
        return 1
    fi
    rm -f "$tmp/raw"
    : > "$tmp/log" # what was said before is not what is waited for
    start_frames=$1
    start_rules=$2
    shift 2
    record "$tmp/raw" "$start_frames" -draw_mouse 0 -framerate 20 -exclude "$start_rules" "$@" &
    recorder=$!
    until [ "$(stat -c %s "$tmp/raw" 2>/dev/null || echo 0)" -gt $((5 * 800 * 600 * 4)) ]; do
        kill -0 "$recorder" 2>/dev/null || { cat "$tmp/log"; no_count; return 1; }
        sleep 0.1 # the recorder's pace; the condition above is what is waited for
    done
}

# end_recorder: nothing is magenta, and new pictures did leave, as the counter shows
end_recorder() {
    wait "$recorder" &&
        frames "$size" "$tmp/raw" 'tint ff00ff' 'rect 0,0,800x50 plaid@0,0' 'stamp 40,560 distinct>=3'
    end_result=$?
    own_lines "$tmp/log" | tail -n 4
    no_count && return "$end_result"
}

# no_count: a check that failed leaves nothing that the next one sees
no_count() {
    on 1 'calm count'
    on 1 'destroy count'
}

# frames_pass: waits until three more pictures have left the recorder
frames_pass() {
    pass_until=$(($(stat -c %s "$tmp/raw") + 3 * 800 * 600 * 4))
    until [ "$(stat -c %s "$tmp/raw")" -ge "$pass_until" ]; do
        kill -0 "$recorder" 2>/dev/null || return 1
        sleep 0.02 # as above
    done
}

# What is no file of rules comes to stand in the place of one, and goes: the rules stay, new pictures
# leave, and it is said once each time. A file between two of them is read as ever, and costs
# a black frame.
replaced() {
    printf 'class=vault\n' > "$tmp/rules"
    start_recorder 300 pid=1 -exclude_file "$(windows_path "$tmp/rules")" || return 1
    replaced=0
    for what in 'mkdir' 'mkfifo' 'truncate -s 1G' 'ln -s /dev/zero' 'ln -s rules'; do
        replaced=$((replaced + 1))
        rm -f "$tmp/rules" && $what "$tmp/rules" && logged 'stay in force' "$replaced" && frames_pass || break
        [ ! -d "$tmp/rules" ] || rmdir "$tmp/rules"
        printf 'class=vault\ntitle=%d\n' "$replaced" > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
        logged 'has changed' "$replaced" || break
    done
    wait "$recorder"
    no_count
    grep 'stay in force' "$tmp/log"
    frames "$size" "$tmp/raw" 'number 300' 'tint ff00ff' && [ "$replaced" = 5 ] &&
        [ "$(grep -c 'stay in force' "$tmp/log")" = 5 ] && [ "$(grep -c 'has changed' "$tmp/log")" = 5 ]
}

# spare COUNT WORDS...: the first scene has so many hidden windows, or has not
spare() {
    i=0
    while [ "$i" -lt "$1" ]; do
        on 1 "$2 spare$i ${3:-}" || return 1
        i=$((i + 1))
    done
}

# turns PLACE COMMAND...: a window that has been there for a while, and does not match, does so
# by what is done to it, and only then it turns magenta.
turns() {
    on 2 "window plain $1 color=00c000 title=harmless" && frames_pass || return 1
    shift
    on 2 "$1" && on 2 'color plain ff00ff' && on 2 "${2:-pid}" || return 1
    frames_pass && on 2 'destroy plain'
}

# There are too many windows for one to be looked at again by chance.
live() {
    spare 60 window 'at=0,0 size=10x10 title=spare hidden' &&
        start_recorder 400 'class=vault|title=secret*' || { spare 60 destroy; return 1; }
    live=1
    for turn in 1 2 3; do
        # beside what is left out: until it has painted, a new window of Wine's holds what the
        # screen showed in its place
        place="at=$((400 + 40 * turn)),$((230 + 50 * turn)) size=200x120"
        turns "$place" 'title plain "secret plan"' &&
            turns "$place" 'own plain one' &&
            turns "$place hidden" 'title plain "secret plan"' 'show plain' &&
            turns "$place hidden" 'own plain one' 'show plain' &&
            on 2 "window plain $place color=ff00ff title=secret hidden" &&
            on 2 'show plain' && frames_pass && on 2 'hide plain' && on 2 'show plain' && frames_pass &&
            on 2 'destroy plain' || { live=; on 2 'destroy plain'; break; }
    done
    # all of that was in the recording, not after it
    kill -0 "$recorder" 2>/dev/null || { live=; echo 'the recording has ended before'; }
    end_recorder || live=
    spare 60 destroy && [ "$live" ]
}

# A program that starts while it is recorded, with all that it opens.
starts_late() {
    cp "$tmp/secret.exe" "$tmp/late.exe" && start_recorder 100 "pid=$pid|exe=late.exe" || return 1
    scene_open "$tmp/late.exe"
    on 3 'window late at=300,150 size=300x200 color=ff00ff' &&
        on 3 'window dialog at=450,300 size=200x120 color=ff00ff owner=late style=dialog' &&
        on 3 'tooltip late 120,420 secret' && on 3 'combo late secret1 secret2' &&
        on 3 'menu late 500,60 secret "more secrets"'
    result=$?
    kill -0 "$recorder" 2>/dev/null || result=1
    # what it opened is not magenta all over: the picture is looked at
    end_recorder && frames "$size" "$tmp/raw" 'frame -10..-1' 'rect 0,0,800x550 plaid@0,0' || result=1
    scene_close
    return "$result"
}

# said_once: of all that windows do, no more is said than that a program is left out, and no
# title but at the start: who does not read the lines must not hold up the recording
said_once() {
    own_lines "$tmp/log" | grep -a 'leaving out' > "$tmp/said"
    [ "$(wc -l < "$tmp/said")" -le 3 ] || { echo 'too many lines:'; head -n 20 "$tmp/said"; return 1; }
    own_lines "$tmp/log" | sed '1,/ Capturing /d' | not grep -a 'leaving out.*, title '
}

# storm SECONDS [WHAT]: what an excluded program does while it is recorded. Where a window
# was that went before it was on a list, the picture may be black for a moment.
storm() {
    start_recorder $(($1 * 20)) "pid=$pid" &&
        on 2 "storm wild rate=50 area=50,50,700x480 count=6 do=${2:-move,size,show,create,raise} color=ff00ff seed=7" &&
        end_recorder && said_once
    storm_result=$?
    on 2 'calm wild' || return 1
    return "$storm_result"
}

# The same while pictures take their time, as they do on Windows 8.1: then windows
# come and go between a look at the windows and the picture.
slow_storm() {
    acts=move,size,create
    ! tells_of_show || acts=$acts,show,raise
    MAGSIM_SET='frame_delay_ms = 35' storm "$1" "$acts"
}

# brief WORDS...: a window that is shown for less than a frame, by a thread that never fetches
# a message
brief() {
    export MAGSIM_SET='frame_delay_ms = 35'
    start_recorder 160 'exe=secret.exe' &&
        on 2 "brief 12 30 500 at=300,250 size=200x120 color=ff00ff $*" &&
        kill -0 "$recorder"
    brief_result=$?
    unset MAGSIM_SET
    end_recorder && return "$brief_result"
}

# The same where the list has no room for it.
brief_over() {
    forty 2 8 20 60 60 60 'size=80x90 color=ff00ff title=many' && brief "$@"
    over_result=$?
    no_forty 2 && return "$over_result"
}

# Windows that match and are never shown, as programs have many: some are gone before anybody
# could ask them, some are not, and one stays. None of them is a reason for another list until
# that one is shown, which is left out then.
helpers() {
    hide="at=300,200 size=200x120 color=ff00ff class=Vault hidden"
    export MAGSIM_SET='frame_delay_ms = 35'
    start_recorder 240 'class=vault'
    helpers_result=$?
    unset MAGSIM_SET
    [ "$helpers_result" = 0 ] || return 1
    # so the device has heard that this system tells of what is shown
    on 1 'window other at=700,560 size=80x20' && frames_pass && on 2 "window stays $hide" &&
        on 2 "flash brief rate=20 open=5 ticks=60 $hide" && on 2 "flash while rate=7 open=100 ticks=20 $hide" &&
        on 2 'join brief' && on 2 'join while' &&
        frames_pass && on 2 'show stays' && frames_pass && kill -0 "$recorder"
    helpers_result=$?
    end_recorder || helpers_result=1
    on 1 'destroy other' && on 2 'destroy stays' && [ "$helpers_result" = 0 ] &&
        total ' [2-9] lists' && grep -a 'Exclusion: [0-9] frames held back' "$tmp/log"
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: without a rule the window is in the picture" shown
    check "$b: left out by title, without regard to case" left_out 'title=QUARTERLY PÄ*'
    check "$b: left out by program" left_out 'exe=Secret.exe'
    check "$b: left out with all that it owns, of the same thread" owned 'class=vault'
    check "$b: 40 windows: on the list or black, never in the picture" many
    check "$b: left out as the console of ffmpeg itself" console
    check "$b: a window that is retitled, gets an owner or is shown" live
    told_check "$b: a window that is shown for less than a frame" brief
    told_check "$b: another one each time" brief anew
    told_check "$b: one that is shown for less than a frame, and the list is full" brief_over
    told_check "$b: windows that are never shown make no list" helpers
    check "$b: programs that appear, move, resize and vanish at 50 Hz" slow_storm 10
done

# the first of each architecture
firsts=
for a in x86_64 i686; do
    for b in $E2E_BUILDS; do
        case $b in */$a) firsts="$firsts $b" && break ;; esac
    done
done
for b in $firsts; do
    use_build "$b"
    check "$b: left out by class"                    left_out 'class=vault'
    check "$b: a start without trouble warns of nothing" quiet
    check "$b: left out by process"                  left_out "pid=$pid"
    check "$b: left out by handle"                   left_out "hwnd=$hwnd"
    check "$b: left out by the path of the program"  left_out 'exe=*/secret.exe'
    check "$b: left out with strict proof"           left_out 'exe=secret.exe' -exclude_proof strict
    check "$b: left out by what it is not"           left_out 'exe!=scene.exe&title!=Program Manager'
    check "$b: left out without a canary"            left_out 'exe=secret.exe' -exclude_proof off
    check "$b: all but one program, and more than the list takes" but_one
    check "$b: window_list with rules"               listed
    check "$b: the rule that window_list prints can be pasted" pasted
    check "$b: a title with characters that nobody sees" unseen
    check "$b: a file of rules is followed while recording" edited
    check "$b: something else takes the place of the file of rules" replaced
    check "$b: a program that starts while recording" starts_late
done

use_build "${E2E_BUILDS%% *}"
check 'left out by one of several rules'             left_out 'title=nothing|exe=secret.exe&class=v?ult|pid=1'
check 'left out with all that it owns, by program'   owned 'exe=secret.exe'
check 'the pointer is drawn, the window is not'       with_pointer
check 'a whole minute of it'                         storm 60

finish
