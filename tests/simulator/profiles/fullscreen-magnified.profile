# Magnifier or another program magnifies the whole screen to 200 % (W16, 10.4).
fullscreen_level = 200
