/*
 * The pointers that the tests show; each pixel of them is known.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#ifndef TESTS_E2E_CURSOR_H
#define TESTS_E2E_CURSOR_H

#include <windows.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * alpha: 32x32, opaque FF8000 with a half transparent 00FF00 right half;
 * mono: 32x32, quarters: black, white, transparent, inverted;
 * large: 64x64, opaque 0080FF with a one pixel FFFF00 edge.
 */
static HCURSOR make_cursor(const char *kind, int hot_x, int hot_y)
{
    ICONINFO ii = { .fIcon = FALSE, .xHotspot = hot_x, .yHotspot = hot_y };
    HCURSOR cursor = NULL;
    int x, y;

    if (!strcmp(kind, "arrow"))
        return LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);
    if (!strcmp(kind, "ibeam"))
        return LoadCursorW(NULL, (LPCWSTR)IDC_IBEAM);
    if (!strcmp(kind, "mono")) {
        uint8_t and[32 * 4], xor[32 * 4];

        for (y = 0; y < 32; y++)
            for (x = 0; x < 4; x++) {
                int transparent = y >= 16;          // below: AND 1
                int right = x >= 2;                 // right: XOR 1

                and[y * 4 + x] = transparent ? 0xFF : 0;
                xor[y * 4 + x] = right ? 0xFF : 0;
            }
        return CreateCursor(GetModuleHandleW(NULL), hot_x, hot_y, 32, 32, and, xor);
    }
    if (!strcmp(kind, "alpha") || !strcmp(kind, "large")) {
        int size = !strcmp(kind, "large") ? 64 : 32;
        BITMAPV5HEADER h = { .bV5Size = sizeof(h), .bV5Width = size, .bV5Height = -size,
                             .bV5Planes = 1, .bV5BitCount = 32,
                             .bV5Compression = BI_BITFIELDS, .bV5RedMask = 0xFF0000,
                             .bV5GreenMask = 0xFF00, .bV5BlueMask = 0xFF,
                             .bV5AlphaMask = 0xFF000000 };
        HDC dc = GetDC(NULL);
        uint32_t *bits;
        uint8_t *mask;

        ii.hbmColor = CreateDIBSection(dc, (BITMAPINFO *)&h, DIB_RGB_COLORS,
                                       (void **)&bits, NULL, 0);
        ReleaseDC(NULL, dc);
        if (!ii.hbmColor)
            return NULL;
        for (y = 0; y < size; y++)
            for (x = 0; x < size; x++) {
                uint32_t c = 0xFFFF8000;

                if (size == 64)
                    c = !x || !y || x == 63 || y == 63 ? 0xFFFFFF00 : 0xFF0080FF;
                else if (x >= 16)
                    c = 0x8000FF00;
                bits[y * size + x] = c;
            }
        mask = calloc(size, size / 8);
        ii.hbmMask = CreateBitmap(size, size, 1, 1, mask);
        cursor = (HCURSOR)CreateIconIndirect(&ii);
        DeleteObject(ii.hbmColor);
        DeleteObject(ii.hbmMask);
        free(mask);
    }
    return cursor;
}

#endif /* TESTS_E2E_CURSOR_H */
