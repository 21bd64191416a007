#!/bin/sh
# What the callback is given: pictures that lie otherwise in their block are the
# same pictures, and none is taken from a header that cannot be true.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene

# take FRAMES [STATEMENT...]: each pixel of so many frames is right, with no outage
take() {
    take_frames=$1
    shift
    record "$tmp/raw" "$take_frames" -draw_mouse 0 -framerate 20 &&
        not grep -a 'PROFILE ERROR' "$tmp/log" &&
        frames "$size" "$tmp/raw" "number $take_frames" 'rect 0,0,640x460 plaid@0,0' \
            'rect 0,460,440x20 plaid@0,460' 'rect 632,460,8x20 plaid@632,460' "$@"
    take_result=$?
    own_lines "$tmp/log"
    return "$take_result"
}

# read_right PROFILE: new pictures, each of them whole
read_right() {
    MAGSIM_PROFILE=$1 take 12 'stamp 440,460 distinct>=3' &&
        grep -a -q ' 0 repeats, .* 0 outages' "$tmp/log" || { cat "$tmp/log"; return 1; }
}

never() {
    MAGSIM_PROFILE=$1 refused 'external library' "The Magnification API delivered a picture $2" -i desktop
}

# for three frames only: that is an outage, which ends
for_a_while() {
    MAGSIM_SET=$1 take 20 'stamp 440,460 distinct>=3' 'frame -8..-1' 'moved 440,460,192x16' &&
        grep -a -q "The Magnification API delivered a picture $2" "$tmp/log" &&
        grep -a -q 'The picture is back after 3 slots' "$tmp/log" || { cat "$tmp/log"; return 1; }
}

for b in $(arch_builds); do
    use_build "$b"
    # the offset takes each of its values, in more frames than there are of them
    for profile in offset-16 offset-changing stride-padded format-bgr format-bgra alpha-255 \
        callback-twice cbsize-huge block-misaligned blank-first host-painted; do
        check "$b: $profile: the picture is right" read_right "$profile"
    done
    while IFS='|' read -r profile words; do
        check "$b: $profile: $words" never "$profile" "$words" < /dev/null
    done <<END
width-less|not of the size asked for
width-zero|not of the size asked for
height-more|not of the size asked for
height-zero|not of the size asked for
stride-short|with rows that overlap
cbsize-short|that reaches beyond its block
cbsize-zero|that reaches beyond its block
offset-huge|that reaches beyond its block
format-unknown|in an unknown pixel format
block-null|without pixels
END
    while IFS='|' read -r set words; do
        check "$b: $set: $words" for_a_while "$set" "$words" < /dev/null
    done <<END
width_add = -1 frames 5..7|not of the size asked for
height_zero = yes frames 5..7|not of the size asked for
stride_short = 4 frames 5..7|with rows that overlap
cbsize = short frames 5..7|that reaches beyond its block
offset_lie = 2000000000 frames 5..7|that reaches beyond its block
format = unknown frames 5..7|in an unknown pixel format
END
done

finish
