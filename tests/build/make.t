#!/bin/sh
#
# What the top Makefile hands on to FFmpeg's make, which is a stand-in here.

# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

# What this test was started with is not what it is about.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL RELEASE ARCH BUILD JOBS FFMPEG_SRC V

cp "$project/Makefile" "$scratch"
mkdir -p "$scratch/build-aux" "$scratch/libavdevice/magnifier"
: >"$scratch/libavdevice/magnifier/stand-in.c"
cp "$project/build-aux/strict.mk" "$scratch/build-aux"
cat >"$scratch/configure-wrapper.sh" <<'END'
#!/bin/sh
while [ "$1" != --dest ]; do shift; done
mkdir -p "$2" && cp stand-in.mk "$2/Makefile"
END
chmod +x "$scratch/configure-wrapper.sh"
cat >"$scratch/stand-in.mk" <<'END'
include config.mak
all:
	@echo 'ARCH=$(ARCH) V=$(V) RELEASE=$(RELEASE) JOBS=$(JOBS)' >told
	@echo '$(MAKEFLAGS)' >flags
config.mak: ; @echo ARCH=x86 >$@
END

# told BUILD: the stand-in saw nothing of ours, but what is its own
told()
{
    grep -qx 'ARCH=x86 V= RELEASE= JOBS=' "$scratch/build/$1/told"
}

jobserver()
{
    grep -q -e '--jobserver' "$scratch/build/$1/flags"
}

run make -C "$scratch" ARCH=i686
ok 'make ARCH=i686' succeeded
ok "leaves FFmpeg's ARCH alone" told 7.1/i686
ok 'and runs compilers in parallel' jobserver 7.1/i686

run make -C "$scratch" RELEASE=9.0 ARCH=x86_64 JOBS=3
ok 'make RELEASE=9.0 ARCH=x86_64 JOBS=3' succeeded
ok "leaves FFmpeg's variables alone" told 9.0/x86_64

run env RELEASE=5.1 ARCH=i686 make -C "$scratch"
ok 'the same in the environment' succeeded
ok "does not reach FFmpeg's make either" told 5.1/i686

run make -j2 -C "$scratch" ARCH=x86_64 'CFLAGS=-O1 -- -g'
ok 'make -j2, and a value with blanks' succeeded
ok 'has its jobserver shared' jobserver 7.1/x86_64
ok 'without a warning' test ! -s "$scratch/err"

run make -C "$scratch" ARCH=i686 V=1
ok "V=1 goes on to FFmpeg's make" grep -q 'ARCH=x86 V=1 ' "$scratch/build/7.1/i686/told"

# a tree of one's own, with a release that patches/ does not name, and without
mkdir "$scratch/own tree"
run make -C "$scratch" FFMPEG_SRC="$scratch/own tree"
ok "make FFMPEG_SRC= with a tree that has no RELEASE" succeeded
ok 'builds it, in a folder of its own' told own/x86_64
echo git-2026 >"$scratch/own tree/RELEASE"
rm -r "$scratch/build/own"
run make -C "$scratch" FFMPEG_SRC="$scratch/own tree" ARCH=i686
ok 'so does one that says no number' told own/i686
echo 8.0.git >"$scratch/own tree/RELEASE"
run make -C "$scratch" FFMPEG_SRC="$scratch/own tree"
ok 'and one with a number has a folder of that name' told 8.0/x86_64

finish
