# The same, but the new owner has not written yet.
block_end = stolen_silent
