#!/bin/sh
#
# The Windows kit, as somebody who has it from the zip would use it, on the
# stand-in: the whole of it once.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
on_desktop --size 1280x720
# shellcheck source=tests/windows/kit.sh
. "$top/tests/windows/kit.sh"

tree() {
    (cd "$1" && find . ! -name report.md | sort)
}

# ---- all of it, as it comes ------------------------------------------------------

whole() {
    tree "$kit" > "$tmp/kit.before"
    tree "$WINEPREFIX/drive_c" > "$tmp/drive.before"
    verify
    [ "$code" = 0 ] || return 1
    [ "$(grep -c '| good |' "$report")" = 10 ] || { echo 'not all ten verdicts are good'; return 1; }
}

# what each architecture's block has to say
blocks() {
    json .arch | tr '\n' ' ' | grep -q '"x86_64" "i686"' || return 1
    json '.plain.whole > 100 and .excluded.tinted == 0 and .excluded.behind > 50 and
          .reclaim.cycles == 200 and .reclaim.frames_left == 0 and .leak.frames_left == 200 and
          (.magprobe.answers | length) > 10 and .wine != ""' > "$tmp/true"
    json 'del(.magprobe)'
    [ "$(sort -u "$tmp/true")" = true ]
}

# what the JSON has as an answer stands in the report in words, to its end
in_words() {
    json '.magprobe.answers[].answer' | sed 's/^"//; s/"$//; s/\\\(.\)/\1/g' > "$tmp/answers"
    [ -s "$tmp/answers" ] || return 1
    while IFS= read -r answer; do
        grep -q -F -e "$answer" "$tmp/words" || { echo "cut: $answer"; return 1; }
    done < "$tmp/answers"
}

nothing_left() {
    tree "$kit" | diff "$tmp/kit.before" - && tree "$WINEPREFIX/drive_c" | diff "$tmp/drive.before" -
}

nothing_private() {
    # (the name of the user would be in a path)
    ! grep -n -i -F -e 'Prüfung' -e 'Z:' -e "$tmp" "$report"
}

# As if it came from a Windows. A question that has an answer has one with the words of
# the table, or they have changed since. ("not yet": this magprobe does not ask.)
table() {
    mkdir -p "$tmp/results"
    sed 's/"wine": "[^"]*"/"wine": ""/' "$report" > "$tmp/results/report.md"
    sed -n '/settled by/,/^$/p' "$top/doc/assumptions.md" > "$tmp/table.md"
    "$top/build-aux/windows-results.sh" --page "$tmp/table.md" "$tmp/results" || return 1
    awk -F'|' 'NR > 2 && NF { print $(NF - 2) "->" $(NF - 1) }' "$tmp/table.md"
    grep -q 'kit: excluded | \*\*[0-9.]* x86_64[^*]*\*\*: excluded: no pixel' "$tmp/table.md" || return 1
    json '.magprobe.answers[].question' | sort -u > "$tmp/asked"
    ! grep '| not yet |$' "$tmp/table.md" | sed 's/.*| \(Q[^|]*\)|[^|]*|$/\1/; s/; /\n/g' |
        sed -n 's/^Q\([0-9]*\).*/\1/p' | sort -u | grep -x -F -f "$tmp/asked"
}

unpack 'Prüfung 試験 kit'
check "the whole kit, from a folder with blanks and other letters in its name" whole
check "its JSON has both architectures, with frames, cycles and answers" blocks
check "build-aux/windows-results.sh finds what the table of doc/assumptions.md asks for" table
sed '/^```json/,/^```/d' "$report" > "$tmp/words"
check "each answer stands there in words, too, and is not cut" in_words
check "the rest of the kit's folder and drive C: are as they were" nothing_left
check "the report names no path" nothing_private

finish
