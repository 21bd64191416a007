#!/bin/sh
#
# Is the device on where a route of packaging/ gives no option for it? A whole tree of FFmpeg gets
# it, is configured as those routes do, by a cross compiler, and builds the device: a minute or two.

# shellcheck disable=SC2317 # functions that ok calls
# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/../build/tap.sh"

tree=$scratch/ffmpeg-9.0
mkdir "$tree"
tarball=$("$project/build-aux/fetch-ffmpeg.sh" 9.0) || exit 1
tar -xJf "$tarball" -C "$tree" --strip-components=1
run sh "$project/packaging/add-device.sh" "$tree"
ok 'the device is put into FFmpeg 9.0' succeeded

# configured DIR OPTION...: FFmpeg's configure, out of the tree as MSYS2, vcpkg and the suite call it
configured()
{
    dir=$scratch/$1
    shift
    mkdir "$dir"
    run env -C "$dir" "$tree/configure" --arch=x86_64 --target-os=mingw32 --cross-prefix=x86_64-w64-mingw32- \
        --enable-cross-compile --disable-doc "$@"
}

on()
{
    grep -qx CONFIG_MAGNIFIER_INDEV=yes "$dir/ffbuild/config.mak"
}

configured shared --enable-gpl --disable-static --enable-shared
ok "like MSYS2's package" succeeded
ok 'the device is on' on

configured static --enable-gpl --disable-autodetect
ok 'like vcpkg and media-autobuild_suite' succeeded
ok 'the device is on' on
run make -C "$dir" -j"$(nproc)" libavdevice/libavdevice.a
ok 'libavdevice is built' succeeded
x86_64-w64-mingw32-nm "$dir/libavdevice/libavdevice.a" >"$scratch/out"
ok 'with the device in it' grep -q ' ff_magnifier_demuxer$' "$scratch/out"

configured none --disable-autodetect --disable-avdevice
ok 'without libavdevice' succeeded
ok 'it is not' eval '! on'

finish
