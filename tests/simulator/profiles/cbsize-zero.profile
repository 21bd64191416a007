# The header's cbSize is 0.
cbsize = zero
