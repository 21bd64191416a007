# The list works, but reads back without its last window.
filter_readback = short
