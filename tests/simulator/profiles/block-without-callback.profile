# The frame is allocated, and leaks, although no callback is set (5.1, WCS 137).
without_callback = block
