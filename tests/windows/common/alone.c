/*
 * verify and magprobe: one at a time
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

#include <windows.h>

#include "alone.h"

#define MUTEX L"ffmpeg-magnifier kit"
#define CHILD L"FFMPEG_MAGNIFIER_KIT"

int is_started_by_the_kit(void)
{
    return GetEnvironmentVariableW(CHILD, NULL, 0) > 0;
}

int is_alone(void)
{
    HANDLE mutex = CreateMutexW(NULL, FALSE, MUTEX);

    if (!mutex)
        return 0;
    if (GetLastError() == ERROR_ALREADY_EXISTS) {
        /* it is there as long as its maker lives, and no longer */
        CloseHandle(mutex);
        return is_started_by_the_kit();
    }
    SetEnvironmentVariableW(CHILD, L"1");
    return 1;
}
