/*
 * magnifier: names of files
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
 * Which file does the user mean, and what is wrong with it?
 */

#ifndef AVDEVICE_MAGNIFIER_PATH_H
#define AVDEVICE_MAGNIFIER_PATH_H

#include <wchar.h>

/**
 * The name as Windows takes it, however long it is. Any thread.
 *
 * @param[out] wide to be freed with av_free()
 * @return 0; AVERROR(EINVAL): it is not UTF-8; AVERROR(ENOMEM)
 */
int ff_magnifier_path_wide(wchar_t **wide, const char *utf8);

/** @return the AVERROR for a Win32 error code: ENOENT, EACCES, ENOSPC, else EIO */
int ff_magnifier_path_error(unsigned long code);

#endif /* AVDEVICE_MAGNIFIER_PATH_H */
