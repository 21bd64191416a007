# The header's cbSize lacks one row.
cbsize = short
