# The call for frame 5 takes a second (S9).
hang = 1000 frame 5
