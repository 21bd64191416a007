/*
 * verify: what all its files share
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
 * verify runs the programs of the Windows kit one after the other, looks at what
 * they say, and writes report.md beside the kit's folders. verify.cmd starts it.
 *
 * Everything happens in the kit's folder: what is written on the way goes into
 * its folder "work", which is removed. No picture of the screen is kept.
 */

#ifndef KIT_VERIFY_H
#define KIT_VERIFY_H

#include <stdint.h>
#include <stdio.h>
#include <windows.h>

#define MAX_PATH_LEN 4096

/** Class of the window that is to be left out. */
#define MAGENTA_CLASS "magnifier-kit-magenta"

#define NB_ARCHES 2

/** What the command line says. */
typedef struct Options {
    int only;               ///< one architecture, index of arch_names, or -1
    int seconds;            ///< length of a recording
    int cycles;
    int probe;              ///< run magprobe
    int limit;              ///< seconds that a program may take; 0: what it should need
    const char *exclude;    ///< the rule of the second recording
    const char *device;     ///< further options of the device, as words
    int help;               ///< only say what the options are
    char given[200];        ///< which ones there were, without what may name a program or a path
} Options;

extern Options options;
extern const char *const arch_names[NB_ARCHES];

/** @return 0, or -1 for what is no option or does not fit, which is said in one line */
int options_read(int argc, char **argv);

/** Print what there is. */
void options_print(void);

/* ---- folder.c: the kit's folder, and "work" in it ---- */

/** Path of the kit's folder, without a backslash at its end. */
extern WCHAR kit_path[MAX_PATH_LEN];

/** @return 0, or -1 if the programs are not there */
int find_kit(void);

/** Make "work" anew. @return 0, or -1 if there can be no report, which was said */
int folder_prepare(void);

/** Take "work" away. */
void work_remove(void);

/** Paths, MAX_PATH_LEN long; of "work" itself if name is empty. */
void kit_file(WCHAR *path, const WCHAR *name);
void work_file(WCHAR *path, const WCHAR *name);

/** Take away what may be there of an earlier program. */
void work_delete(const WCHAR *name);

/** Read a file of "work"; the caller frees it. NULL if there is none. */
char *work_read(const WCHAR *name);

/** Has the disk of "work" less than that? */
int disk_is_full(int wanted_mb);

/** A code of Windows', in words where they are known. Until the next call. */
const char *error_words(DWORD code);

/** What the last call for a FILE failed with. */
DWORD write_error(void);

/** Said by Ctrl-C and by the console's close button: begin nothing more. */
extern volatile LONG interrupted;

/* ---- child.c: one program of the kit, with a limit of time ---- */

typedef struct Child {
    HANDLE process, out, watchdog;
    HANDLE drained;         ///< all that it has written was read
    DWORD  limit_ms;
    DWORD  error;           ///< why it could not be started, or 0
    DWORD  code;            ///< exit code
    int    hung;            ///< ended because it took too long
    int    failed;          ///< any of these, or an exit code that is not 0
    int    stopped;         ///< the user wished it to end
    int    disk_full;       ///< when it failed
} Child;

/** Before the first child: what is started ends with this process. */
void children_init(void);

/** End the child that runs, if any. From any thread. */
void children_stop(void);

/**
 * Start ARCH\NAME.exe in the folder "work".
 *
 * @param arguments in UTF-8
 * @param out what its standard output goes to, a file in "work"; NULL: child_read() has it
 * @param log what its standard error goes to, a file in "work"
 * @return 0, or -1 if it cannot be started
 */
int child_start(Child *c, int arch, const char *name, const char *arguments, const WCHAR *out,
                const WCHAR *log, int limit_seconds);

/** Add an argument to a command line, so that the program has it as it is. */
void add_argument(char *command, size_t size, const char *argument);

/** Read exactly size bytes; 0 at the end of the output. */
int child_read(Child *c, void *buf, size_t size);

/** Wait for its end. */
void child_end(Child *c);

/* ---- scene.c: a window to be left out, in front of one that is not ---- */

#define BACK_GREY 0x60

/** What is recorded: what lies behind the magenta window, pixels. */
#define BACK_WIDTH  480
#define BACK_HEIGHT 320

typedef struct Scene {
    RECT back;              ///< physical pixels of the virtual desktop
    int  magenta_width, magenta_height;
    int  seen;              ///< the screen has shown both
    HANDLE thread, ready;
    DWORD  id;
} Scene;

int  scene_open(Scene *s);
/** From now on the magenta window goes, comes, moves and is made anew. */
void scene_stir(Scene *s);
void scene_close(Scene *s);

/* ---- recording.c ---- */

#define FRAME_RATE 30
#define LEAST_RATE 3        // with fewer a second it does not work

#define MAX_LINES 60
#define MAX_LINE  2000

/** Lines that were said, each once. */
typedef struct Lines {
    char text[MAX_LINES][MAX_LINE];
    int  nb, left_out;
} Lines;

/** What the frames of a recording show where the scene is. */
typedef struct Recording {
    int done;               ///< it was tried
    int scene_seen;         ///< the screen itself showed the scene before
    int frames;             ///< so many came
    int tinted;             ///< frames with any magenta in them
    int most;               ///< most pixels of magenta in one of them
    int whole;              ///< frames with the whole of the magenta window
    int behind;             ///< frames that show all of what is behind it
    int black;              ///< frames with black in them: painted over
    int other;              ///< frames with something else
    double seconds;         ///< from the first frame to the last
    Child child;
    Child reader;           ///< ffprobe
    char file[MAX_LINE];    ///< what it says of the file
    Lines warnings, log;
} Recording;

void recording_make(Recording *r, int arch, int exclude);

/** Add a line unless it is there; what tells runs apart (addresses, paths) is taken out. */
void lines_add(Lines *l, const char *line);

/* ---- verify.c ---- */

#define CYCLES_WIDTH  640
#define CYCLES_HEIGHT 480
#define CYCLES_FRAME  (CYCLES_WIDTH * CYCLES_HEIGHT * 4)

typedef struct Cycles {
    int done, ended;        ///< "end N ok" was read
    int cycles;
    long long first_heap, last_heap;
    long long first_private, last_private; ///< the process's private bytes
    int first_frames, last_frames;
    Child child;
    Lines said;             ///< what the device said at the ends, and errors
} Cycles;

typedef struct Results {
    const char *arch;
    int wanted;             ///< this architecture is part of the run
    int probe_done;
    Child probe;
    Lines answers, errors;  ///< magprobe's
    char *json;             ///< its file, or NULL
    Recording plain, excluded;
    Cycles reclaim, leak;
} Results;

/* ---- judge.c ---- */

/** UNKNOWN is not good: nobody knows. LEFT_OUT is what the command line says. */
enum Verdict { GOOD, BAD, UNKNOWN, LEFT_OUT };

typedef struct Judgement {
    enum Verdict verdict;
    char text[400];
} Judgement;

#define NB_VERDICTS 5

void judge_probe(const Results *r, Judgement *j);
void judge_plain(const Results *r, Judgement *j);
void judge_excluded(const Results *r, Judgement *j);
void judge_cycles(const Cycles *c, int reclaim, Judgement *j);

/** All of these, in this order. */
void judge_all(const Results *r, Judgement j[NB_VERDICTS]);

/** BAD if any is, else UNKNOWN if any is, else GOOD. */
enum Verdict judge_worst(const Results *r);

/** Is the JSON of magprobe one that can be put into another? */
int probe_is_whole(const Results *r);

/* ---- report.c ---- */

/**
 * Write report.md anew; the one that is there stays until it is whole.
 *
 * @param ended nothing more is to come
 * @return 0, or the error of Windows' if it cannot be written
 */
DWORD report_write(const Results results[NB_ARCHES], double seconds, int ended);

/* ---- machine.c: which Windows is it? ---- */

/** Per monitor, as the device and its pictures see it. For this process. */
void use_physical_pixels(void);

/** Version of Wine, or NULL on Windows. */
const char *wine_version(void);

int  machine_is_64bit(void);
void machine_write(FILE *f);      ///< lines of a table in Markdown
void machine_write_json(FILE *f); ///< members of an object, with a comma at the end

#endif /* KIT_VERIFY_H */
