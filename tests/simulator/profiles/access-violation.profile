# An access violation inside MagSetWindowSource at frame 5 (6.1, 6.2).
access_violation = frame 5
