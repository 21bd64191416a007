#!/bin/sh
#
# Any FFmpeg source tree -> the same tree with the magnifier input device in
# it, configured. See usage() below, or run it with --help.
#
# Plain POSIX sh: the same script serves a cross build on Linux and a native
# build in an MSYS2 shell.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

root=$(cd "$(dirname "$0")" && pwd) || exit 1

usage()
{
    cat <<EOF
usage: configure-wrapper.sh [--ffmpeg-src DIR] [--release X.Y]
                            [--arch x86_64|i686] [--dest DIR] [--if-needed]
                            [--small] [-- FFmpeg configure options]

Copies an FFmpeg source tree, adds the magnifier input device to the copy and
runs FFmpeg's configure in it. "make" in the copy then builds FFmpeg.

  --ffmpeg-src DIR   the tree to copy; it is not altered. Without it the newest
                     tarball of the release is fetched. It gets the patch that
                     fits without fuzz, its own release's or the next best one.
  --release X.Y      5.1, 7.1 (default), 8.1 or 9.0. Together with --ffmpeg-src:
                     take the patch of that release, whatever DIR says it is.
  --arch ARCH        x86_64 (default) or i686; in an MSYS2 shell the compiler's
  --dest DIR         where the copy goes (default: build/RELEASE/ARCH)
  --if-needed        skip FFmpeg's configure if nothing changed that it looks at
  -- OPTIONS         for FFmpeg's configure. Without any: a small static build
                     for recording a screen.
  --small            that small build also with OPTIONS, which come after its own

Run again it brings the copy up to date and configures anew.
EOF
}

die()
{
    printf 'configure-wrapper: %s\n' "$*" >&2
    exit 1
}

say()
{
    printf 'configure-wrapper: %s\n' "$*" >&2
}

have()
{
    command -v "$1" >/dev/null 2>&1
}

# ---------------------------------------------------------------- arguments

src='' release='' chosen='' folder='' arch='' dest='' if_needed='' small=''

while [ $# -gt 0 ]; do
    case $1 in
    --ffmpeg-src | --release | --arch | --dest)
        [ $# -ge 2 ] || die "$1 needs a value (see --help)"
        option=$1 value=$2
        shift 2
        ;;
    --ffmpeg-src=* | --release=* | --arch=* | --dest=*)
        option=${1%%=*} value=${1#*=}
        shift
        ;;
    --if-needed)
        if_needed=1
        shift
        continue
        ;;
    --small)
        small=1
        shift
        continue
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    --)
        shift
        break
        ;;
    *)
        die "unknown argument '$1' (see --help; FFmpeg's own options go after --)"
        ;;
    esac
    [ -n "$value" ] || die "$option needs a value (see --help)"
    case $option in
    --ffmpeg-src) src=$value ;;
    --release) release=$value ;;
    --arch) arch=$value ;;
    --dest) dest=$value ;;
    esac
done
# From here on "$@" is what the user wants FFmpeg's configure to get.

known='' newest_first=''
for dir in "$root"/patches/*/; do
    [ -d "$dir" ] || continue
    known="$known${known:+, }$(basename "$dir")"
    newest_first="$(basename "$dir") $newest_first"
done

# The major version of libavdevice in a release: 59 in 5.1, and one more in each major release.
major_of()
{
    echo $((54 + ${1%%.*}))
}

# fits DIR PATCH...: the patches go onto the files of DIR, without fuzz, or are there already
fits()
{
    fits_dir=$1
    shift
    for fits_patch; do
        [ -f "$fits_patch" ] || return 1
        (cd "$fits_dir" && { patch -p1 -F0 -R -f -s --dry-run <"$fits_patch" ||
            patch -p1 -F0 -N -f -s --dry-run <"$fits_patch"; }) >/dev/null 2>&1 || return 1
    done
}

# misfits: the files that patch(1) says on the standard input that it could not do
misfits()
{
    awk '/^(patching|checking) file/ { file = $3 }
         /FAILED|an.t find file|ignored/ { if (!seen[file]++) printf "%s%s", sep, file; sep = ", " }'
}

# only_this_version: the tree has no device yet, or has it as the patch of $release puts it there
only_this_version()
{
    ! grep -q '^magnifier_indev_' "$src/configure" || fits "$src" "$root/patches/$release"/*.patch ||
        die "$src has another version of the device; begin with a clean tree"
}

# choose: the patch for $src, which then is that of $release. What RELEASE says, which in master is a
# release that is not out yet, and the version of libavdevice only order the tries.
choose()
{
    says=$(cat "$src/RELEASE" "$src/VERSION" 2>/dev/null |
           sed -n 's/^n\{0,1\}\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | sed -n 1p)
    tries=$({
        [ ! -d "$root/patches/${says:-none}" ] || echo "$says"
        for candidate in $newest_first; do
            [ "$(major_of "$candidate")" != "$major" ] || echo "$candidate"
        done
        printf '%s\n' $newest_first
    } | awk '!seen[$0]++')
    tree="FFmpeg ${says:-of unknown release} (libavdevice $major) in $src"
    for release in $tries; do
        if fits "$src" "$root/patches/$release"/*.patch; then
            chosen="$tree: the patch for $release fits"
            folder=${says:-$release}
            return
        fi
    done
    release=${tries%%
*}
    only_this_version
    where=$(cat "$root/patches/$release"/*.patch | (cd "$src" && patch -p1 -F0 -N -f --dry-run 2>/dev/null) | misfits)
    die "no patch fits $tree: none of $known goes on without fuzz, that for $release not in ${where:-its files}"
}

# ---------------------------------------------------------- the source tree

if [ -n "$src" ]; then
    [ -d "$src" ] || die "no such directory: $src"
    src=$(cd "$src" && pwd -P) || die "cannot enter $src"
    major=$(sed -n 's/^#define LIBAVDEVICE_VERSION_MAJOR *\([0-9][0-9]*\).*/\1/p' \
            "$src/libavdevice/version_major.h" "$src/libavdevice/version.h" 2>/dev/null | sed -n 1p)
    if [ -z "$major" ] || [ ! -f "$src/configure" ] || [ ! -f "$src/libavdevice/alldevices.c" ]; then
        die "$src is not an FFmpeg source tree (no configure, or no libavdevice with alldevices.c and version_major.h in it)"
    fi
    have patch || die "patch is not installed"
    [ -n "$release" ] || choose
else
    release=${release:-7.1}
fi
case $release in
*/* | .*) die "unknown release '$release' (there are $known)" ;;
esac
[ -d "$root/patches/$release" ] ||
    die "unknown release '$release' (there are $known)"
[ -z "$src" ] || only_this_version

# ------------------------------------------------------------- the compiler

# An MSYS2 shell has the compiler of its own environment (MINGW64, UCRT64,
# MINGW32, CLANG64); everywhere else it is a cross compiler of mingw-w64.
case $(uname -s) in
MINGW* | MSYS* | CYGWIN*) native=1 ;;
*) native= ;;
esac

# Whoever names a compiler to FFmpeg's configure knows what he does.
own_compiler=
for option in "$@"; do
    case $option in
    --cc=* | --cross-prefix=* | --toolchain=*) own_compiler=1 ;;
    esac
done

case $arch in
'' | x86_64 | i686) ;;
*) die "unknown architecture '$arch' (there are x86_64 and i686)" ;;
esac

prefix=
cc=
if [ -n "$native" ]; then
    for candidate in gcc clang; do
        have "$candidate" && cc=$candidate && break
    done
    if [ -n "$cc" ]; then
        machine=$("$cc" -dumpmachine)
        case $machine in
        x86_64-*mingw* | x86_64-*windows*) machine_arch=x86_64 ;;
        i?86-*mingw* | i?86-*windows*) machine_arch=i686 ;;
        *) machine_arch= ;;
        esac
        if [ -z "$own_compiler" ]; then
            [ -n "$machine_arch" ] ||
                die "$cc here makes programs for $machine; use the MINGW64, UCRT64 or MINGW32 shell of MSYS2"
            [ -z "$arch" ] || [ "$arch" = "$machine_arch" ] ||
                die "$cc here makes $machine_arch programs, not $arch; use the other shell of MSYS2"
        fi
        arch=${arch:-$machine_arch}
    elif [ -z "$own_compiler" ]; then
        die "no gcc and no clang in this shell (MSYS2: pacman -S mingw-w64-ucrt-x86_64-toolchain, in the UCRT64 shell)"
    fi
    arch=${arch:-x86_64}
else
    arch=${arch:-x86_64}
    prefix=$arch-w64-mingw32-
    cc=${prefix}gcc
    [ -n "$own_compiler" ] || have "$cc" ||
        die "$cc is not installed (Debian: apt-get install gcc-mingw-w64-$(echo "$arch" | tr _ -))"
fi
have make || die "make is not installed"
have patch || die "patch is not installed"

# ----------------------------------------------------------------- the copy

dest=${dest:-$root/build/${folder:-$release}/$arch}
mkdir -p "$(dirname "$dest")" || die "cannot make the directory of $dest"
dest=$(cd "$(dirname "$dest")" && pwd -P)/$(basename "$dest")
if [ -n "$src" ]; then
    case $dest/ in
    "$src"/*) die "--dest $dest is inside $src, which is not to be altered" ;;
    esac
    case $src/ in
    "$dest"/*) die "--dest $dest holds the source tree $src itself" ;;
    esac
fi

# state holds what is needed to bring the copy up to date later: where it came
# from, when, and FFmpeg's own text of the files that get patched.
state=$dest/.magnifier
hooks='configure libavdevice/Makefile libavdevice/alldevices.c doc/indevs.texi'

# What a build in the user's tree has left there is not source.
skip='*.o *.d *.a *.so *.dll *.exe *_g config.h config_components.h config.asm
      config_components.asm config.mak config.log config.fate config.sh config.texi
      ffversion.h .version fate-suite'

# writable FILE...: what is read-only in the user's tree is not in the copy, which gets built and removed
writable()
{
    chmod -R u+w "$@"
}

# copy_file FROM TO
copy_file()
{
    cp -p "$1" "$2" && writable "$2"
}

# copy_tree TO: the user's tree
copy_tree()
{
    set -f
    excludes='--exclude=./.git'
    for pattern in $skip; do
        excludes="$excludes --exclude=$pattern"
    done
    # shellcheck disable=SC2086 # a list of options, and globbing is off
    (cd "$src" && tar -cf - $excludes .) | (cd "$1" && tar -xf -)
    status=$?
    set +f
    writable "$1"
    return $status
}

# update_tree: copy what changed in the user's tree since the last time
update_tree()
{
    : >"$state/copied.new"
    set -f
    names=
    for pattern in $skip; do
        names="$names ! -name $pattern"
    done
    # shellcheck disable=SC2086 # a list of tests, and globbing is off
    (cd "$src" && find . -path ./.git -prune -o -path ./fate-suite -prune -o \
        -type f -newer "$state/copied" $names -print) >"$state/changed" ||
        die "cannot read $src"
    set +f
    while IFS= read -r file; do
        case " $hooks " in
        *" ${file#./} "*) continue ;;
        esac
        if ! mkdir -p "$dest/$(dirname "$file")" ||
           ! copy_file "$src/$file" "$dest/$file"; then
            die "cannot copy $file to $dest"
        fi
    done <"$state/changed"
    rm -f "$state/changed"
    mv "$state/copied.new" "$state/copied"
}

if [ -n "$src" ]; then
    origin=$src
else
    tarball=$("$root/build-aux/fetch-ffmpeg.sh" "$release") || exit 1
    origin=$(basename "$tarball")
fi

# discard: the part, also one that is read-only yet
discard()
{
    [ ! -d "$part" ] || writable "$part"
    rm -rf "$part"
}

part=
trap '[ -z "$part" ] || discard' EXIT
trap 'exit 130' HUP INT TERM

if [ -d "$state" ]; then
    [ "$(cat "$state/origin" 2>/dev/null)" = "$origin" ] ||
        die "$dest is a copy of $(cat "$state/origin" 2>/dev/null); remove it, or choose another --dest for $origin"
    [ -z "$src" ] || update_tree
elif [ -e "$dest" ] && [ -n "$(ls -A "$dest" 2>&1)" ]; then
    die "$dest exists and is not a copy that this script made"
else
    # Under another name until it is whole, so that an interrupted copy is not
    # taken for a tree.
    part=$dest.part
    discard
    mkdir -p "$part/.magnifier" || die "cannot make the directory $part"
    : >"$part/.magnifier/copied"
    printf '%s\n' "$origin" >"$part/.magnifier/origin"
    if [ -n "$src" ]; then
        copy_tree "$part" || die "cannot copy $src to $dest"
    else
        tar -xJf "$tarball" -C "$part" --strip-components=1 ||
            die "cannot unpack $tarball"
    fi
    # A tree without .git asks git for its version, and could get that of
    # whatever repository it lies in.
    if [ -n "$src" ] && [ ! -f "$part/VERSION" ] && [ -f "$src/ffbuild/version.sh" ]; then
        sh "$src/ffbuild/version.sh" "$src" >"$part/VERSION"
    fi
    for file in $hooks; do
        if ! mkdir -p "$part/.magnifier/orig/$(dirname "$file")" ||
           ! cp -p "$part/$file" "$part/.magnifier/orig/$file"; then
            die "there is no $file in $origin"
        fi
    done
    [ ! -d "$dest" ] || rmdir "$dest"
    mv "$part" "$dest" || die "cannot make $dest"
    part=
fi

# A copy that was made when there were fewer of these files.
for file in $hooks; do
    if [ ! -f "$state/orig/$file" ]; then
        mkdir -p "$state/orig/$(dirname "$file")" && cp -p "$dest/$file" "$state/orig/$file" ||
            die "there is no $file in $dest"
    fi
done

if [ -n "$src" ]; then
    for file in $hooks; do
        cmp -s "$src/$file" "$state/orig/$file" ||
            copy_file "$src/$file" "$state/orig/$file" || die "cannot copy $file from $src"
    done
fi

# --------------------------------------------------------------- the device

# A file is written only when its text changed, so that a second run leaves
# nothing to compile; and with the time of now, as make would not see a change
# that is older than the last compile.
put()
{
    cmp -s "$1" "$2" || cp "$1" "$2" || die "cannot write $2"
}

mkdir -p "$dest/libavdevice/magnifier" || die "cannot make $dest/libavdevice/magnifier"
for file in "$root"/libavdevice/magnifier/Makefile "$root"/libavdevice/magnifier/*.[ch]; do
    put "$file" "$dest/libavdevice/magnifier/$(basename "$file")"
done
for file in "$dest"/libavdevice/magnifier/*.[ch]; do
    [ -f "$root/libavdevice/magnifier/$(basename "$file")" ] || rm -f "$file"
done

# The patches go onto FFmpeg's own text each time, beside the tree, and only
# the whole result goes into it: a patch that does not fit leaves nothing half
# done, and one that is there already (a tree patched by hand) is passed over.
part=$state/patched
rm -rf "$part"
cp -Rp "$state/orig" "$part" || die "cannot write in $state"
for patch in "$root/patches/$release"/*.patch; do
    [ -f "$patch" ] || die "no patch in $root/patches/$release"
    if (cd "$part" && patch -p1 -F0 -R -f -s --dry-run <"$patch") >/dev/null 2>&1; then
        continue
    fi
    if ! (cd "$part" && patch -p1 -F0 -N -f <"$patch") >"$state/patch.log" 2>&1; then
        where=$(misfits <"$state/patch.log")
        die "patches/$release/$(basename "$patch") does not fit $origin: the lines that it stands between are not as expected in ${where:-its files}"
    fi
done
for file in $hooks; do
    put "$part/$file" "$dest/$file"
done
rm -rf "$part"
part=
[ -z "$chosen" ] || say "$chosen"

# -------------------------------------------------------- FFmpeg's configure

# The everyday build: what a screen recording and this project's tests need,
# and little else, in a minute or two.
everyday()
{
    png=
    if [ -n "$cc" ] && echo '#include <zlib.h>' | "$cc" -E - >/dev/null 2>&1; then
        png=,png
        echo --enable-zlib
    else
        say "no zlib for $arch here (Debian: apt-get install libz-mingw-w64-dev), so no PNG in this build"
    fi
    cat <<EOF
--disable-everything
--disable-autodetect
--disable-doc
--disable-debug
--disable-ffplay
--disable-pthreads
--enable-w32threads
--extra-ldflags=-static
--enable-indev=gdigrab,lavfi
--enable-protocol=file,pipe,tcp
--enable-demuxer=avi,concat,framecrc,image2,image2pipe,matroska,mov,rawvideo,wav
--enable-muxer=avi,crc,framecrc,framemd5,image2,image2pipe,matroska,md5,mov,mp4,null,rawvideo,segment
--enable-decoder=bmp,ffv1,mpeg4,pcm_s16le,rawvideo,wrapped_avframe$png
--enable-encoder=bmp,ffv1,mpeg4,pcm_s16le,rawvideo,wrapped_avframe$png
--enable-parser=bmp,mpeg4video$png
--enable-bsf=null
--enable-filter=alphaextract,blackdetect,blend,color,copy,crop,drawbox,extractplanes
--enable-filter=format,fps,framestep,freezedetect,hflip,hstack,identity,loop,lut
--enable-filter=metadata,msad,negate,null,nullsink,nullsrc,overlay,pad,psnr,realtime
--enable-filter=rgbtestsrc,scale,scdet,select,setdar,setparams,setpts,setrange,setsar
--enable-filter=settb,showinfo,signalstats,smptebars,split,ssim,tblend,testsrc
--enable-filter=testsrc2,tile,tpad,trim,vflip,vstack
EOF
}

if [ $# -eq 0 ] || [ -n "$small" ]; then
    # shellcheck disable=SC2046 # one option a line, no blanks in them
    set -- $(everyday) "$@"
    have nasm || have yasm || {
        say "no nasm here, so scaling will be slow in this build"
        set -- --disable-x86asm "$@"
    }
fi

if [ -n "$cc" ] && have ccache; then
    set -- --cc="ccache $cc" "$@"
elif [ "$cc" = clang ]; then
    set -- --cc=clang "$@"
fi
if [ -z "$native" ]; then
    set -- --enable-cross-compile --cross-prefix="$prefix" --target-os=mingw32 "$@"
fi
# Last, so that a --disable-everything before it does not take it away.
set -- --arch="$arch" "$@" --enable-indev=magnifier

# FFmpeg's own list of what a configuration follows, and the options.
printf '%s\n' "$@" >"$state/options.new"
if [ -n "$if_needed" ] && [ -f "$state/configured" ] &&
   cmp -s "$state/options.new" "$state/options" &&
   [ -z "$(cd "$dest" && find configure lib*/all*.c libavcodec/bitstream_filters.c \
           libavcodec/hwaccels.h libavcodec/parsers.c libavformat/protocols.c \
           -newer .magnifier/configured 2>/dev/null)" ]; then
    rm -f "$state/options.new"
    exit 0
fi
rm -f "$state/configured"

(cd "$dest" && ./configure "$@") ||
    die "FFmpeg's configure failed; the end of $dest/ffbuild/config.log has the reason"
grep -q '^CONFIG_MAGNIFIER_INDEV=yes' "$dest/ffbuild/config.mak" ||
    die "FFmpeg's configure left the magnifier device out; look for LoadLibrary in $dest/ffbuild/config.log"
mv "$state/options.new" "$state/options"
: >"$state/configured"
say "ready, with the patch for $release: make -C '$dest'"
