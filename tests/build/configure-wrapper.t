#!/bin/sh
#
# configure-wrapper.sh: what it refuses and how it says so, what it writes and
# what it leaves alone, on Linux and in what looks like an MSYS2 shell.

# shellcheck disable=SC2317 # functions that ok calls
# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

# The project in a place of its own, so that patches and sources can be played
# with; and tools of which each test can leave some out.
root=$scratch/project
mkdir -p "$root" "$scratch/tools"
cp -Rp "$project/configure-wrapper.sh" "$project/patches" "$project/build-aux" \
    "$project/libavdevice" "$root/"
wrapper=$root/configure-wrapper.sh

for tool in sh awk basename cat chmod cmp cp cut diff dirname find grep head ls make mkdir \
            mktemp mv patch printf pwd rm rmdir sed sleep sort tail tar touch tr wc xz; do
    found=$(command -v $tool) && case $found in /*) ln -s "$found" "$scratch/tools/$tool" ;; esac
done

# tools NAME OUTPUT: a tool that prints OUTPUT, whatever it is asked
fake_tool()
{
    mkdir -p "$(dirname "$1")"
    printf '#!/bin/sh\necho "%s"\n' "$2" >"$1"
    chmod +x "$1"
}

linux=$scratch/linux
fake_tool "$linux/uname" Linux
fake_tool "$linux/x86_64-w64-mingw32-gcc" ''
fake_tool "$linux/i686-w64-mingw32-gcc" ''
msys=$scratch/msys
fake_tool "$msys/uname" MINGW64_NT-10.0-19045
fake_tool "$msys/gcc" x86_64-w64-mingw32

# with DIR COMMAND...: with the tools of DIR and the plain ones, nothing else
with()
{
    with_path=$1:$scratch/tools
    shift
    run env PATH="$with_path" "$@"
}

# fake_tree DIR RELEASE: what the patch of RELEASE finds in FFmpeg, line by
# line, around a configure that only notes how it was called
fake_tree()
{
    mkdir -p "$1/libavdevice" "$1/libavutil" "$1/doc"
    awk -v dir="$1/" '
        /^diff --git/ { file = dir substr($3, 3); next }
        /^@@/ { hunk = 1; next }
        /^-- $/ { hunk = 0 }
        hunk && /^ / { text[file] = text[file] substr($0, 2) "\n" }
        END { for (file in text) printf "%s", text[file] > file }' \
        "$root/patches/$2"/*.patch
    {
        cat <<'EOF'
#!/bin/sh
printf '%s\n' "$@" >arguments
[ ! -f fail ] || exit 1
mkdir -p ffbuild
grep -q magnifier_indev_deps "$0" && [ ! -f leave-out ] &&
    echo CONFIG_MAGNIFIER_INDEV=yes >ffbuild/config.mak || echo >ffbuild/config.mak
exit 0
EOF
        cat "$1/configure"
    } >"$1/configure.new"
    mv "$1/configure.new" "$1/configure"
    chmod +x "$1/configure"
    echo "$2.9" >"$1/RELEASE"
    echo "$2.9" >"$1/VERSION"
    echo "#define LIBAVDEVICE_VERSION_MAJOR  $((54 + ${2%%.*}))" >"$1/libavdevice/version_major.h"
    echo 'int mem;' >"$1/libavutil/mem.c"
}

# fingerprint DIR: each file with its time and content
fingerprint()
{
    (cd "$1" && find . -type f -exec ls -l --time-style=full-iso {} + | sort -k 9 &&
     find . -type f -exec cat {} +)
}

# hook_lines DIR: in how many places the tree knows the device
hook_lines()
{
    cat "$1/configure" "$1/libavdevice/Makefile" "$1/libavdevice/alldevices.c" |
        grep -c -e '^magnifier_indev_' -e '^include .*/libavdevice/magnifier/Makefile' -e 'ff_magnifier_demuxer'
}

# touch_after FILE OTHER: the clock of a file system goes in steps, and what was
# written in the same step is not newer
touch_after()
{
    [ -e "$2" ] || return
    until [ -n "$(find "$1" -newer "$2")" ]; do
        touch "$1"
    done
}

same()
{
    [ "$1" = "$2" ]
}

got_argument()
{
    grep -qxF -e "$1" "$dest/arguments"
}

no_argument()
{
    ! grep -q -e "$1" "$dest/arguments"
}

tree="$scratch/ffmpeg tree"
dest="$scratch/my build"
fake_tree "$tree" 7.1

# ------------------------------------------------------------- what is refused

with "$linux" "$wrapper" --release 4.4
ok 'unknown release' refused "unknown release '4.4' (there are 5.1, 7.1, 8.1, 9.0)"

with "$linux" "$wrapper" --release ../patches/7.1
ok 'a release is a number, not a path' refused 'unknown release'

with "$linux" "$wrapper" --ffmpeg-src "$scratch/nowhere"
ok 'missing source directory' refused "no such directory: $scratch/nowhere"

mkdir "$scratch/empty"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/empty"
ok 'directory without FFmpeg in it' refused 'is not an FFmpeg source tree'

fake_tree "$scratch/old" 7.1
sed 's/gdigrab/other/' "$tree/configure" >"$scratch/old/configure"
chmod +x "$scratch/old/configure"
echo 4.4.1 >"$scratch/old/RELEASE"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/old" --dest "$dest"
ok 'tree of a release that no patch fits' refused 'no patch fits FFmpeg 4.4 (libavdevice 61) in'
rm "$scratch/old/RELEASE" "$scratch/old/VERSION"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/old" --dest "$dest"
ok 'nor one that does not say what it is' refused 'no patch fits FFmpeg of unknown release (libavdevice 61) in'
rm "$scratch/old/libavdevice/version_major.h"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/old" --dest "$dest"
ok 'nor one without the version of its libavdevice' refused 'is not an FFmpeg source tree'

with "$linux" "$wrapper" --ffmpeg-src "$tree" --arch arm64
ok 'unknown architecture' refused "unknown architecture 'arm64'"

with "$linux" "$wrapper" --enable-gpl
ok "FFmpeg's option in front of --" refused "unknown argument '--enable-gpl'"

with "$linux" "$wrapper" --ffmpeg-src
ok 'option without a value' refused '--ffmpeg-src needs a value'

rm "$linux/i686-w64-mingw32-gcc"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --arch i686 --dest "$dest"
ok 'missing compiler' refused 'i686-w64-mingw32-gcc is not installed'
ok 'and nothing was copied for it' test ! -e "$dest"

mv "$scratch/tools/patch" "$scratch/patch"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest"
ok 'missing patch(1)' refused 'patch is not installed'
mv "$scratch/patch" "$scratch/tools/patch"

with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$tree/build"
ok 'copy inside the tree it copies' refused 'not to be altered'
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$tree"
ok 'copy onto the tree itself' refused 'not to be altered'
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$scratch"
ok 'copy over what holds the tree' refused 'holds the source tree'

mkdir "$scratch/foreign"
echo mine >"$scratch/foreign/thesis.tex"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$scratch/foreign"
ok 'destination that holds something else' refused 'is not a copy that this script made'

for file in configure libavdevice/Makefile libavdevice/alldevices.c doc/indevs.texi; do
    rm -rf "$scratch/odd" "$scratch/odd-build"
    fake_tree "$scratch/odd" 7.1
    sed 's/gdigrab/other/; s/^# external libraries/# external/; s/section openal/section other/' "$tree/$file" >"$scratch/odd/$file"
    chmod +x "$scratch/odd/configure"
    with "$linux" "$wrapper" --ffmpeg-src "$scratch/odd" --dest "$scratch/odd-build"
    ok "anchor missing in $file" refused "none of 5.1, 7.1, 8.1, 9.0 goes on without fuzz, that for 7.1 not in $file"
    ok 'and in no other file' grep -q "not in $file\$" "$scratch/err"
    ok 'and nothing was copied for it' test ! -e "$scratch/odd-build"
    with "$linux" "$wrapper" --release 7.1 --ffmpeg-src "$scratch/odd" --dest "$scratch/odd-build"
    ok 'also where a release is named' refused "does not fit $scratch/odd: the lines that it stands between are not as expected in $file"
done
ok 'no file is half patched then' same 0 "$(hook_lines "$scratch/odd-build")"

# One line of the context differs: patch would take it with fuzz.
rm -rf "$scratch/odd" "$scratch/odd-build"
fake_tree "$scratch/odd" 7.1
sed 's/^iec61883_indev_deps=.*/&x/' "$tree/configure" >"$scratch/odd/configure"
chmod +x "$scratch/odd/configure"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/odd" --dest "$scratch/odd-build"
ok 'a patch that only fits with fuzz' refused 'goes on without fuzz'

# -------------------------------------------------------------- what is written

mkdir "$tree/.git"
echo ref >"$tree/.git/HEAD"
echo object >"$tree/libavutil/mem.o"
echo '#define OLD' >"$tree/config.h"
before=$(fingerprint "$tree")

with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest" -- --enable-gpl --extra-cflags='-O1 -g'
ok 'copies, patches and configures' succeeded
ok 'says what to do next' same "make -C '$dest'" "$(sed -n 's/^configure-wrapper: ready.*: //p' "$scratch/err")"
ok 'the tree is as it was' same "$before" "$(fingerprint "$tree")"
ok 'the device is in the copy' diff -r "$root/libavdevice/magnifier" "$dest/libavdevice/magnifier"
ok 'its four hooks are' same 4 "$(hook_lines "$dest")"
ok 'no repository in the copy' test ! -e "$dest/.git"
ok 'no old object in the copy' test ! -e "$dest/libavutil/mem.o"
ok 'no old configuration in the copy' test ! -e "$dest/config.h"
ok 'no .orig or .rej in the copy' same '' "$(find "$dest" -name '*.rej' -o -name '*.orig')"
ok 'cross compiler given' got_argument --cross-prefix=x86_64-w64-mingw32-
ok 'target given' got_argument --target-os=mingw32
ok "the user's options are handed on" got_argument --enable-gpl
ok 'blanks in them are kept' got_argument '--extra-cflags=-O1 -g'
ok 'nothing of the everyday build with them' no_argument '^--disable-everything'
ok 'the device comes last' same --enable-indev=magnifier "$(tail -n 1 "$dest/arguments")"

before=$(fingerprint "$dest")
: >"$scratch/probe"
touch_after "$scratch/probe" "$dest/.magnifier/configured"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest" -- --enable-gpl --extra-cflags='-O1 -g'
ok 'runs a second time' succeeded
ok 'and has its hooks once' same 4 "$(hook_lines "$dest")"
# All but what the stand-in configure and the script's own notes write.
unchanged()
{
    printf '%s\n' "$1" | grep -v -e ' ./arguments' -e ' ./ffbuild/' -e ' ./.magnifier/' >"$scratch/a"
    printf '%s\n' "$2" | grep -v -e ' ./arguments' -e ' ./ffbuild/' -e ' ./.magnifier/' >"$scratch/b"
    cmp -s "$scratch/a" "$scratch/b"
}
ok 'and wrote no file anew' unchanged "$before" "$(fingerprint "$dest")"

rm "$dest/arguments"
with "$linux" "$wrapper" --if-needed --ffmpeg-src "$tree" --dest "$dest" -- --enable-gpl --extra-cflags='-O1 -g'
ok '--if-needed: not configured again for nothing' test ! -e "$dest/arguments"
with "$linux" "$wrapper" --if-needed --ffmpeg-src "$tree" --dest "$dest" -- --enable-gpl
ok '--if-needed: but for another option' got_argument --enable-gpl
rm "$dest/arguments"
touch_after "$dest/libavdevice/alldevices.c" "$dest/.magnifier/configured"
with "$linux" "$wrapper" --if-needed --ffmpeg-src "$tree" --dest "$dest" -- --enable-gpl
ok '--if-needed: and for another list of devices' got_argument --enable-gpl

echo 'int mem2;' >"$tree/libavutil/mem.c"
echo '# more' >>"$tree/libavdevice/Makefile"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest"
ok "a change in the user's tree arrives" cmp "$tree/libavutil/mem.c" "$dest/libavutil/mem.c"
ok 'also in a file with a hook' grep -q '^# more' "$dest/libavdevice/Makefile"
ok 'which keeps its hook' same 4 "$(hook_lines "$dest")"
ok 'without options: the everyday build' got_argument --disable-everything
ok 'which has gdigrab beside it' got_argument --enable-indev=gdigrab,lavfi
with "$linux" "$wrapper" --small --ffmpeg-src "$tree" --dest "$dest" -- --cc='clang --target=x86_64-w64-mingw32'
ok '--small: the everyday build' got_argument --disable-everything
ok 'with an option of the user' got_argument '--cc=clang --target=x86_64-w64-mingw32'
last_cc()
{
    grep -e '^--cc=' "$dest/arguments" | tail -n 1
}
ok 'which counts more than its own' same '--cc=clang --target=x86_64-w64-mingw32' "$(last_cc)"

echo '/* new */' >>"$root/libavdevice/magnifier/magnifier.c"
echo '# new' >>"$root/libavdevice/magnifier/Makefile"
echo 'int gained;' >"$root/libavdevice/magnifier/gained.c"
rm "$root/libavdevice/magnifier/pace.c"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest"
ok "a change in the device arrives" grep -q '/\* new \*/' "$dest/libavdevice/magnifier/magnifier.c"
ok 'and one in its list of objects' grep -q '^# new' "$dest/libavdevice/magnifier/Makefile"
ok 'a file that the device gained comes' test -e "$dest/libavdevice/magnifier/gained.c"
ok 'one that it lost goes' test ! -e "$dest/libavdevice/magnifier/pace.c"

sed 's/magnifier_indev_deps="LoadLibrary"/magnifier_indev_deps="OtherLibrary"/' "$root/patches/7.1"/*.patch >"$scratch/new.patch"
cp "$scratch/new.patch" "$root/patches/7.1"/*.patch
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest"
ok 'a new patch replaces the old one' grep -q OtherLibrary "$dest/configure"
ok 'and does not come on top of it' same 4 "$(hook_lines "$dest")"
ok 'the manual tells of the device' same 1 "$(grep -c '^@section magnifier' "$dest/doc/indevs.texi")"
rm -r "$dest/.magnifier/orig/doc"
cp "$tree/doc/indevs.texi" "$dest/doc/indevs.texi"
with "$linux" "$wrapper" --ffmpeg-src "$tree" --dest "$dest"
ok 'also in a copy from before patches had a manual' \
    same 1 "$(grep -c '^@section magnifier' "$dest/doc/indevs.texi")"

fake_tree "$scratch/patched" 7.1
(cd "$scratch/patched" && patch -s -p1 <"$scratch/new.patch")
with "$linux" "$wrapper" --ffmpeg-src "$scratch/patched" --dest "$scratch/patched-build"
ok 'a tree that was patched by hand is taken' succeeded
ok 'and not patched again' same 4 "$(hook_lines "$scratch/patched-build")"

with "$linux" "$wrapper" --ffmpeg-src "$scratch/patched" --dest "$dest"
ok 'a copy of another tree is not mixed with' refused "is a copy of $tree"

sed 's/^@section magnifier/&\n\nIt has another manual./' "$scratch/patched/doc/indevs.texi" >"$scratch/indevs.texi"
cp "$scratch/indevs.texi" "$scratch/patched/doc/indevs.texi"
for release in '' 7.1; do
    with "$linux" "$wrapper" --ffmpeg-src "$scratch/patched" --dest "$scratch/other-build" ${release:+--release $release}
    ok "one with another version is not${release:+, also where a release is named}" \
        refused "$scratch/patched has another version of the device; begin with a clean tree"
    ok 'and nothing was copied for it' test ! -e "$scratch/other-build"
done

fake_tree "$scratch/51" 5.1
with "$linux" "$wrapper" --ffmpeg-src "$scratch/51"
ok 'the tree says that it is 5.1' succeeded
ok 'and goes to build/5.1/x86_64' grep -q AVInputFormat "$root/build/5.1/x86_64/libavdevice/alldevices.c"

# One that nobody may write in: the copy is the user's own, as is what is brought up to date in it.
fake_tree "$scratch/read-only" 7.1
chmod -R a-w "$scratch/read-only"
not_writable()
{
    find "$scratch/read-only-build" ! -perm -u+w ! -type l
}
with "$linux" "$wrapper" --ffmpeg-src "$scratch/read-only" --dest "$scratch/read-only-build"
ok 'a tree that is read-only is taken' succeeded
ok 'all of its copy can be written and removed' same '' "$(not_writable)"
chmod -R u+w "$scratch/read-only"
for file in libavutil/mem.c libavdevice/Makefile; do
    echo '# more' >>"$scratch/read-only/$file"
    touch_after "$scratch/read-only/$file" "$scratch/read-only-build/.magnifier/copied"
done
chmod -R a-w "$scratch/read-only"
for time in first second; do
    with "$linux" "$wrapper" --ffmpeg-src "$scratch/read-only" --dest "$scratch/read-only-build"
    ok "it is brought up to date the $time time" succeeded
    ok 'and can still be written' same '' "$(not_writable)"
done
ok 'a change has arrived' cmp "$scratch/read-only/libavutil/mem.c" "$scratch/read-only-build/libavutil/mem.c"
chmod -R u+w "$scratch/read-only"

# The patch that fits is known by the lines that it stands between: 5.1 has other ones. Of those that
# fit it is the one of the same libavdevice, or the newest; what RELEASE says need not be true.
for version in '6.1.2 5.1' '7.0 7.1' '8.0.git 9.0' ' 9.0' ' 8.1' ' 7.1' '7.1.1 5.1' '5.1.9 9.0' '9.0 9.0' '8.1 8.1'; do
    rm -rf "$scratch/between" "$root/build"
    fake_tree "$scratch/between" "${version#* }"
    echo "${version% *}" >"$scratch/between/RELEASE"
    rm "$scratch/between/VERSION"
    with "$linux" "$wrapper" --ffmpeg-src "$scratch/between"
    ok "a tree that says '${version% *}' is taken" succeeded
    ok 'with a word on the patch' grep -q "^configure-wrapper: FFmpeg .*: the patch for ${version#* } fits" "$scratch/err"
    folder=$(echo "${version% *}" | cut -d. -f1-2)
    ok 'and has a folder of its own' test -f "$root/build/${folder:-${version#* }}/x86_64/ffbuild/config.mak"
done
# 6.1 has the type of an input that 5.1 has, and that of a muxer that 7.1 has.
ok 'no patch stands beside a muxer' eval '! grep -q "^ .*OutputFormat" "$root"/patches/*/*.patch'
# what is built elsewhere from the same tree
rm -rf "$root/build"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/51"

touch "$scratch/51/fail"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/51"
ok "FFmpeg's configure failing is a failure" test "$status" -ne 0
ok 'and says where the reason is' grep -q '^configure-wrapper: .*ffbuild/config.log' "$scratch/err"
rm "$scratch/51/fail" "$root/build/5.1/x86_64/fail"
touch "$scratch/51/leave-out"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/51"
ok 'so is a configure that leaves the device out' grep -q 'left the magnifier device out' "$scratch/err"
ok 'with a code of its own' test "$status" -ne 0

# A tree from git has no VERSION, and its copy has no .git to ask.
fake_tree "$scratch/fromgit" 7.1
rm "$scratch/fromgit/VERSION"
mkdir "$scratch/fromgit/ffbuild"
echo 'echo n7.1.9-3-gabcdef' >"$scratch/fromgit/ffbuild/version.sh"
with "$linux" "$wrapper" --ffmpeg-src "$scratch/fromgit" --dest "$scratch/fromgit-build"
ok 'a tree from git keeps its version' grep -qx n7.1.9-3-gabcdef "$scratch/fromgit-build/VERSION"

# --------------------------------------------------------------- an MSYS2 shell

fake_tree "$scratch/native" 7.1
dest=$scratch/native-build
with "$msys" "$wrapper" --ffmpeg-src "$scratch/native" --dest "$dest"
ok 'native build in an MSYS2 shell' succeeded
ok 'no cross compiler there' no_argument cross
ok 'the architecture is the compiler'"'"'s' got_argument --arch=x86_64
with "$msys" "$wrapper" --ffmpeg-src "$scratch/native" --dest "$dest" --arch i686
ok 'the other architecture needs the other shell' refused 'makes x86_64 programs, not i686'

fake_tool "$msys/gcc" x86_64-pc-msys
with "$msys" "$wrapper" --ffmpeg-src "$scratch/native" --dest "$dest"
ok "MSYS2's own compiler is not the one" refused 'use the MINGW64, UCRT64 or MINGW32 shell'

rm "$msys/gcc"
with "$msys" "$wrapper" --ffmpeg-src "$scratch/native" --dest "$dest"
ok 'a shell without a compiler' refused 'no gcc and no clang in this shell'

fake_tool "$msys/clang" x86_64-w64-windows-gnu
with "$msys" "$wrapper" --ffmpeg-src "$scratch/native" --dest "$dest"
ok 'the CLANG64 shell' got_argument --cc=clang

finish
