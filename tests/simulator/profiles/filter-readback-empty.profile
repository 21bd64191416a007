# The list works, but reads back as empty.
filter_readback = empty
