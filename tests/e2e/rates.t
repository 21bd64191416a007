#!/bin/sh
# With an exclusion, whatever other programs do: new pictures at low rates, as
# soon as they are certain, and each in its own slot from the first one on.
#
# Every recording has a region with a counter of its own in it, so that several run
# side by side and see what goes on around them. Nothing is said about how many slots
# there were time for: new pictures are counted among those that were delivered.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 1280x720

region=300x240

# scene 1 has the counters, scene 2 is left out, scene 3 another program that acts
scene_open
show 'window back at=0,0 size=1280x720 pattern=plaid'
# 20 ticks a second; of the last, so many that there is a new one for each slot at 20
for i in 0 1 2; do
    show "window count$i at=$((310 * i + 8)),8 size=192x16 pattern=stamp" "tick count$i rate=$((20 + 15 * i))"
done
secret_scene 'title="my password"'
on 2 'move one 0,60' && on 2 'size one 1240x50' || bail_scene 'the secret window'
scene_open
# across all regions, beside what is left out: until it has painted, a new window of Wine's holds
# what the screen showed in its place
across='at=0,120 size=1240x60 color=00c000'

# film NAME REGION RATE FRAMES [OPTION...]: in the background, the pictures in NAME.raw,
# their timestamps in NAME.pts
film() {
    film_name=$1
    film_region=$2
    film_rate=$3
    film_frames=$4
    shift 4
    rm -f "$tmp/$film_name.raw" "$tmp/$film_name.pts"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -y -f "$device" -draw_mouse 0 \
        -framerate "$film_rate" -video_size "$region" -offset_x $((310 * film_region)) -offset_y 0 "$@" -i desktop \
        -frames:v "$film_frames" -c:v rawvideo -pix_fmt bgr0 -fps_mode passthrough -flush_packets 1 \
        -f rawvideo "$(windows_path "$tmp/$film_name.raw")" \
        -frames:v "$film_frames" -c:v copy -f framecrc "$(windows_path "$tmp/$film_name.pts")" \
        > "$tmp/$film_name.log" 2>&1 &
    film_pid=$!
    films="$films $film_pid"
}

# films: waits for all of them
films() {
    # shellcheck disable=SC2086 # they are words
    wait $films
    films=
}
films=

# while_it SCENE WORDS: the program acts so until the films are over
while_it() {
    on "$1" "$2" || { films; return 1; }
    films
    on "$1" 'calm act'
}

# new NAME FRAMES DISTINCT: so many of the pictures are new, and none has the window
new() {
    frames "$region" "$tmp/$1.raw" "number $2" 'tint ff00ff' "stamp 8,8 distinct>=$3"
    new_result=$?
    own_lines "$tmp/$1.log" | grep -a -v 'leaving out' | tail -n 4 | cut -c 1-200
    return "$new_result"
}

# few_lists NAME MOST: a window that was heard of while it lived is known to be none that matches.
# One of which nothing can be asked any more makes a new list.
few_lists() {
    lists=$(sed -n 's/.* \([0-9]*\) lists,.*/\1/p' "$tmp/$1.log")
    echo "$lists lists"
    [ "$lists" -le "$2" ]
}

# slots NAME MICROSECONDS: timestamps grow. The next slot is found by the clock after a picture
# was taken, so a late packet and that of the slot it came in can be close together, but never
# more: a missed slot is gone. And a packet that was late by more than a slot made the one after
# it skip the others.
slots() {
    slots_skipped=$(sed -n 's/.* \([0-9]*\) slots skipped.*/\1/p' "$tmp/$1.log")
    tr -d '\r' < "$tmp/$1.pts" | grep -v '^#' | awk -F, -v slot="$2" -v skipped="${slots_skipped:-0}" '
        {
            for (i = 1; i < NR; i++)
                if ($3 <= pts[i] || ($3 - pts[i]) / slot < NR - i - 2.01) {
                    printf "packet %d is early: %.2f slots after packet %d\n", NR, ($3 - pts[i]) / slot, i
                    status = 1
                    break
                }
            pts[NR] = $3
        }
        END {
            printf "%d packets, %.2f slots from first to last, %d skipped\n", NR, (pts[NR] - pts[1]) / slot, skipped
            for (i = 2; i < NR; i++)
                if ((pts[i] - pts[1]) / slot > i - 1 + skipped + 2.01) {
                    printf "packet %d is late\n", i
                    status = 1
                }
            exit status || NR < 2
        }'
}

# apart NAME MICROSECONDS: the first two timestamps are not in one slot
apart() {
    tr -d '\r' < "$tmp/$1.pts" | grep -v '^#' | awk -F, -v slot="$2" '
        NR == 1 { first = $3 }
        NR == 2 {
            printf "%d us\n", $3 - first
            good = $3 - first >= slot / 2
        }
        END { exit !good }'
}

processes() {
    film exe 0 1 20 -exclude exe=secret.exe
    film title 1 1 20 -exclude 'title=*password*'
    while_it 3 "spawn act rate=1.43 open=200 $across title=harmless"
}

slow_windows() {
    film slow1 0 1 20 -exclude exe=secret.exe
    film slow5 1 5 100 -exclude 'title=*password*'
    film slow_title1 2 1 20 -exclude 'title=*password*'
    while_it 3 "flash act rate=1.667 open=300 $across title=harmless"
}

fast_windows() {
    film fast1 0 1 20 -exclude exe=secret.exe
    film fast5 1 5 100 -exclude 'title=*password*'
    film fast_title1 2 1 20 -exclude 'title=*password*'
    while_it 3 "flash act rate=10 open=50 $across title=harmless"
}

titles() {
    on 3 "window act $across title=harmless" || return 1
    film titles1 0 1 20 -exclude 'title=*password*'
    film titles5 1 5 100 -exclude 'title=*password*'
    film titles20 2 20 400 -exclude 'title=*password*'
    while_it 3 'retitle act rate=8 told'
    titles_result=$?
    on 3 'destroy act' && return "$titles_result"
}

# There was a title that nobody saw, each time. The window lives, so nothing is closing; to wait
# for the end of that, at this rate, would be to wait for ever.
titles_twice() {
    on 3 "window act $across title=harmless" || return 1
    film twice1 0 1 10 -exclude 'title=*password*'
    while_it 3 'retitle act rate=4 told twice'
    twice_result=$?
    on 3 'destroy act' && return "$twice_result"
}

dialogs() {
    film dialog 0 1/5 7 -exclude exe=secret.exe
    film dialog_off 1 1/5 7 -exclude exe=secret.exe -exclude_proof off
    while_it 2 'flash act rate=0.3333 open=1500 at=100,130 size=400x80 color=ff00ff owner=one style=dialog title=dialog'
}

# A packet leaves while its slot lasts. Both sides are told in ticks of the counter: 20 a
# second, 40 a slot.
soon() {
    rm -f "$tmp/soon.raw" # that of another build
    # copied as they are: on their way through a decoder, ffmpeg has each of them wait for the next
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -nostats -y -f "$device" -draw_mouse 0 -framerate 1/2 \
        -video_size "$region" -exclude exe=secret.exe -i desktop -frames:v 4 -c:v copy -flush_packets 1 \
        -f rawvideo "$(windows_path "$tmp/soon.raw")" > "$tmp/soon.log" 2>&1 &
    films=$!
    soon_result=0
    for n in 2 3; do
        until [ "$(stat -c %s "$tmp/soon.raw" 2>/dev/null || echo 0)" -ge $((n * 300 * 240 * 4)) ]; do
            kill -0 "$films" 2>/dev/null || { cat "$tmp/soon.log"; return 1; }
            sleep 0.1 # the recorder's pace; the condition above is what is waited for
        done
        now=$(on 1 'stamped count0')
        shown=$(frames "$region" "$tmp/soon.raw" "frame $((n - 1))" 'stamp 8,8' |
            sed -n 's/^stamp.* last \([0-9]*\) .*/\1/p')
        echo "picture $n: $((now - shown)) ticks after what it shows"
        [ $((now - shown)) -lt 30 ] || soon_result=1
    done
    films
    return "$soon_result"
}

quiet() {
    film quiet30 0 30 90 -exclude exe=secret.exe
    film plain30 1 30 90
    films
}

first1() {
    film first1 0 1 3 -exclude exe=secret.exe
    films
    apart first1 1000000
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: a process comes and goes"             processes
    check "$b: 1 a second, processes, by program"    new exe 20 19
    check "$b: 1 a second, processes, by title"      new title 20 19
    check "$b: a window comes and goes each 600 ms"  slow_windows
    check "$b: 1 a second, windows, by program"      new slow1 20 19
    check "$b: 1 a second, windows, by title"        new slow_title1 20 19
    check "$b: 5 a second, windows"                  new slow5 100 95
    check "$b: windows are heard of while they live" few_lists slow_title1 10
    check "$b: a window comes and goes at 10 Hz"     fast_windows
    check "$b: 1 a second, at 10 Hz, by program"     new fast1 20 19
    check "$b: 1 a second, at 10 Hz, by title"       new fast_title1 20 19
    check "$b: 5 a second, at 10 Hz"                 new fast5 100 95
    check "$b: a title changes 8 times a second"     titles
    check "$b: 1 a second, titles"                   new titles1 20 19
    check "$b: 5 a second, titles"                   new titles5 100 95
    check "$b: 20 a second, titles"                  new titles20 400 380
    check "$b: a title changes twice at a time"      titles_twice
    check "$b: 1 a second, two titles at a time"     new twice1 10 5
    check "$b: a dialog of what is left out"         dialogs
    check "$b: one in 5 seconds, dialogs"            new dialog 7 7
    check "$b: one in 5 seconds, without a canary"   new dialog_off 7 7
    check "$b: a packet leaves while its slot lasts" soon
    check "$b: nothing happens"                      quiet
    check "$b: slots at 30, without a rule"          slots plain30 33333.3333
    check "$b: slots at 30"                          slots quiet30 33333.3333
    check "$b: slots at 1, processes"                slots exe 1000000
    check "$b: slots at 5, windows at 10 Hz"         slots fast5 200000
    check "$b: slots at 20, titles"                  slots titles20 50000
    check "$b: slots at 1/5, dialogs"                slots dialog 5000000
    check "$b: the first two pictures are one slot apart at 1" first1
    check "$b: the first two pictures are one slot apart at 1/5" apart dialog 5000000
done

finish
