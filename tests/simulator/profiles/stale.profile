# From frame 10 to 19 the picture is that of frame 9.
stale = frames 10..19
