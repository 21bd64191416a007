# Frames are one pixel narrower than asked.
width_add = -1
