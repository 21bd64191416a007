# The header's height is 0.
height_zero = always
