/*
 * magnifier: Magnification.dll and its control
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
 * How does one get the picture of one rectangle out of the API?
 *
 * mingw-w64 has neither prototypes nor an import library for Magnification.dll, so this
 * file declares the types, and the functions are looked up at run time. That also lets
 * FFmpeg start on systems without the DLL. Names are those of the Windows SDK.
 *
 * A control of class "Magnifier" lives in a host window. MagSetWindowSource() makes it
 * call back with the pixels of a rectangle of the desktop; they are copied from there
 * to their place in the frame, and nowhere else. All functions run on the runtime's thread.
 */

#ifndef AVDEVICE_MAGNIFIER_CONTROL_H
#define AVDEVICE_MAGNIFIER_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include <windows.h>

#include "log.h"
#include "reclaim.h"
#include "region.h"

struct MagnifierClient;

#define MAGNIFIER_WC_MAGNIFIER      L"Magnifier"
#define MAGNIFIER_MW_FILTERMODE_EXCLUDE 0

/** MAGIMAGEHEADER: 36 bytes on x86, 40 on x64. */
typedef struct MagnifierImageHeader {
    UINT   width;               ///< pixels
    UINT   height;              ///< rows, top-down
    GUID   format;              ///< a WIC pixel format
    UINT   stride;              ///< bytes from row to row
    UINT   offset;              ///< bytes from the start of the block to the first row
    SIZE_T cbSize;              ///< bytes of the block
} MagnifierImageHeader;

/** MAGTRANSFORM */
typedef struct MagnifierTransform {
    float v[3][3];
} MagnifierTransform;

/** MAGCOLOREFFECT */
typedef struct MagnifierColorEffect {
    float transform[5][5];
} MagnifierColorEffect;

/** MagImageScalingCallback; the structs go by value, 120 bytes of arguments on x86. */
typedef BOOL (CALLBACK *MagnifierScalingCallback)(HWND hwnd,
                                                  void *srcdata, MagnifierImageHeader srcheader,
                                                  void *destdata, MagnifierImageHeader destheader,
                                                  RECT unclipped, RECT clipped, HRGN dirty);

typedef struct MagnifierApi {
    HMODULE module;             ///< Magnification.dll, one reference of ours
    BOOL (WINAPI *MagInitialize)(void);
    BOOL (WINAPI *MagUninitialize)(void);
    BOOL (WINAPI *MagSetWindowSource)(HWND hwnd, RECT rect);
    BOOL (WINAPI *MagSetWindowTransform)(HWND hwnd, MagnifierTransform *transform);
    BOOL (WINAPI *MagSetWindowFilterList)(HWND hwnd, DWORD mode, int count, HWND *list);
    int  (WINAPI *MagGetWindowFilterList)(HWND hwnd, DWORD *mode, int count, HWND *list);
    BOOL (WINAPI *MagSetImageScalingCallback)(HWND hwnd, MagnifierScalingCallback callback);

    /* NULL before Windows 8 */
    BOOL (WINAPI *MagGetFullscreenTransform)(float *level, int *x, int *y);
    BOOL (WINAPI *MagGetFullscreenColorEffect)(MagnifierColorEffect *effect);
} MagnifierApi;

/**
 * Load the DLL, from the system directory and from nowhere else, and look up every
 * entry point; two of them may be missing. Runtime's thread.
 *
 * @param level AV_LOG_* of the line about a failure
 * @return 0; AVERROR(ENOSYS) when the DLL or an entry point is missing or the DLL is
 *         Wine's, whose functions are stubs that raise an exception when called. One line
 *         in the log says which. Nothing stays loaded on failure.
 */
int ff_magnifier_rt_api_load(MagnifierApi *api, MagnifierLog *log, int level);

/**
 * Give the DLL back and forget the entry points. Runtime's thread, after the last Mag* call.
 *
 * @param keep leave it loaded for good: a window lives that it may be called for
 */
void ff_magnifier_rt_api_unload(MagnifierApi *api, int keep);

/**
 * Make every entry point one that fails and does not reach the DLL. Runtime's thread, after a call
 * has faulted.
 */
void ff_magnifier_rt_api_disable(MagnifierApi *api);

/**
 * What does a full-screen magnifier (Windows' own or another program's) do to the screen, as far
 * as the API tells? Runtime's thread.
 *
 * The level seems to be one for the desktop, not for a process: Wind (a magnifier on GitHub, its
 * magnify_model.cpp) reads with MagGetFullscreenTransform() where Magnify.exe has zoomed to, and goes
 * on from there. So nobody looks for Magnify.exe, or its window of class MagUIClass. That is there
 * whenever Magnifier runs, at 100 % and with a lens, too, and so would tell of nothing: strict
 * proof would be an outage for a screen that is as it always was. The lens is a window that
 * a rule can name. Of color effects of other processes nobody has reported anything.
 *
 * @return buf with "magnified to 200 %", or a constant text that fits the same sentence; NULL: nothing,
 *         or nobody knows
 */
const char *ff_magnifier_rt_fullscreen_effect(char *buf, size_t size);

typedef struct MagnifierControl {
    HWND host;                  ///< top-level window around the control
    HWND hwnd;                  ///< the control
    MagnifierRect rect;         ///< what is wanted of the screen, desktop coordinates
    MagnifierRect source;       ///< what it captures, with rect in it; its size never changes
    int visible;                ///< the host is shown (and transparent), see create
    int owner;                  ///< capture's number in the ledger, 0: blocks are not remembered

    /* the call that is going on, see ff_magnifier_rt_control_capture() */
    uint8_t *data;              ///< where the first row goes; NULL: not armed
    ptrdiff_t linesize;         ///< bytes from row to row there
    int ok;                     ///< it has reported success
    int delivered;              ///< the callback has copied a frame
    const char *refused;        ///< why a frame that came was not taken
} MagnifierControl;

/** What came of a call. */
enum MagnifierOutcome {
    MAGNIFIER_PICTURE,          ///< the rows are where they belong
    MAGNIFIER_NO_CALLBACK,      ///< the API reported success but delivered nothing
    MAGNIFIER_REFUSED,          ///< a picture came that cannot be taken, see refused
    MAGNIFIER_CALL_FAILED,      ///< MagSetWindowSource() failed, see GetLastError()
    MAGNIFIER_CALL_FAULTED,     ///< this call or an earlier one of the process has faulted, see fault.h
};

/**
 * Make host and control for a rectangle that lies on one monitor.
 *
 * @param rect    what is wanted
 * @param source  what is captured, with rect in it: so rect can be another one later, and of
 *                another size
 * @param visible 0: the host stays hidden, which is how most products used the API; 1: it
 *                is shown where the rectangle is, but fully transparent and click-through,
 *                and is painted for each frame, which others report to be necessary
 * @param owner   number under which the leaked blocks are remembered; 0: they are not
 * @param client who hears of a failure
 * @return 0, or AVERROR_EXTERNAL with one line in the log and nothing left behind
 */
int ff_magnifier_rt_control_create(MagnifierControl *control, const MagnifierRect *rect,
                                   const MagnifierRect *source, int visible, int owner,
                                   const struct MagnifierClient *client);

/**
 * From now on something else is wanted. The list stays as it is.
 *
 * @param source as large as it was
 */
void ff_magnifier_rt_control_move(MagnifierControl *control, const MagnifierRect *rect,
                                  const MagnifierRect *source);

/** Destroy control and host. A callback that comes meanwhile finds nothing. Idempotent. */
void ff_magnifier_rt_control_destroy(MagnifierControl *control);

/**
 * Give the control the list of windows to leave out.
 *
 * @param list copied by the API, as far as anybody has seen
 * @return 0; AVERROR_EXTERNAL: refused, see GetLastError(); which list is in force is unknown
 */
int ff_magnifier_rt_control_set_list(MagnifierControl *control, HWND *list, int nb);

/**
 * Read the list back.
 *
 * @param max entries that list can take; a longer one is not copied
 * @return the number of windows on the list of the API, AVERROR_EXTERNAL when it cannot be
 *         read or is not one of windows to leave out
 */
int ff_magnifier_rt_control_get_list(MagnifierControl *control, HWND *list, int max);

/**
 * Copy what the rectangle shows now to data, and nothing of the source around it. The callback is accepted only during this
 * call, and only the first one. On any outcome but MAGNIFIER_PICTURE, data holds rubbish.
 */
enum MagnifierOutcome ff_magnifier_rt_control_capture(MagnifierControl *control,
                                                      uint8_t *data, ptrdiff_t linesize);

#endif /* AVDEVICE_MAGNIFIER_CONTROL_H */
