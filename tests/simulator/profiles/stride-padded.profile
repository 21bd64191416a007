# Rows are 64 bytes longer than their pixels (2.7).
stride_pad = 64
