# More than 24 windows: TRUE, and only the first 24 are in force (4.2).
filter_over = cut
