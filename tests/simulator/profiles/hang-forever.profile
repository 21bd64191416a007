# The call for frame 5 does not return until somebody sets the event MagSimRelease.
hang = event frame 5
