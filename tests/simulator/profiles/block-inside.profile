# srcdata lies inside a larger block of the process heap.
block_place = inside
