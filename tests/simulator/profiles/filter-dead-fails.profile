# A handle of a window that is gone makes the whole list fail (4.7 says it does not).
filter_dead = refuse
