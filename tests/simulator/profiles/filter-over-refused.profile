# More than 24 windows: FALSE, and the old list stays in force (S7, the default).
filter_over = refuse
