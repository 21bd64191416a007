# A new block for each frame, the old ones leaked (S9).
block_life = frame
