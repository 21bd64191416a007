/*
 * verify and magprobe: what the command line says
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

#ifndef WINDOWS_ARGUMENTS_H
#define WINDOWS_ARGUMENTS_H

/** The command line in UTF-8, whatever the code page, and with no * taken for names of files. */
char **utf8_arguments(int *argc);

/**
 * A whole number with nothing behind it.
 *
 * @return 0, or -1 if text is none, or one out of the range; *value is only set for 0
 */
int read_whole_number(const char *text, int least, int most, int *value);

#endif /* WINDOWS_ARGUMENTS_H */
