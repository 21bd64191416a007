/*
 * verify: what was seen, as a page to send back
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

#include <errno.h>
#include <string.h>
#include <time.h>

#include "verify.h"

/* ---- Markdown ---- */

static void write_lines(FILE *f, const Lines *l)
{
    int i;

    if (!l->nb)
        return;
    fprintf(f, "\n```\n");
    for (i = 0; i < l->nb; i++)
        fprintf(f, "%s\n", l->text[i]);
    if (l->left_out)
        fprintf(f, "and %d more\n", l->left_out);
    fprintf(f, "```\n");
}

static void write_verdicts(FILE *f, const Results *r, const char *arch)
{
    static const char *const names[] = { "good", "**BAD**", "?", "-" };
    static const char *const what[NB_VERDICTS] = {
        "magprobe's questions", "recorded as it is", "recorded without the magenta window",
        "opened and closed, with reclaim", "opened and closed, without reclaim"
    };
    Judgement j[NB_VERDICTS];
    int i;

    judge_all(r, j);
    for (i = 0; i < NB_VERDICTS; i++)
        fprintf(f, "| %s | %s | %s | %s |\n", what[i], arch, names[j[i].verdict], j[i].text);
}

static void write_warnings(FILE *f, const Results results[NB_ARCHES])
{
    static Lines all;
    int arch, i;

    memset(&all, 0, sizeof(all));
    for (arch = 0; arch < NB_ARCHES; arch++) {
        for (i = 0; i < results[arch].plain.warnings.nb; i++)
            lines_add(&all, results[arch].plain.warnings.text[i]);
        for (i = 0; i < results[arch].excluded.warnings.nb; i++)
            lines_add(&all, results[arch].excluded.warnings.text[i]);
    }
    fprintf(f, "\n## Warnings and errors\n");
    write_lines(f, &all);
    if (!all.nb)
        fprintf(f, "\nnone\n");
}

static void write_recording(FILE *f, const char *name, const Recording *r)
{
    if (r->done)
        fprintf(f, "| %s | %d | %.1f | %d | %d | %d | %d | %d | %d | %s |\n", name, r->frames,
                r->seconds, r->tinted, r->most, r->whole, r->behind, r->black, r->other, r->file);
}

static void write_details(FILE *f, const Results *r, const char *arch)
{
    fprintf(f, "\n## %s: what magprobe answers\n", arch);
    write_lines(f, &r->answers);
    write_lines(f, &r->errors);
    fprintf(f, "\n## %s: recordings\n\n"
            "| | frames | seconds | with magenta | pixels at most | with all of the window "
            "| with all behind it | with black | with something else | ffprobe |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n", arch);
    write_recording(f, "as it is", &r->plain);
    write_recording(f, "without the window", &r->excluded);
    fprintf(f, "\nThe log without an exclusion:\n");
    write_lines(f, &r->plain.log);
    fprintf(f, "\nand with it:\n");
    write_lines(f, &r->excluded.log);
    fprintf(f, "\n## %s: opened and closed, with reclaim and without\n", arch);
    write_lines(f, &r->reclaim.said);
    write_lines(f, &r->leak.said);
}

/* ---- JSON ---- */

static void write_recording_json(FILE *f, const char *name, const Recording *r)
{
    fprintf(f, "  \"%s\": { \"frames\": %d, \"seconds\": %.1f, \"tinted\": %d, \"most\": %d, "
            "\"whole\": %d, \"behind\": %d, \"black\": %d, \"other\": %d },\n", name, r->frames,
            r->seconds, r->tinted, r->most, r->whole, r->behind, r->black, r->other);
}

static void write_cycles_json(FILE *f, const char *name, const Cycles *c)
{
    if (!c->done) {
        fprintf(f, "  \"%s\": null,\n", name);
        return;
    }
    fprintf(f, "  \"%s\": { \"cycles\": %d, \"ended\": %s, \"frames_left\": %d, \"bytes\": %lld },\n",
            name, c->cycles, c->ended ? "true" : "false", c->last_frames - c->first_frames,
            c->last_heap - c->first_heap);
}

static void write_text_json(FILE *f, const char *name, const char *text)
{
    fprintf(f, "  \"%s\": \"", name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', f);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, f);
    }
    fprintf(f, "\",\n");
}

/* magprobe's file goes in as it is, unless magprobe did not come to its end. */
static void write_json(FILE *f, const Results *r, const char *arch, int ended)
{
    Judgement excluded;

    judge_excluded(r, &excluded);
    fprintf(f, "\n```json\n{ \"kit\": \"%s\",\n  \"arch\": \"%s\",\n", KIT_VERSION, arch);
    machine_write_json(f);
    write_text_json(f, "options", options.given);
    fprintf(f, "  \"ended\": %s,\n", ended && !interrupted ? "true" : "false");
    write_text_json(f, "verdict", excluded.text);
    write_recording_json(f, "plain", &r->plain);
    write_recording_json(f, "excluded", &r->excluded);
    write_cycles_json(f, "reclaim", &r->reclaim);
    write_cycles_json(f, "leak", &r->leak);
    fprintf(f, "  \"magprobe\": %s\n}\n```\n", probe_is_whole(r) ? r->json : "null");
}

static void write_all(FILE *f, const Results results[NB_ARCHES], double seconds, int ended)
{
    char date[64] = "";
    time_t now = time(NULL);
    int arch;

    strftime(date, sizeof(date), "%Y-%m-%d %H:%M UTC", gmtime(&now));
    fprintf(f, "# magnifier: what a Windows machine answers\n\n| | |\n|---|---|\n");
    machine_write(f);
    fprintf(f, "| kit | %s |\n| when | %s, %.0f seconds, recordings of %d |\n", KIT_VERSION, date,
            seconds, options.seconds);
    if (*options.given)
        fprintf(f, "| options | %s |\n", options.given);
    if (interrupted)
        fprintf(f, "| | **interrupted** |\n");
    else if (!ended)
        fprintf(f, "| | **not at its end**: verify is running, or was ended from outside |\n");
    fprintf(f, "\n## Verdicts\n\n| | | | |\n|---|---|---|---|\n");
    for (arch = 0; arch < NB_ARCHES; arch++)
        if (results[arch].wanted)
            write_verdicts(f, &results[arch], arch_names[arch]);
    write_warnings(f, results);
    for (arch = 0; arch < NB_ARCHES; arch++)
        if (results[arch].wanted)
            write_details(f, &results[arch], arch_names[arch]);
    fprintf(f, "\n## For build-aux/windows-results.sh\n");
    for (arch = 0; arch < NB_ARCHES; arch++)
        if (results[arch].wanted)
            write_json(f, &results[arch], arch_names[arch], ended);
}

/* A virus scanner, or who reads it, may have the older one open for a moment. */
static DWORD put_into_place(const WCHAR *from)
{
    WCHAR path[MAX_PATH_LEN];
    int tries = 40;

    kit_file(path, L"report.md");
    while (!MoveFileExW(from, path, MOVEFILE_REPLACE_EXISTING)) {
        if (!--tries)
            return GetLastError();
        Sleep(50);
    }
    return 0;
}

DWORD report_write(const Results results[NB_ARCHES], double seconds, int ended)
{
    WCHAR path[MAX_PATH_LEN];
    DWORD error = 0;
    FILE *f;

    work_file(path, L"report.md");
    f = _wfopen(path, L"wb");
    if (!f)
        return GetLastError();
    errno = 0;
    write_all(f, results, seconds, ended);
    if (fflush(f) || ferror(f))
        error = write_error();
    fclose(f);
    return error ? error : put_into_place(path);
}
