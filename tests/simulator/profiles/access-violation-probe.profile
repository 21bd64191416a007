# Code inside MagSetWindowSource that tries memory and handles the fault itself, as IsBadReadPtr
# does: Windows' own libraries and drivers may (a guess). No fault of the call.
access_violation = frame 5
access_violation_at = probe
