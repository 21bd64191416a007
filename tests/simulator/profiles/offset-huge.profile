# The header's offset lies far behind the block.
offset_lie = 2000000000
