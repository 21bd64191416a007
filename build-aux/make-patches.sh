#!/bin/sh
#
# Write patches/RELEASE/0001-avdevice-add-magnifier-input-device.patch anew for
# every release in build-aux/ffmpeg-releases.
#
#   build-aux/make-patches.sh [--check]
#
# To be run when a source file of the device is added, renamed or removed, or
# doc/magnifier.texi is changed: the object list in FFmpeg's libavdevice/Makefile
# and the section in its manual follow them. --check writes nothing and says
# whether the committed patches are the ones that this script would write.
#
# The lines go next to gdigrab's: there the surroundings are the same in 7.1,
# 8.1 and 9.0, and one text fits all three without fuzz.
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

[ -f "$root/libavdevice/magnifier.c" ] || die "no libavdevice/magnifier.c"
objects=$(cd "$root/libavdevice" &&
          printf '%s\n' magnifier.c magnifier_*.c | sed 's/\.c$/.o/' | LC_ALL=C sort)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# Those that include windows.h, or one that does.
headers=$(cd "$root/libavdevice" && LC_ALL=C
    found=windows
    while :; do
        more=$(grep -lE "#include [<\"]($(echo $found | tr ' ' '|'))\.h" magnifier_*.h | sed 's/\.h$//')
        [ "$more" = "$(echo "$found" | sed 1d)" ] && break
        found="windows
$more"
    done
    echo "$more" | sed 's/$/.h/')

# The Makefile's own look: names in one column, a backslash at the end of each
# line but the last, no line longer than 80 columns.
cat >"$work/column.awk" <<'EOF'
    BEGIN { line = sprintf("%-40s += ", name); first = 1 }
    {
        if (!first && length(line) + 1 + length($0) > 78) {
            print line " \\"
            line = sprintf("%44s%s", "", $0)
        } else {
            line = line (first ? "" : " ") $0
        }
        first = 0
    }
    END { print line }
EOF
printf '%s\n' "$objects" |
    awk -v name='OBJS-$(CONFIG_MAGNIFIER_INDEV)' -f "$work/column.awk" >"$work/objects"
printf '%s\n' "$headers" |
    awk -v name='SKIPHEADERS-$(CONFIG_MAGNIFIER_INDEV)' -f "$work/column.awk" >"$work/headers"

cat >"$work/configure-lines" <<'EOF'
magnifier_indev_deps="LoadLibrary"
magnifier_indev_extralibs="-lgdi32 -luser32"
EOF

cat >"$work/message" <<'EOF'
avdevice: add magnifier input device

It captures the screen through the Windows Magnification API, the one
capture interface on Windows 7 to 11 that can leave out windows of other
programs and show what lies behind them.

This is only the registration and the manual; the device itself is
libavdevice/magnifier*.[ch]. Magnification.dll is loaded at run time, so
nothing but the Windows SDK is asked of the toolchain.
EOF

# insert FILE LINES PATTERN: put LINES after the only line matching PATTERN
insert()
{
    [ "$(grep -c -- "$3" "$1")" = 1 ] || die "no single line '$3' in $1"
    sed "/$3/r $2" "$1" >"$1.new"
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
        insert libavdevice/Makefile "$work/objects" '^OBJS-.(CONFIG_GDIGRAB_INDEV)'
        insert libavdevice/Makefile "$work/headers" '^SKIPHEADERS-.(CONFIG_LIBPULSE)'
        grep 'ff_gdigrab_demuxer' libavdevice/alldevices.c |
            sed s/gdigrab/magnifier/ >"$work/extern-line"
        insert libavdevice/alldevices.c "$work/extern-line" 'ff_gdigrab_demuxer'
        # in the order of the manual, behind the empty line at the end of libdc1394's
        next=$(grep -n '^@section openal' doc/indevs.texi | cut -d: -f1)
        sed "$((next - 1))r $root/doc/magnifier.texi" doc/indevs.texi >"$work/indevs.texi"
        cat "$work/indevs.texi" >doc/indevs.texi

        git commit -q -a -s -F "$work/message"
        git format-patch -q -1 --zero-commit --no-signature --full-index \
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
