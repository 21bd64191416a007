#!/bin/sh
#
# Build the libraries of build-aux/dist-libraries for Windows, static, for "make dist".
#
#   build-aux/dist-libs.sh ARCH DIR
#
# DIR gets include/, lib/ with the .pc files that FFmpeg's configure asks for, and licences/. Does
# nothing where they have been built already. The tarballs go into build/cache: from the mirror that this
# machine's own apt names, or put there by hand.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'dist-libs: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 2 ] || die 'usage: build-aux/dist-libs.sh ARCH DIR'
arch=$1
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$2" "$root/build/cache"
dir=$(cd "$2" && pwd)
cache=$(cd "$root/build/cache" && pwd)
host=$arch-w64-mingw32
table=$root/build-aux/dist-libraries
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
# what they are made of and by
{ cat "$table" "$0" && "$host-gcc" --version && nasm -v; } >"$work/made-by" || die "no compiler for $arch, or no nasm"
! cmp -s "$work/made-by" "$dir/made-by" || exit 0

# is_it FILE SHA256
is_it()
{
    [ -s "$1" ] && printf '%s  %s\n' "$2" "$1" | sha256sum -c --status 2>/dev/null
}

# fetch PACKAGE TARBALL SHA256
fetch()
{
    ! is_it "$cache/$2" "$3" || return 0
    # shellcheck disable=SC2016 # $(SITE) is apt's, not the shell's
    for site in $(apt-get indextargets --no-release-info --format '$(SITE)' 2>/dev/null | grep -v security | sort -u); do
        curl -fsSL --connect-timeout 20 --retry 2 -o "$work/$2" \
            "$site/pool/main/$(printf '%.1s' "$1")/$1/$2" 2>>"$work/log" || continue
        is_it "$work/$2" "$3" && mv -f "$work/$2" "$cache/$2" && return 0
    done
    die "could not get $2, with the checksum in build-aux/dist-libraries, from Debian; put it into build/cache"
}

# logged COMMAND...
logged()
{
    "$@" >>"$work/log" 2>&1 || { tail -n 15 "$work/log" >&2; die "$package for $arch: $1 failed"; }
}

# The libraries alone: without their programs, and without what looks for other libraries on this machine.
build()
{
    case $package in
    opus) set -- --host="$host" --disable-shared --enable-static --disable-doc --disable-extra-programs \
        --disable-stack-protector 'CFLAGS=-O2 -D_FORTIFY_SOURCE=0' ;;
    zlib) set -- --static ;;
    x264) set -- --host="$host" --cross-prefix="$host-" --enable-static --disable-cli --disable-opencl \
        --disable-avs --disable-swscale --disable-lavf --disable-ffms --disable-gpac --disable-lsmash ;;
    *) die "no way to build $package is known here" ;;
    esac
    unset MAKEFLAGS MAKEOVERRIDES CC CXX AS AR RANLIB STRIP STRINGS CFLAGS CPPFLAGS LDFLAGS ASFLAGS LIBS CONFIG_SITE \
        PKGCONFIG
    # its configure knows no --host
    [ "$package" != zlib ] || export CHOST="$host" CC="$host-gcc" AR="$host-ar" RANLIB="$host-ranlib"
    logged ./configure --prefix="$dir" "$@"
    case $package in
    zlib) logged make libz.a && logged make install-libs && cp zlib.h zconf.h "$dir/include" ;;
    *) logged make -j"$(nproc)" && logged make install ;;
    esac
}

rm -rf "$dir/made-by" "${dir:?}/lib" "$dir/include" "$dir/licences"
mkdir "$dir/include" "$dir/licences"
grep -v '^#' "$table" | while read -r package tarball sum; do
    fetch "$package" "$tarball" "$sum"
    mkdir "$work/$package"
    tar -xf "$cache/$tarball" -C "$work/$package" --strip-components=1
    (cd "$work/$package" && build)
    for text in COPYING LICENSE; do
        [ ! -f "$work/$package/$text" ] || cp "$work/$package/$text" "$dir/licences/$package.txt"
    done
done
cp "$work/made-by" "$dir/made-by"
