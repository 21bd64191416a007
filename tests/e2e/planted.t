#!/bin/sh
# A Magnification.dll (and a dwmapi.dll) that somebody has put beside ffmpeg.exe, into the
# current folder or on the path is never loaded, not even where System32 has none.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

system=$WINEPREFIX/drive_c/windows
stamped_scene
secret_scene

# plant: the DLLs, and what would load them, in folders of their own; $loader loads by name
plant() {
    for where in beside current path nowhere; do
        rm -rf "${tmp:?}/$where"
        mkdir "$tmp/$where"
        [ "$where" = nowhere ] || for name in Magnification dwmapi; do
            cp "$E2E_BUILD/tests/$arch/planted.dll" "$tmp/$where/$name.dll" || return 1
        done
    done
    cp "$ffmpeg" "$tmp/beside/" && cp "$E2E_BUILD/tests/$arch/planted.exe" "$tmp/beside/" || return 1
    ffmpeg_before=$ffmpeg
}

# in_trap WHERE COMMAND...: with the DLLs there and nowhere else; loaded tells if one was
in_trap() {
    rm -f "$tmp/loaded"
    trap_where=$1
    shift
    ffmpeg=$ffmpeg_before
    loader=$E2E_BUILD/tests/$arch/planted.exe
    [ "$trap_where" != beside ] || ffmpeg=$tmp/beside/ffmpeg.exe loader=$tmp/beside/planted.exe
    trap_folder=$tmp/nowhere trap_path=$tmp/nowhere
    [ "$trap_where" != current ] || trap_folder=$tmp/current
    [ "$trap_where" != path ] || trap_path=$tmp/path
    trap_back=$PWD
    cd "$trap_folder" || return 1
    WINEPATH=$(windows_path "$trap_path") PLANTED=$(windows_path "$tmp/loaded") "$@"
    trap_result=$?
    cd "$trap_back" && ffmpeg=$ffmpeg_before && return "$trap_result"
}

loaded() {
    [ -e "$tmp/loaded" ]
}

without_system() {
    rm -f "$system/system32/Magnification.dll" "$system/syswow64/Magnification.dll"
    "$@"
    without_result=$?
    cp "$E2E_BUILD/simulator/x86_64/Magnification.dll" "$system/system32/"
    cp "$E2E_BUILD/simulator/i686/Magnification.dll" "$system/syswow64/"
    return "$without_result"
}

load_by_name() {
    PLANTED_NAME=Magnification.dll timeout -k 10 "$net" wine "$loader"
}

# The trap is one: who asks by the bare name gets it.
catches() {
    without_system in_trap "$1" load_by_name && loaded
}

records() {
    in_trap "$1" recorded 5 640x480 '-draw_mouse 0 -framerate 20 -exclude exe=secret.exe' \
        'tint ff00ff' 'rect 0,0,640x460 plaid@0,0' && not loaded
}

# No System32 that has one: an error, as ever.
refuses() {
    without_system in_trap "$1" refused 'Function not implemented' 'Magnification.dll' \
        -exclude exe=secret.exe -i desktop && not loaded
}

for b in $E2E_BUILDS; do
    use_build "$b"
    plant || bail 'the DLLs'
    for where in beside current path; do
        check "$b: a DLL that is planted ($where) is loaded by who asks by its name" catches "$where"
        check "$b: it records, and does not load it ($where)" records "$where"
        check "$b: nor where System32 has none ($where)" refuses "$where"
    done
done

finish
