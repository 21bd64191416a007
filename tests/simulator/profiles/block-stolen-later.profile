# The same as block-stolen, 20 ms after MagUninitialize returned.
block_end = stolen
steal_delay_ms = 20
