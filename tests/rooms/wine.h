/*
 * Which Wine a test program runs under.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#ifndef TESTS_ROOMS_WINE_H
#define TESTS_ROOMS_WINE_H

#include <stdlib.h>

#include <windows.h>

/** @return Wine's major version, or 0 on Windows */
static inline int wine_major(void)
{
    union {
        FARPROC proc;
        const char *(CDECL *version)(void);
    } get = { GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") };

    return get.proc ? atoi(get.version()) : 0;
}

/**
 * Does the system itself tell other programs that a window is shown or hidden, as Windows
 * does? Wine 10 does, Wine 8 does not. There is no excuse for a frame where it does.
 */
static inline int system_tells_of_show(void)
{
    int major = wine_major();

    return !major || major >= 10;
}

#endif /* TESTS_ROOMS_WINE_H */
