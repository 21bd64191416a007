#!/bin/sh
# The leak is there, as large and as deadly as it was measured, and a client that
# frees srcdata is rid of it.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck disable=SC2034
DESKTOP_OPTIONS="--size 2560x1440"
# shellcheck source=tests/simulator/lib.sh
. "${0%/*}/lib.sh"

for arch in $SIM_ARCHS; do
    client --cycles 20 --frames 2 --size 640x480 --probe
    says "$arch: one_block_a_session_stays" 'probe live=20 last_freed=0 guard=0'
    logs "$arch: exit_line_counts_them" ' exit frames=40 callbacks=40 live=20 .* guard=0 green'
    [ "$(grep -c ' block_new ' "$LOG")" -eq 20 ]
    ok "$arch: one_block_serves_all_frames_of_a_session"

    client --cycles 20 --frames 2 --size 640x480 --free --probe
    says "$arch: freed_with_HeapFree_none_stays" 'probe live=0 last_freed=1 guard=0'
    logs "$arch: exit_line_is_green" ' exit .* live=0 freed_by_client=20 freed_by_dll=0 guard=0 green'

    client --frames 6 --size 640x480 --resize 320x200 --probe
    says "$arch: size_change_leaks_one_more" 'probe live=2 .*'
done

# 2 GB of address space and 14,745,600 bytes a session
case " $SIM_ARCHS " in
*" i686 "*)
    arch=i686
    client --cycles 200 --size 2560x1440
    cycle=$(tr -d '\r' < "$OUT" | sed -n 's/^stopped cycle=//p')
    [ "${cycle:-0}" -ge 125 ] && [ "${cycle:-0}" -le 141 ]
    ok "i686: at_2560x1440_it_dies_in_cycle_${cycle:-never}"

    client --cycles 200 --size 2560x1440 --free
    says "i686: with_HeapFree_it_lives_200_cycles" 'done frames=200 callbacks=200 false=0 .*'
    logs "i686: and_leaves_nothing" ' exit .* live=0 freed_by_client=200 .* guard=0 green'
    ;;
esac
done_testing
