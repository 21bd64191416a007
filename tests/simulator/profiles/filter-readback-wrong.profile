# The list works, but reads back with another first window.
filter_readback = wrong
