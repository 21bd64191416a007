#!/bin/bash
#
# The device as a maintainer of FFmpeg would get it, two patches and a cover letter: the device
# with its registration and manual, an entry in Changelog and MAINTAINERS, and the minor version;
# then a test in FATE. They are applied to a clean tree, and FFmpeg's own checks that need no
# build are made of each; "make test-upstream" builds them.
#
#   build-aux/upstream-patch.sh RELEASE|FFMPEG-TREE OUTPUT-DIR
#
# A tree is taken for FFmpeg's master, which the patch of the newest release fits. Needs git; FFmpeg's
# checks are those of the tree. Prints the path of each patch that passed, or what is wrong.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

set -euo pipefail

die()
{
    printf 'upstream-patch: %s\n' "$*" >&2
    exit 1
}

[ $# -eq 2 ] || die 'usage: build-aux/upstream-patch.sh RELEASE|FFMPEG-TREE OUTPUT-DIR'

root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
tree=$work/ffmpeg
mkdir "$tree"

if [ -f "$1/configure" ]; then
    (cd "$1" && tar -cf - --exclude=./.git .) | tar -xf - -C "$tree"
    release=$(awk '/^[0-9]/ { release = $1 } END { print release }' "$root/build-aux/ffmpeg-releases")
else
    release=$1
    tarball=$("$root/build-aux/fetch-ffmpeg.sh" "$release")
    tar -xJf "$tarball" -C "$tree" --strip-components=1
fi
[ -d "$root/patches/$release" ] || die "there is no patch for FFmpeg $release"

# shellcheck disable=SC2046 # names
unset $(git rev-parse --local-env-vars)
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME='ffmpeg-magnifier developers' GIT_AUTHOR_EMAIL='developers@ffmpeg-magnifier.invalid'
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
date=$(git -C "$root" log -1 --format=%cI)
export GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date

cd "$tree"
git init -q
git add -A -f .
git commit -q -m "FFmpeg $release"

# ---------------------------------------------------------------- the change

git apply --index "$root/patches/$release"/*.patch
mkdir libavdevice/magnifier
cp "$root"/libavdevice/magnifier/Makefile "$root"/libavdevice/magnifier/*.[ch] libavdevice/magnifier/

# insert_before FILE PATTERN LINE: the only line that matches
insert_before()
{
    [ "$(grep -c -- "$2" "$1")" = 1 ] || die "no single line '$2' in $1"
    awk -v pattern="$2" -v line="$3" '$0 ~ pattern { print line } { print }' "$1" >"$work/new"
    cat "$work/new" >"$1"
}

# insert_after FILE PATTERN LINES: the only line that matches
insert_after()
{
    [ "$(grep -c -- "$2" "$1")" = 1 ] || die "no single line '$2' in $1"
    awk -v pattern="$2" -v lines="$3" '{ print } $0 ~ pattern { print lines }' "$1" >"$work/new"
    cat "$work/new" >"$1"
}

# at the end of what is new, which master has a heading for, and a release has not
if grep -q '^version <next>:$' Changelog; then
    awk '/^version <next>:$/ { on = 1 } on && /^$/ { print "- magnifier input device"; on = 0 } { print }' \
        Changelog >"$work/new"
else
    awk '!done && /^version / { print "version <next>:\n- magnifier input device\n\n"; done = 1 } { print }' \
        Changelog >"$work/new"
fi
cat "$work/new" >Changelog

insert_before MAINTAINERS '^  opengl_enc\.c ' '  magnifier/                            The ffmpeg-magnifier developers'

minor=$(sed -n 's/^#define LIBAVDEVICE_VERSION_MINOR *\([0-9]*\)$/\1/p' libavdevice/version.h)
sed -e "s/^\(#define LIBAVDEVICE_VERSION_MINOR *\)[0-9]*$/\1$((minor + 1))/" \
    -e 's/^\(#define LIBAVDEVICE_VERSION_MICRO \)[0-9]*$/\1100/' libavdevice/version.h >"$work/new"
cat "$work/new" >libavdevice/version.h

git add -A
git commit -q -s -F - <<'END'
avdevice: add magnifier input device

It captures the screen through the Windows Magnification API, the one
capture interface on Windows 7 to 11 that can leave out windows of other
programs and show what lies behind them. gfxcapture and ddagrab show all
that is on the screen, or one window.

A frame leaves only when it is certain that the named windows are left out;
guard.c has the protocol. The API leaks one frame in each session, which the
device gives back where that is proven to be right.

Magnification.dll is loaded at run time, so nothing but the Windows SDK is
asked of the toolchain.
END

cp "$root/tests/fate/magnifier.c" libavdevice/tests/magnifier.c
cp "$root/tests/fate/magnifier.ref" tests/ref/fate/magnifier
insert_after libavdevice/Makefile '^TESTPROGS-.* timefilter$' \
    'TESTPROGS                                += magnifier'
insert_after tests/fate/libavdevice.mak '^fate-timefilter: CMD = ' '
FATE_LIBAVDEVICE-yes += fate-magnifier
fate-magnifier: libavdevice/tests/magnifier$(EXESUF)
fate-magnifier: CMD = run libavdevice/tests/magnifier$(EXESUF)'

git add -A
git commit -q -s -F - <<'END'
fate: add a test for magnifier

Its rules, region and frame slots have no Win32 in them. The test includes
their sources, as the library has the device on Windows only, and so runs on
any system.
END

rm -f "$out"/*.patch "$out"/*patcheck.log
git format-patch -q -2 --cover-letter --zero-commit --no-signature -o "$out"
sed -i -e 's/^Subject: \(.*\) \*\*\* SUBJECT HERE \*\*\*/Subject: \1 magnifier: record the Windows screen without some windows/' \
    "$out"/0000-*.patch
cat >"$work/blurb" <<'END'
The device is tested under Wine, with a stand-in for Magnification.dll. Nobody has run it
on real Windows yet; tests/windows in its repository has a kit that asks such a machine.
END
sed -i -e "/^\*\*\* BLURB HERE \*\*\*$/{r $work/blurb
d}" "$out"/0000-*.patch

# ---------------------------------------------------------------- the checks

git checkout -q -b check HEAD~2

# message: of the commit that is checked out, as FFmpeg wants it, where the release has that script
check_message()
{
    [ -f tools/check_commit_msg.sh ] || return 0
    git log -1 --format=%B | sh tools/check_commit_msg.sh >"$work/message" 2>&1 &&
        grep -qx 'commit message OK' "$work/message" ||
        { cat "$work/message"; die 'the commit message is not as FFmpeg wants it'; }
}

# fate-source names files without licence or guards
check_source()
{
    ! sh tests/fate/source-check.sh "$tree/tests" | grep -i 'magnifier' || die 'fate-source finds these'
}

# patcheck gives hints, and says itself that many are wrong. What it may say of a patch of ours
# is here, with the lines that are not what it takes them for; a line under another heading, or
# one that is not of that kind, is a fault. All that it says is in N-patcheck.log.
cat >"$work/false" <<'END'
double ;|for \(.*;;                         a loop without a condition
reserved identifer|_WIN32_WINNT|__MINGW32__|_setjmp|__try|__finally|__VA_ARGS__   Windows and GCC name these
These functions may need av_cold|suspend|_end|end_|ends_|cooldown|append\(      run with frames; "end" and "init" inside of words
Please use av_log|bprintf|av_printf_format    no logging: text for av_log
missing void|:\+ *\* |/\*|///<|return [a-zA-Z_]+\(\)      calls, and functions that comments name
Possible security issue|av_asprintf         allocates
divide by 2|CANARY_SIZE\) / 2|bmHeight / 2|f->accepted \+ n\) / 2|nb_listed / 2|MAX_QUEUE / 2|n / 4 \* WIDTH|MARK_SIZE / 2|MAX_BYTES / 4|\[65536 / 8\]   signed numbers, and constants
useless & \[0\]|&& [a-z]\[0\]               a logical and
missing const\?|void \*srcdata,|uint32_t \*in[ ,]       a callback of the API, and what is written
Non static with no ff_/av_ prefix|^[^:]*:[0-9]*:\+(enum|struct) |CALLBACK|^[^:]*:[0-9]*:\+rt_     types; the second line of a static function
missing } prior to else|:\+ +else( if \(.*[^{])?$|:\+ *(/\*| ?\*).*else|///<.*else|/\*.*else|"[^"]*else[^"]*"   one statement without braces, FFmpeg's style; and comments
missing whitespace between keyword and \(|_for\(    the name of a function ends so
 Non doxy comments|:\+(static|typedef|# *define) |rules_glob_matches   of what a file has for itself; how a function does it
possibly unused variables|^possibly    see unused()
END
cat >"$work/false-2" <<'END'
Please use av_log|:\+ *printf\(            a test's output
Non static with no ff_/av_ prefix|:\+int main\(|:\+fate-magnifier:      not in the library; a makefile
END
# unused PATCH LOG: names that patcheck takes for variables that are not used, and which the patch has once
unused()
{
    sed -n 's/^possibly [a-z ]*: *//p' "$2" | grep -v '^[A-Z0-9_]*$' | sort -u | while IFS= read -r name; do
        # but for the name of a prototype's parameter
        [ "$(grep -cw -- "$name" "$1")" -gt 1 ] || grep -q -- "\<${name}[,)]" "$1" ||
            echo "possibly unused variables: $name"
    done
}

check_hints()
{
    local log=$out/$1-patcheck.log
    # a manual is no code, and Changelog comes with the first patch
    awk '/^diff --git/ { on = !/ a\/(doc|tests\/ref)\// } on' "$2" | sh tools/patcheck >"$work/patcheck" 2>&1 || :
    sed 's/\x1b\[[0-9;]*[mK]//g' "$work/patcheck" >"$log"
    cat "$work/false" "$work/false-$1" >"$work/kinds" 2>/dev/null || :
    awk -v number="$1" '
        FNR == NR {
            heading = $0; sub(/\|.*/, "", heading); kinds[++nb] = heading
            line = substr($0, length(heading) + 2); sub(/   .*/, "", line); lines[nb] = line
            next
        }
        FNR <= 6 || /^$/ || /^NULL$/ { next }
        # the lines around one; a comment that is not indented and no line across the page is of what follows
        /^--$/ { comment = 0; next }
        /^patcheck.stdout-/ { comment = comment || /^patcheck.stdout-[0-9]+-\+\/\*( [^-]|$)/; next }
        heading == " Non doxy comments" && /^patcheck.stdout:/ && !comment { next }
        /^Missing changelog entry/ && number > 1 { next }
        !/^patcheck.stdout:/ && !/^possibly (never|constant)[a-z ]*:/ {
            now = 0; heading = $0
            for (i = 1; i <= nb; i++) if ($0 ~ "^" kinds[i]) now = i
            if (!now) print "unexpected: " $0
            next
        }
        !now { print; next }
        { comment = 0 }
        $0 !~ lines[now] { print heading ": " $0 }' "$work/kinds" "$log" >"$work/faults"
    unused "$2" "$log" >>"$work/faults"
    [ ! -s "$work/faults" ] || { cat "$work/faults" >&2; die "patcheck: see $log"; }
}

number=0
for patch in "$out"/000[1-9]-*.patch; do
    number=$((number + 1))
    git am -q "$patch" || die "$patch does not apply"
    git diff --check HEAD~ || die "blanks at line ends in $patch"
    check_message
    check_source
    check_hints "$number" "$patch"
    printf '%s\n' "$patch"
done

diff -rq --exclude=Makefile "$root/libavdevice/magnifier" libavdevice/magnifier || die 'the device in it is another one'
for file in configure libavdevice/Makefile libavdevice/alldevices.c doc/indevs.texi Changelog MAINTAINERS \
    libavdevice/version.h libavdevice/magnifier/Makefile tests/fate/libavdevice.mak; do
    ! git diff --quiet HEAD~2 -- "$file" || die "the patches do not touch $file"
done
