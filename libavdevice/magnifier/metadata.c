/*
 * magnifier: what a packet says of its picture
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

#include <stdint.h>

#include "libavcodec/packet.h"
#include "libavutil/dict.h"
#include "libavutil/error.h"
#include "libavutil/mem.h"

#include "metadata.h"

#define KEY(name) "lavfi.magnifier." name

static int set_all(AVDictionary **dict, const MagnifierMetadata *v)
{
    int ret = av_dict_set(dict, KEY("state"), ff_magnifier_state_name(v->state), 0);

    if (v->list) {
        ret |= av_dict_set_int(dict, KEY("list"),    v->list,    0);
        ret |= av_dict_set_int(dict, KEY("listed"),  v->listed,  0);
        ret |= av_dict_set_int(dict, KEY("painted"), v->painted, 0);
        ret |= av_dict_set_int(dict, KEY("rules"),   v->rules,   0);
    }
    if (v->reason)
        ret |= av_dict_set(dict, KEY("reason"), v->reason, 0);
    return ret;
}

int ff_magnifier_metadata_attach(AVPacket *pkt, const MagnifierMetadata *metadata)
{
    AVDictionary *dict = NULL;
    uint8_t *data = NULL;
    size_t size;

    if (set_all(&dict, metadata) >= 0)
        data = av_packet_pack_dictionary(dict, &size);
    av_dict_free(&dict);
    if (data && av_packet_add_side_data(pkt, AV_PKT_DATA_STRINGS_METADATA, data, size) >= 0)
        return 0;
    av_free(data);
    return AVERROR(ENOMEM);
}
