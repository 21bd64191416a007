/*
 * The pictures that scene.exe paints and that frames checks: one function, so
 * that "what was painted" and "what is expected" cannot drift apart.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#ifndef TESTS_E2E_PATTERN_H
#define TESTS_E2E_PATTERN_H

#include <stdint.h>
#include <string.h>

enum PatternKind {
    PATTERN_SOLID,    ///< color everywhere
    PATTERN_CHECKER,  ///< 8x8 cells of color and color2
    PATTERN_PLAID,    ///< every pixel of 4096x4096 has its own colour
    PATTERN_STAMP,    ///< a counter as two rows of blocks, see STAMP_*
    PATTERN_DUSK,     ///< a picture to look at: color above, color2 below, hills
    PATTERN_NB
};

typedef struct Pattern {
    enum PatternKind kind;
    uint32_t color, color2;     ///< 0xRRGGBB
    uint32_t stamp;             ///< the counter that PATTERN_STAMP shows
} Pattern;

static const char *const pattern_names[PATTERN_NB] = {
    "solid", "checker", "plaid", "stamp", "dusk"
};

/**
 * A stamp is STAMP_BITS blocks of STAMP_CELL pixels in a row, most significant
 * bit first, white for 1 and black for 0, and under it the same row inverted:
 * a picture torn between two counters does not decode.
 */
#define STAMP_BITS 24
#define STAMP_CELL 8
#define STAMP_W (STAMP_BITS * STAMP_CELL)
#define STAMP_H (2 * STAMP_CELL)

static inline uint32_t pattern_mix(uint32_t a, uint32_t b, unsigned t, unsigned of)
{
    uint32_t c = 0;
    int i;

    for (i = 0; i < 24; i += 8)
        c |= ((a >> i & 255) * (of - t) + (b >> i & 255) * t) / of << i;
    return c;
}

/** Hills of parabolas before a sky of 720 rows. */
static inline uint32_t pattern_dusk(const Pattern *p, unsigned x, unsigned y)
{
    static const struct { int top, width, shift; uint32_t color; } hills[3] = {
        { 470, 1500, 350, 0x3A4A78 }, { 540, 1100, 60, 0x2C3A66 }, { 610, 900, 420, 0x1E2A50 } };
    int i;

    for (i = 2; i >= 0; i--) {
        int64_t d = (int)(x + hills[i].shift) % hills[i].width - hills[i].width / 2;

        if ((int)y > hills[i].top + 180 * d * d / (hills[i].width * hills[i].width / 4))
            return hills[i].color;
    }
    return pattern_mix(p->color, p->color2, y < 719 ? y : 719, 720);
}

/** The colour 0xRRGGBB of pixel x, y, counted from the picture's own corner. */
static inline uint32_t pattern_pixel(const Pattern *p, unsigned x, unsigned y)
{
    unsigned bit;

    switch (p->kind) {
    case PATTERN_CHECKER:
        return (x / 8 + y / 8) & 1 ? p->color2 : p->color;
    case PATTERN_PLAID:
        return (x & 255) << 16 | (y & 255) << 8 |
               (x >> 8 & 15) | (y >> 8 & 15) << 4;
    case PATTERN_STAMP:
        if (x >= STAMP_W || y >= STAMP_H)
            return p->color;
        bit = p->stamp >> (STAMP_BITS - 1 - x / STAMP_CELL) & 1;
        return bit ^ (y / STAMP_CELL) ? 0xFFFFFF : 0x000000;
    case PATTERN_DUSK:
        return pattern_dusk(p, x, y);
    default:
        return p->color;
    }
}

static inline int pattern_kind(const char *name)
{
    int i;

    for (i = 0; i < PATTERN_NB; i++)
        if (!strcmp(name, pattern_names[i]))
            return i;
    return -1;
}

#endif /* TESTS_E2E_PATTERN_H */
