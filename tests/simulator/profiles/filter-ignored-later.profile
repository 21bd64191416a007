# The list is honoured until frame 10 and silently ignored from then on.
filter = ignore frames 11..
