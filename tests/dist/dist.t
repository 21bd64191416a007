#!/bin/sh
#
# What "make dist" has made: DIST_ZIPS, each a path.

# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/../build/tap.sh"

unpack()
{
    rm -rf "$scratch/dist"
    run unzip -q "$1" -d "$scratch/dist"
    dir=$scratch/dist/$(basename "$1" .zip)
    [ -d "$dir" ]
}

# if_libraries WORD...: those, unless "make dist" was told to leave the libraries out
if_libraries()
{
    ! tr -d '\r' <"$dir/SOURCE.txt" | grep -q -e --enable-libx264 || echo "$@"
}

has_all()
{
    # shellcheck disable=SC2046 # names without blanks
    for file in ffmpeg.exe ffprobe.exe README.md SECURITY.md SOURCE.txt SHA256SUMS doc/magnifier.html doc/magnifier.txt \
        examples/record.c examples/record.py rules/README.md rules/chat.txt \
        $(if_libraries licences/COPYING.GPLv2 licences/x264.txt licences/opus.txt) licences/COPYING.LGPLv2.1 licences/zlib.txt licences/mingw-w64.txt licences/gcc-runtime.txt; do
        [ -s "$dir/$file" ] || { echo "no $file" >"$scratch/err"; return 1; }
    done
}

# each page in it links to what is in it
links_lead_somewhere()
{
    find "$dir" -name '*.md' | while IFS= read -r page; do
        sed 's/](/\n](/g' "$page" | sed -n 's/^](\([^):#]*\)[)#].*/\1/p' | while IFS= read -r link; do
            [ -e "$(dirname "$page")/$link" ] || echo "${page#"$dir/"}: $link"
        done
    done >"$scratch/out"
    [ ! -s "$scratch/out" ]
}

# has_source ZIP: the archive that SOURCE.txt names lies beside it, with FFmpeg's tarball and the device in it
has_source()
{
    tar=$(dirname "$1")/$(tr -d '\r' <"$dir/SOURCE.txt" | sed -n 's/^The source is \(.*\),$/\1/p')
    rm -rf "$scratch/source"
    mkdir "$scratch/source"
    tar -xf "$tar" -C "$scratch/source" --strip-components=1 2>"$scratch/err" || return 1
    ls "$scratch/source" >"$scratch/out"
    libraries=$(if_libraries 3)
    libraries=${libraries:-0}
    [ "$(wc -l <"$scratch/out")" -eq $((2 + libraries)) ] &&
        [ "$(grep -cE "^(x264|opus|zlib)_" "$scratch/out")" -eq "$libraries" ] &&
        tar -tf "$scratch"/source/ffmpeg-[0-9]*.tar.xz 2>"$scratch/err" | grep -q '/libavformat/avformat.h$' &&
        tar -tf "$scratch"/source/ffmpeg-magnifier-*.tar.xz 2>"$scratch/err" >"$scratch/names" &&
        grep -q '/libavdevice/magnifier/guard.c$' "$scratch/names" && grep -q '/patches/' "$scratch/names"
}

sums_hold()
{
    (cd "$dir" && sha256sum -c --quiet SHA256SUMS) >"$scratch/out" 2>&1 &&
        [ "$(find "$dir" -type f ! -name SHA256SUMS | wc -l)" -eq "$(wc -l <"$dir/SHA256SUMS")" ]
}

# DLLs of Windows 7, and none of a compiler
system_dlls_only()
{
    for program in ffmpeg ffprobe; do
        objdump -p "$dir/$program.exe" | sed -n 's/^.*DLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u
    done >"$scratch/out"
    [ -s "$scratch/out" ] || return 1
    ! grep -vxE '(advapi32|avicap32|bcrypt|crypt32|gdi32|kernel32|msvcrt|ncrypt|ole32|oleaut32|psapi|secur32|shell32|shlwapi|user32|ws2_32)\.dll' \
        "$scratch/out"
}

# hardened PROGRAM: ASLR, with what it needs, DEP, and in 64 bit all of the addresses
hardened()
{
    objdump -p "$dir/$1" | sed -n '/^DllCharacteristics/,/^SizeOf/p' >"$scratch/out"
    grep -q 'DYNAMIC_BASE' "$scratch/out" && grep -q 'NX_COMPAT' "$scratch/out" &&
        objdump -h "$dir/$1" | grep -q '\.reloc' || return 1
    case $dir in
    *win64) grep -q 'HIGH_ENTROPY_VA' "$scratch/out" ;;
    esac
}

# version PROGRAM: a version resource (16) beside FFmpeg's manifest (24), which names the program
version()
{
    objdump -p "$dir/$1" | sed -n '/\.rsrc Resource Directory/,$p' >"$scratch/out"
    grep -q 'Entry: ID: 0x000010' "$scratch/out" && grep -q 'Entry: ID: 0x000018' "$scratch/out" || return 1
    # what is in UTF-16 there
    tr -d '\000' <"$dir/$1" >"$scratch/text"
    grep -qaF "OriginalFilename$1" "$scratch/text" && grep -qaF "ProductVersion${name_version}" "$scratch/text"
}

has_device()
{
    grep -q 'exclude_required' "$dir/ffmpeg.exe"
}

# One of each kind, none of which the everyday build has; names of their own in the program.
has_all_of_ffmpeg()
{
    # shellcheck disable=SC2046 # names without blanks
    for name in $(if_libraries libx264 libopus) h264_mf prores_ks dshow ddagrab schannel dxva2 d3d11va zoompan webvtt hls rtmp; do
        grep -qaF "$name" "$dir/ffmpeg.exe" || { echo "no $name" >"$scratch/err"; return 1; }
    done
}

not_local()
{
    ! grep -rlaF -e "$project" "$dir"
}

for zip in $DIST_ZIPS; do
    unpack "$zip" || { echo "Bail out! no $zip"; exit 1; }
    name=$(basename "$zip" .zip)
    name_version=${name#ffmpeg-}
    name_version=${name_version%-win*}
    ok "$name has all that it should" has_all
    ok 'and its checksums hold' sums_hold
    ok 'its pages link to what is there' links_lead_somewhere
    ok 'its source lies beside it' has_source "$zip"
    ok 'the device is in it' has_device
    ok "and FFmpeg's codecs, devices, filters and protocols" has_all_of_ffmpeg
    ok 'it needs nothing but the system' system_dlls_only
    ok 'ffmpeg.exe may lie anywhere, and its data is not run' hardened ffmpeg.exe
    ok 'nor that of ffprobe.exe' hardened ffprobe.exe
    ok 'the properties of ffmpeg.exe say which one it is' version ffmpeg.exe
    ok 'and those of ffprobe.exe' version ffprobe.exe
    ok 'no path of this machine is in it' not_local
done

finish
