# The list for frame 3 is refused, all others are taken.
filter_false = frame 3
