/*
 * scene: puts real windows on the desktop for the tests, on command.
 *
 * Each argument is a command, then each line of standard input is one. Every
 * command is answered by exactly one line, "ok ..." or "error ...", and "ok" is
 * said when the new state can be READ BACK from the screen, so a test waits for
 * an answer and never for time. It ends with "quit" or at the end of the input
 * ("stay" ignores that end).
 *
 * Places are physical pixels of the virtual desktop, colours RRGGBB, text UTF-8
 * (in "double quotes" where it has spaces).
 *
 *   window NAME at=X,Y size=WxH [color=C] [color2=C] [pattern=solid|checker|
 *          plaid|stamp|dusk] [title=T] [class=T] [style=popup|caption|dialog] [client]
 *          [topmost] [hidden] [owner=NAME] [alpha=0..255] [toolwindow]
 *          [clickthrough] [shape=X,Y,WxH]   "client": at and size speak of the
 *                              client area; "shape" is all that there is of the window;
 *                              "0x..." in the place of an owner's name is any window
 *   move NAME X,Y | size NAME WxH | show NAME | hide NAME | destroy NAME
 *   raise NAME | lower NAME | topmost NAME | minimize NAME | restore NAME
 *   colors PREFIX C          all windows whose names begin with PREFIX
 *   title NAME T | color NAME C | own NAME OWNER | stamp NAME NUMBER
 *   menu NAME X,Y TEXT...   a popup menu of that window; "endmenu" closes it
 *   tooltip NAME X,Y TEXT | combo NAME TEXT...   a tooltip, a dropped down list
 *   cursor NAME arrow|ibeam|none|alpha|mono|large [hot=X,Y]   the pointer over it
 *   pointer X,Y             moves the pointer
 *   tick NAME rate=N [ticks=N]                counts a stamp window up
 *   slide NAME rate=N [ticks=N] step=X,Y area=X,Y,WxH   moves it, bouncing
 *   sweep NAME rate=N [ticks=N] area=X,Y,WxH  moves the pointer about in the area
 *   storm NAME rate=N [ticks=N] area=X,Y,WxH [count=N] [do=move,size,show,create,
 *         raise] [seed=N] [color=C] [title=T] [class=T] [topmost] [owner=NAME]
 *                           windows NAME0.. that do something each tick
 *   flash NAME rate=N open=MS [ticks=N] [told] WORDS   a window, with the words of
 *                           "window", that is opened each tick and destroyed after MS
 *   spawn NAME rate=N open=MS [ticks=N] WORDS   the same by a new process each tick
 *   retitle NAME rate=N [ticks=N] [told] [twice]   writes its title anew each tick
 *                           "told": NotifyWinEvent says so where Wine does not by itself
 *   brief TIMES OPEN PAUSE at=X,Y size=WxH [color=C] [title=T] [anew]   a thread that never
 *                           fetches a message shows a window of its own TIMES times, for
 *                           OPEN of PAUSE ms; answers at the end. "anew": another each time
 *   join NAME | calm NAME   waits for the end of, or ends, that activity;
 *                           answers "ok ticks=N late=N"
 *   foreign NAME at=X,Y [size=WxH]   waits for another program's window of that
 *                           class or title and puts it there; "slide @NAME" moves it
 *   hang MILLISECONDS       answers nothing and no message for so long
 *   linger MILLISECONDS     answers messages, but no command for so long
 *   stamped NAME            answers with the number that a stamp window shows
 *   hwnd NAME | rect NAME | pixel X,Y | pid | screen     answers with values
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <commctrl.h>
#include <math.h>
#include <mmsystem.h>
#include <shellapi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cursor.h"
#include "pattern.h"
#include "../rooms/wine.h"

#define MAX_WINDOWS 1024
#define MAX_WORDS 64
#define MAX_SAMPLES 32
#define SEEN_TIMEOUT_MS 10000   // an error long before a test would hang
#define HANG_MS         240000  // and a command that takes so long hangs
#define WM_APP_LINE (WM_APP + 1)
#define WM_APP_TICK (WM_APP + 2)

typedef struct Win {
    char name[48];
    HWND hwnd;
    Pattern pattern;
    int alpha;
    HCURSOR cursor;
    HBITMAP dib;
    int dib_w, dib_h;
    Pattern dib_pattern;
} Win;

typedef struct Sample {
    POINT pt;
    COLORREF color;
} Sample;

typedef enum { TICK, SLIDE, SWEEP, STORM, FLASH, SPAWN, RETITLE } ActivityKind;

typedef struct Activity {
    char name[48];
    ActivityKind kind;
    double rate;
    long ticks, left, late;     // left < 0: until calm
    volatile LONG pending, stop;
    HANDLE done;                // set by the window thread after the last tick
    int step_x, step_y;
    RECT area;
    int count;
    unsigned do_mask;
    unsigned seed;
    int told;                   // events that Wine does not send are sent
    int twice;                  // a title stays for no time at all
    double open;                // seconds from a flash's tick to the end of its window
    char base[512];             // the "window" options of a storm, a flash or a spawn
    struct Activity *next;
} Activity;

enum { DO_MOVE = 1, DO_SIZE = 2, DO_SHOW = 4, DO_CREATE = 8, DO_RAISE = 16 };

static Win wins[MAX_WINDOWS];
static Activity *activities;
static HWND ctrl, focus, tip, combo;
static HANDLE line_done;
static int menu_reply, endmenu_reply, stay;

/* ---- answers -------------------------------------------------------- */

static void answer(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
    SetEvent(line_done);
}

static wchar_t *wide(const char *s)
{
    static wchar_t buf[8][1024];
    static int turn;
    wchar_t *w = buf[turn++ & 7];

    if (!MultiByteToWideChar(CP_UTF8, 0, s, -1, w, 1024))
        w[0] = 0;
    return w;
}

/* ---- words of a command --------------------------------------------- */

typedef struct Words {
    int nb;
    char *word[MAX_WORDS];
    char text[4096];
} Words;

static void split(Words *w, const char *line)
{
    char *out = w->text, *end = w->text + sizeof(w->text) - 2;

    w->nb = 0;
    while (w->nb < MAX_WORDS && out < end) {
        int quoted = 0;

        while (*line == ' ' || *line == '\t')
            line++;
        if (!*line || *line == '\r' || *line == '\n')
            break;
        w->word[w->nb++] = out;
        for (; *line && out < end; line++) {
            if (*line == '"')
                quoted ^= 1;
            else if (*line == '\r' || *line == '\n' ||
                     (!quoted && (*line == ' ' || *line == '\t')))
                break;
            else
                *out++ = *line;
        }
        *out++ = 0;
    }
}

static const char *value(const Words *w, const char *key)
{
    size_t len = strlen(key);
    int i;

    for (i = 1; i < w->nb; i++)
        if (!strncmp(w->word[i], key, len) && w->word[i][len] == '=')
            return w->word[i] + len + 1;
    return NULL;
}

static int flag(const Words *w, const char *key)
{
    int i;

    for (i = 1; i < w->nb; i++)
        if (!strcmp(w->word[i], key))
            return 1;
    return 0;
}

static const char *arg(const Words *w, int i)
{
    return i < w->nb ? w->word[i] : "";
}

static uint32_t color_of(const char *s, uint32_t def)
{
    return s && *s ? strtoul(s, NULL, 16) & 0xFFFFFF : def;
}

static int pair(const char *s, int *a, int *b)
{
    return s && (sscanf(s, "%d,%d", a, b) == 2 || sscanf(s, "%dx%d", a, b) == 2);
}

static Win *find(const char *name)
{
    int i;

    for (i = 0; i < MAX_WINDOWS; i++)
        if (wins[i].hwnd && !strcmp(wins[i].name, name))
            return &wins[i];
    return NULL;
}

static Win *find_hwnd(HWND hwnd)
{
    int i;

    for (i = 0; hwnd && i < MAX_WINDOWS; i++)
        if (wins[i].hwnd == hwnd)
            return &wins[i];
    return NULL;
}

/* A window by its name here, or any by its handle. */
static HWND hwnd_of(const char *name)
{
    Win *w = find(name);

    return w ? w->hwnd : (HWND)(uintptr_t)strtoull(name, NULL, 16);
}

/* ---- painting ------------------------------------------------------- */

static COLORREF colorref(uint32_t rgb)
{
    return RGB(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
}

/* The whole client area in one blit, so that no half state is on the screen. */
static void paint(Win *w, HDC dc)
{
    RECT r;
    HDC mem;
    HGDIOBJ old;

    GetClientRect(w->hwnd, &r);
    if (!r.right || !r.bottom)
        return;
    if (!w->dib || w->dib_w != r.right || w->dib_h != r.bottom ||
        memcmp(&w->dib_pattern, &w->pattern, sizeof(w->pattern))) {
        BITMAPINFO bi = { .bmiHeader = {
            .biSize = sizeof(bi.bmiHeader), .biWidth = r.right, .biHeight = -r.bottom,
            .biPlanes = 1, .biBitCount = 32 } };
        uint32_t *bits;
        int x, y;

        if (w->dib)
            DeleteObject(w->dib);
        w->dib = CreateDIBSection(dc, &bi, DIB_RGB_COLORS, (void **)&bits, NULL, 0);
        if (!w->dib)
            return;
        for (y = 0; y < r.bottom; y++)
            for (x = 0; x < r.right; x++)
                bits[y * r.right + x] = pattern_pixel(&w->pattern, x, y);
        w->dib_w = r.right;
        w->dib_h = r.bottom;
        w->dib_pattern = w->pattern;
    }
    mem = CreateCompatibleDC(dc);
    old = SelectObject(mem, w->dib);
    BitBlt(dc, 0, 0, r.right, r.bottom, mem, 0, 0, SRCCOPY);
    SelectObject(mem, old);
    DeleteDC(mem);
    GdiFlush();
}

static void repaint(Win *w)
{
    HDC dc = GetDC(w->hwnd);

    paint(w, dc);
    ReleaseDC(w->hwnd, dc);
    ValidateRect(w->hwnd, NULL);
}

/* ---- what is really on the screen ----------------------------------- */

static void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE)) {
        TranslateMessage(&msg);
        DispatchMessageW(&msg);
    }
}

static COLORREF screen_pixel(POINT pt)
{
    HDC dc = GetDC(NULL);
    COLORREF c = GetPixel(dc, pt.x, pt.y);

    ReleaseDC(NULL, dc);
    return c;
}

static int on_monitor(POINT pt)
{
    return MonitorFromPoint(pt, MONITOR_DEFAULTTONULL) != NULL;
}

/* The colour that this program's own window paints at a place of the screen. */
static int expected(Win *w, POINT pt, COLORREF *c)
{
    RECT r;

    if (!w || w->alpha < 255)
        return 0;
    ScreenToClient(w->hwnd, &pt);
    GetClientRect(w->hwnd, &r);
    if (!PtInRect(&r, pt))
        return 0;
    *c = colorref(pattern_pixel(&w->pattern, pt.x, pt.y));
    return 1;
}

/* Places where the window is on top now, with the colours it has there. */
static int samples(Win *w, Sample *s)
{
    RECT r;
    int i, j, nb = 0;

    if (!IsWindowVisible(w->hwnd) || IsIconic(w->hwnd))
        return 0;
    GetClientRect(w->hwnd, &r);
    for (j = 0; j < 5; j++)
        for (i = 0; i < 5; i++) {
            POINT pt = { (r.right - 1) * i / 4, (r.bottom - 1) * j / 4 };

            ClientToScreen(w->hwnd, &pt);
            if (!on_monitor(pt) || WindowFromPoint(pt) != w->hwnd ||
                !expected(w, pt, &s[nb].color))
                continue;
            s[nb++].pt = pt;
        }
    return nb;
}

static int any_topmost(void)
{
    int i;

    for (i = 0; i < MAX_WINDOWS; i++)
        if (wins[i].hwnd && GetWindowLongW(wins[i].hwnd, GWL_EXSTYLE) & WS_EX_TOPMOST)
            return 1;
    return 0;
}

static int pending_paint(Win *w)
{
    return IsWindowVisible(w->hwnd) && GetUpdateRect(w->hwnd, NULL, FALSE);
}

/*
 * Waits until the screen shows the window as it is to be (w may be NULL) and no
 * longer shows what it showed at the old places.
 */
static int seen(Win *w, const Sample *old, int nb_old)
{
    HWND hwnd = w ? w->hwnd : NULL;
    DWORD start = GetTickCount();

    for (;;) {
        Sample now[MAX_SAMPLES];
        COLORREF c;
        int i, nb, bad = 0;

        pump();
        if (w && w->hwnd != hwnd)
            return 0;
        if (w && pending_paint(w))
            bad = 1;
        nb = w && !bad ? samples(w, now) : 0;
        for (i = 0; !bad && i < nb; i++)
            bad = screen_pixel(now[i].pt) != now[i].color;
        for (i = 0; !bad && i < nb_old; i++) {
            Win *top = find_hwnd(WindowFromPoint(old[i].pt));

            if (expected(top, old[i].pt, &c))
                bad = screen_pixel(old[i].pt) != c;
            else if (GetTickCount() - start < 1000) // it may truly be that colour
                bad = screen_pixel(old[i].pt) == old[i].color;
        }
        if (!bad)
            return 1;
        if (GetTickCount() - start > SEEN_TIMEOUT_MS)
            return 0;
        Sleep(2);
    }
}

/* ---- windows -------------------------------------------------------- */

static LRESULT CALLBACK win_proc(HWND hwnd, UINT msg, WPARAM wp, LPARAM lp)
{
    Win *w = find_hwnd(hwnd);

    switch (msg) {
    case WM_ERASEBKGND:
        return 1;
    case WM_PAINT:
        if (w) {
            PAINTSTRUCT ps;
            HDC dc = BeginPaint(hwnd, &ps);

            paint(w, dc);
            EndPaint(hwnd, &ps);
            return 0;
        }
        break;
    case WM_SETCURSOR:
        if (w && LOWORD(lp) == HTCLIENT) {
            SetCursor(w->cursor);
            return TRUE;
        }
        break;
    case WM_MOUSEACTIVATE:
        return MA_NOACTIVATE;
    case WM_ENTERIDLE:
        if (wp == MSGF_MENU && menu_reply) {
            RECT r = { 0 };

            menu_reply = 0;
            GetWindowRect((HWND)lp, &r);
            UpdateWindow((HWND)lp);
            answer("ok hwnd=0x%lx rect=%ld,%ld,%ldx%ld", (unsigned long)lp, r.left,
                   r.top, r.right - r.left, r.bottom - r.top);
        }
        return 0;
    case WM_CTLCOLORLISTBOX:
        if (w) {
            static HBRUSH brush;

            if (brush)
                DeleteObject(brush);
            brush = CreateSolidBrush(colorref(w->pattern.color));
            SetBkColor((HDC)wp, colorref(w->pattern.color));
            return (LRESULT)brush;
        }
        break;
    case WM_CLOSE:
        return 0;
    case WM_NCDESTROY:
        if (w) {
            if (w->dib)
                DeleteObject(w->dib);
            memset(w, 0, sizeof(*w));
        }
        break;
    }
    return DefWindowProcW(hwnd, msg, wp, lp);
}

static const wchar_t *class_of(const char *name)
{
    const wchar_t *w = wide(name);
    WNDCLASSW wc = { .style = CS_DBLCLKS, .lpfnWndProc = win_proc,
                     .hInstance = GetModuleHandleW(NULL), .lpszClassName = w };

    if (!strcmp(name, "#32770"))
        return w;
    if (!RegisterClassW(&wc) && GetLastError() != ERROR_CLASS_ALREADY_EXISTS)
        return NULL;
    return w;
}

static const char *create(const char *name, const Words *o)
{
    const char *style_name = value(o, "style"), *cls = value(o, "class");
    const char *title = value(o, "title"), *pattern = value(o, "pattern");
    const char *owner_name = value(o, "owner"), *alpha = value(o, "alpha");
    DWORD style = WS_POPUP, ex = 0;
    HWND owner = NULL;
    Win *w = NULL;
    RECT r;
    HWND hwnd;
    int x, y, width, height, i;

    if (find(name))
        return "the name is taken";
    for (i = 0; i < MAX_WINDOWS && !w; i++)
        if (!wins[i].hwnd)
            w = &wins[i];
    if (!w)
        return "too many windows";
    if (!pair(value(o, "at"), &x, &y) || !pair(value(o, "size"), &width, &height))
        return "at=X,Y and size=WxH are needed";
    if (owner_name && !(owner = hwnd_of(owner_name)))
        return "no such owner";
    if (style_name && !strcmp(style_name, "caption"))
        style = WS_OVERLAPPEDWINDOW;
    else if (style_name && !strcmp(style_name, "dialog"))
        style = WS_POPUP | WS_CAPTION | WS_SYSMENU | DS_MODALFRAME;
    if (flag(o, "toolwindow"))
        ex |= WS_EX_TOOLWINDOW;
    if (alpha || flag(o, "clickthrough"))
        ex |= WS_EX_LAYERED;
    if (flag(o, "clickthrough"))
        ex |= WS_EX_TRANSPARENT;
    r = (RECT){ x, y, x + width, y + height };
    if (flag(o, "client"))
        AdjustWindowRectEx(&r, style, FALSE, ex);

    memset(w, 0, sizeof(*w));
    snprintf(w->name, sizeof(w->name), "%s", name);
    w->pattern.color  = color_of(value(o, "color"), 0x808080);
    w->pattern.color2 = color_of(value(o, "color2"), 0xFFFFFF);
    if (pattern) {
        i = pattern_kind(pattern);
        if (i < 0)
            return "no such pattern";
        w->pattern.kind = i;
    }
    w->alpha  = alpha ? atoi(alpha) : 255;
    w->cursor = LoadCursorW(NULL, (LPCWSTR)IDC_ARROW);

    // a dialog has the system's own class, and this program's painting
    if (!cls)
        cls = style_name && !strcmp(style_name, "dialog") ? "#32770" : "scene";
    hwnd = CreateWindowExW(ex, class_of(cls), title ? wide(title) : L"", style,
                           r.left, r.top, r.right - r.left, r.bottom - r.top,
                           owner, NULL, GetModuleHandleW(NULL), NULL);
    if (!hwnd)
        return "CreateWindowEx failed";
    if (!strcmp(cls, "#32770"))
        SetWindowLongPtrW(hwnd, GWLP_WNDPROC, (LONG_PTR)win_proc);
    w->hwnd = hwnd;
    if (value(o, "shape")) {
        int left, top;

        if (sscanf(value(o, "shape"), "%d,%d,%dx%d", &left, &top, &width, &height) != 4)
            return "shape=X,Y,WxH is malformed";
        SetWindowRgn(hwnd, CreateRectRgn(left, top, left + width, top + height), FALSE);
    }
    if (ex & WS_EX_LAYERED)
        SetLayeredWindowAttributes(hwnd, 0, w->alpha, LWA_ALPHA);
    SetWindowPos(hwnd, flag(o, "topmost") ? HWND_TOPMOST : HWND_TOP, r.left, r.top,
                 r.right - r.left, r.bottom - r.top, SWP_NOACTIVATE);
    if (!flag(o, "hidden")) {
        ShowWindow(hwnd, SW_SHOWNOACTIVATE);
        UpdateWindow(hwnd);
    }
    return NULL;
}

static void place(Win *w, HWND after, int x, int y, int width, int height, UINT flags)
{
    SetWindowPos(w->hwnd, after, x, y, width, height, flags | SWP_NOACTIVATE);
    UpdateWindow(w->hwnd);
}

/* ---- pointers -------------------------------------------------------- */

/*
 * Wine answers GetCursorInfo from the foreground thread, and activating a window
 * would raise it: so a hidden window of this thread holds the foreground.
 */
static const char *point_at(POINT want)
{
    DWORD start = GetTickCount();

    SetForegroundWindow(focus);
    SetCursorPos(want.x, want.y);
    for (;;) {
        CURSORINFO ci = { .cbSize = sizeof(ci) };
        Win *w = find_hwnd(WindowFromPoint(want));

        pump();
        if (GetCursorInfo(&ci) && ci.ptScreenPos.x == want.x && ci.ptScreenPos.y == want.y &&
            (!w || ci.hCursor == w->cursor))
            return NULL;
        if (GetTickCount() - start > SEEN_TIMEOUT_MS)
            return "the pointer did not follow";
        // no motion comes where it already stood there
        if (w && GetTickCount() - start > 100)
            SetCursor(w->cursor);
        Sleep(2);
    }
}

/* The same colour for all whose names begin so; of what is covered nothing is to be seen. */
static const char *color_all(const char *prefix, COLORREF color)
{
    int i;

    for (i = 0; i < MAX_WINDOWS; i++)
        if (wins[i].hwnd && !strncmp(wins[i].name, prefix, strlen(prefix))) {
            wins[i].pattern.color = color;
            repaint(&wins[i]);
        }
    GdiFlush();
    screen_pixel((POINT){ 0, 0 });  // a round trip to the display
    answer("ok");
    return "";
}

/* Wine does not restack its X windows downwards: raise what is to be above. */
static void restack(void)
{
    HWND order[MAX_WINDOWS], hwnd;
    int i, nb = 0, top;

    for (hwnd = GetTopWindow(NULL); hwnd && nb < MAX_WINDOWS; hwnd = GetWindow(hwnd, GW_HWNDNEXT))
        if (find_hwnd(hwnd) && IsWindowVisible(hwnd))
            order[nb++] = hwnd;
    for (top = 0; top < 2; top++)
        for (i = nb - 1; i >= 0; i--) {
            HWND after = top ? HWND_TOPMOST : HWND_TOP;
            UINT flags = SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_NOOWNERZORDER;

            int is_top = (GetWindowLongW(order[i], GWL_EXSTYLE) & WS_EX_TOPMOST) != 0;

            if (is_top != top)
                continue;
            if (top)
                SetWindowPos(order[i], HWND_NOTOPMOST, 0, 0, 0, 0, flags);
            SetWindowPos(order[i], after, 0, 0, 0, 0, flags);
        }
}

/* ---- activities ------------------------------------------------------ */

static unsigned rnd(Activity *a, unsigned below)
{
    a->seed = a->seed * 1664525u + 1013904223u;
    return below ? (unsigned)((uint64_t)(a->seed >> 8) * below >> 24) : 0;
}

static void storm_create(Activity *a, int i)
{
    static Words o;
    char line[1024], name[64];
    int width = 24 + rnd(a, 120), height = 24 + rnd(a, 120);

    snprintf(name, sizeof(name), "%.40s%d", a->name, i);
    snprintf(line, sizeof(line), "window %s at=%d,%d size=%dx%d %s", name,
             (int)a->area.left + (int)rnd(a, a->area.right - a->area.left - width),
             (int)a->area.top + (int)rnd(a, a->area.bottom - a->area.top - height),
             width, height, a->base);
    split(&o, line);
    create(name, &o);
}

static void storm_tick(Activity *a)
{
    char name[64];
    unsigned i = rnd(a, a->count), what;
    Win *w;
    RECT r;
    int width, height;

    snprintf(name, sizeof(name), "%.40s%u", a->name, i);
    w = find(name);
    if (!w) {
        storm_create(a, i);
        return;
    }
    do
        what = 1 << rnd(a, 5);
    while (!(what & a->do_mask));
    GetWindowRect(w->hwnd, &r);
    width  = r.right - r.left;
    height = r.bottom - r.top;
    switch (what) {
    case DO_MOVE:
        place(w, NULL, a->area.left + rnd(a, a->area.right - a->area.left - width),
              a->area.top + rnd(a, a->area.bottom - a->area.top - height), 0, 0,
              SWP_NOSIZE | SWP_NOZORDER);
        break;
    case DO_SIZE:
        width  = 24 + rnd(a, min(120, a->area.right - r.left - 24));
        height = 24 + rnd(a, min(120, a->area.bottom - r.top - 24));
        place(w, NULL, 0, 0, width, height, SWP_NOMOVE | SWP_NOZORDER);
        break;
    case DO_SHOW:
        ShowWindow(w->hwnd, IsWindowVisible(w->hwnd) ? SW_HIDE : SW_SHOWNOACTIVATE);
        UpdateWindow(w->hwnd);
        break;
    case DO_RAISE:
        place(w, HWND_TOP, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE);
        break;
    case DO_CREATE:
        DestroyWindow(w->hwnd);
        break;
    }
}

static void slide_tick(Activity *a, HWND hwnd)
{
    RECT r;

    if (!GetWindowRect(hwnd, &r))
        return;
    if (r.left + a->step_x < a->area.left || r.right + a->step_x > a->area.right)
        a->step_x = -a->step_x;
    if (r.top + a->step_y < a->area.top || r.bottom + a->step_y > a->area.bottom)
        a->step_y = -a->step_y;
    SetWindowPos(hwnd, NULL, r.left + a->step_x, r.top + a->step_y, 0, 0,
                 SWP_NOSIZE | SWP_NOZORDER | SWP_NOACTIVATE);
}

/* Along a figure of eight, once in 150 ticks. */
static void sweep_tick(Activity *a)
{
    double t = a->ticks * 6.283185307 / 150;

    SetCursorPos((a->area.left + a->area.right) / 2 +
                 (int)(sin(t) * (a->area.right - a->area.left) / 2),
                 (a->area.top + a->area.bottom) / 2 +
                 (int)(sin(2 * t) * (a->area.bottom - a->area.top) / 2));
}

/* event: one that the system does not send of itself */
static void tell(Activity *a, DWORD event, HWND hwnd)
{
    if (a->told && (event == EVENT_OBJECT_NAMECHANGE || !system_tells_of_show()))
        NotifyWinEvent(event, hwnd, OBJID_WINDOW, CHILDID_SELF);
}

static void flash_tick(Activity *a, int open)
{
    static Words o;
    char line[1024];
    Win *w = find(a->name);

    if (open && !w) {
        snprintf(line, sizeof(line), "window %s %s", a->name, a->base);
        split(&o, line);
        create(a->name, &o);
        if ((w = find(a->name)))
            tell(a, EVENT_OBJECT_SHOW, w->hwnd);
    } else if (!open && w) {
        tell(a, EVENT_OBJECT_HIDE, w->hwnd);
        DestroyWindow(w->hwnd);
    }
}

/* This program again. It says nothing where this one's answers are read. */
static void spawn_tick(Activity *a)
{
    SECURITY_ATTRIBUTES inherited = { sizeof(inherited), NULL, TRUE };
    STARTUPINFOW si = { .cb = sizeof(si), .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION pi;
    wchar_t self[MAX_PATH], line[2048];
    HANDLE null = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING,
                              0, NULL);

    GetModuleFileNameW(NULL, self, MAX_PATH);
    _snwprintf(line, 2048, L"\"%ls\" \"window %hs %hs\" \"linger %d\" quit", self, a->name,
               a->base, (int)(a->open * 1000));
    line[2047] = 0;
    si.hStdInput = si.hStdOutput = si.hStdError = null;
    if (CreateProcessW(NULL, line, NULL, NULL, TRUE, DETACHED_PROCESS, NULL, NULL, &si, &pi)) {
        CloseHandle(pi.hThread);
        CloseHandle(pi.hProcess);
    }
    CloseHandle(null);
}

static void retitle_tick(Activity *a, Win *w)
{
    char title[64];
    int i;

    for (i = 0; i <= a->twice; i++) {
        snprintf(title, sizeof(title), "title %ld%s", a->ticks, i ? " again" : "");
        SetWindowTextW(w->hwnd, wide(title));
        tell(a, EVENT_OBJECT_NAMECHANGE, w->hwnd);
    }
}

/* What it shows is painted by itself, as it answers no WM_PAINT either. */
static DWORD WINAPI brief_thread(void *opaque)
{
    const Words *o = opaque;
    const char *title = value(o, "title");
    COLORREF color = color_of(value(o, "color"), 0x808080);
    HBRUSH brush = CreateSolidBrush(RGB(color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF));
    int x, y, width, height, i, times = atoi(o->word[1]);
    DWORD open = atoi(o->word[2]), pause = atoi(o->word[3]);
    HWND hwnd = NULL;
    RECT r;
    HDC dc;

    if (!pair(value(o, "at"), &x, &y) || !pair(value(o, "size"), &width, &height))
        return 1;
    r = (RECT){ 0, 0, width, height };
    for (i = 0; i < times; i++) {
        if (!hwnd)
            hwnd = CreateWindowExW(WS_EX_NOACTIVATE, class_of("brief"), title ? wide(title) : L"",
                                   WS_POPUP, x, y, width, height, NULL, NULL,
                                   GetModuleHandleW(NULL), NULL);
        ShowWindow(hwnd, SW_SHOWNOACTIVATE);
        dc = GetDC(hwnd);
        FillRect(dc, &r, brush);
        GdiFlush();
        ReleaseDC(hwnd, dc);
        Sleep(open);
        ShowWindow(hwnd, SW_HIDE);
        if (flag(o, "anew")) {
            DestroyWindow(hwnd);
            hwnd = NULL;
        }
        Sleep(pause - open);
    }
    DestroyWindow(hwnd);
    DeleteObject(brush);
    return 0;
}

static const char *brief(const Words *o)
{
    DWORD code = 1;
    HANDLE thread;

    if (o->nb < 6)
        return "TIMES OPEN PAUSE at= size= are needed";
    thread = CreateThread(NULL, 0, brief_thread, (void *)o, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return code ? "at=X,Y and size=WxH are needed" : NULL;
}

static HWND foreign(const char *name)
{
    HWND hwnd = FindWindowW(wide(name), NULL);

    if (!hwnd)
        hwnd = FindWindowW(NULL, wide(name));
    return hwnd && IsWindowVisible(hwnd) ? hwnd : NULL;
}

/* closing: the second part of a flash's tick */
static void activity_tick(Activity *a, int closing)
{
    Win *w = find(a->name);

    InterlockedExchange(&a->pending, 0);
    if (a->stop)
        return;
    if (closing) {
        flash_tick(a, 0);
        return;
    }
    a->ticks++;
    if (a->kind == STORM) {
        storm_tick(a);
    } else if (a->kind == SWEEP) {
        sweep_tick(a);
    } else if (a->kind == FLASH) {
        flash_tick(a, 1);
    } else if (a->kind == SPAWN) {
        spawn_tick(a);
    } else if (a->kind == RETITLE && w) {
        retitle_tick(a, w);
    } else if (a->kind == SLIDE && (w || *a->name == '@')) {
        slide_tick(a, w ? w->hwnd : foreign(a->name + 1));
    } else if (w) {
        w->pattern.stamp = (w->pattern.stamp + 1) & ((1 << STAMP_BITS) - 1);
        repaint(w);
    }
    GdiFlush();
    if (a->left > 0 && --a->left == 0) {
        a->stop = 1;
        SetEvent(a->done);
    }
}

/* Posts ticks at absolute times; a tick still waiting is not posted again. */
static DWORD WINAPI activity_thread(void *opaque)
{
    Activity *a = opaque;
    LARGE_INTEGER freq, start, now;
    int parts = a->kind == FLASH ? 2 : 1;
    int64_t n;

    QueryPerformanceFrequency(&freq);
    QueryPerformanceCounter(&start);
    for (n = parts; !a->stop; n++) {
        int closing = n % parts;
        double due = n / parts / a->rate + closing * a->open, t;

        do {
            QueryPerformanceCounter(&now);
            t = (double)(now.QuadPart - start.QuadPart) / freq.QuadPart;
            if (t < due)
                Sleep(due - t > 0.002 ? (DWORD)((due - t) * 1000) : 1);
        } while (t < due && !a->stop);
        if (InterlockedExchange(&a->pending, 1))
            a->late++;
        else
            PostMessageW(ctrl, WM_APP_TICK, closing, (LPARAM)a);
    }
    return 0;
}

static Activity *find_activity(const char *name)
{
    Activity *a;

    for (a = activities; a; a = a->next)
        if (!strcmp(a->name, name))
            return a;
    return NULL;
}

static const char *start_activity(ActivityKind kind, const Words *w)
{
    static const char *const copied[] = { "color", "color2", "pattern", "title", "class",
                                          "style", "owner", "alpha" };
    const char *s;
    Activity *a;
    HANDLE thread;
    int x, y, width, height;
    size_t i;

    if (find_activity(arg(w, 1)))
        return "the activity is running";
    a = calloc(1, sizeof(*a));
    a->kind = kind;
    snprintf(a->name, sizeof(a->name), "%s", arg(w, 1));
    a->rate  = (s = value(w, "rate"))  ? atof(s) : 50;
    a->left  = (s = value(w, "ticks")) ? atol(s) : -1;
    a->count = (s = value(w, "count")) ? atoi(s) : 8;
    a->seed  = (s = value(w, "seed"))  ? strtoul(s, NULL, 0) : 1;
    a->step_x = 4;
    a->step_y = 0;
    pair(value(w, "step"), &a->step_x, &a->step_y);
    if ((s = value(w, "area"))) {
        if (sscanf(s, "%d,%d,%dx%d", &x, &y, &width, &height) != 4)
            return "area=X,Y,WxH is malformed";
        a->area = (RECT){ x, y, x + width, y + height };
    } else if (kind == SLIDE || kind == SWEEP || kind == STORM) {
        return "area=X,Y,WxH is needed";
    }
    a->open = (s = value(w, "open")) ? atof(s) / 1000 : 0.1;
    a->told = flag(w, "told");
    a->twice = flag(w, "twice");
    if (kind == FLASH || kind == SPAWN) {
        // as words in quotes, and in those of a command line
        for (i = 2; i < (size_t)w->nb; i++)
            snprintf(a->base + strlen(a->base), sizeof(a->base) - strlen(a->base),
                     kind == FLASH ? "\"%s\" " : "\\\"%s\\\" ", w->word[i]);
    } else if (kind != STORM && kind != SWEEP && *a->name != '@' && !find(a->name))
        return "no such window";
    if (kind == STORM) {
        int n;

        s = value(w, "do");
        if (!s)
            s = "move,size,show,create";
        if (strstr(s, "move"))   a->do_mask |= DO_MOVE;
        if (strstr(s, "size"))   a->do_mask |= DO_SIZE;
        if (strstr(s, "show"))   a->do_mask |= DO_SHOW;
        if (strstr(s, "create")) a->do_mask |= DO_CREATE;
        if (strstr(s, "raise"))  a->do_mask |= DO_RAISE;
        if (!a->do_mask || width < 160 || height < 160)
            return "do= is empty or the area smaller than 160x160";
        for (i = 0; i < sizeof(copied) / sizeof(*copied); i++)
            if ((s = value(w, copied[i])))
                snprintf(a->base + strlen(a->base), sizeof(a->base) - strlen(a->base),
                         "%s=\"%s\" ", copied[i], s);
        if (flag(w, "topmost"))
            strncat(a->base, "topmost ", sizeof(a->base) - strlen(a->base) - 1);
        if (flag(w, "toolwindow"))
            strncat(a->base, "toolwindow ", sizeof(a->base) - strlen(a->base) - 1);
        for (n = 0; n < a->count; n++)
            storm_create(a, n);
    }
    a->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    a->next = activities;
    activities = a;
    thread = CreateThread(NULL, 0, activity_thread, a, 0, NULL);
    CloseHandle(thread);
    return NULL;
}

static const char *end_activity(const Words *w, int wait)
{
    Activity *a = find_activity(arg(w, 1)), **p;
    char name[64];
    int i;

    if (!a)
        return "no such activity";
    if (wait && a->left < 0)
        return "it never ends";
    while (wait && WaitForSingleObject(a->done, 0)) {
        MsgWaitForMultipleObjects(1, &a->done, FALSE, 100, QS_ALLINPUT);
        pump();
    }
    a->stop = 1;
    for (p = &activities; *p != a; p = &(*p)->next)
        ;
    *p = a->next;   // the struct stays: its thread and a posted tick may look at it
    if (a->kind == FLASH)
        flash_tick(a, 0);
    for (i = 0; a->kind == STORM && i < a->count; i++) {
        Win *win;

        snprintf(name, sizeof(name), "%.40s%d", a->name, i);
        if ((win = find(name)))
            DestroyWindow(win->hwnd);
    }
    answer("ok ticks=%ld late=%ld", a->ticks, a->late);
    return "";
}

/* ---- menus and other popups ------------------------------------------- */

static void run_menu(Win *w, const Words *o)
{
    HMENU menu = CreatePopupMenu();
    MENUINFO mi = { .cbSize = sizeof(mi), .fMask = MIM_BACKGROUND,
                    .hbrBack = CreateSolidBrush(colorref(w->pattern.color)) };
    int x = 0, y = 0, i;

    pair(arg(o, 2), &x, &y);
    for (i = 3; i < o->nb; i++)
        AppendMenuW(menu, MF_STRING, i, wide(o->word[i]));
    SetMenuInfo(menu, &mi);
    SetForegroundWindow(w->hwnd);
    menu_reply = 1;
    i = TrackPopupMenu(menu, TPM_NOANIMATION | TPM_RETURNCMD, x, y, 0,
                       w->hwnd, NULL);
    DestroyMenu(menu);
    DeleteObject(mi.hbrBack);
    if (menu_reply) {
        menu_reply = 0;
        answer("error the menu did not open (%lu)", GetLastError());
    }
    if (endmenu_reply) {
        endmenu_reply = 0;
        pump();
        answer("ok");
    }
}

static int window_seen(HWND hwnd, RECT *r)
{
    DWORD start = GetTickCount();

    do {
        pump();
        if (hwnd && IsWindowVisible(hwnd) && !GetUpdateRect(hwnd, NULL, FALSE) &&
            GetWindowRect(hwnd, r) && r->right > r->left) {
            POINT pt = { (r->left + r->right) / 2, (r->top + r->bottom) / 2 };

            GdiFlush();
            if (!on_monitor(pt) || GetAncestor(WindowFromPoint(pt), GA_ROOT) == hwnd) {
                screen_pixel(pt);   // a round trip to the display
                return 1;
            }
        }
        Sleep(2);
    } while (GetTickCount() - start < SEEN_TIMEOUT_MS);
    return 0;
}

static void answer_window(HWND hwnd, const char *what)
{
    RECT r;

    if (window_seen(hwnd, &r))
        answer("ok hwnd=0x%lx rect=%ld,%ld,%ldx%ld", (unsigned long)(uintptr_t)hwnd,
               r.left, r.top, r.right - r.left, r.bottom - r.top);
    else
        answer("error the %s is not on the screen", what);
}

static void run_tooltip(Win *w, const Words *o)
{
    TOOLINFOW ti = { .cbSize = sizeof(ti), .uFlags = TTF_IDISHWND | TTF_TRACK | TTF_ABSOLUTE,
                     .hwnd = w->hwnd, .uId = (UINT_PTR)w->hwnd };
    int x = 0, y = 0;

    pair(arg(o, 2), &x, &y);
    if (tip)
        DestroyWindow(tip);
    tip = CreateWindowExW(WS_EX_TOPMOST, L"tooltips_class32", NULL,
                          WS_POPUP | TTS_ALWAYSTIP | TTS_NOPREFIX, 0, 0, 0, 0, w->hwnd,
                          NULL, GetModuleHandleW(NULL), NULL);
    ti.lpszText = wide(arg(o, 3));
    SendMessageW(tip, TTM_ADDTOOLW, 0, (LPARAM)&ti);
    SendMessageW(tip, TTM_SETTIPBKCOLOR, colorref(w->pattern.color), 0);
    SendMessageW(tip, TTM_TRACKPOSITION, 0, MAKELPARAM(x, y));
    SendMessageW(tip, TTM_TRACKACTIVATE, TRUE, (LPARAM)&ti);
    answer_window(tip, "tooltip");
}

static void run_combo(Win *w, const Words *o)
{
    COMBOBOXINFO ci = { .cbSize = sizeof(ci) };
    RECT r;
    int i;

    if (combo)
        DestroyWindow(combo);
    GetClientRect(w->hwnd, &r);
    combo = CreateWindowExW(0, L"COMBOBOX", NULL,
                            WS_CHILD | WS_VISIBLE | CBS_DROPDOWNLIST | WS_VSCROLL, 0, 0,
                            r.right, 200, w->hwnd, NULL, GetModuleHandleW(NULL), NULL);
    for (i = 2; i < o->nb; i++)
        SendMessageW(combo, CB_ADDSTRING, 0, (LPARAM)wide(o->word[i]));
    SendMessageW(combo, CB_SETCURSEL, 0, 0);
    UpdateWindow(combo);
    SendMessageW(combo, CB_SHOWDROPDOWN, TRUE, 0);
    GetComboBoxInfo(combo, &ci);
    answer_window(ci.hwndList, "list");
}

/* ---- other programs -------------------------------------------------- */

static const char *put_foreign(const Words *o)
{
    DWORD start = GetTickCount();
    UINT flags = SWP_NOACTIVATE;
    int x, y, width = 0, height = 0;
    HWND hwnd;
    RECT r;

    while (!(hwnd = foreign(arg(o, 1)))) {
        pump();
        if (GetTickCount() - start > 6 * SEEN_TIMEOUT_MS)   // a program's start
            return "there is no such window";
        Sleep(20);
    }
    if (!pair(value(o, "at"), &x, &y))
        return "at=X,Y is needed";
    if (!pair(value(o, "size"), &width, &height))
        flags |= SWP_NOSIZE;
    SetWindowPos(hwnd, HWND_TOP, x, y, width, height, flags);
    RedrawWindow(hwnd, NULL, NULL, RDW_INVALIDATE | RDW_UPDATENOW | RDW_ALLCHILDREN | RDW_FRAME);
    return window_seen(hwnd, &r) ? NULL : "it is not on the screen";
}

/* ---- commands -------------------------------------------------------- */

static const char not_seen[] = "it is not on the screen";

/* Answers itself and returns "", or returns NULL for "ok", or an error. */
static const char *run(const Words *o)
{
    const char *cmd = arg(o, 0), *name = arg(o, 1), *err;
    Win *w = find(name);
    Sample old[MAX_SAMPLES];
    int nb_old, x, y;

    if (!strcmp(cmd, "window")) {
        if ((err = create(name, o)))
            return err;
        if (any_topmost())
            restack();
        return seen(find(name), NULL, 0) ? NULL : not_seen;
    }
    if (!strcmp(cmd, "storm"))
        return start_activity(STORM, o);
    if (!strcmp(cmd, "slide"))
        return start_activity(SLIDE, o);
    if (!strcmp(cmd, "sweep"))
        return start_activity(SWEEP, o);
    if (!strcmp(cmd, "flash"))
        return start_activity(FLASH, o);
    if (!strcmp(cmd, "spawn"))
        return start_activity(SPAWN, o);
    if (!strcmp(cmd, "retitle"))
        return start_activity(RETITLE, o);
    if (!strcmp(cmd, "foreign"))
        return put_foreign(o);
    if (!strcmp(cmd, "tick"))
        return start_activity(TICK, o);
    if (!strcmp(cmd, "join") || !strcmp(cmd, "calm"))
        return end_activity(o, *cmd == 'j');
    if (!strcmp(cmd, "pointer")) {
        if (!pair(name, &x, &y))
            return "pointer X,Y";
        return point_at((POINT){ x, y });
    }
    if (!strcmp(cmd, "pixel")) {
        COLORREF c;

        if (!pair(name, &x, &y))
            return "pixel X,Y";
        c = screen_pixel((POINT){ x, y });
        answer("ok %02x%02x%02x", GetRValue(c), GetGValue(c), GetBValue(c));
        return "";
    }
    if (!strcmp(cmd, "screen")) {
        answer("ok %d,%d,%dx%d", GetSystemMetrics(SM_XVIRTUALSCREEN),
               GetSystemMetrics(SM_YVIRTUALSCREEN), GetSystemMetrics(SM_CXVIRTUALSCREEN),
               GetSystemMetrics(SM_CYVIRTUALSCREEN));
        return "";
    }
    if (!strcmp(cmd, "pid")) {
        answer("ok %lu", GetCurrentProcessId());
        return "";
    }
    if (!strcmp(cmd, "hang")) {
        Sleep(atoi(name));
        return NULL;
    }
    if (!strcmp(cmd, "brief"))
        return brief(o);
    if (!strcmp(cmd, "linger")) {
        DWORD start = GetTickCount(), length = atoi(name), gone;

        while ((gone = GetTickCount() - start) < length) {
            MsgWaitForMultipleObjects(0, NULL, FALSE, length - gone, QS_ALLINPUT);
            pump();
        }
        return NULL;
    }
    if (!strcmp(cmd, "stay")) {
        stay = 1;
        return NULL;
    }
    if (!strcmp(cmd, "quit")) {
        answer("ok");
        ExitProcess(0);
    }
    if (!strcmp(cmd, "endmenu")) {
        endmenu_reply = 1;
        EndMenu();
        return "";
    }
    if (!strcmp(cmd, "colors"))
        return color_all(name, color_of(arg(o, 2), 0));
    if (!w)
        return *name ? "no such window" : "no such command";

    if (!strcmp(cmd, "stamped")) {
        answer("ok %u", (unsigned)w->pattern.stamp);
        return "";
    }

    nb_old = samples(w, old);
    if (!strcmp(cmd, "move")) {
        if (!pair(arg(o, 2), &x, &y))
            return "move NAME X,Y";
        place(w, NULL, x, y, 0, 0, SWP_NOSIZE | SWP_NOZORDER);
    } else if (!strcmp(cmd, "size")) {
        if (!pair(arg(o, 2), &x, &y))
            return "size NAME WxH";
        place(w, NULL, 0, 0, x, y, SWP_NOMOVE | SWP_NOZORDER);
    } else if (!strcmp(cmd, "show")) {
        ShowWindow(w->hwnd, SW_SHOWNOACTIVATE);
        UpdateWindow(w->hwnd);
    } else if (!strcmp(cmd, "hide")) {
        ShowWindow(w->hwnd, SW_HIDE);
    } else if (!strcmp(cmd, "minimize")) {
        ShowWindow(w->hwnd, SW_SHOWMINNOACTIVE);
    } else if (!strcmp(cmd, "restore")) {
        ShowWindow(w->hwnd, SW_SHOWNOACTIVATE);
        UpdateWindow(w->hwnd);
    } else if (!strcmp(cmd, "destroy")) {
        DestroyWindow(w->hwnd);
        w = NULL;
    } else if (!strcmp(cmd, "raise")) {
        place(w, HWND_TOP, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE);
    } else if (!strcmp(cmd, "lower")) {
        place(w, HWND_BOTTOM, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE);
        restack();
    } else if (!strcmp(cmd, "topmost")) {
        place(w, HWND_TOPMOST, 0, 0, 0, 0, SWP_NOMOVE | SWP_NOSIZE);
    } else if (!strcmp(cmd, "title")) {
        SetWindowTextW(w->hwnd, wide(arg(o, 2)));
    } else if (!strcmp(cmd, "color")) {
        w->pattern.color = color_of(arg(o, 2), 0);
        repaint(w);
    } else if (!strcmp(cmd, "stamp")) {
        w->pattern.stamp = strtoul(arg(o, 2), NULL, 0) & ((1 << STAMP_BITS) - 1);
        repaint(w);
    } else if (!strcmp(cmd, "own")) {
        SetWindowLongPtrW(w->hwnd, GWLP_HWNDPARENT, (LONG_PTR)hwnd_of(arg(o, 2)));
    } else if (!strcmp(cmd, "cursor")) {
        int hot_x = 0, hot_y = 0;

        pair(value(o, "hot"), &hot_x, &hot_y);
        w->cursor = make_cursor(arg(o, 2), hot_x, hot_y);
        if (!w->cursor && strcmp(arg(o, 2), "none"))
            return "no such cursor";
        return NULL;
    } else if (!strcmp(cmd, "menu")) {
        run_menu(w, o);
        return "";
    } else if (!strcmp(cmd, "tooltip")) {
        run_tooltip(w, o);
        return "";
    } else if (!strcmp(cmd, "combo")) {
        run_combo(w, o);
        return "";
    } else if (!strcmp(cmd, "hwnd")) {
        answer("ok 0x%lx", (unsigned long)(uintptr_t)w->hwnd);
        return "";
    } else if (!strcmp(cmd, "rect")) {
        RECT r;

        GetWindowRect(w->hwnd, &r);
        answer("ok %ld,%ld,%ldx%ld", r.left, r.top, r.right - r.left, r.bottom - r.top);
        return "";
    } else {
        return "no such command";
    }
    if (any_topmost())
        restack();
    return seen(w, old, nb_old) ? NULL : not_seen;
}

static LRESULT CALLBACK ctrl_proc(HWND hwnd, UINT msg, WPARAM wp, LPARAM lp)
{
    if (msg == WM_APP_TICK) {
        activity_tick((Activity *)lp, wp);
        return 0;
    }
    if (msg == WM_APP_LINE) {
        static Words words[4];      // a menu runs the next command inside its own
        static int depth;
        Words *o = &words[depth++ & 3];
        const char *err;

        split(o, (char *)lp);
        err = o->nb ? run(o) : NULL;
        if (err && *err)
            answer("error %s: %s", (char *)lp, err);
        else if (!err)
            answer("ok");
        depth--;
        return 0;
    }
    return DefWindowProcW(hwnd, msg, wp, lp);
}

static void send_line(const char *line)
{
    static char buf[4][4096];
    static int turn;
    char *copy = buf[turn++ & 3];

    snprintf(copy, sizeof(buf[0]), "%s", line);
    copy[strcspn(copy, "\r\n")] = 0;
    if (!*copy || *copy == '#')
        return;
    ResetEvent(line_done);
    PostMessageW(ctrl, WM_APP_LINE, 0, (LPARAM)copy);
    // a test that waits for a scene would wait for ever
    if (WaitForSingleObject(line_done, HANG_MS) != WAIT_OBJECT_0) {
        answer("error the scene hangs in it");
        ExitProcess(1);
    }
}

static DWORD WINAPI reader_thread(void *opaque)
{
    char line[4096];
    wchar_t **argv;
    int argc, i;

    (void)opaque;
    argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    for (i = 1; i < argc; i++) {
        WideCharToMultiByte(CP_UTF8, 0, argv[i], -1, line, sizeof(line), NULL, NULL);
        send_line(line);
    }
    while (fgets(line, sizeof(line), stdin))
        send_line(line);
    if (stay)
        Sleep(INFINITE);
    ExitProcess(0);
    return 0;
}

int main(void)
{
    typedef BOOL (WINAPI *SetContext)(HANDLE);
    WNDCLASSW wc = { .lpfnWndProc = ctrl_proc, .hInstance = GetModuleHandleW(NULL),
                     .lpszClassName = L"scene control" };
    INITCOMMONCONTROLSEX icc = { sizeof(icc), ICC_BAR_CLASSES | ICC_TAB_CLASSES };
    SetContext set_context = (SetContext)(void *)GetProcAddress(
        GetModuleHandleW(L"user32"), "SetProcessDpiAwarenessContext");
    MSG msg;

    if (!set_context || !set_context((HANDLE)-4))   // per monitor, version 2
        SetProcessDPIAware();
    DisableProcessWindowsGhosting();
    InitCommonControlsEx(&icc);
    timeBeginPeriod(1);
    line_done = CreateEventW(NULL, FALSE, FALSE, NULL);
    RegisterClassW(&wc);
    ctrl = CreateWindowExW(0, wc.lpszClassName, NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                           wc.hInstance, NULL);
    focus = CreateWindowExW(WS_EX_TOOLWINDOW, L"STATIC", NULL, WS_POPUP, 0, 0, 1, 1, NULL,
                            NULL, wc.hInstance, NULL);
    CloseHandle(CreateThread(NULL, 0, reader_thread, NULL, 0, NULL));
    while (GetMessageW(&msg, NULL, 0, 0) > 0) {
        TranslateMessage(&msg);
        DispatchMessageW(&msg);
    }
    return 0;
}
