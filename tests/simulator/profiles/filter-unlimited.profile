# No limit that anybody meets (4.2: one derivative uses 64).
filter_cap = 10000
