# The whole screen is magnified when somebody asks for the third time, and no more for the fifth.
fullscreen_level = 150 calls 3..4
