# The bare desktop is read from the screen instead of being taken for one colour.
background = screen
