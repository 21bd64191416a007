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

#include "config.h"

#include <inttypes.h>

#include <windows.h>

#include "libavutil/attributes.h"
#include "libavutil/avstring.h"
#include "libavutil/avutil.h"
#include "libavutil/buffer.h"
#include "libavutil/error.h"
#include "libavutil/log.h"
#include "libavutil/macros.h"
#include "libavutil/mem.h"

#include "display.h"
#include "runtime.h"
#include "source.h"
#include "target.h"

/** How long the list may take, microseconds: other captures use the thread too. */
#define LIST_TIMEOUT 10000000

typedef struct Listing {
    MagnifierDisplay display;
    MagnifierTargetEntry *windows;
    int nb_windows;
    MagnifierLog *log;          ///< its own, as the thread may answer when nobody waits any more
} Listing;

static av_cold int rt_list(void *opaque)
{
    Listing *l = opaque;
    int ret = ff_magnifier_rt_display_read(&l->display, l->log, AV_LOG_ERROR);

    if (ret >= 0)
        ret = l->nb_windows = ff_magnifier_rt_target_list(&l->windows, l->log);
    return FFMIN(ret, 0);
}

static av_cold void free_listing(void *opaque, uint8_t *data)
{
    Listing *l = (Listing *)data;

    ff_magnifier_target_list_free(&l->windows, l->nb_windows);
    ff_magnifier_log_free(&l->log);
    av_free(l);
}

static av_cold AVBufferRef *alloc_listing(void)
{
    Listing *l = av_mallocz(sizeof(*l));
    AVBufferRef *ref;

    if (!l)
        return NULL;
    l->log = ff_magnifier_log_alloc();
    ref = l->log ? av_buffer_create((uint8_t *)l, sizeof(*l), free_listing, NULL, 0) : NULL;
    if (!ref)
        free_listing(NULL, (uint8_t *)l);
    return ref;
}

static av_cold void free_device(AVDeviceInfo **device)
{
    if (*device) {
        av_freep(&(*device)->device_name);
        av_freep(&(*device)->device_description);
        av_freep(&(*device)->media_types);
    }
    av_freep(device);
}

/** @param name owned by the list, or freed; NULL: there was no memory for it */
static av_cold int add_source(AVDeviceInfoList *list, char *name, const char *what,
                              const MagnifierRect *rect, const char *more)
{
    AVDeviceInfo *device = av_mallocz(sizeof(*device));
    int ret = AVERROR(ENOMEM);

    if (!device) {
        av_free(name);
        return ret;
    }
    device->device_name        = name;
    device->device_description = av_asprintf("%s, %dx%d at %d,%d%s", what, rect->right - rect->left,
                                             rect->bottom - rect->top, rect->left, rect->top, more);
    device->media_types        = av_malloc(sizeof(*device->media_types));
    if (device->device_name && device->device_description && device->media_types) {
        device->media_types[0] = AVMEDIA_TYPE_VIDEO;
        device->nb_media_types = 1;
        ret = av_dynarray_add_nofree(&list->devices, &list->nb_devices, device);
    }
    if (ret < 0)
        free_device(&device);
    return ret;
}

/** The whole desktop is the default. */
static av_cold int add_sources(AVDeviceInfoList *list, const Listing *l)
{
    const MagnifierDisplay *display = &l->display;
    int ret = add_source(list, av_strdup("desktop"), "the whole desktop", &display->desktop, "");

    if (ret >= 0)
        list->default_device = 0;
    for (int i = 0; i < display->nb_monitors && ret >= 0; i++)
        ret = add_source(list, av_asprintf("monitor=%d", i + 1), display->names[i],
                         &display->rects[i], i ? "" : ", primary");
    for (int i = 0; i < l->nb_windows && ret >= 0; i++)
        ret = add_source(list, av_asprintf("hwnd=0x%"PRIx64, (uint64_t)(uintptr_t)l->windows[i].hwnd),
                         l->windows[i].title, &l->windows[i].rect, "");
    return ret;
}

av_cold int ff_magnifier_source_list(AVDeviceInfoList *list, MagnifierLog *log)
{
    AVBufferRef *ref = alloc_listing();
    Listing *l;
    int ret;

    if (!ref)
        return AVERROR(ENOMEM);
    l   = (Listing *)ref->data;
    ret = ff_magnifier_runtime_join(l->log, NULL);
    if (ret >= 0) {
        ret = ff_magnifier_runtime_call(ff_magnifier_runtime_call_alloc(rt_list, ref, 0),
                                        LIST_TIMEOUT, LIST_TIMEOUT, NULL);
        ff_magnifier_runtime_leave(l->log, ret == AVERROR(ETIMEDOUT));
        if (ret == AVERROR(ETIMEDOUT))
            ff_magnifier_log(l->log, AV_LOG_ERROR, "The screen cannot be listed: another capture "
                             "has not answered for %d seconds\n", LIST_TIMEOUT / 1000000);
    }
    ff_magnifier_log_move(log, l->log);
    if (ret >= 0)
        ret = add_sources(list, l);
    av_buffer_unref(&ref);
    return ret == AVERROR(ETIMEDOUT) ? AVERROR_EXTERNAL : ret;
}
