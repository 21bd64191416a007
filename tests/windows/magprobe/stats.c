/*
 * magprobe: figures of many measurements
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

#include <stdlib.h>

#include "magprobe.h"
#include "stats.h"

static int compare_us(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

void times_add(Times *t, int64_t us)
{
    if (t->nb < (int)(sizeof(t->us) / sizeof(*t->us)))
        t->us[t->nb++] = us;
}

int times_report(const char *what, Times *t)
{
    int64_t total = 0;
    int i;

    if (!t->nb)
        return 0;
    for (i = 0; i < t->nb; i++)
        total += t->us[i];
    qsort(t->us, t->nb, sizeof(*t->us), compare_us);
    fact(what, "mean %d us, middle %d us, 99 of 100 below %d us, %d of them", (int)(total / t->nb),
         (int)t->us[t->nb / 2], (int)t->us[t->nb * 99 / 100], t->nb);
    return total / t->nb;
}
