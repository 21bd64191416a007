# Windows 7: a plain SRCCOPY from the screen shows no layered windows, with CAPTUREBLT it
# does (W3: documented; Captura 242, Pillow 2569; reported). From Windows 8 on both do.
screen_layered = captureblt
