/*
 * Simulator of Magnification.dll: the exported functions
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
 * The 21 exports of the real DLL, with the checks that each makes, and a few
 * of the simulator's own (Sim*), by which a test in the same process asks.
 */

#include <string.h>

#include "blocks.h"
#include "control.h"
#include "dll.h"
#include "faults.h"
#include "guard.h"
#include "log.h"
#include "profile.h"
#include "session.h"

#define CHECK_ALL 64    /* blocks; each is read once */

HINSTANCE sim_dll;

/* A control that the calling thread may use now, or NULL with the last error. */
static SimControl *usable(const char *call, HWND hwnd)
{
    SimControl *c = NULL;

    if (!sim_session_active()) {
        SetLastError(ERROR_INVALID_PARAMETER);
    } else if (!sim_session_right_thread()) {
        SetLastError(ERROR_ACCESS_DENIED);
        sim_log("wrong_thread call=%s", call);
    } else {
        c = sim_control_find(hwnd);
    }
    return c;
}

static unsigned coming(const SimControl *c)
{
    return sim_session_coming_frame(c->frames);
}

/* Is the call to fail at the coming frame, by this key or by all_false? */
static int spoilt(const SimControl *c, SimKey key)
{
    if (!sim_value(key, coming(c)) && !sim_value(SIM_ALL_FALSE, coming(c)))
        return 0;
    SetLastError(ERROR_GEN_FAILURE);
    return 1;
}

BOOL WINAPI MagInitialize(void)
{
    return sim_session_begin();
}

BOOL WINAPI MagUninitialize(void)
{
    return sim_session_end("MagUninitialize");
}

BOOL WINAPI MagSetWindowSource(HWND hwnd, RECT rect)
{
    SimControl *c = usable("MagSetWindowSource", hwnd);
    unsigned n;
    BOOL ok;

    if (!c)
        return FALSE;
    if (rect.right <= rect.left || rect.bottom <= rect.top) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    n = coming(c);
    sim_fault_mode_change(n);
    if (sim_fault_access_violation(n, SIM_AT_CALL)) {
        sim_session_count_frame();
        return FALSE;
    }
    sim_fault_access_violation(n, SIM_AT_THREAD);
    sim_fault_access_violation(n, SIM_AT_PROBE);
    ok = sim_control_send(hwnd, &rect);
    if (!ok)
        sim_log("MagSetWindowSource n=%u -> 0", n);
    return ok;
}

BOOL WINAPI MagGetWindowSource(HWND hwnd, RECT *rect)
{
    SimControl *c = usable("MagGetWindowSource", hwnd);

    if (!c || !rect)
        return FALSE;
    *rect = c->source;
    return TRUE;
}

BOOL WINAPI MagSetWindowTransform(HWND hwnd, MagTransform *transform)
{
    SimControl *c = usable("MagSetWindowTransform", hwnd);

    if (!c || !transform || spoilt(c, SIM_TRANSFORM_FALSE))
        return FALSE;
    c->transform = *transform;
    return TRUE;
}

BOOL WINAPI MagGetWindowTransform(HWND hwnd, MagTransform *transform)
{
    SimControl *c = usable("MagGetWindowTransform", hwnd);

    if (!c || !transform)
        return FALSE;
    *transform = c->transform;
    return TRUE;
}

static int any_dead(int nb, const HWND *list)
{
    int i;

    for (i = 0; i < nb; i++)
        if (!IsWindow(list[i]))
            return 1;
    return 0;
}

static BOOL set_filter(SimControl *c, DWORD mode, int nb, const HWND *list)
{
    unsigned n = coming(c);
    int cap    = sim_value(SIM_FILTER_CAP, n);
    BOOL ok    = TRUE;
    int taken  = nb;

    if (nb < 0 || (nb && !list) || mode > MAG_FILTER_INCLUDE ||
        (mode == MAG_FILTER_INCLUDE && sim_value(SIM_FILTER_INCLUDE, n) == SIM_REFUSE) ||
        (!nb && sim_value(SIM_FILTER_EMPTY, n) == SIM_REFUSE) ||
        (sim_value(SIM_FILTER_DEAD, n) == SIM_REFUSE && any_dead(nb, list))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (sim_value(SIM_FILTER, n) == SIM_FILTER_REFUSE || spoilt(c, SIM_FILTER_FALSE)) {
        SetLastError(ERROR_GEN_FAILURE);
        return FALSE;
    }
    if (nb > cap) {
        switch (sim_value(SIM_FILTER_OVER, n)) {
        case SIM_OVER_REFUSE:
            SetLastError(ERROR_INVALID_PARAMETER);
            return FALSE;
        case SIM_OVER_REFUSE_CUT:
            SetLastError(ERROR_INVALID_PARAMETER);
            ok = FALSE;
            /* fall through */
        case SIM_OVER_CUT:
            taken = cap;
            break;
        default:
            taken = 0;
            break;
        }
    }
    if (sim_filter_set(&c->asked, mode, nb, list) ||
        sim_filter_set(&c->kept, mode, taken, list)) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    return ok;
}

BOOL WINAPI MagSetWindowFilterList(HWND hwnd, DWORD mode, int count, HWND *list)
{
    SimControl *c = usable("MagSetWindowFilterList", hwnd);
    BOOL ok = c && set_filter(c, mode, count, list);

    sim_log("filter control=%u for=%u mode=%lu count=%d kept=%d last=%p -> %d", c ? c->serial : 0,
            c ? coming(c) : 0, mode, count, c ? c->kept.nb : 0,
            list && count > 0 ? list[count - 1] : NULL, ok);
    return ok;
}

int WINAPI MagGetWindowFilterList(HWND hwnd, DWORD *mode, int count, HWND *list)
{
    SimControl *c = usable("MagGetWindowFilterList", hwnd);
    const SimFilter *f;
    long lie;
    int nb, i;

    if (!c)
        return -1;
    lie = sim_value(SIM_FILTER_READBACK, coming(c));
    f   = lie == SIM_READBACK_ASKED ? &c->asked : &c->kept;
    nb  = f->nb;
    if (lie == SIM_READBACK_FAILS)
        return -1;
    if (lie == SIM_READBACK_EMPTY)
        nb = 0;
    if (lie == SIM_READBACK_SHORT && nb)
        nb--;
    if (mode)
        *mode = f->mode;
    if (!list || !count)
        return nb;
    for (i = 0; i < nb && i < count; i++)
        list[i] = f->list[i];
    if (lie == SIM_READBACK_WRONG && nb && count > 0)
        list[0] = (HWND)((ULONG_PTR)list[0] ^ 4);
    return nb;
}

BOOL WINAPI MagSetImageScalingCallback(HWND hwnd, MagScalingCallback callback)
{
    SimControl *c = usable("MagSetImageScalingCallback", hwnd);
    BOOL ok = c && !spoilt(c, SIM_CALLBACK_FALSE);

    if (ok)
        c->callback = callback;
    sim_log("set_callback control=%u callback=%d -> %d", c ? c->serial : 0, !!callback, ok);
    return ok;
}

MagScalingCallback WINAPI MagGetImageScalingCallback(HWND hwnd)
{
    SimControl *c = usable("MagGetImageScalingCallback", hwnd);

    return c ? c->callback : NULL;
}

BOOL WINAPI MagSetColorEffect(HWND hwnd, MagColorEffect *effect)
{
    static const MagColorEffect identity = { { { 1 }, { 0, 1 }, { 0, 0, 1 },
                                               { 0, 0, 0, 1 }, { 0, 0, 0, 0, 1 } } };
    SimControl *c = usable("MagSetColorEffect", hwnd);

    if (!c)
        return FALSE;
    c->effect = effect ? *effect : identity;
    return TRUE;
}

BOOL WINAPI MagGetColorEffect(HWND hwnd, MagColorEffect *effect)
{
    SimControl *c = usable("MagGetColorEffect", hwnd);

    if (!c || !effect)
        return FALSE;
    *effect = c->effect;
    return TRUE;
}

/*
 * The full-screen half of the interface: what is set is kept nowhere, without effect. What
 * there is of another program is the profile's; it counts the calls of MagGetFullscreenTransform.
 */
static volatile LONG nb_looks;

BOOL WINAPI MagSetFullscreenTransform(float level, int x, int y)
{
    (void)x;
    (void)y;
    return sim_session_active() && sim_session_right_thread() && level >= 1;
}

BOOL WINAPI MagGetFullscreenTransform(float *level, int *x, int *y)
{
    if (!sim_session_active() || !level || !x || !y)
        return FALSE;
    *level = sim_value(SIM_FULLSCREEN_LEVEL, InterlockedIncrement(&nb_looks)) / 100.f;
    *x = *y = 0;
    return TRUE;
}

BOOL WINAPI MagSetFullscreenColorEffect(MagColorEffect *effect)
{
    return sim_session_active() && sim_session_right_thread() && effect;
}

BOOL WINAPI MagGetFullscreenColorEffect(MagColorEffect *effect)
{
    int i;

    if (!sim_session_active() || !effect)
        return FALSE;
    memset(effect, 0, sizeof(*effect));
    for (i = 0; i < 5; i++)
        effect->transform[i][i] = 1;
    switch (sim_value(SIM_FULLSCREEN_EFFECT, nb_looks ? nb_looks : 1)) {
    case SIM_EFFECT_INVERT:
        for (i = 0; i < 3; i++) {
            effect->transform[i][i] = -1;
            effect->transform[4][i] = 1;
        }
        break;
    case SIM_EFFECT_GREY:
        for (i = 0; i < 9; i++)
            effect->transform[i / 3][i % 3] = 1 / 3.f;
        break;
    }
    return TRUE;
}

BOOL WINAPI MagSetInputTransform(BOOL enabled, const RECT *source, const RECT *dest)
{
    (void)enabled;
    (void)source;
    (void)dest;
    SetLastError(ERROR_ACCESS_DENIED);      /* needs UIAccess */
    return FALSE;
}

BOOL WINAPI MagGetInputTransform(BOOL *enabled, RECT *source, RECT *dest)
{
    if (!sim_session_active() || !enabled || !source || !dest)
        return FALSE;
    *enabled = FALSE;
    SetRectEmpty(source);
    SetRectEmpty(dest);
    return TRUE;
}

BOOL WINAPI MagShowSystemCursor(BOOL show)
{
    sim_shout("note: MagShowSystemCursor show=%d was called", show);
    return sim_session_active();
}

BOOL WINAPI MagSetFullscreenUseBitmapSmoothing(BOOL use)
{
    (void)use;
    return sim_session_active();
}

BOOL WINAPI MagSetLensUseBitmapSmoothing(HWND hwnd, BOOL use)
{
    (void)use;
    return !!usable("MagSetLensUseBitmapSmoothing", hwnd);
}

/* The simulator's own. */

int WINAPI SimLiveBlocks(void)
{
    return sim_blocks_live();
}

int WINAPI SimBlockIsFreed(const void *ptr)
{
    return sim_block_is_freed(ptr);
}

unsigned WINAPI SimFrames(void)
{
    return sim_session_frames();
}

/** Violations so far, those included that only a look at the blocks shows. */
int WINAPI SimGuardViolations(void)
{
    sim_blocks_check("SimGuardViolations", CHECK_ALL);
    return sim_guard_violations;
}

/** A line as in a profile, from now on. @return 0 or -1 */
int WINAPI SimSet(const char *line)
{
    if (sim_profile_load())
        return -1;
    return sim_profile_line(line);
}

/** A line of the test's own in the log, to find one's place. */
void WINAPI SimLog(const char *text)
{
    sim_log("mark %s", text);
}

static void close_log(const char *event)
{
    sim_blocks_check(event, CHECK_ALL);
    sim_log("%s frames=%u callbacks=%ld live=%d freed_by_client=%ld freed_by_dll=%ld guard=%ld %s",
            event, sim_session_frames(), sim_callbacks, sim_blocks_live(),
            sim_blocks_freed_by_client, sim_blocks_freed_by_dll, sim_guard_violations,
            sim_guard_violations ? "RED" : "green");
    sim_log_close();
}

/* The exports of Windows 8 are not found: their names get another last letter, in order all the same. */
static void hide_fullscreen_exports(uint8_t *base)
{
    const IMAGE_NT_HEADERS *nt = (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    const IMAGE_EXPORT_DIRECTORY *dir = (const IMAGE_EXPORT_DIRECTORY *)
        (base + nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress);
    const DWORD *names = (const DWORD *)(base + dir->AddressOfNames);
    DWORD i, old;

    for (i = 0; i < dir->NumberOfNames; i++) {
        char *name = (char *)base + names[i], *last = name + strlen(name) - 1;

        if (strncmp(name, "MagGetFullscreen", 16) || !VirtualProtect(last, 1, PAGE_READWRITE, &old))
            continue;
        ++*last;
        VirtualProtect(last, 1, old, &old);
    }
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
    if (reason == DLL_PROCESS_ATTACH) {
        HMODULE pinned;

        sim_dll = instance;
        DisableThreadLibraryCalls(instance);
        sim_log_open();
        sim_log("load");
        sim_profile_load();
        if (!sim_value(SIM_FULLSCREEN_EXPORTS, 1))
            hide_fullscreen_exports((uint8_t *)instance);
        /* stay, so that one process has one ledger and one count of frames */
        if (sim_value(SIM_PIN, 1))
            GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN |
                               GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                               (const WCHAR *)(const void *)DllMain, &pinned);
    } else if (reason == DLL_PROCESS_DETACH) {
        if (!reserved) {
            sim_control_unregister();
            sim_guard_remove();
            sim_blocks_unload();
        } else {
            sim_blocks_exiting();
        }
        close_log(reserved ? "exit" : "unload");
    }
    return TRUE;
}
