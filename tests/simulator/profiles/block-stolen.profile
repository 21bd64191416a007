# MagUninitialize frees the block, and another thread gets the same address and size at
# once and writes to it: it is a stranger's now.
block_end = stolen
