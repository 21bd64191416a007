#!/bin/sh
# Each thing that a client must not do with a frame block turns the guard red,
# and what it may do does not.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
# shellcheck source=tests/simulator/lib.sh
. "${0%/*}/lib.sh"

red() {
    client --size 640x480 --misuse "$2"
    logs "$arch: $1" "GUARD: $3"
    logs "$arch: $1 (exit line)" ' exit .* guard=[1-9][0-9]* RED'
}

green() {
    name=$1
    shift
    client --size 640x480 --frames 3 "$@"
    # shellcheck disable=SC2251
    ! grep -q 'GUARD:' "$LOG"
    ok "$arch: $name"
    logs "$arch: $name (exit line)" ' exit .* guard=0 green'
}

for arch in $SIM_ARCHS; do
    red double_free_is_seen               double-free         'double free of a block how=HeapFree'
    red free_while_the_control_lives      free-alive          'free of a block whose control is alive'
    red free_inside_a_block               free-inside         'free of a pointer inside a block'
    red free_of_what_is_no_block          free-stranger       'free of what is no block of the heap'
    red free_by_the_C_library             crt-free            'free of a block in a way that does not fit'
    red realloc_inside_a_block            realloc             'free of a pointer inside a block'
    red VirtualFree_of_a_heap_block       virtual-free        'free of a block in a way that does not fit'
    red write_after_WM_DESTROY            write-after-destroy 'a block was written to after WM_DESTROY'
    red write_after_MagUninitialize       write-after-uninit  'a block was written to after WM_DESTROY'

    MAGSIM_PROFILE=block-freed-at-uninit
    export MAGSIM_PROFILE
    red DLL_freed_it_and_the_client_again free-again          'double free of a block'
    red client_freed_before_the_DLL_does  free-before-uninit  'free of a block that MagUninitialize is going to free'
    MAGSIM_PROFILE=block-freed-at-destroy
    red DLL_freed_it_at_destroy           free-again          'double free of a block'
    MAGSIM_PROFILE=block-inside
    red free_of_srcdata_inside_a_block    free-again          'free of a block in a way that does not fit'
    MAGSIM_PROFILE=block-private-heap
    red free_of_a_private_heaps_block     free-again          'free of a block in a way that does not fit'
    MAGSIM_PROFILE=block-virtual
    red HeapFree_of_a_VirtualAlloc_block  free-again          'free of a block in a way that does not fit'
    MAGSIM_PROFILE=block-misaligned
    red free_of_a_misaligned_pointer      free-again          'free of a block in a way that does not fit'
    MAGSIM_PROFILE=block-stolen
    red free_of_a_stolen_block            free-again          'free of a block that has another owner now'
    logs "$arch: stolen_at_the_same_address" 'block_stolen .* same_address=1'
    unset MAGSIM_PROFILE

    green a_leak_is_no_violation
    green free_after_MagUninitialize --free --cycles 5
    green free_by_a_way_that_is_not_watched --misuse unseen-free
    logs "$arch: but_it_is_counted" 'exit .* live=0 freed_by_client=1 '
done
done_testing
