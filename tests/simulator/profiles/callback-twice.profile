# Each call calls back twice (1.8).
callback_twice = always
