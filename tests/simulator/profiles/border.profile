# Frames come with a border (3.5, webrtc:6844).
border = 4
