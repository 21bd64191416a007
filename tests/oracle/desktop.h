/*
 * A desktop, its windows and a Magnification API, simulated for the guard
 *
 * This file is part of FFmpeg.
 *
 * FFmpeg is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * FFmpeg is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with FFmpeg; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA
 */

/**
 * @file
 * What may happen while a frame is made?
 *
 * Time passes in ticks; the operations of the guard are cut into many, and in each
 * anything may happen: windows are made, shown, hidden, moved, renamed, raised,
 * given owners, destroyed, and get used handles. Events about it come late, in any
 * order, or not at all where a look has told already. The API cuts lists, refuses
 * them, ignores or forgets them, applies them late, lies about them, and hands out
 * old pictures. What it may not do is what guard.c says must be assumed of
 * Windows, no more; the numbers in comments are those of that list.
 *
 * A picture carries the truth: each place where it shows a window that it must not.
 */

#ifndef TESTS_ORACLE_DESKTOP_H
#define TESTS_ORACLE_DESKTOP_H

#include <stddef.h>
#include <stdint.h>

#include "libavdevice/magnifier/guard.h"

#define MAX_WINDOWS  64
#define MAX_GHOSTS   64
#define MAX_EVENTS   256
#define MAX_PARTS    2
#define MAX_QUEUE    8
#define MAX_SIGHTS   128
#define MAX_ENTRIES  MAGNIFIER_GUARD_MAX_LIST
#define MAX_HIDING   32

/** What this desktop and this API are like. Permille: chance for each occasion. */
typedef struct Profile {
    enum MagnifierGuardProofMode proof;
    int gentle;          ///< the API keeps to assumption 5 (needed without proof)
    int parts;           ///< controls
    int windows;         ///< at most
    int at_start;        ///< of them, at start
    int churn;           ///< permille: something happens in a tick
    int ambush;          ///< permille: a window flashes around a composition, or
                         ///< is gone just before a look
    int match;           ///< permille: a window is one to be excluded
    int shows;           ///< Windows tells when a window is shown; so those that were not since
                         ///< the last look are no news, nor are events about them
    int silent;          ///< permille: it begins to be one, or is shown, and no event tells
    int animations;
    int reuse;           ///< permille: a new window gets a used handle
    int late_events;     ///< drains that an event may be late: 0 to 2
    int lose_seen;       ///< permille: an event that a look made needless is lost
    int events_lost;     ///< permille: the queue says it lost events, and did
    int noise;           ///< permille: an event about a stranger that is gone
    int look_error;      ///< permille
    int cut_at, refuse_above; ///< entries, 0: any number
    int ignore_above;    ///< longer ones are read back, and exclude nothing
    int refuse, ignore, forget; ///< permille
    int purge;           ///< entries of windows that are gone are not read back
    int refuse_gone;     ///< a list with such an entry is refused
    MagnifierRect region; ///< that is captured
    int roams;          ///< the region moves, per mille of calls
    int covers;          ///< permille: a new window hides what is below it
    int no_rect;         ///< permille: a look cannot tell where a window is
    int lie;             ///< the list read back is the one that was set
    int unread;          ///< permille: it cannot be read back, ...
    int short_by;        ///< ... or without so many entries of its end
    int late_list;       ///< captures until a list is in force
    int stale;           ///< permille: a capture gives an old picture
    int no_picture;      ///< permille
    int cover;           ///< permille: a canary is covered or uncovered in a tick
    int canary_error;    ///< permille
    int paint_error;     ///< permille
} Profile;

/** What an event tells of a window; MOVES only while it is wanted. */
enum { SHOWS = 1, MATCHES = 2, MOVES = 4, RAISES = 8 };

/** What no event tells of a window. */
enum { BEGUN = 1, SHOWN = 2 };

typedef struct Window {
    uint64_t handle, serial;
    int exists, visible, matches, known /* a look told of it: the match lasts */;
    int animates, owner;
    int silent;          ///< no event told that it matches (BEGUN) or was shown (SHOWN), so
                         ///< a look must (assumption 1)
    int seen_hidden;     ///< the last look that told of it saw it hidden
    int covers;          ///< hides what is below it, if it does not match
    int told;            ///< as a covering one, in the last look
    int shown;           ///< as the device knows it: in the last look, or by an event since
    int passed;          ///< a look has seen it, and it did not match
    int known_plain;     ///< an event or a look did, last
    int64_t shown_at;    ///< clock when it was last shown or moved
    int state;           ///< changes with every change
    int place;           ///< changes when it is raised or lowered
    MagnifierRect rect;
} Window;

/** A window that the screen still shows somewhere, though it is not there. */
typedef struct Ghost {
    uint64_t serial;
    MagnifierRect rect;
    int64_t until;
    int closing;         ///< it does so in its last rectangle
    int secret;          ///< closing: it was one to be excluded
    int dead;            ///< its window is gone: no list can exclude it
} Ghost;

typedef struct Event {
    uint64_t handle, serial;
    uint64_t due;        ///< number of the drain that tells of it
    int secret, known;   ///< its window was to be excluded; a look told of it
    int told;            ///< it was of a window that covered others
    int what;            ///< SHOWS, MATCHES, MOVES or RAISES, 0: none of them
    int shown;           ///< its window was, when it went
    int state, seen;     ///< a look showed the window as the event left it
} Event;

typedef struct FilterList {
    uint64_t serials[MAX_ENTRIES]; ///< what the handles meant when it was set
    int nb;
    int64_t time;
    uint64_t captures;   ///< before it was set
} FilterList;

typedef struct Control {
    uint64_t handles[MAX_ENTRIES]; ///< read back
    int nb;
    FilterList queue[MAX_QUEUE];   ///< [0] is in force, the others will be
    int nb_queue;
} Control;

/** A window that a picture shows, but for what others hide of it. */
typedef struct Sight {
    uint64_t serial;
    MagnifierRect rect;
    MagnifierRect hiding[MAX_HIDING];
    int nb_hiding;
} Sight;

typedef struct Picture {
    int live;
    Sight sights[MAX_SIGHTS];
    int nb_sights;
    uint64_t canary[MAX_PARTS];  ///< that it shows, 0: none
    MagnifierRect region;        ///< that it shows
    int covered;                 ///< the canary was, in one part at least
    int64_t time;
    uint64_t captures;
} Picture;

/** What happens, draw by draw, instead of what chance says; after its end chance goes on. */
typedef struct Script {
    const uint8_t *bytes;  ///< NULL: there is none
    size_t nb, at;
} Script;

typedef struct Desktop {
    Profile  profile;
    Script   script;
    uint64_t random;
    int64_t  now;
    uint64_t calls, drains, captures, next_serial;
    Window   windows[MAX_WINDOWS];
    int      order[MAX_WINDOWS];   ///< indexes of those that exist, topmost first
    int      nb_order;
    Ghost    ghosts[MAX_GHOSTS];
    int      nb_ghosts;
    Event    events[MAX_EVENTS];
    int      nb_events;
    int      event_overflow;
    int      moves;                ///< are to be told
    Control  controls[MAX_PARTS];
    uint64_t canaries[MAX_PARTS];  ///< on the screen, 0: none
    int      covered;
    int      reading, result;      ///< the screen; and what comes of it
    int      seen, seen_before;    ///< canaries: now, and when the last picture was captured
    int      covered_in_picture;   ///< in that one
    Picture  pictures[4];
    Picture  latest;               ///< composed last, perhaps not handed out
    int      has_latest;
    int      ambushed;             ///< index + 1 of a flashing window
    int      youngest;             ///< index + 1 of the window made last
    uint64_t dirty_pictures;       ///< captured ones with a secret in them
} Desktop;

extern const MagnifierGuardOps desktop_ops;

/** Print what happens. */
extern int desktop_trace;

/** Make a desktop from a seed; the same seed makes the same one. Its script goes on. */
void desktop_init(Desktop *d, uint64_t seed, const Profile *profile);

/** Let time pass between two slots. */
void desktop_sleep(Desktop *d);

/** The controls are made anew: no list is in force. */
void desktop_recreate(Desktop *d);

/** Chance begins here. */
void desktop_seed(Desktop *d, uint64_t random);

/** In [0, n): uniform, or what the script says. */
unsigned desktop_random(Desktop *d, unsigned n);

/** Nothing is left of the script, and there was one. */
int desktop_script_ends(const Desktop *d);

/** Leave of a picture's sights those of which something can be seen. */
void desktop_hide(Picture *picture);

/** Free a delivered picture. */
void desktop_release(Picture *picture);

#endif /* TESTS_ORACLE_DESKTOP_H */
