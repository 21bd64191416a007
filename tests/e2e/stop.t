#!/bin/sh
# A recording ends when it is told to, also when the next picture is far off or none is safe.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene
secret_scene

host() {
    timeout -k 10 "$net" wine "$E2E_BUILD/tests/$build/host.exe" "$@" 2>&1 < /dev/null | tr -d '\r' | tee "$tmp/host"
    tail -n 1 "$tmp/host" | grep -q '^[1-9][0-9]* passed, 0 failed'
}

for b in $E2E_BUILDS; do
    use_build "$b"
    MAGSIM_PROFILE=filter-ignored
    export MAGSIM_PROFILE
    check "$b: the interrupt callback ends a read while no picture is safe" host unsafe
    unset MAGSIM_PROFILE
    check "$b: a reader that must not be blocked is not" host nonblock
done

finish
