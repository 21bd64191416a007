/* This file is part of the tests of ffmpeg-magnifier; licence: LGPL 2.1 or later. */

#ifndef TESTS_UNIT_THREADS_AVIO_H
#define TESTS_UNIT_THREADS_AVIO_H

typedef struct AVIOInterruptCB {
    int (*callback)(void *opaque);
    void *opaque;
} AVIOInterruptCB;

#endif /* TESTS_UNIT_THREADS_AVIO_H */
