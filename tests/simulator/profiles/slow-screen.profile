# A read of the screen takes a refresh, whatever its size: 8.3, 13 to 16 and 18.4 ms were
# measured, 2 ms once (W2: python-mss PR 464 and 223, DXcam 35 and 36, D3DShot 7; reported).
screen_read_ms = 16
