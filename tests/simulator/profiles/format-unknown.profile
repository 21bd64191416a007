# The header has a GUID that nobody knows.
format = unknown
