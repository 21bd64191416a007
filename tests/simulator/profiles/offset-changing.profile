# The offset differs from frame to frame (2.7, HK).
offset_changing = always
