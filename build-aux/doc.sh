#!/bin/sh
#
# The manual as a page of its own, from doc/magnifier.texi, which is otherwise a section of
# FFmpeg's: HTML, text, and a manual page.
#
#   build-aux/doc.sh RELEASE OUTPUT-DIR
#
# FFmpeg's own script makes the manual page, so that of RELEASE is taken. The same sources give
# the same bytes. Needs makeinfo, perl and git; prints nothing.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

[ $# -eq 2 ] || { echo 'usage: build-aux/doc.sh RELEASE OUTPUT-DIR' >&2; exit 1; }

root=$(cd "$(dirname "$0")/.." && pwd)
release=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM

command -v makeinfo >/dev/null 2>&1 || {
    echo 'doc: makeinfo is not installed (Debian: apt-get install texinfo)' >&2
    exit 1
}

# a section of a chapter becomes a chapter of a book
{
    cat <<END
\\input texinfo
@documentencoding UTF-8
@documentlanguage en
@settitle magnifier: record the Windows screen without the windows you name
@node Top
@top magnifier: record the Windows screen without the windows you name
@raisesections
END
    cat "$root/doc/magnifier.texi"
    echo '@bye'
} >"$work/magnifier.texi"

# a second file for the manual page: its script wants a name and a description
tarball=$("$root/build-aux/fetch-ffmpeg.sh" "$release")
tar -xJf "$tarball" -C "$work" --strip-components=2 --wildcards '*/doc/texi2pod.pl'
{
    printf '@setfilename magnifier\n@settitle record the Windows screen without the windows you name\n'
    printf '@chapter Description\n@c man begin DESCRIPTION\n'
    cat "$root/doc/magnifier.texi"
    printf '@c man end\n@bye\n'
} >"$work/man.texi"

cd "$work"
makeinfo --html --no-split --no-headers -o "$out/magnifier.html" magnifier.texi
makeinfo --plaintext -o "$out/magnifier.txt" magnifier.texi
perl texi2pod.pl man.texi magnifier.pod
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
pod2man --section=1 --center='FFmpeg devices' --release='ffmpeg-magnifier' \
    --date="$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" --name=FFMPEG-MAGNIFIER magnifier.pod >"$out/ffmpeg-magnifier.1"
