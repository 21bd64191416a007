#!/bin/sh
# build-aux/windows-results.sh: reports of the Windows kit -> the last column of a table.

# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

script=$project/build-aux/windows-results.sh
results=$scratch/results
page=$scratch/page.md
command -v jq >/dev/null 2>&1 || { echo '1..0 # SKIP jq is missing'; exit; }
mkdir "$results"

table()
{
    cat <<END
Text | with | bars.

| assumed | settled by | Windows |
|---|---|---|
| a cap of 24 | Q2: at most, refused | $1 |
| leaves out | kit: excluded; kit: reclaim | $2 |
| \`all\` of one | Q11 | $3 |

| another | table | of three |
|---|---|---|
| stays | Q2: at most | as it is |
END
}

# report WINDOWS WINE ARCH CAP VERDICT: as the kit writes it, with Windows' line ends
report()
{
    sed 's/$/\r/' <<END
# magnifier: what a Windows machine answers

\`\`\`
Q2 at most 99 windows, which is no JSON
\`\`\`

\`\`\`json
{ "kit": "abc", "arch": "$3", "windows": "$1", "wine": "$2",
  "verdict": "$5",
  "reclaim": { "cycles": 200, "ended": true, "frames_left": 0, "bytes": 0 },
  "leak": { "cycles": 200, "ended": true, "frames_left": 200, "bytes": 1 },
  "magprobe": { "wine": "$2", "answers": [
    { "question": 2, "answer": "an empty list is taken; at most $4 windows; 25 windows: refused", "facts": [] },
    { "question": 11, "answer": "a walk | of all; lacks 0", "facts": [["x", "y"]] } ] } }
\`\`\`
END
}

# column: the last one of the first table
column()
{
    sed -n '5,7p' "$page" | awk -F'|' '{ gsub(/^ | $/, "", $(NF - 1)); print $(NF - 1) }'
}

is_column()
{
    printf '%s\n' "$@" >"$scratch/wanted"
    column >"$scratch/out"
    diff "$scratch/wanted" "$scratch/out" >"$scratch/err"
}

rest_is_the_same()
{
    table '' '' '' >"$scratch/before"
    sed '5,7d' "$scratch/before" >"$scratch/wanted"
    sed '5,7d' "$page" | diff "$scratch/wanted" -
}

table '' '' '' >"$page"
echo 'Q2 at most 99 windows' >"$results/README.md"
run "$script" --page "$page" "$results"
ok 'without a report nothing is measured' is_column 'not yet' 'not yet' 'not yet'
ok 'and nothing is said' [ ! -s "$scratch/err" ]

report 10.0.26100.1 8.0 x86_64 24 'no pixel' >"$results/wine.md"
run "$script" --page "$page" "$results"
ok 'a report from Wine is left out, and that is said' grep -q 'wine.md: from Wine 8.0' "$scratch/err"
ok 'a report from Wine measures nothing' is_column 'not yet' 'not yet' 'not yet'

{
    report 10.0.26100.1 '' x86_64 24 'no pixel of it'
    report 10.0.26100.1 '' i686 24 'nothing was delivered'
} >"$results/a.md"
run "$script" --page "$page" "$results"
ok 'what both architectures say stands there once, and what one says with its name' is_column \
    '**26100.1 x86_64, 26100.1 i686**: at most 24 windows; 25 windows: refused' \
    '**26100.1 x86_64**: excluded: no pixel of it; reclaim: 200 captures left 0 frames<br>**26100.1 i686**: excluded: nothing was delivered; reclaim: 200 captures left 0 frames' \
    '**26100.1 x86_64, 26100.1 i686**: a walk   of all; lacks 0'
ok 'nothing else of the file changes' rest_is_the_same
run "$script" --check --page "$page" "$results"
ok 'it is then up to date' succeeded

report 10.0.26100.1 '' x86_64 24 'no pixel of it' >"$results/b.md"
run "$script" --check --page "$page" "$results"
ok 'a second report that says the same changes nothing' succeeded

report 6.1.7601.0 '' x86_64 16 'THE WINDOW SHOWED in 3 of 300 frames' >"$results/c.md"
run "$script" --check --page "$page" "$results"
ok 'a report that is not in the table yet is found' [ "$status" = 1 ]
ok 'and the table is left as it is' is_column \
    '**26100.1 x86_64, 26100.1 i686**: at most 24 windows; 25 windows: refused' \
    '**26100.1 x86_64**: excluded: no pixel of it; reclaim: 200 captures left 0 frames<br>**26100.1 i686**: excluded: nothing was delivered; reclaim: 200 captures left 0 frames' \
    '**26100.1 x86_64, 26100.1 i686**: a walk   of all; lacks 0'
run "$script" --page "$page" "$results"
ok 'another Windows stands there by its name' grep -q '\*\*6.1.7601.0 x86_64\*\*: at most 16 windows' "$page"
ok 'what is bad is not hidden' grep -q 'THE WINDOW SHOWED in 3 of 300 frames' "$page"

rm "$results"/*
report 10.0.26100.1 '' x86_64 24 'THE WINDOW SHOWED in 3 of 300 frames' |
    sed 's/"verdict"/"options": "--exclude ... --cycles 5", "ended": true, "verdict"/; s/"leak": {[^}]*}/"leak": null/' >"$results/asked.md"
run "$script" --page "$page" "$results"
ok 'what another window was left out for is no answer, and what was done in another way says so' is_column \
    '**26100.1 x86_64**: at most 24 windows; 25 windows: refused' \
    '**26100.1 x86_64**: reclaim: 200 captures left 0 frames (--exclude ... --cycles 5)' \
    '**26100.1 x86_64**: a walk   of all; lacks 0'

rm "$results"/*
printf '%s\n' '{ "note": "x", "wine": "", "bits": 32,' \
    '  "answers": [ { "question": 2, "answer": "crashed with code c0000005 in call 3", "facts": [] } ] }' \
    >"$results/magprobe.json"
run "$script" --page "$page" "$results"
ok "magprobe's file alone will do, and a crash is an answer to everything" is_column \
    '**a Windows that is not named i686**: crashed with code c0000005 in call 3' 'not yet' 'not yet'

rm "$results"/*
{
    report 10.0.20348.1 '' x86_64 24 'no pixel' | sed 's/"kit"/kit/'
    report 10.0.20348.1 '' i686 24 'no pixel'
} >"$results/half.md"
echo 'no JSON at all' >"$results/none.md"
run "$script" --page "$page" "$results"
ok 'a block that is broken is told, and the other one counts' grep -q '\*\*20348.1 i686\*\*: at most 24' "$page"
ok 'and so it is said' grep -q 'half.md: a block that is no JSON' "$scratch/err"
ok 'a file without any is told' grep -q 'none.md: has no JSON' "$scratch/err"

echo 'no table' >"$scratch/other.md"
run "$script" --page "$scratch/other.md" "$results"
ok 'a page without the table is refused' [ "$status" = 2 ]
run "$script" --page "$page" "$scratch/nowhere"
ok 'a folder that is not there is refused' refused 'no folder'

finish
