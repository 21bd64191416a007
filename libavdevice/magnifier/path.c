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

#include "config.h"

#include <errno.h>

#include <windows.h>

#include "libavutil/error.h"
#include "libavutil/wchar_filename.h"

#include "path.h"

int ff_magnifier_path_wide(wchar_t **wide, const char *utf8)
{
    wchar_t *full = NULL;

    errno = 0;
    if (utf8towchar(utf8, wide) < 0 || !*wide)
        return errno == ENOMEM ? AVERROR(ENOMEM) : AVERROR(EINVAL);
    /* what it cannot make longer (an empty name) is for the system to refuse */
    if (get_extended_win32_path(utf8, &full) >= 0) {
        av_free(*wide);
        *wide = full;
    }
    return 0;
}

int ff_magnifier_path_error(unsigned long code)
{
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
        return AVERROR(ENOENT);
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_WRITE_PROTECT:
        return AVERROR(EACCES);
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        return AVERROR(ENOSPC);
    }
    return AVERROR(EIO);
}
