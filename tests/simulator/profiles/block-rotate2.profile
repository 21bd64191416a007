# Two buffers in turn, both leaked.
block_life = rotate2
