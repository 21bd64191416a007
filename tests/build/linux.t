#!/bin/sh
#
# On Linux the device is simply not there: FFmpeg with it in its sources, all of its input devices asked
# for, and this machine's compiler. Some fifteen seconds, nearly all of them FFmpeg's configure.

# shellcheck disable=SC2317 # functions that ok calls
# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

tree=$scratch/ffmpeg
mkdir "$tree"
tarball=$("$project/build-aux/fetch-ffmpeg.sh" 9.0) || exit 1
tar -xJf "$tarball" -C "$tree" --strip-components=1
run sh "$project/packaging/add-device.sh" "$tree"
ok 'the device is put into FFmpeg' succeeded

run env -C "$tree" ./configure --disable-autodetect --disable-doc --disable-x86asm --disable-everything --enable-indevs
ok 'configure goes' succeeded
ok 'it knows the device, and has left it out' grep -qx '!CONFIG_MAGNIFIER_INDEV=yes' "$tree/ffbuild/config.mak"
ok 'other devices are there' grep -qx 'CONFIG_LAVFI_INDEV=yes' "$tree/ffbuild/config.mak"

run make -C "$tree" -j"$(nproc)" libavdevice/libavdevice.a
ok 'libavdevice is built' succeeded
without_device()
{
    nm "$tree/libavdevice/libavdevice.a" >"$scratch/out" 2>"$scratch/err"
    grep -q avdevice_register_all "$scratch/out" && ! grep -i magnifier "$scratch/out"
}
ok 'with nothing of the device in it' without_device

run env -C "$tree" ./configure --disable-autodetect --disable-doc --disable-x86asm --disable-everything --enable-indev=magnifier
ok 'to ask for it alone is no error' succeeded
ok 'nor does it come then' grep -qx '!CONFIG_MAGNIFIER_INDEV=yes' "$tree/ffbuild/config.mak"

finish
