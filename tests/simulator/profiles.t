#!/bin/sh
# Each profile does what it says: seen by a client, or in the log.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck source=tests/simulator/lib.sh
. "${0%/*}/lib.sh"

# as NAME ARGUMENT...: run the client on the DLL that this profile imitates
as() {
    profile=$1
    shift
    MAGSIM_PROFILE=$profile
    export MAGSIM_PROFILE
    client --size 320x200 "$@"
    unset MAGSIM_PROFILE
    seen="$seen $profile"
}

prints() { says "$arch: $profile: $1" "$2"; }
tells() { logs "$arch: $profile: $1" "$2"; }

counts() {
    count=$(grep -c -e "$3" "$LOG")
    [ "$count" -eq "$2" ]
    ok "$arch: $profile: $1 ($count)"
}

counts_printed() {
    count=$(tr -d '\r' < "$OUT" | grep -c -x -e "$3")
    [ "$count" -eq "$2" ]
    ok "$arch: $profile: $1 ($count)"
}

fine='done frames=10 callbacks=10 false=0 silent=0 rejected=0 raised=0'
spoilt='done frames=10 callbacks=10 false=0 silent=0 rejected=10 raised=0'

filter_list() {
    as filter-refused --frames 10 --exclude secret --count ff00ff
    prints 'says so' 'filter asked=1 ok=0 got=0 same=0'
    prints 'nothing left out' 'count ff00ff n=13000 .*'
    as filter-refused-once --frames 10 --exclude secret
    counts once 1 ' filter .* -> 0$'
    tells 'at frame 3' ' filter .* for=3 .* -> 0$'
    as filter-ignored --frames 10 --exclude secret --count ff00ff
    prints 'says nothing' 'filter asked=1 ok=1 got=1 same=1'
    prints 'nothing left out' 'count ff00ff n=13000 .*'
    as filter-ignored-later --frames 10 --exclude secret --count ff00ff
    prints 'frame 10' 'count ff00ff n=3000 .*'
    as filter-ignored-later --frames 11 --exclude secret --count ff00ff
    prints 'frame 11' 'count ff00ff n=13000 .*'
    as filter-misses-foreign --exclude secret --count ff00ff
    prints 'says nothing' 'filter asked=1 ok=1 got=1 same=1'
    prints 'nothing of others left out' 'count ff00ff n=13000 .*'
    as filter-misses-layered --exclude secret --exclude glass --count ff00ff --count 0000ff
    prints 'the layered one shows' 'count 0000ff n=100 .*'
    prints 'the others do not' 'count ff00ff n=3000 .*'
    as filter-late --exclude secret --count ff00ff
    prints 'first frame' 'count ff00ff n=13000 .*'
    as filter-late --frames 2 --exclude secret --count ff00ff
    prints 'second frame' 'count ff00ff n=3000 .*'
    as filter-over-refused --exclude many --count ff00ff
    prints 'says so' 'filter asked=30 ok=0 got=0 same=0'
    prints 'nothing left out' 'count ff00ff n=13000 .*'
    as filter-over-refused-cut --exclude many --count ff00ff
    prints 'says so' 'filter asked=30 ok=0 got=24 same=0'
    prints '24 left out' 'count ff00ff n=10600 .*'
    as filter-over-cut --exclude many --count ff00ff
    prints 'read-back tells' 'filter asked=30 ok=1 got=24 same=0'
    prints '24 left out' 'count ff00ff n=10600 .*'
    as filter-over-cut-hidden --exclude many --count ff00ff
    prints 'says nothing' 'filter asked=30 ok=1 got=30 same=1'
    prints '24 left out' 'count ff00ff n=10600 .*'
    as filter-over-none --exclude many --exclude secret --count ff00ff
    prints 'says nothing' 'filter asked=31 ok=1 got=31 same=1'
    prints 'nothing left out' 'count ff00ff n=13000 .*'
    as filter-over-none-honest --exclude many --count ff00ff
    prints 'read-back tells' 'filter asked=30 ok=1 got=0 same=0'
    prints 'nothing left out' 'count ff00ff n=13000 .*'
    as filter-unlimited --exclude many --exclude secret --count ff00ff
    prints 'all left out' 'count ff00ff n=0'
    as filter-cap-8 --exclude many
    prints 'says so' 'filter asked=30 ok=0 got=0 same=0'
    as filter-dead-fails --exclude secret --dead 1
    prints 'says so' 'filter asked=2 ok=0 got=0 same=0'
    as default --exclude secret --dead 1 --count ff00ff
    prints 'dead handles are taken' 'filter asked=2 ok=1 got=2 same=1'
    prints 'beside a dead handle' 'count ff00ff n=3000 .*'
    as filter-empty-fails
    prints 'says so' 'filter asked=0 ok=0 got=0 same=1'
    as filter-readback-empty --exclude secret --count ff00ff
    prints 'lies' 'filter asked=1 ok=1 got=0 same=0'
    prints 'and works' 'count ff00ff n=3000 .*'
    as filter-readback-fails --exclude secret --count ff00ff
    prints 'says so' 'filter asked=1 ok=1 got=-1 same=0'
    prints 'and works' 'count ff00ff n=3000 .*'
    as filter-readback-short --exclude secret --dead 1
    prints 'lies' 'filter asked=2 ok=1 got=1 same=0'
    as filter-readback-wrong --exclude secret
    prints 'lies' 'filter asked=1 ok=1 got=1 same=0'
}

hang_forever() {
    profile=hang-forever
    seen="$seen $profile"
    MAGSIM_PROFILE=$profile
    export MAGSIM_PROFILE
    client_start --size 320x200 --frames 10
    unset MAGSIM_PROFILE
    tries=600
    until grep -q 'hang n=5 until=' "$LOG" 2> /dev/null || [ $tries -eq 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    tells 'at frame 5' 'hang n=5 until='
    kill -0 "$client_pid" && ! grep -q 'done frames' "$OUT"
    ok "$arch: $profile: does not end"
    kill "$client_pid"
    wait "$client_pid"
}

every_profile_is_tried() {
    missing=
    for file in "$ROOT"/tests/simulator/profiles/*.profile; do
        name=${file##*/}
        name=${name%.profile}
        case "$seen " in *" $name "*) ;; *) missing="$missing $name" ;; esac
    done
    [ -z "$missing" ]
    ok "$arch: every profile is tried here$missing"
}

for arch in $SIM_ARCHS; do
    seen=
    # thirty windows called many, the first lowest and alone at its place
    set --
    i=0
    while [ $i -lt 30 ]; do
        set -- "$@" "many:$((i * 10)),150,10x10:ff00ff"
        i=$((i + 1))
    done
    subject back:0,0,1280x720:00ffff secret:10,10,100x100:ff00ff glass:300,10,10x10:0000ff:click "$@"

    # what no profile is: the default
    as default --frames 10 --exclude secret --other-thread --init-twice --probe --count ff00ff
    prints works "$fine"
    prints 'second MagInitialize' 'second_init=1'
    prints 'calls from another thread fail' 'other_thread source=0'
    prints 'the list is honoured' 'count ff00ff n=3000 .*'

    # life of the runtime
    as init-false
    prints 'no start' 'failed: MagInitialize error=.*'
    as init-false-once
    prints 'no start' 'failed: MagInitialize error=.*'
    as init-second-false --init-twice
    prints 'second MagInitialize' 'second_init=0'
    as class-missing
    prints 'no class' 'failed: CreateWindow(Magnifier) error=.*'
    as thread-any --other-thread
    prints 'the owner does it' 'other_thread source=1'
    as host-painted --frames 10
    prints 'hidden host' 'done frames=10 callbacks=0 false=0 silent=10 .*'
    as host-painted --frames 10 --visible --count ff00ff
    prints 'visible host' "$fine"
    prints 'visible host sees the desktop' 'count ff00ff n=13000 .*'
    as unload --cycles 2
    counts 'unloaded twice' 2 ' unload '
    as pattern --frames 10 --pixel 0,0 --pixel 4,0 --pixel 12,0 --pixel 200,7
    prints 'bit 0 of 10' 'pixel 0,0 00000000'
    prints 'bit 1 of 10' 'pixel 4,0 00ffffff'
    prints 'place' 'pixel 200,7 00cf07c8'
    as block-without-callback --no-callback --probe
    prints 'a block' 'probe live=1 .*'
    as default --no-callback --probe
    prints 'no block without a callback' 'probe live=0 .*'
    as background-screen --count ff00ff
    prints works 'count ff00ff n=13000 .*'

    # reads of the screen
    as default --screen 305,15
    prints 'a layered window shows' 'screen 305,15 plain=0000ff captureblt=0000ff ms=.*'
    as screen-windows-7 --screen 305,15
    prints 'only CAPTUREBLT shows it' 'screen 305,15 plain=00ffff captureblt=0000ff ms=.*'
    as screen-windows-7 --screen 50,50
    prints 'others show' 'screen 50,50 plain=ff00ff captureblt=ff00ff ms=.*'
    as slow-screen --screen 50,50
    prints 'two reads take two refreshes' \
        'screen 50,50 plain=ff00ff captureblt=ff00ff ms=\(3[2-9]\|[4-9][0-9]\|[1-9][0-9][0-9][0-9]*\)'

    # the likeliest of all
    as windows-11 --frames 10 --exclude secret --pixel 305,15 --count ff00ff
    prints works "$fine"
    prints 'the list is honoured' 'count ff00ff n=3000 .*'
    prints 'alpha' 'pixel 305,15 ff0000ff'

    # does not depend on the architecture
    if [ "$arch" = "${SIM_ARCHS%% *}" ]; then
        filter_list
    fi

    # blocks
    as block-leaks --frames 10 --probe
    prints leaks 'probe live=1 last_freed=0 guard=0'
    as block-freed-at-destroy --frames 10 --probe
    prints 'freed' 'probe live=0 last_freed=1 guard=0'
    as block-freed-at-uninit --frames 10 --probe
    prints 'freed' 'probe live=0 last_freed=1 guard=0'
    as block-freed-at-unload --frames 10
    tells 'freed' ' unload .* live=0 .* freed_by_dll=1 '
    as block-per-frame-leaked --frames 10 --probe
    prints 'ten' 'probe live=10 .*'
    as block-per-frame-freed --frames 10 --probe
    prints 'the last' 'probe live=1 .*'
    counts 'ten were made' 10 ' block_new '
    as block-rotate2 --frames 10 --probe
    prints 'two' 'probe live=2 .*'
    as block-rotate3 --frames 10 --probe
    prints 'three' 'probe live=3 .*'
    as block-per-size-leaked --frames 10 --resize 400x300 --probe
    prints 'two' 'probe live=2 .*'
    as block-per-size-freed --frames 10 --resize 400x300 --probe
    prints 'one' 'probe live=1 .*'
    counts 'two were made' 2 ' block_new '
    as block-per-size-reused --frames 10 --resize 160x100 --probe
    prints 'one' 'probe live=1 .*'
    counts 'one was made' 1 ' block_new '
    for place in inside private-heap virtual misaligned; do
        as block-$place --frames 10 --probe --count ff00ff
        prints works "$fine"
        prints 'the picture is there' 'count ff00ff n=13000 .*'
        prints leaks 'probe live=1 last_freed=0 guard=0'
    done
    as block-null --frames 10
    prints 'no pointer' "$spoilt"
    as heap-walk-committed --walk --probe
    prints 'more than there is' 'walk blocks=1 beyond=1'
    as heap-walk-without --walk --probe
    prints 'not there' 'walk blocks=0 beyond=0'
    as default --walk --probe
    prints 'as it is' 'walk blocks=1 beyond=0'

    # the whole screen
    as fullscreen-magnified --look
    prints 'twice as large' 'look level=200 effect=0'
    as fullscreen-inverted --look
    prints 'inverted' 'look level=100 effect=1'
    as fullscreen-for-two-looks --look --look --look
    prints 'at the third look' 'look level=150 effect=0'
    as fullscreen-for-two-looks --look --look --look --look --look
    counts_printed 'no more at the fifth' 3 'look level=100 effect=0'
    as fullscreen-unknown --look
    prints 'cannot be asked' 'look none'
    as default --look
    prints 'nothing' 'look level=100 effect=0'
    as block-stolen --size 640x480 --probe
    tells 'same address' 'block_stolen .* same_address=1'
    prints 'gone' 'probe live=0 last_freed=1 guard=0'
    as block-stolen-silent --size 640x480 --probe
    tells 'same address' 'block_stolen .* same_address=1'
    as block-stolen-later --size 640x480 --settle 200 --probe
    tells 'same address' 'block_stolen .* same_address=1'

    # calls
    as source-false-5 --frames 10
    prints 'once' 'done frames=10 callbacks=9 false=1 silent=0 .*'
    as source-false-always --frames 10
    prints 'always' 'done frames=10 callbacks=0 false=10 silent=0 .*'
    as outage --frames 25
    prints 'ten frames' 'done frames=25 callbacks=15 false=10 silent=0 .*'
    counts 'the list, too' 10 ' filter .* -> 0$'
    as no-callback --frames 10
    prints 'TRUE and nothing' 'done frames=10 callbacks=0 false=0 silent=10 .*'
    as no-callback-5 --frames 10
    prints 'three frames' 'done frames=10 callbacks=7 false=0 silent=3 .*'
    as callback-refused
    prints 'says so' 'failed: MagSetImageScalingCallback error=.*'
    as transform-refused
    prints 'nobody here asks for one' 'done frames=1 callbacks=1 .*'
    as callback-twice --frames 10
    prints 'twenty' 'done frames=10 callbacks=20 false=0 silent=0 .*'
    as callback-late --frames 10 --pump
    prints 'in the message loop' "$fine"
    counts 'late ones' 8 ' callback .* why=late'
    as callback-late --frames 10
    prints 'never without one' 'done frames=10 callbacks=2 false=0 silent=8 .*'
    as callback-in-destroy --frames 10
    prints 'one more' 'done frames=10 callbacks=11 .*'
    as slow --frames 10
    prints 'at most 22 a second' 'speed fps=\(1[0-9]\|2[0-2]\|[0-9]\)\..*'
    as hang-1s --frames 10
    prints 'goes on' "$fine"
    tells 'a second' 'hang n=5 ms=1000'
    hang_forever
    as access-violation --frames 10
    prints 'raised' 'done frames=10 callbacks=9 false=1 silent=0 rejected=0 raised=1'
    for place in proc callback thread probe; do
        as access-violation-$place --frames 10
        prints 'raised, and handled' 'done frames=10 callbacks=10 false=0 silent=0 rejected=0 raised=1'
    done
    as foreign-uninit --frames 10
    prints 'nothing works any more' 'done frames=10 callbacks=4 false=6 silent=0 .*'

    # header
    for name in format-bgr format-bgra format-unknown block-null stride-short offset-huge \
                cbsize-zero cbsize-short width-less height-more width-zero height-zero; do
        as $name --frames 10
        prints 'a careful client refuses' "$spoilt"
    done
    for name in stride-padded offset-16 offset-changing cbsize-huge; do
        as $name --frames 10 --count ff00ff
        prints 'a careful client takes it' "$fine"
        prints 'the picture is there' 'count ff00ff n=13000 .*'
    done
    as alpha-255 --pixel 50,50
    prints 'alpha' 'pixel 50,50 ffff00ff'
    as blank-first --frames 5 --pixel 50,50
    prints 'frame 5' 'pixel 50,50 00000000'
    as blank-first --frames 6 --pixel 50,50
    prints 'frame 6' 'pixel 50,50 00ff00ff'
    as blank-always --frames 10 --pixel 50,50
    prints 'frame 10' 'pixel 50,50 00000000'
    MAGSIM_SET='source = pattern'
    export MAGSIM_SET
    as stale --frames 19 --pixel 0,0 --pixel 4,0
    prints 'bit 0 of 9' 'pixel 0,0 00ffffff'
    prints 'bit 1 of 9' 'pixel 4,0 00000000'
    unset MAGSIM_SET
    as border --pixel 0,0 --pixel 4,4 --pixel 319,199
    prints 'at the edge' 'pixel 319,199 00ffff00'
    prints 'not inside' 'pixel 4,4 0000ffff'

    # the display is another one afterwards: last
    as mode-change --frames 10
    if [ "$arch" = x86_64 ]; then
        tells 'changed' 'mode_change n=5 width=1024 height=768 -> 0'
    else
        # Debian's 32-bit Wine comes without the library that changes modes
        tells 'tried' 'mode_change n=5 width=1024 height=768 -> '
    fi
    subjects_end

    if [ "$arch" = "${SIM_ARCHS%% *}" ]; then
        every_profile_is_tried
    fi

    # errors are loud
    as no-such-profile
    prints 'no start' 'failed: MagInitialize error=.*'
    tells 'a line' 'PROFILE ERROR: no such profile'
    for line in 'nonsense = 1' 'filter = maybe' 'alpha = 256' 'blank = frames 5..2' 'hang = soon' \
                'blank' 'blank = yes now' 'width_add = 1 frame 0' 'blank = yes every 0'; do
        MAGSIM_SET=$line
        export MAGSIM_SET
        client --size 320x200
        says "$arch: error in '$line'" 'failed: MagInitialize error=.*'
    done
    unset MAGSIM_SET
    printf '# a file\n\n  alpha = 7 frames 2..3   # here\n blank = every 4\r\n' > "$WORK/mine.profile"
    MAGSIM_PROFILE=$WORK/mine.profile
    export MAGSIM_PROFILE
    client --size 320x200 --frames 3 --pixel 50,50
    says "$arch: a Unix path" 'pixel 50,50 07.*'
    MAGSIM_PROFILE="Z:$(echo "$WORK" | tr / "\\134")\\mine.profile"
    client --size 320x200 --frames 4 --pixel 50,50
    says "$arch: a Windows path" 'pixel 50,50 00000000'
    unset MAGSIM_PROFILE

    # the variant in build/simulator-noexport
    cp "$BUILD/simulator-noexport/$arch/Magnification.dll" "$PROGRAMS/$arch/"
    client --size 320x200
    says "$arch: an export is missing" 'failed: no export MagSetWindowFilterList'
    rm -f "$PROGRAMS/$arch/Magnification.dll"
done
done_testing
