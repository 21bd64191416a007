#!/bin/sh
#
# What machines with Windows have said -> the last column of the table in
# doc/assumptions.md.
#
#   build-aux/windows-results.sh [--check] [--page FILE] [DIR]
#
# DIR (doc/windows-results) has reports of the Windows kit (.md) and files of
# magprobe's (.json), as they came. A row of the table says in the column before
# the last what settles it: "Q8: these come, arrive" are the parts of magprobe's
# answer to question 8 with these words in them, "kit: excluded" is what the
# kit saw. Reports from Wine are no measurements, and are left out.
#
# --check only compares: it fails, and shows the difference, if the page does
# not say what the results do.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
page=$root/doc/assumptions.md
check=
results=

say()
{
    printf 'windows-results: %s\n' "$*" >&2
}

while [ $# -gt 0 ]; do
    case $1 in
    --check) check=1 ;;
    --page)
        [ $# -ge 2 ] || { say "--page needs a value"; exit 2; }
        page=$2
        shift
        ;;
    -*)
        say "unknown option '$1'"
        exit 2
        ;;
    *) results=$1 ;;
    esac
    shift
done
results=${results:-$root/doc/windows-results}
[ -d "$results" ] || { say "there is no folder $results"; exit 2; }
command -v jq >/dev/null 2>&1 || { say "jq is missing ('make deps' installs it)"; exit 2; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# blocks FILE: each JSON block of a report, or the whole of a .json, as $work/N.json
blocks()
{
    rm -f "$work"/*.json
    case $1 in
    *.json) tr -d '\r' <"$1" >"$work/1.json" ;;
    *)
        tr -d '\r' <"$1" | awk -v work="$work" '
            /^```json/ { out = work "/" ++nb ".json"; next }
            /^```/ { out = "" }
            out != "" { print > out }'
        ;;
    esac
}

# Lines of three fields: what, on which Windows, and what was seen there.
# shellcheck disable=SC2016 # jq's variables
answers='
    def build: (.windows // "" | ltrimstr("10.0.")) as $b |
               if $b == "" then "a Windows that is not named" else $b end;
    def on: build + " " + (.arch // (if .bits == 32 then "i686" else "x86_64" end));
    def cycles: "\(.cycles) captures left \(.frames_left) frames" + if .ended then "" else ", and died" end;
    # what was asked for in place of the kit as it is
    def with: [ if (.options // "") == "" then empty else .options end,
                if .ended == false then "not at its end" else empty end ] |
              if length > 0 then " (\(join(", ")))" else "" end;
    on as $on | with as $with |
    ( (.magprobe // .).answers // [] | .[] |
      "Q\(.question)" as $q | (.answer | split("; ") | .[]) | [$q, $on, .] ),
    ( select(.kit) |
      ( select((.options // "") | contains("--exclude") | not) | ["kit", $on, "excluded: \(.verdict)\($with)"] ),
      ( .reclaim | select(.) | ["kit", $on, "reclaim: \(cycles)\($with)"] ),
      ( .leak | select(.) | ["kit", $on, "leak: \(cycles)\($with)"] ) ) |
    map(gsub("[\t\n|]"; " ")) | join("\t")'

: >"$work/answers"
for file in "$results"/*.md "$results"/*.json; do
    [ -f "$file" ] && [ "${file##*/}" != README.md ] || continue
    blocks "$file"
    found=
    for block in "$work"/*.json; do
        [ -f "$block" ] || continue
        found=1
        if ! wine=$(jq -r '.wine // .magprobe.wine // ""' "$block" 2>"$work/error"); then
            say "$file: a block that is no JSON is left out ($(head -n 1 "$work/error"))"
        elif [ -n "$wine" ]; then
            say "$file: from Wine $wine, so it is left out"
        else
            jq -r "$answers" "$block" >>"$work/answers" ||
                say "$file: a block that is neither the kit's nor magprobe's is left out"
        fi
    done
    [ -n "$found" ] || say "$file: has no JSON in it"
done

awk -F'|' -v answers="$work/answers" '
    function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

    # Of every question: it says why there is no other answer.
    function always(text) {
        return text ~ /^(crashed with code|call [0-9]+ does not return|the child cannot be started|this probe does not)/
    }

    # What machine m has said to the question, if it has one of the words in it: in the order of
    # the words, so that a row can ask for what is bad first.
    function heard(question, words, m,    i, w, nb, list, text, hit) {
        nb = split(words, list, /, */)
        text = ""
        for (w = 0; w <= nb; w++) {
            for (i = 1; i <= nb_answers; i++) {
                if (of[i] != question || on[i] != m) continue
                hit = w ? index(what[i], list[w]) : always(what[i]) || nb == 0
                # two reports of one kind of machine may say the same
                if (hit && !index("; " text "; ", "; " what[i] "; ")) text = text (text == "" ? "" : "; ") what[i]
            }
        }
        return text
    }

    # The cell: what was seen, and on which machines, those of one mind together.
    function cell(settled,    items, nb, i, m, text, order, nb_texts, who, j, out, colon, part) {
        nb = split(settled, items, /; */)
        nb_texts = 0
        for (m = 1; m <= nb_machines; m++) {
            text = ""
            for (i = 1; i <= nb; i++) {
                colon = index(items[i] ":", ":")
                part = heard(trim(substr(items[i], 1, colon - 1)), trim(substr(items[i], colon + 1)), machine[m])
                if (part != "") text = text (text == "" ? "" : "; ") part
            }
            if (text == "") continue
            for (j = 1; j <= nb_texts && order[j] != text; j++);
            if (j > nb_texts) { order[++nb_texts] = text; who[j] = machine[m] }
            else who[j] = who[j] ", " machine[m]
        }
        out = ""
        for (j = 1; j <= nb_texts; j++) {
            text = order[j]
            if (length(text) > 300) text = substr(text, 1, 297) "..."
            out = out (out == "" ? "" : "<br>") "**" who[j] "**: " text
        }
        return out == "" ? "not yet" : out
    }

    BEGIN {
        while ((getline line < answers) > 0) {
            split(line, field, "\t")
            of[++nb_answers] = field[1]; on[nb_answers] = field[2]; what[nb_answers] = field[3]
            if (!(field[2] in known)) { known[field[2]] = 1; machine[++nb_machines] = field[2] }
        }
    }
    /^\|/ && trim($(NF - 2)) == "settled by" { table = NR }
    !/^\|/ { table = 0 }
    table && NR > table + 1 {
        row = ""
        for (i = 1; i < NF - 1; i++) row = row $i "|"
        print row " " cell(trim($(NF - 2))) " |"
        rows++
        next
    }
    { print }
    END { exit rows ? 0 : 3 }' "$page" >"$work/page" ||
    { say "$page has no table with a column \"settled by\""; exit 2; }

if [ -n "$check" ]; then
    diff -u "$page" "$work/page" && exit 0
    say "the last column is not what the results say: run build-aux/windows-results.sh"
    exit 1
fi
cmp -s "$page" "$work/page" || cat "$work/page" >"$page"
