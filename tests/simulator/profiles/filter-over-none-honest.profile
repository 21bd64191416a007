# More than 24 windows: TRUE, nothing is left out, and an empty list reads back.
filter_over = none
