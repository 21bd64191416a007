# Every call fails for frames 10 to 19, as on a switch of the desktop (9.2).
all_false = frames 10..19
