# More than 24 windows: FALSE, but the first 24 are in force.
filter_over = refuse_cut
