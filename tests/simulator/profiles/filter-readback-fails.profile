# The list works, but reading it back fails: hardly anybody calls MagGetWindowFilterList, and no
# result of it is recorded (inferred).
filter_readback = fails
