# A new block when the size changes, the old one leaked (5.2 leaves it open; the default).
block_replace = leak
