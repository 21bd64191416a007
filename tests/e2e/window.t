#!/bin/sh
# One window is recorded: where it is, wherever it goes, and nothing that is left out.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720 --monitors 2

scene_open
show 'window left at=-1024,0 size=1024x768 color=203040' \
     'window back at=0,0 size=1280x720 pattern=plaid' \
     'window target at=200,150 size=320x240 pattern=checker color=102030 color2=a0b0c0 title="The Target"'
handle=$(on 1 'hwnd target')
whole='rect 0,0,320x240 checker@0,0:102030,a0b0c0'

cp "$E2E_BUILD/tests/x86_64/scene.exe" "$tmp/secret.exe" || bail 'cp'
scene_open "$tmp/secret.exe"

# window_at INPUT SIZE OPTIONS STATEMENT...
window_at() {
    input=$1
    at_size=$2
    at_options="-draw_mouse 0 -framerate 20 $3"
    shift 3
    recorded 2 "$at_size" "$at_options" "$@"
    at_result=$?
    input=desktop
    return "$at_result"
}

listed() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -sources magnifier 2>&1 | tr -d '\r' > "$tmp/lines"
    cat "$tmp/lines"
    listed_name=$(sed -n 's/^  \(hwnd=0x[0-9a-f]*\) \[The Target, 320x240 at 200,150\].*/\1/p' "$tmp/lines")
    [ -n "$listed_name" ] && window_at "$listed_name" 320x240 '' "$whole"
}

# What covers the window is in the picture, and is not when it is left out.
covered() {
    on 2 'window one at=250,200 size=100x60 color=ff00ff title=secret topmost' || return 1
    window_at "hwnd=$handle" 320x240 '' 'count ff00ff 6000' 'rect 50,50,100x60 ff00ff' &&
        window_at "hwnd=$handle" 320x240 '-exclude title=secret -exclude_proof strict' 'tint ff00ff' "$whole"
    covered_result=$?
    on 2 'destroy one' && return "$covered_result"
}

# put COMMAND: Wine's order of windows is not always the screen's; what is still not seen is told,
# and waited for in the frames
put() {
    on 1 "$1" || { on 1 'lower target' && on 1 'raise target'; } || echo "not seen: $1"
}

moves() {
    follow 'title=the target' 320x240 "$1"
    until_frame "$whole" &&
        put 'move target 411,207' && until_frame "$whole" &&
        put 'move target -100,207' && until_frame "$whole" &&
        put 'move target -500,300' && until_frame "$whole" &&
        put 'move target 1180,690' && until_frame 'rect 0,0,100x30 checker@0,0:102030,a0b0c0' \
            'rect 100,0,220x240 000000' 'rect 0,30,320x210 000000' &&
        put 'move target 2000,2000' && until_frame 'rect 0,0,320x240 000000' &&
        put 'move target 200,150' && until_frame "$whole"
    unfollow
}

sizes() {
    follow "hwnd=$handle" 320x240 "-resize_mode $1"
    until_frame "$whole" && put 'size target 200x100' &&
        until_frame 'rect 0,0,200x100 checker@0,0:102030,a0b0c0' "rect 200,0,120x240 $2" "rect 0,100,320x140 $3" &&
        put 'size target 400x300' && until_frame "$whole"
    unfollow
    sizes_result=$?
    put 'size target 320x240' && return "$sizes_result"
}

# half of it one colour, half another: that survives any way of stretching
scales() {
    on 1 'window halves at=300,200 size=320x240 color=304050 title=halves' &&
        on 1 'window half at=460,200 size=160x240 color=a0b0c0 title=half topmost' || return 1
    follow title=halves 320x240 "-resize_mode scale $1"
    until_frame 'rect 0,0,160x240 304050' 'rect 160,0,160x240 a0b0c0' &&
        put 'size halves 200x120' && put 'move half 400,200' && put 'size half 100x120' &&
        until_frame 'rect 0,0,157x240 304050' 'rect 163,0,157x240 a0b0c0' &&
        put 'size halves 640x480' && put 'move half 620,200' && put 'size half 320x480' &&
        until_frame 'rect 0,0,157x240 304050' 'rect 163,0,157x240 a0b0c0' &&
        put 'move halves 300,600' && put 'move half 620,600' &&
        until_frame 'rect 0,0,157x57 304050' 'rect 163,0,157x57 a0b0c0' 'rect 0,63,320x177 000000' &&
        put 'hide half' && put 'hide halves' && until_frame 'rect 0,0,320x240 000000' &&
        put 'show halves' && put 'raise halves' && put 'size halves 320x100' &&
        until_frame 'rect 0,0,320x240 304050'
    scales_result=$?
    unfollow || scales_result=1
    # of two monitors, whatever the sizes of the window; the stand-in frees none of them itself
    grep ' \(1 block\|2 blocks\), .* reclaimed' "$tmp/log" || scales_result=1
    on 1 'destroy half' && on 1 'destroy halves' && return "$scales_result"
}

hides() {
    follow "hwnd=$handle" 320x240 "$1"
    until_frame "$whole" && put 'hide target' && until_frame 'rect 0,0,320x240 000000' &&
        put 'show target' && put 'raise target' && until_frame "$whole" &&
        put 'minimize target' && until_frame 'rect 0,0,320x240 000000' &&
        put 'restore target' && put 'raise target' && until_frame "$whole" &&
        grep 'is minimised or hidden' "$tmp/log"
    unfollow
}

ends() {
    on 1 'window brief at=100,500 size=320x100 color=304050 title=brief' || return 1
    follow title=brief 320x100 "$1"
    until_frame 'rect 0,0,320x100 304050' || { unfollow; return 1; }
    on 1 'destroy brief' || return 1
    cat <&9 > /dev/null
    exec 9<&-
    wait "$follow_pid"
    ends_code=$?
    cat "$tmp/log"
    [ "$ends_code" = 0 ] && grep 'The window is gone' "$tmp/log"
}

# The window goes to and fro under windows that are left out: more of them than the list takes
# in the second round, some of them outside its rectangle at any time.
never_leaks() {
    [ "$2" = many ] || on 2 'window one at=420,170 size=200x120 color=ff00ff title=one topmost' || return 1
    [ "$2" != many ] ||
        forty 2 8 150 160 130 40 'size=90x30 color=ff00ff title=many topmost' || return 1
    follow "hwnd=$handle" 320x240 "-exclude exe=secret.exe -exclude_proof $1"
    until_frame 'tint ff00ff' &&
        on 1 'slide target rate=13 step=17,5 area=0,100,1200x560' &&
        passes 60 &&
        on 1 'calm target' > /dev/null && put 'move target 200,150' &&
        { [ "$2" = many ] || until_frame never 'tint ff00ff' "$whole"; } &&
        { [ "$1" != strict ] || [ "$2" = many ] || grep 'is proven' "$tmp/log"; }
    unfollow
    leaks_result=$?
    if [ "$2" = many ]; then no_forty 2; else on 2 'destroy one'; fi
    put 'move target 200,150' && return "$leaks_result"
}

# Each size has its own proof, and nothing of the window that is left out in any of them.
scales_without() {
    on 2 'window one at=300,170 size=120x100 color=ff00ff title=one topmost' || return 1
    follow "hwnd=$handle" 320x240 "-resize_mode scale -exclude exe=secret.exe -exclude_proof $1"
    until_frame 'tint ff00ff'
    scales_result=$?
    for size in 200x150 640x400 150x240 320x100 500x480 320x240; do
        [ "$scales_result" = 0 ] && put "size target $size" && passes 8 || scales_result=1
    done
    [ "$1" != strict ] || grep 'is proven' "$tmp/log" || scales_result=1
    unfollow
    on 2 'destroy one' && put 'size target 320x240' && return "$scales_result"
}

# so many frames go by, and none shows what is left out; some of them are new
passes() {
    passes_new=0
    passes_left=$1
    while [ "$passes_left" -gt 0 ]; do
        one_frame && frames "$follow_size" "$tmp/frame" 'tint ff00ff' || return 1
        cmp -s "$tmp/frame" "$tmp/before" || passes_new=$((passes_new + 1))
        mv "$tmp/frame" "$tmp/before"
        passes_left=$((passes_left - 1))
    done
    echo "$passes_new of $1 frames are new"
}

# While the window is hidden the rules are followed: what they name by then is in no picture
# when it is back.
meanwhile() {
    printf 'title=nothing\n' > "$tmp/rules"
    on 2 'window one at=250,200 size=100x60 color=ff00ff title=one topmost' || return 1
    follow "hwnd=$handle" 320x240 "-exclude_file $(windows_path "$tmp/rules") -exclude_proof $1"
    until_frame 'count ff00ff 6000' && put 'hide target' && until_frame 'rect 0,0,320x240 000000' &&
        printf 'title=one\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules" &&
        said 'has changed' && put 'show target' && put 'raise target' &&
        until_frame never 'tint ff00ff' "$whole"
    unfollow
    meanwhile_result=$?
    on 2 'destroy one' && return "$meanwhile_result"
}

# around X Y: another recording shows the two lines around the target;
# they may take some frames to be painted. The colours are Wine's for windows and frames.
around() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -loglevel error -f "$device" -draw_mouse 0 \
        -framerate 20 -video_size 400x320 -offset_x $(($1 - 40)) -offset_y $(($2 - 40)) -i desktop \
        -frames:v 20 -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/around")" || return 1
    frames 400x320 "$tmp/around" 'frame -1' 'border 38,38,324x244 ffffff' 'border 39,39,322x242 ffffff' \
        'border 36,36,328x248 6a6a6a' 'border 37,37,326x246 6a6a6a'
}

# until_around X Y: the recording goes on meanwhile
until_around() {
    around_left=20
    until around "$1" "$2" > "$tmp/around.why" 2>&1; do
        around_left=$((around_left - 1))
        if [ "$around_left" = 0 ] || ! one_frame || ! one_frame || ! one_frame; then
            cat "$tmp/around.why" "$tmp/log"
            return 1
        fi
    done
}

# The recording itself shows nothing of its outline, which goes where the window goes.
outlined() {
    follow "hwnd=$handle" 320x240 "-show_region 1 $1"
    until_frame "$whole" && until_around 200 150 && put 'move target 260,180' && until_around 260 180 &&
        until_frame "$whole" && put 'hide target' && until_frame 'rect 0,0,320x240 000000' &&
        put 'show target' && put 'raise target' && until_around 260 180 && until_frame "$whole"
    unfollow
    outlined_result=$?
    put 'move target 200,150' && put 'move target 260,180' && [ "$outlined_result" = 0 ] && not around 260 180
    outlined_result=$?
    put 'move target 200,150' && return "$outlined_result"
}

# Of two windows with the title, one of them hidden and below, the other one is taken.
twin() {
    on 1 'window twin at=600,500 size=100x80 color=304050 title="The Target" hidden' && put 'raise target' || return 1
    window_at 'title=the target' 320x240 '' "$whole"
    twin_result=$?
    on 1 'destroy twin' && return "$twin_result"
}

# A title with characters that nobody sees, and what looks like an escape: it is listed so that what
# is listed can be given.
unseen() {
    on 1 "window unseen at=600,500 size=100x80 color=304050 title=\"$(printf 'A\342\200\213\302\240B C:\\users\\u{41} ')\"" || return 1
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -sources magnifier 2>&1 | tr -d '\r' > "$tmp/lines"
    unseen_title=$(sed -n 's/^  hwnd=0x[0-9a-f]* \[\(.*\), 100x80 at 600,500\].*/\1/p' "$tmp/lines")
    printf '%s\n' "$unseen_title"
    [ "$unseen_title" = 'A\u{200B}\u{A0}B C:\users\u{5C}u{41}\u{20}' ] || { cat "$tmp/lines"; return 1; }
    window_at "title=$unseen_title" 100x80 '' 'rect 0,0,100x80 304050' &&
        window_at "title=$(printf 'A\342\200\213\302\240b C:\\USERS\\u{5c}u{41} ')" 100x80 '' 'rect 0,0,100x80 304050' &&
        refused 'No such file' "There is no window with the title 'A\\\\u{200B}C'; the whole" -i 'title=A\u{200B}C' &&
        refused 'No such file' 'only in what is not seen: title=A.u{200B}.u{A0}B C:' -i 'title=A b C:\users\u{5C}u{41}' &&
        refused 'No such file' 'only in what is not seen: title=A.u{200B}.u{A0}B C:' -i 'title=\u{200B}A b C:\users\u{5C}u{41}' &&
        refused 'No such file' 'the whole title is compared' -i 'title=AbC:\users\u{5C}u{41}' &&
        refused 'Invalid argument' 'expected the number of a character.*found .u{x}y' -i 'title=a\u{41}\u{x}y'
    unseen_result=$?
    on 1 'destroy unseen' && return "$unseen_result"
}

# A rule that leaves out what is recorded.
itself() {
    window_at "hwnd=$handle" 320x240 '-exclude title=*target' 'rect 0,0,320x240 plaid@200,150' &&
        grep 'The window that is recorded is left out itself' "$tmp/log"
}

# Too narrow for the canary: said at the start.
narrow() {
    recorded 1 1x200 '-draw_mouse 0 -framerate 20 -video_size 1x200 -exclude title=nothing' 'number 1' &&
        grep 'a monitor shows 1x200 of the region, and the canary takes 2x2; going on without' "$tmp/log" &&
        refused 'Invalid argument' 'a monitor shows 200x1 of the region, and the canary takes 2x2; exclude_proof is strict' \
            -video_size 200x1 -exclude title=nothing -exclude_proof strict -i desktop
}

# list_windows OPTION...: what -window_list prints, as it is, and the exit code of a list
list_windows() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin "$@" -f "$device" -window_list 1 -i desktop > "$tmp/list" 2>&1
    list_code=$?
    tr -d '\r' < "$tmp/list" > "$tmp/lines"
    cat "$tmp/lines"
    echo "exit code $list_code"
    case $build in
    5.*) is_error "$list_code" ;;
    *)   [ "$list_code" = 0 ] ;;
    esac
}

# Two windows of one program and one long title: a line each, whole, whatever the log level
long_titles() {
    long=
    for i in 1 2 3 4 5 6 7 8; do long=${long}一二三四五六七八九十甲乙丙丁戊己庚辛壬癸一二三四五六七八九十甲乙丙丁戊己庚辛壬癸一二三四五六七八九十; done
    for i in 1 2; do
        on 1 "window long$i at=600,500 size=100x100 title=$long" || return 1
    done
    list_windows "$@"
    long_result=$?
    on 1 'destroy long1' && on 1 'destroy long2' || return 1
    iconv -f UTF-8 -t UTF-8 < "$tmp/lines" > /dev/null || return 1
    [ "$long_result" = 0 ] && [ "$(grep -c "title=${long}[&	].*hwnd 0x.* 100x100 at 600,500" "$tmp/lines")" = 2 ] &&
        ! grep 'Last message repeated' "$tmp/lines"
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: by its title, whatever the case" window_at 'title=the target' 320x240 '' "$whole"
    check "$b: by its handle" window_at "hwnd=$handle" 320x240 '' "$whole"
    check "$b: a region of it, which counts from its corner" window_at "hwnd=$handle" 100x80 \
        '-video_size 100x80 -offset_x 30 -offset_y 40' 'rect 0,0,100x80 checker@30,40:102030,a0b0c0'
    check "$b: one that reaches over it is refused" refused 'Invalid argument' \
        'region 100x80 at 430,190 reaches outside the window 320x240 at 200,150' \
        -video_size 100x80 -offset_x 230 -offset_y 40 -i "hwnd=$handle"
    check "$b: there is no such title" refused 'No such file' "There is no window with the title 'target'" -i title=target
    check "$b: there is no such window" refused 'No such file' 'There is no window 0xfff0; -sources magnifier lists the windows' -i hwnd=0xfff0
    check "$b: that is no handle" refused 'Invalid argument' "A handle, as in hwnd=0x1a2b, has to come after '=' in 'hwnd=12x'" -i hwnd=12x
    check "$b: the windows are listed as sources" listed
    check "$b: one whose title has characters that nobody sees" unseen
    check "$b: it is no hidden one with the same title" twin
    check "$b: what covers it is there, or left out" covered
    check "$b: it is left out itself, which is told" itself
    check "$b: it is followed, over both monitors and off them" moves ''
    check "$b: and so with an exclusion, strict proof" moves '-exclude title=nothing -exclude_proof strict'
    check "$b: smaller: black beside it; larger: cut" sizes pad 000000 000000
    check "$b: or the same rectangle of the screen" sizes crop 'plaid@400,150' 'plaid@200,250'
    check "$b: or all of the window, stretched" scales ''
    check "$b: and so with an exclusion" scales '-exclude title=nothing'
    for proof in auto strict; do
        check "$b: stretched, nothing of a window that is left out, $proof proof" scales_without "$proof"
    done
    check "$b: no part of it is stretched" refused 'Invalid argument' \
        'resize_mode scale is for a whole window' -resize_mode scale -offset_x 1 -i "hwnd=$handle"
    check "$b: hidden and minimised it is black" hides ''
    check "$b: and so with an exclusion, strict proof" hides '-exclude title=nothing -exclude_proof strict'
    check "$b: an outline goes where it goes" outlined ''
    check "$b: and so with an exclusion, strict proof, once more" outlined '-exclude title=nothing -exclude_proof strict'
    check "$b: rules that change while it is hidden" meanwhile auto
    check "$b: and so with strict proof" meanwhile strict
    check "$b: the recording ends with the window" ends ''
    check "$b: and so with an exclusion" ends '-exclude title=nothing'
    for proof in auto strict off; do
        check "$b: it moves below a window that is left out, $proof proof" never_leaks "$proof" one
    done
    check "$b: it moves below more than the list takes" never_leaks auto many
    check "$b: the same, strict proof" never_leaks strict many
    check "$b: a region too narrow for the canary" narrow
    check "$b: the list of windows, with long titles" long_titles
    check "$b: the same where only errors are logged" long_titles -loglevel error
done

finish
