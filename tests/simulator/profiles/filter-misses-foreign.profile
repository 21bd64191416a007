# The list leaves out windows of this process, and other programs' stay in the picture: what
# a canary of one's own does not prove (W15; inferred, nobody reports it).
filter_misses = foreign
