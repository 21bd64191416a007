# srcdata is NULL.
block_place = null
