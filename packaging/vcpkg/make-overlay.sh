#!/bin/sh
# Not run: vcpkg, nor MSVC, which builds its FFmpeg; tests/packaging reads the port as vcpkg does.
#
# An overlay port of FFmpeg with the device, made from the port of your own vcpkg:
#
#   packaging/vcpkg/make-overlay.sh VCPKG-ROOT OVERLAY [FFMPEG-TREE]
#   vcpkg install "ffmpeg[avdevice,ffmpeg]" --overlay-ports=OVERLAY --triplet=x64-windows
#
# OVERLAY/ffmpeg is made anew. VCPKG-ROOT/ports/ffmpeg has to be of a release that patches/ has
# a patch for, or of one that such a patch fits. Which one that is needs FFmpeg's source: FFMPEG-TREE, or what
# "vcpkg install ffmpeg --only-downloads" has put into VCPKG-ROOT/downloads. Needs awk(1) and patch(1), and
# prints which release's patch is in it.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'make-overlay: %s\n' "$*" >&2
    exit 1
}

if [ $# -ne 2 ] && [ $# -ne 3 ]; then
    die 'usage: packaging/vcpkg/make-overlay.sh VCPKG-ROOT OVERLAY [FFMPEG-TREE]'
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
from=$1/ports/ffmpeg
to=$2/ffmpeg
if [ ! -f "$from/portfile.cmake" ] || [ ! -f "$from/vcpkg.json" ]; then
    die "there is no port of FFmpeg in $1"
fi
if [ -e "$to" ] && [ ! -f "$to/magnifier.patch" ]; then
    die "$to is not what this script made"
fi

version=$(sed -n 's/^ *"version[a-z-]*": *"\([0-9][0-9.]*\).*/\1/p' "$from/vcpkg.json" | head -n 1)
release=$(printf '%s\n' "$version" | sed -n 's/^\([0-9]*\.[0-9]*\).*/\1/p')
[ -n "$release" ] || die "$from/vcpkg.json has no version"

# Another release gets the patch that add-device.sh finds for it, in a copy of what that looks at.
if [ -n "${3-}" ] || [ ! -d "$root/patches/$release" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' HUP INT TERM
    downloaded=$1/downloads/ffmpeg-ffmpeg-n$version.tar.gz
    if [ -n "${3-}" ]; then
        (cd "$3" && tar -cf - configure RELEASE libavdevice doc/indevs.texi) | tar -xf - -C "$work"
    elif [ -f "$downloaded" ]; then
        tar -xzf "$downloaded" -C "$work" --strip-components=1
    else
        die "FFmpeg $version has no patch of its own, and which one fits cannot be seen without its source: name a tree of it, or run \"vcpkg install ffmpeg --only-downloads\" for $downloaded"
    fi
    found=$(sh "$root/packaging/add-device.sh" "$work" 2>"$work/err") ||
        die "no patch fits FFmpeg $version: $(sed 's/^add-device: //' "$work/err")"
    release=${found##*FFmpeg }
fi

rm -rf "$to"
mkdir -p "$2"
cp -R "$from" "$to"
mkdir "$to/magnifier"
cp "$root"/libavdevice/magnifier/Makefile "$root"/libavdevice/magnifier/*.[ch] "$to/magnifier/"
cat "$root/patches/$release"/*.patch >"$to/magnifier.patch"

# PATCHES comes last in vcpkg_from_github(), and ")" stands alone behind it.
awk '
    { sub(/\r$/, "") }
    /^vcpkg_from_github\(/ && !call { call = NR }
    call && !done && /^ *PATCHES *$/ { patches = NR }
    call && !done && /^\)/ {
        if (!patches) exit
        print "        magnifier.patch"
        print
        print "file(COPY \"${CMAKE_CURRENT_LIST_DIR}/magnifier\" DESTINATION \"${SOURCE_PATH}/libavdevice\")"
        done = NR
        next
    }
    { print }
    END { exit !done }' "$from/portfile.cmake" >"$to/portfile.cmake" || {
    rm -rf "$to"
    die "no vcpkg_from_github() with PATCHES at its end in $from/portfile.cmake"
}
echo "make-overlay: $to is the port with the device, registered by the patch for FFmpeg $release"
