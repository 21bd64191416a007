# The same, and the whole list reads back.
filter_over = cut
filter_readback = asked
