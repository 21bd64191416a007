#!/bin/sh
#
# What stands between the device's objects and the functions that they call.
#
#   generate.sh ARCH CALLS FOLDER OBJECT...
#
# Reads the undefined symbols of the objects and the list CALLS, and writes FOLDER/symbols,
# new names for objcopy, and FOLDER/thunks.h, the functions of these names. Fails where a symbol
# has no row, or a row of the list no symbol.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

arch=$1
calls=$2
folder=$3
shift 3

"$arch-w64-mingw32-nm" -u "$@" | awk '$1 == "U" { print $2 }' | sort -u |
    grep -v 'ff_magnifier_' > "$folder/undefined"

awk -v arch="$arch" -v symbols="$folder/symbols" -v thunks="$folder/thunks.h" '
    # symbol -> name, and how many bytes of arguments the function takes off the stack
    function name_of(symbol) {
        slot  = sub(/^__imp_/, "", symbol)
        bytes = 0
        if (arch == "i686") {
            sub(/^_/, "", symbol)
            if (match(symbol, /@[0-9]+$/)) {
                bytes  = substr(symbol, RSTART + 1)
                symbol = substr(symbol, 1, RSTART - 1)
            }
        }
        return symbol
    }
    function thunk(name, kind, address) {
        printf "THUNK(%d, %s, %d)\n", nb, name, bytes > thunks
        table = table sprintf("    ROW(%s, %s, %s, %s, %d, %s, %d, %d, %d, %d, %d)\n", name, kind, address, value[name],
                              after[name], error[name], bytes, words[name] ~ / each/, words[name] ~ / unreached/,
                              number_of("keeps", name), number_of("strands", name))
        nb++
    }
    # N of a word that ends with "=N"
    function number_of(word, name,    at) {
        at = index(words[name], " " word "=")
        return at ? substr(words[name], at + length(word) + 2) + 0 : 0
    }
    BEGIN { printf "" > symbols; printf "" > thunks }
    NR == FNR {
        if (/^[ \t]|^any /)     # what is expected, for judge.awk
            next
        sub(/[ \t]*#.*/, "")
        if ($1 == "none") {
            for (i = 2; i <= NF; i++) {
                none[$i] = 1
                if (sub(/:$/, "", $i)) { none[$i] = 1; break }
            }
        } else if (NF) {
            name = $1
            if (split(name, part, "@") == 2) { name = part[1]; late[name] = part[2] }
            row[name] = $1
            after[name] = sub(/^!/, "", $2)
            value[name] = $2
            error[name] = $3
            words[name] = ""
            for (i = 4; i <= NF; i++)
                words[name] = words[name] " " $i
            order[++rows] = name
        }
        next
    }
    {
        name = name_of($1)
        seen[name] = 1
        if (name in none)
            next
        if (!(name in row)) {
            print "tests/faults/calls has no row for " name > "/dev/stderr"
            bad = 1
            next
        }
        # the same function may be called directly and by its import pointer
        variable = slot ? "fault_imp_" : "fault_"
        print $1, (arch == "i686" ? "_" : "") variable name > symbols
        if (!(name in made) || slot) {
            made[name]    = slot ? 2 : 1
            symbol[name]  = $1
            of[name]      = bytes
        }
    }
    END {
        for (i = 1; i <= rows; i++) {
            name = order[i]
            if (name in late) {
                bytes = late[name]
                thunk(name, "LATE", "NULL")
            } else if (name in made) {
                bytes = of[name]
                printf "extern char at_%s[] __asm__(\"%s\");\n", name, symbol[name] > thunks
                thunk(name, made[name] == 2 ? "SLOT" : "DIRECT", "at_" name)
            } else if (name != "SetWindowLongPtrW" && name != "SetWindowLongW") {
                # one of these two, by the size of a pointer
                print "tests/faults/calls: the device does not call " name > "/dev/stderr"
                bad = 1
            }
        }
        print "#define ROWS \\" > thunks
        gsub(/\n/, " \\\n", table)
        print table > thunks
        exit bad
    }' "$calls" "$folder/undefined"
