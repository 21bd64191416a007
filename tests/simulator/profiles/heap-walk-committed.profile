# HeapWalk says more of a large block than there is: the size of the memory committed for it, from
# where the client's part begins (W7; inferred from the article's picture of an entry).
heap_walk = committed
