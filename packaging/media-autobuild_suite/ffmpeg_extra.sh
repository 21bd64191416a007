#!/bin/bash
# Not run: media-autobuild_suite itself; tests/packaging sources this and runs its hook.
#
# For media-autobuild_suite: copy this file into its build/ folder, and clone or copy this
# project beside it, as build/ffmpeg-magnifier. The suite sources it in build/ffmpeg-git and runs
# _pre_configure there before it configures FFmpeg, which is of FFmpeg's master by default. What is needed and
# printed is packaging/add-device.sh's.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

# shellcheck disable=SC2154 # LOCALBUILDDIR is the suite's

# FFmpeg itself may be unchanged since the last time
touch custom_updated

_pre_configure() {
    sh "$LOCALBUILDDIR/ffmpeg-magnifier/packaging/add-device.sh" "$LOCALBUILDDIR/ffmpeg-git" || return

    # The suite copies the options for a shared build before it comes here.
    FFMPEG_OPTS+=(--enable-indev=magnifier)
    FFMPEG_OPTS_SHARED+=(--enable-indev=magnifier)
}
