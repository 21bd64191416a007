#!/bin/sh
#
# What the device does with each profile of the stand-in: tests/faults/matrix says it, and each of its
# rows is a case. A profile without a row fails. MATRIX_ARCHES, MATRIX_ONLY (a pattern of cases);
# MATRIX_SHARE=N/M takes each Mth case from the Nth on. MATRIX_WRITE=FILE writes what was seen as rows.
#
# MATRIX_PAIRS=N adds so many pairs of profiles, drawn by MATRIX_SEED (1); MATRIX_ONLY finds one of them
# again ("A + B", in this order, with the same N), or them all (" + "). No table says what becomes of two
# faults at once; what is checked is what holds for each profile alone.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
file_net=7200
on_desktop --size 640x480

net=120
matrix=$top/tests/faults/matrix
size=640x480
open_scenes() {
    scene_open
    show "window back at=0,0 size=$size pattern=plaid title=Behind" \
         'window count at=440,460 size=192x16 pattern=stamp' 'tick count rate=30'
    secret_scene
}

open_scenes
echo 'title=nobody' > "$tmp/rules"
rules=$(windows_path "$tmp/rules")
output=$(xrandr -q | awk '$2 == "connected" { print $1; exit }')

# capture PROFILE ARCH with|without [MORE]: its lines in $tmp/out, the stand-in's in $tmp/simulator
capture() {
    rm -f "$tmp/simulator"
    MAGSIM_PROFILE=$1 MAGSIM_SET=${4:-} MAGSIM_LOG=$tmp/simulator timeout -k 10 "$net" \
        wine "$E2E_BUILD/tests/$2/faults.exe" matrix "$3" "$rules" Behind 2> "$tmp/stderr" | tr -d '\r' > "$tmp/out"
    # Wine has put the window that is as large as the screen on top then
    ! grep -a -q ' mode_change ' "$tmp/simulator" ||
        { xrandr --output "$output" --mode "$size" && scene_close && scene_close && open_scenes; }
    cat "$tmp/out"
    grep -q '^end$' "$tmp/out" || echo 'outcome dies' >> "$tmp/out"
    outcome=$(sed -n 's/^outcome //p' "$tmp/out" | head -n 1)
    live=$(sed -n 's/.* exit .* live=\([0-9]*\) .*/\1/p' "$tmp/simulator" | tail -n 1)
    # it was unloaded, and the device frees after that; what was stolen is somebody else's
    [ -n "$live" ] || ! grep -a -q ' unload ' "$tmp/simulator" ||
        live=$(($(sed -n 's/^left //p' "$tmp/out") - $(grep -a -c ' block_stolen ' "$tmp/simulator")))
    said=$(sed -n 's/^line //p' "$tmp/out" | grep -v 'The rule title=nobody' | head -n 1)
}

# What holds for every profile: the stand-in understood it, and no foreign block was freed.
sound() {
    ! grep -a 'PROFILE ERROR' "$tmp/simulator" && ! grep -a 'GUARD:' "$tmp/simulator"
}

# row PROFILE ARCH with|without OUTCOME LIVE LINE
row() {
    capture "$1" "$2" "$3"
    sound || return 1
    [ "$4" = shows ] || ! grep '^FAILED\|it hangs' "$tmp/out" || return 1
    most=$(sed -n 's/^frames .* most \([0-9]*\) .*/\1/p' "$tmp/out")
    # or what is said of the hidden pixels says nothing
    [ "$3:$outcome" != without:records ] || not grep -q '^no pixel' "$tmp/out" || { echo 'the window does not show'; return 1; }
    case $4:$outcome in
    "$outcome:$outcome" | shows:records) ;;
    'recovers '*:re[c]o*) [ "$most" -le "${4#* }" ] || { echo "$most packets in a row without a new picture"; return 1; } ;;
    *) echo "'$outcome' is not '$4'"; return 1 ;;
    esac
    # shellcheck disable=SC2254 # a pattern
    case $live in
    $5) ;;
    *)  echo "$live blocks are left, not $5"; return 1 ;;
    esac
    if [ "$6" = - ]; then
        [ -z "$said" ] || { echo "it says: $said"; return 1; }
    else
        printf '%s\n' "$said" | grep -q -e "$6" || { echo "it does not say: $6"; return 1; }
    fi
}

# pair ARCH with|without A B: no block may be left if the rows of both, on their own, leave none.
pair() {
    capture "$3" "$1" "$2" "$(sed 's/#.*//' "$top/tests/simulator/profiles/$4.profile" | tr '\n' ';')"
    sound && ! grep '^FAILED\|it hangs' "$tmp/out" || return 1
    [ "$outcome" != dies ] || { echo 'it crashed'; tail -n 5 "$tmp/stderr"; return 1; }
    [ "$live" = 0 ] || rows | awk -F '\t' -v a="$3" -v b="$4" '($1 == a || $1 == b) && $5 != 0' | grep -q . ||
        { echo "$live blocks are left"; return 1; }
}

# draw N SEED: so many pairs. Left out are those profiles with which a row shows the colour, or the program dies.
draw() {
    rows | awk -F '\t' -v n="$1" -v seed="$2" '
        function random(below) { seed = seed * 16807 % 2147483647; return int(seed / 2147483647 * below) }
        $4 == "shows" || $4 == "dies" { bad[$1] = 1 }
        !($1 in seen) { seen[$1] = 1; name[nb++] = $1 }
        END {
            for (i = 0; i < nb; i++)
                if (!(name[i] in bad))
                    ok[good++] = name[i]
            seed = (seed * 7919 + 1) % 2147483647
            while (n > 0) {
                a = ok[random(good)]
                b = ok[random(good)]
                if (a == b || ((a, b) in drawn))
                    continue
                drawn[a, b] = drawn[b, a] = 1
                # what was left out is of more interest than what was not
                print a "\t" b "\t" (n-- % 4 ? "with" : "without")
            }
        }'
}

rows() {
    grep -v '^#\|^$' "$matrix" | tr -s '\t' '\t'
}

complete() {
    for complete_profile in "$top"/tests/simulator/profiles/*.profile; do
        complete_profile=$(basename "$complete_profile" .profile)
        for complete_arch in x86_64 i686; do
            for complete_how in with without; do
                [ "$(rows | awk -F '\t' -v p="$complete_profile" -v a="$complete_arch" -v h="$complete_how" \
                    '$1 == p && ($2 == a || $2 == "both") && ($3 == h || $3 == "either")' | wc -l)" = 1 ] ||
                    { echo "$complete_profile, $complete_arch, $complete_how an exclusion: not one row"; complete_bad=1; }
            done
        done
    done
    [ -z "${complete_bad:-}" ]
}

if [ -n "${MATRIX_WRITE:-}" ]; then
    for profile in "$top"/tests/simulator/profiles/*.profile; do
        profile=$(basename "$profile" .profile)
        echo "$profile" | grep -q -e "${MATRIX_ONLY:-.}" || continue
        for arch in ${MATRIX_ARCHES:-x86_64}; do
            for how in with without; do
                capture "$profile" "$arch" "$how" > /dev/null
                printf '%s\t%s\t%s\t%s\t%s\t%s\t#%s\n' "$profile" "$arch" "$how" "$outcome" "${live:-*}" "${said:--}" \
                    "$(grep '^frames\|FAILED' "$tmp/out" | tr '\n' ' ')$(grep -a GUARD "$tmp/simulator" | head -n 1)" >> "$MATRIX_WRITE"
            done
        done
    done
    exit
fi

check 'each profile has its row' complete
n=0
for arch in ${MATRIX_ARCHES:-x86_64}; do
    rows | awk -F '\t' -v OFS='\t' -v arch="$arch" '$2 == arch || $2 == "both" {
        if ($3 == "either") { print $1, arch, "with", $4, $5, $6; $3 = "without" }
        print $1, arch, $3, $4, $5, $6 }' > "$tmp/rows"
    while IFS='	' read -r profile _ how what live_wanted line <&9; do
        n=$((n + 1))
        [ -z "${MATRIX_SHARE:-}" ] || [ $((n % ${MATRIX_SHARE#*/})) = $((${MATRIX_SHARE%/*} % ${MATRIX_SHARE#*/})) ] || continue
        echo "$profile $how" | grep -q -e "${MATRIX_ONLY:-.}" || continue
        check "$arch: $profile, $how an exclusion: $what" row "$profile" "$arch" "$how" "$what" "$live_wanted" "$line"
    done 9< "$tmp/rows"
    draw "${MATRIX_PAIRS:-0}" "${MATRIX_SEED:-1}" > "$tmp/pairs"
    while IFS='	' read -r a b how <&9; do
        echo "$a + $b" | grep -q -e "${MATRIX_ONLY:-.}" || continue
        check "$arch: $a + $b, $how an exclusion" pair "$arch" "$how" "$a" "$b"
    done 9< "$tmp/pairs"
done
finish
