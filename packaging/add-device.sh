#!/bin/sh
#
# Put the device into an FFmpeg source tree, in place: its folder, and the newest of patches/
# that fits without fuzz. A tree that has it already, of this or another version, is brought up to date.
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
hooks='configure libavdevice/Makefile libavdevice/alldevices.c doc/indevs.texi'
for file in $hooks; do
    [ -f "$file" ] || die "$1 is not an FFmpeg source tree: it has no $file"
done
command -v patch >/dev/null || die 'patch is not installed'

# What gets patched is made here, and goes into the tree when all of it is done.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# take_out: FILE without what a patch of any version put into it; the manual may have changed since
take_out()
{
    case $1 in
    configure) sed '/^magnifier_indev_/d' "$1" ;;
    libavdevice/Makefile)
        # and the empty line behind it
        awk '/^include .*\/libavdevice\/magnifier\/Makefile$/ { skip = 1; next }
             skip { skip = 0; if ($0 == "") next }
             { print }' "$1" ;;
    libavdevice/alldevices.c) sed '/^extern .* ff_magnifier_demuxer;$/d' "$1" ;;
    doc/indevs.texi)
        awk '/^@section / { skip = $2 == "magnifier" }
             /^@c man end/ { skip = 0 }
             !skip { print }' "$1" ;;
    esac
}

for file in $hooks; do
    mkdir -p "$work/$(dirname "$file")"
    take_out "$file" >"$work/$file"
    [ "$file" = doc/indevs.texi ] || ! grep -qi magnifier "$work/$file" ||
        die "$1 has another magnifier device, in $file; begin with a clean tree (git checkout configure doc libavdevice)"
done

# The newest first; a name of one digit each sorts as a number.
chosen=
IFS='
'
for candidate in $(printf '%s\n' "$root"/patches/*/*.patch | sort -r); do
    if patch -d "$work" -p1 -F0 -N -f -s --dry-run <"$candidate" >/dev/null 2>&1; then
        chosen=$candidate
        break
    fi
done
unset IFS
[ -n "$chosen" ] || die "none of the patches fits $1 ($(cat RELEASE 2>/dev/null || echo 'of unknown release'))"
patch -d "$work" -p1 -F0 -N -f -s --no-backup-if-mismatch <"$chosen"

# A file that stays as it is keeps its time, so that make has nothing to do for it.
for file in $hooks; do
    cmp -s "$work/$file" "$file" || cat "$work/$file" >"$file"
done
# whole, so that a file that the device no longer has goes
rm -rf libavdevice/magnifier
mkdir libavdevice/magnifier
cp "$root"/libavdevice/magnifier/Makefile "$root"/libavdevice/magnifier/*.[ch] libavdevice/magnifier/
printf 'add-device: the device is in %s, registered by the patch for FFmpeg %s\n' "$1" "$(basename "$(dirname "$chosen")")"
