# The DLL of Windows 7 and Vista, which cannot be asked for it (the documentation).
fullscreen_exports = no
fullscreen_level = 200
