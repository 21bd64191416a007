# One block for a control, leaked at its end (5.1 to 5.4; the default).
block_end = leak
