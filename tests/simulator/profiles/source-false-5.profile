# MagSetWindowSource returns FALSE at frame 5.
source_false = frame 5
