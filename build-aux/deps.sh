#!/bin/sh
#
# Install what building, recording and testing need on Debian 12 or later.
# Quick, and needs no rights, when nothing is missing; else as root or by sudo.
#
#   build-aux/deps.sh [--list|--list-desktop]
#
# --list-desktop names what tests/desktop runs with, which the tree of
# build-aux/wine10.sh has, too.
#
# With CI set a machine that cannot have 32-bit Wine is a failure; else it is
# said: the 32-bit tests will fail there.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

say()
{
    printf 'deps: %s\n' "$*" >&2
}

die()
{
    say "$*"
    exit 1
}

build='make gcc libc6-dev gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 mingw-w64-tools
       libz-mingw-w64-dev nasm pkg-config patch xz-utils git ca-certificates curl perl
       ccache zip texinfo'
# Wine opens the X libraries at run time and only recommends them: without
# libxrandr2 it sees no second monitor, without libxcursor1 no coloured pointer.
desktop='wine wine64 libxcomposite1 libxcursor1 libxfixes3 libxi6 libxinerama1
         libxrandr2 libxrender1 libxxf86vm1 fonts-dejavu-core fonts-wine xserver-xorg-core
         xserver-xorg-video-dummy x11-xserver-utils x11-utils xcompmgr xdotool
         imagemagick procps util-linux unzip jq'
tests='libcmocka-dev libavutil-dev clang libclang-rt-dev clang-tidy valgrind spin gnuplot-nox
       shellcheck cppcheck debootstrap python3 cmake bsdutils'
wine32='wine32:i386'

# shellcheck disable=SC2086 # lists
all=$(printf '%s\n' $build $desktop $tests $wine32)

case ${1-} in
--list)
    printf '%s\n' "$all"
    exit 0
    ;;
--list-desktop)
    # shellcheck disable=SC2086 # lists
    printf '%s\n' $desktop $wine32
    exit 0
    ;;
esac

missing()
{
    for package in $all; do
        state=$(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null)
        case $state in
        *installed*)
            case $state in *not-installed*) ;; *) continue ;; esac
            ;;
        esac
        printf '%s ' "$package"
    done
}

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    say "this is no Debian machine, so nothing is installed; 'build-aux/deps.sh --list' names what is needed"
    exit 0
fi

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1; then
    sudo=sudo
else
    die "neither root nor sudo to install: $wanted"
fi

as_root()
{
    $sudo env DEBIAN_FRONTEND=noninteractive "$@"
}

log=$(mktemp)
preferences=$(mktemp)
trap 'rm -f "$log" "$preferences"' EXIT
trap 'exit 130' HUP INT TERM

# install PACKAGE... with apt's own preferences, then with the security suite
# ranked below the main one. Where the i386 half of the security suite cannot
# be read, the amd64 libraries would be newer than any i386 ones, and the two
# must be of one version to be installed side by side. The preference is for
# this one transaction; nothing of the machine's setting changes.
cat >"$preferences" <<EOF
Package: *
Pin: release l=Debian-Security
Pin-Priority: 50
EOF
chmod 644 "$preferences"

install()
{
    as_root apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "$@" >"$log" 2>&1 && return 0
    as_root apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
        -o Dir::Etc::Preferences="$preferences" \
        install --no-install-recommends "$@" >"$log" 2>&1
}

say "installing $wanted"
case " $wanted " in
*:i386\ *)
    if ! dpkg --print-foreign-architectures | grep -qx i386; then
        as_root dpkg --add-architecture i386 || say "this machine takes no i386 packages"
    fi
    ;;
esac
# An index that cannot be read is not the end: what is missing may be there
# without it, and if not, the install says so.
as_root apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 update >"$log" 2>&1

# shellcheck disable=SC2086 # a list of packages
install $wanted && exit 0

# All but 32-bit Wine, then?
reason=$(grep -E '^(E:| [a-z].*Depends)' "$log" | head -n 3 | tr '\n' ' ')
all=$(printf '%s\n' "$all" | grep -vx "$wine32")
wanted=$(missing)
# shellcheck disable=SC2086
if [ -z "$wanted" ] || install $wanted; then
    say "32-bit Wine ($wine32) cannot be installed here: $reason"
    [ -z "${CI-}" ] || exit 1
    say "tests of 32-bit programs will fail; for the others: make test-e2e E2E_ARCHES=x86_64"
    exit 0
fi
tail -n 15 "$log" >&2
die "could not install: $(missing)"
