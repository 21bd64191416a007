# Every list is refused with FALSE (4.4).
filter = refuse
