#!/bin/sh
#
# What the device does with each profile of the stand-in: tests/faults/matrix says it, and each of its
# rows is a case. A profile without a row fails, and a row without a profile. MATRIX_ARCHES, MATRIX_ONLY (a
# pattern of cases); MATRIX_SHARE=N/M takes each Mth case from the Nth on, of all architectures together: with an
# odd M it has both of what comes in turns, with and without an exclusion. MATRIX_WRITE=FILE writes what was
# seen as rows.
#
# MATRIX_PAIRS=N adds so many pairs of profiles, drawn by MATRIX_SEED (1), to each architecture in turn; MATRIX_ONLY
# finds one of them again ("A + B", in this order, with the same N), or them all (" + "). MATRIX_PAIRS=all takes
# all that there are, or with MATRIX_SLICE=N/M one of M parts, where N may be the number of any day: M days
# later the same pairs come in another way, with or without an exclusion and on the other architecture, until after
# as many days again for each way there is nothing new. No table says what becomes of two faults at once; what
# is checked is what holds for each profile alone.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
file_net=${MATRIX_NET:-7200}
on_desktop --size 640x480

net=120
matrix=$top/tests/faults/matrix
arches=${MATRIX_ARCHES:-x86_64}
size=640x480
packets=60
# that all captures with an exclusion say, about a rule of theirs
nobody='The rule title=nobody (line 1) matches no window yet; the whole title is compared; a part of it is found by title=*part*'

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
    sed -n 's/^line //p' "$tmp/out" | grep -v -F -x "$nobody" > "$tmp/said"
}

# figure NAME: packets in all, those with a new picture, the most in a row without, hidden pixels
figure() {
    sed -n "s/^$1 //p" "$tmp/out"
}

# sound PROFILE OUTCOME: what holds for every profile: the stand-in had it, and understood it, and no foreign block
# was freed, which it says at the end. A program that dies comes to no end.
sound() {
    grep -a -q " profile $1\$" "$tmp/simulator" || { echo 'the stand-in did not have the profile'; return 1; }
    ! grep -a 'PROFILE ERROR\|GUARD:\| RED$' "$tmp/simulator" || return 1
    [ "$2" = dies ] || grep -a -q ' guard=0 green$' "$tmp/simulator" || { echo 'the stand-in came to no end'; return 1; }
}

# What holds for every capture: packets as they have to be, as many as asked for where there is no error, and all
# lines in order.
in_order() {
    ! grep '^FAILED\|it hangs' "$tmp/out" || return 1
    [ "$outcome" != dies ] || return 0
    case $outcome in
    'goes on'|stands)
        [ "$(figure all)" = "$packets" ] || { echo "$(figure all) packets"; return 1; } ;;
    esac
}

# hidden with|without WHAT: how many pixels of the colour there may be. Without an exclusion there are some, or
# that there are none with one says nothing.
hidden() {
    case $1:$2 in
    without:*|with:shows*)
        [ "$(figure new)" = 0 ] || [ "$(figure hidden)" != 0 ] || { echo 'the window does not show'; return 1; } ;;
    *)  [ "$(figure hidden)" = 0 ] || { echo "FAILED: $(figure hidden) pixels of the hidden window"; return 1; } ;;
    esac
}

# most FIGURE NUMBER WORDS
most() {
    [ "$(figure "$1")" -le "$2" ] || { echo "$(figure "$1") $3, not $2 at most"; return 1; }
}

# is_outcome WANTED
is_outcome() {
    case $1:$outcome in
    records:'goes on'|shows:'goes on') most most 4 'packets in a row without a new picture' ;;
    'recovers '*:'goes on')            most most "${1#* }" 'packets in a row without a new picture' ;;
    'stands '*:stands)                 most new "${1#* }" 'new pictures' ;;
    "$outcome:$outcome")               ;;
    *) echo "'$outcome' is not '$1'"; return 1 ;;
    esac
}

# All that was said is in $tmp/expected, and all of that was said.
says() {
    awk -f "$top/tests/faults/lines.awk" -f /dev/stdin "$tmp/expected" "$tmp/said" <<'AWK'
        FILENAME == ARGV[1] { may[++nb] = sub(/^\? /, ""); wanted[nb] = $0; next }
        {
            like = 0
            for (i = 1; i <= nb; i++)
                if (is_like($0, wanted[i]))
                    like = said[i] = 1
            if (!like) { print "it is not expected to say: " $0; bad = 1 }
        }
        END {
            for (i = 1; i <= nb; i++)
                if (!may[i] && !said[i]) { print "it does not say: " wanted[i]; bad = 1 }
            exit bad
        }
AWK
}

# row PROFILE ARCH with|without OUTCOME LIVE
row() {
    capture "$1" "$2" "$3"
    sound "$1" "$4" && in_order && is_outcome "$4" || return 1
    [ "$outcome" = dies ] || hidden "$3" "$4" || return 1
    # shellcheck disable=SC2254 # a pattern
    case $live in
    $5) ;;
    *)  echo "$live blocks are left, not $5"; return 1 ;;
    esac
    {
        lines_of "$1" "$2" "$3"
        echo '? Fewer than 30/1 pictures a second are read: slots are skipped. The encoder may be too slow; or ffmpeg waits for another input (in the manual: several inputs)'
        echo '? A picture takes %s ms, which is longer than a slot at 30/1 frames a second: slots are skipped. A lower framerate or a smaller region helps'
    } > "$tmp/expected"
    says
}

# pair ARCH with|without A B: no block may be left if the rows of both, on their own, leave none.
pair() {
    capture "$3" "$1" "$2" "$(sed 's/#.*//' "$top/tests/simulator/profiles/$4.profile" | tr '\n' ';')"
    sound "$3" pair && in_order || return 1
    [ "$outcome" != dies ] || { echo 'it crashed'; tail -n 5 "$tmp/stderr"; return 1; }
    # a pattern of windows may well be of that colour
    [ "$2" = without ] || hidden with pair || return 1
    [ "$live" = 0 ] || rows | awk -F '\t' -v a="$3" -v b="$4" '($1 == a || $1 == b) && $5 != 0' | grep -q . ||
        { echo "$live blocks are left"; return 1; }
}

# Those profiles with which no row shows the colour, and the program does not die.
good() {
    rows | awk -F '\t' '
        $4 == "shows" || $4 == "dies" { bad[$1] = 1 }
        !($1 in seen) { seen[$1] = 1; name[nb++] = $1 }
        END {
            for (i = 0; i < nb; i++)
                if (!(name[i] in bad))
                    print name[i]
        }'
}

# draw N SEED: so many pairs, and their architectures
draw() {
    good | awk -v n="$1" -v seed="$2" -v arches="$arches" '
        function random(below) { seed = seed * 16807 % 2147483647; return int(seed / 2147483647 * below) }
        { ok[nb++] = $0 }
        END {
            archs = split(arches, arch, " ")
            seed = (seed * 7919 + 1) % 2147483647
            while (n > 0) {
                a = ok[random(nb)]
                b = ok[random(nb)]
                if (a == b || ((a, b) in drawn))
                    continue
                drawn[a, b] = drawn[b, a] = 1
                # what was left out is of more interest than what was not
                print arch[n % archs + 1] "\t" a "\t" b "\t" (n % 4 ? "with" : "without")
                n--
            }
        }'
}

# slice N/M: that part of all pairs, and how it is this time. Those of a slice are not neighbours in the list.
slice() {
    good | awk -v slice="$1" -v arches="$arches" '
        { ok[nb++] = $0 }
        END {
            split(slice, of, "/")
            archs = split(arches, arch, " ")
            ways  = 2 * archs
            turn  = int(of[1] / of[2])
            for (a = 0; a < nb; a++)
                for (b = a + 1; b < nb; b++) {
                    if (pairs++ % of[2] != of[1] % of[2])
                        continue
                    way   = (turn + pairs) % ways
                    first = (turn + pairs) % 3 ? a : b
                    print arch[int(way / 2) + 1] "\t" ok[first] "\t" ok[a + b - first] "\t" (way % 2 ? "without" : "with")
                    taken++
                }
            printf "# slice %d of %d, round %d of %d: %d of %d pairs\n",
                   of[1] % of[2] + 1, of[2], turn % ways + 1, ways, taken, pairs > "/dev/stderr"
        }'
}

rows() {
    grep -v '^#\|^$\|^	' "$matrix" | tr -s '\t' '\t'
}

# lines_of PROFILE ARCH with|without: what its row expects to be said
lines_of() {
    awk -F '\t' -v p="$1" -v a="$2" -v h="$3" '
        /^#/ { next }
        /^\t/ { if (its) print substr($0, 2); next }
        { its = $1 == p && ($2 == a || $2 == "both") && ($3 == h || $3 == "either") }' "$matrix"
}

complete() {
    complete_bad=
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
    for complete_profile in $(rows | cut -f 1 | sort -u); do
        [ -f "$top/tests/simulator/profiles/$complete_profile.profile" ] ||
            { echo "$complete_profile: there is no such profile"; complete_bad=1; }
    done
    [ -z "$complete_bad" ]
}

# All cases: PROFILE ARCH with|without OUTCOME LIVE
cases() {
    for cases_arch in $arches; do
        rows | awk -F '\t' -v OFS='\t' -v arch="$cases_arch" '$2 == arch || $2 == "both" {
            if ($3 == "either") { print $1, arch, "with", $4, $5; $3 = "without" }
            print $1, arch, $3, $4, $5 }'
    done
}

if [ -n "${MATRIX_WRITE:-}" ]; then
    cases | grep -e "${MATRIX_ONLY:-.}" > "$tmp/cases"
    while IFS='	' read -r profile arch how _ <&9; do
        capture "$profile" "$arch" "$how" > "$tmp/captured"
        printf '%s\t%s\t%s\t%s\t%s\t#%s\n' "$profile" "$arch" "$how" "$outcome" "${live:-*}" \
            "$(grep '^all\|^most\|^new\|^hidden\|FAILED' "$tmp/out" | tr '\n' ' ')$(sound "$profile" "$outcome")" >> "$MATRIX_WRITE"
        sed 's/^/	/' "$tmp/said" >> "$MATRIX_WRITE"
    done 9< "$tmp/cases"
    exit
fi

check 'each profile has its row, and each row its profile' complete
cases > "$tmp/all"
awk -v share="${MATRIX_SHARE:-1/1}" 'BEGIN { split(share, s, "/") } NR % s[2] == s[1] % s[2]' "$tmp/all" > "$tmp/cases"
[ -z "${MATRIX_SHARE:-}" ] || echo "# matrix: share $MATRIX_SHARE, $(wc -l < "$tmp/cases") of $(wc -l < "$tmp/all") cases" >&2
while IFS='	' read -r profile arch how what live_wanted <&9; do
    echo "$profile $how" | grep -q -e "${MATRIX_ONLY:-.}" || continue
    check "$arch: $profile, $how an exclusion: $what" row "$profile" "$arch" "$how" "$what" "$live_wanted"
done 9< "$tmp/cases"
case ${MATRIX_PAIRS:-0} in
all) slice "${MATRIX_SLICE:-0/1}" ;;
*)   draw "${MATRIX_PAIRS:-0}" "${MATRIX_SEED:-1}" ;;
esac > "$tmp/pairs"
while IFS='	' read -r arch a b how <&9; do
    echo "$a + $b" | grep -q -e "${MATRIX_ONLY:-.}" || continue
    check "$arch: $a + $b, $how an exclusion" pair "$arch" "$how" "$a" "$b"
done 9< "$tmp/pairs"
finish
