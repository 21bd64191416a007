#!/bin/sh
# Timestamps, rates and tags, as ffprobe reads them from the device itself. No
# statement depends on how fast this machine is: slots may be skipped, and the
# device says how many.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

scene_open
show 'window back at=0,0 size=640x480 pattern=plaid'

# probe FRAMES ENTRIES [OPTION...]; FFmpeg 5.1 gives the metadata of a packet an empty line
probe() {
    probe_frames=$1
    probe_entries=$2
    shift 2
    timeout -k 10 "$net" wine "$ffprobe" -hide_banner -f "$device" "$@" -i desktop -show_entries "$probe_entries" \
        -read_intervals "%+#$probe_frames" -of compact=p=0 2> "$tmp/log" | tr -d '\r' | grep . > "$tmp/probe"
    [ -s "$tmp/probe" ] || { cat "$tmp/log"; return 1; }
}

# rate OPTION NUM DEN FRAMES
rate() {
    before=$(date +%s)
    probe "$4" packet=pts,dts,duration,size -framerate "$1" || return 1
    after=$(date +%s)
    skipped=$(sed -n 's/.* \([0-9]*\) slots skipped.*/\1/p' "$tmp/log")
    [ -n "$skipped" ] || { echo "no closing line:"; cat "$tmp/log"; return 1; }
    tr '|' ' ' < "$tmp/probe" | awk -v num="$2" -v den="$3" -v want="$4" -v skipped="$skipped" \
        -v before="$before" -v after="$after" '
        function bad(what) { print "packet " n ": " what ": " $0; status = 1 }
        {
            for (i = 1; i <= NF; i++) { split($i, pair, "="); v[pair[1]] = pair[2] }
            if (v["pts"] != v["dts"]) bad("pts and dts differ")
            if (n && v["pts"] <= last) bad("pts does not grow")
            d = v["duration"] - 1e6 * den / num
            if (d > 1 || d < -1) bad("duration is not that of the rate")
            if (v["size"] != 640 * 480 * 4) bad("size")
            if (v["pts"] < before * 1e6 || v["pts"] > (after + 1) * 1e6) bad("pts is not of the wall clock")
            # The next slot is found by the clock after a picture was taken, so a late packet and that
            # of the slot it came in can be close together, but never more: a missed slot is gone.
            for (i = 0; i < n; i++)
                if ((v["pts"] - pts[i]) * num / den / 1e6 < n - i - 2.01) {
                    bad("slots were burst since packet " i)
                    break
                }
            if (!n) first = v["pts"]
            last = pts[n] = v["pts"]
            n++
        }
        END {
            printf "%d packets, %d slots skipped, %.2f slots in the span of pts\n", n, skipped,
                (last - first) * num / den / 1e6
            if (n != want) { print "packets: " n; status = 1 }
            # a packet that was late by more than a slot made the one after it skip the others
            for (i = 0; i < n - 1; i++)
                if ((pts[i] - first) * num / den / 1e6 > i + skipped + 2.01) {
                    print "packet " i " is later than the skipped slots make it"
                    status = 1
                }
            exit status
        }'
}

tags() {
    probe 1 stream=codec_name,width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries,r_frame_rate,avg_frame_rate,time_base "$@" ||
        return 1
    cat "$tmp/probe"
}

tagged() {
    tags -framerate 24 > "$tmp/tags" || { cat "$tmp/tags"; return 1; }
    for tag in codec_name=rawvideo width=640 height=480 pix_fmt=bgr0 color_range=pc color_space=gbr \
               color_transfer=iec61966-2-1 color_primaries=bt709 r_frame_rate=24/1 avg_frame_rate=24/1 \
               time_base=1/1000000; do
        tr '|' '\n' < "$tmp/tags" | grep -qx "$tag" || { echo "no $tag"; cat "$tmp/tags"; return 1; }
    done
}

default_rate() {
    tags || return 1
    grep -q 'r_frame_rate=30000/1001' "$tmp/probe"
}

# a slow API: slots are skipped, not made up for in a burst
slow() {
    MAGSIM_SET='frame_delay_ms = 70' rate 30 30 1 30 && [ "$skipped" -gt 20 ]
}

# one call that took long: what it missed is not made up for either
stalled() {
    MAGSIM_SET='frame_delay_ms = 700 frame 10' rate 30 30 1 40 && [ "$skipped" -ge 15 ]
}

# the timestamps as they are, in a file
muxed() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -y -f "$device" -framerate 25 -i desktop -frames:v 20 \
        -c:v copy -allow_raw_vfw 1 "$(windows_path "$tmp/out.mkv")" > "$tmp/log" 2>&1 ||
        { cat "$tmp/log"; return 1; }
    timeout -k 10 "$net" wine "$ffprobe" -v error -show_entries packet=pts_time -of csv=p=0 \
        "$(windows_path "$tmp/out.mkv")" | tr -d '\r' > "$tmp/pts"
    cat "$tmp/pts"
    sort -n -u "$tmp/pts" | cmp -s - "$tmp/pts" && [ "$(wc -l < "$tmp/pts")" = 20 ]
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: the stream says what it is" tagged
    check "$b: the default rate is NTSC's" default_rate
    check "$b: 30 frames a second" rate 30 30 1 45
    check "$b: 7 frames a second" rate 7 7 1 10
    check "$b: 30000/1001 frames a second" rate ntsc 30000 1001 30
    check "$b: slots missed by a slow API are skipped, not burst" slow
    check "$b: slots missed in one long call are skipped, not burst" stalled
    check "$b: a recording's timestamps grow" muxed
done

finish
