# The header says 32bppBGR (2.3, LENS); the bytes are the same.
format = bgr
