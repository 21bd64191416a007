#!/bin/sh
#
# Each way of packaging/ into somebody's build, as far as it goes here: in a tree of FFmpeg's
# tarball, with what the route's own tool does imitated. Nothing is configured or built, see configured.sh.

# shellcheck disable=SC2317 # functions that ok calls
# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/../build/tap.sh"

# Also when git itself runs this (rebase --exec, a hook), and whoever runs it.
# shellcheck disable=SC2046 # names
unset $(git rev-parse --local-env-vars)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git_as() { git -c user.name=test -c user.email=test@example.invalid "$@"; }

# The project as it would be cloned, with what is not committed yet.
root=$scratch/ffmpeg-magnifier
mkdir "$root"
(cd "$project" && cp -Rp .gitattributes libavdevice packaging patches "$root")
(cd "$root" && git init -q && git add -A && git_as commit -q -m project)

# unpack RELEASE: what a patch or the device could touch of it, in $scratch/RELEASE, with git
unpack()
{
    tarball=$("$project/build-aux/fetch-ffmpeg.sh" "$1") || return
    mkdir "$scratch/$1"
    tar -xJf "$tarball" -C "$scratch/$1" --strip-components=1 --wildcards \
        '*/configure' '*/RELEASE' '*/Makefile' '*/libavdevice/*' '*/doc/indevs.texi'
    (cd "$scratch/$1" && git init -q -b master && git add -A && git_as commit -q -m "FFmpeg $1")
}

# fresh NAME [RELEASE]: a tree for one route to work on
fresh()
{
    rm -rf "${scratch:?}/$1"
    cp -Rp "$scratch/${2:-9.0}" "$scratch/$1"
}

# as_expected TREE [PATTERN...]: it is the tree of the checkout's route, but for what is named
as_expected()
{
    tree=$1
    shift
    set -- --exclude=.git "$@"
    diff -r "$@" "$scratch/expected" "$tree" >"$scratch/out" 2>&1
}

fails_with()
{
    [ "$status" -ne 0 ] && grep -qF -e "$1" "$scratch/err"
}

same()
{
    [ "$1" = "$2" ]
}

starts_with_what_was_not_run()
{
    case $1 in
    *.md) line=1 ;;
    *) line=1,2 ;;
    esac
    sed -n "${line}p" "$1" | grep -q '^\(# \)\?Not run: '
}

for release in 9.0 7.1 5.1; do
    run unpack "$release"
    ok "the source of FFmpeg $release" succeeded
done

for file in "$root"/packaging/*/*; do
    ok "${file#"$root/packaging/"} says at once what nobody has run" starts_with_what_was_not_run "$file"
done

# ------------------------------------------------------------------- a checkout

# What its page and README's say, line by line, but for configure.
lines()
{
    sed -n 's/^    \(\(git am\|cp -r\) .*\)/\1/p' "$1" |
        sed "s|/path/to/ffmpeg-magnifier|$root|g" >"$scratch/lines.sh"
    [ "$(wc -l <"$scratch/lines.sh")" -eq 2 ]
}

ok 'checkout: two lines before configure' lines "$root/packaging/checkout/README.md"
fresh expected
run env -C "$scratch/expected" GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.invalid \
    sh -e "$scratch/lines.sh"
ok 'checkout: they go' succeeded
ok 'checkout: the device is there' diff -r "$root/libavdevice/magnifier" "$scratch/expected/libavdevice/magnifier"
ok 'checkout: FFmpeg knows it in four places' same 4 "$(cd "$scratch/expected" &&
    cat configure libavdevice/Makefile libavdevice/alldevices.c |
    grep -c -e '^magnifier_indev_' -e '^include .*/libavdevice/magnifier/Makefile' -e ff_magnifier_demuxer)"
ok 'checkout: so does its manual' grep -q '^@section magnifier' "$scratch/expected/doc/indevs.texi"

ok 'README: the same two lines, for 7.1' lines "$project/README.md"
fresh readme 7.1
run env -C "$scratch/readme" GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.invalid \
    sh -e "$scratch/lines.sh"
ok 'README: they go' succeeded

# ------------------------------------------------------------------ add-device.sh

add=$root/packaging/add-device.sh
fresh tree
run sh "$add" "$scratch/tree"
ok 'add-device: goes' succeeded
ok 'add-device: makes the same tree' as_expected "$scratch/tree"
touch "$scratch/tree/libavdevice/magnifier/lost.c"
run sh "$add" "$scratch/tree"
ok 'add-device: goes a second time' succeeded
ok 'add-device: and makes the same tree, without a file that the device lost' as_expected "$scratch/tree"

# a version with other lines in the same four files, and another manual with a section in it
sed -i 's/^magnifier_indev_deps=.*/magnifier_indev_deps="OtherLibrary"/; /^magnifier_indev_extralibs=/d' "$scratch/tree/configure"
sed -i '/^@section magnifier/,/^@section openal/ { /^The filename/,/^@end example/d; s/exclude/leave out/ }' \
    "$scratch/tree/doc/indevs.texi"
sed -i 's/FFInputFormat  ff_magnifier/AVInputFormat ff_magnifier/' "$scratch/tree/libavdevice/alldevices.c"
ok 'add-device: a tree with another version' eval '! as_expected "$scratch/tree"'
run sh "$add" "$scratch/tree"
ok 'add-device: is brought up to date' succeeded
ok 'add-device: and is the same tree' as_expected "$scratch/tree"
touch -d 2020-01-01 "$scratch/tree/configure" "$scratch/tree/libavdevice/Makefile"
touch -d 2021-01-01 "$scratch/then"
sed -i '/^@section magnifier/,/^@section openal/ s/exclude/leave out/' "$scratch/tree/doc/indevs.texi"
run sh "$add" "$scratch/tree"
ok 'add-device: so is one where only the manual changed' as_expected "$scratch/tree"
ok 'add-device: make has nothing to do for what stays' \
    same '' "$(find "$scratch/tree/configure" "$scratch/tree/libavdevice/Makefile" -newer "$scratch/then")"
ok 'add-device: configure can be run as before' test -x "$scratch/tree/configure"
sed -i '/^magnifier_indev_deps=/s/LoadLibrary/Other/; s/^gdigrab_indev_select=/x&/' "$scratch/tree/configure"
before=$(git -C "$scratch/tree" diff | cksum)
run sh "$add" "$scratch/tree"
ok 'add-device: where no patch fits beside another version it fails' refused 'none of the patches fits'
ok 'add-device: and leaves the device and its lines there' same "$before" "$(git -C "$scratch/tree" diff | cksum)"

fresh tree
# shellcheck disable=SC2016 # make's variable
sed -i '/vfwcap\.o/a OBJS-$(CONFIG_MAGNIFIER_INDEV) += magnifier.o' "$scratch/tree/libavdevice/Makefile"
before=$(git -C "$scratch/tree" diff | cksum)
run sh "$add" "$scratch/tree"
ok 'add-device: what no patch put there is refused' refused 'another magnifier device, in libavdevice/Makefile; begin with a clean tree'
ok 'add-device: and left alone' same "$before" "$(git -C "$scratch/tree" add -AN; git -C "$scratch/tree" diff | cksum)"

fresh tree
# one line of the context: patch would take it with fuzz
sed -i 's/^iec61883_indev_deps=.*/&x/' "$scratch/tree/configure"
before=$(git -C "$scratch/tree" diff | cksum)
run sh "$add" "$scratch/tree"
ok 'add-device: fuzz is refused' refused 'none of the patches fits'
ok 'add-device: and leaves the tree alone' same "$before" "$(git -C "$scratch/tree" add -AN; git -C "$scratch/tree" diff | cksum)"
fresh tree
sed -i '1a # moved' "$scratch/tree/configure"
run sh "$add" "$scratch/tree"
ok 'add-device: where the lines have moved' succeeded
ok 'add-device: no copy is left beside them' as_expected "$scratch/tree" --exclude=configure
run sh "$add" "$root"
ok 'add-device: what is not FFmpeg is refused' refused 'is not an FFmpeg source tree'

# -------------------------------------------------------------------------- MSYS2

# The shape of MSYS2's PKGBUILD, with a patch of its own that is near ours.
mkdir "$scratch/msys2"
cat >"$scratch/msys2/PKGBUILD" <<'END'
_realname=ffmpeg
pkgbase="mingw-w64-${_realname}"
pkgver=9.0.2
source=("https://ffmpeg.org/releases/${_realname}-${pkgver}.tar.xz"{,.asc}
        "0001-gdigrab.patch")
sha256sums=('SKIP'
            'SKIP'
            'SKIP')
validpgpkeys=('FCF986EA15E6E293A5644F10B4322F04D67658D8')

apply_patch_with_msg() {
  for _patch in "$@"
  do
    msg2 "Applying ${_patch}"
    patch -Nbp1 -i "${srcdir}/${_patch}"
  done
}

prepare() {
  cd "${srcdir}/${_realname}-${pkgver}"
  apply_patch_with_msg 0001-gdigrab.patch
}

build() {
  echo "../${_realname}-${pkgver}/configure"
}
END
fresh tree
sed -i 's/GDI API Windows frame grabber/GDI frame grabber/' "$scratch/tree/libavdevice/gdigrab.c"
git -C "$scratch/tree" diff >"$scratch/msys2/0001-gdigrab.patch"
# the four commands of the fragment's comment, but for the last, with what looks like gpg
mkdir "$scratch/bin"
cat >"$scratch/bin/gpg" <<'END'
#!/bin/sh
[ "$1" = --recv-keys ] && shift && printf '%s\n' "$@" >>"$KEYS"
END
chmod +x "$scratch/bin/gpg"
: >"$scratch/keys"
sed -n '1,/^$/s/^#   //p' "$root/packaging/msys2/magnifier.sh" |
    sed "s|/path/to/ffmpeg-magnifier|$root|g; /makepkg/d" >"$scratch/lines.sh"
run env -C "$scratch/msys2" PATH="$scratch/bin:$PATH" KEYS="$scratch/keys" bash -e "$scratch/lines.sh"
ok 'msys2: the fragment is appended as its comment says' succeeded

# What makepkg does: sources into srcdir, signatures checked, archives unpacked, then prepare(), where a
# failure ends it.
cat >"$scratch/makepkg" <<'END'
set -e
startdir=$PWD srcdir=$PWD/src
msg2() { echo "$@"; }
. ./PKGBUILD
[ ${#source[@]} -eq ${#sha256sums[@]} ]
mkdir -p "$srcdir"
for entry in "${source[@]}"; do
    case $entry in
    *.asc) grep -qxF "${validpgpkeys[0]}" "$KEYS" ;;
    https:*) cp -Rp "$FFMPEG" "$srcdir/ffmpeg-$pkgver" ;;
    *.tar.gz) tar -xzf "$entry" -C "$srcdir" ;;
    *) ln -s "$startdir/$entry" "$srcdir/$entry" ;;
    esac
done
cd "$srcdir"
prepare
END
run env -C "$scratch/msys2" FFMPEG="$scratch/9.0" KEYS="$scratch/keys" bash "$scratch/makepkg"
ok 'msys2: prepare() goes' succeeded
ok "msys2: with the package's own patch" grep -q 'GDI frame grabber' "$scratch/msys2/src/ffmpeg-9.0.2/libavdevice/gdigrab.c"
ok 'msys2: and the same tree' as_expected "$scratch/msys2/src/ffmpeg-9.0.2" --exclude='gdigrab.c*'
rm -r "$scratch/msys2/src"
sed -i 's/GDI/other/' "$scratch/msys2/0001-gdigrab.patch"
run env -C "$scratch/msys2" FFMPEG="$scratch/9.0" KEYS="$scratch/keys" bash "$scratch/makepkg"
ok "msys2: a patch of the package's that fails is a failure" test "$status" -ne 0

# ---------------------------------------------------------- media-autobuild_suite

# What the suite does (do_vcs, do_changeFFmpegConfig, do_configure, log): it sources the file in its
# own folder and expands its options before it calls the hook, in the clone, once for each kind.
cat >"$scratch/suite" <<'END'
FFMPEG_OPTS=(--disable-autodetect --enable-gpl)
cd "$LOCALBUILDDIR"
rm -f ffmpeg-git/custom_updated
export REPO_DIR=$LOCALBUILDDIR/ffmpeg-git
. "$LOCALBUILDDIR/ffmpeg_extra.sh"
if [ ! -d ffmpeg-git ]; then
    cp -Rp "$FFMPEG" ffmpeg-git
    touch ffmpeg-git/recently_updated
fi
cd ffmpeg-git
git checkout -q -f HEAD
git clean -dffxq -ecustom_updated -erecently_updated
if [ -f custom_updated ] || [ -f recently_updated ]; then
    echo updates found
fi
rm -f recently_updated
FFMPEG_OPTS_SHARED=("${FFMPEG_OPTS[@]}")
do_configure() {
    local kind=$1 conf_extras=()
    shift
    pushd "$REPO_DIR" >/dev/null
    _pre_configure >>ab-suite.pre_configure.log || exit
    popd >/dev/null
    echo "$kind:" "$@" "${conf_extras[@]}"
}
mkdir build
cd build
do_configure shared "${FFMPEG_OPTS_SHARED[@]}"
do_configure static "${FFMPEG_OPTS[@]}"
cd ..
rmdir build
rm ab-suite.pre_configure.log
END
mkdir -p "$scratch/suite-build"
cp -Rp "$root" "$scratch/suite-build/ffmpeg-magnifier"
cp "$root/packaging/media-autobuild_suite/ffmpeg_extra.sh" "$scratch/suite-build"
suite()
{
    run env LOCALBUILDDIR="$scratch/suite-build" FFMPEG="$scratch/9.0" bash "$scratch/suite"
}
for time in first second; do
    suite
    ok "media-autobuild_suite: the hook goes the $time time" succeeded
    for kind in static shared; do
        ok "media-autobuild_suite: the device is asked for, $kind" \
            grep -qx "$kind: --disable-autodetect --enable-gpl --enable-indev=magnifier" "$scratch/out"
    done
    ok 'media-autobuild_suite: FFmpeg is built, although the second time it is unchanged' grep -qx 'updates found' "$scratch/out"
    ok 'media-autobuild_suite: the same tree' as_expected "$scratch/suite-build/ffmpeg-git" --exclude=custom_updated
done
ok "media-autobuild_suite: nothing is left in the suite's own folder" test ! -e "$scratch/suite-build/custom_updated"
git -C "$scratch/suite-build/ffmpeg-git" checkout -q -f HEAD
sed -i 's/gdigrab/other/' "$scratch/suite-build/ffmpeg-git/configure"
git_as -C "$scratch/suite-build/ffmpeg-git" commit -q -m 'other lines' configure
suite
ok 'media-autobuild_suite: where no patch fits the hook fails' fails_with 'none of the patches fits'

# --------------------------------------------------------------------------- BtbN

branch=$root/packaging/btbn/make-branch.sh
fresh clone
echo mine >"$scratch/clone/mine"
before=$(git -C "$scratch/clone" status --porcelain; git -C "$scratch/clone" symbolic-ref HEAD)
run sh "$branch" "$scratch/clone"
ok 'btbn: the branch is made' succeeded
ok 'btbn: what is checked out stays' same "$before" \
    "$(git -C "$scratch/clone" status --porcelain; git -C "$scratch/clone" symbolic-ref HEAD)"
ok 'btbn: no worktree is left' same 1 "$(git -C "$scratch/clone" worktree list | wc -l)"
run git clone -q --filter=blob:none --branch=magnifier "file://$scratch/clone" "$scratch/built"
ok 'btbn: build.sh clones it' succeeded
ok 'btbn: and has the same tree' as_expected "$scratch/built"
ok 'btbn: one commit more than it began at' same 1 "$(git -C "$scratch/clone" rev-list --count master..magnifier)"
run sh "$branch" "$scratch/clone"
ok 'btbn: a branch that is there is not taken' refused 'there is a branch magnifier'
git -C "$scratch/clone" branch -q release/9.0 master
run git clone -q "file://$scratch/clone" "$scratch/fresh-clone"
run sh "$branch" "$scratch/fresh-clone" release/9.0
ok 'btbn: a fresh clone has release/9.0 in its origin only' succeeded
ok 'btbn: from where the branch begins' same "$(git -C "$scratch/clone" rev-parse release/9.0)" \
    "$(git -C "$scratch/fresh-clone" rev-parse magnifier~)"
ok 'btbn: but which it does not follow' test -z "$(git -C "$scratch/fresh-clone" config branch.magnifier.merge)"
run sh "$branch" "$scratch/clone" n4.4 other
ok 'btbn: nor a start that is not' refused 'there is no n4.4'
sed -i 's/gdigrab/other/' "$scratch/clone/configure"
git_as -C "$scratch/clone" commit -q -a -m 'other lines'
run sh "$branch" "$scratch/clone" master other
ok 'btbn: where no patch fits it fails' fails_with 'none of the patches fits'
ok 'btbn: and leaves no branch' test -z "$(git -C "$scratch/clone" branch --list other)"

# -------------------------------------------------------------------------- vcpkg

overlay=$root/packaging/vcpkg/make-overlay.sh
port=$scratch/vcpkg/ports/ffmpeg
mkdir -p "$port"
# the shape of vcpkg's port
cat >"$port/portfile.cmake" <<'END'
vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO ffmpeg/ffmpeg
    REF "n${VERSION}"
    SHA512 0
    HEAD_REF master
    PATCHES
        0001-gdigrab.patch
        0002-more.patch # Do not remove this patch
)

if(SOURCE_PATH MATCHES " ")
    message(FATAL_ERROR "Error: ffmpeg will not build with spaces in the path.")
endif()
END
cp "$scratch/msys2/0001-gdigrab.patch" "$port/"
sed -i 's/other/GDI/' "$port/0001-gdigrab.patch"
: >"$port/0002-more.patch"
printf '{\n  "name": "ffmpeg",\n  "version": "%s",\n  "port-version": 1\n}\n' 9.0.2 >"$port/vcpkg.json"
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay"
ok 'vcpkg: the port is made' succeeded
ok "vcpkg: it is JSON, and vcpkg's own" same 9.0.2 "$(jq -r .version "$scratch/overlay/ffmpeg/vcpkg.json")"
ok 'vcpkg: the patch comes last' same 'magnifier.patch )' \
    "$(grep -A1 -x ' *magnifier.patch' "$scratch/overlay/ffmpeg/portfile.cmake" | xargs)"
ok 'vcpkg: with the device beside it' diff -r "$root/libavdevice/magnifier" "$scratch/overlay/ffmpeg/magnifier"
fresh tree
run git -C "$scratch/tree" apply --check "$scratch/overlay/ffmpeg/magnifier.patch"
ok 'vcpkg: which git apply takes, as vcpkg asks it' succeeded

# What vcpkg does with it, by cmake where there is one: the patches by git apply, then the rest.
cat >"$scratch/vcpkg.cmake" <<'END'
function(vcpkg_from_github)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_SOURCE_PATH;REPO;REF;SHA512;HEAD_REF" "PATCHES")
    foreach(patch IN LISTS arg_PATCHES)
        file(SIZE "${CMAKE_CURRENT_LIST_DIR}/${patch}" size)
        if(size EQUAL 0)
            continue()
        endif()
        execute_process(COMMAND git apply --ignore-whitespace --whitespace=nowarn
            "${CMAKE_CURRENT_LIST_DIR}/${patch}" WORKING_DIRECTORY "${TREE}" RESULT_VARIABLE result)
        if(result)
            message(FATAL_ERROR "${patch} does not apply")
        endif()
    endforeach()
    set(${arg_OUT_SOURCE_PATH} "${TREE}" PARENT_SCOPE)
endfunction()
include("${PORT}/portfile.cmake")
END
if command -v cmake >/dev/null; then
    run cmake -DTREE="$scratch/tree" -DPORT="$scratch/overlay/ffmpeg" -P "$scratch/vcpkg.cmake"
    ok 'vcpkg: its portfile goes' succeeded
    ok 'vcpkg: and makes the same tree' as_expected "$scratch/tree" --exclude=gdigrab.c
else
    skip 'vcpkg: its portfile goes' 'no cmake'
    skip 'vcpkg: and makes the same tree' 'no cmake'
fi

run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay"
ok 'vcpkg: it is made anew' succeeded
sed -i 's/9.0.2/6.1.1/' "$port/vcpkg.json"
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay"
ok 'vcpkg: which patch fits another release is not guessed' refused 'FFmpeg 6.1.1 has no patch of its own'
# with the lines of 5.1 between which the patch stands, as 6.1 has them
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay" "$scratch/5.1"
ok 'vcpkg: it gets the one that fits its source' grep -q 'registered by the patch for FFmpeg 5.1$' "$scratch/out"
ok 'vcpkg: that one is in it' cmp "$scratch/overlay/ffmpeg/magnifier.patch" "$root"/patches/5.1/*.patch
ok 'vcpkg: the source is left alone' test -z "$(git -C "$scratch/5.1" status --porcelain)"
mkdir "$scratch/vcpkg/downloads"
(cd "$scratch" && tar -czf vcpkg/downloads/ffmpeg-ffmpeg-n6.1.1.tar.gz --exclude=.git 5.1)
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay"
ok "vcpkg: also from vcpkg's own download" grep -q 'registered by the patch for FFmpeg 5.1$' "$scratch/out"
fresh tree
sed -i 's/gdigrab/other/' "$scratch/tree/configure"
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay" "$scratch/tree"
ok 'vcpkg: where none fits it fails' refused 'no patch fits FFmpeg 6.1.1'
sed -i '/PATCHES/d' "$port/portfile.cmake"
run sh "$overlay" "$scratch/vcpkg" "$scratch/overlay"
ok 'vcpkg: a portfile of another shape is refused' fails_with 'no vcpkg_from_github() with PATCHES'
ok 'vcpkg: and no port is left' test ! -e "$scratch/overlay/ffmpeg"

finish
