# The header's cbSize is half of the address space.
cbsize = huge
