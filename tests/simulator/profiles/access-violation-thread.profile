# An access violation in a thread of the DLL's own: nobody reports one, and no client can answer it.
access_violation = frame 5
access_violation_at = thread
