/* This file is part of the tests of ffmpeg-magnifier; licence: LGPL 2.1 or later. */

#ifndef TESTS_UNIT_THREADS_AVFORMAT_H
#define TESTS_UNIT_THREADS_AVFORMAT_H

#include "avio.h"

#define AVFMT_FLAG_NONBLOCK 4

typedef struct AVFormatContext {
    const void *av_class;       ///< av_log() looks at it
    AVIOInterruptCB interrupt_callback;
    int flags;
} AVFormatContext;

#endif /* TESTS_UNIT_THREADS_AVFORMAT_H */
