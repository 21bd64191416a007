# Each call takes 45 ms longer (8.1: 30 to 60 ms are usual).
frame_delay_ms = 45
