/*
 * verify: is what came good?
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

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

static void judge(Judgement *j, enum Verdict verdict, const char *format, ...)
{
    va_list args;

    j->verdict = verdict;
    va_start(args, format);
    vsnprintf(j->text, sizeof(j->text), format, args);
    va_end(args);
}

/* Of frames of which each should be so: fewer than a tenth are none. */
static int is_hardly_any(int nb, int frames)
{
    return nb * 10 < frames || !nb;
}

/* A program that did not come to a good end, in whatever it did. @return 1 if it is so */
static int judge_child(const Child *c, const char *name, Judgement *j)
{
    const char *full = c->disk_full ? ", and the disk is full" : "";

    if (!c->failed)
        return 0;
    if (c->stopped)
        judge(j, UNKNOWN, "interrupted");
    else if (c->error)
        judge(j, BAD, "%s could not be started (%s)%s", name, error_words(c->error), full);
    else if (c->hung)
        judge(j, BAD, "%s had to be ended, since it took too long%s", name, full);
    else
        judge(j, BAD, "%s ended with an error (exit code %ld)%s", name, (long)c->code, full);
    return 1;
}

/* ---- magprobe ---- */

/* The brackets of JSON, outside of its texts: are all that were opened closed, and does it end there? */
static int is_whole(const char *json)
{
    int depth = 0, quoted = 0;

    if (*json != '{')
        return 0;
    for (; *json; json++) {
        if (quoted && *json == '\\' && json[1])
            json++;
        else if (*json == '"')
            quoted = !quoted;
        else if (!quoted)
            depth += (*json == '{' || *json == '[') - (*json == '}' || *json == ']');
        if (!depth)
            break;
    }
    return *json && !json[1 + strspn(json + 1, " \t\r\n")];
}

static int count(const char *text, const char *words)
{
    int nb = 0;

    while ((text = strstr(text, words))) {
        text += strlen(words);
        nb++;
    }
    return nb;
}

int probe_is_whole(const Results *r)
{
    char arch[40];

    snprintf(arch, sizeof(arch), "\"arch\": \"%s\"", r->arch);
    return r->json && is_whole(r->json) && count(r->json, "\"question\":") &&
           strstr(r->json, arch) && strstr(r->json, "\"whole\": true");
}

/* A crash or a hang may be an answer, and a telling one, but then not all is well. */
static void judge_answers(const char *json, Judgement *j)
{
    int crashed = count(json, "crashed with code"), hung = count(json, "does not return");

    if (crashed || hung)
        judge(j, UNKNOWN, "%d questions were asked; in them it crashed %d times, and did not return %d "
              "times", count(json, "\"question\":"), crashed, hung);
    else
        judge(j, GOOD, "%d questions were asked", count(json, "\"question\":"));
}

void judge_probe(const Results *r, Judgement *j)
{
    if (!options.probe)
        judge(j, LEFT_OUT, "left out, as it was wished");
    else if (!r->probe_done)
        judge(j, UNKNOWN, "not tried");
    else if (judge_child(&r->probe, "magprobe", j))
        return;
    else if (!r->json)
        judge(j, BAD, "magprobe wrote no magprobe.json");
    else if (!probe_is_whole(r))
        judge(j, BAD, "magprobe.json is not whole, or another program's: %u bytes",
              (unsigned)strlen(r->json));
    else
        judge_answers(r->json, j);
}

/* ---- recordings ---- */

/* Has the file the frames that came to us? */
static int judge_file(const Recording *r, Judgement *j)
{
    char wanted[80];

    if (judge_child(&r->reader, "ffprobe", j))
        return 1;
    snprintf(wanted, sizeof(wanted), "ffv1,%d,%d,bgr0,%d", BACK_WIDTH, BACK_HEIGHT, r->frames);
    if (!strcmp(r->file, wanted))
        return 0;
    judge(j, BAD, "%d frames were delivered, but the file has others: ffprobe says \"%s\"", r->frames,
          r->file);
    return 1;
}

/* What keeps a recording from telling anything. @return 1 if there is such a thing */
static int judge_run(const Recording *r, Judgement *j)
{
    if (!r->done)
        judge(j, UNKNOWN, "not tried");
    else if (!r->scene_seen)
        judge(j, UNKNOWN, "the screen never showed this program's own windows: is it locked?");
    else if (!r->frames && r->child.failed && !r->child.error && !r->child.hung && !r->child.stopped)
        judge(j, BAD, "nothing was delivered: no frame (exit code %ld)%s", (long)r->child.code,
              r->child.disk_full ? "; the disk is full" : "");
    else if (judge_child(&r->child, "ffmpeg", j))
        snprintf(j->text + strlen(j->text), sizeof(j->text) - strlen(j->text),
                 "; it delivered %d frames", r->frames);
    else if (r->frames < options.seconds * LEAST_RATE)
        judge(j, BAD, "%s: %d frames in %d seconds, of %d that were asked for",
              r->frames ? "hardly anything was delivered" : "nothing was delivered: no frame",
              r->frames, options.seconds, options.seconds * FRAME_RATE);
    else if (judge_file(r, j))
        return 1;
    else if (r->seconds < options.seconds / 2.0)
        judge(j, BAD, "it was over after %.1f of %d seconds", r->seconds, options.seconds);
    else
        return 0;
    return 1;
}

void judge_plain(const Results *results, Judgement *j)
{
    const Recording *r = &results->plain;

    if (judge_run(r, j))
        return;
    if (is_hardly_any(r->whole, r->frames))
        judge(j, BAD, "the magenta window is whole in %d of %d frames, so what follows proves nothing",
              r->whole, r->frames);
    else if (r->whole == r->frames)
        judge(j, BAD, "the picture stands still: the magenta window is whole in all of %d frames, but it "
              "was hidden and moved meanwhile", r->frames);
    else
        judge(j, GOOD, "the magenta window is whole in %d of %d frames", r->whole, r->frames);
}

void judge_excluded(const Results *results, Judgement *j)
{
    const Recording *r = &results->excluded;

    /* that comes first, whatever became of ffmpeg */
    if (r->tinted)
        judge(j, BAD, "THE WINDOW SHOWED in %d of %d frames, up to %d pixels of it", r->tinted,
              r->frames, r->most);
    else if (judge_run(r, j))
        return;
    else if (is_hardly_any(r->behind, r->frames))
        judge(j, BAD, "nothing was delivered but frames that show neither the window nor what is "
              "behind it: %d of %d, %d of them with black", r->frames - r->behind, r->frames, r->black);
    else if (is_hardly_any(results->plain.whole, results->plain.frames))
        judge(j, UNKNOWN, "no pixel of it in %d frames, but the recording without an exclusion does "
              "not show it either", r->frames);
    else
        judge(j, GOOD, "no pixel of it in %d frames; what is behind it is whole in %d, black in %d",
              r->frames, r->behind, r->black);
}

/* ---- captures opened and closed ---- */

void judge_cycles(const Cycles *c, int reclaim, Judgement *j)
{
    int left = c->last_frames - c->first_frames;
    long long grown = c->last_private - c->first_private;

    if (!options.cycles)
        judge(j, LEFT_OUT, "left out, as it was wished");
    else if (!c->done)
        judge(j, UNKNOWN, "not tried");
    else if (c->child.stopped && !c->ended)
        judge(j, UNKNOWN, "interrupted in cycle %d", c->cycles);
    else if (judge_child(&c->child, "cycles", j))
        snprintf(j->text + strlen(j->text), sizeof(j->text) - strlen(j->text), "; it was in cycle %d of %d",
                 c->cycles, options.cycles);
    else if (!c->ended || c->cycles != options.cycles)
        judge(j, BAD, "died in cycle %d of %d", c->cycles, options.cycles);
    else if (left < c->cycles / 2 && grown > (long long)CYCLES_FRAME * (c->cycles / 2))
        judge(j, reclaim ? BAD : UNKNOWN, "%d captures left %d frames in the process's heap, but %lld bytes "
              "more of the process's own memory: it leaks elsewhere", c->cycles, left, grown);
    else if (!reclaim)
        judge(j, GOOD, "%d captures left %d frames, %lld bytes: %s", c->cycles, left,
              c->last_heap - c->first_heap, left ? "this is the leak" : "nothing leaks here");
    else
        judge(j, left > 0 ? BAD : GOOD, "%d captures left %d frames, %lld bytes", c->cycles, left,
              c->last_heap - c->first_heap);
}

/* ---- all of it ---- */

void judge_all(const Results *r, Judgement j[NB_VERDICTS])
{
    judge_probe(r, &j[0]);
    judge_plain(r, &j[1]);
    judge_excluded(r, &j[2]);
    judge_cycles(&r->reclaim, 1, &j[3]);
    judge_cycles(&r->leak, 0, &j[4]);
}

enum Verdict judge_worst(const Results *r)
{
    Judgement j[NB_VERDICTS];
    enum Verdict worst = GOOD;
    int i;

    judge_all(r, j);
    for (i = 0; i < NB_VERDICTS; i++)
        if (j[i].verdict == BAD || (j[i].verdict == UNKNOWN && worst != BAD))
            worst = j[i].verdict;
    return worst;
}
