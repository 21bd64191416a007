# No desktop: a pattern with the frame number in its first pixels, for speed (S4).
source = pattern
