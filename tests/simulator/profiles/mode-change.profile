# The display becomes 1024x768 between the size check and the call for frame 5 (6.5).
mode_change = 1024x768 frame 5
