# srcdata lies one byte into its block.
block_place = misaligned
block_shift = 1
