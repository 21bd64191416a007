#!/bin/sh
#
# Write patches/RELEASE/0001-avdevice-add-magnifier-input-device.patch anew for
# every release in build-aux/ffmpeg-releases.
#
#   build-aux/make-patches.sh [--check]
#
# To be run when doc/magnifier.texi is changed, which becomes a section of
# FFmpeg's manual. --check writes nothing and says whether the committed patches
# are the ones that this script would write. Needs git; prints nothing else.
#
# The lines of configure go next to gdigrab's: there the surroundings are the
# same in 7.1, 8.1 and 9.0, and one text fits all three without fuzz. One line of
# them is enough to find the place; so 5.1's fits 6.1 as well, in which the
# muxer's line nearby has 7.1's type, and the inputs' lines have 5.1's.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
name=0001-avdevice-add-magnifier-input-device.patch
check=
[ "${1-}" != --check ] || check=1

die()
{
    printf 'make-patches: %s\n' "$*" >&2
    exit 1
}

[ -f "$root/libavdevice/magnifier/magnifier.c" ] || die "no libavdevice/magnifier/magnifier.c"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# One line: what the device is made of is said in its own folder.
cat >"$work/include" <<'EOF'
include $(SRC_PATH)/libavdevice/magnifier/Makefile

EOF

cat >"$work/configure-lines" <<'EOF'
magnifier_indev_deps="LoadLibrary"
magnifier_indev_extralibs="-lgdi32 -luser32 -ladvapi32"
EOF

cat >"$work/message" <<'EOF'
avdevice: add magnifier input device

It captures the screen through the Windows Magnification API, the one
capture interface on Windows 7 to 11 that can leave out windows of other
programs and show what lies behind them.

This is only the registration and the manual; the device itself is
libavdevice/magnifier/. Magnification.dll is loaded at run time, so nothing
but the Windows SDK is asked of the toolchain.
EOF

# insert FILE LINES PATTERN: put LINES after the only line matching PATTERN
insert()
{
    [ "$(grep -c -- "$3" "$1")" = 1 ] || die "no single line '$3' in $1"
    sed "/$3/r $2" "$1" >"$1.new"
    cat "$1.new" >"$1"
    rm -f "$1.new"
}

# before FILE LINES PATTERN: put LINES in front of the only line matching PATTERN
before()
{
    [ "$(grep -c -- "$3" "$1")" = 1 ] || die "no single line '$3' in $1"
    awk -v lines="$2" -v pattern="$3" '
        $0 ~ pattern { while ((getline line <lines) > 0) print line }
        { print }' "$1" >"$1.new"
    cat "$1.new" >"$1"
    rm -f "$1.new"
}

bad=0
releases=$(awk '/^[0-9]/ { print $1 }' "$root/build-aux/ffmpeg-releases")
for release in $releases; do
    tarball=$("$root/build-aux/fetch-ffmpeg.sh" "$release")
    mkdir "$work/$release"
    tar -xJf "$tarball" -C "$work/$release" --strip-components=1 --wildcards \
        '*/configure' '*/libavdevice/Makefile' '*/libavdevice/alldevices.c' '*/doc/indevs.texi'
    (
        cd "$work/$release"
        # a repository of its own, also when git itself runs this (rebase --exec, a hook)
        # shellcheck disable=SC2046 # names
        unset $(git rev-parse --local-env-vars)
        export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
        export GIT_AUTHOR_NAME='ffmpeg-magnifier developers'
        export GIT_AUTHOR_EMAIL='developers@ffmpeg-magnifier.invalid'
        export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME"
        export GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
        export GIT_AUTHOR_DATE='2026-11-22T12:00:00+00:00'
        export GIT_COMMITTER_DATE="$GIT_AUTHOR_DATE"
        git init -q
        git add configure libavdevice/Makefile libavdevice/alldevices.c doc/indevs.texi
        git commit -q -m release

        insert configure "$work/configure-lines" '^gdigrab_indev_select='
        before libavdevice/Makefile "$work/include" '^# external libraries$'
        grep 'ff_gdigrab_demuxer' libavdevice/alldevices.c |
            sed s/gdigrab/magnifier/ >"$work/extern-line"
        insert libavdevice/alldevices.c "$work/extern-line" 'ff_gdigrab_demuxer'
        # in the order of the manual, behind the empty line at the end of libdc1394's
        next=$(grep -n '^@section openal' doc/indevs.texi | cut -d: -f1)
        sed "$((next - 1))r $root/doc/magnifier.texi" doc/indevs.texi >"$work/indevs.texi"
        cat "$work/indevs.texi" >doc/indevs.texi

        git commit -q -a -s -F "$work/message"
        git format-patch -q -1 -U1 --zero-commit --no-signature --full-index \
            --stdout
    ) >"$work/$name"

    patch=$root/patches/$release/$name
    if [ -z "$check" ]; then
        mkdir -p "$root/patches/$release"
        cmp -s "$work/$name" "$patch" || cp "$work/$name" "$patch"
    elif ! cmp -s "$work/$name" "$patch"; then
        printf 'make-patches: patches/%s is not what the sources ask for; run "make patches"\n' \
            "$release" >&2
        bad=1
    fi
done
exit $bad
