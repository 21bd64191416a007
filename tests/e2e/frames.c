/*
 * frames: checks statements about raw bgr0 frames.
 *
 *   frames WxH FILE|- STATEMENT...
 *
 * Each argument is one statement; it holds when it holds in every frame of the
 * current selection, which is all frames at first:
 *
 *   frame all | frame N | frame A..B   select (0 is the first, -1 the last)
 *   number N | number A..B             so many frames are there
 *   rect R PICTURE                     R is exactly that picture
 *   like R FILE X,Y                    R is what the raw file or PPM has at X,Y
 *   near R COLOR N                     no channel in R is further from COLOR than N
 *   border R COLOR                     the one pixel outline of R has that colour
 *   other R COLOR                      no pixel of R has that colour
 *   absent COLOR                       the colour occurs nowhere
 *   count COLOR N                      it occurs exactly N times
 *   tint COLOR                         no pixel is nearer to that colour than 24
 *   differ R X,Y                       R and the equally large one at X,Y differ
 *   moved R                            R is not the same in all selected frames
 *   same FILE [except R]...            the frame is that of the raw file or PPM
 *   stamp X,Y [drops<=N] [repeats<=N] [distinct>=N]
 *                                      a counter stands there, is whole in every
 *                                      frame, and never runs backwards
 *
 * R is X,Y,WxH. PICTURE is a colour RRGGBB, or one of scene's patterns with the
 * place of R in it: plaid@X,Y, checker@X,Y:COLOR,COLOR, stamp@X,Y:NUMBER.
 * The fourth byte of a pixel is no part of its colour and must be 0 or 255.
 *
 * Prints what the first difference of each failed statement is, and what stamps
 * said; returns 0 when all hold, 1 when not, 2 for misuse.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

#define MAX_STATEMENTS 256
#define MAX_EXCEPT 16

typedef struct Rect { int x, y, w, h; } Rect;

typedef enum { NUMBER, RECT_IS, LIKE, NEAR, BORDER, OTHER, ABSENT, COUNT, TINT, DIFFER, MOVED,
               SAME, STAMP_AT } Kind;

typedef struct Statement {
    Kind kind;
    const char *text;
    long from, to;              // of the selection; negative: from the end
    Rect r;
    int x, y;                   // the picture's, or the other place
    Pattern pattern;
    uint32_t color;
    long a, b;
    uint8_t *reference;
    Rect except[MAX_EXCEPT];
    int nb_except;
    // what a stamp has shown so far
    long drops, repeats, distinct, first, last, max_drops, max_repeats, min_distinct;
    long matched, pixels;
    int failed, moved;
} Statement;

static int width, height;
static uint8_t *frame;
static Statement statements[MAX_STATEMENTS];
static int nb_statements, failures;

static void die(const char *what, const char *arg)
{
    fprintf(stderr, "frames: %s: %s\n", what, arg);
    exit(2);
}

static void fail(Statement *s, const char *fmt, ...)
{
    va_list ap;

    if (!s->failed++) {
        failures++;
        printf("FAILED: %s\n    ", s->text);
        va_start(ap, fmt);
        vprintf(fmt, ap);
        va_end(ap);
        putchar('\n');
    }
}

static uint32_t pixel(const uint8_t *f, int x, int y)
{
    const uint8_t *p = f + 4 * ((size_t)y * width + x);

    return p[2] << 16 | p[1] << 8 | p[0];
}

static int inside(const Rect *r, int x, int y)
{
    return x >= r->x && y >= r->y && x < r->x + r->w && y < r->y + r->h;
}

/* ---- reading statements ---------------------------------------------- */

static const char *word(const char **p)
{
    static char buf[8][512];
    static int turn;
    char *w = buf[turn++ & 7];
    size_t n;

    *p += strspn(*p, " ");
    n = strcspn(*p, " ");
    if (n >= sizeof(buf[0]))
        die("too long", *p);
    memcpy(w, *p, n);
    w[n] = 0;
    *p += n;
    return w;
}

static uint32_t read_color(const char *s, const char *text)
{
    char *end;
    unsigned long c = strtoul(s, &end, 16);

    if (end - s != 6)
        die("a colour is RRGGBB", text);
    return c;
}

static Rect read_rect(const char *s, const char *text)
{
    Rect r;
    char c;

    if (sscanf(s, "%d,%d,%dx%d%c", &r.x, &r.y, &r.w, &r.h, &c) != 4)
        die("a rectangle is X,Y,WxH", text);
    if (r.x < 0 || r.y < 0 || r.w < 1 || r.h < 1 || r.x + r.w > width || r.y + r.h > height)
        die("the rectangle leaves the frame", text);
    return r;
}

static void read_range(const char *s, long *a, long *b, const char *text)
{
    char c;

    if (sscanf(s, "%ld..%ld%c", a, b, &c) == 2)
        return;
    if (sscanf(s, "%ld%c", a, &c) != 1)
        die("a number is N or A..B", text);
    *b = *a;
}

static void read_picture(Statement *s, const char *p)
{
    char name[16];
    unsigned c = 0, c2 = 0;
    int kind, n;

    n = sscanf(p, "%15[a-z]@%d,%d:%x,%x", name, &s->x, &s->y, &c, &c2);
    if (n < 3) {
        s->pattern.kind = PATTERN_SOLID;
        s->pattern.color = read_color(p, s->text);
        return;
    }
    kind = pattern_kind(name);
    if (kind < 0)
        die("no such pattern", s->text);
    s->pattern.kind   = kind;
    s->pattern.color  = c;
    s->pattern.color2 = c2;
    if (kind == PATTERN_STAMP && sscanf(p, "stamp@%*d,%*d:%u", &s->pattern.stamp) != 1)
        die("which number?", s->text);
}

static uint8_t *read_reference(const char *path)
{
    size_t size = (size_t)width * height * 4, i;
    uint8_t *f = calloc(1, size + 1);
    FILE *file = fopen(path, "rb");
    int w, h, max;

    if (!file || !f)
        die("cannot read", path);
    if (fscanf(file, "P6 %d %d %d", &w, &h, &max) == 3) {
        if (w != width || h != height || max != 255)
            die("the reference has another size", path);
        fgetc(file);
        for (i = 0; i < size; i += 4) {
            f[i + 2] = fgetc(file);
            f[i + 1] = fgetc(file);
            f[i]     = fgetc(file);
        }
        if (feof(file))
            die("the reference is cut", path);
    } else {
        rewind(file);
        if (fread(f, 1, size, file) != size)
            die("the reference is cut", path);
    }
    fclose(file);
    return f;
}

static void read_statement(const char *text, long *from, long *to)
{
    const char *p = text, *w = word(&p);
    Statement *s = &statements[nb_statements];
    Rect r;

    if (nb_statements == MAX_STATEMENTS)
        die("too many statements", text);
    memset(s, 0, sizeof(*s));
    s->text = text;
    if (!strcmp(w, "frame")) {
        w = word(&p);
        *from = 0;
        *to = -1;
        if (strcmp(w, "all"))
            read_range(w, from, to, text);
        return;
    }
    s->from = *from;
    s->to   = *to;
    nb_statements++;
    if (!strcmp(w, "number")) {
        s->kind = NUMBER;
        read_range(word(&p), &s->a, &s->b, text);
    } else if (!strcmp(w, "rect")) {
        s->kind = RECT_IS;
        s->r = read_rect(word(&p), text);
        read_picture(s, word(&p));
    } else if (!strcmp(w, "like")) {
        s->kind = LIKE;
        s->r = read_rect(word(&p), text);
        s->reference = read_reference(word(&p));
        if (sscanf(word(&p), "%d,%d", &s->x, &s->y) != 2)
            die("where in the file?", text);
        if (s->x < 0 || s->y < 0 || s->x + s->r.w > width || s->y + s->r.h > height)
            die("the rectangle leaves the frame", text);
    } else if (!strcmp(w, "near")) {
        s->kind = NEAR;
        s->r = read_rect(word(&p), text);
        s->color = read_color(word(&p), text);
        read_range(word(&p), &s->a, &s->b, text);
    } else if (!strcmp(w, "border")) {
        s->kind = BORDER;
        s->r = read_rect(word(&p), text);
        s->color = read_color(word(&p), text);
    } else if (!strcmp(w, "other")) {
        s->kind = OTHER;
        s->r = read_rect(word(&p), text);
        s->color = read_color(word(&p), text);
    } else if (!strcmp(w, "absent")) {
        s->kind = ABSENT;
        s->color = read_color(word(&p), text);
    } else if (!strcmp(w, "tint")) {
        s->kind = TINT;
        s->color = read_color(word(&p), text);
    } else if (!strcmp(w, "count")) {
        s->kind = COUNT;
        s->color = read_color(word(&p), text);
        read_range(word(&p), &s->a, &s->b, text);
    } else if (!strcmp(w, "differ")) {
        s->kind = DIFFER;
        s->r = read_rect(word(&p), text);
        if (sscanf(word(&p), "%d,%d", &s->x, &s->y) != 2)
            die("where is the other?", text);
        if (s->x < 0 || s->y < 0 || s->x + s->r.w > width || s->y + s->r.h > height)
            die("the rectangle leaves the frame", text);
    } else if (!strcmp(w, "moved")) {
        s->kind = MOVED;
        s->r = read_rect(word(&p), text);
    } else if (!strcmp(w, "same")) {
        s->kind = SAME;
        s->reference = read_reference(word(&p));
        while (*(w = word(&p))) {
            if (strcmp(w, "except") || s->nb_except == MAX_EXCEPT)
                die("misread", text);
            s->except[s->nb_except++] = read_rect(word(&p), text);
        }
    } else if (!strcmp(w, "stamp")) {
        s->kind = STAMP_AT;
        if (sscanf(word(&p), "%d,%d", &r.x, &r.y) != 2 || r.x < 0 || r.y < 0 ||
            r.x + STAMP_W > width || r.y + STAMP_H > height)
            die("the stamp leaves the frame", text);
        s->x = r.x;
        s->y = r.y;
        s->last = -1;
        s->max_drops = s->max_repeats = -1;
        while (*(w = word(&p)))
            if (sscanf(w, "drops<=%ld", &s->max_drops) != 1 &&
                sscanf(w, "repeats<=%ld", &s->max_repeats) != 1 &&
                sscanf(w, "distinct>=%ld", &s->min_distinct) != 1)
                die("misread", text);
    } else {
        die("no such statement", text);
    }
    if (*word(&p))
        die("too many words", text);
}

/* ---- judging a frame --------------------------------------------------- */

static void judge_rect(Statement *s, long n)
{
    int x, y;

    for (y = s->r.y; y < s->r.y + s->r.h; y++)
        for (x = s->r.x; x < s->r.x + s->r.w; x++) {
            uint32_t got  = pixel(frame, x, y);
            uint32_t want = pattern_pixel(&s->pattern, x - s->r.x + s->x, y - s->r.y + s->y);

            if (got != want) {
                fail(s, "frame %ld, x %d, y %d: got %06x, want %06x", n, x, y, got, want);
                return;
            }
        }
}

static int distance(uint32_t a, uint32_t b)
{
    int i, d, max = 0;

    for (i = 0; i < 24; i += 8) {
        d = abs((int)(a >> i & 255) - (int)(b >> i & 255));
        max = d > max ? d : max;
    }
    return max;
}

static void judge_near(Statement *s, long n)
{
    int x, y;

    for (y = s->r.y; y < s->r.y + s->r.h; y++)
        for (x = s->r.x; x < s->r.x + s->r.w; x++)
            if (distance(pixel(frame, x, y), s->color) > s->a) {
                fail(s, "frame %ld, x %d, y %d: got %06x, want %06x", n, x, y,
                     pixel(frame, x, y), s->color);
                return;
            }
}

static int has_color(const Statement *s, uint32_t got)
{
    return s->kind == TINT ? distance(got, s->color) < 24 : got == s->color;
}

// Where it stands and how much there is tells a window from a piece of one.
static void judge_colors(Statement *s, long n, Rect r)
{
    int x, y, first_x = 0, first_y = 0, left = INT_MAX, right = 0, bottom = 0;
    long count = 0;

    for (y = r.y; y < r.y + r.h; y++)
        for (x = r.x; x < r.x + r.w; x++) {
            if (!has_color(s, pixel(frame, x, y)))
                continue;
            if (!count++) {
                first_x = x;
                first_y = y;
            }
            left   = x < left  ? x : left;
            right  = x > right ? x : right;
            bottom = y;
        }
    if (s->kind == COUNT) {
        if (count < s->a || count > s->b)
            fail(s, "frame %ld: it occurs %ld times", n, count);
    } else if (count) {
        s->pixels += count;
        fail(s, "frame %ld, x %d, y %d: got %06x, one of %ld in %d,%d,%dx%d", n, first_x, first_y,
             pixel(frame, first_x, first_y), count, left, first_y, right - left + 1,
             bottom - first_y + 1);
    }
}

static void judge_border(Statement *s, long n)
{
    int x, y;

    for (y = s->r.y; y < s->r.y + s->r.h; y++)
        for (x = s->r.x; x < s->r.x + s->r.w; x++) {
            if (x > s->r.x && x < s->r.x + s->r.w - 1 && y > s->r.y && y < s->r.y + s->r.h - 1)
                continue;
            if (pixel(frame, x, y) != s->color) {
                fail(s, "frame %ld, x %d, y %d: got %06x, want %06x", n, x, y,
                     pixel(frame, x, y), s->color);
                return;
            }
        }
}

static void judge_differ(Statement *s, long n)
{
    int x, y;

    for (y = 0; y < s->r.h; y++)
        for (x = 0; x < s->r.w; x++)
            if (pixel(frame, s->r.x + x, s->r.y + y) != pixel(frame, s->x + x, s->y + y))
                return;
    fail(s, "frame %ld: they are the same", n);
}

static void judge_moved(Statement *s)
{
    int x, y;

    if (!s->reference) {
        s->reference = malloc((size_t)width * height * 4);
        memcpy(s->reference, frame, (size_t)width * height * 4);
        return;
    }
    for (y = s->r.y; !s->moved && y < s->r.y + s->r.h; y++)
        for (x = s->r.x; x < s->r.x + s->r.w; x++)
            if (pixel(frame, x, y) != pixel(s->reference, x, y)) {
                s->moved = 1;
                return;
            }
}

static void judge_like(Statement *s, long n)
{
    int x, y;

    for (y = 0; y < s->r.h; y++)
        for (x = 0; x < s->r.w; x++) {
            uint32_t got  = pixel(frame, s->r.x + x, s->r.y + y);
            uint32_t want = pixel(s->reference, s->x + x, s->y + y);

            if (got != want) {
                fail(s, "frame %ld, x %d, y %d: got %06x, want %06x", n, s->r.x + x,
                     s->r.y + y, got, want);
                return;
            }
        }
}

static void judge_same(Statement *s, long n)
{
    int x, y, i;

    for (y = 0; y < height; y++)
        for (x = 0; x < width; x++) {
            if (pixel(frame, x, y) == pixel(s->reference, x, y))
                continue;
            for (i = 0; i < s->nb_except && !inside(&s->except[i], x, y); i++)
                ;
            if (i == s->nb_except) {
                fail(s, "frame %ld, x %d, y %d: got %06x, want %06x", n, x, y,
                     pixel(frame, x, y), pixel(s->reference, x, y));
                return;
            }
        }
}

static void judge_stamp(Statement *s, long n)
{
    long stamp = 0, step;
    int i;

    for (i = 0; i < STAMP_BITS; i++) {
        int x = s->x + i * STAMP_CELL + STAMP_CELL / 2, y = s->y + STAMP_CELL / 2;
        uint32_t up = pixel(frame, x, y), down = pixel(frame, x, y + STAMP_CELL);

        if ((up ^ down) != 0xFFFFFF || (up && up != 0xFFFFFF)) {
            fail(s, "frame %ld: bit %d is %06x over %06x, no whole stamp", n, i, up, down);
            return;
        }
        stamp = stamp << 1 | (up == 0xFFFFFF);
    }
    if (s->last < 0) {
        s->first = stamp;
        s->distinct = 1;
    } else {
        step = stamp - s->last;
        if (step < 0)
            fail(s, "frame %ld: the counter fell from %ld to %ld", n, s->last, stamp);
        else if (!step)
            s->repeats++;
        else {
            s->drops += step - 1;
            s->distinct++;
        }
    }
    s->last = stamp;
}

static void judge(Statement *s, long n)
{
    Rect all = { 0, 0, width, height };

    s->matched++;
    switch (s->kind) {
    case RECT_IS:  judge_rect(s, n);            break;
    case LIKE:     judge_like(s, n);            break;
    case NEAR:     judge_near(s, n);            break;
    case BORDER:   judge_border(s, n);          break;
    case OTHER:    judge_colors(s, n, s->r);    break;
    case ABSENT:
    case TINT:
    case COUNT:    judge_colors(s, n, all);     break;
    case DIFFER:   judge_differ(s, n);          break;
    case MOVED:    judge_moved(s);              break;
    case SAME:     judge_same(s, n);            break;
    case STAMP_AT: judge_stamp(s, n);           break;
    default:                                    break;
    }
}

static void judge_end(Statement *s, long number)
{
    if (s->failed > 1)
        printf("    %s: in %d frames\n", s->text, s->failed);
    if (s->pixels)
        printf("    %s: %ld pixels\n", s->text, s->pixels);
    if (s->kind == NUMBER) {
        if (number < s->a || number > s->b)
            fail(s, "there are %ld", number);
    } else if (!s->matched) {
        fail(s, "no such frame: there are %ld", number);
    }
    if (s->kind == MOVED && !s->moved)
        fail(s, "it is the same in all %ld frames", s->matched);
    if (s->kind == STAMP_AT) {
        printf("stamp %d,%d: first %ld last %ld frames %ld distinct %ld repeats %ld drops %ld\n",
               s->x, s->y, s->first, s->last, s->matched, s->distinct, s->repeats, s->drops);
        if (s->max_drops >= 0 && s->drops > s->max_drops)
            fail(s, "%ld drops", s->drops);
        if (s->max_repeats >= 0 && s->repeats > s->max_repeats)
            fail(s, "%ld repeats", s->repeats);
        if (s->distinct < s->min_distinct)
            fail(s, "%ld distinct", s->distinct);
    }
}

int main(int argc, char **argv)
{
    size_t size, got;
    FILE *file;
    long n, number = -1, from = 0, to = -1;
    int i, count_first = 0;

    if (argc < 4 || sscanf(argv[1], "%dx%d", &width, &height) != 2 || width < 1 || height < 1)
        die("usage", "frames WxH FILE|- STATEMENT...");
    for (i = 3; i < argc; i++)
        read_statement(argv[i], &from, &to);
    size = (size_t)width * height * 4;
    frame = malloc(size);
    file = strcmp(argv[2], "-") ? fopen(argv[2], "rb") : stdin;
    if (!file || !frame)
        die("cannot read", argv[2]);

    // a selection from the end wants to know the end first
    for (i = 0; i < nb_statements; i++)
        if (statements[i].from < 0 || (statements[i].to < -1))
            count_first = 1;
    if (count_first) {
        if (fseek(file, 0, SEEK_END))
            die("a selection from the end needs a file", argv[2]);
        number = ftell(file) / size;
        rewind(file);
    }

    for (n = 0; (got = fread(frame, 1, size, file)) == size; n++) {
        for (i = 0; i < nb_statements; i++) {
            Statement *s = &statements[i];
            long a = s->from < 0 ? s->from + number : s->from;
            long b = s->to == -1 && s->from >= 0 ? n : s->to < 0 ? s->to + number : s->to;

            if (n >= a && n <= b)
                judge(s, n);
        }
        for (i = 3; i < (int)size; i += 4)
            if (frame[i] && frame[i] != 255) {
                printf("FAILED: frame %ld: a fourth byte is %d\n", n, frame[i]);
                return 1;
            }
    }
    if (got) {
        printf("FAILED: the last frame is cut: %zu of %zu bytes\n", got, size);
        failures++;
    }
    if (!n) {
        printf("FAILED: there is no frame\n");
        failures++;
    }
    for (i = 0; i < nb_statements; i++)
        judge_end(&statements[i], n);
    return failures != 0;
}
