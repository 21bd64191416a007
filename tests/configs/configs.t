#!/bin/sh
# FFmpeg configured in other ways than this project's: shared libraries, so that the device
# is in a DLL, and nothing but the device.
#
#   CONFIGS_BUILD   where configs.mk has built them

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
on_desktop --size 640x480

stamped_scene

# what ffmpeg.exe NAME has recorded is the desktop to the pixel
records() {
    ffmpeg=$CONFIGS_BUILD/$1/ffmpeg.exe
    export WINEPATH="Z:$CONFIGS_BUILD/bin" # where FFmpeg's DLLs are, if it needs any
    recorded 5 "$size" '-draw_mouse 0 -framerate 20' 'rect 0,0,640x460 plaid@0,0'
}

imports() {
    objdump -p "$1" | sed -n 's/^.*DLL Name: //p'
}

device_is_in_a_dll() {
    imports "$CONFIGS_BUILD/shared/ffmpeg.exe" | grep '^avdevice-[0-9]*\.dll$' &&
        grep -q 'Nobody has reported yet' "$CONFIGS_BUILD"/bin/avdevice-*.dll &&
        ! grep -q 'Nobody has reported yet' "$CONFIGS_BUILD/shared/ffmpeg.exe"
}

# a DLL of the device's own, or of the compiler's, would be one more thing to ship
system_dlls_only() {
    imports "$1" | grep -vixE '(av(device|filter|format|codec|util)|sw(scale|resample)|postproc)-[0-9]+\.dll|(kernel32|user32|gdi32|advapi32|bcrypt|msvcrt|ws2_32|shell32|ole32|oleaut32|psapi|shlwapi|secur32|ncrypt|crypt32|avicap32|vfw32|strmiids)\.dll' > "$tmp/odd"
    cat "$tmp/odd"
    [ ! -s "$tmp/odd" ]
}

# the stand-in otherwise stays loaded, so as to watch what becomes of its blocks
loads_and_unloads() {
    # shellcheck disable=SC2046 # names
    MAGSIM_SET="pin = no" WINEPATH="Z:$CONFIGS_BUILD/bin" timeout "$net" wine "$CONFIGS_BUILD/loader.exe" \
        $(cd "$CONFIGS_BUILD/bin" && echo avdevice-*.dll avformat-*.dll avcodec-*.dll avutil-*.dll) \
        > "$tmp/loader" 2> "$tmp/log"
    loader_code=$?
    tr -d '\r' < "$tmp/loader"
    [ "$loader_code" = 0 ] || { tail -n 5 "$tmp/log"; return 1; }
}

# examples/record.c, linked with the DLLs: three recordings, and the last one has none of secret.exe in it
example_records() {
    export WINEPATH="Z:$CONFIGS_BUILD/bin"
    (cd "$tmp" && printf '%s\n' 'without exe=secret.exe' 'repeat 3 desktop film.mkv' quit |
        timeout -k 10 "$net" wine "$CONFIGS_BUILD/record.exe") > "$tmp/answers" 2> "$tmp/log" &&
        [ "$(tr -d '\r' < "$tmp/answers" | tr '\n' ' ')" = 'ok ok ' ] &&
        wine "$CONFIGS_BUILD/shared/ffmpeg.exe" -hide_banner -nostdin -loglevel error -y -i "$(windows_path "$tmp/film.mkv")" \
            -fps_mode passthrough -c:v rawvideo -pix_fmt bgr0 -f rawvideo "$(windows_path "$tmp/raw")" >> "$tmp/log" 2>&1 &&
        frames "$size" "$tmp/raw" 'number 3' 'tint ff00ff' || { cat "$tmp/answers" "$tmp/log"; return 1; }
}

example_has_no_device() {
    imports "$CONFIGS_BUILD/record.exe" | grep '^avdevice-[0-9]*\.dll$' &&
        ! grep -q 'Nobody has reported yet' "$CONFIGS_BUILD/record.exe"
}

check 'shared: ffmpeg.exe has no device, avdevice-NN.dll has it' device_is_in_a_dll
check 'shared: it records' records shared
for dll in "$CONFIGS_BUILD"/bin/*.dll; do
    check "shared: $(basename "$dll") needs nothing but the system" system_dlls_only "$dll"
done
check 'shared: a program that loads it and unloads it' loads_and_unloads
check 'nothing but the device: it records' records minimal
secret_scene
check 'shared: record.exe is linked with it' example_has_no_device
check 'shared: record.exe records without the windows of a program' example_records

finish
