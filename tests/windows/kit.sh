# Shared by kit.t and kit-faults.t: the Windows kit, as somebody who has it from the zip would use it.
#
# shellcheck shell=sh disable=SC2034,SC2154

zip=$E2E_BUILD/windows-kit/magnifier-windows-kit.zip
# The whole kit takes some minutes.
net=900
cmd=$WINEPREFIX/drive_c/windows/system32/cmd.exe

# unpack NAME: the kit in a new folder of that name, $kit
unpack() {
    mkdir -p "$tmp/$1" && unzip -q "$zip" -d "$tmp/$1" || bail "cannot unpack $zip"
    kit=$tmp/$1/magnifier-windows-kit
    report=$kit/report.md
}

# verify [OPTION...]: what a double click does; $code, and what was said in $tmp/said
verify() {
    timeout "$net" wine "$cmd" /c "$(windows_path "$kit/verify.cmd" | tr / '\\')" "$@" \
        > "$tmp/out" 2>&1 < /dev/null
    code=$?
    tr -d '\r' < "$tmp/out" > "$tmp/said"
    cat "$tmp/said"
    echo "exit code $code"
}

# says CODE WORDS...: it ended so, and the report has these words
says() {
    [ "$code" = "$1" ] || { echo "the exit code is $code, not $1"; return 1; }
    shift
    for words; do
        grep -q -F -e "$words" "$report" || { echo "the report does not say: $words"; return 1; }
    done
}

# one_line WORDS: it did nothing, and said why in one line
one_line() {
    [ "$code" = 2 ] && [ "$(wc -l < "$tmp/said")" = 1 ] && grep -q -e "$1" "$tmp/said"
}

# json FILTER: of each architecture's block in the report
json() {
    awk '/^```json/ { on = 1; next } /^```/ { on = 0 } on' "$report" | tr -d '\r' | jq -c "$1"
}
