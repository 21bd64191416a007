#!/bin/sh
#
# A zip for people who have Windows: ffmpeg.exe and ffprobe.exe with the device, the manual, the
# example programs, the ready rules, and the licences.
#
#   build-aux/dist.sh BUILD-TREE ARCH RELEASE OUTPUT-DIR
#
# BUILD-TREE is FFmpeg's, configured ("make dist" does), and is built here. Its programs are linked
# with the date of this project's last commit, so a clean checkout gives the same bytes each time.
# Needs git, make, mingw-w64, zip and makeinfo. Prints the zip's path.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'dist: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 4 ] || die 'usage: build-aux/dist.sh BUILD-TREE ARCH RELEASE OUTPUT-DIR'

root=$(cd "$(dirname "$0")/.." && pwd)
tree=$(cd "$1" && pwd)
arch=$2 release=$3
mkdir -p "$4"
out=$(cd "$4" && pwd)
export LC_ALL=C TZ=UTC

# A tree that is not committed has no date of its own, and says so in its name.
commit=$(git -C "$root" rev-parse --short=12 HEAD) || die 'this is no git checkout'
[ -z "$(git -C "$root" status --porcelain --untracked-files=no)" ] || commit=$commit-dirty
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

case $arch in
x86_64) bits=win64 ;;
i686) bits=win32 ;;
*) die "unknown architecture '$arch'" ;;
esac
version=$(cat "$tree/RELEASE" 2>/dev/null || cat "$tree/VERSION")
name=ffmpeg-$version-magnifier-$commit-$bits
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
dir=$work/$name
mkdir "$dir" "$dir/doc" "$dir/examples" "$dir/rules" "$dir/licences"

# The linker takes the time that it writes into a program from SOURCE_DATE_EPOCH.
rm -f "$tree"/ffmpeg.exe "$tree"/ffmpeg_g.exe "$tree"/ffprobe.exe "$tree"/ffprobe_g.exe
# what Windows takes for a version: four numbers
numbers=$(printf '%s.0.0.0.0\n' "$version" | sed -n 's/^\([0-9]*\)\.\([0-9]*\)\.\([0-9]*\)\.\([0-9]*\).*/\1,\2,\3,\4/p')
# without the variables that "make dist" was given, which would hide FFmpeg's own
env -u MAKEFLAGS -u MAKEOVERRIDES -u RELEASE -u ARCH -u BUILD -u JOBS \
    make -C "$tree" -f "$root/build-aux/dist.mk" VERSION_NUMBER="${numbers:-0,0,0,0}" COMMIT="$commit" \
    >"$work/log" 2>&1 || { tail -n 15 "$work/log" >&2; die "FFmpeg's make failed"; }
cp "$tree/ffmpeg.exe" "$tree/ffprobe.exe" "$dir"

"$root/build-aux/doc.sh" "$release" "$work/doc"
cp "$work/doc/magnifier.html" "$work/doc/magnifier.txt" "$dir/doc"
cp "$root/README.md" "$dir"
cp "$root"/examples/record.c "$dir/examples"
[ ! -f "$root/examples/record.py" ] || cp "$root/examples/record.py" "$dir/examples"
cp "$root"/rules/* "$dir/rules"
cp "$tree/COPYING.LGPLv2.1" "$tree/LICENSE.md" "$dir/licences"
configuration=$(sed -n 's/^#define FFMPEG_CONFIGURATION "\(.*\)"$/\1/p' "$tree/config.h")
cat >"$dir/SOURCE.txt" <<END
These programs are FFmpeg $version with the magnifier input device, commit
$commit of ffmpeg-magnifier. They are under the GNU Lesser General Public
License 2.1 or later, see licences/; zlib, under its own licence, is in them.

The source: ffmpeg-$version.tar.xz of ffmpeg.org, and that commit. In a checkout of it
"make dist RELEASE=$release" makes this archive again, byte for byte with the same compiler
($("$arch-w64-mingw32-gcc" -dumpfullversion 2>/dev/null || echo unknown)). FFmpeg was configured with

  $configuration

Nothing here has run on real Windows yet; README.md says what is known.
END

# What Windows' own programs show has its line ends.
find "$dir" -name '*.txt' -exec sed -i 's/$/\r/' {} +
(cd "$dir" && find . -type f ! -name SHA256SUMS | sed 's,^\./,,' | sort | xargs -d '\n' sha256sum >SHA256SUMS)
find "$dir" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$dir" -type f -exec chmod 644 {} +
chmod 755 "$dir"/*.exe
rm -f "$out/$name.zip"
(cd "$work" && find "$name" -type f | sort | zip -X -9 -q -@ "$out/$name.zip")
printf '%s\n' "$out/$name.zip"
