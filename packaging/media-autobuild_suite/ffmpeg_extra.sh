#!/bin/bash
# Not run: media-autobuild_suite itself; tests/packaging sources this and runs its hook as that does.
#
# For media-autobuild_suite: copy this file into its build/ folder, and clone or copy this
# project beside it, as build/ffmpeg-magnifier. The suite sources it in build/, and runs
# _pre_configure in build/ffmpeg-git before it configures FFmpeg, which is of FFmpeg's master by default.
# What is needed and printed is packaging/add-device.sh's.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

# shellcheck disable=SC2154 # LOCALBUILDDIR and REPO_DIR, which is build/ffmpeg-git, are the suite's

# FFmpeg itself may be unchanged since the last time. The first time there is no clone yet.
[[ ! -d $REPO_DIR ]] || touch "$REPO_DIR/custom_updated"

_pre_configure() {
    sh "$LOCALBUILDDIR/ffmpeg-magnifier/packaging/add-device.sh" "$REPO_DIR" || return

    # What the suite adds to its own options, which it has expanded already.
    conf_extras+=(--enable-indev=magnifier)
}
