# Each case that went well, by what tests/faults/calls expects of its call:
#
#   awk -f lines.awk -f judge.awk calls results
#
# A result that is not expected becomes a failed one. A picture may be under way when the capture is closed, so
# what is expected while reading is then, too.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

function expect(place, line) {
    wanted[place, ++nb[place]] = line
    silent[place] = silent[place] || line == "-"
}

NR == FNR {
    if (/^[ \t]+[a-z]/) {
        # PHASE,... ERROR,... LINE
        line = $0
        sub(/^[ \t]+[^ \t]+[ \t]+[^ \t]+[ \t]+/, "", line)
        phases = split($1, phase, ",")
        ends   = split($2, end, ",")
        for (i = 1; i <= phases; i++)
            for (k = 1; k <= ends; k++) {
                expect(name " " phase[i] " " end[k], line)
                if (phase[i] == "read")
                    expect(name " close " end[k], line)
            }
    } else if (sub(/^any /, "")) {
        any[$0] = 1
    } else if (/^[A-Za-z]/) {
        name = $1
        sub(/@.*/, "", name)
    }
    next
}

/^ok / {
    # ok SCENARIO PHASE CALL N: PHASE N, 1 times, 12 frames, ERROR | LINE | LINE
    # where the second phase is that in which it has failed
    parts = split($0, part, / \| /)
    match(part[1], /[A-Za-z]+$/)
    error = substr(part[1], RSTART)
    place = $4 " " $6 " " error
    wrong = ""
    said = 0
    if (!(place in nb))
        wrong = error " is not expected"
    for (i = 2; i <= parts && !wrong; i++) {
        if (part[i] in any)
            continue
        said++
        for (k = nb[place]; k > 0 && !is_like(part[i], wanted[place, k]); k--)
            ;
        if (!k)
            wrong = "it is not expected to say: " part[i]
    }
    if (!wrong && !said && !silent[place])
        wrong = "nothing is said"
    if (wrong) {
        result = $0
        sub(/^ok /, "", result)
        at = index(result, ": ")
        print "FAILED " substr(result, 1, at + 1) wrong "; " substr(result, at + 2)
        next
    }
}

{ print }
