#!/bin/sh
# Not run: vcpkg, nor MSVC, which builds its FFmpeg; tests/packaging reads the port as vcpkg does.
#
# An overlay port of FFmpeg with the device, made from the port of your own vcpkg:
#
#   packaging/vcpkg/make-overlay.sh VCPKG-ROOT OVERLAY
#   vcpkg install "ffmpeg[avdevice,ffmpeg]" --overlay-ports=OVERLAY --triplet=x64-windows
#
# OVERLAY/ffmpeg is made anew. VCPKG-ROOT/ports/ffmpeg has to be of a release that patches/ has
# a patch for, or of one that such a patch fits; vcpkg says so when it does not. Needs awk(1), and prints
# which release's patch is in it.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'make-overlay: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 2 ] || die 'usage: packaging/vcpkg/make-overlay.sh VCPKG-ROOT OVERLAY'
root=$(cd "$(dirname "$0")/../.." && pwd)
from=$1/ports/ffmpeg
to=$2/ffmpeg
if [ ! -f "$from/portfile.cmake" ] || [ ! -f "$from/vcpkg.json" ]; then
    die "there is no port of FFmpeg in $1"
fi
if [ -e "$to" ] && [ ! -f "$to/magnifier.patch" ]; then
    die "$to is not what this script made"
fi

release=$(sed -n 's/^ *"version[a-z-]*": *"\([0-9]*\.[0-9]*\).*/\1/p' "$from/vcpkg.json" | head -n 1)
[ -n "$release" ] || die "$from/vcpkg.json has no version"
if [ ! -d "$root/patches/$release" ]; then
    nearest=$(printf '%s\n' "$root"/patches/* | sort | tail -n 1)
    printf 'make-overlay: FFmpeg %s has no patch of its own; taking that of %s\n' \
        "$release" "${nearest##*/}" >&2
    release=${nearest##*/}
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
