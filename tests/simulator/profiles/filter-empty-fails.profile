# An empty list is refused (4.10).
filter_empty = refuse
