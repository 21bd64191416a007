# The list is taken, reads back as it was given, and nothing is left out (issue: silent
# failure; 4.2, AGORA).
filter = ignore
