# Another component calls MagUninitialize before frame 5 (10.1).
foreign_uninit = frame 5
