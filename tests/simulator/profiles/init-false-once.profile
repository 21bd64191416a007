# MagInitialize fails the first time only.
init_false = call 1
