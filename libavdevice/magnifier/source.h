/*
 * magnifier: what can be captured
 * Copyright (c) 2026 The ffmpeg-magnifier developers
 *
 * This file is part of FFmpeg.
 *
 * FFmpeg is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * FFmpeg is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with FFmpeg; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * What is there now that can stand after -i?
 * Called on FFmpeg's threads. Monitors and windows are read on the runtime's, the only one that
 * surely sees physical pixels.
 */

#ifndef AVDEVICE_MAGNIFIER_SOURCE_H
#define AVDEVICE_MAGNIFIER_SOURCE_H

#include "libavdevice/avdevice.h"

#include "log.h"
#include "source_parse.h"

/**
 * List what can be captured now. Each name can stand after -i as it is.
 *
 * @param log what went wrong, one line
 * @return 0; the errors of ff_magnifier_runtime_join() and ff_magnifier_rt_display_read() and
 *         ff_magnifier_rt_target_list()
 */
int ff_magnifier_source_list(AVDeviceInfoList *list, MagnifierLog *log);

#endif /* AVDEVICE_MAGNIFIER_SOURCE_H */
