# The block comes from VirtualAlloc.
block_place = virtual
