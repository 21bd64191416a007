#!/bin/sh
# Not run: makeimage.sh and build.sh, which want docker; tests/packaging clones the branch as they do.
#
# A branch with the device in it, for BtbN/FFmpeg-Builds, whose build.sh clones what it builds:
#
#   packaging/btbn/make-branch.sh FFMPEG-CLONE [START [BRANCH]]
#
# FFMPEG-CLONE is a git clone of FFmpeg. START is what the branch begins at, in the clone or in its
# origin (master; release/9.0, n9.0.2 ...), and BRANCH is its name (magnifier). What is checked out there
# stays as it is. Then push it to a repository that a container can clone from, and in a clone of
# FFmpeg-Builds:
#
#   ./makeimage.sh win64 gpl
#   FFMPEG_REPO_OVERRIDE=URL GIT_BRANCH_OVERRIDE=magnifier ./build.sh win64 gpl
#
# The device is on by default there, and for winarm64 too, where nobody has tried it. This script needs git
# and patch(1), and prints what the branch has.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -eu

die()
{
    printf 'make-branch: %s\n' "$*" >&2
    exit 1
}

if [ $# -lt 1 ] || [ $# -gt 3 ]; then
    die 'usage: packaging/btbn/make-branch.sh FFMPEG-CLONE [START [BRANCH]]'
fi
clone=$1 start=${2:-master} branch=${3:-magnifier}
root=$(cd "$(dirname "$0")/../.." && pwd)

# has COMMIT: it is in the clone
has()
{
    git -C "$clone" rev-parse -q --verify "$1^{commit}" >/dev/null
}

# a fresh clone has a branch of its own for master only
has "$start" || ! has "origin/$start" || start=origin/$start
has "$start" || die "there is no $start in $clone"
! git -C "$clone" rev-parse -q --verify "refs/heads/$branch" >/dev/null ||
    die "there is a branch $branch in $clone; remove it, or name another"

work=$(mktemp -d)
clean_up()
{
    git -C "$clone" worktree remove --force "$work/tree" 2>/dev/null || :
    rm -rf "$work"
    [ -z "$unfinished" ] || git -C "$clone" branch -q -D "$branch" 2>/dev/null || :
}
unfinished=1
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

git -C "$clone" worktree add -q --no-track -b "$branch" "$work/tree" "$start"
sh "$root/packaging/add-device.sh" "$work/tree"
git -C "$work/tree" add -A
# somebody who has told git no name, as in a container
git -C "$work/tree" -c user.name="$(git -C "$clone" config user.name || echo ffmpeg-magnifier)" \
    -c user.email="$(git -C "$clone" config user.email || echo developers@ffmpeg-magnifier.invalid)" \
    commit -q -m 'avdevice: add magnifier input device'
unfinished=
echo "make-branch: branch $branch of $clone is $start with the device"
