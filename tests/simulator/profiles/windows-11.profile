# What is most likely on Windows 11, put together from what is known; none of it was measured
# there. Each line: why, and how certain. What is not here is as in the default, which holds
# what the facts support best: hidden host, 24 windows, list at once, stride 4 * width, one
# leaked block a session.

# the surface is an A8R8G8B8 of a desktop that is opaque (2.3 PRISM, 2.4); inferred
alpha = 255
# a call on a machine with a GPU, 16 ms and less at 2560x1440, the copying included; the
# stand-in's own drawing comes on top of it (8.1 SEED; reported, of Windows 10 or 11)
frame_delay_ms = 6
# a read of the screen waits for a refresh at 60 Hz (W2; reported by four projects)
screen_read_ms = 16
# the leak does not need a callback (5.1, WCS 137; reported, of Windows 10)
without_callback = block
# more than 24 windows: a vendor documents that nothing is left out then; that the list
# reads back all the same is inferred (4.2 AGORA)
filter_over = none
filter_readback = asked
# HeapWalk gives as the size of a large block what is committed for it (W7; inferred from the
# article's picture of an entry). It lists the block: a program that is not packaged has no
# segment heap (W8; documented)
heap_walk = committed
# the API can be asked for a full-screen magnification (documented, since Windows 8), and it
# says that there is none: nobody runs Magnifier
fullscreen_exports = yes
fullscreen_level = 100
fullscreen_effect = none
