#!/bin/bash
#
# All that can be said about the tree without running it. Every check is made,
# each says ok or FAILED with what it found, and one failure is enough.
#
#   build-aux/lint.sh [PATTERN]
#
# PATTERN: only those checks whose name it finds (an extended regular expression).
#
# Needs what deps.sh installs, and the tarballs of FFmpeg that fetch-ffmpeg.sh finds.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

cd "$(dirname "$0")/.." || exit 1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

releases=$(awk '/^[0-9]/ { print $1 }' build-aux/ffmpeg-releases)
only=${1:-.}
failed=

# check NAME COMMAND...: the command prints what is wrong, or fails, or both
check()
{
    local name=$1 found status
    [[ $name =~ $only ]] || return 0
    shift
    found=$("$@" 2>&1)
    status=$?
    if [ "$status" -eq 0 ] && [ -z "$found" ]; then
        echo "ok - $name"
    else
        echo "FAILED - $name"
        printf '%s\n' "${found:-exit status $status}" | sed 's/^/    /'
        failed=1
    fi
}

# files PATTERN...: the project's files, those about to be added among them
files()
{
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while IFS= read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done
}

# grep's "nothing found" is what all the checks want to hear.
none()
{
    "$@"
    [ $? -le 1 ]
}

scripts()
{
    files | while IFS= read -r file; do
        case $(head -c 40 "$file" | head -n 1 | tr -d '\0') in
        '#!'*sh | '#!'*'sh '*) printf '%s\n' "$file" ;;
        esac
    done
}

# Warnings and errors; what shellcheck itself calls information or style is a
# matter of taste in tests that call their functions by name.
shellcheck_scripts()
{
    scripts | xargs -d '\n' shellcheck -x -S warning
}

# What the shell itself refuses: shellcheck reads bash in a file for dash, too.
shell_syntax()
{
    scripts | while IFS= read -r file; do
        case $(head -n 1 "$file") in
        *bash*) bash -n "$file" ;;
        *) dash -n "$file" ;;
        esac || echo "$file"
    done
}

# It sees no header of FFmpeg's. A statement as the last argument of a macro that it does not know
# stops its parser, so the macros of common.h that take one are empty here.
cppcheck_for()
{
    cppcheck -q --platform="$1" --std=c11 --inline-suppr --error-exitcode=1 \
        --enable=warning,performance,portability \
        -D_WIN32 -D__GNUC__ -D'PUT_UTF8(a,b,c)=' -D'PUT_UTF16(a,b,c)=' -D'GET_UTF8(a,b,c)=' \
        -I. libavdevice tests
}

# As tests/fate/source-check.sh of FFmpeg.
licence_headers()
{
    files 'libavdevice/*.[ch]' | xargs -d '\n' grep -L 'This file is part of FFmpeg'
    files 'libavdevice/*.[ch]' |
        xargs -d '\n' grep -L -E '^ \* Copyright \(c\) 20[0-9-]+ The ffmpeg-magnifier developers$'
    files 'tests/*.[ch]' | xargs -d '\n' -r grep -L -i -E \
        'GNU Lesser General Public|licen[cs]e|This file is part of FFmpeg'
}

include_guards()
{
    files 'libavdevice/*.h' | while IFS= read -r file; do
        guard=$(printf '%s' "$file" | sed 's/^lib//; s/[^A-Za-z0-9]\{1,\}/_/g' | tr '[:lower:]' '[:upper:]')
        grep -q "^#define $guard\$" "$file" || echo "$file: no #define $guard"
    done
}

tabs()
{
    none git grep -nP --untracked '\t' -- 'libavdevice' '*.sh' '*.[ch]' \
        configure-wrapper.sh ':!patches'
}

trailing_blanks()
{
    none git grep -nIP --untracked '[ \t]+$' -- . ':!patches' ':!COPYING*' ':!tests/fuzz/corpus'
}

line_ends()
{
    none git grep -lIP --untracked '\r$' -- . ':!tests/fuzz/corpus'
    files '*.[ch]' '*.sh' '*.mk' '*.md' Makefile | while IFS= read -r file; do
        [ -z "$(tail -c 1 "$file")" ] || echo "$file: no line end at its end"
    done
}

left_open()
{
    none git grep -nIE --untracked '\b(TODO|FIXME|XXX)\b' -- libavdevice patches
}

# The device must not know its tests.
knows_no_test()
{
    none git grep -nIE --untracked '#[[:space:]]*if(def|[[:space:]]+defined).*(TEST|WINE|SIMULAT)' -- libavdevice
}

windows_results()
{
    build-aux/windows-results.sh --check 2>"$work/log" || cat "$work/log"
}

# patcheck reads a patch to C; of a patch to configure and a Makefile it
# complains about what is no fault: configure writes the demuxer's list, and
# Changelog belongs to FFmpeg. A manual is not for it.
patcheck()
{
    local tree=$1 patch=$2
    (
        cd "$work" || exit 1
        awk '/^diff --git/ { manual = / a\/doc\// } !manual' "$patch" | sh "$tree/tools/patcheck" 2>&1
    ) | sed 's/\x1b\[[0-9;]*[mK]//g' | awk '
        /^\+/ || NR <= 6 || /^$/ { next }
        /^possibly (never|constant)/ && /ff_magnifier_demuxer/ { next }
        /^(Non static with no ff_\/av_ prefix|possibly unused variables)$/ { next }
        /^Missing changelog entry/ { next }
        { print }'
}

# The manual names the options that there are, and FFmpeg's own script for manual
# pages understands all of it: what it does not know it leaves as it is. \u{ is ours.
manual()
{
    local tree=$1
    diff <(sed -n 's/^ *{ "\([a-z_]*\)",.*/\1/p' libavdevice/magnifier/magnifier.c | sort -u) \
         <(sed '1,/^@subsection Options/d' doc/magnifier.texi | sed -n 's/^@item //p' | sort -u)
    { printf '@setfilename x\n@settitle x\n@chapter Devices\n'; cat doc/magnifier.texi; echo @bye; } >"$work/manual"
    if perl "$tree/doc/texi2pod.pl" "$work/manual" "$work/manual.pod"; then
        podchecker -nowarnings "$work/manual.pod" 2>&1 | grep -v "syntax OK"
        none grep -nE '@|(^|[^\\])\b[a-z]+\{' "$work/manual.pod"
    fi
}

# README's map names each file of the device and each folder, and none that there is not.
map_of_the_code()
{
    local map name
    map=$(sed '1,/^## How the code is laid out/d; /^## /,$d' README.md | sed -n 's/^    //p')
    for name in $(git ls-files libavdevice/magnifier/'*.c' | sed 's|.*/||') \
                $(git ls-files | sed -n 's|^tests/\([^/]*/\).*|\1|p; t; s|^\([^./][^/]*/\).*|\1|p' | sort -u); do
        case $name in libavdevice/|doc/) continue ;; esac
        printf '%s\n' "$map" | grep -qE "(^|[ /])$name" || echo "README's map lacks $name"
    done
    for name in $(printf '%s\n' "$map" | grep -oE '[a-z_0-9]+\.c\b'); do
        [ -e "libavdevice/magnifier/$name" ] || echo "README's map has $name"
    done
}

# git am of a patch onto the release's own files, then with the text of the
# 7.1 patch: one text is to fit 7.1 and everything after it.
git_am()
{
    local release=$1 tree=$2 patch from
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    export GIT_AUTHOR_NAME=lint GIT_AUTHOR_EMAIL=lint@example.invalid
    export GIT_COMMITTER_NAME=lint GIT_COMMITTER_EMAIL=lint@example.invalid
    for from in "$release" 7.1; do
        [ "$release" != 5.1 ] || [ "$from" = 5.1 ] || continue
        patch=$(echo "$root/patches/$from"/*.patch)
        rm -rf "$work/am"
        mkdir -p "$work/am/libavdevice" "$work/am/doc"
        cp -p "$tree/configure" "$work/am/"
        cp -p "$tree/libavdevice/Makefile" "$tree/libavdevice/alldevices.c" "$work/am/libavdevice/"
        cp -p "$tree/doc/indevs.texi" "$work/am/doc/"
        (
            # also when git itself runs this (rebase --exec, a hook)
            # shellcheck disable=SC2046 # names
            unset $(git rev-parse --local-env-vars)
            cd "$work/am" && git init -q && git add . && git commit -q -m "$release" &&
            git am -q "$patch" && git diff --quiet HEAD
        ) || { echo "the patch of $from does not apply with git am on $release"; continue; }
        [ "$(git -C "$work/am" diff --name-only HEAD~ | sort | tr '\n' ' ')" = \
          'configure doc/indevs.texi libavdevice/Makefile libavdevice/alldevices.c ' ] ||
            echo "the patch of $from touches more than FFmpeg's hook points"
    done
}

# The device's objects in the releases that "make test" does not build whole.
compiles_in()
{
    local release=$1 tree=build/$1/x86_64 objects=()
    for file in libavdevice/magnifier/*.c; do
        objects+=("${file%.c}.o")
    done
    ./configure-wrapper.sh --if-needed --release "$release" --arch x86_64 >"$work/log" 2>&1 ||
        { tail -n 15 "$work/log"; return 1; }
    make -s -j"$(nproc)" -k -C "$tree" -f "$root/build-aux/strict.mk" \
        libavdevice/alldevices.o "${objects[@]}" >"$work/log" 2>&1 ||
        { grep -E '(error|warning|\*\*\*)' "$work/log" | head -n 40; return 1; }
}

# Another compiler, and what Microsoft's and others would not take: their extensions are on
# and GNU's are warned of, as far as the headers of FFmpeg and mingw-w64 get through (these ask
# for a GCC). What is not warned of is what strict.mk does not warn of either. The configuration is
# that of the x86_64 tree, with another processor.
clang_for()
{
    local arch=$1 release=$2 tree=build/$2/x86_64 cppflags file
    command -v clang >/dev/null || { echo 'clang is not installed (make deps)'; return; }
    mkdir -p "$work/$arch"
    {
        echo "#include \"$root/$tree/config.h\""
        case $arch in
        x86_64) set -- ;;
        i686) set -- ARCH_X86_64=0 ARCH_X86_32=1 ;;
        aarch64) set -- ARCH_X86=0 ARCH_X86_64=0 ARCH_AARCH64=1 HAVE_INLINE_ASM=0 HAVE_MM_EMPTY=0 ;;
        esac
        [ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/\(.*\)=\(.*\)/#undef \1\n#define \1 \2/'
    } >"$work/$arch/config.h"
    read -ra cppflags < <(sed -n 's/^CPPFLAGS=//p' "$tree/ffbuild/config.mak")
    for file in libavdevice/magnifier/*.c; do
        clang --target="$arch-w64-windows-gnu" -isystem /usr/share/mingw-w64/include \
            "${cppflags[@]}" -std=c11 -DHAVE_AV_CONFIG_H -DBUILDING_avdevice -I"$work/$arch" -I"$tree" \
            -c -o /dev/null -fms-compatibility -fgnuc-version=4.2.1 -Wall -Wextra -Wmicrosoft -Wgnu \
            -Wvla -pedantic -Wno-unused-parameter -Wno-missing-field-initializers -Werror "$file"
    done
}

# each_file COMMAND: for all of the device's files that are on the standard input, as many at once
# as there are processors
each_file()
{
    export -f "${1?}"
    xargs -P "$(nproc)" -I '{}' bash -c "$1 {}"
}

# What gcc says of the ways through a function, of the files without Win32 and of those with it. This
# and clang-tidy read the device only, which lives in other people's processes for days: a test ends
# with what it holds, leaves a failure of its own to its claims, and is run under sanitizers where it
# is native; the minutes are better spent on what ships.
analyze_native()
{
    gcc -std=c11 -D_GNU_SOURCE -O2 -fanalyzer -Wall -Wextra -Wno-unused-parameter -Werror -I. -c -o /dev/null "$1"
}

analyze_win32()
{
    x86_64-w64-mingw32-gcc -std=gnu17 -O2 -fanalyzer -Werror -DHAVE_AV_CONFIG_H -D_WIN32_WINNT=0x0600 \
        -D__USE_MINGW_ANSI_STDIO=1 -Ibuild/9.0/x86_64 -I. -c -o /dev/null "$1"
}

analyzer()
{
    grep -L '"config\.h"' libavdevice/magnifier/*.c | each_file analyze_native
    grep -l '"config\.h"' libavdevice/magnifier/*.c | each_file analyze_win32
}

# What is asked, and what is not and why, stands in .clang-tidy. It says on standard error how many
# warnings there were in headers that are not ours.
tidy_file()
{
    clang-tidy --quiet "$1" -- --target=x86_64-w64-windows-gnu -isystem /usr/share/mingw-w64/include \
        -std=c11 -U__STRICT_ANSI__ -D__USE_MINGW_ANSI_STDIO=1 -D_POSIX_C_SOURCE=200112 -D_XOPEN_SOURCE=600 \
        -DHAVE_AV_CONFIG_H -DBUILDING_avdevice -Ibuild/9.0/x86_64 -I. 2>&1 |
        grep -v '^[0-9]* warnings\? \(and [0-9]* errors\? \)\?generated'
    [ "${PIPESTATUS[0]}" -eq 0 ]
}

tidy()
{
    command -v clang-tidy >/dev/null || { echo 'clang-tidy is not installed (make deps)'; return; }
    printf '%s\n' libavdevice/magnifier/*.c | each_file tidy_file
}

# What a check says is taken for a finding, so what has to be fetched comes first.
for release in $(awk '/^[0-9]/ { print $1 }' build-aux/ffmpeg-releases); do
    build-aux/fetch-ffmpeg.sh "$release" >/dev/null || exit 1
done

check 'shellcheck' shellcheck_scripts
check 'shell syntax' shell_syntax
check 'cppcheck, 64 bit' cppcheck_for win64
check 'cppcheck, 32 bit' cppcheck_for win32W
check 'licence headers' licence_headers
check 'include guards' include_guards
check 'no tabs' tabs
check 'no trailing blanks' trailing_blanks
check 'line ends' line_ends
check 'nothing left open' left_open
check 'the device knows no test' knows_no_test
check 'mutants find what they change' tests/e2e/mutants.sh --patterns
check 'mutants of windows-room find it' tests/windows-room/mutants.sh --patterns
check 'README maps the code' map_of_the_code
check 'doc/assumptions.md says what Windows machines answered' windows_results
check 'patches list the sources that there are' build-aux/make-patches.sh --check
for release in $releases; do
    tree=$work/$release
    mkdir "$tree"
    if tarball=$(build-aux/fetch-ffmpeg.sh "$release") &&
       tar -xJf "$tarball" -C "$tree" --strip-components=1 --wildcards '*/configure' \
           '*/libavdevice/Makefile' '*/libavdevice/alldevices.c' '*/doc/indevs.texi' \
           '*/doc/texi2pod.pl' '*/tools/patcheck'; then
        check "patcheck, FFmpeg $release" patcheck "$tree" "$(echo "$root/patches/$release"/*.patch)"
        check "git am, FFmpeg $release" git_am "$release" "$tree"
        check "manual, FFmpeg $release" manual "$tree"
    else
        check "source of FFmpeg $release" false
    fi
done
for release in 8.1 9.0; do
    check "no warning in FFmpeg $release" compiles_in "$release"
done
check 'gcc -fanalyzer' analyzer
check 'clang-tidy' tidy
for arch in x86_64 i686 aarch64; do
    check "no warning from clang, $arch" clang_for "$arch" 9.0
done

[ -z "$failed" ]
