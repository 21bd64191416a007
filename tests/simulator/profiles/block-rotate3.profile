# Three buffers in turn, all leaked.
block_life = rotate3
