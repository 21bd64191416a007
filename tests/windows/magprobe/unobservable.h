/*
 * magprobe: settings that no client can observe
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
 * Settings of a stand-in's profile that --profile never prints, with the
 * reason. A test holds this list and the profiles together.
 */

#ifndef MAGPROBE_UNSEEN_H
#define MAGPROBE_UNSEEN_H

/* A whole key, or one of its values; `key = value with key = value` wants both. */
static const char *const unobservable[][2] = {
    { "background",
      "Windows's desktop is a window itself; only the stand-in has a place without any" },
    { "count", "how the stand-in numbers the frames of its faults" },
    { "guard_checksum", "the stand-in's own instrument" },
    { "access_violation_at", "a fault ends the process, wherever it came from" },
    { "access_violation = yes frame 5 with access_violation_at = probe",
      "the DLL has handled it itself" },
    { "block_end = stolen_silent", "until the new owner writes, nothing differs from a leak" },
    { "block_life = frame with block_replace = free",
      "the new block comes to lie where the old one was, as one that was kept" },
    { "heap_walk", "not asked" },
    { "without_callback = block with heap_walk = committed",
      "in Wine's heap other blocks lie behind it, so what is committed there is not its own" },
    { "fullscreen_exports", "not asked" },
    { "fullscreen_level", "not asked" },
    { "fullscreen_effect", "not asked" },
};

#endif /* MAGPROBE_UNSEEN_H */
