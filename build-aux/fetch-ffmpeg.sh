#!/bin/sh
#
# Put the newest source tarball of an FFmpeg release line into the cache and
# print its path.
#
#   build-aux/fetch-ffmpeg.sh RELEASE [CACHE-DIR]
#
# In this order: what the cache has already; the Debian source package, asked
# of the mirror that this machine's own apt configuration names (a private
# source list and state directory, so neither root nor a change of the machine
# is needed); the release tarball on ffmpeg.org, checked against the checksum
# in build-aux/ffmpeg-releases.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 1

say()
{
    printf 'fetch-ffmpeg: %s\n' "$*" >&2
}

die()
{
    say "$*"
    exit 1
}

have()
{
    command -v "$1" >/dev/null 2>&1
}

[ $# -eq 1 ] || [ $# -eq 2 ] ||
    die "usage: build-aux/fetch-ffmpeg.sh RELEASE [CACHE-DIR]"

release=$1
cache=${2:-$here/../build/cache}

row=$(awk -v r="$release" '$1 == r' "$here/ffmpeg-releases")
[ -n "$row" ] ||
    die "unknown release '$release' (there are $(awk '/^[0-9]/ { printf "%s%s", s, $1; s = ", " }' "$here/ffmpeg-releases"))"
# shellcheck disable=SC2086 # four words without blanks or globs in them
set -- $row
pinned=$2 suites=$3 pinned_sha256=$4

mkdir -p "$cache" || die "cannot make the cache directory '$cache'"
cache=$(cd "$cache" && pwd) || die "cannot enter the cache directory"

# Two builds may ask at once: each works in a directory of its own and renames
# the finished tarball into place.
work=
cleanup()
{
    [ -z "$work" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' HUP INT TERM

newest_in_cache()
{
    for tarball in "$cache/ffmpeg-$release".*.tar.xz "$cache/ffmpeg-$release.tar.xz"; do
        [ -s "$tarball" ] && printf '%s\n' "$tarball"
    done | sort -V | tail -n 1
}

# check_sha256 FILE SUM
check_sha256()
{
    [ -s "$1" ] || return 1
    printf '%s  %s\n' "$2" "$1" | sha256sum -c --status 2>/dev/null
}

# accept FILE VERSION: a tarball that cannot be read to its end is never cached
accept()
{
    xz -t "$1" 2>/dev/null || return 1
    mv -f "$1" "$cache/ffmpeg-$2.tar.xz"
}

# from_debian SITE SUITE
from_debian()
{
    signed=
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -r "$keyring" ] && signed="[signed-by=$keyring] "

    mkdir -p "$work/lists/partial" "$work/archives/partial"
    printf 'deb-src %s%s %s main\n' "$signed" "$1" "$2" >"$work/sources.list"
    apt="-o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=-
         -o Dir::State::lists=$work/lists -o Dir::Cache=$work
         -o Acquire::Retries=3 -o Acquire::Languages=none
         -o Acquire::http::Timeout=30 -o APT::Sandbox::User=root"

    # shellcheck disable=SC2086 # a list of options
    apt-get $apt -qq update >>"$work/log" 2>&1
    # shellcheck disable=SC2086
    apt-cache $apt showsrc --only-source ffmpeg >"$work/showsrc" 2>>"$work/log" ||
        return 1

    # "VERSION SHA256 FILE" of each original tarball of this line
    entry=$(awk -v r="$release" '
        length($1) == 64 && $3 ~ /\.orig\.tar\.xz$/ {
            version = $3
            sub(/^ffmpeg_/, "", version)
            sub(/\.orig\.tar\.xz$/, "", version)
            if (version == r || index(version, r ".") == 1)
                print version, $1, $3
        }' "$work/showsrc" | sort -V | tail -n 1)
    [ -n "$entry" ] || return 1
    # shellcheck disable=SC2086 # three words
    set -- $entry
    package=$(awk -v v="$1" '
        /^Version:/ && index($2, v "-") && $2 ~ "(^|:)" v "-" { print $2 }' \
        "$work/showsrc" | sort -V | tail -n 1)

    # The description of the package may be missing on a mirror while the
    # tarball is there, so it is the tarball's checksum that decides.
    # shellcheck disable=SC2086
    (cd "$work" && apt-get $apt -qq source --download-only --only-source \
        "ffmpeg=$package") >>"$work/log" 2>&1
    if ! check_sha256 "$work/$3" "$2"; then
        # shellcheck disable=SC2086
        (cd "$work" && apt-get $apt -qq source --download-only --tar-only \
            --only-source "ffmpeg=$package") >>"$work/log" 2>&1
    fi
    check_sha256 "$work/$3" "$2" && accept "$work/$3" "$1"
}

from_any_debian()
{
    have apt-get && have apt-cache && have sha256sum || return 1
    # shellcheck disable=SC2016 # $(SITE) is apt's, not the shell's
    sites=$(apt-get indextargets --no-release-info --format '$(SITE)' 2>/dev/null |
            grep -v security | sort -u)
    for site in $sites; do
        for suite in $(printf '%s' "$suites" | tr , ' '); do
            rm -rf "$work/lists" "$work/archives" "$work"/*.bin
            from_debian "$site" "$suite" && return 0
        done
    done
    return 1
}

from_ffmpeg_org()
{
    url=https://ffmpeg.org/releases/ffmpeg-$pinned.tar.xz
    for attempt in 1 2 3; do
        [ "$attempt" = 1 ] || sleep 2
        if have curl; then
            curl -fsSL --connect-timeout 20 --retry 2 -o "$work/tarball" "$url" \
                2>>"$work/log"
        elif have wget; then
            wget -q --timeout=20 -O "$work/tarball" "$url" 2>>"$work/log"
        else
            echo "neither curl nor wget is installed" >>"$work/log"
            return 1
        fi
        if [ -s "$work/tarball" ] &&
           ! check_sha256 "$work/tarball" "$pinned_sha256"; then
            echo "$url does not have the checksum in build-aux/ffmpeg-releases" \
                >>"$work/log"
            continue
        fi
        accept "$work/tarball" "$pinned" && return 0
    done
    return 1
}

tarball=$(newest_in_cache)
if [ -z "$tarball" ]; then
    work=$(mktemp -d "$cache/fetch.XXXXXX") || die "cannot write in '$cache'"
    if from_any_debian; then
        :
    elif from_ffmpeg_org; then
        :
    else
        reason=$(tail -n 1 "$work/log" 2>/dev/null)
        die "could not get FFmpeg $release from Debian or ffmpeg.org (${reason:-no source answered}); put ffmpeg-$pinned.tar.xz into $cache or pass the tree with FFMPEG_SRC="
    fi
    tarball=$(newest_in_cache)
    [ -n "$tarball" ] || die "cannot write in '$cache'"
    say "got $(basename "$tarball")"
fi
printf '%s\n' "$tarball"
