/*
 * magprobe: the interface that is being probed
 *
 * This file is part of the magnifier device for FFmpeg.
 *
 * This is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * It is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with it; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * The Magnification API by its public documentation, and one session of it:
 * library, host window, control. All functions belong to the thread that
 * opened the session.
 */

#ifndef MAGPROBE_API_H
#define MAGPROBE_API_H

#include <windows.h>

#define FILTER_EXCLUDE 0
#define FILTER_INCLUDE 1

typedef struct ImageHeader {
    UINT width, height;
    GUID format;
    UINT stride, offset;
    SIZE_T cb_size;
} ImageHeader;

typedef struct Transform {
    float v[3][3];
} Transform;

typedef BOOL (CALLBACK *ScalingCallback)(HWND hwnd, void *src, ImageHeader src_header,
                                         void *dst, ImageHeader dst_header,
                                         RECT unclipped, RECT clipped, HRGN dirty);

typedef struct Api {
    HMODULE dll;
    BOOL (WINAPI *initialize)(void);
    BOOL (WINAPI *uninitialize)(void);
    BOOL (WINAPI *set_source)(HWND, RECT);
    BOOL (WINAPI *set_transform)(HWND, Transform *);
    BOOL (WINAPI *get_transform)(HWND, Transform *);
    BOOL (WINAPI *set_filter)(HWND, DWORD, int, HWND *);
    int  (WINAPI *get_filter)(HWND, DWORD *, int, HWND *);
    BOOL (WINAPI *set_callback)(HWND, ScalingCallback);
} Api;

typedef struct Session {
    Api api;
    int initialized;
    int failed_inits;           ///< calls of MagInitialize that failed first
    int class_missing;          ///< MagInitialize was content, the class is not there
    HWND host, control;
    int visible;                ///< the host is shown, frames come from painting
} Session;

/** Load the DLL from System32. @return 0, or -1 with what is missing said */
int api_load(Api *api);

/** The thread's DPI context, the DLL, MagInitialize (three tries). @return 0 or -1 */
int session_begin(Session *s);

/** Host and control, width times height pixels. @return 0 or -1 */
int session_open(Session *s, int width, int height);

/** Destroy host and control; blocks are left alone. */
void session_close(Session *s);

/** MagUninitialize, if it is due. The DLL stays loaded. */
void session_end(Session *s);

/** Give the calling thread physical pixels, if this Windows knows how. */
void use_physical_pixels(void);

/** Take all messages that are there. */
void pump(void);

#endif /* MAGPROBE_API_H */
