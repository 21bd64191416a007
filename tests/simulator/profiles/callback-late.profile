# From frame 3 on the callback comes later, out of the message loop (1.6c, 1.8).
callback_late = frames 3..
