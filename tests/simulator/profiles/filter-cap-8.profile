# A lower limit than 24, to see it learnt at run time.
filter_cap = 8
