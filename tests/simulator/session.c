/*
 * Simulator of Magnification.dll: the session
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

#include "blocks.h"
#include "compose.h"
#include "control.h"
#include "guard.h"
#include "log.h"
#include "profile.h"
#include "session.h"

static volatile LONG active;
static DWORD owner;
static volatile LONG nb_inits, nb_sessions, process_frames, session_frames;
static HANDLE private_heap;

BOOL sim_session_begin(void)
{
    unsigned n = InterlockedIncrement(&nb_inits);
    BOOL ok    = TRUE;

    if (sim_profile_load() || sim_value(SIM_INIT_FALSE, n) ||
        sim_value(SIM_ALL_FALSE, process_frames + 1)) {
        SetLastError(ERROR_NOT_SUPPORTED);
        ok = FALSE;
    } else if (active) {
        ok = sim_value(SIM_SECOND_INIT, n);
    } else {
        sim_guard_install();
        if (!sim_value(SIM_CLASS_MISSING, n))
            ok = sim_control_register();
        if (ok) {
            owner          = GetCurrentThreadId();
            session_frames = 0;
            sim_compose_reset();
            InterlockedIncrement(&nb_sessions);
            active = 1;
        }
    }
    sim_log("MagInitialize call=%u -> %d", n, ok);
    return ok;
}

BOOL sim_session_end(const char *who)
{
    BOOL ok = InterlockedExchange(&active, 0);

    if (ok) {
        sim_control_unregister();
        sim_blocks_uninitialize(process_frames + 1);
    }
    sim_log("%s live=%d -> %d", who, sim_blocks_live(), ok);
    return ok;
}

int sim_session_active(void)
{
    return active;
}

int sim_session_right_thread(void)
{
    return GetCurrentThreadId() == owner ||
           sim_value(SIM_THREAD, process_frames + 1) == SIM_THREAD_ANY;
}

unsigned sim_session_coming_frame(unsigned control_frames)
{
    switch (sim_value(SIM_COUNT, 1)) {
    case SIM_COUNT_SESSION: return session_frames + 1;
    case SIM_COUNT_CONTROL: return control_frames + 1;
    default:                return process_frames + 1;
    }
}

void sim_session_count_frame(void)
{
    InterlockedIncrement(&process_frames);
    InterlockedIncrement(&session_frames);
}

unsigned sim_session_frames(void)
{
    return process_frames;
}

HANDLE sim_session_private_heap(void)
{
    if (!private_heap)
        private_heap = HeapCreate(0, 0, 0);
    return private_heap;
}
