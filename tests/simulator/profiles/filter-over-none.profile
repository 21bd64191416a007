# More than 24 windows: TRUE, and nothing at all is left out, although the list reads
# back as it was given (4.2, AGORA).
filter_over = none
filter_readback = asked
