# HeapWalk does not come across the frame (W8; a guess about segment heaps).
heap_walk = without
