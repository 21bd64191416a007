# Magnifier or another program inverts the colours of the whole screen (W16).
fullscreen_effect = invert
