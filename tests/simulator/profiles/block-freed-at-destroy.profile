# A DLL that was repaired: it frees the block itself at WM_DESTROY (S9).
block_end = free_at_destroy
