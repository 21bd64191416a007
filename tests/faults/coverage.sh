#!/bin/sh
#
# Which calls the device makes, at how many call sites, and whether tests/faults lets them fail.
#
#   coverage.sh ARCH CALLS RESULTS OBJECT...
#
# RESULTS is what the last run of the cases has written, if there was one.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

arch=$1
calls=$2
results=$3
shift 3
[ -f "$results" ] || results=/dev/null

"$arch-w64-mingw32-objdump" -r "$@" | awk -v results="$results" '
    BEGIN {
        while ((getline line < results) > 0) {
            split(line, part, /[ :]/)
            if (part[1] == "ok")
                cases[part[4]]++
        }
    }
    NR == FNR && /^[ \t]|^any / { next }       # what is expected of a call
    NR == FNR {
        comment = ""
        if (match($0, /[ \t]*#.*/)) { comment = substr($0, RSTART); sub(/^[ \t]*# */, "", comment); $0 = substr($0, 1, RSTART - 1) }
        if ($1 == "none") {
            reason = $0
            sub(/^[^:]*: */, "", reason)
            for (i = 2; i <= NF && !last; i++) {
                last = sub(/:$/, "", $i)
                why[$i] = "no fault: " reason
            }
            last = 0
        } else if (NF) {
            name = $1
            late = sub(/@.*/, "", name)
            if (late)
                sites[name] = "-"
            why[name] = /unreached/ ? "fault, but not reached: " comment : "fault"
        }
        next
    }
    /IMAGE_REL/ || $2 ~ /^(REL32|DISP32|dir32|R_)/ {
        symbol = $NF
        sub(/^__imp_/, "", symbol)
        if ($2 ~ /^(DISP32|dir32)/) { sub(/^_/, "", symbol); sub(/@[0-9]+$/, "", symbol) }
        if (symbol in why)
            sites[symbol]++
    }
    END {
        print "call sites, call"
        fflush()
        for (name in why)
            if (name in sites) {
                printf "%10s  %-30s %s%s\n", sites[name], name, why[name],
                       cases[name] ? ", " cases[name] " cases passed last" : "" | "sort -k 2"
                nb++
                all       += sites[name]
                faults    += why[name] == "fault"
                unreached += why[name] ~ /^fault, but/
            }
        close("sort -k 2")
        printf "%d calls at %d call sites: %d made to fail, %d with a fault that no scenario reaches, %d without a fault\n",
               nb, all, faults, unreached, nb - faults - unreached
    }' "$calls" -
