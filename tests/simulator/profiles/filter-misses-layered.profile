# The list leaves out all windows but layered ones (W15, the reverse; inferred).
filter_misses = layered
