#!/bin/sh
#
# Put the device into an FFmpeg source tree, in place: its folder, and the newest of patches/
# that fits without fuzz. A tree that has it already gets a newer device.
#
#   packaging/add-device.sh FFMPEG-TREE
#
# For builds that have a tree of their own; configure-wrapper.sh works on a copy. Needs patch(1).
# Prints a line that names the release whose patch it was.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'add-device: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 1 ] || die 'usage: packaging/add-device.sh FFMPEG-TREE'
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$1" || die "no such directory: $1"
if [ ! -f configure ] || [ ! -f libavdevice/alldevices.c ]; then
    die "$1 is not an FFmpeg source tree"
fi
command -v patch >/dev/null || die 'patch is not installed'

# the newest first; a name of one digit each sorts as a number
patches=$(printf '%s\n' "$root"/patches/*/*.patch | sort -r)

# try PATCH OPTION...: would it apply, without fuzz?
try()
{
    try_patch=$1
    shift
    patch -p1 -F0 -f -s --dry-run "$@" <"$try_patch" >/dev/null 2>&1
}

chosen='' present=
IFS='
'
for candidate in $patches; do
    if try "$candidate" -R; then
        present=$candidate
        break
    fi
done
if [ -z "$present" ]; then
    ! grep -q magnifier_indev configure ||
        die "$1 has the registration of another version of the device; begin with a clean tree"
    for candidate in $patches; do
        if try "$candidate" -N; then
            chosen=$candidate
            break
        fi
    done
    [ -n "$chosen" ] || die "none of the patches fits $1 ($(cat RELEASE 2>/dev/null || echo 'of unknown release'))"
    patch -p1 -F0 -N -f -s --no-backup-if-mismatch <"$chosen"
fi

# whole, so that a file that the device no longer has goes
rm -rf libavdevice/magnifier
mkdir libavdevice/magnifier
cp "$root"/libavdevice/magnifier/Makefile "$root"/libavdevice/magnifier/*.[ch] libavdevice/magnifier/
release=$(basename "$(dirname "${present:-$chosen}")")
printf 'add-device: the device is in %s, registered by the patch for FFmpeg %s\n' "$1" "$release"
