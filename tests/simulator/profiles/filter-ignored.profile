# The list is taken, reads back as it was given, and nothing is left out, without a word
# (4.2, AGORA).
filter = ignore
