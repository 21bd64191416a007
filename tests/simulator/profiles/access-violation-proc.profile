# The same deeper inside, in the control's window procedure (1.6; where it is raised is a guess).
access_violation = frame 5
access_violation_at = proc
