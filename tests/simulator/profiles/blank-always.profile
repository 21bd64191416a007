# All frames are blank, with success (3.4, TRTC).
blank = always
