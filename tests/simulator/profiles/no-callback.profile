# TRUE comes back, but no callback came (3.4, PRISM).
no_callback = always
