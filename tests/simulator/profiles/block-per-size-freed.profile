# A new block when the size changes, the old one freed by the DLL.
block_replace = free
