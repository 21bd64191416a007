# The first five frames are blank.
blank = frames 1..5
