# The header's width is 0.
width_zero = always
