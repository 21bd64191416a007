# TRUE without a callback at frames 5 to 7.
no_callback = frames 5..7
