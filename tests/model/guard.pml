/*
 * The protocol of the guard (libavdevice/magnifier/guard.c), for spin
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

/*
 * One window at a time that must not be seen, which comes and goes for ever; and an API
 * that applies lists late, ignores or forgets them, and gives old pictures, for ever
 * too. Between any two steps of the guard both may do anything. In any slot the guard
 * may also only look, to confirm the frame that is held, and capture none. Searched are all states,
 * without a bound in time: no delivered picture shows the window.
 *
 * What the model leaves out is in interleave.c and tests/oracle: more than one window,
 * painting over, used handles, animations, delivery without proof. Each macro NO_... is
 * a guard without one of its steps, and must be found out (spin.sh).
 */

bool exists, visible;      /* the window */
bool silent;               /* it began to match without an event, and stays for a look */
bool known;                /* a look has told of this one */
bool waits;                /* no look has seen it visible, and it is on no list */
bool on_set;               /* it is on the list that the guard has set last */
bool on_force;             /* it is on the list in force */

/* Events that no drain has told of yet, by the drains they have outlasted (assumption 2:
 * the third tells). Of this window, and of windows that are gone. `latest` is the age
 * of the event by which this window came to be as it is now; a look makes it needless. */
#define NONE 3
byte latest = NONE;
bool own[3], gone[3];

/* The API: a list that waits to come into force, and the picture composed last. */
bool waiting, waiting_on, waiting_canary;
bool canary, canary_force;     /* on the screen; on the list in force */
bool old_dirty, old_canary;    /* the picture: shows the window; shows this canary */

/* The guard. */
bool fresh = true;
bool held, held_dirty, released, released_dirty;
bool dirty_a, dirty_b, shows, shows_canary;

inline compose()
{
    old_dirty  = visible && !on_force;
    old_canary = canary && !canary_force
}

inline come_into_force()
{
    on_force     = waiting_on;
    canary_force = waiting_canary;
    waiting      = false
}

/* What the world does. */
active proctype world()
{
    do
    :: atomic { !exists -> exists = true; visible = true; latest = 0 }
    :: atomic { !exists -> exists = true }
    :: atomic { !exists -> exists = true; visible = true; silent = true }
    :: atomic { exists && !visible -> visible = true; latest = 0 }
    :: atomic { exists && visible && !silent -> visible = false;
           if
           :: latest != NONE -> own[latest] = true; latest = NONE
           :: else
           fi }
    :: atomic { exists && !silent ->
           if
           :: latest != NONE -> gone[latest] = true; latest = NONE
           :: else
           fi;
           gone[0] = gone[0] || own[0]; own[0] = false;
           gone[1] = gone[1] || own[1]; own[1] = false;
           gone[2] = gone[2] || own[2]; own[2] = false;
           exists = false; visible = false; known = false; waits = false;
           on_set = false; on_force = false; waiting_on = false }
    :: atomic { waiting -> come_into_force() }
    :: atomic { on_force || canary_force -> on_force = false; canary_force = false } /* forgotten */
    :: atomic { compose() }
    od
}

/* An event comes, or it comes later. */
inline tell(bad, is_there, suspicious)
{
    if
    :: is_there -> is_there = false; bad = bad || (suspicious)
    :: true
    fi
}

inline must_tell(bad, is_there, suspicious)
{
    if
    :: is_there -> is_there = false; bad = bad || (suspicious)
    :: else
    fi
}

inline drain(bad)
{
    atomic {
        bad = false;
        must_tell(bad, own[2], !on_set);  must_tell(bad, gone[2], true);
        tell(bad, own[1], !on_set);       tell(bad, gone[1], true);
        tell(bad, own[0], !on_set);       tell(bad, gone[0], true);
        if
        :: latest == 2 -> latest = NONE; bad = bad || !on_set
        :: latest < 2  -> latest = NONE; bad = bad || !on_set
        :: latest < 2  -> latest++
        :: latest == NONE
        fi;
        own[2]  = own[1];  own[1]  = own[0];  own[0]  = false;
        gone[2] = gone[1]; gone[1] = gone[0]; gone[0] = false;
#ifdef NO_EVENTS
        bad = false
#endif
    }
}

inline report(bad)
{
    atomic {
        /* A hidden one is no news, whatever is known of it; one that is visible, and on no
         * list, is. */
        bad = bad || (visible && (!known || waits));
        waits = exists && !visible && (!known || waits);
        known = exists;
        silent = false;
        if
        :: visible -> latest = NONE
        :: else
        fi
    }
}

/* Drain B, which may be about the picture of the slot before as well. */
inline late_events()
{
    drain(dirty_b);
    atomic {
        if
#ifdef NO_LATE_EVENTS
        :: true
#else
        :: dirty_b -> released = false
        :: else
#endif
        fi
    }
}

inline capture(s, c)
{
    atomic {
        if
        :: compose()
        :: true /* an old one */
        fi;
        s = old_dirty;
        c = old_canary
    }
}

inline new_canary()
{
    atomic { canary = true; canary_force = false; waiting_canary = false; old_canary = false }
}

inline set_list()
{
    atomic {
        if
        :: waiting -> come_into_force()
        :: true
        fi;
        on_set = known;
        waits = false;
        if
        :: waiting = true; waiting_on = known; waiting_canary = canary
        :: waiting = false /* taken, read back alike, and ignored */
        fi;
        fresh = false
    }
}


active proctype guard()
{
    do
    :: released = false;
       drain(dirty_a);
#ifdef NO_LOOK
       atomic { known = exists; silent = false; if :: visible -> latest = NONE :: else fi };
#else
       report(dirty_a);
#endif
       atomic {
           if
           :: held && !dirty_a -> released = true; released_dirty = held_dirty
           :: else
           fi;
           held = false; held_dirty = false;
#ifndef NO_FRESH_AFTER_INCIDENT
           fresh = fresh || dirty_a
#endif
       }
       dirty_b = false;
       if
       :: released -> /* between two slots */
          late_events(); goto deliver
       :: true
       fi;
       if
       :: fresh || (on_set != known && !waits) ->
          new_canary();
#ifndef NO_CONTROL
          capture(shows, shows_canary);
          if
          :: !shows_canary && released ->
             late_events(); goto deliver
          :: !shows_canary && !released -> goto deliver
          :: else
          fi;
#endif
          set_list()
       :: else
       fi;
       capture(shows, shows_canary);
       late_events();
       atomic {
#ifdef NO_CANARY
           shows_canary = false;
#endif
#ifdef NO_HELD_FRAME
           if
           :: !dirty_b && !shows_canary -> assert(!shows)
           :: else
           fi;
#endif
           if
           :: !dirty_b && !shows_canary -> held = true; held_dirty = shows
           :: else
           fi
       }
deliver:
       atomic {
#ifndef NO_FRESH_AFTER_INCIDENT
           fresh = fresh || dirty_b;
#endif
           assert(!(released && released_dirty));
           released_dirty = false; shows = false; shows_canary = false
       }
    od
}
