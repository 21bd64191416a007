# The fourth byte of each pixel is 255 instead of 0 (2.4).
alpha = 255
