# Frames are one row higher than asked.
height_add = 1
