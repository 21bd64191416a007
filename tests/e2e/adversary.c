/*
 * adversary: a program that knows how the device looks, listens and lists, and does by chance
 * what could come between: it shows, moves, retitles, reparents, cloaks and destroys windows,
 * changes their owners, uses handles again, floods the queue of events, raises and lowers
 * covers, starts and ends programs.
 *
 *   adversary SEED MILLISECONDS X,Y,WxH
 *   adversary again MILLISECONDS X,Y,WxH
 *   adversary open MILLISECONDS X,Y,WxH
 *
 * "again" does one thing only, by intent: where others make windows at the same time a handle hardly
 * ever comes back. A window is over the whole area, "adversary area", as long as the program runs. When a line is
 * read a plain window comes for the time given, goes, and its handle is that of one that matches.
 *
 * "open" is a test of the desktop: plain windows open, grow and go, over whatever there is.
 *
 * All that it does stays within the area, and is a line of its output: when (UTC, ms), what, to
 * which window. In the end there is a line for each thing that it does, of how often it was begun, and how often
 * it was seen afterwards that it had come true. The rules are to be those of adversary.t: under the name secret.exe all of its
 * windows match; under another one those do that have the class or a title for it, and what is
 * owned by such a window.
 *
 * What matches is of one colour, and nothing else is. A window gets it only when it matches, and
 * keeps it; so a frame with it is one that should not have left. Left out is what README.md does
 * not promise: there is an event for each thing that is undone before a look can have seen it.
 * Wine does not send all of those that Windows does, so it is done here.
 *
 * This file is part of the tests of ffmpeg-magnifier.
 * License: LGPL 2.1 or later.
 */

#define __USE_MINGW_ANSI_STDIO 1
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../rooms/wine.h"

#define SECRET RGB(0x9b, 0x30, 0xd7)
#define SLOTS 56
#define ATTRIBUTE_CLOAK   13
#define ATTRIBUTE_CLOAKED 14
#define OBJECT_CLOAKED   0x8017
#define OBJECT_UNCLOAKED 0x8018
#define MAX_PROGRAMS 512
#define ENDED 99                // exit code of a program that was not let come to its end
#define AGAIN_MS 6000           // for how long a handle is waited for
#define AGAIN_LONG_MS 100000    // the same where nothing else is done
#define AGAIN_TRIES 10

// Windows of this class match by it, and of that one by nothing.
static const char secret_class[] = "AdversarySecret", plain_class[] = "AdversaryPlain";
// Window of secret.exe that is never destroyed, to own windows of others.
static const char anchor_title[] = "adversary anchor";

typedef struct Slot {
    HWND hwnd;
    COLORREF color;
    int topmost;
} Slot;

static Slot slots[SLOTS];
static RECT area;
static int all_secret;          // this is secret.exe
static uint64_t state;          // of random_bits()
static HRESULT (WINAPI *set_attribute)(HWND, DWORD, const void *, DWORD);
static HRESULT (WINAPI *get_attribute)(HWND, DWORD, void *, DWORD);

/* ---- chance ---------------------------------------------------------- */

static unsigned random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545F4914F6CDD1Du >> 33;
}

static int below(int n)
{
    return random_bits() % n;
}

static int chance(int percent)
{
    return below(100) < percent;
}

/* ---- what was done --------------------------------------------------- */

static unsigned long handle(HWND hwnd)
{
    return (unsigned long)(uintptr_t)hwnd;
}

static void say(HWND hwnd, const char *fmt, ...)
{
    FILETIME now;
    char text[256];
    va_list ap;
    uint64_t t;

    GetSystemTimeAsFileTime(&now);
    t = ((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) / 10000 - 11644473600000;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    printf("%" PRIu64 " %lu 0x%lx %s\n", t, GetCurrentProcessId(), handle(hwnd), text);
    fflush(stdout);
}

// What an act may come to, some to more than one thing.
enum Deed {
    CREATE, DESTROY, SHOW, HIDE, MOVE, RAISE, LOWER, TOPMOST, NOT_TOPMOST, FRONT, MINIMISE, TITLE,
    OWNER, INTO, OUT_OF, REGION, LAYER, CLOAK, FLASH, THREAD, PROGRAM, END_PROGRAM, AGAIN, FLOOD, MANY,
    FEWER, NB_DEEDS
};

static struct {
    const char *name;
    LONG begun, done;           // by several threads
} deeds[NB_DEEDS] = {
    [CREATE] = { "create" }, [DESTROY] = { "destroy" }, [SHOW] = { "show" }, [HIDE] = { "hide" },
    [MOVE] = { "move" }, [RAISE] = { "raise" }, [LOWER] = { "lower" }, [TOPMOST] = { "topmost" },
    [NOT_TOPMOST] = { "not topmost" }, [FRONT] = { "front" }, [MINIMISE] = { "minimise" },
    [TITLE] = { "title" }, [OWNER] = { "owner" }, [INTO] = { "into a parent" },
    [OUT_OF] = { "out of a parent" }, [REGION] = { "region" }, [LAYER] = { "layer" },
    [CLOAK] = { "cloak" }, [FLASH] = { "flash" }, [THREAD] = { "thread" },
    [PROGRAM] = { "program" }, [END_PROGRAM] = { "end program" }, [AGAIN] = { "handle again" },
    [FLOOD] = { "flood" }, [MANY] = { "many" }, [FEWER] = { "fewer" },
};

static void did(enum Deed what, int came_true)
{
    InterlockedIncrement(&deeds[what].begun);
    if (came_true)
        InterlockedIncrement(&deeds[what].done);
}

static void tell(DWORD event, HWND hwnd)
{
    NotifyWinEvent(event, hwnd, OBJID_WINDOW, CHILDID_SELF);
}

static void tell_if_wine_does_not(DWORD event, HWND hwnd)
{
    if (!system_tells_of_show())
        tell(event, hwnd);
}

static void pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&msg);
}

/**
 * Wine 8 sends no events of a thread until that knows that somebody listens, which it learns with a
 * message that it fetches, and not by looking for one in vain (doc/promise.md has it as not promised).
 */
static void learn_who_listens(void)
{
    MSG msg;

    if (system_tells_of_show())
        return;
    PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);
    PeekMessageW(&msg, (HWND)-1, WM_APP, WM_APP, PM_REMOVE);
}

/* ---- windows --------------------------------------------------------- */

static LRESULT CALLBACK proc(HWND hwnd, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_ERASEBKGND) {
        HBRUSH brush = CreateSolidBrush((COLORREF)GetWindowLongPtrW(hwnd, GWLP_USERDATA));
        RECT r;

        GetClientRect(hwnd, &r);
        FillRect((HDC)w, &r, brush);
        DeleteObject(brush);
        return 1;
    }
    // nobody but us ends a window
    return message == WM_CLOSE ? 0 : DefWindowProcA(hwnd, message, w, l);
}

static void paint(HWND hwnd, COLORREF color)
{
    SetWindowLongPtrW(hwnd, GWLP_USERDATA, color);
    RedrawWindow(hwnd, NULL, NULL, RDW_INVALIDATE | RDW_ERASE | RDW_FRAME | RDW_UPDATENOW);
}

static void show(HWND hwnd, int how)
{
    learn_who_listens();
    ShowWindow(hwnd, how);
    did(how == SW_HIDE ? HIDE : SHOW, (GetWindowLongW(hwnd, GWL_STYLE) & WS_VISIBLE) ==
        (how == SW_HIDE ? 0 : WS_VISIBLE));
    tell_if_wine_does_not(how == SW_HIDE ? EVENT_OBJECT_HIDE : EVENT_OBJECT_SHOW, hwnd);
}

static void place(RECT *r)
{
    int width  = area.right - area.left, height = area.bottom - area.top;

    r->right  = 20 + below(width / 2);
    r->bottom = 20 + below(height / 2);
    r->left   = area.left + below(width  - r->right);
    r->top    = area.top  + below(height - r->bottom);
}

/** A window, painted before it is seen. */
static HWND make(int secret, const char *title, DWORD style, DWORD ex_style, HWND owner,
                 COLORREF color)
{
    RECT r;
    HWND hwnd;

    place(&r);
    learn_who_listens();
    hwnd = CreateWindowExA(ex_style, secret ? secret_class : plain_class, title, style, r.left,
                           r.top, r.right, r.bottom, owner, NULL, GetModuleHandleW(NULL), NULL);
    SetWindowLongPtrW(hwnd, GWLP_USERDATA, color);
    say(hwnd, "%s at %ld,%ld %ldx%ld", color == SECRET ? "secret" : "plain", r.left, r.top, r.right,
        r.bottom);
    return hwnd;
}

static COLORREF plain_color(void)
{
    return RGB(0, 0x60 + below(0x80), 0x20 + below(0x40));
}

static Slot *pick(int secret)
{
    for (int i = 0; i < 20; i++) {
        Slot *s = &slots[below(SLOTS)];

        if (s->hwnd && !IsWindow(s->hwnd))
            s->hwnd = NULL;
        if (s->hwnd && (secret < 0 || (s->color == SECRET) == secret))
            return s;
    }
    return NULL;
}

static Slot *pick_empty(void)
{
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i].hwnd && !IsWindow(slots[i].hwnd))
            slots[i].hwnd = NULL;
        if (!slots[i].hwnd)
            return &slots[i];
    }
    return NULL;
}

static DWORD any_style(void)
{
    static const DWORD styles[] = { WS_POPUP, WS_POPUP | WS_CAPTION, WS_OVERLAPPEDWINDOW, WS_POPUP };

    return styles[below(4)];
}

static DWORD any_ex_style(void)
{
    return WS_EX_NOACTIVATE | (chance(20) ? WS_EX_TOPMOST : 0) | (chance(30) ? WS_EX_TOOLWINDOW : 0);
}

static const char *any_title(int secret)
{
    static const char *const plain[] = { "", "harmless", "a plain window", "my secre" };
    static const char *const secrets[] = { "my secret", "all my secrets", "MY SECRET, too" };

    return secret ? secrets[below(3)] : plain[below(4)];
}

/* ---- what it does ---------------------------------------------------- */

/** A new window that matches by its program, its class, its title or its owner, or does not. */
static void do_create(void)
{
    Slot *s = pick_empty(), *owner = NULL;
    int why = below(6);             // 0, 1: class, 2: title, 3: owner, else nothing
    int shown = chance(70);

    if (!s)
        return;
    if (why == 3)
        owner = pick(1);
    s->color = all_secret || why < 3 || owner ? SECRET : plain_color();
    s->hwnd  = make(why < 2, any_title(why == 2), any_style(), any_ex_style(),
                    owner ? owner->hwnd : NULL, s->color);
    say(s->hwnd, "create %s%s, owner 0x%lx", why < 2 ? "class" : why == 2 ? "title" : owner ? "owner" :
        all_secret ? "program" : "plain", shown ? ", show" : "", handle(owner ? owner->hwnd : NULL));
    did(CREATE, IsWindow(s->hwnd) && (!owner || GetWindow(s->hwnd, GW_OWNER) == owner->hwnd));
    if (shown)
        show(s->hwnd, SW_SHOWNA);
}

static void do_destroy(void)
{
    Slot *s = pick(-1);

    if (!s)
        return;
    say(s->hwnd, "destroy");
    DestroyWindow(s->hwnd);
    did(DESTROY, !IsWindow(s->hwnd));
    s->hwnd = NULL;
}

static void do_show(void)
{
    Slot *s = pick(-1);

    if (!s)
        return;
    if (IsWindowVisible(s->hwnd) && chance(50)) {
        say(s->hwnd, "hide");
        show(s->hwnd, SW_HIDE);
        if (chance(60))
            return;
    }
    say(s->hwnd, "show");
    show(s->hwnd, SW_SHOWNA);
}

static int is_at(HWND hwnd, int x, int y)
{
    POINT p = { 0, 0 };
    RECT r  = { 0 };

    GetWindowRect(hwnd, &r);
    p.x = r.left;
    p.y = r.top;
    if (GetWindowLongW(hwnd, GWL_STYLE) & WS_CHILD)
        ScreenToClient(GetAncestor(hwnd, GA_PARENT), &p);
    return p.x == x && p.y == y;
}

static void do_move(void)
{
    Slot *s = pick(-1);
    RECT r;

    if (!s)
        return;
    place(&r);
    say(s->hwnd, "move %ld,%ld %ldx%ld", r.left, r.top, r.right, r.bottom);
    SetWindowPos(s->hwnd, NULL, r.left, r.top, r.right, r.bottom, SWP_NOZORDER | SWP_NOACTIVATE |
                 (chance(50) ? SWP_NOSIZE : 0));
    did(MOVE, is_at(s->hwnd, r.left, r.top));
}

static void do_order(void)
{
    static const struct {
        HWND after;
        enum Deed deed;
    } orders[] = {
        { HWND_TOP, RAISE }, { HWND_BOTTOM, LOWER }, { HWND_TOPMOST, TOPMOST },
        { HWND_NOTOPMOST, NOT_TOPMOST },
    };
    Slot *s = pick(-1);
    int i   = below(4), topmost, done;

    if (!s)
        return;
    say(s->hwnd, "%s", deeds[orders[i].deed].name);
    done = SetWindowPos(s->hwnd, orders[i].after, 0, 0, 0, 0,
                        SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE);
    topmost = !!(GetWindowLongW(s->hwnd, GWL_EXSTYLE) & WS_EX_TOPMOST);
    did(orders[i].deed, done && (orders[i].deed == TOPMOST ? topmost : orders[i].deed == RAISE || !topmost));
}

/**
 * Only told: it takes no focus from anybody. Under Wine 10 the whole display was seen to stop in
 * some rounds, with SetForegroundWindow() here and without it.
 */
static void do_front(void)
{
    Slot *s = pick(-1);

    if (!s || !IsWindowVisible(s->hwnd))
        return;
    say(s->hwnd, "to the front");
    tell(EVENT_SYSTEM_FOREGROUND, s->hwnd);
    did(FRONT, 1);
}

static void do_minimise(void)
{
    Slot *s = pick(-1);
    int away;

    if (!s || !IsWindowVisible(s->hwnd))
        return;
    say(s->hwnd, "minimise and restore");
    ShowWindow(s->hwnd, SW_SHOWMINNOACTIVE);
    away = IsIconic(s->hwnd);
    if (chance(50))
        Sleep(below(60));
    ShowWindow(s->hwnd, SW_SHOWNOACTIVATE);
    did(MINIMISE, away && !IsIconic(s->hwnd));
}

static void retitle(HWND hwnd, const char *title)
{
    char now[64] = "?";

    say(hwnd, "title '%s'", title);
    SetWindowTextA(hwnd, title);
    tell(EVENT_OBJECT_NAMECHANGE, hwnd);
    GetWindowTextA(hwnd, now, sizeof(now));
    did(TITLE, !strcmp(now, title));
}

/** One that did not match has another title, and is of the colour then if that matches. */
static void do_title(void)
{
    Slot *s   = pick(0);
    int turns = chance(30);

    if (!s)
        return;
    if (chance(40))
        retitle(s->hwnd, any_title(1));
    if (chance(40))
        Sleep(below(20));
    retitle(s->hwnd, any_title(turns));
    if (turns) {
        s->color = SECRET;
        paint(s->hwnd, SECRET);
        say(s->hwnd, "painted");
    }
}

/**
 * One that did not match gets an owner that does. That stays: for what is owned by a window of
 * another program for less than the time between two looks there is no event.
 */
static void do_owner(void)
{
    Slot *s   = pick(0), *own = pick(1);
    HWND owner = chance(50) ? FindWindowA(NULL, anchor_title) : own ? own->hwnd : NULL;

    if (!s || !owner)
        return;
    say(s->hwnd, "owner 0x%lx", handle(owner));
    SetWindowLongPtrW(s->hwnd, GWLP_HWNDPARENT, (LONG_PTR)owner);
    did(OWNER, GetWindow(s->hwnd, GW_OWNER) == owner);
    s->color = SECRET;
    paint(s->hwnd, SECRET);
    say(s->hwnd, "painted");
    if (!IsWindowVisible(s->hwnd))
        show(s->hwnd, SW_SHOWNA);
}

static void put_into(HWND hwnd, HWND parent)
{
    LONG style = GetWindowLongW(hwnd, GWL_STYLE);
    HWND old   = style & WS_CHILD ? GetAncestor(hwnd, GA_PARENT) : NULL;

    if (parent)
        SetWindowLongW(hwnd, GWL_STYLE, (style & ~WS_POPUP) | WS_CHILD);
    SetParent(hwnd, parent);
    if (!parent)
        SetWindowLongW(hwnd, GWL_STYLE, (style & ~WS_CHILD) | WS_POPUP);
    // what it left there is gone before anybody hears of it
    if (old)
        RedrawWindow(old, NULL, NULL, RDW_INVALIDATE | RDW_ERASE | RDW_FRAME | RDW_UPDATENOW);
    tell(EVENT_OBJECT_PARENTCHANGE, hwnd);
    did(parent ? INTO : OUT_OF, GetAncestor(hwnd, GA_PARENT) == (parent ? parent : GetDesktopWindow()));
}

/**
 * One that matches becomes the child of another window, which matches from when on a look sees
 * that; so what that window owns is not counted on.
 */
static void do_parent(void)
{
    Slot *child = pick(1), *holder = pick(-1);

    if (!child || !holder || child == holder || GetAncestor(child->hwnd, GA_PARENT) != GetDesktopWindow() ||
        GetAncestor(holder->hwnd, GA_PARENT) != GetDesktopWindow())
        return;
    say(child->hwnd, "into 0x%lx", handle(holder->hwnd));
    put_into(child->hwnd, holder->hwnd);
    if (chance(50))
        Sleep(below(100));
    if (chance(70)) {
        say(child->hwnd, "out again");
        put_into(child->hwnd, NULL);
    }
}

/** For ever: what shines through it then was below it in both looks. */
static void do_cover_no_more(void)
{
    Slot *s = pick(0);

    if (!s)
        return;
    if (chance(50)) {
        HRGN is = CreateRectRgn(0, 0, 0, 0);

        say(s->hwnd, "has a region");
        SetWindowRgn(s->hwnd, CreateRectRgn(0, 0, 15, 15), TRUE);
        did(REGION, GetWindowRgn(s->hwnd, is) == SIMPLEREGION);
        DeleteObject(is);
    } else {
        BYTE alpha  = 255;
        DWORD flags = 0;

        say(s->hwnd, "is layered");
        SetWindowLongW(s->hwnd, GWL_EXSTYLE, GetWindowLongW(s->hwnd, GWL_EXSTYLE) | WS_EX_LAYERED);
        SetLayeredWindowAttributes(s->hwnd, 0, 0, LWA_ALPHA);
        did(LAYER, GetLayeredWindowAttributes(s->hwnd, NULL, &alpha, &flags) && !alpha &&
            flags & LWA_ALPHA);
    }
}

/** No Wine cloaks a window, whatever it answers; what Windows would tell of it is told all the same. */
static void do_cloak(void)
{
    Slot *s = pick(-1);
    BOOL on = TRUE, off = FALSE;
    DWORD cloaked = 0;

    if (!s || !set_attribute || !get_attribute)
        return;
    say(s->hwnd, "cloak: 0x%lx", set_attribute(s->hwnd, ATTRIBUTE_CLOAK, &on, sizeof(on)));
    get_attribute(s->hwnd, ATTRIBUTE_CLOAKED, &cloaked, sizeof(cloaked));
    if (!cloaked)
        tell(OBJECT_CLOAKED, s->hwnd);
    Sleep(below(30));
    set_attribute(s->hwnd, ATTRIBUTE_CLOAK, &off, sizeof(off));
    if (!cloaked)
        tell(OBJECT_UNCLOAKED, s->hwnd);
    did(CLOAK, cloaked);
}

/** Shown for less than a frame, for some, or for no time at all. */
static void do_flash(void)
{
    Slot *owner = chance(30) ? pick(1) : NULL;
    int how     = below(3);
    HWND hwnd   = make(how == 0, any_title(how == 1), any_style(), any_ex_style(),
                       owner ? owner->hwnd : NULL,
                       all_secret || how < 2 || owner ? SECRET : plain_color());
    int times   = 1 + below(3), open = below(40), seen = 0;

    say(hwnd, "flash, %d times %d ms%s, owner 0x%lx", times, open, how == 0 ? ", class" :
        how == 1 ? ", title" : "", handle(owner ? owner->hwnd : NULL));
    while (times--) {
        show(hwnd, SW_SHOWNA);
        RedrawWindow(hwnd, NULL, NULL, RDW_UPDATENOW);
        seen = IsWindowVisible(hwnd);
        Sleep(open);
        if (times)
            show(hwnd, SW_HIDE);
    }
    say(hwnd, "the flash is over");
    DestroyWindow(hwnd);
    did(FLASH, seen && !IsWindow(hwnd));
}

/** @return 0: its window was there */
static DWORD WINAPI brief(void *open)
{
    HWND hwnd;
    int seen;

    hwnd = make(1, "", WS_POPUP, WS_EX_NOACTIVATE | WS_EX_TOPMOST, NULL, SECRET);
    show(hwnd, SW_SHOWNA);
    RedrawWindow(hwnd, NULL, NULL, RDW_UPDATENOW);
    seen = IsWindowVisible(hwnd);
    Sleep((DWORD)(uintptr_t)open);
    DestroyWindow(hwnd);
    return !seen;
}

/** The same by a thread that has come for that, and goes. */
static void do_thread(void)
{
    int open      = below(60);
    HANDLE thread = CreateThread(NULL, 0, brief, (void *)(uintptr_t)open, 0, NULL);
    DWORD code = 1;
    int i;

    say(NULL, "a thread, %d ms", open);
    for (i = 0; i < 500 && WaitForSingleObject(thread, 2) == WAIT_TIMEOUT; i++)
        pump();
    GetExitCodeThread(thread, &code);
    did(THREAD, !code);
    CloseHandle(thread);
}

static HANDLE programs[MAX_PROGRAMS];
static int nb_programs;

/** And by a program; some are not let come to their end. */
static void do_program(void)
{
    STARTUPINFOA si = { .cb = sizeof(si) };
    PROCESS_INFORMATION pi;
    char self[MAX_PATH], command[MAX_PATH + 64];

    if (nb_programs == MAX_PROGRAMS)
        return;
    GetModuleFileNameA(NULL, self, sizeof(self));
    snprintf(command, sizeof(command), "\"%s\" brief %d %ld,%ld,%ldx%ld", self, below(200),
             area.left, area.top, area.right - area.left, area.bottom - area.top);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &si, &pi)) {
        did(PROGRAM, 0);
        return;
    }
    say(NULL, "program %lu", pi.dwProcessId);
    if (chance(30)) {
        Sleep(below(300));
        say(NULL, "end program %lu", pi.dwProcessId);
        TerminateProcess(pi.hProcess, ENDED);
    }
    CloseHandle(pi.hThread);
    programs[nb_programs++] = pi.hProcess;
}

/** What became of them, when there is time to wait for that. */
static void count_programs(void)
{
    for (int i = 0; i < nb_programs; i++) {
        DWORD code = STILL_ACTIVE;

        WaitForSingleObject(programs[i], 5000);
        GetExitCodeProcess(programs[i], &code);
        // one that had come to its own end by then is none that was ended
        did(code == ENDED ? END_PROGRAM : PROGRAM, code == ENDED || !code);
        CloseHandle(programs[i]);
    }
}

/**
 * Use up handles until the next one is this one: the upper half counts, so that is known. Menus have
 * theirs of the same table, and are quicker to make than windows. @return whether it is, if nobody is
 * quicker
 */
static int use_up_handles(uintptr_t wanted, DWORD until)
{
    HMENU menu = NULL;

    for (int i = 0; i < 70000; i++) {
        uintptr_t next = ((uintptr_t)menu + 0x10000) & 0xFFFFFFFF;

        if (menu && next == wanted)
            return 1;
        // somebody else has a window by the lower half
        if ((int)(until - GetTickCount()) < 0 || (i && ((wanted ^ next) & 0xFFFF)))
            break;
        menu = CreateMenu();
        DestroyMenu(menu);
    }
    return 0;
}

/** A handle of a window that did not match is that of one which does. */
static void do_use_handle_again(void)
{
    Slot *s = pick(0);
    DWORD until = GetTickCount() + AGAIN_MS;
    uintptr_t wanted;

    if (!s || GetAncestor(s->hwnd, GA_PARENT) != GetDesktopWindow())
        return;
    wanted = (uintptr_t)s->hwnd;
    say(s->hwnd, "use again");
    DestroyWindow(s->hwnd);
    s->hwnd = NULL;
    use_up_handles(wanted, until);
    s->color = SECRET;
    s->hwnd  = make(1, "", WS_POPUP, WS_EX_NOACTIVATE, NULL, SECRET);
    say(s->hwnd, "used again: %s", (uintptr_t)s->hwnd == wanted ? "yes" : "no");
    did(AGAIN, (uintptr_t)s->hwnd == wanted);
    show(s->hwnd, SW_SHOWNA);
}

/** More events than anybody notes, with something among them. */
static void do_flood(void)
{
    Slot *s = pick(-1);
    int nb  = 500 + below(6000);

    if (!s)
        return;
    say(s->hwnd, "%d events", nb);
    for (int i = 0; i < nb; i++) {
        tell(i & 1 ? EVENT_OBJECT_NAMECHANGE : EVENT_OBJECT_LOCATIONCHANGE, s->hwnd);
        if (i == nb / 2)
            do_flash();
    }
    did(FLOOD, 1);
}

static int nb_windows(void)
{
    int nb = 0;

    for (int i = 0; i < SLOTS; i++)
        nb += slots[i].hwnd && IsWindow(slots[i].hwnd);
    return nb;
}

/** More than the list takes. */
static void do_many(void)
{
    for (int i = 12 + below(18); i > 0; i--)
        do_create();
    did(MANY, nb_windows() > 24);
}

static void do_fewer(void)
{
    int before = nb_windows();

    for (int i = 10 + below(30); i > 0; i--)
        do_destroy();
    if (before)
        did(FEWER, nb_windows() < before);
}

static const struct {
    void (*act)(void);
    int weight;
} acts[] = {
    { do_create, 90 }, { do_destroy, 60 }, { do_show, 120 }, { do_move, 120 }, { do_order, 120 },
    { do_front, 30 }, { do_minimise, 20 }, { do_title, 80 }, { do_owner, 40 }, { do_parent, 40 },
    { do_cover_no_more, 10 }, { do_cloak, 10 }, { do_flash, 100 }, { do_thread, 40 },
    { do_program, 12 }, { do_use_handle_again, 1 }, { do_flood, 3 }, { do_many, 8 }, { do_fewer, 8 },
};

static void act(void)
{
    int sum = 0, at;
    size_t i;

    for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
        sum += acts[i].weight;
    at = below(sum);
    for (i = 0; at >= acts[i].weight; i++)
        at -= acts[i].weight;
    acts[i].act();
}

/** Now one thing after another, now some time for the device to come to rest. */
static int any_pause(void)
{
    int what = below(10);

    return what < 5 ? below(3) : what < 9 ? below(40) : 100 + below(500);
}

/** @return 0: it was done */
static int again(DWORD open)
{
    HWND all = make(0, "adversary area", WS_POPUP, WS_EX_NOACTIVATE, NULL, plain_color());

    SetWindowPos(all, HWND_TOP, area.left, area.top, area.right - area.left, area.bottom - area.top,
                 SWP_NOACTIVATE);
    show(all, SW_SHOWNA);
    pump();
    while (getchar() >= ' ')
        ;
    for (int i = 0; i < AGAIN_TRIES; i++) {
        HWND plain = make(0, "", WS_POPUP, WS_EX_NOACTIVATE, NULL, plain_color()), secret;
        uintptr_t wanted = (uintptr_t)plain;

        show(plain, SW_SHOWNA);
        for (DWORD begin = GetTickCount(); GetTickCount() - begin < open; Sleep(10))
            pump();
        DestroyWindow(plain);
        // a plain window has to come first, and would be left out as a popup of this one's thread
        if (!use_up_handles(wanted, GetTickCount() + AGAIN_LONG_MS))
            continue;
        secret = make(1, "", WS_POPUP, WS_EX_NOACTIVATE, NULL, SECRET);
        say(secret, "used again: %s", (uintptr_t)secret == wanted ? "yes" : "no");
        show(secret, SW_SHOWNA);
        for (DWORD begin = GetTickCount(); GetTickCount() - begin < open; Sleep(10))
            pump();
        DestroyWindow(secret);
        return (uintptr_t)secret != wanted;
    }
    return 1;
}

/** Windows open, grow, go and come again, painted as soon as that can be. */
static void open_many(DWORD time)
{
    HWND windows[8] = { NULL };

    for (DWORD begin = GetTickCount(); GetTickCount() - begin < time; pump()) {
        HWND *hwnd = &windows[below(8)];
        RECT r;

        place(&r);
        if (!*hwnd) {
            *hwnd = make(0, "", any_style(), any_ex_style(), NULL, plain_color());
            show(*hwnd, SW_SHOWNA);
        } else if (chance(30)) {
            DestroyWindow(*hwnd);
            *hwnd = NULL;
        } else if (chance(50)) {
            SetWindowPos(*hwnd, HWND_TOP, r.left, r.top, r.right, r.bottom, SWP_NOACTIVATE);
        } else {
            show(*hwnd, SW_HIDE);
            show(*hwnd, SW_SHOWNA);
        }
        Sleep(below(30));
    }
}

/* ---- ---------------------------------------------------------------- */

static void register_class(const char *name)
{
    WNDCLASSA wc = {
        .lpfnWndProc   = proc,
        .hInstance     = GetModuleHandleW(NULL),
        .lpszClassName = name,
    };

    RegisterClassA(&wc);
}

static int read_area(const char *text)
{
    int x, y, w, h;

    if (sscanf(text, "%d,%d,%dx%d", &x, &y, &w, &h) != 4 || w < 80 || h < 80)
        return 0;
    SetRect(&area, x, y, x + w, y + h);
    return 1;
}

int main(int argc, char **argv)
{
    HMODULE dwmapi = LoadLibraryA("dwmapi.dll");
    char self[MAX_PATH];
    DWORD begin = GetTickCount();

    if (argc != 4 || !read_area(argv[3])) {
        fprintf(stderr, "usage: adversary SEED|again|open|brief MILLISECONDS X,Y,WxH\n");
        return 2;
    }
    if (dwmapi) {
        set_attribute = (HRESULT (WINAPI *)(HWND, DWORD, const void *, DWORD))
                        (void (*)(void))GetProcAddress(dwmapi, "DwmSetWindowAttribute");
        get_attribute = (HRESULT (WINAPI *)(HWND, DWORD, void *, DWORD))
                        (void (*)(void))GetProcAddress(dwmapi, "DwmGetWindowAttribute");
    }
    register_class(secret_class);
    register_class(plain_class);
    GetModuleFileNameA(NULL, self, sizeof(self));
    all_secret = strstr(self, "secret.exe") != NULL;
    state = 88172645463325252u + (argv[1][0] == 'b' ? GetTickCount() : strtoul(argv[1], NULL, 0)) * 2654435761u;
    if (argv[1][0] == 'a')
        return again(strtoul(argv[2], NULL, 0));
    if (argv[1][0] == 'b')
        return brief((void *)(uintptr_t)atoi(argv[2]));
    if (argv[1][0] == 'o') {
        open_many(strtoul(argv[2], NULL, 0));
        return 0;
    }
    if (all_secret)
        make(0, anchor_title, WS_POPUP, WS_EX_NOACTIVATE, NULL, SECRET);
    say(NULL, "begin, seed %s", argv[1]);
    while (GetTickCount() - begin < strtoul(argv[2], NULL, 0)) {
        pump();
        act();
        MsgWaitForMultipleObjects(0, NULL, FALSE, any_pause(), 0);
    }
    say(NULL, "end");
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].hwnd)
            DestroyWindow(slots[i].hwnd);
    count_programs();
    for (int i = 0; i < NB_DEEDS; i++)
        printf("done %ld of %ld: %s\n", deeds[i].done, deeds[i].begun, deeds[i].name);
    return 0;
}
