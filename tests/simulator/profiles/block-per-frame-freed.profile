# A new block for each frame, the old one freed by the DLL; the last leaks.
block_life = frame
block_replace = free
