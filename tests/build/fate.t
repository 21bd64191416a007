#!/bin/sh
#
# The test that "make upstream-patch" adds to FFmpeg's own, FATE: with the compiler and the
# libavutil of this machine. In a tree of FFmpeg, as a part of FATE, it is "make test-upstream".

# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

# build DIR: the test, of the sources in DIR
build()
{
    run gcc -std=c11 -D_GNU_SOURCE -Wall -Wdeclaration-after-statement -Wmissing-prototypes -Werror \
        -I"$1" -o "$scratch/magnifier" "$project/tests/fate/magnifier.c" -lavutil
}

as_reference()
{
    "$scratch/magnifier" | diff -u -b "$project/tests/fate/magnifier.ref" - >"$scratch/out"
}

# differs WORDS: the test no longer prints a line with these words
differs()
{
    ! as_reference && grep -qF -e "-$1" "$scratch/out"
}

# change FILE SED: the sources with one thing changed
change()
{
    rm -rf "$scratch/libavdevice"
    cp -Rp "$project/libavdevice" "$scratch"
    sed "$2" "$project/libavdevice/magnifier/$1" >"$scratch/libavdevice/magnifier/$1"
    ! cmp -s "$project/libavdevice/magnifier/$1" "$scratch/libavdevice/magnifier/$1" &&
        build "$scratch" && succeeded
}

build "$project"
ok 'the test builds' succeeded
ok 'and prints what its reference says' as_reference

ok 'a rule that forgets !=' change rules_parse.c 's/cond->negated = .*;/cond->negated = 0;/'
ok 'is seen' differs '++-+ class!=shell_traywnd'
ok 'a region whose parts are not cut to the monitor' change region.c 's/parts\[nb++\] = seen;/parts[nb++] = *region;/'
ok 'is seen' differs '-320,100..320,580:'
ok 'a slot that is rounded down' change pace.c 's/AV_ROUND_UP/AV_ROUND_DOWN/'
ok 'is seen' differs '      0: slot  1 due   33367'

finish
