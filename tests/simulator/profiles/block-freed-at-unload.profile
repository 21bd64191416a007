# A DLL that frees the block when it is unloaded, and is unloaded by FreeLibrary.
pin = no
block_end = free_at_unload
