# The same while a block is on its way to the callback (6.2 calls a copy beyond it one explanation).
access_violation = frame 5
access_violation_at = callback
