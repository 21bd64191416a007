# MagInitialize fails (S9), as on a machine without a usable display driver.
init_false = always
