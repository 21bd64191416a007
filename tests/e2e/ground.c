/*
 * ground: lets the windows of Wine 8 begin as black ones, by LD_PRELOAD.
 *
 * The windows that it asks X for have no background. So X lets one that is mapped, or grows, hold what
 * the screen showed there until it is painted: a window that does not match has pixels of one that
 * does, and no exclusion can know of them. The windows of a composed Windows desktop begin empty; so do
 * these. Under Wine 10 nothing of it was seen, with this or without.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

// From X11/X.h and X11/Xlib.h; what follows in the structure stays as it is.
#define CW_BACK_PIXMAP 1UL
#define CW_BACK_PIXEL  2UL

typedef unsigned long XID;
typedef struct Attributes {
    XID background_pixmap;
    unsigned long background_pixel;
} Attributes;

typedef XID CreateWindow(void *display, XID parent, int x, int y, unsigned width, unsigned height,
                         unsigned border, int depth, unsigned class, void *visual,
                         unsigned long mask, Attributes *attributes);

CreateWindow XCreateWindow;

XID XCreateWindow(void *display, XID parent, int x, int y, unsigned width, unsigned height,
                  unsigned border, int depth, unsigned class, void *visual, unsigned long mask,
                  Attributes *attributes)
{
    union {
        void *symbol;
        CreateWindow *call;
    } next = { dlsym(RTLD_NEXT, "XCreateWindow") };
    // those of a window are 15 fields of at most eight bytes
    union {
        Attributes attributes;
        unsigned long room[16];
    } none = { { 0, 0 } };

    if (!next.symbol)
        abort();
    if (!attributes)
        attributes = &none.attributes;
    if (!(mask & (CW_BACK_PIXMAP | CW_BACK_PIXEL)) && class != 2 /* InputOnly */) {
        mask |= CW_BACK_PIXEL;
        attributes->background_pixel = 0;
    }
    return next.call(display, parent, x, y, width, height, border, depth, class, visual, mask,
                     attributes);
}
