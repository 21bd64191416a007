# The image begins 16 bytes into the block (2.7).
offset = 16
