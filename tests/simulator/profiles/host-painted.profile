# Frames only come out of WM_PAINT of a visible control (1.4, four code bases; S10).
host = painted
