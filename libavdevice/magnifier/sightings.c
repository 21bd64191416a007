/*
 * magnifier: sightings of windows
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

#include <string.h>

#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "sightings.h"

int ff_magnifier_sightings_grow(void **array, size_t *allocated, size_t wanted, size_t size)
{
    size_t n = *allocated ? *allocated : 32;
    void *tmp;

    if (wanted <= *allocated)
        return 0;
    while (n < wanted) {
        if (n > SIZE_MAX / 2 / size)
            return AVERROR(ENOMEM);
        n *= 2;
    }
    tmp = av_realloc_array(*array, n, size);
    if (!tmp)
        return AVERROR(ENOMEM);
    *array     = tmp;
    *allocated = n;
    return 0;
}

int ff_magnifier_guard_add(MagnifierGuardList *list, uint64_t handle,
                           uint64_t serial, unsigned flags,
                           const MagnifierGuardRect *rect)
{
    MagnifierGuardWindow *w;
    void *windows = list->windows;

    if (ff_magnifier_sightings_grow(&windows, &list->allocated, list->nb_windows + 1,
                          sizeof(*list->windows)) < 0) {
        list->failed = 1;
        return AVERROR(ENOMEM);
    }
    list->windows = windows;
    w = &list->windows[list->nb_windows++];
    memset(w, 0, sizeof(*w));
    w->handle = handle;
    w->serial = serial;
    w->flags  = flags;
    if (rect && !(flags & MAGNIFIER_GUARD_NO_RECT))
        w->rect = *rect;
    else
        w->flags |= MAGNIFIER_GUARD_NO_RECT;
    return 0;
}
