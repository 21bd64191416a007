# A DLL that was repaired: it frees the block itself in MagUninitialize (S9).
block_end = free_at_uninit
