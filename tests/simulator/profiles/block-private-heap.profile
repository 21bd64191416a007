# The block belongs to a private heap.
block_place = private_heap
