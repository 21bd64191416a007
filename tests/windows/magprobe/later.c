/*
 * magprobe: questions that are not measured yet
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

#include "magprobe.h"

/*
 * Each says so, so that a report has a line for every question and nobody
 * takes silence for an answer.
 */
static void not_yet(const char *why_wine)
{
    say("this probe does not measure it yet");
    wine_cannot_tell(why_wine);
}

void ask_kinds(void)     { not_yet("it has no UWP, WinUI, Start, toasts, elevation or flip-model windows"); }
void ask_events(void)    { not_yet("its window events are its own, and nothing is elevated"); }
void ask_screen(void)    { not_yet("it has no HDR, colour filters, Night light or DWM"); }
void ask_outages(void)   { not_yet("it has no secure desktop, no lock screen and no RDP"); }
void ask_walk(void)      { not_yet("it has no Start, Action Center or UWP windows"); }
void ask_occlusion(void) { not_yet("Edge and Word do not run here, and occlusion is not native"); }
