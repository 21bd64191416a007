# The header's stride is 4 bytes shorter than a row.
stride_short = 4
