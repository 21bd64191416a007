# shellcheck shell=sh
# TAP for the tests of this folder: source it, say what is true, call finish.

set -u

# shellcheck disable=SC2034 # used by who sources this
project=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM

tap_count=0
tap_failed=0

# ok DESCRIPTION COMMAND...: passes when the command does
ok()
{
    tap_name=$1
    shift
    tap_count=$((tap_count + 1))
    if "$@"; then
        printf 'ok %d - %s\n' "$tap_count" "$tap_name"
    else
        printf 'not ok %d - %s\n' "$tap_count" "$tap_name"
        tap_failed=$((tap_failed + 1))
        # on stderr, which prove passes on
        {
            printf '# failed: %s\n' "$tap_name"
            sed 's/^/#   out: /' "$scratch/out" 2>/dev/null
            sed 's/^/#   err: /' "$scratch/err" 2>/dev/null
        } >&2
    fi
}

# skip DESCRIPTION REASON: on stderr, too, for build-aux/run-tests.sh, which tells it in the end
skip()
{
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
    printf '# skipped (%s): %s\n' "$2" "$1" >&2
}

# run COMMAND...: keeps its output in $scratch/out and err, its code in $status
run()
{
    "$@" >"$scratch/out" 2>"$scratch/err"
    status=$?
}

# refused WORDS: the last run failed, and said so in one line with these words
refused()
{
    [ "$status" -ne 0 ] && [ "$(wc -l <"$scratch/err")" -eq 1 ] &&
        grep -qF -e "$1" "$scratch/err"
}

succeeded()
{
    [ "$status" -eq 0 ]
}

finish()
{
    echo "1..$tap_count"
    echo "# $((tap_count - tap_failed)) passed, $tap_failed failed"
    [ "$tap_failed" -eq 0 ]
    exit
}
