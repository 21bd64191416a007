#!/bin/sh
#
# A second Wine: /usr and /etc of Debian 13, whose Wine is 10.0, in a tree of their own.
#
#   build-aux/wine10.sh                  make the tree, if it is not there
#   build-aux/wine10.sh run COMMAND...   run COMMAND with them in the place of this machine's
#   build-aux/wine10.sh remove           remove the tree
#
# The tree is build/cache/wine10, or $MAGNIFIER_WINE10. To make it takes root or sudo,
# debootstrap, some three minutes and 2 GB. The packages come from the mirror that this
# machine's own apt configuration names, or from $MAGNIFIER_MIRROR.
#
# Whatever is mounted, is mounted in a namespace that ends with the command: nobody else
# sees it, and what removes the tree cannot reach into /dev or /proc. To run a command
# takes root or a kernel that gives users namespaces of their own; without root, Wine was
# seen to crash there now and then while it makes its prefix.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -u

suite=trixie
recipe=1

self=$(cd "$(dirname "$0")" && pwd)/${0##*/} || exit 1
root=${self%/build-aux/*}
tree=${MAGNIFIER_WINE10:-$root/build/cache/wine10}

say()
{
    printf 'wine10: %s\n' "$*" >&2
}

die()
{
    say "$*"
    exit 125
}

have()
{
    command -v "$1" >/dev/null 2>&1
}

# The libraries with 32 bit, too: without libxrandr2 of its own, a 32-bit program of Wine 10
# never comes to rest once it has a window over the whole screen.
packages()
{
    "${self%/*}/deps.sh" --list-desktop | sed '/^lib/{p;s/$/:i386/;}'
}

# What is in the tree, so that another list makes another tree.
contents()
{
    echo "$suite $recipe" "$(packages)"
}

is_made()
{
    [ "$(cat "$tree/contents" 2>/dev/null)" = "$(contents)" ]
}

# as_root COMMAND...
as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Its mounts would be somebody else's, who has not ended.
remove()
{
    [ -e "$1" ] || return 0
    ! grep -qF " $1/" /proc/self/mountinfo || die "something is mounted below $1"
    rm -rf --one-file-system "$1" 2>/dev/null || as_root rm -rf --one-file-system "$1"
}

mirrors()
{
    if [ -n "${MAGNIFIER_MIRROR-}" ]; then
        echo "$MAGNIFIER_MIRROR"
        return
    fi
    # shellcheck disable=SC2016 # $(SITE) is apt's, not the shell's
    apt-get indextargets --no-release-info --format '$(SITE)' 2>/dev/null | grep -v security | sort -u
}

# fill MIRROR DIR PROXY PACKAGE...: as root, in a mount namespace of its own
fill()
{
    mirror=$1
    dir=$2
    [ -z "$3" ] || export http_proxy="$3"
    shift 3
    debootstrap --variant=minbase "$suite" "$dir" "$mirror" || return 1
    # Debian's own way to say that no service is to be started.
    printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
    chmod 755 "$dir/usr/sbin/policy-rc.d"
    mount -t proc proc "$dir/proc" && mount --rbind /dev "$dir/dev" || return 1
    in_tree="chroot $dir env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8"
    apt="apt-get -q -y -o Acquire::Retries=3 -o Acquire::Languages=none -o APT::Sandbox::User=root"
    $in_tree dpkg --add-architecture i386 &&
        $in_tree $apt update &&
        $in_tree $apt install --no-install-recommends "$@" &&
        $in_tree $apt clean || return 1
    rm -rf "$dir"/var/lib/apt/lists/* "$dir"/usr/share/doc "$dir"/usr/share/man "$dir"/usr/share/locale
}

make_tree()
{
    for tool in debootstrap unshare flock apt-get; do
        have "$tool" || die "no Wine 10: $tool is missing ('build-aux/deps.sh' installs what is needed)"
    done
    [ "$(id -u)" -eq 0 ] || have sudo || die "no Wine 10: neither root nor sudo to make a tree of Debian 13"
    as_root unshare --mount true || die "no Wine 10: this machine gives no mount namespace"
    mkdir -p "${tree%/*}" || die "cannot make ${tree%/*}"
    exec 9>"$tree.lock" && flock 9 || die "cannot lock $tree.lock"
    ! is_made || return 0
    say "making a tree of Debian 13 with its Wine (once, some minutes)"
    proxy=
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    for mirror in $(mirrors); do
        remove "$tree"
        remove "$tree.new"
        # shellcheck disable=SC2046 # a list of packages
        as_root unshare --mount sh "$self" fill "$mirror" "$tree.new" "${proxy:-${http_proxy-}}" \
            $(packages) >"$tree.log" 2>&1 </dev/null || continue
        contents | as_root tee "$tree.new/contents" >/dev/null &&
            as_root mv "$tree.new" "$tree" && return 0
    done
    tail -n 3 "$tree.log" >&2
    die "no Wine 10: the tree could not be made, all that was said is in $tree.log"
}

# enter COMMAND...: in a mount namespace of its own
enter()
{
    mount --rbind "$tree/usr" /usr && mount --rbind "$tree/etc" /etc || die "cannot mount the tree"
    # its programs are there, whatever else the caller has
    export PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    cd . || die "cannot stay in $(pwd)"
    exec "$@"
}

run()
{
    is_made || die "there is no Wine 10 in $tree ('build-aux/wine10.sh' makes it)"
    for link in /bin /lib /lib64 /sbin; do
        [ -L "$link" ] || die "$link is no link into /usr here, so another /usr cannot take its place"
    done
    case $root/ in
    /usr/*|/etc/*) die "the project cannot be in $root, as another folder takes its place" ;;
    esac
    if [ "$(id -u)" -eq 0 ]; then
        exec unshare --mount sh "$self" enter "$@"
    fi
    unshare --map-root-user --mount true 2>/dev/null ||
        die "this machine gives users no mount namespace: be root"
    # Root is what one is only to mount.
    exec unshare --map-root-user --mount sh "$self" enter \
        unshare --user --map-user="$(id -u)" --map-group="$(id -g)" "$@"
}

mode=${1:-make}
[ $# -eq 0 ] || shift
case $mode in
make)   is_made || make_tree ;;
run)    run "$@" ;;
remove) remove "$tree.new" && remove "$tree" && rm -f "$tree.lock" "$tree.log" ;;
fill)   fill "$@" ;;
enter)  enter "$@" ;;
*)      die "usage: build-aux/wine10.sh [run COMMAND...|remove]" ;;
esac
