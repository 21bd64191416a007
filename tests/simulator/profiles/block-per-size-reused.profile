# A smaller frame goes into the block that is there; for a larger one it is replaced.
block_replace = reuse
