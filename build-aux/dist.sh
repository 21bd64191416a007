#!/bin/sh
#
# A zip for people who have Windows: ffmpeg.exe and ffprobe.exe with the device, the manual, the
# pages that README names, the example programs, the ready rules, and the licences; and the source of it all.
#
#   build-aux/dist.sh BUILD-TREE ARCH RELEASE LIBS-DIR OUTPUT-DIR
#   build-aux/dist.sh --source BUILD-TREE OUTPUT-DIR
#
# BUILD-TREE is FFmpeg's, configured ("make dist" does), and is built here; LIBS-DIR is what dist-libs.sh
# has made, if it was configured with that. Its programs are linked
# with the date of this project's last commit, so a clean checkout gives the same bytes each time.
# Needs git, make, mingw-w64, zip and makeinfo, and Debian's packages of zlib and mingw-w64, which have
# the texts of their licences. Prints the path of what it made.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'dist: %s\n' "$*" >&2
    exit 1
}

root=$(cd "$(dirname "$0")/.." && pwd)
case $#,${1-} in
3,--source) tree=$2 arch='' output=$3 ;;
5,*) tree=$1 arch=$2 release=$3 libs=$4 output=$5 ;;
*) die 'usage: build-aux/dist.sh BUILD-TREE ARCH RELEASE LIBS-DIR OUTPUT-DIR, or --source BUILD-TREE OUTPUT-DIR' ;;
esac
tree=$(cd "$tree" && pwd)
mkdir -p "$output"
out=$(cd "$output" && pwd)
export LC_ALL=C TZ=UTC

# A tree that is not committed has no date of its own, and says so in its name.
commit=$(git -C "$root" rev-parse --short=12 HEAD) || die 'this is no git checkout'
[ -z "$(git -C "$root" status --porcelain --untracked-files=no)" ] || commit=$commit-dirty
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

version=$(cat "$tree/RELEASE" 2>/dev/null || cat "$tree/VERSION")
source=ffmpeg-$version-magnifier-$commit-source
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

# libraries: the rows of build-aux/dist-libraries, if FFmpeg was configured with them
libraries()
{
    ! grep -q -e --enable-libx264 "$tree/config.h" || grep -v '^#' "$root/build-aux/dist-libraries"
}

# The same bytes whoever packs them.
pack()
{
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "$@"
}

# FFmpeg's tarball as it was published, or the tree that was used instead, and this project.
if [ -z "$arch" ]; then
    mkdir "$work/$source"
    origin=$(cat "$tree/.magnifier/origin")
    if [ -d "$origin" ]; then
        pack --exclude-vcs -cJf "$work/$source/ffmpeg-$version.tar.xz" -C "$origin" .
    else
        cp "$root/build/cache/$origin" "$work/$source"
    fi
    libraries | while read -r _ tarball _; do
        cp "$root/build/cache/$tarball" "$work/$source"
    done
    git -C "$root" archive --format=tar --prefix="ffmpeg-magnifier-$commit/" HEAD |
        xz -c >"$work/$source/ffmpeg-magnifier-$commit.tar.xz"
    pack -cf "$out/$source.tar" -C "$work" "$source"
    printf '%s\n' "$out/$source.tar"
    exit
fi

case $arch in
x86_64) bits=win64 ;;
i686) bits=win32 ;;
*) die "unknown architecture '$arch'" ;;
esac
name=ffmpeg-$version-magnifier-$commit-$bits
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
cp "$root"/examples/record.c "$root"/examples/record.py "$dir/examples"
cp "$root"/rules/* "$dir/rules"

# README, and what it and the pages that it names link to
links()
{
    sed -n 's/](/\n](/gp' "$1" | sed -n 's/^](\([^):#]*\)[)#].*/\1/p' | sort -u
}
wanted=README.md
while [ -n "$wanted" ]; do
    more=
    for file in $wanted; do
        [ ! -e "$dir/$file" ] || continue
        mkdir -p "$dir/$(dirname "$file")"
        cp "$root/$file" "$dir/$file"
        case $file in
        *.md) more="$more $(links "$root/$file" | while IFS= read -r link; do
            [ -z "$link" ] || realpath -m --relative-to="$root" "$(dirname "$root/$file")/$link"
        done)" ;;
        esac
    done
    wanted=$(echo $more)
done

# licence NAME PACKAGE: of what is linked into the programs
licence()
{
    [ -s "/usr/share/doc/$2/copyright" ] || die "no licence of $1 in /usr/share/doc/$2"
    cp "/usr/share/doc/$2/copyright" "$dir/licences/$1.txt"
}
cp "$tree/COPYING.LGPLv2.1" "$tree/LICENSE.md" "$dir/licences"
libraries | while read -r package _; do
    cp "$libs/licences/$package.txt" "$dir/licences"
done
if grep -q '^#define CONFIG_GPL 1' "$tree/config.h"; then
    cp "$tree/COPYING.GPLv2" "$dir/licences"
    linked='libx264, libopus, zlib' sources='the tarballs of these libraries, '
    command="make dist RELEASE=$release" missing=
    licence='General Public
License 2 or later, as they have libx264 and filters that are; the device itself
is under the Lesser one, 2.1 or later'
else
    linked=zlib sources='' command="make dist DIST_LIBRARIES= RELEASE=$release"
    missing=' under the LGPL'
    licence='Lesser General Public
License 2.1 or later'
fi
[ -s "$dir/licences/zlib.txt" ] || licence zlib libz-mingw-w64-dev
licence mingw-w64 mingw-w64-common
licence gcc-runtime gcc-mingw-w64-base
configuration=$(sed -n 's/^#define FFMPEG_CONFIGURATION "\(.*\)"$/\1/p' "$tree/config.h")
cat >"$dir/SOURCE.txt" <<END
These programs are FFmpeg $version with the magnifier input device, commit
$commit of ffmpeg-magnifier. They are under the GNU $licence.
$linked, and parts of mingw-w64 and of GCC's library, are
linked into them. licences/ has the text of each.

The source is $source.tar,
which lies beside this archive; whoever hands on the one hands on the other. It
has FFmpeg's own ffmpeg-$version.tar.xz, as it is at
https://ffmpeg.org/releases/, ${sources}and that commit. In a
checkout of the commit "$command" makes this archive again, byte for byte with the same compiler
($("$arch-w64-mingw32-gcc" -dumpfullversion 2>/dev/null || echo unknown)). FFmpeg was configured with

  $configuration

That is all of FFmpeg$missing that needs no other library than those and what Windows
has. For H.264 there is Windows' own encoder, h264_mf, too.

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
