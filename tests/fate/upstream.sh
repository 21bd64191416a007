#!/bin/bash
#
# Do FFmpeg's maintainers get what builds? Each patch of "make upstream-patch" is applied to a clean
# tree and built for Windows; then the tests in FATE that have to do with it are run, natively and
# the device's own as a program for Windows, too.
#
#   tests/fate/upstream.sh RELEASE|FFMPEG-TREE PATCH-DIR
#
# PATCH-DIR has the patches, and gets the trees. Some minutes. Needs mingw-w64, this machine's own compiler
# and Wine; prints TAP, and stops at the first step that fails.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -euo pipefail

die()
{
    printf 'upstream: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 2 ] || die 'usage: tests/fate/upstream.sh RELEASE|FFMPEG-TREE PATCH-DIR'
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(cd "$2" && pwd)
tree=$out/ffmpeg windows=$out/windows native=$out/native
jobs=-j$(nproc)
count=0

# step NAME COMMAND...: one line of TAP; its output is in a log
step()
{
    local name=$1 log
    shift
    count=$((count + 1))
    log=$out/$count.log
    if "$@" >"$log" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        tail -n 30 "$log" | sed 's/^/# /'
        die "all of its output is in $log"
    fi
}

rm -rf "$tree" "$windows" "$native" "$out/wine"
mkdir "$tree" "$windows" "$native"
if [ -f "$1/configure" ]; then
    (cd "$1" && tar -cf - --exclude=./.git .) | tar -xf - -C "$tree"
else
    tar -xJf "$("$root/build-aux/fetch-ffmpeg.sh" "$1")" -C "$tree" --strip-components=1
fi

# shellcheck disable=SC2046 # names
unset $(git rev-parse --local-env-vars)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.invalid
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.invalid
export WINEPREFIX=$out/wine WINEDEBUG=-all
trap 'wineserver -k 2>/dev/null || :' EXIT
trap 'exit 130' HUP INT TERM

git -C "$tree" init -q
git -C "$tree" add -A -f .
git -C "$tree" commit -q -m base

configure_windows()
{
    cd "$windows" && "$tree/configure" --arch=x86_64 --target-os=mingw32 --cross-prefix=x86_64-w64-mingw32- \
        --enable-cross-compile --target-exec=wine --disable-autodetect --disable-doc --disable-everything \
        --enable-indev=magnifier && grep -qx CONFIG_MAGNIFIER_INDEV=yes ffbuild/config.mak
}

# build: without a warning from what is ours
build()
{
    make -C "$windows" "$jobs" 2>&1 | tee "$out/build.log" && ! grep -i 'magnifier.*warning' "$out/build.log"
}

configure_native()
{
    cd "$native" && "$tree/configure" --disable-autodetect --disable-doc --disable-everything --enable-indevs
}

# what is for Windows is left out here, whoever asks for all devices
not_there()
{
    grep -x '!CONFIG_MAGNIFIER_INDEV=yes' "$native/ffbuild/config.mak"
}

number=0
for patch in "$out"/000[1-9]-*.patch; do
    number=$((number + 1))
    step "patch $number applies" git -C "$tree" am "$patch"
    [ "$number" -gt 1 ] || step 'configure for Windows has the device' configure_windows
    step "patch $number builds for Windows" build
done
step 'make fate-magnifier, by the program for Windows' make -C "$windows" "$jobs" fate-magnifier
step 'configure for this machine' configure_native
step 'which leaves the device out' not_there
step 'make fate-magnifier, natively' make -C "$native" "$jobs" fate-magnifier
step 'make fate-source' make -C "$native" fate-source

# and that the first of these can fail
sed -i 's/AV_ROUND_UP/AV_ROUND_DOWN/' "$tree/libavdevice/magnifier/pace.c"
fails()
{
    ! make -C "$native" fate-magnifier && grep -q '^-.*slot  1 due   33367' "$native/tests/data/fate/magnifier.diff"
}
step 'which sees a slot that is rounded down' fails
echo "1..$count"
